"""Addresses: which of them may become links, and where the relative ones lead."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from markdown_it.common.normalize_url import normalizeLink

LONGEST = 2000
"""Longest address we link, in characters: what browsers and proxies agree on."""

_ASANA = "app.asana.com"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_HOST = re.compile(r"\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._\-]*[a-z0-9_])?\.?", re.ASCII)
_PRINTABLE = re.compile(r"[!#-;=?-~]+", re.ASCII)
_GAPS = re.compile(r"[\t\r\n]")
_BARE = re.compile(r"(?:https?://|www\.)[^\s<>\[\]\"`\u3000-\u303f\uff00-\uffef]{1,2001}+", re.IGNORECASE)
_REFERENCE = re.compile(r"&[A-Za-z0-9]+;$")


@dataclass(frozen=True, slots=True)
class Links:
    """Where the addresses in one issue lead. *issue_url* is the page they stand on."""

    issue_url: str

    def href(self, raw: str) -> str:
        """Return the http(s) address *raw* leads to, or "" when it must stay text.

        Other schemes, ``//host`` and backslash paths stay text (Asana: "invalid protocol in HREF field"). ``../``,
        ``/`` and ``#`` are resolved against the issue's page, as for GitHub's readers, other paths against the files
        of the repository.
        """
        address = _GAPS.sub("", raw.strip())
        if not address or address.startswith("//") or "\\" in address:
            return ""
        return web_address(address) if _SCHEME.match(address) else self._resolved(address)

    def _resolved(self, path: str) -> str:
        home = web_address(self.issue_url)
        repository, issues, _ = home.rpartition("/issues/")
        if not issues or path.startswith("?") or "%5c" in path.lower():
            return ""
        base = home if path.startswith(("../", "/", "#")) else f"{repository}/blob/HEAD/"
        return web_address(urljoin(base, path))


def web_address(address: str) -> str:
    """Return an http(s) *address* percent-encoded, or "" when it is none, carries a user name, or is too long."""
    try:
        encoded = normalizeLink(address)
        parts = urlsplit(encoded)
        host = parts.netloc.lower()
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or len(encoded) > LONGEST or not _PRINTABLE.fullmatch(encoded):
        return ""
    name = host.removesuffix(f":{port}") if port is not None else host
    return encoded if _HOST.fullmatch(name) else ""


def to_asana(href: str) -> bool:
    """Tell whether *href* leads into Asana, which turns such links into chips with the object's own name."""
    return (urlsplit(href).hostname or "") == _ASANA


def mentions(href: str) -> bool:
    """Tell whether *href* is the profile of somebody in Asana: a link to it could tell that person."""
    return to_asana(href) and "/profile/" in urlsplit(href).path


def bare_link(text: str, start: int) -> str:
    """Return the address that begins at *start* of *text* in plain sight, or "" (GitHub's extended autolinks)."""
    match = _BARE.match(text, start)
    if not match or len(match.group()) > LONGEST:
        return ""
    address, longer = match.group(), ""
    while address != longer:
        longer = address
        address = _REFERENCE.sub("", address.rstrip("?!.,:*_~'"))
        if address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1]
    return address
