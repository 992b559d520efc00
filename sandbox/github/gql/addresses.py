"""Answers that are addresses of pages for people."""

from __future__ import annotations

from sandbox.github.gql.context import Info
from sandbox.github.gql.resolvers import answers
from sandbox.github.rest.render import WEB, web_url
from sandbox.github.state.model import Comment, Issue, Label, Repository, User


@answers("Issue PullRequest Repository User Bot Organization Mannequin", "url")
def url(source: Issue | Repository | User, _: Info) -> str:
    """Return the page for people."""
    return web_url(source)


@answers("IssueComment", "url")
def comment_url(source: Comment, _: Info) -> str:
    """Return the page for people."""
    return f"{web_url(source.issue)}#issuecomment-{source.id}"


@answers("Label", "url")
def label_url(source: Label, _: Info) -> str:
    """Return the page for people."""
    return f"{web_url(source.repository)}/labels/{source.name}"


@answers("Issue PullRequest Repository User Bot Organization Mannequin", "resourcePath")
def resource_path(source: Issue | Repository | User, _: Info) -> str:
    """Return the page's path."""
    return web_url(source).removeprefix(WEB)


@answers("IssueComment", "resourcePath")
def comment_path(source: Comment, info: Info) -> str:
    """Return the page's path."""
    return comment_url(source, info).removeprefix(WEB)


@answers("Label", "resourcePath")
def label_path(source: Label, info: Info) -> str:
    """Return the page's path."""
    return label_url(source, info).removeprefix(WEB)
