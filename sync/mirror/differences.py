"""How a mirrored task differs from what it should be, field by field; only fields of ours (decision D5)."""

from collections.abc import Collection
from decimal import Decimal

from mappings.entry import STATES
from mappings.people import People, shown
from mappings.richtext import Description, same_text
from mappings.task import HomeFields, draft, known_fields
from sync.mirror.deciding import Decision
from sync.mirror.world import World
from sync.model.change import FieldChange, TaskDraft, Value
from sync.model.issue import Issue
from sync.model.minutes import to_hours
from sync.model.work import Task

HALF_A_CENT = Decimal("0.005")


def desired_task(decision: Decision, world: World, people: People) -> TaskDraft:
    """Return the task that an issue should be."""
    tasks = world.tasks
    fields = HomeFields(tasks.field_types, tasks.options, tasks.decimals)
    return draft(decision.scoped.issue, people, fields, path=decision.path)


def names_to_write(issue: Issue, world: World, people: People) -> tuple[str, ...]:
    """Return the fields of ours whose value is known in this run."""
    tasks = world.tasks
    fields = HomeFields(tasks.field_types, tasks.options, tasks.decimals)
    return known_fields(issue, people, fields, world.issues.board_columns)


def differences(decision: Decision, task: Task, wanted: TaskDraft, names: Collection[str]) -> tuple[FieldChange, ...]:
    """Return the fields that have to be written, before and after.

    Rich text is compared as Asana would give it back, numbers with the field's two decimals.
    """
    changes = []
    for name in names:
        if name == "description":
            text = Description(wanted.html_notes, wanted.notes, cut=False)
            if not same_text(task.html_notes, text):
                changes.append(_change(decision, task, name, task.html_notes, text.html))
            continue
        before, after = current_value(task, name), wanted_value(wanted, name)
        if not _same(before, after):
            changes.append(_change(decision, task, name, before, after))
    return tuple(changes)


def current_value(task: Task, name: str) -> Value:
    """Return a field of a task as read."""
    match name:
        case "name":
            return task.name
        case "completed":
            return task.completed
        case "assignee":
            return task.assignee_gid or None
        case "start_on":
            return task.start_on
        case "due_on":
            return task.due_on
        case "description":
            return task.html_notes
        case _:
            return task.fields.values.get(name)


def wanted_value(wanted: TaskDraft, name: str) -> Value:
    """Return a field of a task as it should be."""
    match name:
        case "name":
            return wanted.name
        case "completed":
            return wanted.completed
        case "assignee":
            return wanted.assignee_gid or None
        case "start_on":
            return wanted.start_on
        case "due_on":
            return wanted.due_on
        case "description":
            return wanted.html_notes
        case _:
            return wanted.fields.get(name)


def _change(decision: Decision, task: Task, name: str, before: Value, after: Value) -> FieldChange:
    return FieldChange(name, before, after, edited_in_asana=_was_edited_in_asana(decision, task, name, before, after))


def _was_edited_in_asana(decision: Decision, task: Task, name: str, before: Value, after: Value) -> bool:
    """Tell whether a person's edit is lost: the source says what it said when the row was last written."""
    issue, mirror = decision.scoped.issue, decision.mirror
    rows = mirror.rows if mirror else ()
    if not rows or before is None:
        return bool(rows) and name in {"github_url", "github_id"}
    newest = rows[-1].row
    if name == "name":
        return newest.title == issue.title
    if name == "github_hours":
        remembered = to_hours(sum(stored.row.minutes or 0 for stored in rows))
        return abs(remembered - Decimal(str(after or 0))) < HALF_A_CENT
    if name in {"github_url", "github_id"}:
        return newest.url == issue.url
    if name == "completed":
        return newest.state == STATES.get(issue.closing)
    if name == "assignee":
        return newest.people == ", ".join(shown(person) for person in issue.assignees)
    return task.modified_at is not None and task.modified_at > issue.updated_at


def _same(before: Value, after: Value) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return abs(before - after) < HALF_A_CENT
    if isinstance(before, str) or isinstance(after, str):
        return _plain(before) == _plain(after)
    return before == after


def _plain(value: Value) -> str:
    """Return text as it survives the way through a client that turns no-break spaces into spaces."""
    return "" if value is None else " ".join(str(value).split())
