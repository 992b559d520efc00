"""Working days: Monday to Friday without the days off of the settings."""

from collections.abc import Collection
from datetime import date, timedelta

WEEK = 7
WORKING_WEEKDAYS = 5


def working_days(first: date, last: date, days_off: Collection[date] = frozenset()) -> int:
    """Return how many working days lie between two inclusive days; none when *last* is before *first*."""
    days = (last - first).days + 1
    if days <= 0:
        return 0
    weeks, rest = divmod(days, WEEK)
    odd = sum((first.weekday() + step) % WEEK < WORKING_WEEKDAYS for step in range(rest))
    off = sum(first <= day <= last and day.weekday() < WORKING_WEEKDAYS for day in set(days_off))
    return weeks * WORKING_WEEKDAYS + odd - off


def working_days_gone(first: date, last: date, today: date, days_off: Collection[date] = frozenset()) -> int:
    """Return how many working days of a period are over: those before *today*."""
    # Days are subtracted from the smaller one, never beyond the calendar's first or last day.
    if today <= first:
        return 0
    return working_days(first, min(last, today - timedelta(days=1)), days_off)
