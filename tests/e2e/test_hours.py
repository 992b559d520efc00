"""Hours over the quarters, end to end: dates, growth, sealing, late entries, Reopen (decision D8)."""

from typing import Any

import pytest

from tests.e2e.organisation import Organisation, kinds


def used(org: Organisation, quarter: str) -> float:
    return float(org.allocation(org.reef, quarter).get("Hours used", 0))


def record_of(org: Organisation, issue: Any, place: str) -> str:
    return str(org.airtable.find("Activity", {"Key": org.rows(issue)[place]["Key"]})[0])


def test_a_first_import_reaches_old_periods_and_seals_them(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    assert org.rows(issue)["Reef Watch Q2"]["Dated by"] == "board 2026-05-20"
    assert org.rows(issue)["Reef Watch Q2"]["Seal"] == "sealed 2026-08-10"
    q2 = org.allocation(org.reef, "Q2")
    assert (q2["Sealed on"], q2["Hours at sealing"]) == ("2026-08-10", 3)
    assert q2["Sealed rows"].split() == [org.rows(issue)["Reef Watch Q2"]["Key"], "180"]
    assert org.writes_of() == []


def test_growth_after_the_seal_is_late_and_goes_to_the_current_allocation(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    org.log_hours(issue, 4.5)
    org.sync()
    rows = org.rows(issue)
    assert rows["Reef Watch Q2"]["Hours"] == 3
    assert (rows["Reef Watch Q3"]["Hours"], rows["Reef Watch Q3"]["Late"]) == (1.5, True)
    assert rows["Reef Watch Q3"]["End"] == "2026-05-20"
    assert (used(org, "Q2"), used(org, "Q3")) == (3, 1.5)
    assert org.writes_of() == []


def test_hours_lowered_below_the_seal_are_a_finding_and_change_no_sealed_row(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    org.log_hours(issue, 1)
    report = org.sync()
    assert "lowered_after_sealing" in kinds(report)
    assert used(org, "Q2") == 3
    assert org.writes_of() == []


def test_an_edited_or_deleted_sealed_row_is_written_again(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    record = record_of(org, issue, "Reef Watch Q2")
    org.airtable.edit_cell("Activity", record, "Hours", 9)
    report = org.sync()
    assert "sealed_row_restored" in kinds(report)
    assert org.rows(issue)["Reef Watch Q2"]["Hours"] == 3
    org.airtable.delete_row("Activity", record)
    org.sync()
    assert org.rows(issue)["Reef Watch Q2"]["Hours"] == 3
    assert used(org, "Q2") == 3
    assert org.writes_of() == []


def test_reopen_lifts_the_seal_until_it_is_unticked(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    allocation = org.reef.allocations["Q2"]
    org.airtable.tick("Allocations", allocation, "Reopen")
    org.sync()
    assert "Sealed on" not in org.allocation(org.reef, "Q2")
    assert "Sealed rows" not in org.allocation(org.reef, "Q2")
    assert "Seal" not in org.rows(issue)["Reef Watch Q2"]
    assert used(org, "Q2") == 3
    assert org.writes_of() == []
    org.log_hours(issue, 2)
    org.sync()
    assert used(org, "Q2") == 2
    org.airtable.tick("Allocations", allocation, "Reopen", on=False)
    org.sync()
    assert org.allocation(org.reef, "Q2")["Hours at sealing"] == 2
    assert org.writes_of() == []


@pytest.mark.parametrize("edited", [True, False])
def test_a_sealed_row_is_written_again_also_when_its_issue_is_gone(org: Organisation, edited: bool) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    record = record_of(org, issue, "Reef Watch Q2")
    org.github.delete_issue(issue)
    org.sync()
    if edited:
        org.airtable.edit_cell("Activity", record, "Hours", 9)
    else:
        org.airtable.delete_row("Activity", record)
    assert "sealed_row_restored" in kinds(org.sync())
    assert org.rows(issue)["Reef Watch Q2"]["Hours"] == 3
    assert org.rows(issue)["Reef Watch Q2"]["Allocation"] == [org.reef.allocations["Q2"]]
    assert used(org, "Q2") == 3
    assert org.writes_of() == []


def test_hours_follow_a_changed_board_date_as_long_as_nothing_is_sealed(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2, End_date="2026-08-01")
    org.sync()
    org.days_pass(60)
    org.github.set_board(issue, org.board, {"End date": "2026-10-05"})
    org.sync()
    assert (used(org, "Q3"), used(org, "Q4")) == (0, 2)
    assert org.task(issue).parent is org.reef.csh["Q4"]
    org.github.set_board(issue, org.board, {"End date": None})
    org.sync()
    assert (used(org, "Q3"), used(org, "Q4")) == (0, 2)
    assert org.writes_of() == []


def test_time_passing_alone_moves_no_minutes(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    for _ in range(5):
        org.days_pass(20)
        org.sync()
        assert used(org, "Q3") == 2
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []


def test_shrinkage_comes_off_the_newest_row_first(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    org.days_pass(55)
    org.log_hours(issue, 5)
    org.sync()
    assert (used(org, "Q3"), used(org, "Q4")) == (2, 3)
    assert org.task(issue).parent is org.reef.csh["Q4"]
    org.log_hours(issue, 1.5)
    org.sync()
    assert (used(org, "Q3"), used(org, "Q4")) == (1.5, 0)
    assert org.writes_of() == []


def test_absurd_hours_leave_the_rows_untouched_and_are_a_finding(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    for absurd in (-3, 5000):
        org.log_hours(issue, absurd)
        report = org.sync()
        assert "hours_absurd" in kinds(report)
        assert used(org, "Q3") == 2
        assert org.writes_of() == []


def test_a_missing_hours_column_lowers_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    org.github.rename_field(org.board, "GitHub Hours", "Effort")
    org.github.edit(issue, title="Reef Watch: works")
    report = org.sync()
    assert org.task(issue).name == "Reef Watch: works"
    assert used(org, "Q3") == 2
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2
    assert "field_changed" in kinds(report)
    org.github.rename_field(org.board, "Effort", "Hours spent")
    org.sync()
    assert "hours_unknown" not in kinds(org.sync())


def test_an_unsealed_row_edited_or_deleted_by_hand_comes_back_in_sum(org: Organisation) -> None:
    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    record = record_of(org, issue, "Reef Watch Q3")
    org.airtable.edit_cell("Activity", record, "Hours", 9)
    org.sync()
    assert used(org, "Q3") == 2
    org.airtable.delete_row("Activity", record)
    org.sync()
    assert used(org, "Q3") == 2
    assert org.writes_of() == []


def test_a_row_duplicated_by_hand_holds_that_key_only(org: Organisation) -> None:
    issue, other = org.issue("Reef Watch: work", hours=2), org.issue("Reef Watch: other", hours=1)
    org.sync()
    copy = org.airtable.duplicate_row("Activity", record_of(org, issue, "Reef Watch Q3"))
    org.log_hours(issue, 3)
    org.log_hours(other, 2)
    report = org.sync()
    assert "twin_rows" in kinds(report)
    assert org.airtable.row("Activity", copy)["Hours"] == 2
    assert org.rows(other)["Reef Watch Q3"]["Hours"] == 2
    org.airtable.delete_row("Activity", copy)
    org.sync()
    assert used(org, "Q3") == 5
    assert org.writes_of() == []


def test_both_kinds_of_time_count_and_are_shown_with_both_readings(org: Organisation) -> None:
    from datetime import date  # noqa: PLC0415

    issue = org.issue("Reef Watch: work", hours=2)
    org.sync()
    org.asana.log_minutes(org.task(issue), 90, date(2026, 8, 10))
    report = org.sync()
    assert used(org, "Q3") == 3.5
    finding = next(one for one in report.plan.findings if one.kind == "logged_in_both")
    assert "3.5 h if they are two" in finding.evidence
    assert org.writes_of() == []
