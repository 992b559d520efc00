"""Which issues a REST list shows, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from aiohttp import web

from sandbox.github.errors import Refused, invalid
from sandbox.github.state import GitHubState
from sandbox.github.state.model import Issue

STATES = ("open", "closed", "all")
SORTS = ("created", "updated", "comments")


def choice(request: web.Request, name: str, allowed: tuple[str, ...], default: str) -> str:
    """Return a parameter that takes one of a few words; raise ``Refused`` 422 for another word."""
    value = request.query.get(name) or default
    if value not in allowed:
        raise invalid("Issue", name, value=value)
    return value


def listed(state: GitHubState, issues: Iterable[Issue], request: web.Request) -> list[Issue]:
    """Return the issues the request's ``state``, ``labels``, ``since``, ``assignee`` and ``creator`` leave, sorted.

    All labels named must be there, in any case. A label filter answers from the index, which may be behind.
    """
    wanted_state = choice(request, "state", STATES, "open")
    labels = {name.strip().lower() for name in request.query.get("labels", "").split(",") if name.strip()}
    since = moment_in(request, "since")
    assignee, creator = request.query.get("assignee"), request.query.get("creator")
    found = [
        issue
        for issue in issues
        if not issue.unlisted
        and _labelled(state, issue, labels, wanted_state)
        and (since is None or issue.updated_at >= since)
        and (assignee is None or _assigned(issue, assignee.lower()))
        and (creator is None or (issue.author is not None and issue.author.login.lower() == creator.lower()))
    ]
    sort = choice(request, "sort", SORTS, "created")
    direction = choice(request, "direction", ("asc", "desc"), "desc")
    return sorted(found, key=lambda issue: sort_key(issue, sort), reverse=direction == "desc")


def sort_key(issue: Issue, sort: str) -> tuple[datetime, int] | tuple[int, int]:
    """Return what an issue is sorted by; the id settles ties."""
    match sort:
        case "updated":
            return issue.updated_at, issue.id
        case "comments":
            return len(issue.comments), issue.id
        case _:
            return issue.created_at, issue.id


def moment_in(request: web.Request, name: str) -> datetime | None:
    """Return a moment of the query string, None when it is absent; raise ``Refused`` 422 for what is no moment."""
    text = request.query.get(name)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        raise Refused(422, f"Invalid value for parameter {name}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _labelled(state: GitHubState, issue: Issue, labels: set[str], wanted_state: str) -> bool:
    if not labels:
        return wanted_state in {"all", issue.state}
    entry = state.indexed(issue, state.options.list_lag)
    return entry is not None and labels <= entry.labels and wanted_state in {"all", entry.state}


def _assigned(issue: Issue, login: str) -> bool:
    if login == "*":
        return bool(issue.assignees)
    if login == "none":
        return not issue.assignees
    return any(user.login.lower() == login for user in issue.assignees)
