"""Settings: command line over environment over ``.env`` over ``csh-sync.toml`` over defaults (design, section 6).

All problems are told at once, by name, before anything is asked of a service. Tokens come from the environment,
``.env`` or a file (``…__TOKEN_FILE``) and are never shown.
"""

import difflib
import ipaddress
import json
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as PydanticSettingsError

from sync.errors import SettingsError

PREFIX = "CSH_"
DELIMITER = "__"
SETTINGS_FILE = "csh-sync.toml"
OWN_HOSTS = frozenset({"api.github.com", "app.asana.com", "api.airtable.com", "hooks.slack.com"})
SHORTEST_TOKEN = 4
NOT_SETTINGS = frozenset({"CSH_LOG"})


def _words(value: Any) -> Any:
    """Accept a JSON list, or words separated by commas, where a list is meant."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.startswith("["):
        return json.loads(text)
    return [word.strip() for word in text.split(",") if word.strip()]


class Part(BaseModel):
    """A block of settings: unknown names are refused, so that a typo is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GitHubSettings(Part):
    """Where issues are read, and what is read of them."""

    token: SecretStr | None = None
    token_file: Path | None = None
    api_url: str = "https://api.github.com"
    org: str = ""
    project_number: int = 57
    hours_field: str = "GitHub Hours"
    hours_field_aliases: Annotated[tuple[str, ...], NoDecode] = ("Hours spent",)
    labels: Annotated[tuple[str, ...], NoDecode] = ("CSH",)
    since: date | None = None
    max_hours: int = Field(default=1000, gt=0)

    _lists = field_validator("labels", "hours_field_aliases", mode="before")(_words)


class AsanaFieldNames(Part):
    """Names of the custom fields; "" switches an optional one off."""

    github_url: str
    github_id: str
    github_hours: str
    status: str
    estimate: str
    hours_used: str
    hours_left: str


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


class SlackSettings(Part):
    """Where alerts are told."""

    webhook_url: SecretStr | None = None


class RunSettings(Part):
    """How runs go about their work. Seconds and days."""

    lease_seconds: int = Field(default=120, gt=0)
    settle_seconds: float = Field(default=2, ge=0)
    grace_days: int = Field(default=14, ge=0)


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


class _Variables(EnvSettingsSource):
    """Environment variables that are handed in, so that a demo can run without those of the process."""

    def __init__(self, settings_cls: type[BaseSettings], variables: Mapping[str, str]) -> None:
        self._given = variables
        super().__init__(settings_cls)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items()}


