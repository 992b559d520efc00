"""The records of Asana's resources: their fields, short forms and opt-in fields.

https://developers.asana.com/reference/rest-api-reference
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.asana.api.fields import FieldRecords
from sandbox.asana.api.shape import Record
from sandbox.asana.days import stamp
from sandbox.asana.state.model import (
    Attachment,
    Membership,
    Portfolio,
    Project,
    Section,
    Story,
    Task,
    TimeEntry,
)
from sandbox.asana.state.store import WEB

_NAMED = ("resource_type", "name")
_TASK_OPT_IN = frozenset(
    {"html_notes", "num_subtasks", "created_by", "dependencies", "dependents", "is_rendered_as_separator"}
)


class Records(FieldRecords):
    """Make records of what the state holds."""

    def task(self, task: Task) -> Record:
        """Return a task's record."""
        return Record(
            task.gid,
            {
                "resource_type": lambda: "task",
                "name": lambda: task.name,
                "resource_subtype": lambda: task.subtype,
                **self._task_people(task),
                **self._task_moments(task),
                **self._task_texts(task),
                **self._task_places(task),
                "actual_time_minutes": lambda: self._state.actual_minutes(task),
                "custom_fields": lambda: self.values(task),
            },
            ("resource_type", "name", "resource_subtype"),
            _TASK_OPT_IN,
        )

    def project(self, project: Project) -> Record:
        """Return a project's record."""
        return Record(
            project.gid,
            {
                "resource_type": lambda: "project",
                "name": lambda: project.name,
                "archived": lambda: project.archived,
                "completed": lambda: project.completed_at is not None,
                "completed_at": lambda: stamp(project.completed_at),
                "created_at": lambda: stamp(project.created_at),
                "modified_at": lambda: stamp(project.modified_at),
                "start_on": lambda: _day(project.start_on),
                "due_on": lambda: _day(project.due_on),
                "due_date": lambda: _day(project.due_on),
                "notes": lambda: project.rich.text,
                "html_notes": lambda: project.rich.html,
                "owner": lambda: self.user(project.owner),
                "members": lambda: [self.user(project.owner)],
                "followers": list,
                "current_status_update": lambda: None,
                "custom_fields": list,
                "custom_field_settings": lambda: [self.setting(one, project) for one in project.settings],
                "privacy_setting": lambda: "public_to_workspace",
                "public": lambda: True,
                "permalink_url": lambda: f"{self._web()}/project/{project.gid}",
                "workspace": self.workspace,
            },
            _NAMED,
            frozenset({"html_notes"}),
        )

    def portfolio(self, portfolio: Portfolio) -> Record:
        """Return a portfolio's record."""
        return Record(
            portfolio.gid,
            {
                "resource_type": lambda: "portfolio",
                "name": lambda: portfolio.name,
                "archived": lambda: False,
                "color": lambda: "light-green",
                "created_at": lambda: stamp(portfolio.created_at),
                "created_by": lambda: self.user(portfolio.owner),
                "owner": lambda: self.user(portfolio.owner),
                "members": lambda: [self.user(portfolio.owner)],
                "custom_fields": list,
                "custom_field_settings": list,
                "current_status_update": lambda: None,
                "public": lambda: False,
                "permalink_url": lambda: f"{WEB}/0/portfolio/{portfolio.gid}/list",
                "workspace": self.workspace,
            },
            _NAMED,
            frozenset({"archived"}),
        )

    def item(self, item: Project | Portfolio) -> Record:
        """Return the record of what a portfolio holds."""
        return self.project(item) if isinstance(item, Project) else self.portfolio(item)

    def membership(self, place: Project | Portfolio, level: str) -> Record:
        """Return the record of the token's user as a member of *place*."""
        kind = "project" if isinstance(place, Project) else "portfolio"
        return Record(
            f"{place.gid}{self._state.me.gid}",
            {
                "resource_type": lambda: "membership",
                "resource_subtype": lambda: f"{kind}_membership",
                "parent": lambda: self.item(place),
                "member": lambda: self.user(self._state.me),
                "access_level": lambda: level,
            },
            ("resource_type", "resource_subtype", "parent", "member", "access_level"),
        )

    def section(self, section: Section) -> Record:
        """Return a section's record."""
        return Record(
            section.gid,
            {
                "resource_type": lambda: "section",
                "name": lambda: section.name,
                "created_at": lambda: stamp(section.created_at),
                "project": lambda: self.project(section.project),
            },
            _NAMED,
        )

    def story(self, story: Story) -> Record:
        """Return the record of a comment or a system story."""
        return Record(
            story.gid,
            {
                "resource_type": lambda: "story",
                "created_at": lambda: stamp(story.created_at),
                "created_by": lambda: self.user(story.created_by),
                "resource_subtype": lambda: story.subtype,
                "text": lambda: story.rich.text,
                "type": lambda: "comment" if story.is_comment else "system",
                "html_text": lambda: story.rich.html,
                "is_editable": lambda: story.is_comment and story.created_by is self._state.me,
                "is_edited": lambda: False,
                "is_pinned": lambda: False,
                "source": lambda: "api" if story.created_by is self._state.me else "web",
                "target": lambda: self.task(story.task),
            },
            ("resource_type", "created_at", "created_by", "resource_subtype", "text"),
            frozenset({"html_text"}),
        )

    def attachment(self, attachment: Attachment) -> Record:
        """Return an attachment's record."""
        host = "external" if attachment.url else "asana"
        size: dict[str, Callable[[], Any]] = {} if attachment.url else {"size": lambda: attachment.size}
        return Record(
            attachment.gid,
            {
                "resource_type": lambda: "attachment",
                "name": lambda: attachment.name,
                "resource_subtype": lambda: host,
                "host": lambda: host,
                "created_at": lambda: stamp(attachment.created_at),
                "parent": lambda: self.task(attachment.task),
                **size,
                "view_url": lambda: attachment.url,
                "download_url": lambda: attachment.url,
                "permanent_url": lambda: f"{WEB}/app/asana/-/get_asset?asset_id={attachment.gid}",
            },
            ("resource_type", "name", "resource_subtype"),
        )

    def entry(self, entry: TimeEntry, *, in_list: bool = False) -> Record:
        """Return a time entry's record; lists do not name the task unless the options say so."""
        shown: dict[str, Callable[[], Any]] = {
            "resource_type": lambda: "time_tracking_entry",
            "duration_minutes": lambda: entry.minutes,
            "entered_on": lambda: _day(entry.entered_on),
            "attributable_to": lambda: self.project(entry.attributable_to) if entry.attributable_to else None,
            "created_by": lambda: self.user(entry.created_by),
            "categories": list,
        }
        compact = tuple(shown)
        if not in_list or self._state.options.entries_name_task:
            shown["task"] = lambda: self.task(entry.task)
        if not in_list:
            shown |= {
                "created_at": lambda: stamp(entry.created_at),
                "approval_status": lambda: "DRAFT",
                "billable_status": lambda: "notApplicable",
                "description": lambda: entry.description,
            }
        return Record(entry.gid, shown, compact)

    def _task_people(self, task: Task) -> dict[str, Callable[[], Any]]:
        return {
            "created_by": lambda: self._maker(task),
            "assignee": lambda: self.user(task.assignee) if task.assignee else None,
            "assignee_status": lambda: "upcoming",
            "followers": lambda: [self.user(one) for one in task.followers],
            "completed_by": lambda: self.user(task.completed_by) if task.completed_by else None,
        }

    def _maker(self, task: Task) -> Record:
        """Return who made a task: of the person only gid and type are told."""
        return Record(task.created_by.gid, {"resource_type": lambda: "user"}, ("resource_type",))

    def _task_moments(self, task: Task) -> dict[str, Callable[[], Any]]:
        return {
            "completed": lambda: task.completed_at is not None,
            "completed_at": lambda: stamp(task.completed_at),
            "created_at": lambda: stamp(task.created_at),
            "modified_at": lambda: stamp(task.modified_at),
            "start_on": lambda: _day(task.start_on),
            "start_at": lambda: stamp(task.start_at),
            "due_on": lambda: _day(task.due_on),
            "due_at": lambda: stamp(task.due_at),
        }

    def _task_texts(self, task: Task) -> dict[str, Callable[[], Any]]:
        return {
            "notes": lambda: task.rich.text,
            "html_notes": lambda: task.rich.html,
            "permalink_url": lambda: f"{self._web()}/task/{task.gid}",
            "is_rendered_as_separator": lambda: task.is_separator,
            "liked": lambda: False,
            "num_likes": lambda: 0,
        }

    def _task_places(self, task: Task) -> dict[str, Callable[[], Any]]:
        state = self._state
        visible = [one for one in task.memberships if state.may_see(one.project)]
        return {
            "memberships": lambda: [self._membership(one) for one in visible],
            "projects": lambda: [self.project(one.project) for one in visible],
            "parent": lambda: self.task(task.parent) if task.parent else None,
            "num_subtasks": lambda: len(state.live_subtasks(task)),
            "dependencies": list,
            "dependents": list,
            "tags": list,
            "workspace": self.workspace,
        }

    def _membership(self, membership: Membership) -> Record:
        return Record(
            None,
            {
                "project": lambda: self.project(membership.project),
                "section": lambda: self.section(membership.section),
            },
            ("project", "section"),
            whole=True,
        )

    def _web(self) -> str:
        return f"{WEB}/1/{self._state.workspace.gid}"


def _day(day: Any) -> str | None:
    return day.isoformat() if day else None
