"""What a run did, backwards: from its record, as far as the services allow and nobody acted since (requirement 102)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from mappings.richtext.plain import as_notes
from mappings.richtext.readback import same_text
from sync.mirror.differences import current_value, removal
from sync.mirror.undone import CHANGED, FORMER, MADE, MADE_ANEW, Refs
from sync.mirror.undone_cells import UndoneCells, seals_back
from sync.mirror.undone_rows import SPARE, UndoneRows
from sync.model.change import (
    About,
    Change,
    CreateTask,
    DeleteBackLink,
    FieldChange,
    LeaveHome,
    MakeInitiative,
    Outcome,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    Result,
    TaskDraft,
    TaskRef,
    UpdateTask,
    Value,
    WriteBackLink,
    Written,
)
from sync.model.undoing import NotUndone, Present, UndoPage
from sync.model.work import Task

TRASHED = "it is in Asana's trash for 30 days"
NO_TEXT = "the record holds none of issues that are not public; run with --with-bodies keeps it for the next time"
GONE = "the task is gone"
UNREAD = "the task could not be read"
ADDED = "somebody added something to it since; it stays"
UNKNOWN = "nobody can tell whether it was done; the next run looks"


def gids_of(outcomes: Iterable[Outcome]) -> frozenset[str]:
    """Return the tasks that have to be read before a run can be undone."""
    found: set[str] = set()
    for one in outcomes:
        match one.change:
            case CreateTask():
                found.add(one.gid)
            case RemoveTask():
                found |= {one.change.gid, one.change.parent_gid}
            case UpdateTask() | RehomeTask() | LeaveHome() | DeleteBackLink():
                found.add(one.change.gid)
            case PlaceTask():
                found |= {one.gid, one.change.before, one.change.parent.gid if one.change.parent else ""}
            case WriteBackLink():
                found.add(one.change.before)
            case _:
                pass
    return frozenset(found - {""})


def comments_of(outcomes: Iterable[Outcome]) -> frozenset[tuple[str, int]]:
    """Return the comments on issues that have to be read, by repository and id."""
    found = set()
    for one in outcomes:
        if isinstance(one.change, WriteBackLink):
            written = str(one.change.comment_id or one.gid)
            found |= {(one.change.repository, int(written))} if written.isdecimal() else set()
    return frozenset(found)


def plan_undoing(
    outcomes: Sequence[Outcome], present: Present, home_project: str, *, adoption: bool = False
) -> UndoPage:
    """Return the changes that reverse what was done, in an order that may break off anywhere, and what stays.

    Tasks come first, then rows and what is summed from them; a task that goes does so after its row, so that no later
    run takes it for one that a person deleted. What an *adoption* put into the home project was not there before.
    """
    backwards = [one for one in reversed(outcomes) if one.result is Result.DONE]
    made = {one.change.issue_id: one.gid for one in backwards if isinstance(one.change, CreateTask)}
    removed = [one.change for one in backwards if isinstance(one.change, RemoveTask)]
    anew = {one.gid for one in removed if one.was and one.gid in present.tasks and present.tasks[one.gid] is None}
    refs = Refs(made, anew)
    seals, seals_staying, lifted = seals_back(backwards, present)
    undoing = _Undoing(present.tasks, home_project, frozenset(made.values()), refs, adoption)
    for one in backwards:
        undoing.take_back(one)
    going = _Going(present, undoing)
    while True:
        rows = UndoneRows(present, refs, lifted, going.staying)
        for one in backwards:
            rows.take_back(one)
        if not going.keep(rows.bound):
            break
    cells = UndoneCells(present, refs, rows.spoilt)
    for one in backwards:
        cells.take_back(one)
    changes = (
        *(one for one in cells.comments if isinstance(one, DeleteBackLink)),
        *undoing.changes,
        *seals,
        *rows.changes(),
        *cells.changes,
        *going.removals(),
        *undoing.leaving,
        *(one for one in cells.comments if not isinstance(one, DeleteBackLink)),
    )
    unknown = [NotUndone(one.change.about, UNKNOWN) for one in outcomes if one.result is Result.UNKNOWN]
    staying = (*undoing.not_undone, *going.not_undone(), *seals_staying, *rows.not_undone, *cells.not_undone, *unknown)
    return UndoPage(Plan(changes), tuple(dict.fromkeys(staying)))


@dataclass
class _Undoing:
    tasks: Mapping[str, Task | None]
    home_project: str
    made: frozenset[str]
    refs: Refs
    adoption: bool = False
    changes: list[Change] = field(default_factory=list)
    leaving: list[Change] = field(default_factory=list)
    unmade: dict[str, CreateTask] = field(default_factory=dict)
    """By gid: tasks that the run made and that are there."""
    moved: set[str] = field(default_factory=set)
    """Tasks that are hung elsewhere again."""
    not_undone: list[NotUndone] = field(default_factory=list)

    def take_back(self, one: Outcome) -> None:
        """Plan the reverse of one change of a task, or tell why there is none."""
        change = one.change
        match change:
            case CreateTask():
                if self._there(one.gid, change.about):
                    self.unmade[one.gid] = change
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
                self._cannot(change.about, SPARE)
            case MakeInitiative():
                self._cannot(change.about, "the issues on GitHub stay; close them by hand")
            case _:
                pass

    def _cannot(self, about: About, why: str) -> None:
        self.not_undone.append(NotUndone(about, why))

    def _there(self, gid: str, about: About) -> Task | None:
        """Return a task as it is now; None, and why, where it is gone or could not be read."""
        task = self.tasks.get(gid)
        if task is None:
            self._cannot(about, GONE if gid in self.tasks else UNREAD)
        return task

    def _set_back(self, gid: str, changes: Sequence[FieldChange], about: About) -> None:
        task = self._there(gid, about) if gid not in self.made else None
        if task is None:
            return
        back = []
        for one in changes:
            if one.name == "description" and one.before is None:
                self._cannot(about, f"its description: {NO_TEXT}")
            elif not _is_still(task, one):
                self._cannot(about, f"{one.name.replace('_', ' ')}: {CHANGED}")
            else:
                back.append(FieldChange(one.name, current_value(task, one.name), one.before))
        if back:
            draft = as_draft(task, {one.name: one.after for one in back})
            self.changes.append(UpdateTask(gid, tuple(back), draft, about, FORMER))

    def _leave(self, change: RehomeTask) -> None:
        if change.was_home and not self.adoption:
            self._cannot(change.about, "fields were missing on it; they stay")
            return
        task = self._there(change.gid, change.about)
        if task is None or self.home_project not in task.project_gids:
            return
        if self.adoption:  # outside of the home project nobody sees the fields, and none was there
            written = [FieldChange(name, None, value) for name, value in change.draft.fields.items()]
            self._set_back(change.gid, written, change.about)
        self.leaving.append(LeaveHome(change.gid, change.about, "it was not in the home project before"))

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
        above = self.refs.to_write(change.before)
        if task.parent_gid != self.refs.gid(change.parent):
            self._cannot(change.about, f"its place: {CHANGED}")
        elif above is not None and above.gid and self.tasks.get(above.gid) is None:
            self._cannot(change.about, "the task it hung under is gone")
        else:
            why = "where it hung before"
            self.moved.add(gid)
            self.changes.append(PlaceTask(TaskRef(gid), above, task.parent_gid, change.about, why, counts=False))

    def _make_anew(self, change: RemoveTask) -> None:
        if self.tasks.get(change.gid) is not None:
            self._cannot(change.about, "somebody brought it back already")
            return
        if change.was is None:
            self._cannot(change.about, "the record does not say what it was; a person can bring it back from the trash")
            return
        name = f"{MADE_ANEW}{change.gid}"
        if not change.was.html_notes:
            self._cannot(change.about, f"its description: {NO_TEXT}")
        was = replace(change.was, text=_text(change.was.html_notes))
        self.changes.append(CreateTask(name, was, change.about, f"it was removed; {TRASHED}"))
        above = self.refs.to_write(change.parent_gid)
        if above is not None and (above.issue_id or self.tasks.get(above.gid) is not None):
            why = "where it hung before"
            self.changes.append(PlaceTask(TaskRef(issue_id=name), above, "", change.about, why, counts=False))


class _Going:
    """Which of the tasks that a run made can go: those in which nobody put anything, and with them those above."""

    def __init__(self, present: Present, undoing: _Undoing) -> None:
        self._present = present
        self._unmade = undoing.unmade
        self._moved = undoing.moved
        self._why: dict[str, str] = {}
        self.keep(gid for gid in self._unmade if self._is_used(gid))

    @property
    def staying(self) -> frozenset[str]:
        """Return the tasks that stay."""
        return frozenset(self._why)

    def _is_used(self, gid: str) -> bool:
        task, content = self._present.tasks[gid], self._present.content.get(gid)
        return content is None or content.added or bool(task and task.actual_minutes)

    def keep(self, gids: Iterable[str]) -> bool:
        """Let these tasks stay, and those above them; tell whether any was to go until now."""
        before = len(self._why)
        for gid in gids:
            if gid in self._unmade:
                self._why.setdefault(gid, self._words(gid))
        grown = True
        while grown:
            grown = False
            for gid in self._unmade:
                below = self._present.content[gid].child_gids if gid in self._present.content else ()
                if gid not in self._why and any(not self._goes(child) for child in below):
                    self._why[gid] = "a task that stays hangs below it"
                    grown = True
        return len(self._why) > before

    def _words(self, gid: str) -> str:
        if gid not in self._present.content:
            return "nobody can tell whether people added something to it; it stays"
        return ADDED if self._is_used(gid) else "its row stays, and so does it"

    def _goes(self, gid: str) -> bool:
        return gid in self._moved or (gid in self._unmade and gid not in self._why)

    def removals(self) -> list[RemoveTask]:
        """Return the removals, leaves first."""
        going = {gid: task for gid in self._unmade if gid not in self._why and (task := self._present.tasks[gid])}

        def depth(gid: str) -> int:
            return 1 + depth(going[gid].parent_gid) if going[gid].parent_gid in going else 0

        leaves_first = sorted(going, key=depth, reverse=True)
        return [removal(going[gid], self._unmade[gid].about, MADE) for gid in leaves_first]

    def not_undone(self) -> list[NotUndone]:
        """Return the tasks that stay, and why."""
        return [NotUndone(self._unmade[gid].about, why) for gid, why in self._why.items()]


def _is_still(task: Task, one: FieldChange) -> bool:
    """Tell whether a field says what was written."""
    if one.name == "description":
        text = str(one.after or "")
        return same_text(task.html_notes, _text(text))
    return current_value(task, one.name) == one.after


def as_draft(task: Task, values: Mapping[str, Value]) -> TaskDraft:
    """Return a draft in which the named fields have *values*; of it only those are written."""
    built_in = {
        "name": values.get("name", task.name),
        "completed": values.get("completed", task.completed),
        "assignee_gid": values.get("assignee", task.assignee_gid) or "",
        "start_on": values.get("start_on", task.start_on),
        "due_on": values.get("due_on", task.due_on),
    }
    own = {"name", "completed", "assignee", "start_on", "due_on", "description"}
    fields = {name: value for name, value in values.items() if name not in own}
    text = _text(str(values.get("description") or ""))
    return TaskDraft(text=text, fields=fields, **built_in)  # type: ignore[arg-type]  # typed by name


def _text(html_notes: str) -> Written:
    """Return a description as it stood, and as plain text in case that Asana refuses it."""
    return Written(html_notes, as_notes(html_notes) if html_notes else "")
