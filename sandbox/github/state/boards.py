"""Verbs on boards (Projects v2), their columns and rows, and on the organisation's issue fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypeVar

from sandbox.core import locked
from sandbox.github.errors import Refused, invalid, not_found
from sandbox.github.state.families import FamilyVerbs
from sandbox.github.state.model import (
    Content,
    Draft,
    Field,
    Issue,
    IssueField,
    Item,
    Iteration,
    Kind,
    Option,
    Project,
    Value,
)
from sandbox.github.state.store import require

MOST_FIELDS = 50
STANDARD_FIELDS: tuple[tuple[str, Kind], ...] = (
    ("Title", "TITLE"),
    ("Assignees", "ASSIGNEES"),
    ("Status", "SINGLE_SELECT"),
    ("Labels", "LABELS"),
    ("Linked pull requests", "LINKED_PULL_REQUESTS"),
    ("Milestone", "MILESTONE"),
    ("Repository", "REPOSITORY"),
    ("Reviewers", "REVIEWERS"),
    ("Parent issue", "PARENT_ISSUE"),
    ("Sub-issues progress", "SUB_ISSUES_PROGRESS"),
)
"""The columns every new board has."""

STATUSES = ("Todo", "In Progress", "Done")
EDITABLE: tuple[Kind, ...] = ("TEXT", "NUMBER", "DATE", "SINGLE_SELECT", "ITERATION")
PREFIXES: dict[Kind, str] = {"SINGLE_SELECT": "PVTSSF", "ITERATION": "PVTIF"}
COLORS = ("GRAY", "BLUE", "GREEN", "YELLOW", "ORANGE", "RED", "PINK", "PURPLE")

IterationPlan = tuple[str, date, int]
"""Title, first day and length in days of an iteration."""

Column = TypeVar("Column", Field, IssueField)

Written = float | str | date | None
"""A value as a person types it: choices and iterations by name, None to clear."""


class BoardVerbs(FamilyVerbs):
    """What people do to boards. Column values move the row's and the board's ``updated_at``, never the issue's."""

    @locked
    def add_project(self, title: str, number: int | None = None, *, public: bool = False) -> Project:
        """Create a board with GitHub's standard columns; *number* is the next free one unless given."""
        taken = {one.number for one in self.projects}
        wanted = number if number is not None else max(taken, default=0) + 1
        require(wanted not in taken, invalid("ProjectV2", "number", "already_exists"))
        key, now = self.new_id("project"), self.now()
        board = Project(key, self.new_node_id("PVT", key), wanted, title, self.viewer, now, now, public=public)
        self.projects.append(board)
        self.nodes[board.node_id] = board
        for name, kind in STANDARD_FIELDS:
            self._new_field(board, name, kind, options=STATUSES if kind == "SINGLE_SELECT" else ())
        return board

    @locked
    def hide_project(self, project: Project, *, hidden: bool = True) -> None:
        """Take the board out of the token's sight, or give it back."""
        project.hidden = hidden

    # Columns

    @locked
    def add_field(
        self,
        project: Project,
        name: str,
        kind: Kind,
        *,
        options: Sequence[str] = (),
        iterations: Sequence[IterationPlan] = (),
        completed: Sequence[IterationPlan] = (),
    ) -> Field:
        """Add a column; *iterations* are active or to come, *completed* are over. Two columns may share a name."""
        require(kind in EDITABLE, invalid("ProjectV2Field", "dataType"))
        made = self._new_field(project, name, kind, options)
        made.iterations = [
            self._new_iteration(plan, completed=done)
            for plans, done in ((completed, True), (iterations, False))
            for plan in plans
        ]
        return made

    @locked
    def add_issue_field(
        self,
        name: str,
        kind: Literal["TEXT", "NUMBER", "DATE", "SINGLE_SELECT"],
        *,
        options: Sequence[str] = (),
    ) -> IssueField:
        """Define an organisation issue field."""
        number = self.new_id("issue field")
        prefix = {"TEXT": "IFT", "NUMBER": "IFN", "DATE": "IFD", "SINGLE_SELECT": "IFSS"}[kind]
        node_id = self.new_node_id(prefix, number)
        made = IssueField(number, node_id, name, kind, self._new_options(options), self.now())
        self.issue_fields.append(made)
        self.nodes[node_id] = made
        return made

    @locked
    def show_issue_field(self, project: Project, issue_field: IssueField) -> Field:
        """Put an issue field on a board as a column; such a column has no options of its own."""
        made = self._new_field(project, issue_field.name, issue_field.kind)
        made.issue_field = issue_field
        return made

    @locked
    def rename_field(self, project: Project, field: Field | str, new: str) -> Field:
        """Rename a column; its id stays."""
        found = self.field(project, field)
        found.name, found.updated_at = new, self.now()
        self._touch_board(project, "column")
        return found

    @locked
    def rename_option(self, project: Project, field: Field | str, name: str, new: str) -> Option:
        """Rename a choice of a column; its id stays, and every row that chose it shows the new name."""
        found = self.field(project, field)
        option = next((one for one in found.options if one.name == name), None)
        if option is None:
            raise not_found()
        option.name, found.updated_at = new, self.now()
        self._touch_board(project, "column")
        return option

    @locked
    def move_iteration(self, field: Field, title: str, start: date, days: int) -> None:
        """Give an iteration other days; its id stays."""
        found = self._iteration(field, title)
        found.start, found.days, field.updated_at = start, days, self.now()
        self._touch_board(field.project, "column")

    @locked
    def retype_field(self, project: Project, field: Field | str, kind: Kind) -> Field:
        """Replace a column by one of the same name and another type: a new id, and only text values survive."""
        old = self.field(project, field)
        made = self._new_field(project, old.name, kind)
        if kind == "TEXT":
            for item in project.items:
                if old in item.values:
                    self._write(item.values, made, shown(item.values[old].content), self.viewer.login)
        self.delete_field(project, old)
        return made

    @locked
    def delete_field(self, project: Project, field: Field | str) -> None:
        """Delete a column with all its values."""
        found = self.field(project, field)
        project.fields.remove(found)
        del self.nodes[found.node_id]
        for item in project.items:
            item.values.pop(found, None)
        self._touch_board(project, "column")

    @locked
    def complete_iteration(self, field: Field, title: str) -> None:
        """Let an iteration end: it moves to ``completedIterations``, its id stays."""
        self._iteration(field, title).completed = True

    def field(self, project: Project, field: Field | str) -> Field:
        """Return the column: by itself, or the first one of that name; raise ``Refused`` 404 otherwise."""
        if isinstance(field, Field):
            return field
        found = next((one for one in project.fields if one.name == field), None)
        if found is None:
            raise not_found()
        return found

    # Rows

    @locked
    def add_item(self, project: Project, content: Issue, *, by: str | None = None) -> Item:
        """Put an issue or pull request on a board; a second time it is the same row."""
        present = next((item for item in content.items if item.project is project), None)
        if present is not None:
            return present
        item = self._new_item(project, content, by)
        content.items.append(item)
        return item

    @locked
    def add_draft(self, project: Project, title: str, body: str = "", *, by: str | None = None) -> Item:
        """Put a draft issue on a board."""
        number, now = self.new_id("draft"), self.now()
        draft = Draft(number, self.new_node_id("DI", number), title, body, self.actor(by), now, now)
        self.nodes[draft.node_id] = draft
        return self._new_item(project, draft, by)

    @locked
    def remove_item(self, item: Item) -> None:
        """Take a row off its board."""
        item.project.items.remove(item)
        if isinstance(item.content, Issue):
            item.content.items.remove(item)
        del self.nodes[item.node_id]
        self._touch_board(item.project, "item_removed")

    @locked
    def archive_item(self, item: Item, *, archived: bool = True) -> None:
        """Archive a row, or restore it."""
        item.archived = archived
        if "item_archived" in self.options.touching:
            item.updated_at = self.now()
        self._touch_board(item.project, "item_archived")

    @locked
    def set_field(self, item: Item, field: Field | str, value: Written, *, by: str | None = None) -> None:
        """Write a cell: number, text, date, or the name of a choice or iteration; None clears it.

        The same value again moves nothing. A column that shows an issue field writes to the issue.
        """
        column = self.field(item.project, field)
        if column.issue_field is not None:
            if not isinstance(item.content, Issue):
                raise invalid("ProjectV2Item", "content")
            self.set_issue_field(item.content, column.issue_field, value, by=by)
            return
        require(column.kind in EDITABLE, invalid("ProjectV2Field", "dataType"))
        if self._write(item.values, column, self._understood(column, value), by):
            item.updated_at = item.project.updated_at = self.now()

    @locked
    def set_board(self, issue: Issue, project: Project, values: Mapping[str, Written]) -> Item:
        """Put the issue on the board and write cells by column name."""
        item = self.add_item(project, issue)
        for name, value in values.items():
            self.set_field(item, name, value)
        return item

    @locked
    def set_issue_field(
        self, issue: Issue, issue_field: IssueField | str, value: Written, *, by: str | None = None
    ) -> None:
        """Write an organisation issue field of one issue; None clears it."""
        if isinstance(issue_field, str):
            found = next((one for one in self.issue_fields if one.name == issue_field), None)
        else:
            found = issue_field
        if found is None:
            raise not_found()
        held = issue.field_values.get(found)
        before = shown(held.content) if held else None
        if self._write(issue.field_values, found, self._understood(found, value), by):
            kind = "Removed" if value is None else "Added" if before is None else "Changed"
            after = issue.field_values.get(found)
            detail = {"issue_field": found, "value": shown(after.content) if after else None, "previous_value": before}
            self.record(issue, f"IssueField{kind}Event", self.actor(by), **detail)
            self.touch(issue, bump="issue_field" in self.options.touching)
            for item in issue.items:
                self._touch_board(item.project, "issue_field")

    # Pieces

    def _touch_board(self, project: Project, cause: str) -> None:
        """Move the board's ``updated_at`` where the options say that *cause* does."""
        if cause in self.options.touching_board:
            project.updated_at = self.now()

    def _new_field(self, project: Project, name: str, kind: Kind, options: Iterable[str] = ()) -> Field:
        require(len(project.fields) < MOST_FIELDS, Refused(422, "Projects cannot have more than 50 fields"))
        number, now = self.new_id("field"), self.now()
        node_id = self.new_node_id(PREFIXES.get(kind, "PVTF"), number)
        made = Field(number, node_id, project, name, kind, now, now, options=self._new_options(options))
        project.fields.append(made)
        self.nodes[node_id] = made
        self._touch_board(project, "column")
        return made

    def _new_item(self, project: Project, content: Issue | Draft, by: str | None) -> Item:
        number, now = self.new_id("item"), self.now()
        node_id = self.new_node_id("PVTI", number)
        item = Item(number, node_id, project, content, self.actor(by), now, now, self.stamp())
        project.items.append(item)
        self._touch_board(project, "item_added")
        self.nodes[node_id] = item
        return item

    def _new_options(self, names: Iterable[str]) -> list[Option]:
        return [
            Option(f"{self.new_id('option'):08x}", name, COLORS[place % len(COLORS)], "")
            for place, name in enumerate(names)
        ]

    def _new_iteration(self, plan: IterationPlan, *, completed: bool) -> Iteration:
        title, start, days = plan
        return Iteration(f"{self.new_id('option'):08x}", title, start, days, completed)

    def _understood(self, column: Field | IssueField, value: Written) -> Content | None:
        """Return what is stored for what a person typed; raise ``Refused`` 422 when it does not fit the type."""
        if value is None:
            return None
        match column.kind:
            case "NUMBER" if isinstance(value, int | float) and not isinstance(value, bool):
                return float(value)
            case "TEXT" if isinstance(value, str):
                return value
            case "DATE" if isinstance(value, date | str):
                return value if isinstance(value, date) else date.fromisoformat(value)
            case "SINGLE_SELECT":
                found = next((one for one in column.options if one.name == value), None)
                require(found is not None, invalid("ProjectV2Field", "singleSelectOptionId"))
                return found
            case "ITERATION" if isinstance(column, Field):
                return self._iteration(column, str(value))
            case _:
                raise invalid("ProjectV2Field", "value")

    @staticmethod
    def _iteration(field: Field, title: str) -> Iteration:
        found = next((one for one in field.iterations if one.title == title), None)
        if found is None:
            raise invalid("ProjectV2Field", "iterationId")
        return found

    def _write(self, values: dict[Column, Value], column: Column, content: Content | None, by: str | None) -> bool:
        present = values.get(column)
        if content is None:
            return values.pop(column, None) is not None
        if present is None:
            number, now = self.new_id("value"), self.now()
            node_id = self.new_node_id("PVTFV", number)
            values[column] = Value(number, node_id, content, self.actor(by), now, now)
            return True
        if present.content == content:
            return False
        present.content, present.updated_at = content, self.now()
        return True


def shown(content: Content | None) -> str:
    """Return a cell's content as text."""
    match content:
        case None:
            return ""
        case Option():
            return content.name
        case Iteration():
            return content.title
        case float():
            return f"{content:g}"
        case _:
            return str(content)
