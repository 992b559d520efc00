"""The sandbox in a process of its own: ``python -m benchmarks.stage``, told what to do line by line on stdin.

Each line is a JSON object with ``do``; each is answered by one line on stdout. The first answer holds the settings.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.people import People
from benchmarks.shortcut import mirror
from benchmarks.world import START, LargeWorld
from sandbox import Sandbox
from sandbox.core import RequestRecord

SERVICES = ("github", "asana", "airtable")
NO_PACE = {"CSH_AIRTABLE__REQUESTS_PER_SECOND": "1000", "CSH_ASANA__REQUESTS_PER_MINUTE": "1000000"}


class Stage:
    """One sandbox and what is done to it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._world = LargeWorld(sandbox)
        self._people = People(self._world)
        self._tables = {table.id: table.name for table in sandbox.airtable.base.tables}

    def settings(self) -> dict[str, str]:
        """Return the product's variables for this sandbox, and the moment it is there."""
        return self._sandbox.settings() | {"CSH_NOW": self._sandbox.clock.now().isoformat(timespec="seconds")}

    def issues(self, count: int) -> int:
        """Open more issues; return how many there are."""
        self._world.add_issues(count)
        return len(self._world.issues)

    def mirror(self) -> int:
        """Mirror all issues without a request."""
        mirror(self._world, self.settings() | NO_PACE)
        return len(self._world.issues)

    def latency(self, seconds: float) -> None:
        """Let each request take so long."""
        self._sandbox.latency = seconds

    def limits(self, speed: float = 1.0) -> None:
        """Refuse what the services refuse for its rate."""
        self._sandbox.add_published_limits(speed)

    def mark(self) -> dict[str, int]:
        """Return a place in the log, and the points GitHub counted so far."""
        return {"requests": self._sandbox.log.mark(), "points": self._sandbox.github.points}

    def requests(self, requests: int, points: int) -> dict[str, Any]:
        """Count what was asked since a mark."""
        records = self._sandbox.log.select(since=requests)
        reading = list(_until_first_write(records))
        return {
            "requests": {name: sum(one.service == name for one in records) for name in SERVICES},
            "writes": {name: sum(one.service == name and one.is_write for one in records) for name in SERVICES},
            "limited": sum(one.status == 429 or one.outcome == "limited" for one in records),
            "points": self._sandbox.github.points - points,
            "operations": Counter(f"{one.service} {one.method} {self._kind(one)}" for one in records),
            "reads_in_parallel": _overlap(reading),
            "read_seconds": round(reading[-1].elapsed - reading[0].elapsed, 2) if reading else 0.0,
            "write_seconds": _span([one for one in records if one.service == "asana" and one.is_write]),
            "seconds": _span(records),
        }

    def _kind(self, record: RequestRecord) -> str:
        """Return what a request is for: the operation, the table, or the path without ids."""
        if record.operation:
            return record.operation
        parts = record.path.strip("/").split("/")
        if record.service == "airtable" and parts[-1] in self._tables:
            return self._tables[parts[-1]]
        return "/".join("*" if any(sign.isdigit() for sign in part) else part for part in parts)

    def advance(self, seconds: float) -> str:
        """Let time go by in the sandbox; return the moment it is there."""
        self._sandbox.clock.advance(seconds=seconds)
        return self._sandbox.clock.now().isoformat()

    def edit(self, kind: str, number: int) -> None:
        """Let a person edit something now: `People.edit`."""
        self._people.edit(kind, number)

    def arrived(self) -> list[float]:
        """Return after how many seconds the edits arrived that are in the mirror by now, each told once."""
        return self._people.arrived()

    def waiting(self) -> int:
        """Return how many edits are not in the mirror yet."""
        return len(self._people.waiting)


def _until_first_write(records: Sequence[RequestRecord]) -> Sequence[RequestRecord]:
    first = next((place for place, one in enumerate(records) if one.is_write), len(records))
    return records[:first]


def _span(records: Sequence[RequestRecord]) -> float:
    return round(records[-1].elapsed - records[0].elapsed, 1) if records else 0.0


def _overlap(records: Sequence[RequestRecord]) -> float:
    """Return how many services were read at the same time on average, while any was."""
    spans = []
    for name in SERVICES:
        times = [one.elapsed for one in records if one.service == name]
        spans += [(times[0], times[-1])] if len(times) > 1 else []
    if not spans:
        return 0.0
    whole = max(end for _, end in spans) - min(start for start, _ in spans)
    return round(sum(end - start for start, end in spans) / whole, 2) if whole else 0.0


def main(lines: Callable[[], str] = sys.stdin.readline) -> None:
    """Serve until stdin ends."""
    with Sandbox(start=START) as sandbox:
        stage = Stage(sandbox)
        _answer(stage.settings())
        while line := lines():
            asked = json.loads(line)
            _answer(getattr(stage, asked.pop("do"))(**asked))


def _answer(value: object) -> None:
    print(json.dumps(value), flush=True)  # noqa: T201  the other process reads it


if __name__ == "__main__":
    main()
