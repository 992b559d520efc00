"""The one layer that waits and tries again (decision D10).

The SDKs' own retries are off: they repeat POSTs, give up within an Airtable lock-out and may sleep for an hour.
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any, TypeVar

import tenacity
from pyrate_limiter import Limiter, Rate
from tenacity.stop import stop_base

from sync.errors import LimitReached, OutcomeUnknown, ServiceError

MAX_TRIES = 5
MAX_SECONDS = 120.0
CONNECT_TIMEOUT = 10
READ_TIMEOUT = 25
BACKOFF_START = 1.0
BACKOFF_LIMIT = 20.0

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


class Gateway:
    """The way to one service: paced below its published limits, with retries where they can do no harm."""

    def __init__(
        self,
        service: str,
        rate: Rate,
        classify: Callable[[str, Exception], Trouble],
        *,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.service = service
        self._limiter = Limiter(rate)
        self._classify = classify
        self._sleep = sleep
        self._jitter = jitter

    def read(self, operation: str, request: Callable[[], Answer]) -> Answer:
        """Send a request that changes nothing, or that may be repeated without harm, until it is answered.

        Raises Transient when the retries are spent, LimitReached when the service asks for too long a wait, and what
        *classify* says otherwise.
        """
        return self._send(operation, request, repeatable=True)

    write_again = read
    """A write that ends the same however often it is sent: upsert by key, PUT, DELETE, setParent, addProject."""

    def create(self, operation: str, request: Callable[[], Answer]) -> Answer:
        """Send a create. It is repeated only when it was surely not carried out.

        Raises OutcomeUnknown when nobody can tell: the caller looks it up in a complete listing before trying again.
        """
        return self._send(operation, request, repeatable=False)

    def _send(self, operation: str, request: Callable[[], Answer], *, repeatable: bool) -> Answer:
        retrying = tenacity.Retrying(
            sleep=self._sleep,
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(MAX_TRIES), tenacity.stop_before_delay(MAX_SECONDS), _WantsTooLong()
            ),
            wait=self._wait,
            retry=tenacity.retry_if_exception(lambda error: _may_repeat(error, repeatable=repeatable)),
            reraise=True,
        )
        try:
            answer: Answer = retrying(self._once, operation, request)
        except _Failed as failed:
            raise _final_error(failed.trouble, repeatable=repeatable) from failed.__cause__
        return answer

    def _once(self, operation: str, request: Callable[[], Answer]) -> Answer:
        self._limiter.try_acquire(self.service)
        try:
            return request()
        except ServiceError:
            raise
        except Exception as error:
            raise _Failed(self._classify(operation, error)) from error

    def _wait(self, state: tenacity.RetryCallState) -> float:
        trouble = _trouble(state)
        spread = 1 + self._jitter() / 4
        if trouble is not None and trouble.wait is not None:
            return trouble.wait + self._jitter()
        return float(min(BACKOFF_LIMIT, BACKOFF_START * 2 ** (state.attempt_number - 1)) * spread)


class _Failed(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(str(trouble.error))
        self.trouble = trouble


def _trouble(state: tenacity.RetryCallState) -> Trouble | None:
    error = state.outcome.exception() if state.outcome else None
    return error.trouble if isinstance(error, _Failed) else None


def _may_repeat(error: BaseException, *, repeatable: bool) -> bool:
    if not isinstance(error, _Failed):
        return False
    return error.trouble.again is Again.NOT_DONE or (repeatable and error.trouble.again is Again.UNCLEAR)


class _WantsTooLong(stop_base):
    def __call__(self, retry_state: tenacity.RetryCallState) -> bool:
        trouble = _trouble(retry_state)
        return trouble is not None and trouble.wait is not None and trouble.wait > MAX_SECONDS


def _final_error(trouble: Trouble, *, repeatable: bool) -> ServiceError:
    error = trouble.error
    if trouble.wait is not None and trouble.wait > 0:
        return LimitReached(
            error.service,
            "limit",
            f"asks to wait {math.ceil(trouble.wait)} s",
            remedy="The next run goes on where this one stopped.",
            status=error.status,
        )
    if trouble.again is Again.UNCLEAR and not repeatable:
        return OutcomeUnknown(
            error.service,
            "create",
            f"no clear answer ({error.message})",
            remedy="It is looked up in the next run before anything is created.",
            status=error.status,
        )
    return error


def retry_after(headers: Any, default: float, now: datetime | None = None) -> float:
    """Return the seconds that ``Retry-After`` asks for (a number or an HTTP date), else *default*."""
    text = str(headers.get("Retry-After") or headers.get("retry-after") or "").strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(text) - (now or datetime.now(UTC))).total_seconds()
        except (TypeError, ValueError):
            return default
    return seconds if math.isfinite(seconds) and seconds >= 0 else default
