"""What can be wrong with settings that are well-formed: tokens, addresses, gids, and what is missing."""

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import SecretStr, ValidationError

from sync.findings.kinds import BY_NAME
from sync.hours.capacity import clashes
from sync.model.tokens import USELESS, shape_of
from sync.settings.parts import Part
from sync.settings.tree import PREFIX, PersonSettings, Settings, variable

OWN_HOSTS = frozenset({"api.github.com", "app.asana.com", "api.airtable.com"})
SLACK_HOSTS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
SHORTEST_TOKEN = 4
RECORD_ID = re.compile(r"rec[A-Za-z0-9]{14}")
"""How Airtable spells the id of a record, by its client: pyairtable.utils.is_record_id."""
TOKENS = (("github", "token"), ("asana", "token"), ("airtable", "token"), ("freshdesk", "api_key"))
SERVICES = {"github": "GitHub", "asana": "Asana", "airtable": "Airtable", "freshdesk": "FreshDesk"}
PLACEHOLDER = re.compile(r"\.\.\.|[<>]|" + PREFIX)
"""What an example leaves to be filled in, or the name of a setting that was pasted with its value."""
ORGANISATION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
BASE_ID = re.compile(r"app[A-Za-z0-9]+")
SECRETS = (*TOKENS, ("slack", "webhook_url"))
"""What may come from a file of its own, and never from the settings file."""


def with_token_files(settings: Settings) -> tuple[Settings, list[str]]:
    """Fill in tokens that are given as files; return the problems of files that cannot be read."""
    problems = []
    for block, name in SECRETS:
        part: Part = getattr(settings, block)
        path: Path | None = getattr(part, f"{name}_file")
        if path is None or getattr(part, name) is not None:
            continue
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "not text"
            problems.append(f"{variable(block, name + '_file')}: {reason}: {path}")
            continue
        if not token:
            problems.append(f"{variable(block, name + '_file')}: empty: {path}")
            continue
        filled = part.model_copy(update={name: SecretStr(token)})
        settings = settings.model_copy(update={block: filled})
    return settings, problems


def with_people_file(settings: Settings) -> tuple[Settings, list[str]]:
    """Add the people of the file that is named, below those of the settings; return what is wrong with it."""
    path = settings.people_file
    if path is None:
        return settings, []
    try:
        lines = tomllib.loads(path.read_text(encoding="utf-8")).get("people", [])
        found = tuple(PersonSettings.model_validate(line) for line in lines)
    except (OSError, UnicodeError) as error:
        return settings, [f"{variable('people_file')}: {getattr(error, 'strerror', None) or 'not text'}: {path}"]
    except tomllib.TOMLDecodeError as error:
        return settings, [f"{variable('people_file')}: {path.name}: {error}."]
    except (TypeError, ValidationError):
        wanted = "each [[people]] has github, and email or asana"
        return settings, [f"{variable('people_file')}: {path.name}: {wanted}."]
    own = {one.github.casefold() for one in settings.people}
    added = tuple(one for one in found if one.github.casefold() not in own)
    return settings.model_copy(update={"people": (*settings.people, *added)}), []


def missing(settings: Settings) -> Iterator[str]:
    """Tell what has to be set and is not."""
    for block, name in TOKENS[:3]:
        part = getattr(settings, block)
        if getattr(part, name) is None and getattr(part, f"{name}_file") is None:
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
    if settings.slack.by_role and settings.slack.webhook_url is None and settings.slack.webhook_url_file is None:
        usual = variable("slack", "webhook_url")
        yield f"{usual} is not set: roles without a webhook of their own are told there."


