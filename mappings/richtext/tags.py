"""Raw HTML as a row of tags and texts: in the Markdown people write, and in what Asana gives back."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

# Attribute values never run over a "<": so every attempt ends at the next one, and reading stays linear.
_MARKUP = re.compile(
    r"<!--|<!\[CDATA\[|<!doctype\b[^<>]*+>"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9:\-]*+)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>",
    re.IGNORECASE | re.ASCII,
)
_ATTRIBUTE = re.compile(r"([a-z_:][\w:.\-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'=<>`]++))", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag, its name in lower case. *empty* says that it ends in ``/>``."""

    name: str
    closing: bool
    empty: bool
    attributes: Mapping[str, str]


def tags_only(markup: str) -> Iterator[tuple[str, bool, bool, int]]:
    """Give the tags that `tags_and_texts` gives, quicker: name, whether it closes, whether it is empty, its end."""
    position = 0
    while match := _MARKUP.search(markup, position):
        position = match.end()
        close, name, rest = match.groups()
        if name:
            yield name.lower(), close == "/", rest.endswith("/"), position
        else:
            position = _after_odd(markup, match)[1]


def tags_and_texts(markup: str) -> Iterator[Tag | str]:
    """Give the tags of *markup* and the texts between them, entities decoded; comments are left out.

    What only looks like a tag (``<@U1>``, ``<!channel>``, ``a < b``) is text. An open comment swallows the rest.
    """
    start = position = 0
    while match := _MARKUP.search(markup, position):
        yield from _text(markup[start : match.start()])
        start = position = match.end()
        if name := match.group("name"):
            rest = match.group("rest")
            yield Tag(name.lower(), bool(match.group("close")), rest.endswith("/"), _attributes(rest))
        else:
            shown, start = _after_odd(markup, match)
            position = start
            yield from _text(shown)
    yield from _text(markup[start:])


def _after_odd(markup: str, match: re.Match[str]) -> tuple[str, int]:
    """Return what is shown of a comment, a section or a declaration that begins there, and where it ends."""
    opening, end = match.group().lower(), match.end()
    if opening == "<!--":
        return "", _after(markup, "-->", end - 2)
    if opening == "<![cdata[":
        start = _after(markup, "]]>", end)
        return markup[end : start - 3 if markup[start - 3 : start] == "]]>" else start], start
    return "", end


def decoded(text: str) -> str:
    """Return *text* with complete character references decoded, once."""
    return _ENTITY.sub(lambda match: unescape(match.group()), text) if "&" in text else text


def _text(text: str) -> Iterator[str]:
    if text:
        yield decoded(text)


def _after(markup: str, ending: str, position: int) -> int:
    found = markup.find(ending, position)
    return len(markup) if found < 0 else found + len(ending)


def _attributes(rest: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(rest):
        found.setdefault(name.lower(), decoded(double or single or bare))
    return found
