"""Which engagement a finding belongs to."""

from sync.hours.engagements import is_active
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.contract import Contracts
from sync.model.finding import Finding


class Belonging:
    """Finds the engagement of a finding: by its period, by the record, issue or task it names, else by its community.

    A community decides only where exactly one engagement of it is active.
    """

    def __init__(self, assessment: Assessment, world: World, policy: Policy) -> None:
        self._contracts = world.contracts
        self._by_name = {**self._tasks(assessment, world), **self._records(world.contracts)}
        active = [
            one for one in world.contracts.engagements.values() if is_active(one, policy.engagements, world.today)
        ]
        self._active: dict[str, list[str]] = {}
        for one in active:
            owner = world.contracts.communities.get(one.community_id)
            self._active.setdefault(owner.name if owner else "", []).append(one.id)

    def engagement_of(self, finding: Finding) -> str:
        """Return the record id of a finding's engagement, "" where none can be told."""
        by_name = self._of_allocation(finding.period) or self._by_name.get(finding.subject_id, "")
        if by_name:
            return by_name
        candidates = self._active.get(finding.community, []) if finding.community else []
        return candidates[0] if len(candidates) == 1 else ""

    def _records(self, contracts: Contracts) -> dict[str, str]:
        projects = {one.id: one.engagement_id for one in contracts.projects.values()}
        allocations = {one.id: projects.get(one.project_id, "") for one in contracts.allocations.values()}
        return {**{one: one for one in contracts.engagements}, **projects, **allocations}

    def _tasks(self, assessment: Assessment, world: World) -> dict[str, str]:
        """Return the engagements of issues and of tasks, by node id and gid."""
        found: dict[str, str] = {}
        by_gid = {one.asana_gid: one.id for one in world.contracts.engagements.values() if one.asana_gid}
        for gid, csh in world.tasks.csh_tasks.items():
            found[gid] = by_gid.get(csh.engagement_gid, "")
        for work in assessment.timed:
            found[work.task.gid] = self._of_allocation(work.settled.target.allocation_id) or found.get(work.csh_gid, "")
        for issue_id, decision in assessment.decisions.items():
            found[issue_id] = self._of_allocation(decision.newest_allocation)
            if decision.task:
                found[decision.task.gid] = found[issue_id]
        return found

    def _of_allocation(self, allocation_id: str) -> str:
        engagement = self._contracts.engagement_of(allocation_id)
        return engagement.id if engagement else ""
