"""What is said of known issues that are not in scope: absence is never proof."""

# ruff: noqa: N802  a fault's id is part of its test's name

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.core import Rewrite, Status
from sandbox.github import Lag
from sync.model.issue import Deleted, KnownIssue, LabelLost, OutOfSight

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office


def verdict(snapshot):
    (found,) = snapshot.verdicts.values()
    return found


def reason(snapshot) -> str:
    found = verdict(snapshot)
    assert isinstance(found, OutOfSight)
    return found.reason


def test_a_known_issue_in_scope_has_no_verdict(office: Office):
    made = office.issue()
    snapshot = office.read(office.known(made), KnownIssue(office.url(made).upper()), KnownIssue("", made.node_id))
    assert snapshot.verdicts == {}
    assert len(snapshot.issues) == 1


def test_fault_D02_a_removed_label_is_told_after_reading_the_issue_by_name(office: Office):
    made = office.issue()
    office.state.unlabel(made, "CSH")
    snapshot = office.read(office.known(made))
    assert snapshot.issues == {}
    found = snapshot.verdicts[office.url(made)]
    assert isinstance(found, LabelLost)
    assert found.issue.id == made.node_id
    assert snapshot.complete


def test_a_known_issue_without_address_is_judged_under_its_id(office: Office):
    made = office.issue()
    office.state.unlabel(made, "CSH")
    assert isinstance(office.read(KnownIssue("", made.node_id)).verdicts[made.node_id], LabelLost)


def test_a_known_issue_without_id_is_read_by_its_address(office: Office):
    made = office.issue()
    office.state.unlabel(made, "CSH")
    assert isinstance(verdict(office.read(KnownIssue(office.url(made)))), LabelLost)


def test_fault_D03_a_label_that_is_back_changes_nothing(office: Office):
    made = office.issue()
    office.state.unlabel(made, "CSH")
    office.state.label(made, "CSH")
    snapshot = office.read(office.known(made))
    assert (snapshot.verdicts, len(snapshot.issues)) == ({}, 1)


def test_a_sub_issue_that_was_detached_has_lost_its_label(office: Office):
    root = office.issue()
    child = office.child(root, "child")
    office.state.remove_sub_issue(root, child)
    assert isinstance(verdict(office.read(office.known(root), office.known(child))), LabelLost)


def test_a_sub_issue_of_an_issue_that_lost_its_label_is_judged_like_it(office: Office):
    root = office.issue()
    child = office.child(root, "child")
    office.state.unlabel(root, "CSH")
    snapshot = office.read(office.known(root), office.known(child))
    assert {type(one) for one in snapshot.verdicts.values()} == {LabelLost}
    assert len(snapshot.verdicts) == 2


