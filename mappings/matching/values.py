"""What goes into matching and what comes out (design D7)."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Kinds of evidence, strongest first; the first three are equally explicit."""

    BOARD = "board"
    FORM = "form"
    LABEL = "label"
    PARENT = "parent"
    FRESHDESK = "freshdesk"
    TITLE = "title"
    ALIAS = "alias"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class IssueText:
    """What an issue says about its community.

    *board_allocation_community_id* is the community of the allocation that the board names. *board_unread*: whether
    the board says anything is not known.
    """

    title: str
    body: str = ""
    labels: tuple[str, ...] = ()
    board_community: str = ""
    board_allocation_community_id: str = ""
    board_unread: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A community that could be meant, and why. *score* (0 to 1) only where the text is merely similar to a name."""

    community_id: str
    why: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of evidence for people: what it is, whom it names, and what came of it."""

    kind: Kind
    text: str
    community_ids: tuple[str, ...]
    verdict: str


@dataclass(frozen=True, slots=True)
class Match:
    """Whose an issue is: *community_id*, or None when nobody can tell; *kind* is the evidence that decided.

    *decided* is false when evidence that could be stronger was not readable: nothing may move, a new issue waits.
    *conflict* are communities named by evidence that contradicts, strongest first. *steps* hold all evidence,
    strongest first. *tickets* are those our own text names.
    """

    community_id: str | None
    kind: Kind
    decided: bool = True
    conflict: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    steps: tuple[Step, ...] = ()
    tickets: tuple[str, ...] = ()
