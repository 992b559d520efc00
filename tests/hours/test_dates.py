# ruff: noqa: N802 (the id of a fault is part of the name of its test)
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.dates import work_date
from sync.hours.values import WorkDate
from sync.model.issue import BoardUnknown, EmptyHours, LoggedHours, NotOnBoard, UnknownHours
from tests.hours.building import issue

TODAY = date(2025, 8, 20)
CLOSED = datetime(2025, 8, 10, 12, 0, tzinfo=UTC)
LOGGED = LoggedHours(60, date(2025, 8, 12))


def dated(subject, today=TODAY, zone="UTC"):
    return work_date(subject, today, ZoneInfo(zone))


def test_the_boards_end_date_comes_before_everything_else():
    found = dated(issue(LOGGED, end=date(2025, 8, 1), iteration_end=date(2025, 7, 1), closed_at=CLOSED))
    assert found == WorkDate(date(2025, 8, 1), "board 2025-08-01")
    assert found.explicit


def test_a_board_date_to_come_counts_as_today_and_stands_in_the_evidence_as_it_is():
    assert dated(issue(LOGGED, end=date(2025, 8, 24))) == WorkDate(TODAY, "board 2025-08-24")


@pytest.mark.parametrize(
    ("iteration_end", "expected"),
    [
        (date(2025, 8, 9), WorkDate(date(2025, 8, 9), "iteration")),
        (date(2025, 8, 10), WorkDate(date(2025, 8, 10), "iteration")),
        (date(2025, 8, 11), WorkDate(date(2025, 8, 10), "close")),
        (None, WorkDate(date(2025, 8, 10), "close")),
    ],
)
def test_the_earlier_of_iteration_end_and_close_counts(iteration_end, expected):
    assert dated(issue(LOGGED, iteration_end=iteration_end, closed_at=CLOSED)) == expected


def test_an_iteration_that_still_runs_counts_as_today():
    assert dated(issue(LOGGED, iteration_end=date(2025, 9, 1))) == WorkDate(TODAY, "iteration")


def test_an_open_issue_without_dates_counts_on_the_day_its_hours_were_written():
    assert dated(issue(LOGGED)) == WorkDate(date(2025, 8, 12), "hours")


def test_hours_written_on_a_day_to_come_count_as_today():
    assert dated(issue(LoggedHours(60, date(2025, 8, 21)))) == WorkDate(TODAY, "hours")


@pytest.mark.parametrize("hours", [LoggedHours(60), EmptyHours(), UnknownHours("no answer")])
def test_without_any_evidence_work_counts_today(hours):
    assert dated(issue(hours)) == WorkDate(TODAY, "today")
    assert not dated(issue(hours)).explicit


@pytest.mark.parametrize("board", [NotOnBoard(), BoardUnknown("no answer")])
def test_an_issue_whose_board_says_nothing_counts_by_its_close(board):
    assert dated(issue(LOGGED, board=board, closed_at=CLOSED)) == WorkDate(date(2025, 8, 10), "close")


@pytest.mark.parametrize(
    ("end", "day"),
    [
        (date(2031, 1, 1), TODAY),
        (date(202, 8, 1), date(202, 8, 1)),
        (date(2024, 2, 29), date(2024, 2, 29)),
        (date(2024, 12, 31), date(2024, 12, 31)),
    ],
)
def test_fault_G07_odd_board_dates_are_days_like_others_and_never_to_come(end, day):
    assert dated(issue(LOGGED, end=end)).day == day


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Pago_Pago", date(2025, 6, 30)),
        ("UTC", date(2025, 6, 30)),
        ("Pacific/Kiritimati", date(2025, 7, 1)),
    ],
)
@pytest.mark.parametrize("minute", [0, 59])
def test_fault_G08_a_close_around_midnight_falls_on_the_day_of_the_configured_zone(zone, day, minute):
    closed = datetime(2025, 6, 30, 23, minute, tzinfo=UTC)
    for today in (date(2025, 7, 1), date(2025, 7, 2)):
        assert dated(issue(LOGGED, closed_at=closed), today, zone) == WorkDate(day, "close")


@pytest.mark.parametrize(
    ("closed", "day"),
    [
        (datetime(2025, 3, 29, 22, 59, tzinfo=UTC), date(2025, 3, 29)),
        (datetime(2025, 3, 29, 23, 0, tzinfo=UTC), date(2025, 3, 30)),
        (datetime(2025, 3, 30, 21, 59, tzinfo=UTC), date(2025, 3, 30)),
        (datetime(2025, 3, 30, 22, 0, tzinfo=UTC), date(2025, 3, 31)),
        (datetime(2025, 10, 25, 22, 0, tzinfo=UTC), date(2025, 10, 26)),
        (datetime(2025, 10, 26, 22, 59, tzinfo=UTC), date(2025, 10, 26)),
        (datetime(2025, 10, 26, 23, 0, tzinfo=UTC), date(2025, 10, 27)),
    ],
)
def test_fault_G09_days_of_23_and_25_hours_begin_and_end_at_local_midnight(closed, day):
    assert dated(issue(LOGGED, closed_at=closed), date(2025, 12, 1), "Europe/Paris").day == day


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@given(
    end=st.none() | days,
    iteration_end=st.none() | days,
    closed_at=st.none() | st.builds(datetime.combine, days, st.times(), st.just(UTC)),
    changed_on=st.none() | days,
    today=days,
)
def test_no_work_is_ever_dated_in_the_future(end, iteration_end, closed_at, changed_on, today):
    subject = issue(LoggedHours(60, changed_on), end=end, iteration_end=iteration_end, closed_at=closed_at)
    assert dated(subject, today).day <= today
