"""GitHub's project boards: which columns there are, and what stands in an issue's row.

Columns are looked up by name or node id. A column may show an organisation's issue field; its value is then no
`ProjectV2ItemFieldNumberValue`: https://docs.github.com/en/graphql/reference/unions#projectv2itemfieldvalue.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, tzinfo
from decimal import Decimal

from connectors.wire.github_json import (
    Json,
    OddValue,
    QueryError,
    below,
    connection,
    day,
    flag,
    moment,
    needed_text,
    part,
    spelled,
    text,
    whole_number,
)
from mappings.nearest import nearest, renamed
from sync.model.issue import (
    Board,
    BoardFields,
    BoardUnknown,
    EmptyHours,
    HoursReading,
    LoggedHours,
    NotOnBoard,
    UnknownHours,
)
from sync.model.minutes import to_minutes
from sync.model.reading import FieldDrift, Problem

SERVICE = "GitHub"
PLACE = "the board"
NOT_ON_BOARD = UnknownHours("not on the board")
WORDS = ("SINGLE_SELECT", "TEXT")
TYPES = {
    "start": ("DATE",),
    "end": ("DATE",),
    "iteration": ("ITERATION",),
    "status": WORDS,
    "estimate": ("NUMBER",),
    "community": WORDS,
    "allocation": WORDS,
}
"""The types that each of our columns may have."""
SPELLED = {
    "DATE": "a date",
    "ITERATION": "an iteration",
    "NUMBER": "a number",
    "SINGLE_SELECT": "a single select",
    "TEXT": "text",
}
CELLS = frozenset(
    {
        "ProjectV2ItemFieldNumberValue",
        "ProjectV2ItemFieldTextValue",
        "ProjectV2ItemFieldDateValue",
        "ProjectV2ItemFieldSingleSelectValue",
        "ProjectV2ItemFieldIterationValue",
        "ProjectV2ItemIssueFieldValue",
    }
)
"""The types of cells that are read; each names its column."""
CONTENT = {
    "start": {"date"},
    "end": {"date"},
    "iteration": {"startDate"},
    "status": {"name", "text"},
    "estimate": {"number"},
    "community": {"name", "text"},
    "allocation": {"name", "text"},
}
"""By what a cell of each of our columns shows its content."""
WHOSE = frozenset({"community", "allocation"})
"""Columns that tell whose an issue is."""
NOTHING_MOVES = "until it is found again no issue changes its place, and new ones wait"
NO_HOURS = "until it is found again no hours are known, and none change"
REMEDY = "Set CSH_GITHUB__HOURS_FIELD to its name or id, or add the name to CSH_GITHUB__HOURS_FIELD_ALIASES."


@dataclass(frozen=True, slots=True)
class HoursRules:
    """How hours are read: more than *max_hours* on one issue cannot be meant; *zone* gives moments their day."""

    zone: tzinfo
    max_hours: int


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a board. *from_issue_field*: it shows an organisation's issue field, and which, where known."""

    id: str
    name: str
    kind: str
    from_issue_field: bool = False
    issue_field_id: str = ""


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """How to read the configured board: its node id and the columns we use, by our names.

    *unreadable* and *hours_trouble* say why nothing, or no hours, can be read from it. *shows_issue_fields* is false
    when the server does not know how to show them. *drift* are columns that were renamed or retyped; *whose_unread*:
    one of those that tell whose an issue is, so that what it says is unknown and not empty.
    """

    id: str = ""
    columns: Mapping[str, Column] = field(default_factory=dict)
    hours: Column | None = None
    hours_trouble: str = ""
    unreadable: str = ""
    shows_issue_fields: bool = True
    drift: tuple[FieldDrift, ...] = ()
    whose_unread: bool = False

    def without_issue_fields(self) -> "BoardPlan":
        """Return how to read the board where the server does not show issue fields."""
        return replace(self, shows_issue_fields=False)


