"""Making the base: tables and columns, one request each. The API makes no others and changes none."""

from collections.abc import Mapping
from typing import Any

from connectors.airtable_api import SERVICE, AirtableApi
from connectors.retry import told
from connectors.wire.base_layout import encode_column
from connectors.wire.columns import FoundTable, find_tables
from sync.errors import Denied, OutcomeUnknown, Rejected
from sync.model.making import MakeColumn, MakeTable, NewColumn

CREATOR_REMEDY = "Making tables needs the scope schema.bases:write and the role Creator; a run needs neither."
MARK = "@"
"""Stands in every key of ours."""


class AirtableSetup:
    """Makes tables and columns of one base. Raises what `AirtableApi` does."""

    def __init__(self, api: AirtableApi) -> None:
        self._api = api

    def make(self, step: MakeTable | MakeColumn, names: Mapping[str, str]) -> None:
        """Make a table with its columns, or a column; *names* map tables to other names or ids.

        Where the answer was lost, the schema tells whether it was made: nothing is made twice. Raises Rejected.
        """
        operation = "make a table" if isinstance(step, MakeTable) else "make a column"
        try:
            match step:
                case MakeTable(table, columns):
                    self._api.make_table(operation, self._table(table, columns, names))
                case MakeColumn(_, _, table_id, column):
                    self._api.make_column(operation, table_id, encode_column(column, self._table_ids(names)))
        except Denied as error:
            raise Denied(SERVICE, operation, told(error), remedy=CREATOR_REMEDY, status=error.status) from error
        except OutcomeUnknown as lost:
            if not self._is_there(step, names):
                remedy = "Start csh-sync init again: it goes on where this ended."
                raise Rejected(SERVICE, operation, "no clear answer, and it is not there", remedy=remedy) from lost

    def oldest_row(self, names: Mapping[str, str]) -> str:
        """Return the id of the oldest row of Activity that we wrote, "" when there is none."""
        shape = find_tables(self._api.schema(), names)[0].get("Activity")
        if shape is None or "Key" not in shape.columns:
            return ""
        key = shape.columns["Key"]
        rows = [one for one in self._api.records("Activity", shape.id, [key]) if MARK in str(one["fields"].get(key))]
        return min(rows, key=lambda one: (str(one.get("createdTime")), one["id"]), default={"id": ""})["id"]

    def _table(self, table: str, columns: tuple[NewColumn, ...], names: Mapping[str, str]) -> dict[str, Any]:
        ids = self._table_ids(names)
        return {"name": table, "fields": [encode_column(one, ids) for one in columns]}

    def _table_ids(self, names: Mapping[str, str]) -> Mapping[str, str]:
        return _Ids(self._api.schema(), names)

    def _is_there(self, step: MakeTable | MakeColumn, names: Mapping[str, str]) -> bool:
        schema = self._api.schema()
        if isinstance(step, MakeTable):
            return step.table in _Ids(schema, names)
        table = next((one for one in schema if one.id == step.table_id), None)
        return table is not None and any(one.name == step.column.name for one in table.columns)


class _Ids(dict[str, str]):
    """Ids of tables by default name."""

    def __init__(self, schema: list[FoundTable], names: Mapping[str, str]) -> None:
        by_name = {one.name: one.id for one in schema} | {one.id: one.id for one in schema}
        super().__init__(by_name | {default: by_name[name] for default, name in names.items() if name in by_name})
