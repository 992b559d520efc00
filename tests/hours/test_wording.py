"""Pace, forecast and status in words that may stand in a cell."""

from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.usage import Entry, usage
from sync.hours.wording import forecast_text, pace_text, status_text
from tests.hours.building import quarter

FIRST, LAST = date(2025, 7, 1), date(2025, 9, 30)
MIDDLE = date(2025, 8, 15)
"""Half of the third quarter's working days are over."""


def used(minutes, today=MIDDLE, *, available=480, extra=0, planned=0, **more):
    allocation = quarter("q3", minutes=available, extra_minutes=extra, **more)
    return usage(allocation, [Entry(minutes, FIRST)], today, name="Reef Watch", planned_minutes=planned)


@pytest.mark.parametrize(
    ("minutes", "today", "text"),
    [
        (48, MIDDLE, "under pace: 10 % of the hours used, over a quarter of the period gone"),
        (240, date(2025, 8, 18), "on pace: 50 % of the hours used, over half of the period gone"),
        (479, date(2025, 9, 29), "on pace: 99 % of the hours used, over three quarters of the period gone"),
        (720, MIDDLE, "ahead of pace: 150 % of the hours used, over a quarter of the period gone"),
        (240, date(2025, 7, 2), ""),
        (240, date(2025, 10, 1), ""),
        (240, date(2025, 6, 1), ""),
    ],
)
def test_the_pace_tells_shares_of_hours_and_of_time(minutes, today, text):
    assert pace_text(used(minutes, today)) == text


@pytest.mark.parametrize(
    ("minutes", "planned", "extra", "text"),
    [
        (60, 0, 0, "at the rate so far up to a quarter of 8 h"),
        (150, 0, 0, "at the rate so far over half of 8 h"),
        (150, 15, 0, "at the rate so far, planned work included, over half of 8 h"),
        (150, 90, 0, "at the rate so far over half of 8 h; with planned work over three quarters of 8 h"),
        (240, 0, 0, "at the rate so far over three quarters of 8 h"),
        (241, 0, 0, "at the rate so far more than 8 h"),
        (241, 0, 60, "at the rate so far more than 8 h, within the extra hours"),
        (270, 0, 60, "at the rate so far more than 8 h, within the extra hours"),
        (271, 0, 60, "at the rate so far more than 8 h and the 1 extra h"),
        (300, 0, 60, "at the rate so far more than 8 h and the 1 extra h"),
        (59, 0, 0, ""),
    ],
)
def test_the_forecast_tells_how_far_the_hours_will_be_used(minutes, planned, extra, text):
    assert forecast_text(used(minutes, planned=planned, extra=extra)) == text


def test_without_agreed_hours_there_is_nothing_to_hold_a_forecast_against():
    assert forecast_text(used(240, available=None)) == forecast_text(used(240, available=0)) == ""
    assert pace_text(used(240, available=None)) == ""


@pytest.mark.parametrize(
    ("minutes", "today", "extra", "text"),
    [
        (0, date(2025, 6, 1), 0, "not begun"),
        (0, MIDDLE, 0, "unused"),
        (0, date(2025, 10, 1), 0, "unused, ended"),
        (60, MIDDLE, 0, "under"),
        (240, MIDDLE, 0, "on pace"),
        (400, MIDDLE, 0, "near"),
        (480, MIDDLE, 0, "used up"),
        (480, MIDDLE, 60, "used up, extra hours left"),
        (540, MIDDLE, 60, "used up"),
        (541, MIDDLE, 60, "over"),
        (60, date(2025, 10, 1), 0, "ended"),
    ],
)
def test_the_status_is_the_level_and_whether_something_is_left_to_use(minutes, today, extra, text):
    assert status_text(used(minutes, today, extra=extra)) == text


def test_an_allocation_without_days_or_hours_says_so():
    assert status_text(used(60, end=None)) == "unknown: its days are missing or swapped"
    assert status_text(used(60, available=None)) == "no hours"


ENTRIES = st.lists(st.integers(0, 900), max_size=5)


@given(ENTRIES, st.integers(0, 3000), st.integers(0, 600), st.integers(0, 600))
def test_time_alone_changes_each_text_seldom_and_never_back(entries, available, extra, planned):
    allocation = quarter("q3", minutes=available, extra_minutes=extra)
    counted = [Entry(minutes, FIRST) for minutes in entries]
    days = [FIRST + timedelta(days=day) for day in range(-20, (LAST - FIRST).days + 40)]
    usages = [usage(allocation, counted, day, name="Reef Watch", planned_minutes=planned) for day in days]
    for text, most in ((pace_text, 7), (forecast_text, 12), (status_text, 4)):
        told = [words for words, _ in groupby(map(text, usages))]
        inside = [words for words in told if words]
        assert len(inside) == len(set(inside))
        assert len(told) <= most + 1
        assert told[-1] == told[-1].strip()
