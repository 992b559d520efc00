"""Which plans must not rest on what is remembered from earlier runs (requirement 110)."""

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


class Doubt(IntEnum):
    """How much has to be asked for before a plan may be carried out."""

    NONE = 0
    HOME = 1
    """The home project: the task to be made may be there."""
    ALL = 2


def doubt_of(plan: Plan) -> Doubt:
    """Return what a plan's changes call for.

    What takes away, seals, detaches or makes anew rests on absence, and absence is what a look cannot show: everything
    is asked for. A new task may have been put into the home project by a person, which need not show as a modification.
    """
    doubt = Doubt.NONE
    for change in plan.changes:
        match change:
            case RemoveTask() | RemoveRow() | RehomeTask() | SealAllocation() | MakeInitiative():
                return Doubt.ALL
            case PlaceTask(parent=None):
                return Doubt.ALL
            case WriteRows(rows=rows) if any(row.restored for row in rows):
                return Doubt.ALL
            case CreateTask():
                doubt = Doubt.HOME
            case _:
                pass
    return doubt
