"""The product's connector on a played GitHub with a standing clock; nothing sleeps, every wait is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.github import GitHubConnector
from sandbox.core import Sandbox, SandboxClock
from sandbox.core.faults import Effect, Fault
from sandbox.github import GitHubService, GitHubState
from sandbox.github.state.model import Issue, Project
from sync.model.issue import IssueSnapshot, KnownIssue, ScopedIssue

NAMES = {
    "start": "Start date",
    "end": "End date",
    "iteration": "Iteration",
    "status": "Status",
    "estimate": "Estimate",
    "community": "Community",
    "allocation": "Allocation",
}
BOARD = 57


@dataclass
class Office:
    """An organisation on the played GitHub, and the connector that reads it."""

    sandbox: Sandbox
    service: GitHubService
    state: GitHubState
    board: Project
    waits: list[float] = field(default_factory=list)

    def connector(self, **changes: Any) -> GitHubConnector:
        """Return a connector with the usual settings, or with *changes*."""
        settings: dict[str, Any] = {
            "token": self.service.token,
            "api_url": f"{self.sandbox.url}/github",
            "org": "acme",
            "project_number": BOARD,
            "hours_field": "GitHub Hours",
            "hours_field_aliases": ("Hours spent",),
            "labels": ("CSH",),
            "board_names": NAMES,
            "max_hours": 1000,
            "sentinel_issue": "",
            "zone": UTC,
            "sleep": self.waits.append,
        }
        return GitHubConnector(**(settings | changes))

    def read(self, *known: KnownIssue, **changes: Any) -> IssueSnapshot:
        """Read once."""
        return self.connector(**changes).read(known)

    def only(self, snapshot: IssueSnapshot) -> ScopedIssue:
        """Return the one issue in scope."""
        (scoped,) = snapshot.issues.values()
        return scoped

    def issue(self, title: str = "An issue", repository: str = "hub", *, labels: Sequence[str] = ("CSH",)) -> Issue:
        """Open an issue."""
        return self.state.open_issue(repository, title, labels=labels)

    def child(self, parent: Issue, title: str, repository: str = "hub", *, labels: Sequence[str] = ()) -> Issue:
        """Open a sub-issue."""
        made = self.issue(title, repository, labels=labels)
        self.state.add_sub_issue(parent, made)
        return made

    def put(self, issue: Issue, values: Mapping[str, float | str | date | None]) -> None:
        """Put an issue on the board with these values."""
        self.state.set_board(issue, self.board, values)

    def titles(self, snapshot: IssueSnapshot) -> set[str]:
        """Return the titles of the issues in scope."""
        return {scoped.issue.title for scoped in snapshot.issues.values()}

    def url(self, issue: Issue) -> str:
        """Return the address people know."""
        return f"https://github.com/{issue.repository.full_name}/issues/{issue.number}"

    def known(self, issue: Issue) -> KnownIssue:
        """Return what a destination remembers of an issue as it is now."""
        return KnownIssue(self.url(issue), issue.node_id)

    def faults(self, effect: Effect, operation: str, **limits: Any) -> Fault:
        """Let something go wrong with a GraphQL operation."""
        return self.sandbox.faults.add(effect, service="github", operation=operation, **limits)

    def operations(self) -> list[str | None]:
        """Return the names of the queries that were sent, None for REST."""
        return [record.operation for record in self.sandbox.log.select("github")]


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), frozen=True)


@pytest.fixture
def office(clock: SandboxClock) -> Iterator[Office]:
    """Two repositories with the label, one without, a board with our columns, and two people."""
    service = GitHubService(clock, lambda: f"{sandbox.url}{GitHubService.prefix}")
    with Sandbox([service], clock=clock) as sandbox:
        state = service.state
        state.add_user("ana", "Ana Lopez", "ana@example.org")
        state.add_user("ben")
        state.add_repository("hub", labels=["CSH", "bug"])
        state.add_repository("docs", labels=["csh"])
        state.add_repository("plain")
        board = state.add_project("Services", BOARD)
        state.add_field(board, "GitHub Hours", "NUMBER")
        state.add_field(board, "Start date", "DATE")
        state.add_field(board, "End date", "DATE")
        state.add_field(board, "Estimate", "NUMBER")
        state.add_field(board, "Community", "SINGLE_SELECT", options=["Pythia", "LEAP"])
        state.add_field(board, "Allocation", "TEXT")
        plan = [("Iteration 3", date(2026, 1, 5), 14)]
        done = [("Iteration 2", date(2025, 12, 22), 14)]
        state.add_field(board, "Iteration", "ITERATION", iterations=plan, completed=done)
        yield Office(sandbox, service, state, board)
