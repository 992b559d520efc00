"""Looking at a whole set-up: which services can be asked with the settings there are, and what was found."""

import os
import shutil
import stat
import subprocess
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import sleep as wait
from urllib.parse import urlsplit

from pydantic import SecretStr

from connectors.addresses import is_loopback
from sync.app import messengers, moment
from sync.model.examination import (
    AirtableFacts,
    AsanaFacts,
    Examination,
    GitHubFacts,
    Unanswered,
    Wanted,
)
from sync.model.ticket import NoAnswer
from sync.model.tokens import TokenWord, shape_of
from sync.settings import Loaded, Settings, variable
from sync.settings.checks import OWN_HOSTS, SECRETS
from sync.settings.loading import DOTENV

IDS = {
    "github": ("org",),
    "asana": ("workspace", "home_project", "portfolio", "engagements_project"),
    "airtable": ("base",),
    "sentinels": ("issue", "task", "row"),
}
"""Settings that name something at a service."""
OWN_HEAD = b"SQLite format 3\0"
SERVICES = {"GitHub": "github", "Asana": "asana", "Airtable": "airtable"}


def examine(
    loaded: Loaded, every: timedelta, folder: Path | None = None, *, sleep: Callable[[float], None] = wait
) -> Examination:
    """Look at every service that can be asked; what is wrong with one hides nothing of the others. Raises nothing.

    *folder* is where ``.env`` was looked for.
    """
    settings = _without_refused(loaded)
    usable = {block for block in SERVICES.values() if _may_ask(block, loaded)}
    return Examination(
        wanted=_wanted(loaded, settings, _secret_files(settings, folder)),
        now=datetime.now(UTC),
        decided=moment(settings) if settings.now is None or settings.now.tzinfo else datetime.now(UTC),
        every=every,
        github=_github(settings, sleep) if "github" in usable else None,
        asana=_asana(settings, sleep) if "asana" in usable else None,
        airtable=_airtable(settings, sleep) if "airtable" in usable else None,
        help_desk=_help_desk(loaded, sleep) if settings.freshdesk.api_url else None,
        slack=_slack(loaded, sleep),
    )


def _may_ask(block: str, loaded: Loaded) -> bool:
    """Tell whether a service's token may be sent to its address: never where either has a problem (decision D13)."""
    if getattr(loaded.settings, block).token is None:
        return False
    names = (variable(block, "token"), variable(block, "api_url"), variable("allow_hosts"))
    return not any(problem.startswith(names) for problem in loaded.problems)


def _without_refused(loaded: Loaded) -> Settings:
    """Return the settings without ids that are refused: asking about them would only tell the same once more."""
    settings = loaded.settings
    for block, names in IDS.items():
        bad = [name for name in names if any(one.startswith(variable(block, name)) for one in loaded.problems)]
        part = getattr(settings, block)
        settings = settings.model_copy(update={block: part.model_copy(update=dict.fromkeys(bad, ""))})
    return settings


def _open(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""


def _github(settings: Settings, sleep: Callable[[float], None]) -> GitHubFacts:
    from connectors.github_api import GitHubApi  # noqa: PLC0415  the SDKs are imported only where used
    from connectors.github_examining import SoughtAtGitHub, examine_github  # noqa: PLC0415

    ours = settings.github
    sought = SoughtAtGitHub(
        organisation=ours.org,
        project_number=ours.project_number,
        hours_names=(ours.hours_field, *ours.hours_field_aliases),
        board_names=settings.board.model_dump(),
        labels=_labels(settings),
        sentinel=settings.sentinels.issue,
    )
    api = GitHubApi(token=_open(ours.token), api_url=ours.api_url, sleep=sleep)
    try:
        return examine_github(api, sought)
    finally:
        api.close()


def _asana(settings: Settings, sleep: Callable[[float], None]) -> AsanaFacts:
    from connectors.asana_api import AsanaApi  # noqa: PLC0415
    from connectors.asana_examining import examine_asana  # noqa: PLC0415
    from connectors.asana_reading import Places  # noqa: PLC0415

    ours = settings.asana
    places = Places(
        ours.workspace,
        ours.home_project,
        ours.portfolio,
        ours.engagements_project,
        {one.label: one.task_name for one in settings.label_profiles},
        ours.fields.model_dump(),
    )
    pace = ours.requests_per_minute
    api = AsanaApi(token=_open(ours.token), api_url=ours.api_url, requests_per_minute=pace, sleep=sleep)
    try:
        return examine_asana(api, places, settings.sentinels.task)
    finally:
        api.close()


def _airtable(settings: Settings, sleep: Callable[[float], None]) -> AirtableFacts:
    from pyrate_limiter import Duration, Rate  # noqa: PLC0415

    from connectors.airtable_api import AirtableApi  # noqa: PLC0415
    from connectors.airtable_examining import examine_airtable  # noqa: PLC0415
    from connectors.retry import Pace  # noqa: PLC0415
    from connectors.wire.columns import TOTALS  # noqa: PLC0415

    ours = settings.airtable
    pace = Pace(Rate(ours.requests_per_second, Duration.SECOND))
    api = AirtableApi(token=_open(ours.token), api_url=ours.api_url, base=ours.base, pace=pace, sleep=sleep)
    try:
        without = TOTALS if settings.totals.csv else ()
        return examine_airtable(api, ours.base, ours.names, settings.sentinels.row, without=without)
    finally:
        api.close()


def _help_desk(loaded: Loaded, sleep: Callable[[float], None]) -> str | None:
    """Look a ticket up, whichever: that there is none of that number is an answer, too."""
    from connectors.freshdesk import FreshDeskConnector  # noqa: PLC0415

    ours = loaded.settings.freshdesk
    names = (variable("freshdesk", "api_key"), variable("freshdesk", "api_url"), variable("allow_hosts"))
    if ours.api_key is None or any(problem.startswith(names) for problem in loaded.problems):
        return None
    desk = FreshDeskConnector(api_url=ours.api_url, api_key=_open(ours.api_key), sleep=sleep)
    try:
        answer = desk.companies({"1"})["1"]
    finally:
        desk.close()
    return answer.reason if isinstance(answer, NoAnswer) else ""


def _slack(loaded: Loaded, sleep: Callable[[float], None]) -> Mapping[str, Unanswered | None]:
    if any(problem.startswith((variable("slack"), variable("allow_hosts"))) for problem in loaded.problems):
        return {}
    found: dict[str, Unanswered | None] = {}
    for connector in messengers(loaded.settings, sleep=sleep):
        try:
            found |= connector.try_out()
        finally:
            connector.close()
    return found


def _labels(settings: Settings) -> tuple[str, ...]:
    return tuple(one.label for one in settings.label_profiles if one.label)


def _secret_files(settings: Settings, folder: Path | None) -> dict[str, Path]:
    """Return the files that hold tokens, as far as they are there, by what they are called from *folder*."""
    named = (getattr(getattr(settings, block), f"{name}_file") for block, name in SECRETS)
    found = {str(one): one for one in named if one} | ({DOTENV: folder / DOTENV} if folder else {})
    return {name: file for name, file in found.items() if file.is_file()}


def _is_open(file: Path) -> bool:
    """Tell whether others on this machine can read a file; where files have no such modes nobody can tell."""
    return os.name == "posix" and bool(file.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH))


