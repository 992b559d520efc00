"""Findings about work and its hours: completed without time, estimates, people who met, deliverables that are late."""

from collections.abc import Iterator

from rapidfuzz.fuzz import token_set_ratio

from mappings.matching.folding import fold
from sync.findings.case import Case, logged_minutes
from sync.findings.estimate import attendees, estimate, is_gathering, told
from sync.mirror.deciding import Decision
from sync.model.finding import Finding
from sync.model.issue import Closing, EmptyHours, LoggedHours
from sync.model.minutes import MINUTES_PER_HOUR, spell_hours

LOG_ALL = "Preparation and follow-up count, and hours are per person: two people in one hour are two."
"""What nudges for hours remind of (requirements 44 and 45)."""


def completed_without_time(case: Case) -> Iterator[Finding]:
    """An issue was closed as completed and no hours are logged after the grace time (requirements 50 and 51)."""
    for decision in case.counted():
        issue = decision.scoped.issue
        if issue.closing is not Closing.COMPLETED or not issue.closed_at or not _nothing_logged(decision, case):
            continue
        closed = case.local_day(issue.closed_at)
        if (case.world.today - closed).days <= case.policy.limits.unlogged_days:
            continue
        evidence = f"Closed as completed on {closed.isoformat()}; no hours are logged."
        remedy = f"Fill in GitHub Hours on the board. {LOG_ALL}"
        yield Finding(
            "completed_without_time",
            issue.reference,
            evidence + _suggestion(decision, case),
            remedy,
            issue.url,
            subject_id=issue.id,
            community=case.community(decision.community_id),
        )


def _nothing_logged(decision: Decision, case: Case) -> bool:
    """Tell that hours were read and there are none: neither on it, nor sealed, nor on what is below it."""
    issue = decision.scoped.issue
    if not isinstance(issue.hours, EmptyHours | LoggedHours) or logged_minutes(decision):
        return False
    if any(one.row.owner == issue.id and one.row.seal and one.row.minutes for one in case.world.ledger.rows.values()):
        return False
    below = (one for one in case.assessment.decisions.values() if one.scoped.parent_id == issue.id)
    return not any(logged_minutes(child) for child in below)


def _suggestion(decision: Decision, case: Case) -> str:
    issue = decision.scoped.issue
    people = max(len(issue.assignees), len(attendees(issue.body)))
    found = estimate(f"{issue.title}\n{issue.body}", people, _similar(decision, case))
    return f" An estimate, not a fact: {spell_hours(found.minutes)} h ({found.source})." if found else ""


def _similar(decision: Decision, case: Case) -> list[int]:
    """Return the minutes of other completed issues of the same community with a title like this one's."""
    title = fold(decision.scoped.issue.title)
    return [
        logged_minutes(other)
        for other in case.counted()
        if other is not decision
        and decision.community_id
        and other.community_id == decision.community_id
        and other.scoped.issue.closing is Closing.COMPLETED
        and logged_minutes(other)
        and token_set_ratio(title, fold(other.scoped.issue.title)) >= case.policy.limits.likeness
    ]


def hand_made_without_time(case: Case) -> Iterator[Finding]:
    """A hand-made task below a CSH task was completed and Asana says that it has no time (requirement 50)."""
    mirrored = {decision.task.gid for decision in case.assessment.decisions.values() if decision.task}
    known = case.world.tasks
    for gid, task in sorted(known.tree.items()):
        if gid in mirrored or gid in known.home or not task.plain or task.subtask_count:
            continue
        # None is not zero: where Asana does not tell the time, nobody can say that there is none.
        if not task.completed_on or task.actual_minutes != 0:
            continue
        if case.policy.since and task.completed_on < case.policy.since:
            continue
        if (case.world.today - task.completed_on).days > case.policy.limits.unlogged_days:
            evidence = f"Completed on {task.completed_on.isoformat()}; no Actual time is logged."
            remedy = f"Log Actual time on it. {LOG_ALL}"
            yield Finding("completed_without_time", task.name, evidence, remedy, task.permalink, subject_id=gid)


def hours_on_open_untouched(case: Case) -> Iterator[Finding]:
    """Hours stand on an open issue that nobody touched for long: an estimate in the wrong column? (fault G16)."""
    for decision in case.counted():
        issue = decision.scoped.issue
        if issue.closing is not Closing.OPEN or not isinstance(issue.hours, LoggedHours) or not issue.hours.minutes:
            continue
        touched = max(filter(None, (case.local_day(issue.updated_at), issue.hours.changed_on)))
        if (case.world.today - touched).days > case.policy.limits.untouched_days:
            evidence = f"{spell_hours(issue.hours.minutes)} h on an open issue, last touched on {touched.isoformat()}."
            yield Finding(
                "hours_on_open_untouched",
                issue.reference,
                f"{evidence} Is it an estimate?",
                "Move an estimate to the board's Estimate; close the issue if it is done.",
                issue.url,
                subject_id=issue.id,
                community=case.community(decision.community_id),
            )


def fewer_hours_than_people(case: Case) -> Iterator[Finding]:
    """Several people met and the hours logged are fewer than theirs together (requirement 44; a question)."""
    for decision in case.counted():
        issue, minutes = decision.scoped.issue, logged_minutes(decision)
        if issue.closing is not Closing.COMPLETED or not is_gathering(issue.title) or not minutes:
            continue
        people = max(len(issue.assignees), len(attendees(issue.body)))
        lengths = [one.minutes for one in told(issue.body) if one.together]
        each = min(lengths, default=MINUTES_PER_HOUR)
        if people > 1 and minutes < people * each:
            said = f" of {spell_hours(each)} h each" if lengths else ""
            evidence = f"{people} people{said}: {spell_hours(minutes)} h?"
            yield Finding(
                "fewer_hours_than_people",
                issue.reference,
                evidence,
                f"Correct GitHub Hours, or leave them if fewer people came. {LOG_ALL}",
                issue.url,
                subject_id=issue.id,
                community=case.community(decision.community_id),
            )


def deliverables_late(case: Case) -> Iterator[Finding]:
    """The board's ``End date`` of an open issue has passed (requirement 68)."""
    for decision in case.counted():
        issue = decision.scoped.issue
        board = issue.board_fields
        if issue.closing is not Closing.OPEN or not board or not board.end or board.end >= case.world.today:
            continue
        evidence = f"Its End date was {board.end.isoformat()}; it is still open."
        yield Finding(
            "deliverable_late",
            issue.reference,
            evidence,
            "Close the issue if it is done, or agree on a new End date.",
            issue.url,
            subject_id=issue.id,
            community=case.community(decision.community_id),
        )
