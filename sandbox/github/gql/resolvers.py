"""How each field is answered: a table for what needs thought, and one rule for all others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar

from sandbox.github.gql.cells import ISSUE_FIELD_TYPES, Cell, IssueFieldCell
from sandbox.github.gql.context import Info
from sandbox.github.rest.render import instant
from sandbox.github.state.model import (
    Comment,
    Draft,
    Event,
    Field,
    Issue,
    IssueField,
    Item,
    Label,
    Option,
    Project,
    Repository,
    User,
)

Resolver = TypeVar("Resolver", bound=Callable[..., Any])

RESOLVERS: dict[tuple[str, str], Callable[..., Any]] = {}
"""Type and field → function of source, info and the field's arguments."""

_HUMP = re.compile(r"(?<!^)(?=[A-Z])")
_PLAIN_NAMES: dict[type, str] = {
    Repository: "Repository",
    Label: "Label",
    Comment: "IssueComment",
    Project: "ProjectV2",
    Item: "ProjectV2Item",
    Draft: "DraftIssue",
    Option: "IssueFieldSingleSelectOption",
}
_FIELD_NAMES = {"SINGLE_SELECT": "ProjectV2SingleSelectField", "ITERATION": "ProjectV2IterationField"}


def answers(types: str, field: str) -> Callable[[Resolver], Resolver]:
    """Register a function for one field of one or several types (names apart by blanks)."""

    def register(function: Resolver) -> Resolver:
        for name in types.split():
            RESOLVERS[name, field] = function
        return function

    return register


def resolve(source: Any, info: Info, **args: Any) -> Any:
    """Answer a field: by the table, else with the record's attribute of that name."""
    special = RESOLVERS.get((info.parent_type.name, info.field_name))
    if special is not None:
        return special(source, info, **args)
    return written(_attribute(source, info.field_name))


def _attribute(source: Any, name: str) -> Any:
    match name:
        case "id":
            return source.node_id if hasattr(source, "node_id") else source.id
        case "databaseId":
            return source.id
        case "fullDatabaseId":
            return str(source.id)
        case _:
            return getattr(source, _HUMP.sub("_", name).lower())


def written(value: Any) -> Any:
    """Return moments and days as GitHub writes them, anything else as it is."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def type_name(value: Any, *_: Any) -> str:
    """Return the GraphQL type of a record."""
    match value:
        case Issue():
            return "PullRequest" if value.pull_request else "Issue"
        case User():
            return value.kind
        case Event():
            return value.kind
        case Field():
            return _FIELD_NAMES.get(value.kind, "ProjectV2Field")
        case IssueField():
            return ISSUE_FIELD_TYPES[value.kind]
        case Cell() | IssueFieldCell():
            return value.type_name
        case _:
            return _PLAIN_NAMES[type(value)]
