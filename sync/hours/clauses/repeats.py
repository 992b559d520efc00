"""For which period hours are promised, and where such periods begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.hours.clauses.amounts import sentence_before
from sync.model.clause import Anchor, Period

NAMES = {
    Period.WEEK: r"weeks?|wk|w",
    Period.MONTH: r"months?|mth|mo",
    Period.QUARTER: r"quarters?|quaters?|qtr|q|(?:3|three)[ -]months?(?: period)?",
    Period.HALF_YEAR: r"half[ -]?years?|semesters?|(?:6|six)[ -]months?(?: period)?|half of (?:the|a) year",
    Period.YEAR: r"years?|yr|annum|(?:12|twelve)[ -]months?(?: period)?",
}
ADVERBS = {
    Period.WEEK: r"weekly",
    Period.MONTH: r"monthly|montly",
    Period.QUARTER: r"quarterly|quaterly|three-monthly",
    Period.HALF_YEAR: r"semi-?annual(?:ly)?|half-?yearly|six-monthly",
    Period.YEAR: r"annual(?:ly)?|anually|yearly|p\.a\.",
}
EACH = (
    r"(?:\bper|/|(?<!for )(?<!over )(?<!once )(?<!twice )(?<!times )(?<!within )(?<!in )(?<!of )\ba|"
    r"(?:\b(?:for|in|within|during|of) )?\b(?:each|every|any)|\bper each|"
    r"\b(?:over|during|in|throughout) the course of (?:the|a|each|every|any|one)|\bperiod:|"
    r"\bin a(?= calendar| contract| given))"
)
SORT = (
    r"(?:given )?(?:(?P<sort>calendar|cal\.?|contract(?:ual)?|agreement|service|fiscal|financial|academic|billing|"
    r"full|given)[ -])?"
)
AGREEMENT = r"(?:contract|agreement|engagement|term|service agreement)"
TERM = (
    rf"\b(?:over|during|for|within|throughout|across) (?:the |this |its |an? )?(?:entire |full |whole |initial |"
    rf"complete )?"
    rf"(?:(?:[0-9]+|one|two|three|twelve)[ -](?:month|year)s? )?"
    rf"(?:(?:contract|agreement|engagement)(?:'s|al)? )?(?:term|duration|life|lifetime|length|course|{AGREEMENT})\b"
    rf"(?: of (?:the|this) {AGREEMENT})?(?! of (?:the|an?|each|every|any|one) (?:\w+ )?(?:year|quarter|month|week)\b)|"
    rf"\bper (?:term|contract|agreement)\b(?! (?:year|quarter|month|week))"
)
MENTION = re.compile(
    "|".join(
        [rf"{EACH} ?{SORT}(?P<{period.name}>(?:{names})(?![\w-]))".replace("?P<sort>", f"?P<sort_{period.name}>")
         for period, names in NAMES.items()]
        + [rf"(?:\b(?P<on_{period.name}>calendar|contract) )?(?<![\w-])(?P<adverb_{period.name}>{words})(?![\w-])"
           for period, words in ADVERBS.items()]
        + [rf"(?P<TERM>{TERM})"]
    )
)  # fmt: skip
DECOY_AFTER = re.compile(
    r"^[ -](?:hours?\b(?! (?:allowance|allotment|budget|allocation|by|up|of))|of an hour|"
    r"(?:\w+ )?(?:reports?|meetings?|reviews?|calls?|invoices?|invoicing|fees?|payments?|check-?ins?|"
    r"newsletter|releases?|"
    r"summar\w+|statements?|renewals?|updates?|billing|subscription|instal\w+|licen[cs]es?)|"
    r"(?:memberships?|agreements?|contracts?|grants?))"
)
DECOY_BEFORE = re.compile(
    r"(?:\b(?:bill\w*|invoic\w+|paid|payable|payments?|review\w*|report\w*|charged|renew\w*|meet\w*|"
    r"fees?|due|once|twice|"
    r"times|audit\w*|[$\u20ac\u00a3] ?[0-9.,]+|[0-9.,]+ ?(?:usd|eur|gbp|cad|\u20ac|\u00a3))(?: is| are)? ?)$"
)
VAGUE = re.compile(
    r"\b(?:bi-?(?:annual|week|month)\w*|fortnight\w*|"
    r"(?:every|per|each|/) ?(?:other (?:week|month|quarter|year)|(?:[0-9]+|two|four|five|eight|"
    r"ten) (?:weeks?|months?|years?|quarters?|days?)|sprint|iteration|day)"
    r"|semi-?(?:month|week)ly"
    r"|(?:week|month|quarter|year)(?:ly)? ?(?:or|/|and/or) ?(?:(?:per|each|every|a) )?(?:week|month|"
    r"quarter|year|half-year)(?:ly)?)\b"
)
MAPPED = re.compile(r"(?:3|6|12) months?$")
NAMED = re.compile(
    r"\b(?P<sort>calendar|contract|agreement) (?:weeks?|months?|quarters?|qtrs?|half-years?|years?|yrs?)\b"
)
SPLIT = re.compile(
    r"\b(?:split|spread|divided|distributed)\b[^.;]{0,20}\b(?:over|across|into|among|between|by) (?:the |each |all )?"
    r"(?:\w+ )?(?:week|month|quarter|year)s?\b"
)
RESET = re.compile(
    r"\b(?:reset\w*|replenish\w*|refresh\w*|restart\w*|start again|begin(?:s|ning)?|starting|counted|start of)\b"
)
START = (
    r"(?:(?:the )?(?:contract|agreement)(?:'s)? (?:effective |start )?(?:date|start|beginning)|"
    r"(?:the )?(?:effective|start|starting|commencement) date|(?:the )?(?:start|beginning|"
    r"commencement) of (?:the|this) (?:contract|agreement)|"
    r"(?:the )?(?:contract |agreement )?anniversary)"
)
FROM_START = re.compile(
    rf"^[ ,(]*(?:(?:as )?(?:counted|measured|calculated|starting|beginning|running|commencing) )?(?:from|"
    rf"on|with|at|as of) {START}"
)
RESET_AT_START = re.compile(rf"\breset\w*\b[^.;]*\b(?:on|from|at|with|each) (?:each |every )?{START}")


@dataclass(frozen=True, slots=True)
class Mention:
    """A period named at plain *start* to *end*, with the anchor its own words give; *odd*: "fiscal", "academic" …"""

    start: int
    end: int
    period: Period
    anchor: Anchor | None = None
    odd: str = ""


def mentions(text: str) -> Iterator[Mention]:
    """Return the periods that plain *text* names for hours, in order."""
    for found in MENTION.finditer(text):
        if DECOY_AFTER.search(text[found.end() :]) or DECOY_BEFORE.search(text[: found.start()]):
            continue
        if re.search(r"[0-9$\u20ac\u00a3] ?$", text[: found.start()]) and found[0].endswith("hour"):
            continue
        period = next(p for p in Period if found.groupdict().get(p.name) or found.groupdict().get(f"adverb_{p.name}"))
        sort = found.groupdict().get(f"sort_{period.name}") or found.groupdict().get(f"on_{period.name}") or ""
        yield Mention(found.start(), found.end(), period, _anchor(sort, text[found.end() :]), _odd(sort))


def vague_period(text: str) -> re.Match[str] | None:
    """Return words for a period that mean two things, or none that allocations can have."""
    return next((one for one in VAGUE.finditer(text) if not MAPPED.search(one[0])), None) or SPLIT.search(text)


def named_anchors(text: str) -> dict[Anchor, tuple[int, int]]:
    """Return the anchors that words such as "calendar quarter" name, wherever they stand, each with its place."""
    return {
        Anchor.CALENDAR if one["sort"] == "calendar" else Anchor.CONTRACT: one.span() for one in NAMED.finditer(text)
    }


def reset_at_start(text: str) -> re.Match[str] | None:
    """Return words that let hours begin anew with the contract's own days."""
    return RESET_AT_START.search(text)


def in_reset(text: str, place: int) -> bool:
    """Say whether the sentence up to *place* speaks of periods beginning anew."""
    return RESET.search(sentence_before(text[:place])) is not None


def _anchor(sort: str, after: str) -> Anchor | None:
    if sort.startswith("cal") or after.startswith(" (calendar)"):
        return Anchor.CALENDAR
    if sort.startswith(("contract", "agreement")) or FROM_START.search(after):
        return Anchor.CONTRACT
    return None


def _odd(sort: str) -> str:
    return sort if sort in {"fiscal", "financial", "academic", "billing", "service"} else ""
