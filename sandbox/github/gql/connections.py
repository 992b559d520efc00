"""Connections: GitHub's pages, with cursors that keep their place by sort key and bounds that must be given."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql.language import FieldNode, FragmentSpreadNode, InlineFragmentNode, SelectionSetNode

from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import Problem

LARGEST_PAGE = 100
LISTING = frozenset({"nodes", "edges", "pageInfo"})

Key = tuple[str | int, ...]
Keyed = tuple[Key, Any]
"""A node and what it is sorted by."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """Where a page begins and ends."""

    start_cursor: str | None
    end_cursor: str | None
    has_previous_page: bool
    has_next_page: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A node with its cursor."""

    cursor: str
    node: Any


@dataclass(frozen=True, slots=True)
class Page:
    """What a connection answers; ``issue_count`` is what searches call the total."""

    edges: Sequence[Edge]
    page_info: PageInfo
    total_count: int

    @property
    def nodes(self) -> list[Any]:
        """The nodes without their cursors."""
        return [edge.node for edge in self.edges]

    @property
    def issue_count(self) -> int:
        """The total of a search."""
        return self.total_count


def in_order(nodes: Iterable[Any]) -> list[Keyed]:
    """Key nodes by their place in a list."""
    return [((place,), node) for place, node in enumerate(nodes)]


def connect(
    info: Info,
    source: object,
    keyed: Sequence[Keyed],
    args: dict[str, Any],
    *,
    descending: bool = False,
    total: int | None = None,
) -> Page:
    """Return the page the arguments ask for.

    *keyed* need not be sorted. Raises ``Problem`` when a page is listed without ``first`` or ``last``, when that is not
    1 to 100, and for cursors that are none. Below a crowded parent half of the nodes are missing, silently.
    """
    context = info.context
    _check_bounds(info, args)
    rows = sorted(keyed, key=lambda row: row[0], reverse=descending)
    crowded = id(source) in context.crowded
    if crowded:
        rows = rows[: (len(rows) + 1) // 2]
    count = len(rows) if total is None else total
    chosen, before, after = _cut(rows, args, descending=descending)
    nodes = [node for _, node in chosen]
    limit = context.state.options.truncate_nested_above
    if crowded or (limit is not None and len(nodes) > limit):
        context.crowded.update(id(node) for node in nodes)
    edges = [Edge(_cursor(key), node) for key, node in chosen]
    start, end = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Page(edges, PageInfo(start, end, before, after), count)


def _cut(rows: list[Keyed], args: dict[str, Any], *, descending: bool) -> tuple[list[Keyed], bool, bool]:
    """Return the rows of the page and whether there are rows before and after it."""
    chosen = rows
    if args.get("after") is not None:
        place = _place(args["after"])
        chosen = [row for row in chosen if (row[0] < place if descending else row[0] > place)]
    if args.get("before") is not None:
        place = _place(args["before"])
        chosen = [row for row in chosen if (row[0] > place if descending else row[0] < place)]
    if args.get("first") is not None:
        chosen = chosen[: args["first"]]
    elif args.get("last") is not None:
        chosen = chosen[-args["last"] :]
    if not chosen:
        return [], bool(rows) and args.get("after") is not None, False
    return chosen, rows[0][0] != chosen[0][0], rows[-1][0] != chosen[-1][0]


def _check_bounds(info: Info, args: dict[str, Any]) -> None:
    name = info.field_name
    first: int | None = args.get("first")
    last: int | None = args.get("last")
    if first is None and last is None:
        if any(_lists(info, node.selection_set) for node in info.field_nodes):
            raise Problem(
                "MISSING_PAGINATION_BOUNDARIES",
                f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
            )
        return
    if first is not None and last is not None:
        raise Problem(
            "UNPROCESSABLE",
            f"Passing both `first` and `last` values to paginate the `{name}` connection is not supported.",
        )
    bound, value = ("last", last or 0) if first is None else ("first", first)
    if value > LARGEST_PAGE:
        raise Problem(
            "EXCESSIVE_PAGINATION",
            f"Requesting {value} records on the `{name}` connection exceeds the `{bound}` limit of 100 records.",
        )
    if value < 1:
        raise Problem(
            "UNPROCESSABLE", f"`{bound}` on the `{name}` connection must be a number from 1 to 100, not {value}."
        )


def _lists(info: Info, selections: SelectionSetNode | None) -> bool:
    """Say whether a connection is asked for its members, not only for a count."""
    for node in selections.selections if selections else ():
        match node:
            case FieldNode() if node.name.value in LISTING:
                return True
            case InlineFragmentNode() if _lists(info, node.selection_set):
                return True
            case FragmentSpreadNode() if _lists(info, info.fragments[node.name.value].selection_set):
                return True
    return False


def _cursor(key: Key) -> str:
    return base64.b64encode(b"cursor:v2:" + json.dumps(key).encode()).decode()


def _place(cursor: str) -> Key:
    try:
        text = base64.b64decode(cursor, validate=True)
        return tuple(json.loads(text.removeprefix(b"cursor:v2:")))
    except (ValueError, TypeError):
        raise Problem("INVALID_CURSOR_ARGUMENTS", f"`{cursor}` does not appear to be a valid cursor.") from None
