"""The description of a mirrored task: the issue's words, and at the end where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from mappings.richtext.characters import boundary, clean
from mappings.richtext.composer import Composer
from mappings.richtext.cutting import clip, fit
from mappings.richtext.document import Block, Line, Paragraph, Rule, Run, plain_text, tidy
from mappings.richtext.elements import to_xml, xml_bytes
from mappings.richtext.links import Links, web_address
from mappings.richtext.markdown import read_markdown

DEFAULT_LIMIT = 60_000
"""Longest description, in bytes of its XML in UTF-8.

Asana publishes no limit; 65,535 is the smallest anybody reports. Counted in bytes, with entities and tags, and with a
margin for the attributes Asana adds to links, the text is below it whatever is counted there.
"""

LONGEST_SOURCE = 65_536
"""Characters of an issue's body that are read: the length GitHub itself allows."""

MIRRORED_FROM = "Mirrored from "
EDITS_ARE_LOST = ". Edits made here are lost: please change the issue instead."

_LINE_LENGTH = 300
_GAP = len("\n<hr />\n\n")


@dataclass(frozen=True, slots=True)
class Description:
    """A task's description: *html* for ``html_notes``, *plain* for ``notes``; *cut* tells that html ends early."""

    html: str
    plain: str
    cut: bool


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The last line of a description, in both forms."""

    html: str
    plain: str


def describe(
    body: str, *, url: str, reference: str, extra: tuple[str, ...] = (), limit: int = DEFAULT_LIMIT
) -> Description:
    """Return the description for an issue's *body* in GitHub's Markdown (requirements 16 and 17).

    *url* and *reference* (``owner/repo#12``) name the issue in the last line; *extra* are lines of plain text before.
    What is too long for *limit* (bytes, see ``DEFAULT_LIMIT``) ends with a link to the rest; extra lines are dropped
    before the last line is.
    """
    source = clean(body)
    composer = Composer(Links(url))
    read = source[: boundary(source, LONGEST_SOURCE)]
    complete = read_markdown(read, composer, limit * 3 // 2) and read == source
    blocks = composer.finish()
    footer = _footer(url, reference, extra, limit)
    html = to_xml(_page(blocks, footer)) if complete else ""
    if complete and len(html.encode()) <= limit:
        return Description(html, _plain(blocks, (), footer, url, limit), cut=False)
    rest = _rest(url)
    kept = _kept(blocks, (rest,), footer, limit)
    return Description(to_xml(_page((*kept, rest), footer)), _plain(kept, (rest,), footer, url, limit), cut=True)


def source_line(url: str, reference: str) -> SourceLine:
    """Return the line that says where a description is mirrored from and that edits to it are lost (requirement 17)."""
    line = Paragraph(_source(url, reference))
    return SourceLine(to_xml((line,)).removeprefix("<body>").removesuffix("</body>"), plain_text((line,)))


def _kept(blocks: Sequence[Block], rest: Sequence[Block], footer: Paragraph, limit: int) -> tuple[Block, ...]:
    """Return the beginning of *blocks* that leaves room for what follows.

    A block that is flattened inside another takes more room than by itself: then the room shrinks in proportion.
    """
    room = available = limit - xml_bytes(_page(rest, footer)) - _GAP
    while True:
        kept = fit(blocks, room)
        excess = xml_bytes(_page((*kept, *rest), footer)) - limit
        if excess <= 0 or not kept:
            return kept
        room = room * available // (available + excess) - 1


def _page(blocks: Sequence[Block], footer: Paragraph) -> tuple[Block, ...]:
    return (*blocks, Rule(), footer) if blocks else (footer,)


def _plain(blocks: Sequence[Block], rest: Sequence[Block], footer: Paragraph, url: str, limit: int) -> str:
    text = plain_text(_page((*blocks, *rest), footer))
    if len(text.encode()) <= limit:
        return text
    ending = "\n\n" + plain_text(_page((_rest(url),), footer))
    return clip(plain_text(blocks), limit - len(ending.encode())) + ending


def _footer(url: str, reference: str, extra: tuple[str, ...], limit: int) -> Paragraph:
    lines = [_one_line(text) for text in extra if text.strip()]
    while True:
        runs = (*(Run(f"{text}\n") for text in lines), *_source(url, reference))
        footer = Paragraph(tidy(runs))
        if not lines or xml_bytes((footer,)) <= limit // 2:
            return footer
        lines.pop()


def _source(url: str, reference: str) -> Line:
    return Run(MIRRORED_FROM), Run(_one_line(reference), href=web_address(url)), Run(EDITS_ARE_LOST)


def _rest(url: str) -> Paragraph:
    words = "read the rest on GitHub"
    return Paragraph((Run("… Cut here because it is too long: "), Run(words, href=web_address(url)), Run(".")))


def _one_line(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= _LINE_LENGTH else line[: boundary(line, _LINE_LENGTH)].rstrip() + "…"
