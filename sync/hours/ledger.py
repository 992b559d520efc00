"""The ledger: what the rows of one issue or task should be (decision D8).

`GitHub Hours` is one growing number; the ledger spreads it over the periods in which the work was done, in one row for
each allocation. With H the item's minutes and S its sealed minutes, its unsealed rows add up to H - S.
"""

from collections.abc import Iterable
from datetime import date

from sync.hours.book import Book
from sync.hours.sealing import GRACE_DAYS, is_sealed, may_have_been_sealed
from sync.hours.targets import named_allocations, periods_of, target_for, undecided
from sync.hours.values import Posting, Settled, Target, WorkItem
from sync.model.contract import Contracts
from sync.model.issue import EmptyHours, LoggedHours, UnknownHours
from sync.model.minutes import spell_hours


def settle(item: WorkItem, contracts: Contracts, today: date, grace_days: int = GRACE_DAYS) -> Settled:
    """Return what the rows of *item* should be after this run; fed its own result, it returns the same rows.

    Opening the book restores the sealed rows. Beyond that, what could not be read changes nothing; work that was not
    delivered, or counts less than is sealed, counts nothing in unsealed rows; else minutes move to where they belong by
    now, and then the unsealed rows grow or shrink to H - S.
    """
    book = Book(item, contracts)
    hours = _countable(item, contracts)
    if hours is not None:
        book.mend()
    decided = item.where.decided and contracts.complete
    where = item.where if decided else undecided(item.where, book.rows.values(), contracts)
    target = target_for(item.work_date.day, where, contracts, today)

    if hours is None:
        _note_unknown(book, item, contracts)
    elif hours < book.sealed_minutes or not item.delivered:
        _drop_unsealed(book, item, hours)
    else:
        once_sealed = _once_sealed(contracts, today, grace_days)
        if decided and not _gather(book, item, target, contracts, once_sealed):
            _move(book, item, contracts, today)
        _balance(book, item, target, hours - book.sealed_minutes)
        if decided:  # the row that had taken the board's date up may be empty now
            _gather(book, item, target, contracts, once_sealed)

    if not book.rows:
        logged_zero = hours is not None and item.delivered and isinstance(item.hours, LoggedHours)
        book.start(target, 0 if logged_zero else None, item.work_date, item.where.by_person)
    rows = tuple(book.rows[allocation_id] for allocation_id in sorted(book.rows))
    return Settled(item.owner, rows, target, tuple(book.steps), tuple(book.remarks), known=hours is not None)


def _countable(item: WorkItem, contracts: Contracts) -> int | None:
    """Return H: the minutes that count, none for work that was not delivered; None when it cannot be told."""
    if not contracts.complete:
        return None
    if not item.delivered:
        return 0
    match item.hours:
        case LoggedHours(minutes=minutes):
            return minutes
        case EmptyHours():
            return 0
        case UnknownHours():
            return None


def _note_unknown(book: Book, item: WorkItem, contracts: Contracts) -> None:
    """Say why the rows are left as they are: unknown is not zero."""
    if not contracts.complete:
        book.steps.append("the contracts could not all be read: nothing changes")
    elif isinstance(item.hours, UnknownHours):
        book.steps.append(f"the hours are not known ({item.hours.reason}): nothing changes")
        if item.hours.absurd:
            book.remark("absurd_hours", item.hours.reason)


def _drop_unsealed(book: Book, item: WorkItem, hours: int) -> None:
    """Count nothing that is not sealed, and say so when sealed minutes stay although fewer count."""
    why = "fewer hours are logged than are sealed" if item.delivered else "closed without being delivered"
    book.empty(book.unsealed, why)
    if hours < book.sealed_minutes:
        sealed, now = spell_hours(book.sealed_minutes), spell_hours(hours)
        book.remark("lowered_after_sealing", f"{now} h count now, but {sealed} h are sealed")


def _balance(book: Book, item: WorkItem, target: Target, minutes: int) -> None:
    """Make the unsealed rows add up to *minutes*: the target's row grows, or the newest rows shrink first."""
    growth = minutes - book.unsealed_minutes
    if growth > 0:
        book.put(target, growth, item.work_date.day, item.work_date.evidence, item.where.by_person)
    elif growth < 0:
        book.take_newest_first(-growth, "fewer hours are logged now")


# Moving: minutes that lie elsewhere than they belong.


