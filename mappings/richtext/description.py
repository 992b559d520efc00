"""The description of a mirrored task: the issue's words, and at the end where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mappings.richtext.characters import boundary, clean
from mappings.richtext.composer import Composer
from mappings.richtext.cutting import clip, fit
from mappings.richtext.document import Block, Line, Paragraph, Rule, Run, plain_text, tidy
from mappings.richtext.elements import to_xml, xml_bytes
from mappings.richtext.keys import with_key
from mappings.richtext.links import Links, web_address
from mappings.richtext.markdown import read_markdown
from sync.model.wording import USUAL, parts

DEFAULT_LIMIT = 60_000
"""Longest description, in bytes of its XML in UTF-8.

Asana publishes no limit; 65,535 is the smallest anybody reports. Counted in bytes, with entities and tags, and with a
margin for the attributes Asana adds to links, the text is below it whatever is counted there.
"""

LONGEST_SOURCE = 65_536
"""Characters of an issue's body that are read: the length GitHub itself allows."""

MIRRORED_FROM, EDITS_ARE_LOST = USUAL.source_line.split("{issue}")
"""The usual words around the name of the issue, by which most descriptions are recognised."""

_LINE_LENGTH = 300
_GAP = len("\n<hr />\n\n")


@dataclass(frozen=True, slots=True)
class Description:
    """A task's description: *html* for ``html_notes``, *plain* for ``notes``; *cut* tells that html ends early."""

    html: str
    plain: str
    cut: bool


@dataclass(frozen=True, slots=True)
class OwnLines:
    """The words of ours in a description; *noted* says that the first line before the last one is the quiet note."""

    source_line: str = USUAL.source_line
    cut: str = USUAL.cut
    rest: str = USUAL.rest
    noted: bool = False

    @property
    def is_keyed(self) -> bool:
        """Tell whether the link to the issue carries a key, since its words alone would not be recognised."""
        return self.source_line != USUAL.source_line or self.noted


USUAL_LINES = OwnLines()


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The last line of a description, in both forms."""

    html: str
    plain: str


def describe(
    body: str,
    *,
    url: str,
    reference: str,
    extra: tuple[str, ...] = (),
    limit: int = DEFAULT_LIMIT,
    own: OwnLines = USUAL_LINES,
) -> Description:
    """Return the description for an issue's *body* in GitHub's Markdown (requirements 16 and 17).

    *url* and *reference* (``owner/repo#12``) name the issue in the last line; *extra* are lines of plain text before.
    What is too long for *limit* (bytes, see ``DEFAULT_LIMIT``) ends with a link to the rest; extra lines are dropped
    before the last line is. *own* are the words of these lines.
    """
    source = clean(body)
    composer = Composer(Links(url))
    read = source[: boundary(source, LONGEST_SOURCE)]
    complete = read_markdown(read, composer, limit * 3 // 2) and read == source
    blocks = composer.finish()
    footer = _footer(url, reference, extra, limit, own)
    rest = _rest(url, own)
    html = to_xml(_page(blocks, footer)) if complete else ""
    if complete and len(html.encode()) <= limit:
        return Description(html, _plain(blocks, (), footer, rest, limit), cut=False)
    kept = _kept(blocks, (rest,), footer, limit)
    return Description(to_xml(_page((*kept, rest), footer)), _plain(kept, (rest,), footer, rest, limit), cut=True)


def source_line(url: str, reference: str) -> SourceLine:
    """Return the line that says where a description is mirrored from and that edits to it are lost (requirement 17)."""
    line = Paragraph(_source(url, reference, USUAL.source_line))
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


def _plain(blocks: Sequence[Block], there: Sequence[Block], footer: Paragraph, rest: Paragraph, limit: int) -> str:
    text = plain_text(_page((*blocks, *there), footer))
    if len(text.encode()) <= limit:
        return text
    ending = "\n\n" + plain_text(_page((rest,), footer))
    return clip(plain_text(blocks), limit - len(ending.encode())) + ending


def _footer(url: str, reference: str, extra: tuple[str, ...], limit: int, own: OwnLines) -> Paragraph:
    lines = [_one_line(text) for text in extra if text.strip()]
    while True:
        footer = Paragraph(tidy((*(Run(f"{text}\n") for text in lines), *_source(url, reference, own.source_line))))
        if own.is_keyed:
            words = Paragraph(tidy(replace(run, href="") for run in footer.line))
            address = with_key(url, to_xml((words,)), noted=own.noted and bool(lines))
            footer = Paragraph(tidy(replace(run, href=address) if run.href else run for run in footer.line))
        if not lines or xml_bytes((footer,)) <= limit // 2:
            return footer
        lines.pop()


def _source(url: str, reference: str, words: str) -> Line:
    return tuple(
        Run(part) if is_text else Run(_one_line(reference), href=web_address(url)) for is_text, part in parts(words)
    )


def _rest(url: str, own: OwnLines) -> Paragraph:
    runs = (Run(part) if is_text else Run(own.rest, href=web_address(url)) for is_text, part in parts(own.cut))
    return Paragraph(tuple(runs))


def _one_line(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= _LINE_LENGTH else line[: boundary(line, _LINE_LENGTH)].rstrip() + "…"
