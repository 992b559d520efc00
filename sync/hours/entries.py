"""Time logged in Asana, entry by entry: each one counts for the period of its own day (decision D8, *Hand-made time*).

The laws are those of the ledger: what is sealed stays, the rows add up to max(H, S), time passing moves nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sync.hours.book import Book
from sync.hours.ledger import settle
from sync.hours.sealing import GRACE_DAYS, is_sealed, may_have_been_sealed
from sync.hours.targets import age, named_allocations, periods_of, target_for
from sync.hours.values import Posting, Settled, Target, Whereabouts, WorkDate, WorkItem
from sync.model.contract import Contracts
from sync.model.issue import LoggedHours
from sync.model.minutes import spell_hours
from sync.model.work import UNPLACED, TimeEntry

BY_ENTRIES = "entries"


@dataclass(slots=True)
class Share:
    """What counts in one open allocation: minutes by the entries' own days, minutes that came late, and the entries."""

    own: int = 0
    late: int = 0
    entries: list[TimeEntry] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """Return all minutes that count there."""
        return self.own + self.late


@dataclass(frozen=True, slots=True)
class SettledTime:
    """The rows of one task, and the entries behind those whose minutes are known to the entry, by allocation id."""

    settled: Settled
    entries: Mapping[str, tuple[TimeEntry, ...]] = field(default_factory=dict)


def settle_entries(
    item: WorkItem, entries: Iterable[TimeEntry], contracts: Contracts, today: date, grace_days: int = GRACE_DAYS
) -> SettledTime:
    """Return what the rows of a task should be, from the time entries on it; fed its own result, it says the same.

    Where its place is not decided, less time is logged than is sealed, or the contracts could not all be read, it is
    settled like any other item of as many minutes.
    """
    ordered = sorted(entries, key=lambda entry: (entry.day, entry.gid))
    total = sum(entry.minutes for entry in ordered)
    book = Book(item, contracts)
    if not (total and item.where.decided and contracts.complete) or total < book.sealed_minutes:
        day = ordered[-1].day if ordered else item.work_date.day
        dated = WorkDate(min(day, today), BY_ENTRIES if ordered else item.work_date.evidence)
        alike = replace(item, hours=LoggedHours(total), work_date=dated)
        return SettledTime(settle(alike, contracts, today, grace_days))
    book.mend()
    return _Sheet(item, ordered, book, contracts, today=today, grace_days=grace_days).settled()


def home_of(day: date, where: Whereabouts, contracts: Contracts) -> str:
    """Return the allocation an entry counts for, whether sealed or not; ``unplaced`` when nobody can tell.

    The one allocation of the project whose dates hold its own day, else the one of the CSH task it hangs under.
    """
    named = named_allocations(where, contracts)
    found = tuple(one for one in periods_of(where.project_ids, contracts) if one.holds(day)) or named
    if len(found) > 1:
        found = tuple(one for one in found if one in named)
    return found[0].id if len(found) == 1 else UNPLACED


