"""The record of every request a sandbox has received."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

Outcome = Literal["open", "answered", "refused", "limited", "cut"]


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """One request: what was asked, when, and how it ended.

    *path* starts below the service's prefix; *query* keeps only the last value of a repeated name
    (`query_string` has them all). *elapsed* is real time in seconds since the sandbox was made.
    *executed* tells whether the handler ran, also when its answer never left. Headers are not kept;
    *leaked* tells that a token stood in the path, the query or the body. *answer* is what was sent back, where the log
    keeps answers.
    """

    number: int
    service: str
    method: str
    path: str
    query_string: str
    query: Mapping[str, str]
    operation: str | None
    body: Any
    is_write: bool
    moment: datetime
    elapsed: float
    leaked: bool = False
    status: int | None = None
    outcome: Outcome = "open"
    executed: bool = False
    faults: tuple[str, ...] = ()
    answer: Any = None

    def as_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values."""
        return {**asdict(self), "moment": self.moment.isoformat()}


class RequestLog:
    """Keep records in the order of arrival; safe to read from any thread.

    Answers are kept from the moment `keeps_answers` is set: a long play has more of them than fit into memory.
    """

    def __init__(self) -> None:
        self.keeps_answers = False
        self._lock = threading.Lock()
        self._records: list[RequestRecord] = []

    def __len__(self) -> int:
        return len(self._records)

    def add(self, record: RequestRecord) -> RequestRecord:
        """Store *record* under the next number and return it as stored."""
        with self._lock:
            record = replace(record, number=len(self._records))
            self._records.append(record)
            return record

    def close(self, record: RequestRecord) -> None:
        """Store how the request of *record* ended."""
        with self._lock:
            if record.number < len(self._records):
                self._records[record.number] = record

    def mark(self) -> int:
        """Return a place in the log: pass it as *since* to look only at what came later."""
        return len(self._records)

    def clear(self) -> None:
        """Forget all records."""
        with self._lock:
            self._records.clear()

    def select(
        self,
        service: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        is_write: bool | None = None,
        since: int = 0,
    ) -> tuple[RequestRecord, ...]:
        """Return the records that fit all given properties; *path* is a regular expression."""
        with self._lock:
            records = self._records[since:]
        return tuple(
            record
            for record in records
            if (service is None or record.service == service)
            and (method is None or record.method == method)
            and (path is None or re.search(path, record.path) is not None)
            and (operation is None or record.operation == operation)
            and (status is None or record.status == status)
            and (is_write is None or record.is_write == is_write)
        )

    def writes(self, service: str | None = None, since: int = 0) -> tuple[RequestRecord, ...]:
        """Return the writing requests, refused ones included."""
        return self.select(service=service, is_write=True, since=since)

    def count(
        self,
        service: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        status: int | None = None,
        is_write: bool | None = None,
        since: int = 0,
    ) -> int:
        """Count the records `select` would return."""
        found = self.select(
            service, method=method, path=path, operation=operation, status=status, is_write=is_write, since=since
        )
        return len(found)