def wrong_values(settings: Settings) -> Iterator[str]:
    """Tell which values cannot be what is meant."""
    for block, name in TOKENS:
        secret: SecretStr | None = getattr(getattr(settings, block), name)
        if secret is not None:
            yield from _odd_token(variable(block, name), secret.get_secret_value(), SERVICES[block])
    yield from _odd_ids(settings)
    yield from _odd_sentinels(settings)
    yield from _odd_names(settings)
    if not any(one.label for one in settings.label_profiles):
        yield f"{variable('github', 'labels')} names no label."
    yield from _odd_profiles(settings)
    yield from _odd_people(settings)
    folder = settings.totals.csv.parent if settings.totals.csv else None
    if folder is not None and not folder.is_dir():
        yield f"{variable('totals', 'csv')}: there is no folder {folder}."
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield f"{variable('timezone')}: no such time zone; use a name such as Europe/Berlin."
    if settings.now is not None and settings.now.tzinfo is None:
        yield f"{variable('now')} needs an offset, such as 2026-09-21T06:10:00Z."
    yield from _odd_thresholds(settings)
    for place, how in clashes(settings.capacities):
        yield f"{variable('capacity', str(place))}: {how}."
    yield from _odd_initiatives(settings)
    yield from _odd_kinds(settings)
    for block in ("github", "asana", "airtable", "freshdesk"):
        yield from _odd_address(variable(block, "api_url"), getattr(settings, block).api_url, settings)
    if settings.slack.webhook_url is not None:
        yield from _odd_webhook(variable("slack", "webhook_url"), settings.slack.webhook_url, settings)
    for role, secret in settings.slack.by_role.items():
        yield from _odd_webhook(variable("slack", "webhooks", role), secret, settings)


def _odd_ids(settings: Settings) -> Iterator[str]:
    if settings.github.org and not ORGANISATION.fullmatch(settings.github.org):
        yield f"{variable('github', 'org')} must be the organisation's name alone: NAME in github.com/NAME."
    for path in (("asana", one) for one in ("workspace", "home_project", "portfolio", "engagements_project")):
        yield from _odd_gid(path, getattr(settings.asana, path[1]))
    if settings.airtable.base and not BASE_ID.fullmatch(settings.airtable.base):
        how = "app and the letters and digits behind it in the base's address"
        yield f"{variable('airtable', 'base')} must be a base id: {how}."


def _odd_sentinels(settings: Settings) -> Iterator[str]:
    yield from _odd_gid(("sentinels", "task"), settings.sentinels.task)
    issue = settings.sentinels.issue
    if issue and not _split(issue).path.rpartition("/issues/")[2].isdecimal():
        yield f"{variable('sentinels', 'issue')} must be the address of an issue."
    if settings.sentinels.row and not RECORD_ID.fullmatch(settings.sentinels.row):
        yield f"{variable('sentinels', 'row')} must be a record id: rec, then 14 letters or digits."


def _odd_thresholds(settings: Settings) -> Iterator[str]:
    """Tell of levels that are never reached, and of other thresholds for nobody."""
    usual = settings.thresholds
    if usual.near and usual.near[-1] >= usual.used_up:
        yield f"{variable('thresholds', 'near')} must stay below {variable('thresholds', 'used_up')}."
    labels = {one.label.casefold() for one in settings.label_profiles}
    told: set[tuple[str, str]] = set()
    for place, one in enumerate(usual.overrides):
        name = variable("thresholds", "overrides", str(place))
        near = usual.near if one.near is None else one.near
        if near and near[-1] >= (one.used_up or usual.used_up):
            yield f"{name}: near must stay below used_up."
        if one.profile and one.profile.casefold() not in labels:
            yield f"{name}: {one.profile!r} is the label of no profile."
        about = one.profile.casefold(), one.engagement.casefold()
        if about in told:
            yield f"{name} is about the same as one above it."
        told.add(about)


def _odd_kinds(settings: Settings) -> Iterator[str]:
    """Tell of words for kinds of findings that there are not."""
    for name in settings.kinds:
        if name not in BY_NAME:
            near = get_close_matches(name, BY_NAME, 1)
            hint = f" Did you mean {near[0]}?" if near else " They are listed in docs/findings.md."
            yield f"{variable('kinds')}: there is no kind of finding {name!r}.{hint}"


def _odd_initiatives(settings: Settings) -> Iterator[str]:
    """Tell of a planning repository that is none, and of labels by which initiatives would be mirrored."""
    wanted, name = settings.initiatives, variable("initiatives", "repository")
    if wanted.enabled and not wanted.repository:
        yield f"{name} is not set: in which repository are initiatives made?"
    parts = settings.planning_repository.split("/")
    if settings.planning_repository and (len(parts) != 2 or not all(part.strip() for part in parts)):
        yield f"{name} must be the name of a repository, such as planning."
    elif settings.planning_repository and parts[0].casefold() != settings.github.org.casefold():
        yield f"{name} must be a repository of {settings.github.org}: its issues are put on that organisation's board."
    profiles = {one.label.casefold() for one in settings.label_profiles}
    for label in wanted.labels:
        if label.casefold() in profiles:
            problem = "is the label of a profile: the initiative and its tasks would be mirrored as work"
            yield f"{variable('initiatives', 'labels')}: {label!r} {problem}."


