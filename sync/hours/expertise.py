"""Is such work being delivered already? The words of a wish against what running engagements describe and did.

Expertise for the same kind of work as in a running engagement may be assumed; for a new kind the area lead is asked
(requirement 39). Words can only suggest: what was found is shown, and a person judges.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mappings.words_alike import ALL_SAY, same_word, telling, words
from sync.hours.engagements import EngagementRules, is_active
from sync.model.contract import Contracts, Engagement, Project
from sync.model.work import Row

ENOUGH_WORDS = 2
ENOUGH_SHARE = 0.6
PASSAGES_NAMED = 3
WORDS_THAT_DESCRIBE = 3
"""A description with fewer telling words does not say what work is meant."""
_PASSAGE = re.compile(r"(?<=[.!?;])\s+|\n+")
_EVERY_CONTRACT_SAYS = """
    about are as at be been by can communities community do does from has have help helping hour hub hubs is it its
    month monthly need needs new our over per project projects quarter quarterly service services so team teams that
    their them they this up use using want wants we week will work working year you your
"""
_ALL_SAY = ALL_SAY | frozenset(_EVERY_CONTRACT_SAYS.split())


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence or title that is alike, where it stands, and the words of the wish that it shares."""

    source: str
    text: str
    shared: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Delivered:
    """A running engagement with work that is alike, the likest passages first; *alike* counts all of them."""

    engagement: str
    engagement_id: str
    community: str
    alike: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Expertise:
    """Where such work is delivered already. *complete*: all that could tell was read."""

    alike: tuple[Delivered, ...]
    complete: bool = True

    @property
    def is_new(self) -> bool | None:
        """Tell whether it is a new kind of work; None where nothing is alike and something was not read."""
        return False if self.alike else (True if self.complete else None)


def says_enough(text: str) -> bool:
    """Tell whether *text* has a word that can be looked for."""
    return bool(telling(text, _ALL_SAY))


def delivered(
    text: str, contracts: Contracts, rows: Iterable[Row], rules: EngagementRules, today: date
) -> tuple[Delivered, ...]:
    """Return the running engagements with work that is alike to *text*, the likest first."""
    running = (one for one in contracts.engagements.values() if is_active(one, rules, today))
    return _delivered_in(running, text, contracts, rows)


def _delivered_in(
    engagements: Iterable[Engagement], text: str, contracts: Contracts, rows: Iterable[Row]
) -> tuple[Delivered, ...]:
    titles = _titles(contracts, rows)
    found = []
    for engagement in engagements:
        owner = contracts.communities.get(engagement.community_id)
        own = words(" ".join((owner.name, *owner.aliases))) if owner else []
        wanted = tuple(dict.fromkeys(telling(text, _ALL_SAY | set(own))))
        passages = [
            passage
            for source, one in (*_described(engagement, contracts), *titles.get(engagement.id, ()))
            if (passage := _alike(wanted, source, one, frozenset(own)))
        ]
        if passages:
            passages.sort(key=lambda one: (-len(one.shared), -one.share))
            name = owner.name if owner else ""
            best = tuple(passages[:PASSAGES_NAMED])
            found.append(Delivered(engagement.name, engagement.id, name, len(passages), best))
    return tuple(sorted(found, key=_rank))


def new_kinds(
    engagement: Engagement, contracts: Contracts, rows: Collection[Row], rules: EngagementRules, today: date
) -> tuple[Project, ...]:
    """Return the projects of an engagement whose description is like no work that is being delivered elsewhere.

    What else runs counts, and whatever the same community had before: a renewal is nothing new. A description of few
    telling words says too little to tell, and so does everything else where it says nothing at all: then none is new.
    """
    others = [
        one
        for one in contracts.engagements.values()
        if one.id != engagement.id
        and (one.community_id == engagement.community_id or is_active(one, rules, today))
        and any(says_enough(text) for _, text in _described(one, contracts))
    ]
    owner = contracts.communities.get(engagement.community_id)
    own = frozenset(words(" ".join((owner.name, *owner.aliases)))) if owner else frozenset()
    projects = (one for one in contracts.projects.values() if one.engagement_id == engagement.id)
    return tuple(
        one
        for one in sorted(projects, key=lambda one: (one.name, one.id))
        if others
        and len(set(telling(one.description, _ALL_SAY | own))) >= WORDS_THAT_DESCRIBE
        and not _delivered_in(others, " ".join(telling(f"{one.name} {one.description}", own)), contracts, rows)
    )


def _rank(one: Delivered) -> tuple[int, int, str, str]:
    return -len(one.passages[0].shared), -one.alike, one.engagement, one.engagement_id


def _described(engagement: Engagement, contracts: Contracts) -> Iterator[tuple[str, str]]:
    """Yield what an engagement and its projects say they are about, sentence by sentence, with where it stands."""
    texts = [("engagement", engagement.description)]
    for project in contracts.projects.values():
        if project.engagement_id == engagement.id:
            texts += [("project", project.name), ("project", project.description), ("clause", project.clause)]
    for source, text in texts:
        for passage in _PASSAGE.split(text):
            if passage.strip():
                yield source, " ".join(passage.split())


def _titles(contracts: Contracts, rows: Iterable[Row]) -> dict[str, list[tuple[str, str]]]:
    """Return the titles of work with hours by engagement, newest first, each once."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for row in sorted(rows, key=lambda one: (one.end or date.min, one.key), reverse=True):
        allocation = contracts.allocations.get(row.allocation_id)
        project = contracts.projects.get(allocation.project_id) if allocation else None
        if allocation and project and row.minutes and row.title:
            found.setdefault(project.engagement_id, {}).setdefault(row.title, (f"work in {allocation.name}", row.title))
    return {engagement: list(titles.values()) for engagement, titles in found.items()}


def _alike(wanted: tuple[str, ...], source: str, text: str, own: frozenset[str]) -> Passage | None:
    """Return *text* as a passage where enough of the words are shared, measured against the shorter side."""
    there = set(telling(text, _ALL_SAY | own))
    shared = tuple(word for word in wanted if any(same_word(word, other) for other in there))
    if len(shared) < max(min(ENOUGH_WORDS, len(wanted)), 1):
        return None
    share = round(min(len(shared) / min(len(wanted), len(there)), 1.0), 4)
    return Passage(source, text, shared, share) if share >= ENOUGH_SHARE else None
