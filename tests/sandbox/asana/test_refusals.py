"""The played Asana's refusals, family by family, in Asana's words; a refused write changes nothing."""

from __future__ import annotations

import copy
from datetime import date

import pytest


@pytest.fixture
def home(state):
    return state.add_project("Home", fields=[state.add_field("GitHub Hours", "number", precision=2)])


@pytest.fixture
def task(state, home):
    return state.add_task("task", project=home)


def test_a_wrong_or_missing_token_is_refused(http, refused):
    http.headers["Authorization"] = "Bearer nonsense"
    assert refused("GET", "/users/me") == (401, "Not Authorized")
    del http.headers["Authorization"]
    assert refused("GET", "/users/me") == (401, "Not Authorized")


@pytest.mark.parametrize(("method", "path"), [("GET", "/nothing"), ("PATCH", "/tasks/1"), ("PUT", "/tasks")])
def test_an_unknown_path_and_a_wrong_method_are_404(refused, method, path):
    assert refused(method, path)[0] == 404


@pytest.mark.parametrize("content", [b"{", b'{"data": NaN}', b'{"data": {"name": "\\ud800"}}', b"[1]", b"\xff"])
def test_a_body_that_is_no_json_is_refused(http, content):
    response = http.post("/tasks", content=content)
    assert response.status_code == 400
    assert response.json()["errors"][0]["message"] == "Could not parse request data, invalid JSON"


def test_a_property_outside_data_is_refused(refused):
    status, message = refused("POST", "/tasks", {"name": "x", "data": {}})
    assert status == 400
    assert message.startswith("Unrecognized request field name . The only allowed keys at the top level are: data")


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/tasks/abc", 400, "task: Not a recognized ID: abc"),
        ("/tasks/external:7", 400, "task: Not a recognized ID: external:7"),
        ("/tasks/4711", 404, "task: Unknown object: 4711"),
        ("/projects/4711/tasks", 404, "project: Unknown object: 4711"),
        ("/portfolios/4711/items", 404, "portfolio: Unknown object: 4711"),
        ("/workspaces/4711/users", 404, "workspace: Unknown object: 4711"),
        ("/custom_fields/4711", 404, "custom_field: Unknown object: 4711"),
        ("/users/4711", 404, "user: Unknown object: 4711"),
        ("/users/nobody", 400, "user: Not a recognized ID: nobody"),
        ("/tasks?project=4711", 400, "project: Unknown object: 4711"),
        ("/tasks?project=x", 400, "project: Not a recognized ID: x"),
        ("/attachments", 400, "parent: Missing input"),
        ("/tasks?assignee=me", 400, "workspace: Missing input"),
    ],
)
def test_things_that_are_not_there(refused, path, status, message):
    assert refused("GET", path) == (status, message)


@pytest.mark.parametrize("query", ["", "?project=1&section=2", "?project=1&assignee=me&workspace=2"])
def test_a_list_of_tasks_needs_exactly_one_filter(refused, query):
    assert refused("GET", f"/tasks{query}")[0] == 400


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "You should specify one of workspace, parent, projects"),
        ({"parent": "4711"}, "parent: Unknown object: 4711"),
        ({"parent": 4711}, "parent: Not a valid GID type: number"),
        ({"projects": ["x"]}, "projects: [0]: Not a recognized ID: x"),
        ({"projects": ["4711"]}, "projects: [0]: Unknown object: 4711"),
        ({"memberships": [{"section": "1"}]}, "memberships: [0]: project: Missing required field"),
        ({"assignee": "nobody@acme.example"}, "assignee: Not a user in Organization: nobody@acme.example"),
        ({"assignee": "4711"}, "assignee: Not a user in Organization: 4711"),
        ({"followers": ["4711"]}, "followers: Not a user in Organization: 4711"),
        ({"completed": "yes"}, "completed: Value is not a boolean: yes"),
        ({"name": 7}, "name: Value is not a string: 7"),
        ({"due_on": "5 May"}, "due_on: Date must be in ISO-8601 (yyyy-mm-dd) format, not: 5 May"),
        ({"due_on": "20260505"}, "due_on: Date must be in ISO-8601 (yyyy-mm-dd) format, not: 20260505"),
        (
            {"due_on": "2026-05-05", "due_at": "2026-05-05T00:00:00Z"},
            "You may only provide one of due_on or due_at!",
        ),
        ({"html_notes": "plain"}, "Rich text should be wrapped in <body> tag."),
        ({"html_notes": ""}, "Rich text should be wrapped in <body> tag."),
        ({"created_at": "2026-05-05T00:00:00Z"}, "created_at: Cannot write this property"),
        ({"actual_time_minutes": 5}, "actual_time_minutes: Cannot write this property"),
        ({"resource_subtype": "section"}, "resource_subtype: Not a valid subtype: section"),
    ],
)
def test_a_create_that_asks_for_too_little_or_for_nonsense(refused, state, data, message):
    body = data if "projects" in data or "parent" in data or not data else data | {"workspace": state.workspace.gid}
    assert refused("POST", "/tasks", {"data": body}) == (400, message)
    assert state.tasks == {}


