"""What is missing between clauses, allocations and CSH tasks, as steps a person agrees to (requirements 10, 73, 79)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from sync.hours.calendar import CalendarLine, ProjectCalendar, Verdict, name_of_period
from sync.mirror.places import CshTasks, Tree, folded, holds_period
from sync.model.allocating import AllocationDraft, AllocationStep, CshTaskDraft
from sync.model.contract import Allocation, Contracts, Engagement
from sync.model.wording import USUAL, Wording
from sync.model.work import CshTask, TaskSnapshot

NOT_IN_ASANA = "its engagement was not found in Asana: put the project's address in *Asana project*"
SEVERAL = "several CSH tasks fit: put the address of one in *Asana task*"
WHICH_SERVICE = "several services are set up and nothing tells whose it is: put its task's address in *Asana task*"
UNSEEN = "its *Asana task* leads to no CSH task that can be seen"


class Allocating:
    """Works out the steps for calendars. *profiles* are the names of the CSH tasks, by profile."""

    def __init__(
        self,
        contracts: Contracts,
        tasks: TaskSnapshot,
        profiles: Mapping[str, str],
        today: date,
        *,
        wording: Wording = USUAL,
    ) -> None:
        self._contracts = contracts
        self._tasks = tasks
        self._csh = CshTasks(contracts, Tree(tasks))
        self._profiles = profiles
        self._today = today
        self._wording = wording
        self._names = {folded(one.name) for one in contracts.allocations.values()}

    def steps(self, calendars: Iterable[ProjectCalendar]) -> tuple[AllocationStep, ...]:
        """Return the steps in the order of the calendars; a period that is as it should be needs none."""
        found = (step for calendar in calendars for step in self._of_project(calendar))
        return tuple(step for step in found if step.does_something or step.obstacle)

    def _of_project(self, calendar: ProjectCalendar) -> Iterator[AllocationStep]:
        community = self._contracts.communities.get(calendar.engagement.community_id)
        name = community.name if community else calendar.engagement.name
        for line in calendar.lines:
            if line.verdict is Verdict.MISSING:
                yield self._missing(calendar, line, name)
            elif line.verdict is not Verdict.UNDATED:
                for allocation in line.allocations:
                    yield self._existing(calendar, allocation, name)

    def _missing(self, calendar: ProjectCalendar, line: CalendarLine, community: str) -> AllocationStep:
        implied = line.implied
        if implied is None:
            raise ValueError("a period that is missing is one that a clause implies")
        period = name_of_period(implied.start, implied.end)
        row = AllocationDraft(
            calendar.project.id,
            self._free_name(community, calendar.project.name, period),
            implied.start,
            implied.end,
            implied.minutes,
            implied.extra_minutes,
            implied.cut,
        )
        as_it_will_be = Allocation("", row.name, row.project_id, row.start, row.end, row.minutes)
        task, url, obstacle = self._task_for(as_it_will_be, calendar.engagement)
        return AllocationStep(community, period, row=row, task=task, task_url=url, obstacle=obstacle)

    def _free_name(self, community: str, project: str, period: str) -> str:
        """Return a name that no allocation has: people tell rows apart by it."""
        for name in (f"{community} {period}", f"{project} {period}", f"{community} {project} {period}"):
            if folded(name) not in self._names:
                break
        self._names.add(folded(name))
        return name

    def _existing(self, calendar: ProjectCalendar, allocation: Allocation, community: str) -> AllocationStep:
        period = allocation.name or name_of_period(allocation.start or date.min, allocation.end or date.max)
        if allocation.asana_gid or allocation.asana_url:
            seen = allocation.asana_gid in self._tasks.csh_tasks or not self._tasks.tree_complete
            is_over = allocation.end is not None and allocation.end < self._today
            return AllocationStep(community, period, allocation.id, obstacle="" if seen or is_over else UNSEEN)
        task, url, obstacle = self._task_for(allocation, calendar.engagement)
        return AllocationStep(community, period, allocation.id, task=task, task_url=url, obstacle=obstacle)

    def _task_for(self, allocation: Allocation, engagement: Engagement) -> tuple[CshTaskDraft | None, str, str]:
        """Return the CSH task to make, the address of the one there is, and what stands in the way."""
        profile = self._profile_of(allocation)
        if not profile:
            is_over = allocation.end is None or allocation.end < self._today
            return None, "", "" if is_over else WHICH_SERVICE
        found = self._csh.candidates(allocation, profile)
        holding = [csh for csh in found if holds_period(csh.task, allocation.start, allocation.end)]
        own = [csh for csh in holding if not self._belongs_elsewhere(csh, allocation)]
        fitting = own or ([] if holding else [csh for csh in found if not _is_dated(csh)])
        if len(fitting) == 1:
            return None, fitting[0].task.permalink, ""
        if fitting:
            return None, "", SEVERAL
        if allocation.start is None or allocation.end is None or allocation.end < self._today:
            return None, "", ""  # a period that is over needs no new task
        gid = self._engagement_gid(engagement, found)
        if not gid:
            return None, "", NOT_IN_ASANA
        draft = CshTaskDraft(
            self._profiles[profile],
            allocation.start,
            allocation.end,
            gid,
            gid in self._tasks.task_engagement_gids,
            self._half_made(allocation),
            self._wording.csh_task,
        )
        return draft, "", ""

    def _profile_of(self, allocation: Allocation) -> str:
        """Return the service an allocation is for: the one whose tasks are there; "" where several may be meant."""
        if len(self._profiles) == 1:
            return next(iter(self._profiles))
        there = [one for one in self._profiles if self._csh.candidates(allocation, one)]
        served = [one for one in there if self._csh.serves(allocation.project_id, one)]
        found = served or there
        return found[0] if len(found) == 1 else ""

    def _belongs_elsewhere(self, csh: CshTask, allocation: Allocation) -> bool:
        """Tell whether a CSH task is linked to allocations of other projects only, from either side.

        A row that is still to be made takes none that stands for another project's allocation already.
        """
        taken = self._csh.allocations(csh.task.gid) if not allocation.id else frozenset()
        projects = {
            one.project_id
            for one in self._contracts.allocations.values()
            if one.asana_gid == csh.task.gid or one.id in taken or (one.page and one.page in csh.task.html_notes)
        }
        return bool(projects) and allocation.project_id not in projects

    def _engagement_gid(self, engagement: Engagement, found: Iterable[CshTask]) -> str:
        if engagement.asana_gid:
            return engagement.asana_gid if engagement.asana_gid in self._tasks.engagement_gids else ""
        named = {csh.engagement_gid for csh in found} | {
            gid for gid, name in self._tasks.engagement_names.items() if folded(name) == folded(engagement.name)
        }
        return named.pop() if len(named) == 1 else ""

    def _half_made(self, allocation: Allocation) -> str:
        """Return the task in the home project that links to this very row: its answer or its place got lost."""
        if not allocation.page:
            return ""
        return next(
            (
                gid
                for gid, task in sorted(self._tasks.home.items())
                if allocation.page in task.html_notes and gid not in self._tasks.csh_tasks and not task.parent_gid
            ),
            "",
        )


def _is_dated(csh: CshTask) -> bool:
    return csh.task.start_on is not None and csh.task.due_on is not None
