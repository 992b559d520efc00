"""One page for the weekly review of engagements (requirement 71)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sync.model.alert import Judgement
from sync.model.change import Standing
from sync.model.contract import Engagement
from sync.model.finding import Finding


@dataclass(frozen=True, slots=True)
class Looked:
    """A finding as it is reviewed: how it stands for people, and whether it is new since the last review."""

    finding: Finding
    word: Judgement
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Resolved:
    """What went away by itself since the last review, and the day on which that was noticed."""

    finding: Finding
    on: date


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An engagement with where its hours stand, what is to be looked at (worst first), and what went away.

    *engagement* is None for what belongs to no active one. *proposed* is the status the rules propose, with the reason.
    """

    engagement: Engagement | None = None
    community: str = ""
    proposed: str = ""
    reason: str = ""
    standings: tuple[Standing, ...] = ()
    findings: tuple[Looked, ...] = ()
    resolved: tuple[Resolved, ...] = ()

    @property
    def open(self) -> tuple[Looked, ...]:
        """Return the findings that nobody answered."""
        return tuple(one for one in self.findings if not one.word.state.quiet)


@dataclass(frozen=True, slots=True)
class TeamMonth:
    """What the service takes of a team in one month: minutes promised for it, and minutes of work dated in it.

    *share* and *used_share* are parts of the capacity, 1 meaning all; *full_time* is what is promised as the part of a
    full-time person. None where no capacity is set for some working day; costs are None where any hour has none.
    """

    team: str
    start: date
    end: date
    capacity_minutes: int | None
    promised_minutes: int
    used_minutes: int
    share: float | None
    used_share: float | None
    full_time: float
    promised_cost: Decimal | None = None
    used_cost: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """All active engagements, worst first, and what belongs to none of them.

    *since* is the first day of what counts as changed; *kept* tells whether alerts are kept, else nobody knows that.
    *teams* are this month and the next two of each team that a capacity is set for.
    """

    since: date
    today: date
    engagements: tuple[Reviewed, ...] = ()
    elsewhere: Reviewed = Reviewed()
    kept: bool = True
    teams: tuple[TeamMonth, ...] = ()
