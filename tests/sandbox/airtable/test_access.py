"""Who may read, which base, which path, and how many requests a second."""

from __future__ import annotations

import httpx
import pytest
from pyairtable import Api
from requests import HTTPError

from sandbox.core import Cut, Limit, published_limits


@pytest.mark.parametrize("header", ["", "Bearer wrong", "Basic patSandbox.airtable", "patSandbox.airtable"])
@pytest.mark.parametrize("path", ["/Activity", "/Activity/recXXXXXXXXXXXXXX"])
def test_without_the_token_everything_is_401(http, header, path):
    answer = http.get(path, headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "AUTHENTICATION_REQUIRED"


def test_a_wrong_base_a_wrong_table_and_no_access_look_the_same(sandbox, airtable, http):
    wrong_table = http.get("/Nope")
    wrong_base = httpx.get(f"{sandbox.url}/airtable/v0/appXXXXXXXXXXXXXX/Activity", headers=http.headers)
    airtable.options.no_access = True
    no_access = http.get("/Activity")
    schema = http.get(f"{sandbox.url}/airtable/v0/meta/bases/{airtable.base_id}/tables")
    for answer in (wrong_table, wrong_base, no_access, schema):
        assert answer.status_code == 403
        assert answer.json() == wrong_table.json()
    assert wrong_table.json()["error"]["type"] == "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"
    assert http.get(f"{sandbox.url}/airtable/v0/meta/bases").json() == {"bases": []}


@pytest.mark.parametrize("path", ["/v0", "/v0/app1/Activity", "/v1/x", "/v0/meta/nothing/here/at/all"])
def test_a_path_that_is_none_is_404_with_a_bare_word(sandbox, http, path):
    answer = http.get(f"{sandbox.url}/airtable{path}")
    assert (answer.status_code, answer.json()) == (404, {"error": "NOT_FOUND"})


def test_the_tables_of_the_product_are_read_by_pyairtable(base):
    schema = base.schema()
    assert [one.name for one in schema.tables] == [
        "Communities",
        "Contacts",
        "Engagements",
        "Projects",
        "Allocations",
        "Activity",
        "Alerts",
        "Runs",
    ]
    allocations = schema.table("Allocations")
    kinds = {one.name: one.type.value for one in allocations.fields}
    assert kinds["Name"] == "singleLineText"
    assert kinds["Project"] == "multipleRecordLinks"
    assert kinds["Used %"] == "percent"
    assert kinds["As of"] == "dateTime"
    assert kinds["Reopen"] == "checkbox"
    assert allocations.primary_field_id == allocations.field("Name").id
    assert allocations.field("Project").options.linked_table_id == schema.table("Projects").id
    assert allocations.field("Hours used").options.precision == 2
    assert [one.name for one in schema.table("Contacts").field("Role").options.choices] == [
        "Administrative",
        "Technical",
        "Billing",
    ]


def test_every_field_is_one_that_pyairtable_knows_with_all_its_options(base):
    kinds = {type(field).__name__ for table in base.schema().tables for field in table.fields}
    assert kinds == {
        "CheckboxFieldSchema",
        "DateFieldSchema",
        "DateTimeFieldSchema",
        "MultilineTextFieldSchema",
        "MultipleRecordLinksFieldSchema",
        "NumberFieldSchema",
        "PercentFieldSchema",
        "SingleLineTextFieldSchema",
        "SingleSelectFieldSchema",
        "UrlFieldSchema",
    }


def test_who_am_i_and_which_bases(base, airtable):
    assert base.api.whoami()["id"].startswith("usr")
    assert [one.id for one in base.api.bases()] == [airtable.base_id]


def test_above_five_a_second_everything_is_refused_for_thirty_seconds(sandbox, activity, http):
    sandbox.faults.add(published_limits()["airtable"], service="airtable")
    for _ in range(5):
        activity.all()
    with pytest.raises(HTTPError, match="RATE_LIMIT_REACHED") as caught:
        activity.all()
    assert caught.value.response.status_code == 429
    assert "Retry-After" not in caught.value.response.headers
    assert http.get("/Activity").json()["error"]["type"] == "RATE_LIMIT_REACHED"


def test_a_limit_is_told_in_the_observed_shape_too(sandbox, airtable, http):
    airtable.options.rate_limit_body = "errors"
    sandbox.faults.add(Limit(0, 60))
    answer = http.get("/Activity")
    assert answer.json()["errors"][0]["error"] == "RATE_LIMIT_REACHED"
    assert answer.headers["Retry-After"] == "60"


@pytest.mark.parametrize("shape", ["error", "errors"])
def test_the_monthly_cap_refuses_records_while_the_schema_still_answers(sandbox, airtable, http, shape):
    airtable.options.billing_limit_reached = True
    airtable.options.rate_limit_body = shape
    answer = http.get("/Activity")
    assert answer.status_code == 429
    assert shape in answer.json()
    assert "PUBLIC_API_BILLING_LIMIT_EXCEEDED" in answer.text
    assert http.get(f"{sandbox.url}/airtable/v0/meta/bases/{airtable.base_id}/tables").status_code == 200


def test_pyairtables_own_retries_would_double_a_row(sandbox, airtable):
    sandbox.faults.add(Cut(when="after"), method="POST", times=1)
    api = Api(airtable.token, timeout=(2, 5), endpoint_url=f"{sandbox.url}/airtable")
    api.table(airtable.base_id, "Activity").create({"Key": "k"})
    api.session.close()
    assert len(airtable.rows("Activity")) == 2


def test_settings_point_the_product_here(sandbox, airtable):
    assert sandbox.settings() == {
        "CSH_AIRTABLE__API_URL": f"{sandbox.url}/airtable",
        "CSH_AIRTABLE__TOKEN": airtable.token,
        "CSH_AIRTABLE__BASE": airtable.base_id,
    }
