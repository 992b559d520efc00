"""What an allocation has used, has left, its pace and forecast: what terminal, Airtable, alerts and reports share.

Pure: today comes in, and nothing here knows a clock. Minutes are whole, days inclusive (requirements 34, 54 to 58,
60, 66 and 82; decision D9). Only an allocation's own minutes count: nothing rolls over from another one.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import Enum

from sync.hours.bands import Bands
from sync.hours.workdays import working_days, working_days_gone
from sync.model.contract import Allocation
from sync.model.legible import safe
from sync.model.minutes import spell_hours

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DEFAULT_BANDS = Bands()


class Level(Enum):
    """How far an allocation is used. The last three hold whatever the day; the others need both dates."""

    UNKNOWN = "unknown"
    """Something could not be read, or a date is missing: no reason for an alarm."""
    NO_HOURS = "no hours"
    """No hours are agreed, or none are available and none were used."""
    NOT_BEGUN = "not begun"
    ENDED = "ended"
    """Completed by date, with hours used and hours left."""
    UNUSED = "unused"
    """Begun or ended, and nothing was used."""
    UNDER = "under"
    """Used less than the time gone would let expect."""
    ON_PACE = "on pace"
    """As the time gone would let expect, or more, or too early to tell."""
    NEAR = "near"
    USED_UP = "used up"
    """The hours available are used; extra hours may be left."""
    OVER = "over"
    """More was used than available and extra hours together."""


class Pace(Enum):
    """The share used against the share of working days gone, while the period lasts."""

    UNDER = "under pace"
    ON = "on pace"
    AHEAD = "ahead of pace"


class Completed(Enum):
    """Why an allocation is over (requirement 58)."""

    BY_DATE = "by date"
    BY_USE = "by use"


@dataclass(frozen=True, slots=True)
class Entry:
    """Minutes of work in the allocation: the day they count for, None where it is not told, and their source."""

    minutes: int
    day: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """How an allocation stands on a day. All amounts are minutes.

    Without agreed hours *available_minutes*, *left_minutes* and *share* are None; *share* is also None when no hours
    at all are available. *share* and *gone* have four decimals, 1 means all.

    *extra_used_minutes* come out of the second bucket once the first one is used up; *overrun_minutes* are beyond
    both. *left_minutes* speaks of the first bucket: 0 while extra hours are used, below zero by the overrun.

    *reached* is the highest of the thresholds *near* and *used_up* that is reached, None before the lowest.

    *planned_minutes* is open work that is estimated and not logged yet, in no other number here; None: not known.
    *gone* is None without both dates. *forecast* is what is used at the end: at the rate so far, and with the planned
    work on top; None for the reason *no_forecast* tells.
    """

    used_minutes: int
    available_minutes: int | None
    left_minutes: int | None
    share: float | None
    sentence: str
    extra_minutes: int = 0
    extra_used_minutes: int = 0
    overrun_minutes: int = 0
    planned_minutes: int | None = None
    gone: float | None = None
    pace: Pace | None = None
    forecast: tuple[int, int] | None = None
    no_forecast: str = ""
    level: Level = Level.UNKNOWN
    reached: float | None = None
    completed: Completed | None = None
    completed_on: date | None = None
    entry_count: int = 0

    @property
    def is_spent(self) -> bool:
        """Tell whether no hour is left, extra hours included; where none are agreed nothing can be spent."""
        agreed = None if self.available_minutes is None else self.available_minutes + self.extra_minutes
        return agreed is not None and 0 < agreed <= self.used_minutes


def usage(
    allocation: Allocation,
    entries: Iterable[Entry],
    today: date,
    *,
    name: str,
    planned_minutes: int | None = 0,
    bands: Bands = DEFAULT_BANDS,
    days_off: Collection[date] = frozenset(),
    known: bool = True,
) -> Usage:
    """Return the usage of *allocation* on *today*. *name* opens the sentence: the community people ask about.

    *known* is false where something that could count was not read: then there is no level, pace or forecast.
    """
    counted = tuple(entries)
    used = sum(entry.minutes for entry in counted)
    days = _days(allocation, today, days_off)
    buckets = _Buckets.of(allocation, used)
    pace = _pace(buckets, days, bands) if known else None
    forecast, no_forecast = _forecast(used, planned_minutes, days, bands) if known else (None, "not all was read")
    completed, completed_on = _completed(allocation, buckets, counted, days)
    return Usage(
        used_minutes=used,
        available_minutes=allocation.minutes,
        left_minutes=buckets.left,
        share=buckets.share,
        sentence=_sentence(safe(name), buckets, allocation.end, planned_minutes),
        extra_minutes=buckets.extra,
        extra_used_minutes=buckets.extra_used,
        overrun_minutes=buckets.overrun,
        planned_minutes=planned_minutes,
        gone=days.share if days else None,
        pace=pace,
        forecast=forecast,
        no_forecast=no_forecast,
        level=_level(buckets, days, pace, bands) if known else Level.UNKNOWN,
        reached=buckets.highest((*bands.near, bands.used_up)) if known else None,
        completed=completed,
        completed_on=completed_on,
        entry_count=len(counted),
    )


def as_of(sentence: str, moment: datetime) -> str:
    """Return *sentence* with the moment it was true, for everywhere but stored cells (decision D2)."""
    utc = moment.astimezone(UTC)
    return f"{sentence} (as of {utc.day} {MONTHS[utc.month - 1]} {utc:%H:%M} UTC)"


# The two buckets of hours.


@dataclass(frozen=True, slots=True)
class _Buckets:
    """Hours available, extra hours, and where what was used came from."""

    used: int
    available: int | None
    extra: int

    @classmethod
    def of(cls, allocation: Allocation, used: int) -> "_Buckets":
        extra = max(allocation.extra_minutes or 0, 0) if allocation.minutes is not None else 0
        return cls(used, allocation.minutes, extra)

    @property
    def extra_used(self) -> int:
        return 0 if self.available is None else min(max(self.used - self.available, 0), self.extra)

    @property
    def overrun(self) -> int:
        return 0 if self.available is None else max(self.used - self.available - self.extra, 0)

    @property
    def left(self) -> int | None:
        return None if self.available is None else self.available + self.extra_used - self.used

    @property
    def share(self) -> float | None:
        return round(self.used / self.available, 4) if self.available else None

    @property
    def spent(self) -> bool:
        """Tell whether no hour of either bucket is left."""
        return self.available is not None and 0 < self.available + self.extra <= self.used

    def reaches(self, share: float) -> bool:
        """Tell whether *share* of the hours available is used; of none, by the first minute."""
        return self.used > 0 and self.used >= round(share * (self.available or 0), 6)

    def highest(self, shares: Iterable[float]) -> float | None:
        """Return the highest of *shares* that is reached; none where no hours are agreed."""
        return None if self.available is None else max(filter(self.reaches, shares), default=None)


# The days of the period.


@dataclass(frozen=True, slots=True)
class _Days:
    """Working days of a period as seen on a day of *today*'s."""

    gone: int
    total: int
    begun: bool
    ended: bool

    @property
    def share(self) -> float:
        """Return the share of working days gone; a period without any is gone when it ended."""
        return round(self.gone / self.total, 4) if self.total else float(self.ended)

    @property
    def running(self) -> bool:
        return self.begun and not self.ended


