"""Can we promise this? Commitments with and without a promise against the capacity of a team (requirement 75).

The answer is given for each month: on average over its days what is promised must not exceed what the area lead set.
Days for which nothing is set give no answer; unknown is never yes.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from sync.hours.capacity import Team, role_key, team_of
from sync.hours.commitments import Commitment, Uncounted, Workload, days, months, whole
from sync.hours.periods import implied_allocations
from sync.hours.workdays import is_working_day
from sync.model.clause import Anchor, ClauseReading, ImpliedAllocation, Period


class Answer(Enum):
    """Whether something can be promised. The order is worst first."""

    NO = "no"
    UNKNOWN = "unknown"
    YES = "yes"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: so many minutes in each calendar period from *start* to *end*, by the team called *role*."""

    minutes: int
    period: Period
    start: date
    end: date
    role: str = ""

    @property
    def periods(self) -> tuple[ImpliedAllocation, ...]:
        """Return its periods as a clause would have them: those that are cut short keep their full minutes."""
        return implied_allocations(
            ClauseReading(minutes=self.minutes, period=self.period, anchor=Anchor.CALENDAR), self.start, self.end
        )


@dataclass(frozen=True, slots=True)
class Span:
    """Some days of a team, both inclusive, with their minutes.

    *committed_minutes* were promised before, *promised_minutes* would be; *extra_minutes* are extra hours that may be
    bought, in neither. *capacity_minutes* is None where some working day has none set; the days without are
    *unset_from* to *unset_until*. *peak_minutes* is the most on one day. *leads* set the capacity.
    """

    start: date
    end: date
    working_days: int
    committed_minutes: int
    promised_minutes: int = 0
    extra_minutes: int = 0
    capacity_minutes: int | None = None
    peak_day: date | None = None
    peak_minutes: int = 0
    unset_from: date | None = None
    unset_until: date | None = None
    leads: tuple[str, ...] = ()

    @property
    def total_minutes(self) -> int:
        """Return what is committed with the promise."""
        return self.committed_minutes + self.promised_minutes

    @property
    def share(self) -> float | None:
        """Return the part of the capacity that is committed, 1 meaning all; None where that cannot be told."""
        return round(self.total_minutes / self.capacity_minutes, 4) if self.capacity_minutes else None

    @property
    def minutes_per_day(self) -> int:
        """Return what a working day bears on average, with the promise."""
        return whole(Fraction(self.total_minutes, self.working_days or 1))

    def full_time(self, minutes_a_day: int) -> float:
        """Return the same as the part of one full-time person, who works *minutes_a_day*."""
        return _full_time(self.total_minutes, self.working_days, minutes_a_day)

    @property
    def over_minutes(self) -> int:
        """Return what is above the capacity."""
        return 0 if self.capacity_minutes is None else max(self.total_minutes - self.capacity_minutes, 0)

    @property
    def answer(self) -> Answer:
        """Tell whether it fits."""
        if self.capacity_minutes is None:
            return Answer.UNKNOWN
        return Answer.NO if self.over_minutes else Answer.YES


@dataclass(frozen=True, slots=True)
class Carried:
    """What one provider has promised to deliver between the first and last day asked about; "" is nobody yet."""

    provider: str
    minutes: int
    working_days: int

    def full_time(self, minutes_a_day: int) -> float:
        """Return it as the part of one full-time person, who works *minutes_a_day*."""
        return _full_time(self.minutes, self.working_days, minutes_a_day)


@dataclass(frozen=True, slots=True)
class PromiseAnswer:
    """The answer to a wish, month by month and on average over all its days.

    *team* is its name as set, or the role asked for where no capacity is set for it. *other_roles* are commitments in
    these days that count for no team; *uncounted* could not be put on days.
    """

    wish: Wish
    team: str
    known_team: bool
    months: tuple[Span, ...]
    whole: Span
    carried: tuple[Carried, ...] = ()
    other_roles: tuple[Commitment, ...] = ()
    uncounted: tuple[Uncounted, ...] = ()
    complete: bool = True

    @property
    def answer(self) -> Answer:
        """Return no where any month says so, yes only where all do and everything was read."""
        told = {one.answer for one in self.months}
        if Answer.NO in told:
            return Answer.NO
        return Answer.YES if told == {Answer.YES} and self.complete else Answer.UNKNOWN


