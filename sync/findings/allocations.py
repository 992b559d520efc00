"""Findings about allocations beside the clauses they come from (requirements 30, 64, 74, 79)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from sync.findings.caps import horizon
from sync.findings.case import Case
from sync.findings.contracts import active_engagements
from sync.hours.calendar import CalendarLine, ProjectCalendar, Verdict, calendars, first_day, last_day, name_of_period
from sync.mirror.places import CshTasks, Tree
from sync.model.contract import Allocation
from sync.model.finding import Finding
from sync.model.minutes import spell_hours, to_minutes
from sync.model.work import CshTask

AGREED = "Correct the allocation or the clause; if it was agreed so, accept the finding with that reason."
SHOW = "csh-sync allocations shows the calendar and adds what is missing with --apply"


def allocation_gaps(case: Case) -> Iterator[Finding]:
    """No allocation holds days on which a project runs, now or soon: work on them has nowhere to go.

    Told for each period that the clause implies; without a clear clause, for each run of days between or after the
    project's allocations. A project without any allocation is told by the hand-off.
    """
    today, soon = case.world.today, horizon(case)
    for calendar in _calendars(case):
        if not any(line.allocations for line in calendar.lines):
            continue
        for first, last, minutes in _uncovered(calendar):
            if last >= today and first <= soon:
                hours = f"; the clause gives it {spell_hours(minutes)} h" if minutes is not None else ""
                yield _about(
                    Finding(
                        "allocation_gap",
                        f"{calendar.project.name or calendar.project.id}, {name_of_period(first, last)}",
                        f"No allocation holds {first} to {last}{hours}.",
                        f"Add the allocation in Airtable ({SHOW}), or correct the dates of those beside it.",
                        level=first.isoformat(),
                    ),
                    calendar,
                    case,
                )


def _uncovered(calendar: ProjectCalendar) -> Iterator[tuple[date, date, int | None]]:
    """Return the first and last days that nothing holds, with the minutes that the clause gives them."""
    missing = [line.implied for line in calendar.missing() if line.implied]
    yield from ((one.start, one.end, one.minutes) for one in missing)
    # Days within a period of the clause that has an allocation: told as a difference of that allocation.
    if not any(line.implied for line in calendar.lines):
        yield from ((first, last, None) for first, last in calendar.gaps)


def allocation_overlaps(case: Case) -> Iterator[Finding]:
    """Two allocations of one project share days that are not over: work on them cannot be told apart."""
    for calendar in _calendars(case):
        for one, other in _overlaps(calendar, case):
            first, last = max(first_day(one), first_day(other)), min(last_day(one), last_day(other))
            yield _about(
                Finding(
                    "allocation_overlap",
                    f"{one.name or one.id} and {other.name or other.id}",
                    f"Both hold {first} to {last}: work on these days waits, unless the board names one.",
                    "Correct the dates of one, or delete the one that is not meant.",
                    subject_id=f"{one.id}+{other.id}",
                    period=other.id,
                ),
                calendar,
                case,
            )


def _overlaps(calendar: ProjectCalendar, case: Case) -> Iterator[tuple[Allocation, Allocation]]:
    for one, other in calendar.overlaps:
        if min(last_day(one), last_day(other)) >= case.world.today:
            yield one, other


def allocations_differing(case: Case) -> Iterator[Finding]:
    """An allocation that is not over has other hours or days than its clause says.

    While it shares days with another one that is told alone: to correct it is to change days or hours.
    """
    for calendar in _calendars(case):
        overlapping = {row.id for pair in _overlaps(calendar, case) for row in pair}
        for line in calendar.lines:
            if overlapping & {one.id for one in line.allocations}:
                continue
            if line.verdict in {Verdict.DIFFERS, Verdict.OUTSIDE} and _end_of(line) >= case.world.today:
                ids = [one.id for one in line.allocations]
                yield _about(
                    Finding(
                        "allocation_differs",
                        " and ".join(one.name or one.id for one in line.allocations),
                        f'{"; ".join(line.differences)}. Clause: "{calendar.project.clause.strip()}".',
                        AGREED,
                        subject_id="+".join(ids),
                        period=ids[0],
                    ),
                    calendar,
                    case,
                )


def allocations_without_provider(case: Case) -> Iterator[Finding]:
    """Nobody is named to deliver an allocation that runs or begins soon (SD4 1.3)."""
    today, soon = case.world.today, horizon(case)
    for calendar in _calendars(case) if case.world.contracts.has("Allocations.Provider") else ():
        for line in calendar.lines:
            for one in line.allocations:
                if not one.provider.strip() and first_day(one) <= soon and last_day(one) >= today:
                    yield _about(
                        Finding(
                            "allocation_without_provider",
                            one.name or one.id,
                            f"It runs from {first_day(one)} to {last_day(one)} and nobody is named to deliver it.",
                            "Name a person in Provider.",
                            subject_id=one.id,
                            period=one.id,
                        ),
                        calendar,
                        case,
                    )


def unclear_clauses(case: Case) -> Iterator[Finding]:
    """A clause is too vague for its periods and hours to be told, and its allocations do not settle it.

    Where the base has no column for the days that would settle it, nothing is said.
    """
    dated = case.world.contracts.has("Engagements.Start", "Engagements.End", "Projects.Start", "Projects.End")
    for calendar in _calendars(case):
        if calendar.questions and (dated or None not in {calendar.start, calendar.end}):
            yield _about(
                Finding(
                    "clause_unclear",
                    calendar.project.name or calendar.project.id,
                    f'"{calendar.project.clause.strip()}" To ask: {" ".join(calendar.questions)}',
                    "Agree on it with who sold it, and write it into the clause (csh-sync clause TEXT tries one).",
                ),
                calendar,
                case,
            )


def hours_totals_differing(case: Case) -> Iterator[Finding]:
    """People's *Hours Total* of a CSH task is not what its allocations have available (requirement 64)."""
    contracts = case.world.contracts
    if not contracts.complete:
        return
    csh_tasks = CshTasks(contracts, Tree(case.world.tasks))
    for gid, csh in sorted(case.world.tasks.csh_tasks.items()):
        told = csh.task.fields.values.get("hours_total")
        served = [contracts.allocations[one] for one in sorted(csh_tasks.allocations(gid))]
        current = [one for one in served if one.minutes is not None and last_day(one) >= case.world.today]
        if isinstance(told, Decimal) and current and to_minutes(float(told)) not in _fitting(served, current):
            yield _hours_total(csh, told, current, case)


