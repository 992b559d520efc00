"""What a description says, apart from how it is written down: the form in which two of them are compared.

Asana gives back other XML than it was sent: other names for the same style, more attributes on links and none on lists,
other blanks and newlines, chips with a name of their own for links into Asana, links around addresses in plain sight.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast
from urllib.parse import unquote, urlsplit

from mappings.richtext.characters import clean
from mappings.richtext.links import to_asana
from mappings.richtext.tags import Tag, decoded, tags_and_texts, tags_only

_STYLES = {
    "b": "strong",
    "strong": "strong",
    "i": "em",
    "em": "em",
    "u": "u",
    "ins": "u",
    "s": "s",
    "del": "s",
    "strike": "s",
    "code": "code",
}
_BREAKS = frozenset(("p", "br", "div"))
_IGNORED = frozenset(("body", "span", "font", "tbody", "thead"))
_SINGLE = frozenset((*_IGNORED, *_BREAKS, "hr"))  # need not be closed
_MERGED = frozenset(("ul", "ol", "pre", "blockquote"))  # two in a row look like one, and may come back as one
_WORDS = re.compile(r"\s+|\S+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe0e\ufe0f]")
# .../<number>, with a view such as /f or /list and a query behind it; the last number names the object.
_ASANA_ADDRESS = re.compile(
    r"https?://app\.asana\.com/(?:[a-z0-9]+/)*(\d+)(?:/[a-z]+)?(?:\?[a-z0-9_=&%\-]*[a-z0-9])?", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_SCHEME = re.compile(r"https?://|mailto:", re.IGNORECASE)
_REMEMBERED = 2_000  # descriptions share most of their words: each is made once


@dataclass(frozen=True, slots=True)
class Words:
    """Text without a blank, in one style. *href* is "" when the text itself is the address."""

    text: str
    marks: frozenset[str] = frozenset()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Blank:
    """Any blanks and newlines between words."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of a block, or a line across the page."""

    tag: str
    closing: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A link to an object in Asana. *text* is None where Asana chooses the words."""

    target: str
    text: str | None = None


Token = Words | Blank | Edge | Chip
_BLANK = Blank()


def from_html(html: str) -> tuple[Token, ...] | None:
    """Return what an ``html_notes`` says, None when its tags do not nest."""
    pieces = tuple(tags_and_texts(clean(html)))
    return _said(pieces) if _nest(pieces) else None


def last_markup(html: str) -> str | None:
    """Return the markup after the last block of an ``html_notes``, None when its tags do not nest."""
    html = clean(html)
    open_tags: list[str] = []
    ending = 0
    for name, closing, empty, end in tags_only(html):
        if name in _SINGLE:
            ending = end if name == "hr" and not closing else ending
            continue
        if not closing:
            open_tags.append(name)
        if (closing or empty) and (not open_tags or open_tags.pop() != name):
            return None
        if name not in _STYLES and name != "a":
            ending = end
    return None if open_tags else html[ending:]


def last_words(html: str) -> tuple[Token, ...] | None:
    """Return what an ``html_notes`` says after its last block, None when its tags do not nest.

    It is the end of what `from_html` returns; of a long description little more than this end is read.
    """
    markup = last_markup(html)
    if markup is None:
        return None
    ending = tuple(tags_and_texts(markup))
    if _nest(ending):
        return _said(ending)
    tokens = from_html(html) or ()  # a style or a link runs across the edge
    last = max((index for index, token in enumerate(tokens) if isinstance(token, Edge)), default=-1)
    return tokens[last + 1 :]


def from_plain(text: str) -> tuple[Token, ...]:
    """Return what a plain ``notes`` says."""
    text = clean(text)
    return _with_chips(_settled(_words(text)), text)


def _nest(pieces: Sequence[Tag | str]) -> bool:
    open_tags: list[str] = []
    for piece in pieces:
        if isinstance(piece, str) or piece.name in _SINGLE:
            continue
        if not piece.closing:
            open_tags.append(piece.name)
        if (piece.closing or piece.empty) and (not open_tags or open_tags.pop() != piece.name):
            return False
    return not open_tags


def _said(pieces: Sequence[Tag | str]) -> tuple[Token, ...]:
    """Return what *pieces* say, whose tags nest."""
    reader = _Reader()
    for piece in pieces:
        if isinstance(piece, str):
            reader.text(piece)
        else:
            reader.tag(piece)
    return _with_chips(_settled(reader.tokens), "".join(piece for piece in pieces if isinstance(piece, str)))


def bare_text(html: str) -> str:
    """Return the letters of an ``html_notes`` whose tags make no sense, without tags and blanks."""
    return "".join(_folded(decoded(_ANY_TAG.sub("", clean(html)))).split())


def agree(one: tuple[Token, ...], other: tuple[Token, ...]) -> bool:
    """Tell whether two descriptions say the same. A chip whose words Asana chose agrees with any words."""
    return one == other or (len(one) == len(other) and all(map(_alike, one, other)))


def _alike(one: Token, other: Token) -> bool:
    if isinstance(one, Chip) and isinstance(other, Chip):
        return one.target == other.target and (None in (one.text, other.text) or one.text == other.text)
    return one == other


class _Reader:
    """Reads tags that nest and texts into tokens; a link is held until its end, when its words are known."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.open: list[str] = []
        self._marks: Counter[str] = Counter()
        self._link: Tag | None = None
        self._held: list[Token] = []

    def text(self, text: str) -> None:
        (self._held if self._link else self.tokens).extend(_words(text, self._style()))

    def tag(self, tag: Tag) -> None:
        if tag.name in _IGNORED:
            return
        if tag.name in _BREAKS:
            self.text(" ")
        elif tag.name == "hr":
            self.tokens.extend(() if tag.closing else (Edge("hr"),))
        else:
            if not tag.closing:
                self._begin(tag)
            if tag.closing or tag.empty:
                self._end(tag.name)

    def _begin(self, tag: Tag) -> None:
        self.open.append(tag.name)
        if tag.name == "a":
            self._link, self._held = tag, []
        elif style := _STYLES.get(tag.name):
            self._marks[style] += 1
        else:
            self.tokens.append(Edge(tag.name))

    def _end(self, name: str) -> None:
        self.open.pop()
        if name == "a":
            self._end_link()
        elif style := _STYLES.get(name):
            self._marks[style] -= 1
        else:
            self.tokens.append(Edge(name, closing=True))

    def _end_link(self) -> None:
        link, held = self._link or Tag("a", closing=False, empty=True, attributes={}), self._held
        href, gid = link.attributes.get("href", ""), link.attributes.get("data-asana-gid", "")
        text = "".join(token.text if isinstance(token, Words) else " " for token in _settled(held))
        self._link, self._held = None, []
        if _bare(text) == _bare(href):
            self.tokens.extend(held)
        elif gid or to_asana(href):
            chosen = link.attributes.get("data-asana-dynamic") == "false" and not _ASANA_ADDRESS.search(text)
            self.tokens.append(Chip(gid or _target(href), text if chosen else None))
        else:
            address = _address(href)
            self.tokens.extend(replace(token, href=address) if isinstance(token, Words) else token for token in held)

    def _style(self) -> frozenset[str]:
        if "pre" in self.open:
            return frozenset()
        marks = frozenset(+self._marks)
        return marks - {"strong"} if "h1" in self.open or "h2" in self.open else marks


