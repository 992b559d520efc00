"""Which allocation minutes belong to, given a day and whose they are (decisions D7 and D8, *Target*)."""

from collections.abc import Iterable, Set
from dataclasses import replace
from datetime import date

from sync.hours.sealing import is_sealed
from sync.hours.values import Posting, Target, Whereabouts
from sync.model.change import WaitsFor
from sync.model.contract import Allocation, Contracts
from sync.model.work import UNPLACED

NOWHERE = Whereabouts(decided=False)


def target_for(day: date, where: Whereabouts, contracts: Contracts, today: date) -> Target:
    """Return where minutes of work done on *day* go.

    The one allocation that is named, else the one that holds *day*, sealed ones counted. When that one is sealed, the
    one unsealed allocation of its project that holds *today*, late. None or several: ``unplaced``.
    """
    named = named_allocations(where, contracts)
    if where.by_person and len(named) == 1 and is_sealed(named[0]):
        named = ()  # a person's place decides the project, and the period only until that period is sealed
    if len(named) == 1:
        return _open_or_late(named[0], "it is named for this work", contracts, today)
    pool = tuple(one for one in periods_of(where.project_ids, contracts) if not named or one in named)
    if not pool:
        return Target(UNPLACED, late=False, reason="no project with an allocation is known for it")
    holding = tuple(one for one in pool if one.holds(day))
    if len(holding) == 1:
        return _open_or_late(holding[0], f"it holds {day}", contracts, today)
    if holding:
        return Target(UNPLACED, False, f"several allocations hold {day}", _ids(holding), WaitsFor.CHOICE)
    return Target(UNPLACED, False, f"no allocation holds {day}", _ids(_around(day, pool)))


def named_allocations(where: Whereabouts, contracts: Contracts) -> tuple[Allocation, ...]:
    """Return the allocations that are named themselves and exist, by id."""
    return tuple(contracts.allocations[one] for one in sorted(where.named) if one in contracts.allocations)


def periods_of(project_ids: Set[str], contracts: Contracts) -> tuple[Allocation, ...]:
    """Return the allocations of some projects, by start; one that is linked to no project is nobody's."""
    return contracts.allocations_of(frozenset(project_ids - {""}))


def undecided(where: Whereabouts, rows: Iterable[Posting], contracts: Contracts) -> Whereabouts:
    """Return where growth stays when no evidence decides: in the project of the newest row.

    That is the newest placed row with minutes, else the newest placed row, newest by end, then key. Without a placed
    row nothing is known and growth waits.
    """
    placed = [row for row in rows if row.allocation_id in contracts.allocations]
    if not placed:
        return NOWHERE
    newest = max(placed, key=lambda row: (row.counted > 0, *age(row)))
    project = contracts.allocations[newest.allocation_id].project_id
    return replace(where, project_ids=frozenset({project}), named=frozenset())


def age(row: Posting) -> tuple[date, str]:
    """Return what rows of one item are ordered by, oldest first: end, then key."""
    return row.end or date.min, row.allocation_id


def _open_or_late(allocation: Allocation, why: str, contracts: Contracts, today: date) -> Target:
    if not is_sealed(allocation):
        return Target(allocation.id, late=False, reason=why)
    siblings = periods_of({allocation.project_id}, contracts)
    current = tuple(one for one in siblings if one.holds(today) and not is_sealed(one))
    if len(current) == 1:
        return Target(current[0].id, True, f"{allocation.name} is sealed; late in {current[0].name}")
    how_many = "several allocations hold" if current else "no allocation holds"
    missing = WaitsFor.CHOICE if current else WaitsFor.ALLOCATION
    return Target(UNPLACED, False, f"{allocation.name} is sealed and {how_many} today", _ids(current), missing)


def _around(day: date, pool: Iterable[Allocation]) -> tuple[Allocation, ...]:
    """Return the allocations next to a day that none holds: the last one before it, the first one after it."""
    dated = [(one.start, one.end, one) for one in pool if one.start and one.end and one.start <= one.end]
    before = max((item for item in dated if item[1] < day), key=lambda item: (item[1], item[2].id), default=None)
    after = min((item for item in dated if item[0] > day), key=lambda item: (item[0], item[2].id), default=None)
    return tuple(item[2] for item in (before, after) if item)


def _ids(allocations: Iterable[Allocation]) -> tuple[str, ...]:
    return tuple(one.id for one in allocations)
