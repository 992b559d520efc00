"""Amounts of time in a clause, and what each is: promised, additional, or no promise at all."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sync.hours.clauses.numbers import NUMBER, number

HOUR = r"(?:hours?\b|hrs?\b\.?|h\b)(?:\(s\))?"
MINUTE = r"(?:minutes?|mins?|m)\b"
KIND = (
    r"(?:(?:additional|add'l|extra|further|more|person|man|staff|working|work|support|consulting|engineering|developer|"
    r"development|billable|paid|free|included|total|full|community success|csh)[ -])"
)
AMOUNT = re.compile(
    rf"(?P<low>{NUMBER})(?: ?{HOUR})?(?: ?(?:-|to|or)|(?<!hundred) ?and) ?(?P<high>{NUMBER})[ -]?{KIND}{{0,3}}{HOUR}"
    rf"|(?P<whole>[0-9]{{1,4}}) ?h ?(?P<rest>[0-9]{{2}})(?: ?(?:{MINUTE}))?(?![\w])"
    rf"|(?P<hours>{NUMBER})(?: ?\((?P<again>{NUMBER})\))?[ -]?{KIND}{{0,3}}{HOUR}"
    rf"(?: (?:and )?(?P<minutes>[0-9]{{1,2}}) ?(?:minutes?|mins?)\b)?"
    rf"|(?P<only>{NUMBER})(?: ?\((?P<same>{NUMBER})\))?[ -]?(?:minutes?|mins?)\b"
)
EXTRA = re.compile(
    r"\b(?:additional(?:ly)?|add'l|extra|further\b(?!,)|purchas\w*|overages?|overrun|overtime|above (?:is|are|that)|"
    r"more hours|(?<!not in )excess|beyond|thereafter|"
    r"on top|in addition\b(?! to)|(?<!not )exceed(?:ing|s)\b)"
)
BARE_EXTRA = re.compile(
    rf"\b(?:up to|max(?:imum)?(?: of)?|capped at|limited to) (?P<hours>{NUMBER})(?= ?(?:[.;,)](?![0-9])|$))"
)
HOURS_FIRST = re.compile(
    r"(?<!support )(?<!response )(?<!office )(?<!business )(?<!opening )(?<!working )\b(?:hours|hrs)"
    r"(?: ?(?:per|/|each|every) ?(?:calendar |contract )?(?:week|month|quarter|qtr|half-year|year))?: ?"
    rf"(?P<hours>{NUMBER})(?= ?(?:$|[.;)](?![0-9])|(?:per|each|every|a) ?(?:calendar |contract )?"
    r"(?:week|month|quarter|qtr|half-year|year)\b|/ ?(?:week|month|quarter|qtr|half-year|year)\b|by\b|period\b))"
)
"""Hours as a table or list says them: "Hours: 8 per quarter"."""
BLOCKS_BEFORE = re.compile(r"\b(?:blocks?|increments?|packages?|units|steps) of ?$")
BOUGHT = re.compile(r"^ (?:can|may|could|are|will|shall)\b[^.;]{0,30}(?:purchas|bought|added|ordered|available at)")
EXTRA_AFTER = re.compile(r"^,? ?(?:of )?(?:extra|additional(?:ly)?|on top|in addition|more)\b(?! (?:than|or))")
OTHER_BEFORE = re.compile(
    r"(?:\bwithin(?: the)?(?: next)?|\brespon[ds]\w*(?: times?)?(?: is| of| in| within|:)*|\bturnaround(?: of| is|:)*|"
    r"\bwithin (?:[0-9]+|one|two|three) (?:business |working )?days?|\bcount(?:s|ed)?(?: as| for)?|"
    r"\bevery|\bnotice(?: period)?(?: of| is|:)*|\b(?:blocks?|increments?|packages?|units|steps) of|\bin|"
    r"\bafter|\bnext|"
    r"\buptime(?: of)?|\bdowntime(?: of)?)(?: (?:up to|at least|less than|a|an|about|minimum(?: of)?))* ?\(?$"
)
OTHER_AFTER = re.compile(
    r"^['s]*,? ?(?:(?:of|business|working|calendar|prior|advance|written|a|an|the|in|initial|target)[ -])*"
    r"(?:notice|advance\b|prior\b|before\b|after\b|ahead\b|turnaround|response|respon[ds]|sla\b|increments?|blocks?|"
    r"intervals?|steps|window|shift|workdays?|days?\b|(?:a|per|/|each) ?days?\b|from receipt|of receipt|uptime|"
    r"support desk|per (?:day|working day|business day)|/ ?day)"
)
VAGUE_BEFORE = re.compile(
    r"(?:\bat least|\bmin(?:imum)?\.?(?: of)?|\bno(?:t)? (?:less|fewer) than|\bmore than|\bover|\babout|\baround|"
    r"\bapprox(?:imately|\.)?|\bcirca|\bca\.|\broughly|\bsome|\bestimated(?: at)?|\baverage(?: of)?|\bnearly|\balmost|"
    r"\b[0-9]+ ?[x\u00d7]|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve)|\bhundred(?: and)?|"
    r"\bthousand(?: and)?|\bdozen|\bpoint|\bhalf|\band|\bor|\b(?:increased|reduced|"
    r"raised|lowered) (?:by|to)|"
    r"\b(?:sessions|workshops|meetings|calls|visits|trainings) of|\bfirst|\blast|\banother|\bremaining|\bnot|"
    r"\bup from|% of|[~>\u2265\u2248]|[0-9%]) ?$"
)
THRESHOLD = re.compile(r"\b(?:beyond|above|exceeding|exceeds|in excess of)(?: (?:the|these|those))?(?: first)? ?$")
NO_MORE = re.compile(
    r"\b(?:no|not|never) (?:\w+ ){0,2}(?:more than|over|exceeding|in excess of) ?$|\bnot (?:to )?exceed ?$"
)
NEGATED = re.compile(
    r"\b(?:not (?:including|include|included|cover\w*|entitled)|exclud\w+|except\w*|without|instead of|rather than|"
    r"previously|formerly|originally|no longer|never|e\.g\.|for example|such as|(?:does|do|is|are|will|shall|must|"
    r"may) not(?! (?:\w+ ){0,2}(?:exceed|more than))|"
    r"unless|if )[^.;]*$"
)
RECEIVER = (
    r"(?:person|member|head|user|seat|developer|engineer|ticket|issue|request|project|team|site|community|participant|"
    r"hub|campus|institution|department|partner|course|workshop|cluster|university|organi[sz]ation)\b"
)
NO_PERIOD = (
    r"(?!(?:(?:calendar|cal\.?|contract(?:ual)?|agreement|service|fiscal|financial|academic|billing|full|given|rolling|"
    r"each|additional|add'l|extra|further|period|week|wk|month|mth|mo|quarter|quater|qtr|q|half|semester|trimester|"
    r"year|yr|"
    r"annum|term|engagement|hours?|hr|h|day|business|working|sprint|iteration|other|two|three|four|six|twelve|the|our|"
    r"this|your|their|se|e-?mail|phone)\b))"
)
"""What may follow "per" without making it hours for each of several."""
VAGUE_AFTER = re.compile(
    r"^ ?(?:\+|or (?:so|more)\b|and (?:a|one|three|[0-9])[ -]?(?:half|quarters?)?\b(?! ?(?:hours?|h\b))|"
    r"(?:of [\w &-]{1,40} )?(?:per|/|a|for each|for every|each|every) ?(?:person|member|developer|engineer|head|user|"
    r"seat|ticket|issue|request|incident|session|meeting|call|visit|workshop|project|team|site|deliverable)\b|"
    r"each\b(?! (?:week|month|quarter|half|year|calendar|contract|[0-9]|three|six))|minimum\b|at (?:least|minimum)\b|"
    r"[^.;]{0,40}\b(?:minimum|at least|on average)\)?(?= ?(?:[.;]|$))|"
    rf"[^.;$\u20ac\u00a3]{{0,60}}?(?:(?<!as )\bper|\bfor each|\bfor every) {NO_PERIOD}[a-z]|"
    rf"[^.;]{{0,60}}?(?:/|\b(?:week|month|quarter|year) and) ?{RECEIVER}|on average|%|,? (?:once|twice|[\w]+ times)\b|"
    rf"plus\b)"
)


SENTENCE_END = re.compile(r"(?<!\bhrs)(?<!\bhr)(?<!\bmax)(?<!\bmin)(?<!\bp\.a)[.;!?](?= |$)")


class Meaning(Enum):
    """What an amount is."""

    PROMISED = "promised"
    EXTRA = "extra"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at plain *start* to *end*. *minutes* None: *doubt* says why it cannot be counted."""

    start: int
    end: int
    minutes: int | None
    meaning: Meaning
    doubt: str = ""


