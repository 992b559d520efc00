"""One issue and its tree: all that a run may change which an event set off (decision D1, requirement 109).

The whole plan is made as always; of its changes those of the tree are kept. So an event has the result of a sweep.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from sync.mirror.identity import Mirror
from sync.mirror.leaving import Fate, Make
from sync.model.addresses import same_address
from sync.model.change import (
    Change,
    CreateTask,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveTask,
    UpdateTask,
    WriteBackLink,
    WriteRows,
)
from sync.model.issue import ScopedIssue
from sync.model.work import Ledger, Row, Task


@dataclass(frozen=True, slots=True)
class Family:
    """The issues of a tree by node id, their tasks, the owners of their rows, and their addresses."""

    ids: frozenset[str]
    gids: frozenset[str]
    owners: frozenset[str]
    urls: frozenset[str]

    def holds(self, change: Change) -> bool:
        """Tell whether a change is about the tree alone."""
        match change:
            case CreateTask():
                return change.issue_id in self.ids
            case UpdateTask() | RehomeTask() | RemoveTask():
                return change.gid in self.gids
            case PlaceTask():
                return change.task.issue_id in self.ids or change.task.gid in self.gids
            case WriteRows():
                return change.owner in self.owners
            case WriteBackLink():
                return same_address(change.about.url) in self.urls
            case _:
                return False

    def names(self, url: str, subject_id: str = "") -> bool:
        """Tell whether an address, or a node id or gid, is of the tree."""
        return same_address(url) in self.urls or subject_id in self.ids or subject_id in self.gids

    def part_of(self, plan: Plan, changes: Iterable[Change]) -> Plan:
        """Return *plan* with these *changes*, and what it tells of the tree."""
        kept = tuple(changes)
        changed = {same_address(change.about.url) for change in kept}
        return replace(
            plan,
            changes=kept,
            held=tuple(one for one in plan.held if self.names(one.about.url)),
            waiting=tuple(one for one in plan.waiting if self.names(one.about.url)),
            findings=tuple(one for one in plan.findings if self.names(one.url, one.subject_id)),
            unchanged=len(self.urls - changed),
        )

    def rows_after(self, planned: Mapping[str, Row], ledger: Ledger) -> tuple[Row, ...]:
        """Return all rows as they stand when only the tree's were written."""
        others = (one.row for one in ledger.rows.values() if one.row.owner not in self.owners)
        return (*others, *(row for row in planned.values() if row.owner in self.owners))

    def allocations(self, planned: Mapping[str, Row], ledger: Ledger) -> frozenset[str]:
        """Return the allocations in which the tree has rows, before or after."""
        rows = (*planned.values(), *(one.row for one in ledger.rows.values()))
        return frozenset(row.allocation_id for row in rows if row.owner in self.owners)


def family(
    addresses: Collection[str],
    issues: Mapping[str, ScopedIssue],
    mirrors: Mapping[str, Mirror],
    left: Iterable[tuple[Mirror, Fate]],
    *,
    fates: Mapping[str, Fate],
    tasks: Mapping[str, Task],
) -> Family:
    """Return the tree of the issues at *addresses*: they, all sub-issues, and what hangs below their tasks in Asana.

    Of issues above only those that have no task yet: they are made first. *mirrors* are those of issues in scope,
    *left* those of known issues that are not; *tasks* are all that were read.
    """
    gathering = _Gathering(issues, mirrors, [mirror for mirror, _ in left], tasks)
    gathering.begin({same_address(one) for one in addresses})
    gathering.grow()
    ids = gathering.ids | set(_above_without_task(gathering.ids, issues, fates))
    found = [*gathering.left, *(mirrors[one] for one in ids if one in mirrors)]
    gids = {task.gid for mirror in found for task in _tasks(mirror)}
    owners = {stored.row.owner for mirror in found for stored in mirror.rows} | ids | {f"asana:{gid}" for gid in gids}
    urls = {mirror.known.url for mirror in found} | {issues[one].issue.url for one in ids}
    return Family(
        frozenset(ids), frozenset(gids), frozenset(owners - {""}), frozenset(same_address(url) for url in urls if url)
    )


class _Gathering:
    def __init__(
        self,
        issues: Mapping[str, ScopedIssue],
        mirrors: Mapping[str, Mirror],
        left: Iterable[Mirror],
        tasks: Mapping[str, Task],
    ) -> None:
        self._issues = issues
        self._mirrors = mirrors
        self._out_of_scope = list(left)
        self._tasks = tasks
        self.ids: set[str] = set()
        self.left: list[Mirror] = []

    def begin(self, addresses: Collection[str]) -> None:
        """Take the issues that have, or had, one of these addresses."""
        for issue_id, scoped in self._issues.items():
            mirror = self._mirrors.get(issue_id)
            known = (scoped.issue.url, *scoped.former_urls, *((mirror.known.url,) if mirror else ()))
            if {same_address(url) for url in known if url} & set(addresses):
                self.ids.add(issue_id)
        self._take(one for one in self._out_of_scope if same_address(one.known.url) in addresses)

    def grow(self) -> None:
        """Add sub-issues, and the issues whose tasks hang below, until nothing is added."""
        before = -1
        while before != len(self.ids) + len(self.left):
            before = len(self.ids) + len(self.left)
            self.ids |= {one for one, scoped in self._issues.items() if scoped.parent_id in self.ids}
            gids = {task.gid for mirror in self._found() for task in _tasks(mirror)}
            self.ids |= {one for one, mirror in self._mirrors.items() if self._hangs_below(mirror, gids)}
            self._take(one for one in self._out_of_scope if self._hangs_below(one, gids))

    def _take(self, found: Iterable[Mirror]) -> None:
        self.left += [one for one in found if one not in self.left]

    def _found(self) -> list[Mirror]:
        return [*self.left, *(self._mirrors[one] for one in self.ids if one in self._mirrors)]

    def _hangs_below(self, mirror: Mirror, gids: Collection[str]) -> bool:
        """Tell whether a task of the mirror hangs below one of *gids*, hand-made ones in between included."""
        return any(above in gids for task in _tasks(mirror) for above in self._above(task))

    def _above(self, task: Task) -> Iterator[str]:
        seen: set[str] = set()
        gid = task.parent_gid
        while gid and gid not in seen:
            seen.add(gid)
            yield gid
            gid = self._tasks[gid].parent_gid if gid in self._tasks else ""


def _tasks(mirror: Mirror) -> tuple[Task, ...]:
    return (*((mirror.task,) if mirror.task else ()), *mirror.twins)


def _above_without_task(
    ids: Collection[str], issues: Mapping[str, ScopedIssue], fates: Mapping[str, Fate]
) -> Iterator[str]:
    """Yield the issues above those of *ids* whose tasks this run would make."""
    for one in ids:
        above, seen = issues[one].parent_id, {one}
        while above and above not in seen and isinstance(fates.get(above), Make):
            seen.add(above)
            yield above
            above = issues[above].parent_id
