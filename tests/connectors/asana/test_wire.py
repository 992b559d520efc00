"""Asana's JSON to our values and back, without a network: what is written reads back, and nothing odd gets through."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.asana_api import classify
from connectors.asana_reading import _portfolio_item
from connectors.retry import Again
from connectors.wire.asana import (
    AT_CREATION,
    TASK_FIELDS,
    decode_human_content,
    decode_task,
    decode_user,
    encode_new_task,
    encode_task,
    is_answer_to,
)
from connectors.wire.asana_fields import FieldReader, HomeField, decode_home_fields, encode_value
from connectors.wire.asana_json import OddValue, error_text
from sync.model.change import TaskDraft, Written
from sync.model.work import Task

HOME = "1200"
FIELDS = {
    "github_url": HomeField("1", "text"),
    "github_id": HomeField("2", "text"),
    "github_hours": HomeField("3", "number"),
    "status": HomeField("4", "enum", {"Todo": "41", "Doing": "42"}),
    "estimate": HomeField("5", "number"),
}
NAMES = {"hours_used": "Hours used", "hours_left": "777", "hours_total": "Hours Total", "total_time": "Total Time"}
READER = FieldReader(FIELDS, NAMES)
EVERYTHING = (*AT_CREATION, *FIELDS)


def played(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record that Asana would show of a task made from *body*."""
    custom = body.get("custom_fields", {})
    shown = []
    for one in FIELDS.values():
        value = custom.get(one.gid)
        names = {gid: name for name, gid in one.options.items()}
        field = {"gid": one.gid, "name": f"field {one.gid}", "resource_subtype": one.type, "enabled": True}
        match one.type:
            case "text":
                field["text_value"] = value
            case "number":
                field["number_value"] = value
            case _:
                field["enum_value"] = {"gid": value, "name": names[value]} if value else None
        shown.append(field)
    return json.loads(
        json.dumps(
            {
                "gid": "99",
                "name": body["name"],
                "html_notes": body["html_notes"],
                "completed": body.get("completed", False),
                "completed_at": "2026-01-05T09:00:00.000Z" if body.get("completed") else None,
                "created_at": "2026-01-05T09:00:00.000Z",
                "modified_at": "2026-01-05T09:00:00.000Z",
                "assignee": {"gid": body["assignee"]} if body.get("assignee") else None,
                "parent": None,
                "projects": [{"gid": gid} for gid in body.get("projects", [])],
                "memberships": [{"project": {"gid": gid}} for gid in body.get("projects", [])],
                "num_subtasks": 0,
                "actual_time_minutes": None,
                "start_on": body.get("start_on"),
                "due_on": body.get("due_on"),
                "permalink_url": "https://app.asana.com/1/2/task/99",
                "resource_subtype": "default_task",
                "is_rendered_as_separator": False,
                "custom_fields": shown,
            }
        )
    )


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NUMBERS = st.decimals(-9999, 9999, places=2, allow_nan=False)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
DRAFTS = st.builds(
    TaskDraft,
    name=WORDS,
    text=st.builds(Written, WORDS.map("<body>{}</body>".format), WORDS),
    completed=st.booleans(),
    assignee_gid=st.sampled_from(["", "55"]),
    follower_gids=st.sampled_from([(), ("56", "57")]),
    start_on=st.none() | DAYS,
    due_on=st.none() | DAYS,
    fields=st.fixed_dictionaries(
        {"github_url": WORDS},
        optional={
            "github_id": st.none() | WORDS,
            "github_hours": st.none() | NUMBERS,
            "status": st.sampled_from([None, "", "Todo", "Doing"]),
            "estimate": st.none() | NUMBERS,
            "unheard of": WORDS,
        },
    ),
)


def expected(draft: TaskDraft) -> Task:
    values: dict[str, Any] = dict.fromkeys(FIELDS)
    values |= {name: value or None if value != 0 else value for name, value in draft.fields.items() if name in FIELDS}
    return Task(
        gid="99",
        name=draft.name,
        html_notes=draft.html_notes,
        completed=draft.completed,
        assignee_gid=draft.assignee_gid,
        project_gids=frozenset({HOME}),
        due_on=draft.due_on,
        start_on=draft.start_on if draft.due_on else None,
        fields=type(Task("1", "").fields)(values),
    )


