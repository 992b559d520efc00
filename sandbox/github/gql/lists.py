"""Lists of issues: which they show, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sandbox.github.gql.connections import Key, Page, connect
from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import Problem
from sandbox.github.gql.resolvers import answers
from sandbox.github.rest.lists import sort_key
from sandbox.github.rest.render import instant
from sandbox.github.state import GitHubState
from sandbox.github.state.model import Issue, Label, Repository

ORDERS = {"CREATED_AT": "created", "UPDATED_AT": "updated", "COMMENTS": "comments"}


@answers("Repository", "issues")
def issues(source: Repository, info: Info, **args: Any) -> Page:
    """Return the issues of a repository without its pull requests."""
    return _issue_page(source, info, source.issues.values() if source.has_issues else (), args)


@answers("Label", "issues")
def labelled_issues(source: Label, info: Info, **args: Any) -> Page:
    """Return the issues that carry the label."""
    return _issue_page(source, info, (one for one in source.repository.issues.values() if source in one.labels), args)


def _issue_page(source: object, info: Info, candidates: Iterable[Issue], args: dict[str, Any]) -> Page:
    state = info.context.state
    found = [
        one
        for one in candidates
        if not one.pull_request and not one.unlisted and _wanted(state, one, args) and _filtered(state, one, args)
    ]
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keyed = [(_issue_key(one, order["field"]), one) for one in found]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")


def _issue_key(one: Issue, order: str) -> Key:
    first, second = sort_key(one, ORDERS[order])
    return (instant(first) or "" if isinstance(first, datetime) else first), second


def _wanted(state: GitHubState, one: Issue, args: dict[str, Any]) -> bool:
    """Apply ``labels`` (any of them, in any case, from the index) and ``states``."""
    names, states = args.get("labels"), args.get("states")
    if names is None:
        return states is None or one.state.upper() in states
    entry = state.indexed(one, state.options.list_lag)
    if entry is None or not entry.labels & {name.lower() for name in names}:
        return False
    return states is None or entry.state.upper() in states


def _filtered(state: GitHubState, one: Issue, args: dict[str, Any]) -> bool:
    filters = args.get("filterBy")
    if filters is None:
        return True
    if not _wanted(state, one, filters):
        return False
    if filters.get("since") is not None and one.updated_at < moment(filters["since"]):
        return False
    if filters.get("createdBy") is not None and (one.author is None or one.author.login != filters["createdBy"]):
        return False
    if "assignee" in filters:
        logins = {assignee.login for assignee in one.assignees}
        name = filters["assignee"]
        return bool(logins) if name == "*" else not logins if name is None else name in logins
    return True


def moment(text: str) -> datetime:
    """Return a ``DateTime`` a client wrote; raise ``Problem`` for what is none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Problem("UNPROCESSABLE", f"Could not coerce value {text!r} to DateTime") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
