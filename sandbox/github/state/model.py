"""What the stand-in holds: accounts, repositories, issues and boards, as mutable records linked to each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal[
    "TEXT",
    "NUMBER",
    "DATE",
    "SINGLE_SELECT",
    "ITERATION",
    "TITLE",
    "ASSIGNEES",
    "LABELS",
    "REPOSITORY",
    "MILESTONE",
    "LINKED_PULL_REQUESTS",
    "REVIEWERS",
    "PARENT_ISSUE",
    "SUB_ISSUES_PROGRESS",
]
"""Types of board columns, as GitHub's ``ProjectV2FieldType`` spells them."""

State = Literal["open", "closed"]
Reason = Literal["completed", "not_planned", "duplicate", "reopened"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something happened: a moment and how many requests had been served by then."""

    moment: datetime
    request: int


@dataclass(eq=False, slots=True)
class User:
    """A person, a bot or the organisation itself."""

    id: int
    node_id: str
    login: str
    name: str | None
    email: str | None
    kind: Literal["User", "Bot", "Organization"]
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False, slots=True)
class Label:
    """A label of one repository; renaming keeps its node id."""

    id: int
    node_id: str
    repository: Repository
    name: str
    color: str
    description: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Deleted:
    """What is left of a deleted issue's number."""


@dataclass(eq=False, slots=True)
class Repository:
    """A repository: its labels, its numbered issues and pull requests, and what stands at the numbers that left."""

    id: int
    node_id: str
    owner: str
    name: str
    private: bool
    archived: bool
    has_issues: bool
    created_at: datetime
    updated_at: datetime
    hidden: bool = False
    labels: list[Label] = field(default_factory=list, repr=False)
    issues: dict[int, Issue] = field(default_factory=dict, repr=False)
    gone: dict[int, Issue | Deleted] = field(default_factory=dict, repr=False)
    last_number: int = 0

    @property
    def full_name(self) -> str:
        """``owner/name``."""
        return f"{self.owner}/{self.name}"


@dataclass(eq=False, slots=True)
class Comment:
    """A comment on an issue; the author is None once the account is deleted."""

    id: int
    node_id: str
    issue: Issue
    author: User | None
    body: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Event:
    """An entry of an issue's timeline; ``kind`` is GraphQL's ``…Event`` type, ``detail`` what that type shows."""

    id: int
    node_id: str
    kind: str
    issue: Issue = field(repr=False)
    actor: User | None
    created_at: datetime
    detail: dict[str, object] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Indexed:
    """An issue as an index saw it at one moment."""

    stamp: Stamp
    repository: Repository
    title: str
    body: str
    state: State
    reason: Reason | None
    labels: frozenset[str]
    assignees: frozenset[str]
    author: str
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many sub-issues an issue has, how many of them are closed, and that in whole percent."""

    total: int
    completed: int
    percent_completed: int


@dataclass(eq=False, slots=True)
class Issue:
    """An issue or a pull request."""

    id: int
    node_id: str
    number: int
    repository: Repository
    title: str
    body: str | None
    author: User | None
    created_at: datetime
    updated_at: datetime
    pull_request: bool = False
    merged: bool = False
    state: State = "open"
    state_reason: Reason | None = None
    closed_at: datetime | None = None
    closed_by: User | None = None
    locked: bool = False
    unlisted: bool = False
    duplicate_of: Issue | None = field(default=None, repr=False)
    labels: list[Label] = field(default_factory=list, repr=False)
    assignees: list[User] = field(default_factory=list, repr=False)
    comments: list[Comment] = field(default_factory=list, repr=False)
    parent: Issue | None = field(default=None, repr=False)
    children: list[Issue] = field(default_factory=list, repr=False)
    events: list[Event] = field(default_factory=list, repr=False)
    items: list[Item] = field(default_factory=list, repr=False)
    field_values: dict[IssueField, Value] = field(default_factory=dict, repr=False)
    index: list[Indexed] = field(default_factory=list, repr=False)

    def ancestors(self) -> Iterator[Issue]:
        """Yield the parent, its parent and so on."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    def height(self) -> int:
        """Return how many levels hang below this issue, itself included."""
        return 1 + max((child.height() for child in self.children), default=0)


@dataclass(eq=False, slots=True)
class Option:
    """A choice of a single-select column or issue field; ``id`` is opaque."""

    id: str
    name: str
    color: str
    description: str


@dataclass(eq=False, slots=True)
class Iteration:
    """One iteration of an iteration column; ``days`` is its length."""

    id: str
    title: str
    start: date
    days: int
    completed: bool = False


Content = float | str | date | Option | Iteration
"""What a column can hold."""


@dataclass(eq=False, slots=True)
class IssueField:
    """An organisation's issue field: its value belongs to the issue, not to a board."""

    id: int
    node_id: str
    name: str
    kind: Literal["TEXT", "NUMBER", "DATE", "SINGLE_SELECT"]
    options: list[Option]
    created_at: datetime


@dataclass(eq=False, slots=True)
class Field:
    """A column of a board; ``issue_field`` is set when it only shows an organisation's issue field."""

    id: int
    node_id: str
    project: Project
    name: str
    kind: Kind
    created_at: datetime
    updated_at: datetime
    options: list[Option] = field(default_factory=list, repr=False)
    iterations: list[Iteration] = field(default_factory=list, repr=False)
    issue_field: IssueField | None = None


@dataclass(eq=False, slots=True)
class Value:
    """What a column holds for one item, or an issue field for one issue."""

    id: int
    node_id: str
    content: Content
    creator: User
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False, slots=True)
class Draft:
    """A draft issue: it lives on a board only."""

    id: int
    node_id: str
    title: str
    body: str
    creator: User
    created_at: datetime
    updated_at: datetime


@dataclass(eq=False, slots=True)
class Item:
    """A row of a board."""

    id: int
    node_id: str
    project: Project
    content: Issue | Draft
    creator: User
    created_at: datetime
    updated_at: datetime
    added: Stamp
    archived: bool = False
    values: dict[Field, Value] = field(default_factory=dict, repr=False)


@dataclass(eq=False, slots=True)
class Project:
    """A board (Projects v2) of the organisation."""

    id: int
    node_id: str
    number: int
    title: str
    creator: User
    created_at: datetime
    updated_at: datetime
    closed: bool = False
    public: bool = False
    hidden: bool = False
    fields: list[Field] = field(default_factory=list, repr=False)
    items: list[Item] = field(default_factory=list, repr=False)
