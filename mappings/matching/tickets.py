"""Tickets of the help desk that an issue names: by address, and only on exactly the configured host (decision D13)."""

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from mappings.matching.markdown import read_body
from mappings.matching.passages import Passage, Source, Weight

_CHUNK = re.compile(r"[^\s<>\"]+")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_BEFORE = re.compile(r"(?:[A-Za-z]+:)?[(\[{'“‘«,;|*_~–—-]*")
_OTHER_SCHEME = re.compile(
    r"(?:javascript|vbscript|data|view-source|feed|file|ftp|blob|intent|jar|mailto):", re.IGNORECASE
)
_AFTER = "?!.,:;*_~'’”»|"
_BRACKETS = {")": "(", "]": "[", "}": "{"}
# Agents' and customers' addresses of one ticket; `compose-email`, `new` and `view/7` stand in the same place.
_PATH = re.compile(r"/(?:a|helpdesk|support)/tickets/0*([1-9][0-9]{0,17})(?:/[^.\\]*)?", re.ASCII)
_PORTS = {"https": ":443", "http": ":80"}


def tickets_in(text: str, host: str) -> tuple[str, ...]:
    """Return the ticket numbers that a Markdown *text* names on *host*, each once: our own first, then quoted ones.

    Addresses in code and HTML comments are no evidence. Nothing but http and https on exactly this host counts: no
    other port, no user name, no look-alike. A host without a name finds nothing.
    """
    if not host or ("tickets/" not in text and "&" not in text):
        return ()  # most texts name none, and reading one takes milliseconds
    own, quoted = tickets_of(read_body(text), host)
    return own + quoted


def tickets_of(passages: Iterable[Passage], host: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the numbers in our own text, and those that stand only in quoted or doubtful text."""
    own: dict[str, None] = {}
    others: dict[str, None] = {}
    for passage in passages:
        for source in passage.sources:
            found = own if source.weight is Weight.DECIDES else others
            found.update(dict.fromkeys(_numbers(source, host)))
    return tuple(own), tuple(number for number in others if number not in own)


def _numbers(source: Source, host: str) -> Iterator[str]:
    if "tickets/" not in source.text:
        return
    for chunk in _CHUNK.findall(source.text):
        if number := _number(_address(chunk), host):
            yield number


def _address(chunk: str) -> str:
    """Return the address in a piece of text without blanks, or ""."""
    found = _ADDRESS.search(chunk)
    if not found:
        return ""
    before = chunk[: found.start()]
    if not _BEFORE.fullmatch(before) or _OTHER_SCHEME.match(before):
        return ""
    address, longer = chunk[found.start() :], ""
    while address != longer:
        longer = address
        address = address.rstrip(_AFTER)
        bracket = _BRACKETS.get(address[-1:], "")
        if bracket and address.count(address[-1]) > address.count(bracket):
            address = address[:-1]
    return address


def _number(address: str, host: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    wanted = host.strip().lower()
    default = _PORTS.get(parts.scheme, "")
    names = {wanted, wanted + default, wanted.removesuffix(default)} if default else set()
    if not wanted or "\\" in address or parts.netloc.lower() not in names or not parts.netloc.isascii():
        return ""
    path = _PATH.fullmatch(parts.path)
    return path.group(1) if path else ""
