"""Answers about accounts, repositories and labels."""

from __future__ import annotations

from typing import Any

from sandbox.github.gql.connections import Key, Page, connect
from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import missing
from sandbox.github.gql.resolvers import answers
from sandbox.github.rest.render import instant
from sandbox.github.state.model import Issue, Label, Repository, User

# Accounts


@answers("User Bot Organization Mannequin", "avatarUrl")
def avatar_url(source: User, _: Info, **__: Any) -> str:
    """Return the picture."""
    return f"https://avatars.githubusercontent.com/u/{source.id}?v=4"


@answers("User", "isViewer")
def is_viewer(source: User, info: Info) -> bool:
    """Say whether it is the token's user."""
    return source is info.context.state.viewer


@answers("User Mannequin", "email")
def email(source: User, _: Info) -> str:
    """Return the public address; an account without one has an empty text here, where REST has null."""
    return source.email or ""


@answers("Organization", "repositories")
def repositories(source: User, info: Info, **args: Any) -> Page:
    """Return the repositories the token can see."""
    found = [one for one in info.context.state.readable_repositories() if _listed(one, args)]
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keyed = [(_repository_key(one, order["field"]), one) for one in found]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")


def _listed(one: Repository, args: dict[str, Any]) -> bool:
    """Apply the filters; the stand-in has no forks and no locked repositories."""
    visibility = args.get("visibility") or args.get("privacy")
    return (
        visibility in {None, "PRIVATE" if one.private else "PUBLIC"}
        and args.get("isArchived") in {None, one.archived}
        and args.get("hasIssuesEnabled") in {None, one.has_issues}
        and not args.get("isFork")
        and not args.get("isLocked")
    )


def _repository_key(one: Repository, order: str) -> Key:
    match order:
        case "NAME":
            return one.name.lower(), one.id
        case "CREATED_AT":
            return instant(one.created_at) or "", one.id
        case _:
            return instant(one.updated_at) or "", one.id


# Repositories and labels


@answers("Repository", "nameWithOwner")
def name_with_owner(source: Repository, _: Info) -> str:
    """Return ``owner/name``."""
    return source.full_name


@answers("Repository", "owner")
def owner_of(_: Repository, info: Info) -> User:
    """Return the organisation."""
    return info.context.state.org


@answers("Repository", "visibility")
def visibility_of(source: Repository, _: Info) -> str:
    """Return whether everybody may read it."""
    return "PRIVATE" if source.private else "PUBLIC"


@answers("Repository", "isPrivate")
def is_private(source: Repository, _: Info) -> bool:
    """Say whether it is private."""
    return source.private


@answers("Repository", "isArchived")
def is_archived(source: Repository, _: Info) -> bool:
    """Say whether it is read-only."""
    return source.archived


@answers("Repository", "hasIssuesEnabled")
def has_issues_enabled(source: Repository, _: Info) -> bool:
    """Say whether issues are on."""
    return source.has_issues


@answers("Repository", "isDisabled")
@answers("Repository", "isFork")
@answers("Label", "isDefault")
def never(*_: Any) -> bool:
    """Say no: the stand-in has none of these."""
    return False


@answers("Repository", "issue")
def issue(source: Repository, _: Info, number: int) -> Issue:
    """Return an issue; deleted, transferred and unknown numbers, and those of pull requests, look alike here."""
    found = source.issues.get(number)
    if found is None or found.pull_request or not source.has_issues:
        raise missing(f"an Issue with the number of {number}")
    return found


@answers("Repository", "pullRequest")
def pull_request(source: Repository, _: Info, number: int) -> Issue:
    """Return a pull request."""
    found = source.issues.get(number)
    if found is None or not found.pull_request:
        raise missing(f"a PullRequest with the number of {number}")
    return found


@answers("Repository", "issueOrPullRequest")
def issue_or_pull_request(source: Repository, _: Info, number: int) -> Issue:
    """Return an issue or a pull request."""
    found = source.issues.get(number)
    if found is None:
        raise missing(f"an issue or pull request with the number of {number}")
    return found


@answers("Repository", "label")
def label(source: Repository, info: Info, name: str) -> Label | None:
    """Return a label in any case, null when the repository has none."""
    return info.context.state.find_label(source, name)


@answers("Repository Issue PullRequest", "labels")
def labels(source: Repository | Issue, info: Info, **args: Any) -> Page:
    """Return labels by creation or name."""
    order = args.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    keyed = [
        ((one.name.lower() if order["field"] == "NAME" else instant(one.created_at) or "", one.id), one)
        for one in source.labels
        if (args.get("query") or "").lower() in one.name.lower()
    ]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")
