"""A document in the rich text that Asana takes: a tree of the few allowed elements, and its XML.

Rules (Asana: rich text, and what its API was seen to refuse): one bare ``<body>``; line breaks are newlines; no ``p``,
``br``, ``th``, ``span``; of headings only ``h1`` and ``h2``; no element inside ``pre``, ``code``, ``h1``, ``h2``; no
attributes but a link's. Cells and list items hold text, items also lists, quotes also lists and code: what else was in
them becomes lines.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from itertools import islice, takewhile
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
    numbered,
    prefixed,
    strong,
)
from mappings.richtext.links import to_asana

Place = Literal["body", "blockquote", "li"]

_LIST_LEVELS = 8  # deeper lists become lines
_HEADINGS = {1: "h1", 2: "h2", 3: "h2"}
_ORDER = ("strong", "em", "u", "s")
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Element:
    """An element; *href* is a link's only other content."""

    tag: str
    children: tuple["Node", ...] = ()
    href: str = ""


Node = Element | str


def to_xml(blocks: Sequence[Block]) -> str:
    """Return *blocks* as a value for ``html_notes``."""
    return _serialised(Element("body", _body(blocks, "body", 0)))


def xml_bytes(blocks: Sequence[Block]) -> int:
    """Return how many bytes *blocks* take in UTF-8, the ``<body>`` included."""
    return len(to_xml(blocks).encode())


def run_bytes(run: Run) -> int:
    """Return how many bytes *run* takes by itself: among others it takes as many or fewer."""
    return sum(len(_serialised(node).encode()) for node in _inline((run,)))


def _serialised(node: Node) -> str:
    if isinstance(node, str):
        return escape(clean(node), quote=False)
    if node.tag == "hr":
        return "<hr />"
    inner = "".join(map(_serialised, node.children))
    return f"<{node.tag}{_attributes(node)}>{inner}</{node.tag}>"


def _attributes(element: Element) -> str:
    if not element.href:
        return ""
    # Without it Asana puts the name of the linked object in place of the words of the link.
    asana = ' data-asana-dynamic="false"' if to_asana(element.href) else ""
    return f' href="{escape(element.href, quote=False).replace(chr(34), "&quot;")}"{asana}'


def _body(blocks: Sequence[Block], place: Place, level: int) -> tuple[Node, ...]:
    nodes: list[Node] = []
    was_text = False
    for index, block in enumerate(blocks):
        element = _element(block, place, level)
        is_text = element is None
        if index:
            nodes.append(_gap(place, both_text=was_text and is_text))
        nodes.extend(_inline(_line(block)) if element is None else (element,))
        was_text = is_text
    return tuple(node for node in nodes if node)


def _gap(place: Place, *, both_text: bool) -> str:
    """Return the newlines between two blocks: elements stand on lines of their own anyway."""
    if place == "li":
        return "\n" if both_text else ""
    return "\n\n" if both_text else "\n"


def _element(block: Block, place: Place, level: int) -> Element | None:
    """Return the element for *block*, None where only lines of text may stand in for it."""
    match block:
        case Listing() if level < _LIST_LEVELS:
            return _list(block, level + 1)
        case Code(text) if place != "li":
            return Element("pre", (text,))
        case Quote(inner) if place == "body":
            return Element("blockquote", _body(inner, "blockquote", level))
        case Heading(number, line) if place == "body" and number in _HEADINGS and not any(run.href for run in line):
            return Element(_HEADINGS[number], (_BLANKS.sub(" ", "".join(run.text for run in line)),))
        case Table(rows) if place == "body":
            return Element("table", tuple(_row(row) for row in rows))
        case Rule() if place == "body":
            return Element("hr")
    return None


def _line(block: Block) -> Line:
    match block:
        case Paragraph(line):
            return line
        case Heading(_, line):
            return strong(line)
    return flatten((block,))


def _list(listing: Listing, level: int) -> Element:
    """A list that does not begin at 1 keeps its numbers as text: the attribute for it is not taken."""
    if listing.ordered and listing.start != 1:
        listing = replace(listing, ordered=False, items=tuple(prefixed(*item) for item in numbered(listing)))
    items = (Element("li", _body(item, "li", level)) for item in listing.items)
    return Element("ol" if listing.ordered else "ul", tuple(items))


def _row(cells: tuple[Line, ...]) -> Element:
    return Element("tr", tuple(Element("td", _inline(cell)) for cell in cells))


def _inline(line: Line) -> tuple[Node, ...]:
    """Return *line* as text and elements; whatever reaches furthest becomes the outermost element."""
    nodes: list[Node] = []
    index = 0
    while index < len(line):
        wrapper, length = _furthest(line, index)
        inside = line[index : index + length]
        index += length
        if wrapper == "a":
            nodes.append(Element("a", _inline(tuple(replace(run, href="") for run in inside)), inside[0].href))
        elif wrapper:
            nodes.append(Element(wrapper, _inline(tuple(replace(run, marks=run.marks - {wrapper}) for run in inside))))
        else:
            run = inside[0]
            nodes.append(Element("code", (run.text,)) if "code" in run.marks else run.text)
    return tuple(nodes)


def _furthest(line: Line, index: int) -> tuple[str, int]:
    """Return the link or mark at *index* that covers most runs, and how many; "" and 1 for plain text and code."""
    run = line[index]
    best, length = "", 0
    for wrapper in ("a", *_ORDER) if run.href else _ORDER:
        if wrapper == "a" or wrapper in run.marks:
            reach = _reach(line, index, wrapper)
            if reach > length:
                best, length = wrapper, reach
    return best, max(length, 1)


def _reach(line: Line, index: int, wrapper: str) -> int:
    href = line[index].href
    following = islice(line, index, None)
    return sum(
        1 for _ in takewhile(lambda run: run.href == href if wrapper == "a" else wrapper in run.marks, following)
    )
