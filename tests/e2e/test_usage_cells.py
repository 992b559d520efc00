"""Pace, Forecast and Usage status on allocations: written where the base has them, and seldom by time alone."""

from typing import Any

import pytest

from sync.errors import ExitCode
from tests.e2e.organisation import Organisation

WORDS = ("Pace", "Forecast", "Usage status")


def words(org: Organisation, quarter: str = "Q3") -> tuple[str, ...]:
    cells = org.allocation(org.reef, quarter)
    return tuple(str(cells.get(name, "")) for name in WORDS)


def test_the_cells_say_pace_forecast_and_level_of_running_coming_and_past_allocations(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sync()
    assert words(org) == (
        "on pace: 25 % of the hours used, over a quarter of the period gone",
        "at the rate so far over half of 8 h",
        "on pace",
    )
    assert words(org, "Q2") == ("", "", "unused, ended")
    assert words(org, "Q4") == ("", "", "not begun")
    assert org.writes_of() == []


def test_a_day_later_nothing_is_written_and_at_the_end_only_what_is_then_true(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sync()
    before = words(org)
    for _ in range(3):
        org.days_pass(1)
        assert org.writes_of() == []
    assert words(org) == before
    org.days_pass(60)
    assert org.writes_of() != []
    assert (words(org), words(org, "Q4")[2]) == (("", "", "ended"), "unused")
    assert org.writes_of() == []


@pytest.mark.parametrize("lacking", [("Pace",), WORDS])
def test_a_base_without_the_columns_goes_on_as_before(org: Organisation, lacking: tuple[str, ...]) -> None:
    for name in lacking:
        org.airtable.delete_field("Allocations", name)
    org.issue("Reef Watch: fix", hours=2)
    report = org.sync()
    assert not report.refused
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []


def test_what_could_not_be_read_leaves_the_words_as_they_are(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    before = words(org)
    org.log_hours(issue, 9)
    org.days_pass(30)
    report = org.sync(CSH_SENTINELS__TASK="4711")
    assert report.exit_code is ExitCode.UNREADABLE
    assert words(org) == before
    org.sync()
    assert words(org)[2] == "over"


def test_a_person_s_words_in_a_cell_of_ours_are_written_again(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sync()
    before: Any = words(org)
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Usage status", "all fine")
    org.sync()
    assert words(org) == before
