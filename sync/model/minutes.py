"""Hours at the edges, whole minutes inside (decision D8)."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

MINUTES_PER_HOUR = 60
CENTS = Decimal("0.01")


def to_hours(minutes: int) -> Decimal:
    """Return *minutes* as hours with two decimals: 140 is 2.33."""
    return (Decimal(minutes) / MINUTES_PER_HOUR).quantize(CENTS, ROUND_HALF_UP)


def to_minutes(hours: Decimal | float | str) -> int:
    """Return hours as whole minutes: 7.5 is 450 and 2.3333 is 140.

    Raises ValueError for anything that is not a finite number.
    """
    if isinstance(hours, bool):
        raise ValueError(f"{hours!r} is not a number of hours")  # noqa: TRY004  one error for every wrong value
    try:
        exact = Decimal(str(hours))
        return int((exact * MINUTES_PER_HOUR).to_integral_value(ROUND_HALF_UP))
    except (InvalidOperation, OverflowError, ValueError):
        raise ValueError(f"{hours!r} is not a number of hours") from None


def spell_hours(minutes: int) -> str:
    """Return *minutes* as people write hours: 150 is ``2.5``, 240 is ``4``."""
    text = f"{to_hours(minutes):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
