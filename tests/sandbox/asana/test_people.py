"""What people do by hand, between two requests too, and what search finds of it."""

from __future__ import annotations

from datetime import date

import pytest

from sandbox.core import Person, Twice


@pytest.fixture
def home(state):
    return state.add_project("Home", fields=[state.add_field("URL"), state.add_field("Hours", "number", precision=2)])


@pytest.fixture
def search(get, state):
    def find(**query):
        found = get(f"/workspaces/{state.workspace.gid}/tasks/search", **query)
        return [task["name"] for task in found]

    return find


def test_two_worlds_built_alike_have_the_same_gids(service, state):
    twin = type(service)(service.clock, lambda: "").state
    for world in (state, twin):
        project = world.add_project("P", fields=[world.add_field("F")])
        world.add_task("t", project=project)
    assert list(state.tasks) == list(twin.tasks)
    assert all(gid.isdigit() for gid in state.tasks)


def test_a_hand_made_task_with_time_is_found_below_its_parent(get, state, home):
    ann = state.add_user("Ann", "ann@acme.example")
    parent = state.add_task("Community Success Hours", project=home)
    task = state.add_task("Workshop", parent=parent, by=ann, assignee=ann, due_on=date(2026, 3, 1))
    state.log_minutes(task, 120, date(2026, 2, 1), by=ann)
    (shown,) = get(f"/tasks/{parent.gid}/subtasks", opt_fields="created_by.name,actual_time_minutes,due_on,projects")
    assert shown == {
        "gid": task.gid,
        "created_by": {"gid": ann.gid},
        "actual_time_minutes": 120,
        "due_on": "2026-03-01",
        "projects": [],
    }


def test_a_duplicate_has_the_fields_and_the_place_but_no_comments_and_no_time(get, state, home):
    old = state.add_task("old", project=home, notes="n", fields={"URL": "https://x.org", "Hours": 2})
    child = state.add_task("child", parent=old)
    state.comment_on(old, "hello")
    state.log_minutes(old, 30, date(2026, 1, 5))
    new = state.duplicate_task(old, "Duplicate of old", subtasks=True)
    shown = get(f"/tasks/{new.gid}")
    assert shown["name"] == "Duplicate of old"
    assert [one["display_value"] for one in shown["custom_fields"]] == ["https://x.org", "2.00"]
    assert (shown["notes"], shown["actual_time_minutes"], state.comments(new)) == ("n", None, [])
    (copied,) = new.subtasks
    assert (copied.name, copied is child) == ("child", False)
    assert list(old.subtasks) == [child]


def test_a_person_moves_completes_renames_and_describes(state, home):
    other = state.add_project("Other", sections=["A", "B"])
    parent, task = state.add_task("parent"), state.add_task("task", project=home)
    state.move_task(task, parent=parent, section=other.sections[1])
    state.remove_task_from_project(task, home)
    state.complete_task(task)
    state.complete_task(task, done=False)
    state.rename_task(task, "renamed")
    state.edit_notes(task, html_notes="<body><i>x</i></body>")
    state.assign_task(task, "me")
    assert (task.parent, task.projects, task.memberships[0].section.name) == (parent, [other], "B")
    assert (task.completed_at, task.name, task.rich.html) == (None, "renamed", "<body><em>x</em></body>")
    state.detach_task(task)
    state.assign_task(task, None)
    assert (task.parent, task.assignee) == (None, None)
    with pytest.raises(ValueError, match="below itself"):
        state.move_task(parent, parent=parent)


def test_unknown_names_are_errors_of_the_test(state, home):
    with pytest.raises(KeyError):
        state.rename_task("4711", "x")
    with pytest.raises(KeyError, match="no user"):
        state.add_task("x", assignee="nobody@acme.example")
    state.add_task("twin")
    state.add_task("twin")
    with pytest.raises(KeyError, match="2 tasks are called"):
        state.find_task("twin")


def test_a_person_acts_between_two_requests(http, sandbox, state, home):
    task = state.add_task("task", project=home)
    sandbox.faults.add(Person(lambda: state.rename_task(task, "by hand"), "after"), service="asana", times=1)
    assert http.get(f"/tasks/{task.gid}").json()["data"]["name"] == "task"
    assert http.get(f"/tasks/{task.gid}").json()["data"]["name"] == "by hand"


def test_a_create_delivered_twice_makes_two_tasks(http, sandbox, state, home):
    sandbox.faults.add(Twice(), service="asana", method="POST")
    made = http.post("/tasks", json={"data": {"name": "once", "projects": [home.gid]}}).json()["data"]
    assert state.tasks_in(home)[0].gid == made["gid"]
    assert [task.name for task in state.tasks_in(home)] == ["once", "once"]


# Search


def test_search_finds_a_task_only_after_a_while(search, state, clock, home):
    state.add_task("new", project=home)
    assert search(**{"projects.any": home.gid}) == []
    clock.advance(seconds=31)
    assert search(**{"projects.any": home.gid}) == ["new"]
    state.delete_task(state.find_task("new"))
    assert search(**{"projects.any": home.gid}) == ["new"]
    clock.advance(seconds=31)
    assert search(**{"projects.any": home.gid}) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "ALPHA"}, ["alpha"]),
        ({"completed": "true"}, ["beta"]),
        ({"is_subtask": "true"}, ["gamma"]),
        ({"assignee.any": "me"}, ["beta"]),
        ({"custom_fields.{url}.value": "https://x.org/1"}, ["alpha"]),
        ({"custom_fields.{url}.is_set": "true"}, ["alpha"]),
        ({"custom_fields.{url}.is_set": "false"}, ["beta", "gamma"]),
        ({"custom_fields.{url}.contains": "x.org"}, ["alpha"]),
        ({"custom_fields.{url}.starts_with": "http"}, ["alpha"]),
        ({"custom_fields.{url}.ends_with": "/2"}, []),
        ({"custom_fields.{hours}.greater_than": "1"}, ["beta"]),
        ({"custom_fields.{hours}.less_than": "x"}, []),
        ({"custom_fields.{hours}.value": "2.0"}, ["beta"]),
        ({"nonsense": "x", "limit": "2"}, ["alpha", "beta"]),
    ],
)
def test_search_filters_and_ignores_what_it_does_not_know(search, state, clock, home, query, found):
    url, hours = (setting.field.gid for setting in home.settings)
    parent = state.add_task("alpha", project=home, fields={"URL": "https://x.org/1"})
    state.add_task("beta", project=home, completed=True, assignee="me", fields={"Hours": 2})
    state.add_task("gamma", parent=parent)
    clock.advance(minutes=1)
    asked = {name.format(url=url, hours=hours): value for name, value in query.items()}
    assert search(sort_by="created_at", sort_ascending="true", **asked) == found


def test_search_by_time_and_its_refusals(search, refused, state, clock, home):
    state.add_task("early")
    clock.advance(minutes=5)
    middle = state.now().isoformat()
    clock.advance(minutes=5)
    state.add_task("late")
    clock.advance(minutes=5)
    assert search(**{"created_at.after": middle}) == ["late"]
    assert search(**{"created_at.before": middle}) == ["early"]
    place = f"/workspaces/{state.workspace.gid}/tasks/search"
    assert refused("GET", place, sort_by="name")[0] == 400
    assert refused("GET", place, limit="101")[0] == 400
