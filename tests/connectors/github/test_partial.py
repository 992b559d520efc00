"""Answers that hold only a part, or something odd: what was read is used, what was not is unknown."""

# ruff: noqa: N802  a fault's id is part of its test's name

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.core import Person, Rewrite
from sync.model.issue import KnownIssue, OutOfSight

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office


def _partial(path: list[str | int], spoil, kind: str = "FORBIDDEN"):
    def change(answer):
        spoil(answer["data"])
        answer["errors"] = [{"type": kind, "path": path, "message": "Resource not accessible"}]
        return answer

    return Rewrite(change)


def test_fault_C04_good_nodes_beside_errors_are_used_and_the_paths_are_told(office: Office):
    lost, kept = office.issue("lost"), office.issue("kept")

    def drop(data):
        data["list0"]["issues"]["nodes"][0] = None

    office.faults(_partial(["list0", "issues", "nodes", 0], drop), "LabelledIssues", times=1)
    snapshot = office.read()
    assert list(snapshot.issues) == [kept.node_id]
    assert not snapshot.complete
    assert "(at nodes.0)" in snapshot.problems[0].message
    assert lost.node_id not in snapshot.verdicts


def test_fault_C04_an_issue_that_was_answered_as_null_is_unknown(office: Office):
    made = office.issue()

    def drop(data):
        data["nodes"][0] = None

    office.faults(_partial(["nodes", 0], drop, "INTERNAL"), "IssuesById")
    snapshot = office.read(office.known(made))
    assert not snapshot.complete
    assert isinstance(snapshot.verdicts[office.url(made)], OutOfSight)


def test_fault_C04_an_issue_that_was_answered_in_part_is_read_once_more(office: Office):
    root = office.issue()
    office.child(root, "child")

    def drop(data):
        data["nodes"][0]["subIssues"] = None

    office.faults(_partial(["nodes", 0, "subIssues"], drop), "IssuesById", times=1)
    snapshot = office.read()
    assert len(snapshot.issues) == 2
    assert snapshot.issues[root.node_id].issue.children_complete
    assert snapshot.problems == ()


@pytest.mark.parametrize("name", ["labels", "assignees"])
def test_fault_C04_an_issue_without_labels_or_people_in_the_answer_is_unknown(office: Office, name):
    made = office.issue()

    def drop(data):
        for node in data["nodes"]:
            node[name] = None

    office.faults(_partial(["nodes", 0, name], drop), "IssuesById")
    snapshot = office.read(office.known(made))
    assert snapshot.issues == {}
    assert isinstance(snapshot.verdicts[office.url(made)], OutOfSight)
    assert not snapshot.complete


def test_fault_C04_a_repository_that_is_null_in_the_list_is_told(office: Office):
    office.issue()

    def drop(data):
        data["organization"]["repositories"]["nodes"][1] = None

    office.faults(_partial(["organization", "repositories", "nodes", 1], drop), "Repositories")
    snapshot = office.read()
    assert len(snapshot.issues) == 1
    assert not snapshot.complete


def test_fault_C04_a_repository_whose_labels_are_unknown_is_listed_all_the_same(office: Office):
    office.issue()

    def drop(data):
        data["organization"]["repositories"]["nodes"][0]["label0"] = None

    office.faults(_partial(["organization", "repositories", "nodes", 0, "label0"], drop), "Repositories")
    snapshot = office.read()
    assert len(snapshot.issues) == 1
    assert not snapshot.complete


def test_fault_C02_a_repository_that_turns_404_while_it_is_listed_makes_the_reading_incomplete(office: Office):
    made = office.issue()
    office.issue("elsewhere", "docs", labels=["csh"])
    known = office.known(made)
    office.faults(Person(lambda: office.state.hide_repository("hub")), "LabelledIssues", times=1)
    snapshot = office.read(known)
    assert office.titles(snapshot) == {"elsewhere"}
    assert not snapshot.complete
    assert isinstance(snapshot.verdicts[known.url], OutOfSight)


def test_fault_C16_a_page_that_is_emptier_than_the_list_is_incomplete(office: Office):
    office.issue()

    def emptied(answer):
        answer["data"]["list0"]["issues"]["nodes"] = []
        return answer

    office.faults(Rewrite(emptied), "LabelledIssues", times=1)
    snapshot = office.read()
    assert snapshot.issues == {}
    assert not snapshot.complete
    assert "0 of 1" in snapshot.problems[0].message


def test_a_list_that_does_not_move_on_is_left(office: Office):
    office.issue()

    def stuck(answer):
        answer["data"]["list0"]["issues"]["pageInfo"] = {"hasNextPage": True, "endCursor": None}
        return answer

    office.faults(Rewrite(stuck), "LabelledIssues", where=lambda one: one.body["variables"]["name0"] == "hub")
    snapshot = office.read()
    assert len(snapshot.issues) == 1
    assert not snapshot.complete


