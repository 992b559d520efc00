"""Texts that somebody may type who means no good, or nothing at all: one corpus for every writer."""

from __future__ import annotations

import json
import re
import unicodedata
from pathlib import Path

from hypothesis import strategies as st

CORPUS: dict[str, str] = json.loads(Path(__file__).with_name("corpus.json").read_text("utf-8"))
"""By what each text is after."""
BRIEF = {name: text for name, text in CORPUS.items() if len(text) < 200}
TYPED = st.one_of(
    st.sampled_from(list(BRIEF.values())),
    st.lists(st.sampled_from(list(BRIEF.values())), min_size=2, max_size=4).map("".join),
    st.builds(lambda text, at, odd: text[:at] + odd + text[at:], st.sampled_from(list(BRIEF.values())),
              st.integers(0, 40), st.text(max_size=3)),
    st.text(max_size=40),
)  # fmt: skip
"""The corpus, its texts together, with something in between, and any text."""

_JOINERS = "\u200d\ufe0f"
_NOT_SEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def seen(text: str) -> str:
    """Return what a reader may see of a text on one line: no control, format or private character, single blanks."""
    legible = (" " if one.isspace() else "" if _unseen(one) else one for one in text)
    return " ".join("".join(legible).split())


def _unseen(character: str) -> bool:
    return unicodedata.category(character) in _NOT_SEEN and character not in _JOINERS


def letters(text: str) -> str:
    """Return what of a text stays the same in a task's name: blanks for controls, fewer marks on a letter."""
    plain = unicodedata.normalize("NFKD", seen(text)).replace("\ufffd", "")
    return "".join(one for one in plain if not one.isspace() and unicodedata.category(one) not in {"Mn", "Cn", "Co"})


def is_name_of(name: str, typed: str) -> bool:
    """Tell whether a name says what was typed; where nothing can be seen of that, it may say so."""
    wanted = letters(typed)
    return letters(name) == wanted or (not wanted.strip(_JOINERS) and name == "(no title)")


def is_formula(cell: str) -> bool:
    """Tell whether a spreadsheet may take a cell for a formula; a number below zero is none."""
    return bool(re.match(r"[\t\r\n]|[\s\u200b\ufeff]*([=+@＝＋－＠]|-(?!\d+(\.\d+)?$))", cell))


def acting(text: str) -> set[str]:
    """Return the characters in *text* by which a terminal or a reader's eye is led; our own word joiner is none."""
    return {one for one in text if one not in "\n\u2060" and _unseen(one)}
