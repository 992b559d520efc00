"""The set-up of the demo organisation, without content: repositories, board, workspace, base, help desk."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import Sandbox
from sandbox.asana.state.model import Field, Portfolio, Task
from sandbox.asana.state.model import Project as AsanaProject
from sandbox.demo.people import add_people
from sandbox.demo.periods import DAYS_OF_ITERATION, FIRST_ITERATION, TODAY, at, iterations
from sandbox.github.state.model import Project as Board

ORGANISATION = "lantern"
TITLE = "Lantern Science Hubs"
HELP_DESK = "help.lantern.example"
BOARD_NUMBER = 57
STATUSES = ("Needs refinement", "Refined", "Up next", "In progress", "Done")
LABEL = "CSH"
REPOSITORIES = (
    ("infrastructure", False),
    ("hub-images", False),
    ("support", False),
    ("docs", False),
    ("training", False),
    ("data-access", False),
    ("outreach", False),
    ("enablement", True),
)
"""Name, and whether it is private."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What everything else is put into. *hours_fields* are on the CSH tasks of some engagements."""

    board: Board
    home: AsanaProject
    portfolio: Portfolio
    engagements: AsanaProject
    hours_fields: tuple[Field, ...]


def set_up(sandbox: Sandbox) -> Workspace:
    """Make the empty organisation; the sandbox's settings point to it afterwards."""
    sandbox.clock.set(at(FIRST_ITERATION))
    _name_services(sandbox)
    add_people(sandbox)
    board = _board(sandbox)
    sandbox.airtable.create_design_base(inverse_links=True)
    asana = sandbox.asana.state
    home = asana.add_project("CSH: mirrored from GitHub", fields=_home_fields(sandbox), sections=("Mirrored",))
    portfolio = asana.add_portfolio("Active Engagements")
    engagements = asana.add_project("Engagements (until 2026)", sections=("Active", "Finished"))
    hours = tuple(asana.add_field(name, "number", precision=2) for name in ("Hours used", "Hours left"))
    sandbox.asana.home_project = home.gid
    sandbox.asana.portfolio = portfolio.gid
    sandbox.asana.engagements_project = engagements.gid
    return Workspace(board, home, portfolio, engagements, hours)


def _name_services(sandbox: Sandbox) -> None:
    github, asana = sandbox.github.state, sandbox.asana.state
    github.rename_user(github.org.login, ORGANISATION)
    github.org.name = asana.workspace.name = TITLE
    asana.me.email = f"csh-sync@{ORGANISATION}.example"
    sandbox.freshdesk.host = HELP_DESK


def _board(sandbox: Sandbox) -> Board:
    github = sandbox.github.state
    for name, private in REPOSITORIES:
        github.add_repository(name, private=private, labels=(LABEL, "Unplanned", "Emergency"))
    board = github.add_project("Partnerships & Services", BOARD_NUMBER)
    github.delete_field(board, "Status")
    github.add_field(board, "Status", "SINGLE_SELECT", options=STATUSES)
    plans = [(one.title, one.start, DAYS_OF_ITERATION) for one in iterations()]
    over = sum(1 for one in iterations() if one.end < TODAY)
    github.add_field(board, "Iteration", "ITERATION", completed=plans[:over], iterations=plans[over:])
    for name in ("Start date", "End date"):
        github.add_field(board, name, "DATE")
    for name in ("GitHub Hours", "Estimate"):
        github.add_field(board, name, "NUMBER")
    for name in ("Community", "Allocation"):
        github.add_field(board, name, "TEXT")
    return board


def _home_fields(sandbox: Sandbox) -> list[Field]:
    asana = sandbox.asana.state
    hours = asana.add_field("GitHub Hours", "number", precision=2)

    def total(task: Task) -> float | None:
        logged, actual = task.values.get(hours.gid), asana.actual_minutes(task)
        return None if logged is None and actual is None else (logged or 0) + (actual or 0) / 60

    return [
        asana.add_field("GitHub URL"),
        asana.add_field("GitHub ID"),
        hours,
        asana.add_field("Total Time", "number", precision=2, formula=total),
        asana.add_field("Status", "enum", options=STATUSES),
        asana.add_field("Estimate", "number", precision=2),
    ]
