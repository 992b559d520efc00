"""Findings about places: no community, contradicting evidence, placed by a person elsewhere, too deep."""

from collections.abc import Iterator

from sync.findings.case import Case
from sync.mirror.deciding import Decision
from sync.mirror.places import folded
from sync.model.finding import Finding

MOVE_OR_CORRECT = "Correct the issue, or move the task."


def waiting(case: Case) -> Iterator[Finding]:
    """An issue waits for a place: nobody can tell its community, or its allocation."""
    for one in case.assessment.plan.waiting:
        could = f" Could be: {', '.join(one.candidates)}." if one.candidates else ""
        remedy = f"Name the community in the title or on the board. More: csh-sync explain {one.about.url}"
        yield Finding("unplaced", one.about.reference, f"{one.reason}.{could}", remedy, one.about.url)


def conflicts(case: Case) -> Iterator[Finding]:
    """Evidence names two communities; the stronger decided, or none did."""
    names = case.world.contracts.communities
    for decision in case.assessment.decisions.values():
        issue, found = decision.scoped.issue, decision.match
        others = [names[one].name for one in found.conflict if one in names]
        if others:
            winner = names[found.community_id].name if found.community_id else "no one"
            evidence = f"{winner} by {found.kind}, but the issue also names {', '.join(others)}."
            yield Finding("conflicting_evidence", issue.reference, evidence, "Correct the weaker evidence.", issue.url)


def placed_elsewhere(case: Case) -> Iterator[Finding]:
    """A person placed the task where explicit evidence says something else; the person's place decides."""
    names = case.world.contracts.communities
    for decision in case.assessment.decisions.values():
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


def too_deep(case: Case) -> Iterator[Finding]:
    """An issue is deeper than Asana's five levels of sub-tasks: it hangs under the deepest ancestor possible."""
    for decision in case.assessment.decisions.values():
        if decision.path:
            issue = decision.scoped.issue
            evidence = f"Deeper than Asana allows; its path is {' > '.join(decision.path)}."
            yield Finding("too_deep", issue.reference, evidence, "Nothing needs to be done.", issue.url)
