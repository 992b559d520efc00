"""Read what stands in paths, queries and bodies, and refuse what Asana does not take."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from sandbox.asana.days import parse_day, parse_moment
from sandbox.asana.refusals import (
    bad,
    may_not_edit,
    missing,
    no_access,
    not_a_day,
    not_a_gid_type,
    not_a_user,
    not_an_id,
    unknown,
)
from sandbox.asana.state import AsanaState
from sandbox.asana.state.model import Field, Portfolio, Project, Section, Task, User
from sandbox.core import Json

_Thing = TypeVar("_Thing")


class Reader:
    """Find the things a request names; *status* is 404 for those of the path, 400 for those of body and query."""

    def __init__(self, state: AsanaState) -> None:
        self._state = state

    def task(self, gid: Any, name: str = "task", status: int = 404, *, reading: bool = False) -> Task:
        """Return a task; one in the trash can at most be read."""
        task = self._found(self._state.tasks, gid, name, status)
        if self._state.is_gone(task):
            raise unknown(name, task.gid, status=status)
        if task.trashed is not None:
            answer = self._state.options.trashed_task
            if answer == 403:
                raise no_access("task")
            if answer == 404 or not reading:
                raise unknown(name, task.gid, status=status)
        return self._visible(task, "task")

    def project(self, gid: Any, name: str = "project", status: int = 404) -> Project:
        """Return a project."""
        project = self._found(self._state.projects, gid, name, status)
        if project.deleted:
            raise unknown(name, project.gid, status=status)
        return self._visible(project, "project")

    def editable_project(self, gid: Any, name: str = "project", status: int = 404) -> Project:
        """Return a project that the token's user may add to and change."""
        project = self.project(gid, name, status)
        if not self._state.may_edit(project):
            raise may_not_edit("project")
        return project

    def section(self, gid: Any, name: str = "section", status: int = 404) -> Section:
        """Return a section."""
        section = self._found(self._state.sections, gid, name, status)
        self._visible(section.project, "project")
        return section

    def portfolio(self, gid: Any, name: str = "portfolio", status: int = 404) -> Portfolio:
        """Return a portfolio."""
        return self._visible(self._found(self._state.portfolios, gid, name, status), "portfolio")

    def field(self, gid: Any, name: str = "custom_field", status: int = 404) -> Field:
        """Return a custom field; one that was deleted is forbidden, not unknown."""
        field = self._found(self._state.fields, gid, name, status)
        if field.deleted:
            raise no_access("custom_field")
        return field

    def workspace(self, gid: Any, name: str = "workspace", status: int = 404) -> None:
        """Check that the workspace is the only one there is."""
        self._found({self._state.workspace.gid: self._state.workspace}, gid, name, status)

    def thing(self, things: dict[str, _Thing], gid: Any, name: str, status: int = 404) -> _Thing:
        """Return one of *things*."""
        return self._found(things, gid, name, status)

    def user(self, named: Any, name: str = "user") -> User:
        """Return the user of a path."""
        found = self._state.find_user(named)
        if found is None:
            text = str(named)
            raise unknown(name, text) if text.isdigit() or "@" in text else not_an_id(name, text)
        return found

    def member(self, named: Any, name: str) -> User:
        """Return the user a body names, who must be in the workspace."""
        if not isinstance(named, str):
            raise not_a_gid_type(name, named)
        found = self._state.find_user(named)
        if found is None or not found.active:
            where = "Organization" if self._state.workspace.is_organization else "Workspace"
            raise not_a_user(name, where, named)
        return found

    def _found(self, things: dict[str, _Thing], gid: Any, name: str, status: int) -> _Thing:
        if not isinstance(gid, str):
            raise not_a_gid_type(name, gid)
        if not (gid.isascii() and gid.isdigit()):
            raise not_an_id(name, gid)
        if gid not in things:
            raise unknown(name, gid, status=status)
        return things[gid]

    def _visible(self, thing: _Thing, kind: str) -> _Thing:
        if isinstance(thing, Task | Project | Portfolio) and not self._state.may_see(thing):
            raise no_access(kind)
        return thing


def text(data: Json, name: str) -> str | None:
    """Return a text of the body, None when it is absent; null is an empty text."""
    if name not in data:
        return None
    value = data[name]
    if value is None:
        return ""
    if not isinstance(value, str):
        raise bad(f"{name}: Value is not a string: {value}")
    return value


def required_text(data: Json, name: str) -> str:
    """Return a text of the body that must not be empty."""
    value = text(data, name)
    if not value or not value.strip():
        raise missing(name)
    return value


def flag(data: Json, name: str) -> bool | None:
    """Return a JSON boolean of the body, None when it is absent."""
    if name not in data:
        return None
    if not isinstance(data[name], bool):
        raise bad(f"{name}: Value is not a boolean: {data[name]}")
    return bool(data[name])


def listed(data: Json, name: str) -> list[Any]:
    """Return an array of the body, empty when it is absent; a single text or a comma list counts as one."""
    value = data.get(name)
    if value is None:
        return []
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    if not isinstance(value, list):
        raise bad(f"{name}: Value is not an array: {value}")
    return value


def day(data: Json, name: str) -> date | None:
    """Return a day of the body or the query, None for null."""
    return _read(data, name, parse_day)


def moment(data: Json, name: str) -> datetime | None:
    """Return a moment of the body or the query, None for null."""
    return _read(data, name, parse_moment)


def _read(data: Json, name: str, parse: Callable[[object], _Thing | None]) -> _Thing | None:
    if data.get(name) is None:
        return None
    found = parse(data[name])
    if found is None:
        raise not_a_day(name, data[name])
    return found
