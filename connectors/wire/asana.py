"""Asana's JSON to tasks, and drafts to Asana's JSON."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sync.model.change import TaskDraft, Value
from sync.model.reading import FieldDrift
from sync.model.work import AsanaUser, Task, TaskFields

CUSTOM_FIELD = ("gid", "name", "text_value", "number_value", "enum_value.name", "date_value", "enabled")
TASK_FIELDS = ",".join(
    (
        *("name", "html_notes", "completed", "completed_at", "created_at", "modified_at", "assignee.gid"),
        *("parent.gid", "projects.gid", "memberships.project.gid", "num_subtasks", "actual_time_minutes"),
        *("start_on", "due_on", "permalink_url", "resource_subtype", "is_rendered_as_separator"),
        *(f"custom_fields.{name}" for name in (*CUSTOM_FIELD, "resource_subtype", "is_value_read_only")),
    )
)
SETTING_FIELDS = ",".join(
    f"custom_field.{name}"
    for name in (
        *("name", "resource_subtype", "precision", "is_value_read_only", "is_formula_field"),
        *("enum_options.gid", "enum_options.name", "enum_options.enabled"),
    )
)
TYPES = {
    "github_url": ("text",),
    "github_id": ("text",),
    "github_hours": ("number",),
    "status": ("text", "enum"),
    "estimate": ("number",),
}
"""The types that each of our fields on the home project may have."""
NEEDED = ("github_url", "github_hours")
HOURS_PRECISION = 2


class OddValue(ValueError):
    """A value of another type than the API promises; the message is its path."""


@dataclass(frozen=True, slots=True)
class HomeField:
    """One of our custom fields as the home project has it. *options* maps an enum's names to gids."""

    gid: str
    type: str
    options: Mapping[str, str] = field(default_factory=dict)


def decode_home_fields(
    settings: Collection[Mapping[str, Any]], names: Mapping[str, str]
) -> tuple[dict[str, HomeField], tuple[FieldDrift, ...]]:
    """Find our fields among a project's custom field settings, by name or gid.

    Returns those that can be used, and the drift of those that are needed and missing, or of another type.
    """
    found: dict[str, HomeField] = {}
    drift: list[FieldDrift] = []
    for ours, allowed in TYPES.items():
        wanted = names.get(ours, "")
        hits = [one["custom_field"] for one in settings if _is_field(one.get("custom_field") or {}, wanted)]
        if not wanted or (not hits and ours not in NEEDED):
            continue
        problem = _field_problem(ours, hits, allowed)
        if problem:
            drift.append(FieldDrift("Asana", "the home project", wanted, _wanted_type(ours, allowed), problem))
            continue
        options = {one["name"]: one["gid"] for one in hits[0].get("enum_options") or () if one.get("enabled", True)}
        found[ours] = HomeField(hits[0]["gid"], hits[0]["resource_subtype"], options)
    return found, tuple(drift)


def _is_field(custom_field: Mapping[str, Any], wanted: str) -> bool:
    if wanted.isdecimal():
        return custom_field.get("gid") == wanted
    return str(custom_field.get("name", "")).strip().casefold() == wanted.strip().casefold()


def _field_problem(ours: str, hits: list[Mapping[str, Any]], allowed: tuple[str, ...]) -> str:
    if not hits:
        return "missing"
    if len(hits) > 1:
        return "there " + f"{len(hits)} times (set its gid in asana.fields)"
    one = hits[0]
    if one.get("resource_subtype") not in allowed:
        return f"of type {one.get('resource_subtype')}"
    if one.get("is_formula_field") or one.get("is_value_read_only"):
        return "read-only"
    precision = one.get("precision")
    if ours == "github_hours" and isinstance(precision, int) and precision < HOURS_PRECISION:
        return f"a number with {precision} decimals"
    return ""


def _wanted_type(ours: str, allowed: tuple[str, ...]) -> str:
    return "a number with two decimals" if ours == "github_hours" else " or ".join(allowed)


def decode_task(data: Mapping[str, Any], by_gid: Mapping[str, str], by_name: Mapping[str, str]) -> Task:
    """Decode one task. *by_gid* and *by_name* (folded) map custom fields to our names.

    Raises OddValue with the path of a value of another type than promised.
    """
    gid = _text(data, "gid")
    if not gid:
        raise OddValue("gid")
    projects = [*_items(data, "projects"), *(one.get("project") or {} for one in _items(data, "memberships"))]
    completed_at = _moment(data, "completed_at")
    subtype = _text(data, "resource_subtype") or "default_task"
    return Task(
        gid=gid,
        name=_text(data, "name"),
        html_notes=_text(data, "html_notes"),
        completed=_flag(data, "completed"),
        completed_on=completed_at.date() if completed_at else None,
        created_at=_moment(data, "created_at"),
        modified_at=_moment(data, "modified_at"),
        assignee_gid=_gid_of(data, "assignee"),
        parent_gid=_gid_of(data, "parent"),
        project_gids=frozenset(str(one["gid"]) for one in projects if one.get("gid")),
        subtask_count=_count(data, "num_subtasks") or 0,
        fields=TaskFields(_custom_fields(data, by_gid, by_name)),
        actual_minutes=_count(data, "actual_time_minutes"),
        start_on=_day(data, "start_on"),
        due_on=_day(data, "due_on"),
        permalink=_text(data, "permalink_url"),
        plain=subtype in {"default_task", "custom"} and not data.get("is_rendered_as_separator"),
    )


