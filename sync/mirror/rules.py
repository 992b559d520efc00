"""The rule that put minutes into an allocation, in words: whose they are, on which day, late, sealed (D7 and D8)."""

from collections.abc import Iterator

from mappings.entry import NOT_DELIVERED
from mappings.matching.values import Kind
from sync.hours.behind import CountedRow
from sync.mirror.deciding import Decision
from sync.mirror.handmade import TimedWork
from sync.mirror.leaving import Fate
from sync.model.contract import Allocation, Contracts
from sync.model.minutes import spell_hours

EVIDENCE = {
    Kind.BOARD: "the board names it",
    Kind.FORM: "an answer in its form names it",
    Kind.LABEL: "its label names it",
    Kind.PARENT: "its parent issue counts for it",
    Kind.FRESHDESK: "its help-desk ticket is from there",
    Kind.TITLE: "its title begins with the name",
    Kind.ALIAS: "its text names no other community",
}
DATES = {
    "iteration": "dated by the end of its iteration",
    "close": "dated by the day it was closed",
    "hours": "dated by the day its hours were last changed",
    "entries": "dated by its time entries",
    "completed": "dated by the day its task was completed",
    "today": "dated by the day it was first counted",
    "": "without a date",
}


def issue_place(decision: Decision, allocation: Allocation, contracts: Contracts) -> Iterator[str]:
    """Return why an issue's minutes lie in *allocation*: whose they are, and why this period."""
    target = decision.settled.target
    owner = contracts.communities.get(decision.community_id)
    if decision.where.by_person:
        yield "placed by a person: its task hangs there in Asana"
    elif owner and decision.match.kind in EVIDENCE:
        yield f"for {owner.name}, since {EVIDENCE[decision.match.kind]}"
    elif decision.settled.postings:
        yield "no evidence decides any more whose it is; what counted here stays"
    if target.allocation_id == allocation.id:
        yield f"in this period, since {target.reason}"
    else:
        other = contracts.allocations.get(target.allocation_id)
        then = f"goes to {other.name or other.id}" if other else f"waits: {target.reason}"
        yield f"counted here before; what is logged now {then}"


def left_place(fate: Fate) -> Iterator[str]:
    """Return why minutes of an issue that is out of scope still lie where they do."""
    why = getattr(fate, "reason", "")
    yield f"its issue is no longer in scope{f' ({why})' if why else ''}; what counted here stays"


def task_place(work: TimedWork, allocation: Allocation) -> Iterator[str]:
    """Return why time logged in Asana lies in *allocation*."""
    target = work.settled.target
    task = "the task of an issue" if work.mirrored else "a task made by hand"
    yield f"logged in Asana on {task} below the CSH task"
    if target.allocation_id == allocation.id:
        yield f"in this period, since {target.reason}"


def row_rules(one: CountedRow, allocation: Allocation, stored_minutes: int | None, *, is_stored: bool) -> Iterator[str]:
    """Return what its cells and the seal tell about a row: day, late, sealed, and what counts nothing."""
    row = one.row
    if not one.missing:
        yield _dated(row.dated_by)
    if row.late:
        yield "late: its own period was sealed before these hours were logged"
    if allocation.sealing and not allocation.reopen:
        yield from _seal(one, allocation, stored_minutes, is_stored=is_stored)
    elif row.state == NOT_DELIVERED:
        yield "closed without being delivered: counts nothing"
    elif row.minutes is None:
        yield "its hours are empty or not known: counts nothing yet"
    elif not is_stored:
        yield "new: the next run writes its row"
    elif stored_minutes != one.minutes:
        yield f"Activity still says {_spell(stored_minutes)}; the next run writes {_spell(one.minutes)}"


def _seal(one: CountedRow, allocation: Allocation, stored_minutes: int | None, *, is_stored: bool) -> Iterator[str]:
    on = allocation.sealing.on if allocation.sealing else None
    if not one.sealed:
        yield f"not in the seal of {on}: counts nothing here"
    elif not is_stored:
        yield f"sealed on {on}; its row in Activity is gone, the seal decides"
    elif stored_minutes != one.minutes:
        yield f"sealed on {on}; its row in Activity says {_spell(stored_minutes)}, the seal decides"
    else:
        yield f"sealed on {on}"


def _dated(dated_by: str) -> str:
    if dated_by.startswith("board "):
        return f"dated by the board's End date {dated_by.removeprefix('board ')}"
    return DATES.get(dated_by, f"dated by {dated_by}")


def _spell(minutes: int | None) -> str:
    return "no hours" if minutes is None else f"{spell_hours(minutes)} h"
