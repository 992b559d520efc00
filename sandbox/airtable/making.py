"""Tables and fields made through the API, as far as it makes any.

https://airtable.com/developers/web/api/create-table and …/create-field
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.airtable import refusals
from sandbox.airtable.base import Base, Field, Table

_NEEDED: Mapping[str, frozenset[str]] = {
    "singleLineText": frozenset(),
    "multilineText": frozenset(),
    "richText": frozenset(),
    "url": frozenset(),
    "email": frozenset(),
    "phoneNumber": frozenset(),
    "number": frozenset({"precision"}),
    "percent": frozenset({"precision"}),
    "currency": frozenset({"precision", "symbol"}),
    "duration": frozenset({"durationFormat"}),
    "date": frozenset({"dateFormat"}),
    "dateTime": frozenset({"timeZone", "dateFormat", "timeFormat"}),
    "checkbox": frozenset({"icon", "color"}),
    "singleSelect": frozenset({"choices"}),
    "multipleSelects": frozenset({"choices"}),
    "multipleRecordLinks": frozenset({"linkedTableId"}),
    "multipleAttachments": frozenset(),
}
"""The types that can be made, and the options each must come with."""
_MAY_COME: Mapping[str, frozenset[str]] = {"multipleRecordLinks": frozenset({"viewIdForRecordSelection"})}
_NEVER_FIRST = {"checkbox", "multipleRecordLinks", "multipleSelects", "singleSelect", "multipleAttachments"}
_MOST_DIGITS = 8


class Maker:
    """Makes tables and fields in *base*; what is refused has changed nothing."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def table(self, body: Mapping[str, Any]) -> Table:
        """Make a table with its fields; the first one is its primary field."""
        name, fields = body.get("name"), body.get("fields")
        if not isinstance(name, str) or not name.strip() or not isinstance(fields, list) or not fields:
            raise refusals.invalid_request()
        if any(one.name.casefold() == name.casefold() for one in self._base.tables):
            raise refusals.duplicate_table(name)
        checked = [self._checked(one, fields[:place]) for place, one in enumerate(fields)]
        if checked[0]["type"] in _NEVER_FIRST:
            raise refusals.invalid_primary(checked[0]["name"])
        table = self._base.add_table(name)
        for one in checked:
            self._add(table, one)
        return table

    def field(self, table: Table, body: Mapping[str, Any]) -> Field:
        """Make a field; a link also gets its column on the other side."""
        return self._add(table, self._checked(body, [{"name": one.name} for one in table.fields]))

    def _checked(self, body: Any, others: Sequence[Any]) -> Mapping[str, Any]:
        if not isinstance(body, Mapping) or not isinstance(body.get("type"), str):
            raise refusals.invalid_request()
        name, kind, options = body.get("name"), body["type"], body.get("options")
        taken = {str(one.get("name")).casefold() for one in others if isinstance(one, Mapping)}
        if not isinstance(name, str) or not name.strip() or name.casefold() in taken:
            raise refusals.duplicate_field(str(name or ""))
        if kind not in _NEEDED:
            raise refusals.not_creatable(kind)
        given = set(options) if isinstance(options, Mapping) else set()
        if not _NEEDED[kind] <= given or given - _NEEDED[kind] - _MAY_COME.get(kind, frozenset()):
            raise refusals.invalid_options(name)
        self._check_values(name, options or {})
        return body

    def _check_values(self, name: str, options: Mapping[str, Any]) -> None:
        digits, choices = options.get("precision", 0), options.get("choices", [])
        linked = options.get("linkedTableId")
        named = isinstance(choices, list) and all(isinstance(one, Mapping) and one.get("name") for one in choices)
        if not isinstance(digits, int) or not 0 <= digits <= _MOST_DIGITS or not named:
            raise refusals.invalid_options(name)
        if linked is not None and all(one.id != linked for one in self._base.tables):
            raise refusals.invalid_options(name)

    def _add(self, table: Table, body: Mapping[str, Any]) -> Field:
        options = dict(body.get("options") or {})
        if "choices" in options:
            options["choices"] = [{"id": self._base.mint("sel"), **one} for one in options["choices"]]
        made = Field(self._base.mint("fld"), body["name"], body["type"], options or None, body.get("description"))
        table.fields.append(made)
        linked = self._base.table(made.linked_table) if made.linked_table else None
        if linked is not None:
            self._add_other_side(table, made, linked)
        return made

    def _add_other_side(self, table: Table, made: Field, linked: Table) -> None:
        shared = {"isReversed": False, "prefersSingleRecordLink": False}
        other = Field(self._base.mint("fld"), _free_name(linked, table.name), "multipleRecordLinks")
        other.options = {"linkedTableId": table.id, **shared, "inverseLinkFieldId": made.id}
        made.options = {"linkedTableId": linked.id, **shared, "inverseLinkFieldId": other.id}
        linked.fields.append(other)


def _free_name(table: Table, name: str) -> str:
    """Return *name*, with a number behind it where the table has such a field."""
    taken = {one.name.casefold() for one in table.fields}
    names = (name, *(f"{name} {number}" for number in range(2, len(taken) + 3)))
    return next(one for one in names if one.casefold() not in taken)
