"""An issue's title and body as passages: what is our own text, what is quoted, and what is no evidence (design D7)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mappings.matching.folding import HARD_BREAK, LEFT_OUT
from mappings.matching.markup import Depths, Tag, tags_and_words
from mappings.matching.passages import Heading, Passage, PassageBuilder, Source, Weight, doubt_open_comments

LONGEST_BODY = 262_144
"""In characters, four times what GitHub accepts: beyond it nothing in a body decides."""
LONGEST_TITLE = 4096

_DEEPEST_BLOCKS = 40  # the parser drops what lies deeper, so names in such a body decide nothing
_DEEPEST_BRACKETS = 5  # keeps the time for 65,000 brackets in a row well below a second
_BOX = re.compile(r"\[([ xX])\]\s")
_CODE_IN_TITLE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_COMMENT_IN_TITLE = re.compile(r"<!--.*?-->", re.DOTALL)
_FOOTNOTE = "^"
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s\[]{1,100}\]")

_QUOTES = {"blockquote_open": 1, "blockquote_close": -1}
_ALERTS = {"alert_open": 1, "alert_close": -1}


class _Parser(MarkdownIt):
    """A parser that leaves addresses as they were written: a look-alike host must not become the real one."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's own name
        """Accept every address: none is followed."""
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the parser's own name
        """Return the address as it was written."""
        return url


@cache
def _block_parser() -> MarkdownIt:
    options = {"linkify": False, "tasklists": False, "maxNesting": _DEEPEST_BLOCKS}
    parser = _Parser("gfm-like2", options)
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser


@cache
def _inline_parser() -> MarkdownIt:
    return _Parser("gfm-like2", {"linkify": False, "maxNesting": _DEEPEST_BRACKETS})


def read_title(title: str) -> Passage:
    """Return a title: one passage, its code and comments left out."""
    builder = PassageBuilder()
    text = _COMMENT_IN_TITLE.sub(" ", title[:LONGEST_TITLE])
    position = 0
    for code in _CODE_IN_TITLE.finditer(text):
        builder.add(text[position : code.start()], Weight.DECIDES)
        builder.mark(LEFT_OUT)
        position = code.end()
    builder.add(text[position:], Weight.DECIDES)
    return builder.finish(Weight.DECIDES)


def read_body(body: str) -> tuple[Passage, ...]:
    """Return a Markdown body as passages in reading order; code, HTML comments and hidden definitions are left out.

    Quoted text, addresses and texts of images only suggest; struck-out text and alerts neither decide nor are ignored.
    """
    if len(body) > LONGEST_BODY:
        return _unreadable(body[:LONGEST_BODY])
    references: EnvType = {}
    tokens = _block_parser().parse(body, references)
    if any(token.level >= _DEEPEST_BLOCKS - 1 for token in tokens):
        return _unreadable(body)
    reader = _Reader(tokens, references)
    for token in tokens:
        reader.read(token)
    reader.read_footnotes()
    return tuple(doubt_open_comments(reader.passages))


def _unreadable(body: str) -> tuple[Passage, ...]:
    builder = PassageBuilder()
    passages = []
    for line in body.splitlines():
        builder.add(line, Weight.DOUBTS)
        passages.append(builder.finish(Weight.DOUBTS))
    return tuple(passages)


