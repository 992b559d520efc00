"""Airtable: where contracts are read, and the ledger and the totals are kept."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from pyairtable.api.types import UpdateRecordDict
from pyrate_limiter import Duration, Rate

from connectors.airtable_alerts import alert_book
from connectors.airtable_api import REFUSED, SERVICE, AirtableApi
from connectors.airtable_runs import AirtableRuns
from connectors.airtable_tables import Tables
from connectors.memory import Shelf
from connectors.retry import Pace
from connectors.wire.airtable import (
    OddCell,
    age,
    decode_allocation,
    decode_community,
    decode_contact,
    decode_engagement,
    decode_project,
    decode_row,
    encode_allocation,
    encode_proposal,
    encode_row,
    encode_sealing,
    encode_totals,
    readable_key,
)
from connectors.wire.alerts import TABLE as ALERTS
from connectors.wire.alerts import encode_alert, lacking, wanted_rows
from connectors.wire.columns import TableShape, find_tables, lacking_columns
from connectors.wire.runs import stamp
from connectors.wire.spare_rows import asking_for, columns_of_people, spare
from sync.errors import Rejected, Transient
from sync.model.alert import AlertBook, AlertWrite
from sync.model.allocating import AllocationDraft
from sync.model.change import RowWrite
from sync.model.contract import Contracts, ProposedStatus, Sealing, Totals
from sync.model.cost import Cost
from sync.model.reading import FieldDrift, Moved, Problem
from sync.model.work import Ledger, Row, StoredRow

CALLS_A_MONTH, MONTH = 100_000, timedelta(days=31)
"""Of Airtable's plan Team; Business has no such limit (https://support.airtable.com/docs/managing-api-call-limits-in-airtable)."""
PAGES = "https://airtable.com"
CELL_REMEDY = "Correct the cell."
LONGEST_QUESTION = 5_000
"""Characters of a formula: escaped for an address, which may have 16,000, it is up to three times as long."""
RECORDS_ASKED_FOR = 100
"""So many records in one question by id: 33 characters each."""
MARK = "@"
"""Stands in every key of ours: rows of people, without a key or with another one, are none of our business."""

READ_WHOLE = ("Communities", "Contacts", "Engagements", "Projects", "Allocations", "Activity")
OFTEN_EDITED = ("Allocations",)
"""The table that people change most: how many hours an allocation has, whether it is reopened."""
WRITTEN = ("Allocations", "Activity")
"""Tables with cells of ours that another run may have written meanwhile."""

Value = TypeVar("Value")


