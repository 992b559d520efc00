"""Which kinds of finding are about a cap, and which of two is the worse one."""

LADDERS = (("under_pace", "expiring_unused"), ("near_cap", "used_up", "over_cap"))
"""Kinds of the same trouble, each worse than the one before: too few hours used, too many."""
CAP_KINDS = frozenset(kind for ladder in LADDERS for kind in ladder)


def outranks(kind: str, level: str, other_kind: str, other_level: str) -> bool:
    """Tell whether a level of a cap is a worse one of the same trouble than another."""
    return any(
        kind in ladder and other_kind in ladder and _step(ladder, kind, level) > _step(ladder, other_kind, other_level)
        for ladder in LADDERS
    )


def _step(ladder: tuple[str, ...], kind: str, level: str) -> tuple[int, float]:
    try:
        share = float(level.partition("%")[0])
    except ValueError:
        share = 0.0
    return ladder.index(kind), share
