"""The tables of a base as they were read last: asked for whole, or patched with what changed since."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil
from typing import Any

from connectors.airtable_api import PAGE, AirtableApi, Record
from connectors.airtable_windows import SECOND, Window, asking_for, windows
from connectors.memory import Shelf
from connectors.turns import Turns
from connectors.wire.columns import FoundTable, TableShape, decode_schema
from connectors.wire.runs import stamp
from connectors.wire.spare_rows import asking_for as these_records
from sync.errors import Transient
from sync.model.reading import Moved

OVERLAP = timedelta(seconds=30)
"""A look goes back before the last one by so much: whether a moment is told to the second, and how soon a change can
be asked for, is not documented."""
SINCE = "since"
SCHEMA = "schema"
WRITTEN = "written at"
"""How many records one's own runs wrote to a table, by second."""
BEHIND = "behind"
"""Of which moments a look has still to ask, with the moment before which they lie."""
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
            with self._shelf.noting_a_write():
                self._shelf.drop(name, record_id)

    def wrote(self, name: str, shape: TableShape, records: Iterable[Record]) -> None:
        """Remember records as they were answered when they were written; the next look asks for them once more."""
        if self._shelf is None:
            return
        asked_for = frozenset(shape.columns.values())
        with self._shelf.noting_a_write():
            if not self.is_known([name]):
                return
            number = 0
            for one in records:
                cells = {column: value for column, value in one["fields"].items() if column in asked_for}
                self._shelf.put(name, one["id"], {**one, "fields": cells})
                number += 1
            if number and (now := self._api.clock.now()):
                place = _place(now, name)
                self._shelf.put(WRITTEN, place, int(self._shelf.get(WRITTEN, place) or 0) + number)

    def look(self, shapes: Mapping[str, TableShape], first: Collection[str], *, hasty: bool = False) -> Moved:
        """Patch tables of *shapes*, by name, with the records that were made or edited since they were looked at last.

        Those that stand *first*, and of the others those whose turn it is: fewer in *haste* or where something moved,
        and all of them where a record is new or has another link, since it may bring others along. What was deleted no
        look can show. Unsure where Airtable refuses the question: a column is gone, say.
        """
        if self._shelf is None or self._turns is None or not self.is_known(shapes):
            return Moved.UNSURE
        others = [name for name in shapes if name not in first]
        found = self._patched(self._shelf, {name: shapes[name] for name in shapes if name in first})
        behind = sorted(self._shelf.keys(BEHIND))
        due = self._turns.due(others, busy=hasty or found > Found.NOTHING or bool(behind))
        found = max(found, self._patched(self._shelf, {name: shapes[name] for name in shapes if name in due}))
        if found is Found.LINKS and (left := [name for name in others if name not in due]):
            found = max(found, self._patched(self._shelf, {name: shapes[name] for name in left}))
        if behind and not due and not hasty:
            found = max(found, self._caught_up(self._shelf, behind[0], shapes))
        return found.moved

    def let_go_but(self, kept: str, shapes: Mapping[str, TableShape], record_ids: Collection[str]) -> bool:
        """Let all tables of *shapes* but one be asked for anew; of that one ask what changed, and for these records.

        False where that may not show everything: one of the records is gone, what was written in bulk is still to be
        asked for, Airtable refuses the question, or it takes as many pages as the whole table.
        """
        shelf = self._shelf
        if shelf is None or kept not in shapes or not self.is_known(shapes):
            return False
        if _pages(len(record_ids)) > _pages(shelf.count(kept)):
            return False
        if self._patched(shelf, {kept: shapes[kept]}) is Found.UNSURE or not self._are_there(
            shelf, kept, shapes[kept], sorted(record_ids)
        ):
            return False
        if any(_of_place(place)[1] == kept for place in shelf.keys(BEHIND)):
            return False
        for name in shapes.keys() - {kept}:
            shelf.drop(SINCE, name)
        return True

    def _are_there(self, shelf: Shelf, name: str, shape: TableShape, record_ids: Sequence[str]) -> bool:
        """Ask for records by id; tell whether all of them are there."""
        for start in range(0, len(record_ids), PAGE):
            wanted = record_ids[start : start + PAGE]
            records = self._narrowed(name, shape, these_records(wanted))
            if records is None or {one["id"] for one in records} != set(wanted):
                return False
            self._put(shelf, name, records)
        return True

    def _patched(self, shelf: Shelf, shapes: Mapping[str, TableShape]) -> "Found":
        """Ask what was made or edited since the last look at each table."""
        found = Found.NOTHING
        for name, shape in shapes.items():
            since = datetime.fromisoformat(shelf.get(SINCE, name))
            written = {at: number for of, at, number in self._written(shelf) if of == name}
            asked, later = windows(since - OVERLAP, written)
            found = max(found, self._asked(shelf, name, shape, asked))
            if found is Found.UNSURE:
                break
            for one in later:
                shelf.put(BEHIND, _place(one.since, name), stamp(one.until or since))
            now = self._api.clock.now() or since
            shelf.put(SINCE, name, stamp(now))
            for at in written:
                if at < now - OVERLAP - SECOND:
                    shelf.drop(WRITTEN, _place(at, name))
        return found

    def _caught_up(self, shelf: Shelf, place: str, shapes: Mapping[str, TableShape]) -> "Found":
        """Ask about one of the windows that were left."""
        since, name = _of_place(place)
        until = datetime.fromisoformat(shelf.get(BEHIND, place))
        found = self._asked(shelf, name, shapes[name], [Window(since, until)]) if name in shapes else Found.NOTHING
        shelf.drop(BEHIND, place)
        return found

    def _asked(self, shelf: Shelf, name: str, shape: TableShape, asked: Sequence[Window]) -> "Found":
        records = self._narrowed(name, shape, asking_for(asked))
        return Found.UNSURE if records is None else self._put(shelf, name, records)

    def _narrowed(self, name: str, shape: TableShape, formula: str) -> list[Record] | None:
        """Return the records that a formula chooses; None where Airtable refuses the question."""
        try:
            return self._api.records(name, shape.id, tuple(shape.columns.values()), {"filterByFormula": formula})
        except Transient as error:
            if error.status is None or error.status >= SERVER_TROUBLE:
                raise
            return None

    @staticmethod
    def _put(shelf: Shelf, name: str, records: Iterable[Record]) -> "Found":
        found = Found.NOTHING
        for record in records:
            before = shelf.get(name, record["id"])
            if shelf.put(name, record["id"], record):
                found = max(found, Found.CELLS if before and _links(before) == _links(record) else Found.LINKS)
        return found

    @staticmethod
    def _written(shelf: Shelf) -> Iterator[tuple[str, datetime, int]]:
        """Yield how many records were written to which table at which moment."""
        for place, number in shelf.items(WRITTEN):
            at, name = _of_place(place)
            yield name, at, int(number)


class Found(IntEnum):
    """What a look at tables shows."""

    NOTHING = 0
    CELLS = 1
    LINKS = 2
    """A record is new, or is linked to others than before."""
    UNSURE = 3

    @property
    def moved(self) -> Moved:
        """Return what that means for a reading."""
        return {Found.NOTHING: Moved.NO, Found.UNSURE: Moved.UNSURE}.get(self, Moved.YES)


def _pages(records: int) -> int:
    return ceil(records / PAGE)


def _place(at: datetime, name: str) -> str:
    return f"{stamp(at)} {name}"


def _of_place(place: str) -> tuple[datetime, str]:
    at, _, name = place.partition(" ")
    return datetime.fromisoformat(at), name


def _links(record: Record) -> dict[str, Any]:
    """Return the cells of a record that hold several things: links to other records, for one."""
    return {column: value for column, value in record["fields"].items() if isinstance(value, list)}
