"""What `csh-sync allocations --apply` may do, step by step, and what came of it."""

from dataclasses import dataclass
from datetime import date

from sync.model.change import Result
from sync.model.wording import USUAL


@dataclass(frozen=True, slots=True)
class AllocationDraft:
    """A row of Allocations that a clause implies and the base lacks. Minutes; both days inclusive."""

    project_id: str
    name: str
    start: date
    end: date
    minutes: int
    extra_minutes: int | None = None
    cut: bool = False
    """The contract's dates cut the period short: the person who agrees may want fewer hours."""


@dataclass(frozen=True, slots=True)
class CshTaskDraft:
    """A CSH task that an allocation lacks. *in_task* tells the layout: its engagement is a task, not a project.

    *half_made* is the gid of one that an earlier attempt made and could not put in its place, "" when there is none.
    *words* stand around the link to its allocation.
    """

    name: str
    start: date
    end: date
    engagement_gid: str
    in_task: bool
    half_made: str = ""
    words: str = USUAL.csh_task


@dataclass(frozen=True, slots=True)
class AllocationStep:
    """What is to be done for one period of a project, in this order: the row, its CSH task, the link between them.

    *allocation_id* is the row's, "" where *row* is to be made. *task* is the CSH task to make, or *task_url* the
    address of the one that was found; with neither, *obstacle* tells why.
    """

    community: str
    period: str
    allocation_id: str = ""
    row: AllocationDraft | None = None
    task: CshTaskDraft | None = None
    task_url: str = ""
    obstacle: str = ""

    @property
    def does_something(self) -> bool:
        """Tell whether there is anything to write."""
        return self.row is not None or self.task is not None or bool(self.task_url)


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """What came of one step; *detail* is the error and its remedy, or a note."""

    step: AllocationStep
    result: Result
    detail: str = ""
    allocation_id: str = ""
    task_url: str = ""
