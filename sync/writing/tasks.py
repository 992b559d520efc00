"""What is written to Asana: each change reads again what a person may have touched since the plan was made.

Changes of different tasks may be carried out by several threads at a time; `sync.writing.ahead` keeps apart those that
must not be.
"""

from dataclasses import replace

from mappings.richtext.plain import as_html_notes
from sync.errors import ServiceError, Transient
from sync.mirror.differences import current_value
from sync.model.change import (
    CreateTask,
    LeaveHome,
    Outcome,
    PlaceTask,
    RehomeTask,
    Remark,
    RemoveTask,
    Result,
    TaskDraft,
    TaskRef,
    UpdateTask,
    WriteCshHours,
)
from sync.model.work import Task
from sync.ports import TaskTarget

TaskWrite = CreateTask | UpdateTask | RehomeTask | PlaceTask | WriteCshHours
"""What may be carried out ahead; removals never are."""
NEXT_RUN = "looked at again in the next run"


class TaskWrites:
    """Writes tasks, and remembers which were made, *placed*, and not moved away."""

    def __init__(self, tasks: TaskTarget, home_project: str) -> None:
        self._tasks = tasks
        self._home = home_project
        self._made: dict[str, str] = {}
        self._unmoved_from: set[str] = set()
        self.placed: set[TaskRef] = set()
        self.spoilt: set[str] = set()
        """Allocations of which a row could not be written."""

    def gid(self, ref: TaskRef) -> str:
        """Return a task's gid, "" while it is not made."""
        return ref.gid or self._made.get(ref.issue_id, "")

    def carry_out(self, change: TaskWrite) -> Outcome:
        """Carry out one change. Raises what the service raises."""
        match change:
            case CreateTask():
                return self._create(change)
            case UpdateTask():
                return self._update(change)
            case RehomeTask():
                return self._rehome(change)
            case PlaceTask():
                return self._place(change)
            case WriteCshHours():
                return self._csh_hours(change)

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
        remark = self._tasks.update(change.gid, change.draft, [one.name for one in change.changes])
        return Outcome(change, Result.DONE, remark.words, change.gid, _as_written(change, remark))

    def _seen_again(self, gid: str) -> Task | None:
        """Read a task once more before it is written: a person may have acted since the plan was made."""
        found = self._tasks.look_up([gid], anew=True)
        if gid not in found:
            raise Transient("Asana", "read a task again", "it could not be read before it was to be written")
        return found[gid]

    def _rehome(self, change: RehomeTask) -> Outcome:
        self._tasks.rehome(change.gid)
        remark = self._tasks.update(change.gid, change.draft, tuple(change.draft.fields))
        return Outcome(change, Result.DONE, remark.words, change.gid)

    def _place(self, change: PlaceTask) -> Outcome:
        try:
            outcome = self._placing(change)
        except ServiceError:
            self._unmoved_from.add(change.before)
            raise
        if outcome.result is Result.DONE:
            self.placed.add(change.task)
        else:
            self._unmoved_from.add(change.before)
        return outcome

    def _placing(self, change: PlaceTask) -> Outcome:
        gid, parent = self.gid(change.task), self.gid(change.parent) if change.parent else ""
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

    def remove(self, change: RemoveTask) -> Outcome:
        """Remove a task that nobody added anything to meanwhile, once nothing of ours hangs below it."""
        if change.gid in self._unmoved_from:
            return Outcome(change, Result.SKIPPED, "a sub-task could not be moved away first")
        task = self._seen_again(change.gid)
        if task is None:
            return Outcome(change, Result.DONE, "somebody deleted it meanwhile", change.gid)
        content = self._tasks.human_content([change.gid], anew=True).get(change.gid)
        if task.actual_minutes or content is None or content.comments or content.attachments or content.child_gids:
            return Outcome(change, Result.SKIPPED, f"somebody added something to it meanwhile; {NEXT_RUN}")
        self._tasks.remove(change.gid)
        return Outcome(change, Result.DONE, "", change.gid)

    def leave_home(self, change: LeaveHome) -> Outcome:
        """Take a task out of the home project again."""
        self._tasks.leave_home(change.gid)
        return Outcome(change, Result.DONE, "", change.gid)

    def _csh_hours(self, change: WriteCshHours) -> Outcome:
        if change.allocation_id in self.spoilt:
            return Outcome(change, Result.SKIPPED, "not all rows of its allocation were written; its hours stay")
        self._tasks.write_csh_hours(change.gid, {one.name: one.after for one in change.changes})
        return Outcome(change, Result.DONE, "", change.gid)


def _as_written(change: UpdateTask, remark: Remark) -> UpdateTask | None:
    """Return a change as it was carried out, None where that is as it was meant.

    What undoes it looks whether that still stands.
    """
    if not remark.words:
        return None
    written = tuple(one for one in change.changes if one.name not in remark.left_out)
    if remark.plain:
        text = as_html_notes(change.draft.notes)
        written = tuple(replace(one, after=text) if one.name == "description" else one for one in written)
    return replace(change, changes=written)
