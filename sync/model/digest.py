"""What is told to the people of one role at one time."""

from dataclasses import dataclass
from datetime import date

from sync.model.finding import Finding, Role


@dataclass(frozen=True, slots=True)
class News:
    """A finding worth telling, and the day it was first seen. A *repeat* was sent before, and perhaps arrived."""

    finding: Finding
    since: date
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Digest:
    """The news for one role. *opened* is worst first; *resolved* went away by itself; *standing* counts the rest.

    The rest are findings that were told before and are still open: nobody hears of them twice (decision D9).
    """

    role: Role
    day: date
    opened: tuple[News, ...] = ()
    resolved: tuple[News, ...] = ()
    standing: int = 0

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of everything that is told in it."""
        return frozenset(one.finding.key for one in (*self.opened, *self.resolved))
