"""Which issues are read, and what is read of them."""

# ruff: noqa: N802  a fault's id is part of its test's name

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.core import Status
from sync.model.issue import Closing, Person

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office


def test_issues_with_the_label_are_in_scope_and_others_are_not(office: Office):
    office.issue("labelled")
    office.issue("not labelled", labels=["bug"])
    office.issue("label in other case, other repository", "docs", labels=["csh"])
    office.issue("only a part of the name", labels=["CSH-old"])
    snapshot = office.read()
    assert office.titles(snapshot) == {"labelled", "label in other case, other repository"}
    assert snapshot.complete
    assert snapshot.problems == ()


def test_a_repository_is_asked_for_its_own_spelling_of_the_label(office: Office):
    office.read()
    (asked,) = [record.body["variables"] for record in office.sandbox.log.select(operation="LabelledIssues")]
    assert {(asked[f"name{one}"], asked[f"label{one}"]) for one in (0, 1)} == {("hub", "CSH"), ("docs", "csh")}
    assert "name2" not in asked, "a repository without the label is not asked"


def test_a_whole_issue_is_read(office: Office):
    office.state.add_repository("vault", private=True, labels=["CSH"])
    made = office.state.open_issue(
        "vault", "Tidy up", "one\r\ntwo\rthree", author="ben", labels=["CSH", "bug"], assignees=["ana", "ben"]
    )
    office.state.clock.advance(days=1)
    office.state.close(made)
    issue = office.only(office.read()).issue
    assert issue.id == made.node_id
    assert issue.url == office.url(made)
    assert (issue.repository, issue.number, issue.title, issue.private) == ("acme/vault", 1, "Tidy up", True)
    assert issue.body == "one\ntwo\nthree"
    assert issue.labels == ("CSH", "bug")
    assert issue.author == "ben"
    assert issue.assignees == (Person("ana", "Ana Lopez", "ana@example.org"), Person("ben"))
    assert (issue.created_at, issue.closed_at) == (made.created_at, made.closed_at)
    assert issue.closing is Closing.COMPLETED


@pytest.mark.parametrize(
    ("reason", "closing"),
    [
        ("completed", Closing.COMPLETED),
        (None, Closing.COMPLETED),
        ("not_planned", Closing.NOT_PLANNED),
        ("duplicate", Closing.DUPLICATE),
    ],
)
def test_closed_issues_are_read_with_their_reason(office: Office, reason, closing):
    office.state.close(office.issue(), reason)
    assert office.only(office.read()).issue.closing is closing


def test_a_reopened_issue_is_open(office: Office):
    made = office.issue()
    office.state.close(made, "not_planned")
    office.state.reopen(made)
    assert office.only(office.read()).issue.closing is Closing.OPEN


def test_descendants_are_in_scope_at_any_depth_and_in_other_repositories(office: Office):
    root = office.issue("root")
    child = office.child(root, "child", "plain")
    grandchild = office.child(child, "grandchild", "docs")
    snapshot = office.read()
    scoped = snapshot.issues
    assert {one: scoped[one].parent_id for one in scoped} == {
        root.node_id: None,
        child.node_id: root.node_id,
        grandchild.node_id: child.node_id,
    }
    assert {one.profile for one in scoped.values()} == {"CSH"}
    assert snapshot.complete


def test_eight_levels_are_read(office: Office):
    issue = office.issue("level 0")
    for level in range(1, 9):
        issue = office.child(issue, f"level {level}", "plain")
    assert len(office.read().issues) == 9


def test_a_child_inherits_its_profile_and_its_own_label_wins(office: Office):
    office.state.add_label("hub", "DDM")
    root = office.issue("root")
    plain = office.child(root, "plain child")
    other = office.child(root, "child of another profile", labels=["DDM"])
    below = office.child(other, "below it")
    scoped = office.read(labels=("CSH", "DDM")).issues
    profiles = {one: scoped[one.node_id].profile for one in (root, plain, other, below)}  # type: ignore[attr-defined]
    assert list(profiles.values()) == ["CSH", "CSH", "DDM", "DDM"]
    assert scoped[other.node_id].parent_id == root.node_id


def test_of_two_labels_the_first_profile_counts(office: Office):
    office.issue(labels=["CSH", "DDM"])
    assert office.only(office.read(labels=("DDM", "CSH"))).profile == "DDM"


def test_a_parent_out_of_scope_is_no_parent_in_scope(office: Office):
    parent = office.issue("not ours", labels=[])
    child = office.child(parent, "labelled", labels=["CSH"])
    scoped = office.only(office.read())
    assert scoped.issue.parent_id == parent.node_id
    assert scoped.parent_id is None
    assert scoped.issue.id == child.node_id


def test_fault_D17_a_child_with_the_label_is_read_once(office: Office):
    root = office.issue("root")
    child = office.child(root, "child", labels=["CSH"])
    scoped = office.read().issues
    assert len(scoped) == 2
    assert scoped[child.node_id].parent_id == root.node_id


def test_fault_D16_a_child_whose_parent_cannot_be_seen_is_in_scope_without_parent(office: Office):
    office.state.add_repository("secret", labels=["CSH"])
    child = office.child(office.issue("root", "secret"), "child", labels=["CSH"])
    office.state.hide_repository("secret")
    scoped = office.only(office.read())
    assert (scoped.issue.id, scoped.parent_id) == (child.node_id, None)


def test_fault_D12_a_child_that_moved_hangs_under_its_new_parent(office: Office):
    old, new = office.issue("old"), office.issue("new", "docs", labels=["csh"])
    child = office.child(old, "child")
    before = child.updated_at
    office.state.move_sub_issue(child, new)
    assert child.updated_at == before, "GitHub does not move updatedAt for a new parent (fault C19)"
    assert office.read().issues[child.node_id].parent_id == new.node_id


