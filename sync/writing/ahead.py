"""Carry out task writes ahead of the run that takes their outcomes in order: several at a time, none too early.

Asana takes fifteen writes at a time, and answers one in a tenth of a second or more: one after the other, a mirror of
a thousand issues would take minutes for what the limits allow in one (https://developers.asana.com/docs/rate-limits).

What must wait for what: a change of a task for the earlier ones of that task; a place for the task above it, made and
placed; the place of a new task for every earlier move of a task that was there already, and such a move for every
earlier place, since whole trees hang on those.
"""

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from sync.errors import ServiceError
from sync.model.change import Change, CreateTask, PlaceTask, RehomeTask, TaskRef, UpdateTask, WriteCshHours, WriteRows
from sync.writing.attempts import Attempt
from sync.writing.tasks import TaskWrite

WORKERS = 12
"""Below Asana's fifteen writes at a time, so that one that timed out here and is still under way there fits in."""
WINDOW = 150
"""So many changes at most are looked at ahead: what a killed run has made without telling Activity."""

_Result = Future[Attempt | None]


@dataclass(frozen=True, slots=True)
class _Step:
    """One change to carry out once others are through; its *result* is None when the run halted before."""

    change: TaskWrite
    result: _Result
    after: tuple[_Result, ...]


class Ahead:
    """The task writes of a plan. *carry_out* is called by one of *workers* threads; without any, when it is taken.

    For each change, in order, `feed` and, where it is a task write, `take` have to be called, in the end `close`.
    """

    def __init__(
        self, changes: Sequence[Change], carry_out: Callable[[TaskWrite], Attempt], workers: int = WORKERS
    ) -> None:
        self._changes = changes
        self._carry_out = carry_out
        self._workers = workers
        self._jobs: queue.SimpleQueue[tuple[_Step, ...] | None] = queue.SimpleQueue()
        self._threads = 0
        self._halted = threading.Event()
        self._fed = 0
        self._makes = 0
        self._results: dict[int, _Result] = {}
        self._latest: dict[TaskRef, _Result] = {}
        self._moved: tuple[_Result, ...] = ()
        self._places: list[_Result] = []
        self.cause: ServiceError | None = None
        """What made it halt, None where it was told to."""

    def close(self) -> None:
        """Begin nothing more, and wait for nothing."""
        self.halt()
        for _ in range(self._threads):
            self._jobs.put(None)

    def feed(self, begun: int, most_made: int | None = None) -> None:
        """Begin with what follows the *begun* changes that were taken, up to a removal, a seal or a total.

        *most_made* is how many tasks may be made in all, None for any number.
        """
        end = min(begun + WINDOW, len(self._changes))
        if self._workers < 1 or self._halted.is_set():
            return
        self._fed = max(self._fed, begun)
        lane: list[_Step] = []
        while self._fed < end and _goes_with(self._changes[self._fed], self._changes[begun]):
            change = self._changes[self._fed]
            if isinstance(change, CreateTask):
                if most_made is not None and self._makes >= most_made:
                    break
                self._makes += 1
            if isinstance(change, TaskWrite):
                if lane and subject_of(lane[-1].change) != subject_of(change):
                    self._start(lane)
                    lane = []
                lane.append(self._step(change))
            self._fed += 1
        self._start(lane)

    def take(self, change: TaskWrite) -> Attempt | None:
        """Return what came of a change, waiting for it; None when it was not begun, since the run halted."""
        result = self._results.pop(id(change), None)
        if result is None:
            return None if self._halted.is_set() else self._carried_out(change)
        return result.result()

    def halt(self, cause: ServiceError | None = None) -> None:
        """Begin nothing more; what is under way goes on to its end."""
        if not self._halted.is_set():
            self.cause = cause
            self._halted.set()

    def _step(self, change: TaskWrite) -> _Step:
        subject, result = subject_of(change), _Result()
        after = {self._latest[subject]} if subject in self._latest else set()
        if isinstance(change, PlaceTask):
            after |= self._before_place(change)
            self._places.append(result)
            if change.task.gid:
                self._moved, self._places = (result,), []
        self._latest[subject] = self._results[id(change)] = result
        return _Step(change, result, tuple(after))

    def _before_place(self, change: PlaceTask) -> set[_Result]:
        above = {self._latest[change.parent]} if change.parent in self._latest else set()
        others = self._places if change.task.gid else ()
        return {*above, *self._moved, *others}

    def _start(self, lane: Sequence[_Step]) -> None:
        """Give steps of one task to a thread. Threads die with the process: leaving at once waits for none."""
        if not lane:
            return
        self._jobs.put(tuple(lane))
        if self._threads < self._workers:
            self._threads += 1
            threading.Thread(target=self._work, name=f"writer {self._threads}", daemon=True).start()

    def _work(self) -> None:
        # Jobs are begun in order, and wait for earlier ones only: the earliest that is not done waits for nothing.
        while (lane := self._jobs.get()) is not None:
            for step in lane:
                for other in step.after:
                    other.exception()
                try:
                    step.result.set_result(None if self._halted.is_set() else self._carried_out(step.change))
                except BaseException as error:  # noqa: BLE001  raised again where it is taken
                    self.halt()
                    step.result.set_exception(error)

    def _carried_out(self, change: TaskWrite) -> Attempt:
        done = self._carry_out(change)
        if done.stops:
            self.halt(done.error)
        return done


def _goes_with(change: Change, begun: Change) -> bool:
    """Tell whether a change may be begun while the run is at another one: task writes only, hours apart."""
    if isinstance(begun, WriteCshHours):
        return isinstance(change, WriteCshHours)
    kinds = CreateTask | UpdateTask | RehomeTask | PlaceTask | WriteRows
    return isinstance(change, kinds) and isinstance(begun, kinds)


def subject_of(change: TaskWrite) -> TaskRef:
    """Return the task that a change is about."""
    match change:
        case CreateTask(issue_id=issue_id):
            return TaskRef(issue_id=issue_id)
        case PlaceTask(task=task):
            return task
        case UpdateTask(gid=gid) | RehomeTask(gid=gid) | WriteCshHours(gid=gid):
            return TaskRef(gid=gid)
