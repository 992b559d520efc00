"""The tables of a base as they were read last: asked for whole, or patched with what changed since."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from connectors.airtable_api import AirtableApi, Record
from connectors.memory import Shelf
from connectors.turns import Turns
from connectors.wire.columns import FoundTable, TableShape, decode_schema
from connectors.wire.runs import stamp
from sync.errors import MemoryLost, Transient
from sync.model.reading import Moved

OVERLAP = timedelta(seconds=30)
"""A look goes back before the last one by so much: whether a moment is told to the second, and how soon a change can
be asked for, is not documented."""
SINCE = "since"
SCHEMA = "schema"
SERVER_TROUBLE = 500


class Tables:
    """Reads the schema and whole tables. With a *shelf* they are remembered, and a look patches them.

    *clock* tells the moment decisions are made for (decision D15).
    """

    def __init__(self, api: AirtableApi, shelf: Shelf | None, clock: Callable[[], datetime]) -> None:
        self._api = api
        self._shelf = shelf
        self._turns = Turns(shelf, "tables", clock) if shelf is not None else None

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
            if self._turns:
                self._turns.begin()
        return (record for _, record in self._shelf.items(name))

    def forget(self, name: str, record_id: str) -> None:
        """Hear that a record was deleted: no look shows that."""
        if self._shelf is not None:
            self._shelf.drop(name, record_id)

    def wrote(self, name: str, shape: TableShape, records: Iterable[Record]) -> None:
        """Remember records as they were answered when they were written; the next look asks for them once more."""
        asked_for = frozenset(shape.columns.values())
        with suppress(MemoryLost):  # what was written is written; the next look notices what is wrong with the shelf
            if self._shelf is None or not self.is_known([name]):
                return
            for one in records:
                cells = {column: value for column, value in one["fields"].items() if column in asked_for}
                self._shelf.put(name, one["id"], {**one, "fields": cells})

    def look(self, shapes: Mapping[str, TableShape], first: Collection[str], *, hasty: bool = False) -> Moved:
        """Patch tables of *shapes*, by name, with the records that were made or edited since they were looked at last.

        Those that stand *first*, and of the others those whose turn it is: all of them where anything moved, none in
        *haste* where nothing did. What was deleted no look can show. Unsure where Airtable refuses the question: a
        column is gone, say.
        """
        if self._shelf is None or self._turns is None or not self.is_known(shapes):
            return Moved.UNSURE
        others = [name for name in shapes if name not in first]
        if hasty:
            self._turns.pass_over()
        due = () if hasty else self._turns.due(others)
        asked = [name for name in shapes if name in first or name in due]
        moved = self._patched(self._shelf, {name: shapes[name] for name in asked})
        if moved is Moved.YES and (left := [name for name in others if name not in asked]):
            more = self._patched(self._shelf, {name: shapes[name] for name in left})
            return more if more is Moved.UNSURE else moved
        return moved

    def _patched(self, shelf: Shelf, shapes: Mapping[str, TableShape]) -> Moved:
        moved = False
        for name, shape in shapes.items():
            since = datetime.fromisoformat(shelf.get(SINCE, name))
            question = {"filterByFormula": changed_since(since - OVERLAP)}
            try:
                records = self._api.records(name, shape.id, tuple(shape.columns.values()), question)
            except Transient as error:
                if error.status is None or error.status >= SERVER_TROUBLE:
                    raise
                return Moved.UNSURE
            for record in records:
                moved = shelf.put(name, record["id"], record) or moved
            shelf.put(SINCE, name, stamp(self._api.clock.now() or since))
        return Moved.YES if moved else Moved.NO


def changed_since(moment: datetime) -> str:
    """Return the formula for records made or edited at or after a moment.

    Whether `LAST_MODIFIED_TIME()` of a record that nobody edited is blank is not documented.
    https://support.airtable.com/docs/formula-field-reference
    """
    since = f"DATETIME_PARSE('{stamp(moment)}')"
    return f"OR(LAST_MODIFIED_TIME()>={since},CREATED_TIME()>={since})"
