"""Text as Markdown: what people typed is text there, no markup, no HTML, no mention (decision D13)."""

import re

from sync.model.legible import safe

_MARKUP = re.compile(r"[\\`*_{}\[\]<>&~|$@#!^]|:(?=//)|(?<=www)\.", re.IGNORECASE)
_SHORTCODE = re.compile(r":(?=[+-]?\w*[a-z1]\w*:)", re.IGNORECASE)
_UNBREAKABLE = "\u2060"
"""After an ``@`` or a colon: no page takes it for a mention or a picture's name then; it looks the same."""


def plain(text: str) -> str:
    """Return *text* on one line, to stand after words of ours: what opens a line is not looked for."""
    escaped = _MARKUP.sub(lambda found: f"\\{found[0]}", safe(text)).replace("@", f"@{_UNBREAKABLE}")
    return _SHORTCODE.sub(f":{_UNBREAKABLE}", escaped)