def _gather(book: Book, item: WorkItem, target: Target, contracts: Contracts, once_sealed: frozenset[str]) -> bool:
    """Move all minutes when community, place or explicit date changed; tell whether one did."""
    why = _why_all_move(book, item, contracts, once_sealed)
    if why:
        book.gather(target, item.work_date, item.where.by_person, why)
    return bool(why)


def _move(book: Book, item: WorkItem, contracts: Contracts, today: date) -> None:
    """Move those rows that have a better place."""
    homes = [(row, _home(row, item, contracts, today)) for row in book.movable]
    leaving = [(row, home) for row, home in homes if home.allocation_id != row.allocation_id]
    for row, home in leaving:
        book.take(row, row.counted, home.reason)
    for row, home in leaving:
        book.put(home, row.counted, row.end, row.dated_by, item.where.by_person)
    _note_outside(book, item, contracts)


def _once_sealed(contracts: Contracts, today: date, grace_days: int) -> frozenset[str]:
    known = contracts.allocations.values()
    return frozenset(one.id for one in known if may_have_been_sealed(one, today, grace_days))


def _why_all_move(book: Book, item: WorkItem, contracts: Contracts, once_sealed: frozenset[str]) -> str:
    """Tell what changed for all unsealed minutes of the item; "" when nothing did."""
    rows, where = book.movable, item.where
    if _counts_for(rows, contracts) - where.project_ids:
        return "it counts for another project now"
    if _is_outside_the_named(book, item, contracts, once_sealed):
        return "the allocation is named for it now"
    if not where.by_person and any(row.by_person for row in rows):
        return "no person's place decides any more"
    if _is_dated_anew(book, item, once_sealed):
        return f"the board's End date is {item.work_date.evidence.removeprefix('board ')} now"
    return ""


def _counts_for(rows: Iterable[Posting], contracts: Contracts) -> set[str]:
    """Return the projects rows lie in; an allocation whose link was cleared tells none: absence is never proof."""
    return {contracts.allocations[row.allocation_id].project_id for row in rows if row.placed} - {""}


def _is_outside_the_named(book: Book, item: WorkItem, contracts: Contracts, once_sealed: frozenset[str]) -> bool:
    """Tell whether one unsealed allocation is named and minutes lie elsewhere.

    Minutes do not come back to a period when they left because it was sealed, which reopening it does not change:
    late ones, and those of work that a person placed there, in the period that holds their end. Minutes that wait find
    the reopened period by themselves, and take no others along.
    """
    named = named_allocations(item.where, contracts)
    if len(named) != 1 or is_sealed(named[0]):
        return False
    elsewhere = [row for row in book.movable if row.allocation_id != named[0].id]
    if named[0].id in once_sealed:
        elsewhere = [row for row in elsewhere if row.placed and not (row.late or _is_placed_in_time(row, contracts))]
    return bool(elsewhere)


def _is_placed_in_time(row: Posting, contracts: Contracts) -> bool:
    """Tell whether a person placed the work, and the row's allocation holds its end."""
    if not row.by_person or not row.placed or row.end is None:
        return False
    return contracts.allocations[row.allocation_id].holds(row.end)


def _is_dated_anew(book: Book, item: WorkItem, once_sealed: frozenset[str]) -> bool:
    """Tell whether the board's date is another one than the rows were dated by.

    Where some row took the date up already, an older date in a period that was sealed is no change: it was sealed when
    the board's date went on, and reopening it moves no minutes by itself.
    """
    evidence = item.work_date.evidence
    if not item.work_date.explicit:
        return False
    taken_up = any(row.counted and row.dated_by == evidence for row in book.rows.values())
    others = [row for row in book.movable if row.dated_by != evidence]
    return any(not (taken_up and row.allocation_id in once_sealed) for row in others)


def _home(row: Posting, item: WorkItem, contracts: Contracts, today: date) -> Target:
    """Return where the minutes of one row belong by the row's own end: mostly where they are."""
    if not row.placed:
        return target_for(row.end or item.work_date.day, item.where, contracts, today)
    here = contracts.allocations[row.allocation_id]
    if row.end and _is_outside(row, item, contracts):
        holding = [one for one in periods_of({here.project_id}, contracts) if one.holds(row.end)]
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
            book.remark("outside_its_period", text, row.allocation_id)
