"""Findings about names of communities: aliases that find too much, and aliases that would spare people work."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from mappings.matching.common import COMMON_WORDS
from mappings.matching.folding import fold, shape
from mappings.matching.heads import take_apart
from sync.findings.case import Case, some
from sync.mirror.deciding import Decision
from sync.model.finding import Finding

TOLD_BY_USE = 3
"""In so many titles of other communities' issues a word must stand to be an everyday word."""
PLACED_OFTEN = 2
"""So many issues of one head, placed by hand under one community, suggest an alias."""
LONGEST = 60
_WORD = re.compile(r"[^\W\d_][\w'-]*")


def aliases_of_common_words(case: Case) -> Iterator[Finding]:
    """An alias is an everyday word: issues that merely say it are taken for the community's (fault G13)."""
    titles = _words_by_community(case)
    for community in case.world.contracts.communities.values():
        for alias in dict.fromkeys(community.aliases):
            word = fold(alias)
            if word == fold(community.name) or not _WORD.fullmatch(word):
                continue
            others = [reference for owner, reference, said in titles if owner != community.id and word in said]
            if word in COMMON_WORDS or len(others) >= TOLD_BY_USE:
                used = f" Issues of other communities say it: {some(others)}." if others else ""
                yield Finding(
                    "alias_common_word",
                    alias,
                    f"It is an alias of {community.name} and an everyday word.{used}",
                    f"Replace it in Aliases of {community.name} by a name that nothing else has.",
                    subject_id=f"{community.id}:{word}",
                    community=community.name,
                )


def _words_by_community(case: Case) -> list[tuple[str, str, frozenset[str]]]:
    """Return community id, reference and title words of every issue whose community is known."""
    return [
        (one.community_id, one.scoped.issue.reference, frozenset(_WORD.findall(fold(one.scoped.issue.title))))
        for one in case.counted()
        if one.community_id
    ]


@dataclass
class _Head:
    """A head of titles: who has it, as it is spelled, and the issues that a person placed."""

    spelled: str
    owners: set[str] = field(default_factory=set)
    placed: list[str] = field(default_factory=list)


def aliases_worth_adding(case: Case) -> Iterator[Finding]:
    """People placed issues with one head under one community again and again: an alias would do it (requirement 29)."""
    communities = case.world.contracts.communities
    known = {fold(name) for one in communities.values() for name in (one.name, *one.aliases)}
    heads: dict[str, _Head] = {}
    for decision in case.counted():
        for spelled in _heads(decision.scoped.issue.title):
            head = heads.setdefault(fold(spelled), _Head(spelled))
            head.owners.add(decision.community_id)
            if _is_placed_without_help(decision):
                head.placed.append(decision.scoped.issue.reference)
    for folded, head in sorted(heads.items()):
        # What is also the head of other communities' issues, or of issues of nobody, names none.
        if folded in known | COMMON_WORDS or len(head.owners) != 1 or len(head.placed) < PLACED_OFTEN:
            continue
        community = communities.get(next(iter(head.owners)))
        if community:
            yield Finding(
                "alias_suggested",
                head.spelled,
                f"Issues whose title has it were placed by hand under {community.name}: {some(head.placed)}.",
                f'Add "{head.spelled}" to Aliases of {community.name} in Communities: the next ones find their place.',
                subject_id=f"{community.id}:{folded}",
                community=community.name,
            )


def _heads(title: str) -> Iterator[str]:
    parts = take_apart(shape(title))
    for one in (*parts.tags, *parts.heads):
        if any(sign.isalpha() for sign in one) and len(one) <= LONGEST:
            yield one


def _is_placed_without_help(decision: Decision) -> bool:
    """Tell whether a person placed a root whose own words had not led there."""
    return (
        decision.where.by_person
        and decision.scoped.parent_id is None
        and bool(decision.community_id)
        and decision.match.community_id != decision.community_id
    )
