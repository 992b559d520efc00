"""A clause made plain for reading, with the way back to the characters it came from."""

import re
import unicodedata
from dataclasses import dataclass

from sync.model.clause import Span

SIGNS = {"\u2215": "/", "\u2044": "/", "\u2212": "-", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}
BULLET = re.compile(r"^[^\S\n]*(?:[-*+\u2022\u2023\u25aa\u2013\u2014]|#{1,6}|>)[^\S\n]+", re.MULTILINE)
MARKUP = "*_`|\u2022"


@dataclass(frozen=True, slots=True)
class Plain:
    """*text* is lower case with single blanks and plain signs; *origins* has each character's place in *clause*."""

    clause: str
    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """Return where the plain characters *start* to *end* (not empty) stand in the clause."""
        first, last = self.origins[start], self.origins[end - 1] + 1
        return Span(first, last, self.clause[first:last])


def plain(clause: str) -> Plain:
    """Return *clause* for reading: case, blanks, line ends, bullets, markup, kinds of dashes and slashes are gone."""
    bullets = {place for found in BULLET.finditer(clause) for place in range(*found.span())}
    letters: list[str] = []
    origins: list[int] = []
    for place, character in enumerate(clause):
        for letter in " " if place in bullets else _letters(character):
            if letter == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(letter)
            origins.append(place)
    return Plain(clause, "".join(letters), tuple(origins))


def _letters(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cf", "Mn"}:
        return ""
    if character in MARKUP or character.isspace() or category == "Cc":
        return " "
    if category == "Pd":
        return "-"
    if category == "No":  # a footnote's number or a fraction must not run into the number before it
        return character
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if character in SIGNS:
        return SIGNS[character]
    return "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFKC", character).lower())
