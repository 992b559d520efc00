"""Time logged straight in Asana: on hand-made tasks below a CSH task, on mirrored ones, on the CSH task itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sync.hours.ledger import settle
from sync.hours.values import Settled, Whereabouts, WorkDate, WorkItem
from sync.mirror.deciding import Deciding, Decision, stored_postings
from sync.mirror.world import Policy, World
from sync.model.issue import HoursReading, LoggedHours, UnknownHours
from sync.model.work import StoredRow, Task

PREFIX = "asana:"


@dataclass(frozen=True, slots=True)
class TimedWork:
    """One task with time: where it counts and the rows it has. *mirrored*: it is the task of an issue."""

    task: Task
    settled: Settled
    csh_gid: str
    mirrored: bool
    stored: Mapping[str, StoredRow]
    people: str = ""


def timed_work(
    world: World, policy: Policy, deciding: Deciding, decisions: Mapping[str, Decision]
) -> tuple[TimedWork, ...]:
    """Return every task that has time, or had it, by gid; hand-made tasks are read, never written (decision D4).

    The minutes count for the CSH task it hangs under when this run is over.
    """
    tree = deciding.tree
    stored: dict[str, dict[str, StoredRow]] = {}
    for key, row in world.ledger.rows.items():
        if row.row.owner.startswith(PREFIX):
            stored.setdefault(row.row.owner.removeprefix(PREFIX), {})[key] = row
    planned = {
        decision.task.gid: decision.parent.gid if decision.parent else ""
        for decision in decisions.values()
        if decision.task
    }
    by_person = {decision.task.gid for decision in decisions.values() if decision.task and decision.by_person}
    tasks = {**tree.tasks, **{gid: csh.task for gid, csh in tree.csh_tasks.items()}}
    names = {user.gid: user.name for user in world.tasks.users}
    found = []
    for gid in sorted(tasks):
        task = tasks[gid]
        if not task.plain or not (task.actual_minutes or gid in stored):
            continue
        csh_gid = _csh_above(gid, planned, deciding)
        if not csh_gid and gid not in planned and gid not in stored:
            continue
        where = Whereabouts(
            deciding.csh_tasks.projects(csh_gid),
            deciding.csh_tasks.allocations(csh_gid),
            by_person=gid not in planned or gid in by_person,
            decided=bool(csh_gid) and world.contracts.complete,
        )
        item = WorkItem(
            owner=f"{PREFIX}{gid}",
            hours=_reading(task),
            work_date=_work_date(task, world.today),
            where=where,
            postings=stored_postings(stored.get(gid, {}).values()),
        )
        settled = settle(item, world.contracts, world.today, policy.grace_days)
        people = names.get(task.assignee_gid, "")
        found.append(TimedWork(task, settled, csh_gid, gid in planned, stored.get(gid, {}), people))
    return tuple(found)


def _csh_above(gid: str, planned: Mapping[str, str], deciding: Deciding) -> str:
    """Return the CSH task above a task once the placements of this run are done."""
    seen: set[str] = set()
    while gid and gid not in seen and gid not in deciding.tree.csh_tasks:
        seen.add(gid)
        task = deciding.tree.tasks.get(gid)
        gid = planned.get(gid, task.parent_gid if task else "")
    return gid if gid in deciding.tree.csh_tasks else ""


def _reading(task: Task) -> HoursReading:
    if task.actual_minutes is None:
        return UnknownHours("Asana does not tell the time of this task")
    return LoggedHours(task.actual_minutes)


def _work_date(task: Task, today: date) -> WorkDate:
    if task.completed_on:
        return WorkDate(min(task.completed_on, today), "completed")
    return WorkDate(today, "today")
