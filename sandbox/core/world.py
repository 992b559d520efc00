"""The whole sandbox: services, clock, faults and log behind one port."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable, Sequence
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.core.admin import Admin
from sandbox.core.clock import SandboxClock
from sandbox.core.faults import Faults
from sandbox.core.gate import Gate
from sandbox.core.limits import published_limits
from sandbox.core.log import RequestLog
from sandbox.core.server import Server
from sandbox.core.service import Service

if TYPE_CHECKING:
    from sandbox.airtable import AirtableService
    from sandbox.asana import AsanaService
    from sandbox.freshdesk import FreshDeskService
    from sandbox.github import GitHubService
    from sandbox.slack import SlackService

# Where each service lives: the services import this package, so they are looked up late.
_CLASSES = (
    ("sandbox.github", "GitHubService"),
    ("sandbox.asana", "AsanaService"),
    ("sandbox.airtable", "AirtableService"),
    ("sandbox.freshdesk", "FreshDeskService"),
    ("sandbox.slack", "SlackService"),
)
_MAX_BODY_BYTES = 64 * 1024 * 1024


class Sandbox:
    """GitHub, Asana, Airtable, FreshDesk and Slack on one loopback port; a context manager.

    *services* takes the place of the five usual ones; they share one clock, which then is the
    sandbox's. Without a *clock* or services it is a new one from *start* on. *port* 0 means any free
    port. *seed* drives all chance of the faults. `latency` is added to each request, in seconds.
    While a thread holds `lock`, no handler works; do not make requests while holding it.
    """

    def __init__(
        self,
        services: Sequence[Service] | None = None,
        *,
        clock: SandboxClock | None = None,
        start: datetime | None = None,
        port: int = 0,
        seed: int = 0,
        latency: float = 0.0,
    ) -> None:
        self.clock = _one_clock(services or (), clock, start)
        self.lock: threading.RLock = self.clock.lock
        self.faults = Faults(seed)
        self.log = RequestLog()
        self.services: tuple[Service, ...] = tuple(services) if services is not None else self._usual_services()
        self._gate = Gate(self.services, self.clock, self.faults, self.log, latency)
        self._server = Server(self._application, port)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        broken = self.stop()
        if broken and error is None:
            raise ExceptionGroup("handlers of the sandbox raised", broken)

    def start(self) -> None:
        """Serve until `stop`."""
        self._server.start()

    def stop(self) -> list[Exception]:
        """Stop serving and return what handlers raised by mistake."""
        self._server.stop()
        return self._gate.errors

    @property
    def url(self) -> str:
        """Return the address of the sandbox, without a slash at the end."""
        return self._server.url

    @property
    def latency(self) -> float:
        """Return the seconds added to each request; may be set at any time."""
        return self._gate.latency

    @latency.setter
    def latency(self, seconds: float) -> None:
        self._gate.latency = seconds

    @property
    def github(self) -> GitHubService:
        """Return the played GitHub."""
        return cast("GitHubService", self.service("github"))

    @property
    def asana(self) -> AsanaService:
        """Return the played Asana."""
        return cast("AsanaService", self.service("asana"))

    @property
    def airtable(self) -> AirtableService:
        """Return the played Airtable."""
        return cast("AirtableService", self.service("airtable"))

    @property
    def freshdesk(self) -> FreshDeskService:
        """Return the played FreshDesk."""
        return cast("FreshDeskService", self.service("freshdesk"))

    @property
    def slack(self) -> SlackService:
        """Return the played Slack."""
        return cast("SlackService", self.service("slack"))

    def service(self, name: str) -> Service:
        """Return the service called *name*, or raise KeyError."""
        for service in self.services:
            if service.name == name:
                return service
        raise KeyError(f"this sandbox has no {name}, only {', '.join(one.name for one in self.services)}")

    def add_published_limits(self, speed: float = 1.0) -> None:
        """Refuse what the real services refuse for its rate; *speed* 10 makes all spans ten times shorter."""
        presets = published_limits(speed)
        for service in self.services:
            own: Callable[[float], None] | None = getattr(service, "enforce_published_limits", None)
            if own is not None:
                own(speed)
            elif service.name in presets:
                self.faults.add(presets[service.name], service=service.name)

    def settings(self) -> dict[str, str]:
        """Return the `CSH_*` variables that point the product at this sandbox."""
        found: dict[str, str] = {}
        for service in self.services:
            if not getattr(service, "secret_in_path", False):
                block = f"CSH_{service.name.upper()}__"
                found[f"{block}API_URL"] = f"{self.url}{service.prefix}"
                found[f"{block}API_KEY" if service.name == "freshdesk" else f"{block}TOKEN"] = service.token
            more: Callable[[], dict[str, str]] | None = getattr(service, "settings", None)
            found.update(more() if more else {})
        return found

    def _usual_services(self) -> tuple[Service, ...]:
        return tuple(self._made(module, name) for module, name in _CLASSES)

    def _made(self, module: str, name: str) -> Service:
        made: list[Service] = []
        service = getattr(importlib.import_module(module), name)(self.clock, lambda: f"{self.url}{made[0].prefix}")
        made.append(service)
        return cast("Service", service)

    def _application(self) -> web.Application:
        self._gate.open()

        @web.middleware
        async def through_the_gate(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self._gate.pass_on(request, handler)

        app = web.Application(middlewares=[through_the_gate], client_max_size=_MAX_BODY_BYTES)
        app.add_subapp("/_sandbox", Admin(self.clock, self.faults, self.log).application())
        for service in self.services:
            app.add_subapp(service.prefix, service.application())
        return app


def _one_clock(services: Sequence[Service], clock: SandboxClock | None, start: datetime | None) -> SandboxClock:
    given = [*([clock] if clock else []), *(service.clock for service in services)]
    if any(other is not given[0] for other in given):
        raise ValueError("the services of one sandbox share one clock, and its lock")
    return given[0] if given else SandboxClock(start)
