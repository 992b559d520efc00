"""What area leads say a team can deliver, and which team a clause's words mean (requirement 75).

A role is the team's name or alias in any case, with or without an article.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from mappings.matching.folding import fold
from sync.hours.workdays import WORKING_WEEKDAYS

ANY_ROLE = "*"
"""The alias of the team that whatever no other team is called counts for."""
_ARTICLE = re.compile(r"^(?:the|our|an?) ")


@dataclass(frozen=True, slots=True)
class Capacity:
    """Minutes a week that *lead* set for a team, from *start* to *end*, both inclusive; None: until further notice.

    *cost_per_hour* is what an hour of it costs in *currency*, None where that is not said.
    """

    team: str
    minutes_per_week: int
    lead: str
    start: date
    end: date | None = None
    aliases: tuple[str, ...] = ()
    cost_per_hour: Decimal | None = None
    currency: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether it is set for *day*."""
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def minutes_per_day(self) -> Fraction:
        """Return the minutes of one working day, exactly."""
        return Fraction(self.minutes_per_week, WORKING_WEEKDAYS)


@dataclass(frozen=True, slots=True)
class Team:
    """One team with its capacities, in the order of the settings. Where several hold a day, the first counts."""

    name: str
    capacities: tuple[Capacity, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """Return all it is called, folded."""
        aliases = (alias for one in self.capacities for alias in one.aliases)
        return frozenset(role_key(name) for name in (self.name, *aliases))

    def on(self, day: date) -> Capacity | None:
        """Return the capacity set for *day*, None where none is."""
        return next((one for one in self.capacities if one.holds(day)), None)


def role_key(role: str) -> str:
    """Return the spelling of a role that all its spellings share, without an article."""
    return _ARTICLE.sub("", fold(role))


def teams(capacities: Iterable[Capacity]) -> tuple[Team, ...]:
    """Return the teams that capacities are set for, in the order of the settings."""
    found: dict[str, list[Capacity]] = {}
    for one in capacities:
        found.setdefault(role_key(one.team), []).append(one)
    return tuple(Team(those[0].team, tuple(those)) for those in found.values())


def team_of(role: str, among: tuple[Team, ...]) -> Team | None:
    """Return the team that a clause's *role* means, None where no team does.

    Without a role it is the only team there is; else, and for a role that no team is called, the one that takes any.
    """
    key = role_key(role)
    named = next((one for one in among if key and key in one.names), None)
    only = among[0] if not key and len(among) == 1 else None
    return named or only or next((one for one in among if ANY_ROLE in one.names), None)


def clashes(capacities: tuple[Capacity, ...]) -> Iterator[tuple[int, str]]:
    """Yield the place of each capacity that contradicts one before it, and how."""
    for place, one in enumerate(capacities):
        for other in capacities[:place]:
            same = role_key(one.team) == role_key(other.team)
            first = max(one.start, other.start)
            if same and one.holds(first) and other.holds(first):
                yield place, f"{one.team} has another capacity on {first}"
                break
            if not same and (shared := _names(one) & _names(other)):
                yield place, f"{one.team} and {other.team} are both called {min(shared)}"
                break


def _names(capacity: Capacity) -> frozenset[str]:
    return frozenset(role_key(name) for name in (capacity.team, *capacity.aliases))
