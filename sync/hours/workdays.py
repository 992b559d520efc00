"""Working days: Monday to Friday without the days off of the settings."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from fractions import Fraction

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


def is_working_day(day: date, days_off: Collection[date] = frozenset()) -> bool:
    """Tell whether people work on *day*."""
    return day.weekday() < WORKING_WEEKDAYS and day not in days_off


def spread(minutes: int, first: date, last: date, days_off: Collection[date] = frozenset()) -> Mapping[date, Fraction]:
    """Return *minutes* shared out evenly over the working days of a period; exact, so that they add up to them.

    A period without a working day bears all of them on its first day; one that ends before it begins bears nothing.
    """
    every = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    days = [day for day in every if is_working_day(day, days_off)] or every[:1]
    return dict.fromkeys(days, Fraction(minutes, len(days) or 1))
