"""A suggestion for hours nobody logged, from the text, the people and similar work: never a fact (requirement 50)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sync.model.minutes import spell_hours

LONGEST = 24 * 60
"""Minutes; more than a day in one sentence is not time that one piece of work took."""
_CODE = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`|<!--.*?-->|https?://\S+", re.DOTALL)
_QUOTE = re.compile(r"^\s*>.*$", re.MULTILINE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_DURATION = re.compile(
    r"(?<![\w.,:/-])(?<!\bat )(?:"
    r"(?P<hours>\d{1,2}(?:[.,]\d{1,2})?)[ -]?(?:h|hrs?|hours?)"
    r"(?:,? ?(?:and )?(?P<more>[0-5]?\d)[ -]?(?:m|mins?|minutes?))?"
    r"|(?P<minutes>\d{1,3})[ -]?(?:mins?|minutes?)"
    r")(?!\w|:\d)",
    re.IGNORECASE,
)
_SPENT = re.compile(r"\b(?:took|spent|lasted|worked|we were in|was in|were on|met)\b", re.IGNORECASE)
_TOGETHER = re.compile(r"\b(?:we|met|meeting|call|workshop|office hours)\b", re.IGNORECASE)
_DECOY = re.compile(
    r"\b(?:notice|deadlines?|within|due|ago|every|time-?outs?|limits?|advance|up to|expires?|per|remaining|left|"
    r"outages?|downtime|sla|will|should|could|would|restarts?|builds?|pipelines?|jobs?|estimated?)\b",
    re.IGNORECASE,
)
_GATHERING = re.compile(r"\b(?:meetings?|calls?|workshops?|office hours|training)\b", re.IGNORECASE)
_ATTENDED = re.compile(
    r"(?:\bwith (?P<with>[^.;:()\n]{1,120}?) (?:attended|attending|present)\b"
    r"|^\s*(?:attendees|participants|present)\s*:\s*(?P<list>[^.;()\n]{1,200}))",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a sentence says that work took. *together*: it speaks of people in one room."""

    minutes: int
    together: bool
    words: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """Suggested *minutes*, and in words what they come from."""

    minutes: int
    source: str


def told(text: str) -> tuple[Told, ...]:
    """Return the durations that *text* says were spent, each sentence once; no code, quotation, deadline or clock."""
    plain = _QUOTE.sub(" ", _CODE.sub(" ", text))
    found: dict[str, Told] = {}
    for sentence in _SENTENCE.split(plain):
        if not _SPENT.search(sentence) or _DECOY.search(sentence):
            continue
        for hit in _DURATION.finditer(sentence):
            minutes = _minutes(hit)
            if 0 < minutes <= LONGEST:
                key = f"{sentence.strip().casefold()}|{hit.start()}"
                found.setdefault(key, Told(minutes, bool(_TOGETHER.search(sentence)), hit.group().strip()))
    return tuple(found.values())


def _minutes(hit: re.Match[str]) -> int:
    if hit["minutes"]:
        return int(hit["minutes"])
    return round(float(hit["hours"].replace(",", ".")) * 60) + int(hit["more"] or 0)


def is_gathering(title: str) -> bool:
    """Tell whether a title speaks of people who meet."""
    return bool(_GATHERING.search(title))


def attendees(text: str) -> tuple[str, ...]:
    """Return the people a text names as attending: "with Ana, Ben and Cy attended", "Attendees: Ana, Ben"."""
    hit = _ATTENDED.search(_QUOTE.sub(" ", _CODE.sub(" ", text)))
    if not hit:
        return ()
    names = re.split(r"\s*(?:,|&|\band\b)\s*", hit["with"] or hit["list"])
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))


def estimate(text: str, people: int, similar: Sequence[int]) -> Estimate | None:
    """Suggest minutes: what the text tells, for all *people* where they were together; else what *similar* work took.

    *similar* are logged minutes; their median is taken once there are two. None where there is nothing to go by.
    """
    if sentences := told(text):
        minutes = sum(one.minutes * (max(people, 1) if one.together else 1) for one in sentences)
        words = " and ".join(f'"{one.words}"' for one in sentences)
        many = f", {people} people" if people > 1 and any(one.together for one in sentences) else ""
        return Estimate(minutes, f"the text says {words}{many}")
    if len(similar) > 1:
        minutes = round(median(similar))
        return Estimate(minutes, f"the median of {len(similar)} similar issues is {spell_hours(minutes)} h")
    return None
