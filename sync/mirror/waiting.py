"""Issues that wait for a person: without an allocation, or with one whose CSH task nobody can tell."""

from collections.abc import Iterable, Iterator, Mapping

from sync.mirror.deciding import Decision
from sync.mirror.leaving import Fate, leaves_a_task
from sync.mirror.places import CshTasks
from sync.mirror.totals import group_name
from sync.model.change import About, Waiting, WaitsFor
from sync.model.contract import Contracts
from sync.model.work import UNPLACED, Task


def about_issue(decision: Decision, contracts: Contracts) -> About:
    """Return an issue in the words people use."""
    issue = decision.scoped.issue
    allocation = contracts.allocations.get(decision.newest_allocation)
    community = contracts.communities.get(decision.community_id)
    group = group_name(community, allocation)
    return About(issue.title, issue.reference, issue.url, group, public=not issue.private)


def waiting_issues(
    decisions: Iterable[Decision], fates: Mapping[str, Fate], contracts: Contracts, csh_tasks: CshTasks
) -> Iterator[Waiting]:
    """Yield the issues that wait, each with why, and who could be meant."""
    for decision in decisions:
        nowhere = decision.settled.target.allocation_id == UNPLACED or decision.without_csh
        if nowhere and not decision.parent and leaves_a_task(fates[decision.scoped.issue.id]):
            candidates = _candidates(decision, contracts, csh_tasks)
            yield Waiting(about_issue(decision, contracts), *_why(decision, contracts), candidates)


def _why(decision: Decision, contracts: Contracts) -> tuple[WaitsFor, str]:
    if not decision.match.decided:
        return WaitsFor.EVIDENCE, "evidence could not be read; it waits until it can be"
    if decision.without_csh:
        name = _name(decision.without_csh, contracts)
        return WaitsFor.CSH_TASK, f"its hours count for {name}, whose CSH task nobody can tell"
    if not decision.community_id:
        return WaitsFor.COMMUNITY, "nobody can tell its community"
    return decision.settled.target.waits_for, decision.settled.target.reason


def _candidates(decision: Decision, contracts: Contracts, csh_tasks: CshTasks) -> tuple[str, ...]:
    if decision.without_csh:
        found = csh_tasks.candidates(contracts.allocations[decision.without_csh], decision.scoped.profile)
        return tuple(csh_name(csh.task) for csh in found)
    could = decision.settled.target.candidates
    names = tuple(_name(one, contracts) for one in could if one in contracts.allocations)
    return names or tuple(
        f"{community.name} ({candidate.why})"
        for candidate in decision.match.candidates
        if (community := contracts.communities.get(candidate.community_id))
    )


def _name(allocation_id: str, contracts: Contracts) -> str:
    return contracts.allocations[allocation_id].name or allocation_id


def csh_name(task: Task) -> str:
    """Return a CSH task in the words people tell it by: its name, days and address."""
    period = f"{task.start_on or '?'} to {task.due_on or '?'}" if task.start_on or task.due_on else "without dates"
    return f"{task.name}, {period}" + (f", {task.permalink}" if task.permalink else "")
