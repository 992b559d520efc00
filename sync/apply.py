"""Carry out a plan, change by change: the only page that writes. One bad item stops nothing else (requirement 105)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from sync.errors import Denied, LimitReached, OutcomeUnknown, ServiceError, Transient
from sync.model.change import (
    Change,
    CreateTask,
    Outcome,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveTask,
    Result,
    RowWrite,
    SealAllocation,
    TaskDraft,
    TaskRef,
    UpdateTask,
    WriteCshHours,
    WriteRows,
    WriteTotals,
)
from sync.model.work import Task
from sync.ports import LedgerTarget, TaskTarget

ROWS_PER_REQUEST = 10
"""Airtable takes at most ten records in one request."""
OWNERS_PER_REQUEST = 8
"""Fewer than the guards' minimum, so that a crash never leaves a mirror that looks emptied."""
FAILURES_IN_A_ROW = 3
"""So many transient failures one after the other mean that the service is down, not that an item is bad."""


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
) -> tuple[Outcome, ...]:
    """Write *plan* in its order and return what came of every change.

    *on_outcome* is told each outcome as it happens. When *interrupted* answers yes, the rest is skipped at the next
    item boundary.
    """
    applying = _Applying(tasks, ledger, home_project, on_outcome, interrupted)
    applying.run(plan.changes)
    return tuple(applying.outcomes)


