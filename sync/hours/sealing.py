"""When an allocation is sealed, with which minutes, and how they are written in its cell (decision D8, *Sealed*)."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sync.model.contract import Allocation, Contracts, Sealing
from sync.model.work import Row

GRACE_DAYS = 14
"""How long after its end an allocation stays open for entries that come late (decision D8, *Sealed*)."""

LINE = re.compile(r"(?P<key>\S+@[^\s@]+) (?P<minutes>-?[0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Seal:
    """The allocation is to be sealed in this run."""

    allocation_id: str


@dataclass(frozen=True, slots=True)
class Unseal:
    """A person ticked ``Reopen``: the seal of the allocation is to be cleared."""

    allocation_id: str


def is_sealed(allocation: Allocation) -> bool:
    """Tell whether the minutes of *allocation* are fixed: it is sealed and no person reopened it."""
    return allocation.sealing is not None and not allocation.reopen


def seals(contracts: Contracts, readable: Collection[str], today: date, grace_days: int) -> tuple[Seal | Unseal, ...]:
    """Return which allocations to seal or to unseal in this run, by id.

    *readable* are the ids of the allocations whose rows, issues and CSH task were all read: only they are sealed, and
    only once more than *grace_days* have passed since their end.
    """
    decided = (_decision(one, one.id in readable, today, timedelta(days=grace_days)) for one in _by_id(contracts))
    return tuple(one for one in decided if one is not None)


def _decision(allocation: Allocation, readable: bool, today: date, grace: timedelta) -> Seal | Unseal | None:
    if allocation.reopen:
        return Unseal(allocation.id) if allocation.sealing is not None else None
    if allocation.sealing is not None or not readable:
        return None
    return Seal(allocation.id) if _is_past(allocation, today, grace) else None


def may_have_been_sealed(allocation: Allocation, today: date, grace_days: int) -> bool:
    """Tell whether minutes may lie elsewhere because *allocation* was sealed: it is past its grace, or reopened."""
    return allocation.reopen or _is_past(allocation, today, timedelta(days=grace_days))


def _is_past(allocation: Allocation, today: date, grace: timedelta) -> bool:
    if allocation.start is not None and allocation.end is not None and allocation.end < allocation.start:
        return False  # the days are swapped: nobody knows when it ends, and a seal would outlast the correction
    # Days are subtracted, never added: an end such as 9999-12-31 has no day a fortnight later.
    return allocation.end is not None and today - allocation.end > grace


def _by_id(contracts: Contracts) -> list[Allocation]:
    return sorted(contracts.allocations.values(), key=lambda one: one.id)


def sealing_of(allocation_id: str, rows: Iterable[Row], on: date) -> Sealing:
    """Return the sealed state of an allocation from all *rows* of the ledger; rows with empty hours are not in it."""
    minutes = {row.key: row.minutes for row in rows if row.allocation_id == allocation_id and row.minutes is not None}
    return Sealing(on, minutes)


def format_sealed_rows(rows: Mapping[str, int]) -> str:
    """Return the text of the cell ``Sealed rows``: one line per row, key and minutes, sorted.

    Raises ValueError for a row that could not be read back.
    """
    lines = [f"{key} {minutes}" for key, minutes in sorted(rows.items())]
    return "\n".join(_checked(line).group() for line in lines)


def parse_sealed_rows(text: str) -> dict[str, int]:
    """Return minutes by key from the text of the cell ``Sealed rows``; blank lines and blanks around a line are free.

    Raises ValueError that names the first line which is no key with minutes, or repeats a key.
    """
    rows: dict[str, int] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _checked(line)
        if found["key"] in rows:
            raise ValueError(f"the key of {line!r} stands twice")
        rows[found["key"]] = int(found["minutes"])
    return rows


def _checked(line: str) -> re.Match[str]:
    found = LINE.fullmatch(line)
    if found is None:
        raise ValueError(f"{line!r} is not a key and minutes")
    return found
