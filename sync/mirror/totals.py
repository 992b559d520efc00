"""Totals on allocations and CSH tasks, summed from the rows as they will be, or from the seal (decision D8)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sync.hours.bands import Bands
from sync.hours.behind import counted_rows
from sync.hours.usage import Entry, Usage, usage
from sync.hours.wording import forecast_text, pace_text, status_text
from sync.mirror.deciding import Deciding
from sync.mirror.planned import PlannedBook
from sync.mirror.world import Policy, World
from sync.model.change import About, FieldChange, Standing, WriteCshHours, WriteTotals
from sync.model.contract import Allocation, Totals
from sync.model.minutes import to_hours
from sync.model.work import Row

SHARE_STEP = 0.0051
"""Shares nearer than this are the same: a percent column may keep no more than the whole percents it shows."""
HALF_A_CENT = Decimal("0.005")
PLANNED_TAIL = re.compile(r"; [0-9.]+ h planned$")


class Totaling:
    """Usage of every allocation, by its rows. *profiles* tells the profile of those whose CSH task is known."""

    def __init__(
        self, world: World, policy: Policy, rows: Iterable[Row], planned: PlannedBook, profiles: Mapping[str, str]
    ) -> None:
        """Work out every usage once."""
        self._world = world
        self._policy = policy
        self._contracts = world.contracts
        self._planned = planned
        self._profiles = profiles
        self._known = world.complete
        self._rows: dict[str, list[Row]] = {}
        for row in rows:
            self._rows.setdefault(row.allocation_id, []).append(row)
        self.usages: Mapping[str, Usage] = {
            allocation.id: self._usage(allocation) for allocation in world.contracts.allocations.values()
        }
        """By allocation id."""

    def _usage(self, allocation: Allocation) -> Usage:
        owner = self._contracts.community_of_project(allocation.project_id)
        counted = counted_rows(allocation, self._rows.get(allocation.id, ()))
        return usage(
            allocation,
            (Entry(one.minutes, one.row.end, one.row.source) for one in counted),
            self._world.today,
            name=owner.name if owner else allocation.name,
            planned_minutes=self._planned.minutes(allocation.id),
            bands=self._bands(allocation),
            days_off=self._policy.days_off,
            known=self._known,
        )

    def _bands(self, allocation: Allocation) -> Bands:
        """Return the thresholds for an allocation; where there is one profile only, it is of that one."""
        only = next(iter(self._policy.profiles)) if len(self._policy.profiles) == 1 else ""
        engagement = self._contracts.engagement_of(allocation.id)
        names = (engagement.name, engagement.id) if engagement else ()
        return self._policy.thresholds.of(self._profiles.get(allocation.id, only), *names)

    def totals(self) -> tuple[WriteTotals, ...]:
        """Return the writes for allocations whose cells say something else."""
        writes = []
        for allocation in self._contracts.allocations.values():
            now, after = self.usages[allocation.id], self.wanted(allocation)
            if not same_totals(allocation.totals, after):
                about = About(allocation.name, group=self._group(allocation))
                reason = f"{to_hours(now.used_minutes)} h in its rows"
                writes.append(WriteTotals(allocation.id, allocation.totals, after, about, reason))
        return tuple(sorted(writes, key=lambda write: write.allocation_id))

    def wanted(self, allocation: Allocation) -> Totals:
        """Return an allocation's cells as they should be; words about what could not be read stay as they are."""
        now, stored = self.usages[allocation.id], allocation.totals
        planned = now.planned_minutes is not None
        told = replace(
            stored,
            used_minutes=now.used_minutes,
            left_minutes=now.left_minutes,
            used_share=now.share,
            sentence=now.sentence + ("" if planned else _planned_tail(stored.sentence)),
        )
        if not self._known:
            return told
        return replace(
            told,
            pace=_if_managed(stored.pace, pace_text(now)),
            forecast=_if_managed(stored.forecast, forecast_text(now)) if planned else stored.forecast,
            status=_if_managed(stored.status, status_text(now)),
        )

    def csh_hours(self, deciding: Deciding) -> tuple[WriteCshHours, ...]:
        """Return the writes for CSH tasks that carry ``Hours used`` or ``Hours left``."""
        writes = []
        for gid, csh in sorted(deciding.tree.csh_tasks.items()):
            allocation = self._current(deciding.csh_tasks.allocations(gid))
            if allocation is None:
                continue
            now = self.usages[allocation.id]
            left = None if now.left_minutes is None else to_hours(now.left_minutes)
            wanted = {"hours_used": to_hours(now.used_minutes), "hours_left": left}
            changes = tuple(
                FieldChange(name, csh.task.fields.values[name], value)
                for name, value in wanted.items()
                if csh.task.fields.has(name) and not same_number(csh.task.fields.values[name], value)
            )
            if changes:
                about = About(csh.task.name, url=csh.task.permalink, group=self._group(allocation))
                writes.append(WriteCshHours(gid, allocation.id, changes, about, f"hours of {allocation.name}"))
        return tuple(writes)

    def standings(self) -> tuple[Standing, ...]:
        """Return where every allocation stands, by community, then start."""
        found = []
        for allocation in self._contracts.allocations.values():
            now = self.usages[allocation.id]
            owner = self._contracts.community_of_project(allocation.project_id)
            project = self._contracts.projects.get(allocation.project_id)
            engagement = self._contracts.engagement_of(allocation.id)
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
                    left_minutes=now.left_minutes,
                    extra_minutes=now.extra_minutes,
                    extra_used_minutes=now.extra_used_minutes,
                    overrun_minutes=now.overrun_minutes,
                    planned_minutes=now.planned_minutes,
                    share=now.share,
                    gone=now.gone,
                    level=now.level.value,
                    pace=now.pace.value if now.pace else "",
                    forecast_minutes=now.forecast,
                    no_forecast=now.no_forecast,
                    completed=now.completed.value if now.completed else "",
                    completed_on=now.completed_on,
                    entry_count=now.entry_count,
                    planned=self._planned.works.get(allocation.id, ()),
                    engagement=engagement.name if engagement else "",
                    project=project.name if project else "",
                    phase=_phase(allocation, self._world.today),
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


