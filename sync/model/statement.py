"""An allocation's statement: every line behind its total, the clause that set its cap, and what else says otherwise."""

from dataclasses import dataclass
from datetime import date, datetime

from sync.model.change import Standing
from sync.model.clause import ClauseReading


@dataclass(frozen=True, slots=True)
class LineEntry:
    """Minutes that one person logged on one day."""

    person: str
    day: date
    minutes: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One issue or task and the minutes of it that count here.

    *reference* is the issue's short name, "" for a task. *rules* tell in words why it stands here, with this day and
    these minutes. *entries* are the time entries behind a task that counts entry by entry. *sealed*: the minutes are
    those of the seal. *stored_minutes* is what Activity says before the next run, None where the cell is empty or the
    row is not there.
    """

    key: str
    source: str
    reference: str
    title: str
    url: str
    people: str
    day: date | None
    minutes: int
    stored_minutes: int | None
    state: str
    placed_by: str
    dated_by: str
    late: bool
    sealed: bool
    rules: tuple[str, ...] = ()
    entries: tuple[LineEntry, ...] = ()
    action: str = ""
    """What kind of action a label of the issue says it is, "" where none does."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Where an allocation's hours come from. The lines add up to *total_minutes*, which is what is used.

    *airtable_minutes* is *Hours used* as the base shows it, None where it is empty, and *airtable_as_of* when the
    service wrote there last. *differences* are sentences about
    what does not agree with the total or the cap, and why. *reading* is what the project's clause says about the cap,
    None where there is no clause; *questions* are what is left to ask about it, once its allocations were looked at.
    """

    standing: Standing
    lines: tuple[StatementLine, ...]
    total_minutes: int
    airtable_minutes: int | None
    airtable_sentence: str = ""
    airtable_as_of: datetime | None = None
    provider: str = ""
    url: str = ""
    sealed_on: date | None = None
    reopened: bool = False
    clause: str = ""
    reading: ClauseReading | None = None
    questions: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()

    @property
    def by_action(self) -> tuple[tuple[str, int], ...]:
        """Return the minutes of each kind of action, most first; "" is what no label says. Empty where none does."""
        found: dict[str, int] = {}
        for line in self.lines:
            found[line.action] = found.get(line.action, 0) + line.minutes
        told = sorted(
            ((name, minutes) for name, minutes in found.items() if minutes), key=lambda one: (-one[1], one[0])
        )
        return tuple(told) if any(name for name, _ in told) else ()


@dataclass(frozen=True, slots=True)
class CommunityHours:
    """A community's allocations, by engagement, project and start, and what is logged for it and counts in none yet."""

    community: str
    statements: tuple[Statement, ...]
    waiting: tuple[StatementLine, ...] = ()
