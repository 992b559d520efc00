"""A sandbox with one tiny service that counts its work."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from aiohttp import web

from sandbox.core import Sandbox, SandboxClock, locked


class Counter:
    """Adds one for each POST and tells the number for each GET."""

    name = "counter"
    prefix = "/counter/v1"
    token = "counter-token"

    def __init__(self, clock: SandboxClock) -> None:
        self.clock = clock
        self.number = 0

    @locked
    def add(self, more: int = 1) -> None:
        self.number += more

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/number", self._post)
        app.router.add_get("/number", self._get)
        app.router.add_get("/big", self._big)
        app.router.add_post("/thoughtful", self._thoughtful)
        app.router.add_get("/broken", self._broken)
        return app

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        return method != "GET" and not (body or {}).get("only_read")

    def limited(self, retry_after: float | None) -> web.Response:
        headers = {} if retry_after is None else {"Retry-After": f"{retry_after:.3f}"}
        return web.json_response({"slow": "down"}, status=429, headers=headers)

    async def _post(self, _: web.Request) -> web.Response:
        self.number += 1
        return self._answer()

    async def _get(self, _: web.Request) -> web.Response:
        return self._answer()

    async def _big(self, _: web.Request) -> web.Response:
        return web.json_response(["x" * 4_000_000])

    async def _thoughtful(self, _: web.Request) -> web.Response:
        number = self.number
        time.sleep(0.2)
        self.number = number + 1
        return self._answer()

    async def _broken(self, _: web.Request) -> web.Response:
        raise LookupError("a bug")

    def _answer(self) -> web.Response:
        return web.json_response({"number": self.number, "padding": "x" * 500})


@pytest.fixture
def counter() -> Counter:
    return Counter(SandboxClock())


@pytest.fixture
def sandbox(counter: Counter) -> Iterator[Sandbox]:
    with Sandbox([counter], clock=counter.clock) as running:
        yield running


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    return f"{sandbox.url}/counter/v1/number"
