"""Findings about places: no community, contradicting evidence, placed by a person elsewhere, too deep, too full."""

from collections import Counter
from collections.abc import Iterator

from mappings.matching.values import Kind
from sync.findings.case import Case, some
from sync.findings.contracts import engagements_astray, stranded
from sync.mirror.deciding import Decision
from sync.mirror.places import folded
from sync.mirror.waiting import csh_name
from sync.model.change import Waiting, WaitsFor
from sync.model.finding import Finding
from sync.model.issue import BoardUnknown
from sync.model.work import CshTask

MOVE_OR_CORRECT = "Correct the issue, or move the task."
MOST_SUB_ISSUES, MANY_SUB_ISSUES = 100, 90
"""GitHub takes no more below one issue, and from how many on that is told
(https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/adding-sub-issues)."""


def waiting(case: Case) -> Iterator[Finding]:
    """An issue waits for a place: nobody can tell its community, or its allocation."""
    told = {one.scoped.issue.url for those in case.without_csh_task().values() for one in those}
    told |= {one.scoped.issue.url for one in case.mirrored() if _is_whose_unread(one)}
    undated = {one.scoped.issue.url for one in case.mirrored() if case.is_undated(one.scoped.issue)}
    for one in case.assessment.plan.waiting:
        if one.about.url in told:
            continue  # told once for all: a CSH task, or a column of the board, is missing
        # What is only dated by today would be other evidence each day.
        reason = one.reason.replace(str(case.world.today), "today") if one.about.url in undated else one.reason
        could = f" Could be: {', '.join(one.candidates)}." if one.candidates else ""
        remedy = f"{_remedy(one)} More: csh-sync explain {one.about.url}"
        yield Finding(
            "unplaced", one.about.reference, f'"{one.about.subject}" waits: {reason}.{could}', remedy, one.about.url
        )


def _remedy(one: Waiting) -> str:
    match one.waits_for:
        case WaitsFor.COMMUNITY:
            return "Name the community in the title or on the board, or drag its task under the right CSH task."
        case WaitsFor.EVIDENCE:
            return "Nothing needs to be done; if it stays, see what could not be read."
        case WaitsFor.CHOICE:
            return "Name one of them in the board's Allocation, or correct their dates."
        case WaitsFor.ALLOCATION | WaitsFor.CSH_TASK:
            return (
                "Add the allocation in Airtable, correct the dates of those there are, or name one in the board's "
                "Allocation."
            )


def _is_whose_unread(decision: Decision) -> bool:
    board = decision.scoped.issue.board_fields
    return board is not None and board.whose_unread and not decision.match.decided


def conflicts(case: Case) -> Iterator[Finding]:
    """Evidence names two communities; the stronger decided, or none did."""
    names = case.world.contracts.communities
    for decision in case.mirrored():
        issue, found = decision.scoped.issue, decision.match
        others = [names[one].name for one in found.conflict if one in names]
        if others:
            winner = names[found.community_id].name if found.community_id else "nobody"
            evidence = f"It counts for {winner} (by {found.kind}), but also names {', '.join(others)}."
            yield Finding("conflicting_evidence", issue.reference, evidence, _settle(found.community_id), issue.url)


def _settle(community_id: str | None) -> str:
    if community_id:
        return "If that is right, take the other name out of the issue; else name the right community on the board."
    return "Name the right community on the board, or in the title."


def placed_elsewhere(case: Case) -> Iterator[Finding]:
    """A person placed the task where explicit evidence says something else; the person's place decides."""
    names = case.world.contracts.communities
    for decision in case.mirrored():
        meant = decision.match.community_id
        if decision.where.by_person and meant and decision.community_id and meant != decision.community_id:
            issue = decision.scoped.issue
            chosen = names[decision.community_id].name
            evidence = f"Placed by hand under {chosen}; by {decision.match.kind} it is {names[meant].name}."
            yield Finding("placed_elsewhere", issue.reference, evidence, MOVE_OR_CORRECT, issue.url)
        elif decision.where.by_person and (evidence := _against_the_board(decision, case)):
            issue = decision.scoped.issue
            yield Finding("placed_elsewhere", issue.reference, evidence, MOVE_OR_CORRECT, issue.url)


def _against_the_board(decision: Decision, case: Case) -> str:
    """Say that the board's ``Allocation`` names another allocation than those of a person's place, "" when not."""
    board, known = decision.scoped.issue.board_fields, case.world.contracts.allocations
    chosen = [known[one] for one in sorted(decision.where.named) if one in known]
    if not board or not board.allocation or not chosen:
        return ""
    if any(folded(board.allocation) in {folded(one.name), folded(one.id)} for one in chosen):
        return ""
    return f"Placed by hand under {' or '.join(one.name for one in chosen)}; the board says {board.allocation}."


