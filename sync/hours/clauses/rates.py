"""What an additional hour costs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sync.hours.clauses.numbers import number
from sync.model.clause import Rate

CODES = ("usd", "eur", "gbp", "cad", "aud", "nzd", "chf", "jpy", "sek", "nok", "dkk", "inr", "brl")
SIGNS = {
    "us$": "USD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD", "$": "USD",
    "r$": "BRL", "rs.": "INR", "\u20b9": "INR", "\u20ac": "EUR", "\u00a3": "GBP",
    "us dollars": "USD", "canadian dollars": "CAD", "australian dollars": "AUD",
    "dollars": "USD", "euros": "EUR", "euro": "EUR", "pounds": "GBP",
}  # fmt: skip
SIGN = r"[$\u20ac\u00a3]?"
CURRENCY = rf"(?:{SIGN}(?:{'|'.join(CODES)})(?![a-z]) ?{SIGN}|{'|'.join(re.escape(sign) for sign in SIGNS)})"
MONEY = rf"(?:(?P<before>{CURRENCY}) ?)?(?P<amount>[0-9][0-9.,']*(?<![.,']))(?:[.,]?-)?(?: ?(?P<after>{CURRENCY}))?"
PER_HOUR = (
    r"(?: ?\([a-z -]{1,60}\))? ?(?:(?:per|/|an|a|each|every|for each|for every) ?(?:additional |extra |"
    r"further )?(?:hours?\b|hr\b|h\b)|hourly\b|p/?h\b)"
)
EACH_HOUR = (
    r"\b(?:each|every|any) (?:additional |extra |further )?hour"
    r"(?: is| will be)?(?: billed| charged| costs)?(?: at)?,?:?"
)
RATE = re.compile(
    rf"{MONEY}{PER_HOUR}"
    rf"|(?:hourly rate(?: for [a-z ]{{1,25}}?)?(?: of| is|:)?|"
    rf"\b(?:additional|extra|further) hours?(?: are| is)?(?: billed| charged| costs?|"
    rf" priced)?(?: at)?:?(?= [^.;]{{1,12}} each\b)|{EACH_HOUR}) {MONEY.replace('?P<', '?P<the_')}(?! ?[0-9/-])"
)


@dataclass(frozen=True, slots=True)
class Price:
    """A price of an hour at plain *start* to *end*; None where it is not plain what it is."""

    start: int
    end: int
    rate: Rate | None


def prices(text: str) -> Iterator[Price]:
    """Return the prices per hour in plain *text*, in order."""
    for found in RATE.finditer(text):
        lead = "" if found["amount"] else "the_"
        codes = {_code(found[lead + side]) for side in ("before", "after") if found[lead + side]}
        if found[lead + "before"] == "$" and len(codes) == 2:
            codes.discard("USD")  # "$250 CAD"
        amount = number(found[lead + "amount"])
        vague = re.search(
            r"[\w.,-]$|[0-9$\u20ac\u00a3] ?(?:-|to|or) ?$|\b(?:about|approximately|from|between|least) $",
            text[: found.start()],
        )
        plain = amount is not None and amount > 0 and len(codes) == 1 and not vague
        yield Price(found.start(), found.end(), Rate(amount, codes.pop()) if plain and amount is not None else None)


def money(text: str) -> Iterator[tuple[int, int]]:
    """Return where plain *text* names money, whatever it is for."""
    return (found.span() for found in re.finditer(rf"{CURRENCY} ?[0-9]|[0-9] ?{CURRENCY}|\b(?:dollars|euros?)\b", text))


def _code(word: str) -> str:
    stripped = word.strip(" ")
    return SIGNS.get(stripped) or stripped.strip("$\u20ac\u00a3 ")[:3].upper()
