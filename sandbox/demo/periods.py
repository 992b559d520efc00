"""The demo's calendar: when it begins, its iterations, and the periods that clauses promise hours for."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

DEMO_START = datetime(2026, 9, 16, 6, 10, tzinfo=UTC)
"""A Wednesday near the end of a quarter: most of its hours are used, and it does not turn within the fortnight."""
TODAY = DEMO_START.date()
FORTNIGHT = timedelta(days=14)

FIRST_ITERATION = date(2025, 6, 30)
DAYS_OF_ITERATION = 14
ITERATIONS = 36

_PERIOD = re.compile(r"(?P<year>\d{4})(?:(?P<unit>[QHM])(?P<number>\d{1,2}))?")
_MONTHS_IN = {"Q": 3, "H": 6, "M": 1, None: 12}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Period:
    """A span of days, both ends included, and how people call it: ``2026 Q3``."""

    name: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Say whether *day* lies in the period."""
        return self.start <= day <= self.end


def period(code: str) -> Period:
    """Return the period of ``2026Q3``, ``2026H1``, ``2026M07`` or ``2026``."""
    found = _PERIOD.fullmatch(code)
    if found is None:
        raise ValueError(f"{code} is no period")
    year, unit = int(found["year"]), found["unit"]
    number = int(found["number"] or 1)
    last_month = number * _MONTHS_IN[unit]
    first_month = last_month - _MONTHS_IN[unit] + 1
    names = {"M": f"{year} {_MONTHS[number - 1]}", None: str(year)}
    name = names.get(unit, f"{year} {unit}{number}")
    return Period(name, date(year, first_month, 1), date(year, last_month, monthrange(year, last_month)[1]))


def periods(codes: str) -> tuple[Period, ...]:
    """Return the periods of several codes, separated by blanks."""
    return tuple(period(code) for code in codes.split())


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment of *day*, UTC."""
    return datetime.combine(day, time(hour, minute), UTC)


def working_day(day: date) -> date:
    """Return *day*, or the Friday before when it is at a weekend."""
    return day - timedelta(days=max(0, day.weekday() - _FRIDAY))


def weekday_in(span: Period, day: date) -> date:
    """Return *day*, or the nearest working day of *span* when it is at a weekend."""
    friday = working_day(day)
    return friday if friday >= span.start else friday + timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Iteration:
    """A fortnight of the team's plan."""

    title: str
    start: date

    @property
    def end(self) -> date:
        """Return the last day."""
        return self.start + timedelta(days=DAYS_OF_ITERATION - 1)


def iterations() -> tuple[Iteration, ...]:
    """Return all iterations of the board, oldest first."""
    span = timedelta(days=DAYS_OF_ITERATION)
    return tuple(Iteration(f"Iteration {place + 1}", FIRST_ITERATION + place * span) for place in range(ITERATIONS))


def iteration_of(day: date) -> str:
    """Return the title of the iteration that holds *day*."""
    return iterations()[(day - FIRST_ITERATION).days // DAYS_OF_ITERATION].title
