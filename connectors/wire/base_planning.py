"""What a base lacks of the one we need: what may stand for ours, what to make, what only people can do."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from connectors.wire.base_layout import LAYOUT, layout_of
from connectors.wire.columns import TABLES, Column, FoundColumn, FoundTable, why_useless
from mappings.nearest import nearest
from sync.model.making import BasePlan, ByHand, Guess, MakeColumn, MakeTable, NewColumn

ENOUGH = 0.6
"""A table that has so large a share of our columns, by name, may be ours under another name."""
FEWEST = 2
RETYPE_WHY = "Airtable's API changes a column's name and description only, never its type; values stay when you do it"


def guess_tables(schema: Sequence[FoundTable], names: Mapping[str, str]) -> tuple[Guess, ...]:
    """Return tables that may stand for those of ours that are missing: by their columns, else by a name like ours."""
    found = _tables(schema, names)
    free = [one for one in schema if one not in found.values()]
    guesses = []
    for default in (one for one in LAYOUT if one not in found):
        if like := _like(default, free, names):
            free.remove(like)
            guesses.append(Guess(default, like.id, like.name))
    return tuple(guesses)


def _like(default: str, free: Collection[FoundTable], names: Mapping[str, str]) -> FoundTable | None:
    ours = {names.get(f"{default}.{one.name}", one.name) for one in layout_of(default)}
    shares = {one.id: len(ours & {column.name for column in one.columns}) for one in free}
    best = max(free, key=lambda one: shares[one.id], default=None)
    if best is not None and shares[best.id] >= max(FEWEST, ENOUGH * len(ours)):
        return best
    name = nearest(default, (one.name for one in free))
    # A table of people's that is merely called alike is not ours: it has none of our columns.
    return next((one for one in free if one.name == name and shares[one.id]), None)


def guess_columns(schema: Sequence[FoundTable], names: Mapping[str, str]) -> tuple[Guess, ...]:
    """Return columns that may stand for missing ones: called alike, of a type that fits, and none of the others."""
    guesses = []
    for default, table in _tables(schema, names).items():
        rules = {one.name: one for one in TABLES[default]}
        wanted = {one.name: names.get(f"{default}.{one.name}", one.name) for one in layout_of(default)}
        free = [one for one in table.columns if not {one.id, one.name} & set(wanted.values())]
        for name in (one for one in wanted if _hit(table, wanted[one]) is None and one in rules):
            fits = [one for one in free if not why_useless(rules[name], one)]
            like = nearest(name, (one.name for one in fits))
            if hit := next((one for one in fits if one.name == like), None):
                free.remove(hit)
                guesses.append(Guess(f"{default}.{name}", hit.id, hit.name, table.name, rules[name].ours))
    return tuple(guesses)


def plan_base(schema: Sequence[FoundTable], names: Mapping[str, str]) -> BasePlan:
    """Return how to complete a base in which *names* (``Table``, ``Table.Column``) stand for ours, by name or id."""
    steps: list[MakeTable | MakeColumn] = []
    by_hand: list[ByHand] = []
    found = _tables(schema, names)
    for default in LAYOUT:
        table = found.get(default)
        if table is None:
            steps.append(MakeTable(default, tuple(layout_of(default))))
            continue
        for column in layout_of(default):
            hit = _hit(table, names.get(f"{default}.{column.name}", column.name))
            if hit is None:
                steps.append(MakeColumn(default, table.name, table.id, column))
            elif wish := _wish(default, column, hit):
                by_hand.append(ByHand(f'In {table.name} make "{hit.name}" {wish}.', RETYPE_WHY))
    return BasePlan(tuple(steps), tuple(by_hand))


def ids_of(schema: Sequence[FoundTable], names: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Yield each table and column of ours that is there, as ``Table`` or ``Table.Column``, with its id and name."""
    for default, table in _tables(schema, names).items():
        yield default, table.id, table.name
        for column in layout_of(default):
            if hit := _hit(table, names.get(f"{default}.{column.name}", column.name)):
                yield f"{default}.{column.name}", hit.id, hit.name


def _tables(schema: Sequence[FoundTable], names: Mapping[str, str]) -> dict[str, FoundTable]:
    found = {}
    for default in LAYOUT:
        wanted = names.get(default, default)
        if hit := next((one for one in schema if wanted in {one.id, one.name}), None):
            found[default] = hit
    return found


def _hit(table: FoundTable, wanted: str) -> FoundColumn | None:
    return next((one for one in table.columns if wanted in {one.id, one.name}), None)


def _wish(default: str, column: NewColumn, hit: FoundColumn) -> str:
    """Return what a column that is there has to become, "" when it is of use as it is."""
    rule: Column | None = next((one for one in TABLES[default] if one.name == column.name), None)
    if rule is None or not why_useless(rule, hit):
        return ""
    kind = f"of type {' or '.join(rule.types[:2])}"
    return f"{kind} with {rule.decimals} decimals" if rule.decimals else kind
