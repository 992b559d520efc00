"""Carry out a plan: the only page that writes. One bad item stops nothing else (requirement 105).

Outcomes are told in the order of the plan; task writes are carried out ahead, several at a time (`sync.writing.ahead`).
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

from mappings.back_link import back_link_text
from sync.errors import Denied, LeaseLost, ServiceError, Transient
from sync.initiatives import Initiatives
from sync.model.change import (
    Applied,
    Change,
    DeleteBackLink,
    DeleteRows,
    LeaveHome,
    MakeInitiative,
    Outcome,
    Plan,
    RemoveRow,
    RemoveTask,
    Result,
    RowWrite,
    SealAllocation,
    TaskRef,
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
)
from sync.ports import ROWS_PER_REQUEST, BackLinks, LedgerTarget, PlanningBoard, TaskTarget, TotalsTarget
from sync.writing.ahead import WORKERS, Ahead, subject_of
from sync.writing.attempts import Attempt, attempt
from sync.writing.going import Going
from sync.writing.tasks import TaskWrite, TaskWrites

CellsWrite = SealAllocation | WriteTotals | WriteProposal
"""Cells of one record each; those of one kind go ten to a request."""
FIRST_OWNERS = 8
"""So many issues wait for the first rows: fewer than the guards' minimum, so that a crash never leaves a mirror that
looks emptied."""
FAILURES_IN_A_ROW = 3
"""So many transient failures one after the other mean that the service is down, not that an item is bad."""
OUT_OF_TIME = "the run wrote for as long as it may; the next one goes on from here"


class Stopped(Exception):
    """The run cannot go on writing; what is left is skipped."""

    def __init__(self, cause: ServiceError) -> None:
        super().__init__(str(cause))
        self.cause = cause


def apply_plan(
    plan: Plan,
    tasks: TaskTarget,
    ledger: LedgerTarget,
    *,
    home_project: str,
    on_outcome: Callable[[Outcome], None],
    interrupted: Callable[[], bool] = lambda: False,
    back_links: BackLinks | None = None,
    planning: PlanningBoard | None = None,
    totals: TotalsTarget | None = None,
    out_of_time: Callable[[], bool] = lambda: False,
    workers: int = WORKERS,
) -> Applied:
    """Write *plan* and return what came of every change, in its order.

    *on_outcome* is told each outcome in that order. When *interrupted* answers yes, what is under way is finished, the
    rows of the tasks that were written are written, and the rest is skipped; so also when it is *out_of_time*, but for
    one change at least. *workers* is how many task writes are under way at a time; 0 writes one after the other.
    """
    applying = _Applying(TaskWrites(tasks, home_project), ledger, on_outcome, interrupted)
    applying.back_links = back_links
    applying.totals = totals
    applying.out_of_time = out_of_time
    applying.initiatives = Initiatives(planning, ledger) if planning else None
    with closing(Ahead(plan.changes, applying.attempted, workers)) as ahead:
        stopped = applying.run(plan.changes, ahead)
    return Applied(tuple(applying.outcomes), stopped)


class _Applying:
    def __init__(
        self,
        tasks: TaskWrites,
        ledger: LedgerTarget,
        on_outcome: Callable[[Outcome], None],
        interrupted: Callable[[], bool],
    ) -> None:
        self._tasks = tasks
        self._ledger = ledger
        self._on_outcome = on_outcome
        self._interrupted = interrupted
        self._buffer: deque[WriteRows] = deque()
        self._cells: deque[CellsWrite] = deque()
        self._going = Going(ledger)
        self._rows_written = False
        self._failures = 0
        self._told: set[int] = set()
        self._ended: set[TaskRef] = set()
        """Tasks of which a change was carried out."""
        self.back_links: BackLinks | None = None
        self.totals: TotalsTarget | None = None
        self.out_of_time: Callable[[], bool] = lambda: False
        self.initiatives: Initiatives | None = None
        self.outcomes: list[Outcome] = []

    def run(self, changes: Sequence[Change], ahead: Ahead) -> str:
        """Apply all changes; after a stop, account for the rest as skipped and return what stopped it."""
        begun = 0
        try:
            while begun < len(changes) and not self._interrupted() and not (begun and self.out_of_time()):
                self._feed(ahead, changes, begun)
                begun += 1
                self._one(changes[begun - 1], ahead)
            self._end_what_is_under_way(changes[begun:], ahead)
            self._flush_going()
            self._flush_rows()
            if begun == len(changes) or not self._interrupted():
                self._flush_cells()
        except Stopped as stopped:
            self._skip_the_rest(changes, ahead, f"the run stopped: {stopped.cause}")
            return str(stopped.cause)
        why = "" if begun == len(changes) or self._interrupted() else OUT_OF_TIME
        self._skip_the_rest(changes, ahead, why or "interrupted")
        return why

    def _feed(self, ahead: Ahead, changes: Sequence[Change], begun: int) -> None:
        """Write what has to be there before the next change, and let task writes begin ahead.

        Until the first rows are written so few of them that none look orphaned.
        """
        if not isinstance(changes[begun], DeleteRows):
            self._flush_going()
        if isinstance(changes[begun], DeleteRows | WriteRows):
            self._flush_cells()  # a seal that is lifted goes before the rows it held
        if isinstance(changes[begun], WriteCshHours):
            self._flush_rows()
            self._flush_cells()
        ahead.feed(begun, None if self._rows_written else FIRST_OWNERS)

    def _one(self, change: Change, ahead: Ahead) -> None:
        match change:
            case DeleteRows():
                self._add_going(change)
            case WriteRows():
                self._add_rows(change)
            case SealAllocation() | WriteTotals() | WriteProposal():
                self._flush_rows()
                self._add_cells(change)
            case LeaveHome():
                self._attempt(change, partial(self._tasks.leave_home, change))
            case RemoveTask():
                self._attempt(change, partial(self._tasks.remove, change))
            case RemoveRow():
                self._attempt(change, partial(self._remove_row, change))
            case WriteBackLink() | DeleteBackLink():
                self._flush_rows()
                self._flush_cells()
                self._attempt(change, partial(self._comment, change))
            case MakeInitiative():
                self._attempt(change, partial(self._initiative, change))
            case _:
                done = ahead.take(change)
                if done is None and ahead.cause is not None:
                    raise Stopped(ahead.cause)
                if done is not None:
                    self._ended.add(subject_of(change))
                    self._account(done)

    def attempted(self, change: TaskWrite) -> Attempt:
        """Carry out a task write; asked by any thread."""
        return attempt(change, partial(self._tasks.carry_out, change))

    def _attempt(self, change: Change, do: Callable[[], Outcome]) -> None:
        """Carry out one change and record what came of it. Raises Stopped when going on makes no sense."""
        self._account(attempt(change, do))

    def _account(self, done: Attempt) -> None:
        """Record what came of a change. Raises Stopped when going on makes no sense."""
        self._tell(done.outcome)
        if done.error is not None and done.stops:
            raise Stopped(done.error) from done.error
        if done.error is not None and done.passes:
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                raise Stopped(done.error) from done.error
        if done.outcome.result in {Result.DONE, Result.SKIPPED}:
            self._failures = 0

    def _tell(self, outcome: Outcome) -> None:
        self._told.add(id(outcome.change))
        self.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _end_what_is_under_way(self, left: Iterable[Change], ahead: Ahead) -> None:
        """Tell what was begun before an interruption, and write the rows of those tasks."""
        ahead.halt()
        for change in left:
            if isinstance(change, TaskWrite) and (done := ahead.take(change)) is not None:
                self._tell(done.outcome)
                self._ended.add(subject_of(change))
            elif isinstance(change, WriteRows) and any(write.task in self._ended for write in change.rows):
                self._add_rows(change)

    def _skip_the_rest(self, changes: Iterable[Change], ahead: Ahead, reason: str) -> None:
        """Account for all changes of which nothing was told: what is under way to its end, the rest as skipped."""
        ahead.halt()
        for change in changes:
            if id(change) in self._told:
                continue
            done = ahead.take(change) if isinstance(change, TaskWrite) else None
            self._tell(done.outcome if done else Outcome(change, Result.SKIPPED, reason))

    # Issues on GitHub.

    def _comment(self, change: WriteBackLink | DeleteBackLink) -> Outcome:
        if isinstance(change, DeleteBackLink):
            return self._delete_back_link(change)
        gid = self._tasks.gid(change.task)
        if not gid or self.back_links is None:
            return Outcome(change, Result.SKIPPED, "its task was not made; its comment follows when it is")
        text = back_link_text(gid, change.words)
        comment_id = self.back_links.write(change.repository, change.number, change.comment_id, text)
        return Outcome(change, Result.DONE, gid=str(comment_id or ""))

    def _delete_back_link(self, change: DeleteBackLink) -> Outcome:
        if self.back_links is None:
            return Outcome(change, Result.SKIPPED, "comments on issues are switched off")
        text = self.back_links.read_comment(change.repository, change.comment_id)
        if text not in {None, back_link_text(change.gid, change.words)}:
            return Outcome(change, Result.SKIPPED, "somebody edited it meanwhile")
        self.back_links.delete(change.repository, change.comment_id)
        return Outcome(change, Result.DONE)

    def _initiative(self, change: MakeInitiative) -> Outcome:
        if self.initiatives is None:
            return Outcome(change, Result.SKIPPED, "initiatives are not switched on")
        return Outcome(change, Result.DONE, self.initiatives.make(change))

    # Airtable rows, seals, totals and proposed statuses.

    def _add_rows(self, change: WriteRows) -> None:
        waiting = sum(len(one.rows) for one in self._buffer)
        if self._buffer and waiting + len(change.rows) > ROWS_PER_REQUEST:
            self._flush_rows()
        self._buffer.append(change)
        if len(self._buffer) >= (ROWS_PER_REQUEST if self._rows_written else FIRST_OWNERS):
            self._flush_rows()

    def _flush_rows(self) -> None:
        """Write the rows that wait, whole issues together; when the request is refused, issue by issue."""
        if len(self._buffer) > 1 and self._flushed_together():
            return
        while self._buffer:
            change = self._buffer.popleft()
            if (rows := self._resolved(change)) is not None:
                self._attempt(change, lambda change=change, rows=rows: self._write_rows(change, rows))  # type: ignore[misc]

    def _flushed_together(self) -> bool:
        """Write all rows that wait in one request; tell whether they need no further one."""
        ready = {change.owner: rows for change in self._buffer if (rows := self._resolved(change)) is not None}
        changes = [change for change in self._buffer if change.owner in ready]
        self._buffer = deque(changes)
        if len(changes) < 2:
            return False
        try:
            self._ledger.write_rows([row for rows in ready.values() for row in rows])
            self._rows_written = True
        except (Denied, LeaseLost, Transient) as error:
            self._fail_rows(changes)
            self._buffer.clear()
            for change in changes:
                self._tell(Outcome(change, Result.FAILED, str(error)))
            raise Stopped(error) from error
        except Exception:  # noqa: BLE001  one bad record refuses the whole request: each issue gets its own
            return False
        self._buffer.clear()
        for change in changes:
            self._tell(Outcome(change, Result.DONE))
        return True

    def _write_rows(self, change: WriteRows, rows: list[RowWrite]) -> Outcome:
        try:
            for start in range(0, len(rows), ROWS_PER_REQUEST):
                self._ledger.write_rows(rows[start : start + ROWS_PER_REQUEST])
                self._rows_written = True
        except Exception:
            self._fail_rows([change])
            raise
        return Outcome(change, Result.DONE)

    def _remove_row(self, change: RemoveRow) -> Outcome:
        if change.record_id not in self._ledger.spare_rows([change.key]):
            return Outcome(change, Result.SKIPPED, "somebody wrote into it or deleted it meanwhile")
        self._ledger.remove_rows([change.record_id])
        return Outcome(change, Result.DONE)

    def _add_going(self, change: DeleteRows) -> None:
        if not self._going.takes(change):
            self._flush_going()
        self._going.add(change)

    def _flush_going(self) -> None:
        """Delete the rows that go. Raises Stopped when going on makes no sense."""
        done = self._going.carry_out()
        for one in done:
            self._tell(one.outcome)
            if one.outcome.result is not Result.DONE and isinstance(one.outcome.change, DeleteRows):
                self._tasks.spoilt |= {row.row.allocation_id for row in one.outcome.change.rows}
        for one in done:
            if one.error is not None and (one.stops or one.passes):
                raise Stopped(one.error) from one.error

    def _fail_rows(self, changes: Iterable[WriteRows]) -> None:
        self._tasks.spoilt |= {write.after.allocation_id for change in changes for write in change.rows}

    def _resolved(self, change: WriteRows) -> list[RowWrite] | None:
        """Fill in the gids that became known; None (and an outcome) when the task was not made."""
        rows = []
        for write in change.rows:
            task = self._tasks.gid(write.task) if write.task else write.after.task
            if write.task and not task:
                self._fail_rows([change])
                self._tell(Outcome(change, Result.SKIPPED, "its task was not made; its row follows when it is"))
                return None
            rows.append(replace(write, after=replace(write.after, task=task, placed_under=self._parent(write))))
        return rows

    def _parent(self, write: RowWrite) -> str:
        """Return the parent to remember: only one that Asana confirmed."""
        wanted = self._tasks.gid(write.parent) if write.parent else ""
        before = write.before.placed_under if write.before else ""
        if wanted == before or write.task is None or write.task in self._tasks.placed:
            return wanted
        return wanted if write.confirmed else before

    def _add_cells(self, change: CellsWrite) -> None:
        if (why := self._why_not(change)) is not None:
            self._tell(Outcome(change, Result.SKIPPED, why))
            return
        if self._cells and type(self._cells[0]) is not type(change):
            self._flush_cells()
        self._cells.append(change)
        if len(self._cells) >= ROWS_PER_REQUEST:
            self._flush_cells()

    def _why_not(self, change: CellsWrite) -> str | None:
        """Return why cells must not be written: the rows behind them are not there, all of them."""
        match change:
            case SealAllocation(sealing=sealing) if sealing is not None and change.allocation_id in self._tasks.spoilt:
                return "not all of its rows were written; sealed by the next complete run"
            case WriteTotals() if change.allocation_id in self._tasks.spoilt:
                return "not all of its rows were written; its totals stay"
            case _:
                return None

    def _flush_cells(self) -> None:
        """Write the seals, totals or proposals that wait in one request; when it is refused, record by record."""
        if not self._cells:
            return
        changes = tuple(self._cells)
        try:
            self._write_cells(changes)
        except (Denied, LeaseLost, Transient) as error:
            self._cells.clear()
            for change in changes:
                self._tell(Outcome(change, Result.FAILED, str(error)))
            raise Stopped(error) from error
        except Exception:  # noqa: BLE001  one bad record refuses the whole request: each gets its own
            while self._cells:
                one = self._cells.popleft()
                self._attempt(one, lambda one=one: self._write_cells((one,)))  # type: ignore[misc]
        else:
            self._cells.clear()
            for change in changes:
                self._tell(Outcome(change, Result.DONE))

    def _write_cells(self, changes: Sequence[CellsWrite]) -> Outcome:
        seals = {one.allocation_id: one.sealing for one in changes if isinstance(one, SealAllocation)}
        totals = {one.allocation_id: one.after for one in changes if isinstance(one, WriteTotals)}
        proposals = {one.engagement_id: one.after for one in changes if isinstance(one, WriteProposal)}
        if seals:
            self._ledger.write_seals(seals)
        if totals:
            (self.totals or self._ledger).write_totals(totals)
        if proposals:
            self._ledger.write_proposals(proposals)
        return Outcome(changes[0], Result.DONE)