def test_a_workspace_that_is_no_organisation_says_so(refused, state):
    state.workspace.is_organization = False
    body = {"data": {"workspace": state.workspace.gid, "assignee": "4711"}}
    assert refused("POST", "/tasks", body) == (400, "assignee: Not a user in Workspace: 4711")


def test_a_person_who_left_cannot_be_assigned_a_guest_can(refused, write, state, task):
    guest = state.add_user("Guest", "guest@other.example", guest=True)
    gone = state.add_user("Gone", "gone@acme.example")
    state.deactivate_user(gone)
    assert write("PUT", f"/tasks/{task.gid}", assignee=guest.gid)["assignee"]["name"] == "Guest"
    body = {"data": {"assignee": "gone@acme.example"}}
    message = "assignee: Not a user in Organization: gone@acme.example"
    assert refused("PUT", f"/tasks/{task.gid}", body) == (400, message)


@pytest.mark.parametrize("name", ["projects", "memberships", "tags", "followers", "workspace", "permalink_url"])
def test_what_only_a_create_can_set_cannot_be_updated(refused, task, name):
    assert refused("PUT", f"/tasks/{task.gid}", {"data": {name: []}}) == (400, f"{name}: Cannot write this property")


def test_a_parent_is_not_set_by_an_update(refused, task):
    status, message = refused("PUT", f"/tasks/{task.gid}", {"data": {"parent": None}})
    assert status == 400
    assert "setParent" in message


@pytest.mark.parametrize(
    "wrong",
    [
        {"html_notes": "<body><p>x</p></body>"},
        {"assignee": "4711"},
        {"custom_fields": {"4711": 1}},
        {"due_on": "x"},
        {"start_on": "2026-01-01"},
        {"completed": 1},
    ],
)
def test_a_refused_update_changes_nothing(refused, state, home, task, wrong):
    field = home.settings[0].field
    state.edit_field(task, field, 1.5)
    before = copy.copy(task.values), task.name, task.rich, task.modified_at, len(task.stories), task.completed_at
    right = {"name": "other", "notes": "other", "custom_fields": {field.gid: 2}, "completed": True}
    body = right | wrong
    if "custom_fields" in wrong:
        body["custom_fields"] = right["custom_fields"] | wrong["custom_fields"]
    if "html_notes" in wrong:
        del body["notes"]
    assert refused("PUT", f"/tasks/{task.gid}", {"data": body})[0] == 400
    after = task.values, task.name, task.rich, task.modified_at, len(task.stories), task.completed_at
    assert after == before


@pytest.mark.parametrize(
    ("data", "fine"),
    [
        ({"start_on": "2026-01-01"}, False),
        ({"start_on": "2026-01-01", "due_on": "2026-01-05"}, True),
        ({"start_on": "2026-01-06", "due_on": "2026-01-05"}, False),
        ({"start_on": None, "due_on": "2026-01-05"}, True),
        ({"start_at": "2026-01-01T00:00:00Z", "due_on": "2026-01-05"}, False),
    ],
)
def test_a_start_needs_a_due_date_in_the_same_request(http, task, data, fine):
    task.due_on = date(2026, 2, 2)
    assert (http.put(f"/tasks/{task.gid}", json={"data": data}).status_code == 200) is fine


def test_a_moment_also_gives_the_day_and_no_due_date_takes_the_start(write, task):
    made = write("PUT", f"/tasks/{task.gid}", start_on="2026-01-01", due_at="2026-01-05T10:30:00+02:00")
    assert (made["due_on"], made["due_at"]) == ("2026-01-05", "2026-01-05T08:30:00.000Z")
    made = write("PUT", f"/tasks/{task.gid}", due_on=None)
    assert (made["due_on"], made["due_at"], made["start_on"]) == (None, None, None)


