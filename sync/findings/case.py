"""What every check looks at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sync.hours.dates import work_date
from sync.mirror.deciding import Decision
from sync.mirror.leaving import leaves_a_task
from sync.mirror.places import CshTasks, Tree
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.issue import EmptyHours, Issue, LoggedHours
from sync.model.work import Task

NAMED = 3


@dataclass(frozen=True, slots=True)
class Case:
    """One run as the checks see it: what was read, what was decided, and by which policy."""

    assessment: Assessment
    world: World
    policy: Policy

    def mirrored(self) -> Iterator[Decision]:
        """Return the decisions about issues that have a task when this run is over."""
        for issue_id, decision in self.assessment.decisions.items():
            if leaves_a_task(self.assessment.fates[issue_id]):
                yield decision

    def counted(self) -> Iterator[Decision]:
        """Return the decisions about issues whose hours count: mirrored now or before, not closed undelivered.

        Those of placeholders count nowhere.
        """
        for issue_id, decision in self.assessment.decisions.items():
            if not (decision.scoped.issue.closing.undelivered or decision.stands_for) and (
                decision.mirror or leaves_a_task(self.assessment.fates[issue_id])
            ):
                yield decision

    def community(self, community_id: str) -> str:
        """Return a community's name, "" when it is not known."""
        found = self.world.contracts.communities.get(community_id)
        return found.name if found else ""

    def community_of_allocation(self, allocation_id: str) -> str:
        """Return the record id of the community an allocation is for, "" when a link is missing."""
        allocation = self.world.contracts.allocations.get(allocation_id)
        return self.community_of_project(allocation.project_id) if allocation else ""

    def csh_tasks(self) -> tuple[Tree, CshTasks]:
        """Return all tasks that were read as a tree, and which CSH task stands for which allocation."""
        tree = Tree(self.world.tasks)
        return tree, CshTasks(self.world.contracts, tree)

    def community_of_csh(self, csh_gid: str, csh_tasks: CshTasks) -> str:
        """Return the name of the community a CSH task is for, "" when that cannot be told."""
        known = self.world.contracts
        owners = {known.community_of_project(one) for one in csh_tasks.projects(csh_gid)} - {None}
        return next((one.name for one in owners if one and len(owners) == 1), "")

    def community_of_project(self, project_id: str) -> str:
        """Return the record id of the community that benefits from a project, "" when a link is missing."""
        owner = self.world.contracts.community_of_project(project_id)
        return owner.id if owner else ""

    def without_csh_task(self) -> Mapping[str, tuple[Decision, ...]]:
        """Return the decisions about issues that no CSH task takes in, by the allocation they belong to."""
        found: dict[str, tuple[Decision, ...]] = {}
        for decision in self.mirrored():
            if decision.without_csh and decision.match.decided and not decision.by_person:
                found[decision.without_csh] = (*found.get(decision.without_csh, ()), decision)
        return found

    def actual_minutes(self) -> Callable[[Task], int | None]:
        """Return what tells the Actual time of a task, None where Asana does not.

        It tells no number for a task without any time; where no task has one, its plan may have no time at all.
        """
        nothing = 0 if self._tells_time() else None
        return lambda task: nothing if task.actual_minutes is None else task.actual_minutes

    def _tells_time(self) -> bool:
        known = self.world.tasks
        tasks = (*known.home.values(), *known.tree.values())
        return self.world.time.offered or any(one.actual_minutes is not None for one in tasks)

    def local_day(self, moment: datetime) -> date:
        """Return the day of a moment where the organisation is."""
        return moment.astimezone(self.policy.zone).date()

    def is_undated(self, issue: Issue) -> bool:
        """Tell whether an issue's work counts for today only because nothing else dates it."""
        return work_date(issue, self.world.today, self.policy.zone).evidence == "today"

    def worked_on(self, issue: Issue) -> date | None:
        """Return the day an issue's own dates give its work; None where only the hours or today would tell."""
        dated = work_date(replace(issue, hours=EmptyHours()), self.world.today, self.policy.zone)
        return None if dated.evidence == "today" else dated.day


def logged_minutes(decision: Decision) -> int:
    """Return the minutes of an issue as known: GitHub Hours and its task's Actual time."""
    hours = decision.scoped.issue.hours
    actual = decision.task.actual_minutes if decision.task else 0
    return (hours.minutes if isinstance(hours, LoggedHours) else 0) + (actual or 0)


def some(references: Iterable[str]) -> str:
    """Return the first of several names, and how many more there are."""
    known = list(references)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more
