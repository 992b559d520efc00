"""Cut rich text into tags and text, or refuse it as Asana's XML reader does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.asana.refusals import Refusal, bad

_INVALID = "XML is invalid"
_MALFORMED = f"{_INVALID}: Malformed rich text."

_NAME = r"[A-Za-z][\w:.-]*"
_TAG = re.compile(
    rf"<(?P<close>/?)(?P<name>{_NAME})"
    rf"(?P<attributes>(?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>"
)
_ATTRIBUTE = re.compile(rf"({_NAME})\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_ALMOST_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<[!?]")
_EDGE = re.compile(r"[<>]")
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENTITY = re.compile(r"&(amp|lt|gt|quot|apos);")
_MEANING = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


@dataclass(frozen=True, slots=True)
class Open:
    """A tag that opens; *empty* when it closes itself."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Close:
    """A tag that closes."""

    name: str


Token = Open | Close | str


def invalid() -> Refusal:
    """Markup Asana does not know."""
    return bad(_INVALID)


def stray_sign() -> Refusal:
    """A `<` or `>` that should have been an entity."""
    return bad(f"{_MALFORMED} Found < or > that was not part of tag.")


def not_closed() -> Refusal:
    """A tag without its end."""
    return bad(f"{_MALFORMED} XML tag was not closed.")


def tokens(markup: str) -> Iterator[Token]:
    """Yield the tags and the decoded texts of *markup* in order; raise `Refusal` for what is no XML."""
    if NOT_XML.search(markup):
        raise invalid()
    markup = unix_lines(markup)
    place = 0
    while edge := _EDGE.search(markup, place):
        if edge.start() > place:
            yield decoded(markup[place : edge.start()])
        tag = _TAG.match(markup, edge.start())
        if tag is None:
            raise invalid() if _ALMOST_TAG.match(markup, edge.start()) else stray_sign()
        yield _token(tag)
        place = tag.end()
    if place < len(markup):
        yield decoded(markup[place:])


def unix_lines(text: str) -> str:
    """Return *text* with each line end as one newline."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def decoded(text: str) -> str:
    """Return *text* with the five safe entities decoded; all others stay as they are written."""
    return _ENTITY.sub(lambda found: _MEANING[found[1]], text)


def encoded(text: str) -> str:
    """Return *text* as Asana writes it into markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _token(tag: re.Match[str]) -> Token:
    if tag["close"]:
        if tag["attributes"] or tag["empty"]:
            raise invalid()
        return Close(tag["name"])
    found = _ATTRIBUTE.findall(tag["attributes"])
    attributes = {name: decoded(double or single) for name, double, single in found}
    if len(attributes) < len(found):
        raise invalid()
    return Open(tag["name"], attributes, bool(tag["empty"]))
