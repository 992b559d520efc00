"""The periods a clause implies: they tile the contract, begin where the anchor says, and keep whole minutes."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.periods import implied_allocations
from sync.model.clause import Anchor, ClauseReading, Period

DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31))


def reading(period, anchor=None):
    return ClauseReading(minutes=480, period=period, anchor=anchor, extra_minutes=60)


@given(st.sampled_from(Period), st.sampled_from(Anchor), DAYS, st.integers(0, 1500))
def test_periods_tile_the_contract(period, anchor, start, length):
    end = start + timedelta(days=length)
    found = implied_allocations(reading(period, anchor), start, end)
    assert (found[0].start, found[-1].end) == (start, end)
    assert all(one.start <= one.end and (one.minutes, one.extra_minutes) == (480, 60) for one in found)
    assert all(one.end + timedelta(days=1) == two.start for one, two in pairwise(found))
    assert not any(one.cut for one in found[1:-1])


def starts(period, anchor, start, end):
    return [(str(one.start), one.cut) for one in implied_allocations(reading(period, anchor), start, end)]


@pytest.mark.parametrize(
    ("period", "anchor", "start", "end", "expected"),
    [
        (Period.MONTH, Anchor.CONTRACT, date(2026, 1, 31), date(2026, 4, 29),
         [("2026-01-31", False), ("2026-02-28", False), ("2026-03-31", False)]),
        (Period.YEAR, Anchor.CONTRACT, date(2024, 2, 29), date(2026, 2, 27),
         [("2024-02-29", False), ("2025-02-28", False)]),
        (Period.QUARTER, Anchor.CALENDAR, date(2026, 2, 10), date(2026, 8, 1),
         [("2026-02-10", True), ("2026-04-01", False), ("2026-07-01", True)]),
        (Period.HALF_YEAR, Anchor.CALENDAR, date(2026, 1, 1), date(2026, 12, 31),
         [("2026-01-01", False), ("2026-07-01", False)]),
        (Period.WEEK, Anchor.CALENDAR, date(2026, 9, 2), date(2026, 9, 13),
         [("2026-09-02", True), ("2026-09-07", False)]),
        (Period.TERM, None, date(2026, 2, 10), date(2026, 8, 1), [("2026-02-10", False)]),
    ],
)  # fmt: skip
def test_first_days(period, anchor, start, end, expected):
    assert starts(period, anchor, start, end) == expected


@pytest.mark.parametrize(
    "unknown",
    [ClauseReading(), reading(None), reading(Period.QUARTER), ClauseReading(period=Period.TERM)],
)
def test_nothing_follows_from_what_is_unknown(unknown):
    assert implied_allocations(unknown, date(2026, 1, 1), date(2026, 12, 31)) == ()


def test_the_last_days_a_date_can_name_do_not_stop_it():
    found = implied_allocations(reading(Period.WEEK, Anchor.CALENDAR), date(9999, 12, 1), date.max)
    assert found[-1].end == date.max
