"""What people typed, for a terminal and a reader's eye: text that leads neither (decision D13)."""

import unicodedata

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
JOINERS = {"\u200d", "\ufe0f"}


def safe(text: str) -> str:
    """Return *text* on one line without anything a terminal or a reader's eye could be misled by.

    Control, format and bidi characters are dropped; blanks are folded.
    """
    return " ".join(legible(text).split())


def legible(text: str) -> str:
    """Return *text* with its lines and blanks, but without anything a terminal or a reader's eye could be misled by."""
    kept = (
        char if char == "\n" else " " if char.isspace() else char
        for char in text
        if char.isspace() or char in JOINERS or unicodedata.category(char) not in INVISIBLE
    )
    return "".join(kept)
