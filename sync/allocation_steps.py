"""Carry out the steps of `csh-sync allocations --apply`: rows first, then CSH tasks and the links between them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sync.apply import FAILURES_IN_A_ROW
from sync.errors import CshSyncError, Denied, LeaseLost, LimitReached, OutcomeUnknown, Transient
from sync.model.allocating import AllocationDraft, AllocationStep, StepOutcome
from sync.model.change import Result
from sync.model.contract import Contracts
from sync.ports import ROWS_PER_REQUEST, LedgerTarget, TaskTarget

AGAIN = "Run csh-sync allocations again: it looks first whether it is there."
INTERRUPTED = "interrupted"
STOPPERS = (Denied, LimitReached, LeaseLost)
"""After one of these nothing more can be written."""


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What came of every step that does something, in their order. *stopped*: why the rest was skipped, or ""."""

    outcomes: tuple[StepOutcome, ...]
    stopped: str = ""


def carry_out(
    steps: Sequence[AllocationStep],
    tasks: TaskTarget,
    ledger: LedgerTarget,
    *,
    interrupted: Callable[[], bool] = lambda: False,
) -> CarriedOut:
    """Make rows, then CSH tasks, then the links between them, and tell what came of each step. Raises nothing.

    One bad step stops no other. A row or task whose answer was lost is looked up; when it cannot be found either, its
    step is *unknown* and nothing is built on it. When *interrupted* answers yes between two requests, or a service
    lets nothing more be written, what is left is skipped.
    """
    carrying = _Carrying(steps, tasks, ledger, interrupted)
    return CarriedOut(carrying.run(), carrying.stopped)


class _Carrying:
    def __init__(
        self,
        steps: Sequence[AllocationStep],
        tasks: TaskTarget,
        ledger: LedgerTarget,
        interrupted: Callable[[], bool],
    ) -> None:
        self._steps = [one for one in steps if one.does_something]
        self._tasks = tasks
        self._ledger = ledger
        self._interrupted = interrupted
        self._ids = {place: one.allocation_id for place, one in enumerate(self._steps) if one.allocation_id}
        self._outcomes: dict[int, StepOutcome] = {}
        self._failures = 0
        self.stopped = ""

    def run(self) -> tuple[StepOutcome, ...]:
        wanted = [place for place, step in enumerate(self._steps) if step.row]
        for start in range(0, len(wanted), ROWS_PER_REQUEST):
            if not self._over():
                self._make_rows(wanted[start : start + ROWS_PER_REQUEST])
        for place in range(len(self._steps)):
            if place not in self._outcomes and not self._over():
                self._complete(place)
        return tuple(self._outcomes.get(place) or self._skipped(place) for place in range(len(self._steps)))

    def _over(self) -> bool:
        return bool(self.stopped) or self._interrupted()

    def _skipped(self, place: int) -> StepOutcome:
        """Return the outcome of a step that was not reached, or whose row alone was made."""
        made = self._ids.get(place, "") if self._steps[place].row else ""
        reason = f"the command stopped: {self.stopped}" if self.stopped else INTERRUPTED
        detail = f"its row was made, its CSH task is missing: {reason}" if made else reason
        return StepOutcome(self._steps[place], Result.SKIPPED, detail, self._ids.get(place, ""))

    def _tell(self, place: int, result: Result, detail: str = "", url: str = "") -> None:
        step = self._steps[place]
        self._outcomes[place] = StepOutcome(step, result, detail, self._ids.get(place, ""), url)

    def _fail(self, places: Sequence[int], error: Exception, url: str = "") -> None:
        """Tell that steps failed, and notice when going on makes no sense."""
        text = str(error) if isinstance(error, CshSyncError) else f"something unexpected: {type(error).__name__}"
        for place in places:
            self._tell(place, Result.FAILED, text, url)
        self._failures = self._failures + 1 if isinstance(error, Transient) else 0
        if isinstance(error, STOPPERS) or self._failures >= FAILURES_IN_A_ROW:
            self.stopped = text

    def _make_rows(self, places: Sequence[int]) -> None:
        """Make rows in one request; a single bad one refuses all of it, so that each then gets its own."""
        drafts = [draft for place in places if (draft := self._steps[place].row)]
        try:
            ids = self._ledger.create_allocations(drafts)
        except OutcomeUnknown as error:
            self._look_for_rows(places, error)
        except Exception as error:  # noqa: BLE001  a step nobody thought of stops no other (requirement 105)
            if len(places) == 1 or isinstance(error, Transient | Denied | LeaseLost):
                self._fail(places, error)
                return
            for place in places:
                if not self._over():
                    self._make_rows([place])
        else:
            self._ids |= dict(zip(places, ids, strict=True))
            self._failures = 0

    def _look_for_rows(self, places: Sequence[int], lost: OutcomeUnknown) -> None:
        """Look for the rows that a lost answer was about."""
        try:
            contracts = self._ledger.read_contracts()
        except CshSyncError:
            contracts = Contracts()
        for place in places:
            draft = self._steps[place].row
            if draft and (found := _row_like(draft, contracts)):
                self._ids[place] = found
            else:
                self._tell(place, Result.UNKNOWN, f"{lost} {AGAIN}")

    def _complete(self, place: int) -> None:
        """Make the CSH task where one is to be made, and note its address on the row."""
        step, allocation_id = self._steps[place], self._ids[place]
        url = step.task_url
        try:
            if step.task:
                page = self._ledger.page_of_allocation(allocation_id)
                url = self._tasks.make_csh_task(step.task, step.row.name if step.row else step.period, page)
            if url:
                self._ledger.link_csh_task(allocation_id, url)
        except OutcomeUnknown as error:
            self._tell(place, Result.UNKNOWN, f"{error} {AGAIN}")
        except Exception as error:  # noqa: BLE001  as above
            self._fail([place], error, url)
        else:
            self._failures = 0
            self._tell(place, Result.DONE, url=url)


def _row_like(draft: AllocationDraft, contracts: Contracts) -> str:
    return next(
        (
            one.id
            for one in contracts.allocations.values()
            if (one.project_id, one.name, one.start, one.end) == (draft.project_id, draft.name, draft.start, draft.end)
        ),
        "",
    )
