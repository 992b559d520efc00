"""What all of GitHub's GraphQL answers share: values of a promised type, connections, and errors beside data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

Json = Mapping[str, Any]

NOT_FOUND = "NOT_FOUND"
TOO_HEAVY = frozenset({"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})
LONGEST_MESSAGE = 300


class OddValue(ValueError):
    """A value of another type than the API promises; the message is its path."""


@dataclass(frozen=True, slots=True)
class QueryError:
    """One entry of ``errors``. *path* leads to the value that is missing for it; *details* are its extensions."""

    kind: str
    message: str
    path: tuple[str | int, ...] = ()
    details: str = ""

    def __str__(self) -> str:
        place = ".".join(str(step) for step in self.path)
        return " ".join(part for part in (self.kind, self.message, f"(at {place})" if place else "") if part)


def decode_errors(payload: Json) -> tuple[QueryError, ...]:
    """Return the errors of an answer; an entry that is no object is kept as its text."""
    found = payload.get("errors") or []
    return tuple(_error(one) for one in found) if isinstance(found, list) else (QueryError("", str(found)),)


def _error(one: Any) -> QueryError:
    if not isinstance(one, Mapping):
        return QueryError("", str(one)[:LONGEST_MESSAGE])
    path = one.get("path")
    steps = tuple(step for step in path if isinstance(step, str | int)) if isinstance(path, list) else ()
    extensions = one.get("extensions")
    details = " ".join(str(value) for value in extensions.values()) if isinstance(extensions, Mapping) else ""
    kind = str(one.get("type") or "")
    return QueryError(kind, str(one.get("message") or "")[:LONGEST_MESSAGE], steps, details[:LONGEST_MESSAGE])


def below(errors: Iterable[QueryError], *path: str | int) -> tuple[QueryError, ...]:
    """Return the errors at or below *path*, with their paths counted from there."""
    length = len(path)
    return tuple(
        QueryError(one.kind, one.message, one.path[length:], one.details) for one in errors if one.path[:length] == path
    )


def spelled(errors: Iterable[QueryError]) -> str:
    """Return errors as one line for people, each once."""
    return "; ".join(dict.fromkeys(str(one) for one in errors))[:LONGEST_MESSAGE]


@dataclass(frozen=True, slots=True)
class Connection:
    """The nodes of a connection that could be read. *whole* is false when some are missing or null."""

    nodes: tuple[Json, ...]
    whole: bool = True
    cursor: str | None = None
    """Where the next page begins, None on the last one."""


def connection(data: Json, name: str) -> Connection:
    """Return a connection of *data*; raise OddValue when it is not there or is no connection."""
    found = data.get(name)
    if not isinstance(found, Mapping) or not isinstance(found.get("nodes"), list):
        raise OddValue(name)
    nodes = found["nodes"]
    read = tuple(one for one in nodes if isinstance(one, Mapping))
    cursor = next_cursor(found)
    return Connection(read, len(read) == len(nodes) and cursor is None, cursor)


def next_cursor(found: Json) -> str | None:
    """Return where the next page of a connection begins, None when this is the last one."""
    page = found.get("pageInfo")
    if not isinstance(page, Mapping) or page.get("hasNextPage") is not True:
        return None
    cursor = page.get("endCursor")
    return cursor if isinstance(cursor, str) else ""


def part(data: Json, name: str) -> Json:
    """Return an object of *data*; raise OddValue when it is none."""
    found = data.get(name)
    if not isinstance(found, Mapping):
        raise OddValue(name)
    return found


def text(data: Json, name: str) -> str:
    """Return a text, "" for null; raise OddValue for anything else."""
    value = data.get(name)
    if value is not None and not isinstance(value, str):
        raise OddValue(name)
    return value or ""


def needed_text(data: Json, name: str) -> str:
    """Return a text that must be there; raise OddValue otherwise."""
    value = text(data, name)
    if not value:
        raise OddValue(name)
    return value


def flag(data: Json, name: str) -> bool:
    """Return a yes or no, no for null; raise OddValue for anything else."""
    value = data.get(name)
    if value is not None and not isinstance(value, bool):
        raise OddValue(name)
    return bool(value)


def whole_number(data: Json, name: str) -> int:
    """Return a whole number; raise OddValue for anything else."""
    value = data.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise OddValue(name)
    return value


def moment(data: Json, name: str) -> datetime | None:
    """Return an aware moment, None for null; raise OddValue for anything else."""
    value = text(data, name)
    try:
        found = datetime.fromisoformat(value) if value else None
    except ValueError:
        raise OddValue(name) from None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def needed_moment(data: Json, name: str) -> datetime:
    """Return an aware moment that must be there; raise OddValue otherwise."""
    found = moment(data, name)
    if found is None:
        raise OddValue(name)
    return found


def day(data: Json, name: str) -> date | None:
    """Return a day, None for null; raise OddValue for anything else."""
    value = text(data, name)
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        raise OddValue(name) from None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its nodes, each with the errors below it, and how many are null.

    *total* is how many the whole list holds, None where that was not asked for.
    """

    nodes: tuple[tuple[Json, tuple[QueryError, ...]], ...]
    lost: int = 0
    errors: tuple[QueryError, ...] = ()
    total: int | None = None
    cursor: str | None = None


def decode_page(data: Json, path: tuple[str, ...], errors: Iterable[QueryError]) -> Page:
    """Decode the connection at *path*; raise OddValue with the path where it is not there."""
    found: Any = data
    for number, step in enumerate(path):
        found = found.get(step)
        if not isinstance(found, Mapping):
            raise OddValue(".".join(path[: number + 1]))
    given = found.get("nodes")
    if not isinstance(given, list):
        raise OddValue(".".join((*path, "nodes")))
    own = below(errors, *path)
    nodes = tuple((one, below(own, "nodes", place)) for place, one in enumerate(given) if isinstance(one, Mapping))
    total = found.get("totalCount")
    return Page(
        nodes,
        lost=len(given) - len(nodes),
        errors=own,
        total=total if isinstance(total, int) else None,
        cursor=next_cursor(found),
    )