def test_fault_D15_a_hundred_children_are_all_read(office: Office):
    root = office.issue("root")
    for number in range(100):
        office.child(root, f"child {number}")
    snapshot = office.read()
    assert len(snapshot.issues) == 101
    assert snapshot.issues[root.node_id].issue.children_complete
    assert snapshot.complete


def test_more_than_a_page_of_issues_and_repositories_is_read(office: Office):
    for number in range(120):
        office.state.add_repository(f"empty-{number}")
    office.state.add_repository("last", labels=["CSH"])
    for number in range(130):
        office.issue(f"issue {number}", "last")
    snapshot = office.read()
    assert len(snapshot.issues) == 130
    assert office.operations().count("Repositories") == 2
    assert office.operations().count("LabelledIssues") == 2, "a page of three lists, then one of the list that goes on"


def test_many_lists_go_on_side_by_side_and_each_is_read_to_its_end(office: Office):
    for number in range(45):
        office.state.add_repository(f"team-{number}", labels=["CSH"])
        for place in range(3 if number % 2 else 1):
            office.issue(f"issue {number}.{place}", f"team-{number}")
    snapshot = office.read()
    assert len(snapshot.issues) == 45 + 2 * 22
    assert snapshot.complete
    asked = [record.body["variables"] for record in office.sandbox.log.select(operation="LabelledIssues")]
    assert [sum(key.startswith("name") for key in one) for one in asked] == [20, 20, 7]


def test_archived_repositories_are_read(office: Office):
    office.issue("old work")
    office.state.archive_repository("hub")
    assert office.titles(office.read()) == {"old work"}


def test_fault_C13_and_D23_pull_requests_are_never_read(office: Office):
    office.state.open_pull_request("hub", "a change", labels=["CSH"])
    assert office.read().issues == {}


def test_fault_D21_accounts_that_are_gone_do_no_harm(office: Office):
    made = office.state.open_issue("hub", "orphan", author="ben", labels=["CSH"], assignees=["ana", "ben"])
    office.state.remove_user("ben")
    issue = office.only(office.read()).issue
    assert issue.author == ""
    assert [person.login for person in issue.assignees] == ["ana"]
    assert issue.id == made.node_id


def test_fault_D21_bots_are_no_assignees_and_a_renamed_login_is_the_new_one(office: Office):
    office.state.add_user("robot", kind="Bot")
    office.state.open_issue("hub", "work", labels=["CSH"], assignees=["robot", "ana"])
    office.state.rename_user("ana", "anna")
    assert [person.login for person in office.only(office.read()).issue.assignees] == ["anna"]


def test_fault_C06_further_pages_of_what_is_nested_are_read(office: Office):
    for number in range(130):
        office.state.add_label("hub", f"a label {number}")
    made = office.state.open_issue(
        "hub", "much labelled", labels=[*(f"a label {number}" for number in range(130)), "CSH"]
    )
    people = [office.state.add_user(f"person-{number}").login for number in range(30)]
    office.state.assign(made, *people)
    for number in range(25):
        office.state.add_item(office.state.add_project(f"Board {number}"), made)
    office.put(made, {"GitHub Hours": 3})
    issue = office.only(office.read()).issue
    assert len(issue.labels) == 131
    assert len(issue.assignees) == 30
    assert issue.hours.minutes == 180
    assert "MoreItems" in office.operations()


def test_fault_C19_an_hours_value_is_read_whatever_updated_at_says(office: Office):
    made = office.issue()
    office.put(made, {"GitHub Hours": 1})
    office.only(office.read())
    before = made.updated_at
    office.state.clock.advance(days=1)
    office.put(made, {"GitHub Hours": 4})
    assert made.updated_at == before
    assert office.only(office.read()).issue.hours.minutes == 240


def test_fault_D08_an_issue_that_became_a_discussion_is_no_completed_work(office: Office):
    office.state.convert_to_discussion(office.issue())
    plain = office.issue("closed and locked")
    office.state.close(plain)
    plain.locked = True
    snapshot = office.read()
    closings = {one.issue.title: one.issue.closing for one in snapshot.issues.values()}
    assert closings == {"An issue": Closing.UNKNOWN, "closed and locked": Closing.COMPLETED}
    assert [one.subject for one in snapshot.problems] == ["acme/hub#1"]


def test_addresses_of_assignees_are_left_out_where_the_token_may_not_read_them(office: Office):
    office.state.assign(office.issue(), "ana")
    refusal = {"errors": [{"type": "INSUFFICIENT_SCOPES", "message": "It requires one of: ['user:email']."}]}
    office.faults(Status(200, refusal), "People")
    snapshot = office.read()
    assert office.only(snapshot).issue.assignees == (Person("ana", "Ana Lopez"),)
    assert snapshot.complete
    assert snapshot.problems == ()


def test_reading_writes_nothing_and_sends_no_token_in_the_open(office: Office):
    office.child(office.issue(), "child")
    office.read()
    assert office.sandbox.log.writes() == ()
    assert not any(record.leaked for record in office.sandbox.log.select())


def test_what_people_typed_is_in_no_query_text(office: Office):
    office.state.add_label("hub", 'x"){id}')
    office.issue(labels=['x"){id}'])
    names = {"status": 'S") { id } #'}
    office.only(office.read(labels=('x"){id}',), hours_field='H") #', board_names=names))
    texts = [record.body["query"] for record in office.sandbox.log.select("github", method="POST")]
    assert texts
    assert not any('x")' in text or 'H")' in text or 'S")' in text for text in texts)
