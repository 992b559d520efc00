"""Findings about placeholders: copies of issues that GitHub's one parent makes necessary (requirement 25)."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.model.finding import Finding
from sync.model.issue import LoggedHours
from sync.model.minutes import spell_hours


def placeholders_unclear(case: Case) -> Iterator[Finding]:
    """A ``Mirrors:`` line leads to no issue whose hours count, or nobody can tell which one."""
    for issue_id, decision in case.assessment.decisions.items():
        placeholder, issue = decision.placeholder, decision.scoped.issue
        if placeholder and placeholder.trouble and not issue.closing.undelivered:
            then = "nothing of its hours changes" if placeholder.unread else "it counts as an issue of its own"
            yield Finding(
                "placeholder_unclear",
                issue.reference,
                f"Its line Mirrors: {placeholder.reference} cannot be followed: {placeholder.trouble}. So {then}.",
                "Correct the line: one issue that is mirrored and is no placeholder itself. Or take the line out.",
                issue.url,
                subject_id=issue_id,
                community=case.community(decision.community_id),
            )


def placeholders_with_hours(case: Case) -> Iterator[Finding]:
    """Hours stand on a placeholder: those of the issue it stands for count, its own do not."""
    for issue_id, decision in case.assessment.decisions.items():
        issue = case.world.issues.issues[issue_id].issue
        meant = case.world.issues.issues.get(decision.stands_for or "")
        if meant is None or not isinstance(issue.hours, LoggedHours) or not issue.hours.minutes:
            continue
        there = meant.issue.hours
        logged = f"{spell_hours(there.minutes)} h" if isinstance(there, LoggedHours) else "no hours known"
        yield Finding(
            "placeholder_with_hours",
            issue.reference,
            f"{spell_hours(issue.hours.minutes)} h stand on it and do not count; it is a placeholder for "
            f"{meant.issue.reference}, which has {logged}.",
            f"Log them on {meant.issue.reference} unless they are there already, and empty GitHub Hours on this one.",
            issue.url,
            subject_id=issue_id,
            community=case.community(decision.community_id),
            links=(meant.issue.url,),
        )
