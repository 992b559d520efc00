"""Placeholders: an issue that stands for another one, by a line ``Mirrors: …`` in its body (requirement 25).

GitHub allows an issue one parent, so people make a copy below the second one. The line is read as evidence of a
community is: code, quotes, struck-out text and HTML comments are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mappings.matching.folding import HARD_BREAK
from mappings.matching.markdown import read_body
from mappings.matching.passages import Passage, Weight

_LABEL = re.compile(r"\bmirrors\s*:", re.IGNORECASE)
_LINES = re.compile(f"[\n{HARD_BREAK}]")
_URL = re.compile(
    r"(?:https?://)?(?:www\.)?github\.com/(?P<repository>[\w.-]+/[\w.-]+)/issues/(?P<number>[0-9]{1,9})(?:[/?#]\S*)?",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?P<repository>[\w.-]+/[\w.-]+)?#(?P<number>[0-9]{1,9})")
_AROUND = "<>()[]{}.,;:!*_\"'"


@dataclass(frozen=True, slots=True)
class Named:
    """What one line names: *words* as written, and the issue's *address*, "" when they are the address of none."""

    words: str
    address: str = ""


def mirrored_issues(body: str, repository: str) -> tuple[Named, ...]:
    """Return what the lines ``Mirrors: …`` of a body name, each once, in their order.

    An address, ``owner/repo#12``, or ``#12`` in the issue's own *repository* (``owner/repo``). A line of prose that
    begins with the word is none.
    """
    if not _LABEL.search(body):
        return ()
    found = [one for passage in read_body(body) for one in _named(passage, repository)]
    return tuple({one.address.casefold() or one.words: one for one in reversed(found)}.values())[::-1]


def _named(passage: Passage, repository: str) -> Iterator[Named]:
    """Return what the lines of a passage name. Where a link leads stands in its sources only, before its words."""
    written = "".join(source.text for source in passage.sources if source.weight is Weight.DECIDES)
    tails = _LABEL.split(written)[1:]
    for line in _LINES.split(passage.own):
        label = _LABEL.match(line.lstrip())
        words = line.lstrip()[label.end() :].split() if label else []
        for number, _ in enumerate(_LABEL.finditer(line)):
            tail = tails.pop(0).split() if tails else []
            if number == 0 and label:
                yield from _read(tail[:1], words, repository)


def _read(first: list[str], words: list[str], repository: str) -> Iterator[Named]:
    found = [one for word in (*first, *words) if (one := _named_by(word, repository)).address]
    if not found and first and (len(words) < 2 or "://" in first[0]):
        found = [Named(first[0])]
    yield from found


def _named_by(word: str, repository: str) -> Named:
    bare = word.strip(_AROUND)
    match = _URL.fullmatch(bare) or _SHORT.fullmatch(bare)
    if match is None:
        return Named(bare)
    return Named(bare, f"https://github.com/{match['repository'] or repository}/issues/{match['number']}")
