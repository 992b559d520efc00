"""pyairtable, one request at a time: what it is asked, whether the answer is one, and what its failures mean.

Of pyairtable its retries (they repeat whatever was sent, and give up within a lock-out), its waits, its iterators and
its models of the schema are off: one field of a kind it does not know would cost the whole schema.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pyairtable
import requests
import requests.auth
import urllib3.exceptions
from pyairtable.api.types import UpdateRecordDict

from connectors.addresses import is_loopback
from connectors.in_time_pools import TimelyAdapter
from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT, Again, Gateway, Pace, Trouble, asked_wait, told
from connectors.server_clock import ServerClock
from connectors.wire.columns import FoundTable, decode_schema
from sync.errors import Denied, LimitReached, Rejected, ServiceError, Transient

SERVICE = "Airtable"
PAGE = 100
MOST_RECORDS = 10
REFUSED = 422
"""Airtable takes no more records in one request."""
LOCK_OUT_SECONDS = 31.0
"""After a 429 nothing succeeds for 30 s, and asking meanwhile may lengthen it (Airtable: rate limits)."""
RESTARTS = 2
"""How often a listing whose cursor expired is begun again."""
EXPIRED = ("LIST_RECORDS_ITERATOR_NOT_AVAILABLE", "INVALID_OFFSET_VALUE")
BILLING = "BILLING_LIMIT_EXCEEDED"
LONGEST_MESSAGE = 300
ADDRESS_REMEDY = "Check CSH_AIRTABLE__API_URL and the network."
REFUSED_REMEDY = "Check CSH_AIRTABLE__TOKEN: it is refused."
ACCESS_REMEDY = (
    "Either the base or table id is wrong (CSH_AIRTABLE__BASE), or the token lacks the base or one of the scopes "
    "data.records:read, data.records:write, schema.bases:read: Airtable answers both alike."
)
FIELD_REMEDY = "The token's user may not edit this table or field: allow it in the field's permissions."
BILLING_REMEDY = "The plan's calls of this month are used up; nothing works until the next billing cycle."

Answer = TypeVar("Answer")
Record = dict[str, Any]
"""``id``, ``createdTime``, and under ``fields`` the cells that are not empty, by the ids of their columns."""


class AirtableApi:
    """One token's way to one base.

    *pace* is shared by all who use this token for this base; *before_write* may refuse every write, as `Gateway` says.
    What every method raises: Denied when token, base or table is refused, or the plan's calls are used up; LimitReached
    and Transient when Airtable does not answer in time; writes also Rejected.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        base: str,
        pace: Pace,
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        timeout = (CONNECT_TIMEOUT, READ_TIMEOUT)
        self._api = pyairtable.Api(
            token, timeout=timeout, retry_strategy=None, endpoint_url=api_url.rstrip("/"), use_field_ids=True
        )
        session = self._api.session
        session.max_redirects = 0
        for scheme in ("https://", "http://"):
            session.mount(scheme, TimelyAdapter())
        session.auth = _Bearer(token)
        session.trust_env = not is_loopback(api_url)
        self._base = self._api.base(base)
        host = urlsplit(api_url).netloc
        self.clock = ServerClock()
        session.hooks["response"].append(lambda response, *_, **__: self.clock.note(response.headers))
        self._gateway = Gateway(
            SERVICE, pace, partial(classify, host=host), secrets=[token], sleep=sleep, before_write=before_write
        )

    def close(self) -> None:
        """Close the connections."""
        self._api.session.close()

    def schema(self) -> list[FoundTable]:
        """Return the tables of the base with their columns."""
        return decode_schema(self.schema_as_told())

    def schema_as_told(self) -> Any:
        """Return the tables of the base with their columns, as `decode_schema` takes them."""

        def request() -> Any:
            answer = self._api.get(self._base.urls.tables)
            decode_schema(answer)
            return answer

        return self._read("read the schema", request)

    def whoami(self) -> Mapping[str, Any]:
        """Return what Airtable tells of the token."""
        url = self._api.build_url("meta", "whoami")
        return self._read("ask whose the token is", lambda: _promised_object(self._api.get(url)))

    def bases(self) -> list[Mapping[str, Any]]:
        """Return the bases that the token may see, with what its user may do there: all pages of the list."""
        url, found = self._api.build_url("meta", "bases"), []
        params: dict[str, str] = {}
        while True:
            page = self._read("list the bases", lambda: _promised_object(self._api.get(url, params=dict(params))))
            found += [_promised_object(one) for one in page["bases"]]
            if not page.get("offset") or page["offset"] == params.get("offset"):
                return found
            params["offset"] = str(page["offset"])

    def records(
        self, name: str, table_id: str, columns: Sequence[str], choice: Mapping[str, Any] | None = None
    ) -> list[Record]:
        """Return all records of a table with these columns, each once. An expired cursor begins the listing again.

        *choice* narrows and orders them: ``filterByFormula``, ``sort[0][field]``, ``maxRecords`` (Airtable: list
        records). Raises Transient when the table changed so that it cannot be listed as asked.
        """
        return list(self.each_record(name, table_id, columns, choice))

    def each_record(
        self, name: str, table_id: str, columns: Sequence[str], choice: Mapping[str, Any] | None = None
    ) -> Iterator[Record]:
        """Yield what `records` returns page by page: of a long table the records are never all held as told.

        Where an expired cursor begins the listing again, what was yielded before stands as it was then.
        """
        operation = f"read {name}"
        asked = {"fields[]": list(columns), **(choice or {})}
        seen: set[str] = set()
        for _ in range(RESTARTS + 1):
            try:
                for record in self._pages(operation, table_id, asked):
                    if record["id"] not in seen:
                        seen.add(record["id"])
                        yield record
            except _Expired:
                continue
            return
        raise Transient(SERVICE, operation, "its pages expired again and again while they were read")

    def _pages(self, operation: str, table_id: str, asked: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        url = self._base.table(table_id).urls.records
        params = {"pageSize": PAGE, "returnFieldsByFieldId": "true", **asked}
        offsets: set[str] = set()
        while True:
            page = self._read(operation, lambda: _promised_page(self._api.get(url, params=dict(params))))
            yield from page["records"]
            offset = page.get("offset")
            if offset is None:
                return
            if offset in offsets:
                raise Transient(SERVICE, operation, "the same page is told to be the next one again and again")
            offsets.add(offset)
            params["offset"] = offset

    def _read(self, operation: str, request: Callable[[], Answer]) -> Answer:
        try:
            return self._gateway.read(operation, request)
        except Rejected as error:
            if any(word in error.message for word in EXPIRED):
                raise _Expired from error
            remedy = "The base may have changed while it was read: see the next run."
            raise Transient(SERVICE, operation, told(error), remedy=remedy, status=error.status) from error

    def update(
        self,
        operation: str,
        table_id: str,
        records: Sequence[UpdateRecordDict],
        *,
        still: Callable[[], None] = lambda: None,
    ) -> list[Record]:
        """Write cells of up to ten records in one request; return the records, whole, as they are then.

        Sent again after an unclear answer, it ends the same.

        *still* is asked before each try and raises a ServiceError when it may not be sent any more.
        """
        table = self._base.table(table_id)

        def request() -> list[Record]:
            still()
            answered = table.batch_update(_one_request(records), typecast=False)
            _check([record["id"] for record in records], [record["id"] for record in answered])
            return [dict(record) for record in answered]

        return self._gateway.write_again(operation, request)

    def upsert(
        self, operation: str, table_id: str, key_column: str, records: Sequence[Mapping[str, Any]]
    ) -> list[Record]:
        """Write up to ten records in one request, by id where they have one, else by their key; return them, whole.

        Each has a key, and none has that of another. Sent again after an unclear answer, it ends the same: a record
        that was made is then found by its key.
        """
        table = self._base.table(table_id)

        def request() -> list[Record]:
            sent = [dict(record) for record in _one_request(records)]
            answered = table.batch_upsert(sent, key_fields=[key_column], typecast=False)["records"]
            _check(
                [record["fields"][key_column] for record in records],
                [record["fields"].get(key_column) for record in answered],
            )
            return [dict(record) for record in answered]

        return self._gateway.write_again(operation, request)

    def create(self, operation: str, table_id: str, cells: Sequence[Mapping[str, Any]]) -> list[str]:
        """Make up to ten records in one request; return their ids. Raises OutcomeUnknown when the answer was lost."""
        table = self._base.table(table_id)

        def request() -> list[str]:
            answered = table.batch_create([dict(one) for one in _one_request(cells)], typecast=False)
            ids = [record["id"] for record in answered]
            if len(ids) != len(cells):
                raise TypeError(f"{len(ids)} records are answered where {len(cells)} were to be made")
            return ids

        return self._gateway.create(operation, request)

    def make_table(self, operation: str, body: Mapping[str, Any]) -> None:
        """Make a table with its columns. Raises OutcomeUnknown when the answer was lost."""
        url = self._base.urls.tables
        self._gateway.create(operation, lambda: _promised_object(self._api.post(url, json=dict(body))))

    def make_column(self, operation: str, table_id: str, body: Mapping[str, Any]) -> None:
        """Make a column. Raises OutcomeUnknown when the answer was lost."""
        url = f"{self._base.urls.tables}/{table_id}/fields"
        self._gateway.create(operation, lambda: _promised_object(self._api.post(url, json=dict(body))))

    def delete(self, operation: str, table_id: str, record_ids: Sequence[str]) -> None:
        """Delete up to ten records in one request; Airtable keeps them in the base's trash for seven days."""
        table = self._base.table(table_id)
        self._gateway.write_again(operation, lambda: table.batch_delete(list(_one_request(record_ids))))


class _Expired(Exception):
    """The cursor of a listing expired."""


class _Bearer(requests.auth.AuthBase):
    """Carries the token, so that no line of a person's .netrc takes its place."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _one_request(records: Sequence[Answer]) -> Sequence[Answer]:
    if len(records) > MOST_RECORDS:
        raise ValueError(f"{len(records)} records do not fit into one request")
    return records


def _promised_page(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("records"), list):
        raise TypeError("no page of records")
    if not all(isinstance(one, dict) and isinstance(one.get("id"), str) for one in answer["records"]):
        raise TypeError("a record without an id")
    if not isinstance(answer.get("offset"), str | None):
        raise TypeError("no offset")
    return answer


def _promised_object(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        raise TypeError("no object")
    return answer


def _check(sent: Sequence[Any], answered: Sequence[Any]) -> None:
    if list(sent) != list(answered):
        raise TypeError("the answer is about other records")


def classify(operation: str, error: Exception, host: str = "") -> Trouble:
    """Tell what a failure of the client means for the next step."""
    if isinstance(error, requests.HTTPError) and error.response is not None:
        return _classify_status(operation, error.response)
    if isinstance(error, requests.ConnectTimeout) or _never_left(error):
        message = f"{host} cannot be reached"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.NOT_DONE)
    if isinstance(error, requests.TooManyRedirects):
        message = f"{host} answered with a redirect, which is not followed"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY))
    if isinstance(error, OSError | ValueError | TypeError | KeyError | AttributeError):
        words = f": {error}" if type(error) is TypeError else ""
        message = f"no usable answer from {host} ({type(error).__name__}{words})"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _never_left(error: BaseException) -> bool:
    """Tell whether the connection was refused before anything was sent: the reason is wrapped several times."""
    inner = [one for one in (*error.args, getattr(error, "reason", None)) if isinstance(one, BaseException)]
    return isinstance(error, urllib3.exceptions.NewConnectionError) or any(_never_left(one) for one in inner)


def _classify_status(operation: str, response: requests.Response) -> Trouble:
    status, words = response.status_code, error_words(response)
    asked = asked_wait(response.headers)
    match status:
        case 401:
            error: ServiceError = Denied(
                SERVICE, operation, words or "not authorised", remedy=REFUSED_REMEDY, status=status
            )
            return Trouble(error)
        case 403 | 404:
            remedy = FIELD_REMEDY if words.startswith("INVALID_PERMISSIONS:") else ACCESS_REMEDY
            return Trouble(Denied(SERVICE, operation, words or f"answered {status}", remedy=remedy, status=status))
        case 429 if BILLING in words:
            return Trouble(Denied(SERVICE, operation, words, remedy=BILLING_REMEDY, status=status))
        case 429:
            wait = max(asked or 0.0, LOCK_OUT_SECONDS)
            return Trouble(LimitReached(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        case _ if status >= 500:
            error = Transient(SERVICE, operation, f"answered {status} {words}".strip(), status=status)
            return Trouble(error, Again.UNCLEAR, asked)
        case _:
            return Trouble(Rejected(SERVICE, operation, words or f"answered {status}", status=status))


def error_words(response: requests.Response) -> str:
    """Return type and message of an error answer, in any of the shapes that Airtable uses, "" when it has none."""
    try:
        body = response.json()
    except ValueError:
        return ""
    found = body.get("error") if isinstance(body, dict) else None
    if found is None and isinstance(body, dict) and isinstance(body.get("errors"), list):
        found = next(iter(body["errors"]), None)
    if isinstance(found, Mapping):
        parts = (found.get("type") or found.get("error"), found.get("message"))
        found = ": ".join(str(part) for part in parts if part)
    return " ".join(str(found or "").split())[:LONGEST_MESSAGE]
