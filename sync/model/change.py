"""What a run wants to do: changes with their reasons, the plan that holds them, and what came of them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Protocol

from sync.model.contract import ProposedStatus, Sealing, Totals
from sync.model.finding import Finding
from sync.model.initiative import IssueDraft, Step
from sync.model.reading import Problem
from sync.model.work import Row, StoredRow

Value = str | bool | Decimal | date | None


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task that exists (*gid*), or the one that this plan makes for an issue (*issue_id*)."""

    gid: str = ""
    issue_id: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """What a change is about, in the words people use: for display, the record and errors."""

    subject: str
    reference: str = ""
    url: str = ""
    group: str = ""
    """Community and allocation, under which the plan shows the change."""
    public: bool = False
    """It is about an issue of a public repository: everybody may read its text."""


class Text(Protocol):
    """A task's description, for ``html_notes`` and for ``notes``; it may be worked out when it is asked for."""

    @property
    def html(self) -> str:
        """Return it as rich text."""

    @property
    def plain(self) -> str:
        """Return it as plain text."""


@dataclass(frozen=True, slots=True)
class Written:
    """A description that is there as it stands."""

    html: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """A task as it will be made. *fields* are custom fields by our own names."""

    name: str
    text: Text = Written()
    completed: bool = False
    assignee_gid: str = ""
    follower_gids: tuple[str, ...] = ()
    start_on: date | None = None
    due_on: date | None = None
    fields: Mapping[str, Value] = field(default_factory=dict)

    @property
    def html_notes(self) -> str:
        """Return the description as rich text."""
        return self.text.html

    @property
    def notes(self) -> str:
        """Return the description as plain text."""
        return self.text.plain


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of ours, before and after. *edited_in_asana*: the source did not change, a person's edit is lost."""

    name: str
    before: Value
    after: Value
    edited_in_asana: bool = False


@dataclass(frozen=True, slots=True)
class Remark:
    """What of a task was not written as it was meant. *words* tell it to people, "" for nothing.

    *plain*: its description was written as plain text; *left_out* are fields that were refused.
    """

    words: str = ""
    plain: bool = False
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CreateTask:
    """Make the task of an issue in the home project (decision D3)."""

    issue_id: str
    draft: TaskDraft
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateTask:
    """Write the fields of ours that differ."""

    gid: str
    changes: tuple[FieldChange, ...]
    draft: TaskDraft
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class RehomeTask:
    """Add a mirrored task to the home project again, and write its fields again.

    *was_home*: it is there, and lacks the fields.
    """

    gid: str
    draft: TaskDraft
    about: About
    reason: str
    was_home: bool = False


@dataclass(frozen=True, slots=True)
class PlaceTask:
    """Hang a task under another one; *parent* None detaches it. *counts*: the guard counts it as a re-parenting."""

    task: TaskRef
    parent: TaskRef | None
    before: str
    about: About
    reason: str
    counts: bool = True
    draft: TaskDraft | None = None
    """The task as it should be, to write its fields again should the home project get lost on the way."""


@dataclass(frozen=True, slots=True)
class LeaveHome:
    """Take a task out of the home project again: what put it there is undone."""

    gid: str
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class RemoveTask:
    """Move a mirrored task to Asana's trash. *was* and *parent_gid* tell what it was, should it be made anew."""

    gid: str
    about: About
    reason: str
    was: TaskDraft | None = None
    parent_gid: str = ""


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Delete a further Activity record that carries a *key* which stands on an older one."""

    record_id: str
    key: str
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class DeleteRows:
    """Delete rows of Activity that a run made and nobody wrote into since: it is undone. *rows* are as they stand."""

    owner: str
    rows: tuple[StoredRow, ...]
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class RowWrite:
    """One Activity row, before (None: it is new) and after. *task* and *parent* fill `Task` and `Placed under`."""

    before: Row | None
    after: Row
    task: TaskRef | None = None
    parent: TaskRef | None = None
    restored: bool = False
    """A sealed row that was edited or deleted by hand: it is written again from the seal."""
    confirmed: bool = False
    """*parent* is where the task was read to hang, so that it needs no confirmation."""


@dataclass(frozen=True, slots=True)
class WriteRows:
    """All row writes of one issue or task: they go in one request (decision D8)."""

    owner: str
    rows: tuple[RowWrite, ...]
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class SealAllocation:
    """Seal an allocation's row in one request, or (*sealing* None) clear its seal. *before* is the seal on it."""

    allocation_id: str
    sealing: Sealing | None
    about: About
    reason: str
    before: Sealing | None = None


@dataclass(frozen=True, slots=True)
class WriteTotals:
    """Write the totals of ours on an allocation's row."""

    allocation_id: str
    before: Totals
    after: Totals
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class WriteProposal:
    """Write the proposed status of an engagement and the rule behind it on its row; people's *Status* is theirs."""

    engagement_id: str
    before: ProposedStatus
    after: ProposedStatus
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class WriteCshHours:
    """Write ``Hours used`` and ``Hours left`` of an allocation on its CSH task, where these fields are on it."""

    gid: str
    allocation_id: str
    changes: tuple[FieldChange, ...]
    about: About
    reason: str


