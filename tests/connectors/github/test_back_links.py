"""The comments of ours on a played GitHub: found among all comments, written once, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mappings.back_link import MARKER, back_link_text
from sandbox.core import Cut, Status
from sync.errors import Denied, OutcomeUnknown, Rejected
from sync.model.back_link import BackLink

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office

TEXT = back_link_text("77")


def test_a_comment_is_written_found_and_edited_in_place(office: Office):
    issue, links = office.issue(), office.connector().back_links()
    assert links.read([issue.node_id]) == {issue.node_id: BackLink()}
    links.write("acme/hub", issue.number, None, TEXT)
    there = links.read([issue.node_id])[issue.node_id]
    assert (there.text, there.writable) == (TEXT, True)
    links.write("acme/hub", issue.number, there.comment_id, back_link_text("78"))
    assert [one.body for one in issue.comments] == [back_link_text("78")]


def test_a_strange_comment_that_looks_like_ours_is_left_alone_and_a_quoted_one_is_none(office: Office):
    strange, quoted = office.issue(), office.issue()
    office.state.comment(strange, TEXT, author="ana")
    office.state.comment(quoted, f"> {MARKER}\n\nWhat is this?", author="ana")
    found = office.connector().back_links().read([strange.node_id, quoted.node_id])
    assert not found[strange.node_id].writable
    assert found[quoted.node_id] == BackLink()


def test_where_nothing_may_be_written_that_is_told(office: Office):
    locked, archived = office.issue(), office.issue(repository="docs")
    locked.locked = True
    office.state.repository("docs").archived = True
    found = office.connector().back_links().read([locked.node_id, archived.node_id])
    assert found == {locked.node_id: BackLink(writable=False), archived.node_id: BackLink(writable=False)}


def test_ours_is_found_behind_more_comments_than_a_page_holds(office: Office):
    issue = office.issue()
    for number in range(120):
        office.state.comment(issue, f"Comment {number}", author="ana")
    links = office.connector().back_links()
    assert links.read([issue.node_id])[issue.node_id] == BackLink()
    office.state.comment(issue, TEXT)
    assert links.read([issue.node_id])[issue.node_id].text == TEXT


def test_many_issues_are_asked_for_in_batches(office: Office):
    issues = [office.issue(f"Issue {number}") for number in range(45)]
    found = office.connector().back_links().read({one.node_id for one in issues})
    assert found.keys() == {one.node_id for one in issues}
    assert office.operations().count("Comments") == 3


def test_no_answer_is_so_wide_that_github_cuts_it_short(office: Office):
    office.service.options.truncate_nested_above = 20
    issues = [office.issue(f"Issue {number}") for number in range(25)]
    for one in issues:
        for text in ("Hello", TEXT):
            office.state.comment(one, text)
    found = office.connector().back_links().read({one.node_id for one in issues})
    assert {link.text for link in found.values()} == {TEXT}


def test_an_issue_that_cannot_be_read_is_absent(office: Office):
    seen, gone = office.issue(), office.issue(repository="docs")
    office.state.delete_issue(gone)
    found = office.connector().back_links().read([seen.node_id, gone.node_id])
    assert found.keys() == {seen.node_id}


def test_a_comment_whose_answer_was_lost_is_not_written_again_but_found(office: Office):
    issue, links = office.issue(), office.connector().back_links()
    office.sandbox.faults.add(Cut("after"), service="github", method="POST", path="/comments$", times=1)
    with pytest.raises(OutcomeUnknown):
        links.write("acme/hub", issue.number, None, TEXT)
    assert len(issue.comments) == 1
    assert links.read([issue.node_id])[issue.node_id].text == TEXT


def test_an_edit_whose_answer_was_lost_is_sent_again(office: Office):
    issue, links = office.issue(), office.connector().back_links()
    comment = office.state.comment(issue, back_link_text("1"))
    office.sandbox.faults.add(Cut("after"), service="github", method="PATCH", times=1)
    links.write("acme/hub", issue.number, comment.id, TEXT)
    assert [one.body for one in issue.comments] == [TEXT]


def test_a_locked_issue_refuses_this_one_and_a_token_without_leave_all(office: Office):
    issue, links = office.issue(), office.connector().back_links()
    issue.locked = True
    with pytest.raises(Rejected, match="locked"):
        links.write("acme/hub", issue.number, None, TEXT)
    issue.locked = False
    office.service.options.read_only = True
    with pytest.raises(Denied) as caught:
        links.write("acme/hub", issue.number, None, TEXT)
    assert "Issues: write" in caught.value.remedy
    assert issue.comments == []


def test_the_secondary_limit_without_a_hint_is_waited_out_for_a_minute(office: Office):
    issue = office.issue()
    refusal = Status(403, {"message": "You have exceeded a secondary rate limit."})
    office.sandbox.faults.add(refusal, service="github", method="POST", path="/comments$", times=1)
    office.connector().back_links().write("acme/hub", issue.number, None, TEXT)
    assert len(issue.comments) == 1
    assert max(office.waits) >= 60
