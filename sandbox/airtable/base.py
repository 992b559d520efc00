"""One base: tables, fields, rows and the links between them."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Cells = dict[str, Any]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ID_LENGTH = 14


@dataclass(slots=True)
class Field:
    """A column; *options* as the schema shows them. A field with *compute* is read-only."""

    id: str
    name: str
    type: str
    options: dict[str, Any] | None = None
    description: str | None = None
    compute: Callable[[Row], Any] | None = None

    @property
    def linked_table(self) -> str | None:
        """Return the id of the table a link field points to."""
        return self.options.get("linkedTableId") if self.options and self.type == "multipleRecordLinks" else None

    @property
    def inverse(self) -> str | None:
        """Return the id of the field on the other side of a link field."""
        return self.options.get("inverseLinkFieldId") if self.options and self.type == "multipleRecordLinks" else None

    def choice_names(self) -> tuple[str, ...]:
        """Return the options of a select field."""
        return tuple(choice["name"] for choice in (self.options or {}).get("choices", ()))


@dataclass(slots=True)
class Row:
    """A record: its cells by field id; an empty cell has no entry. *modified* is None until somebody edits it."""

    id: str
    created: datetime
    cells: Cells = field(default_factory=dict)
    modified: datetime | None = None


@dataclass(slots=True)
class Trashed:
    """A deleted row, and the link cells (table id, row id, field id) it was taken from."""

    row: Row
    linked_from: tuple[tuple[str, str, str], ...]


@dataclass(slots=True)
class Table:
    """A table; its first field is the primary one."""

    id: str
    name: str
    view_id: str
    fields: list[Field] = field(default_factory=list)
    rows: dict[str, Row] = field(default_factory=dict)
    trash: dict[str, Trashed] = field(default_factory=dict)

    def field(self, name_or_id: str) -> Field | None:
        """Return a field by id or by name, None when there is none."""
        for one in self.fields:
            if one.id == name_or_id:
                return one
        return next((one for one in self.fields if one.name == name_or_id), None)

    def title(self, row: Row) -> str:
        """Return the text of a row's primary field."""
        value = row.cells.get(self.fields[0].id)
        return "" if value is None else str(value)


class Base:
    """All tables of one base; ids are the same in every base that is built in the same order."""

    def __init__(self, base_id: str, name: str) -> None:
        self.id = base_id
        self.name = name
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.same_value_touches: Callable[[], bool] = lambda: False
        self.tables: list[Table] = []
        self._minted = 0

    def mint(self, prefix: str) -> str:
        """Return a new id as Airtable makes them: three letters and 14 characters."""
        self._minted += 1
        number = int.from_bytes(hashlib.sha256(f"{self.id}/{self._minted}".encode()).digest())
        letters = []
        for _ in range(_ID_LENGTH):
            number, rest = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[rest])
        return prefix + "".join(letters)

    def table(self, name_or_id: str) -> Table | None:
        """Return a table by id or by name, None when there is none."""
        for one in self.tables:
            if one.id == name_or_id:
                return one
        return next((one for one in self.tables if one.name == name_or_id), None)

    def table_of_row(self, row_id: str) -> Table | None:
        """Return the table that holds a row, None when no table does."""
        return next((table for table in self.tables if row_id in table.rows), None)

    def row_count(self) -> int:
        """Return the number of rows in all tables."""
        return sum(len(table.rows) for table in self.tables)

    def add_table(self, name: str) -> Table:
        """Add a table without fields."""
        table = Table(self.mint("tbl"), name, self.mint("viw"))
        self.tables.append(table)
        return table

    def add_row(self, table: Table, cells: Mapping[str, Any], created: datetime) -> Row:
        """Add a row with *cells* (clean values by field id)."""
        row = Row(self.mint("rec"), created)
        table.rows[row.id] = row
        self.set_cells(table, row, cells)
        row.modified = None
        return row

    def set_cells(self, table: Table, row: Row, cells: Mapping[str, Any]) -> None:
        """Write clean values (None empties) and keep the other side of links in step."""
        for field_id, value in cells.items():
            column = table.field(field_id)
            if row.cells.get(field_id) != value or self.same_value_touches():
                row.modified = self.now()
            if column is not None and column.inverse is not None:
                self._mirror(column, row, set(row.cells.get(field_id, ())), set(value or ()))
            if value is None:
                row.cells.pop(field_id, None)
            else:
                row.cells[field_id] = value

    def delete_row(self, table: Table, row: Row) -> None:
        """Move a row to the trash; links to it are taken away."""
        del table.rows[row.id]
        taken = []
        for other, column, holder in self._linking(row.id):
            holder.cells[column.id] = [one for one in holder.cells[column.id] if one != row.id]
            _drop_if_empty(holder, column.id)
            taken.append((other.id, holder.id, column.id))
        table.trash[row.id] = Trashed(row, tuple(taken))

    def restore_row(self, table: Table, row_id: str, new_id: bool) -> Row:
        """Bring a row back from the trash with its links, under its old id or a new one."""
        trashed = table.trash.pop(row_id)
        row = trashed.row
        if new_id:
            row.id = self.mint("rec")
        table.rows[row.id] = row
        for column in table.fields:
            linked = self.table(column.linked_table) if column.linked_table else None
            if linked is not None and column.id in row.cells:
                row.cells[column.id] = [one for one in row.cells[column.id] if one in linked.rows]
                _drop_if_empty(row, column.id)
        for table_id, holder_id, field_id in trashed.linked_from:
            other = self.table(table_id)
            holder = other.rows.get(holder_id) if other else None
            if holder is not None:
                holder.cells.setdefault(field_id, []).append(row.id)
        return row

    def snapshot(self) -> dict[str, dict[str, Cells]]:
        """Return a copy of all cells: table name → row id → field name → value, empty cells left out."""
        return {
            table.name: {
                row.id: {one.name: copy.deepcopy(row.cells[one.id]) for one in table.fields if one.id in row.cells}
                for row in table.rows.values()
            }
            for table in self.tables
        }

    def _mirror(self, column: Field, row: Row, before: set[str], after: set[str]) -> None:
        linked = self.table(str(column.linked_table))
        inverse = str(column.inverse)
        for other in (linked.rows[one] for one in sorted(before ^ after) if linked and one in linked.rows):
            ids = other.cells.setdefault(inverse, [])
            if other.id in before:
                other.cells[inverse] = [one for one in ids if one != row.id]
                _drop_if_empty(other, inverse)
            elif row.id not in ids:
                ids.append(row.id)

    def _linking(self, row_id: str) -> Iterator[tuple[Table, Field, Row]]:
        for table in self.tables:
            for column in table.fields:
                if column.linked_table is None:
                    continue
                for row in table.rows.values():
                    if row_id in row.cells.get(column.id, ()):
                        yield table, column, row


def _drop_if_empty(row: Row, field_id: str) -> None:
    if not row.cells.get(field_id):
        row.cells.pop(field_id, None)
