"""Answers of the root: accounts, repositories and nodes by name or id, search, the rate limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.github.errors import Refused
from sandbox.github.gql.connections import Page, connect, in_order
from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import Problem, missing
from sandbox.github.gql.resolvers import answers
from sandbox.github.search import search_issues
from sandbox.github.state.model import Repository, User

MOST_NODE_IDS = 100
SEARCHABLE = ("ISSUE", "ISSUE_ADVANCED")


@answers("Query", "viewer")
def viewer(_: Any, info: Info) -> User:
    """Return the token's user."""
    return info.context.state.viewer


@answers("Query", "user")
def user(_: Any, info: Info, login: str) -> User:
    """Return an account by login."""
    found = info.context.state.users.get(login.lower())
    if found is None or found.kind != "User":
        raise missing(f"a User with the login of '{login}'")
    return found


@answers("Query", "organization")
def organization(_: Any, info: Info, login: str) -> User:
    """Return the organisation."""
    org = info.context.state.org
    if login.lower() != org.login.lower():
        raise missing(f"an Organization with the login of '{login}'")
    return org


@answers("Query", "repository")
def repository(_: Any, info: Info, owner: str, name: str, **args: Any) -> Repository:
    """Return a repository by its present name, or a former one."""
    state = info.context.state
    found = state.find_repository(owner, name)
    if found is None and args["followRenames"] and state.options.graphql_follows_renames:
        found = state.renamed_repository(owner, name)
    if found is None or not state.readable(found):
        raise missing(f"a Repository with the name '{owner}/{name}'")
    return found


@answers("Organization", "repository")
def repository_of(org: User, info: Info, name: str, **args: Any) -> Repository:
    """Return a repository of the organisation."""
    return repository(None, info, org.login, name, **args)


@answers("Query", "node")
def node(_: Any, info: Info, id: str) -> Any:  # noqa: A002 - GitHub's name for the argument
    """Return what a global id names."""
    found = info.context.state.node(id)
    if found is None:
        raise missing(f"a node with the global id of '{id}'")
    return found


@answers("Query", "nodes")
def nodes(_: Any, info: Info, ids: list[str]) -> list[Any]:
    """Return what each id names; those that name nothing are null with an error each."""
    if len(ids) > MOST_NODE_IDS:
        raise Problem("ARGUMENT_LIMIT", f"You may not provide more than 100 node ids; you provided {len(ids)}.")
    state = info.context.state
    found = [state.node(one) or missing(f"a node with the global id of '{one}'") for one in ids]
    limit = state.options.truncate_nested_above
    if limit is not None and len(found) > limit:
        info.context.crowded.update(id(one) for one in found)
    return found


@answers("Query", "search")
def search(_: Any, info: Info, query: str, type: str, **args: Any) -> Page:  # noqa: A002 - GitHub's name
    """Search issues; what the token cannot see is missing without a word."""
    if type not in SEARCHABLE:
        return connect(info, None, [], args)
    try:
        hits = search_issues(info.context.state, query)
    except Refused as refused:
        if any("cannot be searched" in str(error.get("message")) for error in refused.errors):
            return connect(info, None, [], args)
        raise Problem("UNPROCESSABLE", str(refused.errors[0].get("message", refused.message))) from None
    return connect(info, None, in_order(hits.issues), args, total=hits.total)


@dataclass(frozen=True, slots=True)
class RateLimitFigures:
    """What this query costs and what is left."""

    cost: int
    node_count: int
    limit: int
    remaining: int
    used: int
    reset_at: datetime


@answers("Query", "rateLimit")
def rate_limit(_: Any, info: Info, **__: Any) -> RateLimitFigures:
    """Return the figures of the points of this hour, this query included."""
    now, price = info.context.standing, info.context.price
    return RateLimitFigures(price.points, price.nodes, now.limit, now.remaining, now.used, now.reset)
