"""Findings about caps (decision D9): over, used up, near, about to expire, slow. An allocation gets only its worst one.

Where a service was read incompletely no level is known and nothing is said; nothing either about periods that
are sealed or not begun.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from sync.findings.case import Case, logged_minutes
from sync.hours.usage import Level, Pace, Usage
from sync.model.contract import Allocation
from sync.model.finding import Finding
from sync.model.issue import Closing
from sync.model.minutes import spell_hours

LINES_NAMED = 3


def caps(case: Case) -> Iterator[Finding]:
    """Hours of a running period, or of one in its grace, are over, used up, near the cap, about to expire or slow."""
    for allocation in sorted(case.world.contracts.allocations.values(), key=lambda one: (one.name, one.id)):
        now = case.assessment.usages.get(allocation.id)
        if now and allocation.end and _is_current(allocation, case):
            yield from _cap(allocation, allocation.end, now, case)


def new_work_over_cap(case: Case) -> Iterator[Finding]:
    """An issue came in when its period had no hours left, has none, and that is still so (requirement 63)."""
    for decision in case.mirrored():
        issue = decision.scoped.issue
        now = case.assessment.usages.get(decision.newest_allocation)
        if issue.id not in case.assessment.noted or issue.closing is not Closing.OPEN or logged_minutes(decision):
            continue
        if now is None or now.level is Level.UNKNOWN or not now.is_spent:
            continue
        evidence = f"{_spent(now)}, none are left. Nothing is logged on it yet."
        remedy = "Ask the community before it is begun, agree on extra hours, or plan it for the next period."
        allocation = case.world.contracts.allocations[decision.newest_allocation]
        about = _about(Finding("new_work_over_cap", "", f"{allocation.name}: {evidence}", remedy), allocation, case)
        yield replace(about, subject=issue.reference, url=issue.url, subject_id=issue.id)


def _is_current(allocation: Allocation, case: Case) -> bool:
    if allocation.start is None or allocation.end is None or (allocation.sealing and not allocation.reopen):
        return False
    grace = timedelta(days=case.policy.grace_days)
    return allocation.start <= case.world.today <= allocation.end + grace


def _cap(allocation: Allocation, end: date, now: Usage, case: Case) -> Iterator[Finding]:
    running = end >= case.world.today
    left = now.left_minutes or 0
    spent = _spent(now)
    match now.level:
        case Level.OVER:
            over = spell_hours(now.overrun_minutes)
            evidence = f"{spent}: {over} h over until {end}. Most: {_lines(allocation, case)}."
            remedy = "Agree on extra hours with the community, or tell who delivers to stop; further work is counted."
            yield _about(Finding("over_cap", "", evidence, remedy, level="over"), allocation, case)
        case Level.USED_UP if running:
            evidence = f"{spent}, until {end}. Most: {_lines(allocation, case)}."
            extra = now.extra_minutes - now.extra_used_minutes
            more = f"{spell_hours(extra)} h of the extra hours are left. " if extra else ""
            remedy = f"{more}Ask the community before more work is begun."
            yield _about(Finding("used_up", "", evidence, remedy, level=_percent(now.reached)), allocation, case)
        case Level.NEAR if running:
            evidence = f"{spent}, {spell_hours(left)} h left until {end}."
            remedy = "Look at the open work before more is begun, and tell business development if it will not do."
            yield _about(Finding("near_cap", "", evidence, remedy, level=_percent(now.reached)), allocation, case)
        case Level.UNUSED | Level.UNDER | Level.ON_PACE if running:
            yield from _unused(allocation, end, now, case)


def _spent(now: Usage) -> str:
    spent = f"{spell_hours(now.used_minutes)} of {spell_hours(now.available_minutes or 0)} h used"
    return spent + (f", with {spell_hours(now.extra_minutes)} h extra agreed" if now.extra_minutes else "")


def _percent(share: float | None) -> str:
    """Return a threshold as people say it: 0.8 is ``80 %``."""
    return "" if share is None else f"{100 * share:g} %"


def _unused(allocation: Allocation, end: date, now: Usage, case: Case) -> Iterator[Finding]:
    """Hours will expire without open work for them, or are used slower than time goes."""
    left, available = spell_hours(now.left_minutes or 0), spell_hours(now.available_minutes or 0)
    spent = f"{spell_hours(now.used_minutes)} of {available} h used"
    if end <= horizon(case) and not _has_open_work(allocation, case):
        evidence = f"{spent}; {left} h expire on {end}, with no open work for them."
        remedy = "Write to the technical contact and offer the hours that are left; they do not roll over."
        yield _about(Finding("expiring_unused", "", evidence, remedy), allocation, case)
    elif now.pace is Pace.UNDER:
        planned = f" Planned: {spell_hours(now.planned_minutes)} h." if now.planned_minutes else ""
        evidence = f"{spent}, the period runs from {allocation.start} to {end}; {left} h would be lost.{planned}"
        remedy = "Plan work with the community, or ask whether it needs the hours later; they do not roll over."
        yield _about(Finding("under_pace", "", evidence, remedy), allocation, case)


def _about(finding: Finding, allocation: Allocation, case: Case) -> Finding:
    """Fill in what a finding is about."""
    owner = case.world.contracts.community_of_project(allocation.project_id)
    return replace(
        finding,
        subject=allocation.name or allocation.id,
        url=allocation.asana_url,
        subject_id=allocation.id,
        period=allocation.id,
        community=owner.name if owner else "",
    )


def _lines(allocation: Allocation, case: Case) -> str:
    """Name the rows with most minutes."""
    rows = [one for one in case.assessment.rows.values() if one.allocation_id == allocation.id and one.minutes]
    rows.sort(key=lambda row: (-(row.minutes or 0), row.key))
    return ", ".join(f"{row.title or row.key} {spell_hours(row.minutes or 0)} h" for row in rows[:LINES_NAMED])


def horizon(case: Case) -> date:
    """Return the last day of the second iteration from now by the board's calendar, else so many days from now."""
    today = case.world.today
    coming = [one for one in case.world.issues.iterations or () if one.end >= today]
    if len(coming) >= 2:
        return sorted(coming, key=lambda one: one.start)[1].end
    return today + timedelta(days=case.policy.engagements.expiring_days)


def _has_open_work(allocation: Allocation, case: Case) -> bool:
    return any(
        decision.newest_allocation == allocation.id and decision.scoped.issue.closing is Closing.OPEN
        for decision in case.mirrored()
    )