def test_fault_D05_a_deleted_issue_is_told_as_deleted(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.delete_issue(made)
    assert verdict(office.read(known)) == Deleted()


def test_fault_D06_an_issue_that_went_where_we_cannot_look_is_out_of_sight(office: Office):
    office.state.add_repository("secret", private=True, labels=["CSH"])
    made = office.issue()
    known = office.known(made)
    office.state.transfer(made, "secret")
    office.state.hide_repository("secret")
    assert "404" in reason(office.read(known))


def test_fault_C02_issues_of_a_repository_that_vanished_are_out_of_sight(office: Office):
    made = office.issue()
    other = office.issue("other", "docs", labels=["csh"])
    office.state.hide_repository("hub")
    snapshot = office.read(office.known(made), office.known(other))
    assert office.titles(snapshot) == {"other"}
    assert "404" in reason(snapshot)


def test_fault_C03_a_token_that_sees_only_public_repositories_loses_sight_of_private_ones(office: Office):
    office.state.add_repository("vault", private=True, labels=["CSH"])
    made = office.issue("private", "vault")
    office.service.options.public_only = True
    assert "404" in reason(office.read(office.known(made)))


def test_a_child_whose_parent_vanished_from_sight_is_held_and_not_lost(office: Office):
    office.state.add_repository("secret", labels=["CSH"])
    root = office.issue("root", "secret")
    child = office.child(root, "child", "hub")
    known = office.known(root), office.known(child)
    office.state.hide_repository("secret")
    snapshot = office.read(*known)
    assert snapshot.issues == {}
    assert all(isinstance(one, OutOfSight) for one in snapshot.verdicts.values())
    assert "parent" in snapshot.verdicts[known[1].url].reason


def test_without_a_timeline_a_child_is_held_while_known_issues_are_out_of_sight(office: Office):
    office.state.add_repository("secret", labels=["CSH"])
    root = office.issue("root", "secret")
    child, loose = office.child(root, "child", "hub"), office.issue("loose")
    known = office.known(root), office.known(child), office.known(loose)
    office.state.hide_repository("secret")
    office.state.unlabel(loose, "CSH")
    fault = office.faults(Status(200, {"errors": [{"message": "no timelines here"}]}), "IssueEvents")
    held = office.read(*known)
    assert all(isinstance(one, OutOfSight) for one in held.verdicts.values())
    assert fault.hits
    office.sandbox.faults.clear()
    told = office.read(*known)
    assert isinstance(told.verdicts[office.url(child)], OutOfSight)
    assert isinstance(told.verdicts[office.url(loose)], LabelLost), "its timeline shows the label taken off"


def test_a_child_of_a_deleted_issue_has_lost_its_place(office: Office):
    root = office.issue()
    child = office.child(root, "child")
    known = office.known(root), office.known(child)
    office.state.delete_issue(root)
    snapshot = office.read(*known)
    assert snapshot.verdicts[known[0].url] == Deleted()
    assert isinstance(snapshot.verdicts[known[1].url], LabelLost)


@pytest.mark.parametrize("changes_ids", [True, False])
def test_fault_D07_a_transferred_issue_is_found_under_its_new_address(office: Office, changes_ids):
    office.service.options.transfer_changes_ids = changes_ids
    made = office.issue()
    known = office.known(made)
    office.state.transfer(made, "docs")
    snapshot = office.read(known, KnownIssue(known.url))
    scoped = office.only(snapshot)
    assert snapshot.verdicts == {}
    assert scoped.issue.url == office.url(made)
    assert scoped.former_ids == ((known.id,) if changes_ids else ())
    assert known.url in scoped.former_urls
    assert snapshot.complete


def test_an_old_id_that_github_still_resolves_is_a_former_id(office: Office):
    office.service.options.transfer_resolves_old_node_id = True
    made = office.issue()
    known = office.known(made)
    office.state.transfer(made, "docs")
    scoped = office.only(office.read(known))
    assert (scoped.issue.id, scoped.former_ids) == (made.node_id, (known.id,))


@pytest.mark.parametrize("changes_ids", [True, False])
def test_fault_D07_a_label_lost_in_a_transfer_is_no_proof(office: Office, changes_ids):
    office.service.options.transfer_changes_ids = changes_ids
    made = office.issue()
    known = office.known(made)
    office.state.transfer(made, "plain")
    snapshot = office.read(known)
    assert snapshot.issues == {}
    assert "transferred to acme/plain#1" in reason(snapshot)


def test_fault_C17_issues_of_a_renamed_repository_are_the_same(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.rename_repository("hub", "centre")
    scoped = office.only(office.read(known, KnownIssue(known.url)))
    assert scoped.issue.repository == "acme/centre"
    assert scoped.former_urls == (known.url, known.url)


def test_fault_C17_a_label_removed_in_a_renamed_repository_is_no_transfer(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.rename_repository("hub", "centre")
    office.state.unlabel(made, "CSH")
    assert isinstance(verdict(office.read(known)), LabelLost)


def test_fault_D01_a_renamed_label_removes_nothing_and_its_new_name_is_told(office: Office):
    made = office.issue()
    child = office.child(made, "child of it, where the label still exists", "docs")
    office.state.rename_label("hub", "CSH", "CS-Hours")
    snapshot = office.read(office.known(made), office.known(child))
    assert snapshot.issues == {}
    assert all(isinstance(one, OutOfSight) for one in snapshot.verdicts.values())
    assert {one.reason for one in snapshot.verdicts.values()} == {
        'the label "CSH" is gone from acme/hub: renamed to "CS-Hours"?'
    }
    (problem,) = snapshot.problems
    assert problem.subject == "acme/hub"
    assert "CSH_GITHUB__LABELS" in problem.remedy


def test_with_several_profiles_a_missing_label_needs_the_word_of_the_timeline(office: Office):
    renamed, taken_off = office.issue("renamed"), office.issue("taken off")
    office.state.add_label("hub", "DDM")
    office.state.unlabel(taken_off, "CSH")
    office.state.rename_label("hub", "CSH", "Hours")
    office.state.rename_label("hub", "DDM", "CSH")
    snapshot = office.read(office.known(renamed), office.known(taken_off), labels=("CSH", "DDM"))
    assert isinstance(snapshot.verdicts[office.url(renamed)], OutOfSight)


def test_with_several_profiles_a_label_that_was_seen_to_be_taken_off_is_lost(office: Office):
    made = office.issue(labels=["CSH"])
    office.state.unlabel(made, "CSH")
    assert isinstance(verdict(office.read(office.known(made), labels=("CSH", "DDM"))), LabelLost)


def test_switched_off_issues_are_not_deleted(office: Office):
    made = office.issue()
    known = KnownIssue(office.url(made))
    office.state.disable_issues("hub")
    assert "410" in reason(office.read(known))


def test_fault_C18_a_retired_version_of_the_api_is_not_a_deleted_issue(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.delete_issue(made)
    retired = Status(410, {"message": "API version 2022-11-28 is no longer supported."})
    office.sandbox.faults.add(retired, service="github", method="GET")
    assert "no longer supported" in reason(office.read(known))


def test_fault_C18_the_announced_end_of_the_api_is_told(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.delete_issue(made)
    office.service.options.sunset = "Mon, 01 Mar 2027 00:00:00 GMT"
    snapshot = office.read(known)
    assert any("Mon, 01 Mar 2027" in one.message for one in snapshot.problems)


@pytest.mark.parametrize(
    "answer",
    [
        Status(403, {"message": "Resource not accessible by personal access token"}),
        Status(500, {"message": "Server Error"}),
        Status(302, None, {"Location": "http://127.0.0.2/elsewhere"}),
        Status(301, None, {"Location": "http://127.0.0.2/elsewhere"}),
        Status(200, "<html>maintenance</html>"),
        Status(200, {"surprise": True}),
    ],
)
def test_any_other_answer_by_name_proves_nothing(office: Office, answer):
    made = office.issue()
    known = office.known(made)
    office.state.delete_issue(made)
    office.sandbox.faults.add(answer, service="github", path="/issues/1$")
    assert isinstance(verdict(office.read(known)), OutOfSight)


def test_a_refusal_carries_the_permission_it_asks_for(office: Office):
    made = office.issue()
    known = office.known(made)
    office.state.delete_issue(made)
    headers = {"X-Accepted-GitHub-Permissions": "issues=read"}
    refusal = Status(403, {"message": "Resource not accessible by personal access token"}, headers)
    office.sandbox.faults.add(refusal, service="github", path="/issues/1$")
    told = reason(office.read(known))
    assert "Resource not accessible" in told
    assert "issues=read" in told


def test_what_is_no_address_of_an_issue_is_not_asked_for(office: Office):
    known = [KnownIssue("https://github.com/acme/../issues/1"), KnownIssue("https://github.com/acme/hub/pull/1")]
    snapshot = office.read(*known)
    assert all(isinstance(one, OutOfSight) for one in snapshot.verdicts.values())
    assert len(snapshot.verdicts) == 2
    assert not office.sandbox.log.select("github", method="GET")


def test_a_known_pull_request_is_out_of_scope_and_counted(office: Office):
    made = office.state.open_pull_request("hub", "change", labels=["CSH"])
    by_id, by_url = KnownIssue("", made.node_id), KnownIssue(office.url(made))
    snapshot = office.read(by_id, by_url)
    assert snapshot.issues == {}
    assert snapshot.pull_requests == 1
    assert all(isinstance(one, OutOfSight) for one in snapshot.verdicts.values())


def test_fault_C16_issues_that_an_empty_page_left_out_are_read_by_name_with_what_is_below_them(office: Office):
    made = office.issue()
    child = office.child(made, "child")
    grandchild = office.child(child, "grandchild")

    def emptied(answer):
        answer["data"]["list0"]["issues"] |= {"nodes": [], "totalCount": 0}
        return answer

    office.faults(Rewrite(emptied), "LabelledIssues")
    snapshot = office.read(office.known(made))
    assert set(snapshot.issues) == {made.node_id, child.node_id, grandchild.node_id}
    assert not snapshot.complete, "the list is known to have left something out"
    assert snapshot.verdicts == {}


def test_a_known_descendant_of_an_issue_that_the_lists_left_out_is_in_scope(office: Office):
    made = office.issue()
    child = office.child(made, "child")
    grandchild = office.child(child, "grandchild")
    office.state.hide_from_lists(made)
    snapshot = office.read(office.known(grandchild))
    assert set(snapshot.issues) == {made.node_id, child.node_id, grandchild.node_id}
    assert snapshot.issues[grandchild.node_id].parent_id == child.node_id
    assert not snapshot.complete


def test_a_stale_list_is_not_believed(office: Office):
    made = office.issue()
    for _ in range(3):
        office.read()
    office.service.options.list_lag = Lag(requests=20)
    office.state.unlabel(made, "CSH")
    snapshot = office.read(office.known(made))
    assert snapshot.issues == {}
    assert isinstance(verdict(snapshot), LabelLost)


def test_rest_and_graphql_must_agree_that_the_label_is_gone(office: Office):
    made = office.issue()
    office.state.unlabel(made, "CSH")

    def labelled(answer):
        return answer | {"labels": [{"name": "csh"}]}

    office.sandbox.faults.add(Rewrite(labelled), service="github", path="/issues/1$")
    assert "with and without the label" in reason(office.read(office.known(made)))


def test_an_issue_in_another_organisation_is_out_of_scope(office: Office):
    made = office.issue(labels=[])
    known = office.known(made)

    def elsewhere(answer):
        for node in answer["data"]["nodes"]:
            node["repository"]["nameWithOwner"] = "other/hub"
            node["labels"]["nodes"] = [{"name": "CSH"}]
        return answer

    office.faults(Rewrite(elsewhere), "IssuesById")
    snapshot = office.read(known)
    assert snapshot.issues == {}
    assert "outside of the organisation" in reason(snapshot)


def test_a_visible_sentinel_changes_nothing(office: Office):
    in_scope = office.issue()
    plain = office.issue("plain", labels=[])
    assert office.read(sentinel_issue=office.url(in_scope)).complete
    assert office.read(sentinel_issue=office.url(plain)).complete


def test_fault_C02_a_sentinel_that_is_not_visible_makes_the_reading_incomplete(office: Office):
    made = office.issue("sentinel", "docs", labels=["csh"])
    office.state.hide_repository("docs")
    snapshot = office.read(sentinel_issue=office.url(made))
    assert not snapshot.complete
    assert "sentinel" in snapshot.problems[0].message
