"""The Runs table: leases, what each run did, and the heartbeat of the quiet ones (decision D12)."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from connectors.airtable_api import MOST_RECORDS, REFUSED, SERVICE, AirtableApi
from connectors.memory import MARK, Shelf
from connectors.retry import told
from connectors.wire.airtable import OddCell, moment, text
from connectors.wire.columns import TableShape
from connectors.wire.runs import (
    decode_lease,
    encode_ending,
    encode_opening,
    heartbeats_only,
    leases_only,
    sorted_by,
    stamp,
    successes_only,
)
from sync.errors import Denied, MemoryLost, Rejected, Transient
from sync.model.runs import FINE, HEARTBEAT, LeaseRow, RunResult

READ = ("Run", "Started", "Ended", "Lease until", "Result")
OPERATION = "write Runs"
NO_ROW_REMEDY = "Nothing was written. Make room in the base when it is full; run --no-lease goes on with changes."
CLEARED = "old rows removed on"


class AirtableRuns:
    """Reads and writes the Runs table of one base, if it has one. All methods may raise what `AirtableApi` does.

    *clocks* tell what time it is by answers to others, the most trusted first.
    """

    def __init__(
        self,
        api: AirtableApi,
        find_shape: Callable[[], TableShape | None],
        shelf: Shelf | None = None,
        clocks: Sequence[Callable[[], datetime | None]] = (),
    ) -> None:
        self._api = api
        self._clocks = (api.clock.now, *clocks)
        self._shelf = shelf
        self._find_shape = find_shape
        self._found: TableShape | None = None

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def exists(self) -> bool:
        """Tell whether the base has a Runs table with the columns that a lease needs."""
        self._found = self._found or self._find_shape()
        return self._found is not None and set(READ) <= self._found.columns.keys()

    def server_now(self) -> datetime | None:
        """Return the moment it is at Airtable, as its last answer said; None when it did not say."""
        return self._api.clock.now()

    def about_now(self) -> datetime | None:
        """Return the moment it is, as the last answer of this or another service said; None before any did."""
        return next((now for clock in self._clocks if (now := clock()) is not None), None)

    def leases(self) -> Sequence[LeaseRow]:
        """Return the rows on which a lease stands, expired ones included."""
        found = []
        for record in self._records({"filterByFormula": leases_only(self._shape)}):
            try:
                lease = decode_lease(record["id"], str(record.get("createdTime")), self._cells(record))
            except OddCell as odd:
                remedy = "Correct the cell, or delete the row."
                raise Rejected("Airtable", "read Runs", f"row {record['id']}: odd cell {odd}", remedy=remedy) from odd
            found += [lease] if lease else []
        return found

    def open(self, run: str, started: datetime, until: datetime | None) -> str:
        """Make the row of a run under a name never used before; return its id. A lost answer makes no second one.

        Raises Denied where the table takes no row: without one nothing may be written.
        """
        try:
            return self._upsert(encode_opening(run, started, until))
        except Rejected as error:
            raise Denied(SERVICE, error.operation, told(error), remedy=NO_ROW_REMEDY, status=error.status) from error

    def renew(self, record_id: str, until: datetime, still: Callable[[], None]) -> None:
        """Prolong a lease; *still* is asked before each try and raises when the lease must not be renewed any more."""
        self._update([(record_id, {"Lease until": stamp(until)})], still)

    def end(self, run: str, record_id: str, ended: datetime, result: RunResult) -> None:
        """Close the row of a run: what it did, and no lease. *record_id* is "" where the row's answer was lost."""
        cells = encode_ending(ended, result)
        if record_id:
            self._update([(record_id, cells)])
        else:
            self._upsert({"Run": run, **cells})

    def give_up(self, record_ids: Sequence[str], result: str) -> None:
        """Mark rows whose runs ended without a word: killed, or cut off."""
        self._update([(one, {"Lease until": None, "Result": result}) for one in record_ids[:MOST_RECORDS]])

    def beat(self, ended: datetime) -> None:
        """Note that a run found nothing to write: one cell of one row."""
        cell = {"Ended": stamp(ended)}
        known = self._row_of_heartbeat()
        if known and self._beaten(known, cell):
            return
        asked = self._records({"filterByFormula": heartbeats_only(self._shape)})
        beats = [record for record in asked if self._name(record) == HEARTBEAT]
        if beats:
            record_id = min(beats, key=_age)["id"]
            self._update([(record_id, cell)])
        else:
            record_id = self._upsert({"Run": HEARTBEAT, **cell})
        if self._shelf:
            with self._shelf.noting_a_write():
                self._shelf.set_mark(HEARTBEAT, record_id)

    def _row_of_heartbeat(self) -> str:
        """Return the row that had the heartbeat last, "" where that is not remembered."""
        with suppress(MemoryLost):
            return self._shelf.mark(HEARTBEAT) if self._shelf else ""
        return ""

    def _beaten(self, record_id: str, cell: Mapping[str, Any]) -> bool:
        """Write the heartbeat on the row that had it last; tell whether that row is still there."""
        try:
            self._update([(record_id, cell)])
        except Rejected:
            return False
        return True

    def last_success(self) -> datetime | None:
        """Return when the last run that went well ended; None when none did."""
        newest = sorted_by(self._shape, "Ended", "desc", 1)
        asked = self._records({"filterByFormula": successes_only(self._shape), **newest})
        return max(filter(None, map(self._succeeded, asked)), default=None)

    def forget(self, days: int, is_ours: Callable[[str], bool]) -> int:
        """Delete up to ten rows of runs that are older than *days*, once a day where that is remembered; return how
        many went.
        """
        now = self.server_now()
        if now and self._was_cleared(now):
            return 0
        oldest = self._records(sorted_by(self._shape, "Started", "asc", MOST_RECORDS))
        gone = [
            record["id"]
            for record in oldest
            if now and self._began(record) < now - timedelta(days=days) and is_ours(self._name(record))
        ][:MOST_RECORDS]
        if gone:
            self._api.delete("remove old rows of Runs", self._shape.id, gone)
        return len(gone)

    def _was_cleared(self, now: datetime) -> bool:
        """Tell whether old rows were removed today already, as far as that is remembered; from now on they were."""
        with suppress(MemoryLost):
            return self._shelf is not None and not self._shelf.put(MARK, CLEARED, now.date().isoformat())
        return False

    @property
    def _shape(self) -> TableShape:
        if not self.exists() or self._found is None:
            raise Rejected("Airtable", "read Runs", "the base has no Runs table", remedy="Add it: docs/airtable.md.")
        return self._found

    def _records(self, choice: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the rows that *choice* asks for; all of them where Airtable refuses it (a renamed column, say)."""
        columns = [self._shape.columns[name] for name in READ]
        try:
            return self._api.records("Runs", self._shape.id, columns, choice)
        except Transient as error:
            if error.status != REFUSED:
                raise
            return self._api.records("Runs", self._shape.id, columns)

    def _succeeded(self, record: Mapping[str, Any]) -> datetime | None:
        try:
            cells = self._cells(record)
            if text(cells, "Run") != HEARTBEAT and text(cells, "Result") != FINE:
                return None
            return moment(text(cells, "Ended"))
        except OddCell:
            return None

    def _cells(self, record: Mapping[str, Any]) -> dict[str, Any]:
        fields = record.get("fields")
        fields = fields if isinstance(fields, dict) else {}
        return {name: fields.get(self._shape.columns[name]) for name in READ}

    def _name(self, record: Mapping[str, Any]) -> str:
        try:
            return text(self._cells(record), "Run")
        except OddCell:
            return ""

    def _began(self, record: Mapping[str, Any]) -> datetime:
        created = moment(str(record.get("createdTime")))
        if created is None:
            raise Rejected("Airtable", "read Runs", "a row does not tell when it was made")
        return created

    def _upsert(self, cells: Mapping[str, Any]) -> str:
        record = {"fields": self._shape.by_id(cells)}
        return str(self._api.upsert(OPERATION, self._shape.id, self._shape.columns["Run"], [record])[0]["id"])

    def _update(
        self, cells_of: Sequence[tuple[str, Mapping[str, Any]]], still: Callable[[], None] = lambda: None
    ) -> None:
        records: Any = [{"id": record_id, "fields": self._shape.by_id(cells)} for record_id, cells in cells_of]
        if records:
            self._api.update(OPERATION, self._shape.id, records, still=still)


def _age(record: Mapping[str, Any]) -> tuple[str, str]:
    return str(record.get("createdTime")), str(record["id"])
