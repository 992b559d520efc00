"""What was found when a set-up was looked at: facts of the three services, or why they could not be learnt.

Every part stands alone, so that one that failed hides no other (requirement 112).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from sync.model.contract import Community
from sync.model.reading import FieldDrift, Problem
from sync.model.tokens import TokenWord
from sync.model.work import AsanaUser


@dataclass(frozen=True, slots=True)
class Unanswered:
    """What could not be learnt: why, and what to do. *skipped* says why it was not even asked, "" where it was."""

    reason: str
    remedy: str = ""
    skipped: str = ""


class Level(Enum):
    """How a check ended; the order is worst first."""

    FAILED = "failed"
    WARNING = "warning"
    SKIPPED = "skipped"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one check ended: *check* is a stable word, *remedy* is "" where nothing is to be done."""

    check: str
    level: Level
    message: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class GitHubToken:
    """What GitHub tells of a token: scopes of a classic one, None for other kinds, which do not name theirs."""

    scopes: frozenset[str] | None = None
    expires: datetime | None = None
    points_per_hour: int = 0


@dataclass(frozen=True, slots=True)
class RepositoryFacts:
    """A repository as the token sees it, and which of the profiles' labels it has."""

    name: str
    private: bool
    archived: bool
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BoardFacts:
    """A board: its columns by name and type, and what is wrong with those we use. *hours* names the hours' column."""

    title: str
    columns: Mapping[str, str] = field(default_factory=dict)
    hours: str = ""
    hours_trouble: str = ""
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class GitHubFacts:
    """What was found at GitHub. *boards* are those the token sees, by number; *sentinel* is None where none is set."""

    token: GitHubToken | Unanswered
    organisation: str | Unanswered
    repositories: tuple[RepositoryFacts, ...] | Unanswered
    board: BoardFacts | Unanswered
    boards: Mapping[int, str] = field(default_factory=dict)
    sentinel: bool | Unanswered | None = None
    clock: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A project or portfolio of Asana.

    *access* is what the token's user may do there ("admin", "editor", "commenter", "viewer"), "" where Asana names no
    membership of its own. *size* counts what it holds, None where that was not asked.
    """

    name: str
    access: str = ""
    archived: bool = False
    size: int | None = None


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """The fields of the home project: ours that were found, by our names, and those that are missing or of no use."""

    found: Mapping[str, str] = field(default_factory=dict)
    drift: tuple[FieldDrift, ...] = ()


@dataclass(frozen=True, slots=True)
class LayoutFacts:
    """The engagements found, and how many of them have CSH tasks.

    *projects* are engagements of the portfolio, *tasks* those of the engagements project; *near* is a task's name that
    is like the one sought, where none of them has it.
    """

    projects: int = 0
    tasks: int = 0
    with_csh_task: int = 0
    near: str = ""
    has_home: bool = False


@dataclass(frozen=True, slots=True)
class AsanaFacts:
    """What was found at Asana; *portfolio*, *engagements* and *sentinel* are None where none is set."""

    user: AsanaUser | Unanswered
    workspace: str | Unanswered
    workspaces: Mapping[str, str]
    home: PlaceFacts | Unanswered
    fields: FieldFacts | Unanswered
    portfolio: PlaceFacts | Unanswered | None = None
    engagements: PlaceFacts | Unanswered | None = None
    layout: LayoutFacts | Unanswered = field(default_factory=LayoutFacts)
    users: tuple[AsanaUser, ...] | Unanswered = ()
    time_entries: bool | Unanswered = True
    sentinel: bool | Unanswered | None = None


@dataclass(frozen=True, slots=True)
class BaseFacts:
    """A base as the list of bases shows it: *role* is the ``permissionLevel`` of the token's user."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class SchemaFacts:
    """How far the base agrees: tables that were found, columns in them, drift, and optional columns it lacks."""

    tables: tuple[str, ...]
    columns: int = 0
    drift: tuple[FieldDrift, ...] = ()
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


MOST_COUNTED = 1_000
"""Ten pages: more would take longer than a person waits."""


@dataclass(frozen=True, slots=True)
class AirtableFacts:
    """What was found at Airtable.

    *scopes* are None where Airtable does not name them, as for personal tokens; *bases* are those the token sees, by
    id; *writable* is found by changing a record that does not exist. *rows* of Activity are counted up to
    `MOST_COUNTED`.
    """

    scopes: frozenset[str] | Unanswered | None
    base: BaseFacts | Unanswered
    bases: Mapping[str, str]
    schema: SchemaFacts | Unanswered
    readable: bool | Unanswered
    writable: bool | Unanswered
    communities: tuple[Community, ...] | Unanswered = ()
    last_success: datetime | Unanswered | None = None
    sentinel: bool | Unanswered | None = None
    clock: datetime | None = None
    rows: int | Unanswered = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say, as far as checks ask. *played*: every service is on this machine (a sandbox).

    *tokens* tells the shape of each service's token; *people* are the lines of the people table: login, e-mail, gid.
    *state_trouble* tells why runs cannot keep anything in the file that is set for it, "" where they can. Of the files
    that hold tokens, *readable* are those that other people on this machine can read, *committed* those
    under version control.
    """

    problems: tuple[str, ...] = ()
    organisation: str = ""
    project_number: int = 0
    hours_field: str = ""
    labels: tuple[str, ...] = ()
    csh_task_names: tuple[str, ...] = ()
    writes_on_github: bool = False
    home_project: str = ""
    engagements_project: str = ""
    requests_per_minute: int = 0
    tokens: Mapping[str, TokenWord] = field(default_factory=dict)
    people: tuple[tuple[str, str, str], ...] = ()
    foreign_hosts: tuple[str, ...] = ()
    sentinels: int = 0
    now_is_set: bool = False
    played: bool = False
    state_file: bool = False
    state_trouble: str = ""
    readable: tuple[str, ...] = ()
    committed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """Everything a check may look at. *now* is the real moment, *decided* that for which decisions are made (decision
    D15), *every* the time between two runs.

    A service is None where it was not asked: its token or address is missing or not usable. *help_desk* tells why it
    does not answer, "" where it does, and is None where there is none. *slack* tells what is wrong with each webhook,
    by its setting.
    """

    wanted: Wanted
    now: datetime
    decided: datetime
    every: timedelta
    github: GitHubFacts | None = None
    asana: AsanaFacts | None = None
    airtable: AirtableFacts | None = None
    help_desk: str | None = None
    slack: Mapping[str, Unanswered | None] = field(default_factory=dict)
