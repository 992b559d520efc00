"""A description between Markdown and Asana: a small frozen tree of blocks, and its form as lines of text."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

BULLET = "• "
DASHES = "———"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style. *marks* are of strong, em, u, s, code; *href* is "" or an http(s) address."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""


Line = tuple[Run, ...]
"""Text with its styles; hard line breaks are newlines inside the runs."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of *level* 1 to 6."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Code:
    """A block of code, mermaid and the like."""

    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across the page."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote, or an alert."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """A list. Each item is a tuple of blocks; *start* is the number of the first."""

    ordered: bool
    start: int
    items: tuple[tuple["Block", ...], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of rows of cells, ragged when the source was."""

    rows: tuple[tuple[Line, ...], ...]


Block = Paragraph | Heading | Code | Rule | Quote | Listing | Table


def tidy(runs: Iterable[Run]) -> Line:
    """Return *runs* in normal form: nothing empty, equal neighbours joined, no blanks at line ends or in a style."""
    joined = _joined(runs)
    if len(joined) == 1 and joined[0].text == joined[0].text.strip() and "\n" not in joined[0].text:
        return joined  # as most are
    return _joined(_quiet_blanks(_trimmed(joined)))


def flatten(blocks: Iterable[Block], *, gap: str = "\n") -> Line:
    """Return *blocks* as lines of text, for places that hold text only. *gap* stands between them."""
    return tidy(_flat(blocks, gap))


def plain_text(blocks: Iterable[Block]) -> str:
    """Return *blocks* as plain text; a link is followed by its address in brackets."""
    parts: list[str] = []
    href = shown = ""
    for run in (*flatten(blocks, gap="\n\n"), Run("")):
        if run.href != href:
            parts.append(_address_note(shown, href))
            href, shown = run.href, ""
        shown += run.text
        parts.append(run.text)
    return "".join(parts)


def strong(line: Line) -> Line:
    """Return *line* in bold."""
    return _joined(replace(run, marks=run.marks | {"strong"}) for run in line)


def numbered(listing: Listing) -> Iterator[tuple[str, tuple[Block, ...]]]:
    """Give each item of *listing* with the bullet or number in front of it."""
    for number, item in enumerate(listing.items, listing.start):
        yield (f"{number}. " if listing.ordered else BULLET), item


def prefixed(text: str, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return *blocks* with *text* in front of the first word."""
    if blocks and isinstance(blocks[0], Paragraph):
        return Paragraph(tidy((Run(text), *blocks[0].line))), *blocks[1:]
    return Paragraph(tidy((Run(text),))), *blocks


def _address_note(shown: str, href: str) -> str:
    return f" ({href})" if href and shown.strip() not in (href, href.partition("://")[2]) else ""


def _flat(blocks: Iterable[Block], gap: str) -> Iterator[Run]:
    for index, block in enumerate(blocks):
        if index:
            yield Run(gap)
        yield from _flat_block(block)


def _flat_block(block: Block) -> Iterator[Run]:
    match block:
        case Paragraph(line):
            yield from line
        case Heading(_, line):
            yield from strong(line)
        case Code(text):
            yield from _code_lines(text)
        case Rule():
            yield Run(DASHES)
        case Quote(inner):
            yield from _indented(_flat(inner, "\n"), "> ", "> ")
        case Listing():
            for index, (sign, item) in enumerate(numbered(block)):
                yield from _indented(_flat(item, "\n"), sign if not index else "\n" + sign, " " * len(sign))
        case Table(rows):
            yield from _flat_rows(rows)


def _code_lines(text: str) -> Iterator[Run]:
    for index, line in enumerate(text.split("\n")):
        if index:
            yield Run("\n")
        yield Run(line, frozenset({"code"}))


def _flat_rows(rows: tuple[tuple[Line, ...], ...]) -> Iterator[Run]:
    for number, row in enumerate(rows):
        if number:
            yield Run("\n")
        for index, cell in enumerate(row):
            if index:
                yield Run(" | ")
            yield from (replace(run, text=run.text.replace("\n", " ")) for run in cell)


def _indented(runs: Iterable[Run], first: str, rest: str) -> Iterator[Run]:
    yield Run(first)
    for run in runs:
        head, *tail = run.text.split("\n")
        yield replace(run, text=head)
        for piece in tail:
            yield Run("\n" + rest)
            yield replace(run, text=piece)


def _joined(runs: Iterable[Run]) -> Line:
    joined: list[tuple[Run, list[str]]] = []
    for run in runs:
        if not run.text:
            continue
        if joined and (joined[-1][0].marks, joined[-1][0].href) == (run.marks, run.href):
            joined[-1][1].append(run.text)
        else:
            joined.append((run, [run.text]))
    return tuple(Run("".join(texts), run.marks, run.href) if len(texts) > 1 else run for run, texts in joined)


def _trimmed(line: Line) -> Iterator[Run]:
    """Drop blanks at both ends and before newlines, and more than one empty line in a row."""
    pending: list[Run] = []
    written = False
    for run in line:
        body = run.text.strip()
        if not body:
            pending.append(run)
            continue
        before, _, after = run.text.partition(body)
        if written:
            yield from _blanks([*pending, Run(before, run.marks, run.href)])
        yield Run(_inner(body), run.marks, run.href)
        pending, written = [Run(after, run.marks, run.href)], True


def _blanks(pending: list[Run]) -> Iterator[Run]:
    newlines = sum(run.text.count("\n") for run in pending)
    if not newlines:
        yield from (run for run in pending if run.text)
        return
    after = "".join(run.text for run in pending).rpartition("\n")[2]
    yield Run("\n" * min(newlines, 2) + after)


def _inner(text: str) -> str:
    if "\n" not in text:
        return text
    lines = [line.rstrip() for line in text.split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept)


def _quiet_blanks(line: Iterable[Run]) -> Iterator[Run]:
    """Take styles off blanks unless both neighbours share them."""
    runs = tuple(line)
    for index, run in enumerate(runs):
        if not run.text.isspace() or not 0 < index < len(runs) - 1:
            yield run
            continue
        before, after = runs[index - 1], runs[index + 1]
        marks = run.marks & before.marks & after.marks - {"code"}
        yield Run(run.text, marks, run.href if run.href == before.href == after.href else "")
