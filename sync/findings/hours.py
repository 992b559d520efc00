"""Findings about hours: unknown, absurd, logged twice, lowered after sealing."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.hours.values import Remark
from sync.model.finding import Finding
from sync.model.issue import LoggedHours, NotOnBoard, UnknownHours
from sync.model.minutes import spell_hours

UNREAD = "See what could not be read, told with what to do about it; if nothing is, wait for the next run."


def unknown_hours(case: Case) -> Iterator[Finding]:
    """An issue is not on the board, or its hours could not be read: unknown is not zero (requirement 7).

    Where the board could not be read at all that is told once; a column that is missing is a finding of its own.
    """
    boards = {
        hours.reason
        for decision in case.counted()
        if isinstance(hours := decision.scoped.issue.hours, UnknownHours) and hours.of_board
    }
    if boards and not case.world.issues.drift:
        yield Finding("hours_unknown", "the board", f"{min(boards)}.", UNREAD)
    for decision in case.counted():
        issue = decision.scoped.issue
        if isinstance(issue.board, NotOnBoard):
            remedy = "Add the issue to the board and fill in its hours."
            yield Finding("not_on_board", issue.reference, "The issue is not on the board.", remedy, issue.url)
        elif isinstance(issue.hours, UnknownHours) and not issue.hours.absurd and not issue.hours.of_board:
            evidence = f"{issue.hours.reason[:1].upper()}{issue.hours.reason[1:]}; until it is, nothing of it changes."
            yield Finding("hours_unknown", issue.reference, evidence, UNREAD, issue.url)


def absurd_hours(case: Case) -> Iterator[Finding]:
    """A value nobody can mean stands in the hours column; nothing of it was written."""
    for decision in case.counted():
        issue = decision.scoped.issue
        if isinstance(issue.hours, UnknownHours) and issue.hours.absurd:
            yield Finding(
                "hours_absurd", issue.reference, f"{issue.hours.reason}.", "Correct the hours on the board.", issue.url
            )


def both_kinds_of_time(case: Case) -> Iterator[Finding]:
    """A mirrored task has GitHub Hours and Actual time: both count, one may be a repetition (requirement 43).

    Time on its sub-tasks is no time of its own, although Asana may show it there, too.
    """
    own = {work.task.gid: work.minutes for work in case.assessment.timed}
    for decision in case.counted():
        issue, actual = decision.scoped.issue, own.get(decision.task.gid, 0) if decision.task else 0
        if not actual or not isinstance(issue.hours, LoggedHours) or not issue.hours.minutes:
            continue
        logged = issue.hours.minutes
        evidence = (
            f"GitHub Hours {spell_hours(logged)} h and Actual time {spell_hours(actual)} h: "
            f"{spell_hours(logged + actual)} h if they are two pieces of work, "
            f"{spell_hours(max(logged, actual))} h if they are one."
        )
        yield Finding("logged_in_both", issue.reference, evidence, "Keep the time in one place.", issue.url)


def ledger_remarks(case: Case) -> Iterator[Finding]:
    """What the ledger noticed while settling rows: hours lowered after sealing, minutes that stay where they are."""
    for decision in case.assessment.decisions.values():
        issue = decision.scoped.issue
        for remark in decision.settled.remarks:
            if remark.kind not in {"absurd_hours", "sealed_row_restored"}:  # findings of their own tell these
                yield _remarked(remark, case, issue.reference, issue.url)
    for work in case.assessment.timed:
        for remark in work.settled.remarks:
            if remark.kind != "sealed_row_restored":
                yield _remarked(remark, case, work.task.name, work.task.permalink)


REMEDIES = {
    "lowered_after_sealing": "If the lower number is right, tick Reopen on the allocation, let a run pass, untick it; "
    "else correct the hours where they were logged.",
    "outside_its_period": "Correct the dates of the allocations, or name the right one in the board's Allocation.",
    "allocation_gone": "Restore its record in Airtable (the trash keeps it for seven days), or move the hours: name "
    "another one in the board's Allocation, or hang the task under another CSH task.",
    "not_in_seal": "Nothing, unless it happens again.",
}
"""What to do about what the ledger noticed, by kind."""


def _remarked(remark: Remark, case: Case, subject: str, url: str) -> Finding:
    """Return what the ledger noticed, under the allocation it is about: each one has a key of its own."""
    evidence, remedy = f"{remark.text}.", REMEDIES.get(remark.kind, "")
    owner = case.community_of_allocation(remark.allocation_id)
    return Finding(
        remark.kind, subject, evidence, remedy, url, period=remark.allocation_id, community=case.community(owner)
    )
