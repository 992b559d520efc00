"""The asana package against the played Asana: create, read, update, page, place, delete, be refused, be limited."""

from __future__ import annotations

import json
from datetime import date

import asana as sdk
import pytest
from asana.rest import ApiException

from sandbox.asana import server_error
from sandbox.core import Cut, Limit, Status


@pytest.fixture
def home(state):
    hours = state.add_field("GitHub Hours", "number", precision=2)
    url = state.add_field("GitHub URL")
    return state.add_project("Home", fields=[hours, url])


def test_a_task_is_created_read_updated_and_deleted(tasks, state, home):
    hours, url = (setting.field for setting in home.settings)
    made = tasks.create_task(
        {
            "data": {
                "name": "Fix it",
                "html_notes": "<body><b>now</b></body>",
                "projects": [home.gid],
                "custom_fields": {hours.gid: 7.256, url.gid: "https://github.com/acme/hub/issues/1"},
            }
        },
        {},
    )
    assert made["notes"] == "now"
    assert [field["display_value"] for field in made["custom_fields"]] == [
        "7.26",
        "https://github.com/acme/hub/issues/1",
    ]

    tasks.update_task({"data": {"completed": True, "name": "Fixed"}}, made["gid"], {})
    read = tasks.get_task(made["gid"], {"opt_fields": "name,completed,html_notes,custom_fields.number_value"})
    assert read["name"] == "Fixed"
    assert read["completed"] is True
    assert read["html_notes"] == "<body><strong>now</strong></body>"
    assert {"gid": hours.gid, "number_value": 7.26} in read["custom_fields"]

    assert tasks.delete_task(made["gid"]) == {}
    with pytest.raises(ApiException) as refusal:
        tasks.get_task(made["gid"], {})
    assert refusal.value.status == 404
    assert state.tasks[made["gid"]].trashed is not None


def test_a_project_of_several_pages_is_read_in_order(tasks, sandbox, state, home):
    names = [f"task {number}" for number in range(250)]
    for name in names:
        state.add_task(name, project=home)
    assert [task["name"] for task in tasks.get_tasks({"project": home.gid})] == names
    assert sandbox.log.count(path="^/tasks$") == 3


def test_a_task_gets_a_parent_and_keeps_its_project(tasks, state, home):
    csh = state.add_task("Community Success Hours", project=state.add_project("Engagement"))
    task = state.add_task("mirrored", project=home)
    answer = tasks.set_parent_for_task({"data": {"parent": csh.gid, "insert_before": None}}, task.gid, {})
    assert answer["parent"]["gid"] == csh.gid
    assert [one["project"]["gid"] for one in answer["memberships"]] == [home.gid]
    assert [one["gid"] for one in tasks.get_subtasks_for_task(csh.gid, {})] == [task.gid]


def test_followers_projects_and_sections_are_changed(tasks, client, state, home):
    ann = state.add_user("Ann", "ann@acme.example")
    section = state.add_section(home, "Later")
    task = state.add_task("somewhere", project=state.add_project("Elsewhere"))
    tasks.add_followers_for_task({"data": {"followers": ["Ann@acme.example"]}}, task.gid, {})
    tasks.add_project_for_task({"data": {"project": home.gid, "section": section.gid}}, task.gid)
    tasks.remove_project_for_task({"data": {"project": task.projects[0].gid}}, task.gid)
    assert ann in task.followers
    assert [(one.project, one.section) for one in task.memberships] == [(home, section)]
    sections = sdk.SectionsApi(client).get_sections_for_project(home.gid, {})
    assert [one["name"] for one in sections] == ["Untitled section", "Later"]


def test_comments_attachments_and_time_are_added_and_read(client, state, home, tmp_path):
    task = state.add_task("talked about", project=home)
    sdk.StoriesApi(client).create_story_for_task({"data": {"text": "well done"}}, task.gid, {})
    stories = sdk.StoriesApi(client).get_stories_for_task(task.gid, {"opt_fields": "type,text"})
    assert [one["text"] for one in stories if one["type"] == "comment"] == ["well done"]

    (tmp_path / "notes.txt").write_text("five bytes", encoding="utf-8")
    attachments = sdk.AttachmentsApi(client)
    attachments.create_attachment_for_object({"parent": task.gid, "file": str(tmp_path / "notes.txt")})
    link = {"parent": task.gid, "resource_subtype": "external", "name": "issue", "url": "https://github.com/a/b/1"}
    attachments.create_attachment_for_object(link)
    found = list(attachments.get_attachments_for_object(task.gid, {"opt_fields": "name,size,view_url"}))
    assert [(one["name"], one.get("size")) for one in found] == [("notes.txt", 10), ("issue", None)]

    entries = sdk.TimeTrackingEntriesApi(client)
    entries.create_time_tracking_entry({"data": {"duration_minutes": 90, "entered_on": "2026-01-05"}}, task.gid, {})
    (entry,) = entries.get_time_tracking_entries_for_task(task.gid, {})
    assert (entry["duration_minutes"], entry["entered_on"]) == (90, "2026-01-05")


