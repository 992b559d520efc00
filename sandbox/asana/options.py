"""Switches of the played Asana, most of them for what Asana does not document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class AsanaOptions:
    """How the played Asana behaves where Asana is silent or differs; may be set at any time.

    Custom fields
    *fields_reach*: only direct members of a project have its fields, or their subtasks too.
    *projects_with_parent*: what becomes of `projects` and `memberships` sent together with `parent`.
    *drop_fields_on_create*: `custom_fields` of a create are ignored in silence.
    *home_lost_on_set_parent*: a new parent takes the task out of its projects; the values stay,
    disabled, or go as well.
    *date_input*: the shape in which date fields are written.
    *formula_number*: formula fields fill `number_value` too, not only `display_value`.

    Trash
    *children_of_deleted*: subtasks of a deleted task go along, lose their parent, or stay below it.
    *trashed_task*: the status for reading a task in the trash.
    *entries_of_deleted*: time entries of a task in the trash.

    Text
    *span*: a `span` is refused, or its text is kept without it. *rule_form*: how `hr` is stored.
    *nested_code_status*: the status for `code` inside `pre`.
    *invalid_comment*: comments with wrong markup become plain text, or are refused.
    *name_limit*, *notes_limit*: longest accepted name and description, in characters.

    Plan
    *has_custom_fields*, *has_search*, *has_time_tracking*: False answers 402.

    Visibility and lists
    *denied*: gids the token knows of but may not see; lists leave them out in silence.
    *denied_lists*: the tasks of a denied project are refused, or an empty list.
    *access_levels*: what the token's user may do in a project or portfolio, by gid; elsewhere "editor".
    *unlisted*: gids of tasks that lists leave out although they are there.
    *list_lag*: so many later requests see subtasks and project lists as they were before a write
    (`GET /tasks` never lags). *search_lag_seconds*: how old a task must be to be found by search.
    *unpaged*: a list asked for without `limit` is cut at *unpaged_cap* objects, or refused above it.
    *offset_seconds*: how long offsets can be used; None: for ever.
    *paging*: a page starts behind the last object given, or at that position.
    *entries_name_task*: lists of time entries honour `opt_fields=task`.

    Limits and batches
    *reads_in_flight*, *writes_in_flight* (50 and 15 in the real one), *requests_per_minute*,
    *searches_per_minute* (60): None is unlimited; the actions of a batch count one by one.
    *minute_seconds*: how long such a minute is. *batch_order*: the order actions are worked on.
    *max_projects* of one task, *max_subtasks* of one task (None: unlimited).

    Stamps
    *time_entry_touches*, *project_change_touches*: whether these move `modified_at`.
    *actual_time_rolls_up*: `actual_time_minutes` includes the subtasks.
    *asana_change*: sent as the `Asana-Change` header of every answer.
    """

    fields_reach: Literal["members", "subtasks"] = "members"
    projects_with_parent: Literal["dropped", "kept"] = "dropped"
    drop_fields_on_create: bool = False
    home_lost_on_set_parent: Literal["no", "membership", "membership_and_fields"] = "no"
    date_input: Literal["object", "text", "both"] = "object"
    formula_number: bool = False

    children_of_deleted: Literal["deleted", "orphaned", "kept"] = "deleted"
    trashed_task: Literal[404, 403, 200] = 404
    entries_of_deleted: Literal["gone", "kept"] = "gone"

    span: Literal["refused", "dropped"] = "refused"
    rule_form: Literal["<hr/>", "<hr />"] = "<hr/>"
    nested_code_status: Literal[400, 500] = 400
    invalid_comment: Literal["stored", "refused"] = "stored"
    name_limit: int | None = 1_024
    notes_limit: int | None = 65_535

    has_custom_fields: bool = True
    has_search: bool = True
    has_time_tracking: bool = True

    denied: set[str] = field(default_factory=set)
    denied_lists: Literal["forbidden", "empty"] = "forbidden"
    access_levels: dict[str, Literal["admin", "editor", "commenter", "viewer", "none"]] = field(default_factory=dict)
    unlisted: set[str] = field(default_factory=set)
    list_lag: int = 0
    search_lag_seconds: float = 30.0
    unpaged: Literal["cut", "refused"] = "cut"
    unpaged_cap: int = 1_000
    offset_seconds: float | None = None
    paging: Literal["by_item", "by_position"] = "by_item"
    entries_name_task: bool = False

    reads_in_flight: int | None = None
    writes_in_flight: int | None = None
    requests_per_minute: int | None = None
    searches_per_minute: int | None = None
    minute_seconds: float = 60.0
    batch_order: Literal["given", "reversed"] = "reversed"
    max_projects: int = 20
    max_subtasks: int | None = None

    time_entry_touches: bool = False
    project_change_touches: bool = False
    actual_time_rolls_up: bool = False
    asana_change: str | None = None
