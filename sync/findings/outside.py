"""Findings about work that no contract covers: before it began or after it ended (requirement 69)."""

from collections.abc import Iterator
from datetime import date

from sync.findings.case import Case
from sync.mirror.outside import AFTER, rows_outside
from sync.model.contract import Engagement
from sync.model.finding import Finding
from sync.model.minutes import spell_hours
from sync.model.work import Row

ROWS_NAMED = 3


def work_outside_contract(case: Case) -> Iterator[Finding]:
    """Minutes are dated before the first or after the last day of their engagement; one finding for each side."""
    if not case.world.complete:
        return
    contracts = case.world.contracts
    outside = rows_outside(case.assessment.rows.values(), case.assessment.decisions.values(), contracts)
    for (engagement_id, side), rows in sorted(outside.items()):
        yield _finding(contracts.engagements[engagement_id], side, rows, case)


def _finding(engagement: Engagement, side: str, rows: list[Row], case: Case) -> Finding:
    rows = sorted(rows, key=lambda row: (row.end or date.min, row.key))
    total = spell_hours(sum(row.minutes or 0 for row in rows))
    named = ", ".join(
        f"{row.title or row.key} {spell_hours(row.minutes or 0)} h on {row.end}" for row in rows[:ROWS_NAMED]
    )
    more = f" and {len(rows) - ROWS_NAMED} more" if len(rows) > ROWS_NAMED else ""
    limit = f"its end on {engagement.end}" if side == AFTER else f"its start on {engagement.start}"
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
