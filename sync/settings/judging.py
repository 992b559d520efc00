"""Settings by which usage is judged: thresholds, where others hold, and days nobody works."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from sync.hours.bands import Bands, Override, Thresholds
from sync.model.minutes import to_minutes
from sync.settings.parts import Part, words

RANGE = ".."
LONGEST_RANGE = timedelta(days=366)


def _as_share(value: float) -> float:
    if not 0 < value <= 1:
        raise PydanticCustomError("share", "must be a share above 0 and up to 1; 0.8 is 80 %")
    return value


def _as_part(value: float) -> float:
    if not 0 <= value <= 1:
        raise PydanticCustomError("part", "must be a share from 0 to 1; 0.25 is 25 %")
    return value


def _rising(shares: tuple[float, ...]) -> tuple[float, ...]:
    if any(above <= below for below, above in pairwise(shares)):
        raise PydanticCustomError("rising", "must rise, each share once")
    return shares


def _as_list(value: Any) -> Any:
    return [value] if isinstance(value, (int, float)) else words(value)


Share = Annotated[float, AfterValidator(_as_share)]
ShareOrNone = Annotated[float, AfterValidator(_as_part)]
Shares = Annotated[tuple[Share, ...], NoDecode, AfterValidator(_rising)]
Days = Annotated[int, Field(ge=0)]
Hours = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]


class OverrideSettings(Part):
    """Other thresholds for a profile (its label), an engagement (its name or record id), or one within the other."""

    profile: str = ""
    engagement: str = ""
    near: Shares | None = None
    used_up: Share | None = None
    pace_band: ShareOrNone | None = None
    pace_after: ShareOrNone | None = None
    evidence_days: Days | None = None
    evidence_hours: Hours | None = None

    _lists = field_validator("near", mode="before")(_as_list)

    @model_validator(mode="after")
    def _says_something(self) -> "OverrideSettings":
        if not self.profile and not self.engagement:
            raise PydanticCustomError("nobody", "names neither a profile nor an engagement")
        if not self.values:
            raise PydanticCustomError("nothing", "sets no threshold")
        return self

    @property
    def values(self) -> Mapping[str, Any]:
        """Return the fields of `Bands` that are set here."""
        return _band_values(self.model_dump(exclude={"profile", "engagement"}, exclude_none=True))


class ThresholdSettings(Part):
    """From where on usage is near the cap, used up or off its pace, and how much a forecast needs."""

    near: Shares
    used_up: Share
    pace_band: ShareOrNone
    pace_after: ShareOrNone
    evidence_days: Days
    evidence_hours: Hours
    overrides: tuple[OverrideSettings, ...] = ()

    _lists = field_validator("near", mode="before")(_as_list)

    @property
    def thresholds(self) -> Thresholds:
        """Return them as the engine knows them."""
        usual = Bands(**_band_values(self.model_dump(exclude={"overrides"})))
        return Thresholds(usual, tuple(Override(one.profile, one.engagement, one.values) for one in self.overrides))


def _band_values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as `Bands` names them: evidence is minutes there."""
    values = dict(given)
    if "evidence_hours" in values:
        values["evidence_minutes"] = to_minutes(values.pop("evidence_hours"))
    return values


def days(value: Any) -> Any:
    """Return days and ranges such as ``2026-12-24..2027-01-01`` (both inclusive) as single days, in order."""
    given = words(value)
    if not isinstance(given, (list, tuple)):
        raise PydanticCustomError("days", "must be a list of days and ranges")
    return tuple(sorted({day for one in given for day in _days_of(one)}))


def _days_of(one: Any) -> Iterator[date]:
    first, last = _ends(one)
    if last < first:
        raise PydanticCustomError("days", "has a range that ends before it begins")
    if last - first > LONGEST_RANGE:
        raise PydanticCustomError("days", "has a range of more than a year")
    for step in range((last - first).days + 1):
        yield first + timedelta(days=step)


def _ends(one: Any) -> tuple[date, date]:
    if isinstance(one, date) and not isinstance(one, datetime):
        return one, one
    try:
        first, dots, last = str(one).partition(RANGE)
        return date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip())
    except ValueError:
        raise PydanticCustomError(
            "days", "needs days such as 2026-12-25 and ranges such as 2026-12-24..2027-01-01"
        ) from None
