"""The lines behind an allocation's total: its rows, or once it is sealed what its seal says (decision D8)."""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.hours.sealing import is_sealed
from sync.model.contract import Allocation
from sync.model.work import Row


@dataclass(frozen=True, slots=True)
class CountedRow:
    """One row and the minutes of it that count in the allocation.

    *sealed*: they are those of the seal, whatever the row says. *missing*: the seal holds a row that is gone.
    """

    row: Row
    minutes: int
    sealed: bool = False
    missing: bool = False


def counted_rows(allocation: Allocation, rows: Iterable[Row]) -> tuple[CountedRow, ...]:
    """Return what counts of *allocation*, by key: the minutes add up to what is used.

    *rows* are the ledger's, of whatever allocation. Of a sealed one only the seal counts: a row that came later is
    there with no minutes.
    """
    own = {row.key: row for row in rows if row.allocation_id == allocation.id}
    if allocation.sealing is None or not is_sealed(allocation):
        return tuple(CountedRow(own[key], own[key].minutes or 0) for key in sorted(own))
    sealed = allocation.sealing.rows
    return tuple(
        CountedRow(own.get(key, Row(key)), sealed.get(key, 0), key in sealed, key not in own)
        for key in sorted(own.keys() | sealed.keys())
    )
