"""Answers about cells of boards and about issue fields."""

from __future__ import annotations

from typing import Any

from sandbox.github.gql.cells import Cell, IssueFieldCell, iteration_of, option_of
from sandbox.github.gql.connections import Page, connect, in_order
from sandbox.github.gql.context import Info
from sandbox.github.gql.resolvers import answers
from sandbox.github.state.model import Draft, Issue, IssueField, Label, Repository, User

# Cells


@answers("ProjectV2ItemFieldSingleSelectValue", "name")
def option_name(source: Cell, _: Info) -> str:
    """Return the choice's name."""
    return option_of(source.held).name


@answers("ProjectV2ItemFieldSingleSelectValue", "optionId")
def option_id(source: Cell, _: Info) -> str:
    """Return the choice's id."""
    return option_of(source.held).id


@answers("ProjectV2ItemFieldSingleSelectValue", "color")
def option_color(source: Cell, _: Info) -> str:
    """Return the choice's colour."""
    return option_of(source.held).color


@answers("ProjectV2ItemFieldSingleSelectValue", "description")
def option_description(source: Cell, _: Info) -> str:
    """Return the choice's description."""
    return option_of(source.held).description


@answers("ProjectV2ItemFieldIterationValue", "title")
def iteration_title(source: Cell, _: Info) -> str:
    """Return the iteration's title."""
    return iteration_of(source.held).title


@answers("ProjectV2ItemFieldIterationValue", "iterationId")
def iteration_id(source: Cell, _: Info) -> str:
    """Return the iteration's id."""
    return iteration_of(source.held).id


@answers("ProjectV2ItemFieldIterationValue", "startDate")
def iteration_start(source: Cell, _: Info) -> str:
    """Return the iteration's first day."""
    return iteration_of(source.held).start.isoformat()


@answers("ProjectV2ItemFieldIterationValue", "duration")
def iteration_duration(source: Cell, _: Info) -> int:
    """Return the iteration's length in days."""
    return iteration_of(source.held).days


@answers("ProjectV2ItemFieldLabelValue", "labels")
def cell_labels(source: Cell, info: Info, **args: Any) -> Page:
    """Return the issue's labels."""
    found: list[Label] = [] if isinstance(source.item.content, Draft) else source.item.content.labels
    return connect(info, source, in_order(found), args)


@answers("ProjectV2ItemFieldUserValue", "users")
def cell_users(source: Cell, info: Info, **args: Any) -> Page:
    """Return the people assigned to the issue."""
    found: list[User] = [] if isinstance(source.item.content, Draft) else source.item.content.assignees
    return connect(info, source, in_order(one for one in found if one.kind == "User"), args)


@answers("ProjectV2ItemFieldRepositoryValue", "repository")
def cell_repository(source: Cell, _: Info) -> Repository | None:
    """Return the issue's repository."""
    return None if isinstance(source.item.content, Draft) else source.item.content.repository


# Issue fields


@answers("Issue", "issueFieldValues")
def issue_field_values(source: Issue, info: Info, **args: Any) -> Page:
    """Return what the organisation's issue fields hold."""
    found = [IssueFieldCell(one, value) for one, value in source.field_values.items()]
    return connect(info, source, in_order(found), args)


@answers("IssueFieldDate IssueFieldNumber IssueFieldSingleSelect IssueFieldText", "dataType")
def issue_field_type(source: IssueField, _: Info) -> str:
    """Return the type of an issue field."""
    return source.kind


@answers("IssueFieldDate IssueFieldNumber IssueFieldSingleSelect IssueFieldText", "description")
def issue_field_description(*_: Any) -> None:
    """Return null: issue fields of the stand-in are undescribed."""


@answers("IssueFieldDate IssueFieldNumber IssueFieldSingleSelect IssueFieldText", "visibility")
def issue_field_visibility(*_: Any) -> str:
    """Return the default visibility."""
    return "ORG_ONLY"
