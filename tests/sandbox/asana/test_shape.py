"""Short records, full records, and the fields a client asks for."""

from __future__ import annotations

import pytest

from sandbox.asana.api.shape import asked_fields


@pytest.fixture
def task(state):
    home = state.add_project("Home", fields=[state.add_field("Hours", "number", precision=2)])
    parent = state.add_task("parent", project=home)
    return state.add_task("task", parent=parent, project=home, assignee=state.me, notes="n", fields={"Hours": 1.5})


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("name", {"name": {}}),
        ("name,assignee.name", {"name": {}, "assignee": {"name": {}}}),
        ("this.(followers|assignee).email", {"followers": {"email": {}}, "assignee": {"email": {}}}),
        ("a,a.b, a.c", {"a": {"b": {}, "c": {}}}),
        ("", {}),
    ],
)
def test_paths_are_read_as_a_tree(text, tree):
    assert asked_fields(text) == tree


def test_a_list_shows_short_records(get, task):
    (shown,) = get(f"/tasks/{task.parent.gid}/subtasks")
    assert shown == {"gid": task.gid, "resource_type": "task", "name": "task", "resource_subtype": "default_task"}


def test_a_single_record_is_full_but_for_what_is_opt_in(get, task):
    shown = get(f"/tasks/{task.gid}")
    assert shown["assignee"] == {"gid": task.assignee.gid, "resource_type": "user", "name": "CSH Sync"}
    assert shown["parent"]["name"] == "parent"
    assert {"html_notes", "num_subtasks", "created_by", "dependencies", "is_rendered_as_separator"}.isdisjoint(shown)
    assert {"notes", "memberships", "custom_fields", "permalink_url", "modified_at"} <= shown.keys()


def test_only_what_is_asked_for_comes_with_the_gid_and_unknown_names_are_ignored(get, task):
    shown = get(f"/tasks/{task.gid}", opt_fields="naem,assignee.email,parent,html_notes,num_subtasks,created_by.name")
    assert shown == {
        "gid": task.gid,
        "created_by": {"gid": task.created_by.gid},
        "assignee": {"gid": task.assignee.gid, "email": "csh-sync@acme.example"},
        "html_notes": "<body>n</body>",
        "parent": {"gid": task.parent.gid, "resource_type": "task"},
        "num_subtasks": 0,
    }


def test_parts_without_a_gid_are_shown_whole_when_asked_by_their_bare_name(get, task):
    shown = get(f"/tasks/{task.gid}", opt_fields="memberships,custom_fields")
    assert shown["memberships"][0]["project"]["name"] == "Home"
    assert shown["custom_fields"][0]["number_value"] == 1.5
    shown = get(f"/tasks/{task.gid}", opt_fields="memberships.project.name,custom_fields.number_value")
    assert shown["memberships"] == [{"project": {"gid": task.projects[0].gid, "name": "Home"}}]
    assert shown["custom_fields"] == [{"gid": task.projects[0].settings[0].field.gid, "number_value": 1.5}]


def test_deep_paths_reach_through_parents(get, task):
    shown = get(f"/tasks/{task.gid}", opt_fields="parent.memberships.section.name")
    assert shown["parent"]["memberships"][0]["section"]["name"] == "Untitled section"


def test_fields_can_be_asked_for_in_the_body(http, task):
    body = {"data": {"name": "renamed"}, "options": {"fields": ["name", "assignee.name"]}}
    shown = http.put(f"/tasks/{task.gid}", json=body).json()["data"]
    assert shown == {
        "gid": task.gid,
        "name": "renamed",
        "assignee": {"gid": task.assignee.gid, "name": "CSH Sync"},
    }


def test_a_python_list_as_opt_fields_names_nothing(get, task):
    assert get(f"/tasks/{task.gid}", opt_fields="['name', 'notes']") == {"gid": task.gid}


def test_stamps_have_milliseconds_and_links_end_in_the_gid(get, task):
    shown = get(f"/tasks/{task.gid}")
    assert shown["created_at"].endswith("Z")
    assert len(shown["created_at"]) == len("2012-02-22T02:06:58.147Z")
    assert shown["permalink_url"].rsplit("/", 1)[1] == task.gid


def test_a_new_record_says_where_it_is(http, state):
    answer = http.post("/tasks", json={"data": {"workspace": state.workspace.gid}})
    assert answer.status_code == 201
    assert http.get(answer.headers["Location"]).json()["data"]["gid"] == answer.json()["data"]["gid"]
    assert answer.headers["Content-Type"] == "application/json; charset=UTF-8"
