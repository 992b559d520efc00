"""Of which moments a look asks what was made or edited then: what a run wrote in bulk is asked for by and by.

What a run wrote it knows from the answers. It is asked for once more all the same, since somebody else may have written
there at the same moment; but of a thousand rows that are ten pages, which no look needs to take at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.airtable_api import PAGE
from connectors.wire.runs import stamp

SECOND = timedelta(seconds=1)
"""So coarse are the moments that Airtable dates its answers with."""
APART = timedelta(minutes=1)
"""What was written with such a pause in between was not written in one go."""


@dataclass(frozen=True, slots=True)
class Window:
    """The moments from *since* on that lie before *until*; None: up to now."""

    since: datetime
    until: datetime | None = None


def windows(since: datetime, written: Mapping[datetime, int]) -> tuple[list[Window], list[Window]]:
    """Return of which moments since *since* to ask now, and of which by and by; together they are all there are.

    *written* is how many records one's own runs wrote at each moment. Of those one page is asked for now; what was
    written in one go and does not fit onto it waits, a page at a time.
    """
    now, later, room, start = [], [], PAGE, since
    for burst in sorted(_bursts({at: number for at, number in written.items() if at >= since}), key=_size):
        room -= _size(burst)
        later += _pages(burst) if room < 0 else []
    later.sort(key=lambda one: one.since)
    for one in later:
        now += [Window(start, one.since)] if start < one.since else []
        start = one.until or start
    return [*now, Window(start)], later


def asking_for(asked: Sequence[Window]) -> str:
    """Return the formula for records that were made or edited in one of these windows."""
    return f"OR({','.join(map(_within, asked))})" if len(asked) > 1 else _within(asked[0])


def _within(window: Window) -> str:
    since = _changed_since(window.since)
    return since if window.until is None else f"AND({since},NOT({_changed_since(window.until)}))"


def _changed_since(moment: datetime) -> str:
    """Return the formula for records made or edited at or after a moment.

    Whether `LAST_MODIFIED_TIME()` of a record that nobody edited is blank is not documented.
    https://support.airtable.com/docs/formula-field-reference
    """
    since = f"DATETIME_PARSE('{stamp(moment)}')"
    return f"OR(LAST_MODIFIED_TIME()>={since},CREATED_TIME()>={since})"


Burst = list[tuple[datetime, int]]


def _bursts(written: Mapping[datetime, int]) -> list[Burst]:
    found: list[Burst] = []
    for at, number in sorted(written.items()):
        if not found or at - found[-1][-1][0] > APART:
            found.append([])
        found[-1].append((at, number))
    return found


def _size(burst: Burst) -> int:
    return sum(number for _, number in burst)


def _pages(burst: Burst) -> list[Window]:
    """Cut a burst so that a page holds what was written in each part of it."""
    starts, count = [burst[0][0]], 0
    for at, number in burst:
        if count and count + number > PAGE:
            starts.append(at)
            count = 0
        count += number
    ends = [*starts[1:], burst[-1][0] + SECOND]
    return [Window(start, end) for start, end in zip(starts, ends, strict=True)]
