"""G. Hours, dates, contracts: what people do to allocations, communities and periods, and what hours are worth."""

from typing import Any

import pytest

from tests.e2e.organisation import Organisation, kinds, mirrored


def waiting(org: Organisation, issue: Any) -> float:
    """Return the hours of an issue that wait for an allocation."""
    return float(org.rows(issue).get("unplaced", {}).get("Hours") or 0)


def evidence(report: Any, kind: str) -> str:
    """Return what the one finding of a kind says."""
    [one] = [finding for finding in report.plan.findings if finding.kind == kind]
    return str(one.evidence)


def edit(org: Organisation, quarter: str, **cells: Any) -> None:
    """Let a person edit the row of an allocation; names of columns are written with underscores."""
    named = {name.replace("_", " "): value for name, value in cells.items()}
    org.airtable.edit_cells("Allocations", org.reef.allocations[quarter], named)


@pytest.mark.parametrize("absurd", [-3, 1e308, 10_000])
def test_fault_g01_absurd_hours_keep_the_last_good_value(org: Organisation, absurd: float) -> None:
    issue = mirrored(org)
    org.log_hours(issue, absurd)
    assert "hours_absurd" in kinds(org.sync())
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []


def test_fault_g01_hours_with_many_decimals_are_whole_minutes_once(org: Organisation) -> None:
    issue = mirrored(org, hours=2.3333333333)
    [row] = org.rows(issue).values()
    assert row["Hours"] == org.allocation(org.reef, "Q3")["Hours used"] == 2.33
    assert org.writes_of() == []


@pytest.mark.parametrize(
    ("end", "place", "day"),
    [
        ("2027-02-01", "Reef Watch Q3", "2026-08-10"),
        ("0202-08-01", "unplaced", "0202-08-01"),
        ("2024-02-29", "unplaced", "2024-02-29"),
    ],
)
def test_fault_g07_odd_board_dates_are_today_or_wait(org: Organisation, end: str, place: str, day: str) -> None:
    issue = org.issue("Reef Watch: fix", hours=2, End_date=end)
    report = org.sync()
    [(found, row)] = org.rows(issue).items()
    assert (found, row["Hours"], row["End"]) == (place, 2, day)
    assert ("unplaced" in kinds(report)) is (place == "unplaced")
    assert org.writes_of() == []


@pytest.mark.parametrize(
    ("q4_starts", "worked", "told"),
    [
        ("2026-08-01", "2026-08-03", "several allocations hold 2026-08-03"),
        ("2026-08-20", "2026-08-09", "no allocation holds 2026-08-09"),
    ],
    ids=["overlap", "gap"],
)
def test_fault_g11_overlap_and_gap_wait_with_both_candidates(
    org: Organisation, q4_starts: str, worked: str, told: str
) -> None:
    edit(org, "Q3", End="2026-08-05")
    edit(org, "Q4", Start=q4_starts)
    issue = org.issue("Reef Watch: fix", hours=2, End_date=worked)
    found = evidence(org.sync(), "unplaced")
    assert told in found
    assert "Reef Watch Q3 2026, Reef Watch Q4 2026" in found
    assert waiting(org, issue) == 2
    edit(org, "Q4", Start="2026-08-06")
    org.sync()
    assert waiting(org, issue) == 0
    assert sum(row["Hours"] for row in org.rows(issue).values()) == 2


def test_fault_g12_swapped_dates_are_told_by_the_row_and_seal_nothing(org: Organisation) -> None:
    issue = mirrored(org)
    edit(org, "Q3", Start="2026-09-30", End="2026-07-01")
    assert evidence(org.sync(), "row_dates_swapped").startswith("It starts on 2026-09-30 and ends on 2026-07-01")
    edit(org, "Q3", Start="2026-07-01", End="2026-09-30")
    org.log_hours(issue, 3)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert "Sealed on" not in org.allocation(org.reef, "Q3")
    assert not org.rows(issue)["Reef Watch Q3"].get("Late")


def test_fault_g12_usage_follows_a_changed_cap_and_a_shortened_allocation(org: Organisation) -> None:
    issue = mirrored(org, hours=4, End_date="2026-08-09")
    edit(org, "Q3", Hours_available=16)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours left"] == 12
    edit(org, "Q3", End="2026-08-05")
    edit(org, "Q4", Start="2026-08-06")
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0
    assert org.rows(issue)["Reef Watch Q4"]["Hours"] == 4
    assert org.writes_of() == []


def test_fault_g13_an_alias_of_two_communities_decides_nothing_and_is_told(org: Organisation) -> None:
    org.airtable.edit_cell("Communities", org.glacier.record, "Aliases", "RW\nGlacierHub")
    issue = org.issue("[RW] fix", hours=2)
    report = org.sync()
    assert waiting(org, issue) == 2
    assert "RW" in {finding.subject for finding in report.plan.findings if finding.kind == "shared_alias"}
    org.airtable.edit_cell("Communities", org.glacier.record, "Aliases", "GlacierHub")
    org.sync()
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2


def test_fault_g13_a_renamed_community_keeps_its_hours(org: Organisation) -> None:
    issue = mirrored(org)
    org.airtable.edit_cell("Communities", org.reef.record, "Name", "Coral Watch")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


def test_fault_g16_an_estimate_on_open_work_is_counted_and_told(org: Organisation) -> None:
    issue = mirrored(org, hours=5)
    org.days_pass(45)
    assert "hours_on_open_untouched" not in kinds(org.sync())
    org.days_pass(16)
    assert "hours_on_open_untouched" in kinds(org.sync())
    assert sum(row["Hours"] for row in org.rows(issue).values()) == 5


def test_fault_g17_completed_without_time_is_told_after_a_while_and_stays_completed(org: Organisation) -> None:
    issue = mirrored(org, hours=None)
    org.github.close(issue, "completed")
    assert "completed_without_time" not in kinds(org.sync())
    org.days_pass(7)
    assert "completed_without_time" in kinds(org.sync())
    assert org.task(issue).completed_at is not None
    assert list(org.sandbox.log.writes(service="github")) == []


def test_fault_g18_hours_on_an_allocation_that_was_completed_by_hand_count_as_overrun(org: Organisation) -> None:
    issue = mirrored(org, hours=7)
    org.asana.complete_task(org.reef.csh["Q3"])
    edit(org, "Q3", Status="Completed")
    org.log_hours(issue, 9)
    assert "9 of 8 h used: 1 h over" in evidence(org.sync(), "over_cap")
    assert org.allocation(org.reef, "Q3")["Hours left"] == -1
    assert org.reef.csh["Q3"].completed_at is not None


def test_fault_g21_work_that_goes_to_another_community_after_sealing_is_a_correction(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring", hours=3, End_date="2026-05-20")
    org.sync()
    org.sync()
    sealed = dict(org.allocation(org.reef, "Q2"))
    assert sealed["Sealed on"]
    org.github.edit(issue, title="Glacier Commons: spring")
    assert "Correction: -3 h in Reef Watch Q2 2026, +3 h in Glacier Commons" in evidence(
        org.sync(), "moved_after_sealing"
    )
    assert dict(org.allocation(org.reef, "Q2")) == sealed
    assert org.rows(issue)["Reef Watch Q2"]["Hours"] == 3
