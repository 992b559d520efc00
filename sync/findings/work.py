"""Findings about work and its hours: likely estimates, people who met, deliverables that are late."""

from collections.abc import Iterator

from sync.findings.case import Case, logged_minutes
from sync.findings.estimate import attendees, is_gathering, told
from sync.findings.unlogged import LOG_ALL
from sync.mirror.deciding import Decision
from sync.model.finding import Finding
from sync.model.issue import Closing, LoggedHours
from sync.model.minutes import MINUTES_PER_HOUR, spell_hours


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
        if people > 1 and minutes < people * each and not _logged_themselves(people, each, decision, case):
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


def _logged_themselves(people: int, each: int, decision: Decision, case: Case) -> bool:
    """Tell whether the time of those who logged none in Asana themselves is there: of the others nothing is asked."""
    issue, gid = decision.scoped.issue, decision.task.gid if decision.task else ""
    entries = next((work.entries or () for work in case.assessment.timed if work.task.gid == gid), ())
    persons = {entry.person_gid or entry.person for entry in entries}
    hours = issue.hours.minutes if isinstance(issue.hours, LoggedHours) else 0
    return bool(persons) and hours >= max(0, people - len(persons)) * each


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
