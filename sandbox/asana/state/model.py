"""The things Asana holds, as the sandbox keeps them: plain records that point to each other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from sandbox.asana.richtext import Rich
from sandbox.asana.state.shelf import Shelf

Kind = Literal["text", "number", "enum", "multi_enum", "date", "people"]
KINDS: tuple[Kind, ...] = ("text", "number", "enum", "multi_enum", "date", "people")


@dataclass(slots=True, eq=False)
class Workspace:
    """The one workspace; an organisation names itself as such in refusals."""

    gid: str
    name: str
    is_organization: bool = True


@dataclass(slots=True, eq=False)
class User:
    """A person; one who is not *active* is listed no longer and cannot be assigned."""

    gid: str
    name: str
    email: str
    is_guest: bool = False
    active: bool = True


@dataclass(slots=True, eq=False)
class EnumOption:
    """A choice of an enum field; disabled ones stay but cannot be chosen."""

    gid: str
    name: str
    enabled: bool = True


@dataclass(slots=True, eq=False)
class Field:
    """A custom field's definition.

    A *formula* computes the number shown on a task. A *locked* field refuses new values (403), on
    all tasks or on those in *locked_on*. A field that is not *enabled* cannot change its values.
    """

    gid: str
    name: str
    kind: Kind
    created_by: User
    precision: int = 0
    options: list[EnumOption] = field(default_factory=list)
    description: str = ""
    formula: Callable[[Task], float | None] | None = None
    enabled: bool = True
    locked: bool = False
    locked_on: set[str] = field(default_factory=set)
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Setting:
    """A custom field on a project."""

    gid: str
    field: Field
    is_important: bool = False


@dataclass(slots=True, eq=False)
class Section:
    """A section of a project with its tasks in order."""

    gid: str
    name: str
    project: Project
    created_at: datetime
    tasks: Shelf[Task]


@dataclass(slots=True, eq=False)
class Project:
    """A project; its tasks are those of its sections."""

    gid: str
    name: str
    created_at: datetime
    modified_at: datetime
    owner: User
    sections: list[Section] = field(default_factory=list)
    settings: list[Setting] = field(default_factory=list)
    rich: Rich = field(default_factory=Rich)
    archived: bool = False
    completed_at: datetime | None = None
    start_on: date | None = None
    due_on: date | None = None
    deleted: bool = False


@dataclass(slots=True, eq=False)
class Portfolio:
    """A portfolio of projects and portfolios."""

    gid: str
    name: str
    owner: User
    created_at: datetime
    items: list[Project | Portfolio] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Membership:
    """A task's place in one project."""

    project: Project
    section: Section


@dataclass(slots=True, eq=False)
class Story:
    """A comment of a person, or what the system notes about a change."""

    gid: str
    task: Task
    created_at: datetime
    created_by: User
    subtype: str
    rich: Rich

    @property
    def is_comment(self) -> bool:
        """Say whether a person wrote it."""
        return self.subtype == "comment_added"


@dataclass(slots=True, eq=False)
class Attachment:
    """A file, or a link when it has a *url*."""

    gid: str
    task: Task
    name: str
    created_at: datetime
    url: str | None = None
    size: int = 0


@dataclass(slots=True, eq=False)
class TimeEntry:
    """Minutes of work a person logged on a task for a day."""

    gid: str
    task: Task
    created_by: User
    created_at: datetime
    minutes: int
    entered_on: date
    attributable_to: Project | None = None
    description: str = ""


@dataclass(slots=True)
class Trashed:
    """When and by whom a task was deleted; *root* is the task that took it along, or the task itself."""

    at: datetime
    by: User
    root: Task
    request: int


@dataclass(slots=True, eq=False)
class Task:
    """A task; *values* are custom field values by the field's gid, an empty one has no entry."""

    gid: str
    name: str
    created_at: datetime
    created_by: User
    modified_at: datetime
    subtasks: Shelf[Task]
    rich: Rich = field(default_factory=Rich)
    subtype: str = "default_task"
    is_separator: bool = False
    completed_at: datetime | None = None
    completed_by: User | None = None
    assignee: User | None = None
    start_on: date | None = None
    start_at: datetime | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    parent: Task | None = None
    memberships: list[Membership] = field(default_factory=list)
    followers: list[User] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    stories: list[Story] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    entries: list[TimeEntry] = field(default_factory=list)
    trashed: Trashed | None = None

    @property
    def projects(self) -> list[Project]:
        """Return the projects the task itself is in."""
        return [membership.project for membership in self.memberships]

    def membership_in(self, project: Project) -> Membership | None:
        """Return the place in *project*, None when the task is not in it."""
        return next((one for one in self.memberships if one.project is project), None)
