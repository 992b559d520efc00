"""One page for the weekly review of engagements (requirement 71)."""

from dataclasses import dataclass
from datetime import date

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
class Review:
    """All active engagements, worst first, and what belongs to none of them.

    *since* is the first day of what counts as changed; *kept* tells whether alerts are kept, else nobody knows that.
    """

    since: date
    today: date
    engagements: tuple[Reviewed, ...] = ()
    elsewhere: Reviewed = Reviewed()
    kept: bool = True
