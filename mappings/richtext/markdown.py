"""GitHub's Markdown, as it shows in issues: tables, task lists, alerts, footnotes, bare links, newlines that count."""

import re
from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

from mappings.richtext.composer import Composer, Kind, Mark
from mappings.richtext.links import bare_link
from mappings.richtext.markup import read_markup

_DEEPEST_BLOCKS = 40  # twenty nested lists; the parser drops what lies deeper, so such a body is shown as it was typed
_DEEPEST_BRACKETS = 10  # keeps the time for 50,000 brackets in a row well below a second
_FOOTNOTE = re.compile(r"\[\^([^\]\s\[]{1,100})\]:")
_FOOTNOTE_MARK = re.compile(r"\[\^([^\]\s\[]{1,100})\]")
_BEFORE_BARE_LINK = re.compile(r"[^\W_]|[/@.\-]")

_OPENINGS: dict[str, Kind] = {
    "list_item_open": "item",
    "blockquote_open": "quote",
    "alert_open": "quote",
    "table_open": "table",
    "tr_open": "row",
    "th_open": "cell",
    "td_open": "cell",
}
_CLOSINGS: dict[str, Kind] = {
    **{opening.replace("_open", "_close"): kind for opening, kind in _OPENINGS.items()},
    "heading_close": "heading",
    "bullet_list_close": "list",
    "ordered_list_close": "list",
    "footnote_close": "footnote",
}
_MARKS: dict[str, Mark] = {"strong": "strong", "em": "em", "s": "s"}


def read_markdown(source: str, composer: Composer, room: int) -> bool:
    """Put clean *source* into the document; return False when it stopped early because *room* was used up."""
    references: EnvType = {}
    tokens = _block_parser().parse(source, references)
    if any(token.level >= _DEEPEST_BLOCKS - 1 for token in tokens):
        composer.text(source[:room])
        composer.settle()
        return len(source) <= room
    for token in tokens:
        if composer.weight > room:
            return False
        _read_block(token, composer, references)
    return True


class _Parser(MarkdownIt):
    """A parser that leaves it to us which addresses become links, so that the words of the others stay words."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the parser's own name
        """Accept every address."""
        return True


@cache
def _block_parser() -> MarkdownIt:
    parser = _Parser("gfm-like2", {"linkify": False, "maxNesting": _DEEPEST_BLOCKS})
    parser.core.ruler.enableOnly(["normalize", "block"])
    parser.block.ruler.before("reference", "footnote", _footnote, {"alt": ["paragraph", "reference"]})
    return parser


@cache
def _inline_parser() -> MarkdownIt:
    parser = _Parser("gfm-like2", {"linkify": False, "maxNesting": _DEEPEST_BRACKETS})
    parser.inline.add_terminator_char("w")
    parser.inline.add_terminator_char("W")
    parser.inline.add_terminator_char("h")
    parser.inline.add_terminator_char("H")
    parser.inline.ruler.after("text", "bare_link", _bare_link)
    parser.inline.ruler.before("link", "footnote_mark", _footnote_mark)
    return parser


def _read_block(token: Token, composer: Composer, references: EnvType) -> None:
    if kind := _OPENINGS.get(token.type):
        _open(token, kind, composer)
    elif kind := _CLOSINGS.get(token.type):
        composer.close(kind)
    match token.type:
        case "inline":
            _read_inline(_inline_tokens(token.content, references), composer)
            composer.settle()
        case "heading_open":
            composer.open("heading", number=int(token.tag[1]))
        case "bullet_list_open" | "ordered_list_open":
            ordered = token.type == "ordered_list_open"
            composer.open("list", ordered=ordered, number=int(token.attrs.get("start", 1)))
        case "footnote_open":
            composer.open("footnote", label=str(token.meta["label"]))
        case "fence" | "code_block":
            composer.code(token.content)
        case "hr":
            composer.rule()
        case "html_block":
            read_markup(composer, token.content, block=True)
            composer.settle()


def _open(token: Token, kind: Kind, composer: Composer) -> None:
    composer.open(kind)
    if token.type == "th_open":
        composer.enter("strong")
    if token.type == "alert_open":
        composer.enter("strong")
    if "checked" in token.meta:
        composer.text("☑ " if token.meta["checked"] else "☐ ")


def _inline_tokens(content: str, references: EnvType) -> list[Token]:
    tokens: list[Token] = []
    if content:
        parser = _inline_parser()
        parser.inline.parse(content, parser, references, tokens)
    return tokens


def _read_inline(tokens: Sequence[Token], composer: Composer) -> None:
    for token in tokens:
        if mark := _MARKS.get(token.type.rpartition("_")[0]):
            (composer.enter if token.nesting == 1 else composer.leave)(mark)
            continue
        match token.type:
            case "text" | "text_special":
                composer.text(token.content)
            case "code_inline":
                composer.enter("code")
                composer.text(token.content)
                composer.leave("code")
            case "softbreak" | "hardbreak":
                composer.newline()
            case "link_open":
                composer.link(str(token.attrs.get("href", "")))
            case "link_close":
                composer.unlink()
            case "image":
                composer.picture(str(token.attrs.get("src", "")), _words(token.children or ()))
            case "html_inline":
                read_markup(composer, token.content, block=False)


def _words(tokens: Sequence[Token]) -> str:
    return "".join(_words(token.children) if token.children else token.content for token in tokens)


def _bare_link(state: StateInline, silent: bool) -> bool:
    """Read an address in plain sight; never while the parser only looks for the end of a bracket."""
    start = state.pos
    if silent or state.linkLevel or state.src[start] not in "hHwW":
        return False
    if start and _BEFORE_BARE_LINK.match(state.src[start - 1]):
        return False
    address = bare_link(state.src, start)
    if not address or start + len(address) > state.posMax:
        return False
    state.push("link_open", "a", 1).attrSet("href", address if address[0] in "hH" else f"http://{address}")
    state.push("text", "", 0).content = address
    state.push("link_close", "a", -1)
    state.pos += len(address)
    return True


def _footnote_mark(state: StateInline, silent: bool) -> bool:
    match = _FOOTNOTE_MARK.match(state.src, state.pos)
    if not match or match.group(1).casefold() not in state.env.get("footnotes", ()):
        return False
    if not silent:
        state.push("text", "", 0).content = f"[{match.group(1)}]"
    state.pos = match.end()
    return True


def _footnote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Read ``[^label]: text`` and what is indented below it as a block of its own."""
    start = state.bMarks[start_line] + state.tShift[start_line]
    match = _FOOTNOTE.match(state.src, start, state.eMarks[start_line])
    if not match or state.is_code_block(start_line):
        return False
    if silent:
        return True
    label = match.group(1)
    state.env.setdefault("footnotes", set()).add(label.casefold())
    state.push("footnote_open", "", 1).meta = {"label": label}
    _read_indented(state, start_line, end_line, match.end())
    state.push("footnote_close", "", -1)
    return True


def _read_indented(state: StateBlock, line: int, end_line: int, after_colon: int) -> None:
    """Let the parser read the rest of *line* as if it began there, with its continuation indented by four."""
    kept = state.bMarks[line], state.tShift[line], state.sCount[line], state.parentType
    words = state.skipSpaces(after_colon)
    state.bMarks[line], state.tShift[line] = after_colon, words - after_colon
    state.blkIndent += 4
    state.sCount[line] = state.blkIndent
    state.parentType = "footnote"
    state.md.block.tokenize(state, line, end_line)
    state.blkIndent -= 4
    state.bMarks[line], state.tShift[line], state.sCount[line], state.parentType = kept
