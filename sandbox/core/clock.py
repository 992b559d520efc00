"""The world's time and the world's lock."""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Concatenate, ParamSpec, Protocol, TypeVar


class SandboxClock:
    """Tell the time of one sandbox, aware UTC; safe to use from any thread.

    *start* is the moment shown first (default: the real one). From there the clock ticks with real
    time, or stands still when *frozen*. `lock` is the one re-entrant lock of the whole sandbox: the
    server holds it while a handler works, state methods take it with `locked`.
    """

    def __init__(self, start: datetime | None = None, *, frozen: bool = False) -> None:
        self.lock = threading.RLock()
        self.frozen = frozen
        self._shown = _aware(start or datetime.now(UTC))
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return the moment it is in the sandbox."""
        with self.lock:
            if self.frozen:
                return self._shown
            return self._shown + timedelta(seconds=time.monotonic() - self._since)

    def set(self, moment: datetime) -> None:
        """Make it *moment* (aware) now; going back is allowed."""
        with self.lock:
            self._shown = _aware(moment)
            self._since = time.monotonic()

    def advance(
        self,
        *,
        weeks: float = 0,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        milliseconds: float = 0,
    ) -> None:
        """Move the clock on by the given span; a negative span moves it back."""
        with self.lock:
            span = timedelta(
                weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds, milliseconds=milliseconds
            )
            self.set(self.now() + span)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the sandbox clock needs an aware moment, got {moment.isoformat()}")
    return moment.astimezone(UTC)


class _Timed(Protocol):
    @property
    def clock(self) -> SandboxClock: ...


_Self = TypeVar("_Self", bound=_Timed)
_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


def locked(method: Callable[Concatenate[_Self, _Given], _Result]) -> Callable[Concatenate[_Self, _Given], _Result]:
    """Run *method* of an object with a `clock` under the sandbox's lock."""

    @functools.wraps(method)
    def holding(self: _Self, /, *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        with self.clock.lock:
            return method(self, *args, **kwargs)

    return holding
