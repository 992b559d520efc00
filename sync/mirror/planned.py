"""Work that is planned in an allocation: open issues' estimates, less what they logged already (requirement 54)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sync.mirror.deciding import Decision
from sync.mirror.world import World
from sync.model.change import PlannedWork
from sync.model.issue import BoardUnknown, Closing, LoggedHours
from sync.model.minutes import to_minutes


@dataclass(frozen=True, slots=True)
class PlannedBook:
    """Planned work by allocation id. *unread* are allocations for which some of it is not known.

    *complete* is false when issues may be missing: then no allocation's planned work is known.
    """

    works: Mapping[str, tuple[PlannedWork, ...]] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()
    complete: bool = True

    def minutes(self, allocation_id: str) -> int | None:
        """Return the planned minutes of an allocation, None when they are not known."""
        if not self.complete or allocation_id in self.unread:
            return None
        return sum(one.minutes for one in self.works.get(allocation_id, ()))


def planned_work(world: World, decisions: Iterable[Decision]) -> PlannedBook:
    """Return the open work of every allocation: each issue belongs where its next minutes would go."""
    works: dict[str, list[PlannedWork]] = {}
    unread = set()
    for decision in decisions:
        issue, target = decision.scoped.issue, decision.settled.target.allocation_id
        if issue.closing is not Closing.OPEN or decision.stands_for:
            continue
        if isinstance(issue.board, BoardUnknown):
            unread.add(target)
        elif minutes := _minutes_to_come(decision):
            works.setdefault(target, []).append(PlannedWork(issue.reference, issue.title, issue.url, minutes))
    ordered = {
        allocation_id: tuple(sorted(those, key=lambda one: (-one.minutes, one.reference)))
        for allocation_id, those in works.items()
    }
    return PlannedBook(ordered, frozenset(unread), world.issues.complete)


def _minutes_to_come(decision: Decision) -> int:
    """Return an issue's estimate less its hours, wherever they count, never below 0.

    Where the hours are not known, what its rows hold was logged.
    """
    issue = decision.scoped.issue
    estimate = issue.board_fields.estimate if issue.board_fields else None
    if estimate is None:
        return 0
    rows = sum(posting.counted for posting in decision.settled.postings)
    logged = issue.hours.minutes if isinstance(issue.hours, LoggedHours) else rows
    return max(to_minutes(estimate) - logged, 0)
