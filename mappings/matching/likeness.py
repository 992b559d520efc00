"""Texts that are nearly a name, through blanks, hyphens and slips of the pen. They only suggest (design D7)."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from mappings.matching.folding import HARD_BREAK, shape
from mappings.matching.names import Name, Plain, pieces, squeezed
from mappings.matching.table import MOST_PIECES, CommunityTable, Shelf, Side

_PIECE = re.compile(r"[^\W_]+")
# What people put between the parts of a name; the end of a sentence is nothing of this kind.
_GAP = re.compile(rf"(?:[\s\-–—_/,()&'\"@+:|{HARD_BREAK}]|\.(?!\s)){{0,5}}")
_SHORTEST_ACROSS_SIGNS = 6
"""A name that may be written in any case and is shorter, in letters, is looked for as one piece only."""
_LETTERS_PER_SLIP = 5
_MOST_SLIPS = 3
_SHORTEST_REST = 4
"""A shorter rest of a longer name, in letters, has to be written without a slip."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of letters and digits in a text."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Likeness:
    """A place that is nearly *name*; *score* is 1.0 where only blanks, signs or case differ."""

    start: int
    end: int
    name: Name
    score: float


class Likenesses:
    """The pieces of one text and what they are like."""

    def __init__(self, text: str, table: CommunityTable) -> None:
        self._text = text
        self._table = table
        self._longer: dict[tuple[str, Side, str], frozenset[str]] = {}

    @cached_property
    def _pieces(self) -> list[Piece]:
        found = _PIECE.finditer(self._text)
        return [Piece(_folded(one.group()), one.start(), one.end()) for one in found]

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start for piece in self._pieces]

    @cached_property
    def _ends(self) -> list[int]:
        return [piece.end for piece in self._pieces]

    def through_signs(self) -> Iterator[Likeness]:
        """Return where a name is written with other blanks, hyphens or signs or without them, or only its beginning."""
        if self._text.isascii() and self._table.beginnings.isdisjoint(pieces(self._text.casefold())):
            return  # as in most texts
        for index, first in enumerate(self._pieces):
            key = ""
            for last in self._run(index):
                key += last.folded
                if key not in self._table.beginnings:
                    break
                for name in self._table.loose.get(key, ()):
                    if self._counts(name, first, last):
                        yield Likeness(first.start, last.end, name, 1.0)
                for name, share in self._table.shortened.get(key, ()):
                    yield Likeness(first.start, last.end, name, share)

    def _run(self, index: int) -> Iterator[Piece]:
        """Return the pieces from *index* on that nothing but the signs inside a name parts."""
        previous = None
        for piece in self._pieces[index : index + MOST_PIECES]:
            if previous and not _GAP.fullmatch(self._text, previous.end, piece.start):
                return
            yield piece
            previous = piece

    def _counts(self, name: Name, first: Piece, last: Piece) -> bool:
        written = self._text[first.start : last.end]
        if name.plain is not Plain.NO:
            return squeezed(written) == squeezed(name.spelled)
        parts = len(pieces(written))
        return len(squeezed(name.folded)) >= _SHORTEST_ACROSS_SIGNS or parts == len(pieces(name.folded))

    def longer(self, start: int, end: int) -> frozenset[str]:
        """Return communities with a name that the name at *start* to *end* is a part of.

        Its neighbours make it the longer name, with a slip of the pen or with other signs between the words.
        """
        key = squeezed(_folded(self._text[start:end]))
        found: frozenset[str] = frozenset()
        for side, rests in self._table.longer.get(key, {}).items():
            if written := self._neighbours(start, end, side):
                found |= self._completed(key, side, written, rests)
        return found

    def _completed(self, key: str, side: Side, written: str, rests: Shelf) -> frozenset[str]:
        asked = (key, side, written)
        if asked not in self._longer:
            alike = extract(written, rests.keys, scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None)
            self._longer[asked] = frozenset(
                rests.names[place].community_id for rest, slips, place in alike if slips <= _slips_in_rest(rest)
            )
        return self._longer[asked]

    def _neighbours(self, start: int, end: int, side: Side) -> str:
        """Return the letters and digits of the pieces on one side, or "" when something parts them."""
        if side.after:
            first = bisect_left(self._starts, end)
            near = self._pieces[first : first + side.count]
            gaps = zip([end, *(piece.end for piece in near)], (piece.start for piece in near), strict=False)
        else:
            last = bisect_right(self._ends, start)
            near = self._pieces[max(0, last - side.count) : last]
            gaps = zip((piece.end for piece in near), [*(piece.start for piece in near[1:]), start], strict=True)
        if len(near) < side.count or not all(_GAP.fullmatch(self._text, before, after) for before, after in gaps):
            return ""
        return "".join(piece.folded for piece in near)

    def misspelled(self, *, common_words: bool) -> Iterator[Likeness]:
        """Return where a name is written with a slip or two, best first for each place.

        With *common_words* names of one word count in any case: for texts that should be a name.
        """
        for index, first in enumerate(self._pieces):
            key = ""
            for last in self._run(index):
                key += last.folded
                if len(key) > self._table.longest_key + _MOST_SLIPS:
                    break
                for name, score in _similar(key, self._table):
                    if common_words or _is_spelled_alike(self._text[first.start : last.end], name):
                        yield Likeness(first.start, last.end, name, score)


def _similar(key: str, table: CommunityTable) -> Iterator[tuple[Name, float]]:
    shelf = table.similar.get(key[0])
    if shelf is None:
        return
    slips = min(_MOST_SLIPS, (len(key) + _MOST_SLIPS) // _LETTERS_PER_SLIP)
    for other, distance, place in extract(key, shelf.keys, scorer=OSA.distance, score_cutoff=slips, limit=None):
        if distance <= min(_MOST_SLIPS, len(other) // _LETTERS_PER_SLIP):
            yield shelf.names[place], round(1 - distance / len(other), 2)


def _is_spelled_alike(written: str, name: Name) -> bool:
    """Tell whether *written* has the capitals that a name of one word needs in running text."""
    match name.plain:
        case Plain.NO:
            return True
        case Plain.CAPITALS:
            return written.isupper()
        case Plain.CAPITAL:
            return written[0].isupper() and not written.isupper()
        case Plain.SMALL:
            return False


def _slips_in_rest(rest: str) -> int:
    if len(rest) < _SHORTEST_REST:
        return 0
    return 1 if len(rest) < 2 * _LETTERS_PER_SLIP else 2


def _folded(text: str) -> str:
    return text.casefold() if text.isascii() else shape(text.casefold())
