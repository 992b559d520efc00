"""What the token's user may do in projects and portfolios."""

from __future__ import annotations

import pytest


@pytest.fixture
def home(state):
    return state.add_project("Home")


def test_the_user_is_an_editor_unless_told_otherwise(get, state, options, home):
    portfolio = state.add_portfolio("Active")
    for place, kind in ((home, "project"), (portfolio, "portfolio")):
        (shown,) = get("/memberships", parent=place.gid, member=state.me.gid, limit=100)
        assert (shown["access_level"], shown["resource_subtype"]) == ("editor", f"{kind}_membership")
        assert (shown["parent"]["gid"], shown["member"]["gid"]) == (place.gid, state.me.gid)
    options.access_levels[home.gid] = "commenter"
    assert get("/memberships", parent=home.gid, member="me")[0]["access_level"] == "commenter"
    options.access_levels[home.gid] = "none"
    assert get("/memberships", parent=home.gid, member="me") == []


def test_a_membership_needs_a_parent_that_is_there(refused, state):
    assert refused("GET", "/memberships") == (400, "parent: Missing input")
    assert refused("GET", "/memberships", parent="12")[0] == 404


def test_who_may_only_comment_can_neither_add_nor_change(refused, write, state, options, home):
    task, field = state.add_task("task", project=home), state.add_field("URL")
    other = state.add_task("other")
    options.access_levels[home.gid] = "commenter"
    for method, path, data in (
        ("POST", "/tasks", {"name": "new", "projects": [home.gid]}),
        ("PUT", f"/tasks/{task.gid}", {"name": "renamed"}),
        ("POST", f"/tasks/{other.gid}/addProject", {"project": home.gid}),
        ("POST", f"/projects/{home.gid}/addCustomFieldSetting", {"custom_field": field.gid}),
    ):
        status, message = refused(method, path, {"data": data})
        assert status == 403, (method, path)
        assert "permission" in message
    options.access_levels[home.gid] = "editor"
    assert write("PUT", f"/tasks/{task.gid}", name="renamed")["name"] == "renamed"


def test_a_project_is_made_in_a_workspace(write, refused, get, state):
    made = write("POST", "/projects", name="Home", workspace=state.workspace.gid)
    assert get(f"/projects/{made['gid']}")["name"] == "Home"
    assert refused("POST", "/projects", {"data": {"name": "Home"}}) == (400, "workspace: Missing input")
