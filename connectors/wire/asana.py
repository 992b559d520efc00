"""Asana's JSON to tasks, and drafts to Asana's JSON.

https://developers.asana.com/reference/tasks
"""

from collections.abc import Collection, Mapping
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from connectors.wire.asana_fields import VALUE_FIELDS, FieldReader, HomeField, encode_fields
from connectors.wire.asana_json import Json, OddValue, count, day, flag, gid_of, moment, own_gid, record, records, text
from sync.model.allocating import CshTaskDraft
from sync.model.change import TaskDraft
from sync.model.wording import parts
from sync.model.work import AsanaUser, HumanContent, Task, TaskFields, TimeEntry

TASK_FIELDS = ",".join(
    (
        *("name", "html_notes", "completed", "completed_at", "created_at", "modified_at", "assignee.gid"),
        *("parent.gid", "projects.gid", "memberships.project.gid", "num_subtasks", "actual_time_minutes"),
        *("start_on", "due_on", "permalink_url", "resource_subtype", "is_rendered_as_separator"),
        VALUE_FIELDS,
    )
)
"""What is asked of every task; all of it is opt-in. An unknown name would be ignored in silence."""
ENTRY_FIELDS = "duration_minutes,entered_on,created_by.name"
PLAIN_SUBTYPES = frozenset({"default_task", "custom"})
AT_CREATION = ("name", "description", "completed", "assignee", "followers", "due_on", "start_on")


def decode_task(data: Any, fields: FieldReader, zone: tzinfo) -> Task:
    """Decode one task; a moment becomes a day in *zone*.

    Raises OddValue with the path of a value that is missing, or of another type than promised: an answer that does
    not tell, say, how many sub-tasks there are must not be taken for one without any.
    """
    data = record(data, "task")
    completed_at = moment(data, "completed_at")
    return Task(
        gid=own_gid(data),
        name=text(data, "name", needed=True),
        html_notes=text(data, "html_notes", needed=True),
        completed=flag(data, "completed"),
        completed_on=completed_at.astimezone(zone).date() if completed_at else None,
        created_at=moment(data, "created_at"),
        modified_at=moment(data, "modified_at"),
        assignee_gid=gid_of(data, "assignee"),
        parent_gid=gid_of(data, "parent"),
        project_gids=_projects(data),
        subtask_count=count(data, "num_subtasks", needed=True) or 0,
        fields=TaskFields(fields.values(data)),
        actual_minutes=count(data, "actual_time_minutes"),
        start_on=day(data, "start_on"),
        due_on=day(data, "due_on"),
        permalink=text(data, "permalink_url"),
        plain=text(data, "resource_subtype", needed=True) in PLAIN_SUBTYPES
        and data.get("is_rendered_as_separator") is not True,
    )


def _projects(data: Json) -> frozenset[str]:
    memberships = records(data, "memberships") if data.get("memberships") is not None else []
    gids = (*(own_gid(one) for one in records(data, "projects")), *(gid_of(one, "project") for one in memberships))
    return _kept_once(gids)


@lru_cache(maxsize=4096)
def _kept_once(gids: tuple[str, ...]) -> frozenset[str]:
    """Return the same set for the same gids: thousands of tasks are in the home project alone."""
    return frozenset(gids)


def decode_user(data: Any) -> AsanaUser:
    """Decode one user of the workspace."""
    data = record(data, "user")
    return AsanaUser(own_gid(data), text(data, "name"), text(data, "email"))


def decode_time_entry(data: Any) -> TimeEntry:
    """Decode one time entry of a list; its day has no zone."""
    data = record(data, "time entry")
    entered_on = day(data, "entered_on")
    if entered_on is None:
        raise OddValue("entered_on")
    person = record(data.get("created_by") or {}, "created_by")
    return TimeEntry(
        gid=own_gid(data),
        minutes=count(data, "duration_minutes", needed=True) or 0,
        day=entered_on,
        person=text(person, "name"),
        person_gid=text(person, "gid"),
    )