class _Applying:
    def __init__(
        self,
        tasks: TaskTarget,
        ledger: LedgerTarget,
        home_project: str,
        on_outcome: Callable[[Outcome], None],
        interrupted: Callable[[], bool],
    ) -> None:
        self._tasks = tasks
        self._ledger = ledger
        self._home = home_project
        self._on_outcome = on_outcome
        self._interrupted = interrupted
        self._made: dict[str, str] = {}
        self._placed: set[TaskRef] = set()
        self._unmoved_from: set[str] = set()
        self._buffer: list[WriteRows] = []
        self._totals: list[WriteTotals] = []
        self._spoilt: set[str] = set()
        self._failures = 0
        self.outcomes: list[Outcome] = []

    def run(self, changes: Iterable[Change]) -> None:
        """Apply all changes; after a stop, account for the rest as skipped."""
        pending = iter(changes)
        try:
            for change in pending:
                if self._interrupted():
                    self._skip([change, *pending], "interrupted")
                    return
                self._one(change)
            self._flush_rows()
            self._flush_totals()
        except Stopped as stopped:
            rest: list[Change] = [*self._buffer, *self._totals, *pending]
            self._skip(rest, f"the run stopped: {stopped.cause}")

    def _one(self, change: Change) -> None:
        match change:
            case WriteRows():
                self._add_rows(change)
            case WriteTotals():
                self._flush_rows()
                self._add_totals(change)
            case SealAllocation():
                self._flush_rows()
                self._attempt(change, lambda: self._seal(change))
            case CreateTask():
                self._attempt(change, lambda: self._create(change))
            case UpdateTask():
                self._attempt(change, lambda: self._update(change))
            case RehomeTask():
                self._attempt(change, lambda: self._rehome(change))
            case PlaceTask():
                self._attempt(change, lambda: self._place(change))
            case RemoveTask():
                self._attempt(change, lambda: self._remove(change))
            case WriteCshHours():
                self._flush_rows()
                self._flush_totals()
                self._attempt(change, lambda: self._csh_hours(change))

    def _attempt(self, change: Change, do: Callable[[], Outcome]) -> None:
        """Carry out one change and record what came of it. Raises Stopped when going on makes no sense."""
        try:
            outcome = do()
            self._failures = 0
        except (Denied, LimitReached) as error:
            self._tell(Outcome(change, Result.FAILED, str(error)))
            raise Stopped(error) from error
        except OutcomeUnknown as error:
            outcome = Outcome(change, Result.UNKNOWN, str(error))
        except Transient as error:
            outcome = Outcome(change, Result.FAILED, str(error))
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                self._tell(outcome)
                raise Stopped(error) from error
        except ServiceError as error:
            outcome = Outcome(change, Result.FAILED, str(error))
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _skip(self, changes: Iterable[Change], reason: str) -> None:
        for change in changes:
            self._tell(Outcome(change, Result.SKIPPED, reason))

    # Asana tasks.

    def _create(self, change: CreateTask) -> Outcome:
        task, note = self._tasks.create(change.draft)
        self._made[change.issue_id] = task.gid
        restored = self._restore_fields(task, change.draft)
        return Outcome(change, Result.DONE, "; ".join(filter(None, (note, restored))), task.gid)

    def _update(self, change: UpdateTask) -> Outcome:
        note = self._tasks.update(change.gid, change.draft, [one.name for one in change.changes])
        return Outcome(change, Result.DONE, note, change.gid)

    def _rehome(self, change: RehomeTask) -> Outcome:
        self._tasks.rehome(change.gid)
        note = self._tasks.update(change.gid, change.draft, tuple(change.draft.fields))
        return Outcome(change, Result.DONE, note, change.gid)

    def _place(self, change: PlaceTask) -> Outcome:
        gid, parent = self._gid(change.task), self._gid(change.parent) if change.parent else ""
        if not gid or (change.parent and not parent):
            self._unmoved_from.add(change.before)
            return Outcome(change, Result.SKIPPED, "the task or the one above it was not made")
        try:
            task = self._tasks.place(gid, parent)
        except ServiceError:
            self._unmoved_from.add(change.before)
            raise
        if task.gid != gid or task.parent_gid != parent:
            self._unmoved_from.add(change.before)
            return Outcome(change, Result.FAILED, "Asana answered, but the task is not where it was put")
        self._placed.add(change.task)
        note = self._restore_fields(task, change.draft) if change.draft else ""
        return Outcome(change, Result.DONE, note, gid)

    def _restore_fields(self, task: Task, draft: TaskDraft) -> str:
        """Read back home project and fields; add and write them again where they got lost (decision D3)."""
        lost = [
            name for name, value in draft.fields.items() if value is not None and task.fields.values.get(name) is None
        ]
        if self._home in task.project_gids and not lost:
            return ""
        self._tasks.rehome(task.gid)
        self._tasks.update(task.gid, draft, tuple(draft.fields))
        return "its home project or fields got lost on the way and were written again"

    def _remove(self, change: RemoveTask) -> Outcome:
        if change.gid in self._unmoved_from:
            return Outcome(change, Result.SKIPPED, "a sub-task could not be moved away first")
        content = self._tasks.human_content([change.gid]).get(change.gid)
        if content is None or content.comments or content.attachments or content.child_gids:
            return Outcome(change, Result.SKIPPED, "somebody added something to it meanwhile; looked at again next run")
        self._tasks.remove(change.gid)
        return Outcome(change, Result.DONE, "", change.gid)

    def _csh_hours(self, change: WriteCshHours) -> Outcome:
        self._tasks.write_csh_hours(change.gid, {one.name: one.after for one in change.changes})
        return Outcome(change, Result.DONE, "", change.gid)

    def _gid(self, ref: TaskRef) -> str:
        return ref.gid or self._made.get(ref.issue_id, "")

    # Airtable rows, seals and totals.

    def _add_rows(self, change: WriteRows) -> None:
        waiting = sum(len(one.rows) for one in self._buffer)
        if self._buffer and (waiting + len(change.rows) > ROWS_PER_REQUEST or len(self._buffer) >= OWNERS_PER_REQUEST):
            self._flush_rows()
        self._buffer.append(change)
        if len(self._buffer) >= OWNERS_PER_REQUEST:
            self._flush_rows()

    def _flush_rows(self) -> None:
        """Write the rows that wait, whole issues together; when the request is refused, issue by issue."""
        changes, self._buffer = self._buffer, []
        ready = [(change, rows) for change in changes if (rows := self._resolved(change)) is not None]
        if len(ready) > 1 and sum(len(rows) for _, rows in ready) <= ROWS_PER_REQUEST:
            try:
                self._ledger.write_rows([row for _, rows in ready for row in rows])
            except (Denied, Transient) as error:
                self._fail_rows(change for change, _ in ready)
                for change, _ in ready:
                    self._tell(Outcome(change, Result.FAILED, str(error)))
                raise Stopped(error) from error
            except ServiceError:
                pass  # one bad record refuses the whole request: below, each issue gets its own
            else:
                for change, _ in ready:
                    self._tell(Outcome(change, Result.DONE))
                return
        for change, rows in ready:
            self._attempt(change, lambda change=change, rows=rows: self._write_rows(change, rows))  # type: ignore[misc]

    def _write_rows(self, change: WriteRows, rows: list[RowWrite]) -> Outcome:
        try:
            for start in range(0, len(rows), ROWS_PER_REQUEST):
                self._ledger.write_rows(rows[start : start + ROWS_PER_REQUEST])
        except ServiceError:
            self._fail_rows([change])
            raise
        return Outcome(change, Result.DONE)

    def _fail_rows(self, changes: Iterable[WriteRows]) -> None:
        self._spoilt |= {write.after.allocation_id for change in changes for write in change.rows}

    def _resolved(self, change: WriteRows) -> list[RowWrite] | None:
        """Fill in the gids that became known; None (and an outcome) when the task was not made."""
        rows = []
        for write in change.rows:
            task = self._gid(write.task) if write.task else write.after.task
            if write.task and not task:
                self._fail_rows([change])
                self._tell(Outcome(change, Result.SKIPPED, "its task was not made; its row follows when it is"))
                return None
            rows.append(replace(write, after=replace(write.after, task=task, placed_under=self._parent(write))))
        return rows

    def _parent(self, write: RowWrite) -> str:
        """Return the parent to remember: only one that Asana confirmed."""
        wanted = self._gid(write.parent) if write.parent else ""
        before = write.before.placed_under if write.before else ""
        if wanted == before or write.task is None or write.task in self._placed:
            return wanted
        return wanted if write.confirmed else before

    def _seal(self, change: SealAllocation) -> Outcome:
        if change.sealing is not None and change.allocation_id in self._spoilt:
            return Outcome(change, Result.SKIPPED, "not all of its rows were written; sealed by the next complete run")
        self._ledger.write_seal(change.allocation_id, change.sealing)
        return Outcome(change, Result.DONE)

    def _add_totals(self, change: WriteTotals) -> None:
        if change.allocation_id in self._spoilt:
            self._tell(Outcome(change, Result.SKIPPED, "not all of its rows were written; its totals stay"))
            return
        self._totals.append(change)
        if len(self._totals) >= ROWS_PER_REQUEST:
            self._flush_totals()

    def _flush_totals(self) -> None:
        changes, self._totals = self._totals, []
        if not changes:
            return
        try:
            self._ledger.write_totals({change.allocation_id: change.after for change in changes})
        except (Denied, Transient) as error:
            for change in changes:
                self._tell(Outcome(change, Result.FAILED, str(error)))
            raise Stopped(error) from error
        except ServiceError:
            for change in changes:
                self._attempt(change, lambda change=change: self._write_total(change))  # type: ignore[misc]
        else:
            for change in changes:
                self._tell(Outcome(change, Result.DONE))

    def _write_total(self, change: WriteTotals) -> Outcome:
        self._ledger.write_totals({change.allocation_id: change.after})
        return Outcome(change, Result.DONE)


def failed(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Return the outcomes of items that were not written."""
    return (one for one in outcomes if one.result in {Result.FAILED, Result.UNKNOWN})
