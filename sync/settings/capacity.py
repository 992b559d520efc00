"""Settings of capacity: what area leads say their teams can deliver, with dates."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import NoDecode

from sync.hours.capacity import Capacity
from sync.hours.workdays import WORKING_WEEKDAYS
from sync.model.minutes import to_minutes
from sync.settings.parts import Part, words

MOST = 100_000
"""Hours a week, or people: more are a slip."""
Amount = Annotated[Decimal, Field(ge=0, le=MOST, allow_inf_nan=False)]


class CapacitySettings(Part):
    """What a team can deliver from *start* to *end*: hours a week, or full-time people; and the lead who says so."""

    team: str = Field(min_length=1)
    aliases: Annotated[tuple[str, ...], NoDecode] = ()
    hours_per_week: Amount | None = None
    fte: Amount | None = None
    start: date
    end: date | None = None
    lead: str = Field(min_length=1)
    cost_per_hour: Amount | None = None
    currency: str = "USD"

    _lists = field_validator("aliases", mode="before")(words)

    @model_validator(mode="after")
    def _is_one_amount(self) -> "CapacitySettings":
        if (self.hours_per_week is None) == (self.fte is None):
            raise PydanticCustomError("amount", "needs either hours_per_week or fte")
        if self.end is not None and self.end < self.start:
            raise PydanticCustomError("dates", "ends before it starts")
        return self

    def capacity(self, hours_per_day: Decimal) -> Capacity:
        """Return it as the engine knows it; a full-time person works *hours_per_day*."""
        hours = self.hours_per_week if self.fte is None else self.fte * hours_per_day * WORKING_WEEKDAYS
        return Capacity(
            self.team,
            to_minutes(hours or 0),
            self.lead,
            self.start,
            self.end,
            self.aliases,
            self.cost_per_hour,
            "" if self.cost_per_hour is None else self.currency,
        )
