"""Addresses, e-mail addresses, @mentions, names of files and paths in a text: in them a name is only suggested."""

import re
from collections.abc import Collection, Iterator

from mappings.matching.passages import Weight, Zone

# Each begins where nothing of its kind goes on, and never gives back what it took: linear in the text.
_KINDS = (
    ("://", re.compile(r"(?<![A-Za-z0-9+.-])[A-Za-z][A-Za-z0-9+.-]{0,20}+://[^\s<>\"]*")),
    (":", re.compile(r"(?<!\w)mailto:[^\s<>\"]+", re.IGNORECASE)),
    (".", re.compile(r"(?<!\w)www\.[^\s<>\"]+", re.IGNORECASE)),
    ("@", re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]++)++")),
    ("@", re.compile(r"(?<![\w@/.])@[A-Za-z0-9][\w-]*+(?:/[\w.-]++)?")),
    (".", re.compile(r"(?<![\w.-])[\w-]++(?:\.[\w-]++)++")),
)
_REACH = 100
_PATH_BEFORE = re.compile(r"[\w./~#-]*$")
_PATH_AFTER = re.compile(r"[\w./~#-]*")


def address_zones(text: str) -> Iterator[Zone]:
    """Return the places of everything in *text* that addresses something or somebody."""
    for sign, kind in _KINDS:
        if sign in text:
            for match in kind.finditer(text):
                yield Zone(match.start(), match.end(), Weight.SUGGESTS)


def weight_in_path(text: str, start: int, end: int, starts: Collection[int], ends: Collection[int]) -> Weight:
    """Return what a name may weigh that has a slash beside it.

    ``OSN/MoNS`` are two names; ``hub/OSN`` may be anything; ``/data/OSN/x`` and ``OSN/hub#7`` are addresses.
    *starts* and *ends* are the places where names start and end.
    """
    before = _PATH_BEFORE.search(text[max(0, start - _REACH) : start])
    after = _PATH_AFTER.match(text[end : end + _REACH])
    first, last = before.group() if before else "", after.group() if after else ""
    if "/" not in first + last:
        return Weight.DECIDES
    named_before = "/" not in first or (first.endswith("/") and start - 1 in ends)
    named_after = "/" not in last or (last.startswith("/") and end + 1 in starts)
    if named_before and named_after:
        return Weight.DECIDES
    if (first + last).count("/") > 1 or first[:1] in ("/", "~", ".") or "#" in last:
        return Weight.SUGGESTS
    return Weight.DOUBTS
