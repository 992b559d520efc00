"""What a person should look at: pure, one small function per check, all listed here."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from sync.findings.case import Case
from sync.findings.hours import (
    absurd_hours,
    both_kinds_of_time,
    ledger_remarks,
    time_on_parent_and_child,
    unknown_hours,
)
from sync.findings.kinds import BY_NAME
from sync.findings.people import unmapped_people
from sync.findings.places import (
    conflicts,
    csh_tasks_missing,
    placed_elsewhere,
    too_deep,
    undecided,
    unknown_allocations,
    waiting,
)
from sync.findings.tasks import (
    held,
    misplaced_addresses,
    no_tasks,
    not_made,
    sealed_rows_restored,
    twin_rows,
    twin_tasks,
)
from sync.mirror.planning import Assessment
from sync.mirror.world import Policy, World
from sync.model.finding import Finding

Check = Callable[[Case], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
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
    ledger_remarks,
    held,
    not_made,
    twin_tasks,
    twin_rows,
    misplaced_addresses,
    no_tasks,
    sealed_rows_restored,
    too_deep,
    unmapped_people,
)


def find(assessment: Assessment, world: World, policy: Policy) -> tuple[Finding, ...]:
    """Return every finding, in the order of the checks, each once, with the severity and role of its kind."""
    case = Case(assessment, world, policy)
    found = (_ranked(finding) for check in CHECKS for finding in check(case))
    return tuple(dict.fromkeys(found))


def _ranked(finding: Finding) -> Finding:
    kind = BY_NAME[finding.kind]
    return replace(finding, severity=finding.severity or kind.severity, role=finding.role or kind.role)
