"""How a mirrored task differs from what it should be, field by field; only fields of ours (decision D5)."""

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from mappings.entry import STATES
from mappings.people import People, shown
from mappings.richtext.characters import task_name
from mappings.task import HomeFields, draft, is_described, is_only_reworded, known_fields
from sync.mirror.deciding import Decision
from sync.mirror.world import World
from sync.model.change import About, FieldChange, RemoveTask, TaskDraft, Value, Written
from sync.model.issue import Issue
from sync.model.memo import Memo
from sync.model.minutes import to_hours
from sync.model.wording import USUAL, Wording
from sync.model.work import Row, Task

HALF_A_CENT = Decimal("0.005")
OURS = ("github_url", "github_id", "github_hours", "status", "estimate")
"""Our fields on a mirrored task."""


def desired_task(
    decision: Decision, world: World, people: People, *, noted: bool = False, wording: Wording = USUAL
) -> TaskDraft:
    """Return the task that an issue should be. *noted*: it carries the note that no hours were left."""
    tasks = world.tasks
    fields = HomeFields(tasks.field_types, tasks.options, tasks.decimals)
    stands_for = decision.placeholder.reference if decision.placeholder and decision.stands_for else ""
    issue = decision.scoped.issue
    return draft(issue, people, fields, path=decision.path, stands_for=stands_for, noted=noted, wording=wording)


def names_to_write(issue: Issue, world: World, people: People) -> tuple[str, ...]:
    """Return the fields of ours whose value is known in this run."""
    tasks = world.tasks
    fields = HomeFields(tasks.field_types, tasks.options, tasks.decimals)
    return known_fields(issue, people, fields, world.issues.board_columns)


def differences(
    decision: Decision, task: Task, wanted: TaskDraft, names: Collection[str], memo: Memo
) -> tuple[FieldChange, ...]:
    """Return the fields that have to be written, before and after.

    Rich text is compared as Asana would give it back, numbers with the field's two decimals.
    """
    changes = []
    for name in names:
        if name == "description":
            if not is_described(task.html_notes, wanted.text, memo, decision.scoped.issue.id):
                change = _change(decision, task, name, task.html_notes, wanted.html_notes)
                reworded = change.edited_in_asana and is_only_reworded(task.html_notes, wanted.text)
                changes.append(replace(change, edited_in_asana=False) if reworded else change)
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
    """Tell whether a person's edit is lost: the source says what it said when the rows were last written.

    What no row remembers counts as edited when the task changed after the issue did: rather listed once too often.
    """
    rows = decision.mirror.rows if decision.mirror else ()
    if not rows or (before is None and name in {"assignee", "github_id", "status", "estimate"}):
        return False  # nobody may have filled it in yet
    found = [stored.row for stored in rows]
    unchanged = _is_unchanged(name, after, found[-1], decision.scoped.issue)
    if name == "github_hours":
        remembered = to_hours(sum(row.minutes or 0 for row in found))
        unchanged = abs(remembered - Decimal(str(after or 0))) < HALF_A_CENT
    if name == "due_on" and (dated := {row.dated_by for row in found if row.minutes and not row.seal}):
        unchanged = f"board {after}" in dated if any(one.startswith("board ") for one in dated) else None
    if unchanged is None:
        return task.modified_at is not None and task.modified_at > decision.scoped.issue.updated_at
    return unchanged


def _is_unchanged(name: str, after: Value, row: Row, issue: Issue) -> bool | None:
    """Tell whether the source still says what the newest row remembers of it; None when that does not tell."""
    if row.seal and name in {"name", "completed", "assignee", "start_on"}:
        return None  # what a sealed row says no longer follows the issue
    match name:
        case "name":
            return row.title == task_name(issue.title)
        case "github_url" | "github_id":
            return row.url == issue.url or bool(row.seal)
        case "completed":
            return row.state == STATES.get(issue.closing)
        case "assignee":
            return row.people == ", ".join(shown(person) for person in issue.assignees)
        case "start_on" if after is not None:
            return row.start == after
    return None


def _same(before: Value, after: Value) -> bool:
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        return abs(before - after) < HALF_A_CENT
    if isinstance(before, str) or isinstance(after, str):
        return _plain(before) == _plain(after)
    return before == after


def _plain(value: Value) -> str:
    """Return text as it survives the way through a client that turns no-break spaces into spaces."""
    return "" if value is None else " ".join(str(value).split())


def removal(task: Task, about: About, reason: str) -> RemoveTask:
    """Return the removal of a task, with all it takes to make it anew but for its description."""
    fields = {name: task.fields.values[name] for name in OURS if name in task.fields.values}
    was = TaskDraft(
        task.name,
        Written(task.html_notes),
        completed=task.completed,
        assignee_gid=task.assignee_gid,
        start_on=task.start_on,
        due_on=task.due_on,
        fields=fields,
    )
    return RemoveTask(task.gid, about, reason, was, task.parent_gid)
