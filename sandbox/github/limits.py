"""GitHub's rate limits: hourly buckets of points, and the per-minute ones it calls secondary."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sandbox.core import Json, SandboxClock
from sandbox.github.options import GitHubOptions

Resource = Literal["core", "graphql", "search"]
WINDOWS: dict[Resource, timedelta] = {
    "core": timedelta(hours=1),
    "graphql": timedelta(hours=1),
    "search": timedelta(minutes=1),
}
READ_POINTS = 1
WRITE_POINTS = 5


@dataclass(slots=True)
class Bucket:
    """What one resource has used in the window that ends at ``reset``."""

    reset: datetime
    used: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """A resource's limit, what is used and left, and when it starts anew."""

    resource: Resource
    limit: int
    used: int
    reset: datetime

    @property
    def remaining(self) -> int:
        """Points left in this window."""
        return max(0, self.limit - self.used)

    def headers(self) -> dict[str, str]:
        """Return the ``x-ratelimit-…`` headers; the reset is in seconds of UTC epoch."""
        values = {
            "Limit": self.limit,
            "Remaining": self.remaining,
            "Used": self.used,
            "Reset": int(self.reset.timestamp()),
            "Resource": self.resource,
        }
        return {f"X-RateLimit-{name}": str(value) for name, value in values.items()}

    def as_json(self) -> Json:
        """Return the entry of ``GET /rate_limit``."""
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.remaining,
            "reset": int(self.reset.timestamp()),
            "resource": self.resource,
        }


@dataclass(slots=True)
class Meter:
    """Count points and say when the published limits are exceeded."""

    clock: SandboxClock
    options: GitHubOptions
    spent: Counter[Resource] = field(default_factory=Counter)
    """Points taken since the world was made, whatever the windows."""
    _buckets: dict[Resource, Bucket] = field(default_factory=dict)
    _recent: dict[str, deque[tuple[datetime, int]]] = field(default_factory=dict)

    def standing(self, resource: Resource) -> Standing:
        """Return where the resource stands now."""
        bucket = self._bucket(resource)
        limits = self.options.limits
        limit = {"core": limits.core, "graphql": limits.graphql, "search": limits.search}[resource]
        return Standing(resource, limit, min(bucket.used, limit), bucket.reset)

    def charge(self, resource: Resource, points: int) -> None:
        """Take *points* from the resource's window."""
        self._bucket(resource).used += points
        self.spent[resource] += points

    def exhausted(self, resource: Resource) -> bool:
        """Say whether the primary limit is enforced and used up."""
        return self.options.enforce_primary and self.standing(resource).remaining == 0

    def too_fast(self, endpoint: str, *, write: bool, content: bool) -> bool:
        """Count one request for the secondary limits and say whether they are enforced and exceeded."""
        limits = self.options.limits
        graphql = endpoint == "graphql"
        points = WRITE_POINTS if write and not graphql else READ_POINTS
        allowed = limits.graphql_points_per_minute if graphql else limits.rest_points_per_minute
        over = self._in_last_minute(endpoint, points) > allowed
        if content:
            over = self._in_last_minute("content", 1) > limits.content_per_minute or over
        return over and self.options.enforce_secondary

    def _bucket(self, resource: Resource) -> Bucket:
        now = self.clock.now()
        bucket = self._buckets.get(resource)
        if bucket is None or now >= bucket.reset:
            end = now + WINDOWS[resource] / self.options.limit_speed
            whole = end.replace(microsecond=0)
            bucket = self._buckets[resource] = Bucket(whole if whole == end else whole + timedelta(seconds=1))
        return bucket

    def _in_last_minute(self, what: str, points: int) -> int:
        now = self.clock.now()
        window = self._recent.setdefault(what, deque())
        window.append((now, points))
        while window and window[0][0] <= now - timedelta(minutes=1) / self.options.limit_speed:
            window.popleft()
        return sum(spent for _, spent in window)