@pytest.mark.parametrize(("name", "limit"), [("name", "name_limit"), ("notes", "notes_limit")])
def test_too_long_texts_are_refused_unless_there_is_no_limit(http, options, task, name, limit):
    text = "x" * (getattr(options, limit) + 1)
    assert http.put(f"/tasks/{task.gid}", json={"data": {name: text[1:]}}).status_code == 200
    assert http.put(f"/tasks/{task.gid}", json={"data": {name: text}}).status_code == 400
    setattr(options, limit, None)
    assert http.put(f"/tasks/{task.gid}", json={"data": {name: text}}).status_code == 200


def test_notes_and_markup_together_keep_the_markup_and_null_clears(write, get, task):
    write("PUT", f"/tasks/{task.gid}", notes="plain", html_notes="<body><u>rich</u></body>")
    assert get(f"/tasks/{task.gid}", opt_fields="html_notes")["html_notes"] == "<body><u>rich</u></body>"
    assert write("PUT", f"/tasks/{task.gid}", html_notes=None)["notes"] == ""
    assert get(f"/tasks/{task.gid}", opt_fields="html_notes")["html_notes"] == "<body></body>"


def test_unknown_properties_inside_data_are_ignored(write, task):
    assert write("PUT", f"/tasks/{task.gid}", nmae="typo")["name"] == "task"


def test_things_the_token_may_not_see_are_forbidden_when_named_and_missing_in_lists(refused, get, state, home, task):
    other = state.add_project("Other")
    portfolio = state.add_portfolio("Active")
    for item in (home, other):
        state.add_to_portfolio(portfolio, item)
    both = state.add_task("both", project=home)
    state.move_task(both, project=other)
    state.deny(home)
    assert refused("GET", f"/projects/{home.gid}") == (403, "You do not have access to this project.")
    assert refused("GET", f"/tasks?project={home.gid}") == (403, "You do not have access to this project.")
    assert refused("GET", f"/tasks/{task.gid}") == (403, "You do not have access to this task.")
    assert [one["gid"] for one in get(f"/portfolios/{portfolio.gid}/items")] == [other.gid]
    assert [one["gid"] for one in get(f"/tasks/{both.gid}")["projects"]] == [other.gid]
    body = {"data": {"project": home.gid}}
    assert refused("POST", f"/tasks/{both.gid}/addProject", body)[0] == 403
    state.allow(home)
    assert get(f"/tasks/{task.gid}")["name"] == "task"


def test_a_denied_project_can_also_look_empty(get, options, state, home, task):
    state.deny(home)
    options.denied_lists = "empty"
    assert get("/tasks", project=home.gid) == []
    assert get(f"/projects/{home.gid}/tasks") == []


def test_a_deleted_field_is_forbidden_not_unknown(refused, state, home):
    field = home.settings[0].field
    state.delete_field(field)
    assert refused("GET", f"/custom_fields/{field.gid}")[0] == 403


@pytest.mark.parametrize(
    ("switch", "method", "path", "data", "message"),
    [
        ("has_custom_fields", "GET", "/projects/{home}/custom_field_settings", None, "Custom Field Settings are not"),
        ("has_custom_fields", "POST", "/custom_fields", {"name": "x"}, "Custom Fields are not available"),
        ("has_custom_fields", "PUT", "/tasks/{task}", {"custom_fields": {}}, "Custom Fields are not available"),
        ("has_search", "GET", "/workspaces/{workspace}/tasks/search", None, "Search is only available to premium"),
        ("has_time_tracking", "GET", "/tasks/{task}/time_tracking_entries", None, "Time Tracking is only available"),
        ("has_time_tracking", "GET", "/time_tracking_entries?user=me", None, "Time Tracking is only available"),
    ],
)
def test_what_the_plan_does_not_include_is_402(
    refused, options, state, home, task, switch, method, path, data, message
):
    setattr(options, switch, False)
    place = path.format(home=home.gid, task=task.gid, workspace=state.workspace.gid)
    status, told = refused(method, place, None if data is None else {"data": data})
    assert status == 402
    assert told.startswith(message)


def test_a_free_workspace_shows_no_field_values(get, options, state, task):
    state.edit_field(task, "GitHub Hours", 2)
    options.has_custom_fields = False
    assert get(f"/tasks/{task.gid}")["custom_fields"] == []


def test_every_answer_can_announce_a_change(http, options):
    options.asana_change = "name=new_goal_memberships;info=https://forum.asana.com/t/1;affected=true"
    assert http.get("/users/me").headers["Asana-Change"] == options.asana_change
