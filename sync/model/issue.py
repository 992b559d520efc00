"""What GitHub holds: issues in scope, their board fields, and what became of issues that left."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum

from sync.model.reading import FieldDrift, Problem


class Closing(Enum):
    """How an issue stands, as far as its task is concerned (decision D6)."""

    OPEN = "open"
    COMPLETED = "completed"
    NOT_PLANNED = "not planned"
    DUPLICATE = "duplicate"
    UNKNOWN = "closed for a reason we do not know"

    @property
    def undelivered(self) -> bool:
        """Tell whether the work was closed without being done."""
        return self in (Closing.NOT_PLANNED, Closing.DUPLICATE)


@dataclass(frozen=True, slots=True)
class LoggedHours:
    """A value stands in the hours column. *changed_on* is the day it was last written, when GitHub tells."""

    minutes: int
    changed_on: date | None = None


@dataclass(frozen=True, slots=True)
class EmptyHours:
    """The hours column was read and is empty: nothing logged."""


@dataclass(frozen=True, slots=True)
class UnknownHours:
    """The hours column could not be read, or holds a value nobody can mean (*absurd*).

    *of_board*: it is the board or its column that could not be read, for this issue as for every other.
    """

    reason: str
    absurd: bool = False
    of_board: bool = False


HoursReading = LoggedHours | EmptyHours | UnknownHours


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody on GitHub. *email* only when the profile shows it."""

    login: str
    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class BoardFields:
    """Board fields of an issue that is on the configured board; None or "" means empty there."""

    item_id: str
    archived: bool = False
    status: str = ""
    start: date | None = None
    end: date | None = None
    iteration_title: str = ""
    iteration_end: date | None = None
    estimate: Decimal | None = None
    community: str = ""
    allocation: str = ""
    whose_unread: bool = False
    """The column *Community* or *Allocation* was probably renamed, or is of another type: what it says is unknown."""


@dataclass(frozen=True, slots=True)
class Iteration:
    """One iteration of the board's own calendar; both days are inclusive."""

    title: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class NotOnBoard:
    """The issue was read and is not on the configured board."""


@dataclass(frozen=True, slots=True)
class BoardUnknown:
    """Whether the issue is on the board, or what stands there, could not be read."""

    reason: str


Board = BoardFields | NotOnBoard | BoardUnknown


@dataclass(frozen=True, slots=True)
class Issue:
    """One GitHub issue, under its node id."""

    id: str
    url: str
    repository: str
    number: int
    title: str
    body: str
    closing: Closing
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    private: bool = False
    labels: tuple[str, ...] = ()
    author: str = ""
    assignees: tuple[Person, ...] = ()
    parent_id: str | None = None
    child_ids: tuple[str, ...] = ()
    children_complete: bool = True
    board: Board = NotOnBoard()
    hours: HoursReading = UnknownHours("not on the board")

    @property
    def board_fields(self) -> BoardFields | None:
        """Return the board fields, or None when the issue is not on the board or they could not be read."""
        return self.board if isinstance(self.board, BoardFields) else None

    @property
    def reference(self) -> str:
        """Return the short name people use: ``owner/repo#12``."""
        return f"{self.repository}#{self.number}"


@dataclass(frozen=True, slots=True)
class ScopedIssue:
    """An issue in scope: the profile it counts for and its parent inside the scope, if any."""

    issue: Issue
    profile: str
    parent_id: str | None = None
    former_ids: tuple[str, ...] = ()
    former_urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelLost:
    """Read by name: neither label nor labelled ancestor, and its repository still has the label."""

    issue: Issue


@dataclass(frozen=True, slots=True)
class Deleted:
    """GitHub says that the issue was deleted (410)."""


@dataclass(frozen=True, slots=True)
class OutOfSight:
    """Nothing proves that the issue left: 404, no access, the label renamed, a partial answer, lost in a transfer."""

    reason: str


Verdict = LabelLost | Deleted | OutOfSight


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """What a destination remembers of an issue: enough to ask GitHub for it by name."""

    url: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class IssueSnapshot:
    """Everything read from GitHub in one run.

    *issues* are in scope, by node id. *verdicts* tell about known issues that are not, by the known url.
    *complete* is false when any listing ended early.
    """

    issues: Mapping[str, ScopedIssue] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    complete: bool = True
    problems: tuple[Problem, ...] = ()
    board_columns: frozenset[str] = frozenset()
    """Which of the board's mapped columns exist, by our own names (``end``, ``status`` …)."""
    pull_requests: int = 0
    drift: tuple[FieldDrift, ...] = ()
    """The board's columns that were renamed or retyped."""
    iterations: tuple[Iteration, ...] | None = None
    """The board's calendar, past and future, by start; None when it was not read or the board has none."""
