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
}
HALF = "and-a-half"
FRACTIONS = {"\u00bc": Decimal("0.25"), "\u00bd": Decimal("0.5"), "\u00be": Decimal("0.75")}
FRACTION = f"[{''.join(FRACTIONS)}]"
BELOW_HUNDRED = rf"(?:(?:{'|'.join(TENS)})(?:[ -](?:{'|'.join(UNITS)}))?|{'|'.join(TEENS)}|{'|'.join(UNITS)})"
WORD = (
    rf"(?:half an\b|(?:{'|'.join(UNITS)}|[0-9]{{1,3}}) and a half\b|"
    rf"(?:a|{'|'.join(UNITS)})[ -]hundred(?:(?:[ -]and)?[ -]{BELOW_HUNDRED})?|{BELOW_HUNDRED})\b"
)
NUMBER = rf"(?:[0-9][0-9.,':/x]*(?<![.,:'/]){FRACTION}?|{FRACTION}|(?<![\w-]){WORD})"
"""A number as a pattern: a whole run of digits and their signs, or words."""


def number(raw: str) -> Decimal | None:
    """Return what *raw* says; None for a run that is no number, or "1.250", which is one thing here, another there."""
    joined = raw.replace(" ", "-")
    if joined == "half-an":
        return Decimal("0.5")
    if joined.endswith(f"-{HALF}"):
        whole = number(raw.removesuffix(" and a half"))
        return None if whole is None else whole + Decimal("0.5")
    word = _word(joined)
    if word is not None:
        return Decimal(word)
    if raw and raw[-1] in FRACTIONS:
        whole = number(raw[:-1]) if raw[:-1] else Decimal(0)
        return None if whole is None or whole % 1 else whole + FRACTIONS[raw[-1]]
    if re.fullmatch(r"[0-9]{1,3}(?:[,'][0-9]{3})+(?:\.[0-9]{1,2})?", raw):
        return Decimal(raw.replace(",", "").replace("'", ""))
    if re.fullmatch(r"[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}", raw):
        return Decimal(raw.replace(".", "").replace(",", "."))
    if re.fullmatch(r"[0-9]{1,7}(?:[.,][0-9]{1,2})?", raw):
        return Decimal(raw.replace(",", "."))
    return None


def _word(joined: str) -> int | None:
    hundreds, hundred, rest = joined.rpartition("hundred")
    if not hundred:
        return WORDS.get(joined)
    many = 1 if hundreds == "a-" else WORDS.get(hundreds.removesuffix("-"), 0)
    below = rest.removeprefix("-").removeprefix("and-")
    return 100 * many + WORDS[below] if below else 100 * many
