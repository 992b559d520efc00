"""REST: sub-issues and parents."""

from __future__ import annotations

from aiohttp import web

from sandbox.core import Json
from sandbox.github.errors import Refused, not_found
from sandbox.github.rest.base import Handlers, Route, json_object, repository_routes, version_of
from sandbox.github.rest.paging import page_of
from sandbox.github.state.model import Issue


class FamilyHandlers(Handlers):
    """The links between issues; children are named by database id, not by number."""

    def routes(self) -> list[Route]:
        """Return what this room answers."""
        one = r"/issues/{number:\d+}"
        return repository_routes(
            [
                ("GET", f"{one}/sub_issues", self.list_children),
                ("POST", f"{one}/sub_issues", self.add),
                ("DELETE", f"{one}/sub_issue", self.remove),
                ("PATCH", f"{one}/sub_issues/priority", self.reorder),
                ("GET", f"{one}/parent", self.parent),
            ]
        )

    async def list_children(self, request: web.Request) -> web.Response:
        """List the sub-issues the token can see, in their order."""
        children = [child for child in self.issue(request).children if self.state.readable(child.repository)]
        version = version_of(request)
        page = page_of(request, children, self.address(request))
        return self.answer_page(page, lambda child: self.show.issue(child, version, with_repository=True))

    async def add(self, request: web.Request) -> web.Response:
        """Add a sub-issue and return the parent."""
        parent = self.issue(request)
        body = await json_object(request)
        child = self._named(body, "sub_issue_id")
        self.state.add_sub_issue(parent, child, replace_parent=bool(body.get("replace_parent")))
        return self.issue_answer(request, parent, 201)

    async def remove(self, request: web.Request) -> web.Response:
        """Remove a sub-issue and return the parent."""
        parent = self.issue(request)
        self.state.remove_sub_issue(parent, self._named(await json_object(request), "sub_issue_id"))
        return self.issue_answer(request, parent)

    async def reorder(self, request: web.Request) -> web.Response:
        """Move a sub-issue behind or before another one and return the parent."""
        parent = self.issue(request)
        body = await json_object(request)
        child = self._named(body, "sub_issue_id")
        if body.get("before_id") is not None:
            others = [one for one in parent.children if one is not child]
            before = self._named(body, "before_id")
            place = others.index(before) if before in others else 0
            after = others[place - 1] if place else None
        else:
            after = self._named(body, "after_id") if body.get("after_id") is not None else None
        self.state.reorder_sub_issue(parent, child, after)
        return self.issue_answer(request, parent)

    async def parent(self, request: web.Request) -> web.Response:
        """Return the parent; 404 when there is none or the token cannot see it."""
        parent = self.issue(request).parent
        if parent is None or not self.state.readable(parent.repository):
            raise not_found()
        return self.issue_answer(request, parent)

    def _named(self, body: Json, name: str) -> Issue:
        value = body.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise Refused(422, f'Invalid property /{name}: "{value}" is not of type `integer`.')
        return self.state.find_issue_by_id(value)
