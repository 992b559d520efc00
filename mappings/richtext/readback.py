"""Recognise in Asana what we wrote there: the same text, and the issue it came from."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape
from itertools import takewhile

from mappings.richtext.canonical import (
    Chip,
    Edge,
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
from mappings.richtext.keys import NOTED, read_key, shown
from sync.model.change import Text
from sync.model.wording import USUAL

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

    It is known by its usual words, or by the key in its link. None when address and name do not belong together. A line
    quoted further up, or inside a quote, a list or code, is not ours.
    """
    if key := read_key(html_notes):
        return key.url
    ending = last_markup(html_notes)
    if ending is None:
        return None
    match = None if "asana" in ending.lower() else _USUAL_SOURCE.fullmatch(ending)
    match = match or _SOURCE.search(shown(last_words(html_notes) or ()))
    if not match:
        return None
    address = f"/{match['repository']}/issues/{match['number']}"
    return match["url"] if match["url"].casefold().endswith(address.casefold()) else None


def ends_with(html_notes: str, line: str) -> bool:
    """Tell whether *line*, plain words of ours, stands in the last block of a description as Asana gives it back."""
    if line not in html_notes:
        return False
    tokens = last_words(html_notes)
    return tokens is not None and line in shown(tokens)


def carries_note(html_notes: str, words: str) -> bool:
    """Tell whether the quiet note stands in a description as Asana gives it back: as usual, or in the *words* of now.

    Words it had before are known by their key, as long as nobody touched them.
    """
    if ends_with(html_notes, USUAL.no_hours_left):
        return True
    if NOTED not in html_notes or not (key := read_key(html_notes)) or not key.noted:
        return False
    return key.intact or shown(from_plain(words)) in shown(last_words(html_notes) or ())


def is_reworded(read: str, desired: str) -> bool:
    """Tell whether *read* differs from *desired*, both rich text, in lines of ours alone, which nobody touched."""
    key = read_key(read)
    if key is None or not key.intact:
        return False
    theirs, ours = (_without_last_words(from_html(one) or ()) for one in (read, desired))
    return agree(theirs, ours)


def _without_last_words(tokens: tuple[Token, ...]) -> tuple[Token, ...]:
    edges = [place for place, token in enumerate(tokens) if isinstance(token, Edge)]
    return tokens[: edges[-1] + 1] if edges else ()


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