def _days(allocation: Allocation, today: date, days_off: Collection[date]) -> _Days | None:
    start, end = allocation.start, allocation.end
    if start is None or end is None or end < start:
        return None
    total = working_days(start, end, days_off)
    return _Days(working_days_gone(start, end, today, days_off), total, begun=start <= today, ended=end < today)


# Judging.


def _pace(buckets: _Buckets, days: _Days | None, bands: Bands) -> Pace | None:
    if days is None or not days.running or buckets.share is None or days.share < bands.pace_after:
        return None
    ahead = round(buckets.share - days.share, 4)
    if abs(ahead) <= bands.pace_band:
        return Pace.ON
    return Pace.AHEAD if ahead > 0 else Pace.UNDER


def _level(buckets: _Buckets, days: _Days | None, pace: Pace | None, bands: Bands) -> Level:
    if buckets.available is None or not (buckets.available or buckets.extra or buckets.used):
        return Level.NO_HOURS
    if buckets.overrun:
        return Level.OVER
    if buckets.reaches(bands.used_up):
        return Level.USED_UP
    if days is not None and days.ended:
        return Level.ENDED if buckets.used else Level.UNUSED
    if buckets.highest(bands.near):
        return Level.NEAR
    if days is None:
        return Level.UNKNOWN
    if not days.begun:
        return Level.NOT_BEGUN
    if not buckets.used:
        return Level.UNUSED
    return Level.UNDER if pace is Pace.UNDER else Level.ON_PACE


def _forecast(used: int, planned: int | None, days: _Days | None, bands: Bands) -> tuple[tuple[int, int] | None, str]:
    """Return what will be used at the end, as a range, or why nobody can say (requirement 66)."""
    if days is None:
        return None, "a date is missing"
    if days.ended:
        return None, "the period is over"
    if days.gone < max(bands.evidence_days, 1) or used < bands.evidence_minutes:
        return None, "too early to tell"
    if planned is None:
        return None, "the planned work is not known"
    rate = max(used, round(used * days.total / days.gone))
    return (rate, rate + planned), ""


def _completed(
    allocation: Allocation, buckets: _Buckets, entries: Iterable[Entry], days: _Days | None
) -> tuple[Completed | None, date | None]:
    """Return why the allocation is over and since when; None as day where an entry does not tell its own."""
    if buckets.spent:
        return Completed.BY_USE, _spent_on((allocation.minutes or 0) + buckets.extra, entries)
    if days is not None and days.ended:
        return Completed.BY_DATE, allocation.end
    return None, None


def _spent_on(minutes: int, entries: Iterable[Entry]) -> date | None:
    """Return the day on which entries reached *minutes*, None when one of them has no day."""
    total = 0
    for entry in sorted(entries, key=lambda one: (one.day or date.min, one.minutes)):
        total += entry.minutes
        if entry.minutes and entry.day is None:
            return None
        if total >= minutes:
            return entry.day
    return None


# Saying.


def _sentence(name: str, buckets: _Buckets, end: date | None, planned: int | None) -> str:
    """Return the sentence people ask for; it holds no today, so that a stored one does not change with time."""
    more = f"; {spell_hours(planned)} h planned" if planned else ""
    if buckets.available is None:
        return f"{name}: {spell_hours(buckets.used)} h used, no hours agreed{more}"
    left = f"{spell_hours(max(buckets.left or 0, 0))} of {spell_hours(buckets.available)} h left"
    until = f" until {end.day} {MONTHS[end.month - 1]}" if end else ""
    extra = ""
    if buckets.extra:
        extra = f", {spell_hours(buckets.extra - buckets.extra_used)} of {spell_hours(buckets.extra)} extra h left"
    over = f", {spell_hours(buckets.overrun)} h over" if buckets.overrun else ""
    return f"{name}: {left}{until}{extra}{over}{more}"