def decode_user(data: Mapping[str, Any]) -> AsanaUser:
    """Decode one user of the workspace."""
    return AsanaUser(_text(data, "gid"), _text(data, "name"), _text(data, "email"))


def _custom_fields(
    data: Mapping[str, Any], by_gid: Mapping[str, str], by_name: Mapping[str, str]
) -> dict[str, str | Decimal | date | None]:
    values: dict[str, str | Decimal | date | None] = {}
    for one in _items(data, "custom_fields"):
        ours = by_gid.get(str(one.get("gid"))) or by_name.get(str(one.get("name", "")).strip().casefold())
        if ours and one.get("enabled", True) is not False and not one.get("is_value_read_only"):
            values[ours] = _field_value(one, f"custom_fields.{ours}")
    return values


def _field_value(one: Mapping[str, Any], path: str) -> str | Decimal | date | None:
    number, text, choice = one.get("number_value"), one.get("text_value"), one.get("enum_value")
    if number is not None:
        if isinstance(number, bool) or not isinstance(number, int | float | Decimal):
            raise OddValue(path)
        return Decimal(str(number))
    if text is not None:
        if not isinstance(text, str):
            raise OddValue(path)
        return text or None
    if isinstance(choice, Mapping):
        return str(choice.get("name") or "") or None
    day = one.get("date_value")
    return date.fromisoformat(day["date"]) if isinstance(day, Mapping) and day.get("date") else None


def encode_task(
    draft: TaskDraft, names: Collection[str], fields: Mapping[str, HomeField], *, plain: bool = False
) -> dict[str, Any]:
    """Return the body that writes the named fields of *draft*; *plain* sends the description without markup."""
    data: dict[str, Any] = {}
    custom: dict[str, Any] = {}
    for name in names:
        match name:
            case "name":
                data["name"] = draft.name
            case "completed":
                data["completed"] = draft.completed
            case "description":
                data |= {"notes": draft.notes} if plain else {"html_notes": draft.html_notes}
            case "assignee":
                data["assignee"] = draft.assignee_gid or None
            case "due_on" | "start_on":
                data["due_on"] = _iso(draft.due_on)
                if name == "start_on":
                    data["start_on"] = _iso(draft.start_on)
            case _ if name in fields:
                custom[fields[name].gid] = encode_value(draft.fields.get(name), fields[name])
    return data | ({"custom_fields": custom} if custom else {})


def encode_new_task(
    draft: TaskDraft, home_project: str, fields: Mapping[str, HomeField], *, plain: bool = False
) -> dict[str, Any]:
    """Return the body of a create in the home project: everything that has a value, in one call (decision D3)."""
    names = ("name", "description", "completed", *draft.fields)
    data = encode_task(draft, names, fields, plain=plain)
    data["projects"] = [home_project]
    custom = {gid: value for gid, value in data.get("custom_fields", {}).items() if value is not None}
    data["custom_fields"] = custom
    if draft.assignee_gid:
        data["assignee"] = draft.assignee_gid
    if draft.follower_gids:
        data["followers"] = list(draft.follower_gids)
    if draft.due_on:
        data["due_on"] = _iso(draft.due_on)
        data |= {"start_on": _iso(draft.start_on)} if draft.start_on else {}
    return data


def encode_value(value: Value, home_field: HomeField | None = None) -> Any:
    """Return a custom field's value as Asana takes it: an enum by its option's gid, null to clear."""
    if value is None or value == "":
        return None
    if home_field and home_field.type == "enum":
        return home_field.options.get(str(value))
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def error_text(body: bytes | str | None) -> str:
    """Return the messages of an error answer on one line, "" when it holds none."""
    try:
        errors = json.loads(body or b"{}").get("errors") or []
        return "; ".join(str(one.get("message", "")) for one in errors)[:500]
    except (ValueError, AttributeError):
        return ""


def _items(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise OddValue(name)
    return value


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise OddValue(name)
    return value or ""


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name, False)
    if not isinstance(value, bool):
        raise OddValue(name)
    return value


def _count(data: Mapping[str, Any], name: str) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value) or value < 0:
        raise OddValue(name)
    return int(value)


def _gid_of(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, Mapping) or not isinstance(value.get("gid"), str):
        raise OddValue(name)
    return str(value["gid"])


def _day(data: Mapping[str, Any], name: str) -> date | None:
    text = _text(data, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise OddValue(name) from None


def _moment(data: Mapping[str, Any], name: str) -> datetime | None:
    text = _text(data, name)
    try:
        moment = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise OddValue(name) from None
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
