"""What people see of a message: Slack's control sequences and styles, read as its clients read them.

https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.core import Json
from sandbox.slack.payload import texts

_CONTROL = re.compile(r"<([^<>]*)>")
_STYLES = tuple(
    re.compile(rf"(?<![A-Za-z0-9]){mark}(?=\S)([^\n]*?\S){mark}(?![A-Za-z0-9])") for mark in (r"\*", "_", "~", "`")
)
_QUOTE = re.compile(r"^(?:&gt;|>)", re.MULTILINE)
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_EVERYBODY = re.compile(r"@(?:here|channel|everyone)\b", re.IGNORECASE)
_UNESCAPED = re.compile(r"[<>]|&(?!lt;|gt;|amp;)")
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


@dataclass(frozen=True, slots=True)
class Reading:
    """A message as it is shown: its *lines* of text, its *links*, whom it calls (*mentions*), what is set off.

    *styled* are passages that stand out: bold, italic, struck, code, quoted. *emojis* are names between colons that
    turn into pictures. *unescaped* are control characters that should have been sent as entities.
    """

    lines: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    styled: tuple[str, ...] = ()
    emojis: tuple[str, ...] = ()
    unescaped: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return all lines as one text."""
        return "\n".join(self.lines)


def read(blocks: Sequence[Json], notification: str = "") -> Reading:
    """Read blocks, and the text of the notification, which is mrkdwn that finds mentions by itself."""
    lines: list[str] = []
    links: list[str] = []
    mentions = list(_EVERYBODY.findall(notification))
    styled: list[str] = []
    emojis: list[str] = []
    unescaped: list[str] = []
    given = [*texts(blocks), *([{"type": "mrkdwn", "text": notification, "verbatim": True}] if notification else [])]
    for one in given:
        text = one["text"]
        if one["type"] == "mrkdwn":
            called, linked = _controls(text)
            mentions += called if one.get("verbatim") else [*called, *_EVERYBODY.findall(text)]
            links += linked
            bare = _CONTROL.sub(lambda found: found[1].partition("|")[2], text)
            styled += [found[0] for style in _STYLES for found in style.finditer(bare)]
            styled += _QUOTE.findall(bare)
            unescaped += _UNESCAPED.findall(bare)
        else:
            mentions += _controls(text)[0]
            unescaped += _UNESCAPED.findall(text)
        if one["type"] == "mrkdwn" or one.get("emoji", True):
            emojis += _EMOJI.findall(text)
        lines += _shown(text).splitlines()
    return Reading(tuple(lines), tuple(links), tuple(mentions), tuple(styled), tuple(emojis), tuple(unescaped))


def _controls(text: str) -> tuple[list[str], list[str]]:
    """Return whom the control sequences of *text* call, and what they link to."""
    found = _CONTROL.findall(text)
    calling = [one for one in found if one.startswith(("!", "@", "#"))]
    return calling, [_decoded(one.partition("|")[0]) for one in found if one not in calling]


def _shown(text: str) -> str:
    return _decoded(_CONTROL.sub(lambda found: found[1].partition("|")[2] or found[1], text))


def _decoded(text: str) -> str:
    for entity, char in _ENTITIES:
        text = text.replace(entity, char)
    return text
