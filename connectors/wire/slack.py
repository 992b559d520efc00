"""A digest as Slack messages, within Slack's limits. What people typed stands in plain text, where nothing is parsed.

https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/messaging/formatting-message-text
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sync.model.digest import Digest, News
from sync.model.finding import Finding, Severity
from sync.model.legible import safe
from sync.model.wording import LONGEST_LINE, USUAL, Wording, filled
from sync.report.addresses import label, web_addresses
from sync.report.digest_words import addressee, age, audience, by_severity, severity_of, sums
from sync.report.words import counted

Block = dict[str, Any]

MOST_BLOCKS = 45
"""Below the 50 that one message may have."""
MOST_BYTES = 10_000
"""Of all blocks of a message. Slack refuses some 13,200 characters in all, which no page of theirs tells."""
MOST_IN_TEXT = 3000
"""Of one text object. Counted in bytes: whichever way Slack counts, it is not more."""
MOST_IN_HEADER = 150
MOST_IN_SUBJECT = 300
MOST_IN_REMEDY = 1000
MOST_IN_LINKS = 2000
MOST_MESSAGES = 10
"""For one digest; at one message a second. What is left over is counted in the last one."""

SIGNS = {Severity.HIGH: "🔴", Severity.MEDIUM: "🟠", Severity.LOW: "⚪"}
CUT = "…"
LISTED = "`csh-sync check` lists all."
LONGEST_FOOT = 2 * LONGEST_LINE + 200

_MARKUP = re.compile(r"[*_~`]|^>")
_MASS_MENTION = re.compile(r"@(?=here|channel|everyone)", re.IGNORECASE)
_UNBREAKABLE = "@\u2060"
"""No client takes this for a mention of everybody; it looks the same."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message to post, and the keys of the findings that it tells."""

    payload: dict[str, Any]
    told: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Item:
    """Blocks that stay together, below the heading of their group, and the keys of the findings they tell."""

    group: str
    blocks: tuple[Block, ...]
    keys: frozenset[str]


def messages(digest: Digest, wording: Wording = USUAL) -> tuple[Message, ...]:
    """Return the messages that tell a digest, worst first; none when there is no news."""
    pages = _pages([*_opened(digest, wording), *_resolved(digest, wording)])
    if not pages:
        return ()
    shown, beyond = pages[:MOST_MESSAGES], pages[MOST_MESSAGES:]
    left = frozenset(key for page in beyond for item in page for key in item.keys)
    last = len(shown) - 1
    return tuple(
        _message(digest, wording, page, number, of=len(shown), left=left if number == last else frozenset())
        for number, page in enumerate(shown)
    )


def _message(
    digest: Digest, wording: Wording, page: list[_Item], number: int, *, of: int, left: frozenset[str]
) -> Message:
    part = f" ({number + 1} of {of})" if of > 1 else ""
    blocks = [_header(_title(digest, wording) + part), *_body(page)]
    if number == of - 1:
        blocks.append(_foot(digest, wording, len(left)))
    told = left.union(*(item.keys for item in page))
    return Message({"text": _summary(digest, wording) + part, "blocks": blocks}, told)


def _title(digest: Digest, wording: Wording) -> str:
    news = counted(len(digest.opened), "new finding") if digest.opened else "findings resolved"
    return f"{audience(digest, wording)}: {news}"


def _summary(digest: Digest, wording: Wording) -> str:
    """Return what stands in notifications: our own words and numbers only."""
    return _escaped(filled(wording.notification, role=addressee(digest.role, wording), counts=sums(digest)))


def _foot(digest: Digest, wording: Wording, left: int) -> Block:
    parts = [f"*{left} more are not shown here.*"] if left else []
    if digest.standing:
        parts.append(f"{digest.standing} told before and still open.")
    if _MARKUP.search(wording.how_to_answer):
        return _context(" ".join(parts), wording.how_to_answer, LISTED)
    return _context(" ".join([*parts, _escaped(wording.how_to_answer), LISTED]))


def _opened(digest: Digest, wording: Wording) -> Iterator[_Item]:
    for title, mine in by_severity(digest, wording):
        for news in mine:
            links = _links(news.finding)
            blocks = (_plain(_text(news, digest, wording)), *((_context(links),) if links else ()))
            yield _Item(title, blocks, frozenset({news.finding.key}))


