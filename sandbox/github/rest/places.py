"""REST: accounts, the organisation, repositories and their labels, search and the rate limit."""

from __future__ import annotations

from aiohttp import web

from sandbox.github.errors import Refused, invalid, not_found
from sandbox.github.limits import Meter, Resource
from sandbox.github.rest.base import (
    Handlers,
    Route,
    json_object,
    organization_routes,
    repository_routes,
    text_in,
    version_of,
)
from sandbox.github.rest.lists import choice, listed
from sandbox.github.rest.paging import page_of, whole
from sandbox.github.rest.render import LEAN_VERSION, Renderer
from sandbox.github.search import MOST_RESULTS, search_issues
from sandbox.github.state import GitHubState
from sandbox.github.state.model import Issue, Label

RESOURCES: tuple[Resource, ...] = ("core", "graphql", "search")


class PlaceHandlers(Handlers):
    """Everything that is not about one issue or one board."""

    def __init__(self, state: GitHubState, renderer: Renderer, meter: Meter) -> None:
        super().__init__(state, renderer)
        self._meter = meter

    def routes(self) -> list[Route]:
        """Return what this room answers."""
        return [
            ("GET", "/user", self.viewer),
            ("GET", "/user/orgs", self.own_organizations),
            ("GET", "/users/{login}", self.user),
            ("GET", "/rate_limit", self.rate_limit),
            ("GET", "/search/issues", self.search),
            *organization_routes(
                [
                    ("GET", "", self.read_organization),
                    ("GET", "/repos", self.list_repositories),
                    ("GET", "/issues", self.list_issues),
                    ("GET", "/members", self.list_members),
                    ("GET", "/issue-fields", self.list_issue_fields),
                ]
            ),
            *repository_routes(
                [
                    ("GET", "", self.read_repository),
                    ("GET", "/assignees", self.list_assignees),
                    ("GET", "/labels", self.list_labels),
                    ("POST", "/labels", self.create_label),
                    ("GET", "/labels/{name}", self.read_label),
                    ("PATCH", "/labels/{name}", self.update_label),
                    ("DELETE", "/labels/{name}", self.delete_label),
                ]
            ),
        ]

    async def viewer(self, _: web.Request) -> web.Response:
        """Return the token's user; an installation of an App has none."""
        if self.state.options.token_kind == "app":
            raise Refused(403, "Resource not accessible by integration")
        return self.answer(self.show.full_user(self.state.viewer))

    async def own_organizations(self, request: web.Request) -> web.Response:
        """List the organisations of the token's user; an installation of an App has no user."""
        if self.state.options.token_kind == "app":
            raise Refused(403, "Resource not accessible by integration")
        page = page_of(request, [self.state.org], f"{self.show.base()}/user/orgs")
        return self.answer_page(page, self.show.organization)

    async def user(self, request: web.Request) -> web.Response:
        """Return an account."""
        return self.answer(self.show.full_user(self.state.user(request.match_info["login"])))

    async def rate_limit(self, request: web.Request) -> web.Response:
        """Return where the limits stand."""
        resources = {name: self._meter.standing(name).as_json() for name in RESOURCES}
        more = {} if version_of(request) >= LEAN_VERSION else {"rate": resources["core"]}
        return self.answer({"resources": resources, **more})

    async def search(self, request: web.Request) -> web.Response:
        """Search issues and pull requests: at most 1,000 results can be reached."""
        query = request.query.get("q", "")
        sort, order = request.query.get("sort"), choice(request, "order", ("asc", "desc"), "desc")
        hits = search_issues(self.state, query, sort, order)
        size = min(100, max(1, whole(request, "per_page", 30)))
        if (whole(request, "page", 1) - 1) * size >= MOST_RESULTS:
            raise Refused(422, "Only the first 1000 search results are available")
        page = page_of(request, hits.issues, f"{self.show.base()}/search/issues")
        version = version_of(request)
        items = [{**self.show.issue(issue, version), "score": 1.0} for issue in page.things]
        body = {"total_count": hits.total, "incomplete_results": hits.incomplete, "items": items}
        return self.answer(body, headers=page.headers)

    async def read_organization(self, request: web.Request) -> web.Response:
        """Return the organisation."""
        return self.answer(self.show.organization(self.organization(request)))

    async def list_repositories(self, request: web.Request) -> web.Response:
        """List the repositories the token can see; the others are missing without a word."""
        self.organization(request)
        wanted = choice(request, "type", ("all", "public", "private", "forks", "sources", "member", "internal"), "all")
        sort = choice(request, "sort", ("created", "updated", "pushed", "full_name"), "created")
        direction = request.query.get("direction") or ("asc" if sort == "full_name" else "desc")
        found = [
            one
            for one in self.state.readable_repositories()
            if wanted in {"all", "sources", "member"} or wanted == ("private" if one.private else "public")
        ]
        if sort == "full_name":
            found.sort(key=lambda one: one.full_name.lower(), reverse=direction == "desc")
        else:
            moment = "created_at" if sort == "created" else "updated_at"
            found.sort(key=lambda one: (getattr(one, moment), one.id), reverse=direction == "desc")
        return self.answer_page(page_of(request, found, self.address(request)), self.show.repository)

    async def list_issues(self, request: web.Request) -> web.Response:
        """List issues across the organisation: by default only those assigned to the token's user."""
        self.organization(request)
        which = choice(
            request, "filter", ("assigned", "created", "mentioned", "subscribed", "repos", "all"), "assigned"
        )
        issues = [issue for issue in self.state.all_issues() if self._concerns(issue, which)]
        found = listed(self.state, issues, request)
        version = version_of(request)
        page = page_of(request, found, self.address(request))
        return self.answer_page(page, lambda issue: self.show.issue(issue, version, with_repository=True))

    def _concerns(self, issue: Issue, which: str) -> bool:
        viewer = self.state.viewer
        match which:
            case "assigned":
                return viewer in issue.assignees
            case "created":
                return issue.author is viewer
            case "mentioned":
                return f"@{viewer.login}" in (issue.body or "")
            case _:
                return True

    async def list_members(self, request: web.Request) -> web.Response:
        """List the people of the organisation."""
        self.organization(request)
        people = [user for user in self.state.users.values() if user.kind == "User"]
        return self.answer_page(page_of(request, people, self.address(request)), self.show.user)

    async def list_issue_fields(self, request: web.Request) -> web.Response:
        """List the organisation's issue fields."""
        self.organization(request)
        if not self.state.options.issue_fields:
            raise not_found()
        page = page_of(request, self.state.issue_fields, self.address(request))
        return self.answer_page(page, self.show.issue_field)

    async def read_repository(self, request: web.Request) -> web.Response:
        """Return a repository."""
        return self.answer(self.show.repository(self.repository(request)))

    async def list_assignees(self, request: web.Request) -> web.Response:
        """List who can be assigned."""
        self.repository(request)
        people = [user for user in self.state.users.values() if user.kind == "User"]
        return self.answer_page(page_of(request, people, self.address(request)), self.show.user)

    async def list_labels(self, request: web.Request) -> web.Response:
        """List the labels of a repository by name."""
        labels = sorted(self.repository(request).labels, key=lambda label: label.name.lower())
        return self.answer_page(page_of(request, labels, self.address(request)), self.show.label)

    async def create_label(self, request: web.Request) -> web.Response:
        """Create a label."""
        repository = self.repository(request)
        body = await json_object(request)
        name = text_in(body, "name", "Label", required=True)
        color = _color_in(text_in(body, "color", "Label"))
        description = text_in(body, "description", "Label")
        label = self.state.add_label(repository, name or "", color or "ededed", description)
        return self.answer(self.show.label(label), 201)

    async def read_label(self, request: web.Request) -> web.Response:
        """Return a label by name."""
        return self.answer(self.show.label(self._label(request)))

    async def update_label(self, request: web.Request) -> web.Response:
        """Change a label in place."""
        label = self._label(request)
        body = await json_object(request)
        changed = self.state.edit_label(
            label.repository.name,
            label.name,
            new_name=text_in(body, "new_name", "Label"),
            color=_color_in(text_in(body, "color", "Label")),
            description=text_in(body, "description", "Label"),
        )
        return self.answer(self.show.label(changed))

    async def delete_label(self, request: web.Request) -> web.Response:
        """Delete a label."""
        label = self._label(request)
        self.state.delete_label(label.repository.name, label.name)
        return web.Response(status=204)

    def _label(self, request: web.Request) -> Label:
        found = self.state.find_label(self.repository(request), request.match_info["name"])
        if found is None:
            raise not_found()
        return found


def _color_in(text: str | None) -> str | None:
    """Return a colour as six hexadecimal digits; GitHub refuses a leading ``#``."""
    if text is not None and (len(text) != 6 or any(sign not in "0123456789abcdefABCDEF" for sign in text)):
        raise invalid("Label", "color")
    return text
