"""The records of people, the workspace and custom fields with their values."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from sandbox.asana.api.shape import Record
from sandbox.asana.state import AsanaState
from sandbox.asana.state.model import EnumOption, Field, Project, Setting, Task, User
from sandbox.asana.state.values import fields_on, rounded

_SHORT = (
    "resource_type",
    "name",
    "resource_subtype",
    "type",
    "representation_type",
    "is_formula_field",
    "is_value_read_only",
    "enabled",
    "enum_options",
    "display_value",
)
_VALUES = {
    "text": "text_value",
    "number": "number_value",
    "enum": "enum_value",
    "multi_enum": "multi_enum_values",
    "date": "date_value",
    "people": "people_value",
}


class FieldRecords:
    """Make records of people, the workspace and custom fields."""

    def __init__(self, state: AsanaState) -> None:
        self._state = state

    def workspace(self) -> Record:
        """Return the workspace's record."""
        workspace = self._state.workspace
        return Record(
            workspace.gid,
            {
                "resource_type": lambda: "workspace",
                "name": lambda: workspace.name,
                "email_domains": list,
                "is_organization": lambda: workspace.is_organization,
            },
            ("resource_type", "name"),
        )

    def user(self, user: User) -> Record:
        """Return a person's record."""
        return Record(
            user.gid,
            {
                "resource_type": lambda: "user",
                "name": lambda: user.name,
                "email": lambda: user.email,
                "photo": lambda: None,
                "workspaces": lambda: [self.workspace()],
            },
            ("resource_type", "name"),
        )

    def option(self, option: EnumOption) -> Record:
        """Return the record of an enum field's choice."""
        shown: dict[str, Callable[[], Any]] = {
            "resource_type": lambda: "enum_option",
            "name": lambda: option.name,
            "enabled": lambda: option.enabled,
            "color": lambda: "none",
        }
        return Record(option.gid, shown, tuple(shown), whole=True)

    def field(self, field: Field) -> Record:
        """Return the record of a custom field's definition."""
        return Record(field.gid, self._definition(field), _SHORT, frozenset({"description"}), whole=True)

    def setting(self, setting: Setting, project: Project) -> Record:
        """Return the record of a custom field on a project."""
        return Record(
            setting.gid,
            {
                "resource_type": lambda: "custom_field_setting",
                "is_important": lambda: setting.is_important,
                "custom_field": lambda: self.field(setting.field),
                "parent": lambda: self._container(project),
                "project": lambda: self._container(project),
            },
            ("resource_type", "is_important", "custom_field", "parent", "project"),
        )

    def values(self, task: Task) -> list[Record]:
        """Return the custom fields of a task with its values; those it no longer has are disabled."""
        if not self._state.options.has_custom_fields:
            return []
        below = self._state.options.fields_reach == "subtasks"
        there = list(fields_on(task, below=below))
        known = {field.gid for field in there}
        left = [self._state.fields[gid] for gid in task.values if gid not in known]
        return [self._value(task, one, one.enabled) for one in there] + [self._value(task, one, False) for one in left]

    def _value(self, task: Task, field: Field, enabled: bool) -> Record:
        value = _formula_value(field, task) if field.formula else task.values.get(field.gid)
        name = _VALUES[field.kind]
        shown = self._definition(field) | {"enabled": lambda: enabled, "display_value": lambda: _display(field, value)}
        if field.formula is None or self._state.options.formula_number:
            shown[name] = lambda: self._typed(field, value)
        elif field.kind == "number":
            shown[name] = lambda: None
        return Record(field.gid, shown, (*_SHORT, "precision", name), frozenset({"description"}), whole=True)

    def _definition(self, field: Field) -> dict[str, Callable[[], Any]]:
        shown: dict[str, Callable[[], Any]] = {
            "resource_type": lambda: "custom_field",
            "name": lambda: field.name,
            "resource_subtype": lambda: field.kind,
            "type": lambda: field.kind,
            "representation_type": lambda: "formula" if field.formula else field.kind,
            "is_formula_field": lambda: field.formula is not None,
            "is_value_read_only": lambda: field.formula is not None,
            "is_global_to_workspace": lambda: True,
            "created_by": lambda: self.user(field.created_by),
            "description": lambda: field.description,
        }
        if field.kind == "number":
            shown |= {"precision": lambda: field.precision, "format": lambda: "none"}
        if field.kind in {"enum", "multi_enum"}:
            shown["enum_options"] = lambda: [self.option(one) for one in field.options]
        return shown

    def _typed(self, field: Field, value: Any) -> Any:
        match field.kind:
            case "number":
                return _number(value)
            case "enum":
                return self.option(value) if value else None
            case "multi_enum":
                return [self.option(one) for one in value or ()]
            case "people":
                return [self.user(one) for one in value or ()]
            case _:
                return value

    def _container(self, project: Project) -> Record:
        return Record(
            project.gid,
            {"resource_type": lambda: "project", "name": lambda: project.name},
            ("resource_type", "name"),
        )


def _formula_value(field: Field, task: Task) -> float | None:
    value = field.formula(task) if field.formula else None
    return rounded(value, field.precision) if value is not None and math.isfinite(value) else None


def _number(value: float | None) -> float | int | None:
    """Return a number as JSON shows it, 8 and not 8.0."""
    return int(value) if value is not None and value.is_integer() else value


def _display(field: Field, value: Any) -> str | None:
    if value is None:
        return None
    match field.kind:
        case "number":
            return f"{value:.{field.precision}f}"
        case "enum":
            return str(value.name)
        case "date":
            return str(value.get("date_time") or f"{value['date']}T00:00:00.000Z")
        case "multi_enum" | "people":
            return ", ".join(one.name for one in value)
        case _:
            return str(value)
