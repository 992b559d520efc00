"""Text as words and signs, with the place of each."""

import re
import unicodedata
from dataclasses import dataclass

from mappings.matching.folding import EM_DASH, EN_DASH, HYPHEN, shape

_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)
_DASHES = (EN_DASH, EM_DASH)
BLANK = " "


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of blanks or one sign, as :attr:`folded` it is compared; *start* and *end* are characters."""

    folded: str
    start: int
    end: int
    word: bool


def tokens_of(shaped: str) -> list[Token]:
    """Return *shaped* text cut into words, blanks and signs. A mark that belongs to a letter stays in its word."""
    spans: list[tuple[int, int, bool]] = []
    for match in _TOKEN.finditer(shaped):
        start, end = match.span()
        word = is_word(shaped[start])
        if word and spans and spans[-1][2]:
            start = spans.pop()[0]
        spans.append((start, end, word))
    return [Token(_folded(shaped[start:end], word=word), start, end, word) for start, end, word in spans]


def folded_tokens(shaped: str) -> frozenset[str]:
    """Return the tokens of *shaped* text as they are compared, without their places; *shaped* is ASCII."""
    return frozenset(_TOKEN.findall(shaped.casefold()))


def is_word(sign: str) -> bool:
    """Tell whether a character is part of a word: a letter, digit, underscore or a mark on a letter."""
    return sign.isalnum() or sign == "_" or (not sign.isascii() and unicodedata.category(sign)[0] == "M")


def _folded(text: str, *, word: bool) -> str:
    if word:
        return text.casefold() if text.isascii() else shape(text.casefold())
    if text.isspace():
        return BLANK
    return HYPHEN if text in _DASHES else text
