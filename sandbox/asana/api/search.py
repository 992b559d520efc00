"""Search for tasks: late, for paying customers, without offsets; what it does not know it ignores.

https://developers.asana.com/reference/searchtasksforworkspace
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox.asana.api.bodies import moment
from sandbox.asana.api.call import Answer, Call, Route
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.refusals import bad, payment_required
from sandbox.asana.state.model import EnumOption, Task

_MAX_FOUND = 100
_USUAL_COUNT = 20
_SORTS: dict[str, Callable[[Task], Any]] = {
    "modified_at": lambda task: task.modified_at,
    "created_at": lambda task: task.created_at,
    "completed_at": lambda task: (task.completed_at is not None, task.completed_at or task.created_at),
    "due_date": lambda task: (task.due_on is not None, str(task.due_on)),
    "likes": lambda _: 0,
    "relevance": lambda task: task.name,
}

Test = Callable[[Task], bool]


class SearchHandlers(Handlers):
    """The handler of the advanced search."""

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [("GET", "/workspaces/{workspace}/tasks/search", self._search)]

    def _search(self, call: Call) -> Answer:
        if not self.state.options.has_search:
            raise payment_required("search")
        self.read.workspace(call.args["workspace"])
        query = dict(call.query)
        tests = [*self._place_tests(query), *self._time_tests(query), *self._field_tests(query)]
        found = [task for task in self.state.tasks.values() if self._indexed(task) and all(t(task) for t in tests)]
        return self._sorted(call, found)

    def _indexed(self, task: Task) -> bool:
        """Say whether search knows a task: new ones come late, deleted ones go late."""
        seen_until = self.state.now() - timedelta(seconds=self.state.options.search_lag_seconds)
        if task.gid in self.state.options.unlisted or not self.state.may_see(task):
            return False
        return task.created_at <= seen_until and (task.trashed is None or task.trashed.at > seen_until)

    def _sorted(self, call: Call, found: list[Task]) -> Answer:
        by = call.query.get("sort_by", "modified_at")
        if by not in _SORTS:
            raise bad(f"sort_by: Not a valid value: {by}")
        limit = call.query.get("limit", str(_USUAL_COUNT))
        if not limit.isdigit() or not 1 <= int(limit) <= _MAX_FOUND:
            raise bad(f"limit: Must be between 1 and {_MAX_FOUND}: {limit}")
        found.sort(key=_SORTS[by], reverse=call.query.get("sort_ascending", "false").lower() != "true")
        return Answer({"data": [self.show.task(task).shown(call.tree()) for task in found[: int(limit)]]})

    def _place_tests(self, query: Mapping[str, str]) -> list[Test]:
        tests: list[Test] = []
        if words := query.get("text"):
            tests.append(lambda task: words.casefold() in f"{task.name}\n{task.rich.text}".casefold())
        if (completed := _flag(query, "completed")) is not None:
            tests.append(lambda task: (task.completed_at is not None) == completed)
        if (subtask := _flag(query, "is_subtask")) is not None:
            tests.append(lambda task: (task.parent is not None) == subtask)
        if projects := _gids(query, "projects.any"):
            tests.append(lambda task: any(project.gid in projects for project in task.projects))
        if sections := _gids(query, "sections.any"):
            tests.append(lambda task: any(place.section.gid in sections for place in task.memberships))
        if assignees := self._people(query, "assignee.any"):
            tests.append(lambda task: task.assignee is not None and task.assignee.gid in assignees)
        if authors := self._people(query, "created_by.any"):
            tests.append(lambda task: task.created_by.gid in authors)
        return tests

    def _time_tests(self, query: dict[str, str]) -> list[Test]:
        tests: list[Test] = []
        for name in ("created_at", "modified_at", "completed_at"):
            for side in ("after", "before"):
                edge = moment(query, f"{name}.{side}")
                if edge is not None:
                    tests.append(_time_test(name, edge, after=side == "after"))
        return tests

    def _field_tests(self, query: Mapping[str, str]) -> list[Test]:
        named = [(name.split("."), wanted) for name, wanted in query.items() if name.startswith("custom_fields.")]
        return [
            _field_test(parts[1], _FIELD_TESTS[parts[2]], wanted)
            for parts, wanted in named
            if len(parts) == 3 and parts[2] in _FIELD_TESTS
        ]

    def _people(self, query: Mapping[str, str], name: str) -> set[str]:
        return {self.state.me.gid if gid == "me" else gid for gid in _gids(query, name)}


def _gids(query: Mapping[str, str], name: str) -> set[str]:
    return {gid.strip() for gid in query.get(name, "").split(",") if gid.strip()}


def _flag(query: Mapping[str, str], name: str) -> bool | None:
    return {"true": True, "false": False}.get(query.get(name, "").lower())


def _time_test(name: str, edge: datetime, *, after: bool) -> Test:
    def holds(task: Task) -> bool:
        value = getattr(task, name)
        return value is not None and bool(value > edge if after else value < edge)

    return holds


def _field_test(gid: str, holds: Callable[[Any, str], bool], wanted: str) -> Test:
    return lambda task: holds(task.values.get(gid), wanted)


def _plain(value: Any) -> str:
    if isinstance(value, EnumOption):
        return value.gid
    if isinstance(value, dict):
        return str(value["date"])
    return str(value)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, float):
        return value == _number(wanted)
    return value is not None and _plain(value) == wanted


_FIELD_TESTS: dict[str, Callable[[Any, str], bool]] = {
    "is_set": lambda value, wanted: (value is not None) == (wanted.lower() == "true"),
    "value": _equals,
    "starts_with": lambda value, wanted: isinstance(value, str) and value.startswith(wanted),
    "ends_with": lambda value, wanted: isinstance(value, str) and value.endswith(wanted),
    "contains": lambda value, wanted: isinstance(value, str) and wanted in value,
    "less_than": lambda value, wanted: isinstance(value, float) and value < _number(wanted),
    "greater_than": lambda value, wanted: isinstance(value, float) and value > _number(wanted),
    "before": lambda value, wanted: isinstance(value, dict) and value["date"] < wanted,
    "after": lambda value, wanted: isinstance(value, dict) and value["date"] > wanted,
}
