"""Parents, projects, sections and the trash."""

from __future__ import annotations

from datetime import timedelta

import pytest


@pytest.fixture
def home(state):
    return state.add_project("Home", sections=["First", "Second"])


@pytest.fixture
def chain(state):
    """Return a task with five levels of subtasks, the deepest last."""
    tasks = [state.add_task("level 0")]
    for level in range(1, 6):
        tasks.append(state.add_task(f"level {level}", parent=tasks[-1]))
    return tasks


def names(tasks):
    return [task["name"] for task in tasks]


# Depth and cycles


def test_subtasks_are_nested_five_levels_deep_and_no_deeper(http, state, chain):
    body = {"data": {"name": "level 6"}}
    assert http.post(f"/tasks/{chain[5].gid}/subtasks", json=body).status_code == 400
    assert http.post(f"/tasks/{chain[4].gid}/subtasks", json=body).status_code == 201
    body["data"]["parent"] = chain[5].gid
    assert http.post("/tasks", json=body).status_code == 400


def test_a_tree_is_moved_with_all_its_levels(refused, write, state, chain):
    other = state.add_task("other")
    body = {"data": {"parent": other.gid}}
    assert refused("POST", f"/tasks/{chain[0].gid}/setParent", body)[0] == 400
    assert write("POST", f"/tasks/{chain[1].gid}/setParent", parent=other.gid)["parent"]["gid"] == other.gid


@pytest.mark.parametrize("target", [0, 1, 3])
def test_a_task_cannot_get_below_itself(refused, chain, target):
    status, message = refused("POST", f"/tasks/{chain[0].gid}/setParent", {"data": {"parent": chain[target].gid}})
    assert status == 400
    assert message.startswith("parent: Cannot set the parent")
    assert chain[0].parent is None


def test_a_parent_can_be_full(refused, options, state):
    parent, child = state.add_task("parent"), state.add_task("child")
    state.add_task("first", parent=parent)
    options.max_subtasks = 1
    assert refused("POST", f"/tasks/{child.gid}/setParent", {"data": {"parent": parent.gid}})[0] == 400


# Order


@pytest.mark.parametrize(
    ("place", "order"),
    [
        ({}, ["a", "b", "c", "new"]),
        ({"insert_after": None}, ["new", "a", "b", "c"]),
        ({"insert_before": None}, ["a", "b", "c", "new"]),
        ({"insert_after": "a"}, ["a", "new", "b", "c"]),
        ({"insert_before": "a"}, ["new", "a", "b", "c"]),
    ],
)
def test_a_subtask_is_put_at_its_place(get, write, state, place, order):
    parent, new = state.add_task("parent"), state.add_task("new")
    gids = {name: state.add_task(name, parent=parent).gid for name in "abc"}
    write("POST", f"/tasks/{new.gid}/setParent", parent=parent.gid, **{k: gids.get(v) for k, v in place.items()})
    assert names(get(f"/tasks/{parent.gid}/subtasks")) == order


def test_an_anchor_must_be_a_subtask_of_the_parent_and_only_one_is_allowed(refused, state):
    parent, new, other = state.add_task("parent"), state.add_task("new"), state.add_task("other")
    child = state.add_task("child", parent=parent)
    path = f"/tasks/{new.gid}/setParent"
    for place in (
        {"insert_after": other.gid},
        {"insert_before": new.gid},
        {"insert_after": child.gid, "insert_before": child.gid},
        {"insert_after": "4711"},
    ):
        assert refused("POST", path, {"data": {"parent": parent.gid} | place})[0] == 400
    assert refused("POST", path, {"data": {"parent": None, "insert_after": child.gid}})[0] == 400
    assert refused("POST", path, {"data": {}}) == (400, "parent: Missing input")
    assert refused("POST", f"/tasks/{child.gid}/setParent", {"data": {"parent": parent.gid, "insert_after": child.gid}})
    assert new.parent is None


