"""Looking at a set-up's GitHub side: the token, the organisation, its repositories and boards. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from connectors import queries
from connectors.github_api import GitHubApi, PageSize
from connectors.looking import Look, not_set
from connectors.retry import header_date
from connectors.wire.github import decode_repository, issue_path
from connectors.wire.github_board import decode_board
from connectors.wire.github_json import connection, spelled, text
from sync.errors import NotFound, Rejected
from sync.model.examination import BoardFacts, GitHubFacts, GitHubToken, RepositoryFacts, Unanswered

EXPIRATION = "github-authentication-token-expiration"
SCOPES = "x-oauth-scopes"


@dataclass(frozen=True, slots=True)
class SoughtAtGitHub:
    """What the settings name."""

    organisation: str
    project_number: int
    hours_names: tuple[str, ...]
    board_names: Mapping[str, str]
    labels: tuple[str, ...]
    sentinel: str


def examine_github(api: GitHubApi, sought: SoughtAtGitHub) -> GitHubFacts:
    """Return what is found; what cannot be looked at hides nothing else. Raises nothing."""
    look = Look()
    headers: dict[str, str] = {}
    token = look(lambda: _token(api, headers))
    organisation = look(lambda: _login(api, sought.organisation)) if sought.organisation else not_set("CSH_GITHUB__ORG")
    if isinstance(organisation, Unanswered):
        return GitHubFacts(token, organisation, organisation, organisation, clock=header_date(headers))
    boards = look(lambda: _boards(api, sought.organisation))
    return GitHubFacts(
        token=token,
        organisation=organisation,
        repositories=look(lambda: _repositories(api, sought)),
        board=look(lambda: _board(api, sought, {} if isinstance(boards, Unanswered) else boards)),
        boards={} if isinstance(boards, Unanswered) else boards,
        sentinel=look(lambda: _is_visible(api, sought.sentinel)) if sought.sentinel else None,
        clock=header_date(headers),
    )


def _login(api: GitHubApi, organisation: str) -> str:
    return str(api.get("read the organisation", f"/orgs/{quote(organisation)}")["login"])


def _token(api: GitHubApi, headers: dict[str, str]) -> GitHubToken:
    """Ask for the rate limit, which costs nothing: its headers tell of the token.

    An Enterprise server without limits answers 404 (GitHub: rate limits).
    """
    try:
        answer, heard = api.get_with_headers("read the rate limit", "/rate_limit")
    except NotFound:
        return GitHubToken()
    headers |= {name.lower(): str(value) for name, value in heard.items()}
    scopes = headers.get(SCOPES)
    named = frozenset(one.strip() for one in scopes.split(",") if one.strip()) if scopes is not None else None
    core = answer.get("resources", {}).get("core", {})
    return GitHubToken(named, _expiry(headers.get(EXPIRATION, "")), int(core.get("limit") or 0))


def _expiry(text_of_header: str) -> datetime | None:
    """Return when the token ends: GitHub writes ``2026-09-01 12:00:00 UTC``, or an offset in place of the zone."""
    spelling = text_of_header.strip().replace(" UTC", " +0000")
    try:
        return datetime.strptime(spelling, "%Y-%m-%d %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None


def _boards(api: GitHubApi, organisation: str) -> dict[int, str]:
    answer = api.query("list the boards", lambda _: queries.BOARDS, lambda: {"login": organisation})
    nodes: Sequence[Mapping[str, Any]] = connection(_organisation(answer.data), "projectsV2").nodes
    return {int(one["number"]): text(one, "title") for one in nodes if isinstance(one.get("number"), int)}


def _repositories(api: GitHubApi, sought: SoughtAtGitHub) -> tuple[RepositoryFacts, ...]:
    variables = {"login": sought.organisation} | {f"label{n}": label for n, label in enumerate(sought.labels)}
    found = []
    query = queries.repositories(len(sought.labels), "isPrivate isArchived")
    for page in api.pages(
        "list the repositories", lambda _: query, variables, ("organization", "repositories"), PageSize(100)
    ):
        for node, errors in page.nodes:
            one = decode_repository(node, sought.labels, errors)
            private, archived = bool(node.get("isPrivate")), bool(node.get("isArchived"))
            found.append(RepositoryFacts(one.name, private, archived, frozenset(one.labels or ())))
    return tuple(found)


def _board(api: GitHubApi, sought: SoughtAtGitHub, boards: Mapping[int, str]) -> BoardFacts:
    variables = {"login": sought.organisation, "number": sought.project_number}
    answer = api.query("read the board", queries.board, lambda: variables)
    project = _organisation(answer.data).get("projectV2")
    if not isinstance(project, Mapping):
        raise Rejected("GitHub", "read the board", spelled(answer.errors) or "there is no such board")
    plan, problems = decode_board(project, sought.hours_names, sought.board_names)
    columns = {text(one, "name"): text(one, "dataType") for one in connection(project, "fields").nodes}
    return BoardFacts(
        title=boards.get(sought.project_number, ""),
        columns=columns,
        hours=plan.hours.name if plan.hours else "",
        hours_trouble=plan.hours_trouble,
        problems=tuple(one for one in problems if one.subject != "the board's hours column"),
    )


def _organisation(data: Mapping[str, Any]) -> Mapping[str, Any]:
    found = data.get("organization")
    return found if isinstance(found, Mapping) else {}


def _is_visible(api: GitHubApi, url: str) -> bool:
    address = issue_path(url)
    if address is None:
        return False
    owner, _, name = address[0].partition("/")
    try:
        api.get("read the sentinel issue", f"/repos/{quote(owner)}/{quote(name)}/issues/{address[1]}")
    except NotFound:
        return False
    return True
