"""A second service of the organisation, with a label and tasks of its own: data management, labelled DDM."""

from __future__ import annotations

import json
from datetime import date

from sandbox import Sandbox
from sandbox.demo.organisation import DemoOrganisation
from sandbox.demo.people import KENJI, PRIYA, colleague
from sandbox.demo.workspace import LABEL

DDM = "DDM"
DDM_TASK = "Data Management Hours"
CSH_TASK = "Community Success Hours"
COMMUNITY = "Great Lakes Phenology"
START, END = date(2026, 7, 1), date(2026, 12, 31)
CLAUSE = "Up to 20 hours / half-year by the data team."
PROFILES = json.dumps([{"label": LABEL, "task_name": CSH_TASK}, {"label": DDM, "task_name": DDM_TASK}])
"""What the settings say of the two services: ``CSH_PROFILES``."""


def add_second_service(sandbox: Sandbox, organisation: DemoOrganisation) -> str:
    """Let a community that has Community Success Hours buy data management, too; return that in a sentence."""
    _contract(sandbox, organisation)
    github, board = sandbox.github.state, organisation.workspace.board
    for repository in ("data-access", "support"):
        github.add_label(repository, DDM)
    people = (*KENJI, *PRIYA)
    plan = github.open_issue("data-access", f"[{COMMUNITY}] Plan for the leaf archive", labels=[DDM], author=people[0])
    part = github.open_issue("data-access", "Names of columns, and what they mean", author=people[0])
    github.add_sub_issue(plan, part)
    github.assign(part, people[-1])
    github.set_board(plan, board, {"GitHub Hours": 3, "Status": "In progress"})
    github.set_board(part, board, {"GitHub Hours": 1.5, "Status": "In progress"})
    github.open_issue("support", f"[{COMMUNITY}] Map of stations is empty", labels=[LABEL], author=people[0])
    return f"{COMMUNITY} bought data management: two issues of it are labelled {DDM}, one of its usual hours {LABEL}."


def _contract(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    base, asana = sandbox.airtable, sandbox.asana.state
    (community,) = [row for row, cells in base.rows("Communities").items() if cells.get("Name") == COMMUNITY]
    title = f"{COMMUNITY} 2026 Data Management"
    place = asana.add_project(title, portfolio=organisation.workspace.portfolio, start_on=START, due_on=END)
    asana.add_task(DDM_TASK, project=place, notes=CLAUSE, start_on=START, due_on=END)
    days = {"Start": START.isoformat(), "End": END.isoformat()}
    engagement = base.add_row(
        "Engagements",
        {
            "Name": title,
            "Community": [community],
            "Status": "Active",
            "Asana project": f"https://app.asana.com/1/{asana.workspace.gid}/project/{place.gid}",
            "Won on": START.isoformat(),
            **days,
        },
    )
    project = base.add_row(
        "Projects", {"Name": "Data management", "Engagement": [engagement], "Clause": CLAUSE, **days}
    )
    provider = colleague(KENJI[0]).name
    base.add_row(
        "Allocations",
        {"Name": "GLP data 2026 H2", "Project": [project], "Hours available": 20, "Provider": provider, **days},
    )
