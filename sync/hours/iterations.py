"""Days by the board's own iterations: skipped, moved and longer ones count as they stand in its calendar."""

from collections.abc import Iterable
from datetime import date, timedelta

from sync.model.issue import Iteration

AHEAD = 2
"""An allocation is upcoming at least two iterations before it starts (requirement 72)."""
DAY = timedelta(days=1)


def planning_day(calendar: Iterable[Iteration], start: date, ahead: int = AHEAD) -> date | None:
    """Return the day from which *ahead* whole iterations lie before *start*: the first day of the first of them.

    None when the calendar does not tell: it begins too late, or ends before *start*, so that iterations may be missing.
    """
    known = sorted(calendar, key=lambda one: (one.start, one.end))
    if not known or max(one.end for one in known) + DAY < start:
        return None
    before = [one for one in known if one.end < start]
    return before[-ahead].start if len(before) >= ahead else None
