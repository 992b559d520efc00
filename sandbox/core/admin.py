"""The sandbox's own endpoints below /_sandbox, for programs in other processes.

GET    /_sandbox/log?since=N&service=NAME   the records, as in `RequestRecord.as_json`
GET    /_sandbox/faults                     the faults in place, with `seen` and `hits`
POST   /_sandbox/faults                     {"kind": "status"|"cut"|"hang"|"limit", …effect, …selector}
DELETE /_sandbox/faults                     takes all faults away
GET    /_sandbox/clock                      {"now": "…"}
POST   /_sandbox/clock                      {"set": "2026-01-01T00:00:00+00:00"} or {"advance": seconds}

Requests to them are neither recorded nor hit by faults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from aiohttp import web

from sandbox.core.clock import SandboxClock
from sandbox.core.faults import Cut, Effect, Fault, Faults, Hang, Selector, Status
from sandbox.core.limits import Limit
from sandbox.core.log import RequestLog

_EFFECTS: Mapping[str, type[Status | Cut | Hang | Limit]] = {
    "status": Status,
    "cut": Cut,
    "hang": Hang,
    "limit": Limit,
}
_SELECTORS = {one.name for one in fields(Selector)} - {"where"}


class Admin:
    """The handlers of /_sandbox."""

    def __init__(self, clock: SandboxClock, faults: Faults, log: RequestLog) -> None:
        self._clock = clock
        self._faults = faults
        self._log = log

    def application(self) -> web.Application:
        """Return the application to mount at /_sandbox."""
        app = web.Application()
        app.router.add_get("/log", self._read_log)
        app.router.add_get("/faults", self._list_faults)
        app.router.add_post("/faults", self._add_fault)
        app.router.add_delete("/faults", self._clear_faults)
        app.router.add_get("/clock", self._read_clock)
        app.router.add_post("/clock", self._move_clock)
        return app

    async def _read_log(self, request: web.Request) -> web.Response:
        since = int(request.query.get("since", "0"))
        records = self._log.select(service=request.query.get("service"), since=since)
        return web.json_response({"records": [record.as_json() for record in records], "mark": self._log.mark()})

    async def _list_faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [_described(fault) for fault in self._faults]})

    async def _add_fault(self, request: web.Request) -> web.Response:
        try:
            effect, selector = _parsed(await request.json())
            fault = self._faults.add(effect, **selector)
        except (KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"not a fault: {error}"}, status=400)
        return web.json_response(_described(fault), status=201)

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"faults": []})

    async def _read_clock(self, _: web.Request) -> web.Response:
        return web.json_response({"now": self._clock.now().isoformat()})

    async def _move_clock(self, request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            if "set" in asked:
                self._clock.set(datetime.fromisoformat(asked["set"]))
            else:
                self._clock.advance(seconds=float(asked["advance"]))
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            return web.json_response({"error": f"not a time: {error}"}, status=400)
        return await self._read_clock(request)


def _parsed(asked: Any) -> tuple[Effect, dict[str, Any]]:
    given = dict(asked)
    kind = _EFFECTS[given.pop("kind")]
    selector = {name: given.pop(name) for name in _SELECTORS & given.keys()}
    return kind(**given), selector


def _described(fault: Fault) -> dict[str, Any]:
    return {"id": fault.number, "kind": fault.kind, "seen": fault.seen, "hits": fault.hits}
