"""Descriptions from one of Asana's two forms into the other: what stands there as rich text, said as plain text."""

import re
from html import escape

from mappings.richtext.characters import clean
from mappings.richtext.tags import Tag, tags_and_texts

_BLOCKS = frozenset(("p", "br", "div", "tr", "ul", "ol", "pre", "blockquote", "h1", "h2", "table"))
_OPENED = {"li": "\n• ", "td": " | ", "th": " | ", "hr": "\n\n"}
_TOO_FAR = re.compile(r"[ \t]*\n[ \t]*\n\s*")


def as_html_notes(notes: str) -> str:
    """Return the ``html_notes`` of a task whose plain ``notes`` were written; addresses may come back as links."""
    return f"<body>{escape(notes, quote=False)}</body>"


def as_notes(html_notes: str) -> str:
    """Return an ``html_notes`` as plain text, a link followed by its address in brackets: shape goes, no word does."""
    parts: list[str] = []
    href, begun = "", 0
    for piece in tags_and_texts(clean(html_notes)):
        if isinstance(piece, str):
            parts.append(piece)
        elif piece.name == "a":
            if piece.closing and href:
                parts.append(_address_note("".join(parts[begun:]), href))
            href, begun = "" if piece.closing else piece.attributes.get("href", ""), len(parts)
        else:
            parts.append(_edge(piece))
    return _TOO_FAR.sub("\n\n", "".join(parts)).strip()


def _edge(tag: Tag) -> str:
    if tag.name in _BLOCKS:
        return "\n"
    return "" if tag.closing else _OPENED.get(tag.name, "")


def _address_note(shown: str, href: str) -> str:
    return "" if shown.strip() in (href, href.partition("://")[2]) else f" ({href})"
