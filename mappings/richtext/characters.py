"""Characters that may travel: legal in XML, harmless to the reading order, and never cut in the middle of a sign."""

import re
import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NO_TITLE = "(no title)"
NAME_LIMIT = 1000
"""Longest task name, in UTF-16 units, the most pessimistic way of counting characters."""

_MARKS_PER_SIGN = 32  # more combining marks on one letter are mischief, and make normalisation quadratic
_PERHAPS_TOWER = re.compile(f"[\u0300-\U0010ffff]{{{_MARKS_PER_SIGN + 1}}}")  # no combining mark comes before U+0300
_PLANE_ENDS = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
# W3C XML 1.0, 2.2: C0 controls, surrogates, U+FFFE and U+FFFF are illegal; C1 and noncharacters are discouraged there.
_ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANE_ENDS}]")
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")
# Embeddings, overrides and isolates reorder what follows them; the byte order mark means nothing inside a text.
_DROPPED = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_PERHAPS_ODD = re.compile("[^\t\n -~]")
# What is changed below, apart from towers. Signs beyond U+FFFF are looked for on their own: a class of both is slow.
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\xa0\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
_BEYOND = re.compile("[\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return *text* as it may stand in XML: line ends are newlines, illegal code points U+FFFD, no bidi overrides.

    A no-break space becomes a space, because Asana's Python client turns one into the other when it reads.
    """
    if not _PERHAPS_ODD.search(text):
        return text
    if _ODD.search(text) or _BEYOND.search(text):
        text = _DROPPED.sub("", _LINE_ENDS.sub("\n", text))
        text = _ILLEGAL.sub(REPLACEMENT, text).replace("\N{NO-BREAK SPACE}", " ")
    return _without_towers(text) if _PERHAPS_TOWER.search(text) else text


def task_name(title: str) -> str:
    """Return the task's name for an issue's *title*: one line, NFC, 1 to 1,000 characters, stable when applied again.

    Control characters become spaces, whitespace is collapsed, bidi overrides and zero-width characters are dropped.
    """
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", clean(_CONTROL.sub(" ", title))))
    name = " ".join(text.split())
    if not any(unicodedata.category(sign)[0] in "LNPSM" for sign in name):
        return NO_TITLE
    if _utf16_units(name) <= NAME_LIMIT:
        return name
    end = NAME_LIMIT - 1
    while _utf16_units(name[:end]) >= NAME_LIMIT:
        end -= 1
    return name[: boundary(name, end)].rstrip() + "…"


def boundary(text: str, index: int) -> int:
    """Return the last place at or before *index* where *text* may be cut without splitting a sign."""
    if index >= len(text):
        return len(text)
    while index > 0 and _joined(text, index):
        index -= 1
    return index


def _joined(text: str, index: int) -> bool:
    """Tell whether the characters before and at *index* are parts of one sign (a close subset of Unicode's UAX 29)."""
    before, after = text[index - 1], text[index]
    if unicodedata.category(after)[0] == "M" or "\U0001f3fb" <= after <= "\U0001f3ff":
        return True
    if "\N{ZERO WIDTH JOINER}" in (before, after) or "\U000e0020" <= after <= "\U000e007f":
        return True
    return _is_flag_half(after) and _flag_halves_before(text, index) % 2 == 1


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _flag_halves_before(text: str, index: int) -> int:
    start = index
    while start > 0 and _is_flag_half(text[start - 1]):
        start -= 1
    return index - start


def _utf16_units(text: str) -> int:
    return len(text) + sum(sign > "\uffff" for sign in text)


def _without_towers(text: str) -> str:
    """Drop combining marks beyond the 32nd on one letter."""
    height = 0
    kept = []
    for sign in text:
        height = height + 1 if unicodedata.combining(sign) else 0
        if height <= _MARKS_PER_SIGN:
            kept.append(sign)
    return "".join(kept)
