"""Tables and fields made through the API, and what a token needs for it."""

from __future__ import annotations

import pytest
from requests import HTTPError

NAME = {"name": "Name", "type": "singleLineText"}
HOURS = {"name": "Hours", "type": "number", "options": {"precision": 2}}


def kind_of(error: pytest.ExceptionInfo[HTTPError]) -> tuple[int, str]:
    response = error.value.response
    assert response is not None
    return response.status_code, response.json()["error"]["type"]


def test_a_table_is_made_with_its_fields_and_the_first_is_primary(base):
    made = base.create_table("Places", [NAME, HOURS])
    schema = base.schema(force=True).table("Places")
    assert [one.name for one in schema.fields] == ["Name", "Hours"]
    assert schema.primary_field_id == schema.field("Name").id
    made.create({"Name": "Reef"})
    assert made.first()["fields"] == {"Name": "Reef"}


def test_a_link_gets_a_column_on_the_other_side_named_after_the_table_and_numbered_where_that_is_taken(base):
    options = {"linkedTableId": base.schema().table("Projects").id}
    base.create_table("Places", [NAME, {"name": "Project", "type": "multipleRecordLinks", "options": options}])
    base.table("Places").create_field("Second", "multipleRecordLinks", options=options)
    names = [one.name for one in base.schema(force=True).table("Projects").fields]
    assert names[-2:] == ["Places", "Places 2"]


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ({"name": "Total", "type": "rollup"}, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"),
        ({"name": "Total", "type": "formula", "options": {"formula": "1"}}, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE"),
        ({"name": "Hours 2", "type": "number"}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        ({"name": "Hours 2", "type": "number", "options": {"precision": 9}}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        ({"name": "When", "type": "date"}, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE"),
        (
            {"name": "Of", "type": "multipleRecordLinks", "options": {"linkedTableId": "tblNo"}},
            "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE",
        ),
        ({"name": "KEY", "type": "singleLineText"}, "DUPLICATE_OR_EMPTY_FIELD_NAME"),
        ({"name": "Key 2", "type": "singleLineText", "colour": "red"}, "INVALID_REQUEST_UNKNOWN"),
    ],
)
def test_what_cannot_be_made_is_refused_and_changes_nothing(http, airtable, sandbox, field, kind):
    before = len(airtable.base.table("Activity").fields)
    url = f"{sandbox.url}/airtable/v0/meta/bases/{airtable.base_id}/tables/{airtable.table_id('Activity')}/fields"
    answer = http.post(url, json=field)
    assert (answer.status_code, answer.json()["error"]["type"]) == (422, kind)
    assert len(airtable.base.table("Activity").fields) == before


def test_a_table_needs_a_free_name_fields_and_a_primary_one_that_can_be_one(base):
    for name, fields, kind in (
        ("activity", [NAME], "DUPLICATE_TABLE_NAME"),
        ("Places", [], "INVALID_REQUEST_UNKNOWN"),
        (
            "Places",
            [{"name": "On", "type": "checkbox", "options": {"icon": "check", "color": "greenBright"}}],
            "INVALID_REQUEST_UNKNOWN",
        ),
        ("Places", [NAME, {**NAME, "name": "name"}], "DUPLICATE_OR_EMPTY_FIELD_NAME"),
    ):
        with pytest.raises(HTTPError) as error:
            base.create_table(name, fields)
        assert kind_of(error) == (422, kind)


def test_making_needs_the_scope_and_a_creator(base, airtable):
    everything = airtable.options.scopes
    airtable.options.permission_level = "edit"
    with pytest.raises(HTTPError) as error:
        base.create_table("Places", [NAME])
    assert kind_of(error) == (403, "INVALID_PERMISSIONS")
    airtable.options.permission_level, airtable.options.scopes = "create", everything - {"schema.bases:write"}
    with pytest.raises(HTTPError) as error:
        base.create_table("Places", [NAME])
    assert kind_of(error) == (403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND")


@pytest.mark.parametrize(
    ("lacking", "refused"),
    [
        ("data.records:read", {"list"}),
        ("data.records:write", {"write"}),
        ("schema.bases:read", {"schema", "bases"}),
    ],
)
def test_each_scope_opens_its_own_door(http, airtable, sandbox, lacking, refused):
    meta = f"{sandbox.url}/airtable/v0/meta"
    airtable.options.scopes -= {lacking}
    answers = {
        "list": http.get("/Activity"),
        "write": http.post("/Activity", json={"fields": {"Title": "x"}}),
        "schema": http.get(f"{meta}/bases/{airtable.base_id}/tables"),
        "bases": http.get(f"{meta}/bases"),
    }
    assert {name for name, one in answers.items() if one.status_code == 403} == refused


def test_a_reader_may_not_write_and_is_told_so_by_the_list_of_bases(http, airtable, sandbox):
    airtable.options.permission_level = "read"
    assert http.post("/Activity", json={"fields": {"Title": "x"}}).status_code == 403
    assert http.get("/Activity").status_code == 200
    bases = http.get(f"{sandbox.url}/airtable/v0/meta/bases").json()["bases"]
    assert [one["permissionLevel"] for one in bases] == ["read"]


def test_whoami_names_scopes_only_where_it_does(http, airtable, sandbox):
    url = f"{sandbox.url}/airtable/v0/meta/whoami"
    assert set(http.get(url).json()) == {"id"}
    airtable.options.shows_scopes = True
    assert "schema.bases:read" in http.get(url).json()["scopes"]
