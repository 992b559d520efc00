"""Where levels and paces begin: thresholds by which usage is judged, for all allocations or for some (decision D9)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Bands:
    """Thresholds for one allocation.

    *near* and *used_up* are shares of the hours available; those of *near* rise, and each is a level of its own. The
    pace is off where the share used and the share of working days gone differ by more than *pace_band*, told once the
    share *pace_after* is gone. A forecast needs *evidence_days* working days gone and *evidence_minutes* used.
    """

    near: tuple[float, ...] = (0.8,)
    used_up: float = 1.0
    pace_band: float = 0.25
    pace_after: float = 0.3333
    evidence_days: int = 10
    evidence_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Override:
    """Other thresholds for a profile (its label) or an engagement (its name or record id), in any case.

    *values* are fields of `Bands` by name.
    """

    profile: str = ""
    engagement: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a value that no threshold has."""
        if unknown := self.values.keys() - {one.name for one in fields(Bands)}:
            raise ValueError(f"{', '.join(sorted(unknown))}: no such threshold")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The usual thresholds, and where others hold; those of an engagement win over those of a profile."""

    usual: Bands = field(default_factory=Bands)
    overrides: tuple[Override, ...] = ()

    def of(self, profile: str = "", *engagement: str) -> Bands:
        """Return the thresholds for an allocation of *profile*, whose engagement is called one of *engagement*."""
        names = {_folded(name) for name in engagement} - {""}
        bands = self.usual
        for one in self.overrides:
            if not one.engagement and _folded(one.profile) == _folded(profile):
                bands = replace(bands, **one.values)
        for one in self.overrides:
            if _folded(one.engagement) in names and _folded(one.profile) in {"", _folded(profile)}:
                bands = replace(bands, **one.values)
        return bands


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()