def _words(text: str, marks: frozenset[str] = frozenset()) -> Iterator[Token]:
    for word in _WORDS.findall(_folded(text)):
        yield _BLANK if word.isspace() else _word(word, marks)


@lru_cache(maxsize=_REMEMBERED)
def _word(text: str, marks: frozenset[str]) -> Words:
    return Words(text, marks)


def _with_chips(tokens: tuple[Token, ...], text: str) -> tuple[Token, ...]:
    """Take addresses in Asana in plain sight for chips, because Asana makes chips of them; *text* is all their text."""
    return tokens if _is_plain_sailing(text) else tuple(_chips_among(tokens))


def _chips_among(tokens: Iterable[Token]) -> Iterator[Token]:
    for token in tokens:
        if not isinstance(token, Words) or token.href or _is_plain_sailing(token.text):
            yield token
            continue
        position = 0
        for match in _ASANA_ADDRESS.finditer(token.text):
            yield from _words(token.text[position : match.start()], token.marks)
            yield Chip(match.group(1))
            position = match.end()
        yield from _words(token.text[position:], token.marks)


def _is_plain_sailing(text: str) -> bool:
    """Tell quickly of most texts that there is no address in Asana in them, and nothing to fold."""
    return text.isascii() and "asana" not in text.lower()


def _settled(tokens: Iterable[Token]) -> tuple[Token, ...]:
    """Join words of one style, drop blanks at the edges of blocks and double ones, join equal neighbouring blocks."""
    settled: list[Token] = []
    parts: list[str] = []  # of the word at the end of *settled*, where it has several

    def join() -> None:
        if parts:
            settled[-1] = replace(cast("Words", settled[-1]), text="".join(parts))
            parts.clear()

    for token in tokens:
        last = settled[-1] if settled else Edge("body")
        if isinstance(token, Words):
            if isinstance(last, Words) and (token.marks, token.href) == (last.marks, last.href):
                parts += [token.text] if parts else [last.text, token.text]
                continue
        elif token is _BLANK and (last is _BLANK or isinstance(last, Edge)):
            continue
        join()
        if isinstance(token, Edge):
            _add_edge(settled, token)
        else:
            settled.append(token)
    join()
    return tuple(settled[:-1] if settled and settled[-1] is _BLANK else settled)


def _add_edge(settled: list[Token], edge: Edge) -> None:
    if settled and settled[-1] is _BLANK:
        settled.pop()
    if not edge.closing and edge.tag in _MERGED and settled and settled[-1] == Edge(edge.tag, closing=True):
        settled.pop()
        if settled and not isinstance(settled[-1], Edge):
            settled.append(_BLANK)
    else:
        settled.append(edge)


def _folded(text: str) -> str:
    """Return *text* in one of its spellings. Never for markup: a combining stroke would change the sign of a tag."""
    return text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _target(href: str) -> str:
    """Return the object an address in Asana leads to: its last number."""
    match = _ASANA_ADDRESS.match(href)
    return match.group(1) if match else _address(href)


def _address(href: str) -> str:
    parts = urlsplit(href.strip())
    rest = unquote(parts._replace(scheme="", netloc="").geturl())
    return f"{parts.scheme}://{parts.netloc.lower()}{rest}".rstrip("/")


def _bare(address: str) -> str:
    return _folded(unquote(_SCHEME.sub("", address.strip()))).rstrip("/")
