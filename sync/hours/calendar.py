"""The calendar that clauses imply beside the allocations that exist (requirements 30, 33, 55, 56, 79; SD3 7.2).

What a person wrote is shown beside the clause and never corrected: an allocation may differ because it was agreed so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import Enum

from sync.hours.clauses.reading import read_clause
from sync.hours.periods import implied_allocations
from sync.model.clause import Anchor, ClauseReading, ImpliedAllocation, Period
from sync.model.contract import Allocation, Contracts, Engagement, Project
from sync.model.minutes import spell_hours

NO_DATES = "From when to when does it run? Neither the project nor its engagement has both dates."


class Verdict(Enum):
    """How a period of a clause and the allocations for it agree."""

    RIGHT = "right"
    MISSING = "missing"
    DIFFERS = "differs"
    OUTSIDE = "outside"
    """No period of the clause touches this allocation."""
    UNDATED = "undated"
    """The allocation lacks a date, or ends before it starts."""
    UNKNOWN = "unknown"
    """The clause does not say enough to judge the allocation."""


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One period of a project: what its clause implies, the allocations for it, and what does not agree.

    *implied* is None where the clause implies nothing for these allocations, *allocations* is empty where there is
    none. *differences* tell in words what differs.
    """

    verdict: Verdict
    implied: ImpliedAllocation | None = None
    allocations: tuple[Allocation, ...] = ()
    differences: tuple[str, ...] = ()

    @property
    def start(self) -> date | None:
        """Return the first day of the period, or of the first allocation; None where neither has one."""
        if self.implied:
            return self.implied.start
        return min((one.start for one in self.allocations if one.start), default=None)

    @property
    def end(self) -> date | None:
        """Return the last day of the period, or of the last allocation; None where neither has one."""
        if self.implied:
            return self.implied.end
        return max((one.end for one in self.allocations if one.end), default=None)


@dataclass(frozen=True, slots=True)
class ProjectCalendar:
    """A project's clause, read, beside its allocations. *questions* are what a person has to answer first.

    *start* and *end* are the project's term, both inclusive, None where nobody says it. *overlaps* are pairs of its
    allocations that share days; *gaps* are days between its first and its last day that no allocation holds.
    """

    project: Project
    engagement: Engagement
    reading: ClauseReading
    start: date | None = None
    end: date | None = None
    lines: tuple[CalendarLine, ...] = ()
    questions: tuple[str, ...] = ()
    overlaps: tuple[tuple[Allocation, Allocation], ...] = ()
    gaps: tuple[tuple[date, date], ...] = field(default_factory=tuple)

    def missing(self) -> Iterator[CalendarLine]:
        """Return the periods without an allocation."""
        return (one for one in self.lines if one.verdict is Verdict.MISSING)


def calendars(contracts: Contracts, engagements: Iterable[Engagement]) -> tuple[ProjectCalendar, ...]:
    """Return the calendar of every project of *engagements*, in their order, then by name."""
    by_project: dict[str, list[Allocation]] = {}
    for allocation in contracts.allocations.values():
        by_project.setdefault(allocation.project_id, []).append(allocation)
    return tuple(
        calendar_of(project, engagement, by_project.get(project.id, ()))
        for engagement in engagements
        for project in sorted(contracts.projects.values(), key=lambda one: (one.name, one.id))
        if project.engagement_id == engagement.id
    )


def calendar_of(project: Project, engagement: Engagement, allocations: Iterable[Allocation]) -> ProjectCalendar:
    """Hold the clause of one project against its allocations."""
    ours = sorted(allocations, key=lambda one: (one.start or date.max, one.end or date.max, one.id))
    start, end = term(project, engagement)
    reading = read_clause(project.clause)
    dated = [one for one in ours if has_days(one)]
    # Without a clause there is nothing to ask about it: the hand-off asks for the clause itself.
    implied, questions = implied_periods(reading, start, end, dated) if project.clause.strip() else ((), ())
    lines = _lines(implied, dated, reading)
    undated = (CalendarLine(Verdict.UNDATED, allocations=(one,)) for one in ours if not has_days(one))
    return ProjectCalendar(
        project,
        engagement,
        reading,
        start,
        end,
        tuple(sorted((*lines, *undated), key=lambda line: (line.start or date.max, line.end or date.max))),
        questions,
        tuple(_overlaps(dated)),
        tuple(_gaps(dated, start, end)),
    )


def term(project: Project, engagement: Engagement) -> tuple[date | None, date | None]:
    """Return the first and the last day of a project: its own, else its engagement's."""
    start, end = project.start or engagement.start, project.end or engagement.end
    return (None, None) if start and end and end < start else (start, end)


def has_days(one: Allocation) -> bool:
    """Tell whether an allocation holds any day."""
    return one.start is not None and one.end is not None and one.start <= one.end


def implied_periods(
    reading: ClauseReading, start: date | None, end: date | None, dated: Sequence[Allocation]
) -> tuple[tuple[ImpliedAllocation, ...], tuple[str, ...]]:
    """Return the periods that the clause implies, and the questions that stand in the way.

    Where the clause does not name the anchor, both may give the same periods, or the allocations that exist may follow
    one of them: then nobody needs to be asked.
    """
    if reading.minutes is None or reading.period is None:
        return (), reading.questions
    if start is None or end is None:
        return (), (*reading.questions, NO_DATES)
    if reading.anchor is not None or reading.period is Period.TERM:
        return implied_allocations(reading, start, end), reading.questions
    calendar = implied_allocations(replace(reading, anchor=Anchor.CALENDAR), start, end)
    contract = implied_allocations(replace(reading, anchor=Anchor.CONTRACT), start, end)
    if calendar == contract:
        return calendar, _without_anchor(reading)
    follow_calendar, follow_contract = (_followed(one, dated) for one in (calendar, contract))
    if follow_calendar == follow_contract:
        return (), reading.questions
    return calendar if follow_calendar > follow_contract else contract, _without_anchor(reading)


