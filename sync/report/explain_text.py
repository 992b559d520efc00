"""Why an issue is where it is."""

from collections.abc import Iterator

from sync.hours.usage import as_of
from sync.hours.values import Posting
from sync.mirror.deciding import Decision
from sync.mirror.placeholders import Placeholder
from sync.mirror.planning import Assessment
from sync.mirror.world import World
from sync.model.issue import BoardFields, EmptyHours, LoggedHours, UnknownHours
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.model.work import UNPLACED
from sync.report.words import spell_day


def explain_issue(decision: Decision, assessment: Assessment, world: World) -> Iterator[str]:
    """Return every decision about one issue, strongest evidence first."""
    issue = decision.scoped.issue
    yield f"{issue.reference}  {safe(issue.title)}"
    yield f"  {issue.url}"
    yield f"  state      {issue.closing.value}; counts for the label {decision.scoped.profile}"
    yield f"  hours      {_hours(decision)}"
    yield f"  board      {_board(decision)}"
    if decision.placeholder:
        yield f"  mirrors    {safe(_mirrors(decision.placeholder))}"
    yield ""
    yield f"Community: {_community(decision, world)}"
    for step in decision.match.steps:
        yield f"  {step.kind:<10} {safe(step.text) or '-'}: {safe(step.verdict)}"
    others = [one for one in decision.match.candidates if one.community_id != decision.community_id]
    for candidate in others:
        name = world.contracts.communities.get(candidate.community_id)
        yield f"  could be   {name.name if name else candidate.community_id} ({safe(candidate.why)})"
    yield ""
    target = decision.settled.target
    yield f"Allocation: {_allocation_name(target.allocation_id, world)}{', late' if target.late else ''}"
    yield f"  because    {safe(target.reason)}"
    for standing in assessment.plan.standings:
        if standing.allocation_id == target.allocation_id:
            yield f"  there      {as_of(safe(standing.sentence), world.now)}"
    for one in target.candidates:
        yield f"  candidate  {_allocation_name(one, world)}"
    for step_text in decision.settled.steps:
        yield f"  step       {safe(step_text)}"
    yield ""
    yield "Rows in the ledger after the next run:"
    for posting in decision.settled.postings:
        yield f"  {_posting(posting, world)}"
    yield ""
    yield f"Task: {_task(decision, assessment)}"


def _posting(posting: Posting, world: World) -> str:
    hours = "-" if posting.minutes is None else spell_hours(posting.minutes)
    name = _allocation_name(posting.allocation_id, world)
    late = ", late" if posting.late else ""
    return f"{hours:>6} h  {name}: {spell_day(posting.end)}, dated by {posting.dated_by or 'nothing'}{late}"


def _allocation_name(allocation_id: str, world: World) -> str:
    if allocation_id == UNPLACED:
        return "unplaced"
    allocation = world.contracts.allocations.get(allocation_id)
    return safe(allocation.name) if allocation else allocation_id


def _hours(decision: Decision) -> str:
    match decision.scoped.issue.hours:
        case LoggedHours(minutes):
            return f"{spell_hours(minutes)} h"
        case EmptyHours():
            return "none logged"
        case UnknownHours(reason):
            return f"unknown: {safe(reason)}"


def _mirrors(placeholder: Placeholder) -> str:
    if placeholder.target is not None:
        return f"{placeholder.reference}: a placeholder, the hours there count"
    return f"{placeholder.reference}: {placeholder.trouble}"


def _board(decision: Decision) -> str:
    board = decision.scoped.issue.board
    if not isinstance(board, BoardFields):
        return "not on the board, or unreadable"
    parts = {"status": board.status, "end": board.end, "iteration ends": board.iteration_end}
    return ", ".join(f"{name} {value}" for name, value in parts.items() if value) or "on the board"


def _community(decision: Decision, world: World) -> str:
    name = world.contracts.communities.get(decision.community_id)
    if decision.where.by_person:
        return f"{name.name if name else 'unknown'}, because a person placed the task there"
    return f"{name.name}, by {decision.match.kind}" if name else "nobody can tell"


def _task(decision: Decision, assessment: Assessment) -> str:
    fate = assessment.fates[decision.scoped.issue.id]
    gid = decision.task.gid if decision.task else "to be made"
    where = f"under {decision.parent.gid or 'the task of its parent issue'}" if decision.parent else "without a parent"
    why = getattr(fate, "reason", "kept up to date")
    return f"{gid}, {where}; {'placed by a person; ' if decision.by_person else ''}{why}"
