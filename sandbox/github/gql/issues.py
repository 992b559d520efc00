"""Answers about issues, pull requests and comments."""

from __future__ import annotations

from typing import Any

from sandbox.github.gql.connections import Key, Page, connect, in_order
from sandbox.github.gql.context import Info
from sandbox.github.gql.resolvers import answers
from sandbox.github.rest.render import instant
from sandbox.github.state.model import Comment, Issue, Repository, Summary


@answers("Issue PullRequest IssueComment", "body")
@answers("Issue IssueComment", "bodyText")
def body(source: Issue | Comment, _: Info) -> str:
    """Return the text; an issue without one has an empty text here, where REST has null."""
    return source.body or ""


@answers("Issue PullRequest", "closed")
def closed(source: Issue, _: Info) -> bool:
    """Say whether it is closed."""
    return source.state == "closed"


@answers("Issue", "state")
def state_of(source: Issue, _: Info) -> str:
    """Return OPEN or CLOSED."""
    return source.state.upper()


@answers("PullRequest", "state")
def pull_request_state(source: Issue, _: Info) -> str:
    """Return OPEN, CLOSED or MERGED."""
    return "MERGED" if source.merged else source.state.upper()


@answers("Issue", "stateReason")
def state_reason(source: Issue, _: Info, **__: Any) -> str | None:
    """Return why the state is what it is, DUPLICATE included."""
    return source.state_reason.upper() if source.state_reason else None


@answers("Issue PullRequest", "milestone")
def milestone(*_: Any) -> None:
    """Return null: the stand-in has no milestones."""


@answers("Issue", "parent")
def parent(source: Issue, info: Info) -> Issue | None:
    """Return the parent, null when there is none or the token cannot see it."""
    above = source.parent
    return above if above is not None and info.context.state.readable(above.repository) else None


@answers("Issue", "duplicateOf")
def duplicate_of(source: Issue, info: Info) -> Issue | None:
    """Return the issue this one repeats."""
    same = source.duplicate_of
    return same if same is not None and info.context.state.readable(same.repository) else None


@answers("Issue", "subIssues")
def sub_issues(source: Issue, info: Info, **args: Any) -> Page:
    """Return the children the token can see, in their order."""
    shown = [child for child in source.children if info.context.state.readable(child.repository)]
    return connect(info, source, in_order(shown), args)


@answers("Issue", "subIssuesSummary")
def sub_issues_summary(source: Issue, info: Info) -> Summary:
    """Count the children."""
    return info.context.state.summary(source)


@answers("Issue PullRequest", "assignees")
def assignees(source: Issue, info: Info, **args: Any) -> Page:
    """Return the people assigned; bots are not among them."""
    return connect(info, source, in_order(one for one in source.assignees if one.kind == "User"), args)


@answers("Issue", "assignedActors")
def assigned_actors(source: Issue, info: Info, **args: Any) -> Page:
    """Return everyone assigned, bots included."""
    return connect(info, source, in_order(source.assignees), args)


@answers("Issue", "comments")
def comments(source: Issue, info: Info, **args: Any) -> Page:
    """Return the comments, oldest first unless ordered."""
    order = args.get("orderBy")
    if order is None:
        return connect(info, source, in_order(source.comments), args)
    keyed: list[tuple[Key, Any]] = [((instant(one.updated_at) or "", one.id), one) for one in source.comments]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")


@answers("IssueComment", "repository")
def comment_repository(source: Comment, _: Info) -> Repository:
    """Return the repository of the issue."""
    return source.issue.repository


@answers("IssueComment", "viewerDidAuthor")
def viewer_did_author(source: Comment, info: Info) -> bool:
    """Say whether the token's user wrote it."""
    return source.author is info.context.state.viewer