def test_null_detaches_and_moves_no_stamp(write, state, clock):
    parent = state.add_task("parent")
    child = state.add_task("child", parent=parent)
    before = child.modified_at, parent.modified_at
    clock.advance(minutes=1)
    assert write("POST", f"/tasks/{child.gid}/setParent", parent=None)["parent"] is None
    assert (child.modified_at, parent.modified_at) == before
    assert list(parent.subtasks) == []


def test_moving_can_count_as_a_change(write, options, state, clock, home):
    task = state.add_task("task")
    before = task.modified_at
    options.project_change_touches = True
    clock.advance(minutes=1)
    write("POST", f"/tasks/{task.gid}/addProject", project=home.gid)
    assert task.modified_at > before


def test_a_change_of_a_subtask_is_no_change_of_its_parent(write, state, clock):
    parent = state.add_task("parent")
    child = state.add_task("child", parent=parent)
    before = parent.modified_at
    clock.advance(minutes=1)
    write("PUT", f"/tasks/{child.gid}", name="renamed")
    assert parent.modified_at == before < child.modified_at


# Projects and sections


def test_a_project_lists_its_direct_members_only_in_section_order(get, write, state, home):
    second = state.add_task("second", section=home.sections[1])
    first = state.add_task("first", project=home)
    state.add_task("child", parent=first)
    assert names(get("/tasks", project=home.gid)) == ["first", "second"]
    write("POST", f"/tasks/{first.gid}/addProject", project=home.gid, insert_after=second.gid)
    assert names(get(f"/projects/{home.gid}/tasks")) == ["second", "first"]
    assert names(get(f"/sections/{home.sections[1].gid}/tasks")) == ["second", "first"]
    write("POST", f"/tasks/{first.gid}/addProject", project=home.gid, section=home.sections[1].gid, insert_after=None)
    assert names(get("/tasks", section=home.sections[1].gid)) == ["first", "second"]


def test_a_task_comes_to_the_top_of_a_section(get, write, state, home):
    for name in ("a", "b"):
        task = state.add_task(name)
        write("POST", f"/sections/{home.sections[0].gid}/addTask", task=task.gid)
    assert names(get("/tasks", project=home.gid)) == ["b", "a"]


def test_a_section_belongs_to_its_project(refused, state, home):
    other = state.add_project("Other")
    task = state.add_task("task")
    body = {"data": {"project": home.gid, "section": other.sections[0].gid}}
    assert refused("POST", f"/tasks/{task.gid}/addProject", body)[0] == 400
    membership = {"project": home.gid, "section": other.sections[0].gid}
    assert refused("POST", "/tasks", {"data": {"memberships": [membership]}})[0] == 400
    assert refused("POST", f"/tasks/{task.gid}/addProject", {"data": {}}) == (400, "project: Missing input")


def test_a_create_chooses_its_section(write, home):
    place = {"project": home.gid, "section": home.sections[1].gid}
    made = write("POST", "/tasks", name="x", projects=[home.gid], memberships=[place])
    assert [one["section"]["name"] for one in made["memberships"]] == ["Second"]


def test_a_task_is_in_twenty_projects_at_most(refused, write, state, home):
    projects = [state.add_project(f"P{number}") for number in range(20)]
    task = write("POST", "/tasks", name="wide", projects=[project.gid for project in projects])
    assert refused("POST", f"/tasks/{task['gid']}/addProject", {"data": {"project": home.gid}})[0] == 400
    write("POST", f"/tasks/{task['gid']}/addProject", project=projects[0].gid)
    body = {"data": {"projects": [project.gid for project in [*projects, home]]}}
    assert refused("POST", "/tasks", body)[0] == 400