def _phase(allocation: Allocation, today: date) -> str:
    if allocation.start is None or allocation.end is None:
        return ""
    if allocation.holds(today):
        return "current"
    return "past" if allocation.end < today else "upcoming"


def group_name(community: object, allocation: Allocation | None) -> str:
    """Return the heading under which changes are shown: community and allocation."""
    name = getattr(community, "name", "")
    return " / ".join(part for part in (name, allocation.name if allocation else "") if part)


def _planned_tail(sentence: str) -> str:
    """Return what a stored sentence says of planned work: it stays while that is not known."""
    found = PLANNED_TAIL.search(sentence)
    return found.group() if found else ""


def _if_managed(stored: str | None, text: str) -> str | None:
    """Return the words for a cell, None where the base has no column for them."""
    return None if stored is None else text


def same_totals(before: Totals, after: Totals) -> bool:
    """Tell whether two totals show the same, whatever a percent column keeps and blanks around words."""
    words = [(one.sentence, one.pace or "", one.forecast or "", one.status or "") for one in (before, after)]
    return (
        before.used_minutes == after.used_minutes
        and before.left_minutes == after.left_minutes
        and _same_share(before.used_share, after.used_share)
        and [text.strip() for text in words[0]] == [text.strip() for text in words[1]]
    )


def _same_share(before: float | None, after: float | None) -> bool:
    if before is None or after is None:
        return before is after
    return abs(before - after) < SHARE_STEP


def same_number(before: object, after: Decimal | None) -> bool:
    """Tell whether two numbers are the same with two decimals, or both are empty."""
    if isinstance(before, Decimal) and after is not None:
        return abs(before - after) < HALF_A_CENT
    return before is None and after is None
