"""The tree of settings: every block, every name, every default (design, section 6)."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from sync.hours.capacity import Capacity
from sync.hours.engagements import ACTIVE, WON
from sync.settings.capacity import CapacitySettings
from sync.settings.judging import ThresholdSettings, days
from sync.settings.parts import Part, words
from sync.settings.routing import RoutingSettings
from sync.settings.wording import KindSettings, StepName, StepSettings, WordingSettings

PREFIX = "CSH_"
DELIMITER = "__"


class GitHubSettings(Part):
    """Where issues are read, and what is read of them."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.github.com"
    org: str = ""
    project_number: int = Field(default=57, gt=0)
    hours_field: str = "GitHub Hours"
    hours_field_aliases: Annotated[tuple[str, ...], NoDecode] = ("Hours spent",)
    labels: Annotated[tuple[str, ...], NoDecode] = ("CSH",)
    since: date | None = None
    max_hours: int = Field(default=1000, gt=0)

    _lists = field_validator("labels", "hours_field_aliases", mode="before")(words)


class AsanaFieldNames(Part):
    """Names of the custom fields; "" switches an optional one off."""

    github_url: str
    github_id: str
    github_hours: str
    status: str
    estimate: str
    hours_used: str
    hours_left: str
    hours_total: str
    total_time: str


class AsanaSettings(Part):
    """Where tasks live."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://app.asana.com/api/1.0"
    workspace: str = ""
    home_project: str = ""
    portfolio: str = ""
    engagements_project: str = ""
    requests_per_minute: int = Field(default=1500, gt=0)
    csh_task_name: str = "Community Success Hours"
    fields: AsanaFieldNames

    @field_validator("workspace", "home_project", "portfolio", "engagements_project", mode="before")
    @classmethod
    def _gid(cls, value: Any) -> Any:
        return str(value) if isinstance(value, int) else value


class AirtableSettings(Part):
    """Where contracts are read and the ledger is kept. *names* maps ``Table`` or ``Table.Column`` to a name or id."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.airtable.com"
    base: str = ""
    requests_per_second: int = Field(default=4, gt=0)
    names: dict[str, str] = Field(default_factory=dict)


class FreshDeskSettings(Part):
    """The help desk, if there is one. *host* is the host in ticket links; by default that of the API address."""

    api_url: str = ""
    api_key: SecretStr | None = None
    api_key_file: Path | None = None
    host: str = ""

    @property
    def ticket_host(self) -> str:
        """Return the host that a ticket link must name, "" when there is no help desk."""
        return self.host or (urlsplit(self.api_url).hostname or "")


class SlackWebhooks(Part):
    """Webhooks of channels for single roles; what is for another role goes to the usual one."""

    engineer: SecretStr | None = None
    provider: SecretStr | None = None
    manager: SecretStr | None = None
    business: SecretStr | None = None
    lead: SecretStr | None = None
    operator: SecretStr | None = None


class SlackSettings(Part):
    """Where digests are told, if in Slack. The address of a webhook is its token."""

    webhook_url: SecretStr | None = None
    webhook_url_file: Path | None = None
    webhooks: SlackWebhooks = Field(default_factory=SlackWebhooks)
    messages_per_minute: int = Field(default=50, gt=0)

    @property
    def by_role(self) -> dict[str, SecretStr]:
        """Return the webhooks that are set for single roles, by the role's name in the settings."""
        return {name: secret for name in SlackWebhooks.model_fields if (secret := getattr(self.webhooks, name))}


class InitiativeSettings(Part):
    """Whether P&S initiatives are made, and in which repository (name, or owner/name)."""

    enabled: bool = False
    repository: str = ""
    labels: Annotated[tuple[str, ...], NoDecode] = ()
    steps: dict[StepName, StepSettings] = Field(default_factory=dict)

    _lists = field_validator("labels", mode="before")(words)


class BackLinkSettings(Part):
    """Whether issues get a comment that leads to their task, and whether public ones do too."""

    enabled: bool = False
    public: bool = False


class TotalsSettings(Part):
    """Where totals stand in place of columns in Airtable: a CSV file."""

    csv: Path | None = None


class RunSettings(Part):
    """How runs go about their work. Seconds, minutes and days; a file for what services answered, where it is kept."""

    lease_seconds: int = Field(default=120, gt=0)
    settle_seconds: float = Field(default=3, ge=0, allow_inf_nan=False)
    grace_days: int = Field(default=14, ge=0)
    writing_minutes: float = Field(default=45, gt=0, allow_inf_nan=False)
    state_file: Path | None = None


class BoardNames(Part):
    """Names of the board's columns; "" switches one off."""

    start: str
    end: str
    iteration: str
    status: str
    estimate: str
    community: str
    allocation: str


class GuardSettings(Part):
    """Limits of the guards (decision D11)."""

    share: float = Field(ge=0, le=1)
    minimum: int = Field(ge=0)


class FindingSettings(Part):
    """Limits of the findings about work: days, likeness of two titles (of 100), hours and labels of large work."""

    completed_days: int = Field(ge=0)
    unlogged_days: int = Field(ge=0)
    untouched_days: int = Field(ge=0)
    near_days: int = Field(ge=0)
    likeness: int = Field(ge=50, le=100)
    secondment_hours: int = Field(gt=0)
    feature_labels: Annotated[tuple[str, ...], NoDecode]

    _lists = field_validator("feature_labels", mode="before")(words)


