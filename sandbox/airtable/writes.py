"""Create, update, upsert and delete, a request of up to ten records at a time.

https://airtable.com/developers/web/api/update-multiple-records
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.airtable import refusals
from sandbox.airtable.base import Base, Cells, Field, Row, Table
from sandbox.airtable.cells import Cleaner
from sandbox.airtable.options import AirtableOptions

MAX_RECORDS = 10
_NEW = 'record objects, each with a "fields" object for cell values'
_OLD = 'record objects, each with an "id" ID field and a "fields" object for cell values'
_MERGEABLE = {"number", "singleLineText", "multilineText", "singleSelect", "multipleSelects", "date"}

_Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one request in its order, and which of them are new."""

    rows: tuple[Row, ...]
    created: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Step:
    """One record that passed all checks; without a row it becomes a new one, with an upsert's *key*."""

    row: Row | None
    cells: Cells
    key: _Key | None = None


class Writer:
    """Write to one table of a base.

    All records are checked before the first is written, so one bad record refuses the whole
    request; with `partial_batches` the records before it are written all the same.
    """

    def __init__(self, base: Base, options: AirtableOptions, table: Table, now: datetime, typecast: bool) -> None:
        self._base = base
        self._options = options
        self._table = table
        self._now = now
        self._cleaner = Cleaner(base, options, typecast)

    def create(self, records: Any) -> Written:
        """Add a row for each of *records* ({"fields"})."""
        return self._write(_checked(records, _NEW), self._new, replace=False)

    def update(self, records: Any, replace: bool) -> Written:
        """Change rows by id; *replace* also empties every writable field that is not given."""
        return self._write(_checked(records, _OLD), self._known, replace)

    def upsert(self, records: Any, merge_on: Any, replace: bool) -> Written:
        """Change the row whose *merge_on* fields equal a record's, or add one; by id where one is given."""
        keys = self._merge_fields(merge_on)
        there: dict[_Key, list[Row]] = {}
        for row in self._table.rows.values():
            there.setdefault(self._key(row.cells, keys), []).append(row)
        return self._write(_checked(records, _OLD), lambda record: self._matched(record, keys, there), replace)

    def delete(self, ids: Sequence[str]) -> None:
        """Move rows to the trash; one unknown id refuses the whole request."""
        if not 1 <= len(ids) <= MAX_RECORDS:
            raise refusals.invalid_records("record IDs")
        rows = [self._row(one) for one in dict.fromkeys(ids)]
        for row in rows:
            self._base.delete_row(self._table, row)

    def _write(self, records: Sequence[Any], check: Callable[[Any], _Step], replace: bool) -> Written:
        steps = []
        try:
            for record in records:
                steps.append(check(record))
                self._refuse_repetition(steps)
        except refusals.Refusal:
            if self._options.partial_batches:
                self._apply(steps, replace)
            raise
        self._refuse_overflow(steps)
        return self._apply(steps, replace)

    def _new(self, record: Any) -> _Step:
        if not isinstance(record, Mapping) or set(record) != {"fields"}:
            raise refusals.invalid_records(_NEW)
        return _Step(None, self._cleaner.clean(self._table, record["fields"]))

    def _known(self, record: Any) -> _Step:
        if not isinstance(record, Mapping) or set(record) != {"id", "fields"} or not isinstance(record["id"], str):
            raise refusals.invalid_records(_OLD)
        return _Step(self._row(record["id"]), self._cleaner.clean(self._table, record["fields"]))

    def _matched(self, record: Any, keys: Sequence[Field], there: Mapping[_Key, Sequence[Row]]) -> _Step:
        if not isinstance(record, Mapping) or set(record) - {"id"} != {"fields"}:
            raise refusals.invalid_records(_OLD)
        if "id" in record:
            return self._known(record)
        cells = self._cleaner.clean(self._table, record["fields"])
        if any(key.id not in cells for key in keys):
            raise refusals.invalid_request("a record without an id must have all fields to merge on")
        key = self._key(cells, keys)
        if all(value is None for value in key):
            # a null key makes a new row each time
            return _Step(None, cells)
        found = there.get(key, ())
        if len(found) > 1:
            raise refusals.several_matches(self._options.several_matches_type)
        return _Step(found[0] if found else None, cells, key)

    def _key(self, cells: Cells, keys: Sequence[Field]) -> _Key:
        return tuple(self._folded(cells.get(key.id)) for key in keys)

    def _folded(self, value: Any) -> Any:
        if isinstance(value, str) and self._options.key_match == "folded":
            return value.strip().casefold()
        return tuple(sorted(value)) if isinstance(value, list) else value

    def _merge_fields(self, merge_on: Any) -> list[Field]:
        if not isinstance(merge_on, list) or not 1 <= len(merge_on) <= 3:
            raise refusals.invalid_request("performUpsert takes 1 to 3 fields to merge on")
        keys = []
        for name in merge_on:
            column = self._table.field(str(name))
            if column is None:
                raise refusals.unknown_field(str(name))
            if column.type not in _MERGEABLE or column.compute is not None:
                raise refusals.invalid_request(f'cannot merge on field "{column.name}" of type {column.type}')
            keys.append(column)
        return keys

    def _apply(self, steps: Sequence[_Step], replace: bool) -> Written:
        self._cleaner.add_choices()
        rows: list[Row] = []
        created: dict[str, _Key | None] = {}
        for step in steps:
            row = step.row or self._made_for(step.key, rows, created)
            if row is None:
                row = self._base.add_row(self._table, step.cells, self._now)
                created[row.id] = step.key
            else:
                self._base.set_cells(self._table, row, self._cleared(replace) | step.cells)
            rows.append(row)
        return Written(tuple(rows), frozenset(created))

    def _made_for(self, key: _Key | None, rows: Sequence[Row], created: Mapping[str, _Key | None]) -> Row | None:
        """Return the row this request has made for *key*, where Airtable is played as noticing it."""
        if key is None or self._options.same_new_key != "one_row":
            return None
        return next((row for row in rows if created.get(row.id) == key), None)

    def _cleared(self, replace: bool) -> Cells:
        if not replace:
            return {}
        return {one.id: None for one in self._table.fields if one.compute is None and one.type != "createdTime"}

    def _row(self, row_id: str) -> Row:
        row = self._table.rows.get(row_id)
        if row is None:
            raise refusals.row_does_not_exist(row_id)
        return row

    def _refuse_repetition(self, steps: Sequence[_Step]) -> None:
        ids = [step.row.id for step in steps if step.row]
        new_keys = [step.key for step in steps if step.row is None and step.key is not None]
        refused = self._options.same_new_key == "refused" and len(new_keys) != len(set(new_keys))
        if refused or len(ids) != len(set(ids)):
            raise refusals.same_record_twice()

    def _refuse_overflow(self, steps: Sequence[_Step]) -> None:
        limit = self._options.record_limit
        new = sum(step.row is None for step in steps)
        if new and limit is not None and self._base.row_count() + new > limit:
            raise refusals.base_full(self._options.base_full_type)


def _checked(records: Any, wanted: str) -> Sequence[Any]:
    if not isinstance(records, list) or not 1 <= len(records) <= MAX_RECORDS:
        raise refusals.invalid_records(wanted)
    return records
