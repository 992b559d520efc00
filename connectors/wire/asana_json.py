"""What all of Asana's answers share: values of a promised type, references, and the words of a refusal."""

import json
import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, NamedTuple, TypeGuard

Json = Mapping[str, Any]

LONGEST_MESSAGE = 300


class OddValue(ValueError):
    """A value that is missing, or of another type than the API promises; the message is its path."""


def record(value: Any, path: str) -> Json:
    """Return *value* as a record; raise OddValue when it is none."""
    if not isinstance(value, Mapping):
        raise OddValue(path)
    return value


def records(data: Json, name: str) -> list[Json]:
    """Return a list of records that must be there; it may be empty."""
    value = data.get(name)
    if not isinstance(value, list):
        raise OddValue(name)
    return [record(one, f"{name}[{index}]") for index, one in enumerate(value)]


def own_gid(data: Json) -> str:
    """Return a record's own gid."""
    gid = data.get("gid")
    if not isinstance(gid, str) or not gid:
        raise OddValue("gid")
    return gid


def gid_of(data: Json, name: str) -> str:
    """Return the gid of the record that *name* refers to, "" for null; the reference itself must be there."""
    if name not in data:
        raise OddValue(name)
    value = data[name]
    if value is None:
        return ""
    if not isinstance(value, Mapping) or not isinstance(value.get("gid"), str):
        raise OddValue(name)
    return str(value["gid"])


def text(data: Json, name: str, *, needed: bool = False) -> str:
    """Return a text; null or absent is "", unless it is *needed*."""
    value = data.get(name)
    if not isinstance(value, str) and (needed or value is not None):
        raise OddValue(name)
    return value or ""


def flag(data: Json, name: str) -> bool:
    """Return a boolean that must be there."""
    value = data.get(name)
    if not isinstance(value, bool):
        raise OddValue(name)
    return value


def count(data: Json, name: str, *, needed: bool = False) -> int | None:
    """Return a whole number from 0 on; null or absent is None, unless it is *needed*."""
    value = data.get(name)
    if value is None and not needed:
        return None
    if is_number(value) and value >= 0 and value == int(value):
        return int(value)
    raise OddValue(name)


def is_number(value: Any) -> TypeGuard[int | float]:
    """Tell whether *value* is a finite number."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, float) and math.isfinite(value)
    )


def day(data: Json, name: str) -> date | None:
    """Return a day, None for null or absent."""
    words = text(data, name)
    try:
        return date.fromisoformat(words) if words else None
    except ValueError:
        raise OddValue(name) from None


def moment(data: Json, name: str) -> datetime | None:
    """Return an aware moment, None for null or absent."""
    words = text(data, name)
    try:
        found = datetime.fromisoformat(words) if words else None
    except ValueError:
        raise OddValue(name) from None
    return found.replace(tzinfo=UTC) if found and found.tzinfo is None else found


def error_text(body: bytes | str | None) -> str:
    """Return the messages of an error answer on one line, "" when it holds none."""
    try:
        errors = json.loads(body or b"{}").get("errors")
    except (ValueError, AttributeError):
        return ""
    entries = errors if isinstance(errors, list) else []
    messages = [str(one.get("message") or "") for one in entries if isinstance(one, Mapping)]
    return " ".join("; ".join(filter(None, messages)).split())[:LONGEST_MESSAGE]


class Announced(NamedTuple):
    """A change of Asana's API that is to come, and the page that tells of it."""

    name: str
    info: str


def changes_announced(header: str) -> frozenset[Announced]:
    """Return the changes that an ``Asana-Change`` header tells to affect the request it answers.

    https://developers.asana.com/docs/deprecations
    """
    found = set()
    for one in header.split(","):
        said = {name.strip(): value.strip() for name, _, value in (part.partition("=") for part in one.split(";"))}
        if said.get("name") and said.get("affected") == "true":
            found.add(Announced(said["name"], said.get("info", "")))
    return frozenset(found)
