"""Closing and leaving, row by row of decision D6. Absence is never proof."""

from datetime import date
from typing import Any

import pytest

from sandbox.core import Rewrite
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation, kinds


def test_closed_as_completed_completes_the_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.sync()
    org.github.close(issue, "completed")
    org.sync()
    assert org.task(issue).completed_at is not None
    assert org.rows(issue)["Reef Watch Q3"]["State"] == "Completed"


@pytest.mark.parametrize("reason", ["not_planned", "duplicate"])
def test_closed_undelivered_removes_the_task_and_counts_nothing(org: Organisation, reason: Any) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.close(issue, reason)
    org.sync()
    assert not org.has_task(issue)
    row = org.rows(issue)["Reef Watch Q3"]
    assert (row["Hours"], row["State"]) == (0, "Not delivered")
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0
    assert org.writes_of() == []


@pytest.mark.parametrize("kept_by", ["time", "comment", "attachment", "child"])
def test_closed_undelivered_is_held_when_people_added_something(org: Organisation, kept_by: str) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    task = org.task(issue)
    match kept_by:
        case "time":
            org.asana.log_minutes(task, 30, date(2026, 8, 9))
        case "comment":
            org.asana.comment_on(task, "we talked")
        case "attachment":
            org.asana.attach_file(task, "notes.pdf")
        case "child":
            org.asana.add_task("hand-made", parent=task)
    org.github.close(issue, "not_planned")
    report = org.sync()
    assert "held_with_content" in kinds(report)
    assert org.has_task(issue)
    assert org.asana.field_value(org.task(issue), org.hours_field) is None
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 0
    assert org.allocation(org.reef, "Q3")["Hours used"] == (0.5 if kept_by == "time" else 0)
    assert org.writes_of() == []


def test_reopened_before_a_run_keeps_the_same_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.sync()
    before = org.task(issue).gid
    org.github.close(issue, "completed")
    org.sync()
    org.github.reopen(issue)
    org.sync()
    assert org.task(issue).gid == before
    assert org.task(issue).completed_at is None


