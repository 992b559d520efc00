"""How a name in the table counts (design D7, "How words count")."""

import re
from dataclasses import dataclass
from enum import Enum

from mappings.matching.folding import fold, spelling

_PIECE = re.compile(r"[^\W_]+")


class Plain(Enum):
    """Why a name of one word counts only as it stands: other words are spelled like it."""

    NO = "may be written in any case"
    CAPITALS = "all capitals"
    CAPITAL = "only its first letter is a capital"
    SMALL = "no capital"


def plainness(name: str) -> Plain:
    """Tell how common the words are that *name*, as :func:`spelling` returns it, could be taken for."""
    letters = [sign for sign in name if sign.isalpha()]
    if " " in name or not letters:
        return Plain.NO
    capitals = [sign for sign in letters if sign.isupper()]
    if len(name) > 1 and len(capitals) == sum(sign.isupper() or sign.islower() for sign in letters) > 0:
        return Plain.CAPITALS
    if len(letters) < len(name) or any(sign.isupper() for sign in name[1:]):
        return Plain.NO
    return Plain.CAPITAL if capitals else Plain.SMALL


def pieces(text: str) -> list[str]:
    """Return the runs of letters and digits in *text*."""
    return _PIECE.findall(text)


def squeezed(text: str) -> str:
    """Return *text* without blanks, hyphens and other signs."""
    return "".join(pieces(text))


@dataclass(frozen=True, slots=True)
class Name:
    """A name or alias of a community. *spelled* keeps its case, *folded* does not."""

    community_id: str
    spelled: str
    folded: str
    plain: Plain

    def is_written(self, spelled: str) -> bool:
        """Tell whether *spelled*, a text that folds to this name, is this name and not a common word."""
        return self.plain is Plain.NO or spelled == self.spelled


def name_of(community_id: str, text: str) -> Name | None:
    """Return *text* as a name, or None when there is no letter or digit in it."""
    spelled = spelling(text)
    if not squeezed(spelled):
        return None
    return Name(community_id, spelled, fold(text), plainness(spelled))
