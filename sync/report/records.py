"""A record of a run, read again: only what can be taken back is needed of it.

Raises RecordUnusable, with what is wrong, for a file that is no record of ours.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sync.errors import CshSyncError, ExitCode
from sync.model.change import (
    About,
    Change,
    CreateTask,
    FieldChange,
    LeaveHome,
    Outcome,
    PlaceTask,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    Result,
    SealAllocation,
    TaskDraft,
    TaskRef,
    UpdateTask,
    Value,
    WriteRows,
)
from sync.report.documents import SCHEMA_VERSION

KINDS = ("record", "adoption", "undo")
DAYS = frozenset({"start_on", "due_on"})


class RecordUnusable(CshSyncError):
    """A file is not the record of a run."""

    exit_code = ExitCode.USAGE


def outcomes_of(document: Any) -> tuple[Outcome, ...]:
    """Return what a record says was done, in its order. Raises RecordUnusable."""
    kind = document.get("kind") if isinstance(document, Mapping) else None
    if kind not in KINDS or document.get("schema_version") != SCHEMA_VERSION:
        raise RecordUnusable("The file is not the record of a run.", remedy="csh-sync run --record FILE writes one.")
    try:
        return tuple(_outcome(one) for one in document["outcomes"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"The record is damaged ({type(error).__name__}: {error})."
        raise RecordUnusable(message, remedy="Nothing was written.") from error


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(_change(data["change"]), Result(data["result"]), str(data["detail"]), str(data["gid"]))


def _change(data: Mapping[str, Any]) -> Change:
    """Return a change; of those that are computed anew by every run only what it is about."""
    about, reason = About(**{name: str(value) for name, value in data["about"].items()}), str(data["reason"])
    match data["change"]:
        case "CreateTask":
            return CreateTask(str(data["issue_id"]), _draft(data["draft"]), about, reason)
        case "UpdateTask":
            changes = tuple(_field(one) for one in data["changes"])
            return UpdateTask(_gid(data["gid"]), changes, _draft(data["draft"]), about, reason)
        case "RehomeTask":
            return RehomeTask(_gid(data["gid"]), _draft(data["draft"]), about, reason)
        case "LeaveHome":
            return LeaveHome(_gid(data["gid"]), about, reason)
        case "PlaceTask":
            parent = TaskRef(**data["parent"]) if data["parent"] else None
            return PlaceTask(TaskRef(**data["task"]), parent, str(data["before"]), about, reason)
        case "RemoveTask":
            was = _draft(data["was"]) if data.get("was") else None
            return RemoveTask(_gid(data["gid"]), about, reason, was, str(data.get("parent_gid") or ""))
        case "RemoveRow":
            return RemoveRow(str(data["record_id"]), str(data["key"]), about, reason)
        case "SealAllocation":
            return SealAllocation(str(data["allocation_id"]), None, about, reason)
        case _:
            return WriteRows("", (), about, reason)


def _gid(value: Any) -> str:
    """Return a gid; raise ValueError for anything that is none."""
    if not isinstance(value, str) or not value.isdecimal():
        raise ValueError(f"{value!r} is no gid")
    return value


def _field(data: Mapping[str, Any]) -> FieldChange:
    name = str(data["name"])
    if name == "description":
        return FieldChange(name, None, None)
    return FieldChange(name, _value(name, data["before"]), _value(name, data["after"]))


def _draft(data: Mapping[str, Any]) -> TaskDraft:
    """Return the draft of a task, without its description: a record holds only its length and digest."""
    return TaskDraft(
        name=str(data["name"]),
        completed=bool(data["completed"]),
        assignee_gid=str(data["assignee_gid"] or ""),
        start_on=_day(data["start_on"]),
        due_on=_day(data["due_on"]),
        fields={str(name): _value(str(name), value) for name, value in data["fields"].items()},
    )


def _value(name: str, value: Any) -> Value:
    if name in DAYS:
        return _day(value)
    if value is None or isinstance(value, bool | str):
        return value
    return Decimal(str(value))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
