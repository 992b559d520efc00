"""The played Asana as the sandbox mounts it: the token, limits and headers of every answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.asana.api import Api
from sandbox.asana.incoming import call_of
from sandbox.asana.options import AsanaOptions
from sandbox.asana.refusals import Refusal, answered, too_many, unauthorised
from sandbox.asana.state import AsanaState
from sandbox.asana.traffic import Traffic, Watched
from sandbox.core import SandboxClock


class AsanaService:
    """Asana with one workspace and one *token*, whose user is *me*.

    `state` is the world with the verbs of its people, `options` what a test may switch. Set
    *home_project*, *portfolio* and *engagements_project* to have them in `settings`.
    """

    name = "asana"
    prefix = "/asana/api/1.0"

    def __init__(
        self,
        clock: SandboxClock,
        base_url: Callable[[], str],
        token: str = "sandbox-asana-token",
        workspace: str = "Acme",
        me: str = "CSH Sync",
    ) -> None:
        self.clock = clock
        self.token = token
        self.options = AsanaOptions()
        self.state = AsanaState(clock, self.options, workspace, me)
        self.home_project: str | None = None
        self.portfolio: str | None = None
        self.engagements_project: str | None = None
        self._base_url = base_url
        self._api = Api(self.state)
        self._traffic = Traffic(self.options)

    def settings(self) -> dict[str, str]:
        """Return the product's settings that name the workspace and the places in it."""
        places = {
            "HOME_PROJECT": self.home_project,
            "PORTFOLIO": self.portfolio,
            "ENGAGEMENTS_PROJECT": self.engagements_project,
        }
        found = {f"CSH_ASANA__{name}": gid for name, gid in places.items() if gid is not None}
        return {"CSH_ASANA__WORKSPACE": self.state.workspace.gid} | found

    def enforce_published_limits(self, speed: float = 1.0) -> None:
        """Keep Asana's limits of paid plans from now on; *speed* 10 makes minutes ten times shorter."""
        self.options.reads_in_flight, self.options.writes_in_flight = 50, 15
        self.options.requests_per_minute, self.options.searches_per_minute = 1_500, 60
        self.options.minute_seconds = 60 / speed

    def expire_offsets(self) -> None:
        """Make all offsets of pages handed out so far unusable."""
        with self.clock.lock:
            self._api.pages.expire()

    def application(self) -> web.Application:
        """Return a new application with the handlers."""
        app = web.Application()
        resource = Watched("/{path:.*}", self._traffic)
        app.router.register_resource(resource)
        resource.add_route("*", self._handle)
        app.on_response_prepare.append(self._leaving)
        return app

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything; a batch of reads does not."""
        if path.rstrip("/") == "/batch" and body is not None:
            data = body.get("data")
            actions = data.get("actions") if isinstance(data, Mapping) else None
            if isinstance(actions, list) and all(isinstance(action, Mapping) for action in actions):
                return any(str(action.get("method", "")).lower() not in {"get", "head"} for action in actions)
        return method not in {"GET", "HEAD", "OPTIONS"}

    def limited(self, retry_after: float | None) -> web.Response:
        """Return Asana's refusal for too many requests, with or without `Retry-After`."""
        return too_many(retry_after)

    async def _handle(self, request: web.Request) -> web.Response:
        self.state.requests += 1
        wait = await self._traffic.wait(request)
        response = await self._answer(request) if wait is None else too_many(wait)
        if self.options.asana_change is not None:
            response.headers["Asana-Change"] = self.options.asana_change
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            if request.headers.get("Authorization") != f"Bearer {self.token}":
                raise unauthorised()
            call = await call_of(request, self.prefix, self._base_url())
        except Refusal as refusal:
            return answered(refusal.body(), refusal.status)
        answer = self._api.answer(call)
        return answered(answer.body, answer.status, dict(answer.headers))

    async def _leaving(self, request: web.Request, _: web.StreamResponse) -> None:
        self._traffic.leave(request)
