"""Which plans must not rest on what is remembered from earlier runs (requirement 110), and on which rows they do."""

from enum import IntEnum

from sync.model.change import (
    CreateTask,
    MakeInitiative,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    SealAllocation,
    WriteRows,
)
from sync.model.work import Ledger


class Doubt(IntEnum):
    """How much has to be asked for before a plan may be carried out."""

    NONE = 0
    HOME = 1
    """The home project: the task to be made may be there."""
    ROWS = 2
    """Everything, but of Activity no other rows than those the plan rests on."""
    ALL = 3


def doubt_of(plan: Plan) -> Doubt:
    """Return what a plan's changes call for.

    What takes away, seals, detaches or makes anew rests on absence, and absence is what a look cannot show: everything
    is asked for. Of Activity a look shows all but what was deleted, and that matters for a task that goes, and for a
    period that is sealed, in the rows of these alone: see `rows_in_doubt`. A new task may have been put into the home
    project by a person, which need not show as a modification.
    """
    doubt = Doubt.NONE
    for change in plan.changes:
        match change:
            case RemoveRow():
                return Doubt.ALL
            case WriteRows(rows=rows) if any(row.restored for row in rows):
                return Doubt.ALL
            case RemoveTask() | RehomeTask() | SealAllocation() | MakeInitiative() | PlaceTask(parent=None):
                doubt = Doubt.ROWS
            case CreateTask():
                doubt = max(doubt, Doubt.HOME)
            case _:
                pass
    return doubt


def rows_in_doubt(plan: Plan, ledger: Ledger) -> frozenset[str]:
    """Return the records of Activity that `Doubt.ROWS` is about.

    Those of issues whose tasks go, come back or are detached, and of allocations that are sealed or opened again.
    """
    tasks, allocations = set(), set()
    for change in plan.changes:
        match change:
            case RemoveTask(gid=gid) | RehomeTask(gid=gid):
                tasks.add(gid)
            case PlaceTask(task=task, parent=None):
                tasks.add(task.gid)
            case SealAllocation(allocation_id=allocation_id):
                allocations.add(allocation_id)
            case _:
                pass
    stored = ledger.rows.values()
    owners = {one.row.owner for one in stored if one.row.task and one.row.task in tasks}
    found = {
        one.record_id
        for one in stored
        if one.row.owner in owners or allocations & {one.row.allocation_id, one.row.link}
    }
    for key, records in ledger.twins.items():
        owner, _, allocation_id = key.rpartition("@")
        found |= set(records) if owner in owners or allocation_id in allocations else set()
    return frozenset(found)
