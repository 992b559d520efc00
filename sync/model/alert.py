"""An alert: a finding that is told to someone, as a row of the base remembers it (design, section 7, Alerts)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum

from sync.errors import ExitCode
from sync.model.digest import Digest
from sync.model.finding import Acceptance
from sync.model.reading import Problem


class State(Enum):
    """How an alert stands; the words of the column *State*."""

    OPEN = "open"
    UNSURE = "open, perhaps told"
    """It was sent, and nobody can tell whether it arrived: it is sent once more, and no third time (fault K01)."""
    AGAIN = "open again"
    """It came back, and its people were told of it not long ago: they are not told again."""
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    ACCEPTED = "accepted"
    OWED = "resolved, not told yet"
    RESOLVED = "resolved"

    @property
    def over(self) -> bool:
        """Tell whether what the alert was about had gone when its row was written."""
        return self in {State.OWED, State.RESOLVED}

    @property
    def quiet(self) -> bool:
        """Tell whether a person said that they know: such an alert asks for nobody's attention."""
        return self in {State.ACKNOWLEDGED, State.SNOOZED, State.ACCEPTED}


@dataclass(frozen=True, slots=True)
class Alert:
    """The cells of ours on one row. *period* is spelled for people, with the cap the alert was judged by.

    *last_seen* moves only together with another cell; on a row that is over it is when that was noticed. *told* is when
    its people last heard of it, None while they have to be told. Moments are aware UTC, None where a cell is empty.
    """

    key: str
    kind: str = ""
    subject: str = ""
    period: str = ""
    level: str = ""
    severity: str = ""
    role: str = ""
    evidence: str = ""
    remedy: str = ""
    state: State = State.OPEN
    first_seen: datetime | None = None
    last_seen: datetime | None = None
    told: datetime | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """What people wrote on an alert's row: the columns that are never written by us.

    *snooze_until* is the day on which it speaks again, *accepted_until* the last day on which it does not.
    """

    owner: str = ""
    acknowledged: bool = False
    snooze_until: date | None = None
    accepted_until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StoredAlert:
    """A row as the base has it."""

    record_id: str
    alert: Alert
    word: Word = field(default_factory=Word)
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AlertBook:
    """What was read of the table, by key.

    *held* are keys that stand on several rows, or on one that cannot be read, with what to do: nothing is written under
    them. *missing* names what the base lacks so that no alerts can be kept; *unmanaged* are the names of `Alert`'s
    fields that have no column. Without *whole*, rows that are resolved were left out.
    """

    rows: Mapping[str, StoredAlert] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    unmanaged: frozenset[str] = frozenset()
    whole: bool = True
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class AlertWrite:
    """A row to write; *before* is None for a new one."""

    before: Alert | None
    after: Alert


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a finding stands for people: since when, and what somebody said about it.

    *until* is the day on which a snooze ends or the last one of an acceptance; *acceptance* is that, from wherever.
    """

    state: State = State.OPEN
    since: date | None = None
    until: date | None = None
    reason: str = ""
    owner: str = ""
    acceptance: Acceptance | None = None


@dataclass(frozen=True, slots=True)
class AlertReport:
    """What came of alerts in one run: the digests that were delivered, how many rows were written, what went wrong."""

    digests: tuple[Digest, ...] = ()
    written: int = 0
    undelivered: int = 0
    warnings: tuple[str, ...] = ()
    exit_code: ExitCode = ExitCode.FINE
    complete: bool = False
    """All that was to be written and told was."""
