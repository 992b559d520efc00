"""How much is on its way at once and in a minute; the actions of a batch count one by one.

https://developers.asana.com/docs/rate-limits
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from sandbox.asana.options import AsanaOptions
from sandbox.core import Limit, RateWindow

_WAIT_FOR_OTHERS = 1.0
_SEARCH = "/tasks/search"

Load = Counter[bool]
"""How many requests, by whether they write."""


@dataclass(slots=True, eq=False)
class _Trip:
    """A request between its arrival and its answer, and those that were under way before it."""

    request: web.BaseRequest
    before: tuple[_Trip, ...]
    refused: bool = False


class Traffic:
    """Watch requests from their arrival to their answer and say which ones are too many."""

    def __init__(self, options: AsanaOptions) -> None:
        self._options = options
        self._open: dict[int, _Trip] = {}
        self._minutes: dict[str, RateWindow] = {}

    def arrive(self, request: web.BaseRequest) -> None:
        """Note a request, and the ones that are under way."""
        self._open[id(request)] = _Trip(request, tuple(self._open.values()))

    def leave(self, request: web.BaseRequest) -> None:
        """Forget a request that is being answered."""
        trip = self._open.pop(id(request), None)
        if trip is not None:
            trip.before = ()

    async def wait(self, request: web.Request) -> float | None:
        """Return after how many seconds to try again, None when the request may pass."""
        own = await _load(request)
        waits = [
            await self._crowded(self._open[id(request)], own),
            self._per_minute("requests", self._options.requests_per_minute, own.total()),
        ]
        if request.path.endswith(_SEARCH):
            waits.append(self._per_minute("searches", self._options.searches_per_minute, 1))
        wait = max((one for one in waits if one is not None), default=None)
        self._open[id(request)].refused = wait is not None
        return wait

    async def _crowded(self, trip: _Trip, own: Load) -> float | None:
        """Compare with the limits what was under way when the request came; what is refused does not count."""
        limits = {False: self._options.reads_in_flight, True: self._options.writes_in_flight}
        if set(limits.values()) == {None}:
            return None
        load = Load(own)
        for other in trip.before:
            if not other.refused:
                load += await _load(other.request)
        over = [limit for writes, limit in limits.items() if limit is not None and own[writes] and load[writes] > limit]
        return _WAIT_FOR_OTHERS if over else None

    def _per_minute(self, what: str, allowed: int | None, count: int) -> float | None:
        """Count requests, refused ones too, and return the wait when they are too many."""
        if allowed is None:
            return None
        limit = Limit(allowed, self._options.minute_seconds)
        window = self._minutes.get(what)
        if window is None or window.limit != limit:
            window = self._minutes[what] = RateWindow(limit)
        waits = [wait for wait in (window.admit() for _ in range(count)) if wait is not None]
        return max(waits, default=None)


class Watched(web.DynamicResource):
    """All paths below one pattern; tells *traffic* about every request as soon as it is here."""

    def __init__(self, pattern: str, traffic: Traffic) -> None:
        super().__init__(pattern)
        self._traffic = traffic

    async def resolve(self, request: web.Request) -> Any:
        """Find the handler, as all resources do."""
        self._traffic.arrive(request)
        return await super().resolve(request)


async def _load(request: web.BaseRequest) -> Load:
    if request.path.rstrip("/").endswith("/batch"):
        actions = await _actions(request)
        if actions:
            return Load(str(action.get("method", "")).upper() not in {"GET", "HEAD"} for action in actions)
    return Load([request.method not in {"GET", "HEAD"}])


async def _actions(request: web.BaseRequest) -> list[dict[str, Any]]:
    """Return the actions of a batch whose body is here; the others count as one request."""
    if not request.content.is_eof():
        return []
    try:
        actions = json.loads(await request.read())["data"]["actions"]
    except (KeyError, TypeError, ValueError):
        return []
    return [action for action in actions if isinstance(action, dict)] if isinstance(actions, list) else []