def can_promise(
    wish: Wish,
    found: Iterable[Commitment],
    uncounted: Iterable[Uncounted],
    teams: tuple[Team, ...],
    days_off: Collection[date] = frozenset(),
    *,
    complete: bool = True,
) -> PromiseAnswer:
    """Return whether *wish* can be promised, given what is promised already. *complete*: all of that was read."""
    team = team_of(wish.role, teams)
    near = [one for one in found if one.touches(wish.start, wish.end)]
    mine, others = _split(near, team, wish.role, teams)
    capacity = team or Team(wish.role)
    load = Workload(mine, days_off)
    promised = Workload((Commitment("", one.start, one.end, one.minutes) for one in wish.periods), days_off)
    spans = tuple(span_of(capacity, load, month, days_off, promised) for month in months(wish.start, wish.end))
    return PromiseAnswer(
        wish,
        capacity.name,
        team is not None,
        spans,
        span_of(capacity, load, (wish.start, wish.end), days_off, promised),
        _carried(near, wish, days_off),
        tuple(others),
        tuple(one for one in uncounted if _may_touch(one, wish)),
        complete,
    )


def span_of(
    team: Team,
    load: Workload,
    between: tuple[date, date],
    days_off: Collection[date],
    promised: Workload | None = None,
) -> Span:
    """Return how much of a team's capacity *between* two days, both inclusive, is committed."""
    first, last = between
    more = promised or Workload(())
    every = tuple(days(first, last))
    working = [day for day in every if is_working_day(day, days_off)]
    # A span without a working day is looked at day by day: nothing set is not the same as nothing needed.
    capacities = {day: team.on(day) for day in working or every}
    unset = [day for day, one in capacities.items() if one is None]
    able = sum((one.minutes_per_day for day in working if (one := capacities[day])), Fraction())
    peak = max(every, key=lambda day: (load.on(day) + more.on(day), -day.toordinal()))
    on_peak = load.on(peak) + more.on(peak)
    return Span(
        first,
        last,
        len(working),
        load.between(first, last),
        more.between(first, last),
        load.extra_between(first, last),
        None if unset else whole(able),
        peak if on_peak else None,
        whole(on_peak),
        unset[0] if unset else None,
        unset[-1] if unset else None,
        tuple(dict.fromkeys(one.lead for one in capacities.values() if one)),
    )


def _split(
    found: Iterable[Commitment], team: Team | None, role: str, teams: tuple[Team, ...]
) -> tuple[list[Commitment], list[Commitment]]:
    """Return the commitments of a team, and those that count for none. Without any capacity all are one team's."""
    mine, others = [], []
    for one in found:
        theirs = team_of(one.role, teams)
        if theirs is None and team is None and (not role or role_key(one.role) == role_key(role)):
            mine.append(one)
        elif theirs is None:
            others.append(one)
        elif theirs is team:
            mine.append(one)
    return mine, others


def _carried(found: Iterable[Commitment], wish: Wish, days_off: Collection[date]) -> tuple[Carried, ...]:
    """Return the load of each provider, most first (requirement 74)."""
    theirs: dict[str, list[Commitment]] = {}
    for one in found:
        theirs.setdefault(one.provider, []).append(one)
    loads = {name: Workload(those, days_off).between(wish.start, wish.end) for name, those in theirs.items()}
    working = sum(is_working_day(day, days_off) for day in days(wish.start, wish.end))
    ranked = sorted(loads.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Carried(provider, minutes, working) for provider, minutes in ranked if minutes)


def _may_touch(one: Uncounted, wish: Wish) -> bool:
    return (one.start is None or one.start <= wish.end) and (one.end is None or one.end >= wish.start)


def _full_time(minutes: int, working_days: int, minutes_a_day: int) -> float:
    return round(minutes / ((working_days or 1) * minutes_a_day), 4)
