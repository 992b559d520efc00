"""Carry out a plan, change by change: the only page that writes. One bad item stops nothing else (requirement 105)."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mappings.back_link import back_link_text
from sync.errors import Denied, LeaseLost, LimitReached, OutcomeUnknown, ServiceError, Transient
from sync.initiatives import Initiatives
from sync.mirror.differences import current_value
from sync.model.change import (
    Change,
    CreateTask,
    MakeInitiative,
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
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
)
from sync.model.work import Task
from sync.ports import BackLinks, LedgerTarget, PlanningBoard, TaskTarget

ROWS_PER_REQUEST = 10
"""Airtable takes at most ten records in one request."""
OWNERS_PER_REQUEST = 8
"""Fewer than the guards' minimum, so that a crash never leaves a mirror that looks emptied."""
NEXT_RUN = "looked at again in the next run"
FAILURES_IN_A_ROW = 3
"""So many transient failures one after the other mean that the service is down, not that an item is bad."""


class Stopped(Exception):
    """The run cannot go on writing; what is left is skipped."""

    def __init__(self, cause: ServiceError) -> None:
        super().__init__(str(cause))
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of every change of a plan. *stopped*: why the rest was skipped, "" when nothing stopped the run."""

    outcomes: tuple[Outcome, ...]
    stopped: str = ""


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
) -> Applied:
    """Write *plan* in its order and return what came of every change.

    *on_outcome* is told each outcome as it happens. When *interrupted* answers yes, the rows of the tasks that were
    written are written, and the rest is skipped.
    """
    applying = _Applying(tasks, ledger, home_project, on_outcome, interrupted)
    applying.back_links = back_links
    applying.initiatives = Initiatives(planning, ledger) if planning else None
    stopped = applying.run(plan.changes)
    return Applied(tuple(applying.outcomes), stopped)


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
        self._buffer: deque[WriteRows] = deque()
        self._cells: deque[WriteTotals | WriteProposal] = deque()
        self._spoilt: set[str] = set()
        self._failures = 0
        self.back_links: BackLinks | None = None
        self.initiatives: Initiatives | None = None
        self.outcomes: list[Outcome] = []

    def run(self, changes: Sequence[Change]) -> str:
        """Apply all changes; after a stop, account for the rest as skipped and return what stopped it."""
        begun = 0
        try:
            while begun < len(changes) and not self._interrupted():
                begun += 1
                self._one(changes[begun - 1])
            self._flush_rows()
            if begun == len(changes):
                self._flush_cells()
        except Stopped as stopped:
            self._skip_the_rest(changes, f"the run stopped: {stopped.cause}")
            return str(stopped.cause)
        self._skip_the_rest(changes, "interrupted")
        return ""

    def _one(self, change: Change) -> None:
        match change:
            case WriteRows():
                self._add_rows(change)
            case WriteTotals() | WriteProposal():
                self._flush_rows()
                self._add_cells(change)
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
                self._flush_cells()
                self._attempt(change, lambda: self._csh_hours(change))
            case WriteBackLink():
                self._flush_rows()
                self._flush_cells()
                self._attempt(change, lambda: self._back_link(change))
            case MakeInitiative():
                self._attempt(change, lambda: self._initiative(change))

    def _attempt(self, change: Change, do: Callable[[], Outcome]) -> None:
        """Carry out one change and record what came of it. Raises Stopped when going on makes no sense."""
        try:
            outcome = do()
            self._failures = 0
        except (Denied, LeaseLost, LimitReached) as error:
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
        except Exception as error:  # noqa: BLE001  an item nobody thought of stops no other (requirement 105)
            outcome = Outcome(change, Result.FAILED, f"something unexpected happened: {type(error).__name__}")
        self._tell(outcome)

    def _tell(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        self._on_outcome(outcome)

    def _skip_the_rest(self, changes: Iterable[Change], reason: str) -> None:
        """Account for all changes of which nothing was told, whatever they waited for."""
        told = {id(outcome.change) for outcome in self.outcomes}
        for change in changes:
            if id(change) not in told:
                self._tell(Outcome(change, Result.SKIPPED, reason))

    # Asana tasks.

    def _create(self, change: CreateTask) -> Outcome:
        task, note = self._tasks.create(change.draft)
        self._made[change.issue_id] = task.gid
        restored = self._restore_fields(task, change.draft)
        return Outcome(change, Result.DONE, "; ".join(filter(None, (note, restored))), task.gid)

    def _update(self, change: UpdateTask) -> Outcome:
        task = self._seen_again(change.gid)
        edited = [one.name for one in change.changes if task is None or current_value(task, one.name) != one.before]
        if edited:
            return Outcome(change, Result.SKIPPED, f"somebody changed {', '.join(edited)} meanwhile; {NEXT_RUN}")
        note = self._tasks.update(change.gid, change.draft, [one.name for one in change.changes])
        return Outcome(change, Result.DONE, note, change.gid)

    def _seen_again(self, gid: str) -> Task | None:
        """Read a task once more before it is written: a person may have acted since the plan was made."""
        found = self._tasks.look_up([gid])
        if gid not in found:
            raise Transient("Asana", "read a task again", "it could not be read before it was to be written")
        return found[gid]

    def _rehome(self, change: RehomeTask) -> Outcome:
        self._tasks.rehome(change.gid)
        note = self._tasks.update(change.gid, change.draft, tuple(change.draft.fields))
        return Outcome(change, Result.DONE, note, change.gid)

    def _place(self, change: PlaceTask) -> Outcome:
        try:
            outcome = self._placing(change)
        except ServiceError:
            self._unmoved_from.add(change.before)
            raise
        if outcome.result is Result.DONE:
            self._placed.add(change.task)
        else:
            self._unmoved_from.add(change.before)
        return outcome

    def _placing(self, change: PlaceTask) -> Outcome:
        gid, parent = self._gid(change.task), self._gid(change.parent) if change.parent else ""
        if not gid or (change.parent and not parent):
            return Outcome(change, Result.SKIPPED, "the task or the one above it was not made")
        if change.task.gid:
            now = self._seen_again(gid)
            if now is None or now.parent_gid != change.before:
                return Outcome(change, Result.SKIPPED, f"somebody moved or deleted it meanwhile; {NEXT_RUN}")
        task = self._tasks.place(gid, parent)
        if task.gid != gid or task.parent_gid != parent:
            return Outcome(change, Result.FAILED, "Asana answered, but the task is not where it was put")
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
        task = self._seen_again(change.gid)
        if task is None:
            return Outcome(change, Result.DONE, "somebody deleted it meanwhile", change.gid)
        content = self._tasks.human_content([change.gid]).get(change.gid)
        if task.actual_minutes or content is None or content.comments or content.attachments or content.child_gids:
            return Outcome(change, Result.SKIPPED, f"somebody added something to it meanwhile; {NEXT_RUN}")
        self._tasks.remove(change.gid)
        return Outcome(change, Result.DONE, "", change.gid)

    def _csh_hours(self, change: WriteCshHours) -> Outcome:
        if change.allocation_id in self._spoilt:
            return Outcome(change, Result.SKIPPED, "not all rows of its allocation were written; its hours stay")
        self._tasks.write_csh_hours(change.gid, {one.name: one.after for one in change.changes})
        return Outcome(change, Result.DONE, "", change.gid)

    def _gid(self, ref: TaskRef) -> str:
        return ref.gid or self._made.get(ref.issue_id, "")

    # Issues on GitHub.

    def _back_link(self, change: WriteBackLink) -> Outcome:
        gid = self._gid(change.task)
        if not gid or self.back_links is None:
            return Outcome(change, Result.SKIPPED, "its task was not made; its comment follows when it is")
        self.back_links.write(change.repository, change.number, change.comment_id, back_link_text(gid))
        return Outcome(change, Result.DONE)

    def _initiative(self, change: MakeInitiative) -> Outcome:
        if self.initiatives is None:
            return Outcome(change, Result.SKIPPED, "initiatives are not switched on")
        return Outcome(change, Result.DONE, self.initiatives.make(change))

    # Airtable rows, seals, totals and proposed statuses.

    def _add_rows(self, change: WriteRows) -> None:
        waiting = sum(len(one.rows) for one in self._buffer)
        if self._buffer and (waiting + len(change.rows) > ROWS_PER_REQUEST or len(self._buffer) >= OWNERS_PER_REQUEST):
            self._flush_rows()
        self._buffer.append(change)
        if len(self._buffer) >= OWNERS_PER_REQUEST:
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
        except Exception:
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

    def _add_cells(self, change: WriteTotals | WriteProposal) -> None:
        if isinstance(change, WriteTotals) and change.allocation_id in self._spoilt:
            self._tell(Outcome(change, Result.SKIPPED, "not all of its rows were written; its totals stay"))
            return
        if self._cells and type(self._cells[0]) is not type(change):
            self._flush_cells()
        self._cells.append(change)
        if len(self._cells) >= ROWS_PER_REQUEST:
            self._flush_cells()

    def _flush_cells(self) -> None:
        """Write the totals or proposals that wait in one request; when it is refused, record by record."""
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

    def _write_cells(self, changes: Sequence[WriteTotals | WriteProposal]) -> Outcome:
        totals = {one.allocation_id: one.after for one in changes if isinstance(one, WriteTotals)}
        proposals = {one.engagement_id: one.after for one in changes if isinstance(one, WriteProposal)}
        if totals:
            self._ledger.write_totals(totals)
        if proposals:
            self._ledger.write_proposals(proposals)
        return Outcome(changes[0], Result.DONE)


def failed(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Return the outcomes of items that were not written."""
    return (one for one in outcomes if one.result in {Result.FAILED, Result.UNKNOWN})
