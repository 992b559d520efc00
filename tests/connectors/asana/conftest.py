"""The product's connector on a played Asana with a standing clock; nothing sleeps, every wait is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from connectors.asana import AsanaConnector
from sandbox.asana import AsanaService
from sandbox.asana.options import AsanaOptions
from sandbox.asana.state import AsanaState
from sandbox.asana.state.model import Field, Portfolio, Project
from sandbox.asana.state.model import Task as PlayedTask
from sandbox.core import Sandbox, SandboxClock
from sandbox.core.faults import Effect, Fault
from sync.model.change import TaskDraft, Written
from sync.model.work import TaskSnapshot
from tests.fidelity.checking import untrue_answer, wrong_request

CSH = "Community Success Hours"
NAMES = {
    "github_url": "GitHub URL",
    "github_id": "GitHub ID",
    "github_hours": "GitHub Hours",
    "status": "Status",
    "estimate": "Estimate",
    "hours_used": "Hours used",
    "hours_left": "Hours left",
}
ISSUE = "https://github.com/acme/hub/issues/{}"


@dataclass
class Firm:
    """A workspace with a home project and a portfolio of one engagement, and the connector that works in it."""

    sandbox: Sandbox
    service: AsanaService
    state: AsanaState
    fields: dict[str, Field]
    home: Project
    portfolio: Portfolio
    engagement: Project
    waits: list[float] = field(default_factory=list)
    made: list[AsanaConnector] = field(default_factory=list)

    @property
    def options(self) -> AsanaOptions:
        return self.service.options

    def connector(self, **changes: Any) -> AsanaConnector:
        """Return a new connector with the usual settings, or with *changes*."""
        settings: dict[str, Any] = {
            "token": self.service.token,
            "api_url": f"{self.sandbox.url}{AsanaService.prefix}",
            "workspace": self.state.workspace.gid,
            "home_project": self.home.gid,
            "portfolio": self.portfolio.gid,
            "engagements_project": "",
            "profiles": {"CSH": CSH},
            "field_names": NAMES,
            "requests_per_minute": 1_000_000,
            "sleep": self.waits.append,
        }
        self.made.append(AsanaConnector(**(settings | changes)))
        return self.made[-1]

    def ready(self, **changes: Any) -> AsanaConnector:
        """Return a connector that has read, so that it knows the fields."""
        connector = self.connector(**changes)
        connector.read()
        return connector

    def read(self, **changes: Any) -> TaskSnapshot:
        """Read once."""
        return self.connector(**changes).read()

    def csh_task(self, engagement: Project | None = None, name: str = CSH, **more: Any) -> PlayedTask:
        """Add a CSH task to an engagement's project."""
        return self.state.add_task(name, project=engagement or self.engagement, **more)

    def mirrored(self, number: int, name: str = "An issue", **more: Any) -> PlayedTask:
        """Add a task of the home project that names an issue."""
        fields = {"GitHub URL": ISSUE.format(number)} | more.pop("fields", {})
        return self.state.add_task(name, project=self.home, fields=fields, **more)

    def draft(self, number: int = 1, name: str = "An issue", **more: Any) -> TaskDraft:
        """Return a task as an issue would have it."""
        fields = {"github_url": ISSUE.format(number), "github_id": f"I_{number}", "github_hours": Decimal("2.33")}
        html, plain = more.pop("html_notes", "<body>Some <strong>text</strong></body>"), more.pop("notes", "Some text")
        return TaskDraft(**{"name": name, "text": Written(html, plain), "fields": fields, **more})

    def fault(self, effect: Effect, **selector: Any) -> Fault:
        """Let something go wrong."""
        return self.sandbox.faults.add(effect, service="asana", **selector)

    def sent(self, method: str | None = None, path: str | None = None) -> int:
        """Return how many requests have come."""
        return self.sandbox.log.count("asana", method=method, path=path)

    def bodies(self) -> list[Any]:
        """Return what was sent under ``data`` by all writing requests."""
        return [one.body["data"] for one in self.sandbox.log.writes("asana") if one.body]


def add_fields(state: AsanaState, kinds: Sequence[tuple[str, str, dict[str, Any]]]) -> dict[str, Field]:
    """Add custom fields to the workspace and return them by name."""
    return {name: state.add_field(name, kind, **more) for name, kind, more in kinds}


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), frozen=True)


@pytest.fixture
def firm(clock: SandboxClock) -> Iterator[Firm]:
    service = AsanaService(clock, lambda: f"{sandbox.url}{AsanaService.prefix}")
    with Sandbox([service], clock=clock) as sandbox:
        state = service.state
        fields = add_fields(
            state,
            (
                ("GitHub URL", "text", {}),
                ("GitHub ID", "text", {}),
                ("GitHub Hours", "number", {"precision": 2}),
                ("Status", "enum", {"options": ["Todo", "Doing", "Done"]}),
                ("Estimate", "number", {"precision": 2}),
                ("Hours used", "number", {"precision": 2}),
                ("Hours left", "number", {"precision": 2}),
            ),
        )
        home = state.add_project("Mirror", fields=list(fields.values())[:5])
        portfolio = state.add_portfolio("Active Engagements")
        engagement = state.add_project("Pythia 2026", portfolio=portfolio, fields=list(fields.values())[5:])
        firm = Firm(sandbox, service, state, fields, home, portfolio, engagement)
        sandbox.log.keeps_answers = True
        yield firm
        for connector in firm.made:
            connector.close()
    sent = sandbox.log.select()
    assert [problem for one in sent for problem in wrong_request(one)] == []
    assert [problem for one in sent if not one.faults for problem in untrue_answer(one)] == []
