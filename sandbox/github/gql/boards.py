"""Answers about boards, their columns and rows."""

from __future__ import annotations

from typing import Any

from sandbox.github.boardfilter import filtered
from sandbox.github.gql.cells import Cell, cells_of
from sandbox.github.gql.connections import Key, Page, connect, in_order
from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import missing
from sandbox.github.gql.resolvers import answers
from sandbox.github.rest.boards import item_type
from sandbox.github.rest.render import WEB, instant
from sandbox.github.state.model import (
    Draft,
    Field,
    Issue,
    Item,
    Iteration,
    Option,
    Project,
    User,
)

ITEM_TYPES = {
    "Redacted": "REDACTED",
    "DraftIssue": "DRAFT_ISSUE",
    "PullRequest": "PULL_REQUEST",
    "Issue": "ISSUE",
}
USUAL_DAYS = 14


# Boards


@answers("Organization", "projectV2")
def project(_: User, info: Info, number: int) -> Project:
    """Return a board by number."""
    found = next((one for one in info.context.state.projects if one.number == number and not one.hidden), None)
    if found is None:
        raise missing(f"a ProjectV2 with the number {number}")
    return found


@answers("Organization", "projectsV2")
def projects(source: User, info: Info, **args: Any) -> Page:
    """Return the boards the token can see."""
    order = args.get("orderBy") or {"field": "NUMBER", "direction": "DESC"}
    shown = [
        one
        for one in info.context.state.projects
        if not one.hidden and (args.get("query") or "").lower() in one.title.lower()
    ]
    keyed = [(_project_key(one, order["field"]), one) for one in shown]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")


def _project_key(one: Project, order: str) -> Key:
    match order:
        case "TITLE":
            return one.title.lower(), one.id
        case "CREATED_AT":
            return instant(one.created_at) or "", one.id
        case "UPDATED_AT":
            return instant(one.updated_at) or "", one.id
        case _:
            return one.number, one.id


@answers("ProjectV2", "owner")
def project_owner(_: Project, info: Info) -> User:
    """Return the organisation."""
    return info.context.state.org


@answers("ProjectV2", "closedAt")
@answers("ProjectV2", "shortDescription")
def nothing(*_: Any) -> None:
    """Return null: boards of the stand-in are open and undescribed."""


@answers("ProjectV2", "resourcePath")
def project_path(source: Project, info: Info) -> str:
    """Return the page's path."""
    return f"/orgs/{info.context.state.org.login}/projects/{source.number}"


@answers("ProjectV2", "url")
def project_url(source: Project, info: Info) -> str:
    """Return the page for people."""
    return WEB + project_path(source, info)


@answers("ProjectV2", "field")
def field(source: Project, _: Info, name: str) -> Field | None:
    """Return the first column of that name."""
    return next((one for one in source.fields if one.name == name), None)


@answers("ProjectV2", "fields")
def fields(source: Project, info: Info, **args: Any) -> Page:
    """Return the columns."""
    order = args.get("orderBy") or {"field": "POSITION", "direction": "ASC"}
    keyed = in_order(source.fields)
    if order["field"] == "NAME":
        keyed = [((one.name.lower(), one.id), one) for one in source.fields]
    return connect(info, source, keyed, args, descending=order["direction"] == "DESC")


@answers("ProjectV2", "items")
def items(source: Project, info: Info, **args: Any) -> Page:
    """Return rows: those not archived unless asked otherwise, new ones once the board's index has caught up."""
    state = info.context.state
    wanted = args.get("archivedStates")
    if wanted is None:
        wanted = ["ARCHIVED", "NOT_ARCHIVED"] if state.options.items_include_archived else ["NOT_ARCHIVED"]
    shown = [
        item
        for item in source.items
        if ("ARCHIVED" if item.archived else "NOT_ARCHIVED") in wanted
        and state.caught_up(item.added, state.options.board_lag)
        and not (isinstance(item.content, Issue) and item.content.unlisted)
    ]
    found = filtered(state, shown, args.get("query") or "")
    keyed: list[tuple[Key, Any]] = [((item.id,), item) for item in found]
    descending = (args.get("orderBy") or {}).get("direction") == "DESC"
    return connect(info, source, keyed, args, descending=descending)