class Settings(BaseSettings):
    """The whole tree."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_nested_delimiter=DELIMITER, extra="forbid", frozen=True, hide_input_in_errors=True
    )
    toml_files: ClassVar[tuple[Path, ...]] = ()
    variables: ClassVar[Mapping[str, str]] = {}

    github: GitHubSettings = Field(default_factory=GitHubSettings)
    asana: AsanaSettings
    airtable: AirtableSettings = Field(default_factory=AirtableSettings)
    freshdesk: FreshDeskSettings = Field(default_factory=FreshDeskSettings)
    slack: SlackSettings = Field(default_factory=SlackSettings)
    run: RunSettings = Field(default_factory=RunSettings)
    board: BoardNames
    guards: GuardSettings
    sentinels: SentinelSettings = Field(default_factory=SentinelSettings)
    profiles: tuple[ProfileSettings, ...] = ()
    people: tuple[PersonSettings, ...] = ()
    timezone: str = "UTC"
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = ()
    now: datetime | None = None

    _lists = field_validator("allow_hosts", mode="before")(_words)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003  replaced by the variables given
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003  the name is pydantic's
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Put the settings file and the shipped defaults behind the environment."""
        files = (TomlConfigSettingsSource(settings_cls, path) for path in cls.toml_files)
        return (init_settings, _Variables(settings_cls, cls.variables), dotenv_settings, *files)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which days and periods are dates (decision D15)."""
        return ZoneInfo(self.timezone)

    @property
    def label_profiles(self) -> tuple[ProfileSettings, ...]:
        """Return the profiles: those of the settings file, else one for each label."""
        if self.profiles:
            return self.profiles
        return tuple(ProfileSettings(label=label, task_name=self.asana.csh_task_name) for label in self.github.labels)


def load_settings(environ: Mapping[str, str], folder: Path | None) -> Settings:
    """Read and check all settings from *environ*, and from ``.env`` and the settings file in *folder*, if one is given.

    Raises SettingsError with every problem found; nothing is asked of any service.
    """
    files = (*((folder / SETTINGS_FILE,) if folder else ()), Path(str(resources.files("mappings") / "defaults.toml")))
    given = _ours(dotenv_values(folder / ".env") if folder else {}) | _ours(environ)
    problems = list(_unknown_variables(given))
    known = {*_known_variables(), *NOT_SETTINGS}
    usable = {name: value for name, value in given.items() if name in known}
    settings = None
    try:
        settings = _loaded(usable, files)
    except ValidationError as error:
        wrong = _wrong_variables(error)
        problems += _spelled(error)
        # What is wrong is told; without it, the rest can be checked as well.
        with suppress(ValidationError):
            settings = _loaded({name: value for name, value in usable.items() if name not in wrong}, files)
    except PydanticSettingsError as error:
        raise SettingsError((*problems, str(error))) from None
    except (tomllib.TOMLDecodeError, OSError, UnicodeError) as error:
        raise SettingsError((*problems, f"{SETTINGS_FILE}: {error}")) from None
    if settings is not None:
        settings, unreadable = _with_token_files(settings)
        told = {one.split(maxsplit=1)[0].rstrip(":") for one in problems}
        found = (*unreadable, *_missing(settings), *_wrong_values(settings))
        problems += [one for one in found if one.split(maxsplit=1)[0].rstrip(":") not in told]
    if problems or settings is None:
        raise SettingsError(tuple(problems))
    return settings


def _loaded(variables: Mapping[str, str], files: tuple[Path, ...]) -> Settings:
    class Loaded(Settings):
        toml_files = files
        variables: ClassVar[Mapping[str, str]] = {}

    Loaded.variables = variables
    return Loaded()  # type: ignore[call-arg]  # filled from the sources


def _ours(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Return the variables that begin with our prefix, in capitals; others in ``.env`` are none of our business."""
    return {name.upper(): value or "" for name, value in variables.items() if name.upper().startswith(PREFIX)}


def _wrong_variables(error: ValidationError) -> set[str]:
    places = [[str(part) for part in one["loc"]] for one in error.errors(include_input=False, include_url=False)]
    return {variable(*place[:depth]) for place in places for depth in range(1, len(place) + 1)}


def variable(*path: str) -> str:
    """Return the environment variable of a setting: ``variable("github", "org")`` is ``CSH_GITHUB__ORG``."""
    return PREFIX + DELIMITER.join(path).upper()


def _known_variables(model: type[BaseModel] = Settings, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield variable(*path, name)
        if isinstance(info.annotation, type) and issubclass(info.annotation, BaseModel):
            yield from _known_variables(info.annotation, (*path, name))


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    known = {*_known_variables(), *NOT_SETTINGS}
    for name in sorted(environ):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1)
            yield f"{name}: no such setting." + (f" Did you mean {near[0]}?" if near else "")


def _spelled(error: ValidationError) -> Iterator[str]:
    """Tell each problem under its variable's name, without the value: it may be a secret."""
    for problem in error.errors(include_input=False, include_url=False):
        name = variable(*(str(part) for part in problem["loc"]))
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(name, list(_known_variables()), n=1)
            yield f"{name}: no such setting." + (f" Did you mean {near[0]}?" if near else "")
        else:
            yield f"{name}: {problem['msg']}"


TOKENS = (("github", "token"), ("asana", "token"), ("airtable", "token"), ("freshdesk", "api_key"))


