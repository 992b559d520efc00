"""Days of the year on which hours are said to reset."""

import re
from dataclasses import dataclass

from sync.model.clause import Period

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH = (
    r"(?P<{}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
DAY = re.compile(
    rf"\b{MONTH.format('late')} (?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?\b(?!,? ?[0-9]{{4}})"
    rf"|\b(?P<first>[0-9]{{1,2}})(?:st|nd|rd|th)?(?: of)? {MONTH.format('early')}(?!,? ?[0-9]{{4}})"
)
RESET_WORD = re.compile(
    r"\b(?:reset\w*|replenish\w*|refresh\w*|restart\w*|start of (?:each|every)|"
    r"(?P<starting>starting|beginning|begins?|renew(?:s|ed)|available)(?: (?:on|from))?)\b"
)
STARTS = {
    Period.QUARTER: ((1, 1), (4, 1), (7, 1), (10, 1)),
    Period.HALF_YEAR: ((1, 1), (7, 1)),
    Period.YEAR: ((1, 1),),
    Period.MONTH: tuple((month, 1) for month in range(1, 13)),
}
"""The first days of calendar periods, as (month, day)."""


@dataclass(frozen=True, slots=True)
class ResetDays:
    """The days, sorted, and where they stand in the plain text."""

    days: tuple[tuple[int, int], ...]
    start: int
    end: int


def reset_days(text: str) -> ResetDays | None:
    """Return the days of the year listed behind a word such as "reset", up to the end of its sentence.

    One day behind "starting" may be the contract's own first day; several are those of its periods.
    """
    for word in RESET_WORD.finditer(text):
        tail = re.split(r"(?<!\b[a-z]{3})[.;](?= |$)", text[word.end() :])[0]
        found = list(DAY.finditer(tail))
        if len(found) > 1 or (found and not word["starting"]):
            return ResetDays(
                tuple(sorted({_day(one) for one in found})), word.end() + found[0].start(), word.end() + found[-1].end()
            )
    return None


def _day(found: re.Match[str]) -> tuple[int, int]:
    return MONTHS.index((found["late"] or found["early"])[:3]) + 1, int(found["day"] or found["first"])
