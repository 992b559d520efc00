"""What a run did, backwards: from its record, as far as the services allow and nobody acted since (requirement 102)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sync.mirror.differences import current_value
from sync.model.change import (
    About,
    Change,
    CreateTask,
    FieldChange,
    LeaveHome,
    Outcome,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    Result,
    SealAllocation,
    TaskDraft,
    TaskRef,
    UpdateTask,
    Value,
    WriteBackLink,
    WriteCshHours,
    WriteProposal,
    WriteRows,
    WriteTotals,
)
from sync.model.undoing import NotUndone, UndoPage
from sync.model.work import Task

MADE_ANEW = "undo:"
"""Before the gid of a removed task: the name under which it is made anew."""
RECOMPUTED = "the next run computes it anew from what it reads; it is not set back"
TRASHED = (
    "it is in Asana's trash for 30 days; its description follows from the issue in the next run, if it is in scope"
)
GONE = "the task is gone"
CHANGED = "somebody changed it since; it stays"


def gids_of(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """Return the tasks that have to be read before a run can be undone."""
    found: set[str] = set()
    for one in outcomes:
        match one.change:
            case CreateTask():
                found.add(one.gid)
            case RemoveTask():
                found |= {one.change.gid, one.change.parent_gid}
            case UpdateTask() | RehomeTask() | LeaveHome():
                found.add(one.change.gid)
            case PlaceTask():
                found |= {one.gid, one.change.before, one.change.parent.gid if one.change.parent else ""}
            case _:
                pass
    return frozenset(found - {""})


def plan_undoing(
    outcomes: Sequence[Outcome], tasks: Mapping[str, Task | None], home_project: str, *, adoption: bool = False
) -> UndoPage:
    """Return the changes that reverse what was done, last first, and what cannot be reversed.

    *tasks* are the tasks as they are now, None for those that are gone; one that is absent could not be read. Only an
    *adoption* takes tasks out of the home project again: in a run they had been there before.
    """
    undoing = _Undoing(tasks, home_project, {one.gid for one in outcomes if isinstance(one.change, CreateTask)})
    undoing.adoption = adoption
    for one in reversed([one for one in outcomes if one.result is Result.DONE]):
        undoing.take_back(one)
    return UndoPage(Plan(tuple(undoing.changes)), tuple(undoing.not_undone))


@dataclass
class _Undoing:
    tasks: Mapping[str, Task | None]
    home_project: str
    made: set[str]
    adoption: bool = False
    changes: list[Change] = field(default_factory=list)
    not_undone: list[NotUndone] = field(default_factory=list)

    def take_back(self, one: Outcome) -> None:
        """Plan the reverse of one change, or tell why there is none."""
        change = one.change
        match change:
            case CreateTask():
                self._unmake(change, one.gid)
            case UpdateTask():
                self._set_back(change.gid, change.changes, change.about)
            case RehomeTask():
                self._leave(change)
            case LeaveHome():
                self._return(change)
            case PlaceTask():
                self._put_back(change, one.gid)
            case RemoveTask():
                self._make_anew(change)
            case RemoveRow():
                self._cannot(change.about, "the row lies in the trash of the base for seven days; restore it there")
            case SealAllocation():
                self._cannot(change.about, "a seal is lifted by a tick in Reopen, in Airtable")
            case WriteBackLink():
                self._cannot(change.about, "the comment on GitHub stays; delete it by hand")
            case WriteRows() | WriteTotals() | WriteProposal() | WriteCshHours():
                self._cannot(change.about, RECOMPUTED)
            case _:
                self._cannot(change.about, "the issues on GitHub stay; close them by hand")

    def _cannot(self, about: About, why: str) -> None:
        self.not_undone.append(NotUndone(about, why))

    def _there(self, gid: str, about: About) -> Task | None:
        """Return a task as it is now; None, and why, where it is gone or could not be read."""
        task = self.tasks.get(gid)
        if task is None:
            self._cannot(about, GONE if gid in self.tasks else "the task could not be read")
        return task

    def _unmake(self, change: CreateTask, gid: str) -> None:
        if self._there(gid, change.about):
            self.changes.append(RemoveTask(gid, change.about, "it was made by what is undone"))

    def _set_back(self, gid: str, changes: Sequence[FieldChange], about: About) -> None:
        task = self._there(gid, about) if gid not in self.made else None
        if task is None:
            return
        back = []
        for one in changes:
            if one.name == "description":
                self._cannot(about, "the former description is not in the record; Asana's history of the task has it")
            elif current_value(task, one.name) != one.after:
                self._cannot(about, f"{one.name.replace('_', ' ')}: {CHANGED}")
            else:
                back.append(FieldChange(one.name, one.after, one.before))
        if back:
            draft = as_draft(task, {one.name: one.after for one in back})
            self.changes.append(UpdateTask(gid, tuple(back), draft, about, "its former values"))

    def _leave(self, change: RehomeTask) -> None:
        if not self.adoption:
            self._cannot(change.about, "it belongs into the home project; it stays there")
            return
        task = self._there(change.gid, change.about)
        if task is None or self.home_project not in task.project_gids:
            return
        written = [FieldChange(name, None, value) for name, value in change.draft.fields.items()]
        self._set_back(change.gid, written, change.about)
        self.changes.append(LeaveHome(change.gid, change.about, "it was not in the home project before"))

    def _return(self, change: LeaveHome) -> None:
        task = self._there(change.gid, change.about)
        if task is not None and self.home_project not in task.project_gids:
            draft = TaskDraft(task.name)
            self.changes.append(RehomeTask(change.gid, draft, change.about, "it was in the home project before"))

    def _put_back(self, change: PlaceTask, gid: str) -> None:
        if gid in self.made or not gid:
            return
        task = self._there(gid, change.about)
        if task is None:
            return
        parent = change.parent.gid if change.parent else ""
        if change.parent and not parent:
            parent = task.parent_gid
        if task.parent_gid != parent:
            self._cannot(change.about, f"its place: {CHANGED}")
        elif change.before and self.tasks.get(change.before) is None:
            self._cannot(change.about, "the task it hung under is gone")
        else:
            above = TaskRef(change.before) if change.before else None
            why = "where it hung before"
            self.changes.append(PlaceTask(TaskRef(gid), above, parent, change.about, why, counts=False))

    def _make_anew(self, change: RemoveTask) -> None:
        if self.tasks.get(change.gid) is not None:
            self._cannot(change.about, "somebody brought it back already")
            return
        if change.was is None:
            self._cannot(change.about, "the record does not say what it was; a person can bring it back from the trash")
            return
        name = f"{MADE_ANEW}{change.gid}"
        self.changes.append(CreateTask(name, change.was, change.about, f"it was removed; {TRASHED}"))
        if change.parent_gid and self.tasks.get(change.parent_gid) is not None:
            above = TaskRef(change.parent_gid)
            why = "where it hung before"
            self.changes.append(PlaceTask(TaskRef(issue_id=name), above, "", change.about, why, counts=False))


def as_draft(task: Task, values: Mapping[str, Value]) -> TaskDraft:
    """Return a draft in which the named fields have *values*; of it only those are written."""
    built_in = {
        "name": values.get("name", task.name),
        "completed": values.get("completed", task.completed),
        "assignee_gid": values.get("assignee", task.assignee_gid) or "",
        "start_on": values.get("start_on", task.start_on),
        "due_on": values.get("due_on", task.due_on),
    }
    own = {"name", "completed", "assignee", "start_on", "due_on"}
    fields = {name: value for name, value in values.items() if name not in own}
    return TaskDraft(fields=fields, **built_in)  # type: ignore[arg-type]  # typed by name
