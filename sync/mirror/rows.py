"""The Activity rows that should be, and which of them have to be written (decision D8)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mappings.contacts import contact, ticket_url
from mappings.entry import OUT_OF_SCOPE, issue_cells, task_cells
from sync.hours.values import Posting
from sync.mirror.deciding import ELSEWHERE, PERSON, SYNC, Decision
from sync.mirror.handmade import TimedWork
from sync.mirror.identity import ASANA, GITHUB, Mirror
from sync.mirror.leaving import Fate, Make, NoTask, Remove, leaves_a_task
from sync.mirror.world import Policy
from sync.model.change import About, PlaceTask, RowWrite, TaskRef, WriteRows
from sync.model.contract import Contracts
from sync.model.work import Ledger, Row


def sealed_mark(on: date) -> str:
    """Return what the `Seal` cell says."""
    return f"sealed {on.isoformat()}"


@dataclass(frozen=True, slots=True)
class Seals:
    """Sealed allocations: the *marks* of all that are sealed when this run is over, and those *fixed* before it.

    *known* are all allocations that have a record; a row cannot link to another one.
    """

    marks: Mapping[str, str]
    fixed: frozenset[str]
    known: frozenset[str]


def issue_rows(
    decision: Decision, fate: Fate, policy: Policy, seals: Seals, about: About
) -> tuple[tuple[Row, ...], WriteRows | None]:
    """Return all rows of an issue as they should be, and the write that gets them there.

    In the rows returned, the gid of a task that is still to
    be made is "".
    """
    mirror, issue = decision.mirror, decision.scoped.issue
    stored = {item.row.key: item.row for item in mirror.rows} if mirror else {}
    task, parent = _task_of(decision, fate), _parent_of(decision, fate)
    restored = (mirror.restored if mirror else 0) + (isinstance(fate, Make) and fate.again)
    confirmed = parent is None or decision.by_person or _is_unseen(fate) or parent.gid == decision.place.parent_gid
    rows, writes = [], []
    for posting in decision.settled.postings:
        before = stored.get(f"{decision.settled.owner}@{posting.allocation_id}")
        fixed = posting.allocation_id in seals.fixed
        after = _posted(before or Row(key=f"{decision.settled.owner}@{posting.allocation_id}"), posting, seals)
        if not fixed or before is None:
            numbers = decision.match.tickets
            ticket = ticket_url(policy.ticket_host, numbers)
            after = issue_cells(after, issue, policy.zone, ticket=ticket, contact=contact(issue.body))
        after = replace(
            after,
            seal=seals.marks.get(posting.allocation_id, ""),
            task=task.gid if task else "",
            placed_under=parent.gid if parent else "",
            placed_by=_placed_by(decision, fate),
            restored=restored,
        )
        rows.append(after)
        pending = (task is not None and not task.gid) or (parent is not None and not parent.gid)
        if pending or not same_row(before, after):
            edited = fixed and (before is None or before.minutes != after.minutes)
            writes.append(RowWrite(before, after, task, parent, restored=edited, confirmed=confirmed))
    steps = decision.settled.steps
    for stray in mirror.stray_rows if mirror else ():
        after = stray.row
        if decision.settled.known and after.allocation_id not in seals.fixed:
            after = replace(after, minutes=0 if after.minutes else after.minutes, github_id=issue.id, url=issue.url)
        if not same_row(stray.row, after):
            writes.append(RowWrite(stray.row, after))
            steps = (*steps, "a row under another id of the issue counts nothing")
        rows.append(after)
    return tuple(rows), in_one_request(decision.settled.owner, writes, about, steps)


def leaving_rows(
    mirror: Mirror, fate: Fate, about: About, moved: PlaceTask | None = None
) -> tuple[tuple[Row, ...], WriteRows | None]:
    """Return the rows of an issue that is no longer in scope: untouched, unless its task goes, is gone, or *moved* up.

    What a seal fixed stays: of a sealed row only what tells of the task changes.
    """
    rows = tuple(item.row for item in mirror.rows)
    if moved:
        parent = moved.parent.gid if moved.parent else ""
        after = tuple(replace(row, placed_under=parent) for row in rows)
        writes = [RowWrite(old, new, moved.task, moved.parent) for old, new in zip(rows, after, strict=True)]
        return after, in_one_request(mirror.owner, writes, about, (moved.reason,))
    if not (isinstance(fate, Remove) or (isinstance(fate, NoTask) and fate.certain)):
        return rows, None
    after = tuple(
        replace(row, task="", placed_under="", placed_by="", state=row.state if row.seal else OUT_OF_SCOPE)
        for row in rows
    )
    writes = [RowWrite(old, new) for old, new in zip(rows, after, strict=True) if not same_row(old, new)]
    why = "its task is removed" if isinstance(fate, Remove) else fate.reason
    return after, in_one_request(mirror.owner, writes, about, (why,))


def timed_rows(work: TimedWork, seals: Seals, about: About) -> tuple[tuple[Row, ...], WriteRows | None]:
    """Return the rows of time logged in Asana on one task, and the write that gets them there."""
    owner, rows, writes = work.settled.owner, [], []
    for posting in work.settled.postings:
        key = f"{owner}@{posting.allocation_id}"
        before = work.stored[key].row if key in work.stored else None
        fixed = posting.allocation_id in seals.fixed
        after = _posted(before or Row(key=key), posting, seals)
        if not fixed or before is None:
            after = task_cells(after, work.task, work.people.get(posting.allocation_id, ""))
        mark = seals.marks.get(posting.allocation_id, "")
        after = replace(after, seal=mark, placed_by=PERSON if posting.by_person else SYNC)
        rows.append(after)
        if not same_row(before, after):
            restored = fixed and (before is None or before.minutes != after.minutes)
            writes.append(RowWrite(before, after, restored=restored))
    return tuple(rows), in_one_request(owner, writes, about, work.settled.steps)


def mended_seals(
    contracts: Contracts, rows: Mapping[str, Row], ledger: Ledger, seals: Seals
) -> list[tuple[Row, WriteRows]]:
    """Return what writes sealed rows again that were edited or deleted and whose issue or task nobody settles any more.

    *rows* are all rows by key as they will be: those of issues in scope and of time in Asana say what their seals say.
    Nothing is missing from a table that was read in part.
    """
    mended: list[tuple[Row, WriteRows]] = []
    if not (contracts.complete and ledger.complete):
        return mended
    held = {key.rpartition("@")[0] for key in ledger.twins}
    for allocation in sorted(contracts.allocations.values(), key=lambda one: one.id):
        sealing = allocation.sealing if allocation.id in seals.fixed else None
        for key, minutes in sorted(sealing.rows.items()) if sealing else ():
            before = ledger.rows[key].row if key in ledger.rows else None
            row = rows.get(key, before)
            if (row is not None and row.minutes == minutes) or key.rpartition("@")[0] in held:
                continue
            kept = row or Row(key, source=ASANA if key.startswith("asana:") else GITHUB, link=allocation.id)
            after = replace(kept, minutes=minutes, seal=seals.marks[allocation.id])
            about = About(after.title or after.owner, url=after.url)
            write = RowWrite(before, after, restored=True)
            mended.append((after, WriteRows(after.owner, (write,), about, "a sealed row was edited or deleted")))
    return mended


def same_row(before: Row | None, after: Row) -> bool:
    """Tell whether a stored row already says everything, blanks and trailing newlines aside."""
    return before is not None and _canonical(before) == _canonical(after)


def _canonical(row: Row) -> Row:
    return replace(
        row,
        title=_words(row.title),
        url=_words(row.url),
        ticket=_words(row.ticket),
        contact=_words(row.contact),
        people=_words(row.people),
        state=_words(row.state),
    )


def _words(text: str) -> str:
    return " ".join(text.split())


def _posted(row: Row, posting: Posting, seals: Seals) -> Row:
    link = posting.allocation_id if posting.placed else ""
    if link not in seals.known:
        link = row.link if link else ""
    return replace(
        row, minutes=posting.minutes, end=posting.end, dated_by=posting.dated_by, late=posting.late, link=link
    )


def in_one_request(owner: str, writes: list[RowWrite], about: About, steps: tuple[str, ...]) -> WriteRows | None:
    """Order decreases first, so that a request that is cut in two never counts minutes twice."""
    if not writes:
        return None
    ordered = sorted(writes, key=lambda write: (_growth(write), write.after.key))
    return WriteRows(owner, tuple(ordered), about, "; ".join(steps) or _why(ordered))


def _growth(write: RowWrite) -> int:
    before = write.before.minutes if write.before else 0
    return (write.after.minutes or 0) - (before or 0)


def _why(writes: list[RowWrite]) -> str:
    if any(write.restored for write in writes):
        return "a sealed row was edited or deleted by hand; written again from the seal"
    if any(write.before is None for write in writes):
        return "new in the ledger"
    if all(write.before == replace(write.after, seal=write.before.seal) for write in writes if write.before):
        return "sealed" if writes[0].after.seal else "unsealed"
    return "brought up to date"


def _task_of(decision: Decision, fate: Fate) -> TaskRef | None:
    """Return the task to remember: one that went is forgotten, one that is not seen is not."""
    if leaves_a_task(fate):
        return decision.ref
    remembered = decision.mirror.named_task if decision.mirror else ""
    return TaskRef(gid=remembered) if remembered and not isinstance(fate, Remove) else None


def _parent_of(decision: Decision, fate: Fate) -> TaskRef | None:
    """Return the parent that we set last, or set in this run: a person's place is never recorded as ours."""
    if decision.by_person or _is_unseen(fate):
        last = decision.mirror.placed_under if decision.mirror else ""
        return TaskRef(gid=last) if last else None
    return decision.parent if leaves_a_task(fate) else None


def _placed_by(decision: Decision, fate: Fate) -> str:
    if _is_unseen(fate):
        return decision.mirror.placed_by if decision.mirror else ""
    if not leaves_a_task(fate):
        return ""
    if decision.by_person:
        return PERSON if decision.where.by_person else ELSEWHERE
    return SYNC if decision.parent else ""


def _is_unseen(fate: Fate) -> bool:
    """Tell whether there may be a task that this run did not see: what rows remember of it stays."""
    return isinstance(fate, NoTask) and not fate.certain
