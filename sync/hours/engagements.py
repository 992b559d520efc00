"""Which engagements run, and the limits of the checks on contracts (settings, ``[engagements]``)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from re import split

from sync.model.contract import Contracts, Engagement, Project

ACTIVE = ("Active", "Green", "On track", "Yellow", "At risk", "Monitor", "Red", "Action needed")
TITLE_LENGTH = 120
"""A first line longer than this is a paragraph, not a title."""
WON = ("Won", "Closed-Won", "Closed Won")


@dataclass(frozen=True, slots=True)
class EngagementRules:
    """Limits of the checks: words in *Status*, and days."""

    active_statuses: tuple[str, ...] = ACTIVE
    won_statuses: tuple[str, ...] = WON
    renewal_days: int = 60
    new_days: int = 14
    expiring_days: int = 28


def words(status: str) -> frozenset[str]:
    """Return a status as it is compared: whole and in its parts, so that ``On Track (Green)`` is also *green*."""
    parts = (" ".join(part.casefold().split()) for part in (status, *split(r"[()/]", status)))
    return frozenset(part for part in parts if part)


def is_active(engagement: Engagement, rules: EngagementRules, today: date) -> bool:
    """Tell whether an engagement runs: by its status, or, where that is empty, by dates that hold *today*."""
    if engagement.status.strip():
        return _says(engagement, rules.active_statuses)
    start, end = engagement.start, engagement.end
    return start is not None and end is not None and start <= today <= end


def is_owed(engagement: Engagement, rules: EngagementRules, today: date) -> bool:
    """Tell whether an engagement's records must be complete: it runs or was won, and is not over."""
    over = engagement.end is not None and engagement.end < today
    return not over and (is_active(engagement, rules, today) or _says(engagement, rules.won_statuses))


def is_committed(engagement: Engagement, rules: EngagementRules, day: date) -> bool:
    """Tell whether what an engagement promises for *day* binds people: it runs or was won."""
    return is_active(engagement, rules, day) or _says(engagement, rules.won_statuses)


def _says(engagement: Engagement, statuses: tuple[str, ...]) -> bool:
    known = frozenset().union(*(words(one) for one in statuses))
    return bool(words(engagement.status) & known)


def follower(engagement: Engagement, contracts: Contracts) -> Engagement | None:
    """Return the next engagement of the same community that ends later, None when there is none."""
    end = engagement.end
    later = [
        one
        for one in contracts.engagements.values()
        if end is not None
        and one.id != engagement.id
        and one.community_id == engagement.community_id
        and (one.end or date.max) > end
    ]
    return min(later, key=lambda one: (one.start or date.max, one.id), default=None)


def unrefined(project: Project, contracts: Contracts) -> Iterator[str]:
    """Yield what a project's record lacks (SD3 7.3); nothing for which the base has no column."""
    if not project.name:
        yield "name"
    if (project.start is None or project.end is None) and contracts.has("Projects.Start", "Projects.End"):
        yield "dates"
    if not has_title(project.description) and contracts.has("Projects.Description"):
        yield "description with a title in its first line"
    if not project.clause.strip() and contracts.has("Projects.Clause"):
        yield "clause"
    if not any(one.project_id == project.id for one in contracts.allocations.values()):
        yield "allocations"


def has_title(description: str) -> bool:
    """Tell whether a description opens with a title in one line."""
    first = description.strip().partition("\n")[0].strip()
    return 0 < len(first) <= TITLE_LENGTH
