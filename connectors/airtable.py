"""Airtable through pyairtable: contracts are read, the ledger and the totals are kept."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pyairtable
import pydantic
import requests
import urllib3.exceptions
from pyairtable.api.types import UpdateRecordDict
from pyrate_limiter import Duration, Rate

from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT, Again, Gateway, Trouble, retry_after
from connectors.wire.airtable import (
    OddCell,
    decode_allocation,
    decode_community,
    decode_contact,
    decode_engagement,
    decode_project,
    decode_row,
    encode_row,
    encode_sealing,
    encode_totals,
)
from connectors.wire.columns import FoundTable, TableShape, find_tables
from sync.errors import Denied, Rejected, ServiceError, Transient
from sync.model.change import RowWrite
from sync.model.contract import Contracts, Sealing, Totals
from sync.model.reading import FieldDrift, Problem
from sync.model.work import Ledger, StoredRow

SERVICE = "Airtable"
PAGE = 100
LOCK_OUT_SECONDS = 31.0
"""After a 429 nothing succeeds for 30 s (Airtable: rate limits)."""
RESTARTS = 2
EXPIRED = ("LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "INVALID_OFFSET_VALUE")
BILLING = "BILLING_LIMIT_EXCEEDED"

Value = TypeVar("Value")


class AirtableConnector:
    """Reads and writes one base. *names* maps ``Table`` or ``Table.Column`` to another name or id.

    Airtable allows five requests a second for each base; one stays free for people's own integrations.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        base: str,
        names: Mapping[str, str],
        requests_per_second: int = 4,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
        self._api = pyairtable.Api(
            token, timeout=timeout, retry_strategy=None, endpoint_url=api_url.rstrip("/"), use_field_ids=True
        )
        self._api.session.max_redirects = 0
        self._base = self._api.base(base)
        self._names = names
        self._clock = clock
        self._gateway = Gateway(SERVICE, Rate(requests_per_second, Duration.SECOND), classify, sleep=sleep)
        self._shapes: dict[str, TableShape] = {}
        self._drift: tuple[FieldDrift, ...] = ()
        self._record_ids: dict[str, str] = {}

    # Reading.

    def read_contracts(self) -> Contracts:
        """Read the schema, then communities, contacts, engagements, projects and allocations.

        A record with an odd cell is named and left out; the contracts are then incomplete.
        """
        self._read_schema()
        problems: list[Problem] = []
        return Contracts(
            communities=self._table("Communities", decode_community, problems),
            contacts=self._table("Contacts", decode_contact, problems),
            engagements=self._table("Engagements", decode_engagement, problems),
            projects=self._table("Projects", decode_project, problems),
            allocations=self._table("Allocations", decode_allocation, problems),
            complete=not problems,
            problems=tuple(problems),
            drift=self._drift,
        )

    def read_ledger(self) -> Ledger:
        """Read the Activity table; keys that stand on several records, or on one with an odd cell, are held."""
        problems: list[Problem] = []
        found: dict[str, list[StoredRow]] = {}
        odd: dict[str, tuple[str, ...]] = {}
        for record in self._records("Activity"):
            cells = self._cells("Activity", record)
            try:
                stored = decode_row(record["id"], record["createdTime"], cells)
            except OddCell as error:
                problems.append(
                    Problem(SERVICE, f"Activity row {cells.get('Title') or record['id']}", f"odd cell {error}")
                )
                continue
            if "@" in stored.row.key:
                found.setdefault(stored.row.key, []).append(stored)
        rows = {key: min(stored, key=_age) for key, stored in found.items()}
        self._record_ids = {key: stored.record_id for key, stored in rows.items()}
        twins = {key: tuple(one.record_id for one in stored) for key, stored in found.items() if len(stored) > 1}
        return Ledger(rows, {**twins, **odd}, complete=not problems, problems=tuple(problems))

    def _read_schema(self) -> None:
        schema = self._gateway.read("read the schema", lambda: self._base.schema(force=True))
        tables = [
            FoundTable(table.id, table.name, tuple((one.id, one.name, one.type) for one in table.fields))
            for table in schema.tables
        ]
        self._shapes, self._drift = find_tables(tables, self._names)

    def _table(
        self, name: str, decode: Callable[[str, Mapping[str, Any]], Value], problems: list[Problem]
    ) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for record in self._records(name):
            cells = self._cells(name, record)
            try:
                found[record["id"]] = decode(record["id"], cells)
            except OddCell as error:
                label = cells.get("Name") or record["id"]
                problems.append(Problem(SERVICE, f"{name}: {label}", f"odd cell {error}", "Correct the cell."))
        return found

    def _records(self, name: str) -> list[dict[str, Any]]:
        """List a table, each record once. A cursor that expired starts the listing again."""
        shape = self._shapes.get(name)
        if shape is None:
            return []
        for attempt in range(RESTARTS + 1):
            try:
                return list({record["id"]: record for record in self._pages(name, shape)}.values())
            except Rejected as error:
                if attempt == RESTARTS or not any(word in error.message for word in EXPIRED):
                    raise
        return []

    def _pages(self, name: str, shape: TableShape) -> Iterator[dict[str, Any]]:
        url = str(self._base.table(shape.id).urls.records)
        offset = ""
        while True:
            params = {"pageSize": PAGE, "returnFieldsByFieldId": "true", "fields[]": list(shape.columns.values())}
            params |= {"offset": offset} if offset else {}
            page = self._gateway.read(
                f"read {name}",
                lambda params=params: _page(self._api.get(url, params=params)),  # type: ignore[misc]
            )
            yield from page["records"]
            offset = page.get("offset") or ""
            if not offset:
                return

    def _cells(self, name: str, record: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's cells by default column name; Airtable leaves empty ones out."""
        fields = record["fields"]
        return {column: fields.get(field_id) for column, field_id in self._shapes[name].columns.items()}

    # Writing.

    def write_rows(self, writes: Sequence[RowWrite]) -> None:
        """Write up to ten rows in one request: by record where it is known, else by upsert on the key.

        Sent again after an unclear answer, it ends the same: values are absolute.
        """
        shape = self._shapes["Activity"]
        records = []
        for write in writes:
            cells = encode_row(write.before, write.after) | {"Synced at": _stamp(self._clock())}
            record: dict[str, Any] = {"fields": _by_id(shape, cells)}
            if record_id := self._record_ids.get(write.after.key):
                record["id"] = record_id
            records.append(record)
        table, key = self._base.table(shape.id), shape.columns["Key"]
        self._gateway.write_again(
            "write Activity", lambda: table.batch_upsert(records, key_fields=[key], typecast=False)
        )

    def write_seal(self, allocation_id: str, sealing: Sealing | None) -> None:
        """Write or clear the three sealing cells of an allocation in one request."""
        self._write_allocations({allocation_id: encode_sealing(sealing)})

    def write_totals(self, totals: Mapping[str, Totals]) -> None:
        """Write the totals of up to ten allocations in one request."""
        self._write_allocations({record_id: encode_totals(one) for record_id, one in totals.items()})

    def _write_allocations(self, cells_by_id: Mapping[str, Mapping[str, Any]]) -> None:
        shape = self._shapes["Allocations"]
        stamp = {"As of": _stamp(self._clock())}
        records: list[UpdateRecordDict] = [
            {"id": record_id, "fields": _by_id(shape, {**cells, **stamp})} for record_id, cells in cells_by_id.items()
        ]
        table = self._base.table(shape.id)
        self._gateway.write_again("write Allocations", lambda: table.batch_update(records, typecast=False))


def _by_id(shape: TableShape, cells: Mapping[str, Any]) -> dict[str, Any]:
    return {shape.columns[name]: value for name, value in cells.items() if name in shape.columns}


def _age(stored: StoredRow) -> tuple[datetime, str]:
    return stored.created_at or datetime.max.replace(tzinfo=UTC), stored.record_id


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _page(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
        raise TypeError("the answer is not a page of records")
    for record in answer["records"]:
        if not isinstance(record.get("fields"), dict) or not isinstance(record.get("id"), str):
            raise TypeError("a record is not what the API promises")
    return answer


def classify(operation: str, error: Exception) -> Trouble:
    """Tell what a failure of the client means for the next step."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _classify_status(operation, error.response)
    if isinstance(error, requests.ConnectTimeout) or _never_left(error):
        remedy = "Check CSH_AIRTABLE__API_URL and the network."
        return Trouble(Transient(SERVICE, operation, "cannot be reached", remedy=remedy), Again.NOT_DONE)
    if isinstance(error, requests.TooManyRedirects):
        return Trouble(Transient(SERVICE, operation, "answered with a redirect, which is not followed"))
    if isinstance(
        error, requests.RequestException | pydantic.ValidationError | OSError | ValueError | TypeError | KeyError
    ):
        return Trouble(Transient(SERVICE, operation, f"no usable answer ({type(error).__name__})"), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _never_left(error: Exception) -> bool:
    """Tell whether the connection was refused before anything was sent."""
    cause: BaseException | None = error
    while cause is not None:
        reason = getattr(cause, "reason", None) or (cause.args[0] if cause.args else None)
        if isinstance(cause, urllib3.exceptions.NewConnectionError) or isinstance(
            reason, urllib3.exceptions.NewConnectionError
        ):
            return True
        cause = reason if isinstance(reason, urllib3.exceptions.MaxRetryError) else cause.__cause__
    return False


def _classify_status(operation: str, response: requests.Response) -> Trouble:
    status, words = response.status_code, error_words(response)
    match status:
        case 401:
            remedy = "Check CSH_AIRTABLE__TOKEN: it is refused."
            return Trouble(Denied(SERVICE, operation, words or "not authorised", remedy=remedy, status=status))
        case 403 | 404:
            remedy = (
                "Either the base or table id is wrong (CSH_AIRTABLE__BASE), or the token lacks the base or one of the "
                "scopes data.records:read, data.records:write, schema.bases:read: Airtable answers both alike."
            )
            return Trouble(Denied(SERVICE, operation, words, remedy=remedy, status=status))
        case 429 if BILLING in words:
            remedy = "The plan's calls of this month are used up; nothing works until the next billing cycle."
            return Trouble(Denied(SERVICE, operation, words, remedy=remedy, status=status))
        case 429:
            wait = max(retry_after(response.headers, LOCK_OUT_SECONDS), LOCK_OUT_SECONDS)
            return Trouble(Transient(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        case _ if status >= 500:
            return Trouble(Transient(SERVICE, operation, f"answered {status} {words}", status=status), Again.UNCLEAR)
        case _:
            return Trouble(Rejected(SERVICE, operation, words or f"answered {status}", status=status))


def error_words(response: requests.Response) -> str:
    """Return type and message of an error answer, in any of the shapes that Airtable uses."""
    try:
        body = response.json()
    except ValueError:
        return ""
    error = body.get("error") if isinstance(body, dict) else None
    if error is None and isinstance(body, dict) and isinstance(body.get("errors"), list) and body["errors"]:
        first = body["errors"][0]
        return f"{first.get('error', '')}: {first.get('message', '')}".strip(": ")[:500]
    if isinstance(error, Mapping):
        return f"{error.get('type', '')}: {error.get('message', '')}".strip(": ")[:500]
    return str(error or "")[:500]
