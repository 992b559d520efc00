"""Allocations that are to come: what the area leads plan from, over all communities (requirement 72)."""

from collections.abc import Iterator
from datetime import date

from sync.hours.iterations import planning_day
from sync.mirror.places import CshTasks, Tree
from sync.mirror.world import Policy, World
from sync.model.addresses import same_address, task_address
from sync.model.contract import Allocation
from sync.model.initiative import Lack, Upcoming
from sync.model.issue import BoardFields, NotOnBoard


def upcoming_allocations(world: World, policy: Policy) -> tuple[Upcoming, ...]:
    """Return every allocation that starts after today, by start, community and name."""
    looking = _Looking(world, policy)
    known = world.contracts.allocations.values()
    found = [looking.upcoming(one, one.start) for one in known if one.start and one.start > world.today]
    return tuple(sorted(found, key=lambda one: (one.start, one.community.casefold(), one.allocation)))


class _Looking:
    def __init__(self, world: World, policy: Policy) -> None:
        self._world = world
        self._profiles = tuple(policy.profiles)
        self._csh_tasks = CshTasks(world.contracts, Tree(world.tasks))
        self._boards = {same_address(one.issue.url): one.issue.board for one in world.issues.issues.values()}

    def upcoming(self, allocation: Allocation, start: date) -> Upcoming:
        """Return what is known of the planning of an allocation that begins on *start*."""
        community = self._world.contracts.community_of_project(allocation.project_id)
        calendar = self._world.issues.iterations or ()
        return Upcoming(
            allocation.id,
            allocation.name or allocation.id,
            community.name if community else "",
            start,
            planning_day(calendar, start),
            provider=allocation.provider.strip(),
            csh_task_url=self._csh_task(allocation),
            initiative_url=self.initiative(allocation),
            lacks=tuple(self._lacks(allocation)),
        )

    def initiative(self, allocation: Allocation) -> str:
        """Return the address of its initiative: as a person noted it, else of the issue with our marker."""
        known = self._world.initiatives
        marked = known.by_allocation.get(allocation.id) if known else None
        return (allocation.initiative_url or "").strip() or (marked.issue.url if marked else "")

    def _lacks(self, allocation: Allocation) -> Iterator[Lack]:
        url = self.initiative(allocation)
        if not url and (allocation.initiative_url is not None or self._world.initiatives is not None):
            yield Lack.INITIATIVE
        if url and self._on_board(url) is False:
            yield Lack.BOARD
        if not allocation.provider.strip() and self._world.contracts.has("Allocations.Provider"):
            yield Lack.PROVIDER
        if self._world.tasks.tree_complete and not self._csh_task(allocation):
            yield Lack.CSH_TASK

    def _on_board(self, url: str) -> bool | None:
        """Tell whether an issue is on the board; None when it was not read."""
        known = self._world.initiatives
        if known and (issue := known.by_url.get(same_address(url))):
            return issue.on_board
        board = self._boards.get(same_address(url))
        return isinstance(board, BoardFields) if isinstance(board, BoardFields | NotOnBoard) else None

    def _csh_task(self, allocation: Allocation) -> str:
        gids = [gid for profile in self._profiles if (gid := self._csh_tasks.for_allocation(allocation, profile))]
        if not gids:
            return ""
        task = self._world.tasks.csh_tasks[gids[0]].task
        return task.permalink or task_address(task.gid)
