"""Recognise in Asana what we wrote there: the same text, and the issue it came from."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape
from itertools import groupby, takewhile

from mappings.richtext.canonical import (
    Chip,
    Token,
    Words,
    agree,
    bare_text,
    from_html,
    from_plain,
    last_markup,
    last_words,
)
from mappings.richtext.description import EDITS_ARE_LOST, MIRRORED_FROM
from sync.model.change import Text

_SOURCE = re.compile(
    rf"(?:^|\s){MIRRORED_FROM}(?P<repository>[\w.\-]+/[\w.\-]+)#(?P<number>\d+)"
    rf" \((?P<url>https?://[^\s()]+)\){re.escape(EDITS_ARE_LOST)}$"
)
# The same as Asana mostly gives it back, its markup included: most descriptions are told by this alone.
_USUAL_SOURCE = re.compile(
    rf"(?:[\t\n -%'-;=?-~]*\s)?{MIRRORED_FROM}"
    r'<a href="(?P<url>https?://[a-z0-9.\-]+(?::[0-9]+)?(?:/[\w.\-]+)+)">(?P<repository>[\w.\-]+/[\w.\-]+)#(?P<number>[0-9]+)</a>'
    rf"{re.escape(EDITS_ARE_LOST)}\s*(?:</body>)?\s*",
    re.ASCII,
)

REMEMBERED = 20_000
"""A run asks several times of each task, and reading a description takes milliseconds."""
MOST_ALIGNED = 300
"""Words that are put beside each other one by one; of more it would take long, and little of them is the same."""


def same_text(read: str, desired: Text) -> bool:
    """Tell whether *read*, an ``html_notes`` as Asana gives it back, is *desired* as we would write it, html or plain.

    What Asana's own normalisation changes does not count; a word, link or structure that a person changed does.
    """
    if read == desired.html:
        return True
    tokens = from_html(read)
    if tokens is None:
        return bare_text(read) in (bare_text(desired.html), bare_text(escape(desired.plain, quote=False)))
    return agree(tokens, from_html(desired.html) or ()) or agree(tokens, from_plain(desired.plain))


def people_added(read: str, ours: str) -> str:
    """Return the words that a person wrote into a description of ours, both as ``html_notes``; "" for none.

    Passages are divided by …; what stands unchanged around them is left out.
    """
    theirs, known = _spoken(read), _spoken(ours)
    start = _same(theirs, known)
    theirs, known = theirs[start:], known[start:]
    if end := _same(theirs[::-1], known[::-1]):
        theirs, known = theirs[:-end], known[:-end]
    if max(len(theirs), len(known)) > MOST_ALIGNED:
        return " ".join(theirs)
    steps = SequenceMatcher(None, known, theirs, autojunk=False).get_opcodes()
    passages = (" ".join(theirs[low:high]) for kind, _, _, low, high in steps if kind != "equal")
    return " … ".join(filter(None, passages))


def _spoken(html: str) -> list[str]:
    """Return the words of a description, whatever their style."""
    tokens = from_html(html)
    if tokens is None:
        return html.split()
    return "".join(token.text if isinstance(token, Words) else f" {_chip_text(token)} " for token in tokens).split()


def _chip_text(token: Token) -> str:
    return token.text or token.target if isinstance(token, Chip) else ""


def _same(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many words are the same from the beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


@lru_cache(maxsize=REMEMBERED)
def source_url(html_notes: str) -> str | None:
    """Return the issue's address from our line at the very end of a description, None when there is none.

    Also None when address and name do not belong together. A line quoted further up, or inside a quote, a list or code,
    is not ours.
    """
    ending = last_markup(html_notes)
    if ending is None:
        return None
    match = None if "asana" in ending.lower() else _USUAL_SOURCE.fullmatch(ending)
    match = match or _SOURCE.search(_shown(last_words(html_notes) or ()))
    if not match:
        return None
    address = f"/{match['repository']}/issues/{match['number']}"
    return match["url"] if match["url"].casefold().endswith(address.casefold()) else None


def ends_with(html_notes: str, line: str) -> bool:
    """Tell whether *line*, plain words of ours, stands in the last block of a description as Asana gives it back."""
    if line not in html_notes:
        return False
    tokens = last_words(html_notes)
    return tokens is not None and line in _shown(tokens)


def _shown(tokens: tuple[Token, ...]) -> str:
    """Return words as plain text, links followed by their address."""
    parts = []
    for href, group in groupby(tokens, lambda token: token.href if isinstance(token, Words) else ""):
        text = "".join(token.text if isinstance(token, Words) else " " for token in group)
        parts.append(f"{text} ({href})" if href else text)
    return "".join(parts)


def links_in(html_notes: str) -> tuple[str, ...]:
    """Return the addresses that a description leads to, each once: linked, in plain sight, or objects in Asana."""
    found: dict[str, None] = {}
    for token in from_html(html_notes) or ():
        if isinstance(token, Chip):
            found[f"asana:{token.target}"] = None
        elif isinstance(token, Words):
            address = token.href or token.text.strip("<>()[]\"'.,;:!")
            if re.match(r"https?://", address, re.IGNORECASE):
                found[address] = None
    return tuple(found)
