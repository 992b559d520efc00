"""Pace, forecast and status of a usage in words that may stand in a cell: they seldom change by time alone.

A cell whose words change with every day would be a write a day for every allocation (decision D2). So shares of time
and forecasts are told in quarters: while nothing is logged, each text changes a few times in a period, never back.
"""

from sync.hours.usage import Completed, Level, Usage
from sync.model.minutes import spell_hours

QUARTERS = ((0.75, "over three quarters"), (0.5, "over half"), (0.25, "over a quarter"))


def pace_text(now: Usage) -> str:
    """Return how fast hours are used against the time gone; "" while there is no pace to tell."""
    if now.pace is None or now.share is None or now.gone is None:
        return ""
    percent = int(round(now.share * 10_000) / 100)
    return f"{now.pace.value}: {percent} % of the hours used, {_quarters(now.gone)} of the period gone"


def forecast_text(now: Usage) -> str:
    """Return what will be used at the end, against the hours available; "" where nobody can say."""
    if now.forecast is None or not now.available_minutes:
        return ""
    rate, with_planned = (_reach(minutes, now) for minutes in now.forecast)
    if rate != with_planned:
        return f"at the rate so far {rate}; with planned work {with_planned}"
    return f"at the rate so far{', planned work included,' if now.planned_minutes else ''} {rate}"


def status_text(now: Usage) -> str:
    """Return the level, and what else a person has to know to read it: one of a few fixed texts."""
    match now.level:
        case Level.UNUSED if now.completed is Completed.BY_DATE:
            return "unused, ended"
        case Level.USED_UP if now.completed is None:
            return "used up, extra hours left" if now.extra_minutes else now.level.value
        case Level.UNKNOWN:
            return "unknown: its days are missing or swapped"
        case _:
            return str(now.level.value)


def _reach(minutes: int, now: Usage) -> str:
    """Return how far *minutes* reach into the hours available, and into the extra hours."""
    available = now.available_minutes or 0
    hours = f"{spell_hours(available)} h"
    if minutes <= available:
        return f"{_quarters(minutes / available)} of {hours}"
    if not now.extra_minutes:
        return f"more than {hours}"
    if minutes <= available + now.extra_minutes:
        return f"more than {hours}, within the extra hours"
    return f"more than {hours} and the {spell_hours(now.extra_minutes)} extra h"


def _quarters(share: float) -> str:
    return next((words for least, words in QUARTERS if share > least), "up to a quarter")
