"""The tables of a base as they were read last: asked for whole, or patched with what changed since."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors.airtable_api import AirtableApi
from connectors.memory import Shelf
from connectors.wire.columns import FoundTable, TableShape, decode_schema
from connectors.wire.runs import stamp
from sync.errors import Transient
from sync.model.reading import Moved

OVERLAP = timedelta(seconds=30)
"""A look goes back before the last one by so much: whether a moment is told to the second, and how soon a change can
be asked for, is not documented."""
SINCE = "since"
SCHEMA = "schema"
SERVER_TROUBLE = 500

Record = dict[str, Any]


class Tables:
    """Reads the schema and whole tables. With a *shelf* they are remembered, and a look patches them."""

    def __init__(self, api: AirtableApi, shelf: Shelf | None) -> None:
        self._api = api
        self._shelf = shelf

    def is_known(self, names: Iterable[str]) -> bool:
        """Tell whether the schema and the tables *names* were read before."""
        shelf = self._shelf
        return shelf is not None and shelf.count(SCHEMA) > 0 and all(shelf.get(SINCE, name) for name in names)

    def schema(self) -> list[FoundTable]:
        """Return the tables of the base with their columns."""
        if self._shelf is None:
            return self._api.schema()
        known = self._shelf.get(SCHEMA, SCHEMA)
        if known is None:
            known = self._api.schema_as_told()
            self._shelf.put(SCHEMA, SCHEMA, known)
        return decode_schema(known)

    def records(self, name: str, shape: TableShape) -> Iterable[Record]:
        """Return all records of a table."""
        columns = tuple(shape.columns.values())
        if self._shelf is None:
            return self._api.each_record(name, shape.id, columns)
        if not self.is_known([name]):
            began = self._api.clock.now()
            self._shelf.replace(name, ((one["id"], one) for one in self._api.each_record(name, shape.id, columns)))
            self._shelf.put(SINCE, name, stamp(began) if began else "")
        return (record for _, record in self._shelf.items(name))

    def forget(self, name: str, record_id: str) -> None:
        """Hear that a record was deleted: no look shows that."""
        if self._shelf is not None:
            self._shelf.drop(name, record_id)

    def look(self, shapes: Mapping[str, TableShape]) -> Moved:
        """Patch the tables of *shapes*, by name, with the records that were made or edited since the last look.

        What was deleted no look can show. Unsure where Airtable refuses the question: a column is gone, say.
        """
        if self._shelf is None or not self.is_known(shapes):
            return Moved.UNSURE
        moved = False
        for name, shape in shapes.items():
            since = datetime.fromisoformat(self._shelf.get(SINCE, name))
            question = {"filterByFormula": changed_since(since - OVERLAP)}
            try:
                records = self._api.records(name, shape.id, tuple(shape.columns.values()), question)
            except Transient as error:
                if error.status is None or error.status >= SERVER_TROUBLE:
                    raise
                return Moved.UNSURE
            for record in records:
                moved = self._shelf.put(name, record["id"], record) or moved
            self._shelf.put(SINCE, name, stamp(self._api.clock.now() or since))
        return Moved.YES if moved else Moved.NO


def changed_since(moment: datetime) -> str:
    """Return the formula for records made or edited at or after a moment.

    Whether `LAST_MODIFIED_TIME()` of a record that nobody edited is blank is not documented.
    https://support.airtable.com/docs/formula-field-reference
    """
    since = f"DATETIME_PARSE('{stamp(moment)}')"
    return f"OR(LAST_MODIFIED_TIME()>={since},CREATED_TIME()>={since})"
