"""Cut lists into pages and hand out the offsets between them.

https://developers.asana.com/docs/pagination
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlencode

from sandbox.asana.api.call import Answer, Call
from sandbox.asana.api.shape import Record
from sandbox.asana.refusals import bad, bad_offset, too_large
from sandbox.asana.state import AsanaState
from sandbox.core import Json

MAX_PAGE = 100

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list goes on: behind which object, at which position; and since when this is known."""

    listing: str
    behind: str
    position: int
    given_at: datetime


class Pages:
    """Serve pages and remember the offsets that were handed out."""

    def __init__(self, state: AsanaState) -> None:
        self._state = state
        self._places: dict[str, _Place] = {}

    def expire(self) -> None:
        """Make all offsets handed out so far unusable."""
        self._places.clear()

    def answer(self, call: Call, items: Sequence[_Item], show: Callable[[_Item], Record]) -> Answer:
        """Answer one page of *items* (things with a gid), or as many as Asana gives without `limit`."""
        tree = call.tree()
        limit = _limit(call)
        offset = call.query.get("offset", call.options.get("offset"))
        start = self._start(call, offset, items) if offset is not None else 0
        if limit is None and offset is None:
            chosen = self._unpaged(items)
            return Answer({"data": [show(item).shown(tree) for item in chosen]})
        stop = start + (limit or MAX_PAGE)
        body: Json = {"data": [show(item).shown(tree) for item in items[start:stop]], "next_page": None}
        if stop < len(items):
            body["next_page"] = self._next_page(call, items[stop - 1], stop)
        return Answer(body)

    def whole(self, call: Call, items: Sequence[_Item], show: Callable[[_Item], Record]) -> Answer:
        """Answer all *items*: for a list that knows no pages, whatever `limit` says."""
        tree = call.tree()
        return Answer({"data": [show(item).shown(tree) for item in items]})

    def _unpaged(self, items: Sequence[_Item]) -> Sequence[_Item]:
        options = self._state.options
        if len(items) > options.unpaged_cap and options.unpaged == "refused":
            raise too_large()
        return items[: options.unpaged_cap]

    def _start(self, call: Call, offset: Any, items: Sequence[Any]) -> int:
        place = self._places.get(str(offset))
        lifetime = self._state.options.offset_seconds
        if place is None or place.listing != _listing(call):
            raise bad_offset()
        if lifetime is not None and self._state.now() - place.given_at > timedelta(seconds=lifetime):
            raise bad_offset()
        if self._state.options.paging == "by_item":
            found = next((number for number, item in enumerate(items) if item.gid == place.behind), None)
            if found is not None:
                return found + 1
        return min(place.position, len(items))

    def _next_page(self, call: Call, last: Any, position: int) -> Json:
        offset = self._hand_out(_Place(_listing(call), last.gid, position, self._state.now()))
        query = urlencode({**call.query, "offset": offset})
        return {"offset": offset, "path": f"{call.path}?{query}", "uri": f"{call.base}{call.path}?{query}"}

    def _hand_out(self, place: _Place) -> str:
        seed = f"{len(self._places)}/{place.listing}/{place.behind}/{place.position}"
        offset = "eyJ0eXAiOiJKV1Qi" + base64.urlsafe_b64encode(hashlib.sha256(seed.encode()).digest()).decode()[:40]
        self._places[offset] = place
        return offset


def _listing(call: Call) -> str:
    """Return what is listed: the path and the filters, whatever the size of the page."""
    filters = {name: value for name, value in call.query.items() if name not in {"limit", "offset", "opt_fields"}}
    return f"{call.path}?{urlencode(sorted(filters.items()))}"


def _limit(call: Call) -> int | None:
    given = call.query.get("limit", call.options.get("limit"))
    if given is None:
        return None
    if not str(given).isdigit() or not 1 <= int(given) <= MAX_PAGE:
        raise bad(f"limit: Must be between 1 and {MAX_PAGE}: {given}")
    return int(given)
