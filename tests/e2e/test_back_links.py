"""One comment on an issue that leads to its task: off by default, written once, edited in place (requirement 18)."""

from typing import Any

import pytest

from mappings.back_link import back_link_text
from sandbox.core import Cut, Status
from sync.errors import ExitCode
from sync.model.change import Result, WriteBackLink
from tests.e2e.organisation import Organisation

ON = {"CSH_BACKLINKS__ENABLED": "true"}
PUBLIC = {**ON, "CSH_BACKLINKS__PUBLIC": "true"}


def comments(issue: Any) -> list[str]:
    return [one.body for one in issue.comments]


def writes(org: Organisation, since: int = 0) -> list[Any]:
    return [one for one in org.sandbox.log.writes(since=since) if one.service == "github"]


@pytest.fixture
def private(org: Organisation) -> Any:
    org.github.repository("hub").private = True
    return org.issue("[Reef Watch] Slow logins", "Who: Tessa Technical", hours=2)


def test_by_default_no_run_writes_to_github(org: Organisation, private: Any) -> None:
    org.sync()
    org.sync()
    assert writes(org) == []
    assert "Comments" not in {one.operation for one in org.sandbox.log.select("github")}


def test_the_first_run_writes_it_and_later_ones_nothing(org: Organisation, private: Any) -> None:
    report = org.sync(**ON)
    assert report.exit_code is ExitCode.FINE
    assert comments(private) == [back_link_text(org.task(private).gid)]
    assert org.writes_of(**ON) == []
    org.log_hours(private, 3)
    mark = org.sandbox.log.mark()
    org.sync(**ON)
    assert writes(org, mark) == []
    assert comments(private) == [back_link_text(org.task(private).gid)]


def test_public_issues_get_none_unless_that_is_switched_on_too(org: Organisation) -> None:
    issue = org.issue("[Reef Watch] Slow logins", "Who: Tessa Technical", hours=2)
    org.sync(**ON)
    assert comments(issue) == []
    org.sync(**PUBLIC)
    (text,) = comments(issue)
    assert text == back_link_text(org.task(issue).gid)
    assert "Tessa" not in text
    assert "2" not in text.replace(org.task(issue).gid, "")


def test_closed_locked_and_archived_issues_get_none(org: Organisation) -> None:
    closed, locked, archived = (org.issue(f"[Reef Watch] {one}", repository=one) for one in ("hub", "hub", "docs"))
    org.github.close(closed)
    locked.locked = True
    org.github.repository("docs").archived = True
    report = org.sync(**PUBLIC)
    assert report.exit_code is ExitCode.FINE
    assert [comments(one) for one in (closed, locked, archived)] == [[], [], []]
    assert org.has_task(locked)


def test_a_plan_shows_it_with_its_reason(org: Organisation, private: Any) -> None:
    (change,) = [one for one in org.plan(**ON).changes if isinstance(one, WriteBackLink)]
    assert (change.about.reference, change.reason) == ("acme/hub#1", "leads to its task")


def test_a_task_that_was_made_anew_is_followed_in_place(org: Organisation, private: Any) -> None:
    org.sync(**ON)
    (before,) = comments(private)
    org.asana.delete_task(org.task(private))
    org.sync(**ON)
    (after,) = comments(private)
    assert before != after == back_link_text(org.task(private).gid)


def test_a_comment_that_a_person_deleted_comes_back_and_one_of_theirs_stays(org: Organisation, private: Any) -> None:
    org.github.comment(private, "Please hurry", author="ana")
    org.sync(**ON)
    org.github.delete_comment(private.comments[1])
    org.sync(**ON)
    assert comments(private) == ["Please hurry", back_link_text(org.task(private).gid)]


def test_an_answer_that_was_lost_makes_no_second_comment(org: Organisation, private: Any) -> None:
    org.sandbox.faults.add(Cut("after"), service="github", method="POST", path="/comments$", times=1)
    report = org.sync(**ON)
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert [one.result for one in report.outcomes if isinstance(one.change, WriteBackLink)] == [Result.UNKNOWN]
    assert org.writes_of(**ON) == []
    assert len(comments(private)) == 1


def test_comments_that_cannot_be_read_cost_the_mirror_nothing(org: Organisation, private: Any) -> None:
    org.sandbox.faults.add(Status(502), service="github", operation="Comments")
    report = org.sync(**ON)
    assert org.has_task(private)
    assert comments(private) == []
    assert [one.subject for one in report.plan.problems] == ["read comments"]
    org.sandbox.faults.clear()
    org.sync(**ON)
    assert len(comments(private)) == 1


def test_a_token_that_may_not_write_is_told_after_everything_else_was_written(org: Organisation, private: Any) -> None:
    org.sandbox.github.options.read_only = True
    report = org.sync(**ON)
    assert report.exit_code is ExitCode.UNREADABLE
    assert org.rows(private)["Reef Watch Q3"]["Hours"] == 2
    (failed,) = [one for one in report.outcomes if one.result is Result.FAILED]
    assert "Issues: write" in failed.detail
