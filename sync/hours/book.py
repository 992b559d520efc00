"""The rows of one item while they are settled: sealed ones are fixed, minutes of the others may be put and taken."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sync.hours.sealing import is_sealed
from sync.hours.targets import age
from sync.hours.values import Posting, Remark, Target, WorkDate, WorkItem
from sync.model.contract import Contracts
from sync.model.minutes import spell_hours


class Book:
    """The rows of one item by allocation id, with what was done to them in words.

    Opening it writes every sealed row as its seal says, whatever stands there (decision D8: the seal is the truth).
    """

    def __init__(self, item: WorkItem, contracts: Contracts) -> None:
        self.rows = {row.allocation_id: row for row in item.postings}
        self.steps: list[str] = []
        self.remarks: list[Remark] = []
        self.sealed_minutes = item.sealed_elsewhere
        self._contracts = contracts
        self._closed = frozenset(one.id for one in contracts.allocations.values() if is_sealed(one))
        self._in_seal: set[str] = set()
        for allocation_id in sorted(self._closed):
            sealing = contracts.allocations[allocation_id].sealing
            sealed = sealing.rows.get(f"{item.owner}@{allocation_id}") if sealing else None
            if sealed is not None:
                self._restore(allocation_id, sealed)

    # Looking.

    @property
    def unsealed(self) -> tuple[Posting, ...]:
        """Return the rows outside sealed allocations, oldest first."""
        return tuple(sorted((row for row in self.rows.values() if row.allocation_id not in self._closed), key=age))

    @property
    def unsealed_minutes(self) -> int:
        """Return what the unsealed rows add up to."""
        return sum(row.counted for row in self.unsealed)

    @property
    def movable(self) -> tuple[Posting, ...]:
        """Return the unsealed rows with minutes, oldest first, except where the allocation's record is gone."""
        known = self._contracts.allocations
        return tuple(row for row in self.unsealed if row.counted > 0 and (not row.placed or row.allocation_id in known))

    def name(self, allocation_id: str) -> str:
        """Return an allocation as people call it."""
        allocation = self._contracts.allocations.get(allocation_id)
        return (allocation.name if allocation else "") or allocation_id

    # Writing.

    def start(self, target: Target, minutes: int | None, when: WorkDate, by_person: bool) -> None:
        """Write the item's first row."""
        self.rows[target.allocation_id] = _row(target, minutes, when, by_person)
        self.steps.append(f"first row in {self.name(target.allocation_id)}: {target.reason}")

    def put(self, target: Target, minutes: int, end: date | None, dated_by: str, by_person: bool) -> None:
        """Add minutes to the target's row, which takes their date; a row that was late stays late."""
        row = self.rows.get(target.allocation_id) or Posting(target.allocation_id, None, None)
        self.rows[target.allocation_id] = Posting(
            allocation_id=target.allocation_id,
            minutes=row.counted + minutes,
            end=end,
            dated_by=dated_by,
            late=row.late or target.late,
            by_person=by_person,
        )
        self.steps.append(f"{spell_hours(minutes)} h added to {self.name(target.allocation_id)}: {target.reason}")

    def take(self, row: Posting, minutes: int, why: str) -> None:
        """Take minutes off a row, which keeps its date and marks."""
        self.rows[row.allocation_id] = replace(row, minutes=row.counted - minutes)
        self.steps.append(f"{spell_hours(minutes)} h taken off {self.name(row.allocation_id)}: {why}")

    def take_newest_first(self, minutes: int, why: str) -> None:
        """Take minutes off the unsealed rows, from the newest one down."""
        for row in reversed(self.unsealed):
            part = min(minutes, row.counted)
            if part > 0:
                self.take(row, part, why)
                minutes -= part

    def empty(self, rows: Iterable[Posting], why: str) -> None:
        """Set rows to zero minutes; an empty cell stays empty."""
        for row in rows:
            if row.counted:
                self.take(row, row.counted, why)

    def gather(self, target: Target, when: WorkDate, by_person: bool, why: str) -> None:
        """Bring all movable minutes into the target's row, which is dated and marked anew."""
        total = sum(row.counted for row in self.movable)
        self.empty((row for row in self.movable if row.allocation_id != target.allocation_id), why)
        self.rows[target.allocation_id] = _row(target, total, when, by_person)
        self.steps.append(f"all {spell_hours(total)} h in {self.name(target.allocation_id)}: {target.reason}; {why}")

    # Mending what hands did to the rows.

    def _restore(self, allocation_id: str, sealed: int) -> None:
        """Write a sealed row again as its seal says."""
        self.sealed_minutes += sealed
        self._in_seal.add(allocation_id)
        stored = self.rows.get(allocation_id)
        if stored is None or stored.minutes != sealed:
            found = "gone" if stored is None else f"at {_spell(stored.minutes)}"
            self.rows[allocation_id] = replace(stored or Posting(allocation_id, None, None), minutes=sealed)
            text = f"the row in {self.name(allocation_id)} was {found}, {_spell(sealed)} are sealed"
            self.remark("sealed_row_restored", text, allocation_id)

    def mend(self) -> None:
        """Empty rows that count in a sealed allocation without being in its seal, and rows below zero.

        Minutes whose allocation has no record any more stay, with a remark.
        """
        for allocation_id in sorted(self._closed & self.rows.keys() - self._in_seal):
            row = self.rows[allocation_id]
            if row.counted:
                self.empty([row], "it was sealed without this row")
                text = f"{_spell(row.counted)} stood in {self.name(allocation_id)}, which was sealed without them"
                self.remark("not_in_seal", text, allocation_id)
        for row in self.unsealed:
            if row.counted < 0:
                self.empty([row], "no row counts less than nothing")
            elif row.placed and row.counted and row.allocation_id not in self._contracts.allocations:
                text = f"{_spell(row.counted)} stand in {row.allocation_id}, which is gone"
                self.remark("allocation_gone", text, row.allocation_id)

    def remark(self, kind: str, text: str, allocation_id: str = "") -> None:
        """Note something that a person should see."""
        self.remarks.append(Remark(kind, text, allocation_id))


def _row(target: Target, minutes: int | None, when: WorkDate, by_person: bool) -> Posting:
    return Posting(target.allocation_id, minutes, when.day, when.evidence, target.late, by_person)


def _spell(minutes: int | None) -> str:
    return "no hours" if minutes is None else f"{spell_hours(minutes)} h"
