"""What is promised already: the allocations of engagements that run or were won, and those their clauses imply.

Hours available count in full over the working days of their period, used or not: what was promised is committed,
and nothing rolls over. Extra hours are an offer, not yet a promise, and stand apart.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from sync.hours.calendar import has_days, implied_periods, term
from sync.hours.clauses.reading import read_clause
from sync.hours.engagements import EngagementRules, is_committed
from sync.hours.workdays import spread
from sync.model.clause import ClauseReading
from sync.model.contract import Allocation, Contracts, Engagement, Project

LONGEST = timedelta(days=3660)
"""Nobody promises hours for more than ten years; such a date is a slip."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Minutes promised for a period, both days inclusive. *role* is who delivers, in the clause's words.

    *allocation_id* is "" where only the clause implies the period and no row exists yet.
    """

    name: str
    start: date
    end: date
    minutes: int
    extra_minutes: int = 0
    role: str = ""
    provider: str = ""
    allocation_id: str = ""

    def touches(self, first: date, last: date) -> bool:
        """Tell whether a day of the period lies between two days, both inclusive."""
        return self.start <= last and self.end >= first


@dataclass(frozen=True, slots=True)
class Uncounted:
    """An allocation, or a project without any, whose hours cannot be put on days, and *why*."""

    name: str
    why: str
    allocation_id: str = ""
    start: date | None = None
    end: date | None = None


def commitments(
    contracts: Contracts, rules: EngagementRules, today: date
) -> tuple[tuple[Commitment, ...], tuple[Uncounted, ...]]:
    """Return what is promised, and what could not be counted; both by name. *today* tells what runs without dates."""
    counted: list[Commitment] = []
    left_out: list[Uncounted] = []
    for project in contracts.projects.values():
        engagement = contracts.engagements.get(project.engagement_id)
        if engagement is None:
            continue
        reading = read_clause(project.clause)
        rows = contracts.allocations_of(frozenset({project.id}))
        for row in rows:
            if is_committed(engagement, rules, row.start or today):
                found = _of_row(row, reading.role)
                if isinstance(found, Commitment):
                    counted.append(found)
                else:
                    left_out.append(found)
        for one in _of_clause(project, engagement, reading, rows):
            covered = any(row.start and row.end and one.touches(row.start, row.end) for row in rows)
            if not covered and is_committed(engagement, rules, one.start):
                counted.append(one)
    return (
        tuple(sorted(counted, key=lambda one: (one.name, one.start, one.allocation_id))),
        tuple(sorted(left_out, key=lambda one: (one.name, one.allocation_id))),
    )


def _of_row(row: Allocation, role: str) -> Commitment | Uncounted:
    why = ""
    if row.minutes is None:
        why = "hours available are missing"
    elif row.minutes < 0:
        why = "hours available are below zero"
    if row.start is None or row.end is None:
        return Uncounted(row.name, why or "a date is missing", row.id, row.start, row.end)
    if row.end < row.start:
        why = "its end is before its start"
    elif row.end - row.start > LONGEST:
        why = "its dates are more than ten years apart"
    if why or row.minutes is None:
        return Uncounted(row.name, why, row.id, row.start, row.end)
    extra = max(row.extra_minutes or 0, 0)
    return Commitment(row.name, row.start, row.end, row.minutes, extra, role, row.provider.strip(), row.id)


def _of_clause(
    project: Project, engagement: Engagement, reading: ClauseReading, rows: Iterable[Allocation]
) -> Iterator[Commitment]:
    """Yield the periods that a clause implies; none where it is vague or the contract's days are not known.

    Where it does not say where periods begin, the allocations that exist may: as `csh-sync allocations` has it.
    """
    start, end = term(project, engagement)
    if start is None or end is None or end - start > LONGEST:
        return
    implied, _ = implied_periods(reading, start, end, [row for row in rows if has_days(row)])
    for one in implied:
        extra = one.extra_minutes or 0
        yield Commitment(project.name, one.start, one.end, one.minutes, extra, reading.role)


class Workload:
    """Minutes a day, summed exactly over commitments; the order in which they come does not matter."""

    def __init__(self, found: Iterable[Commitment], days_off: Collection[date] = frozenset()) -> None:
        self.days: defaultdict[date, Fraction] = defaultdict(Fraction)
        self.extra: defaultdict[date, Fraction] = defaultdict(Fraction)
        """Extra hours that may be bought, in no other number."""
        for one in found:
            for day, minutes in spread(one.minutes, one.start, one.end, days_off).items():
                self.days[day] += minutes
            for day, minutes in spread(one.extra_minutes, one.start, one.end, days_off).items():
                self.extra[day] += minutes

    def on(self, day: date) -> Fraction:
        """Return the minutes of one day."""
        return self.days.get(day, Fraction())

    def between(self, first: date, last: date) -> int:
        """Return the minutes of some days, both inclusive, as whole ones."""
        return whole(sum((self.on(day) for day in days(first, last)), Fraction()))

    def extra_between(self, first: date, last: date) -> int:
        """Return the extra minutes of some days, both inclusive, as whole ones."""
        return whole(sum((self.extra.get(day, Fraction()) for day in days(first, last)), Fraction()))


def months(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Yield the first and last days of the months from *first* to *last*, the outer ones cut at these days."""
    while first <= last:
        end = month_end(first)
        yield first, min(last, end)
        if end >= last:
            return
        first = end + timedelta(days=1)


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def whole(minutes: Fraction) -> int:
    """Return exact minutes as whole ones, half a minute upwards."""
    return floor(minutes + Fraction(1, 2))


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day from *first* to *last*, both inclusive."""
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)
