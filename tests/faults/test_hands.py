"""E. Asana, F. Airtable: what people and administrators do there; G. Hours."""

from datetime import date
from typing import Any

import pytest

from sandbox.core import Status
from sync.errors import CshSyncError, ExitCode
from tests.e2e.organisation import Organisation, kinds, mirrored


def ended(org: Organisation) -> ExitCode:
    """Run once and return how it ended, whether it told so or raised."""
    try:
        return org.sync().exit_code
    except CshSyncError as error:
        return error.exit_code


def only_row(org: Organisation) -> str:
    [record] = org.airtable.rows("Activity")
    return record


def test_fault_e01_task_moved_by_a_person_stays_there(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q4"])
    org.github.edit(issue, title="Reef Watch: new name")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q4"]
    assert org.task(issue).name == "Reef Watch: new name"


def test_fault_e02_task_completed_by_a_person_is_set_back_and_listed(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.complete_task(org.task(issue))
    report = org.sync()
    assert org.task(issue).completed_at is None
    assert any(change.edited_in_asana for one in report.plan.changes for change in getattr(one, "changes", ()))


def test_fault_e03_task_deleted_twice_by_a_person_stays_deleted(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.delete_task(org.task(issue))
    org.sync()
    assert org.has_task(issue)
    org.asana.delete_task(org.task(issue))
    org.sync()
    assert not org.has_task(issue)
    org.sync()
    assert org.writes_of() == []


def test_fault_e05_task_duplicated_by_a_person(org: Organisation) -> None:
    issue = mirrored(org)
    twin = org.asana.duplicate_task(org.task(issue))
    assert "twin_tasks" in kinds(org.sync())
    assert twin.trashed is None
    org.sync()
    assert twin.trashed is not None


def test_fault_e06_address_typed_on_a_hand_made_task_outside_the_home_project(org: Organisation) -> None:
    issue = mirrored(org)
    hand = org.asana.add_task("by hand", parent=org.reef.csh["Q3"])
    hand.values[org.url_field.gid] = org.url(issue)
    before = (hand.name, hand.parent, dict(hand.values), hand.modified_at)
    org.sync()
    assert (hand.name, hand.parent, dict(hand.values), hand.modified_at) == before


def test_fault_e07_address_cleared_by_a_person_is_repaired(org: Organisation) -> None:
    issue = mirrored(org)
    task = org.task(issue)
    org.asana.edit_field(task, org.url_field, None)
    org.sync()
    assert org.task(issue) is task


def test_fault_e08_hours_in_both_places_are_a_finding(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.log_minutes(org.task(issue), 30, date(2026, 8, 9))
    report = org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2.5
    assert "logged_in_both" in kinds(report)


@pytest.mark.parametrize("how", ["removed", "retyped"])
def test_fault_e09_field_of_ours_gone_or_changed_is_refused(org: Organisation, how: str) -> None:
    mirrored(org)
    if how == "removed":
        org.asana.remove_field_from_project(org.home, org.hours_field)
    else:
        org.asana.retype_field(org.hours_field, "text")
    org.issue("Reef Watch: another", hours=1)
    mark = org.sandbox.log.mark()
    assert ended(org) in {ExitCode.REFUSED, ExitCode.USAGE}
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_fault_e15_no_break_space_in_a_title_is_no_endless_rename(org: Organisation) -> None:
    org.issue("Reef Watch:\u00a0fix", hours=1)
    org.sync()
    assert org.writes_of() == []


def test_fault_e16_lists_lag_behind_writes(org: Organisation) -> None:
    org.sandbox.asana.options.list_lag = 30
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(3)]
    for _ in range(3):
        org.sync()
    assert all(org.task(issue) for issue in issues)


@pytest.mark.parametrize("lists", ["empty", "forbidden"])
def test_fault_e17_token_loses_the_home_project(org: Organisation, lists: Any) -> None:
    for number in range(11):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sync()
    org.sandbox.asana.options.denied = {org.home.gid}
    org.sandbox.asana.options.denied_lists = lists
    mark = org.sandbox.log.mark()
    assert ended(org) in {ExitCode.REFUSED, ExitCode.UNREADABLE}
    assert list(org.sandbox.log.writes(since=mark, service="asana")) == []


def test_fault_e23_restored_from_the_trash_by_hand(org: Organisation) -> None:
    issue = mirrored(org)
    task = org.task(issue)
    org.github.close(issue, "not_planned")
    org.sync()
    org.asana.restore_task(task)
    org.github.reopen(issue)
    org.sync()
    assert org.task(issue) is task


def test_fault_f04_row_deleted_by_a_person_is_written_again(org: Organisation) -> None:
    issue = mirrored(org)
    org.airtable.delete_row("Activity", only_row(org))
    org.sync()
    assert len(org.rows(issue)) == 1
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


def test_fault_f05_row_duplicated_by_a_person_holds_that_key_only(org: Organisation) -> None:
    issue = mirrored(org)
    org.airtable.duplicate_row("Activity", only_row(org))
    other = org.issue("Reef Watch: other", hours=1)
    report = org.sync()
    assert "twin_rows" in kinds(report)
    assert len(org.rows(other)) == 1
    assert org.has_task(issue)


def test_fault_f06_owned_cell_edited_by_a_person_is_set_back(org: Organisation) -> None:
    mirrored(org)
    org.airtable.edit_cell("Activity", only_row(org), "Title", "mine")
    org.sync()
    assert org.airtable.row("Activity", only_row(org))["Title"] == "Reef Watch: fix"


def test_fault_f07_cells_of_people_survive_every_run(org: Organisation) -> None:
    issue = mirrored(org)
    typed = {"Report text": "we fixed it \n", "Internal": True, "Notes": "=SUM(1)"}
    org.airtable.edit_cells("Activity", only_row(org), typed)
    org.log_hours(issue, 3)
    org.sync()
    row = org.airtable.row("Activity", only_row(org))
    assert {name: row[name] for name in typed} == typed


def test_fault_f09_one_bad_record_in_ten(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(10)]
    refusal = {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": "no"}}
    org.sandbox.faults.add(
        Status(422, refusal),
        service="airtable",
        method="PATCH",
        where=lambda record: "Reef Watch: 4" in str(record.body),
    )
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    assert sum(bool(org.rows(issue)) for issue in issues) == 9


def test_fault_g02_hours_lowered_in_the_open_period(org: Organisation) -> None:
    issue = mirrored(org, hours=8)
    org.log_hours(issue, 5)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5


def test_fault_g03_hours_lowered_after_sealing(org: Organisation) -> None:
    issue = mirrored(org, hours=3, End_date="2026-05-20")
    org.log_hours(issue, 1)
    org.sync()
    assert org.allocation(org.reef, "Q2")["Hours used"] == 3


def test_fault_g04_hours_raised_after_sealing_are_late(org: Organisation) -> None:
    issue = mirrored(org, hours=3, End_date="2026-05-20")
    org.log_hours(issue, 5)
    org.sync()
    assert org.allocation(org.reef, "Q2")["Hours used"] == 3
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.rows(issue)["Reef Watch Q3"]["Late"]


def test_fault_g05_cleared_is_nothing(org: Organisation) -> None:
    issue = mirrored(org)
    org.log_hours(issue, None)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0


def test_fault_g06_end_date_moved_across_the_quarter(org: Organisation) -> None:
    issue = mirrored(org, hours=3, End_date="2026-08-01")
    org.sandbox.clock.advance(days=55)
    org.github.set_board(issue, org.board, {"End date": "2026-10-02"})
    org.sync()
    assert sum(cells["Hours"] for cells in org.rows(issue).values()) == 3
    assert org.rows(issue)["Reef Watch Q4"]["Hours"] == 3


def test_fault_g14_hours_in_both_places_are_counted_and_told(org: Organisation) -> None:
    issue = mirrored(org, hours=1)
    org.asana.log_minutes(org.task(issue), 60, date(2026, 8, 9))
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


def test_fault_g15_parent_and_child_each_count_on_their_own(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent", hours=1)
    org.issue("part", parent=parent, labels=(), hours=2)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
