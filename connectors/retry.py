"""The one layer that waits and tries again (decision D10).

The SDKs' own retries are off: they repeat POSTs, give up within an Airtable lock-out and may sleep for an hour.
"""

import math
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from functools import partial
from typing import TypeVar, cast
from urllib.parse import quote

import tenacity
from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory

from connectors.in_time import within
from sync.errors import LimitReached, OutcomeUnknown, ServiceError

MAX_TRIES = 5
MAX_SECONDS = 120.0
CONNECT_TIMEOUT = 10
READ_TIMEOUT = 25
ANSWER_SECONDS = 60.0
"""So long an answer may take in all: one that comes in small pieces is given up then."""
WRITE_ANSWER_SECONDS = 28.0
"""The same after a write: less than what must be left of a lease (decision D12)."""
BACKOFF_START = 1.0
BACKOFF_LIMIT = 20.0
MASK = "***"
UNLIMITED = 1000

Answer = TypeVar("Answer")


class Again(Enum):
    """Whether a failed request may be sent once more."""

    NEVER = "never"
    NOT_DONE = "surely not carried out"
    UNCLEAR = "perhaps carried out"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one failed request means. *wait* is what the service asked for, in seconds."""

    error: ServiceError
    again: Again = Again.NEVER
    wait: float | None = None


class Pace:
    """Keeps below a rate: each call waits until one more request is allowed. Shared by all threads that ask a service.

    *writes_at_once* is how many of them may have a write under way.
    """

    def __init__(self, rate: Rate, *, writes_at_once: int = UNLIMITED) -> None:
        self.writing = threading.BoundedSemaphore(writes_at_once)
        self.asked = 0
        """How many requests were let through so far."""
        self._held = (0.0, 0)
        self._lock = threading.Lock()
        self._bucket = InMemoryBucket([rate])
        # The usual limiter starts a thread with an event loop for each service, only to forget old requests.
        self._limiter = Limiter(SingleBucketFactory(self._bucket, schedule_leak=False))

    def hold(self, seconds: float) -> None:
        """Let the other threads ask nothing for so long: a service that refuses one for its rate refuses them all."""
        self._held = max(self._held, (time.monotonic() + seconds, threading.get_ident()))

    def __call__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        """Wait for a turn, and take it."""
        until, by = self._held
        left = until - time.monotonic()
        if left > 0 and by != threading.get_ident():
            sleep(left)
        with self._lock:
            self._bucket.leak(self._bucket.now())  # type: ignore[no-untyped-call]  # the library leaves it untyped
            self._limiter.try_acquire()
            self.asked += 1


class Gateway:
    """The way to one service: paced below its published limits, with retries where they can do no harm.

    *secrets* never appear in the errors it raises, nor in the causes chained to them. *before_write* is asked right
    before every write is sent, after all waiting: it raises a ServiceError when nothing may be written any more
    (decision D12).
    """

    def __init__(
        self,
        service: str,
        rate: Rate | Pace,
        classify: Callable[[str, Exception], Trouble],
        *,
        secrets: Collection[str] = (),
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self.service = service
        self._pace = rate if isinstance(rate, Pace) else Pace(rate)
        self._before_write = before_write
        self._classify = classify
        self._secrets = tuple(form for secret in secrets if secret for form in _forms(secret))
        self._sleep = sleep
        self._jitter = jitter

    @property
    def asked(self) -> int:
        """Return how many requests were sent at this pace, repeated ones too."""
        return self._pace.asked

    def read(self, operation: str, request: Callable[[], Answer]) -> Answer:
        """Send a request that changes nothing, or that may be repeated without harm, until it is answered.

        Raises Transient when the retries are spent, LimitReached when the service asks for too long a wait, and what
        *classify* says otherwise.
        """
        return self._send(operation, request, repeatable=True)

    def write_again(self, operation: str, request: Callable[[], Answer]) -> Answer:
        """Send a write that ends the same however often it is sent: upsert by key, PUT, DELETE, setParent, addProject.

        Raises as `read` does.
        """
        return self._send(operation, partial(self._write, request), repeatable=True)

    def create(self, operation: str, request: Callable[[], Answer]) -> Answer:
        """Send a create. It is repeated only when it was surely not carried out.

        Raises OutcomeUnknown when nobody can tell: the caller looks it up in a complete listing before trying again.
        """
        return self._send(operation, partial(self._write, request), repeatable=False)

    def _write(self, request: Callable[[], Answer]) -> Answer:
        with self._pace.writing:
            self._before_write()
            with within(WRITE_ANSWER_SECONDS):
                return request()

    def _send(self, operation: str, request: Callable[[], Answer], *, repeatable: bool) -> Answer:
        retrying = tenacity.Retrying(
            sleep=self._sleep,
            stop=_is_enough,
            wait=self._wait,
            retry=tenacity.retry_if_exception(lambda error: _may_repeat(error, repeatable=repeatable)),
            reraise=True,
        )
        try:
            return cast("Answer", retrying(self._once, operation, request))
        except _Failed as failed:
            error = self._masked(_final_error(operation, failed.trouble, repeatable=repeatable))
            cause = None if self._shows_secret(failed.__cause__) else failed.__cause__
        raise error from cause  # outside of the clause above, so that nothing else is chained to it

    def _once(self, operation: str, request: Callable[[], Answer]) -> Answer:
        self._pace(self._sleep)
        try:
            with within(ANSWER_SECONDS):
                return request()
        except ServiceError:
            raise
        except Exception as error:
            trouble = self._classify(operation, error)
            if isinstance(trouble.error, LimitReached) and trouble.wait and trouble.wait <= MAX_SECONDS:
                self._pace.hold(trouble.wait)
            raise _Failed(trouble) from error

    def _wait(self, state: tenacity.RetryCallState) -> float:
        trouble = _trouble(state)
        if trouble is not None and trouble.wait is not None:
            return trouble.wait + self._jitter()
        spread = 1 + self._jitter() / 4
        return float(min(BACKOFF_LIMIT, BACKOFF_START * 2 ** (state.attempt_number - 1)) * spread)

    def _masked(self, error: ServiceError) -> ServiceError:
        for secret in self._secrets:
            error.message = error.message.replace(secret, MASK)
            error.remedy = error.remedy.replace(secret, MASK)
        error.args = (error.message,)
        return error

    def _shows_secret(self, error: BaseException | None) -> bool:
        """Tell whether a printed traceback of *error* would show a secret: an answer may echo what was sent."""
        texts = [f"{one} {one!r}" for one in _chain(error)]
        return any(secret in text for text in texts for secret in self._secrets)


class _Failed(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble.error))
        self.trouble = trouble


def _forms(secret: str) -> tuple[str, ...]:
    """Return how a secret may look in a text: as it is, as Python shows it, as it stands in an address."""
    return tuple(dict.fromkeys((secret, repr(secret)[1:-1], quote(secret, safe=""))))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _trouble(state: tenacity.RetryCallState) -> Trouble | None:
    error = state.outcome.exception() if state.outcome else None
    return error.trouble if isinstance(error, _Failed) else None


def _may_repeat(error: BaseException, *, repeatable: bool) -> bool:
    if not isinstance(error, _Failed):
        return False
    return error.trouble.again is Again.NOT_DONE or (repeatable and error.trouble.again is Again.UNCLEAR)


def _is_enough(state: tenacity.RetryCallState) -> bool:
    """Tell whether the tries are spent, or the next one would begin after the time that one request may take."""
    spent = max(state.seconds_since_start or 0.0, state.idle_for)
    return state.attempt_number >= MAX_TRIES or spent + state.upcoming_sleep > MAX_SECONDS


def _final_error(operation: str, trouble: Trouble, *, repeatable: bool) -> ServiceError:
    error = trouble.error
    if trouble.again is Again.UNCLEAR and not repeatable:
        return OutcomeUnknown(
            error.service,
            operation,
            f"no clear answer ({told(error)})",
            remedy="It is looked up in the next run before anything is created.",
            status=error.status,
        )
    if trouble.again is not Again.NEVER and trouble.wait:
        return LimitReached(
            error.service,
            operation,
            f"{told(error)}; it asks to wait {math.ceil(trouble.wait)} s",
            remedy="The next run goes on where this one stopped.",
            status=error.status,
        )
    return error


def told(error: ServiceError) -> str:
    """Return what happened, without the service and the operation that stand before it in the message."""
    return error.message.removeprefix(f"{error.service}: {error.operation}: ")


def retry_after(headers: Mapping[str, str], default: float, now: datetime | None = None) -> float:
    """Return the seconds that ``Retry-After`` asks for, else *default*."""
    wait = asked_wait(headers, now)
    return default if wait is None else wait


def asked_wait(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, None without one that makes sense.

    It is a number, or a date; a date counts from the answer's own ``Date``, since clocks differ.
    """
    text = _header(headers, "Retry-After")
    try:
        seconds = float(text)
    except ValueError:
        date = _moment(text)
        since = header_date(headers) or now or datetime.now(UTC)
        seconds = -1.0 if date is None else (date - since).total_seconds()
    return seconds if math.isfinite(seconds) and seconds >= 0 else None


def header_date(headers: Mapping[str, str]) -> datetime | None:
    """Return the moment an answer was made, as its ``Date`` says; None without one that can be read."""
    return _moment(_header(headers, "Date"))


def _header(headers: Mapping[str, str], name: str) -> str:
    return str(headers.get(name) or headers.get(name.lower()) or "").strip()


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (IndexError, OverflowError, TypeError, ValueError):
        return None