def _with_token_files(settings: Settings) -> tuple[Settings, list[str]]:
    """Fill tokens that are given as files."""
    problems = []
    for block, name in TOKENS:
        part: Part = getattr(settings, block)
        path: Path | None = getattr(part, f"{name}_file")
        if path is None or getattr(part, name) is not None:
            continue
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            problems.append(
                f"{variable(block, name + '_file')}: {getattr(error, 'strerror', None) or 'not text'}: {path}"
            )
            continue
        filled = part.model_copy(update={name: SecretStr(token)})
        settings = settings.model_copy(update={block: filled})
    return settings, problems


def _missing(settings: Settings) -> Iterator[str]:
    for block, name in TOKENS[:3]:
        if (
            getattr(getattr(settings, block), name) is None
            and getattr(getattr(settings, block), f"{name}_file") is None
        ):
            yield f"{variable(block, name)} is not set: a token, or its file in {variable(block, name + '_file')}."
    needed = {
        ("github", "org"): settings.github.org,
        ("asana", "workspace"): settings.asana.workspace,
        ("asana", "home_project"): settings.asana.home_project,
        ("airtable", "base"): settings.airtable.base,
    }
    for path, value in needed.items():
        if not value:
            yield f"{variable(*path)} is not set."
    if not settings.asana.portfolio and not settings.asana.engagements_project:
        either = f"{variable('asana', 'portfolio')} or {variable('asana', 'engagements_project')}"
        yield f"{either} is needed: where are the engagements?"
    if settings.freshdesk.api_url and settings.freshdesk.api_key is None and settings.freshdesk.api_key_file is None:
        yield f"{variable('freshdesk', 'api_key')} is not set, though {variable('freshdesk', 'api_url')} is."


def _wrong_values(settings: Settings) -> Iterator[str]:
    for block, name in TOKENS:
        secret: SecretStr | None = getattr(getattr(settings, block), name)
        yield from _odd_token(variable(block, name), secret.get_secret_value()) if secret else ()
    for name in ("workspace", "home_project", "portfolio", "engagements_project"):
        gid = getattr(settings.asana, name)
        if gid and not gid.isdecimal():
            yield f"{variable('asana', name)} must be a gid, the digits in the object's address in Asana."
    if settings.airtable.base and not settings.airtable.base.startswith("app"):
        yield f"{variable('airtable', 'base')} must be a base id; it begins with app."
    if not settings.label_profiles:
        yield f"{variable('github', 'labels')} names no label."
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"{variable('timezone')}: no such time zone; use a name such as Europe/Berlin."
    if settings.now is not None and settings.now.tzinfo is None:
        yield f"{variable('now')} needs an offset, such as 2026-09-21T06:10:00Z."
    for block, name in (("github", "api_url"), ("asana", "api_url"), ("airtable", "api_url"), ("freshdesk", "api_url")):
        yield from _odd_address(variable(block, name), getattr(getattr(settings, block), name), settings)


def _odd_token(name: str, token: str) -> Iterator[str]:
    if len(token) < SHORTEST_TOKEN:
        yield f"{name} is too short to be a token."
    elif token.startswith(("http://", "https://")):
        yield f"{name} holds an address where a token is expected."
    elif any(char.isspace() or char in "\"'" for char in token) or not token.isascii():
        yield f"{name} holds blanks, quotes or letters no token has; set the bare token."


def _odd_address(name: str, address: str, settings: Settings) -> Iterator[str]:
    if not address:
        return
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username:
        yield f"{name} must be an address that begins with https://."
    elif _is_loopback(host) or host in settings.allow_hosts:
        return
    elif parts.scheme != "https":
        yield f"{name}: a token is sent to {host} only over https."
    elif host not in OWN_HOSTS and not host.endswith(".freshdesk.com"):
        yield f"{name}: tokens are not sent to {host} unless {variable('allow_hosts')} names it."


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