def _text(news: News, digest: Digest, wording: Wording) -> str:
    """Return a finding for people: what, the evidence, what to do. Where it is too long, the evidence is cut."""
    one = news.finding
    since = f" – {known}" if (known := age(news, digest)) else ""
    head = f"{SIGNS[severity_of(one)]} {one.kind}: {_cut(safe(one.heading), MOST_IN_SUBJECT)}{since}"
    remedy = f"\n{wording.remedy}: {_cut(safe(one.remedy), MOST_IN_REMEDY)}" if one.remedy else ""
    evidence = safe(one.evidence)
    room = MOST_IN_TEXT - _size(f"{head}\n{remedy}")
    return f"{head}\n{_cut(evidence, room)}{remedy}"


def _resolved(digest: Digest, wording: Wording) -> Iterator[_Item]:
    """Return what went away, one line each, as many in a block as it may hold."""
    lines: list[str] = []
    keys: set[str] = set()
    for news in digest.resolved:
        line = f"✓ {news.finding.kind}: {_cut(safe(news.finding.subject), MOST_IN_SUBJECT)}"
        if lines and _size("\n".join([*lines, line])) > MOST_IN_TEXT:
            yield _Item(wording.resolved, (_plain("\n".join(lines)),), frozenset(keys))
            lines, keys = [], set()
        lines.append(line)
        keys.add(news.finding.key)
    if lines:
        yield _Item(wording.resolved, (_plain("\n".join(lines)),), frozenset(keys))


# Messages.


def _pages(items: Iterable[_Item]) -> list[list[_Item]]:
    pages: list[list[_Item]] = []
    for item in items:
        if not pages or not _fits([*pages[-1], item]):
            pages.append([])
        pages[-1].append(item)
    return pages


def _fits(page: list[_Item]) -> bool:
    """Tell whether a message can hold *page* between a header and a foot."""
    longest_foot = _context("x" * LONGEST_FOOT)
    blocks = [_header("x" * MOST_IN_HEADER), *_body(page), longest_foot]
    return len(blocks) <= MOST_BLOCKS and len(json.dumps(blocks, ensure_ascii=False).encode()) <= MOST_BYTES


def _body(page: list[_Item]) -> Iterator[Block]:
    """Return the blocks of *page*, each group below its heading."""
    group = ""
    for item in page:
        if item.group != group:
            group = item.group
            yield _heading(group)
        yield from item.blocks


def _header(text: str) -> Block:
    return {"type": "header", "text": {"type": "plain_text", "text": text[:MOST_IN_HEADER], "emoji": False}}


def _plain(text: str) -> Block:
    return {"type": "section", "text": {"type": "plain_text", "text": _escaped(text), "emoji": False}}


def _heading(text: str) -> Block:
    """Return a heading: bold, unless something in it would be taken for markup, which nothing escapes in Slack."""
    if _MARKUP.search(text):
        return _plain(text)
    return {"type": "section", "text": {"type": "mrkdwn", "text": f"*{_escaped(text)}*", "verbatim": True}}


def _context(mrkdwn: str, words: str = "", more: str = "") -> Block:
    """Return a line in small print: words of ours and links, an organisation's own *words*, and words of ours."""
    ours = ({"type": "mrkdwn", "text": one, "verbatim": True} for one in (mrkdwn, more))
    theirs = {"type": "plain_text", "text": _escaped(words), "emoji": False}
    before, after = ours
    return {"type": "context", "elements": [one for one in (before, theirs, after) if one["text"]]}


# Texts and links.


def _links(one: Finding) -> str:
    """Return links to what a finding is about, "" without any; those there is no room for are counted."""
    addresses = web_addresses((one.url, *one.links))
    links = [f"<{_escaped(address)}|{label(address)}>" for address in addresses]
    while len(_joined(links, len(addresses)).encode()) > MOST_IN_LINKS:
        links.pop()
    return _joined(links, len(addresses))


def _joined(links: list[str], of: int) -> str:
    left = [f"and {of - len(links)} more"] if of > len(links) else []
    return " · ".join([*links, *left])


def _escaped(text: str) -> str:
    """Return *text* with Slack's three control characters as entities; nothing else is decoded there."""
    broken = _MASS_MENTION.sub(_UNBREAKABLE, text)
    return broken.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _size(text: str) -> int:
    return len(_escaped(text).encode())


def _cut(text: str, limit: int) -> str:
    """Return *text*, cut so that it takes *limit* bytes at most when it is sent; a cut is seen."""
    if _size(text) <= limit:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if _size(text[:middle] + CUT) <= limit else (low, middle - 1)
    return text[:low].rstrip() + CUT