def test_a_removed_task_stays_in_being_and_a_deleted_project_lets_its_tasks_go(get, write, state, home):
    task = state.add_task("task", project=home)
    write("POST", f"/tasks/{task.gid}/removeProject", project=home.gid)
    write("POST", f"/tasks/{task.gid}/removeProject", project=home.gid)
    assert get(f"/tasks/{task.gid}")["projects"] == []
    state.move_task(task, project=home)
    state.delete_project(home)
    assert get(f"/tasks/{task.gid}")["projects"] == []


# The trash


@pytest.mark.parametrize(
    ("fate", "child_is_there", "has_parent"),
    [("deleted", False, True), ("orphaned", True, False), ("kept", True, True)],
)
def test_the_fate_of_subtasks_of_a_deleted_task(http, options, state, home, fate, child_is_there, has_parent):
    options.children_of_deleted = fate
    parent = state.add_task("parent", project=home)
    child = state.add_task("child", parent=parent, project=home)
    grandchild = state.add_task("grandchild", parent=child)
    assert http.delete(f"/tasks/{parent.gid}").json() == {"data": {}}
    answer = http.get(f"/tasks/{child.gid}")
    assert (answer.status_code == 200) is child_is_there
    assert (http.get(f"/tasks/{grandchild.gid}").status_code == 200) is child_is_there
    assert (child.parent is not None) is has_parent
    assert [task.name for task in state.tasks_in(home)] == (["child"] if child_is_there else [])


@pytest.mark.parametrize("status", [404, 403, 200])
def test_reading_a_task_in_the_trash(http, options, state, home, status):
    options.trashed_task = status
    task = state.add_task("task", project=home)
    state.delete_task(task)
    assert http.get(f"/tasks/{task.gid}").status_code == status
    assert http.get("/tasks", params={"project": home.gid}).json()["data"] == []
    assert http.put(f"/tasks/{task.gid}", json={"data": {"name": "x"}}).status_code == (403 if status == 403 else 404)
    assert http.delete(f"/tasks/{task.gid}").status_code == (403 if status == 403 else 404)


def test_a_task_in_the_trash_is_unknown_in_a_body(refused, state):
    gone, task = state.add_task("gone"), state.add_task("task")
    state.delete_task(gone)
    body = {"data": {"parent": gone.gid}}
    assert refused("POST", f"/tasks/{task.gid}/setParent", body) == (400, f"parent: Unknown object: {gone.gid}")


def test_a_person_restores_a_task_with_what_went_along(get, state, home):
    parent = state.add_task("parent", project=home)
    child = state.add_task("child", parent=parent)
    earlier = state.add_task("deleted earlier", parent=parent)
    state.delete_task(earlier)
    state.delete_task(parent)
    state.restore_task(parent)
    assert names(get("/tasks", project=home.gid)) == ["parent"]
    assert names(get(f"/tasks/{parent.gid}/subtasks")) == ["child"]
    assert child.trashed is None
    with pytest.raises(ValueError, match="is not in the trash"):
        state.restore_task(parent)


def test_after_thirty_days_nothing_brings_a_task_back(http, options, state, clock):
    options.trashed_task = 200
    task = state.add_task("task")
    state.delete_task(task)
    clock.advance(days=29)
    assert http.get(f"/tasks/{task.gid}").status_code == 200
    clock.set(task.trashed.at + timedelta(days=30))
    assert http.get(f"/tasks/{task.gid}").status_code == 404
    with pytest.raises(ValueError, match="more than 30 days ago"):
        state.restore_task(task)


def test_num_subtasks_counts_what_is_not_in_the_trash(get, state):
    parent = state.add_task("parent")
    for name in "abc":
        state.add_task(name, parent=parent, separator=name == "a")
    state.delete_task(state.find_task("c"))
    assert get(f"/tasks/{parent.gid}", opt_fields="num_subtasks")["num_subtasks"] == 2
    shown = get(f"/tasks/{parent.gid}/subtasks", opt_fields="is_rendered_as_separator")
    assert [one["is_rendered_as_separator"] for one in shown] == [True, False]
