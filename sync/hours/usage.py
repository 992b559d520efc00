"""What an allocation has used and has left, in minutes and in one sentence (requirements 55, 57 and 58)."""

from dataclasses import dataclass
from datetime import date

from sync.model.contract import Allocation
from sync.model.minutes import spell_hours

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Usage:
    """Minutes used, available and left of one allocation; *left_minutes* is below zero when more was used.

    Without agreed hours *available_minutes*, *left_minutes* and *share* are None; *share* is also None when no hours
    at all are available. *share* has four decimals, 1 means used up.
    """

    used_minutes: int
    available_minutes: int | None
    left_minutes: int | None
    share: float | None
    sentence: str


def usage(allocation: Allocation, used_minutes: int, name: str) -> Usage:
    """Return the usage of *allocation*. *name* opens the sentence: the community people ask about.

    Only the allocation's own minutes count: nothing rolls over from another one, neither left nor over.
    """
    available = allocation.minutes
    if available is None:
        return Usage(used_minutes, None, None, None, f"{name}: {spell_hours(used_minutes)} h used, no hours agreed")
    left = available - used_minutes
    share = round(used_minutes / available, 4) if available else None
    return Usage(used_minutes, available, left, share, _sentence(name, available, left, allocation.end))


def _sentence(name: str, available: int, left: int, end: date | None) -> str:
    until = f" until {end.day} {MONTHS[end.month - 1]}" if end else ""
    over = f", {spell_hours(-left)} h over" if left < 0 else ""
    return f"{name}: {spell_hours(max(left, 0))} of {spell_hours(available)} h left{until}{over}"
