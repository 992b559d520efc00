"""Initiatives on a played GitHub: found by their marker, made once, whatever becomes of the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from connectors.github_planning import GitHubPlanning
from mappings.initiative import marker
from sandbox.core import Cut, Status
from sync.errors import Denied, NotFound, OutcomeUnknown, Rejected, ServiceError, Transient
from sync.model.addresses import same_address
from sync.model.initiative import IssueDraft, Step

if TYPE_CHECKING:
    from sandbox.core.faults import Effect
    from sandbox.github.state.model import Issue
    from tests.connectors.github.conftest import Office

DRAFT = IssueDraft("[Pythia] Q1", f"A period.\n\n{marker('recA')}\n", ("initiative",))


@dataclass
class Desk:
    """The planning repository of the office."""

    office: Office

    def connect(self, **changes: Any) -> GitHubPlanning:
        return self.office.connector(**changes).planning("acme/planning")

    @property
    def issues(self) -> list[Issue]:
        return list(self.office.state.repository("planning").issues.values())

    def fault(self, effect: Effect, path: str = "/planning/issues$") -> None:
        """Let the next POST to an address go wrong."""
        self.office.sandbox.faults.add(effect, service="github", method="POST", path=path, times=1)

    def writes(self) -> int:
        return len(list(self.office.sandbox.log.writes()))


@pytest.fixture
def desk(office: Office) -> Desk:
    office.state.add_repository("planning")
    return Desk(office)


def test_an_initiative_is_made_linked_put_on_the_board_and_found_again(desk: Desk):
    planning = desk.connect()
    made = planning.open(DRAFT)
    task = planning.open(IssueDraft("Work", marker("recA", Step.WORK)))
    planning.adopt(made, task)
    planning.put_on_board(made)
    first, second = desk.issues
    assert (first.title, [one.name for one in first.labels]) == ("[Pythia] Q1", ["initiative"])
    assert second.parent is first
    found = planning.read()
    initiative = found.by_allocation["recA"]
    assert (initiative.issue.id, initiative.issue.on_board) == (first.node_id, True)
    assert initiative.tasks[Step.WORK].parent_id == first.node_id
    assert initiative.tasks.keys() == {Step.WORK}
    assert found.by_url[same_address("https://github.com/Acme/planning/issues/1/")] == initiative.issue


def test_closed_ones_are_found_the_older_of_two_is_meant_and_quoted_markers_are_none(desk: Desk):
    state = desk.office.state
    first = state.open_issue("planning", "One", marker("recA"))
    state.close(first, "not_planned")
    state.open_issue("planning", "Copy", marker("recA"))
    state.open_issue("planning", "Quote", f"> {marker('recB')}")
    state.open_issue("planning", "Other tool", "<!-- csh-sync initiative recC unheard -->")
    state.open_pull_request("planning", "A change")
    found = desk.connect().read()
    assert {one: initiative.issue.number for one, initiative in found.by_allocation.items()} == {"recA": 1}
    assert not found.by_allocation["recA"].issue.on_board
    assert len(found.by_url) == 4


def test_all_pages_are_read(desk: Desk):
    for number in range(45):
        desk.office.state.open_issue("planning", f"Issue {number}")
    desk.office.state.open_issue("planning", "The last", marker("recZ"))
    assert desk.connect().read().by_allocation.keys() == {"recZ"}


def test_another_board_is_not_the_board(desk: Desk):
    other = desk.office.state.add_project("Other", 58)
    desk.office.state.add_item(other, desk.office.state.open_issue("planning", "One", marker("recA")))
    assert not desk.connect().read().by_allocation["recA"].issue.on_board


def test_put_on_the_board_twice_is_one_row(desk: Desk):
    planning = desk.connect()
    made = planning.open(DRAFT)
    planning.put_on_board(made)
    planning.put_on_board(made)
    assert len(desk.office.board.items) == 1


def test_a_repository_that_is_not_there_or_not_whole_is_never_read_as_empty(desk: Desk):
    with pytest.raises(ServiceError):
        desk.office.connector().planning("acme/nowhere").read()
    desk.office.faults(Status(502), "PlanningIssues", times=99)
    with pytest.raises(Transient):
        desk.connect().read()


def test_a_board_that_is_not_there_is_told(desk: Desk):
    with pytest.raises(Rejected) as caught:
        desk.connect(project_number=99).read()
    assert "CSH_GITHUB__PROJECT_NUMBER" in caught.value.remedy


def test_an_issue_whose_answer_was_lost_is_not_made_again_but_found(desk: Desk):
    planning = desk.connect()
    desk.fault(Cut("after"))
    with pytest.raises(OutcomeUnknown):
        planning.open(DRAFT)
    assert len(desk.issues) == 1
    assert planning.read().by_allocation["recA"].issue.number == 1


def test_a_link_whose_answer_was_lost_is_found(desk: Desk):
    planning = desk.connect()
    made, task = planning.open(DRAFT), planning.open(IssueDraft("Work", marker("recA", Step.WORK)))
    desk.fault(Cut("after"), "/sub_issues")
    with pytest.raises(OutcomeUnknown):
        planning.adopt(made, task)
    assert planning.read().by_allocation["recA"].tasks[Step.WORK].parent_id == made.id


def test_a_row_whose_answer_was_lost_is_asked_for_again(desk: Desk):
    planning = desk.connect()
    made = planning.open(DRAFT)
    desk.office.faults(Cut("after"), "AddToBoard", times=1)
    planning.put_on_board(made)
    assert len(desk.office.board.items) == 1


def test_the_secondary_limit_is_waited_out_and_makes_no_second_issue(desk: Desk):
    desk.fault(Status(403, {"message": "You have exceeded a secondary rate limit."}))
    desk.connect().open(DRAFT)
    assert len(desk.issues) == 1
    assert max(desk.office.waits) >= 60


@pytest.mark.parametrize("write", ["open", "put_on_board"])
def test_a_token_that_may_not_write_is_denied_with_what_it_needs(desk: Desk, write: str):
    planning = desk.connect()
    made = planning.open(DRAFT)
    desk.office.service.options.read_only = True
    with pytest.raises(Denied) as caught:
        planning.open(DRAFT) if write == "open" else planning.put_on_board(made)
    assert "Issues: write" in caught.value.remedy
    assert len(desk.issues) == 1


def test_a_token_without_the_scope_for_boards_is_denied(desk: Desk):
    planning = desk.connect()
    made = planning.open(DRAFT)
    desk.office.service.options.missing_scopes = frozenset({"project"})
    with pytest.raises(Denied):
        planning.put_on_board(made)


def test_issues_switched_off_and_odd_drafts_are_refused_once(desk: Desk):
    desk.office.state.repository("planning").has_issues = False
    with pytest.raises(NotFound, match="Issues are disabled"):
        desk.connect().open(DRAFT)
    desk.office.state.repository("planning").has_issues = True
    with pytest.raises(Rejected):
        desk.connect().open(IssueDraft(" ", ""))
    assert desk.issues == []


def test_before_each_write_leave_is_asked(desk: Desk):
    asked: list[int] = []
    planning = desk.connect(before_write=lambda: asked.append(desk.writes()))
    made = planning.open(DRAFT)
    planning.put_on_board(made)
    planning.read()
    assert asked == [0, 1]


def test_an_answer_that_cannot_be_read_is_unknown(desk: Desk):
    desk.fault(Status(201, {}))
    with pytest.raises(OutcomeUnknown):
        desk.connect().open(DRAFT)


def test_cut_before_the_work_is_unknown_too(desk: Desk):
    desk.fault(Cut())
    with pytest.raises(OutcomeUnknown):
        desk.connect().open(DRAFT)
    assert desk.connect().read().by_allocation == {}
