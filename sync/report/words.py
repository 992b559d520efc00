"""How values are spelled for people, safely in a terminal (decision D13)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from sync.model.change import Value
from sync.model.legible import safe

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SHORT = 60
CLOCK_REMEDY = "Let the machine take its time from the network (NTP)."


def short(text: str, limit: int = SHORT) -> str:
    """Return safe *text*, cut at *limit* characters."""
    line = safe(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def spell_day(day: date | None) -> str:
    """Return a day as people write it: ``30 Sep 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}" if day else "no date"


def spell_moment(moment: datetime) -> str:
    """Return a moment as people write it: ``30 Sep 2026, 06:10 UTC``."""
    return f"{spell_day(moment.date())}, {moment:%H:%M} UTC"


def spell_span(span: timedelta) -> str:
    """Return a span of time in its two largest units: ``3 d 4 h``, ``2 h 10 min``, ``45 s``, ``0 min``."""
    seconds = max(0, int(span.total_seconds()))
    if 0 < seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [(days, "d"), (hours, "h"), (0 if days else rest, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 min"


def spell_offset(offset: timedelta) -> str:
    """Return how far a clock is from another one, such as "3 min ahead of"."""
    return f"{spell_span(abs(offset))} {'ahead of' if offset > timedelta() else 'behind'}"


def spell_value(value: Value) -> str:
    """Return a field's value for a plan: empty ones as such, texts shortened."""
    match value:
        case None | "":
            return "(empty)"
        case bool():
            return "yes" if value else "no"
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return short(value, 40)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 issue``, ``3 issues``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