def _followed(implied: Iterable[ImpliedAllocation], dated: Iterable[Allocation]) -> int:
    """Return how many allocations have exactly the days of an implied period."""
    days = {(one.start, one.end) for one in implied}
    return sum((one.start, one.end) in days for one in dated)


def _without_anchor(reading: ClauseReading) -> tuple[str, ...]:
    """Return the questions that are still open once it is known where periods begin."""
    return tuple(one for one in reading.questions if one != reading.anchor_question)


def _lines(
    implied: Sequence[ImpliedAllocation], dated: Sequence[Allocation], reading: ClauseReading
) -> Iterator[CalendarLine]:
    if not implied:
        yield from (CalendarLine(Verdict.UNKNOWN, allocations=(one,)) for one in dated)
        return
    of_period: dict[ImpliedAllocation, list[Allocation]] = {one: [] for one in implied}
    for allocation in dated:
        nearest = max(implied, key=lambda one, it=allocation: _shared_days(one, it))  # type: ignore[misc]
        if _shared_days(nearest, allocation):
            of_period[nearest].append(allocation)
        else:
            said = f"not within {implied[0].start} to {implied[-1].end}"
            yield CalendarLine(Verdict.OUTSIDE, allocations=(allocation,), differences=(said,))
    for period, allocations in of_period.items():
        if not allocations:
            yield CalendarLine(Verdict.MISSING, period)
            continue
        differences = tuple(_differences(period, allocations, reading))
        verdict = Verdict.DIFFERS if differences else Verdict.RIGHT
        yield CalendarLine(verdict, period, tuple(allocations), differences)


def _differences(period: ImpliedAllocation, allocations: Sequence[Allocation], reading: ClauseReading) -> Iterator[str]:
    """Tell in words how the allocations of one period differ from what the clause says of it.

    A period may be split among several allocations; one that the contract's dates cut short may have fewer hours.
    """
    start, end = min(map(first_day, allocations)), max(map(last_day, allocations))
    if (start, end) != (period.start, period.end):
        yield f"{start} to {end} instead of {period.start} to {period.end}"
    if any(one.minutes is None for one in allocations):
        yield f"no hours instead of {spell_hours(period.minutes)} h"
    else:
        minutes = sum(one.minutes or 0 for one in allocations)
        fewer_is_fine = period.cut and 0 < minutes < period.minutes
        if minutes != period.minutes and not fewer_is_fine:
            yield f"{spell_hours(minutes)} h instead of {spell_hours(period.minutes)} h"
    extra = sum(one.extra_minutes or 0 for one in allocations)
    if extra and reading.extra_minutes is None:
        yield f"{spell_hours(extra)} extra hours that the clause does not name"
    elif reading.extra_minutes and extra > reading.extra_minutes:
        yield f"{spell_hours(extra)} extra hours where the clause allows {spell_hours(reading.extra_minutes)}"


def _shared_days(period: ImpliedAllocation, allocation: Allocation) -> int:
    first, last = max(period.start, first_day(allocation)), min(period.end, last_day(allocation))
    return max(0, (last - first).days + 1)


def first_day(one: Allocation) -> date:
    """Return an allocation's first day; one without it begins after all others."""
    return one.start or date.max


def last_day(one: Allocation) -> date:
    """Return an allocation's last day; one without it ended before all others."""
    return one.end or date.min


def _overlaps(dated: Sequence[Allocation]) -> Iterator[tuple[Allocation, Allocation]]:
    """Return the pairs that share days, the earlier one first; *dated* is in the order of their first days."""
    for place, one in enumerate(dated):
        for other in dated[place + 1 :]:
            if first_day(other) > last_day(one):
                break
            yield one, other


def _gaps(dated: Sequence[Allocation], start: date | None, end: date | None) -> Iterator[tuple[date, date]]:
    """Return the days of a term, or between the allocations, that no allocation holds."""
    if not dated:
        return
    following = start or first_day(dated[0])
    for one in dated:
        if first_day(one) > following:
            yield following, min(first_day(one) - timedelta(days=1), end or date.max)
        following = max(following, last_day(one) + timedelta(days=1) if last_day(one) < date.max else date.max)
    if end and following <= end:
        yield following, end


def name_of_period(start: date, end: date) -> str:
    """Return what people call a period: ``Q3 2026``, ``Jul 2026``, ``H2 2026``, ``2026``, else its days."""
    first_of_month = start.day == 1 and (end + timedelta(days=1)).day == 1 if end < date.max else False
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if first_of_month and start.year == end.year:
        if months == 12:
            return str(start.year)
        if months == 6 and start.month in {1, 7}:
            return f"H{start.month // 6 + 1} {start.year}"
        if months == 3 and start.month % 3 == 1:
            return f"Q{start.month // 3 + 1} {start.year}"
        if months == 1:
            return f"{start:%b} {start.year}"
    return f"{start} to {end}"
