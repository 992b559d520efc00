"""Findings about completed work without hours: at once for each, after two weeks in a list for each person.

Work that is not completed owes no hours, and neither does an iteration without an issue (requirement 51).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz.fuzz import token_set_ratio

from mappings.matching.folding import fold
from mappings.people import shown
from sync.findings.case import Case, logged_minutes
from sync.findings.estimate import attendees, estimate
from sync.mirror.deciding import Decision
from sync.model.finding import Finding
from sync.model.issue import Closing, EmptyHours, LoggedHours
from sync.model.minutes import spell_hours

LOG_ALL = "Preparation and follow-up count, and hours are per person: two people in one hour are two."
"""What nudges for hours remind of (requirements 44 and 45)."""
NOBODY = "nobody"
WORKS_NAMED = 5
LINKS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Unlogged:
    """Completed work without hours. *person* is the Asana gid or login of who should log them, or `NOBODY`."""

    subject: str
    subject_id: str
    url: str
    done_on: date
    how: str
    where: str
    community: str
    person: str = NOBODY
    person_name: str = ""
    estimate: str = ""


def completed_without_time(case: Case) -> Iterator[Finding]:
    """Work was completed and no hours are logged; the person's list tells it once it is overdue (requirement 50)."""
    for one in _unlogged(case):
        if not _is_overdue(one, case):
            about = f" An estimate, not a fact: {one.estimate}." if one.estimate else ""
            yield Finding(
                "completed_without_time",
                one.subject,
                f"{one.how} on {one.done_on}, with no {one.where}.{about}",
                f"Fill in {one.where}. {LOG_ALL}",
                one.url,
                subject_id=one.subject_id,
                community=one.community,
            )


def not_logged_in_time(case: Case) -> Iterator[Finding]:
    """A person's completed work still has no hours after the time in which they should be logged (requirement 51)."""
    overdue: dict[str, list[Unlogged]] = {}
    for one in _unlogged(case):
        if _is_overdue(one, case):
            overdue.setdefault(one.person, []).append(one)
    for person, works in sorted(overdue.items()):
        works.sort(key=lambda one: (one.done_on, one.subject_id))
        named = "; ".join(_told(one) for one in works[:WORKS_NAMED])
        more = f"; and {len(works) - WORKS_NAMED} more" if len(works) > WORKS_NAMED else ""
        communities = {one.community for one in works}
        days = case.policy.limits.unlogged_days
        who = works[0].person_name
        ask = f"Ask {who} to log them" if who else "Find out who did them and have them logged"
        yield Finding(
            "not_logged_in_time",
            who or "Work of nobody in particular",
            f"Completed more than {days} days before and still without hours: {named}{more}.",
            f"{ask} (GitHub Hours on the board, or Actual time in Asana), or fill in an estimate for them. {LOG_ALL}",
            subject_id=person,
            community=communities.pop() if len(communities) == 1 else "",
            links=tuple(one.url for one in works[:LINKS_SHOWN] if one.url),
        )


def _told(one: Unlogged) -> str:
    about = f", estimate {one.estimate}" if one.estimate else ""
    return f"{one.subject} ({one.done_on}{about})"


def _is_overdue(one: Unlogged, case: Case) -> bool:
    return (case.world.today - one.done_on).days > case.policy.limits.unlogged_days


def _unlogged(case: Case) -> Iterator[Unlogged]:
    """Yield completed work without hours, but for what was completed just now."""
    for one in (*_issues(case), *_hand_made(case)):
        if (case.world.today - one.done_on).days > case.policy.limits.completed_days:
            yield one


def _issues(case: Case) -> Iterator[Unlogged]:
    for decision in case.counted():
        issue = decision.scoped.issue
        if issue.closing is not Closing.COMPLETED or not issue.closed_at or not _nothing_logged(decision, case):
            continue
        person, name = _assignee(decision, case)
        yield Unlogged(
            issue.reference,
            issue.id,
            issue.url,
            case.local_day(issue.closed_at),
            "Closed as completed",
            "GitHub Hours",
            case.community(decision.community_id),
            person,
            name,
            _suggestion(decision, case),
        )


def _hand_made(case: Case) -> Iterator[Unlogged]:
    """Yield hand-made tasks below a CSH task that were completed and of which Asana says that they have no time."""
    mirrored = {decision.task.gid for decision in case.assessment.decisions.values() if decision.task}
    known = case.world.tasks
    tree, csh_tasks = case.csh_tasks()
    names, actual_minutes = {user.gid: user.name for user in known.users}, case.actual_minutes()
    for gid, task in sorted(known.tree.items()):
        if gid in mirrored or gid in known.home or not task.plain or task.subtask_count:
            continue
        # None is not zero: where Asana does not tell the time, nobody can say that there is none.
        if not task.completed_on or actual_minutes(task) != 0:
            continue
        if case.policy.since and task.completed_on < case.policy.since:
            continue
        yield Unlogged(
            task.name,
            gid,
            task.permalink,
            task.completed_on,
            "Completed",
            "Actual time",
            case.community_of_csh(tree.csh_above(gid), csh_tasks),
            task.assignee_gid or NOBODY,
            names.get(task.assignee_gid, task.assignee_gid),
        )


def _assignee(decision: Decision, case: Case) -> tuple[str, str]:
    """Return who should log an issue's hours, its first assignee: one name for GitHub and Asana where it is known."""
    first = next(iter(decision.scoped.issue.assignees), None)
    if first is None:
        return NOBODY, ""
    gid = case.assessment.people.gid(first)
    names = {user.gid: user.name for user in case.world.tasks.users}
    return gid or first.login, names.get(gid or "", "") or shown(first)


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
    """Return hours that are likely and where they come from, "" when there is nothing to go by."""
    issue = decision.scoped.issue
    people = max(len(issue.assignees), len(attendees(issue.body)))
    found = estimate(f"{issue.title}\n{issue.body}", people, _similar(decision, case))
    return f"{spell_hours(found.minutes)} h ({found.source})" if found else ""


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