@given(DRAFTS)
def test_what_a_create_sends_reads_back_as_it_was(draft: TaskDraft) -> None:
    body = encode_new_task(draft, (*AT_CREATION, *draft.fields), HOME, FIELDS)
    task, wanted = decode_task(played(body), READER, UTC), expected(draft)
    for name in ("name", "html_notes", "completed", "assignee_gid", "project_gids", "due_on", "start_on", "fields"):
        assert getattr(task, name) == getattr(wanted, name), name
    assert is_answer_to(draft, task)
    assert body["projects"] == [HOME]
    assert None not in (*body.values(), *body["custom_fields"].values())


@given(DRAFTS, st.lists(st.sampled_from(EVERYTHING), unique=True))
def test_an_update_writes_the_named_fields_and_no_others(draft: TaskDraft, names: list[str]) -> None:
    keys = {"description": "html_notes"}
    body = encode_task(draft, names, FIELDS)
    custom = body.pop("custom_fields", {})
    built_in = {keys.get(name, name) for name in names if name not in FIELDS}
    assert set(body) == built_in | ({"due_on"} if "start_on" in built_in else set())
    assert set(custom) == {FIELDS[name].gid for name in names if name in FIELDS and name in draft.fields}
    json.dumps(body | custom, allow_nan=False)


def test_plain_text_takes_the_place_of_markup() -> None:
    draft = TaskDraft("n", Written("<body>h</body>", "plain"))
    assert encode_task(draft, ["description"], FIELDS, plain=True) == {"notes": "plain"}


@pytest.mark.parametrize(
    ("value", "sent"),
    [(None, None), ("", None), (Decimal("2.33"), 2.33), (Decimal(8), 8.0), (True, True), ("text", "text")],
)
def test_values_are_sent_as_asana_takes_them(value: Any, sent: Any) -> None:
    assert encode_value(value) == sent


