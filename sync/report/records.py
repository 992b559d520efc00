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
    DeleteBackLink,
    DeleteRows,
    FieldChange,
    LeaveHome,
    MakeInitiative,
    Outcome,
    PlaceTask,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    Result,
    RowWrite,
    SealAllocation,
    TaskDraft,
    TaskRef,
    UpdateTask,
    Value,
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
    Written,
)
from sync.model.contract import ProposedStatus, Sealing, Totals
from sync.model.initiative import IssueDraft
from sync.model.work import Row, StoredRow
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


def messages_of(document: Mapping[str, Any]) -> int:
    """Return how many messages a run sent to people, by its record."""
    told = document.get("told")
    return len(told) if isinstance(told, list) else 0


def _outcome(data: Mapping[str, Any]) -> Outcome:
    return Outcome(_change(data["change"]), Result(data["result"]), str(data["detail"]), str(data["gid"]))


def _change(data: Mapping[str, Any]) -> Change:
    about, reason = _about(data["about"]), str(data["reason"])
    match data["change"]:
        case "CreateTask":
            return CreateTask(str(data["issue_id"]), _draft(data["draft"]), about, reason)
        case "UpdateTask":
            return UpdateTask(_gid(data["gid"]), _fields(data), _draft(data["draft"]), about, reason)
        case "RehomeTask":
            was_home = bool(data.get("was_home", True))  # records of before do not tell
            return RehomeTask(_gid(data["gid"]), _draft(data["draft"]), about, reason, was_home)
        case "LeaveHome":
            return LeaveHome(_gid(data["gid"]), about, reason)
        case "PlaceTask":
            return PlaceTask(TaskRef(**data["task"]), _ref(data["parent"]), str(data["before"]), about, reason)
        case "RemoveTask":
            was = _draft(data["was"]) if data.get("was") else None
            return RemoveTask(_gid(data["gid"]), about, reason, was, str(data.get("parent_gid") or ""))
        case _:
            return _change_of_cells(data, about, reason)


def _change_of_cells(data: Mapping[str, Any], about: About, reason: str) -> Change:
    """Return a change of Airtable, of a CSH task or of GitHub."""
    match data["change"]:
        case "RemoveRow":
            return RemoveRow(str(data["record_id"]), str(data["key"]), about, reason)
        case "DeleteRows":
            rows = tuple(StoredRow(str(one["record_id"]), _row(one["row"])) for one in data["rows"])
            return DeleteRows(str(data["owner"]), rows, about, reason)
        case "WriteRows":
            return WriteRows(str(data["owner"]), tuple(_row_write(one) for one in data["rows"]), about, reason)
        case "SealAllocation":
            seals = _sealing(data["sealing"]), _sealing(data.get("before"))
            return SealAllocation(str(data["allocation_id"]), seals[0], about, reason, seals[1])
        case "WriteTotals":
            totals = Totals(**data["before"]), Totals(**data["after"])
            return WriteTotals(str(data["allocation_id"]), *totals, about, reason)
        case "WriteProposal":
            proposals = ProposedStatus(**data["before"]), ProposedStatus(**data["after"])
            return WriteProposal(str(data["engagement_id"]), *proposals, about, reason)
        case "WriteCshHours":
            return WriteCshHours(_gid(data["gid"]), str(data["allocation_id"]), _fields(data), about, reason)
        case "WriteBackLink":
            place, ref = (str(data["repository"]), int(data["number"])), TaskRef(**data["task"])
            return WriteBackLink(*place, ref, data["comment_id"], about, reason, *_comment(data))
        case "DeleteBackLink":
            place = str(data["repository"]), int(data["number"])
            return DeleteBackLink(*place, int(data["comment_id"]), _gid(data["gid"]), about, reason, _comment(data)[1])
        case "MakeInitiative":
            return MakeInitiative(str(data["allocation_id"]), IssueDraft("", ""), {}, about, reason)
        case other:
            raise ValueError(f"{other!r} is no change")


def _comment(data: Mapping[str, Any]) -> tuple[str, str]:
    """Return the task that a comment led to before, and its words; records of before know none."""
    return str(data.get("before") or ""), str(data.get("words") or "")


def _about(data: Mapping[str, Any]) -> About:
    words = {name: str(value) for name, value in data.items() if name != "public"}
    return About(**words, public=data.get("public") is True)


def _ref(data: Mapping[str, Any] | None) -> TaskRef | None:
    return TaskRef(**data) if data else None


def _row_write(data: Mapping[str, Any]) -> RowWrite:
    before = _row(data["before"]) if data["before"] else None
    return RowWrite(before, _row(data["after"]), _ref(data["task"]), _ref(data["parent"]))


def _row(data: Mapping[str, Any]) -> Row:
    return Row(**{**data, "start": _day(data["start"]), "end": _day(data["end"])})


def _sealing(data: Mapping[str, Any] | None) -> Sealing | None:
    return Sealing(date.fromisoformat(data["on"]), dict(data["rows"])) if data else None


def _gid(value: Any) -> str:
    """Return a gid; raise ValueError for anything that is none."""
    if not isinstance(value, str) or not value.isdecimal():
        raise ValueError(f"{value!r} is no gid")
    return value


def _fields(data: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    return tuple(_field(one) for one in data["changes"])


def _field(data: Mapping[str, Any]) -> FieldChange:
    name = str(data["name"])
    if name == "description":
        return FieldChange(name, _text(data["before"]), _text(data["after"]))
    return FieldChange(name, _value(name, data["before"]), _value(name, data["after"]))


def _draft(data: Mapping[str, Any]) -> TaskDraft:
    """Return the draft of a task, without its description where the record holds only its length and digest."""
    return TaskDraft(
        name=str(data["name"]),
        text=Written(_text(data["html_notes"]) or "", _text(data["notes"]) or ""),
        completed=bool(data["completed"]),
        assignee_gid=str(data["assignee_gid"] or ""),
        start_on=_day(data["start_on"]),
        due_on=_day(data["due_on"]),
        fields={str(name): _value(str(name), value) for name, value in data["fields"].items()},
    )


def _text(value: Any) -> str | None:
    """Return the text of a description, None where length and digest stand for it."""
    return value if isinstance(value, str) else None


def _value(name: str, value: Any) -> Value:
    if name in DAYS:
        return _day(value)
    if value is None or isinstance(value, bool | str):
        return value
    return Decimal(str(value))


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if value else None
