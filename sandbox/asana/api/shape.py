"""Records and which of their fields an answer shows.

https://developers.asana.com/docs/inputoutput-options
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.core import Json

Tree = dict[str, "Tree"]
"""Asked fields: name → what is asked of the thing below it."""

_TERM = re.compile(r"\([^()]*\)|[^.()]+")


@dataclass(frozen=True, slots=True)
class Record:
    """A thing as answers show it; the values are made only when they are asked for.

    *compact* are the fields of the short form, *opt_in* those the full form leaves out. Without a
    *gid* it is a part of another record. A *whole* record shows its short form also when it is
    asked for by its bare name; of others only gid and type come then.
    """

    gid: str | None
    values: Mapping[str, Callable[[], Any]]
    compact: Sequence[str]
    opt_in: frozenset[str] = field(default_factory=frozenset)
    whole: bool = False

    def shown(self, tree: Tree | None, *, full: bool = False) -> Json:
        """Return the fields asked for in *tree*; without one the short form, or the *full* one."""
        if tree is not None:
            names: Iterator[str] = (name for name in self.values if name in tree)
            return self._begin() | {name: _below(self.values[name](), tree[name]) for name in names}
        names = (name for name in self.values if (name not in self.opt_in if full else name in self.compact))
        return self._begin() | {name: _short(self.values[name]()) for name in names}

    def referred(self) -> Json:
        """Return what a bare name in `opt_fields` shows of this record."""
        return self.shown(None) if self.whole else self.shown({"resource_type": {}})

    def _begin(self) -> Json:
        return {} if self.gid is None else {"gid": self.gid}


def _below(value: Any, tree: Tree) -> Any:
    if isinstance(value, Record):
        return value.shown(tree) if tree else value.referred()
    if isinstance(value, list):
        return [_below(one, tree) for one in value]
    return value


def _short(value: Any) -> Any:
    if isinstance(value, Record):
        return value.shown(None)
    if isinstance(value, list):
        return [_short(one) for one in value]
    return value


def asked_fields(opt_fields: str) -> Tree:
    """Return the tree of a comma list of dotted paths; `(a|b)` stands for several names."""
    tree: Tree = {}
    for path in opt_fields.split(","):
        terms = [_names(term) for term in _TERM.findall(path.strip())]
        for names in itertools.product(*terms):
            place = tree
            for name in names[1:] if names[:1] == ("this",) else names:
                place = place.setdefault(name, {})
    return tree


def _names(term: str) -> list[str]:
    return [name.strip() for name in term.strip("()").split("|")]
