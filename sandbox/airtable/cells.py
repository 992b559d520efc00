"""What a cell takes and what it gives back, by type of field.

https://airtable.com/developers/web/api/field-model
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.airtable import refusals
from sandbox.airtable.base import Base, Cells, Field, Row, Table
from sandbox.airtable.options import AirtableOptions

_MAX_TEXT = 100_000
_ADDRESS = {"url": re.compile(r"\w+://\S+"), "email": re.compile(r"[^\s@]+@[^\s@]+")}
_SELECTS = {"singleSelect", "multipleSelects"}
_COMPUTED = {
    "autoNumber",
    "button",
    "count",
    "createdBy",
    "createdTime",
    "formula",
    "lastModifiedBy",
    "lastModifiedTime",
    "multipleLookupValues",
    "rollup",
}


@dataclass(slots=True)
class Cleaner:
    """Turn cells of a request into clean cells by field id, or raise a `Refusal`.

    Nothing is changed while cleaning: options that typecast makes are collected in *new_choices*
    and added by `add_choices`.
    """

    base: Base
    options: AirtableOptions
    typecast: bool = False
    new_choices: list[tuple[Field, str]] = field(default_factory=list)

    def clean(self, table: Table, cells: Any) -> Cells:
        """Return *cells* (by name or id) as clean values by field id; an empty value is None."""
        if not isinstance(cells, Mapping):
            raise refusals.invalid_request()
        cleaned: Cells = {}
        for name, value in cells.items():
            column = table.field(name)
            if column is None:
                raise refusals.unknown_field(name)
            if column.id in cleaned:
                raise refusals.invalid_request(f'field "{column.name}" is given twice')
            cleaned[column.id] = self._value(column, value)
        return cleaned

    def add_choices(self) -> None:
        """Add the select options that typecast asked for."""
        for column, name in self.new_choices:
            if name not in column.choice_names():
                assert column.options is not None
                column.options["choices"].append({"id": self.base.mint("sel"), "name": name, "color": "blueLight2"})
        self.new_choices.clear()

    def retype(self, column: Field, row: Row) -> None:
        """Make a row's cell fit *column*, which has become another type; what does not fit is lost."""
        try:
            value = self._value(column, row.cells.pop(column.id, None))
        except refusals.Refusal:
            return
        self.add_choices()
        if value is not None:
            row.cells[column.id] = value

    def _value(self, column: Field, value: Any) -> Any:
        if column.compute is not None or column.type in _COMPUTED:
            raise refusals.computed(column.name)
        if column.id in self.options.locked_fields:
            raise refusals.field_locked(column.name, column.id)
        if value is None:
            return None
        if column.type in _SELECTS:
            return self._choices(column, value)
        if column.type == "multipleRecordLinks":
            return self._links(column, value)
        clean = _BY_TYPE.get(column.type)
        if clean is None:
            raise refusals.invalid_value(column.name)
        given = _cast(column.type, value) if self.typecast else value
        return _empty_as_none(clean(column, given, self.options))

    def _choices(self, column: Field, value: Any) -> Any:
        single = column.type == "singleSelect"
        names = [value] if single else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise refusals.invalid_value(column.name)
        for name in names:
            if name in column.choice_names():
                continue
            if not self.typecast or not name:
                raise refusals.unknown_choice(name)
            self.new_choices.append((column, name))
        return value if single else _empty_as_none(list(dict.fromkeys(names)))

    def _links(self, column: Field, value: Any) -> list[str] | None:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise refusals.invalid_value(column.name)
        linked = self.base.table(str(column.linked_table))
        ids = []
        for one in dict.fromkeys(value):
            found = self._linked_id(linked, one)
            if found is None and self.options.missing_link == "refused":
                raise refusals.row_does_not_exist(one)
            ids.append(found)
        return [one for one in ids if one is not None] or None

    def _linked_id(self, linked: Table | None, one: str) -> str | None:
        if linked is None:
            return None
        if one in linked.rows:
            return one
        if self.typecast:
            return next((row.id for row in linked.rows.values() if linked.title(row) == one), None)
        other = self.base.table_of_row(one)
        if other is not None:
            raise refusals.row_of_another_table(one, other.id, linked.id)
        return None


def shown(column: Field, row: Row) -> Any:
    """Return what a read shows of a cell; None when the field is left out.

    Airtable leaves empty cells out of `fields`: null, "", [] and false.
    """
    value = row.cells.get(column.id) if column.compute is None else column.compute(row)
    if column.type == "createdTime":
        value = moment_text(row.created)
    return None if value is None or value is False or value in ("", []) else value


def moment_text(moment: datetime) -> str:
    """Return a moment as Airtable writes it: UTC, milliseconds, Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _empty_as_none(value: Any) -> Any:
    return None if value is False or value in ("", []) else value


def _cast(kind: str, value: Any) -> Any:
    if kind in _TEXTS and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value}"
    if kind in _NUMBERS and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    if kind == "checkbox" and isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower(), value)
    return value


def _text(column: Field, value: Any, options: AirtableOptions) -> str:
    if not isinstance(value, str) or len(value) > _MAX_TEXT:
        raise refusals.invalid_value(column.name)
    pattern = _ADDRESS.get(column.type)
    if options.check_addresses and pattern is not None and value and not pattern.fullmatch(value):
        raise refusals.invalid_value(column.name)
    return value.rstrip() if options.trim_text else value


def _number(column: Field, value: Any, options: AirtableOptions) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise refusals.invalid_value(column.name)
    if not options.round_numbers:
        return value
    shown_digits = (column.options or {}).get("precision", 0) + (2 if column.type == "percent" else 0)
    return round(value, shown_digits)


def _rating(column: Field, value: Any, _: AirtableOptions) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= (column.options or {}).get("max", 5):
        raise refusals.invalid_value(column.name)
    return value


def _checkbox(column: Field, value: Any, _: AirtableOptions) -> bool:
    if not isinstance(value, bool):
        raise refusals.invalid_value(column.name)
    return value


def _day(column: Field, value: Any, _: AirtableOptions) -> str:
    try:
        return date.fromisoformat(value).isoformat() if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else _refuse(column)
    except (TypeError, ValueError):
        raise refusals.invalid_value(column.name) from None


def _moment(column: Field, value: Any, _: AirtableOptions) -> str:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise refusals.invalid_value(column.name) from None
    if moment.tzinfo is None:
        # without an offset the text is a local time of the field's own zone
        zone = (column.options or {}).get("timeZone", "utc")
        moment = moment.replace(tzinfo=UTC if zone in {"utc", "client"} else ZoneInfo(zone))
    return moment_text(moment)


def _refuse(column: Field) -> str:
    raise refusals.invalid_value(column.name)


_TEXTS = {"singleLineText", "multilineText", "richText", "url", "email", "phoneNumber"}
_NUMBERS = {"number", "percent", "currency", "duration"}
_BY_TYPE: dict[str, Callable[[Field, Any, AirtableOptions], Any]] = {
    **dict.fromkeys(_TEXTS, _text),
    **dict.fromkeys(_NUMBERS, _number),
    "rating": _rating,
    "checkbox": _checkbox,
    "date": _day,
    "dateTime": _moment,
}