def decode_board(
    project: Json, hours_names: Sequence[str], names: Mapping[str, str]
) -> tuple[BoardPlan, tuple[Problem, ...]]:
    """Find our columns on a board: the hours by the first of *hours_names* that is there, the others by *names*.

    Raises OddValue with the path of a value of another type than promised.
    """
    fields = connection(project, "fields")
    columns = [_column(one) for one in fields.nodes if one.get("id")]
    found: dict[str, Column] = {}
    problems, drift, whose_unread = [], [], False
    others = [one.name for one in columns if not any(_is_called(one, name) for name in (*hours_names, *names.values()))]
    for ours, allowed in TYPES.items():
        hits, fault = _named(columns, names.get(ours, "")), ""
        if len(hits) > 1:
            fault = f"there {len(hits)} times ({_listed(hits)})"
            problems.append(_problem(names[ours], f"is {fault} and is not read"))
        elif hits and hits[0].kind not in allowed:
            fault = f"of type {hits[0].kind}"
            problems.append(_problem(names[ours], f"is {fault}, not {' or '.join(allowed)}"))
        elif hits:
            found[ours] = hits[0]
        free = [one.name for one in columns if one.name in others and one.kind in allowed]
        like = "" if hits else renamed(names.get(ours, ""), free)
        if fault or like:
            wanted = " or ".join(SPELLED[kind] for kind in allowed)
            setting = f"{ours} in [board]"
            meanwhile = NOTHING_MOVES if ours in WHOSE else ""
            drift.append(_drift(names[ours], wanted, fault or "missing", like, setting, meanwhile=meanwhile))
            whose_unread = whose_unread or ours in WHOSE
    hours, trouble, fault = _hours_column(columns, hours_names)
    if trouble:
        problems.append(Problem(SERVICE, "the board's hours column", trouble, REMEDY))
        like = nearest(hours_names[0], [one.name for one in columns if one.name in others and one.kind == "NUMBER"])
        drift.append(_drift(hours_names[0], "a number", fault, like, "CSH_GITHUB__HOURS_FIELD", meanwhile=NO_HOURS))
    plan = BoardPlan(needed_text(project, "id"), found, hours, trouble, drift=tuple(drift), whose_unread=whose_unread)
    return plan, tuple(problems)


def _drift(name: str, wanted: str, found: str, like: str, setting: str, *, meanwhile: str) -> FieldDrift:
    return FieldDrift(SERVICE, PLACE, name, wanted, found, False, like, setting, needed=False, meanwhile=meanwhile)


def _column(data: Json) -> Column:
    behind = data.get("issueField")
    issue_field = str(behind.get("id") or "") if isinstance(behind, Mapping) else ""
    return Column(
        needed_text(data, "id"),
        text(data, "name"),
        text(data, "dataType"),
        flag(data, "isIssueField") or bool(issue_field),
        issue_field,
    )


def _named(columns: Iterable[Column], wanted: str) -> list[Column]:
    """Return the columns called *wanted*; one that has it as its id is the only one."""
    if not wanted:
        return []
    by_id = [one for one in columns if one.id == wanted]
    return by_id or [one for one in columns if _is_called(one, wanted)]


def _is_called(column: Column, wanted: str) -> bool:
    return column.id == wanted or _folded(column.name) == _folded(wanted)


def _folded(name: str) -> str:
    return name.strip().casefold()


def _hours_column(columns: Sequence[Column], names: Sequence[str]) -> tuple[Column | None, str, str]:
    """Return the column of hours, or why there is none that can be believed: in a sentence, and in a word or two."""
    hits = next((hits for name in names if (hits := _named(columns, name))), [])
    if not hits:
        seen = ", ".join(f'"{one.name}"' for one in columns if one.kind == "NUMBER") or "none"
        return None, f'no column is called "{names[0]}"; columns of numbers: {seen}', "missing"
    if len(hits) > 1:
        return None, f'"{hits[0].name}" is there {len(hits)} times: {_listed(hits)}', f"there {len(hits)} times"
    if hits[0].kind != "NUMBER" and not hits[0].issue_field_id:
        return None, f'"{hits[0].name}" is of type {hits[0].kind}, not a number', f"of type {hits[0].kind}"
    return hits[0], "", ""


def _listed(columns: Iterable[Column]) -> str:
    return ", ".join(f"{one.id} ({one.kind})" for one in columns)


def _problem(name: str, message: str) -> Problem:
    return Problem(SERVICE, f'the board\'s column "{name}"', message, "Correct the board, or its name in [board].")


def decode_row(
    issue: Json, plan: BoardPlan, rules: HoursRules, errors: Sequence[QueryError] = ()
) -> tuple[Board, HoursReading]:
    """Return what stands in an issue's row of the configured board, and its hours.

    *errors* are those of the answer below this issue. What is missing, redacted or partial is unknown, never empty.
    """
    if plan.unreadable:
        return BoardUnknown(plan.unreadable), UnknownHours(plan.unreadable, of_board=True)
    try:
        items = connection(issue, "projectItems")
    except OddValue:
        return _unknown(f"its rows on boards could not be read {spelled(below(errors, 'projectItems'))}".strip())
    row = next((one for one in items.nodes if _project_id(one) == plan.id), None)
    troubles = below(errors, "projectItems")
    if row is None:
        if troubles or not items.whole or not all(_project_id(one) for one in items.nodes):
            return _unknown(f"not all of its rows on boards could be read {spelled(troubles)}".strip())
        return NotOnBoard(), NOT_ON_BOARD
    if row.get("type") == "REDACTED":
        return _unknown("its row on the board is redacted for this token")
    place = issue["projectItems"]["nodes"].index(row)
    if own := below(troubles, "nodes", place):
        return _unknown(f"its row on the board could be read only in part: {spelled(own)}")
    try:
        return _read_row(issue, row, plan, rules)
    except OddValue as error:
        return _unknown(f"its row on the board holds an odd value at {error}")


def _unknown(reason: str) -> tuple[Board, HoursReading]:
    return BoardUnknown(reason), UnknownHours(reason)


