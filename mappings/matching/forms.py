"""Answers of an issue form under a heading "Community…" (design D7, level 1)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mappings.matching.folding import LEFT_OUT, fold
from mappings.matching.passages import Heading, Passage, Weight

_BEFORE_WORDS = re.compile(r"[\W\d_]*")
_COMMUNITY = re.compile(r"community(?![\w'-])")
_ASKS_FOR_NAME = re.compile(r"community(?: name)?(?! ?\w)|community(?: name)? or\b")
_NOT_A_QUESTION = re.compile(r"community success\b")
_EDGES = " .,;:!?-_*()[]\"'" + LEFT_OUT
_NO_ANSWERS = frozenset(
    {
        *("", "no response", "n/a", "n.a", "na", "not applicable", "not available", "none", "none of the above", "no"),
        *("nil", "null", "unknown", "not known", "not sure", "unsure", "do not know", "don't know", "i don't know"),
        *("other", "others", "other (please specify)", "not listed", "tbd", "tba", "tbc", "todo", "to do"),
        *("to be determined", "to be decided", "to be confirmed", "to be defined", "pending", "undecided"),
        *("select one", "select an option", "please select", "choose one", "choose an option", "pick one"),
        *("no community", "same", "see below", "see above", "see title", "see ticket"),
    }
)


def is_no_answer(value: str) -> bool:
    """Tell whether a field holds what people write into it when they have nothing to say: ``N/A``, ``tbd``, ``-``."""
    folded = fold(value)
    return folded.strip(_EDGES) in _NO_ANSWERS or not any(sign.isalnum() for sign in folded)


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands under one heading. *passages* leaves out what only suggests and boxes that are not ticked."""

    heading: str
    passages: tuple[Passage, ...]

    @property
    def to_name(self) -> bool:
        """Tell whether the question is which community it is, and not, say, who its contact is."""
        return _ASKS_FOR_NAME.match(_words(self.heading)) is not None

    @property
    def text(self) -> str:
        """Return our own words in the answer, a line for each passage."""
        return "\n".join(own for passage in self.passages if (own := passage.own.strip(" \n" + LEFT_OUT)))


def community_answers(passages: Sequence[Passage]) -> tuple[Answer, ...]:
    """Return the answers under every heading that begins with the word "Community"; an empty answer stays in."""
    return tuple(
        Answer(heading, tuple(one for one in below if one.weight is Weight.DECIDES and not one.unticked))
        for heading, below in _sections(passages)
        if heading
    )


def without_unticked_answers(passages: Sequence[Passage]) -> Iterator[Passage]:
    """Return all passages; what stands beside an empty box under "Community…" was not chosen and only suggests."""
    for heading, below in _sections(passages):
        for one in below:
            yield replace(one, weight=Weight.SUGGESTS) if heading and one.unticked else one


def _sections(passages: Sequence[Passage]) -> Iterator[tuple[str, list[Passage]]]:
    """Cut at each heading that asks for a community and where its answer ends; other parts have the heading "".

    A line in bold ends what a line in bold began: below a heading it may be the answer.
    """
    heading, by = "", Heading.NO
    below: list[Passage] = []
    for passage in passages:
        asks = passage.heading is not Heading.NO and _asks_for_community(passage.text)
        if asks or passage.heading is Heading.REAL or (passage.heading is Heading.BOLD and by is Heading.BOLD):
            yield heading, below
            heading, by = (passage.text.strip(), passage.heading) if asks else ("", Heading.NO)
            below = []
        if not asks:
            below.append(passage)
    yield heading, below


def _asks_for_community(heading: str) -> bool:
    words = _words(heading)
    return _COMMUNITY.match(words) is not None and not _NOT_A_QUESTION.match(words)


def _words(heading: str) -> str:
    return _BEFORE_WORDS.sub("", fold(heading), count=1)
