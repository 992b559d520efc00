"""The periods that a clause implies between a contract's first and last day."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import count

from sync.model.clause import Anchor, ClauseReading, ImpliedAllocation, Period

MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF_YEAR: 6, Period.YEAR: 12}


def implied_allocations(reading: ClauseReading, start: date, end: date) -> tuple[ImpliedAllocation, ...]:
    """Return the periods from *start* to *end*, both inclusive, without gap or overlap.

    Empty when minutes, period or (except for the whole term) anchor is unknown, or *end* is before *start*.
    A period cut short keeps its full minutes: whether it should have fewer is a person's question.
    """
    period = reading.period
    if reading.minutes is None or period is None or end < start:
        return ()
    if period is Period.TERM:
        return (ImpliedAllocation(start, end, reading.minutes, reading.extra_minutes),)
    if reading.anchor is None:
        return ()
    found = []
    for first, last in _whole_periods(period, reading.anchor, start, end):
        cut = first < start or last > end
        days = max(first, start), min(last, end)
        found.append(ImpliedAllocation(*days, reading.minutes, reading.extra_minutes, cut))
    return tuple(found)


def about_cuts(found: Iterable[ImpliedAllocation]) -> tuple[str, ...]:
    """Return what to ask about periods that the contract's dates cut short."""
    return tuple(
        f"The contract's dates cut the period {one.start} to {one.end} short: does it have the full hours?"
        for one in found
        if one.cut
    )


def _whole_periods(period: Period, anchor: Anchor, start: date, end: date) -> Iterator[tuple[date, date]]:
    """Return the first and last days of the whole periods that touch the days from *start* to *end*."""
    origin = start if anchor is Anchor.CONTRACT else _calendar_start(period, start)
    for place in count():
        first = _begin(period, origin, place)
        if first is None or first > end:
            return
        following = _begin(period, origin, place + 1)
        yield first, date.max if following is None else following - timedelta(days=1)


def _calendar_start(period: Period, day: date) -> date:
    if period is Period.WEEK:
        # The first week of all has no Monday before it that a date can name.
        return day - timedelta(days=min(day.weekday(), (day - date.min).days))
    length = MONTHS[period]
    return date(day.year, (day.month - 1) // length * length + 1, 1)


def _begin(period: Period, origin: date, place: int) -> date | None:
    """Return the first day of the period *place* after *origin*'s; a day its month has not is the month's last."""
    if period is Period.WEEK:
        days = 7 * place
        return origin + timedelta(days=days) if days <= (date.max - origin).days else None
    year, month = divmod(12 * origin.year + origin.month - 1 + MONTHS[period] * place, 12)
    if year > date.max.year:
        return None
    return date(year, month + 1, min(origin.day, monthrange(year, month + 1)[1]))
