"""Addresses that may become links: of the web only, and what they are called (decision D13)."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

LONGEST = 1500
NAMES = {"github.com": "GitHub", "app.asana.com": "Asana", "airtable.com": "Airtable"}
ELSEWHERE = "Link"

_WEB_ADDRESS = re.compile(r"https?://[!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+", re.IGNORECASE)
"""The characters of RFC 3986: none that ends a link in Slack, Markdown or HTML, but for brackets and entities."""
_HOST = re.compile(r"[a-z0-9.-]+")
_NUMBER = re.compile(r"/(?:issues|pull|tickets)/([0-9]+)$")


def web_addresses(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return, each once, the addresses that are safe to follow: http or https, a host, no user, no odd character."""
    return tuple(dict.fromkeys(one for one in addresses if _is_safe(one)))


def label(address: str) -> str:
    """Return a name for an address, of letters, digits, ``.``, ``-`` and ``#``: ``GitHub #812``."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    name = "FreshDesk" if host.endswith(".freshdesk.com") else NAMES.get(host, host)
    if name == host and not _HOST.fullmatch(host):
        return ELSEWHERE
    number = _NUMBER.search(parts.path)
    return f"{name} #{number[1]}" if number else name


def _is_safe(address: str) -> bool:
    if len(address) > LONGEST or not _WEB_ADDRESS.fullmatch(address):
        return False
    try:
        parts: SplitResult = urlsplit(address)
        return bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        return False
