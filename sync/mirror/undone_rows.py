"""The rows of Activity as they were before a run, as far as they still are what it wrote."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from itertools import chain

from sync.mirror.rows import in_one_request, same_row
from sync.mirror.undone import CHANGED, FORMER, MADE, Refs
from sync.model.change import About, DeleteRows, Outcome, RowWrite, WriteRows
from sync.model.undoing import NotUndone, Present
from sync.model.work import Row, StoredRow

CELLS = tuple(one.name for one in fields(Row) if one.name != "key")
LABELS = {"minutes": "Hours", "link": "Allocation", "url": "URL", "github_id": "GitHub ID"}
SEALED = "its allocation is sealed; a tick in Reopen there lifts the seal"
TASK_STAYS = "its task stays, and so does its row"
WORDS = "somebody wrote into it since, and it stays"
TWINS = "several rows have its key, so that nobody can tell which is meant"
SPARE = "it was a second row with one key, and would be one again; the base's trash has it for seven days"


@dataclass
class UndoneRows:
    """The way back of all rows. *lifted* are allocations whose seal goes first, *staying* tasks that are not removed.

    Afterwards *changes* is the way, *not_undone* what stays, *spoilt* the allocations in which a row stays, and *bound*
    the tasks that must stay because a row of theirs does.
    """

    present: Present
    refs: Refs
    lifted: Collection[str]
    staying: Collection[str]
    not_undone: list[NotUndone] = field(default_factory=list)
    spoilt: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    _rows: dict[str, Row | None] = field(default_factory=dict)
    _abouts: dict[str, About] = field(default_factory=dict)

    def take_back(self, outcome: Outcome) -> None:
        """Follow one change of rows backwards; the last one first."""
        match outcome.change:
            case WriteRows():
                for write in outcome.change.rows:
                    self._take_back(write, outcome.change.about)
            case DeleteRows():
                for stored in outcome.change.rows:
                    self._bring_back(stored.row, outcome.change.about)
            case _:
                pass

    def changes(self) -> Iterator[DeleteRows | WriteRows]:
        """Yield the deletions, then the writes of each owner in one request."""
        owners: dict[str, list[str]] = {}
        for key in self._rows:
            owners.setdefault(key.rpartition("@")[0], []).append(key)
        writes: list[WriteRows] = []
        for owner, keys in owners.items():
            about = self._abouts[keys[0]]
            gone = tuple(self.present.ledger.rows[key] for key in keys if self._rows[key] is None)
            if gone:
                yield DeleteRows(owner, gone, about, MADE)
            kept = [self._write(row) for key in keys if (row := self._rows[key]) is not None]
            kept = [one for one in kept if not same_row(one.before, one.after)]
            write = in_one_request(owner, kept, about, (FORMER,))
            writes += [write] if write else []
        yield from writes

    def _write(self, row: Row) -> RowWrite:
        stored = self.present.ledger.rows.get(row.key)
        task, parent = self.refs.to_write(row.task), self.refs.to_write(row.placed_under)
        return RowWrite(stored.row if stored else None, row, task, parent, confirmed=True)

    def _take_back(self, write: RowWrite, about: About) -> None:
        key, after = write.after.key, self._resolved(write)
        now = self._now(key)
        if now is None and write.before is None:
            return
        why = self._why_not(write, after, now)
        if why or now is None:
            self._stays(after, about, why or "its row is gone")
        elif write.before is None:
            self._put(key, None, about)
        else:
            self._set_back(write.before, after, now, about)

    def _resolved(self, write: RowWrite) -> Row:
        """Return the row as it was written: with the gid of a task that the run made."""
        task = self.refs.gid(write.task) if write.task else write.after.task
        return replace(write.after, task=task, placed_under=self.refs.gid(write.parent))

    def _why_not(self, write: RowWrite, after: Row, now: Row | None) -> str:
        """Return why a row that a run wrote stays as it is, "" when it does not."""
        allocation = self.present.contracts.allocations.get(after.allocation_id)
        if after.key in self.present.ledger.twins:
            return TWINS
        if allocation and allocation.sealing and allocation.id not in self.lifted:
            return SEALED
        if write.before is None and now is not None and (why := self._why_kept(after, now)):
            return why
        return TASK_STAYS if after.task and after.task in self.staying else ""

    def _why_kept(self, after: Row, now: Row) -> str:
        """Return what speaks against deleting a row that a run made, "" when nothing does."""
        if changed := [name for name in CELLS if not _is_still(name, now, after, None)]:
            return f"{_spelled(changed)}: {CHANGED}"
        return "" if self.present.ledger.rows[now.key].record_id in self.present.untouched else WORDS

    def _set_back(self, before: Row, after: Row, now: Row, about: About) -> None:
        """Set back each cell that is still what the run wrote."""
        written = [name for name in CELLS if getattr(before, name) != getattr(after, name)]
        changed = [
            name
            for name in written
            if not _is_still(name, now, after, before) and getattr(now, name) != getattr(before, name)
        ]
        if changed:
            self._stays(after, about, f"{_spelled(changed)}: {CHANGED}")
        if back := {name: getattr(before, name) for name in written if name not in changed}:
            self._put(now.key, replace(now, **back), about)

    def _bring_back(self, row: Row, about: About) -> None:
        if self._now(row.key) is not None or row.key in self.present.ledger.twins:
            self._stays(row, about, "its row is there again")
        else:
            self._put(row.key, row, about)

    def _now(self, key: str) -> Row | None:
        if key in self._rows:
            return self._rows[key]
        stored = self.present.ledger.rows.get(key)
        return stored.row if stored else None

    def _put(self, key: str, row: Row | None, about: About) -> None:
        self._rows[key] = row
        self._abouts[key] = about

    def _stays(self, row: Row, about: About, why: str) -> None:
        self.not_undone.append(NotUndone(about, why))
        self.spoilt.add(row.allocation_id)
        if row.task:
            self.bound.add(row.task)


def made_rows(outcomes: Iterable[Outcome], present: Present) -> tuple[StoredRow, ...]:
    """Return the rows that changes made and that are there."""
    changes = (one.change for one in outcomes)
    writes = chain.from_iterable(one.rows for one in changes if isinstance(one, WriteRows))
    rows = present.ledger.rows
    return tuple(rows[one.after.key] for one in writes if one.before is None and one.after.key in rows)


def _is_still(name: str, now: Row, after: Row, before: Row | None) -> bool:
    """Tell whether a cell says what was written; of a place that was not confirmed the former one stayed."""
    value, written = getattr(now, name), getattr(after, name)
    if name == "placed_under" and value == (before.placed_under if before else ""):
        return True
    return value == written or (isinstance(value, str) and value.split() == str(written).split())


def _spelled(names: Iterable[str]) -> str:
    return ", ".join(LABELS.get(name, name.replace("_", " ").capitalize()) for name in names)
