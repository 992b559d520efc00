"""Check rich text tag by tag and write it down as Asana stores it, in one pass and without recursion."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sandbox.asana.refusals import Refusal, bad
from sandbox.asana.richtext.tokens import NOT_XML, Close, Open, encoded, invalid, not_closed, tokens, unix_lines

_RENAMED = {"b": "strong", "i": "em"}
_INLINE = {"strong", "em", "u", "s", "code", "mark", "a", "span"}
_BLOCKS = {"h1", "h2", "h3", "pre", "blockquote", "ul", "ol", "li", "table", "tr", "td"}
_VOID = {"hr", "img"}
_KNOWN = _INLINE | _BLOCKS | _VOID
_LISTS = {"ul", "ol"}
_ATTRIBUTES = {
    "a": {
        "href",
        "data-asana-gid",
        "data-asana-dynamic",
        "data-asana-type",
        "data-asana-accessible",
        "data-asana-project",
        "data-asana-tag",
    },
    "pre": {"data-language"},
}
_ONLY_IN = {"li": _LISTS, "tr": {"table"}, "td": {"tr"}}
_HOLDS_ONLY = {"ul": {"li"}, "ol": {"li"}, "table": {"tr"}, "tr": {"td"}}
_URL = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]']")
_NO_TARGET = "One of data-asana-gid or href is required in anchor attributes"
_OOPS = "Oops! An unexpected error occurred while processing this request."


@dataclass(frozen=True, slots=True)
class Linked:
    """An object of Asana as a link shows it; *name* with `@` for a user."""

    gid: str
    type: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Rules:
    """What the check has to know: the options, and what links and images point to.

    *find* returns the object a gid stands for when the token's user may see it.
    """

    find: Callable[[str], Linked | None]
    is_attachment: Callable[[str], bool]
    span: str = "refused"
    rule_form: str = "<hr/>"
    nested_code_status: int = 400


@dataclass(frozen=True, slots=True)
class Rich:
    """A text as stored: markup inside one `body`, and its plain reading without links and lists."""

    html: str = "<body></body>"
    text: str = ""


def read_plain(text: str) -> Rich:
    """Return plain *text* as stored: addresses become links; control characters and blanks at the end are lost."""
    kept = NOT_XML.sub("", unix_lines(text)).rstrip()
    parts, place = [], 0
    for url in _URL.finditer(kept):
        address = encoded(url[0])
        parts.append(f'{encoded(kept[place : url.start()])}<a href="{address}">{address}</a>')
        place = url.end()
    return Rich(f"<body>{''.join(parts)}{encoded(kept[place:])}</body>", kept)


def read_html(markup: str, rules: Rules) -> Rich:
    """Return *markup* as stored, or raise `Refusal` with Asana's reason."""
    body = markup.strip()
    if not (body.startswith("<body>") and body.endswith("</body>")):
        raise bad("Rich text should be wrapped in <body> tag.")
    writer = _Writer(rules)
    for token in tokens(body.removeprefix("<body>").removesuffix("</body>")):
        match token:
            case Open():
                writer.open(token)
            case Close():
                writer.close(token.name)
            case _:
                writer.say(token)
    return writer.finish()


