"""Two iterations before a day, by a calendar with gaps, moves and an end."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.iterations import planning_day
from sync.model.issue import Iteration

DAY = timedelta(days=1)


def iteration(start: date, days: int = 14) -> Iteration:
    return Iteration(f"from {start}", start, start + timedelta(days=days - 1))


AUGUST = tuple(iteration(date(2026, 8, 3) + timedelta(days=14 * place)) for place in range(5))
"""3 Aug, 17 Aug, 31 Aug, 14 Sep, 28 Sep to 11 Oct."""


@pytest.mark.parametrize(
    ("start", "plan_by"),
    [
        (date(2026, 10, 1), date(2026, 8, 31)),  # in the last one: two whole ones lie before
        (date(2026, 9, 28), date(2026, 8, 31)),  # on its first day
        (date(2026, 9, 27), date(2026, 8, 17)),  # a day earlier, the one that holds it is not whole
        (date(2026, 10, 12), date(2026, 9, 14)),  # the day after the calendar: nothing can lie between
        (date(2026, 10, 13), None),  # further ones may be missing
        (date(2026, 8, 30), None),  # only one lies before
        (date(2026, 8, 1), None),
    ],
)
def test_two_whole_iterations_lie_before_the_start(start: date, plan_by: date | None) -> None:
    assert planning_day(AUGUST, start) == plan_by


def test_a_skipped_iteration_counts_nothing() -> None:
    without = (*AUGUST[:3], AUGUST[4])
    assert planning_day(without, date(2026, 10, 1)) == date(2026, 8, 17)
    assert planning_day(without, date(2026, 9, 20)) == date(2026, 8, 17)


def test_a_moved_iteration_counts_where_it_is_now() -> None:
    moved = (*AUGUST[:3], iteration(date(2026, 9, 21)), AUGUST[4])
    assert planning_day(moved, date(2026, 10, 12)) == date(2026, 9, 21)
    assert planning_day(moved, date(2026, 10, 1)) == date(2026, 8, 17)


def test_without_a_calendar_nothing_can_be_told() -> None:
    assert planning_day((), date(2026, 10, 1)) is None


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Iteration, ...]:
    day, found = date(2026, 1, 1), []
    for gap, days in draw(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 28)), max_size=12)):
        found.append(iteration(day + gap * DAY, days))
        day = found[-1].end + DAY
    return tuple(found)


days = st.dates(date(2025, 12, 1), date(2027, 6, 1))


@given(calendars(), days, st.integers(1, 4))
def test_exactly_so_many_whole_iterations_lie_between(calendar: tuple[Iteration, ...], start: date, ahead: int) -> None:
    day = planning_day(calendar, start, ahead)
    if day is not None:
        assert sum(1 for one in calendar if day <= one.start and one.end < start) == ahead
        assert any(one.start == day for one in calendar)


@given(calendars(), days, st.integers(1, 4))
def test_it_is_told_whenever_the_calendar_reaches(calendar: tuple[Iteration, ...], start: date, ahead: int) -> None:
    reaches = bool(calendar) and calendar[-1].end + DAY >= start
    before = sum(1 for one in calendar if one.end < start)
    assert (planning_day(calendar, start, ahead) is not None) == (reaches and before >= ahead)


@given(calendars(), days, days)
def test_a_later_start_is_planned_no_earlier(calendar: tuple[Iteration, ...], one: date, other: date) -> None:
    first, second = planning_day(calendar, min(one, other)), planning_day(calendar, max(one, other))
    if first is not None and second is not None:
        assert first <= second


@given(calendars(), days, st.randoms())
def test_the_order_and_what_comes_later_are_irrelevant(calendar: tuple[Iteration, ...], start: date, chance) -> None:
    day = planning_day(calendar, start)
    shuffled = list(calendar)
    chance.shuffle(shuffled)
    assert planning_day(shuffled, start) == day
    if day is not None:
        later = calendar[-1].end + 3 * DAY
        assert planning_day((*calendar, iteration(later)), start) == day
