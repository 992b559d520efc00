"""Everything that was read in one run, and the policy that decides over it: what the planner looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from mappings.people import Counterpart
from sync.hours.bands import Thresholds
from sync.hours.capacity import Capacity
from sync.hours.engagements import EngagementRules
from sync.hours.sealing import GRACE_DAYS
from sync.model.back_link import BackLink
from sync.model.contract import Contracts
from sync.model.finding import Acceptance, OwnWords
from sync.model.initiative import InitiativeSnapshot, Step
from sync.model.issue import IssueSnapshot
from sync.model.limits import Limits
from sync.model.ticket import TicketAnswer
from sync.model.wording import USUAL, Wording
from sync.model.work import HumanContent, Ledger, Task, TaskSnapshot, TimeSheets


@dataclass(frozen=True, slots=True)
class Policy:
    """What the settings decide. *profiles* maps a label to the name of its CSH tasks.

    *full_time_minutes* is the working day of a full-time person.
    """

    organisation: str
    home_project: str
    profiles: Mapping[str, str]
    zone: tzinfo
    grace_days: int = GRACE_DAYS
    since: date | None = None
    ticket_host: str = ""
    people: Mapping[str, Counterpart] = field(default_factory=dict)
    guard_share: float = 0.3
    guard_minimum: int = 10
    sentinel_issue: str = ""
    sentinel_task: str = ""
    sentinel_row: str = ""
    thresholds: Thresholds = field(default_factory=Thresholds)
    days_off: frozenset[date] = frozenset()
    capacities: tuple[Capacity, ...] = ()
    full_time_minutes: int = 480
    limits: Limits = field(default_factory=Limits)
    accepted: tuple[Acceptance, ...] = ()
    engagements: EngagementRules = field(default_factory=EngagementRules)
    initiative_labels: tuple[str, ...] = ()
    initiative_words: Mapping[Step, tuple[str, str]] = field(default_factory=dict)
    """Title and text of standard tasks in the organisation's own words; "" for the usual ones."""
    own_words: Mapping[str, OwnWords] = field(default_factory=dict)
    """By kind of finding."""
    wording: Wording = USUAL
    """What is written to people in words of ours."""
    back_links_public: bool = False
    longest_writing: timedelta = timedelta(minutes=45)
    """How long a run writes at the most, a slow service or not."""


@dataclass(frozen=True, slots=True)
class World:
    """One reading of the three services and the help desk.

    *lookups* answers for tasks that rows name and the home project lacks: the task, or None when Asana says it does not
    exist; absent when it could not be read. Where such a task is gone, also for what it hung under, when that is gone
    too. *human_content* tells what people added to tasks that may have to go. *time* holds the time entries of the
    tasks that carry more time than is sealed.
    """

    now: datetime
    today: date
    issues: IssueSnapshot
    tasks: TaskSnapshot
    contracts: Contracts
    ledger: Ledger
    tickets: Mapping[str, TicketAnswer] = field(default_factory=dict)
    lookups: Mapping[str, Task | None] = field(default_factory=dict)
    human_content: Mapping[str, HumanContent] = field(default_factory=dict)
    time: TimeSheets = field(default_factory=TimeSheets)
    initiatives: InitiativeSnapshot | None = None
    """The planning repository; None when it is not looked at, or could not be read whole."""
    back_links: Mapping[str, BackLink] | None = None
    """What stands on issues, by id, where comments are written; an absent one could not be read."""

    told_twins: frozenset[str] = frozenset()
    """The gids of twins that an earlier run told of (decision D12)."""
    set_aside: frozenset[str] = frozenset()
    """The node ids of issues that were read, and that nobody could plan for."""

    spare_rows: Mapping[str, str] = field(default_factory=dict)
    """Further rows that an earlier run told of, by record id with their keys; nothing of people would go with them."""

    @property
    def readings(self) -> Mapping[str, bool]:
        """Tell for each service whether it was read completely."""
        return {
            "GitHub": self.issues.complete,
            "Asana": self.tasks.home_complete and self.tasks.tree_complete and not self.time.problems,
            "Airtable": self.contracts.complete and self.ledger.complete,
        }

    @property
    def complete(self) -> bool:
        """Tell whether everything was read, and can be planned for."""
        return all(self.readings.values()) and not self.set_aside
