"""Which of the fields that are there may be the one that is missing: it was renamed."""

from collections.abc import Iterable

LONG = 8
SURELY_LIKE = 90
LIKE = 80
"""Of 100: *Hours avail* is like *Hours available*, *Hours left* is not."""


def nearest(wanted: str, names: Iterable[str]) -> str:
    """Return the name that is most like *wanted*, whatever the order of its words; "" when none is like it."""
    scored = [(_likeness(wanted, name), name) for name in sorted(names)]
    score, name = max(scored, key=lambda one: one[0], default=(0.0, ""))
    return name if score >= LIKE else ""


def renamed(wanted: str, names: Iterable[str]) -> str:
    """Return the name that *wanted*, which need not be there, surely has now; "" when none is like it enough.

    One letter more or less makes another word of a short name: *Place* is not *Pace*.
    """
    name = nearest(wanted, names)
    return name if name and (len(wanted) >= LONG or _likeness(wanted, name) >= SURELY_LIKE) else ""


def _likeness(one: str, other: str) -> float:
    from rapidfuzz.fuzz import ratio, token_sort_ratio  # noqa: PLC0415  only where a field is missing
    from rapidfuzz.utils import default_process  # noqa: PLC0415

    return max(scorer(one, other, processor=default_process) for scorer in (ratio, token_sort_ratio))
