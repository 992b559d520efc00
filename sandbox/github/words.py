"""The filter language search and boards share: words, ``-key:value,"other value"``, ranges of days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_TOKEN = re.compile(
    r"""
    (?P<bracket>[()])
    | (?P<minus>-)?(?:(?P<key>[\w.-]+):)(?P<values>(?:"[^"]*"|[^\s(),"]+)(?:,(?:"[^"]*"|[^\s(),"]+))*)
    | (?P<text>"[^"]*"|[^\s()]+)
    """,
    re.VERBOSE,
)
_VALUE = re.compile(r'"([^"]*)"|([^,"]+)')
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_TODAY = re.compile(r"@today(?:-(\d+)d)?")


@dataclass(frozen=True, slots=True)
class Word:
    """A plain word or quoted phrase."""

    text: str


@dataclass(frozen=True, slots=True)
class Bracket:
    """An opening or closing bracket."""

    text: str


@dataclass(frozen=True, slots=True)
class Qualifier:
    """``key:value,value``: any of the values; *negated* by a leading minus."""

    key: str
    values: tuple[str, ...]
    negated: bool


Token = Word | Bracket | Qualifier


def tokens(text: str) -> list[Token]:
    """Split a filter into its parts."""
    return [_token(match) for match in _TOKEN.finditer(text)]


def _token(match: re.Match[str]) -> Token:
    if match["bracket"]:
        return Bracket(match["bracket"])
    if match["key"]:
        values = tuple(quoted or plain for quoted, plain in _VALUE.findall(match["values"]))
        return Qualifier(match["key"].lower(), values, match["minus"] is not None)
    return Word(match["text"].strip('"'))


def in_range(text: str, moment: datetime) -> bool:
    """Say whether *moment* lies in ``2025-01-01``, ``>=2025-01-01``, ``<2025-01-01T10:00:00Z`` or ``a..b``.

    Raises ``ValueError`` for anything else. A day stands for all of it.
    """
    if ".." in text:
        low, high = text.split("..", 1)
        return (low == "*" or moment >= _span(low)[0]) and (high == "*" or moment < _span(high)[1])
    sign = re.match(r"(>=|<=|>|<)?(.*)", text, re.DOTALL)
    assert sign is not None
    first, end = _span(sign[2])
    match sign[1]:
        case ">=":
            return moment >= first
        case ">":
            return moment >= end
        case "<=":
            return moment < end
        case "<":
            return moment < first
        case _:
            return first <= moment < end


def board_range(text: str, day: date, today: date) -> bool:
    """Say whether *day* lies in a range as boards write it: days only, with ``@today-7d``.

    A moment (RFC 3339) matches nothing, as seen on a large board; GitHub gives no error for it.
    """
    plain = _TODAY.sub(lambda found: (today - timedelta(days=int(found[1] or 0))).isoformat(), text)
    parts = plain.split("..") if ".." in plain else [plain.lstrip("<>=")]
    if not all(part == "*" or _DAY.fullmatch(part) for part in parts):
        return False
    return in_range(plain, datetime.combine(day, time(), UTC))


def _span(text: str) -> tuple[datetime, datetime]:
    if _DAY.fullmatch(text):
        first = datetime.combine(date.fromisoformat(text), time(), UTC)
        return first, first + timedelta(days=1)
    moment = datetime.fromisoformat(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment, moment + timedelta(seconds=1)
