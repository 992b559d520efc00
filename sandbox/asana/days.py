"""Days and moments as Asana writes and reads them.

https://developers.asana.com/docs/dates-and-times
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def stamp(moment: datetime | None) -> str | None:
    """Return *moment* as `YYYY-MM-DDTHH:MM:SS.fffZ`."""
    if moment is None:
        return None
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def parse_day(text: object) -> date | None:
    """Return the day `YYYY-MM-DD` stands for, None when it is none."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def parse_moment(text: object) -> datetime | None:
    """Return the moment an ISO 8601 text stands for (UTC unless it says otherwise), None when it is none."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