def decode_human_content(
    task: Json, stories: Collection[Any], attachments: Collection[Any], children: Collection[Any]
) -> HumanContent:
    """Count what people added to a task: comments (not what Asana itself notes), attachments and sub-tasks.

    Raises OddValue also when fewer sub-tasks are listed than *task* counts: some are hidden, or not listed yet.
    """
    child_gids = tuple(sorted(own_gid(record(one, "subtask")) for one in children))
    if len(child_gids) < (count(task, "num_subtasks", needed=True) or 0):
        raise OddValue("num_subtasks")
    return HumanContent(
        comments=sum(_is_comment(record(one, "story")) for one in stories),
        attachments=len([own_gid(record(one, "attachment")) for one in attachments]),
        child_gids=child_gids,
    )


def _is_comment(story: Json) -> bool:
    return text(story, "type", needed=True) == "comment" or text(story, "resource_subtype") == "comment_added"


def encode_task(
    draft: TaskDraft, names: Collection[str], fields: Mapping[str, HomeField], *, plain: bool = False
) -> dict[str, Any]:
    """Return the body that writes the named fields of *draft*; *plain* sends the description without markup.

    A start goes together with a due date only, and not without one (Asana: both in one request).
    """
    data: dict[str, Any] = {}
    for name in names:
        match name:
            case "name":
                data["name"] = draft.name
            case "completed":
                data["completed"] = draft.completed
            case "description":
                data |= {"notes": draft.notes} if plain else {"html_notes": draft.html_notes}
            case "assignee":
                data["assignee"] = draft.assignee_gid or None
            case "followers":
                data["followers"] = list(draft.follower_gids)
            case "due_on":
                data["due_on"] = _iso(draft.due_on)
            case "start_on":
                data |= {"due_on": _iso(draft.due_on), "start_on": _iso(draft.start_on if draft.due_on else None)}
    custom = encode_fields(draft.fields, names, fields)
    return data | ({"custom_fields": custom} if custom else {})


def encode_new_task(
    draft: TaskDraft, names: Collection[str], home_project: str, fields: Mapping[str, HomeField], *, plain: bool = False
) -> dict[str, Any]:
    """Return the body of a create in the home project: everything that has a value, in one call (decision D3)."""
    data = encode_task(draft, names, fields, plain=plain)
    custom = {gid: value for gid, value in data.pop("custom_fields", {}).items() if value is not None}
    kept = {name: value for name, value in data.items() if value not in (None, [])}
    return {**kept, "projects": [home_project], "custom_fields": custom}


def encode_csh_task(draft: CshTaskDraft, title: str, page: str, home_project: str) -> dict[str, Any]:
    """Return the body that makes a CSH task. In the older layout its place is given later, by setParent.

    A start goes only with a later due date (Asana: start_on).
    """
    from mappings.richtext.characters import task_name  # noqa: PLC0415  what runs read needs no rich text

    link = f"<a href={quoteattr(page)}>{escape(task_name(title))}</a>"
    said = "".join(escape(part) if is_text else link for is_text, part in parts(draft.words))
    projects = [home_project] if draft.in_task else [draft.engagement_gid, home_project]
    return {
        "name": draft.name,
        "html_notes": f"<body>{said}</body>",
        "due_on": draft.end.isoformat(),
        **({"start_on": draft.start.isoformat()} if draft.start < draft.end else {}),
        "projects": list(dict.fromkeys(projects)),
    }


def is_answer_to(draft: TaskDraft, task: Task) -> bool:
    """Tell whether *task*, answered to a create, can be the one that was asked for.

    By its `GitHub URL`; where that field got lost, by its name, blanks aside.
    """
    url, wanted = task.fields.text("github_url"), draft.fields.get("github_url")
    if url and wanted:
        return url == wanted
    return task.name.split() == draft.name.split()


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
