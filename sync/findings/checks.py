"""Every check there is, and what all of them find."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

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
from sync.mirror.mishaps import mishap
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.finding import Finding, OwnWords
from sync.model.reading import Problem

Check = Callable[[Case], Iterable[Finding]]

CHECKS: Mapping[Check, tuple[str, ...]] = {
    fields_changed: ("field_changed",),
    waiting: ("unplaced",),
    conflicts: ("conflicting_evidence",),
    placed_elsewhere: ("placed_elsewhere",),
    undecided: ("undecided",),
    unknown_allocations: ("allocation_unknown",),
    csh_tasks_missing: ("csh_task_missing",),
    unknown_hours: ("hours_unknown", "not_on_board"),
    absurd_hours: ("hours_absurd",),
    both_kinds_of_time: ("logged_in_both",),
    time_on_parent_and_child: ("time_on_parent_and_child",),
    time_entries_differ: ("time_entries_differ",),
    time_unplaced: ("time_unplaced",),
    completed_without_time: ("completed_without_time",),
    not_logged_in_time: ("not_logged_in_time",),
    hours_on_open_untouched: ("hours_on_open_untouched",),
    fewer_hours_than_people: ("fewer_hours_than_people",),
    deliverables_late: ("deliverable_late",),
    look_alike_issues: ("look_alike_issues",),
    look_alike_pairs: ("look_alike_pair",),
    ledger_remarks: ("lowered_after_sealing", "outside_its_period", "allocation_gone", "not_in_seal"),
    moved_after_sealing: ("moved_after_sealing",),
    placeholders_unclear: ("placeholder_unclear",),
    placeholders_with_hours: ("placeholder_with_hours",),
    total_time_differs: ("total_time_differs",),
    totals_disagree: ("totals_disagree",),
    held: ("out_of_sight", "held_with_hours", "held_with_content"),
    not_made: ("task_converted", "task_unreadable", "deleted_twice"),
    went_along: ("went_along",),
    twin_tasks: ("twin_tasks",),
    twin_rows: ("twin_rows",),
    misplaced_addresses: ("address_elsewhere",),
    no_tasks: ("no_plain_task",),
    sealed_rows_restored: ("sealed_row_restored",),
    too_deep: ("too_deep",),
    full_of_sub_issues: ("full_of_sub_issues",),
    unmapped_people: ("person_unmapped",),
    caps: ("over_cap", "used_up", "near_cap", "expiring_unused", "under_pace"),
    new_work_over_cap: ("new_work_over_cap",),
    capacity_exceeded: ("capacity_exceeded",),
    work_outside_contract: ("work_outside_contract",),
    not_in_asana: ("engagement_not_in_asana",),
    not_in_portfolio: ("engagement_not_in_portfolio",),
    without_csh_task: ("engagement_without_csh_task",),
    renewals: ("renewal_due",),
    engagement_statuses: ("engagement_status",),
    incomplete_handoffs: ("handoff_incomplete",),
    allocation_gaps: ("allocation_gap",),
    allocation_overlaps: ("allocation_overlap",),
    allocations_differing: ("allocation_differs",),
    allocations_without_provider: ("allocation_without_provider",),
    unclear_clauses: ("clause_unclear",),
    hours_totals_differing: ("hours_total_differs",),
    swapped_dates: ("row_dates_swapped",),
    projects_outside: ("project_dates_outside",),
    shared_aliases: ("shared_alias",),
    not_planned: ("allocation_not_planned",),
    aliases_of_common_words: ("alias_common_word",),
    aliases_worth_adding: ("alias_suggested",),
    feature_work: ("feature_work",),
    new_kinds_of_work: ("new_kind_of_work",),
}
"""Each check, with the kinds of what it finds."""
REMEDY = "The other checks went on. Please report these words; --debug tells more."


@dataclass(frozen=True, slots=True)
class Found:
    """What all checks find. Of a check that failed nothing counts: *problems* name it, its kinds are *unchecked*."""

    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchecked: frozenset[str] = frozenset()


def find(assessment: Assessment, world: World, policy: Policy) -> Found:
    """Return every finding, in the order of the checks, each once, with the severity and role of its kind.

    While a needed field is missing that is told alone: most of all else would only follow from it. A check that fails
    for a reason nobody thought of ends none of the others.
    """
    case = Case(assessment, world, policy)
    named = _Names(case)
    checks: Iterable[Check] = (fields_changed,) if any(one.needed for one in drift(case)) else CHECKS
    findings: list[Finding] = []
    problems: list[Problem] = []
    unchecked: set[str] = set()
    for check in checks:
        try:
            findings += [_ranked(named.lasting(finding), policy.own_words) for finding in check(case)]
        except Exception as error:  # noqa: BLE001  one check that nobody can carry out stops no other (fault H18)
            problems.append(_failed(check, error))
            unchecked.update(CHECKS[check])
    return Found(tuple(dict.fromkeys(findings)), tuple(problems), frozenset(unchecked))


def _failed(check: Check, error: Exception) -> Problem:
    """Return what is told of a check that failed."""
    name = getattr(check, "__name__", "")
    remedy = f"Nobody looked for {', '.join(CHECKS[check])}; alerts of it stay as they are. {REMEDY}"
    return mishap(error, f"check {name}", name, remedy)


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
