"""What a played service has to offer the server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from aiohttp import web

from sandbox.core.clock import SandboxClock

Json = dict[str, Any]


class Service(Protocol):
    """One played service, mounted below its prefix.

    Constructors take `(clock, base_url, token=..., ...)`; `base_url()` gives the full address of the
    service, prefix included and without a slash at the end, as soon as the sandbox runs.
    A service may also have `settings() -> dict[str, str]`: more `CSH_*` variables for
    `Sandbox.settings` than the address and the token; and `enforce_published_limits(speed)`, where
    it keeps its limits itself; and `secret_in_path = True`, where the address of a request is its
    token: then `settings` alone tells how to reach it.
    """

    name: str
    prefix: str
    token: str
    clock: SandboxClock

    def application(self) -> web.Application:
        """Return a new application with the handlers; its routes start below the prefix.

        The server reads the body before it calls a handler, holds the sandbox's lock while the
        handler works and runs one handler at a time, so a handler needs no lock of its own.
        """

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything; *path* starts below the prefix."""

    def limited(self, retry_after: float | None) -> web.Response:
        """Return the service's own refusal for too many requests; None leaves the header out."""