class _Sheet:
    """The entries of one task spread over its rows."""

    def __init__(
        self,
        item: WorkItem,
        entries: Sequence[TimeEntry],
        book: Book,
        contracts: Contracts,
        *,
        today: date,
        grace_days: int,
    ) -> None:
        self._item, self._book, self._contracts = item, book, contracts
        self._today, self._grace_days = today, grace_days
        self._entries = entries
        self._stored = {row.allocation_id: row for row in book.unsealed}
        self._shares: dict[str, Share] = {}
        self._sealed: dict[str, list[TimeEntry]] = {}
        for entry in entries:
            home = home_of(entry.day, item.where, contracts)
            if home != UNPLACED and is_sealed(contracts.allocations[home]):
                self._sealed.setdefault(home, []).append(entry)
            else:
                share = self._share(home)
                share.own += entry.minutes
                share.entries.append(entry)

    def settled(self) -> SettledTime:
        """Spread the minutes, then say what every row should be."""
        late = {
            name: minutes
            for name, found in self._sealed.items()
            if (minutes := sum(entry.minutes for entry in found) - self._counted(name)) > 0
        }
        self._fit(late)
        self._place_late(late)
        rows = {row.allocation_id: row for row in self._item_rows()}
        target = self._target(rows)
        postings = tuple(rows[name] for name in sorted(rows))
        entries = {name: tuple(share.entries) for name, share in self._shares.items() if share.minutes}
        steps, remarks = tuple(self._book.steps), tuple(self._book.remarks)
        return SettledTime(Settled(self._item.owner, postings, target, steps, remarks), entries)

    # How many minutes, and where.

    def _fit(self, late: dict[str, int]) -> None:
        """Take off what is counted elsewhere: in seals that hold more than their entries, in periods that are gone."""
        gone = sum(row.counted for name, row in self._stored.items() if self._is_gone(name))
        total = sum(entry.minutes for entry in self._entries)
        free = total - self._book.sealed_minutes - gone
        too_many = sum(late.values()) + sum(share.own for share in self._shares.values()) - free
        for name in sorted(late, key=self._newness, reverse=True):
            part = min(too_many, late[name])
            late[name] -= part
            too_many -= part
        for name in sorted(self._shares, key=lambda one: (one == UNPLACED, self._newness(one)), reverse=True):
            part = min(too_many, self._shares[name].own)
            self._shares[name].own -= part
            too_many -= part
        for row in reversed(self._book.unsealed):
            if self._is_gone(row.allocation_id) and (part := min(too_many, row.counted)) > 0:
                self._book.take(row, part, "less time is logged now")
                too_many -= part

    def _place_late(self, late: Mapping[str, int]) -> None:
        """Leave late minutes in the late rows that have them already; more go to the period that holds today."""
        extras = {
            name: row.counted - self._own(name)
            for name, row in sorted(self._stored.items(), key=lambda one: age(one[1]))
            if row.late and not self._is_gone(name) and row.placed and row.counted > self._own(name)
        }
        for name, minutes in sorted(late.items()):
            found = _newest(self._sealed[name], minutes)
            left = minutes - self._keep(extras, name, minutes, found)
            if left > 0:
                target = self._late_target(name)
                self._add_late(target.allocation_id, left, found)
        for name, share in sorted(self._shares.items()):
            if extras and self._was_sealed(name):
                # They came late while this period was sealed: reopening it moves nothing by itself.
                minutes = max(0, share.own - (self._stored[name].counted if name in self._stored else 0))
                share.own -= self._keep(extras, name, minutes, _newest(share.entries, minutes))

    def _keep(self, extras: dict[str, int], home: str, minutes: int, found: Iterable[TimeEntry]) -> int:
        """Put minutes that came late for *home* where late minutes of its project lie already; return how many."""
        project, kept = self._contracts.allocations[home].project_id, 0
        for name, there in extras.items():
            part = min(there, minutes - kept)
            if part > 0 and self._contracts.allocations[name].project_id == project:
                extras[name] -= part
                kept += part
                self._add_late(name, part, found)
        return kept

    def _add_late(self, name: str, minutes: int, found: Iterable[TimeEntry]) -> None:
        share = self._share(name)
        share.late += minutes
        share.entries += found

    def _late_target(self, sealed: str) -> Target:
        """Return the one open allocation of a sealed one's project that holds today, else ``unplaced``."""
        named = Whereabouts(frozenset({self._contracts.allocations[sealed].project_id}), frozenset({sealed}))
        return target_for(self._today, named, self._contracts, self._today)

    # What the rows should be.

    def _item_rows(self) -> Iterable[Posting]:
        """Return every row: sealed and lost ones as they are, open ones as their entries say."""
        for name in sorted(self._book.rows.keys() | self._shares.keys()):
            row, share = self._book.rows.get(name), self._shares.get(name)
            if share is not None and share.minutes:
                found = self._posting(name, share)
                if row is None or row.minutes != found.minutes:
                    self._say(name, share)
                yield found
            elif row is not None and row.counted and name in self._stored and not self._is_gone(name):
                self._book.take(row, row.counted, "no entry of its days is left")
                yield self._book.rows[name]
            elif row is not None:
                yield row

    def _posting(self, name: str, share: Share) -> Posting:
        end = max(entry.day for entry in share.entries)
        late = share.late > 0 and name != UNPLACED
        return Posting(name, share.minutes, end, BY_ENTRIES, late, self._item.where.by_person)

    def _say(self, name: str, share: Share) -> None:
        late = f", {spell_hours(share.late)} h of them for a sealed period" if share.late else ""
        self._book.steps.append(
            f"{spell_hours(share.minutes)} h in {self._book.name(name)}, by the days of its time entries{late}"
        )

    def _target(self, rows: Mapping[str, Posting]) -> Target:
        """Return where the newest entry counts, for what is said of the task as a whole."""
        newest = self._entries[-1].day
        home = home_of(newest, self._item.where, self._contracts)
        if home != UNPLACED and is_sealed(self._contracts.allocations[home]):
            return self._late_target(home)
        reason = f"it holds {newest}, the day of its newest time entry" if home != UNPLACED else "no period holds it"
        late = home in rows and rows[home].late
        return Target(home, late, reason)

    # Looking.

    def _share(self, name: str) -> Share:
        return self._shares.setdefault(name, Share())

    def _own(self, name: str) -> int:
        return self._shares[name].own if name in self._shares else 0

    def _counted(self, name: str) -> int:
        return self._book.rows[name].counted if name in self._book.rows else 0

    def _is_gone(self, name: str) -> bool:
        return name != UNPLACED and name not in self._contracts.allocations

    def _was_sealed(self, name: str) -> bool:
        allocation = self._contracts.allocations.get(name)
        return allocation is not None and may_have_been_sealed(allocation, self._today, self._grace_days)

    def _newness(self, name: str) -> tuple[date, str]:
        days = [entry.day for entry in self._sealed.get(name, ())]
        days += [entry.day for entry in self._shares[name].entries] if name in self._shares else []
        return max(days, default=date.min), name


def _newest(entries: Sequence[TimeEntry], minutes: int) -> list[TimeEntry]:
    """Return the newest entries that hold so many minutes."""
    found: list[TimeEntry] = []
    for entry in reversed(entries):
        if minutes <= 0:
            break
        found.append(entry)
        minutes -= entry.minutes
    return found
