"""Cells of boards and values of issue fields, as the types GraphQL knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sandbox.github.state import GitHubState
from sandbox.github.state.model import Draft, Field, Issue, IssueField, Item, Iteration, Kind, Option, User, Value

OWN_TYPES: dict[Kind, str] = {
    "TEXT": "ProjectV2ItemFieldTextValue",
    "NUMBER": "ProjectV2ItemFieldNumberValue",
    "DATE": "ProjectV2ItemFieldDateValue",
    "SINGLE_SELECT": "ProjectV2ItemFieldSingleSelectValue",
    "ITERATION": "ProjectV2ItemFieldIterationValue",
}
ISSUE_FIELD_TYPES = {
    "TEXT": "IssueFieldText",
    "NUMBER": "IssueFieldNumber",
    "DATE": "IssueFieldDate",
    "SINGLE_SELECT": "IssueFieldSingleSelect",
}


@dataclass(frozen=True, slots=True)
class IssueFieldCell:
    """What an organisation issue field holds for an issue: it has no ``updatedAt``."""

    field: IssueField
    held: Value

    @property
    def type_name(self) -> str:
        """The GraphQL type."""
        return f"{ISSUE_FIELD_TYPES[self.field.kind]}Value"

    @property
    def node_id(self) -> str:
        """The global id."""
        return self.held.node_id

    @property
    def value(self) -> float | str:
        """A number for number fields, text for all others."""
        content = self.held.content
        if isinstance(content, float | str):
            return content
        return content.isoformat() if isinstance(content, date) else option_of(self.held).name

    @property
    def name(self) -> str:
        """The choice's name."""
        return option_of(self.held).name

    @property
    def color(self) -> str:
        """The choice's colour."""
        return option_of(self.held).color

    @property
    def description(self) -> str:
        """The choice's description."""
        return option_of(self.held).description

    @property
    def option_id(self) -> str:
        """The choice's id."""
        return option_of(self.held).id


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a board that is set. Only the types of ``OWN_TYPES``, and titles, know when they were written."""

    item: Item
    field: Field
    held: Value | None
    type_name: str

    @property
    def id(self) -> int:
        """The database id."""
        return self.held.id if self.held else self.item.id

    @property
    def node_id(self) -> str:
        """The global id; a title has one derived from its row's."""
        return self.held.node_id if self.held else self.item.node_id.replace("PVTI", "PVTFTV")

    @property
    def creator(self) -> User:
        """Who wrote it first."""
        return self.held.creator if self.held else self.item.creator

    @property
    def created_at(self) -> datetime:
        """When it was first written."""
        return self.held.created_at if self.held else self.item.created_at

    @property
    def updated_at(self) -> datetime:
        """When it was last changed."""
        return self.held.updated_at if self.held else self.item.content.updated_at

    @property
    def text(self) -> str:
        """The text of a text column or the title."""
        return str(self.held.content) if self.held else self.item.content.title

    @property
    def number(self) -> object:
        """The number of a number column."""
        return self.held.content if self.held else None

    @property
    def date(self) -> object:
        """The day of a date column."""
        return self.held.content if self.held else None

    @property
    def issue_field_value(self) -> IssueFieldCell | None:
        """What the issue field behind the column holds."""
        if self.field.issue_field is None or self.held is None:
            return None
        return IssueFieldCell(self.field.issue_field, self.held)


def option_of(held: Value | None) -> Option:
    """Return the choice a single-select cell holds."""
    assert held is not None
    assert isinstance(held.content, Option)
    return held.content


def iteration_of(held: Value | None) -> Iteration:
    """Return the iteration an iteration cell holds."""
    assert held is not None
    assert isinstance(held.content, Iteration)
    return held.content


def cells_of(state: GitHubState, item: Item, *, issue_fields: bool) -> list[Cell]:
    """Return the cells of a row that are set, in the order of the columns.

    A schema without *issue_fields* has no type for columns that show one: they are missing. A redacted row has none.
    """
    if not state.content_readable(item.content):
        return []
    found = []
    for field in item.project.fields:
        cell = _cell(item, field)
        if cell is not None and (issue_fields or cell.type_name != "ProjectV2ItemIssueFieldValue"):
            found.append(cell)
    return found


def _cell(item: Item, field: Field) -> Cell | None:
    content = item.content
    if field.issue_field is not None:
        held = None if isinstance(content, Draft) else content.field_values.get(field.issue_field)
        return Cell(item, field, held, "ProjectV2ItemIssueFieldValue") if held else None
    if field.kind in OWN_TYPES:
        held = item.values.get(field)
        return Cell(item, field, held, OWN_TYPES[field.kind]) if held else None
    name = _derived(content, field.kind)
    return Cell(item, field, None, name) if name else None


def _derived(content: Issue | Draft, kind: Kind) -> str | None:
    """Return the type of a cell that follows from the issue, None when it is empty."""
    if kind == "TITLE":
        return "ProjectV2ItemFieldTextValue"
    if isinstance(content, Draft):
        return None
    if kind == "REPOSITORY":
        return "ProjectV2ItemFieldRepositoryValue"
    if kind == "LABELS" and content.labels:
        return "ProjectV2ItemFieldLabelValue"
    if kind == "ASSIGNEES" and content.assignees:
        return "ProjectV2ItemFieldUserValue"
    return None
