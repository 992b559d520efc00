"""Raw HTML inside Markdown: the harmless part takes its shape in the document, of the rest the words stay."""

import re

from mappings.richtext.composer import Composer, Kind, Mark
from mappings.richtext.tags import Tag, tags_and_texts

_MARKS: dict[str, Mark] = {
    "b": "strong",
    "strong": "strong",
    "summary": "strong",
    "th": "strong",
    "dt": "strong",
    "i": "em",
    "em": "em",
    "cite": "em",
    "dfn": "em",
    "var": "em",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "strike": "s",
    "code": "code",
    "kbd": "code",
    "samp": "code",
    "tt": "code",
    "sub": "sub",
    "sup": "sup",
}
_BLOCKS: dict[str, Kind] = {
    "ul": "list",
    "ol": "list",
    "li": "item",
    "blockquote": "quote",
    "table": "table",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "pre": "code",
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}
_PARAGRAPHS = frozenset(
    {
        "address",
        "article",
        "aside",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "legend",
        "main",
        "nav",
        "p",
        "section",
        "summary",
        "tbody",
        "tfoot",
        "thead",
    }
)
_MEDIA = {"img": "image", "video": "video", "audio": "audio"}
_BLANKS = re.compile(r"\s+")


def read_markup(composer: Composer, markup: str, *, block: bool) -> None:
    """Put *markup* into the document. In a *block* of HTML newlines are mere blanks."""
    for piece in tags_and_texts(markup):
        if isinstance(piece, Tag):
            _read_tag(composer, piece)
        else:
            composer.text(_BLANKS.sub(" ", piece) if block and not composer.in_code else piece)


def _read_tag(composer: Composer, tag: Tag) -> None:
    if composer.in_code and tag.name not in ("pre", "br"):
        return
    if tag.name == "a":
        _read_link(composer, tag)
    elif tag.name == "br":
        composer.newline()
    elif tag.name == "hr":
        composer.rule()
    elif tag.name in _MEDIA and not tag.closing:
        composer.picture(tag.attributes.get("src", ""), tag.attributes.get("alt", ""), _MEDIA[tag.name])
    elif tag.closing:
        _end(composer, tag.name)
    else:
        _begin(composer, tag)


def _read_link(composer: Composer, tag: Tag) -> None:
    if tag.closing:
        composer.unlink()
    else:
        composer.link(tag.attributes.get("href", ""))


def _begin(composer: Composer, tag: Tag) -> None:
    if kind := _BLOCKS.get(tag.name):
        number = int(tag.name[1]) if kind == "heading" else _first_number(tag.attributes.get("start", ""))
        composer.open(kind, from_html=True, number=number, ordered=tag.name == "ol")
    elif tag.name in _PARAGRAPHS:
        composer.end_line()
    if mark := _MARKS.get(tag.name):
        composer.enter(mark)


def _end(composer: Composer, name: str) -> None:
    if mark := _MARKS.get(name):
        composer.leave(mark)
    if kind := _BLOCKS.get(name):
        composer.close(kind, from_html=True)
    elif name in _PARAGRAPHS:
        composer.end_line()


def _first_number(start: str) -> int:
    return int(start) if re.fullmatch(r"[0-9]{1,9}", start) else 1
