"""Raw HTML inside Markdown: its words, and the tags that change what they weigh."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9-]*)")
_HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_QUOTE_ENDS = re.compile(r"</blockquote\b", re.IGNORECASE)

_CODE = frozenset({"code", "kbd", "pre", "samp", "script", "style", "template", "textarea", "tt", "var"})
_STRUCK = frozenset({"del", "s", "strike"})
_QUOTED = frozenset({"blockquote", "q"})
# Tags inside a sentence; every other tag parts what stands before and after it.
_JOINING = frozenset(
    {
        *("a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"),
        *("ins", "kbd", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt"),
        *("u", "var", "wbr"),
    }
)


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as far as it matters here. *parts* tells that words before and after it do not belong together."""

    name: str
    closing: bool = False
    href: str = ""

    @property
    def parts(self) -> bool:
        """Tell whether the tag ends a passage."""
        return self.name not in _JOINING


def tags_and_words(markup: str) -> Iterator[Tag | str]:
    """Return the tags and the words of *markup* in order; comments and declarations are left out. Linear in time."""
    position = 0
    close = -1
    while (start := markup.find("<", position)) >= 0:
        if start > position:
            yield markup[position:start]
        if markup.startswith("<!--", start):
            end = markup.find("-->", start + 2)
            if end < 0:
                return
            position = end + 3
            continue
        close = close if close > start else markup.find(">", start)
        if close < 0:
            yield markup[start:]
            return
        another = markup.find("<", start + 1, close)
        if another > 0:
            yield markup[start:another]
            position = another
            continue
        inner = markup[start + 1 : close]
        if tag := _tag(inner):
            yield tag
        elif inner[:1] not in ("!", "?"):
            yield markup[start : close + 1]
        position = close + 1
    if position < len(markup):
        yield markup[position:]


def _tag(inner: str) -> Tag | None:
    name = _NAME.match(inner)
    if not name:
        return None
    target = _HREF.search(inner)
    href = next(filter(None, target.groups()), "") if target else ""
    return Tag(name.group(1).lower(), inner.startswith("/"), href)


class Depths:
    """How deep the reading is inside tags that change what words weigh.

    Inside a paragraph such a tag reaches to its end at most; only a quotation that is closed further down goes on.
    """

    def __init__(self, blocks: Iterable[str]) -> None:
        """Start outside. *blocks* is the raw HTML between the paragraphs."""
        self._ends_ahead = sum(len(_QUOTE_ENDS.findall(block)) for block in blocks)
        self._quote_blocks = 0
        self._quotes = 0
        self._code = 0
        self._struck = 0

    @property
    def code(self) -> bool:
        """Tell whether words here are code."""
        return self._code > 0

    @property
    def struck(self) -> bool:
        """Tell whether words here are struck out."""
        return self._struck > 0

    @property
    def quoted(self) -> bool:
        """Tell whether words here are quoted."""
        return self._quote_blocks > 0 or self._quotes > 0

    def strike(self, step: int) -> None:
        """Enter (1) or leave (-1) text that Markdown strikes out."""
        self._struck = max(0, self._struck + step)

    def enter(self, tag: Tag, *, block: bool) -> None:
        """Take a tag into account."""
        step = -1 if tag.closing else 1
        if tag.name in _CODE:
            self._code = max(0, self._code + step)
        elif tag.name in _STRUCK:
            self.strike(step)
        elif tag.name == "blockquote" and block:
            self._enter_quote_block(closing=tag.closing)
        elif tag.name in _QUOTED:
            self._quotes = max(0, self._quotes + step)

    def _enter_quote_block(self, *, closing: bool) -> None:
        if closing:
            self._ends_ahead -= 1
            self._quote_blocks = max(0, self._quote_blocks - 1)
        elif self._ends_ahead > self._quote_blocks:
            self._quote_blocks += 1

    def leave_inline(self) -> None:
        """Reach the end of a paragraph."""
        self._code = self._struck = self._quotes = 0

    def leave_block(self) -> None:
        """Reach the end of raw HTML between paragraphs."""
        self.leave_inline()
