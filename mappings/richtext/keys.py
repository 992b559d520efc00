"""The key in the link of a last line: by it a description is recognised whatever words stand around the link.

Only lines in words of an organisation's own carry one: the usual words are known. Beside the name it holds a seal over
the words of the block, so that words that nobody touched can be told from those that somebody edited, although nobody
knows any more what they were.
"""

import hashlib
import re
from dataclasses import dataclass
from itertools import groupby

from mappings.richtext.canonical import Token, Words, last_words
from mappings.richtext.document import DASHES
from mappings.richtext.links import web_address

NOTED = "-noted"
"""After a key: the quiet note stands above the line."""
LONGEST_ENDING = 300
"""Characters after the link: a line of ours is no longer, and ends a description."""
_KEYED = re.compile(
    r"(?P<url>https?://[^\s()#]+/(?P<repository>[\w.\-]+/[\w.\-]+)/issues/(?P<number>[0-9]+))"
    rf"#csh-sync-(?P<seal>[0-9a-f]{{8}})(?P<noted>{NOTED})?(?![\w\-])"
)
_MARK = "#csh-sync-"


@dataclass(frozen=True, slots=True)
class Key:
    """What the last line of a description says of itself. *intact*: nobody touched the words beside it."""

    url: str
    intact: bool
    noted: bool


def with_key(url: str, html_notes: str, *, noted: bool) -> str:
    """Return an issue's address with the key of a last block, given as rich text without links."""
    return f"{web_address(url)}{_MARK}{_seal(shown(last_words(html_notes) or ()))}{NOTED if noted else ''}"


def read_key(html_notes: str) -> Key | None:
    """Return the key at the end of a description as Asana gives it back, None without one that fits its words."""
    if _MARK not in html_notes:
        return None
    words = shown(last_words(html_notes) or ())
    found = list(_KEYED.finditer(words))
    if not found or len(words) - found[-1].end() > LONGEST_ENDING:
        return None
    key = found[-1]
    name = f"{key['repository']}#{key['number']}"
    if not words[: key.start()].rstrip(" (").casefold().endswith(name.casefold()):
        return None
    before, dashes, last = words[: key.start()].rpartition(DASHES)  # in a plain text no line across the page is a block
    blocks = [f"{one}{words[key.start() :]}" for one in (f"{before}{dashes}{last}", last)]
    intact = any(_seal(one.replace(f" ({key.group()})", "")) == key["seal"] for one in blocks)
    return Key(key["url"], intact, bool(key["noted"]))


def shown(tokens: tuple[Token, ...]) -> str:
    """Return words as plain text, links followed by their address."""
    parts = []
    for href, group in groupby(tokens, lambda token: token.href if isinstance(token, Words) else ""):
        text = "".join(token.text if isinstance(token, Words) else " " for token in group)
        parts.append(f"{text} ({href})" if href else text)
    return "".join(parts)


def _seal(words: str) -> str:
    """Return what stands for the words of a block, their blanks aside."""
    return hashlib.blake2b(" ".join(words.split()).encode("utf-8", "surrogatepass"), digest_size=4).hexdigest()
