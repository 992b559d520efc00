"""Findings about work that no contract covers: before it began or after it ended (requirement 69)."""

from collections.abc import Iterator
from datetime import date

from sync.findings.case import Case
from sync.model.contract import Engagement
from sync.model.finding import Finding
from sync.model.minutes import spell_hours
from sync.model.work import Row

ROWS_NAMED = 3


def work_outside_contract(case: Case) -> Iterator[Finding]:
    """Minutes are dated before the first or after the last day of their engagement; one finding for each side."""
    if not case.world.complete:
        return
    found: dict[tuple[str, str], list[Row]] = {}
    for row in case.assessment.rows.values():
        if row.minutes and row.end and (hit := _outside(row, row.end, case)):
            found.setdefault(hit, []).append(row)
    for (engagement_id, side), rows in sorted(found.items()):
        yield _finding(case.world.contracts.engagements[engagement_id], side, rows, case)


def _outside(row: Row, day: date, case: Case) -> tuple[str, str] | None:
    """Return the engagement a row counts for and the side on which it lies outside, None when it lies inside."""
    contracts = case.world.contracts
    allocation = contracts.allocations.get(row.allocation_id)
    if allocation:
        project = contracts.projects.get(allocation.project_id)
        engagement = contracts.engagements.get(project.engagement_id) if project else None
        candidates = [engagement] if engagement else []
    else:
        candidates = _engagements_of(row, case)
    dated = [one for one in candidates if one.start and one.end and one.start <= one.end]
    if not dated or len(dated) < len(candidates) or any(_side(one, day) == "" for one in dated):
        return None
    ended = [one for one in dated if _side(one, day) == "after"]
    if ended:
        return max(ended, key=lambda one: (one.end or date.min, one.id)).id, "after"
    return min(dated, key=lambda one: (one.start or date.max, one.id)).id, "before"


def _engagements_of(row: Row, case: Case) -> list[Engagement]:
    """Return the engagements of the community an unplaced row's issue belongs to."""
    owner = next(
        (
            one.community_id
            for one in case.assessment.decisions.values()
            if one.settled.owner == row.owner and one.community_id
        ),
        "",
    )
    return [one for one in case.world.contracts.engagements.values() if owner and one.community_id == owner]


def _side(engagement: Engagement, day: date) -> str:
    if engagement.end and day > engagement.end:
        return "after"
    return "before" if engagement.start and day < engagement.start else ""


def _finding(engagement: Engagement, side: str, rows: list[Row], case: Case) -> Finding:
    rows = sorted(rows, key=lambda row: (row.end or date.min, row.key))
    total = spell_hours(sum(row.minutes or 0 for row in rows))
    named = ", ".join(
        f"{row.title or row.key} {spell_hours(row.minutes or 0)} h on {row.end}" for row in rows[:ROWS_NAMED]
    )
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    limit = f"its end on {engagement.end}" if side == "after" else f"its start on {engagement.start}"
    links = tuple(dict.fromkeys(row.url for row in rows if row.url))[:ROWS_NAMED]
    return Finding(
        "work_outside_contract",
        engagement.name,
        f"{total} h {side} {limit}: {named}{more}.",
        "Agree on a renewal or an extension and correct the dates in Airtable, or end the work; if only a date is "
        "wrong, correct it on the board.",
        links[0] if links else "",
        subject_id=engagement.id,
        level=side,
        community=case.community(engagement.community_id),
        links=links,
    )