def test_fault_C15_an_issue_that_moves_between_pages_is_read_once(office: Office):
    for number in range(120):
        office.issue(f"issue {number}")

    def again(answer):
        issues = answer["data"]["list0"]["issues"]
        issues["nodes"] += issues["nodes"][:3]
        return answer

    office.faults(Rewrite(again), "LabelledIssues")
    assert len(office.read().issues) == 120


def test_fault_C05_sub_issues_that_were_cut_short_are_read_alone(office: Office):
    roots = [office.issue(f"root {number}") for number in range(8)]
    for root in roots:
        for number in range(4):
            office.child(root, f"child {number}", "plain")
    office.service.options.truncate_nested_above = 5
    snapshot = office.read()
    assert len(snapshot.issues) == 40
    assert all(one.issue.children_complete for one in snapshot.issues.values())
    assert snapshot.complete


def test_fault_C05_labels_that_were_cut_short_are_read_alone_when_the_list_says_they_are_there(office: Office):
    made = office.issue()

    def without_labels(answer):
        for node in answer["data"]["nodes"]:
            node["labels"]["nodes"] = []
        return answer

    fault = office.faults(Rewrite(without_labels), "IssuesById", times=1)
    snapshot = office.read()
    assert list(snapshot.issues) == [made.node_id]
    assert snapshot.complete
    assert fault.hits == 1


def test_fault_C05_children_that_cannot_be_seen_make_the_family_incomplete(office: Office):
    office.state.add_repository("secret")
    root = office.issue()
    office.child(root, "seen")
    office.child(root, "hidden", "secret")
    office.state.hide_repository("secret")
    snapshot = office.read()
    assert len(snapshot.issues) == 2
    assert not snapshot.issues[root.node_id].issue.children_complete
    assert snapshot.complete, "the rest can be used"
    assert snapshot.problems[0].message == "1 of 2 sub-issues can be seen"


def test_a_sub_issue_that_is_named_but_not_shown_makes_the_reading_incomplete(office: Office):
    root = office.issue()
    child = office.child(root, "child")

    def hide(answer):
        answer["data"]["nodes"] = [
            None if one and one["id"] == child.node_id else one for one in answer["data"]["nodes"]
        ]
        return answer

    office.faults(Rewrite(hide), "IssuesById")
    snapshot = office.read()
    assert list(snapshot.issues) == [root.node_id]
    assert not snapshot.complete
    assert "acme/hub#1" in snapshot.problems[0].subject


def test_fault_A12_an_odd_value_hides_one_issue_only_and_its_place_is_told(office: Office):
    odd, fine = office.issue("odd"), office.issue("fine")

    def spoil(answer):
        for node in answer["data"]["nodes"]:
            if node["id"] == odd.node_id:
                node["createdAt"] = 17
        return answer

    office.faults(Rewrite(spoil), "IssuesById")
    snapshot = office.read(office.known(odd))
    assert list(snapshot.issues) == [fine.node_id]
    assert not snapshot.complete
    assert "createdAt" in snapshot.problems[0].message
    assert isinstance(snapshot.verdicts[office.url(odd)], OutOfSight)


def test_fault_A16_answers_in_another_order_are_told_apart_by_their_ids(office: Office):
    first, second = office.issue("first"), office.issue("second")

    def swapped(answer):
        answer["data"]["nodes"].reverse()
        return answer

    office.faults(Rewrite(swapped), "IssuesById")
    issues = office.read().issues
    assert (issues[first.node_id].issue.title, issues[second.node_id].issue.title) == ("first", "second")


def test_fault_D13_issues_that_are_above_each_other_are_read_once_and_told(office: Office):
    one = office.issue("one")
    other = office.child(one, "other")

    def circle(answer):
        for node in answer["data"]["nodes"]:
            if node["id"] == other.node_id:
                node["subIssues"]["nodes"] = [{"id": one.node_id}]
                node["subIssuesSummary"]["total"] = 1
            if node["id"] == one.node_id:
                node["parent"] = {"id": other.node_id}
        return answer

    office.faults(Rewrite(circle), "IssuesById")
    snapshot = office.read()
    parents = {scoped.parent_id for scoped in snapshot.issues.values()}
    assert len(snapshot.issues) == 2
    assert None in parents
    assert "above each other" in snapshot.problems[0].message


def test_fault_D13_an_issue_above_itself_is_read_once(office: Office):
    made = office.issue()

    def own_parent(answer):
        for node in answer["data"]["nodes"]:
            node["parent"] = {"id": node["id"]}
            node["subIssues"]["nodes"] = [{"id": node["id"]}]
            node["subIssuesSummary"]["total"] = 1
        return answer

    office.faults(Rewrite(own_parent), "IssuesById")
    assert office.only(office.read()).parent_id is None
    assert made.node_id


def test_a_known_address_that_leads_nowhere_costs_one_request(office: Office):
    office.read(KnownIssue("https://github.com/acme/hub/issues/99"))
    assert len(office.sandbox.log.select("github", method="GET")) == 1