def _fitting(served: list[Allocation], current: list[Allocation]) -> set[int]:
    """Return the minutes that a total may name: of one current allocation, of these together, or of all it serves."""
    together = {sum(one.minutes or 0 for one in those) for those in (served, current)}
    return together | {one.minutes for one in current if one.minutes is not None}


def _hours_total(csh: CshTask, told: Decimal, current: list[Allocation], case: Case) -> Finding:
    available = ", ".join(f"{one.name or one.id} {spell_hours(one.minutes or 0)} h" for one in current)
    clauses = dict.fromkeys(
        project.clause.strip()
        for one in current
        if (project := case.world.contracts.projects.get(one.project_id)) and project.clause.strip()
    )
    said = "".join(f' Clause: "{clause}".' for clause in clauses)
    owner = case.world.contracts.community_of_project(current[0].project_id)
    return Finding(
        "hours_total_differs",
        f"{csh.task.name} ({csh.engagement_name})",
        f"Hours Total says {told:f} h in Asana; available in Airtable: {available}.{said}",
        "Correct whichever is wrong: the clause decides.",
        csh.task.permalink,
        subject_id=csh.task.gid,
        period=current[0].id,
        community=owner.name if owner else "",
    )


def _calendars(case: Case) -> tuple[ProjectCalendar, ...]:
    return calendars(case.world.contracts, active_engagements(case))


def _about(finding: Finding, calendar: ProjectCalendar, case: Case) -> Finding:
    """Fill in whose it is; without a subject of its own a finding is about the project."""
    return replace(
        finding,
        subject_id=finding.subject_id or calendar.project.id,
        community=case.community(calendar.engagement.community_id),
    )


def _end_of(line: CalendarLine) -> date:
    return max(map(last_day, line.allocations), default=date.min)
