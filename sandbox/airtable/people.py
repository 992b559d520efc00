"""What people do in the base by hand, and what tests need to build and look at a world."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.airtable import design_base
from sandbox.airtable.base import Base, Field, Row, Table
from sandbox.airtable.cells import Cleaner, shown
from sandbox.airtable.listing import Listings
from sandbox.airtable.options import AirtableOptions
from sandbox.core import SandboxClock, locked


class People:
    """The base as a person at the keyboard has it. Tables, fields and rows go by name or id.

    A person may do what the API may not: add select options by typing, retype or delete a field,
    restore a row. An unknown name raises KeyError; a value the field does not take, `Refusal`.
    """

    def __init__(self, clock: SandboxClock, base_id: str, base_name: str) -> None:
        self.clock = clock
        self.options = AirtableOptions()
        self.base = Base(base_id, base_name)
        self.base.now = clock.now
        self.base.same_value_touches = lambda: self.options.same_value_touches
        self.listings = Listings(self.base, self.options)

    @locked
    def create_design_base(self, *, inverse_links: bool = False) -> None:
        """Make the tables and columns the product works with, without rows.

        With *inverse_links* every link also has its column on the other side, as Airtable makes it.
        """
        design_base.build(self.base, inverse_links)

    @locked
    def add_table(self, name: str, columns: Mapping[str, str]) -> str:
        """Add a table with columns (name → kind as in `design_base.add_column`) and return its id."""
        table = self.base.add_table(name)
        for column, kind in columns.items():
            design_base.add_column(self.base, table, column, kind)
        return table.id

    @locked
    def add_field(self, table: str, name: str, kind: str, *, inverse_link: bool = False) -> str:
        """Add a column and return its id; *kind* as in `design_base.add_column`."""
        return design_base.add_column(self.base, self._table(table), name, kind, inverse_link).id

    @locked
    def add_computed_field(self, table: str, name: str, kind: str, compute: Callable[[Row], Any]) -> str:
        """Add a read-only column of the Airtable type *kind* ("formula", "rollup" …) and return its id."""
        field = Field(self.base.mint("fld"), name, kind, {"isValid": True}, compute=compute)
        self._table(table).fields.append(field)
        return field.id

    @locked
    def add_row(self, table: str, cells: Mapping[str, Any]) -> str:
        """Add a row and return its id; a new select option is made on the way."""
        found = self._table(table)
        return self.base.add_row(found, self._clean(found, cells), self.clock.now()).id

    @locked
    def edit_cells(self, table: str, row: str, cells: Mapping[str, Any]) -> None:
        """Type into cells of one row; None empties a cell."""
        found = self._table(table)
        self.base.set_cells(found, self._row(found, row), self._clean(found, cells))

    def edit_cell(self, table: str, row: str, field: str, value: Any) -> None:
        """Type into one cell; None empties it."""
        self.edit_cells(table, row, {field: value})

    def tick(self, table: str, row: str, field: str, on: bool = True) -> None:
        """Tick a checkbox, or untick it."""
        self.edit_cells(table, row, {field: on})

    @locked
    def duplicate_row(self, table: str, row: str) -> str:
        """Duplicate a row, links included, and return the new id."""
        found = self._table(table)
        cells = copy.deepcopy(self._row(found, row).cells)
        return self.base.add_row(found, cells, self.clock.now()).id

    @locked
    def delete_row(self, table: str, row: str) -> None:
        """Move a row to the trash."""
        found = self._table(table)
        self.base.delete_row(found, self._row(found, row))

    @locked
    def restore_row(self, table: str, row: str) -> str:
        """Bring a row back from the trash and return its id."""
        return self.base.restore_row(self._table(table), row, self.options.restored_id == "new").id

    @locked
    def trashed(self, table: str) -> tuple[str, ...]:
        """Return the ids of the rows in a table's trash."""
        return tuple(self._table(table).trash)

    @locked
    def rename_table(self, table: str, name: str) -> None:
        """Give a table another name; its id stays."""
        self._table(table).name = name

    @locked
    def rename_field(self, table: str, field: str, name: str) -> None:
        """Give a field another name; its id stays."""
        self._field(table, field).name = name

    @locked
    def retype_field(self, table: str, field: str, kind: str) -> None:
        """Change a field's type; cells whose value the new type does not take become empty."""
        found, column = self._table(table), self._field(table, field)
        place = found.fields.index(column)
        fresh = design_base.add_column(self.base, found, column.name, kind)
        found.fields.remove(fresh)
        fresh.id = column.id
        found.fields[place] = fresh
        cleaner = Cleaner(self.base, AirtableOptions(), typecast=True)
        for row in found.rows.values():
            cleaner.retype(fresh, row)

    @locked
    def delete_field(self, table: str, field: str) -> None:
        """Delete a field with its cells, and the other side of a link."""
        found, column = self._table(table), self._field(table, field)
        sides = [(found, column)]
        linked = self.base.table(column.linked_table) if column.linked_table else None
        inverse = linked.field(column.inverse) if linked and column.inverse else None
        if linked and inverse:
            sides.append((linked, inverse))
        for holder, gone in sides:
            holder.fields.remove(gone)
            for row in holder.rows.values():
                row.cells.pop(gone.id, None)

    @locked
    def remove_choice(self, table: str, field: str, choice: str) -> None:
        """Delete an option of a select field; cells that hold it become empty."""
        found, column = self._table(table), self._field(table, field)
        options = column.options or {}
        options["choices"] = [one for one in options["choices"] if one["name"] != choice]
        for row in found.rows.values():
            if row.cells.get(column.id) == choice:
                del row.cells[column.id]

    @locked
    def rows(self, table: str) -> dict[str, dict[str, Any]]:
        """Return all rows as a read shows them: row id → field name → value."""
        found = self._table(table)
        return {row.id: _cells_by_name(found, row) for row in found.rows.values()}

    @locked
    def row(self, table: str, row: str) -> dict[str, Any]:
        """Return one row as a read shows it: field name → value."""
        found = self._table(table)
        return _cells_by_name(found, self._row(found, row))

    @locked
    def find(self, table: str, cells: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the ids of the rows whose cells equal *cells* (field name → value, None for empty)."""
        return tuple(
            row_id
            for row_id, found in self.rows(table).items()
            if all(found.get(name) == value for name, value in cells.items())
        )

    @locked
    def snapshot(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Return a copy of all cells: table name → row id → field name → value."""
        return self.base.snapshot()

    @locked
    def field_id(self, table: str, field: str) -> str:
        """Return a field's id."""
        return self._field(table, field).id

    @locked
    def table_id(self, table: str) -> str:
        """Return a table's id."""
        return self._table(table).id

    @locked
    def expire_offsets(self) -> None:
        """End all listings under way: their next page is refused."""
        self.listings.expire()

    def _clean(self, table: Table, cells: Mapping[str, Any]) -> dict[str, Any]:
        # a person's rights and the switches for the API do not matter here
        cleaner = Cleaner(self.base, AirtableOptions(), typecast=True)
        cleaned = cleaner.clean(table, cells)
        cleaner.add_choices()
        return cleaned

    def _table(self, table: str) -> Table:
        found = self.base.table(table)
        if found is None:
            raise KeyError(f"no table {table} in {self.base.name}")
        return found

    def _field(self, table: str, field: str) -> Field:
        found = self._table(table).field(field)
        if found is None:
            raise KeyError(f"no field {field} in {table}")
        return found

    def _row(self, table: Table, row: str) -> Row:
        if row not in table.rows:
            raise KeyError(f"no row {row} in {table.name}")
        return table.rows[row]


def _cells_by_name(table: Table, row: Row) -> dict[str, Any]:
    cells = {column.name: shown(column, row) for column in table.fields}
    return {name: copy.deepcopy(value) for name, value in cells.items() if value is not None}
