"""Custom fields: definitions, and which projects have them.

https://developers.asana.com/reference/custom-fields
"""

from __future__ import annotations

from typing import Any

from sandbox.asana.api.bodies import required_text, text
from sandbox.asana.api.call import Answer, Call, Route, one
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.refusals import bad, missing, payment_required
from sandbox.asana.state.model import KINDS, Field, Kind
from sandbox.core import Json

_TAKEN = {"name", "assignee", "due date", "start date", "projects", "tags", "dependencies", "created on", "notes"}
_MAX_PRECISION = 6


class FieldHandlers(Handlers):
    """The handlers of custom fields and their settings."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [
            ("GET", "/workspaces/{workspace}/custom_fields", self._fields),
            ("GET", "/custom_fields/{field}", self._field),
            ("POST", "/custom_fields", self._create),
            ("GET", "/projects/{project}/custom_field_settings", self._settings),
            ("POST", "/projects/{project}/addCustomFieldSetting", self._add_setting),
            ("POST", "/projects/{project}/removeCustomFieldSetting", self._remove_setting),
        ]

    def _fields(self, call: Call) -> Answer:
        self._check_plan("fields")
        self.read.workspace(call.args["workspace"])
        fields = [field for field in self.state.fields.values() if not field.deleted]
        return self.pages.answer(call, fields, self.show.field)

    def _field(self, call: Call) -> Answer:
        self._check_plan("fields")
        return one(call, self.show.field(self.read.field(call.args["field"])))

    def _create(self, call: Call) -> Answer:
        self._check_plan("fields")
        data = call.data
        self.read.workspace(data.get("workspace"), status=400)
        name = required_text(data, "name")
        if name.casefold() in _TAKEN | {one.name.casefold() for one in self.state.fields.values() if not one.deleted}:
            raise bad(f"name: A custom field with the name {name} already exists")
        kind, precision = _kind(data), _precision(data)
        choices = [required_text(option, "name") for option in _options(data, kind)]
        field = self.state.add_field(name, kind, precision=precision, options=choices)
        field.description = text(data, "description") or ""
        return one(call, self.show.field(field), created=f"/custom_fields/{field.gid}")

    def _settings(self, call: Call) -> Answer:
        self._check_plan("settings")
        project = self.read.project(call.args["project"])
        return self.pages.answer(call, project.settings, lambda setting: self.show.setting(setting, project))

    def _add_setting(self, call: Call) -> Answer:
        self._check_plan("settings")
        project = self.read.editable_project(call.args["project"])
        field = self._named(call.data)
        if any(setting.field is field for setting in project.settings):
            raise bad(f"custom_field: The project already has the custom field {field.gid}")
        setting = self.state.add_field_to_project(project, field)
        setting.is_important = bool(call.data.get("is_important", False))
        return one(call, self.show.setting(setting, project))

    def _remove_setting(self, call: Call) -> Answer:
        self._check_plan("settings")
        project = self.read.project(call.args["project"])
        self.state.remove_field_from_project(project, self._named(call.data))
        return Answer({"data": {}})

    def _named(self, data: Json) -> Field:
        if data.get("custom_field") is None:
            raise missing("custom_field")
        return self.read.field(data["custom_field"], status=400)

    def _check_plan(self, feature: str) -> None:
        if not self.state.options.has_custom_fields:
            raise payment_required(feature)


def _kind(data: Json) -> Kind:
    sent: Any = data.get("resource_subtype", data.get("type"))
    if sent is None:
        raise missing("resource_subtype")
    found = next((kind for kind in KINDS if kind == sent), None)
    if found is None:
        raise bad(f"resource_subtype: Not a valid type: {sent}")
    return found


def _precision(data: Json) -> int:
    sent = data.get("precision", 0)
    if isinstance(sent, bool) or not isinstance(sent, int) or not 0 <= sent <= _MAX_PRECISION:
        raise bad(f"precision: Must be between 0 and {_MAX_PRECISION}: {sent}")
    return sent


def _options(data: Json, kind: Kind) -> list[Json]:
    sent = data.get("enum_options")
    if kind not in {"enum", "multi_enum"}:
        return []
    if not isinstance(sent, list) or not all(isinstance(option, dict) for option in sent):
        raise missing("enum_options")
    return sent
