"""The head of a title: ``[Name] …``, ``[Tag] Name – …``, ``Name – …``, ``Name: …`` (design D7, level 4)."""

import re
import unicodedata
from dataclasses import dataclass, replace

from mappings.matching.folding import EM_DASH, EN_DASH, HYPHEN
from mappings.matching.passages import Passage

_TAG = re.compile(r"\s*\[([^\[\]]{0,200})\]")
_DASH = f"[{HYPHEN}{EN_DASH}{EM_DASH}]{{1,3}}"
_AFTER_TAGS = re.compile(rf"\s*(?::(?=\s)|{_DASH}(?=\s))?\s*")
_SEPARATOR = re.compile(rf"\s{_DASH}(?=\s)|:(?=\s|$)|\s{_DASH}$")
_DECORATION = ("S", "Z", "C")
_NEVER_DECORATION = frozenset("+$<=>^|~`")


@dataclass(frozen=True, slots=True)
class Title:
    """A title taken apart: *tags* in brackets, *heads* that a dash or colon ends, and the *rest* after the tags."""

    tags: tuple[str, ...]
    heads: tuple[str, ...]
    rest: str

    def passages(self, whole: Passage) -> tuple[Passage, ...]:
        """Return the parts of the title *whole* that are sentences of their own."""
        parts = [replace(whole, text=tag, sources=()) for tag in self.tags]
        return (*parts, replace(whole, text=self.rest))


def take_apart(shaped: str) -> Title:
    """Return a shaped title's parts. Pictures before the first word are left out."""
    text = shaped[_first_word(shaped) :]
    tags = []
    position = 0
    while tag := _TAG.match(text, position):
        tags.append(tag.group(1).strip())
        position = tag.end()
    if tags and (after := _AFTER_TAGS.match(text, position)):
        position = after.end()
    rest = text[position:]
    heads = []
    start = 0
    for separator in _SEPARATOR.finditer(rest):
        heads.append(rest[start : separator.start()].strip())
        start = separator.end()
    return Title(tuple(tags), tuple(heads), rest)


def _first_word(text: str) -> int:
    for place, sign in enumerate(text):
        if sign in _NEVER_DECORATION or unicodedata.category(sign)[0] not in _DECORATION:
            return place
    return len(text)