def test_reopened_after_removal_is_made_anew_with_its_hours(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.close(issue, "not_planned")
    org.sync()
    org.github.reopen(issue)
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2
    assert "Restored" not in org.rows(issue)["Reef Watch Q3"]
    assert org.writes_of() == []


def test_a_parent_goes_only_after_its_children_were_re_homed(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent", hours=1)
    child = org.issue("child", labels=(), parent=parent, hours=1)
    org.sync()
    org.github.close(parent, "not_planned")
    org.sync()
    assert not org.has_task(parent)
    assert org.task(child).parent is org.reef.csh["Q3"]
    assert org.rows(child)["Reef Watch Q3"]["Hours"] == 1
    assert org.writes_of() == []


def test_a_child_not_planned_goes_alone(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent", hours=1)
    child = org.issue("child", labels=(), parent=parent)
    org.sync()
    org.github.close(parent, "completed")
    org.github.close(child, "not_planned")
    org.sync()
    assert org.task(parent).completed_at is not None
    assert not org.has_task(child)


def test_a_label_removed_from_an_issue_without_hours_removes_its_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    org.github.unlabel(issue, "CSH")
    org.sync()
    assert not org.has_task(issue)
    assert org.rows(issue)["Reef Watch Q3"]["State"] == "Out of scope"
    assert org.writes_of() == []


def test_a_label_removed_from_an_issue_with_hours_holds_it(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.unlabel(issue, "CSH")
    report = org.sync()
    assert "held_with_hours" in kinds(report)
    assert org.has_task(issue)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []


def test_a_label_put_back_finds_the_same_issue_again(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    org.github.unlabel(issue, "CSH")
    org.sync()
    org.github.label(issue, "CSH")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []


def test_a_label_renamed_in_a_repository_removes_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    org.github.rename_label("hub", "CSH", "CS-Hours")
    report = org.sync()
    assert org.has_task(issue)
    assert "out_of_sight" in kinds(report)


def test_a_deleted_issue_loses_its_task_only_without_hours(org: Organisation) -> None:
    empty, full = org.issue("Reef Watch: a"), org.issue("Reef Watch: b", hours=1)
    org.sync()
    org.github.delete_issue(empty)
    org.github.delete_issue(full)
    report = org.sync()
    assert [task.name for task in org.asana.tasks_in(org.home)] == ["Reef Watch: b"]
    assert "held_with_hours" in kinds(report)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1


def test_a_transfer_keeps_task_and_rows_and_rewrites_the_address(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    gid, key = org.task(issue).gid, org.rows(issue)["Reef Watch Q3"]["Key"]
    moved = org.github.transfer(issue, "docs")
    org.github.set_board(moved, org.board, {"GitHub Hours": 3})
    org.sync()
    assert org.task(moved).gid == gid
    rows = [row for row in org.airtable.rows("Activity").values() if row["Key"] == key]
    assert [row["Hours"] for row in rows] == [3]
    assert rows[0]["URL"] == org.url(moved)
    assert len(org.airtable.rows("Activity")) == 1
    assert org.writes_of() == []


def test_a_transfer_that_loses_the_label_holds_the_task(org: Organisation) -> None:
    org.github.add_repository("bare")
    issue = org.issue("Reef Watch: fix")
    org.sync()
    org.github.transfer(issue, "bare")
    report = org.sync()
    assert len(org.asana.tasks_in(org.home)) == 1
    assert "out_of_sight" in kinds(report)


def test_a_repository_that_turns_404_removes_and_lowers_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    bare = org.issue("Reef Watch: no hours")
    org.sync()
    org.github.hide_repository("hub")
    report = org.sync()
    assert report.exit_code in {ExitCode.FINE, ExitCode.UNREADABLE, ExitCode.REFUSED}
    assert org.has_task(issue)
    assert org.has_task(bare)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert "out_of_sight" in kinds(report)
    org.github.show_repository("hub")
    org.sync()
    assert org.writes_of() == []


def test_a_label_filter_that_answers_an_empty_page_removes_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    child = org.issue("child", labels=(), parent=issue)
    org.sync()

    def empty(body: Any) -> Any:
        for part in (body.get("data") or {}).values():
            if isinstance(part, dict) and "issues" in part:
                part["issues"] = {**part["issues"], "totalCount": 0, "nodes": []}
                part["issues"]["pageInfo"] = {"hasNextPage": False, "endCursor": None}
        return body

    org.sandbox.faults.add(Rewrite(empty), service="github", times=1000)
    org.log_hours(issue, 3)
    org.sync()
    assert org.has_task(issue)
    assert org.has_task(child)
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 3
    org.sandbox.faults.clear()
    # Pace and forecast wait for a complete reading; nothing else is left to write.
    assert [(one.service, one.method) for one in org.writes_of()] == [("airtable", "PATCH")]
    assert org.allocation(org.reef, "Q3")["Pace"].startswith("on pace: 37 %")
    assert org.writes_of() == []


def test_a_task_deleted_by_hand_is_made_again_once_and_then_stays_deleted(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.asana.delete_task(org.task(issue))
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue)["Reef Watch Q3"]["Restored"] == 1
    assert org.writes_of() == []
    org.asana.delete_task(org.task(issue))
    report = org.sync()
    assert not org.has_task(issue)
    assert "deleted_twice" in kinds(report)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []
    record = org.airtable.find("Activity", {"Key": org.rows(issue)["Reef Watch Q3"]["Key"]})[0]
    org.airtable.edit_cell("Activity", record, "Restored", None)
    org.sync()
    assert org.has_task(issue)
    assert org.writes_of() == []


def test_a_task_that_left_the_home_project_is_added_again(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    gid = org.task(issue).gid
    org.asana.remove_task_from_project(org.task(issue), org.home)
    org.sync()
    assert org.task(issue).gid == gid
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2
    assert org.writes_of() == []


def test_a_list_that_leaves_a_member_out_makes_no_second_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    task = org.task(issue)
    org.sandbox.asana.options.unlisted.add(task.gid)
    org.issue("Reef Watch: new")
    report = org.sync()
    assert report.exit_code is ExitCode.UNREADABLE
    assert len(org.asana.tasks_in(org.home)) == 1
    org.sandbox.asana.options.unlisted.clear()
    org.sync()
    assert len(org.asana.tasks_in(org.home)) == 2
    assert org.writes_of() == []


def test_an_issue_that_was_never_mirrored_and_not_planned_leaves_no_trace(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.github.close(issue, "not_planned")
    org.sync()
    assert not org.has_task(issue)
    assert org.rows(issue) == {}


def test_issues_closed_before_the_since_day_are_neither_mirrored_nor_counted(org: Organisation) -> None:
    old, recent = org.issue("Reef Watch: old", hours=1), org.issue("Reef Watch: recent", hours=1)
    org.github.close(old, "completed")
    org.days_pass(5)
    org.github.close(recent, "completed")
    org.sync(CSH_GITHUB__SINCE="2026-08-12")
    assert not org.has_task(old)
    assert org.rows(old) == {}
    assert org.has_task(recent)
