"""Rate limits: a sliding window with an optional lock-out, and the published limits as presets."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Limit:
    """Refuse requests above *requests* in *per_seconds* of real time.

    With *lockout_seconds* every request is refused for that long after the one too many; with
    *polling_extends* each refused request starts the lock-out anew (Airtable does not say which).
    *retry_after* "header" tells the client how long, "none" does not.
    """

    requests: int
    per_seconds: float
    lockout_seconds: float = 0.0
    retry_after: Literal["header", "none"] = "header"
    polling_extends: bool = False


class RateWindow:
    """Count requests against one `Limit`."""

    def __init__(self, limit: Limit, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._monotonic = monotonic
        self._admitted: deque[float] = deque()
        self._locked_until = float("-inf")

    def admit(self) -> float | None:
        """Return None when a request may pass now, else the seconds until the next one may."""
        now = self._monotonic()
        if now < self._locked_until:
            if self.limit.polling_extends:
                self._locked_until = now + self.limit.lockout_seconds
            return self._locked_until - now
        while self._admitted and self._admitted[0] <= now - self.limit.per_seconds:
            self._admitted.popleft()
        if len(self._admitted) < self.limit.requests:
            self._admitted.append(now)
            return None
        if self.limit.lockout_seconds:
            self._locked_until = now + self.limit.lockout_seconds
            return self.limit.lockout_seconds
        oldest = self._admitted[0] if self._admitted else now
        return oldest + self.limit.per_seconds - now


def published_limits(speed: float = 1.0) -> dict[str, Limit]:
    """Return the services' published limits by name; *speed* 10 makes all spans ten times shorter.

    Airtable: 5 requests a second for each base, then 30 s. Asana: 1,500 a minute on paid plans.
    GitHub: 5,000 an hour. FreshDesk: 200 a minute on the smallest plan. Slack: one message a second.
    """
    return {
        "airtable": Limit(5, 1 / speed, lockout_seconds=30 / speed, retry_after="none"),
        "asana": Limit(1500, 60 / speed),
        "github": Limit(5000, 3600 / speed),
        "freshdesk": Limit(200, 60 / speed),
        "slack": Limit(1, 1 / speed),
    }
