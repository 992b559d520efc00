"""The quiet note at label time: an issue came in when its period had no hours left (requirement 63).

It is decided once, when the task is made, and then remembered by the task's description alone: it never comes later,
and it goes when a person takes it out.
"""

from collections.abc import Iterable

from mappings.richtext.readback import carries_note
from sync.hours.behind import counted_rows
from sync.hours.usage import Entry, usage
from sync.mirror.deciding import Decision
from sync.mirror.world import World
from sync.model.issue import Closing, LoggedHours
from sync.model.work import Row


def spent_allocations(world: World) -> frozenset[str]:
    """Return the allocations without hours left by the rows as they were read; none where anything was read in part."""
    if not world.complete:
        return frozenset()
    rows: dict[str, list[Row]] = {}
    for stored in world.ledger.rows.values():
        rows.setdefault(stored.row.allocation_id, []).append(stored.row)
    found = world.contracts.allocations
    return frozenset(
        one.id
        for one in (found[allocation_id] for allocation_id in rows.keys() & found.keys())
        if usage(one, map(_entry, _minutes(one.id, rows, world)), world.today, name="").is_spent
    )


def _minutes(allocation_id: str, rows: dict[str, list[Row]], world: World) -> Iterable[int]:
    return (one.minutes for one in counted_rows(world.contracts.allocations[allocation_id], rows[allocation_id]))


def _entry(minutes: int) -> Entry:
    return Entry(minutes)


def is_noted(decision: Decision, spent: frozenset[str], words: str) -> bool:
    """Tell whether the task carries the note, or is to be made with it; *words* are those it has now."""
    if decision.task is not None:
        return carries_note(decision.task.html_notes, words)
    return comes_in(decision) and decision.newest_allocation in spent


def comes_in(decision: Decision) -> bool:
    """Tell whether an issue is new here, open, and nothing is logged on it; its sub-issues come with it."""
    issue = decision.scoped.issue
    logged = isinstance(issue.hours, LoggedHours) and issue.hours.minutes > 0
    is_root = decision.scoped.parent_id is None and not decision.stands_for
    return decision.mirror is None and is_root and issue.closing is Closing.OPEN and not logged