def test_portfolio_projects_fields_people_and_workspace_are_read(client, state, home):
    portfolio = state.add_portfolio("Active Engagements")
    state.add_to_portfolio(portfolio, home)
    state.add_to_portfolio(portfolio, state.add_portfolio("Nested"))
    items = list(sdk.PortfoliosApi(client).get_items_for_portfolio(portfolio.gid, {}))
    assert [one["resource_type"] for one in items] == ["project", "portfolio"]
    settings = sdk.CustomFieldSettingsApi(client).get_custom_field_settings_for_project(
        home.gid, {"opt_fields": "custom_field.name,custom_field.resource_subtype,custom_field.precision"}
    )
    assert [one["custom_field"].get("precision") for one in settings] == [2, None]
    workspace = state.workspace.gid
    fields = sdk.CustomFieldsApi(client).get_custom_fields_for_workspace(workspace, {})
    assert [one["name"] for one in fields] == ["GitHub Hours", "GitHub URL"]
    state.add_user("Ann", "ann@acme.example")
    users = sdk.UsersApi(client).get_users_for_workspace(workspace, {"opt_fields": "email"})
    assert [one["email"] for one in users] == ["ann@acme.example", "csh-sync@acme.example"]
    assert sdk.UsersApi(client).get_user("me", {})["gid"] == state.me.gid
    assert [one["gid"] for one in sdk.WorkspacesApi(client).get_workspaces({})] == [workspace]


def test_a_field_is_created_and_put_on_a_project(client, state, home):
    fields = sdk.CustomFieldsApi(client)
    body = {"workspace": state.workspace.gid, "name": "Hours left", "resource_subtype": "number", "precision": 2}
    made = fields.create_custom_field({"data": body}, {})
    sdk.ProjectsApi(client).add_custom_field_setting_for_project({"data": {"custom_field": made["gid"]}}, home.gid, {})
    assert home.settings[-1].field.gid == made["gid"]


def test_the_package_reads_a_no_break_space_as_a_space_although_it_is_on_the_wire(tasks, http, state, home):
    task = state.add_task("one\u00a0two", project=home)
    assert tasks.get_task(task.gid, {})["name"] == "one two"
    assert "one\u00a0two".encode() in http.get(f"/tasks/{task.gid}").content


@pytest.mark.parametrize(
    ("status", "ask"),
    [
        (400, lambda tasks, gid: tasks.create_task({"data": {"name": "nowhere"}}, {})),
        (403, lambda tasks, gid: tasks.get_task(gid, {})),
        (404, lambda tasks, gid: tasks.get_task("42", {})),
    ],
)
def test_refusals_reach_the_package_with_status_and_message(tasks, state, status, ask):
    hidden = state.add_task("secret")
    state.deny(hidden)
    with pytest.raises(ApiException) as refusal:
        ask(tasks, hidden.gid)
    assert refusal.value.status == status
    assert json.loads(refusal.value.body)["errors"][0]["message"]


def test_a_wrong_token_is_not_authorised(tasks, client):
    client.configuration.access_token = "wrong"
    with pytest.raises(ApiException) as refusal:
        tasks.get_task("1", {})
    assert refusal.value.status == 401
    assert json.loads(refusal.value.body)["errors"][0]["message"] == "Not Authorized"


@pytest.mark.parametrize(("told", "header"), [("header", "60"), ("none", None)])
def test_a_limit_refuses_with_and_without_retry_after(tasks, sandbox, told, header):
    sandbox.faults.add(Limit(1, 60, retry_after=told), service="asana")
    list(tasks.get_tasks({"assignee": "me", "workspace": sandbox.asana.state.workspace.gid}))
    with pytest.raises(ApiException) as refusal:
        tasks.get_task("1", {})
    assert refusal.value.status == 429
    assert refusal.value.headers.get("Retry-After") == header


def test_a_create_whose_answer_is_lost_has_happened(tasks, sandbox, home, state):
    sandbox.faults.add(Cut("after"), service="asana", method="POST")
    with pytest.raises(Exception, match=r"Connection aborted|Remote end closed"):
        tasks.create_task({"data": {"name": "made anyway", "projects": [home.gid]}}, {})
    assert [task.name for task in state.tasks_in(home)] == ["made anyway"]


def test_a_server_error_carries_a_phrase(tasks, sandbox):
    sandbox.faults.add(Status(500, server_error().body()), service="asana")
    with pytest.raises(ApiException) as refusal:
        tasks.get_task("1", {})
    assert json.loads(refusal.value.body)["errors"][0]["phrase"] == "6 sad squid snuggle softly"


def test_settings_name_the_workspace_and_the_places_that_were_set(service, sandbox, state, home):
    service.home_project = home.gid
    settings = sandbox.settings()
    assert settings["CSH_ASANA__WORKSPACE"] == state.workspace.gid
    assert settings["CSH_ASANA__HOME_PROJECT"] == home.gid
    assert "CSH_ASANA__PORTFOLIO" not in settings


def test_time_of_a_person_counts_as_actual_time(tasks, state, home):
    ann = state.add_user("Ann", "ann@acme.example")
    task = state.add_task("worked on", project=home)
    state.log_minutes(task, 30, date(2026, 1, 5), by=ann)
    state.log_minutes(task, 60, date(2026, 1, 6), by="ann@acme.example")
    assert tasks.get_task(task.gid, {"opt_fields": "actual_time_minutes"})["actual_time_minutes"] == 90