class _Reader:
    """Walks over the parser's tokens."""

    def __init__(self, tokens: Sequence[Token], references: EnvType) -> None:
        self.passages: list[Passage] = []
        self._references = references
        self._builder = PassageBuilder()
        self._quotes = 0
        self._alerts = 0
        self._heading = False
        self._depths = Depths(token.content for token in tokens if token.type == "html_block")

    def read(self, token: Token) -> None:
        """Read one block token."""
        self._quotes += _QUOTES.get(token.type, 0)
        self._alerts += _ALERTS.get(token.type, 0)
        match token.type:
            case "heading_open" | "heading_close":
                self._heading = token.nesting == 1 and token.level == 0
            case "inline":
                self._read_inline(token)
            case "html_block":
                self._read_html(token.content)
            case _:
                pass

    def read_footnotes(self) -> None:
        """Add footnotes of one word, which the parser takes for the target of a link."""
        for label, definition in self._references.get("references", {}).items():
            if label.startswith(_FOOTNOTE):
                self._builder.add(definition["href"], Weight.DOUBTS)
                self.passages.append(self._builder.finish(Weight.DOUBTS))

    def _weight(self) -> Weight:
        if self._quotes or self._depths.quoted:
            return Weight.SUGGESTS
        return Weight.DOUBTS if self._alerts else Weight.DECIDES

    def _finish(self, heading: Heading = Heading.NO, *, unticked: bool = False) -> None:
        weight = self._weight()
        passage = self._builder.finish(weight)
        if weight is not Weight.DECIDES:
            heading = Heading.NO
        if passage.text.strip() or passage.sources or heading is Heading.REAL:
            self.passages.append(replace(passage, heading=heading, unticked=unticked))

    def _read_inline(self, token: Token) -> None:
        box = _BOX.match(token.content)
        content = _FOOTNOTE_MARK.sub(" ", token.content[box.end() :] if box else token.content)
        children: list[Token] = []
        parser = _inline_parser()
        parser.inline.parse(content, parser, self._references, children)
        targets: list[Source] = []
        for child in children:
            self._read_child(child, targets)
        self._depths.leave_inline()
        bold = Heading.BOLD if token.level == 1 and _is_bold_line(children) else Heading.NO
        self._finish(Heading.REAL if self._heading else bold, unticked=box is not None and box.group(1) == " ")
        self.passages.extend(_address(target) for target in targets)

    def _read_child(self, child: Token, targets: list[Source]) -> None:
        weight = min(self._weight(), Weight.DOUBTS if self._depths.struck else Weight.DECIDES)
        match child.type:
            case "text" | "text_special":
                self._words(child.content)
            case "code_inline":
                self._builder.mark(LEFT_OUT)
            case "softbreak":
                self._builder.mark("\n")
            case "hardbreak":
                self._builder.mark(HARD_BREAK)
            case "s_open" | "s_close":
                self._depths.strike(child.nesting)
            case "link_open" if not self._depths.code:
                target = str(child.attrs.get("href", ""))
                self._builder.link(target, weight)
                targets.append(Source(target, weight))
            case "image":
                self._builder.mark(LEFT_OUT)
                self._builder.add(_plain(child.children or ()), Weight.SUGGESTS)
                self._builder.mark(LEFT_OUT)
            case "html_inline":
                self._read_markup(child.content, block=False)
            case _:
                pass

    def _words(self, text: str) -> None:
        if self._depths.code:
            return
        weight = Weight.DECIDES
        if self._depths.quoted:
            weight = Weight.SUGGESTS
        elif self._depths.struck:
            weight = Weight.DOUBTS
        self._builder.add(text, weight)

    def _read_html(self, content: str) -> None:
        self._read_markup(content, block=True)
        self._finish()
        self._depths.leave_block()

    def _read_markup(self, content: str, *, block: bool) -> None:
        for part in tags_and_words(content):
            if isinstance(part, str):
                self._words(part)
                continue
            if part.name == "br":
                self._builder.mark(HARD_BREAK)
            elif part.parts and block:
                self._finish()
            elif part.name in ("img", "code", "pre"):
                self._builder.mark(LEFT_OUT)
            self._enter(part, block=block)

    def _enter(self, tag: Tag, *, block: bool) -> None:
        if tag.href and not self._depths.code:
            self._builder.link(tag.href, self._weight())
        self._depths.enter(tag, block=block)


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(_plain(token.children) if token.children else token.content for token in tokens)


def _address(target: Source) -> Passage:
    builder = PassageBuilder()
    builder.add(target.text, Weight.SUGGESTS)
    return replace(builder.finish(Weight.SUGGESTS), sources=())


def _is_bold_line(children: Sequence[Token]) -> bool:
    """Tell whether a paragraph is one line in bold, which stands for a heading where people do not know headings."""
    kinds = [child.type for child in children if child.content or child.nesting]
    return len(kinds) > 2 and kinds[0] == "strong_open" and kinds[-1] == "strong_close" and set(kinds[1:-1]) == {"text"}
