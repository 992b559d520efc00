"""Findings about sums that differ between the services and would still differ when this run is over (requirement 65).

What the run itself brings in line is no finding: it stands in the record of the run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sync.findings.case import Case
from sync.findings.contracts import engagements_astray
from sync.mirror.handmade import PREFIX
from sync.model.finding import Finding
from sync.model.minutes import spell_hours, to_minutes
from sync.model.work import UNPLACED, Row, Task

ROUNDING = 3
"""Minutes within which two values are the same: a field may show one decimal of an hour."""


def total_time_differs(case: Case) -> Iterator[Finding]:
    """Asana's Total Time of a task is neither its time as we count it nor that of the tasks below it (requirement 42).

    Both sides are taken as they were read, so that hours this run writes make no difference. An empty Total Time says
    nothing.
    """
    if not (case.world.tasks.tree_complete and case.world.tasks.home_complete):
        return
    sums = _Sums(case)
    for gid, task in sorted(sums.tasks.items()):
        shown, own = task.fields.values.get("total_time"), sums.own.get(gid)
        if not isinstance(shown, Decimal) or own is None:
            continue
        said = to_minutes(float(shown))
        if any(abs(said - one) <= ROUNDING for one in sums.acceptable(gid)):
            continue
        parts = f"GitHub Hours {spell_hours(own.logged)} h and Actual time {spell_hours(own.actual)} h"
        yield Finding(
            "total_time_differs",
            task.name,
            f"Total Time says {spell_hours(said)} h; {parts} are {spell_hours(own.minutes)} h, which count.",
            "Correct what fills in Total Time in Asana: GitHub Hours plus Actual time of the same task.",
            task.permalink,
            subject_id=gid,
            community=sums.community(gid),
        )


@dataclass(frozen=True, slots=True)
class _Time:
    """Minutes of one task as we count them."""

    logged: int
    actual: int

    @property
    def minutes(self) -> int:
        return self.logged + self.actual


class _Sums:
    """Time of all tasks: their own, and that of the tasks below them."""

    def __init__(self, case: Case) -> None:
        known = case.world.tasks
        self._case = case
        self.tree, self._csh_tasks = case.csh_tasks()
        csh = {gid: one.task for gid, one in known.csh_tasks.items()}
        self.tasks: dict[str, Task] = {gid: one for gid, one in {**self.tree.tasks, **csh}.items() if one.plain}
        mirrors = [decision.mirror for decision in case.assessment.decisions.values()]
        mirrors += [mirror for mirror, _ in case.assessment.left]
        mirrored = {one.task.gid for one in mirrors if one and one.task}
        actual_minutes = case.actual_minutes()
        self.own: dict[str, _Time] = {
            gid: _Time(_logged(task) if gid in mirrored else 0, actual)
            for gid, task in self.tasks.items()
            if (actual := actual_minutes(task)) is not None
        }
        self._children: dict[str, list[str]] = {}
        for gid in self.tasks:
            self._children.setdefault(self.tree.parent(gid), []).append(gid)

    def acceptable(self, gid: str) -> set[int]:
        """Return every sum that Asana may mean: the task alone, what is below it, or both."""
        own = self.own[gid].minutes
        children = self._children.get(gid, [])
        near, below = self._sum(children), self._sum(self._descendants(gid))
        return {own} | {base + one for one in (near, below) if children and one is not None for base in (0, own)}

    def _descendants(self, gid: str) -> list[str]:
        found: list[str] = []
        waiting = list(self._children.get(gid, []))
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.append(one)
                waiting += self._children.get(one, [])
        return found

    def _sum(self, gids: list[str]) -> int | None:
        times = [self.own.get(one) for one in gids]
        return None if None in times else sum(one.minutes for one in times if one)

    def community(self, gid: str) -> str:
        """Return the name of the community whose CSH task a task hangs under."""
        return self._case.community_of_csh(self.tree.csh_above(gid), self._csh_tasks)


def _logged(task: Task) -> int:
    hours = task.fields.values.get("github_hours")
    return to_minutes(float(hours)) if isinstance(hours, Decimal) else 0


def totals_disagree(case: Case) -> Iterator[Finding]:
    """Sums in Airtable and Asana differ, and no run brings them in line; each difference by its name."""
    if case.world.complete:
        yield from _typed_rows(case)
        yield from _lost_tasks(case)
        yield from _edited_sealings(case)
        yield from _peoples_hours(case)


def _typed_rows(case: Case) -> Iterator[Finding]:
    """A person typed hours into Activity: sums in Airtable have them, totals of ours do not."""
    for record_id, row in sorted(case.world.ledger.typed.items()):
        if row.minutes and row.link in case.world.contracts.allocations:
            hours = spell_hours(row.minutes)
            evidence = (
                f"Airtable has {hours} h more: a row typed into Activity by hand, which Hours used does not count."
            )
            remedy = "Log the work on an issue or on an Asana task below the CSH task, and delete the typed row."
            yield _about(
                Finding("totals_disagree", row.title or record_id, evidence, remedy), record_id, row.link, case
            )


def _lost_tasks(case: Case) -> Iterator[Finding]:
    """A row counts the time of an Asana task that is no longer below any CSH task: deleted, or moved away.

    Not where all CSH tasks of its engagement are out of sight, which is told: the task is only out of sight with them.
    """
    seen = {f"{PREFIX}{work.task.gid}" for work in case.assessment.timed}
    astray = engagements_astray(case)
    for key, row in sorted(_asana_rows(case).items()):
        engagement = case.world.contracts.engagement_of(row.allocation_id)
        if engagement and engagement.id in astray:
            continue
        if row.minutes and not row.seal and row.owner not in seen and row.allocation_id != UNPLACED:
            hours, task = spell_hours(row.minutes), row.owner.removeprefix(PREFIX)
            evidence = (
                f"Activity has {hours} h more: its Asana task {task} was deleted or moved away from the CSH task."
            )
            remedy = "Put the task back, or delete the row in Activity if its time no longer counts."
            yield _about(Finding("totals_disagree", row.title or task, evidence, remedy), key, row.allocation_id, case)


def _asana_rows(case: Case) -> Mapping[str, Row]:
    return {key: row for key, row in case.assessment.rows.items() if row.owner.startswith(PREFIX)}


def _edited_sealings(case: Case) -> Iterator[Finding]:
    """The cell ``Hours at sealing`` says something else than the sealed rows, which count."""
    for allocation in case.world.contracts.allocations.values():
        sealing, said = allocation.sealing, allocation.sealed_minutes
        if sealing is None or said is None or allocation.reopen or abs(said - sealing.minutes) <= 1:
            continue
        evidence = (
            f"Hours at sealing says {spell_hours(said)} h; the sealed rows make {spell_hours(sealing.minutes)} h."
        )
        remedy = "Correct the cell; to change sealed hours, tick Reopen."
        found = Finding("totals_disagree", allocation.name or allocation.id, evidence, remedy, level="sealed")
        yield _about(found, allocation.id, allocation.id, case)


def _peoples_hours(case: Case) -> Iterator[Finding]:
    """A formula of a person on the CSH task shows other hours than the allocation's rows make."""
    _, csh_tasks = case.csh_tasks()
    for gid, csh in sorted(case.world.tasks.csh_tasks.items()):
        ids = csh_tasks.allocations(gid)
        if len(ids) != 1:
            continue
        (allocation_id,) = ids
        usage = case.assessment.usages[allocation_id]
        ours = {"Hours used": usage.used_minutes, "Hours left": usage.left_minutes}
        for name, minutes in ours.items():
            shown = csh.task.fields.values.get(f"peoples_{name.replace(' ', '_').lower()}")
            if not isinstance(shown, Decimal) or minutes is None or abs(to_minutes(float(shown)) - minutes) <= ROUNDING:
                continue
            said, counted = spell_hours(to_minutes(float(shown))), spell_hours(minutes)
            evidence = f"{name} on the CSH task, not ours to write there, says {said} h; the rows make {counted} h."
            remedy = "Correct the formula, or put a number field of that name in its place: it is filled in then."
            found = Finding("totals_disagree", csh.task.name, evidence, remedy, csh.task.permalink, level=name)
            yield _about(found, gid, allocation_id, case)


def _about(finding: Finding, subject_id: str, allocation_id: str, case: Case) -> Finding:
    """Fill in what a difference is about."""
    allocation = case.world.contracts.allocations.get(allocation_id)
    owner = case.community(case.community_of_allocation(allocation_id))
    return replace(
        finding,
        url=finding.url or (allocation.asana_url if allocation else ""),
        subject_id=subject_id,
        period=allocation_id if allocation else "",
        community=owner,
    )
