"""Which custom fields the home project lacks: what to make or add, what may stand for ours, what only people can do."""

from collections.abc import Collection, Mapping
from typing import Any

from connectors.wire.asana_fields import PRECISION, TYPES, is_called, why_useless
from mappings.nearest import nearest
from sync.model.making import ByHand, Guess, MakeField

WANTED = {"github_url": "text", "github_id": "text", "github_hours": "number"}
"""The fields that are made; the other optional ones are people's to add where they want them."""
TYPE_WHY = "Asana's API cannot change a field's type, and names are unique in a workspace"


def guess_fields(settings: Collection[Mapping[str, Any]], names: Mapping[str, str]) -> tuple[Guess, ...]:
    """Return fields of the home project that may stand for missing ones of ours: called alike, of a type that fits."""
    fields = [one["custom_field"] for one in settings]
    guesses = []
    for ours in WANTED:
        if any(is_called(one, names[ours]) for one in fields):
            continue
        free = [one for one in fields if not any(is_called(one, known) for known in names.values())]
        fits = {str(one["name"]): str(one["gid"]) for one in free if not why_useless([one], TYPES[ours])}
        if like := nearest(names[ours], fits):
            guesses.append(Guess(ours, fits[like], like, "the home project", ours=True))
    return tuple(guesses)


def plan_fields(
    settings: Collection[Mapping[str, Any]], shared: Mapping[str, tuple[str, str]], names: Mapping[str, str]
) -> tuple[tuple[MakeField, ...], tuple[ByHand, ...]]:
    """Return the fields to make or to add, and what stands in the way.

    *shared* are the fields of the workspace, by folded name: gid and type.
    """
    fields = [one["custom_field"] for one in settings]
    steps: list[MakeField] = []
    by_hand: list[ByHand] = []
    for ours, kind in WANTED.items():
        name, decimals = names[ours], PRECISION if kind == "number" else 0
        hits = [one for one in fields if is_called(one, name)]
        gid, of_kind = shared.get(name.strip().casefold(), ("", kind))
        if hits and (problem := why_useless(hits, TYPES[ours], decimals=decimals)):
            by_hand.append(ByHand(f'The field "{name}" is {problem}: rename it, and start init again.', TYPE_WHY))
        elif not hits and not name:
            continue
        elif not hits and of_kind != kind:
            what = f'The workspace has a field "{name}" of type {of_kind}: rename it, and start init again.'
            by_hand.append(ByHand(what, TYPE_WHY))
        elif not hits:
            steps.append(MakeField(name, kind, decimals, gid))
    return tuple(steps), tuple(by_hand)
