"""Every check there is, and what all of them find."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from mappings.people import shown
from sync.findings.aliases import aliases_of_common_words, aliases_worth_adding
from sync.findings.allocations import (
    allocation_gaps,
    allocation_overlaps,
    allocations_differing,
    allocations_without_provider,
    hours_totals_differing,
    unclear_clauses,
)
from sync.findings.capacity import capacity_exceeded
from sync.findings.caps import caps, new_work_over_cap
from sync.findings.case import Case, some
from sync.findings.contracts import (
    engagement_statuses,
    not_in_asana,
    not_in_portfolio,
    projects_outside,
    renewals,
    shared_aliases,
    swapped_dates,
    without_csh_task,
)
from sync.findings.corrections import moved_after_sealing
from sync.findings.disagreements import total_time_differs, totals_disagree
from sync.findings.fields import drift, fields_changed
from sync.findings.handoff import incomplete_handoffs
from sync.findings.hours import (
    absurd_hours,
    both_kinds_of_time,
    ledger_remarks,
    unknown_hours,
)
from sync.findings.kinds import BY_NAME
from sync.findings.outside import work_outside_contract
from sync.findings.pairs import look_alike_issues, look_alike_pairs
from sync.findings.people import unmapped_people
from sync.findings.placeholders import placeholders_unclear, placeholders_with_hours
from sync.findings.places import (
    conflicts,
    csh_tasks_missing,
    full_of_sub_issues,
    placed_elsewhere,
    too_deep,
    undecided,
    unknown_allocations,
    waiting,
)
from sync.findings.scope import feature_work, new_kinds_of_work
from sync.findings.tasks import (
    held,
    misplaced_addresses,
    no_tasks,
    not_made,
    sealed_rows_restored,
    twin_rows,
    twin_tasks,
    went_along,
)
from sync.findings.time import time_entries_differ, time_on_parent_and_child, time_unplaced
from sync.findings.unlogged import completed_without_time, not_logged_in_time
from sync.findings.upcoming import not_planned
from sync.findings.work import (
    deliverables_late,
    fewer_hours_than_people,
    hours_on_open_untouched,
)
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.finding import Finding, OwnWords

Check = Callable[[Case], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    fields_changed,
    waiting,
    conflicts,
    placed_elsewhere,
    undecided,
    unknown_allocations,
    csh_tasks_missing,
    unknown_hours,
    absurd_hours,
    both_kinds_of_time,
    time_on_parent_and_child,
    time_entries_differ,
    time_unplaced,
    completed_without_time,
    not_logged_in_time,
    hours_on_open_untouched,
    fewer_hours_than_people,
    deliverables_late,
    look_alike_issues,
    look_alike_pairs,
    ledger_remarks,
    moved_after_sealing,
    placeholders_unclear,
    placeholders_with_hours,
    total_time_differs,
    totals_disagree,
    held,
    not_made,
    went_along,
    twin_tasks,
    twin_rows,
    misplaced_addresses,
    no_tasks,
    sealed_rows_restored,
    too_deep,
    full_of_sub_issues,
    unmapped_people,
    caps,
    new_work_over_cap,
    capacity_exceeded,
    work_outside_contract,
    not_in_asana,
    not_in_portfolio,
    without_csh_task,
    renewals,
    engagement_statuses,
    incomplete_handoffs,
    allocation_gaps,
    allocation_overlaps,
    allocations_differing,
    allocations_without_provider,
    unclear_clauses,
    hours_totals_differing,
    swapped_dates,
    projects_outside,
    shared_aliases,
    not_planned,
    aliases_of_common_words,
    aliases_worth_adding,
    feature_work,
    new_kinds_of_work,
)


def find(assessment: Assessment, world: World, policy: Policy) -> tuple[Finding, ...]:
    """Return every finding, in the order of the checks, each once, with the severity and role of its kind.

    While a needed field is missing that is told alone: most of all else would only follow from it.
    """
    case = Case(assessment, world, policy)
    named = _Names(case)
    checks = (fields_changed,) if any(one.needed for one in drift(case)) else CHECKS
    found = (_ranked(named.lasting(finding), policy.own_words) for check in checks for finding in check(case))
    return tuple(dict.fromkeys(found))


class _Names:
    """Lasting names of what findings are about, by address: a title or an address may change, these do not."""

    def __init__(self, case: Case) -> None:
        known = case.world.tasks
        tasks = {**known.home, **known.tree, **{gid: csh.task for gid, csh in known.csh_tasks.items()}}
        self._ids = {task.permalink: gid for gid, task in tasks.items() if task.permalink}
        self._communities: dict[str, str] = {}
        users = {user.gid: user.name for user in known.users}
        self._people = {
            task.permalink: users[task.assignee_gid] for task in tasks.values() if task.assignee_gid in users
        }
        self._titles: dict[str, str] = {}
        for work in case.assessment.timed:
            self._add(work.task.permalink, case.community_of_allocation(work.settled.target.allocation_id), case)
        for mirror, _ in case.assessment.left:
            places = [case.community_of_allocation(one.row.allocation_id) for one in mirror.rows]
            self._add(mirror.known.url, next(filter(None, reversed(places)), ""), case)
            self._ids[mirror.known.url] = mirror.known.id or mirror.owner
        for issue_id, decision in case.assessment.decisions.items():
            self._add(decision.scoped.issue.url, decision.community_id, case)
            issue = decision.scoped.issue
            self._ids[issue.url] = issue_id
            self._titles[issue.url] = issue.title
            self._people[issue.url] = some(map(shown, issue.assignees))

    def _add(self, url: str, community_id: str, case: Case) -> None:
        self._communities[url] = case.community(community_id)

    def lasting(self, finding: Finding) -> Finding:
        """Fill in what a check left open: the node id or gid behind the finding's address, community, title, people."""
        if not finding.url:
            return finding
        return replace(
            finding,
            subject_id=finding.subject_id or self._ids.get(finding.url, ""),
            community=finding.community or self._communities.get(finding.url, ""),
            title=self._titles.get(finding.url, ""),
            people=self._people.get(finding.url, ""),
        )


def _ranked(finding: Finding, own_words: Mapping[str, OwnWords]) -> Finding:
    """Fill in how much a finding matters, who acts and what to do; the organisation's own words come first."""
    kind, own = BY_NAME[finding.kind], own_words.get(finding.kind, OwnWords())
    return replace(
        finding,
        severity=own.severity or finding.severity or kind.severity,
        role=own.role or finding.role or kind.role,
        remedy=own.remedy or finding.remedy,
    )
