"""What Slack refuses in a message, from its published reference of blocks.

https://docs.slack.dev/reference/block-kit/blocks
https://docs.slack.dev/reference/block-kit/composition-objects/text-object

Where the pages are silent, the stricter reading is played: properties that no page names are refused, and so are
blocks of kinds that the sandbox does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.core import Json

MOST_BLOCKS = 50
MOST_TEXT = 3000
MOST_HEADER = 150
MOST_FIELDS = 10
MOST_FIELD = 2000
MOST_ELEMENTS = 10
MOST_ID = 255
MOST_IN_ALL = 13_000
"""Characters of all texts. No page tells this limit; some 13,200 were seen to be too many."""
NO_TEXT = "no_text"
INVALID_PAYLOAD = "invalid_payload"
INVALID_BLOCKS = "invalid_blocks"
TOO_LONG = "msg_blocks_too_long"


def refusal(payload: Any) -> str:
    """Return the word Slack refuses *payload* with, "" when it is posted."""
    if not isinstance(payload, Mapping):
        return INVALID_PAYLOAD
    text, blocks = payload.get("text", ""), payload.get("blocks", [])
    if not isinstance(text, str):
        return INVALID_PAYLOAD
    if not text.strip() and not blocks:
        return NO_TEXT
    if not isinstance(blocks, Sequence) or isinstance(blocks, str) or len(blocks) > MOST_BLOCKS:
        return INVALID_BLOCKS
    if not all(_is_block(one) for one in blocks) or not _ids_differ(blocks):
        return INVALID_BLOCKS
    return TOO_LONG if sum(len(one["text"]) for one in texts(blocks)) > MOST_IN_ALL else ""


def texts(blocks: Sequence[Json]) -> list[Json]:
    """Return the text objects of *blocks*, in the order people read them."""
    found: list[Json] = []
    for block in blocks:
        text = block.get("text")
        found += [text] if text is not None else []
        found += [*block.get("fields", ()), *block.get("elements", ())]
    return found


def _is_block(block: Any) -> bool:
    if not isinstance(block, dict):
        return False
    check = _KINDS.get(block.get("type", ""))
    identity = block.get("block_id", "x")
    return check is not None and isinstance(identity, str) and 0 < len(identity) <= MOST_ID and check(block)


def _ids_differ(blocks: Sequence[Json]) -> bool:
    given = [block["block_id"] for block in blocks if "block_id" in block]
    return len(set(given)) == len(given)


def _is_header(block: Json) -> bool:
    return _has_only(block, "text") and _is_text(block.get("text"), MOST_HEADER, plain=True)


def _is_section(block: Json) -> bool:
    text, fields = block.get("text"), block.get("fields")
    if not _has_only(block, "text", "fields", "expand") or (text is None and fields is None):
        return False
    if text is not None and not _is_text(text, MOST_TEXT):
        return False
    return fields is None or _are_texts(fields, MOST_FIELDS, MOST_FIELD)


def _is_context(block: Json) -> bool:
    return _has_only(block, "elements") and _are_texts(block.get("elements"), MOST_ELEMENTS, MOST_TEXT)


def _is_divider(block: Json) -> bool:
    return _has_only(block)


def _has_only(block: Json, *names: str) -> bool:
    return not block.keys() - {"type", "block_id", *names}


def _are_texts(values: Any, most: int, length: int) -> bool:
    return isinstance(values, list) and 0 < len(values) <= most and all(_is_text(one, length) for one in values)


def _is_text(value: Any, most: int, *, plain: bool = False) -> bool:
    if not isinstance(value, Mapping):
        return False
    kind, text = value.get("type"), value.get("text")
    extra = {"plain_text": "emoji", "mrkdwn": "verbatim"}.get(str(kind))
    if extra is None or (plain and kind != "plain_text") or value.keys() - {"type", "text", extra}:
        return False
    if not isinstance(value.get(extra, True), bool) or not isinstance(text, str):
        return False
    return bool(text.strip()) and len(text) <= most


_KINDS: Mapping[str, Callable[[Json], bool]] = {
    "header": _is_header,
    "section": _is_section,
    "context": _is_context,
    "divider": _is_divider,
}
