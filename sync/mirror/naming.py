"""Finding what a person names on the command line: a community, an allocation, or names that are near."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

from sync.mirror.places import folded
from sync.model.addresses import same_address
from sync.model.contract import Allocation, Community, Contracts

NEAR = 60
"""How alike (0 to 100) a name has to be to be suggested."""
SUGGESTED = 3


def communities_named(text: str, contracts: Contracts) -> tuple[Community, ...]:
    """Return the communities that *text* is the record id, the name or an alias of; a name wins over aliases."""
    known = sorted(contracts.communities.values(), key=lambda one: (one.name.casefold(), one.id))
    by_name = tuple(one for one in known if text == one.id or folded(text) == folded(one.name))
    return by_name or tuple(one for one in known if folded(text) in {folded(word) for word in one.aliases})


def allocations_named(text: str, contracts: Contracts) -> tuple[Allocation, ...]:
    """Return the allocations that *text* is the record id, the CSH task's address or the name of, by community.

    The community's name may stand before the allocation's: ``Reef Watch / Q3 2026``.
    """
    if text in contracts.allocations:
        return (contracts.allocations[text],)
    linked = [one for one in contracts.allocations.values() if same_address(text) == same_address(one.asana_url) != ""]
    if linked:
        return tuple(sorted(linked, key=lambda one: label(one, contracts)))
    wanted = folded(text)
    found = [one for one in contracts.allocations.values() if wanted in _names(one, contracts)]
    return tuple(sorted(found, key=lambda one: (label(one, contracts), one.id)))


def label(allocation: Allocation, contracts: Contracts) -> str:
    """Return community, allocation, days and record id: enough to tell two allocations of one name apart."""
    owner = contracts.community_of_project(allocation.project_id)
    days = f"{allocation.start or '?'} to {allocation.end or '?'}"
    return f"{owner.name if owner else 'no community'} / {allocation.name}, {days}, {allocation.id}"


def near(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names most like *text*, the nearest first."""
    wanted = folded(text)
    known = sorted(set(names) - {""})
    hits = process.extract(wanted, {one: folded(one) for one in known}, scorer=fuzz.WRatio, limit=SUGGESTED)
    return tuple(hit[2] for hit in hits if hit[1] >= NEAR)


def _names(allocation: Allocation, contracts: Contracts) -> set[str]:
    owner = contracts.community_of_project(allocation.project_id)
    names = {allocation.name}
    if owner:
        words = (owner.name, *owner.aliases)
        names |= {f"{word}{sign}{allocation.name}" for word in words for sign in (" / ", " ", ": ")}
    return {folded(one) for one in names} - {""}
