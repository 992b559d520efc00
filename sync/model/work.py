"""Where work shows: Asana tasks and the Activity rows of the ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import chain

from sync.model.reading import FieldDrift, Problem

UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class TaskFields:
    """Custom fields of a task, by our own names. ``None`` means empty; a name that is absent is not on the task."""

    values: Mapping[str, str | Decimal | date | None] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether the task carries the field at all."""
        return name in self.values

    def text(self, name: str) -> str:
        """Return a text field, "" when empty or absent."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Task:
    """One Asana task as read. *actual_minutes* is None when Asana does not tell."""

    gid: str
    name: str
    html_notes: str = ""
    completed: bool = False
    completed_on: date | None = None
    created_at: datetime | None = None
    modified_at: datetime | None = None
    assignee_gid: str = ""
    parent_gid: str = ""
    project_gids: frozenset[str] = frozenset()
    subtask_count: int = 0
    fields: TaskFields = field(default_factory=TaskFields)
    actual_minutes: int | None = None
    start_on: date | None = None
    due_on: date | None = None
    permalink: str = ""
    plain: bool = True
    """False for separators, milestones, approvals and sections: left alone."""


@dataclass(frozen=True, slots=True)
class CshTask:
    """The task that stands for one allocation (or several, in older layouts)."""

    task: Task
    profile: str
    engagement_gid: str
    engagement_name: str
    tree_complete: bool = True
    """False when its children could not all be read."""


@dataclass(frozen=True, slots=True)
class AsanaUser:
    """Somebody in the Asana workspace."""

    gid: str
    name: str
    email: str = ""


@dataclass(frozen=True, slots=True)
class HumanContent:
    """What people added to a mirrored task: reasons not to remove it (decision D6)."""

    comments: int = 0
    attachments: int = 0
    child_gids: tuple[str, ...] = ()

    @property
    def added(self) -> bool:
        """Tell whether people wrote or attached anything."""
        return bool(self.comments or self.attachments)


@dataclass(frozen=True, slots=True)
class TimeEntry:
    """Minutes of one person's work on one day, logged on a task in Asana."""

    gid: str
    minutes: int
    day: date
    person: str = ""
    person_gid: str = ""


@dataclass(frozen=True, slots=True)
class TimeSheets:
    """Time entries by task gid, as far as they were asked for; a task's own ones only.

    A gid that was asked for and is absent could not be read, and *problems* says why. *offered* is false where Asana's
    plan has no time entries to read.
    """

    entries: Mapping[str, tuple[TimeEntry, ...]] = field(default_factory=dict)
    offered: bool = False
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class TaskSnapshot:
    """Everything read from Asana in one run.

    *home* are the tasks of the home project, *tree* all descendants of CSH tasks (mirrored ones too), both by gid.
    *field_types* tells the type of each of our custom fields that the home project has, by our own name; *options*
    the choices of those that are enums, *decimals* what those that are numbers keep. *engagement_names* are the
    engagements that were seen, by gid; *task_engagement_gids* those of them that are tasks and not projects.
    """

    home: Mapping[str, Task] = field(default_factory=dict)
    csh_tasks: Mapping[str, CshTask] = field(default_factory=dict)
    tree: Mapping[str, Task] = field(default_factory=dict)
    users: tuple[AsanaUser, ...] = ()
    field_types: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, frozenset[str]] = field(default_factory=dict)
    decimals: Mapping[str, int] = field(default_factory=dict)
    home_complete: bool = True
    tree_complete: bool = True
    users_complete: bool = True
    engagement_names: Mapping[str, str] = field(default_factory=dict)
    task_engagement_gids: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    drift: tuple[FieldDrift, ...] = ()

    @property
    def engagement_gids(self) -> frozenset[str]:
        """Return the gids of the engagements that were seen."""
        return frozenset(self.engagement_names)


@dataclass(frozen=True, slots=True)
class Row:
    """One Activity row: minutes of one issue or task in one allocation (decision D8).

    *key* is the node id first seen (or ``asana:`` and the task's gid), ``@`` and the allocation's record id or
    ``unplaced``. *minutes* is None when the cell is empty. *dated_by* is the evidence the date was taken from.
    """

    key: str
    source: str = "GitHub"
    title: str = ""
    url: str = ""
    github_id: str = ""
    task: str = ""
    placed_under: str = ""
    placed_by: str = ""
    dated_by: str = ""
    ticket: str = ""
    contact: str = ""
    people: str = ""
    start: date | None = None
    end: date | None = None
    minutes: int | None = None
    state: str = ""
    late: bool = False
    seal: str = ""
    restored: int = 0
    link: str = ""
    """The record id in the Allocation cell, "" when the minutes are unplaced."""

    @property
    def owner(self) -> str:
        """Return the part of the key that names the issue or task."""
        return self.key.rpartition("@")[0]

    @property
    def allocation_id(self) -> str:
        """Return the part of the key that names the allocation, or ``unplaced``."""
        return self.key.rpartition("@")[2]


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A row as the base holds it."""

    record_id: str
    row: Row
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """The Activity table as read. *twins* are keys that stand on more than one record: those keys are held.

    *typed* are rows of people, by record id: they have no key of ours and count nothing.
    """

    rows: Mapping[str, StoredRow] = field(default_factory=dict)
    twins: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = True
    problems: tuple[Problem, ...] = ()
    drift: tuple[FieldDrift, ...] = ()
    typed: Mapping[str, Row] = field(default_factory=dict)

    @property
    def records(self) -> frozenset[str]:
        """Return the record ids of all that was seen, held and typed rows among them."""
        ours = (one.record_id for one in self.rows.values())
        return frozenset(chain(ours, self.typed, *self.twins.values()))
