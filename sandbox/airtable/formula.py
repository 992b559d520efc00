"""The formulas the played Airtable understands: equality of a field or of RECORD_ID(), moments, OR, AND and NOT.

Anything else is refused as an invalid formula, so that nobody relies on it.
https://support.airtable.com/docs/formula-field-reference
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.airtable import refusals
from sandbox.airtable.base import Row

Cell = Callable[[str, Row], Any]
"""Returns a row's value for a field name or id; raises KeyError for a field that is none."""

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<field>\{(?:[^}\\]|\\.)*\})
      | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<word>[A-Za-z_]+)
      | (?P<sign>>=|[(),=])
    )""",
    re.VERBOSE | re.DOTALL,
)
_CONSTANTS = {"TRUE": True, "FALSE": False, "BLANK": None}
Test = Callable[[Row], Any]


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def compiled(formula: str, cell: Cell, known: Callable[[str], bool], unedited: str = "blank") -> Callable[[Row], bool]:
    """Return the test that *formula* is, or raise a `Refusal`; *known* says which fields exist.

    *unedited*: "created" gives records that nobody edited the moment they were made as their last edit.
    """
    tokens = _tokens(formula)
    unknown = sorted({_name(one.text) for one in tokens if one.kind == "field" and not known(_name(one.text))})
    if unknown:
        raise refusals.invalid_formula(f"Unknown field names: {', '.join(unknown).lower()}")
    reader = _Reader(tokens, cell, unedited)
    test = reader.comparison()
    if reader.tokens:
        raise refusals.invalid_formula()
    return lambda row: bool(test(row))


class _Reader:
    """A reader of tokens, from the left; each method takes its tokens away."""

    def __init__(self, tokens: list[_Token], cell: Cell, unedited: str) -> None:
        self.tokens = tokens
        self._cell = cell
        self._unedited = unedited

    def comparison(self) -> Test:
        """Read `value`, `value = value` or `moment >= moment`."""
        left = self._value()
        sign = self.tokens[0].text if self.tokens else ""
        if sign not in {"=", ">="}:
            return left
        self._take(sign)
        right = self._value()
        if sign == "=":
            return lambda row: _equal(left(row), right(row))
        return lambda row: _at_or_after(left(row), right(row))

    def _value(self) -> Test:
        if not self.tokens:
            raise refusals.invalid_formula()
        token = self.tokens.pop(0)
        match token.kind:
            case "field":
                name = _name(token.text)
                return lambda row: self._cell(name, row)
            case "text":
                text = re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
                return lambda _: text
            case "number":
                number = float(token.text)
                return lambda _: number
            case "word":
                return self._call(token.text.upper())
            case _:
                raise refusals.invalid_formula()

    def _call(self, function: str) -> Test:
        self._take("(")
        given: list[Test] = []
        while self.tokens and self.tokens[0].text != ")":
            given.append(self.comparison())
            if self.tokens and self.tokens[0].text == ",":
                self._take(",")
        self._take(")")
        if function in {"OR", "AND"} and given:
            every = all if function == "AND" else any
            return lambda row: every(bool(one(row)) for one in given)
        if function == "NOT" and len(given) == 1:
            return lambda row: not given[0](row)
        if function == "RECORD_ID" and not given:
            return lambda row: row.id
        if function == "CREATED_TIME" and not given:
            return lambda row: row.created
        if function == "LAST_MODIFIED_TIME" and not given:
            return lambda row: row.modified or (row.created if self._unedited == "created" else None)
        if function == "DATETIME_PARSE" and len(given) == 1:
            return lambda row: _moment(given[0](row))
        if function in _CONSTANTS and not given:
            constant = _CONSTANTS[function]
            return lambda _: constant
        raise refusals.invalid_formula()

    def _take(self, sign: str) -> None:
        if not self.tokens or self.tokens.pop(0).text != sign:
            raise refusals.invalid_formula()


def _equal(left: Any, right: Any) -> bool:
    if left in (None, "") and right in (None, ""):
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return bool(left) == bool(right)
    # a number is never equal to a text that looks like it
    return (type(left) is type(right) and left == right) or (_both_numbers(left, right) and left == right)


def _at_or_after(left: Any, right: Any) -> bool:
    """Compare moments by the millisecond; a blank is after nothing."""
    return isinstance(left, datetime) and isinstance(right, datetime) and left >= right


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _both_numbers(left: Any, right: Any) -> bool:
    return isinstance(left, int | float) and isinstance(right, int | float)


def _name(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


def _tokens(formula: str) -> list[_Token]:
    found = []
    place = 0
    text = formula.strip()
    while place < len(text):
        token = _TOKEN.match(text, place)
        if token is None:
            raise refusals.invalid_formula()
        found.append(_Token(str(token.lastgroup), token.group(str(token.lastgroup))))
        place = token.end()
    return found
