"""Findings about capacity: more is promised for a month than the area lead set (requirement 75)."""

from collections.abc import Iterator, Sequence
from datetime import date

from sync.findings.case import Case
from sync.hours.capacity import Team, team_of, teams
from sync.hours.commitments import Commitment, Workload, commitments, month_end, months
from sync.hours.promise import Span, span_of
from sync.model.finding import Finding
from sync.model.minutes import spell_hours

NAMED = 3


def capacity_exceeded(case: Case) -> Iterator[Finding]:
    """A month of a team, this one or a later one, has more hours promised than its capacity."""
    among = teams(case.policy.capacities)
    if not among or not case.world.contracts.complete:
        return
    today = case.world.today
    found, _ = commitments(case.world.contracts, case.policy.engagements, today)
    first = today.replace(day=1)
    for team in among:
        mine = [one for one in found if team_of(one.role, among) is team and one.end >= first]
        if mine:
            yield from _months(team, mine, first, case)


def _months(team: Team, mine: Sequence[Commitment], first: date, case: Case) -> Iterator[Finding]:
    load = Workload(mine, case.policy.days_off)
    for month in months(first, month_end(max(one.end for one in mine))):
        span = span_of(team, load, month, case.policy.days_off)
        if span.over_minutes:
            yield _finding(team, span, mine, case)


def _finding(team: Team, span: Span, mine: Sequence[Commitment], case: Case) -> Finding:
    month = f"{span.start:%Y-%m}"
    biggest = [(Workload((one,), case.policy.days_off).between(span.start, span.end), one.name) for one in mine]
    biggest.sort(key=lambda pair: (-pair[0], pair[1]))
    named = [f"{name} {spell_hours(minutes)} h" for minutes, name in biggest if minutes]
    more = f" and {len(named) - NAMED} more" if len(named) > NAMED else ""
    total, limit = spell_hours(span.total_minutes), spell_hours(span.capacity_minutes or 0)
    leads = " and ".join(span.leads)
    return Finding(
        "capacity_exceeded",
        f"{team.name}, {month}",
        f"{total} h are promised of {limit} h, {spell_hours(span.over_minutes)} h above the capacity that {leads} set. "
        f"Most: {', '.join(named[:NAMED])}{more}.",
        f"Ask {leads}: move or share out allocations, or raise the capacity in the settings; promise nothing more for "
        "this month.",
        subject_id=f"{team.name}@{month}",
    )
