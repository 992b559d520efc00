"""A small organisation in the sandbox, and the product run against it: what every end-to-end test starts from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sandbox import Sandbox
from sync import app
from sync.mirror.world import Policy
from sync.run import Report, plan_run, run
from sync.services import Progress, Services, ignore
from sync.settings import Settings, load_settings

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
Q2 = (date(2026, 4, 1), date(2026, 6, 30))
Q3 = (date(2026, 7, 1), date(2026, 9, 30))
Q4 = (date(2026, 10, 1), date(2026, 12, 31))


@lru_cache(maxsize=8)
def _loaded(variables: tuple[tuple[str, str], ...]) -> Settings:
    return load_settings(dict(variables), None)


@dataclass
class Community:
    """One community of the world, with the ids of everything that belongs to it."""

    name: str
    record: str
    engagement: str
    project: str
    asana_project: Any
    csh: dict[str, Any] = field(default_factory=dict)
    allocations: dict[str, str] = field(default_factory=dict)


class Organisation:
    """Builds and looks at the small world: two communities, three quarters each, one repository, one board."""

    def __init__(self, sandbox: Sandbox, *, hours: str = "number") -> None:
        self.sandbox = sandbox
        self.github, self.asana, self.airtable = sandbox.github.state, sandbox.asana.state, sandbox.airtable
        self.github.add_repository("hub", labels=["CSH", "bug"])
        self.github.add_repository("docs", labels=["CSH"])
        self.github.add_user("ana", email="ana@example.org")
        self.board = self.github.add_project("P&S", number=57)
        if hours == "number":
            self.github.add_field(self.board, "GitHub Hours", "NUMBER")
        else:
            shown = self.github.add_issue_field("GitHub Hours", "NUMBER")
            self.github.show_issue_field(self.board, shown)
        self.github.add_field(self.board, "End date", "DATE")
        self.github.add_field(self.board, "Community", "TEXT")
        self.github.add_field(self.board, "Allocation", "TEXT")
        self.url_field = self.asana.add_field("GitHub URL", "text")
        self.id_field = self.asana.add_field("GitHub ID", "text")
        self.hours_field = self.asana.add_field("GitHub Hours", "number", precision=2)
        self.home = self.asana.add_project("Mirrored issues", fields=[self.url_field, self.id_field, self.hours_field])
        self.portfolio = self.asana.add_portfolio("Active Engagements")
        self.engagements_project = self.asana.add_project("Engagements")
        self.ana = self.asana.add_user("Ana", "ana@example.org")
        sandbox.asana.home_project = self.home.gid
        sandbox.asana.portfolio = self.portfolio.gid
        sandbox.asana.engagements_project = self.engagements_project.gid
        self.airtable.create_design_base()
        self.reef = self.add_community("Reef Watch", "RW", 101)
        self.glacier = self.add_community("Glacier Commons", "GlacierHub", 102, as_task=True)

    def add_community(
        self,
        name: str,
        alias: str,
        company: int,
        *,
        as_task: bool = False,
        quarters: tuple[tuple[str, tuple[date, date]], ...] = (("Q2", Q2), ("Q3", Q3), ("Q4", Q4)),
    ) -> Community:
        """Add a community with one engagement in either Asana layout, one project, one allocation a quarter."""
        add = self.airtable.add_row
        record = add("Communities", {"Name": name, "Aliases": alias, "FreshDesk company": str(company)})
        title = f"{name} 2026 Membership"
        engagement = add("Engagements", {"Name": title, "Community": [record]})
        project = add("Projects", {"Name": f"{name} support", "Engagement": [engagement]})
        if as_task:
            place = self.asana.add_task(title, project=self.engagements_project)
            url = f"https://app.asana.com/0/{self.engagements_project.gid}/{place.gid}"
        else:
            place = self.asana.add_project(title, portfolio=self.portfolio)
            url = f"https://app.asana.com/0/{place.gid}/list"
        self.airtable.edit_cell(
            "Engagements", engagement, "Asana project", url if as_task else f"https://app.asana.com/0/{place.gid}"
        )
        community = Community(name, record, engagement, project, place)
        for quarter, (start, end) in quarters:
            where: dict[str, Any] = {"parent": place} if as_task else {"project": place}
            csh = self.asana.add_task("Community Success Hours", start_on=start, due_on=end, **where)
            community.csh[quarter] = csh
            community.allocations[quarter] = add(
                "Allocations",
                {
                    "Name": f"{name} {quarter} 2026",
                    "Project": [project],
                    "Start": start.isoformat(),
                    "End": end.isoformat(),
                    "Hours available": 8,
                },
            )
        return community

    def issue(
        self,
        title: str,
        body: str = "",
        *,
        repository: str = "hub",
        hours: float | None = None,
        board: bool = True,
        labels: tuple[str, ...] = ("CSH",),
        parent: Any = None,
        **values: Any,
    ) -> Any:
        """Open an issue; *values* are board fields by name with underscores (``End_date="2026-08-01"``)."""
        made = self.github.open_issue(repository, title, body, labels=list(labels))
        if board:
            cells: dict[str, Any] = {name.replace("_", " "): value for name, value in values.items()}
            self.github.set_board(made, self.board, cells | ({"GitHub Hours": hours} if hours is not None else {}))
        if parent is not None:
            self.github.add_sub_issue(parent, made)
        return made

    def log_hours(self, issue: Any, hours: float | None) -> None:
        """Fill in the hours on the board."""
        self.github.set_board(issue, self.board, {"GitHub Hours": hours})

    # Running the product.

    def settings(self, **more: str) -> dict[str, str]:
        """Return the variables that point the product here, at the sandbox's time."""
        return {
            **self.sandbox.settings(),
            "CSH_AIRTABLE__REQUESTS_PER_SECOND": "1000",
            "CSH_ASANA__REQUESTS_PER_MINUTE": "100000",
            "CSH_NOW": self.sandbox.clock.now().isoformat(),
            "CSH_RUN__SETTLE_SECONDS": "0",
            **more,
        }

    def loaded(self, **more: str) -> Settings:
        """Return these variables as settings, judged once for all moments: that takes an eighth of a quiet run."""
        variables = self.settings(**more)
        now = variables.pop("CSH_NOW")
        moment = datetime.fromisoformat(now) if now else None
        return _loaded(tuple(sorted(variables.items()))).model_copy(update={"now": moment})

    def connect(self, **more: str) -> tuple[Services, Policy, datetime]:
        """Return what a run needs, leases and heartbeat left out; waits are not slept."""
        settings = self.loaded(**more)
        services = app.services(settings, sleep=lambda _seconds: None)
        return replace(services, runs=None), app.policy(settings), app.moment(settings)

    def sync(self, allowed: frozenset[str] = frozenset(), **more: str) -> Report:
        """Run the product once."""
        services, policy, now = self.connect(**more)
        with closing(services):
            return run(services, policy, now, allowed=allowed)

    def sync_issues(self, addresses: Collection[str], **more: str) -> Report:
        """Run the product once, for the issues at these addresses."""
        services, policy, now = self.connect(**more)
        with closing(services):
            return run(services, policy, now, issues=addresses)

    def guarded_sync(
        self,
        *,
        lease: bool = True,
        waits: bool = False,
        issues: Collection[str] = (),
        sleep: Callable[[float], None] = lambda _seconds: None,
        on_step: Callable[[str], None] = lambda _name: None,
        on_outcome: Callable[[Any], None] = lambda _outcome: None,
        **more: str,
    ) -> Report:
        """Run the product once as the command line does: under a lease, with a heartbeat."""
        settings = self.loaded(**more)
        services = app.services(settings, sleep=lambda _seconds: None)
        protection = app.protection(settings, services, lease=lease, waits=waits, sleep=sleep)
        with closing(services):
            return run(
                services,
                app.policy(settings),
                app.moment(settings),
                protection=protection,
                issues=issues,
                on_step=on_step,
                on_outcome=on_outcome,
            )

    def remembering_sync(
        self, state: Path, *, full: bool = False, on_step: Progress = ignore, **more: str
    ) -> tuple[Report, list[Any]]:
        """Run as the command line does, with answers kept in *state*; return the report and the requests sent."""
        settings = self.loaded(CSH_RUN__STATE_FILE=str(state), **more)
        services = app.services(settings, memory=app.memory(settings), sleep=lambda _seconds: None)
        protection = app.protection(settings, services, sleep=lambda _seconds: None)
        mark = self.sandbox.log.mark()
        with closing(services):
            report = run(
                services, app.policy(settings), app.moment(settings), protection=protection, full=full, on_step=on_step
            )
        return report, list(self.sandbox.log.select(since=mark))

    def plan(self, **more: str) -> Any:
        """Plan without writing."""
        services, policy, now = self.connect(**more)
        with closing(services):
            return plan_run(services, policy, now)[0].plan

    def writes_of(self, **more: str) -> list[Any]:
        """Run once more and return the writing requests it sent."""
        mark = self.sandbox.log.mark()
        self.sync(**more)
        return list(self.sandbox.log.writes(since=mark))

    def writes_elsewhere(self, mark: int = 0) -> list[Any]:
        """Return the writing requests since *mark* that were not about Runs."""
        table = self.airtable.base.table("Runs").id
        return [one for one in self.sandbox.log.writes(since=mark) if table not in one.path]

    def days_pass(self, days: int) -> None:
        """Let time go by."""
        self.sandbox.clock.advance(days=days)

    # Looking.

    def tasks(self) -> dict[str, Any]:
        """Return the tasks of the home project by name."""
        return {task.name: task for task in self.asana.tasks_in(self.home)}

    def task(self, issue: Any) -> Any:
        """Return the one task whose URL is the issue's. Fails when there is none or several."""
        url = self.url(issue)
        found = [one for one in self.asana.tasks_in(self.home) if self.asana.field_value(one, self.url_field) == url]
        assert len(found) == 1, f"{len(found)} tasks for {url}"
        return found[0]

    def has_task(self, issue: Any) -> bool:
        """Tell whether any task names the issue."""
        url = self.url(issue)
        return any(self.asana.field_value(one, self.url_field) == url for one in self.asana.tasks_in(self.home))

    @staticmethod
    def url(issue: Any) -> str:
        """Return the issue's address."""
        return f"https://github.com/{issue.repository.full_name}/issues/{issue.number}"

    def rows(self, issue: Any) -> dict[str, dict[str, Any]]:
        """Return the Activity rows of an issue by allocation (its short name, or ``unplaced``)."""
        names = {
            record: quarter
            for community in (self.reef, self.glacier)
            for quarter, record in ((f"{community.name} {one}", rec) for one, rec in community.allocations.items())
        }
        found = {}
        for cells in self.airtable.rows("Activity").values():
            owner, _, allocation = str(cells.get("Key", "")).rpartition("@")
            if owner == issue.node_id:
                found[names.get(allocation, allocation)] = cells
        return found

    def allocation(self, community: Community, quarter: str) -> Mapping[str, Any]:
        """Return an allocation's cells."""
        return self.airtable.row("Allocations", community.allocations[quarter])


def kinds(report: Any) -> set[str]:
    """Return the kinds of a report's findings."""
    return {finding.kind for finding in report.plan.findings}


def mirrored(org: Organisation, hours: float | None = 2, **more: Any) -> Any:
    """Open an issue and run once; return it."""
    issue = org.issue("Reef Watch: fix", hours=hours, **more)
    org.sync()
    return issue