def undecided(case: Case) -> Iterator[Finding]:
    """A known issue's evidence is gone or could not be read: nothing of it moves (decision D7)."""
    known = case.world.contracts.allocations
    for decision in case.mirrored():
        issue, target = decision.scoped.issue, decision.settled.target.allocation_id
        if decision.where.decided or not decision.mirror or not (decision.parent or target in known):
            continue
        why, remedy = _why_undecided(decision)
        if why and case.world.contracts.complete:
            hours = f"its hours stay in {known[target].name}" if target in known else "its hours wait"
            yield Finding("undecided", issue.reference, f"{why}; {hours}.", remedy, issue.url)


def _why_undecided(decision: Decision) -> tuple[str, str]:
    """Say why nothing moves, and the remedy; "" where another finding says it: on its parent, or its board fields."""
    if decision.where.by_person:
        return "It was placed by hand under a task that no allocation is known to belong to", MOVE_OR_CORRECT
    if isinstance(decision.scoped.issue.board, BoardUnknown) or _is_whose_unread(decision):
        return "", ""
    if not decision.match.decided:
        return "Evidence for its community could not be read", "See the next run."
    if decision.match.community_id is None:
        return "Nothing names its community any more", "Name the community in the title or on the board."
    if decision.match.kind == Kind.PARENT:
        return "", ""
    return "Its parent's task is known, but the parent cannot be seen", "Check the token's access to the parent."


def unknown_allocations(case: Case) -> Iterator[Finding]:
    """The board's ``Allocation`` names none: other evidence decides."""
    known = {folded(name) for one in case.world.contracts.allocations.values() for name in (one.id, one.name)}
    for decision in case.counted():
        board, issue = decision.scoped.issue.board_fields, decision.scoped.issue
        if case.world.contracts.complete and board and board.allocation and folded(board.allocation) not in known:
            evidence = f"The board's Allocation says {board.allocation}, and there is no such allocation."
            remedy = "Correct it on the board, or empty it."
            yield Finding("allocation_unknown", issue.reference, evidence, remedy, issue.url)


def csh_tasks_missing(case: Case) -> Iterator[Finding]:
    """Nobody can tell the CSH task of an allocation, so that tasks wait or stay where they are; each allocation once.

    Not where the engagement's place in Asana is what is missing: that is told with what waits for it.
    """
    told = engagements_astray(case)
    _, csh_tasks = case.csh_tasks()
    for allocation_id, decisions in sorted(case.without_csh_task().items()):
        allocation = case.world.contracts.allocations[allocation_id]
        engagement = case.world.contracts.engagement_of(allocation_id)
        if engagement and engagement.id in told:
            continue
        yield Finding(
            "csh_task_missing",
            allocation.name or allocation_id,
            f"{_which_csh(csh_tasks.candidates(allocation, decisions[0].scoped.profile))}; {stranded(decisions)}.",
            "Fill in the allocation's Asana task, or put the engagement back into the portfolio.",
            allocation.asana_url,
            subject_id=allocation_id,
            period=allocation_id,
            community=case.community(case.community_of_allocation(allocation_id)),
        )


def _which_csh(candidates: tuple[CshTask, ...]) -> str:
    if not candidates:
        return "Its CSH task is missing or out of sight"
    return f"Several CSH tasks may be meant: {some(csh_name(one.task) for one in candidates)}"


def too_deep(case: Case) -> Iterator[Finding]:
    """An issue is deeper than Asana's five levels of sub-tasks: it hangs under the deepest ancestor possible."""
    for decision in case.mirrored():
        if decision.path:
            issue = decision.scoped.issue
            evidence = f"Deeper than Asana allows; its path is {' > '.join(decision.path)}."
            yield Finding("too_deep", issue.reference, evidence, "Nothing needs to be done.", issue.url)


def full_of_sub_issues(case: Case) -> Iterator[Finding]:
    """An issue has nearly as many sub-issues as GitHub takes; closed ones count, too."""
    children = Counter(one.scoped.parent_id for one in case.assessment.decisions.values())
    for issue_id, many in children.items():
        parent = case.assessment.decisions.get(issue_id or "")
        if parent and many >= MANY_SUB_ISSUES:
            evidence = f"It has {many} sub-issues; GitHub takes {MOST_SUB_ISSUES}, closed ones included."
            remedy = "Put further work below another issue, or below one of its sub-issues."
            issue = parent.scoped.issue
            yield Finding("full_of_sub_issues", issue.reference, evidence, remedy, issue.url)
