"""Faults: what goes wrong, on which requests, how often. All chance comes from one seed."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.core.limits import Limit, RateWindow
from sandbox.core.log import RequestRecord

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with *code* and *body*: "before" instead of the work, "after" it was done (committed).

    A *body* of None is an empty body; text is sent as it is, anything else as JSON.
    """

    code: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    when: When = "before"


@dataclass(frozen=True, slots=True)
class Cut:
    """Drop the connection: "before" the work, or "after" it was done (committed).

    With *after_bytes* (and "after") the client first gets a valid head with the full
    Content-Length and that many bytes of the body.
    """

    when: When = "before"
    after_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Hang:
    """Say nothing for *seconds*, "before" or "after" the work was done; then go on, or cut.

    "before" with *then* "answer" is a late server: the work is done even if nobody listens any more.
    """

    seconds: float
    when: When = "before"
    then: Literal["answer", "cut"] = "answer"


@dataclass(frozen=True, slots=True)
class Slow:
    """Do the work, then send the body at *bytes_per_second*."""

    bytes_per_second: float


@dataclass(frozen=True, slots=True)
class Garble:
    """Do the work, then replace the body: a proxy's page, nothing, or JSON cut in half."""

    kind: Literal["html", "empty", "truncated"]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Do the work, then answer what *change* makes of the JSON answer."""

    change: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Person:
    """Let a person act: *act* runs under the lock, right "before" or "after" the work.

    *act* calls state methods of the services; it must not make requests.
    """

    act: Callable[[], object]
    when: When = "before"


@dataclass(frozen=True, slots=True)
class Twice:
    """Deliver the request twice, as a middle box does that repeats a POST; answer the first result."""


Effect = Status | Cut | Hang | Slow | Garble | Rewrite | Person | Twice | Limit


@dataclass(frozen=True, slots=True)
class Selector:
    """Say which requests a fault is for; what is None does not matter.

    *path* is a regular expression, searched in the path below the prefix and in `path?query`.
    Of the requests that fit, the fault leaves out those before the *nth* (counted from 1), acts on
    at most *times*, and on each with *probability*.
    """

    service: str | None = None
    method: str | None = None
    path: str | None = None
    operation: str | None = None
    is_write: bool | None = None
    where: Callable[[RequestRecord], bool] | None = None
    nth: int = 1
    times: int | None = None
    probability: float = 1.0

    def __post_init__(self) -> None:
        try:
            re.compile(self.path or "")
        except re.error as error:
            raise ValueError(f"path {self.path!r} is no regular expression: {error}") from error

    def fits(self, record: RequestRecord) -> bool:
        """Say whether *record* is a request this selector is for."""
        return (
            self.service in {None, record.service}
            and self.method in {None, record.method}
            and self.operation in {None, record.operation}
            and self.is_write in {None, record.is_write}
            and (self.path is None or _path_fits(self.path, record))
            and (self.where is None or self.where(record))
        )


def _path_fits(pattern: str, record: RequestRecord) -> bool:
    if re.search(pattern, record.path):
        return True
    return re.search(pattern, f"{record.path}?{record.query_string}") is not None


def _check(effect: Effect) -> None:
    """Raise ValueError for words that come from another process and mean nothing."""
    if getattr(effect, "when", "after") not in {"before", "after"}:
        raise ValueError(f"{effect}: when is before or after")
    if getattr(effect, "then", "cut") not in {"answer", "cut"}:
        raise ValueError(f"{effect}: then is answer or cut")
    if getattr(effect, "retry_after", "none") not in {"header", "none"}:
        raise ValueError(f"{effect}: retry_after is header or none")
    if isinstance(effect, Cut) and effect.after_bytes is not None and effect.when == "before":
        raise ValueError(f"{effect}: before the work there are no bytes to send")


class Fault:
    """One fault in place: *seen* requests that fit so far, and *hits* on which it acted."""

    def __init__(self, number: int, effect: Effect, selector: Selector) -> None:
        _check(effect)
        self.number = number
        self.effect = effect
        self.selector = selector
        self.seen = 0
        self.hits = 0
        self._window = RateWindow(effect) if isinstance(effect, Limit) else None

    @property
    def kind(self) -> str:
        """Return the effect's name in lower case: "cut", "status", "limit" …"""
        return type(self.effect).__name__.lower()

    @property
    def ends(self) -> bool:
        """Say whether the handler never runs when this fault acts."""
        match self.effect:
            case Status(when="before") | Cut(when="before") | Hang(when="before", then="cut") | Limit():
                return True
            case _:
                return False

    @property
    def starts(self) -> bool:
        """Say whether this fault acts before the handler runs."""
        return self.ends or (isinstance(self.effect, Hang | Person) and self.effect.when == "before")

    def meets(self, record: RequestRecord, chance: random.Random) -> bool:
        """Count *record* if it fits, and say whether the fault is due on it."""
        if not self.selector.fits(record):
            return False
        self.seen += 1
        if self.seen < self.selector.nth or (self.selector.times is not None and self.hits >= self.selector.times):
            return False
        return self.selector.probability >= 1 or chance.random() < self.selector.probability

    def refusal(self) -> float | None:
        """Return how long a limit refuses from now on, None when it does not."""
        return self._window.admit() if self._window else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The faults that act on one request, in the order they were added.

    *retry_after* is set, in seconds, when the last of them is a limit.
    """

    faults: tuple[Fault, ...] = ()
    retry_after: float = 0.0


class Faults:
    """The faults of one sandbox. Where several act on one request, the order they were added counts."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)
        self._faults: list[Fault] = []
        self._made = 0
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._faults))

    def add(
        self,
        effect: Effect,
        *,
        service: str | None = None,
        method: str | None = None,
        path: str | None = None,
        operation: str | None = None,
        is_write: bool | None = None,
        where: Callable[[RequestRecord], bool] | None = None,
        nth: int = 1,
        times: int | None = None,
        probability: float = 1.0,
    ) -> Fault:
        """Put *effect* in place for the requests described as in `Selector` and return the fault."""
        selector = Selector(service, method, path, operation, is_write, where, nth, times, probability)
        with self._lock:
            self._made += 1
            fault = Fault(self._made, effect, selector)
            self._faults.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        """Take one fault away; one that is not in place is ignored."""
        with self._lock:
            self._faults = [other for other in self._faults if other is not fault]

    def clear(self) -> None:
        """Take all faults away."""
        with self._lock:
            self._faults.clear()

    def judge(self, record: RequestRecord) -> Verdict:
        """Return the faults that act on *record*, and count them.

        When a fault keeps the handler from running, only those that act before it remain.
        """
        with self._lock:
            due: list[Fault] = []
            for fault in self._faults:
                if not fault.meets(record, self._chance):
                    continue
                retry_after = fault.refusal()
                if isinstance(fault.effect, Limit) and retry_after is None:
                    continue
                due.append(fault)
                if fault.ends:
                    due = [other for other in due if other.starts]
                    return self._acting(due, retry_after or 0.0)
            return self._acting(due, 0.0)

    @staticmethod
    def _acting(due: list[Fault], retry_after: float) -> Verdict:
        for fault in due:
            fault.hits += 1
        return Verdict(tuple(due), retry_after)
