"""What moves on GitHub without moving an issue's mark, or may: cells of the board, parents, sub-issues, titles, states.

Looked at for open and lately closed issues when the board's mark moved; else for open ones, in turns.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from connectors import queries
from connectors.github_memory import ISSUE, RememberedGitHub
from connectors.github_movements import nodes_of, parsed
from connectors.memory import Shelf
from connectors.turns import Turns
from connectors.wire.github_json import Json

CLOSED_LATELY = timedelta(days=14)
"""Closed issues are looked at so long: hours are often filled in after closing."""
ROWS = 100
STRETCH = 500
"""So many issues have their turn at once: few of them are open, mostly."""


class BoardRows:
    """Tells which remembered issues are not as they were read. *clock* tells the moment decisions are made for."""

    def __init__(self, github: RememberedGitHub, shelf: Shelf, clock: Callable[[], datetime]) -> None:
        self._github = github
        self._shelf = shelf
        self._clock = clock
        self._turns = Turns(shelf, "rows", clock)

    def begin(self) -> None:
        """Note that all issues were read just now."""
        self._turns.begin()

    def all_that_moved(self) -> set[str]:
        """Look at all open and lately closed issues."""
        self._turns.begin()
        lately = self._clock() - CLOSED_LATELY
        return self._moved(one for one in self._shelf.items(ISSUE) if not _closed_before(one[1], lately))

    def some_that_moved(self, *, busy: bool) -> set[str]:
        """Look at the open issues whose turn it is; fewer in a look that is *busy* with others."""
        keys = sorted(self._shelf.keys(ISSUE))
        chosen = self._turns.due(keys[::STRETCH], busy=busy)
        stretches = (keys[start : start + STRETCH] for start in map(keys.index, chosen))
        issues = ((key, self._github.issue(key)) for stretch in stretches for key in stretch)
        return self._moved((key, one) for key, one in issues if one is not None and not one.get("closedAt"))

    def _moved(self, issues: Iterable[tuple[str, Json]]) -> set[str]:
        """Return the issues whose row, parent or number of sub-issues is another than was read."""
        wanted: dict[str, str] = {}
        marks: dict[str, tuple[Any, ...]] = {}
        for node_id, issue in issues:
            rows = [row for row in nodes_of(issue, "projectItems") if row.get("id")]
            marks[node_id] = _marks(issue)
            wanted |= {str(row["id"]): node_id for row in rows} or {node_id: node_id}
            marks |= {str(row["id"]): (row.get("updatedAt"), row.get("isArchived")) for row in rows}
        stale = set()
        ids = list(wanted)
        for start in range(0, len(ids), ROWS):
            batch = ids[start : start + ROWS]
            answer = self._github.api.query(
                "look at board rows",
                lambda _: queries.BOARD_ROWS,
                lambda batch=batch: {"ids": batch},  # type: ignore[misc]
            )
            given = answer.data.get("nodes")
            nodes = given if isinstance(given, list) and len(given) == len(batch) else [None] * len(batch)
            for asked, node in zip(batch, nodes, strict=True):
                if not isinstance(node, Mapping) or not _stands(node, asked, marks, wanted[asked]):
                    stale.add(wanted[asked])
        return stale


def parent_of(issue: Json | None) -> str | None:
    """Return the node id of the issue above one, None where there is none."""
    above = issue.get("parent") if issue is not None else None
    return str(above["id"]) if isinstance(above, Mapping) and above.get("id") else None


def _closed_before(issue: Json, moment: datetime) -> bool:
    closed = issue.get("closedAt")
    return isinstance(closed, str) and parsed(closed) < moment


def _marks(issue: Json) -> tuple[Any, ...]:
    """Return what shows that an issue is as it was read: its mark, title, state, parent and number of sub-issues."""
    summary = issue.get("subIssuesSummary")
    own = (issue.get("updatedAt"), issue.get("title"), issue.get("state"))
    return *own, parent_of(issue), summary.get("total") if isinstance(summary, Mapping) else None


def _stands(node: Json, asked: str, marks: Mapping[str, tuple[Any, ...]], issue_id: str) -> bool:
    if node.get("id") != asked:
        return False
    if asked == issue_id:
        return _marks(node) == marks[issue_id]
    content = node.get("content")
    is_as_read = isinstance(content, Mapping) and _marks(content) == marks[issue_id]
    return is_as_read and (node.get("updatedAt"), node.get("isArchived")) == marks[asked]