@dataclass(frozen=True, slots=True)
class WriteBackLink:
    """Write, or edit (*comment_id*), the comment on an issue that leads to its task (requirement 18).

    *before* is the gid of the task it led to; "" for a new one, and where its words were others. *words* is the whole
    comment but for the address of the task, "" for the usual one.
    """

    repository: str
    number: int
    task: TaskRef
    comment_id: int | None
    about: About
    reason: str
    before: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class DeleteBackLink:
    """Delete a comment that a run wrote, as long as it says what it said: the run is undone. It leads to *gid*.

    *words* are those of `WriteBackLink`.
    """

    repository: str
    number: int
    comment_id: int
    gid: str
    about: About
    reason: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class MakeInitiative:
    """Make the P&S initiative of an allocation, or what is missing of it (requirement 73).

    *tasks* are all of its standard tasks. *noted*: its address is noted in the base at the end.
    """

    allocation_id: str
    draft: IssueDraft
    tasks: Mapping[Step, IssueDraft]
    about: About
    reason: str
    noted: bool = True


Change = (
    CreateTask
    | UpdateTask
    | RehomeTask
    | LeaveHome
    | PlaceTask
    | RemoveTask
    | RemoveRow
    | DeleteRows
    | WriteRows
    | SealAllocation
    | WriteTotals
    | WriteProposal
    | WriteCshHours
    | WriteBackLink
    | DeleteBackLink
    | MakeInitiative
)


@dataclass(frozen=True, slots=True)
class Held:
    """A mirrored item that is left exactly as it is, and why."""

    about: About
    reason: str


class WaitsFor(Enum):
    """What an issue without a place waits for; the values are stable words."""

    COMMUNITY = "community"
    EVIDENCE = "evidence"
    """It could not be read."""
    ALLOCATION = "allocation"
    """None holds the day of its work."""
    CHOICE = "choice"
    """Several do."""
    CSH_TASK = "csh_task"
    """The allocation is known, its task is not."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An issue without a place: what it waits for, in words too, who could be meant, and on what evidence."""

    about: About
    waits_for: WaitsFor
    reason: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedWork:
    """An open issue that is estimated: *minutes* of it are not logged yet."""

    reference: str
    title: str
    url: str
    minutes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One allocation as people ask for it: what is used, what is left, until when (`sync.hours.usage`). Minutes.

    *level*, *pace* and *completed* are its words; *forecast* is low and high, None for the reason *no_forecast* tells.
    *phase* is ``past``, ``current`` or ``upcoming``, "" without both dates.
    """

    allocation_id: str
    allocation: str
    community: str
    start: date | None
    end: date | None
    available_minutes: int | None
    used_minutes: int
    sentence: str
    left_minutes: int | None = None
    extra_minutes: int = 0
    extra_used_minutes: int = 0
    overrun_minutes: int = 0
    planned_minutes: int | None = None
    share: float | None = None
    gone: float | None = None
    level: str = ""
    pace: str = ""
    forecast_minutes: tuple[int, int] | None = None
    no_forecast: str = ""
    completed: str = ""
    completed_on: date | None = None
    entry_count: int = 0
    planned: tuple[PlannedWork, ...] = ()
    engagement: str = ""
    project: str = ""
    phase: str = ""

    @property
    def runs(self) -> bool:
        """Tell whether its period holds today."""
        return self.phase == "current"

    @property
    def may_run(self) -> bool:
        """Tell whether its period holds today, as far as its days are known: one without them may be running."""
        return self.phase in {"current", ""}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a run would write, in the order in which it is written, and everything it leaves and why.

    *complete* tells for each service whether it was read completely; *set_aside* counts the issues that were read, and
    that nobody could plan for; *unchecked* are the kinds of findings that nobody could look for.
    """

    changes: tuple[Change, ...] = ()
    held: tuple[Held, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    unchanged: int = 0
    mirror_size: int = 0
    complete: Mapping[str, bool] = field(default_factory=dict)
    standings: tuple[Standing, ...] = ()
    set_aside: int = 0
    unchecked: frozenset[str] = frozenset()
    nothing_moved: bool = False
    """Nothing was planned: nothing moved since a run that left nothing to do, and what that one told still holds."""

    @property
    def partly_worked_out(self) -> bool:
        """Tell whether an error that nobody thought of left something out: an issue, or a kind of finding."""
        return bool(self.set_aside or self.unchecked)


class Result(Enum):
    """What came of a change."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A change and what came of it. *detail* names the error and the remedy, or what was noted on the way.

    *gid* is the task it is about, or the id of the comment that was written. *carried_out* is the change as it was
    done, where a part of it was left out or written otherwise.
    """

    change: Change
    result: Result
    detail: str = ""
    gid: str = ""
    carried_out: Change | None = None


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of every change of a plan. *stopped*: why the rest was skipped, "" when nothing stopped the run."""

    outcomes: tuple[Outcome, ...] = ()
    stopped: str = ""


def failed(outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Return the outcomes of items that were not written."""
    return (one for one in outcomes if one.result in {Result.FAILED, Result.UNKNOWN})
