"""Findings about sealed hours that belong elsewhere by now: the seal stays, a person decides about the correction."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.hours.sealing import is_sealed
from sync.hours.values import Settled
from sync.model.finding import Finding
from sync.model.minutes import spell_hours


def moved_after_sealing(case: Case) -> Iterator[Finding]:
    """Work went over to another community after a period of its hours was sealed (fault G21)."""
    for issue_id, decision in case.assessment.decisions.items():
        if decision.where.decided:
            issue = decision.scoped.issue
            yield from _moved(decision.settled, decision.community_id, (issue.reference, issue_id, issue.url), case)
    for work in case.assessment.timed:
        owners = {case.community_of_project(one) for one in work.where.project_ids}
        if work.where.decided and len(owners) == 1:
            names = (work.task.name, f"asana:{work.task.gid}", work.task.permalink)
            yield from _moved(work.settled, owners.pop(), names, case)


def _moved(settled: Settled, community_id: str, names: tuple[str, str, str], case: Case) -> Iterator[Finding]:
    """Return a finding for each sealed period of another community that counts minutes of the work."""
    subject, subject_id, url = names
    known = case.world.contracts.allocations
    for row in settled.postings:
        sealed = known.get(row.allocation_id)
        if sealed is None or not is_sealed(sealed) or not row.counted or not community_id:
            continue
        before = case.community_of_allocation(sealed.id)
        if not before or before == community_id:
            continue
        hours, target = spell_hours(row.counted), known.get(settled.target.allocation_id)
        there = target.name if target else f"an allocation of {case.community(community_id)} that is still to be told"
        day = sealed.sealing.on.isoformat() if sealed.sealing else ""
        yield Finding(
            "moved_after_sealing",
            subject,
            f"{hours} h are sealed in {sealed.name} of {case.community(before)} since {day}; by now it belongs to "
            f"{case.community(community_id)}. Correction: -{hours} h in {sealed.name}, +{hours} h in {there}.",
            f"Agree on the correction in the next reports of both. Or move the hours: tick Reopen on {sealed.name}, "
            "let a run pass, untick it.",
            url,
            subject_id=subject_id,
            period=sealed.id,
            community=case.community(before),
        )
