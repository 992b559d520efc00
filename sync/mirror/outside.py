"""Minutes that no contract covers: dated before the first or after the last day of their engagement."""

from collections.abc import Iterable, Mapping
from datetime import date

from sync.mirror.deciding import Decision
from sync.model.contract import Contracts, Engagement
from sync.model.work import Row

BEFORE, AFTER = "before", "after"


def rows_outside(
    rows: Iterable[Row], decisions: Iterable[Decision], contracts: Contracts
) -> Mapping[tuple[str, str], list[Row]]:
    """Return the rows whose minutes lie outside, by the engagement they count for and the side, `BEFORE` or `AFTER`.

    A day that another engagement of the community holds is not outside, nor is any while one of them lacks a date.
    """
    owners = {one.settled.owner: one.community_id for one in decisions if one.community_id}
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row.minutes and row.end and (hit := _outside(row, row.end, owners, contracts)):
            found.setdefault(hit, []).append(row)
    return found


def _outside(row: Row, day: date, owners: Mapping[str, str], contracts: Contracts) -> tuple[str, str] | None:
    """Return the engagement a row counts for and the side on which it lies outside, None when it lies inside."""
    if row.allocation_id in contracts.allocations:
        engagement = contracts.engagement_of(row.allocation_id)
        candidates = [engagement] if engagement else []
    else:
        owner = owners.get(row.owner, "")
        candidates = [one for one in contracts.engagements.values() if owner and one.community_id == owner]
    dated = [one for one in candidates if one.start and one.end and one.start <= one.end]
    if not dated or len(dated) < len(candidates) or any(side_of(one, day) == "" for one in dated):
        return None
    ended = [one for one in dated if side_of(one, day) == AFTER]
    if ended:
        return max(ended, key=lambda one: (one.end or date.min, one.id)).id, AFTER
    return min(dated, key=lambda one: (one.start or date.max, one.id)).id, BEFORE


def side_of(engagement: Engagement, day: date) -> str:
    """Return on which side of an engagement a day lies, "" when inside."""
    if engagement.end and day > engagement.end:
        return AFTER
    return BEFORE if engagement.start and day < engagement.start else ""
