"""The communities of a run, prepared once so that reading a text takes time in proportion to its length."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from mappings.matching.folding import fold, spelling
from mappings.matching.names import Name, name_of, pieces, squeezed
from mappings.matching.words import tokens_of
from sync.model.contract import Community
from sync.model.memo import given
from sync.model.ticket import Company

LONGEST_LIKENESS = 100
"""A longer name, in characters, is not looked for where it is only similar."""
MOST_PIECES = 12
"""A name of more words is not looked for there either."""
_SHORTEST_PART = 10
_SMALLEST_SHARE = 0.55


@dataclass(slots=True)
class Node:
    """A place in the tree of all names, word by word."""

    steps: dict[str, "Node"] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)


@dataclass(slots=True)
class Shelf:
    """Keys and, at the same places, the names they stand for."""

    keys: list[str] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Side:
    """Where the rest of a longer name stands: after or before the shorter one, and how many pieces it has."""

    after: bool
    count: int


class CommunityTable:
    """Names, aliases and companies of all communities. The order they are given in is irrelevant."""

    def __init__(self, communities: Iterable[Community]) -> None:
        self._communities = {item.id: item for item in sorted(communities, key=lambda item: item.id)}
        self.said = given(*self._communities.values())
        """What stands for all that the table holds."""
        self._by_folded: dict[str, list[Name]] = {}
        self._companies: dict[str, set[str]] = {}
        self.root = Node()
        self.loose: dict[str, list[Name]] = {}
        """Names by their letters and digits alone."""
        self.beginnings: set[str] = set()
        """Every beginning of a key of *loose*."""
        self.shortened: dict[str, list[tuple[Name, float]]] = {}
        """Names by the letters of their first words, with the share of the whole that these are."""
        self.similar: dict[str, Shelf] = {}
        """Keys of *loose* by their first letter or digit."""
        for community in self._communities.values():
            self._add(community)
        self.longer = _longer_names(self.loose)
        """By key of *loose*: the rests of longer names of other communities that begin or end with it."""
        self.longest_key = max(map(len, self.loose), default=0)

    def _add(self, community: Community) -> None:
        for name in _names(community):
            self._by_folded.setdefault(name.folded, []).append(name)
            if len(name.folded) <= LONGEST_LIKENESS and len(pieces(name.folded)) <= MOST_PIECES:
                self._prepare_likeness(name)
            if any(sign.isalpha() for sign in name.spelled):
                self._grow(name)
        if company := fold(community.freshdesk_company):
            self._companies.setdefault(company, set()).add(community.id)

    def _prepare_likeness(self, name: Name) -> None:
        key = squeezed(name.folded)
        self.loose.setdefault(key, []).append(name)
        self.beginnings.update(key[:end] for end in range(1, len(key) + 1))
        shelf = self.similar.setdefault(key[0], Shelf())
        shelf.keys.append(key)
        shelf.names.append(name)
        words = pieces(name.folded)
        for cut in range(2, len(words)):
            part = "".join(words[:cut])
            if len(part) >= _SHORTEST_PART and len(part) / len(key) >= _SMALLEST_SHARE:
                self.shortened.setdefault(part, []).append((name, round(len(part) / len(key), 2)))

    def _grow(self, name: Name) -> None:
        node = self.root
        for token in tokens_of(name.spelled):
            node = node.steps.setdefault(token.folded, Node())
        node.names.append(name)

    def __contains__(self, community_id: str) -> bool:
        return community_id in self._communities

    def name(self, community_id: str) -> str:
        """Return a community's name, or its id when the table does not hold it."""
        community = self._communities.get(community_id)
        return community.name if community else community_id

    def named(self, value: str) -> tuple[str, ...]:
        """Return the ids of the communities that are called *value*, as a whole."""
        spelled = spelling(value)
        found = {name.community_id for name in self._by_folded.get(fold(value), ()) if name.is_written(spelled)}
        return tuple(sorted(found))

    def of_company(self, company: Company) -> tuple[str, ...]:
        """Return the ids of the communities with this company of the help desk, by its id or its name."""
        keys = {fold(company.company), fold(company.name)} - {""}
        return tuple(sorted(set().union(*(self._companies.get(key, set()) for key in keys))))


def _names(community: Community) -> Iterator[Name]:
    seen: set[tuple[str, str]] = set()
    for text in (community.name, *community.aliases):
        name = name_of(community.id, text)
        if name and (name.folded, name.spelled) not in seen:
            seen.add((name.folded, name.spelled))
            yield name


def _longer_names(loose: dict[str, list[Name]]) -> dict[str, dict[Side, Shelf]]:
    found: dict[str, dict[Side, Shelf]] = {}
    for name in (name for names in loose.values() for name in names):
        words = pieces(name.folded)
        for cut in range(1, len(words)):
            first, last = "".join(words[:cut]), "".join(words[cut:])
            for inner, rest, side in (
                (first, last, Side(after=True, count=len(words) - cut)),
                (last, first, Side(after=False, count=cut)),
            ):
                if any(other.community_id != name.community_id for other in loose.get(inner, ())):
                    shelf = found.setdefault(inner, {}).setdefault(side, Shelf())
                    shelf.keys.append(rest)
                    shelf.names.append(name)
    return found
