"""REST: boards (Projects v2) of the organisation, their columns and rows."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from sandbox.core import Json
from sandbox.github.boardfilter import filtered
from sandbox.github.errors import not_found
from sandbox.github.rest.base import Handlers, Route, organization_routes, version_of
from sandbox.github.rest.paging import cursor_page_of
from sandbox.github.rest.render import instant, web_url
from sandbox.github.state.model import Content, Draft, Field, Item, Iteration, Option, Project


class BoardHandlers(Handlers):
    """Boards, read only; lists go by cursor."""

    def routes(self) -> list[Route]:
        """Return what this room answers."""
        one = r"/projectsV2/{project:\d+}"
        return organization_routes(
            [
                ("GET", "/projectsV2", self.list_projects),
                ("GET", one, self.read),
                ("GET", f"{one}/fields", self.list_fields),
                ("GET", f"{one}/items", self.list_items),
                ("GET", one + r"/items/{item:\d+}", self.read_item),
            ]
        )

    async def list_projects(self, request: web.Request) -> web.Response:
        """List the boards the token can see."""
        self.organization(request)
        shown = [project for project in self.state.projects if not project.hidden]
        return self.answer_page(cursor_page_of(request, shown, self.address(request)), self._project_json)

    async def read(self, request: web.Request) -> web.Response:
        """Return one board."""
        return self.answer(self._project_json(self._project(request)))

    async def list_fields(self, request: web.Request) -> web.Response:
        """List the columns."""
        page = cursor_page_of(request, self._project(request).fields, self.address(request))
        return self.answer_page(page, self._field_json)

    async def list_items(self, request: web.Request) -> web.Response:
        """List rows with the columns named by ``fields``; without it only the title comes back."""
        project = self._project(request)
        options = self.state.options
        items = [
            item
            for item in project.items
            if self.state.caught_up(item.added, options.board_lag)
            and (options.items_include_archived or not item.archived)
        ]
        page = cursor_page_of(request, filtered(self.state, items, request.query.get("q", "")), self.address(request))
        columns = self._columns(request, project)
        return self.answer_page(page, lambda item: self._item_json(item, columns, version_of(request)))

    async def read_item(self, request: web.Request) -> web.Response:
        """Return one row."""
        project = self._project(request)
        number = int(request.match_info["item"])
        found = next((item for item in project.items if item.id == number), None)
        if found is None:
            raise not_found()
        return self.answer(self._item_json(found, self._columns(request, project), version_of(request)))

    def _project(self, request: web.Request) -> Project:
        self.organization(request)
        project = self.state.project(int(request.match_info["project"]))
        if project.hidden:
            raise not_found()
        return project

    @staticmethod
    def _columns(request: web.Request, project: Project) -> list[Field]:
        named = [*request.query.getall("fields", []), *request.query.getall("fields[]", [])]
        wanted = {number.strip() for text in named for number in text.split(",") if number.strip()}
        return [field for field in project.fields if (str(field.id) in wanted if wanted else field.kind == "TITLE")]

    def _project_json(self, project: Project) -> Json:
        return {
            "id": project.id,
            "node_id": project.node_id,
            "owner": self.show.user(self.state.org),
            "creator": self.show.user(project.creator),
            "title": project.title,
            "description": None,
            "public": project.public,
            "number": project.number,
            "state": "closed" if project.closed else "open",
            "created_at": instant(project.created_at),
            "updated_at": instant(project.updated_at),
            "closed_at": None,
        }

    def _field_json(self, field: Field) -> Json:
        shown: Json = {
            "id": field.id,
            "node_id": field.node_id,
            "name": field.name,
            "data_type": field.kind.lower(),
            "project_url": f"{self.show.base()}/orgs/{self.state.org.login}/projectsV2/{field.project.number}",
            "created_at": instant(field.created_at),
            "updated_at": instant(field.updated_at),
        }
        if field.kind == "SINGLE_SELECT":
            shown["options"] = [_option_json(option) for option in field.options]
        if field.kind == "ITERATION":
            shown["configuration"] = {"iterations": [_iteration_json(one) for one in field.iterations]}
        if field.issue_field is not None and self.state.options.issue_fields:
            shown["issue_field_id"] = field.issue_field.id
        return shown

    def _item_json(self, item: Item, columns: list[Field], version: str) -> Json:
        visible = self.state.content_readable(item.content)
        return {
            "id": item.id,
            "node_id": item.node_id,
            "content_type": item_type(item, visible=visible),
            "content": self._content(item, version) if visible else None,
            "creator": self.show.user(item.creator),
            "created_at": instant(item.created_at),
            "updated_at": instant(item.updated_at),
            "archived_at": instant(item.updated_at) if item.archived else None,
            "fields": [self._cell(item, field) for field in columns] if visible else [],
        }

    def _content(self, item: Item, version: str) -> Json:
        if isinstance(item.content, Draft):
            draft = item.content
            return {"id": draft.id, "node_id": draft.node_id, "title": draft.title, "body": draft.body}
        return self.show.issue(item.content, version, with_repository=True)

    def _cell(self, item: Item, field: Field) -> Json:
        return {
            "id": field.id,
            "name": field.name,
            "data_type": field.kind.lower(),
            "value": self._value(item, field),
        }

    def _value(self, item: Item, field: Field) -> object:
        if field.kind == "TITLE":
            return self._title(item)
        if field.issue_field is not None and not isinstance(item.content, Draft):
            value = item.content.field_values.get(field.issue_field)
        else:
            value = item.values.get(field)
        return None if value is None else _content_json(value.content)

    @staticmethod
    def _title(item: Item) -> Json:
        title = {"raw": item.content.title, "html": item.content.title}
        if isinstance(item.content, Draft):
            return {**title, "is_draft": True}
        issue = item.content
        return {
            **title,
            "number": issue.number,
            "url": web_url(issue),
            "issue_id": issue.id,
            "state": issue.state,
            "state_reason": issue.state_reason,
            "is_draft": False,
        }


def item_type(item: Item, *, visible: bool) -> str:
    """Return what kind of row it is; ``Redacted`` when the token may not see what it stands for."""
    if not visible:
        return "Redacted"
    if isinstance(item.content, Draft):
        return "DraftIssue"
    return "PullRequest" if item.content.pull_request else "Issue"


def _content_json(content: Content) -> object:
    match content:
        case Option():
            return _option_json(content)
        case Iteration():
            return _iteration_json(content)
        case date():
            return content.isoformat()
        case _:
            return content


def _option_json(option: Option) -> Json:
    return {
        "id": option.id,
        "name": {"raw": option.name, "html": option.name},
        "color": option.color,
        "description": {"raw": option.description, "html": option.description},
    }


def _iteration_json(iteration: Iteration) -> Json:
    return {
        "id": iteration.id,
        "title": {"raw": iteration.title, "html": iteration.title},
        "start_date": iteration.start.isoformat(),
        "duration": iteration.days,
        "completed": iteration.completed,
    }
