"""Days on the command line."""

from datetime import date

from sync.errors import CshSyncError, ExitCode
from sync.model.legible import safe


class DaysUnusable(CshSyncError):
    """The days given on the command line cannot be used."""

    exit_code = ExitCode.USAGE


def span(first: tuple[str, str], last: tuple[str, str], what: str) -> tuple[date, date]:
    """Return two inclusive days, each given as option and text; *what* they are the first and last day of."""
    start, end = day(*first), day(*last)
    if end < start:
        raise DaysUnusable(
            f"{last[0]} {end} is before {first[0]} {start}.", remedy=f"Give the last day of {what} as {last[0]}."
        )
    return start, end


def day(option: str, text: str) -> date:
    """Return the day an option names."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise DaysUnusable(f"{option} {safe(text)!r} is no day.", remedy="Write it as 2026-01-31.") from error
