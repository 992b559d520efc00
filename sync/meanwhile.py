"""Work that goes on while something else is waited for."""

import threading
from collections.abc import Callable, Collection, Iterator
from typing import Generic, TypeVar

Found = TypeVar("Found")
Item = TypeVar("Item")


class Meanwhile(Generic[Found]):
    """Does *work* in a thread of its own, begun at once. A process that ends does not wait for it."""

    def __init__(self, work: Callable[[], Found]) -> None:
        self._found: list[Found] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._do, args=(work,), name="reading", daemon=True)
        self._thread.start()

    def _do(self, work: Callable[[], Found]) -> None:
        try:
            self._found.append(work())
        except BaseException as error:  # noqa: BLE001  whoever asks for the result hears of it
            self._error = error

    def result(self) -> Found:
        """Wait for the end of the work and return what it gave, or raise what it raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return self._found[0]


class LaterCollection(Collection[Item]):
    """A collection that is worked out when it is first looked into."""

    def __init__(self, make: Callable[[], Collection[Item]]) -> None:
        self._make = make
        self._made: Collection[Item] | None = None

    def _items(self) -> Collection[Item]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __len__(self) -> int:
        return len(self._items())

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items())

    def __contains__(self, item: object) -> bool:
        return item in self._items()
