"""People's verbs: what they change, what they refuse, and what moves `updated_at`."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from sandbox.core import SandboxClock
from sandbox.github import GitHubOptions, GitHubState, Lag, Refused
from sandbox.github.state.model import Summary

NINE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(NINE, frozen=True)


@pytest.fixture
def state(clock: SandboxClock) -> GitHubState:
    state = GitHubState(clock, GitHubOptions(), "acme", "csh-bot")
    state.add_user("ana")
    state.add_repository("hub", labels=["CSH"])
    state.add_repository("docs", labels=["csh", "docs"])
    return state


def refused(status: int, words: str | None = None):
    return pytest.raises(Refused, match=words, check=lambda error: error.status == status)


def test_moments_are_whole_seconds(state, clock):
    clock.advance(seconds=0.7)
    assert state.open_issue("hub", "One").created_at == NINE


def test_the_same_world_built_twice_has_the_same_ids(clock):
    def ids() -> list[str]:
        state = GitHubState(clock, GitHubOptions(), "acme", "csh-bot")
        repository = state.add_repository("hub", labels=["CSH"])
        issue = state.open_issue("hub", "One")
        return [repository.node_id, repository.labels[0].node_id, issue.node_id]

    assert ids() == ids()


CHANGES = {
    "body": lambda state, issue: state.edit(issue, body="new"),
    "title": lambda state, issue: state.edit(issue, title="new"),
    "comment": lambda state, issue: state.comment(issue, "hello"),
    "label": lambda state, issue: state.label(issue, "CSH"),
    "unlabel": lambda state, issue: state.unlabel(issue, "old"),
    "assign": lambda state, issue: state.assign(issue, "ana"),
    "close": lambda state, issue: state.close(issue),
    "transfer": lambda state, issue: state.transfer(issue, "docs"),
    "same body": lambda state, issue: state.edit(issue, body="text"),
    "same label": lambda state, issue: state.label(issue, "OLD"),
    "same state": lambda state, issue: state.reopen(issue),
    "child added": lambda state, issue: state.add_sub_issue(issue, state.open_issue("docs", "Child")),
    "parent added": lambda state, issue: state.add_sub_issue(state.open_issue("docs", "Parent"), issue),
    "label renamed": lambda state, issue: state.rename_label("hub", "old", "older"),
    "issue field": lambda state, issue: state.set_issue_field(issue, state.add_issue_field("Hours", "NUMBER"), 1.0),
    "board": lambda state, issue: state.set_board(issue, state.add_project("Work"), {"Status": "Done"}),
}
MOVES = {"body", "title", "comment", "label", "unlabel", "assign", "close", "transfer"}


@pytest.mark.parametrize("change", CHANGES)
def test_what_moves_updated_at_and_what_does_not(state, clock, change):
    issue = state.open_issue("hub", "One", "text", labels=["old"])
    clock.advance(minutes=1)
    CHANGES[change](state, issue)
    assert (issue.updated_at > NINE) == (change in MOVES)


@pytest.mark.parametrize("option", ["title", "transfer", "issue_field", "label_renamed"])
def test_open_questions_about_updated_at_can_be_answered_either_way(state, clock, option):
    change = {"issue_field": "issue field", "label_renamed": "label renamed"}.get(option, option)
    state.options.touching ^= {option}
    issue = state.open_issue("hub", "One", "text", labels=["old"])
    clock.advance(minutes=1)
    CHANGES[change](state, issue)
    assert (issue.updated_at > NINE) != (change in MOVES)


def test_a_moved_child_moves_neither_parent_and_leaves_traces_in_three_timelines(state, clock):
    first, second, child = (state.open_issue("hub", title) for title in ("First", "Second", "Child"))
    state.add_sub_issue(first, child)
    clock.advance(minutes=1)
    state.move_sub_issue(child, second)
    assert {one.updated_at for one in (first, second, child)} == {NINE}
    assert (first.children, second.children, child.parent) == ([], [child], second)
    assert [event.kind for event in first.events] == ["SubIssueAddedEvent", "SubIssueRemovedEvent"]


def test_a_parent_takes_a_hundred_children_closed_ones_included(state):
    parent = state.open_issue("hub", "Parent")
    for number in range(100):
        child = state.open_issue("docs", f"Child {number}")
        state.add_sub_issue(parent, child)
        state.close(child)
    with refused(422, "more than 100 sub-issues"):
        state.add_sub_issue(parent, state.open_issue("hub", "One too many"))
    assert state.summary(parent) == Summary(100, 100, 100)


def test_a_tree_has_eight_levels_below_its_root(state):
    chain = [state.open_issue("hub", f"Level {level}") for level in range(10)]
    for parent, child in pairwise(chain[:9]):
        state.add_sub_issue(parent, child)
    with refused(422, "eight levels"):
        state.add_sub_issue(chain[8], chain[9])
    with refused(422, "eight levels"):
        state.add_sub_issue(chain[9], chain[0])


def test_loops_second_parents_and_pull_requests_are_refused(state):
    one, two = state.open_issue("hub", "One"), state.open_issue("hub", "Two")
    change = state.open_pull_request("hub", "Change")
    state.add_sub_issue(one, two)
    with refused(422, "ancestor"):
        state.add_sub_issue(two, one)
    with refused(422, "ancestor"):
        state.add_sub_issue(one, one)
    with refused(422, "duplicate sub-issues"):
        state.add_sub_issue(one, two)
    with refused(404):
        state.add_sub_issue(one, change)


def test_a_transfer_keeps_what_the_target_knows_and_gives_new_ids(state):
    issue = state.open_issue("hub", "Travels", labels=["CSH", "odd"], assignees=["ana"])
    state.comment(issue, "stays")
    child = state.open_issue("hub", "Child")
    state.add_sub_issue(issue, child)
    old = issue.node_id
    state.transfer(issue, "docs")
    assert [label.name for label in issue.labels] == ["csh"]
    assert issue.labels[0].repository.name == "docs"
    assert (issue.number, len(issue.comments), issue.children) == (1, 1, [child])
    assert issue.node_id != old
    assert state.node(old) is None
    state.options.transfer_resolves_old_node_id = True
    assert state.node(old) is issue


def test_a_transfer_can_keep_the_ids(state):
    state.options.transfer_changes_ids = False
    issue = state.open_issue("hub", "Travels")
    old = (issue.id, issue.node_id)
    state.transfer(issue, "docs")
    assert (issue.id, issue.node_id) == old


def test_a_private_issue_does_not_travel_to_a_public_repository(state):
    state.add_repository("secret", private=True)
    with refused(422, "private"):
        state.transfer(state.open_issue("secret", "Mine"), "docs")
    state.transfer(state.open_issue("hub", "Yours"), "secret")


def test_a_deleted_issue_leaves_boards_parents_and_children(state):
    parent, issue, child = (state.open_issue("hub", title) for title in ("Parent", "Issue", "Child"))
    state.add_sub_issue(parent, issue)
    state.add_sub_issue(issue, child)
    project = state.add_project("Work")
    state.add_item(project, issue)
    state.delete_issue(issue)
    assert (parent.children, child.parent, project.items) == ([], None, [])
    assert state.node(issue.node_id) is None
    with refused(404):
        state.issue("hub", 2)


def test_closing_again_with_another_reason_replaces_the_reason(state):
    issue = state.open_issue("hub", "One")
    state.close(issue, None)
    assert (issue.state, issue.state_reason) == ("closed", None)
    state.close(issue, "not_planned")
    assert issue.state_reason == "not_planned"


def test_a_renamed_label_is_the_same_label_on_every_issue(state):
    issue = state.open_issue("hub", "One", labels=["csh"])
    label = issue.labels[0]
    state.rename_label("hub", "CSH", "CS-Hours")
    assert (issue.labels, label.name) == ([label], "CS-Hours")
    assert state.find_label(state.repository("hub"), "CSH") is None
    state.delete_label("hub", "cs-hours")
    assert issue.labels == []


def test_an_old_name_redirects_until_someone_takes_it(state):
    renamed = state.rename_repository("hub", "infrastructure")
    assert state.renamed_repository("ACME", "Hub") is renamed
    state.add_repository("hub")
    assert state.renamed_repository("acme", "hub") is None


def test_a_renamed_account_keeps_its_ids(state):
    user = state.user("ana")
    assert state.rename_user("ana", "ana-lopez") is user
    assert state.user("ANA-Lopez") is user
    with refused(404):
        state.user("ana")


def test_the_index_shows_an_older_version_until_it_has_caught_up(state, clock):
    issue = state.open_issue("hub", "One")
    clock.advance(minutes=1)
    state.label(issue, "CSH")
    behind = Lag(seconds=90)
    clock.advance(minutes=1)
    assert state.indexed(issue, behind).labels == frozenset()
    clock.advance(minutes=1)
    assert state.indexed(issue, behind).labels == {"csh"}
    assert state.indexed(state.open_issue("hub", "Two"), behind) is None
    state.requests += 5
    assert state.indexed(state.issue("hub", 2), Lag(requests=5)) is not None


BOARD_CHANGES = {
    "item_added": lambda state, project, _: state.add_item(project, state.open_issue("hub", "Two")),
    "item_removed": lambda state, _, item: state.remove_item(item),
    "item_archived": lambda state, _, item: state.archive_item(item),
    "issue_field": lambda state, _, item: state.set_field(item, "Effort", 3),
    "column": lambda state, project, _: state.rename_field(project, "GitHub Hours", "Hours"),
    "column deleted": lambda state, project, _: state.delete_field(project, "GitHub Hours"),
    "choice renamed": lambda state, project, _: state.rename_option(project, "Status", "Todo", "To do"),
    "iteration moved": lambda state, project, _: state.move_iteration(
        state.field(project, "Iteration"), "Now", NINE.date(), 7
    ),
}


class TestBoards:
    @pytest.fixture
    def project(self, state):
        project = state.add_project("Work", 57)
        state.add_field(project, "GitHub Hours", "NUMBER")
        state.add_field(project, "End date", "DATE")
        state.add_field(
            project,
            "Iteration",
            "ITERATION",
            iterations=[("Now", NINE.date(), 14)],
            completed=[("Past", datetime(2025, 12, 22, tzinfo=UTC).date(), 14)],
        )
        return project

    def test_a_value_moves_the_row_and_the_board_but_not_the_issue(self, state, clock, project):
        issue = state.open_issue("hub", "One")
        item = state.add_item(project, issue)
        clock.advance(minutes=1)
        state.set_field(item, "GitHub Hours", 7.5)
        assert item.updated_at == project.updated_at == clock.now()
        assert issue.updated_at == NINE

    def test_the_same_value_again_moves_nothing(self, state, clock, project):
        item = state.set_board(state.open_issue("hub", "One"), project, {"GitHub Hours": 7.5, "End date": "2026-01-31"})
        clock.advance(minutes=1)
        state.set_field(item, "GitHub Hours", 7.5)
        state.set_field(item, "End date", "2026-01-31")
        state.set_field(item, "Status", None)
        assert item.updated_at == project.updated_at == NINE

    def test_each_value_knows_its_own_moment(self, state, clock, project):
        item = state.set_board(state.open_issue("hub", "One"), project, {"GitHub Hours": 7.5, "Status": "Todo"})
        clock.advance(minutes=1)
        state.set_field(item, "GitHub Hours", 8)
        moments = {field.name: value.updated_at for field, value in item.values.items()}
        assert moments == {"GitHub Hours": clock.now(), "Status": NINE}

    @pytest.mark.parametrize(
        ("field", "value"),
        [("GitHub Hours", "7.5"), ("GitHub Hours", True), ("Status", "Nope"), ("Iteration", "Later"), ("Title", "x")],
    )
    def test_a_value_of_another_type_is_refused(self, state, project, field, value):
        item = state.add_item(project, state.open_issue("hub", "One"))
        with refused(422):
            state.set_field(item, field, value)

    def test_an_issue_is_on_a_board_once(self, state, project):
        issue = state.open_issue("hub", "One")
        assert state.add_item(project, issue) is state.add_item(project, issue)

    def test_a_column_can_be_renamed_retyped_doubled_and_deleted(self, state, project):
        item = state.set_board(state.open_issue("hub", "One"), project, {"GitHub Hours": 7.5})
        renamed = state.rename_field(project, "GitHub Hours", "Hours spent")
        assert renamed in item.values
        text = state.retype_field(project, renamed, "TEXT")
        assert (text.node_id != renamed.node_id, item.values[text].content) == (True, "7.5")
        twin = state.add_field(project, "Hours spent", "NUMBER")
        assert state.field(project, "Hours spent") is text
        state.delete_field(project, text)
        assert state.field(project, "Hours spent") is twin
        assert item.values == {}

    def test_a_column_that_shows_an_issue_field_writes_to_the_issue(self, state, project):
        hours = state.add_issue_field("Effort", "NUMBER")
        column = state.show_issue_field(project, hours)
        issue = state.open_issue("hub", "One")
        item = state.set_board(issue, project, {"Effort": 3})
        assert (issue.field_values[hours].content, item.values) == (3.0, {})
        assert column.issue_field is hours
        state.set_field(item, "Effort", None)
        assert issue.field_values == {}
        kinds = [event.kind for event in issue.events]
        assert kinds == ["IssueFieldAddedEvent", "IssueFieldRemovedEvent"]

    def test_an_iteration_that_ends_keeps_its_id(self, state, project):
        column = state.field(project, "Iteration")
        item = state.set_board(state.open_issue("hub", "One"), project, {"Iteration": "Now"})
        state.complete_iteration(column, "Now")
        assert item.values[column].content.completed

    def test_a_board_has_at_most_fifty_columns(self, state, project):
        for number in range(50 - len(project.fields)):
            state.add_field(project, f"Column {number}", "TEXT")
        with refused(422, "more than 50 fields"):
            state.add_field(project, "One too many", "TEXT")

    def test_rows_are_archived_and_removed(self, state, project, clock):
        issue = state.open_issue("hub", "One")
        item = state.add_item(project, issue)
        clock.advance(minutes=1)
        state.archive_item(item)
        assert (item.archived, item.updated_at) == (True, NINE)
        state.remove_item(item)
        assert (issue.items, project.items) == ([], [])

    @pytest.mark.parametrize("change", BOARD_CHANGES)
    @pytest.mark.parametrize("moves", [False, True])
    def test_open_questions_about_the_boards_updated_at_can_be_answered_either_way(
        self, state, clock, project, change, moves
    ):
        state.show_issue_field(project, state.add_issue_field("Effort", "NUMBER"))
        item = state.set_board(state.open_issue("hub", "One"), project, {"Status": "Todo"})
        if moves:
            state.options.touching_board = frozenset(
                {"item_added", "item_removed", "item_archived", "issue_field", "column"}
            )
        clock.advance(minutes=1)
        BOARD_CHANGES[change](state, project, item)
        assert (project.updated_at > NINE) == moves
        assert item.updated_at == NINE

    def test_a_renamed_choice_and_a_moved_iteration_show_in_every_row_that_chose_them(self, state, project):
        item = state.set_board(state.open_issue("hub", "One"), project, {"Status": "Todo", "Iteration": "Now"})
        state.rename_option(project, "Status", "Todo", "To do")
        state.move_iteration(state.field(project, "Iteration"), "Now", NINE.date(), 7)
        contents = {field.name: value.content for field, value in item.values.items()}
        assert (contents["Status"].name, contents["Iteration"].days) == ("To do", 7)
        with refused(404):
            state.rename_option(project, "Status", "Todo", "Other")