class EngagementSettings(Part):
    """Limits of the checks on contracts: words in *Status*, and days."""

    active_statuses: Annotated[tuple[str, ...], NoDecode] = ACTIVE
    won_statuses: Annotated[tuple[str, ...], NoDecode] = WON
    renewal_days: int = Field(ge=0)
    new_days: int = Field(ge=0)
    expiring_days: int = Field(ge=0)

    _lists = field_validator("active_statuses", "won_statuses", mode="before")(words)


class SentinelSettings(Part):
    """One known object per service that must be visible for its reading to be believed (decision D11)."""

    issue: str = ""
    task: str = ""
    row: str = ""


class ProfileSettings(Part):
    """One label and what it means: the name of the tasks that stand for its allocations."""

    label: str
    task_name: str


class PersonSettings(Part):
    """One person: GitHub login, and e-mail or Asana gid."""

    github: str
    email: str = ""
    asana: str = ""


class AcceptedSettings(Part):
    """A finding that is accepted until a day (inclusive), with the reason; ``*`` stands for any kind or subject."""

    kind: str
    subject: str
    until: date
    reason: str = Field(min_length=1)


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, hide_input_in_errors=True
    )

    github: GitHubSettings = Field(default_factory=GitHubSettings)
    asana: AsanaSettings
    airtable: AirtableSettings = Field(default_factory=AirtableSettings)
    freshdesk: FreshDeskSettings = Field(default_factory=FreshDeskSettings)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    routing: RoutingSettings = Field(default_factory=RoutingSettings)
    initiatives: InitiativeSettings = Field(default_factory=InitiativeSettings)
    backlinks: BackLinkSettings = Field(default_factory=BackLinkSettings)
    wording: WordingSettings = Field(default_factory=WordingSettings)
    totals: TotalsSettings = Field(default_factory=TotalsSettings)
    run: RunSettings = Field(default_factory=RunSettings)
    board: BoardNames
    guards: GuardSettings
    findings: FindingSettings
    thresholds: ThresholdSettings
    engagements: EngagementSettings
    sentinels: SentinelSettings = Field(default_factory=SentinelSettings)
    profiles: tuple[ProfileSettings, ...] = ()
    people: tuple[PersonSettings, ...] = ()
    people_file: Path | None = None
    accepted: tuple[AcceptedSettings, ...] = ()
    kinds: dict[str, KindSettings] = Field(default_factory=dict)
    capacity: tuple[CapacitySettings, ...] = ()
    hours_per_day: Decimal = Field(default=Decimal(8), gt=0, le=24)
    days_off: Annotated[tuple[date, ...], NoDecode] = ()
    timezone: str = "UTC"
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    now: datetime | None = None

    _lists = field_validator("allow_hosts", mode="before")(words)
    _days = field_validator("days_off", mode="before")(days)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  the names are pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take the tree as it was put together: so all that is wrong with it can be told at once."""
        return (init_settings,)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which days and periods are dates (decision D15)."""
        return ZoneInfo(self.timezone)

    @property
    def capacities(self) -> tuple[Capacity, ...]:
        """Return what area leads set, as the engine knows it."""
        return tuple(one.capacity(self.hours_per_day) for one in self.capacity)

    @property
    def planning_repository(self) -> str:
        """Return the repository of the initiatives as ``owner/name``, "" where none are made."""
        name = self.initiatives.repository if self.initiatives.enabled else ""
        return name if not name or "/" in name else f"{self.github.org}/{name}"

    @property
    def label_profiles(self) -> tuple[ProfileSettings, ...]:
        """Return the profiles, each label once in any case: the labels that are set, and those of the profiles.

        Labels nobody set stand only where there are no profiles. A label without a profile has the usual task name.
        """
        usual = () if self.profiles and "labels" not in self.github.model_fields_set else self.github.labels
        by_label = (ProfileSettings(label=label, task_name=self.asana.csh_task_name) for label in usual)
        found: dict[str, ProfileSettings] = {}
        for one in (*self.profiles, *by_label):
            found.setdefault(one.label.casefold(), one)
        return tuple(found.values())

    @property
    def profile_of(self) -> dict[str, str]:
        """Return the profile of each label, called by its first one: labels whose CSH tasks have one name are one.

        So a label that was renamed in some repositories can be added, and nothing moves.
        """
        first: dict[str, str] = {}
        return {one.label: first.setdefault(one.task_name.strip().casefold(), one.label) for one in self.label_profiles}

    @property
    def task_names(self) -> dict[str, str]:
        """Return the names of the CSH tasks by profile."""
        profiles = set(self.profile_of.values())
        return {one.label: one.task_name for one in self.label_profiles if one.label in profiles}


def variable(*path: str) -> str:
    """Return the environment variable of a setting: ``variable("github", "org")`` is ``CSH_GITHUB__ORG``."""
    return PREFIX + DELIMITER.join(path).upper()


def variables(model: type[BaseModel] | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the path of every setting that a variable can set, blocks too."""
    for name, info in (model or Settings).model_fields.items():
        yield (*path, name)
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from variables(info.annotation, (*path, name))
