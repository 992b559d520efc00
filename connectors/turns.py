"""What no look can show is asked for anew in turns: a share with each look, so that none of them takes long."""

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from connectors.memory import Shelf

LASTS = timedelta(minutes=90)
"""In this time all have had a turn, where no look was busy; a run of every 15 minutes renews a sixth."""
BUSY = 0.5
"""The part of their share that busy looks give: where all are busy, all have had a turn in twice the time."""


class Turns:
    """Whose turn it is. *name* tells several circles on one shelf apart.

    *clock* tells the moment decisions are made for (decision D15). What is asked may raise MemoryLost.
    """

    def __init__(self, shelf: Shelf, name: str, clock: Callable[[], datetime]) -> None:
        self._shelf = shelf
        self._name = f"{name} in turns"
        self._clock = clock

    def begin(self) -> None:
        """Note that all of it was asked for just now."""
        self._note(0.0, "")

    def due(self, keys: Iterable[str], *, busy: bool = False) -> list[str]:
        """Return the keys whose turn it is: of all keys the part of `LASTS` that went by since the last look.

        A *busy* look has enough to ask for besides, and gives a half of that: what it leaves waits, but not for a look
        that is not busy, since none may come for hours.
        """
        ordered = sorted(keys)
        share, credit, last = self._known()
        if not 0 <= share < 1:
            self.begin()
            return ordered
        credit = min(credit + len(ordered) * share * (BUSY if busy else 1), len(ordered))
        number, start = int(credit), bisect_right(ordered, last)
        chosen = (ordered[start:] + ordered[:start])[:number]
        self._note(credit - number, chosen[-1] if chosen else last)
        return chosen

    def _known(self) -> tuple[float, float, str]:
        """Return which part of `LASTS` went by since the last look, what turns were left then, and the last of them."""
        mark = self._shelf.mark(self._name)
        if not mark:
            return 1.0, 0.0, ""
        at, credit, last = json.loads(mark)
        return (self._clock() - datetime.fromisoformat(at)) / LASTS, credit, last

    def _note(self, credit: float, last: str) -> None:
        self._shelf.set_mark(self._name, json.dumps([self._clock().isoformat(), credit, last]))
