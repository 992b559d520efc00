"""Answers about what happened to an issue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.github.gql.connections import Page, connect, in_order
from sandbox.github.gql.context import Info
from sandbox.github.gql.lists import moment
from sandbox.github.gql.resolvers import answers
from sandbox.github.state.model import Comment, Event, Issue, Repository


@answers("Issue", "timelineItems")
def timeline_items(source: Issue, info: Info, **args: Any) -> Page:
    """Return what happened, comments included, oldest first."""
    kinds = set(args["itemTypes"]) if args.get("itemTypes") else None
    since = moment(args["since"]) if args.get("since") else None
    known = info.schema.type_map
    entries: list[Event | Comment] = [one for one in source.events if one.kind in known]
    entries += source.comments
    entries.sort(key=lambda one: one.created_at)
    found = [
        one
        for one in entries
        if (kinds is None or _item_type(one) in kinds) and (since is None or one.created_at >= since)
    ]
    return connect(info, source, in_order(found[args.get("skip") or 0 :]), args)


def _item_type(entry: Event | Comment) -> str:
    if isinstance(entry, Comment):
        return "ISSUE_COMMENT"
    stem = "".join(f"_{letter}" if letter.isupper() else letter for letter in entry.kind)
    return stem.strip("_").upper()


DETAILS = (
    ("LabeledEvent UnlabeledEvent", "label", "label"),
    ("RenamedTitleEvent", "previousTitle", "previous_title"),
    ("RenamedTitleEvent", "currentTitle", "current_title"),
    ("SubIssueAddedEvent SubIssueRemovedEvent", "subIssue", "sub_issue"),
    ("ParentIssueAddedEvent ParentIssueRemovedEvent", "parent", "parent"),
    ("TransferredEvent", "fromRepository", "from_repository"),
    ("IssueFieldAddedEvent IssueFieldChangedEvent IssueFieldRemovedEvent", "issueField", "issue_field"),
    ("IssueFieldAddedEvent", "value", "value"),
    ("IssueFieldChangedEvent", "newValue", "value"),
    ("IssueFieldChangedEvent", "previousValue", "previous_value"),
)
"""Types, field, and the event's detail that answers it."""


def _detail(name: str) -> Callable[[Event, Info], Any]:
    def answer(source: Event, info: Info) -> Any:
        found = source.detail.get(name)
        hidden = isinstance(found, Issue | Repository) and not info.context.state.visible(found)
        return None if hidden else found

    return answer


for _types, _field, _name in DETAILS:
    answers(_types, _field)(_detail(_name))


@answers("ClosedEvent ReopenedEvent", "stateReason")
def event_reason(source: Event, _: Info) -> str | None:
    """Return the reason that went with the change."""
    reason = source.detail.get("state_reason")
    return str(reason).upper() if reason else None
