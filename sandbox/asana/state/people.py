"""What people do with tasks by hand, and what tests build and look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.asana.richtext import read_html, read_plain
from sandbox.asana.state.model import (
    Attachment,
    Field,
    Section,
    Story,
    Task,
    TimeEntry,
    User,
)
from sandbox.asana.state.places import FieldRef, Places, ProjectRef, UserRef
from sandbox.asana.state.values import checked, fields_on
from sandbox.core import locked

TaskRef = Task | str


class AsanaState(Places):
    """The workspace as people at the keyboard have it; *by* is who does something, by default the token's user."""

    @locked
    def add_task(
        self,
        name: str,
        *,
        parent: TaskRef | None = None,
        project: ProjectRef | None = None,
        section: Section | str | None = None,
        notes: str = "",
        html_notes: str | None = None,
        assignee: UserRef | None = None,
        due_on: date | None = None,
        start_on: date | None = None,
        completed: bool = False,
        fields: dict[str, Any] | None = None,
        subtype: str = "default_task",
        separator: bool = False,
        by: UserRef | None = None,
    ) -> Task:
        """Add a task by hand, below *parent*, in a *section* or a *project*, or both; *fields* as in `edit_field`."""
        actor = self._user(by)
        task = self.new_task(name, actor, self._task(parent) if parent is not None else None)
        task.rich = read_plain(notes) if html_notes is None else read_html(html_notes, self.rules())
        task.subtype, task.is_separator = subtype, separator
        task.start_on, task.due_on = start_on, due_on
        place = self._section(section) if section is not None else None
        if place is not None:
            self.put_in_project(task, place.project, place, by=actor)
        elif project is not None:
            self.put_in_project(task, self._project(project), by=actor)
        if assignee is not None:
            self.assign(task, self._user(assignee), actor)
        self.set_completed(task, completed, actor)
        for field, value in (fields or {}).items():
            self.edit_field(task, field, value, by=actor)
        return task

    @locked
    def rename_task(self, task: TaskRef, name: str, *, by: UserRef | None = None) -> None:
        """Type another name."""
        self.rename(self._task(task), name, self._user(by))

    @locked
    def edit_notes(
        self, task: TaskRef, notes: str = "", html_notes: str | None = None, *, by: UserRef | None = None
    ) -> None:
        """Type another description, plain or as rich text."""
        rich = read_plain(notes) if html_notes is None else read_html(html_notes, self.rules())
        self.describe(self._task(task), rich, self._user(by))

    @locked
    def assign_task(self, task: TaskRef, user: UserRef | None, *, by: UserRef | None = None) -> None:
        """Assign a task to a person, or to nobody."""
        self.assign(self._task(task), self._user(user) if user is not None else None, self._user(by))

    @locked
    def complete_task(self, task: TaskRef, done: bool = True, *, by: UserRef | None = None) -> None:
        """Tick a task as done, or open it again."""
        self.set_completed(self._task(task), done, self._user(by))

    @locked
    def edit_field(self, task: TaskRef, field: FieldRef, value: Any, *, by: UserRef | None = None) -> None:
        """Type a custom field value, None to clear it.

        *field* by name, gid or itself, an enum value by the name of its option, a date as one.
        Raises KeyError when the task has no such field, `Refusal` when the field does not take the value.
        """
        found = self._task(task)
        wanted = self._field_of(found, field)
        self.set_value(found, wanted, checked(wanted, found.gid, _typed(wanted, value), self.find_user), self._user(by))

    def field_value(self, task: TaskRef, field: FieldRef) -> Any:
        """Return a custom field value: text, number, the name of an option, a day's text; None when empty."""
        found = self._task(task)
        wanted = field if isinstance(field, Field) else self.fields.get(field) or self._named_field(field)
        value = found.values.get(wanted.gid)
        match wanted.kind:
            case "enum":
                return value.name if value else None
            case "date":
                return value["date"] if value else None
            case _:
                return value

    @locked
    def move_task(
        self,
        task: TaskRef,
        *,
        parent: TaskRef | None = None,
        project: ProjectRef | None = None,
        section: Section | str | None = None,
        by: UserRef | None = None,
    ) -> None:
        """Drag a task below another one, into a project, or into a section."""
        found, actor = self._task(task), self._user(by)
        if parent is not None:
            holder = self._task(parent)
            if found in (holder, *self.ancestors(holder)):
                raise ValueError(f"task {found.gid} cannot be moved below itself")
            self.put_under(found, holder, by=actor)
        if section is not None:
            place = self._section(section)
            self.put_in_project(found, place.project, place, by=actor)
        elif project is not None:
            self.put_in_project(found, self._project(project), by=actor)

    @locked
    def detach_task(self, task: TaskRef, *, by: UserRef | None = None) -> None:
        """Drag a task out from below its parent."""
        self.put_under(self._task(task), None, by=self._user(by))

    @locked
    def remove_task_from_project(self, task: TaskRef, project: ProjectRef, *, by: UserRef | None = None) -> None:
        """Take a task out of a project."""
        self.take_out_of_project(self._task(task), self._project(project), self._user(by))

    @locked
    def delete_task(self, task: TaskRef, *, by: UserRef | None = None) -> None:
        """Delete a task: into the trash for 30 days."""
        self.trash(self._task(task), self._user(by))

    @locked
    def restore_task(self, task: TaskRef) -> None:
        """Bring a task back from the trash; ValueError when it is not there any more."""
        self.restore(self._task(task))

    @locked
    def duplicate_task(
        self, task: TaskRef, name: str | None = None, *, subtasks: bool = False, by: UserRef | None = None
    ) -> Task:
        """Duplicate a task in its place, with description, fields, people and projects, without comments and time."""
        old, actor = self._task(task), self._user(by)
        new = self.new_task(name or old.name, actor, old.parent)
        new.rich, new.subtype, new.assignee = old.rich, old.subtype, old.assignee
        new.start_on, new.start_at, new.due_on, new.due_at = old.start_on, old.start_at, old.due_on, old.due_at
        new.values = dict(old.values)
        for follower in old.followers:
            self.follow(new, follower)
        for membership in old.memberships:
            self.put_in_project(new, membership.project, membership.section, by=actor)
        for child in self.live_subtasks(old) if subtasks else ():
            self.put_under(self.duplicate_task(child, subtasks=True, by=actor), new, by=actor)
        return new

    @locked
    def comment_on(self, task: TaskRef, text: str, *, by: UserRef | None = None) -> Story:
        """Write a comment."""
        return self.comment(self._task(task), read_plain(text), self._user(by))

    @locked
    def attach_file(self, task: TaskRef, name: str, *, size: int = 1, by: UserRef | None = None) -> Attachment:
        """Attach a file."""
        return self.attach(self._task(task), name, self._user(by), size=size)

    @locked
    def log_minutes(
        self,
        task: TaskRef,
        minutes: int,
        day: date,
        *,
        by: UserRef | None = None,
        project: ProjectRef | None = None,
    ) -> TimeEntry:
        """Log minutes of work for a day, in `Actual time`."""
        target = self._project(project) if project is not None else None
        return self.log_time(self._task(task), minutes, day, self._user(by), project=target)

    @locked
    def edit_entry(self, entry: TimeEntry | str, *, minutes: int | None = None, day: date | None = None) -> None:
        """Change a time entry afterwards."""
        found = self.entries[entry] if isinstance(entry, str) else entry
        found.minutes = minutes if minutes is not None else found.minutes
        found.entered_on = day or found.entered_on

    @locked
    def delete_entry(self, entry: TimeEntry | str) -> None:
        """Delete a time entry."""
        gone = self.entries.pop(entry if isinstance(entry, str) else entry.gid)
        gone.task.entries.remove(gone)

    # Looking

    @locked
    def tasks_in(self, project: ProjectRef) -> list[Task]:
        """Return the tasks of a project that are not in the trash, in order."""
        sections = self._project(project).sections
        return [task for section in sections for task in section.tasks if task.trashed is None]

    @locked
    def find_task(self, name: str) -> Task:
        """Return the only task of this name that is not in the trash; KeyError when there are none or several."""
        found = [task for task in self.tasks.values() if task.name == name and task.trashed is None]
        if len(found) != 1:
            raise KeyError(f"{len(found)} tasks are called {name!r}")
        return found[0]

    def comments(self, task: TaskRef) -> list[Story]:
        """Return what people wrote on a task."""
        return [story for story in self._task(task).stories if story.is_comment]

    def _section(self, section: Section | str) -> Section:
        return self.sections[section] if isinstance(section, str) else section

    def _named_field(self, name: str) -> Field:
        found = [field for field in self.fields.values() if field.name == name and not field.deleted]
        if not found:
            raise KeyError(f"no custom field is called {name!r}")
        return found[-1]

    def _field_of(self, task: Task, field: FieldRef) -> Field:
        wanted = field if isinstance(field, Field) else self.fields.get(field) or self._named_field(field)
        below = self.options.fields_reach == "subtasks"
        if wanted.gid not in task.values and wanted not in fields_on(task, below=below):
            raise KeyError(f"task {task.gid} has no field {wanted.name!r}: it is in no project with that field")
        return wanted


def _typed(field: Field, value: Any) -> Any:
    """Return what a person typed in the shape of the API."""
    if value is None:
        return None
    match field.kind:
        case "enum":
            return next((one.gid for one in field.options if one.name == value), value)
        case "date":
            return {"date": value.isoformat()} if isinstance(value, date) else value
        case "people":
            return [one.gid if isinstance(one, User) else one for one in value]
        case _:
            return value