class AirtableConnector:
    """Reads and writes one base. *names* maps ``Table`` or ``Table.Column`` to another name or id.

    Airtable allows five requests a second for each base; by default one stays free for people's own integrations.
    *without* are columns (``Table.Column``) that are not needed and left alone. *clock* tells the moment for the
    stamps. With a *shelf* what was read is remembered between runs.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        base: str,
        names: Mapping[str, str],
        requests_per_second: int = 4,
        without: Collection[str] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
        shelf: Shelf | None = None,
    ) -> None:
        self._pace = Pace(Rate(requests_per_second, Duration.SECOND))
        self._connect = partial(AirtableApi, token=token, api_url=api_url, base=base, pace=self._pace, sleep=sleep)
        self._api = self._connect(before_write=before_write)
        self._tables = Tables(self._api, shelf, clock)
        self._shelf = shelf
        self._base = base
        self._names = names
        self._without = without
        self._clock = clock
        self._shapes: dict[str, TableShape] = {}
        self._drift: tuple[FieldDrift, ...] = ()
        self._record_ids: dict[str, str] = {}
        self._further: dict[str, tuple[str, ...]] = {}
        """The records of keys that stand on several, the oldest first."""
        self._alert_ids: dict[str, str] = {}

    def cost(self) -> Cost:
        """Tell what was asked so far, the table Runs included, beside the calls of a month of the plan Team."""
        asked = self._pace.asked
        return Cost(SERVICE, asked, asked, "calls", CALLS_A_MONTH, MONTH)

    def server_now(self) -> datetime | None:
        """Return the moment it is at Airtable, as its last answer said; None when it did not say."""
        return self._api.clock.now()

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    def run_book(self, *clocks: Callable[[], datetime | None]) -> AirtableRuns:
        """Return the Runs table of this base: with a connection of its own, for its own thread, at the same pace.

        *clocks* tell what time it is at other services.
        """
        return AirtableRuns(self._connect(), self._shape_of_runs, self._shelf, (self.server_now, *clocks))

    def _shape_of_runs(self) -> TableShape | None:
        if not self._shapes:
            self._read_schema()
        return self._shapes.get("Runs")

    # Reading.

    def read_contracts(self) -> Contracts:
        """Read the schema, then communities, contacts, engagements, projects and allocations.

        A record with an odd cell is named and left out; the contracts are then incomplete.
        """
        self._read_schema()
        problems: list[Problem] = []
        allocations = self._table("Allocations", decode_allocation, problems)
        return Contracts(
            communities=self._table("Communities", decode_community, problems),
            contacts=self._table("Contacts", decode_contact, problems),
            engagements=self._table("Engagements", decode_engagement, problems),
            projects=self._table("Projects", decode_project, problems),
            allocations={one.id: replace(one, page=self.page_of_allocation(one.id)) for one in allocations.values()},
            complete=not problems,
            problems=tuple(problems),
            drift=self._drift,
            lacking=lacking_columns(self._shapes),
        )

    def read_ledger(self) -> Ledger:
        """Read the Activity table; keys that stand on several records, or on one with an odd cell, are held."""
        if not self._shapes:
            self._read_schema()
        problems: list[Problem] = []
        found: dict[str, list[StoredRow]] = {}
        held: dict[str, list[str]] = {}
        typed: dict[str, Row] = {}
        for record in self._records("Activity"):
            try:
                stored = decode_row(record["id"], str(record.get("createdTime")), self._cells("Activity", record))
            except OddCell as error:
                problems.append(self._odd("Activity", record, error))
                held.setdefault(self._key(record), []).append(record["id"])
                continue
            if MARK in stored.row.key:
                found.setdefault(stored.row.key, []).append(stored)
            else:
                typed[stored.record_id] = stored.row
        rows = {key: min(stored, key=age) for key, stored in found.items()}
        self._record_ids = {key: stored.record_id for key, stored in rows.items()}
        several = {key: sorted(stored, key=age) for key, stored in found.items() if len(stored) > 1 and key not in held}
        self._further = {key: tuple(one.record_id for one in stored) for key, stored in several.items()}
        ids = {key: (*(one.record_id for one in found.get(key, ())), *held.get(key, ())) for key in {**found, **held}}
        twins = {key: those for key, those in ids.items() if MARK in key and (len(those) > 1 or key in held)}
        return Ledger(rows, twins, complete=not problems, problems=tuple(problems), typed=typed)

    def read_alerts(self, *, whole: bool = False, keys: Collection[str] = ()) -> AlertBook:
        """Read the table Alerts: all rows when it has to be *whole*, else those that are not resolved or have *keys*.

        All of them too where these are too many for one question, or where Airtable refuses to narrow the rows, because
        a column was renamed meanwhile, say.
        """
        if not self._shapes:
            self._read_schema()
        shape = self._shapes.get(ALERTS)
        if shape is None or lacking(shape.columns):
            return alert_book(shape, (), dict, whole=whole)
        question = wanted_rows(shape.columns, keys)
        whole = whole or len(question) > LONGEST_QUESTION
        try:
            records = self._alerts(shape, None if whole else {"filterByFormula": question})
        except Transient as error:
            if whole or error.status != REFUSED:
                raise
            whole, records = True, self._alerts(shape)
        book = alert_book(shape, records, lambda record: self._cells(ALERTS, record), whole=whole)
        self._alert_ids |= {key: stored.record_id for key, stored in book.rows.items()}
        return book

    def _alerts(self, shape: TableShape, choice: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return self._api.records(ALERTS, shape.id, tuple(shape.columns.values()), choice)

    def _key(self, record: Mapping[str, Any]) -> str:
        """Return the key of a record with an odd cell, "" when that cannot be read either."""
        return readable_key(record, lambda one: self._cells("Activity", one))

    def _read_schema(self) -> None:
        self._shapes, self._drift = find_tables(self._tables.schema(), self._names, self._without)

    def _table(
        self, name: str, decode: Callable[[str, Mapping[str, Any]], Value], problems: list[Problem]
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for record in self._records(name):
            try:
                found[record["id"]] = decode(record["id"], self._cells(name, record))
            except OddCell as error:
                problems.append(self._odd(name, record, error))
        return found

    def _records(self, name: str) -> Iterable[dict[str, Any]]:
        shape = self._shapes.get(name)
        return self._tables.records(name, shape) if shape else ()

    # What is remembered between runs.

    def is_known(self) -> bool:
        """Tell whether everything was read before, so that a look is enough."""
        if not self._tables.is_known(()):
            return False
        self._read_schema()
        return self._tables.is_known(name for name in READ_WHOLE if name in self._shapes)

    def look(self, *, hasty: bool = False) -> Moved:
        """Ask what was edited since the last look; *hasty*: only in the tables that the service writes.

        Else in allocations, and in the others in turns. Where anything moved, in all of them.
        """
        shapes = {name: self._shapes[name] for name in READ_WHOLE if name in self._shapes}
        return self._tables.look(shapes, WRITTEN if hasty else OFTEN_EDITED, hasty=hasty)

    def read_again(self, rows: Collection[str]) -> bool:
        """Ask for these records of Activity, and for what changed in it; let the next reading list all other tables.

        False where that does not show all there is to know: one of the records is gone, say.
        """
        shapes = {name: self._shapes[name] for name in READ_WHOLE if name in self._shapes}
        return self._tables.let_go_but("Activity", shapes, rows)

    def _cells(self, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's cells by default column name; Airtable leaves empty ones out."""
        fields = record.get("fields")
        if not isinstance(fields, dict):
            raise OddCell("fields")
        return {column: fields.get(field_id) for column, field_id in self._shapes[name].columns.items()}

    def _odd(self, name: str, record: Mapping[str, Any], error: OddCell) -> Problem:
        fields = record.get("fields")
        columns = self._shapes[name].columns
        label = fields.get(columns.get("Name") or columns.get("Title") or "") if isinstance(fields, dict) else None
        subject = label if isinstance(label, str) and label.strip() else record["id"]
        return Problem(SERVICE, f"{name}: {subject}", f"odd cell {error}", CELL_REMEDY)

    # Writing.

    def write_rows(self, writes: Sequence[RowWrite]) -> None:
        """Write up to ten rows in one request: by record where it is known, else by upsert on the key.

        A key that comes twice is written once, as it comes last. Raises Rejected for a row without a key: Airtable
        would make a new one each time.
        """
        shape = self._shapes["Activity"]
        stamped = {"Synced at": stamp(self._clock())}
        records: dict[str, dict[str, Any]] = {}
        for write in writes:
            key = write.after.key
            if MARK not in key:
                raise Rejected(SERVICE, "write Activity", f'a row without a key ("{key}")')
            known = {"id": self._record_ids[key]} if key in self._record_ids else {}
            cells = encode_row(write.before if known else None, write.after) | stamped
            records[key] = {**known, "fields": shape.by_id(cells)}
        answered = self._api.upsert("write Activity", shape.id, shape.columns["Key"], list(records.values()))
        self._record_ids |= {key: one["id"] for key, one in zip(records, answered, strict=True)}
        self._tables.wrote("Activity", shape, answered)

    def spare_rows(self, keys: Collection[str]) -> Mapping[str, str]:
        """Return the younger records of keys that stand on several, with their keys, that can go without any loss."""
        shape = self._shapes["Activity"]
        (table,) = (one for one in self._tables.schema() if one.id == shape.id)
        people = columns_of_people(table, shape.columns.values())
        found: dict[str, str] = {}
        for key in keys:
            if oldest_first := self._further.get(key, ()):
                choice = {"filterByFormula": asking_for(oldest_first)}
                records = self._api.records("Activity", shape.id, (), choice)
                found |= dict.fromkeys(spare(records, oldest_first, shape.columns["Key"], people), key)
        return found

    def untouched_rows(self, rows: Collection[StoredRow]) -> frozenset[str]:
        """Return those of these records that stand as given and hold no word of people; they are read anew."""
        shape = self._shapes["Activity"]
        (table,) = (one for one in self._tables.schema() if one.id == shape.id)
        people = columns_of_people(table, shape.columns.values())
        given = {one.record_id: one.row for one in rows}
        found: set[str] = set()
        for start in range(0, len(given), RECORDS_ASKED_FOR):
            choice = {"filterByFormula": asking_for(list(given)[start : start + RECORDS_ASKED_FOR])}
            for record in self._api.each_record("Activity", shape.id, (), choice):
                if self._is_untouched(record, given.get(record["id"]), people):
                    found.add(record["id"])
        return frozenset(found)

    def _is_untouched(self, record: Mapping[str, Any], row: Row | None, people: Collection[str]) -> bool:
        try:
            stored = decode_row(record["id"], "", self._cells("Activity", record))
        except OddCell:
            return False
        return stored.row == row and not any(column in record["fields"] for column in people)

    def remove_rows(self, record_ids: Sequence[str]) -> None:
        """Delete up to ten records of Activity in one request; they stay in the base's trash for seven days."""
        self._api.delete("delete rows of Activity", self._shapes["Activity"].id, record_ids)
        for one in record_ids:
            self._tables.forget("Activity", one)
        self._record_ids = {key: one for key, one in self._record_ids.items() if one not in record_ids}

    def write_alerts(self, writes: Sequence[AlertWrite]) -> None:
        """Write up to ten rows of Alerts in one request: by record where it is known, else by upsert on the key."""
        shape = self._shapes[ALERTS]
        records = []
        for write in writes:
            key = write.after.key
            known = {"id": self._alert_ids[key]} if key in self._alert_ids else {}
            cells = encode_alert(write.before if known else None, write.after)
            records.append({**known, "fields": shape.by_id(cells)})
        answered = self._api.upsert("write Alerts", shape.id, shape.columns["Key"], records)
        self._alert_ids |= {one.after.key: record["id"] for one, record in zip(writes, answered, strict=True)}

    def write_seals(self, seals: Mapping[str, Sealing | None]) -> None:
        """Write or clear the three sealing cells of up to ten allocations in one request."""
        self._write_allocations({record_id: encode_sealing(one) for record_id, one in seals.items()})

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of up to ten allocations in one request."""
        self._write_allocations({record_id: encode_totals(one) for record_id, one in totals.items()})

    def write_proposals(self, proposals: Mapping[str, ProposedStatus]) -> None:
        """Write the proposed statuses of up to ten engagements in one request."""
        shape = self._shapes["Engagements"]
        records: list[UpdateRecordDict] = [
            {"id": record_id, "fields": shape.by_id(encode_proposal(one))} for record_id, one in proposals.items()
        ]
        self._tables.wrote("Engagements", shape, self._api.update("write Engagements", shape.id, records))

    def create_allocations(self, drafts: Sequence[AllocationDraft]) -> list[str]:
        """Make up to ten rows of Allocations in one request; return their record ids.

        Raises OutcomeUnknown when the answer was lost: read the contracts again before making them again.
        """
        shape = self._shapes["Allocations"]
        cells = [shape.by_id(encode_allocation(one)) for one in drafts]
        return self._api.create("make Allocations", shape.id, cells)

    def link_csh_task(self, allocation_id: str, url: str) -> None:
        """Note the address of an allocation's CSH task on its row."""
        shape = self._shapes["Allocations"]
        cells = shape.by_id({"Asana task": url})
        if not cells:
            raise Rejected(SERVICE, "link Allocations", "the base has no column *Asana task*", remedy="Add it.")
        self._api.update("link Allocations", shape.id, [{"id": allocation_id, "fields": cells}])

    def page_of_allocation(self, allocation_id: str) -> str:
        """Return the address of a row of Allocations, as people open it."""
        return f"{PAGES}/{self._base}/{self._shapes['Allocations'].id}/{allocation_id}"

    def write_initiative(self, allocation_id: str, url: str) -> None:
        """Note the address of an allocation's initiative; a base without the column is left alone."""
        if "Initiative URL" in self._shapes["Allocations"].columns:
            self._write_allocations({allocation_id: {"Initiative URL": url}})

    def _write_allocations(self, cells_by_id: Mapping[str, Mapping[str, Any]]) -> None:
        shape = self._shapes["Allocations"]
        stamped = {"As of": stamp(self._clock())}
        records: list[UpdateRecordDict] = [
            {"id": record_id, "fields": shape.by_id({**cells, **stamped})} for record_id, cells in cells_by_id.items()
        ]
        self._tables.wrote("Allocations", shape, self._api.update("write Allocations", shape.id, records))
