"""Check what a create or an update asks for, all of it before anything is written.

https://developers.asana.com/reference/createtask
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sandbox.asana.api.bodies import Reader, day, flag, moment, text
from sandbox.asana.refusals import bad, field_not_on_object, not_an_id, not_writable, payment_required
from sandbox.asana.richtext import Rich, read_html, read_plain
from sandbox.asana.state import AsanaState
from sandbox.asana.state.model import Field, Project, Task, User
from sandbox.asana.state.values import checked
from sandbox.core import Json

READ_ONLY = (
    "gid",
    "resource_type",
    "created_at",
    "created_by",
    "modified_at",
    "completed_at",
    "completed_by",
    "permalink_url",
    "num_subtasks",
    "actual_time_minutes",
    "is_rendered_as_separator",
)
CREATE_ONLY = ("projects", "memberships", "tags", "followers", "workspace")
_SUBTYPES = {"default_task", "milestone", "approval", "custom"}
_DATES = ("start_on", "start_at", "due_on", "due_at")


@dataclass(slots=True)
class Draft:
    """The properties to write; what is None, or not in it, stays as it is."""

    name: str | None = None
    rich: Rich | None = None
    completed: bool | None = None
    subtype: str | None = None
    assigned: bool = False
    assignee: User | None = None
    dates: dict[str, Any] = field(default_factory=dict)
    values: list[tuple[Field, Any]] = field(default_factory=list)


class Drafting:
    """Make drafts of bodies."""

    def __init__(self, state: AsanaState, read: Reader) -> None:
        self._state = state
        self._read = read

    def draft(self, data: Json, fields: list[Field], task: Task | None) -> Draft:
        """Return what *data* asks for, on *task* or on a new one with *fields*; raise `Refusal`."""
        for name in READ_ONLY:
            if name in data:
                raise not_writable(name)
        draft = Draft(self._name(data), self._rich(data), flag(data, "completed"), self._subtype(data))
        if "assignee" in data:
            draft.assigned = True
            sent = data["assignee"]
            draft.assignee = None if sent is None else self._read.member(sent, "assignee")
        draft.dates = self._dates(data, task)
        if data.get("custom_fields") is not None:
            draft.values = self._values(data["custom_fields"], fields, task)
        return draft

    def apply(self, task: Task, draft: Draft) -> None:
        """Write a draft, as the token's user."""
        state, me = self._state, self._state.me
        if draft.name is not None:
            state.rename(task, draft.name, me)
        if draft.rich is not None:
            state.describe(task, draft.rich, me)
        if draft.assigned:
            state.assign(task, draft.assignee, me)
        if draft.dates:
            state.set_dates(task, draft.dates, me)
        for target, value in draft.values:
            state.set_value(task, target, value, me)
        if draft.subtype is not None and draft.subtype != task.subtype:
            task.subtype = draft.subtype
            state.touch(task)
        if draft.completed is not None:
            state.set_completed(task, draft.completed, me)

    def _name(self, data: Json) -> str | None:
        name = text(data, "name")
        limit = self._state.options.name_limit
        if name is not None and limit is not None and len(name) > limit:
            raise bad(f"name: Value is too long, at most {limit} characters are allowed")
        return name

    def _rich(self, data: Json) -> Rich | None:
        """Return the description; sent in both forms, the markup wins."""
        name = "html_notes" if "html_notes" in data else "notes"
        sent = text(data, name)
        limit = self._state.options.notes_limit
        if sent is None:
            return None
        if limit is not None and len(sent) > limit:
            raise bad(f"{name}: Value is too long, at most {limit} characters are allowed")
        if name == "html_notes" and data[name] is not None:
            return read_html(sent, self._state.rules())
        return read_plain(sent)

    def _subtype(self, data: Json) -> str | None:
        subtype = text(data, "resource_subtype")
        if subtype is not None and subtype not in _SUBTYPES:
            raise bad(f"resource_subtype: Not a valid subtype: {subtype}")
        return subtype

    def _dates(self, data: Json, task: Task | None) -> dict[str, Any]:
        if data.get("due_on") is not None and data.get("due_at") is not None:
            raise bad("You may only provide one of due_on or due_at!")
        found = {name: (day if name.endswith("on") else moment)(data, name) for name in _DATES if name in data}
        self._check_start(found)
        due = _due_pair(found)
        if due is not None:
            found |= due
        if task is not None and "due_on" in found and found["due_on"] is None:
            found |= {"start_on": None, "start_at": None}
        return found

    def _check_start(self, found: dict[str, Any]) -> None:
        """A start needs a due date in the same request, and must not lie behind it."""
        for start, ends in (("start_on", ("due_on", "due_at")), ("start_at", ("due_at",))):
            if start not in found:
                continue
            if not any(end in found for end in ends):
                raise bad(f"{start}: {' or '.join(ends)} must be present in the request when setting or unsetting it")
            due = found.get("due_on") if start == "start_on" else found.get("due_at")
            if found[start] is not None and due is not None and found[start] > due:
                raise bad(f"{start}: The start must not be later than the due date")

    def _values(self, sent: Any, fields: list[Field], task: Task | None) -> list[tuple[Field, Any]]:
        if not self._state.options.has_custom_fields:
            raise payment_required("fields")
        if not isinstance(sent, dict):
            raise bad(f"custom_fields: Value is not a JSON object: {sent}")
        return [self._value(gid, value, fields, task) for gid, value in sent.items()]

    def _value(self, gid: str, value: Any, fields: list[Field], task: Task | None) -> tuple[Field, Any]:
        if not gid.isdigit():
            raise not_an_id("custom_fields", gid)
        found = next((one for one in fields if one.gid == gid), None)
        if found is None:
            left = self._state.fields.get(gid) if task is not None and gid in task.values else None
            if left is None or value is not None:
                raise field_not_on_object(gid)
            return left, None
        shaped = self._date_shape(found, value)
        return found, checked(found, task.gid if task else "", shaped, self._state.find_user)

    def _date_shape(self, target: Field, value: Any) -> Any:
        """Return a day written as bare text in the other form, where that is taken."""
        accepted = self._state.options.date_input
        if target.kind != "date" or value is None or accepted == "object":
            return value
        if isinstance(value, str):
            return {"date": value}
        return value if accepted == "both" else str(value)


def _due_pair(found: dict[str, Any]) -> dict[str, Any] | None:
    """Return both forms of the due date when one of them is set: a moment has a day, a day no moment."""
    if "due_at" in found and not ("due_on" in found and found["due_at"] is None):
        due = found["due_at"]
        return {"due_at": due, "due_on": due.date() if due else None}
    if "due_on" in found:
        return {"due_on": found["due_on"], "due_at": None}
    return None


def new_fields(projects: list[Project]) -> list[Field]:
    """Return the fields a new task in *projects* has."""
    found: dict[str, Field] = {}
    for project in projects:
        found |= {setting.field.gid: setting.field for setting in project.settings}
    return list(found.values())
