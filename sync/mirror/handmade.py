"""Time logged straight in Asana: on hand-made tasks below a CSH task, on mirrored ones, on the CSH task itself."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from mappings.richtext.characters import task_name
from sync.hours.entries import SettledTime, settle_entries
from sync.hours.ledger import settle
from sync.hours.sealing import is_sealed
from sync.hours.values import Settled, Whereabouts, WorkDate, WorkItem
from sync.mirror.deciding import Deciding, Decision, stored_postings
from sync.mirror.world import Policy, World
from sync.model.contract import Contracts
from sync.model.issue import Closing, HoursReading, Issue, LoggedHours, UnknownHours
from sync.model.minutes import spell_hours
from sync.model.work import Ledger, StoredRow, Task, TaskSnapshot, TimeEntry

PREFIX = "asana:"


@dataclass(frozen=True, slots=True)
class TimedWork:
    """One task with time: where it counts and the rows it has. *mirrored*: it is the task of an issue.

    *entries* are its time entries, None where they are not known. *gap* says how they differ from its Actual time, ""
    when they do not. *people* names who did the work, by allocation id.
    """

    task: Task
    settled: Settled
    csh_gid: str
    mirrored: bool
    stored: Mapping[str, StoredRow]
    where: Whereabouts
    entries: tuple[TimeEntry, ...] | None = None
    gap: str = ""
    unread: bool = False
    """Not known how much time counts: nothing of it changes, and no period it may count in is sealed."""
    people: Mapping[str, str] = field(default_factory=dict)
    counting: Mapping[str, tuple[TimeEntry, ...]] = field(default_factory=dict)
    """The entries behind its minutes, with the names people have now, by the allocation in which they count."""

    @property
    def minutes(self) -> int:
        """Return the time logged on the task itself, as far as it is known."""
        if self.entries is not None:
            return sum(entry.minutes for entry in self.entries)
        return self.task.actual_minutes or 0


def with_open_time(tasks: TaskSnapshot, contracts: Contracts, ledger: Ledger) -> frozenset[str]:
    """Return the tasks whose entries can change a row: those with more time than is sealed, or of unknown time.

    Each costs one request; entries of what is sealed are not asked for again.
    """
    sealed: dict[str, int] = {}
    for allocation in contracts.allocations.values():
        rows = allocation.sealing.rows if allocation.sealing and is_sealed(allocation) else {}
        for key, minutes in rows.items():
            owner = key.rpartition("@")[0]
            sealed[owner] = sealed.get(owner, 0) + minutes
    counting = {stored.row.owner for stored in ledger.rows.values() if stored.row.minutes}
    seen = {**tasks.home, **tasks.tree, **{gid: csh.task for gid, csh in tasks.csh_tasks.items()}}
    found = set()
    for gid, task in seen.items():
        owner = f"{PREFIX}{gid}"
        open_time = owner in counting if task.actual_minutes is None else task.actual_minutes > sealed.get(owner, 0)
        if task.plain and open_time:
            found.add(gid)
    return frozenset(found)


def timed_work(
    world: World, policy: Policy, deciding: Deciding, decisions: Mapping[str, Decision]
) -> tuple[TimedWork, ...]:
    """Return every task that has time, or had it, by gid; hand-made tasks are read, never written (decision D4).

    The minutes count for the project of the CSH task it hangs under when this run is over.
    """
    return tuple(_Timing(world, policy, deciding, decisions).works())


class _Timing:
    def __init__(self, world: World, policy: Policy, deciding: Deciding, decisions: Mapping[str, Decision]) -> None:
        self._world, self._policy, self._deciding = world, policy, deciding
        self._asked = with_open_time(world.tasks, world.contracts, world.ledger)
        self._names = {user.gid: user.name for user in world.tasks.users}
        self._stored: dict[str, dict[str, StoredRow]] = {}
        for key, row in world.ledger.rows.items():
            if row.row.owner.startswith(PREFIX):
                self._stored.setdefault(row.row.owner.removeprefix(PREFIX), {})[key] = row
        mirrored = [decision for decision in decisions.values() if decision.task]
        self._issues = {one.ref.gid: one.scoped.issue for one in mirrored}
        self._planned = {one.ref.gid: one.parent.gid if one.parent else "" for one in mirrored}
        self._by_person = {one.ref.gid for one in mirrored if one.by_person}
        self._below: dict[str, int] = {}
        for task in deciding.tree.tasks.values():
            self._below[task.parent_gid] = self._below.get(task.parent_gid, 0) + (task.actual_minutes or 0)

    def works(self) -> Iterator[TimedWork]:
        """Return the tasks that have time, or had it, by gid."""
        tree = self._deciding.tree
        tasks = {**tree.tasks, **{gid: csh.task for gid, csh in tree.csh_tasks.items()}}
        for gid in sorted(tasks):
            task = _as_it_will_be(tasks[gid], self._issues.get(gid))
            if not task.plain or not (task.actual_minutes or gid in self._stored):
                continue
            csh_gid = self._csh_above(gid)
            if csh_gid or gid in self._planned or gid in self._stored:
                yield self._work(task, csh_gid)

    def _work(self, task: Task, csh_gid: str) -> TimedWork:
        gid, world = task.gid, self._world
        csh_tasks = self._deciding.csh_tasks
        where = Whereabouts(
            csh_tasks.projects(csh_gid),
            csh_tasks.allocations(csh_gid),
            by_person=gid not in self._planned or gid in self._by_person,
            decided=bool(csh_gid) and world.contracts.complete,
        )
        stored = self._stored.get(gid, {})
        entries = world.time.entries.get(gid) if world.time.offered else None
        gap = self._gap(task, entries)
        hours = self._reading(task, entries, gap)
        item = WorkItem(
            owner=f"{PREFIX}{gid}",
            hours=hours,
            work_date=_work_date(task, world.today),
            where=where,
            postings=stored_postings(stored.values()),
        )
        unknown = isinstance(hours, UnknownHours)
        if entries is None or unknown:
            found = SettledTime(settle(item, world.contracts, world.today, self._policy.grace_days))
        else:
            found = settle_entries(item, entries, world.contracts, world.today, self._policy.grace_days)
        return TimedWork(
            task,
            found.settled,
            csh_gid,
            gid in self._planned,
            stored,
            where,
            entries,
            gap,
            unknown and world.time.offered and gid in self._asked,
            self._people(task, found, stored, entries or ()),
            {name: tuple(map(self._named, those)) for name, those in found.entries.items()},
        )

    def _csh_above(self, gid: str) -> str:
        """Return the CSH task above a task once the placements of this run are done."""
        tree = self._deciding.tree
        seen: set[str] = set()
        while gid and gid not in seen and gid not in tree.csh_tasks:
            seen.add(gid)
            task = tree.tasks.get(gid)
            gid = self._planned.get(gid, task.parent_gid if task else "")
        return gid if gid in tree.csh_tasks else ""

    # How much time.

    def _reading(self, task: Task, entries: Collection[TimeEntry] | None, gap: str) -> HoursReading:
        if entries is not None:
            minutes = sum(entry.minutes for entry in entries)
            return UnknownHours(gap) if gap and minutes < (task.actual_minutes or 0) else LoggedHours(minutes)
        if self._world.time.offered and task.gid in self._asked:
            return UnknownHours("its time entries could not be read")
        if task.actual_minutes is None:
            return UnknownHours("Asana does not tell the time of this task")
        return LoggedHours(task.actual_minutes)

    def _gap(self, task: Task, entries: Collection[TimeEntry] | None) -> str:
        """Say how entries differ from Actual time, unless that includes what is logged on the sub-tasks.

        Asana does not promise whether it does. Fewer minutes than it tells are a short list, which proves nothing.
        """
        actual = task.actual_minutes
        if entries is None or actual is None:
            return ""
        own = sum(entry.minutes for entry in entries)
        if actual in {own, own + self._below.get(task.gid, 0)}:
            return ""
        return f"its time entries add up to {spell_hours(own)} h, its Actual time is {spell_hours(actual)} h"

    # Whose time.

    def _people(
        self, task: Task, found: SettledTime, stored: Mapping[str, StoredRow], entries: Collection[TimeEntry]
    ) -> dict[str, str]:
        """Return who did the work: the persons of the entries; without entries the assignee, as far as is known."""
        named = {}
        for posting in found.settled.postings:
            row = stored.get(f"{PREFIX}{task.gid}@{posting.allocation_id}")
            if posting.allocation_id in found.entries:
                people = self._persons(found.entries[posting.allocation_id])
            elif not self._world.time.offered:
                people = self._names.get(task.assignee_gid, "")
            else:
                people = row.row.people if row else self._persons(entries)
            named[posting.allocation_id] = people
        return named

    def _persons(self, entries: Iterable[TimeEntry]) -> str:
        names = {self._named(entry).person for entry in entries} - {""}
        return ", ".join(sorted(names, key=str.casefold))

    def _named(self, entry: TimeEntry) -> TimeEntry:
        return replace(entry, person=self._names.get(entry.person_gid, entry.person))


def _as_it_will_be(task: Task, issue: Issue | None) -> Task:
    """Return a mirrored task with the name and state that this run gives it."""
    if issue is None:
        return task
    known = issue.closing in {Closing.OPEN, Closing.COMPLETED}
    completed = issue.closing is Closing.COMPLETED if known else task.completed
    return replace(task, name=task_name(issue.title), completed=completed)


def _work_date(task: Task, today: date) -> WorkDate:
    if task.completed_on:
        return WorkDate(min(task.completed_on, today), "completed")
    return WorkDate(today, "today")