def _odd_names(settings: Settings) -> Iterator[str]:
    """Tell of other names for tables and columns that there are not: they would map nothing."""
    if not settings.airtable.names:
        return
    from connectors.wire.base_layout import LAYOUT, layout_of  # noqa: PLC0415  --help and --version stay quick

    every = [*LAYOUT, *(f"{table}.{column.name}" for table in LAYOUT for column in layout_of(table))]
    for ours in settings.airtable.names:
        if ours not in every:
            near = get_close_matches(ours, every, 1)
            hint = f" Did you mean {near[0]!r}?" if near else " They are listed in docs/airtable.md."
            what = "column" if "." in ours else "table"
            yield f"{variable('airtable', 'names')}: we have no {what} {ours!r}.{hint}"


def _odd_profiles(settings: Settings) -> Iterator[str]:
    """Tell of labels that two profiles have: only one of them would hold."""
    seen: set[str] = set()
    for place, one in enumerate(settings.profiles):
        if one.label.casefold() in seen:
            yield f"{variable('profiles', str(place))}: a profile above it has the same label."
        seen.add(one.label.casefold())


def _odd_people(settings: Settings) -> Iterator[str]:
    """Tell of people of whom nobody could say who they are in Asana."""
    for place, one in enumerate(settings.people):
        if not one.email and not one.asana:
            yield f"{variable('people', str(place))} needs email or asana, besides github."


def _odd_gid(path: tuple[str, str], gid: str) -> Iterator[str]:
    if gid and not (gid.isascii() and gid.isdecimal()):
        yield f"{variable(*path)} must be a gid, the digits in the object's address in Asana."


def _odd_token(name: str, token: str, service: str) -> Iterator[str]:
    """Tell what is wrong with a token; one of another service would be told to a stranger if it were tried."""
    word = shape_of(token)
    if len(token) < SHORTEST_TOKEN:
        yield f"{name} is {'empty' if not token else 'too short to be a token'}."
    elif token.startswith(("http://", "https://")):
        yield f"{name} holds an address where a token is expected."
    elif any(char.isspace() or char in "\"'" for char in token) or not token.isascii():
        yield f"{name} holds blanks, line breaks, quotes or letters no token has; set the bare token."
    elif PLACEHOLDER.search(token):
        yield f"{name} holds the name of a setting, or what an example leaves open; set the bare token."
    elif word.service not in {"", service}:
        yield f"{name} looks like a {word.kind} of {word.service}; set it to a token of {service}."
    elif word.kind in USELESS:
        yield f"{name} {USELESS[word.kind]}"


def _odd_webhook(name: str, secret: SecretStr, settings: Settings) -> Iterator[str]:
    """Tell what is wrong with a webhook without showing it; its host alone is no secret."""
    address = secret.get_secret_value()
    if any(char.isspace() or char in "\"'" for char in address) or not address.isascii():
        yield f"{name} holds blanks, quotes or letters no address has; set the bare address."
    elif not address or len(_split(address).path) < SHORTEST_TOKEN:
        yield f"{name} must be the whole address of an incoming webhook; it begins with https://hooks.slack.com/."
    else:
        yield from _odd_address(name, address, settings, SLACK_HOSTS)


def _odd_address(name: str, address: str, settings: Settings, own_hosts: frozenset[str] = OWN_HOSTS) -> Iterator[str]:
    if not address:
        return
    parts = _split(address)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None or not _has_port(parts):
        yield f"{name} must be an address that begins with https://."
    elif _is_loopback(host) or {host, parts.netloc.casefold()} & {one.casefold() for one in settings.allow_hosts}:
        return
    elif parts.scheme != "https":
        yield f"{name}: a token is sent to {host} only over https, unless {variable('allow_hosts')} names it."
    elif host not in own_hosts and (own_hosts is SLACK_HOSTS or not host.endswith(".freshdesk.com")):
        yield f"{name}: tokens are not sent to {host} unless {variable('allow_hosts')} names it."


def _split(address: str) -> SplitResult:
    """Return the parts of an address; those of nothing when it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")


def _has_port(parts: SplitResult) -> bool:
    """Tell whether the port, if there is one, is a number that a port can have."""
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