# Nothing odd gets through.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
SAMPLE = played(
    encode_new_task(
        TaskDraft("n", Written("<body/>"), fields={"github_url": "u", "status": "Todo"}), EVERYTHING, HOME, FIELDS
    )
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [one for key, inner in items for one in paths(inner, (*path, key))]


def changed(sample: Any, path: tuple[Any, ...], value: Any) -> Any:
    found = copy.deepcopy(sample)
    place = found
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return found


@given(st.sampled_from(paths(SAMPLE)), JSON | st.just(...))
def test_a_task_with_any_value_changed_or_gone_is_a_task_or_odd(path: tuple[Any, ...], value: Any) -> None:
    with suppress(OddValue):
        task = decode_task(changed(SAMPLE, path, value), READER, UTC)
        assert isinstance(task.name, str)
        assert isinstance(task.subtask_count, int)
        assert all(isinstance(gid, str) for gid in task.project_gids)
        for field in task.fields.values.values():
            assert not isinstance(field, Decimal) or field.is_finite()


@pytest.mark.parametrize(
    "name",
    ["gid", "name", "html_notes", "completed", "assignee", "parent", "projects", "num_subtasks", "custom_fields"],
)
def test_what_tells_too_much_by_its_absence_must_be_there(name: str) -> None:
    with pytest.raises(OddValue, match=name):
        decode_task(changed(SAMPLE, (name,), ...), READER, UTC)


@given(JSON, st.sampled_from(["task", "user", "item", "setting", "content"]))
def test_whatever_stands_in_the_place_of_a_record_is_odd_or_read(anything: Any, kind: str) -> None:
    with suppress(OddValue):
        match kind:
            case "task":
                decode_task(anything, READER, UTC)
            case "user":
                decode_user(anything)
            case "item":
                _portfolio_item(anything)
            case "setting":
                decode_home_fields([anything], {"github_url": "GitHub URL"})
            case _:
                decode_human_content({"num_subtasks": 0}, [anything], [anything], [anything])


USER_AND_ITEM = {
    "user": {"gid": "1", "name": "Ana", "email": "ana@example.org"},
    "item": {"gid": "2", "name": "Pythia", "resource_type": "project"},
}
SETTING = {
    "custom_field": {
        "gid": "4",
        "name": "Status",
        "resource_subtype": "enum",
        "precision": None,
        "format": "none",
        "is_value_read_only": False,
        "enum_options": [{"gid": "41", "name": "Todo", "enabled": True}],
    }
}


@given(st.sampled_from(paths(SETTING)), JSON | st.just(...))
def test_a_setting_with_any_value_changed_or_gone_is_used_told_or_odd(path: tuple[Any, ...], value: Any) -> None:
    with suppress(OddValue):
        found, drift = decode_home_fields([changed(SETTING, path, value)], {"status": "Status"})
        assert len(found) + len(drift) <= 1


@given(st.sampled_from(paths(USER_AND_ITEM)), JSON | st.just(...))
def test_a_user_or_item_with_any_value_changed_or_gone_is_read_or_odd(path: tuple[Any, ...], value: Any) -> None:
    record = {"user": None, "item": None} | changed(USER_AND_ITEM, path, value)
    with suppress(OddValue):
        assert isinstance(decode_user(record["user"]).email, str)
        assert all(isinstance(part, str) for part in _portfolio_item(record["item"]))


def test_every_field_that_is_decoded_is_asked_for() -> None:
    asked = {name.split(".")[0] for name in TASK_FIELDS.split(",")} | {"gid"}
    assert asked == SAMPLE.keys()


def test_moments_have_offsets_and_days_follow_the_zone() -> None:
    sample = changed(SAMPLE, ("completed_at",), "2026-01-05T23:30:00.000Z")
    assert decode_task(sample, READER, UTC).completed_on == date(2026, 1, 5)
    assert decode_task(sample, READER, timezone(timedelta(hours=1))).completed_on == date(2026, 1, 6)
    assert decode_task(SAMPLE, READER, UTC).created_at == datetime(2026, 1, 5, 9, tzinfo=UTC)


def test_a_value_of_another_type_than_its_field_is_odd_even_when_it_is_empty() -> None:
    sample = changed(SAMPLE, ("custom_fields", 2, "resource_subtype"), "text")
    with pytest.raises(OddValue, match=r"custom_fields\.github_hours"):
        decode_task(sample, READER, UTC)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), True, "3"])
def test_what_is_no_number_is_odd(number: Any) -> None:
    for path in (("custom_fields", 2, "number_value"), ("num_subtasks",)):
        with pytest.raises(OddValue):
            decode_task(changed(SAMPLE, path, number), READER, UTC)


# Hours fields of CSH tasks.


def hours_field(gid: str, name: str, **more: Any) -> dict[str, Any]:
    field = {"gid": gid, "name": name, "resource_subtype": "number", "number_value": 3.5, "precision": 2}
    return {**field, "enabled": True, "is_value_read_only": False, "format": "custom", **more}


def csh_task(*fields: dict[str, Any]) -> dict[str, Any]:
    return {**SAMPLE, "custom_fields": [*SAMPLE["custom_fields"], *fields]}


def test_hours_fields_go_by_name_or_gid() -> None:
    task = csh_task(hours_field("70", " hours USED "), hours_field("777", "whatever", number_value=None))
    fields = READER.hours_fields(task)
    assert fields.gids == {"hours_used": "70", "hours_left": "777"}
    values = decode_task(task, READER, UTC).fields.values
    assert (values["hours_used"], values["hours_left"]) == (Decimal("3.5"), None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"precision": 1}, "a number with 1 decimal"),
        ({"format": "duration"}, "a number shown as duration"),
        ({"format": "percentage"}, "a number shown as percentage"),
        ({"resource_subtype": "text"}, "of type text"),
    ],
)
def test_a_field_that_cannot_hold_hours_is_named(change: dict[str, Any], why: str) -> None:
    fields = READER.hours_fields(csh_task(hours_field("70", "Hours used", **change)))
    assert (fields.gids, fields.unusable) == ({}, {"Hours used": why})


