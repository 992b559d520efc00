"""What all REST handlers need: the resource an address names, the body, the answer."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from sandbox.core import Json
from sandbox.github.errors import Moved, Refused, invalid, not_found
from sandbox.github.rest.paging import Page
from sandbox.github.rest.render import Renderer
from sandbox.github.state import GitHubState
from sandbox.github.state.model import Deleted, Issue, Repository, User

DEFAULT_VERSION = "2022-11-28"
VERSION_HEADER = "X-GitHub-Api-Version"

Handler = Callable[[web.Request], Awaitable[web.Response]]
Route = tuple[str, str, Handler]
"""Method, pattern and handler."""


def version_of(request: web.Request) -> str:
    """Return the API version the client asks for."""
    return request.headers.get(VERSION_HEADER, DEFAULT_VERSION)


async def json_body(request: web.Request) -> Any:
    """Return the JSON body, an empty object when there is none; raise ``Refused`` 400 for what is no JSON."""
    text = await request.text()
    if not text.strip():
        return {}
    try:
        return json.loads(text)
    except ValueError:
        raise Refused(400, "Problems parsing JSON") from None


async def json_object(request: web.Request) -> Json:
    """Return the JSON body, which must be an object."""
    body = await json_body(request)
    if not isinstance(body, dict):
        raise Refused(400, "Body should be a JSON object")
    return body


def text_in(body: Json, name: str, resource: str, *, required: bool = False) -> str | None:
    """Return a text of the body, None when it is absent or null; raise ``Refused`` 422 for anything else."""
    value = body.get(name)
    if value is None:
        if required:
            raise invalid(resource, name, "missing_field")
        return None
    if isinstance(value, bool | list | dict):
        raise Refused(422, f"Invalid request.\n\nFor 'properties/{name}', {value!r} is not a string.")
    return str(value)


def names_in(value: object, resource: str, field: str) -> list[str]:
    """Return names written as texts or as objects with a ``name`` or ``login``."""
    if not isinstance(value, list):
        raise invalid(resource, field)
    named = [one.get("name", one.get("login")) if isinstance(one, dict) else one for one in value]
    names = [name for name in named if isinstance(name, str)]
    if len(names) < len(named):
        raise invalid(resource, field)
    return names


class Handlers:
    """Handlers over one state."""

    def __init__(self, state: GitHubState, renderer: Renderer) -> None:
        self.state = state
        self.show = renderer

    # What an address names

    def repository(self, request: web.Request) -> Repository:
        """Return the repository of the address; raise ``Moved`` for an old name and ``Refused`` 404 for none."""
        if "id" in request.match_info:
            number = int(request.match_info["id"])
            found = next((one for one in self.state.repositories if one.id == number), None)
        else:
            owner, name = request.match_info["owner"], request.match_info["repo"]
            found = self.state.find_repository(owner, name)
            if found is None:
                self._redirect(request, self.state.renamed_repository(owner, name))
        if found is None or not self.state.readable(found):
            raise not_found()
        return found

    def _redirect(self, request: web.Request, renamed: Repository | None) -> None:
        if renamed is not None and self.state.readable(renamed):
            tail = "/".join(self.below(request).split("/")[4:])
            raise Moved(with_query(request, f"/repositories/{renamed.id}" + (f"/{tail}" if tail else "")))

    def issue(self, request: web.Request) -> Issue:
        """Return the issue of the address.

        Raises ``Moved`` when it was transferred, ``Refused`` 410 when it was deleted or issues are off, 404 otherwise.
        """
        repository = self.repository(request)
        number = int(request.match_info["number"])
        found = repository.issues.get(number)
        if found is not None:
            if not repository.has_issues and not found.pull_request:
                raise Refused(410, "Issues are disabled for this repo")
            return found
        match repository.gone.get(number):
            case Deleted():
                raise Refused(410, "This issue was deleted")
            case Issue() as moved if self.state.readable(moved.repository):
                tail = self.below(request).split(f"/issues/{number}", 1)[1]
                raise Moved(with_query(request, f"/repositories/{moved.repository.id}/issues/{moved.number}{tail}"))
            case _:
                raise not_found()

    def organization(self, request: web.Request) -> User:
        """Return the organisation of the address; raise ``Refused`` 404 for any other login."""
        if "org_id" in request.match_info:
            named = request.match_info["org_id"] == str(self.state.org.id)
        else:
            named = request.match_info["org"].lower() == self.state.org.login.lower()
        if not named:
            raise not_found()
        return self.state.org

    # Answers

    def below(self, request: web.Request) -> str:
        """Return the path below the API's root, still encoded."""
        return request.rel_url.raw_path.removeprefix(urlsplit(self.show.base()).path)

    def address(self, request: web.Request) -> str:
        """Return the list's own URL as ``Link`` headers write it: by id, not by name."""
        parts = self.below(request).strip("/").split("/")
        if parts[0] == "repos":
            parts = ["repositories", str(self.repository(request).id), *parts[3:]]
        elif parts[0] == "orgs":
            parts = ["organizations", str(self.state.org.id), *parts[2:]]
        return f"{self.show.base()}/{'/'.join(parts)}"

    def answer(self, body: object, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
        """Return a JSON answer."""
        return web.json_response(body, status=status, headers=headers)

    def answer_page(self, page: Page[Any], render: Callable[[Any], object]) -> web.Response:
        """Return a page of a list."""
        return self.answer([render(one) for one in page.things], headers=page.headers)

    def issue_answer(self, request: web.Request, issue: Issue, status: int = 200) -> web.Response:
        """Return one issue."""
        return self.answer(self.show.issue(issue, version_of(request)), status)


def with_query(request: web.Request, path: str) -> str:
    """Return *path* with the query string of the request."""
    query = request.rel_url.raw_query_string
    return f"{path}?{query}" if query else path


def repository_routes(routes: Sequence[Route]) -> list[Route]:
    """Return each route twice: below ``/repos/{owner}/{repo}`` and below ``/repositories/{id}``."""
    roots = ("/repos/{owner}/{repo}", r"/repositories/{id:\d+}")
    return [(method, root + tail, handler) for root in roots for method, tail, handler in routes]


def organization_routes(routes: Sequence[Route]) -> list[Route]:
    """Return each route twice: below ``/orgs/{org}`` and below ``/organizations/{id}``."""
    roots = ("/orgs/{org}", r"/organizations/{org_id:\d+}")
    return [(method, root + tail, handler) for root in roots for method, tail, handler in routes]
