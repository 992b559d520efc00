"""What can be done to tasks, by the API and by people alike; the callers have checked what they ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from sandbox.asana.richtext import Rich
from sandbox.asana.state.model import (
    Attachment,
    Field,
    Membership,
    Project,
    Section,
    Story,
    Task,
    TimeEntry,
    Trashed,
    User,
)
from sandbox.asana.state.shelf import Shelf
from sandbox.asana.state.store import Store


class Work(Store):
    """Changes to tasks, each with the system story and the stamp Asana gives it."""

    # Beginning and properties

    def new_task(self, name: str, by: User, parent: Task | None = None) -> Task:
        """Make a task, in no project; with *parent* it is the last subtask there."""
        now = self.now()
        task = Task(self.new_gid(), name, now, by, now, Shelf(self), followers=[by])
        self.tasks[task.gid] = task
        if parent is not None:
            task.parent = parent
            parent.subtasks.put(task)
        return task

    def touch(self, task: Task) -> None:
        """Move the stamp of the last change."""
        task.modified_at = self.now()

    def note(self, task: Task, subtype: str, text: str, by: User) -> Story:
        """Add a story; the stamp is the caller's."""
        return self._told(task, subtype, Rich(f"<body>{text}</body>", text), by)

    def rename(self, task: Task, name: str, by: User) -> None:
        """Give *task* another name."""
        if name != task.name:
            self.note(task, "name_changed", f'changed the name to "{name}"', by)
            task.name = name
            self.touch(task)

    def describe(self, task: Task, rich: Rich, by: User) -> None:
        """Write the description."""
        if rich != task.rich:
            task.rich = rich
            self.note(task, "notes_changed", "changed the description", by)
            self.touch(task)

    def assign(self, task: Task, user: User | None, by: User) -> None:
        """Assign *task*, or unassign it; the assignee follows it."""
        if user is task.assignee:
            return
        task.assignee = user
        self.note(task, "assigned" if user else "unassigned", f"assigned to {user.name}" if user else "unassigned", by)
        if user is not None:
            self.follow(task, user)
        self.touch(task)

    def follow(self, task: Task, user: User) -> None:
        """Add a follower."""
        if user not in task.followers:
            task.followers.append(user)

    def set_completed(self, task: Task, done: bool, by: User) -> None:
        """Complete *task* or open it again."""
        if done == (task.completed_at is not None):
            return
        task.completed_at = self.now() if done else None
        task.completed_by = by if done else None
        self.note(task, "marked_complete" if done else "marked_incomplete", "completed" if done else "reopened", by)
        self.touch(task)

    def set_dates(self, task: Task, dates: dict[str, Any], by: User) -> None:
        """Set those of `start_on`, `start_at`, `due_on` and `due_at` that are in *dates*."""
        before = (task.start_on, task.start_at, task.due_on, task.due_at)
        for name, value in dates.items():
            setattr(task, name, value)
        if before != (task.start_on, task.start_at, task.due_on, task.due_at):
            self.note(task, "due_date_changed", "changed the dates", by)
            self.touch(task)

    def set_value(self, task: Task, field: Field, value: Any, by: User) -> None:
        """Write a custom field value that was checked; None empties it."""
        if value == task.values.get(field.gid):
            return
        if value is None:
            del task.values[field.gid]
        else:
            task.values[field.gid] = value
        self.note(task, f"{field.kind}_custom_field_changed", f"changed {field.name}", by)
        self.touch(task)

    # Places

    def put_under(
        self,
        task: Task,
        parent: Task | None,
        *,
        after: Task | None = None,
        before: Task | None = None,
        first: bool = False,
        by: User,
    ) -> None:
        """Make *task* a subtask of *parent* at a place among the others, or of none; moves no stamp by itself."""
        if task.parent is not None:
            task.parent.subtasks.take(task)
        task.parent = parent
        if parent is not None:
            parent.subtasks.put(task, after=after, before=before, first=first)
        self._place_changed(task, "subtask_added" if parent else "subtask_removed", "moved", by)

    def put_in_project(
        self,
        task: Task,
        project: Project,
        section: Section | None = None,
        *,
        after: Task | None = None,
        before: Task | None = None,
        first: bool = False,
        by: User,
    ) -> None:
        """Add *task* to a project, or move it there; without a section it keeps its own, else the first."""
        membership = task.membership_in(project)
        if membership is None:
            membership = Membership(project, section or project.sections[0])
            task.memberships.append(membership)
            self._place_changed(task, "added_to_project", f"added to {project.name}", by)
        else:
            membership.section.tasks.take(task)
            membership.section = section or membership.section
            self._place_changed(task, "section_changed", f"moved in {project.name}", by)
        membership.section.tasks.put(task, after=after, before=before, first=first)

    def take_out_of_project(self, task: Task, project: Project, by: User) -> None:
        """Take *task* out of a project; values of fields it no longer has stay, disabled."""
        membership = task.membership_in(project)
        if membership is not None:
            membership.section.tasks.take(task)
            task.memberships.remove(membership)
            self._place_changed(task, "removed_from_project", f"removed from {project.name}", by)

    def trash(self, task: Task, by: User) -> None:
        """Move *task* to the trash; its subtasks as the options say."""
        trashed = Trashed(self.now(), by, task, self.requests)
        going = [task]
        if self.options.children_of_deleted == "orphaned":
            for child in self.live_subtasks(task):
                self.put_under(child, None, by=by)
        elif self.options.children_of_deleted == "deleted":
            for one in going:
                going.extend(self.live_subtasks(one))
        for one in going:
            one.trashed = trashed
            self.touch(one)

    def restore(self, task: Task) -> None:
        """Bring *task* back from the trash, with the subtasks that went with it."""
        if task.trashed is None:
            raise ValueError(f"task {task.gid} is not in the trash")
        if self.is_gone(task):
            raise ValueError(f"task {task.gid} was deleted more than 30 days ago")
        root = task.trashed.root
        for one in [task] if root is not task else list(self.tasks.values()):
            if one.trashed is not None and one.trashed.root is root:
                one.trashed = None
                self.touch(one)

    # What people add

    def comment(self, task: Task, rich: Rich, by: User) -> Story:
        """Add a comment."""
        self.touch(task)
        self.follow(task, by)
        return self._told(task, "comment_added", rich, by)

    def attach(self, task: Task, name: str, by: User, url: str | None = None, size: int = 0) -> Attachment:
        """Attach a link (with *url*) or a file."""
        attachment = Attachment(self.new_gid(), task, name, self.now(), url, size)
        self.attachments[attachment.gid] = attachment
        task.attachments.append(attachment)
        self.note(task, "attachment_added", f"attached {name}", by)
        self.touch(task)
        return attachment

    def log_time(
        self,
        task: Task,
        minutes: int,
        day: date,
        by: User,
        *,
        project: Project | None = None,
        description: str = "",
    ) -> TimeEntry:
        """Log minutes of work for a day; without *project* they count for the first project of the task."""
        target = project or (task.projects[0] if task.memberships else None)
        entry = TimeEntry(self.new_gid(), task, by, self.now(), minutes, day, target, description)
        self.entries[entry.gid] = entry
        task.entries.append(entry)
        if self.options.time_entry_touches:
            self.touch(task)
        return entry

    def actual_minutes(self, task: Task) -> int | None:
        """Return the minutes logged on *task*, None when there are none."""
        counted, entries = [task], []
        for one in counted:
            entries.extend(one.entries)
            if self.options.actual_time_rolls_up:
                counted.extend(self.live_subtasks(one))
        return sum(entry.minutes for entry in entries) if entries else None

    def _told(self, task: Task, subtype: str, rich: Rich, by: User) -> Story:
        story = Story(self.new_gid(), task, self.now(), by, subtype, rich)
        self.stories[story.gid] = story
        task.stories.append(story)
        return story

    def _place_changed(self, task: Task, subtype: str, text: str, by: User) -> None:
        self.note(task, subtype, text, by)
        if self.options.project_change_touches:
            self.touch(task)