class _Writer:
    """Take tokens one by one, keep the tags that are open, write markup and plain text."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._open: list[str] = []
        self._html: list[str] = []
        self._text: list[str] = []
        self._silent_from: int | None = None

    def open(self, tag: Open) -> None:
        """Take a tag that opens, and closes when it is an empty one."""
        name = _RENAMED.get(tag.name, tag.name)
        self._check_place(name)
        self._check_attributes(name, tag.attributes)
        if name in _VOID:
            self._write(self._void(name, tag.attributes))
            if not tag.empty:
                self._open.append(name)
            return
        self._write(self._head(name, tag.attributes))
        self._open.append(name)
        if name == "a":
            self._start_link(tag)
        if tag.empty:
            self._close_last()

    def close(self, name: str) -> None:
        """Take a tag that closes."""
        if _RENAMED.get(name, name) not in _KNOWN:
            raise invalid()
        if not self._open or self._open[-1] != _RENAMED.get(name, name):
            raise not_closed()
        self._close_last()

    def say(self, text: str) -> None:
        """Take text between tags."""
        holder = self._open[-1] if self._open else "body"
        if holder in _HOLDS_ONLY or holder in _VOID:
            if text.strip():
                raise invalid()
            return
        self._write(encoded(text))
        self._say(text)

    def finish(self) -> Rich:
        """Return what was written, or raise `Refusal` when a tag is still open."""
        if self._open:
            raise not_closed()
        return Rich(f"<body>{''.join(self._html).rstrip()}</body>", "".join(self._text).rstrip())

    def _check_place(self, name: str) -> None:
        holder = self._open[-1] if self._open else "body"
        if name not in _KNOWN or (name == "span" and self._rules.span == "refused"):
            raise invalid()
        if name == "code" and "pre" in self._open:
            raise Refusal(self._rules.nested_code_status, _OOPS)
        if holder not in _ONLY_IN.get(name, {holder}) or name not in _HOLDS_ONLY.get(holder, {name}):
            raise invalid()
        if holder in _VOID or (name == "a" and "a" in self._open):
            raise invalid()

    def _check_attributes(self, name: str, attributes: dict[str, str]) -> None:
        if name in _LISTS | {"li", "img", "span"}:
            return
        if not attributes.keys() <= _ATTRIBUTES.get(name, set()):
            raise invalid()

    def _void(self, name: str, attributes: dict[str, str]) -> str:
        if name == "hr":
            self._break()
            return self._rules.rule_form
        gid = attributes.get("data-asana-gid", "")
        if not self._rules.is_attachment(gid):
            raise invalid()
        return f'<img data-asana-gid="{gid}" data-asana-type="attachment"/>'

    def _head(self, name: str, attributes: dict[str, str]) -> str:
        if name == "span":
            return ""
        if name == "a":
            return _link_head(self._rules, attributes)
        if name in _BLOCKS - {"td", "li"}:
            self._break()
        kept = attributes if name == "pre" else {}
        return f"<{name}{_written(kept)}>"

    def _start_link(self, tag: Open) -> None:
        """Replace the words of a link to an object of Asana by its name, unless they are to stay."""
        title = _link_title(self._rules, tag.attributes)
        if title is None and tag.empty:
            title = tag.attributes.get("href", "")
        if title is not None:
            self._write(encoded(title))
            self._say(title)
            self._silent_from = len(self._open)

    def _close_last(self) -> None:
        name = self._open.pop()
        if self._silent_from is not None and len(self._open) < self._silent_from:
            self._silent_from = None
        if name not in _VOID | {"span"}:
            self._write(f"</{name}>")
        if name in _BLOCKS:
            self._end_block(name)

    def _write(self, html: str) -> None:
        if self._silent_from is None:
            self._html.append(html)

    def _say(self, text: str) -> None:
        if self._silent_from is None:
            self._text.append(text)

    def _end_block(self, name: str) -> None:
        if name == "td":
            self._say("\t")
        else:
            self._break()

    def _break(self) -> None:
        if self._text and not self._text[-1].endswith("\n"):
            self._say("\n")


def _written(attributes: dict[str, str]) -> str:
    return "".join(f' {name}="{encoded(value).replace(chr(34), "&quot;")}"' for name, value in attributes.items())


def _link_head(rules: Rules, attributes: dict[str, str]) -> str:
    href = attributes.get("href")
    if href is not None and not _is_web_address(href):
        raise bad("invalid protocol in HREF field")
    gid = _target(attributes)
    if gid is None and href is None:
        raise bad(_NO_TARGET)
    if gid is None:
        return f"<a{_written({'href': str(href)})}>"
    linked = rules.find(gid)
    dynamic = "false" if attributes.get("data-asana-dynamic") == "false" else "true"
    if linked is None:
        if href is None:
            raise bad(_NO_TARGET)
        shown = {"href": href, "data-asana-accessible": "false", "data-asana-dynamic": dynamic}
    else:
        shown = {
            "href": linked.url if dynamic == "true" or href is None else href,
            "data-asana-accessible": "true",
            "data-asana-dynamic": dynamic,
            "data-asana-type": linked.type,
            "data-asana-gid": linked.gid,
        }
    return f"<a{_written(shown)}>"


def _link_title(rules: Rules, attributes: dict[str, str]) -> str | None:
    """Return the words Asana puts into a link, None when those that were sent stay."""
    gid = _target(attributes)
    if gid is None or attributes.get("data-asana-dynamic") == "false":
        return None
    linked = rules.find(gid)
    return linked.name if linked else "Private Link"


def _target(attributes: dict[str, str]) -> str | None:
    """Return the gid a link points to: the one given, or the last of an address of the web app."""
    if "data-asana-gid" in attributes:
        return attributes["data-asana-gid"]
    address = urlsplit(attributes.get("href", ""))
    if address.hostname != "app.asana.com":
        return None
    numbers = [part for part in address.path.split("/") if part.isdigit() and len(part) > 1]
    return numbers[-1] if numbers else None


def _is_web_address(href: str) -> bool:
    try:
        address = urlsplit(href)
    except ValueError:
        return False
    return address.scheme in {"http", "https"} and bool(address.netloc)
