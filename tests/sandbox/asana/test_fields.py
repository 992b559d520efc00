"""Custom fields: where they live, what they take, what becomes of values when something changes around them."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture
def home(state):
    state.add_user("Ann", "ann@acme.example")
    hours = state.add_field("Hours", "number", precision=2)
    fields = [
        hours,
        state.add_field("URL"),
        state.add_field("Status", "enum", options=["Open", "Done"]),
        state.add_field("Areas", "multi_enum", options=["a", "b"]),
        state.add_field("When", "date"),
        state.add_field("Who", "people"),
        state.add_field("Total", "number", precision=1, formula=lambda task: task.values.get(hours.gid, 0) * 2),
    ]
    return state.add_project("Home", fields=fields)


@pytest.fixture
def field(home):
    by_name = {setting.field.name: setting.field for setting in home.settings}
    return by_name.__getitem__


@pytest.fixture
def task(state, home):
    return state.add_task("task", project=home)


@pytest.fixture
def put(http):
    def send(task, field, value):
        response = http.put(f"/tasks/{task.gid}", json={"data": {"custom_fields": {field.gid: value}}})
        return response.status_code, response.json()

    return send


@pytest.fixture
def shown(get):
    def read(task, field):
        fields = get(f"/tasks/{task.gid}")["custom_fields"]
        return next((one for one in fields if one["gid"] == field.gid), None)

    return read


@pytest.mark.parametrize(
    ("sent", "kept", "display"),
    [
        (1.2345, 1.23, "1.23"),
        (0.125, 0.13, "0.13"),
        (-0.125, -0.13, "-0.13"),
        (8, 8, "8.00"),
        (0, 0, "0.00"),
        (1e308, 1e308, None),
        (None, None, None),
    ],
)
def test_a_number_is_rounded_to_the_precision(put, shown, task, field, sent, kept, display):
    assert put(task, field("Hours"), sent)[0] == 200
    value = shown(task, field("Hours"))
    assert value["number_value"] == kept
    if display is not None or kept is None:
        assert value["display_value"] == display


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Hours", "3"),
        ("Hours", True),
        ("Hours", [1]),
        ("URL", 7),
        ("URL", "x" * 1025),
        ("Status", "Open"),
        ("Status", "4711"),
        ("Areas", "4711"),
        ("Areas", ["4711"]),
        ("When", "2026-01-05"),
        ("When", {"date": "5 May"}),
        ("When", {"day": "2026-01-05"}),
        ("Who", "ann@acme.example"),
        ("Who", ["nobody@acme.example"]),
        ("Total", 3),
    ],
)
def test_values_of_another_type_are_refused(put, task, field, name, sent):
    status, body = put(task, field(name), sent)
    assert status == 400
    assert body["errors"][0]["message"]
    assert task.values == {}


def test_a_text_of_1024_characters_fits_and_an_empty_one_is_none(put, shown, task, field):
    assert put(task, field("URL"), "x" * 1024)[0] == 200
    assert put(task, field("URL"), "")[0] == 200
    assert shown(task, field("URL"))["text_value"] is None


def test_options_days_and_people_are_read_as_records(put, shown, state, task, field):
    done = field("Status").options[1]
    assert put(task, field("Status"), done.gid)[0] == 200
    assert shown(task, field("Status"))["enum_value"]["name"] == "Done"
    assert put(task, field("Areas"), [one.gid for one in field("Areas").options])[0] == 200
    assert shown(task, field("Areas"))["display_value"] == "a, b"
    assert put(task, field("When"), {"date": "2026-01-05"})[0] == 200
    assert shown(task, field("When"))["date_value"] == {"date": "2026-01-05"}
    assert put(task, field("When"), {"date_time": "2026-01-05T12:00:00Z"})[0] == 200
    assert shown(task, field("When"))["date_value"]["date_time"] == "2026-01-05T12:00:00.000Z"
    assert put(task, field("Who"), ["me", "ann@acme.example"])[0] == 200
    assert shown(task, field("Who"))["display_value"] == "CSH Sync, Ann"


def test_days_can_be_taken_as_bare_text(put, options, task, field):
    options.date_input = "both"
    assert put(task, field("When"), "2026-01-05")[0] == 200
    assert put(task, field("When"), {"date": "2026-01-06"})[0] == 200
    options.date_input = "text"
    assert put(task, field("When"), "2026-01-07")[0] == 200
    assert put(task, field("When"), {"date": "2026-01-08"})[0] == 400


def test_a_disabled_option_cannot_be_chosen(put, state, task, field):
    state.disable_option(field("Status"), "Done")
    assert put(task, field("Status"), field("Status").options[1].gid)[0] == 400
    assert put(task, field("Status"), field("Status").options[0].gid)[0] == 200


def test_a_formula_is_read_by_its_display_value_only(put, shown, options, task, field):
    put(task, field("Hours"), 1.5)
    assert shown(task, field("Total"))["display_value"] == "3.0"
    assert shown(task, field("Total"))["number_value"] is None
    assert shown(task, field("Total"))["representation_type"] == "formula"
    options.formula_number = True
    assert shown(task, field("Total"))["number_value"] == 3


def test_a_subtask_in_no_project_has_no_fields(put, get, state, task, field):
    child = state.add_task("child", parent=task)
    assert get(f"/tasks/{child.gid}")["custom_fields"] == []
    status, body = put(child, field("Hours"), 1)
    assert status == 400
    gid = field("Hours").gid
    assert body["errors"][0]["message"] == f"Custom field with ID {gid} is not on given object"


def test_a_subtask_can_have_the_fields_of_its_parents_project(put, shown, options, state, task, field):
    options.fields_reach = "subtasks"
    child = state.add_task("child", parent=task)
    assert put(child, field("Hours"), 1)[0] == 200
    assert shown(child, field("Hours"))["number_value"] == 1


def test_a_create_below_a_parent_drops_its_projects_in_silence(http, get, options, home, task, field):
    data = {"name": "child", "parent": task.gid, "projects": [home.gid]}
    made = http.post("/tasks", json={"data": data}).json()["data"]
    assert (made["projects"], made["custom_fields"]) == ([], [])
    data["custom_fields"] = {field("Hours").gid: 1}
    assert http.post("/tasks", json={"data": data}).status_code == 400
    options.projects_with_parent = "kept"
    made = http.post("/tasks", json={"data": data}).json()["data"]
    assert [one["gid"] for one in made["projects"]] == [home.gid]


def test_a_create_can_ignore_fields_in_silence(write, options, home, field):
    options.drop_fields_on_create = True
    made = write("POST", "/tasks", name="x", projects=[home.gid], custom_fields={field("Hours").gid: 1})
    assert made["custom_fields"][0]["number_value"] is None


@pytest.mark.parametrize(
    ("lost", "projects", "values"),
    [("no", 1, [(True, 2)]), ("membership", 0, [(False, 2)]), ("membership_and_fields", 0, [])],
)
def test_a_new_parent_can_cost_the_home_project(write, options, state, home, task, field, lost, projects, values):
    options.home_lost_on_set_parent = lost
    state.edit_field(task, "Hours", 2)
    parent = state.add_task("parent")
    answer = write("POST", f"/tasks/{task.gid}/setParent", parent=parent.gid)
    assert len(answer["memberships"]) == projects
    hours = [one for one in answer["custom_fields"] if one["gid"] == field("Hours").gid]
    assert [(one["enabled"], one["number_value"]) for one in hours] == values


def test_a_value_whose_field_left_can_be_read_and_cleared_not_changed(put, shown, state, home, task, field):
    hours = field("Hours")
    state.edit_field(task, hours, 2)
    state.remove_field_from_project(home, hours)
    assert (shown(task, hours)["enabled"], shown(task, hours)["number_value"]) == (False, 2)
    assert put(task, hours, 3)[0] == 400
    state.add_field_to_project(home, hours)
    assert put(task, hours, 3)[0] == 200
    state.remove_field_from_project(home, hours)
    assert put(task, hours, None)[0] == 200
    assert shown(task, hours) is None


def test_a_locked_field_is_forbidden_on_all_tasks_or_on_one(put, state, home, task, field):
    other = state.add_task("other", project=home)
    state.lock_field(field("Hours"), task)
    assert put(task, field("Hours"), 1)[0] == 403
    assert put(other, field("Hours"), 1)[0] == 200
    state.lock_field(field("Hours"), task, on=False)
    state.lock_field(field("Hours"))
    assert put(task, field("Hours"), None)[0] == 403


def test_a_disabled_field_can_only_be_cleared(put, shown, state, task, field):
    put(task, field("Hours"), 1)
    state.disable_field(field("Hours"))
    assert shown(task, field("Hours"))["enabled"] is False
    assert put(task, field("Hours"), 2)[0] == 400
    assert put(task, field("Hours"), None)[0] == 200


def test_people_rename_and_replace_fields(get, state, home, task, field):
    hours = field("Hours")
    state.edit_field(task, hours, 1)
    state.rename_field(hours, "Hours spent")
    new = state.retype_field(hours, "text")
    settings = get(f"/projects/{home.gid}/custom_field_settings", opt_fields="custom_field.(name|resource_subtype)")
    assert settings[0]["custom_field"] == {"gid": new.gid, "name": "Hours spent", "resource_subtype": "text"}
    assert new.gid != hours.gid
    assert task.values == {}


def test_settings_are_short_until_more_is_asked_for(get, home):
    (first, *_) = get(f"/projects/{home.gid}/custom_field_settings")
    assert "precision" not in first["custom_field"]
    (first, *_) = get(f"/projects/{home.gid}/custom_field_settings", opt_fields="custom_field.precision")
    assert first["custom_field"]["precision"] == 2


@pytest.mark.parametrize(
    "data",
    [
        {"name": "hours", "resource_subtype": "text"},
        {"name": "Assignee", "resource_subtype": "text"},
        {"name": "", "resource_subtype": "text"},
        {"name": "New", "resource_subtype": "formula"},
        {"name": "New"},
        {"name": "New", "resource_subtype": "number", "precision": 7},
        {"name": "New", "resource_subtype": "enum"},
    ],
)
def test_a_field_that_cannot_be_created(refused, state, home, data):
    assert refused("POST", "/custom_fields", {"data": data | {"workspace": state.workspace.gid}})[0] == 400


def test_an_enum_field_is_created_with_options_and_added_once(http, write, state, home):
    made = write(
        "POST",
        "/custom_fields",
        workspace=state.workspace.gid,
        name="Kind",
        resource_subtype="enum",
        enum_options=[{"name": "x"}, {"name": "y"}],
    )
    assert [one["name"] for one in made["enum_options"]] == ["x", "y"]
    added = write("POST", f"/projects/{home.gid}/addCustomFieldSetting", custom_field=made["gid"], is_important=True)
    assert added["is_important"] is True
    again = http.post(f"/projects/{home.gid}/addCustomFieldSetting", json={"data": {"custom_field": made["gid"]}})
    assert again.status_code == 400
    write("POST", f"/projects/{home.gid}/removeCustomFieldSetting", custom_field=made["gid"])
    assert made["gid"] not in {one.field.gid for one in home.settings}


def test_what_a_person_types_is_read_back_by_name(state, task):
    state.edit_field(task, "Status", "Done")
    state.edit_field(task, "When", date(2026, 1, 5))
    state.edit_field(task, "Who", ["ann@acme.example"])
    assert state.field_value(task, "Status") == "Done"
    assert state.field_value(task, "When") == "2026-01-05"
    assert [one.name for one in state.field_value(task, "Who")] == ["Ann"]
    assert state.field_value(task, "Hours") is None
    with pytest.raises(KeyError, match="no custom field is called"):
        state.edit_field(task, "Nonsense", 1)
    with pytest.raises(KeyError, match="it is in no project with that field"):
        state.edit_field(state.add_task("loose"), "Hours", 1)
