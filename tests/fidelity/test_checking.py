"""The judge of Asana's exchanges, by exchanges made by hand: what is as described passes, each departure is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.core.log import RequestRecord
from tests.fidelity.checking import operation_of, untrue_answer, wrong_request

TASK = {"gid": "12", "resource_type": "task", "name": "A task", "resource_subtype": "default_task"}
ENTRY = {"gid": "7", "duration_minutes": 30, "entered_on": "2026-08-10"}
ERROR = {"errors": [{"message": "task: Unknown object: 12", "help": "See the documentation."}]}


def exchange(method: str, path: str, query: str = "", **more: Any) -> RequestRecord:
    """Return the record of one request; *more* are its body, the status and the answer."""
    values: dict[str, Any] = {"query": {}, "operation": None, "body": None, "is_write": method != "GET", **more}
    moment = datetime(2026, 8, 10, tzinfo=UTC)
    return RequestRecord(1, "asana", method, path, query, moment=moment, elapsed=0, **values)


def answered(method: str, path: str, query: str = "", *, status: int = 200, **more: Any) -> list[str]:
    """Return what is told of an answer, without the address in front."""
    record = exchange(method, path, query, status=status, **more)
    return [one.removeprefix(f"{method} {path}: ") for one in untrue_answer(record)]


def asked(method: str, path: str, query: str = "", body: Any = None) -> list[str]:
    """Return what is told of a request, without the address in front."""
    return [one.removeprefix(f"{method} {path}: ") for one in wrong_request(exchange(method, path, query, body=body))]


# Answers.


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", TASK | {"completed": True, "assignee": {"gid": "5", "name": "Ana", "resource_type": "user"}}),
        ("opt_fields=completed_at,due_on", {"gid": "12", "completed_at": "2026-08-10T09:00:00.000Z", "due_on": None}),
        ("opt_fields=assignee.name,custom_fields.type", {"gid": "12", "assignee": None, "custom_fields": []}),
    ],
)
def test_an_answer_as_described_is_true(query: str, shown: dict[str, Any]) -> None:
    assert answered("GET", "/tasks/12", query, answer={"data": shown}) == []


@pytest.mark.parametrize(
    ("shown", "told"),
    [
        ({"completed": "yes"}, "completed: 'yes' is not of type 'boolean'"),
        ({"name": None}, "name: None is not of type 'string'"),
        ({"num_subtasks": 1.5}, "num_subtasks: 1.5 is not of type 'integer'"),
        ({"created_at": "2026-08-10"}, "created_at: '2026-08-10' does not match"),
        ({"due_on": "2026-08-10T09:00:00Z"}, "due_on: '2026-08-10T09:00:00Z' is not valid under any"),
        ({"resource_subtype": "errand"}, "resource_subtype: 'errand' is not one of"),
        ({"followers": {}}, "followers: {} is not of type 'array'"),
        ({"projects": [{"gid": 5}]}, "projects[0].gid: 5 is not of type 'string'"),
        ({"memberships": [{"project": {"gid": "5"}, "row": 1}]}, "memberships[0]: Additional properties"),
        ({"assignee": {"gid": "5", "nick": "an"}}, "assignee: {'gid': '5', 'nick': 'an'} is not valid under any"),
        ({"mood": "fine"}, "the whole: Additional properties are not allowed ('mood' was unexpected)"),
    ],
)
def test_a_value_of_another_type_and_an_unknown_field_are_told_with_their_place(
    shown: dict[str, Any], told: str
) -> None:
    (found,) = answered("GET", "/tasks/12", answer={"data": TASK | shown})
    assert found.startswith(told)


@pytest.mark.parametrize(
    ("fields", "shown", "told"),
    [
        ("name,completed", {"name": "x"}, "does not show ['completed']"),
        ("name", {"name": "x", "notes": ""}, "shows ['notes'], which were not asked for"),
        ("name", {"name": "x", "resource_type": "task"}, "shows ['resource_type'], which were not asked for"),
    ],
)
def test_fields_that_were_asked_for_are_there_and_no_others(fields: str, shown: dict[str, Any], told: str) -> None:
    assert answered("GET", "/tasks/12", f"opt_fields={fields}", answer={"data": {"gid": "12", **shown}}) == [told]


def test_what_asana_may_leave_out_is_not_missed() -> None:
    query = "parent=12&opt_fields=name,size"
    page = {"next_page": None}
    assert answered("GET", "/attachments", query, answer={"data": [{"gid": "3", "name": "a.pdf"}]} | page) == []
    assert answered("GET", "/attachments", query, answer={"data": [{"gid": "3", "size": 9}]} | page) == [
        "does not show ['name']"
    ]


def test_a_list_shows_short_forms_unless_more_is_asked_for() -> None:
    page = {"next_page": None}
    assert answered("GET", "/projects/9/tasks", answer={"data": [TASK, TASK]} | page) == []
    long = {"data": [TASK, TASK | {"completed": True}]} | page
    assert answered("GET", "/projects/9/tasks", answer=long) == ["shows ['completed'], which stand in no short form"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"data": [ENTRY], "next_page": None}, []),
        ({"data": [ENTRY], "next_page": {"offset": "x", "path": "/", "uri": "/"}}, []),
        ({"data": [ENTRY]}, ["is answered without next_page"]),
        ({"next_page": None}, ["is answered without data"]),
        ({"data": [ENTRY], "next_page": None, "total": 1}, ["is answered with ['total']"]),
        ([ENTRY], ["is answered without data"]),
        ("text", ["is answered without data"]),
        (None, ["is answered without data"]),
    ],
)
def test_a_page_is_made_of_data_and_next_page(answer: Any, told: list[str]) -> None:
    assert answered("GET", "/tasks/12/time_tracking_entries", "limit=100", answer=answer) == told


def test_only_lists_with_pages_have_a_next_one() -> None:
    assert answered("GET", "/tasks/12/time_tracking_entries", answer={"data": [ENTRY]}) == []  # nobody asked for pages
    answer = {"data": TASK, "next_page": None}
    assert answered("GET", "/tasks/12", answer=answer) == ["is answered with ['next_page']"]


@pytest.mark.parametrize(("status", "told"), [(201, []), (200, ["is answered with 200, not 201"])])
def test_each_operation_has_its_status(status: int, told: list[str]) -> None:
    answer = {"data": TASK}
    assert answered("POST", "/tasks", body={"data": {"name": "A task"}}, status=status, answer=answer) == told


def test_what_is_deleted_is_answered_with_nothing_in_it() -> None:
    assert answered("DELETE", "/tasks/12", answer={"data": {}}) == []
    (told,) = answered("DELETE", "/tasks/12", answer={"data": {"gid": "12"}})
    assert told.startswith("the whole: Additional properties")


@pytest.mark.parametrize(
    ("status", "answer", "told"),
    [
        (404, ERROR, []),
        (400, ERROR, []),
        (418, ERROR, ["is refused with 418"]),
        (404, {"errors": []}, ["is refused without a reason"]),
        (404, {"errors": ["no"]}, ["errors[0]: 'no' is not of type 'object'"]),
        (404, {"errors": [{"message": 5}]}, ["errors[0].message: 5 is not of type 'string'"]),
        (404, {"error": "no"}, ["the whole: Additional properties", "is refused without a reason"]),
        (404, None, ["the whole: None is not of type 'object'", "is refused without a reason"]),
    ],
)
def test_a_refusal_has_a_known_status_and_a_reason(status: int, answer: Any, told: list[str]) -> None:
    found = answered("GET", "/tasks/12", status=status, answer=answer)
    assert len(found) == len(told)
    assert all(one.startswith(words) for one, words in zip(found, told, strict=True))


def test_of_an_answer_that_never_came_nothing_is_told() -> None:
    assert untrue_answer(exchange("GET", "/tasks/12")) == []


def test_each_result_of_a_batch_is_held_against_its_own_operation() -> None:
    actions = [
        {"method": "get", "relative_path": "/tasks/12", "options": {"fields": ["name"]}},
        {"method": "post", "relative_path": "/tasks", "data": {"name": "x"}},
        {"method": "get", "relative_path": "/tasks/13"},
        {"method": "get", "relative_path": "/tasks/12/subtasks", "options": {"limit": 5}},
    ]
    results = [
        {"status_code": 200, "headers": {}, "body": {"data": {"gid": "12"}}},
        {"status_code": 200, "headers": {}, "body": {"data": TASK}},
        {"status_code": 404, "headers": {}, "body": ERROR},
        {"status_code": 200, "headers": {}, "body": {"data": [TASK]}},
    ]
    assert answered("POST", "/batch", body={"data": {"actions": actions}}, answer={"data": results}) == [
        "get /tasks/12: does not show ['name']",
        "post /tasks: is answered with 200, not 201",
        "get /tasks/12/subtasks: is answered without next_page",
    ]


# Requests.


def test_an_operation_is_known_by_method_and_path() -> None:
    assert operation_of("GET", "/tasks/12") == operation_of("GET", "/tasks/12/") == "GET /tasks/{}"
    assert operation_of("GET", "/tasks/12/subtasks") == "GET /tasks/{}/subtasks"
    assert operation_of("PATCH", "/tasks/12") == operation_of("GET", "/tasks/12/mood") == ""
    assert asked("PATCH", "/tasks/12", body={"data": {}}) == ["is no operation"]


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/tasks", "project=9&limit=100&modified_since=2026-08-10T09:00:00Z&opt_pretty=true", []),
        ("/tasks", "projekt=9", ["has no parameter projekt"]),
        ("/tasks", "limit=all", ["limit cannot be all: it is integer"]),
        ("/tasks", "project=", ["project cannot be : it is string"]),
        ("/tasks", "modified_since=yesterday", ["modified_since cannot be yesterday: it is date-time"]),
        ("/projects", "archived=no", ["archived cannot be no: it is boolean"]),
        ("/time_tracking_entries", "entered_on_end_date=May", ["entered_on_end_date cannot be May: it is date"]),
        ("/memberships", "resource_subtype=project_membership", []),
        ("/memberships", "resource_subtype=friend", ["resource_subtype cannot be friend"]),
        ("/attachments", "parent=12", []),
        ("/attachments", "limit=5", ["lacks parent"]),
        ("/workspaces/1/tasks/search", "custom_fields.77.value=x&limit=5&text=a", []),
        ("/workspaces/1/tasks/search", "mood=fine", ["has no parameter mood"]),
        ("/tasks", "custom_fields.77.value=x", ["has no parameter custom_fields.77.value"]),
    ],
)
def test_parameters_are_known_and_of_their_type(path: str, query: str, told: list[str]) -> None:
    assert asked("GET", path, query) == told


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        (
            "gid,resource_type,name,assignee.gid,assignee.name,custom_fields.enum_value.name,memberships.project.name",
            [],
        ),
        ("nam", ["has no field nam in opt_fields (Task)"]),
        ("assignee.nam", ["has no field nam in opt_fields (User)"]),
        ("custom_fields.enum_value.nam", ["has no field nam in opt_fields (EnumOption)"]),
        ("gid.name", ["has no field gid in opt_fields (Task)"]),
    ],
)
def test_fields_that_are_asked_for_exist_at_every_depth(fields: str, told: list[str]) -> None:
    assert asked("GET", "/tasks/12", f"opt_fields={fields}") == told


@pytest.mark.parametrize(
    ("method", "path", "body", "told"),
    [
        ("PUT", "/tasks/12", {"data": {"name": "x", "due_on": None, "custom_fields": {"77": 2.5}}}, []),
        ("PUT", "/tasks/12", {"data": {"name": 5}}, ["name: 5 is not of type 'string'"]),
        ("PUT", "/tasks/12", {"data": {"nam": "x"}}, ["the whole: Additional properties"]),
        ("PUT", "/tasks/12", {"data": {"created_at": "2026-08-10T09:00:00Z"}}, ["the whole: Additional properties"]),
        ("PUT", "/tasks/12", {"name": "x"}, ["the body is not made of data and options"]),
        ("PUT", "/tasks/12", None, ["the body is not made of data and options"]),
        ("PUT", "/tasks/12", {}, ["the whole: None is not of type 'object'"]),
        ("POST", "/tasks/12/setParent", {"data": {"parent": None}}, []),
        ("POST", "/tasks/12/setParent", {"data": {}}, ["the whole: 'parent' is a required property"]),
        ("POST", "/tasks/12/addProject", {"data": {"section": None}}, ["the whole: 'project' is a required property"]),
        ("DELETE", "/tasks/12", None, []),
        ("DELETE", "/tasks/12", {"data": {"gid": "12"}}, ["takes no body"]),
        ("POST", "/attachments", {"data": "a form"}, []),
    ],
)
def test_a_body_has_what_it_needs_and_nothing_that_cannot_be_set(
    method: str, path: str, body: Any, told: list[str]
) -> None:
    found = asked(method, path, body=body)
    assert len(found) == len(told)
    assert all(one.startswith(words) for one, words in zip(found, told, strict=True))
