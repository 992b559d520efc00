"""When two spellings are one: entities, compatibility forms, accents, blanks, dashes, apostrophes and case.

*Shaping* keeps what decides how a word counts (case, the kind of dash); *folding* is shaping without case.
"""

import html
import re
import unicodedata

HYPHEN = "-"
EN_DASH = "–"
"""Stands for every dash that joins as often as it parts: en and figure dash, minus."""
EM_DASH = "—"
"""Stands for every dash that parts."""
HARD_BREAK = "\ufdd0"
"""A line break that was asked for: no name runs across it, yet it may be meant as one."""
LEFT_OUT = "\ufdd1"
"""Stands where code was: no name runs across it."""

# Unicode blocks of combining marks that only dress a letter; marks of other scripts are letters in their own right.
_ACCENTS = "\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_INVISIBLE = "\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
_SELECTORS = "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
_DROPPED = re.compile(f"[{_ACCENTS}{_INVISIBLE}{_SELECTORS}]+")
# Normalising sorts the marks on one letter; thousands of them would take seconds.
_TOWER = re.compile(r"([^\w\s!-~]{32})[^\w\s!-~]++")
_AMPERSAND = re.compile(r"&(?:amp;|#38;|#x26;)++", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# In these the accent is part of the letter for Unicode, but not for somebody whose keyboard lacks it.
_LETTERS = dict(zip("øØłŁđĐħĦŧŦıðÐ", "oOlLdDhHtTidD", strict=True))
_LIGATURES = {"ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"}
_SAME = str.maketrans(
    {
        **_LETTERS,
        **_LIGATURES,
        **dict.fromkeys("\u2010\u2011\u2043\u058a\u05be\u1400\u30a0", HYPHEN),
        **dict.fromkeys("\u2012\u2013\u2212", EN_DASH),
        **dict.fromkeys("\u2014\u2015\u2e3a\u2e3b", EM_DASH),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u2032\u2035\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u2036", '"'),
        **dict.fromkeys("\r\x0b\x0c\x85\u2028\u2029", "\n"),
        "\t": " ",
    }
)
_MARKS = str.maketrans({HARD_BREAK: " ", LEFT_OUT: " "})
_DASHES = str.maketrans({EN_DASH: HYPHEN, EM_DASH: HYPHEN})


def shape(text: str) -> str:
    """Return *text* with plain letters, blanks, quotes and dashes (design D7); case and line ends are kept."""
    if "&" in text:
        text = _ENTITY.sub(_decoded, _AMPERSAND.sub("&", text))
    if text.isascii():
        return text.translate(_SAME)
    text = _TOWER.sub(r"\1", _DROPPED.sub("", text.translate(_SAME)))
    bare = _DROPPED.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFKC", bare).translate(_SAME)


def fold(text: str) -> str:
    """Return the one spelling that all spellings of a name share: shaped, caseless, single blanks, hyphens."""
    return " ".join(shape(shape(text).casefold()).translate(_DASHES).split())


def spelling(text: str) -> str:
    """Return *text* as it stands: shaped with single blanks and hyphens, its case kept."""
    return " ".join(shape(text).translate(_DASHES).split())


def readable(text: str) -> str:
    """Return a piece of a passage as one line for people."""
    return " ".join(text.translate(_MARKS).split())


def _decoded(entity: re.Match[str]) -> str:
    return html.unescape(entity.group())
