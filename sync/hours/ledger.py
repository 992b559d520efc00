"""The ledger: what the rows of one issue or task should be (decision D8).

`GitHub Hours` is one growing number; the ledger spreads it over the periods in which the work was done, in one row for
each allocation. With H the item's minutes and S its sealed minutes, its unsealed rows add up to H - S.
"""

from datetime import date

from sync.hours.book import Book
from sync.hours.sealing import is_sealed
from sync.hours.targets import named_allocations, target_for, undecided
from sync.hours.values import Posting, Settled, Target, WorkItem
from sync.model.contract import Contracts
from sync.model.issue import LoggedHours, UnknownHours
from sync.model.minutes import spell_hours


def settle(item: WorkItem, contracts: Contracts, today: date) -> Settled:
    """Return what the rows of *item* should be after this run; fed its own result, it returns the same rows.

    Opening the book restores the sealed rows. Beyond that, contracts or hours that could not be read change nothing;
    work that was not delivered counts nothing; else minutes move to where they belong by now, and then the unsealed
    rows grow or shrink to H - S.
    """
    book = Book(item, contracts)
    decided = item.where.decided and contracts.complete
    where = item.where if decided else undecided(item.where, book.rows.values(), contracts)
    target = target_for(item.work_date.day, where, contracts, today)
    first = None

    if not contracts.complete:
        book.steps.append("the contracts could not all be read: nothing changes")
    elif not item.delivered:
        book.mend()
        _drop_unsealed(book, 0, "closed without being delivered")
    elif isinstance(item.hours, UnknownHours):
        _note_unknown(book, item.hours)
    else:
        first = 0 if isinstance(item.hours, LoggedHours) else None
        logged = item.hours.minutes if isinstance(item.hours, LoggedHours) else 0
        book.mend()
        if logged < book.sealed_minutes:
            _drop_unsealed(book, logged, "fewer hours are logged than are sealed")
        else:
            if decided:
                _move(book, item, target, contracts, today)
            _balance(book, item, target, logged - book.sealed_minutes)

    if not book.rows:
        book.start(target, first, item.work_date, item.where.by_person)
    rows = tuple(book.rows[allocation_id] for allocation_id in sorted(book.rows))
    return Settled(item.owner, rows, target, tuple(book.steps), tuple(book.remarks))


def _drop_unsealed(book: Book, logged: int, why: str) -> None:
    """Count nothing that is not sealed, and say so when sealed minutes stay although fewer are logged."""
    book.empty(book.unsealed, why)
    if logged < book.sealed_minutes:
        sealed, now = spell_hours(book.sealed_minutes), spell_hours(logged)
        book.remark("lowered-after-sealing", f"{now} h count now, but {sealed} h are sealed")


def _note_unknown(book: Book, hours: UnknownHours) -> None:
    """Say why the rows are left as they are: unknown is not zero."""
    book.steps.append(f"the hours are not known ({hours.reason}): nothing changes")
    if hours.absurd:
        book.remark("absurd-hours", hours.reason)


def _balance(book: Book, item: WorkItem, target: Target, minutes: int) -> None:
    """Make the unsealed rows add up to *minutes*: the target's row grows, or the newest rows shrink first."""
    growth = minutes - book.unsealed_minutes
    if growth > 0:
        book.put(target, growth, item.work_date.day, item.work_date.evidence, item.where.by_person)
    elif growth < 0:
        book.take_newest_first(-growth, "fewer hours are logged now")


# Moving: minutes that lie elsewhere than they belong.


def _move(book: Book, item: WorkItem, target: Target, contracts: Contracts, today: date) -> None:
    """Move all minutes when community, place or explicit date changed, else those rows that have a better place."""
    why = _why_all_move(book, item, contracts, today)
    if why:
        book.gather(target, item.work_date, item.where.by_person, why)
        return
    homes = [(row, _home(row, item, contracts, today)) for row in book.movable]
    leaving = [(row, home) for row, home in homes if home.allocation_id != row.allocation_id]
    for row, home in leaving:
        book.take(row, row.counted, home.reason)
    for row, home in leaving:
        book.put(home, row.counted, row.end, row.dated_by, item.where.by_person)
    _note_outside(book, item, contracts)


def _why_all_move(book: Book, item: WorkItem, contracts: Contracts, today: date) -> str:
    """Tell what changed for all unsealed minutes of the item; "" when nothing did."""
    rows, where = book.movable, item.where
    if any(row.placed and contracts.allocations[row.allocation_id].project_id not in where.project_ids for row in rows):
        return "it counts for another project now"
    if _is_outside_the_named(book, item, contracts, today):
        return "the allocation is named for it now"
    if not where.by_person and any(row.by_person for row in rows):
        return "no person's place decides any more"
    if item.work_date.explicit and any(row.dated_by != item.work_date.evidence for row in rows):
        return f"the board's End date is {item.work_date.evidence.removeprefix('board ')} now"
    return ""


def _is_outside_the_named(book: Book, item: WorkItem, contracts: Contracts, today: date) -> bool:
    """Tell whether one unsealed allocation is named and minutes lie elsewhere.

    Late minutes do not come back to a period that is over: they left because it was sealed, and reopening it moves no
    minutes by itself.
    """
    named = named_allocations(item.where, contracts)
    if len(named) != 1 or is_sealed(named[0]):
        return False
    over = named[0].end is not None and named[0].end < today
    return any(row.allocation_id != named[0].id and not (row.late and over) for row in book.movable)


def _home(row: Posting, item: WorkItem, contracts: Contracts, today: date) -> Target:
    """Return where the minutes of one row belong by the row's own end: mostly where they are."""
    if not row.placed:
        return target_for(row.end or item.work_date.day, item.where, contracts, today)
    here = contracts.allocations[row.allocation_id]
    if row.end and _is_outside(row, item, contracts):
        siblings = contracts.allocations_of(frozenset({here.project_id}))
        holding = [one for one in siblings if one.holds(row.end)]
        if len(holding) == 1 and not is_sealed(holding[0]):
            return Target(holding[0].id, False, f"it holds {row.end}, {here.name} no longer does")
    return Target(row.allocation_id, row.late, "it stays")


def _is_outside(row: Posting, item: WorkItem, contracts: Contracts) -> bool:
    """Tell whether nothing but its end put a row where it is, and its allocation no longer holds that end."""
    if not row.placed or row.end is None or row.late or row.by_person or row.allocation_id in item.where.named:
        return False
    return not contracts.allocations[row.allocation_id].holds(row.end)


def _note_outside(book: Book, item: WorkItem, contracts: Contracts) -> None:
    """Name the rows that stay although their allocation no longer holds their end."""
    for row in book.movable:
        if _is_outside(row, item, contracts):
            text = f"{book.name(row.allocation_id)} no longer holds {row.end}, and not exactly one open allocation does"
            book.remark("outside-its-period", text)
