"""Pages of REST lists and their ``Link`` header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web

from sandbox.github.errors import Refused

DEFAULT_PAGE = 30
LARGEST_PAGE = 100

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Page(Generic[Thing]):
    """One page and the headers that lead to the others."""

    things: Sequence[Thing]
    headers: dict[str, str]


def whole(request: web.Request, name: str, default: int) -> int:
    """Return a query parameter that must be a whole number, *default* when it is absent."""
    text = request.query.get(name, "")
    if not text:
        return default
    if not text.lstrip("-").isdigit():
        raise Refused(422, f"Invalid value for parameter {name}")
    return int(text)


def page_of(request: web.Request, things: Sequence[Thing], address: str) -> Page[Thing]:
    """Cut the page the request asks for; a page behind the end is empty. *address* is the list's own URL."""
    size = min(LARGEST_PAGE, max(1, whole(request, "per_page", DEFAULT_PAGE)))
    number = max(1, whole(request, "page", 1))
    last = max(1, -(-len(things) // size))
    links = []
    if number > 1:
        links.append(_link(request, address, min(number - 1, last), "prev"))
    if number < last:
        links += [_link(request, address, number + 1, "next"), _link(request, address, last, "last")]
    if number > 1:
        links.append(_link(request, address, 1, "first"))
    headers = {"Link": ", ".join(links)} if links else {}
    return Page(things[(number - 1) * size : number * size], headers)


def cursor_page_of(request: web.Request, things: Sequence[Thing], address: str) -> Page[Thing]:
    """Cut a page of the lists that go by ``after`` and ``before`` instead of page numbers."""
    size = min(LARGEST_PAGE, max(1, whole(request, "per_page", DEFAULT_PAGE)))
    start = whole(request, "after", 0)
    if "before" in request.query:
        start = max(0, whole(request, "before", 0) - size)
    links = []
    if start + size < len(things):
        links.append(_cursor_link(request, address, "after", start + size, "next"))
    if start > 0:
        links.append(_cursor_link(request, address, "before", start, "prev"))
    headers = {"Link": ", ".join(links)} if links else {}
    return Page(things[start : start + size], headers)


def _link(request: web.Request, address: str, number: int, relation: str) -> str:
    return _written(request, address, {"page": str(number)}, relation)


def _cursor_link(request: web.Request, address: str, name: str, place: int, relation: str) -> str:
    return _written(request, address, {name: str(place)}, relation)


def _written(request: web.Request, address: str, changed: dict[str, str], relation: str) -> str:
    kept = [(name, value) for name, value in request.query.items() if name not in {"page", "after", "before"}]
    return f'<{address}?{urlencode([*kept, *changed.items()])}>; rel="{relation}"'
