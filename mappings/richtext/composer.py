"""Put a document together from what a reader meets: words, styles, the beginnings and ends of blocks."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from mappings.richtext.characters import clean
from mappings.richtext.document import (
    Block,
    Code,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Run,
    Table,
    flatten,
    prefixed,
    tidy,
)
from mappings.richtext.links import Links, mentions

Kind = Literal["document", "quote", "list", "item", "table", "row", "cell", "heading", "code", "footnote"]
Mark = Literal["strong", "em", "u", "s", "code", "sub", "sup"]

_DEEPEST = 60  # frames; markup nested deeper keeps its text and loses its shape
_QUOTES = 4  # quotes in quotes; deeper ones go on in the fourth
_CELL_WEIGHT = len("<td></td>")
_RAISED = str.maketrans("0123456789+-=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
# HTML leaves closing tags out: a new item, row or cell ends the one before it, up to the list or table it belongs to.
_ENDED_BY: dict[Kind, tuple[frozenset[Kind], Kind]] = {
    "item": (frozenset({"item"}), "list"),
    "row": (frozenset({"row"}), "table"),
    "cell": (frozenset({"cell"}), "row"),
}


@dataclass(frozen=True, slots=True)
class _Item:
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Cell:
    line: Line


@dataclass(frozen=True, slots=True)
class _Row:
    cells: tuple[Line, ...]


_Part = Block | _Item | _Row | _Cell


@dataclass(slots=True)
class _Frame:
    kind: Kind
    from_html: bool = False
    number: int = 1
    ordered: bool = False
    label: str = ""
    parts: list[_Part] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


class Composer:
    """Builds a document. Markdown's blocks nest by construction; those from raw HTML close as well as they can.

    *weight* is a low estimate of the bytes that what was put in so far will take.
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        self._frames = [_Frame("document")]
        self._marks: Counter[Mark] = Counter()
        self._hrefs: list[tuple[str, int]] = []
        self._footnotes: list[Block] = []
        self.weight = 0

    def text(self, text: str) -> None:
        """Add words in the style of the moment."""
        for index, line in enumerate(clean(text).split("\n")):
            if index:
                self.newline()
            if line:
                self._add(line)

    def newline(self) -> None:
        """Add a hard line break; inside a link a blank."""
        self._top.runs.append(Run(" ", href=self._href) if self._href else Run("\n"))
        self.weight += 1

    def enter(self, mark: Mark) -> None:
        """Begin a style."""
        self._marks[mark] += 1

    def leave(self, mark: Mark) -> None:
        """End a style, if it was begun."""
        self._marks[mark] = max(self._marks[mark] - 1, 0)

    def link(self, raw: str) -> None:
        """Begin a link to the address *raw*, as it stands in the source."""
        href = self._links.href(raw)
        self._hrefs.append(("" if mentions(href) else href, self.weight))

    def unlink(self) -> None:
        """End a link, if one was begun; one without words shows its address."""
        if not self._hrefs:
            return
        href, weight = self._hrefs[-1]
        if href and weight == self.weight:
            self._add(href)
        self._hrefs.pop()

    def picture(self, source: str, description: str, stand_in: str = "image") -> None:
        """Add a link to a picture; inside a link only its description."""
        words = " ".join(description.split()) or stand_in
        if self._href:
            self.text(words)
            return
        self.link(source)
        self.text(words)
        self.unlink()

    def end_line(self) -> None:
        """End the paragraph; in a block of code from raw HTML, where blanks count, only the line."""
        if self._top.kind == "code":
            if self._top.runs and not self._top.runs[-1].text.endswith("\n"):
                self._top.runs.append(Run("\n"))
            return
        line = tidy(self._top.runs)
        self._top.runs.clear()
        if line:
            self._top.parts.append(Paragraph(line))

    def settle(self) -> None:
        """End the paragraph and all styles: nothing reaches over the end of a piece of source."""
        self.end_line()
        self._marks.clear()
        self._hrefs.clear()

    def rule(self) -> None:
        """Add a line across the page."""
        self.end_line()
        self._top.parts.append(Rule())
        self.weight += 1

    def code(self, text: str) -> None:
        """Add a block of code."""
        self.end_line()
        body = clean(text).strip("\n").rstrip()
        if body:
            self._top.parts.append(Code(body))
        self.weight += len(body)

    def open(
        self, kind: Kind, *, from_html: bool = False, number: int = 1, ordered: bool = False, label: str = ""
    ) -> None:
        """Begin a block. *number* is a heading's level or a list's first number."""
        self.weight += _CELL_WEIGHT
        if from_html and kind in _ENDED_BY:
            self._end_earlier(kind)
        if len(self._frames) >= _DEEPEST and from_html:
            return
        self.end_line()
        self._frames.append(_Frame(kind, from_html, number, ordered, label))

    def close(self, kind: Kind, *, from_html: bool = False) -> None:
        """End the innermost block of *kind*, and all inside it. Raw HTML cannot end what Markdown began."""
        for depth in range(len(self._frames) - 1, 0, -1):
            frame = self._frames[depth]
            if from_html and not frame.from_html:
                return
            if frame.kind == kind:
                self._fold_to(depth)
                return

    def finish(self) -> tuple[Block, ...]:
        """Return the document, footnotes last."""
        self.settle()
        self._fold_to(1)
        return *_blocks(self._top.parts), *self._footnotes

    @property
    def in_code(self) -> bool:
        """Tell whether a block of code from raw HTML is open: blanks count there."""
        return any(frame.kind == "code" for frame in self._frames)

    @property
    def _top(self) -> _Frame:
        return self._frames[-1]

    @property
    def _href(self) -> str:
        return self._hrefs[-1][0] if self._hrefs else ""

    def _add(self, words: str) -> None:
        if self._marks["sup"] or self._marks["sub"]:
            words = _moved(words, _RAISED if self._marks["sup"] else _LOWERED)
        marks = frozenset(str(mark) for mark in +self._marks) - {"sup", "sub"}
        self._top.runs.append(Run(words, marks, self._href))
        self.weight += len(words)

    def _end_earlier(self, kind: Kind) -> None:
        ended, owner = _ENDED_BY[kind]
        for depth in range(len(self._frames) - 1, 0, -1):
            frame = self._frames[depth]
            if frame.kind == owner or not frame.from_html:
                return
            if frame.kind in ended:
                self._fold_to(depth)
                self._marks.clear()
                return

    def _fold_to(self, depth: int) -> None:
        while len(self._frames) > depth:
            self.end_line()
            self._fold(self._frames.pop())

    def _fold(self, frame: _Frame) -> None:
        part = self._folded(frame)
        if part is not None:
            self._top.parts.append(part)

    def _folded(self, frame: _Frame) -> _Part | None:
        blocks = _blocks(frame.parts) if frame.kind not in ("list", "table", "row") else ()
        match frame.kind:
            case "item":
                return _Item(blocks)
            case "cell":
                return _Cell(flatten(blocks))
            case "row":
                return _Row(tuple(cell for part in frame.parts for cell in _cells(part)))
            case "list":
                return _listing(frame)
            case "table":
                rows = tuple(row for row in map(_cells, frame.parts) if any(row))
                return Table(rows) if rows else None
            case "heading":
                line = flatten(blocks)
                return Heading(frame.number, line) if line else None
            case "code":
                body = ("".join(run.text for run in frame.runs) + _words(blocks)).strip("\n").rstrip()
                return Code(body) if body else None
            case "quote":
                if sum(above.kind == "quote" for above in self._frames) >= _QUOTES:
                    self._top.parts.extend(frame.parts)
                    return None
                return Quote(blocks) if blocks else None
            case "footnote":
                self._footnotes.extend(prefixed(f"[{frame.label}] ", blocks))
                return None
            case "document":
                return None


def _moved(words: str, table: dict[int, int]) -> str:
    return words.translate(table) if all(ord(sign) in table for sign in words) else words


def _words(blocks: tuple[Block, ...]) -> str:
    return "".join(run.text for run in flatten(blocks))


def _blocks(parts: list[_Part]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    for part in parts:
        match part:
            case _Item(inner):
                blocks.extend([Listing(ordered=False, start=1, items=(inner,))] if inner else [])
            case _Row(cells):
                blocks.extend([Table((cells,))] if any(cells) else [])
            case _Cell(line):
                blocks.extend([Paragraph(line)] if line else [])
            case _:
                blocks.append(part)
    return tuple(blocks)


def _cells(part: _Part) -> tuple[Line, ...]:
    match part:
        case _Row(cells):
            return cells
        case _Cell(line):
            return (line,)
        case _:
            return (flatten(_blocks([part])),)


def _listing(frame: _Frame) -> Listing | None:
    items = tuple(part.blocks if isinstance(part, _Item) else _blocks([part]) for part in frame.parts)
    kept = tuple(item for item in items if item)
    return Listing(frame.ordered, frame.number, kept) if kept else None