def _project_id(item: Json) -> str:
    project = item.get("project")
    return str(project.get("id") or "") if isinstance(project, Mapping) else ""


def _read_row(issue: Json, row: Json, plan: BoardPlan, rules: HoursRules) -> tuple[Board, HoursReading]:
    values = connection(row, "fieldValues")
    if not values.whole:
        raise OddValue("fieldValues")
    cells = {field_id: cell for cell in values.nodes if (field_id := _field_id(cell))}
    if any(text(cell, "__typename") in CELLS and not _field_id(cell) for cell in values.nodes):
        raise OddValue("fieldValues.field")
    fields = replace(_fields(row, cells, plan.columns), whose_unread=plan.whose_unread)
    return fields, _hours(issue, row, cells, plan, rules)


def _field_id(cell: Json) -> str:
    column = cell.get("field")
    return str(column.get("id") or "") if isinstance(column, Mapping) else ""


def _fields(row: Json, cells: Mapping[str, Json], columns: Mapping[str, Column]) -> BoardFields:
    held = {ours: _content(cells[column.id]) for ours, column in columns.items() if column.id in cells}
    for ours, content in held.items():
        if not content.keys() & CONTENT[ours]:
            raise OddValue(ours)
    iteration = held.get("iteration", {})
    return BoardFields(
        item_id=needed_text(row, "id"),
        archived=flag(row, "isArchived"),
        status=_words(held.get("status", {})),
        start=day(held.get("start", {}), "date"),
        end=day(held.get("end", {}), "date"),
        iteration_title=text(iteration, "title"),
        iteration_end=_last_day(iteration),
        estimate=_number(held.get("estimate", {})),
        community=_words(held.get("community", {})),
        allocation=_words(held.get("allocation", {})),
    )


def _content(cell: Json) -> Json:
    """Return the object that holds a cell's content: of an issue field it is one deeper."""
    return part(cell, "issueFieldValue") if "issueFieldValue" in cell else cell


def _words(content: Json) -> str:
    return (text(content, "name") or text(content, "text")).strip()


def _number(content: Json) -> Decimal | None:
    value = content.get("number")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OddValue("number")
    return Decimal(str(value))


def _last_day(iteration: Json) -> date | None:
    start = day(iteration, "startDate")
    return start + timedelta(days=max(1, whole_number(iteration, "duration")) - 1) if start else None


def _hours(issue: Json, row: Json, cells: Mapping[str, Json], plan: BoardPlan, rules: HoursRules) -> HoursReading:
    """Return the hours: read by column id and by name, so that a list cut short in silence is no empty column."""
    column = plan.hours
    if column is None:
        return UnknownHours(plan.hours_trouble, of_board=True)
    readings = [_read_hours(one, rules) for one in (_named_cell(row, column), cells.get(column.id)) if one is not None]
    if readings:
        same = all(one == readings[0] for one in readings)
        return readings[0] if same else UnknownHours("the hours were read twice, and not as the same")
    if not column.from_issue_field:
        return EmptyHours()
    if not plan.shows_issue_fields:
        return UnknownHours(f'"{column.name}" is an organisation issue field, which this server does not show')
    value = _issue_field_value(issue, column)
    return _read_hours(value, rules) if value is not None else EmptyHours()


def _named_cell(row: Json, column: Column) -> Json | None:
    """Return the cell that was read by the column's name; GitHub gives the first column of that name."""
    cell = row.get("hours")
    if cell is None:
        return None
    if not isinstance(cell, Mapping) or not _field_id(cell):
        raise OddValue("fieldValueByName")
    return cell if _field_id(cell) == column.id else None


def _issue_field_value(issue: Json, column: Column) -> Json | None:
    if "issueFieldValues" not in issue:
        return None
    values = connection(issue, "issueFieldValues")
    found = next((one for one in values.nodes if _shown_by(column, one)), None)
    if found is None and not values.whole:
        raise OddValue("issueFieldValues")
    return found


def _shown_by(column: Column, value: Json) -> bool:
    """Tell whether *column* shows this value of an issue field, by the field's id, else by its name."""
    behind = value.get("field")
    if not isinstance(behind, Mapping):
        return False
    if column.issue_field_id:
        return behind.get("id") == column.issue_field_id
    return _folded(str(behind.get("name"))) == _folded(column.name)


def _read_hours(cell: Json, rules: HoursRules) -> HoursReading:
    content = _content(cell)
    if "number" not in content:
        raise OddValue("number")
    value = content["number"]
    if value is None:
        return EmptyHours()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return UnknownHours(f"the hours are no number but {str(value)[:40]!r}")
    if not math.isfinite(value) or value < 0 or value > rules.max_hours:
        return UnknownHours(f"{value} hours cannot be meant (at most {rules.max_hours})", absurd=True)
    changed = moment(cell, "updatedAt")
    return LoggedHours(to_minutes(value), changed.astimezone(rules.zone).date() if changed else None)