def _is_committed(file: Path) -> bool:
    git = shutil.which("git")
    if git is None:
        return False
    asked = [git, "-C", str(file.parent), "ls-files", "--error-unmatch", "--", file.name]
    try:
        return subprocess.run(asked, capture_output=True, timeout=10, check=False).returncode == 0  # noqa: S603  no shell
    except (OSError, subprocess.TimeoutExpired):
        return False


def _wanted(loaded: Loaded, settings: Settings, files: Mapping[str, Path]) -> Wanted:
    addresses = [getattr(settings, block).api_url for block in SERVICES.values()]
    refused = [
        block for block in SERVICES.values() if any(variable(block, "api_url") in one for one in loaded.problems)
    ]
    sent_to = [getattr(settings, block).api_url for block in SERVICES.values() if block not in refused]
    tokens = {name: shape_of(_open(getattr(settings, block).token)) for name, block in SERVICES.items()}
    sentinels = loaded.settings.sentinels
    return Wanted(
        problems=loaded.problems,
        organisation=settings.github.org,
        project_number=settings.github.project_number,
        hours_field=settings.github.hours_field,
        labels=_labels(settings),
        csh_task_names=tuple(dict.fromkeys(one.task_name for one in settings.label_profiles)),
        writes_on_github=settings.backlinks.enabled or settings.initiatives.enabled,
        home_project=settings.asana.home_project,
        engagements_project=settings.asana.engagements_project,
        requests_per_minute=settings.asana.requests_per_minute,
        tokens={name: word for name, word in tokens.items() if word != TokenWord()},
        people=tuple((one.github, one.email, one.asana) for one in settings.people),
        foreign_hosts=tuple(dict.fromkeys(_foreign(sent_to))),
        sentinels=sum(1 for one in (sentinels.issue, sentinels.task, sentinels.row) if one),
        now_is_set=settings.now is not None,
        played=all(is_loopback(one) for one in addresses),
        state_file=settings.run.state_file is not None,
        state_trouble=_state_trouble(settings.run.state_file) if settings.run.state_file else "",
        readable=tuple(name for name, file in files.items() if _is_open(file)),
        committed=tuple(name for name, file in files.items() if _is_committed(file)),
    )


def _state_trouble(file: Path) -> str:
    """Tell why runs could keep nothing in a file, "" where they can. Nothing is made or changed."""
    if file.is_dir():
        return "it is a folder"
    try:
        with file.open("rb") as opened:
            head = opened.read(len(OWN_HEAD))
    except FileNotFoundError:
        folder = next((one for one in file.absolute().parents if one.exists()), file)
        return "" if folder.is_dir() and os.access(folder, os.W_OK) else f"{folder} cannot be written"
    except OSError as error:
        return f"{error.strerror}"
    return "" if head in {b"", OWN_HEAD} else "the file is something else, and stays as it is"


def _foreign(addresses: Iterable[str]) -> Iterable[str]:
    for address in addresses:
        host = urlsplit(address).hostname or ""
        if host and host not in OWN_HOSTS and not is_loopback(address):
            yield host
