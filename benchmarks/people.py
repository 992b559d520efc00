"""What people do during a day, and whether it is in the mirror yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from benchmarks.world import COMMUNITIES, QUARTERS, LargeWorld, address

ALLOCATIONS = COMMUNITIES * len(QUARTERS)


@dataclass(frozen=True, slots=True)
class Edit:
    """Something a person did to *what*, and how to see that it arrived."""

    what: tuple[str, int]
    made_at: datetime
    has_arrived: Callable[[], bool]


class People:
    """Engineers on issues and on the board, managers in Airtable."""

    def __init__(self, world: LargeWorld) -> None:
        self._world = world
        self._edits = 0
        self.waiting: list[Edit] = []

    def edit(self, kind: str, number: int) -> None:
        """Edit the *number*-th thing: the title of an ``issue``, hours on the ``board``, an Airtable ``row``."""
        self._edits += 1
        number = number % ALLOCATIONS if kind == "row" else number
        has_arrived = {"issue": self._rename, "board": self._log_hours, "row": self._resize}[kind](number)
        what = (kind, number)
        # An edit that is edited again arrives with the later one.
        self.waiting = [replace(one, has_arrived=has_arrived) if one.what == what else one for one in self.waiting]
        self.waiting.append(Edit(what, self._world.sandbox.clock.now(), has_arrived))

    def arrived(self) -> list[float]:
        """Return after how many seconds the edits arrived that are in the mirror by now, and forget them."""
        now = self._world.sandbox.clock.now()
        there = [one for one in self.waiting if one.has_arrived()]
        self.waiting = [one for one in self.waiting if one not in there]
        return [(now - one.made_at).total_seconds() for one in there]

    def _rename(self, number: int) -> Callable[[], bool]:
        issue = self._world.issues[number]
        title = f"{issue.title.partition(' (')[0]} ({self._edits})"
        self._world.sandbox.github.state.edit(issue, title=title)
        gid = self._gid(number)
        return lambda: self._world.sandbox.asana.state.tasks[gid].name == title

    def _log_hours(self, number: int) -> Callable[[], bool]:
        issue, state = self._world.issues[number], self._world.sandbox.asana.state
        hours = 3 + self._edits % 50 / 10
        self._world.sandbox.github.state.set_board(issue, self._world.board, {"GitHub Hours": hours})
        task = state.tasks[self._gid(number)]
        return lambda: state.field_value(task, "GitHub Hours") == hours

    def _resize(self, number: int) -> Callable[[], bool]:
        airtable = self._world.sandbox.airtable
        record = sorted(airtable.rows("Allocations"))[number]
        hours = 5000 + self._edits
        airtable.edit_cell("Allocations", record, "Hours available", hours)

        def has_arrived() -> bool:
            cells = airtable.row("Allocations", record)
            left = hours - float(cells.get("Hours used") or 0)
            return abs(float(cells.get("Hours left") or 0) - left) < 0.01

        return has_arrived

    def _gid(self, number: int) -> str:
        return self._world.tasks_by_url()[address(self._world.issues[number])].gid
