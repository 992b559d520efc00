"""Totals on allocations and CSH tasks, summed from the rows as they will be (decision D8: written after the rows)."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sync.hours.usage import Usage, usage
from sync.mirror.deciding import Deciding
from sync.mirror.world import World
from sync.model.change import About, FieldChange, Standing, WriteCshHours, WriteTotals
from sync.model.contract import Allocation, Totals
from sync.model.minutes import to_hours
from sync.model.work import Row

SHARE_STEP = 0.0051
"""Shares nearer than this are the same: a percent column may keep no more than the whole percents it shows."""
HALF_A_CENT = Decimal("0.005")


def used_minutes(rows: Iterable[Row]) -> dict[str, int]:
    """Return the minutes of every allocation that any row names."""
    used: dict[str, int] = {}
    for row in rows:
        used[row.allocation_id] = used.get(row.allocation_id, 0) + (row.minutes or 0)
    return used


class Totaling:
    """Usage of every allocation, by its rows."""

    def __init__(self, world: World, rows: Iterable[Row]) -> None:
        self._world = world
        self._contracts = world.contracts
        self._used = used_minutes(rows)

    def usage(self, allocation: Allocation) -> Usage:
        """Return the usage of one allocation."""
        owner = self._contracts.community_of_project(allocation.project_id)
        name = owner.name if owner else allocation.name
        return usage(allocation, self._used.get(allocation.id, 0), name)

    def totals(self) -> tuple[WriteTotals, ...]:
        """Return the writes for allocations whose cells say something else."""
        writes = []
        for allocation in self._contracts.allocations.values():
            now = self.usage(allocation)
            after = Totals(now.used_minutes, now.left_minutes, now.share, now.sentence)
            if not _same(allocation.totals, after):
                about = About(allocation.name, group=self._group(allocation))
                reason = f"{to_hours(now.used_minutes)} h in its rows"
                writes.append(WriteTotals(allocation.id, allocation.totals, after, about, reason))
        return tuple(sorted(writes, key=lambda write: write.allocation_id))

    def csh_hours(self, deciding: Deciding) -> tuple[WriteCshHours, ...]:
        """Return the writes for CSH tasks that carry ``Hours used`` or ``Hours left``."""
        writes = []
        for gid, csh in sorted(deciding.tree.csh_tasks.items()):
            allocation = self._current(deciding.csh_tasks.allocations(gid))
            if allocation is None:
                continue
            now = self.usage(allocation)
            left = None if now.left_minutes is None else to_hours(now.left_minutes)
            wanted = {"hours_used": to_hours(now.used_minutes), "hours_left": left}
            changes = tuple(
                FieldChange(name, csh.task.fields.values[name], value)
                for name, value in wanted.items()
                if csh.task.fields.has(name) and not _same_number(csh.task.fields.values[name], value)
            )
            if changes:
                about = About(csh.task.name, url=csh.task.permalink, group=self._group(allocation))
                writes.append(WriteCshHours(gid, allocation.id, changes, about, f"hours of {allocation.name}"))
        return tuple(writes)

    def standings(self) -> tuple[Standing, ...]:
        """Return where every allocation stands, by community, then start."""
        found = []
        for allocation in self._contracts.allocations.values():
            now = self.usage(allocation)
            owner = self._contracts.community_of_project(allocation.project_id)
            found.append(
                Standing(
                    allocation.id,
                    allocation.name,
                    owner.name if owner else "",
                    allocation.start,
                    allocation.end,
                    now.available_minutes,
                    now.used_minutes,
                    now.sentence,
                )
            )
        return tuple(
            sorted(found, key=lambda item: (item.community.casefold(), item.start or date.max, item.allocation_id))
        )

    def _current(self, ids: frozenset[str]) -> Allocation | None:
        """Return the allocation a CSH task speaks for: the one that holds today, else the newest."""
        known = [self._contracts.allocations[one] for one in sorted(ids)]
        holding = [item for item in known if item.holds(self._world.today)]
        return max(holding or known, key=lambda item: (item.start or date.min, item.id), default=None)

    def _group(self, allocation: Allocation) -> str:
        return group_name(self._contracts.community_of_project(allocation.project_id), allocation)


def group_name(community: object, allocation: Allocation | None) -> str:
    """Return the heading under which changes are shown: community and allocation."""
    name = getattr(community, "name", "")
    return " / ".join(part for part in (name, allocation.name if allocation else "") if part)


def _same(before: Totals, after: Totals) -> bool:
    return (
        before.used_minutes == after.used_minutes
        and before.left_minutes == after.left_minutes
        and _same_share(before.used_share, after.used_share)
        and before.sentence.strip() == after.sentence.strip()
    )


def _same_share(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return abs(before - after) < SHARE_STEP


def _same_number(before: object, after: Decimal | None) -> bool:
    if isinstance(before, Decimal) and after is not None:
        return abs(before - after) < HALF_A_CENT
    return before is None and after is None
