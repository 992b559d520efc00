"""What the service takes of a team: the part of its capacity that is promised, what was used, and what that costs.

For one month as a whole (requirement 76). Costs are those the area lead set for an hour; where any hour has none, the
sum is not known.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from sync.hours.capacity import Team, team_of
from sync.hours.clauses.reading import read_clause
from sync.hours.commitments import Commitment, Workload, days
from sync.hours.promise import span_of
from sync.model.contract import Contracts
from sync.model.minutes import MINUTES_PER_HOUR
from sync.model.review import TeamMonth
from sync.model.work import Row

CENT = Decimal("0.01")


def team_month(
    team: Team,
    among: tuple[Team, ...],
    found: Iterable[Commitment],
    worked: Iterable[tuple[date, int]],
    between: tuple[date, date],
    *,
    full_time_minutes: int,
    days_off: Collection[date] = frozenset(),
) -> TeamMonth:
    """Return what the service takes of *team* *between* two days, both inclusive.

    *found* is all that is promised, *worked* the days and minutes of the team's work; *full_time_minutes* is what a
    full-time person works a day.
    """
    first, last = between
    load = Workload((one for one in found if team_of(one.role, among) is team and one.touches(first, last)), days_off)
    span = span_of(team, load, between, days_off)
    used = [(day, Fraction(minutes)) for day, minutes in worked if first <= day <= last]
    promised = [(day, load.on(day)) for day in days(first, last) if load.on(day)]
    currencies = {one.currency for day, _ in (*used, *promised) if (one := team.on(day)) and one.cost_per_hour}
    told = len(currencies) == 1
    minutes = int(sum(one for _, one in used))
    able = span.capacity_minutes
    return TeamMonth(
        team.name,
        first,
        last,
        able,
        span.committed_minutes,
        minutes,
        span.share,
        round(minutes / able, 4) if able else None,
        span.full_time(full_time_minutes),
        _cost(team, promised) if told else None,
        _cost(team, used) if told else None,
        min(currencies, default=""),
    )


def _cost(team: Team, parts: Iterable[tuple[date, Fraction]]) -> Decimal | None:
    """Return what minutes cost at the rates of their days; None where a day has none."""
    total = Fraction()
    for day, minutes in parts:
        capacity = team.on(day)
        if capacity is None or capacity.cost_per_hour is None:
            return None
        total += minutes / MINUTES_PER_HOUR * Fraction(capacity.cost_per_hour)
    return (Decimal(total.numerator) / Decimal(total.denominator)).quantize(CENT, ROUND_HALF_UP)


def work_of_teams(
    contracts: Contracts, rows: Iterable[Row], among: tuple[Team, ...]
) -> Mapping[str, tuple[tuple[date, int], ...]]:
    """Return the days and minutes of the work that is logged, by the name of the team its clause names."""
    roles = {one.id: read_clause(one.clause).role for one in contracts.projects.values()}
    found: dict[str, list[tuple[date, int]]] = {}
    for row in rows:
        allocation = contracts.allocations.get(row.allocation_id)
        if allocation is None or not row.minutes or row.end is None:
            continue
        if team := team_of(roles.get(allocation.project_id, ""), among):
            found.setdefault(team.name, []).append((row.end, row.minutes))
    return {name: tuple(work) for name, work in found.items()}
