"""Which words of a text tell what work it speaks of, and when two such words are alike."""

import re
from collections.abc import Collection
from itertools import takewhile

from mappings.matching.folding import fold

ALL_SAY = frozenset(
    {"a", "an", "and", "call", "for", "hours", "in", "meeting", "of", "office", "on", "support", "the", "to", "with"}
)
"""Words that say nothing about which piece of work is meant."""
_WORD = re.compile(r"\w+")
_SHORTEST_STEM = 5
_STEM_SHARE = 0.6


def words(text: str) -> list[str]:
    """Return the words of *text*, folded."""
    return _WORD.findall(fold(text))


def telling(text: str, left_out: Collection[str] = ALL_SAY) -> list[str]:
    """Return the words of *text* but those *left_out*."""
    return [word for word in words(text) if word not in left_out]


def same_word(one: str, other: str) -> bool:
    """Tell whether two folded words are one or share their stem: *migrate* and *migration*, *image* and *images*."""
    stem = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    return one == other or (stem >= _SHORTEST_STEM and stem >= _STEM_SHARE * max(len(one), len(other)))