def amounts(text: str) -> Iterator[Amount]:
    """Return the amounts of time in plain *text*, in order."""
    for found in AMOUNT.finditer(text):
        before, after = text[: found.start()], text[found.end() :]
        if re.search(r"[$\u20ac\u00a3#@] ?$|[0-9]-$", before):
            continue
        minutes, doubt = _minutes(found)
        if not doubt:
            doubt = _doubt(before, after)
        meaning = _meaning(found, before, after)
        yield Amount(found.start(), found.end(), None if doubt else minutes, meaning, doubt)
    for found in HOURS_FIRST.finditer(text):
        if not EXTRA.search(sentence_before(text[: found.start()])):
            minutes, doubt = whole_minutes(number(found["hours"]))
            doubt = doubt or _doubt(text[: found.start()], text[found.end() :])
            yield Amount(found.start("hours"), found.end("hours"), None if doubt else minutes, Meaning.PROMISED, doubt)
    for found in BARE_EXTRA.finditer(text):
        if EXTRA.search(sentence_before(text[: found.start()])):
            minutes, doubt = whole_minutes(number(found["hours"]))
            yield Amount(found.start("hours"), found.end(), minutes, Meaning.EXTRA, doubt)


def sentence_before(before: str) -> str:
    """Return the part of *before* that belongs to the sentence that goes on behind it."""
    return SENTENCE_END.split(before)[-1]


