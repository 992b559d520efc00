"""Where tasks hang, who put them there, and which CSH task stands for an allocation (decision D7)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sync.mirror.identity import Mirror
from sync.model.contract import Allocation, Contracts
from sync.model.work import CshTask, Task, TaskSnapshot

DEEPEST_SUBTASK = 5
"""Levels of sub-tasks below a task (Asana's guide to the object hierarchy)."""


def folded(name: str) -> str:
    """Return *name* as two names are compared: case and blanks aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mirrored task hangs now. *moved*: not where we last put it. *csh_gid*: the CSH task above, or ""."""

    parent_gid: str
    moved: bool
    csh_gid: str


class Tree:
    """All tasks that were read, as a tree."""

    def __init__(self, snapshot: TaskSnapshot) -> None:
        self.csh_tasks = snapshot.csh_tasks
        self.engagement_gids = snapshot.engagement_gids
        self.tasks: dict[str, Task] = {**snapshot.tree, **snapshot.home}
        self._parents = {gid: task.parent_gid for gid, task in self.tasks.items()}
        self._parents |= {gid: csh.task.parent_gid for gid, csh in snapshot.csh_tasks.items()}

    def exists(self, gid: str) -> bool:
        """Tell whether a task was seen in this run."""
        return gid in self.tasks or gid in self.csh_tasks

    def parent(self, gid: str) -> str:
        """Return the gid of the task above one, "" when there is none or it was not seen."""
        return self._parents.get(gid, "")

    def ends_unseen(self, gid: str) -> bool:
        """Tell whether the way up from (and with) *gid* leads to a task that was not seen in this run."""
        seen: set[str] = set()
        while gid and gid not in seen:
            if not self.exists(gid):
                return True
            seen.add(gid)
            gid = self._parents.get(gid, "")
        return False

    def csh_above(self, gid: str) -> str:
        """Return the nearest CSH task above (or at) *gid*, "" when there is none."""
        seen: set[str] = set()
        while gid and gid not in seen:
            if gid in self.csh_tasks:
                return gid
            seen.add(gid)
            gid = self._parents.get(gid, "")
        return ""

    def depth(self, gid: str) -> int:
        """Return how many tasks are above *gid*."""
        seen: set[str] = set()
        while (gid := self._parents.get(gid, "")) and gid not in seen:
            seen.add(gid)
        return len(seen)


def place_of(mirror: Mirror, tree: Tree) -> Place:
    """Tell where a mirrored task hangs, and whether that differs from where we last put it.

    A parent that vanished together with its task is nobody's decision; neither is a task that was never placed.
    """
    if mirror.task is None:
        return Place("", moved=False, csh_gid="")
    last, now = mirror.placed_under, mirror.task.parent_gid
    moved = now != last and (bool(now) or tree.exists(last))
    return Place(now, moved, tree.csh_above(now))


class CshTasks:
    """Which CSH task stands for which allocation, by profile."""

    def __init__(self, contracts: Contracts, tree: Tree) -> None:
        self._contracts = contracts
        self._engagements = tree.engagement_gids
        self._csh_tasks = tree.csh_tasks
        profiles = {csh.profile for csh in self._csh_tasks.values()}
        found: dict[str, set[str]] = {gid: set() for gid in self._csh_tasks}
        self._linked: dict[str, set[str]] = {}
        for allocation in contracts.allocations.values():
            for profile in profiles:
                if gid := self.for_allocation(allocation, profile):
                    found[gid].add(allocation.id)
            if allocation.asana_gid:
                linked = self._csh_tasks.get(allocation.asana_gid)
                self._linked.setdefault(allocation.project_id, set()).add(linked.profile if linked else "")
        self._by_csh = {gid: frozenset(ids) for gid, ids in found.items()}

    def allocations(self, csh_gid: str) -> frozenset[str]:
        """Return the ids of the allocations that a CSH task stands for."""
        return self._by_csh.get(csh_gid, frozenset())

    def projects(self, csh_gid: str) -> frozenset[str]:
        """Return the projects of a CSH task: of its allocations, else all of its engagement's."""
        ids = self.allocations(csh_gid)
        if ids:
            return frozenset(self._contracts.allocations[one].project_id for one in ids)
        csh = self._csh_tasks.get(csh_gid)
        engagements = {
            engagement.id
            for engagement in self._contracts.engagements.values()
            if csh and self._is_engagement(engagement.asana_gid, engagement.name, csh)
        }
        return frozenset(item.id for item in self._contracts.projects.values() if item.engagement_id in engagements)

    def unseen(self, allocation: Allocation) -> bool:
        """Tell whether an allocation's own link, or that of its engagement, leads to what was not seen in this run."""
        if allocation.asana_gid:
            return allocation.asana_gid not in self._csh_tasks
        engagement = self._contracts.engagement_of_project(allocation.project_id)
        return engagement is not None and bool(engagement.asana_gid) and engagement.asana_gid not in self._engagements

    def serves(self, project_id: str, profile: str) -> bool:
        """Tell whether a project's hours are for a profile: not when all its links lead to CSH tasks of other ones.

        Without links its engagement tells: not when that has CSH tasks, and all of them are of other profiles.
        """
        if project_id in self._linked:
            return profile in self._linked[project_id] or "" in self._linked[project_id]
        seen = self._profiles_of_engagement(project_id)
        return not seen or profile in seen

    def is_linked(self, project_id: str) -> bool:
        """Tell whether any allocation of a project names its CSH task."""
        return project_id in self._linked

    def _profiles_of_engagement(self, project_id: str) -> set[str]:
        project = self._contracts.projects.get(project_id)
        engagement = self._contracts.engagements.get(project.engagement_id) if project else None
        if engagement is None:
            return set()
        found = (
            csh for csh in self._csh_tasks.values() if self._is_engagement(engagement.asana_gid, engagement.name, csh)
        )
        return {csh.profile for csh in found}

    def for_allocation(self, allocation: Allocation, profile: str) -> str:
        """Return the gid of an allocation's CSH task, "" when none or several fit."""
        fitting = self.candidates(allocation, profile)
        return fitting[0].task.gid if len(fitting) == 1 else ""

    def candidates(self, allocation: Allocation, profile: str) -> tuple[CshTask, ...]:
        """Return the CSH tasks that may stand for an allocation, by gid; only a single one does.

        The link decides; else its engagement (link, else equal names) and the CSH task whose dates hold the
        allocation's, else all there are.
        """
        if allocation.asana_gid:
            csh = self._csh_tasks.get(allocation.asana_gid)
            return (csh,) if csh and csh.profile == profile else ()
        engagement = self._contracts.engagement_of_project(allocation.project_id)
        if engagement is None:
            return ()
        found = tuple(
            csh
            for _, csh in sorted(self._csh_tasks.items())
            if csh.profile == profile and self._is_engagement(engagement.asana_gid, engagement.name, csh)
        )
        holding = tuple(csh for csh in found if holds_period(csh.task, allocation.start, allocation.end))
        return holding or found

    @staticmethod
    def _is_engagement(asana_gid: str, name: str, csh: CshTask) -> bool:
        if asana_gid:
            return asana_gid == csh.engagement_gid
        return bool(name) and folded(name) == folded(csh.engagement_name)


def holds_period(task: Task, start: date | None, end: date | None) -> bool:
    """Tell whether a CSH task's own dates hold all of a period; without all four days they do not."""
    if task.start_on is None or task.due_on is None or start is None or end is None:
        return False
    return task.start_on <= start and end <= task.due_on


def chain_to_root(issue_id: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return an issue's ancestors in scope, nearest first; a cycle is cut where it closes."""
    chain: list[str] = []
    current = parents.get(issue_id)
    while current and current not in chain and current != issue_id:
        chain.append(current)
        current = parents.get(current)
    return tuple(chain)


def parents_first(parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return all issues, every parent before its children, otherwise sorted by id."""
    return tuple(sorted(parents, key=lambda issue_id: (len(chain_to_root(issue_id, parents)), issue_id)))
