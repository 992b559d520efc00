"""Numbers as contracts write them. What can be read in two ways is not read."""

import re
from decimal import Decimal

UNITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS: dict[str, int] = {
    **{word: place for place, word in enumerate(UNITS, 1)},
    **{word: place for place, word in enumerate(TEENS, 10)},
    **{ten: 10 * place for place, ten in enumerate(TENS, 2)},
    **{f"{ten}-{unit}": 10 * tens + ones for tens, ten in enumerate(TENS, 2) for ones, unit in enumerate(UNITS, 1)},
    "one-hundred": 100,
    "a-hundred": 100,
}
HALF = "and-a-half"
WORD = (
    rf"(?:half an\b|(?:{'|'.join(UNITS)}|[0-9]{{1,3}}) and a half\b|"
    rf"(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(UNITS)}))?|(?:one|a)[ -]hundred|{'|'.join(TEENS)}|"
    rf"{'|'.join(UNITS)})\b"
)
NUMBER = rf"(?:[0-9][0-9.,':/x]*(?<![.,:'/])|(?<![\w-]){WORD})"
"""A number as a pattern: a whole run of digits and their signs, or words."""


def number(raw: str) -> Decimal | None:
    """Return what *raw* says; None for a run that is no number, or "1.250", which is one thing here, another there."""
    joined = raw.replace(" ", "-")
    if joined == "half-an":
        return Decimal("0.5")
    if joined.endswith(f"-{HALF}"):
        whole = number(raw.removesuffix(" and a half"))
        return None if whole is None else whole + Decimal("0.5")
    word = WORDS.get(joined)
    if word is not None:
        return Decimal(word)
    if re.fullmatch(r"[0-9]{1,3}(?:[,'][0-9]{3})+(?:\.[0-9]{1,2})?", raw):
        return Decimal(raw.replace(",", "").replace("'", ""))
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}", raw):
        return Decimal(raw.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", raw):
        return Decimal(raw.replace(",", "."))
    return None