# Columns


@answers("ProjectV2Field ProjectV2SingleSelectField ProjectV2IterationField", "dataType")
def data_type(source: Field, _: Info) -> str:
    """Return the type of a column."""
    return source.kind


@answers("ProjectV2Field ProjectV2SingleSelectField ProjectV2IterationField", "isIssueField")
def is_issue_field(source: Field, _: Info) -> bool:
    """Say whether the column only shows an organisation's issue field."""
    return source.issue_field is not None


@answers("ProjectV2SingleSelectField", "options")
def options(source: Field, _: Info, names: list[str] | None = None) -> list[Option]:
    """Return the choices; a column that shows an issue field has none."""
    wanted = None if names is None else {name.lower() for name in names}
    return [one for one in source.options if wanted is None or one.name.lower() in wanted]


@answers("ProjectV2SingleSelectFieldOption", "id")
def option_id_of(source: Option, _: Info) -> str:
    """Return the choice's opaque id."""
    return source.id


@answers("ProjectV2IterationField", "configuration")
def configuration(source: Field, _: Info) -> Field:
    """Return the column itself: its iterations are the configuration."""
    return source


@answers("ProjectV2IterationFieldConfiguration", "iterations")
def iterations(source: Field, _: Info) -> list[Iteration]:
    """Return iterations that are active or to come."""
    return [one for one in source.iterations if not one.completed]


@answers("ProjectV2IterationFieldConfiguration", "completedIterations")
def completed_iterations(source: Field, _: Info) -> list[Iteration]:
    """Return iterations that are over."""
    return [one for one in source.iterations if one.completed]


@answers("ProjectV2IterationFieldConfiguration", "duration")
def usual_duration(source: Field, _: Info) -> int:
    """Return the usual length in days."""
    return source.iterations[-1].days if source.iterations else USUAL_DAYS


@answers("ProjectV2IterationFieldConfiguration", "startDay")
def start_day(source: Field, _: Info) -> int:
    """Return the day of the week iterations start on, Monday being 1."""
    return source.iterations[-1].start.isoweekday() if source.iterations else 1


@answers("ProjectV2IterationFieldIteration", "duration")
def duration(source: Iteration, _: Info) -> int:
    """Return the length in days."""
    return source.days


@answers("ProjectV2IterationFieldIteration", "startDate")
def start_date(source: Iteration, _: Info) -> str:
    """Return the first day."""
    return source.start.isoformat()


# Rows


@answers("Issue PullRequest", "projectItems")
def project_items(source: Issue, info: Info, **args: Any) -> Page:
    """Return the rows of this issue on boards the token can see, archived ones included by default."""
    shown = [
        item for item in source.items if not item.project.hidden and (args["includeArchived"] or not item.archived)
    ]
    return connect(info, source, in_order(shown), args)


@answers("ProjectV2Item", "isArchived")
def is_archived(source: Item, _: Info) -> bool:
    """Say whether the row is archived."""
    return source.archived


@answers("ProjectV2Item", "content")
def content(source: Item, info: Info) -> Issue | Draft | None:
    """Return what the row stands for, null when the token may not see it."""
    return source.content if info.context.state.content_readable(source.content) else None


@answers("ProjectV2Item", "type")
def type_of(source: Item, info: Info) -> str:
    """Return what kind of row it is."""
    return ITEM_TYPES[item_type(source, visible=info.context.state.content_readable(source.content))]


@answers("ProjectV2Item", "fieldValues")
def field_values(source: Item, info: Info, **args: Any) -> Page:
    """Return the cells that are set."""
    return connect(info, source, in_order(_cells(source, info)), args)


@answers("ProjectV2Item", "fieldValueByName")
def field_value_by_name(source: Item, info: Info, name: str) -> Cell | None:
    """Return the cell of the first column of that name, null when it is not set."""
    first = next((one for one in source.project.fields if one.name == name), None)
    return next((cell for cell in _cells(source, info) if cell.field is first), None)


def _cells(source: Item, info: Info) -> list[Cell]:
    return cells_of(info.context.state, source, issue_fields="issue_fields" in info.context.parts)
