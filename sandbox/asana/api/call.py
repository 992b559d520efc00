"""One request to the API, what it is answered, and the routes between."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.asana.api.shape import Record, Tree, asked_fields
from sandbox.asana.refusals import no_route
from sandbox.core import Json


@dataclass(frozen=True, slots=True)
class Call:
    """A request, alone or as an action of a batch.

    *path* starts below the API's address *base*. *args* are the gids in the path, *data* what stands
    under `data` in the body, *options* what stands beside it.
    """

    method: str
    path: str
    base: str
    query: Mapping[str, str] = field(default_factory=dict)
    data: Json = field(default_factory=dict)
    options: Json = field(default_factory=dict)
    args: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_write(self) -> bool:
        """Say whether the request changes anything; a batch counts by its actions."""
        return self.method not in {"GET", "HEAD", "OPTIONS"}

    def tree(self) -> Tree | None:
        """Return the fields asked for, None when the usual ones are."""
        fields = self.options.get("fields")
        if isinstance(fields, list):
            fields = ",".join(str(one) for one in fields)
        asked = self.query.get("opt_fields") or fields
        return asked_fields(str(asked)) if asked else None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request is answered: *body* as it is sent."""

    body: Json
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Answer]
Route = tuple[str, str, Handler]
"""Method, path with `{names}`, and what handles it."""


def one(call: Call, record: Record, *, created: str | None = None) -> Answer:
    """Answer a single record in full; *created* is the path of a new one."""
    body = {"data": record.shown(call.tree(), full=True)}
    return Answer(body) if created is None else Answer(body, 201, {"Location": f"{call.base}{created}"})


def empty() -> Answer:
    """Answer that it is done."""
    return Answer({"data": {}})


class Router:
    """Find the handler of a request; a wrong method is a wrong path (404)."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.known = [(method, path) for method, path, _ in routes]
        self._routes = [(method, _pattern(path), handler) for method, path, handler in routes]

    def find(self, method: str, path: str) -> tuple[Handler, dict[str, Any]]:
        """Return the handler and the names in the path, or raise `Refusal`."""
        for wanted, pattern, handler in self._routes:
            found = pattern.fullmatch(path) if wanted == method else None
            if found is not None:
                return handler, found.groupdict()
        raise no_route()


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path) + "/?")
