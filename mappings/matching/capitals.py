"""When a capital says nothing: at the start of a sentence, and in a line that writes every word so."""

import re
from bisect import bisect_right
from collections.abc import Collection

from mappings.matching.folding import EM_DASH, EN_DASH, HARD_BREAK, HYPHEN, LEFT_OUT
from mappings.matching.names import Plain
from mappings.matching.words import is_word

_REACH = 40
_WRAPPED = 50
"""A line that is longer, in characters, ended because it was full."""
_LEADING = frozenset(f":\"'([{{{HYPHEN}{EN_DASH}{EM_DASH}")
"""Signs after which a sentence may begin, or go on."""
_MIDDLE = _LEADING | frozenset(f" ,;/&+{LEFT_OUT}")
_SMALL_WORD_FOLLOWS = re.compile(r"[\s\ufdd1]+([^\W\d_])")
_LINE_END = re.compile(rf"[\n{HARD_BREAK}]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_OTHERS_NEEDED = 2
_LONG_WORD = 4


def opens(text: str, start: int, end: int) -> bool:
    """Tell whether the word at *start* opens a sentence, a line or the text, so that any word had a capital there.

    After a colon, dash, bracket or quotation mark it does when a small word follows: ``Notes: Insight into …``.
    """
    place = start
    while place > 0 and not is_word(text[place - 1]):
        place -= 1
        if start - place > _REACH:
            return True
    gap = text[place:start]
    if "\n" in gap and place - text.rfind("\n", 0, place) > _WRAPPED:
        gap = gap.replace("\n", " ")
    if place == 0 or not _MIDDLE.issuperset(gap):
        return True
    if _LEADING.isdisjoint(gap):
        return False
    following = _SMALL_WORD_FOLLOWS.match(text, end)
    return following is not None and following.group(1).islower()


class CapitalsOfLines:
    """Tells where all words of a line are written alike, so that the capitals of one of them say nothing."""

    def __init__(self, text: str, named: Collection[tuple[int, int]]) -> None:
        """Prepare *text*; *named* are the places of names, whose own capitals do not count."""
        self._text = text
        self._covered = {place for start, end in named for place in range(start, end)}
        self._starts = [0, *(match.end() for match in _LINE_END.finditer(text))]
        self._meaningless: dict[int, frozenset[Plain]] = {}

    def say_nothing(self, start: int, plain: Plain) -> bool:
        """Tell whether the capitals of the name at *start* say nothing."""
        first = self._starts[bisect_right(self._starts, start) - 1]
        if first not in self._meaningless:
            self._meaningless[first] = self._of_line(first)
        return plain in self._meaningless[first]

    def _of_line(self, first: int) -> frozenset[Plain]:
        end = _LINE_END.search(self._text, first)
        words = list(_WORD.finditer(self._text, first, end.start() if end else len(self._text)))
        others = [word.group() for word in words if word.start() not in self._covered]
        later = [word.group() for word in words[1:] if word.start() not in self._covered and not word.group().isupper()]
        found = set()
        if len(others) >= _OTHERS_NEEDED and all(map(str.isupper, others)) and max(map(len, others)) >= _LONG_WORD:
            found.add(Plain.CAPITALS)
        if len(later) >= _OTHERS_NEEDED and all(word[0].isupper() for word in later):
            found.add(Plain.CAPITAL)
        return frozenset(found)
