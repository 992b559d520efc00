"""The passages of an issue: pieces of text that belong together, and how much a name in them may weigh."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, IntEnum

from mappings.matching.folding import LEFT_OUT, shape


class Weight(IntEnum):
    """What a name may do: decide, only stand against another community, or only be suggested."""

    SUGGESTS = 1
    DOUBTS = 2
    DECIDES = 3


class Heading(Enum):
    """Whether a passage heads what follows: as Markdown has it, or as a line in bold."""

    NO = "no"
    REAL = "heading"
    BOLD = "line in bold"


@dataclass(frozen=True, slots=True)
class Zone:
    """A stretch of a passage, in characters, that weighs less than the rest."""

    start: int
    end: int
    weight: Weight


@dataclass(frozen=True, slots=True)
class Source:
    """Text or the target of a link exactly as it was written: where a ticket's address is looked for."""

    text: str
    weight: Weight


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, list item or cell; *text* is shaped.

    *unticked* tells that it is an item of a list with an empty box before it.
    """

    text: str
    weight: Weight = Weight.DECIDES
    zones: tuple[Zone, ...] = ()
    sources: tuple[Source, ...] = ()
    heading: Heading = Heading.NO
    unticked: bool = False

    @property
    def own(self) -> str:
        """Return the words that may decide; the others are replaced by a mark that is no word."""
        if self.weight < Weight.DECIDES:
            return ""
        text = self.text
        for zone in sorted(self.zones, key=lambda zone: -zone.start):
            if zone.weight < Weight.DECIDES:
                text = f"{text[: zone.start]}{LEFT_OUT}{text[zone.end :]}"
        return text


class PassageBuilder:
    """Puts a passage together piece by piece."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._zones: list[Zone] = []
        self._sources: list[Source] = []

    def add(self, text: str, weight: Weight) -> None:
        """Add words as they were written."""
        shaped = shape(text)
        if weight < Weight.DECIDES and shaped:
            self._zones.append(Zone(self._length, self._length + len(shaped), weight))
        self._append(shaped)
        last = self._sources[-1] if self._sources else None
        if last and last.weight is weight:
            self._sources[-1] = Source(last.text + text, weight)
        else:
            self._sources.append(Source(text, weight))

    def mark(self, sign: str) -> None:
        """Add one of the marks of :mod:`mappings.matching.folding`, or a line end."""
        self._append(sign)
        self._sources.append(Source(" ", Weight.DECIDES))

    def _append(self, shaped: str) -> None:
        self._pieces.append(shaped)
        self._length += len(shaped)

    def link(self, target: str, weight: Weight) -> None:
        """Note where a link leads; its words are added on their own."""
        self._sources.append(Source(target, weight))
        self._sources.append(Source(" ", Weight.DECIDES))

    def finish(self, weight: Weight) -> Passage:
        """Return the passage and begin a new one."""
        zones = tuple(zone for zone in self._zones if zone.weight < weight)
        sources = tuple(Source(source.text, min(source.weight, weight)) for source in self._sources)
        passage = Passage("".join(self._pieces), weight, zones, sources)
        self._pieces, self._zones, self._sources, self._length = [], [], [], 0
        return passage


_COMMENT_OPENS, _COMMENT_CLOSES = "<!--", "-->"


def doubt_open_comments(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Lower what stands between ``<!--`` and ``-->`` where Markdown shows both, because a blank line parts them.

    Its author meant to hide it and readers see it: nobody can tell.
    """
    inside = False
    for passage in passages:
        zones: list[Zone] = []
        position = 0
        while position <= len(passage.text):
            sign = _COMMENT_CLOSES if inside else _COMMENT_OPENS
            found = passage.text.find(sign, position)
            end = len(passage.text) if found < 0 else found + len(sign)
            if inside:
                zones.append(Zone(position, end, Weight.DOUBTS))
            if found < 0:
                break
            inside = not inside
            position = end
        yield _lowered(passage, zones) if zones else passage


def _lowered(passage: Passage, zones: Sequence[Zone]) -> Passage:
    sources = tuple(Source(source.text, min(source.weight, Weight.DOUBTS)) for source in passage.sources)
    return replace(passage, zones=(*passage.zones, *zones), sources=sources)
