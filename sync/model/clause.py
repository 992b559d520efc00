"""What a contract's clause says about hours, as far as its words go, and the periods that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum


class Period(Enum):
    """The kind of period for which hours are promised."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    YEAR = "year"
    TERM = "term"
    """The whole term of the contract."""


class Anchor(Enum):
    """Where periods begin: with the calendar (Jan 1, Apr 1 …), or with the contract's own first day."""

    CALENDAR = "calendar"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one additional hour costs. *currency* is an ISO 4217 code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the clause something was read: half-open character positions, and the words that stand there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class ClauseReading:
    """What a clause says. None or "" where it says nothing; *questions* where it is too vague to be read.

    *spans* tells for each name of this class what it was read from. *anchor_question* is the one of the questions that
    asks where periods begin, "" where none does.
    """

    minutes: int | None = None
    period: Period | None = None
    anchor: Anchor | None = None
    role: str = ""
    extra_minutes: int | None = None
    rate: Rate | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    anchor_question: str = ""


@dataclass(frozen=True, slots=True)
class ImpliedAllocation:
    """One period that a clause implies between two days, both inclusive. *cut*: the contract's dates cut it short."""

    start: date
    end: date
    minutes: int
    extra_minutes: int | None = None
    cut: bool = False