def sentences(text: str) -> list[tuple[int, int]]:
    """Return where the sentences of plain *text* stand."""
    starts = [0, *(found.end() for found in SENTENCE_END.finditer(text))]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def whole_minutes(hours: Decimal | None) -> tuple[int | None, str]:
    """Return *hours* as whole minutes, or why that cannot be."""
    return _whole(None if hours is None else hours * 60)


def _whole(minutes: Decimal | None) -> tuple[int | None, str]:
    if minutes is None:
        return None, "is not plain as a number"
    if minutes != int(minutes):
        return None, "is no whole number of minutes"
    return (int(minutes), "") if minutes else (None, "is nothing")


def _minutes(found: re.Match[str]) -> tuple[int | None, str]:
    if found["low"]:
        return None, "is a range"
    if found["whole"]:
        parts = int(found["whole"]), int(found["rest"])
        return (60 * parts[0] + parts[1], "") if parts[1] < 60 else (None, "is not plain as a number")
    if found["only"]:
        count = number(found["only"])
        if found["same"] and number(found["same"]) != count:
            return None, "says two numbers"
        return _whole(count)
    clock = re.fullmatch(r"([0-9]{1,3}):([0-5][0-9])", found["hours"])
    if clock:
        return 60 * int(clock[1]) + int(clock[2]), ""
    if found["again"] and number(found["again"]) != number(found["hours"]):
        return None, "says two numbers"
    minutes, doubt = whole_minutes(number(found["hours"]))
    if minutes is not None and found["minutes"]:
        rest = int(found["minutes"])
        return (minutes + rest, "") if minutes % 60 == 0 and rest < 60 else (None, "is not plain as a number")
    return minutes, doubt


def _doubt(before: str, after: str) -> str:
    if not NO_MORE.search(before) and VAGUE_BEFORE.search(before):
        return "is no upper limit that can be counted"
    if re.search(r"[\w.,:/-]$", before) and not re.search(r"(?:^|[ (])-$|(?<![0-9])[:,/.-]$", before):
        return "is not plain as a number"
    if NEGATED.search(sentence_before(before)):
        return "is under a condition or taken back"
    return "is not one fixed amount" if VAGUE_AFTER.search(after) else ""


def _meaning(found: re.Match[str], before: str, after: str) -> Meaning:
    if BLOCKS_BEFORE.search(before):
        return Meaning.OTHER
    if (
        re.search(r"additional|add'l|extra|further|\bmore\b", found[0])
        or BOUGHT.search(after)
        or EXTRA_AFTER.search(after)
    ):
        return Meaning.EXTRA
    if THRESHOLD.search(before) and not NO_MORE.search(before):
        return Meaning.OTHER
    if OTHER_BEFORE.search(before) or OTHER_AFTER.search(after):
        return Meaning.OTHER
    return Meaning.EXTRA if EXTRA.search(sentence_before(before)) else Meaning.PROMISED
