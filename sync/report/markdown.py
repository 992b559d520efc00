"""Text as Markdown: what people typed is text there, no markup, no HTML, no mention (decision D13)."""

import re
from collections.abc import Iterable

from sync.model.legible import safe
from sync.report.addresses import label, web_addresses

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&~|$@#!^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_SHORTCODE = re.compile(r":(?=[+-]?\w*[a-z1]\w*:)", re.IGNORECASE)
_UNBREAKABLE = "\u2060"
"""After an ``@`` or a colon: no page takes it for a mention or a picture's name then; it looks the same."""


def plain(text: str) -> str:
    """Return *text* on one line, to stand after words of ours: what opens a line is not looked for."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", safe(text)).replace("@", f"@{_UNBREAKABLE}")
    return _SHORTCODE.sub(f":{_UNBREAKABLE}", escaped)


def links(addresses: Iterable[str]) -> str:
    """Return links to those of *addresses* that lead into the web, "" without any."""
    return ", ".join(f"[{plain(label(one))}](<{one}>)" for one in web_addresses(addresses))


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterable[str]:
    """Yield the lines of a table; cells are plain text."""
    names = tuple(heads)
    yield f"| {' | '.join(names)} |"
    yield f"|{'---|' * len(names)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"
