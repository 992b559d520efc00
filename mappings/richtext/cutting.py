"""Make a document fit: whole blocks where that keeps most of it, else whole words, and never half a sign."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from mappings.richtext.characters import boundary
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
    tidy,
)
from mappings.richtext.elements import run_bytes, xml_bytes

_ENOUGH = 0.5  # of the room: as long as whole blocks fill that much, no block is cut
_WORD = 60  # characters to go back for the end of a word
_GAP = len("\n\n")

Wrap = Callable[[tuple[Block, ...]], Block]


def fit(blocks: Sequence[Block], room: int) -> tuple[Block, ...]:
    """Return the beginning of *blocks* that takes at most *room* bytes inside ``<body>``, all of them when they fit."""
    used = 0
    for index, block in enumerate(blocks):
        size = _bytes(block) + _GAP
        if used + size > room:
            rest = () if used > room * _ENOUGH else _beginning(block, room - used - _GAP)
            return *blocks[:index], *rest
        used += size
    return tuple(blocks)


def clip(text: str, room: int) -> str:
    """Return the beginning of *text* that takes at most *room* bytes of UTF-8, whole lines where that keeps most."""
    encoded = text.encode()
    if len(encoded) <= room:
        return text
    kept = text[: boundary(text, len(encoded[: max(room, 0)].decode(errors="ignore")))]
    line_end = kept.rfind("\n")
    return (kept[:line_end] if line_end > len(kept) * _ENOUGH else kept).rstrip()


def _bytes(block: Block) -> int:
    return xml_bytes((block,)) - len("<body></body>")


def _beginning(block: Block, room: int) -> tuple[Block, ...]:
    """Return as much of *block* as fits into *room* bytes."""
    match block:
        case Quote(blocks):
            return _wrapped(blocks, Quote, room)
        case Listing():
            return _first_items(block, room)
        case Table(rows):
            return _first_rows(rows, room)
        case Paragraph(line) | Heading(_, line):
            return _first_words(line, room)
        case Code(text):
            return _first_lines(text, room)
        case Rule():
            return ()


def _wrapped(blocks: Sequence[Block], wrap: Wrap, room: int) -> tuple[Block, ...]:
    """Return *wrap* of as many of *blocks* as fit, the last of them cut when the others leave much room."""
    used = _bytes(wrap(()))
    kept: list[Block] = []
    for block in blocks:
        size = _bytes(wrap((block,))) - _bytes(wrap(())) + _GAP
        if used + size > room:
            if used <= room * _ENOUGH:
                kept.extend(_beginning(block, room - used - _GAP))
            break
        kept.append(block)
        used += size
    return (wrap(tuple(kept)),) if kept else ()


def _first_items(listing: Listing, room: int) -> tuple[Block, ...]:
    def wrap(item: tuple[Block, ...]) -> Listing:
        return replace(listing, items=(item,))

    used = _bytes(replace(listing, items=()))
    items: list[tuple[Block, ...]] = []
    for item in listing.items:
        size = _bytes(wrap(item)) - _bytes(replace(listing, items=()))
        if used + size > room:
            if used <= room * _ENOUGH:
                items.extend(part.items[0] for part in _wrapped(item, wrap, room - used) if isinstance(part, Listing))
            break
        items.append(item)
        used += size
    return (replace(listing, items=tuple(items)),) if items else ()


def _first_rows(rows: tuple[tuple[Line, ...], ...], room: int) -> tuple[Block, ...]:
    """Return the rows that fit; a table whose first row does not becomes a line of text."""
    used = _bytes(Table(()))
    kept: list[tuple[Line, ...]] = []
    for row in rows:
        used += _bytes(Table((row,))) - _bytes(Table(()))
        if used > room:
            break
        kept.append(row)
    return (Table(tuple(kept)),) if kept else _first_words(flatten((Table(rows[:1]),)), room)


def _first_words(line: Line, room: int) -> tuple[Block, ...]:
    kept: list[Run] = []
    for run in line:
        size = run_bytes(run)
        if size > room:
            kept.extend(part for part in (_shortened(run, room),) if part)
            break
        kept.append(run)
        room -= size
    words = tidy(kept)
    return (Paragraph(words),) if words else ()


def _shortened(run: Run, room: int) -> Run | None:
    """Return the beginning of *run* that fits, up to the end of a word where one is near."""
    end = _longest(run.text, lambda text: run_bytes(replace(run, text=text)) <= room)
    blank = run.text.rfind(" ", max(end - _WORD, 0), end)
    return replace(run, text=run.text[: blank if blank > 0 else end]) if end else None


def _first_lines(text: str, room: int) -> tuple[Block, ...]:
    body = text[: _longest(text, lambda text: _bytes(Code(text)) <= room)].rstrip()
    return (Code(body),) if body else ()


def _longest(text: str, fits: Callable[[str], bool]) -> int:
    """Return how many characters of *text* fit, found by halving, so that no sign is cut in two."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(text[:middle]) else (low, middle - 1)
    return boundary(text, low)
