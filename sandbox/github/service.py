"""The stand-in as the sandbox's server mounts it: tokens, versions, limits, errors and headers of every answer."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from sandbox.core import Json, SandboxClock
from sandbox.github.errors import Moved, Refused
from sandbox.github.gql.endpoint import NOT_ACCESSIBLE, GraphQLEndpoint
from sandbox.github.limits import Meter, Resource
from sandbox.github.options import GitHubOptions
from sandbox.github.rest.base import Route, version_of
from sandbox.github.rest.boards import BoardHandlers
from sandbox.github.rest.families import FamilyHandlers
from sandbox.github.rest.issues import IssueHandlers
from sandbox.github.rest.places import PlaceHandlers
from sandbox.github.rest.render import Renderer
from sandbox.github.state import GitHubState

VERSIONS = ("2022-11-28", "2026-03-10")
SCOPES = ("read:org", "read:project", "repo")
DOCUMENTATION = "https://docs.github.com/rest"
SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
SECONDARY_WAIT = 60

_MUTATION = re.compile(r"^\s*mutation\b", re.MULTILINE)


class GitHubService:
    """GitHub for one organisation *org* and one *token*, whose user is *viewer*.

    ``state`` is the world with the verbs of its people, ``options`` what a test may switch.
    """

    name = "github"
    prefix = "/github"

    def __init__(
        self,
        clock: SandboxClock,
        base_url: Callable[[], str],
        token: str = "sandbox-github-token",
        org: str = "acme",
        viewer: str = "csh-bot",
    ) -> None:
        self.clock = clock
        self.token = token
        self.options = GitHubOptions()
        self.state = GitHubState(clock, self.options, org, viewer)
        self._base_url = base_url
        self._meter = Meter(clock, self.options)

    def settings(self) -> dict[str, str]:
        """Return the product's settings for this organisation and its first board."""
        found = {"CSH_GITHUB__ORG": self.state.org.login}
        if self.state.projects:
            found["CSH_GITHUB__PROJECT_NUMBER"] = str(self.state.projects[0].number)
        return found

    @property
    def points(self) -> int:
        """Return the GraphQL points spent since the world was made."""
        return self._meter.spent["graphql"]

    def application(self) -> web.Application:
        """Return a new application with REST below the prefix and GraphQL at ``/graphql``."""
        app = web.Application(middlewares=[self._middleware()])
        for method, pattern, handler in self._routes():
            app.router.add_route(method, pattern, handler)
        return app

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything; GraphQL queries read."""
        if path.rstrip("/") == "/graphql":
            return body is not None and _MUTATION.search(str(body.get("query", ""))) is not None
        return method not in {"GET", "HEAD", "OPTIONS"}

    def limited(self, retry_after: float | None) -> web.Response:
        """Return the secondary limit's refusal, with or without ``Retry-After``."""
        headers = {} if retry_after is None else {"Retry-After": str(max(1, math.ceil(retry_after)))}
        return _refusal(Refused(self.options.limit_status, SECONDARY), headers)

    def enforce_published_limits(self, speed: float = 1.0) -> None:
        """Keep GitHub's limits from now on; *speed* 10 makes hours and minutes ten times shorter."""
        self.options.enforce_primary = self.options.enforce_secondary = True
        self.options.limit_speed = speed
        if self.options.secondary_retry_after is not None:
            self.options.secondary_retry_after = max(1, round(SECONDARY_WAIT / speed))

    def _routes(self) -> list[Route]:
        show = Renderer(self.state, self._base_url)
        graphql = GraphQLEndpoint(self.state, self._meter)
        return [
            ("POST", "/graphql", graphql.handle),
            *PlaceHandlers(self.state, show, self._meter).routes(),
            *IssueHandlers(self.state, show).routes(),
            *FamilyHandlers(self.state, show).routes(),
            *BoardHandlers(self.state, show).routes(),
        ]

    def _middleware(self) -> Middleware:
        @web.middleware
        async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.state.requests += 1
            resource = _resource(self._below(request))
            response = self._turned_away(request, resource) or await self._worked(request, handler)
            response = _not_modified(request, response)
            if resource in {"core", "search"} and response.status != 304 and self._below(request) != "/rate_limit":
                self._meter.charge(resource, 1)
            self._add_headers(request, response, resource)
            return response

        return answered

    def _below(self, request: web.Request) -> str:
        return request.path.removeprefix(self.prefix)

    def _turned_away(self, request: web.Request, resource: Resource) -> web.Response | None:
        """Return the refusal that comes before any work, None when the request may go on."""
        write = self.is_write(request.method, self._below(request), None)
        version = version_of(request)
        content = write and request.method == "POST" and resource == "core"
        if "User-Agent" not in request.headers:
            return _refusal(Refused(403, "Request forbidden by administrative rules. Missing User-Agent header."))
        if not self._authorised(request):
            known = "Authorization" in request.headers
            return _refusal(Refused(401, "Bad credentials" if known else "Requires authentication"))
        if version in self.options.retired_versions:
            return _refusal(Refused(410, f"API version {version} is no longer supported."))
        if version not in VERSIONS:
            return _refusal(Refused(400, f"{version!r} is not a supported version of the API."))
        if self._meter.too_fast("graphql" if resource == "graphql" else request.path, write=write, content=content):
            return self.limited(self.options.secondary_retry_after)
        if self._meter.exhausted(resource) and resource != "graphql":
            return _refusal(Refused(self.options.limit_status, self._exceeded()))
        if write and self.options.read_only:
            return _refusal(Refused(403, NOT_ACCESSIBLE), {"X-Accepted-GitHub-Permissions": "issues=write"})
        return None

    def _authorised(self, request: web.Request) -> bool:
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return kind.lower() in {"token", "bearer"} and token == self.token

    def _exceeded(self) -> str:
        return f"API rate limit exceeded for user ID {self.state.viewer.id}."

    async def _worked(self, request: web.Request, handler: Handler) -> web.Response:
        try:
            response = await handler(request)
        except Refused as refused:
            return _refusal(refused)
        except Moved as moved:
            return self._redirect(request, moved)
        except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
            return _refusal(Refused(404, "Not Found"))
        assert isinstance(response, web.Response)
        return response

    def _redirect(self, request: web.Request, moved: Moved) -> web.Response:
        """Return 301 for reads and 307 for writes; the query string is kept in the new address."""
        url = f"{self._base_url()}{moved.path}"
        status, message = (
            (301, "Moved Permanently") if request.method in {"GET", "HEAD"} else (307, "Temporary Redirect")
        )
        body = {"message": message, "url": url, "documentation_url": DOCUMENTATION}
        return web.json_response(body, status=status, headers={"Location": url})

    def _add_headers(self, request: web.Request, response: web.StreamResponse, resource: Resource) -> None:
        response.headers.update(self._meter.standing(resource).headers())
        response.headers["X-GitHub-Request-Id"] = f"{self.state.requests:04X}:SANDBOX"
        response.headers["X-GitHub-Media-Type"] = "github.v3; format=json"
        self._add_token_headers(response)
        if resource != "graphql":
            response.headers["X-GitHub-Api-Version-Selected"] = version_of(request)
        if self.options.sunset is not None and resource != "graphql":
            response.headers["Sunset"] = self.options.sunset
            response.headers["Deprecation"] = self.options.sunset

    def _add_token_headers(self, response: web.StreamResponse) -> None:
        """Tell what GitHub tells about the token: scopes of a classic one, and when it expires."""
        options = self.options
        if options.token_kind == "classic":
            scopes = {*SCOPES, *options.more_scopes} - options.missing_scopes
            response.headers["X-OAuth-Scopes"] = ", ".join(sorted(scopes))
        if options.token_expires is not None:
            spelled = options.token_expires.strftime("%Y-%m-%d %H:%M:%S UTC")
            response.headers["GitHub-Authentication-Token-Expiration"] = spelled


def _resource(path: str) -> Resource:
    if path.rstrip("/") == "/graphql":
        return "graphql"
    return "search" if path.startswith("/search/") else "core"


def _refusal(refused: Refused, headers: Mapping[str, str] | None = None) -> web.Response:
    body: Json = {"message": refused.message}
    if refused.errors:
        body["errors"] = list(refused.errors)
    body |= {"documentation_url": DOCUMENTATION, "status": str(refused.status)}
    return web.json_response(body, status=refused.status, headers=headers)


def _not_modified(request: web.Request, response: web.Response) -> web.Response:
    """Give a read its ``ETag``; answer 304 when the client has that already."""
    if request.method != "GET" or response.status != 200 or not isinstance(response.body, bytes):
        return response
    tag = f'W/"{hashlib.sha256(response.body).hexdigest()}"'
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers={"ETag": tag})
    response.headers["ETag"] = tag
    return response
