"""Findings about time logged straight in Asana: what is not told by single entries, and what has no period."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.mirror.handmade import TimedWork
from sync.model.finding import Finding
from sync.model.minutes import spell_hours
from sync.model.work import UNPLACED


def time_on_parent_and_child(case: Case) -> Iterator[Finding]:
    """Time stands on a task and on a sub-task of it: Asana may have added the one to the other (decision D8).

    Only where its plan has no time entries: those of a task are its own.
    """
    if case.world.time.offered:
        return
    timed = {work.task.gid: work for work in case.assessment.timed if work.task.actual_minutes}
    for work in timed.values():
        above = timed.get(work.task.parent_gid)
        if above is not None:
            mine, theirs = work.task.actual_minutes or 0, above.task.actual_minutes or 0
            evidence = f"{spell_hours(theirs)} h on it and {spell_hours(mine)} h on its sub-task {work.task.name}."
            remedy = "If Asana's total includes the sub-task, log the time in one place only."
            yield Finding(
                "time_on_parent_and_child",
                above.task.name,
                evidence,
                remedy,
                above.task.permalink,
                subject_id=f"{above.task.gid}+{work.task.gid}",
            )


def time_entries_differ(case: Case) -> Iterator[Finding]:
    """A task's time entries do not add up to its Actual time, and its sub-tasks do not explain it (requirement 42)."""
    for work in case.assessment.timed:
        if work.gap:
            then = "nothing of it changes until they agree" if work.unread else "the entries count"
            yield Finding(
                "time_entries_differ",
                work.task.name,
                f"{work.gap[0].upper()}{work.gap[1:]}; {then}.",
                "See the next run; if it stays, look for an entry that csh-sync may not see.",
                work.task.permalink,
                subject_id=work.task.gid,
                community=_community(work, case),
            )


def time_unplaced(case: Case) -> Iterator[Finding]:
    """Time below a CSH task counts for no allocation: none or several hold its day."""
    for work in case.assessment.timed:
        waiting = sum(one.counted for one in work.settled.postings if one.allocation_id == UNPLACED)
        if waiting and not work.mirrored and case.world.contracts.complete:
            days = sorted({one.end for one in work.settled.postings if one.allocation_id == UNPLACED and one.end})
            dated = f" of {' and '.join(day.isoformat() for day in days)}" if days else ""
            yield Finding(
                "time_unplaced",
                work.task.name,
                f"{spell_hours(waiting)} h{dated} count for no allocation: {work.settled.target.reason}.",
                "Hang the task under the right CSH task, correct the entry's day, or the allocations' dates.",
                work.task.permalink,
                subject_id=work.task.gid,
                community=_community(work, case),
            )


def _community(work: TimedWork, case: Case) -> str:
    owners = {
        owner.id
        for one in work.where.project_ids
        if (owner := case.world.contracts.community_of_project(one)) is not None
    }
    return case.community(owners.pop()) if len(owners) == 1 else ""
