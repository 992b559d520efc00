"""Findings about work that looks like other work: issues among themselves, and an issue and a hand-made task."""

from collections.abc import Iterator
from datetime import date

from rapidfuzz.fuzz import token_set_ratio

from mappings.matching.folding import fold
from mappings.words_alike import ALL_SAY, telling, words
from sync.findings.case import Case, logged_minutes
from sync.mirror.deciding import Decision
from sync.mirror.handmade import TimedWork
from sync.model.finding import Finding
from sync.model.minutes import spell_hours

ENOUGH_WORDS = 2


def look_alike_issues(case: Case) -> Iterator[Finding]:
    """Several issues have one title, community and day (fault D19); the first is named as the subject."""
    alike: dict[tuple[str, str, str, date], list[Decision]] = {}
    for decision in case.counted():
        issue = decision.scoped.issue
        if decision.community_id:
            worked = case.worked_on(issue)
            day = worked or case.local_day(issue.created_at)
            how = "work" if worked else "opened"
            alike.setdefault((decision.community_id, fold(issue.title), how, day), []).append(decision)
    for (community_id, _, how, day), decisions in alike.items():
        if len(decisions) < 2:
            continue
        first, *others = sorted((one.scoped.issue for one in decisions), key=lambda issue: (issue.created_at, issue.id))
        total = sum(logged_minutes(one) for one in decisions)
        names = ", ".join(one.reference for one in others)
        on = "with work on" if how == "work" else "opened on"
        yield Finding(
            "look_alike_issues",
            first.reference,
            f"{names} has the same title, {on} {day.isoformat()}; together {spell_hours(total)} h.",
            "Close the further ones as duplicates, or tell them apart in their titles.",
            first.url,
            subject_id=first.id,
            community=case.community(community_id),
            links=tuple(one.url for one in others),
        )


def look_alike_pairs(case: Case) -> Iterator[Finding]:
    """An issue with hours and a hand-made task with time may be one piece of work (requirement 43)."""
    by_hand = [work for work in case.assessment.timed if not work.mirrored and work.minutes]
    for decision in case.counted():
        if not decision.community_id or not (minutes := logged_minutes(decision)):
            continue
        for work in by_hand:
            if not _alike(decision, minutes, work, case):
                continue
            issue, actual = decision.scoped.issue, work.minutes
            evidence = (
                f"It has {spell_hours(minutes)} h, the hand-made task {work.task.name} {spell_hours(actual)} h: "
                f"{spell_hours(max(minutes, actual))} h if they are one, "
                f"{spell_hours(minutes + actual)} h if they are two."
            )
            yield Finding(
                "look_alike_pair",
                issue.reference,
                evidence,
                "If they are one piece of work, keep the time in one place.",
                issue.url,
                subject_id=f"{issue.id}+{work.task.gid}",
                community=case.community(decision.community_id),
                links=(work.task.permalink,) if work.task.permalink else (),
            )


def _alike(decision: Decision, minutes: int, work: TimedWork, case: Case) -> bool:
    issue, task = decision.scoped.issue, work.task
    if case.community_of_allocation(work.settled.target.allocation_id) != decision.community_id:
        return False
    mine, days = case.worked_on(issue), _days(work)
    if not mine or not days or min(abs((mine - day).days) for day in days) > case.policy.limits.near_days:
        return False
    gids = {case.assessment.people.gid(person) for person in issue.assignees} - {None}
    workers = {entry.person_gid for entry in work.entries or ()} or {task.assignee_gid}
    if gids and "" not in workers and not workers & gids:
        return False
    left_out = frozenset(words(case.community(decision.community_id))) | ALL_SAY
    here, there = telling(issue.title, left_out), telling(task.name, left_out)
    if min(len(set(here)), len(set(there))) >= ENOUGH_WORDS:
        return token_set_ratio(" ".join(here), " ".join(there)) >= case.policy.limits.likeness
    # Titles that say little are alike only where all else is the same, too.
    same_title = words(issue.title) == words(task.name) or (bool(here) and here == there)
    return same_title and mine in days and minutes == work.minutes


def _days(work: TimedWork) -> set[date]:
    """Return the days of a hand-made task's work: those of its time entries, else when it was done or due."""
    day = work.task.completed_on or work.task.due_on
    return {entry.day for entry in work.entries or ()} or ({day} if day else set())
