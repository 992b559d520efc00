"""An ordered list that remembers how it was some requests ago."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

_Item = TypeVar("_Item")
_MEMORY = 64


class Counted(Protocol):
    """What counts the requests and says how far lists lag."""

    requests: int

    @property
    def lag(self) -> int:
        """Return by how many requests lists are behind."""


class Shelf(Generic[_Item]):
    """Keep items in order. While lists lag, also keep the last states, each until which request."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self._items: list[_Item] = []
        self._past: deque[tuple[int, tuple[_Item, ...]]] = deque(maxlen=_MEMORY)

    def __iter__(self) -> Iterator[_Item]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, item: _Item) -> bool:
        return item in self._items

    def put(self, item: _Item, *, after: _Item | None = None, before: _Item | None = None, first: bool = False) -> None:
        """Put *item* behind or before another, first, or else last."""
        self._remember()
        if after is not None:
            place = self._items.index(after) + 1
        elif before is not None:
            place = self._items.index(before)
        else:
            place = 0 if first else len(self._items)
        self._items.insert(place, item)

    def take(self, item: _Item) -> None:
        """Take *item* out; nothing happens when it is not there."""
        if item in self._items:
            self._remember()
            self._items.remove(item)

    def seen(self) -> list[_Item]:
        """Return the items without the changes that came with the last requests, as many as lists lag."""
        moment = self._counted.requests - self._counted.lag
        for request, items in self._past if self._counted.lag else ():
            if request >= moment:
                return list(items)
        return list(self._items)

    def _remember(self) -> None:
        if self._counted.lag:
            self._past.append((self._counted.requests, tuple(self._items)))
