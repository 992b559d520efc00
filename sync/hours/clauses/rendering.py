"""A reading written out in the handbook's own pattern."""

from sync.hours.clauses.resets import MONTHS, STARTS
from sync.model.clause import Anchor, ClauseReading, Period, Rate


def render_clause(reading: ClauseReading) -> str:
    """Return a clause that says what *reading* holds, so that reading it again gives the same values."""
    first = []
    if reading.minutes is not None:
        first.append(f"Up to {_amount(reading.minutes)}")
    if reading.period is Period.TERM:
        first.append("over the term of the agreement")
    elif reading.period:
        first.append(f"/ {reading.period.value}")
    if reading.role:
        first.append(f"by {reading.role}")
    return " ".join(part + "." for part in (" ".join(first), _reset(reading), _additional(reading)) if part)


def _amount(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    told = [f"{hours} hours"] * bool(hours) + [f"{rest} minutes"] * bool(rest)
    return " ".join(told)


def _reset(reading: ClauseReading) -> str:
    period = reading.period
    if period is None or reading.anchor is None:
        return ""
    if reading.anchor is Anchor.CONTRACT:
        return f"Hours reset at the start of each {period.value}, counted from the contract's start"
    if period in {Period.MONTH, Period.WEEK}:
        return f"Hours reset at the start of each calendar {period.value}"
    days = ", ".join(f"{MONTHS[month - 1].title()} {day}" for month, day in STARTS[period])
    return f"Hours reset at the start of each {period.value} ({days})"


def _additional(reading: ClauseReading) -> str:
    if reading.rate is None and reading.extra_minutes is None:
        return ""
    rate = f" at a rate of {_price(reading.rate)} / hour" if reading.rate else ""
    most = f" up to a maximum of {_amount(reading.extra_minutes)}" if reading.extra_minutes is not None else ""
    return f"Additional time can be purchased{rate}{most}"


def _price(rate: Rate) -> str:
    amount = f"{rate.amount:f}"
    return f"${amount}" if rate.currency == "USD" else f"{rate.currency} {amount}"