def test_two_fields_of_one_name_are_both_left_alone() -> None:
    fields = READER.hours_fields(csh_task(hours_field("70", "Hours used"), hours_field("71", "hours used")))
    assert fields.gids == {}
    assert "2 times" in fields.unusable["Hours used"]


@pytest.mark.parametrize("change", [{"is_value_read_only": True}, {"enabled": False}])
def test_a_formula_of_a_person_or_a_disabled_field_is_nothing_of_ours(change: dict[str, Any]) -> None:
    fields = READER.hours_fields(csh_task(hours_field("70", "Hours used", **change)))
    assert (fields.gids, fields.unusable) == ({}, {})


def test_names_that_are_switched_off_match_no_nameless_field() -> None:
    reader = FieldReader(FIELDS, {"hours_used": "", "hours_left": ""})
    assert reader.hours_fields(csh_task(hours_field("70", ""))).gids == {}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, {"hours_total": Decimal("3.5")}),
        ({"is_value_read_only": True, "resource_subtype": "formula"}, {"hours_total": Decimal("3.5")}),
        ({"number_value": None}, {"hours_total": None}),
        ({"enabled": False}, {}),
        ({"format": "duration"}, {}),
        ({"resource_subtype": "text", "number_value": None}, {}),
    ],
)
def test_peoples_fields_are_read_where_they_show_a_number(change: dict[str, Any], expected: dict[str, Any]) -> None:
    values = decode_task(csh_task(hours_field("72", "Hours Total", **change)), READER, UTC).fields.values
    assert {name: value for name, value in values.items() if name in {"hours_total", "total_time"}} == expected


@pytest.mark.parametrize(("read_only", "name"), [(True, "peoples_hours_used"), (False, "hours_used")])
def test_a_persons_formula_in_place_of_a_field_of_ours_is_read_apart(read_only: bool, name: str) -> None:
    field = hours_field("70", "Hours used", is_value_read_only=read_only)
    values = decode_task(csh_task(field), READER, UTC).fields.values
    assert {one: value for one, value in values.items() if "hours_used" in one} == {name: Decimal("3.5")}


def test_of_two_fields_of_one_name_neither_is_read() -> None:
    task = csh_task(hours_field("72", "Total Time"), hours_field("73", "total time"))
    assert "total_time" not in decode_task(task, READER, UTC).fields.values


# The answer to a create.


@pytest.mark.parametrize(
    ("url", "name", "is_it"),
    [
        ("u", "anything", True),
        ("v", "n  n", False),
        (None, "n\u00a0n", True),
        (None, "another", False),
    ],
)
def test_an_answer_is_told_by_its_address_or_else_by_its_name(url: str | None, name: str, is_it: bool) -> None:
    sample = changed(changed(SAMPLE, ("custom_fields", 0, "text_value"), url), ("name",), name)
    draft = TaskDraft("n n", fields={"github_url": "u"})
    assert is_answer_to(draft, decode_task(sample, READER, UTC)) is is_it


# Words of refusals.


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"errors": [{"message": "one"}, {"message": "two\\nlines"}]}', "one; two lines"),
        (b'{"errors": [{"help": "x"}, "text", null]}', ""),
        (b'{"errors": "text"}', ""),
        (b"[1]", ""),
        (b"<html>", ""),
        (b"\xff\xfe", ""),
        (None, ""),
    ],
)
def test_the_words_of_a_refusal_are_found_or_none(body: bytes | None, words: str) -> None:
    assert error_text(body) == words


@given(st.binary() | JSON.map(lambda value: json.dumps({"errors": value}).encode()))
def test_no_body_of_a_refusal_breaks_it(body: bytes) -> None:
    assert len(error_text(body)) <= 300


@given(st.sampled_from([ValueError("x"), OSError("x"), AttributeError("x"), RuntimeError("x"), TypeError("x")]))
def test_a_failure_nobody_thought_of_is_never_repeated_as_not_done(error: Exception) -> None:
    trouble = classify("read", error, "host")
    assert trouble.again is not Again.NOT_DONE
    assert type(error).__name__ in str(trouble.error)
