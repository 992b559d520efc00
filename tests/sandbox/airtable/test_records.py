"""Records by pyairtable and by hand: created, read, updated, replaced, deleted, and what is refused."""

from __future__ import annotations

import httpx
import pytest
from requests import HTTPError

EVERY_KIND = {
    "Title": "Fix the hub",
    "Notes": "two\nlines",
    "URL": "https://example.org/1",
    "Hours": 7.25,
    "Late": True,
    "Start": "2025-06-30",
    "Synced at": "2025-07-01T10:00:00.000Z",
}


def error(response: httpx.Response) -> tuple[int, str, str]:
    told = response.json()["error"]
    return response.status_code, told["type"], told.get("message", "")


def test_a_record_comes_back_as_it_was_written(activity):
    made = activity.create(EVERY_KIND)
    assert made["fields"] == EVERY_KIND
    assert made["createdTime"] == "2025-07-01T12:30:15.250Z"
    assert activity.get(made["id"]) == made
    assert activity.all() == [made]


def test_ids_have_airtables_form(airtable, activity):
    made = activity.create({"Key": "k"})["id"]
    for prefix, one in (("rec", made), ("tbl", airtable.table_id("Runs")), ("fld", airtable.field_id("Runs", "Run"))):
        assert one.startswith(prefix)
        assert len(one) == 17
        assert one.isalnum()


@pytest.mark.parametrize(
    ("field", "empty"), [("Title", ""), ("Late", False), ("Allocation", []), ("Hours", None), ("Start", None)]
)
def test_empty_cells_are_left_out_of_a_read(http, field, empty):
    answer = http.post("/Activity", json={"fields": {"Key": "k", field: empty}})
    assert answer.json()["fields"] == {"Key": "k"}


@pytest.mark.parametrize(("value", "shown"), [("", {}), (False, {}), ([], {}), (None, {}), (0, {"Sum": 0})])
def test_an_empty_computed_cell_is_left_out_too(airtable, activity, value, shown):
    airtable.add_computed_field("Activity", "Sum", "formula", lambda row: value)
    assert activity.create({})["fields"] == shown


def test_zero_is_not_empty(activity):
    assert activity.create({"Hours": 0})["fields"] == {"Hours": 0}


def test_a_percent_is_a_fraction_and_stays_one(base):
    made = base.table("Allocations").create({"Name": "Q3", "Used %": 0.123})
    assert made["fields"]["Used %"] == 0.123


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2025-07-01T10:00:00Z", "2025-07-01T10:00:00.000Z"),
        ("2025-07-01T10:00:00.123456+02:00", "2025-07-01T08:00:00.123Z"),
        ("2025-07-01T10:00:00", "2025-07-01T10:00:00.000Z"),
        ("2025-07-01", "2025-07-01T00:00:00.000Z"),
    ],
)
def test_a_moment_is_normalised_to_utc_milliseconds(activity, written, read):
    assert activity.create({"Synced at": written})["fields"]["Synced at"] == read


def test_a_moment_without_offset_is_a_local_time_of_the_fields_zone(airtable, activity):
    airtable.base.table("Activity").field("Synced at").options["timeZone"] = "Europe/Berlin"
    assert activity.create({"Synced at": "2025-07-01T10:00:00"})["fields"]["Synced at"] == "2025-07-01T08:00:00.000Z"


def test_patch_changes_the_given_fields_and_put_empties_the_others(airtable, activity):
    made = activity.create({"Key": "k", "Title": "old", "Hours": 1})["id"]
    assert activity.update(made, {"Title": "new"})["fields"] == {"Key": "k", "Title": "new", "Hours": 1}
    assert activity.update(made, {"Key": "k"}, replace=True)["fields"] == {"Key": "k"}
    airtable.add_computed_field("Activity", "Twice", "formula", lambda row: 2)
    assert activity.batch_update([{"id": made, "fields": {"Hours": 3}}], replace=True)[0]["fields"] == {
        "Hours": 3,
        "Twice": 2,
    }


def test_null_empties_a_cell(airtable, activity):
    made = activity.create({"Key": "k", "Hours": 1, "Late": True})["id"]
    activity.update(made, {"Hours": None, "Late": None})
    assert airtable.row("Activity", made) == {"Key": "k"}


def test_tables_and_fields_go_by_name_or_id_and_replies_by_either(airtable, base):
    table_id, key = airtable.table_id("Activity"), airtable.field_id("Activity", "Key")
    made = base.table(table_id).create({key: "k"}, use_field_ids=True)
    assert made["fields"] == {key: "k"}
    assert base.table("Activity").get(made["id"])["fields"] == {"Key": "k"}
    assert base.table("Activity").get(made["id"], use_field_ids=True)["fields"] == {key: "k"}
    assert base.table(table_id).update(made["id"], {key: "l"}, use_field_ids=True)["fields"] == {key: "l"}


def test_a_table_name_may_need_quoting(airtable, base):
    airtable.add_table("Q3 / Budget ✓", {"Name": "text"})
    assert base.table("Q3 / Budget ✓").create({"Name": "x"})["fields"] == {"Name": "x"}


def test_deleted_rows_are_in_the_trash(airtable, activity):
    ids = [one["id"] for one in activity.batch_create([{"Key": str(number)} for number in range(3)])]
    assert activity.delete(ids[0]) == {"id": ids[0], "deleted": True}
    assert activity.batch_delete(ids[1:]) == [{"id": one, "deleted": True} for one in ids[1:]]
    assert activity.all() == []
    assert airtable.trashed("Activity") == tuple(ids)


def test_pyairtable_sends_more_than_ten_in_several_requests(sandbox, activity):
    made = activity.batch_create([{"Key": str(number)} for number in range(25)])
    assert [one["fields"]["Key"] for one in made] == [str(number) for number in range(25)]
    assert sandbox.log.count(method="POST") == 3
    assert len(sandbox.log.writes("airtable")) == 3


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Title", 5),
        ("Title", ["x"]),
        ("Title", "x" * 100_001),
        ("Hours", "3"),
        ("Hours", True),
        ("Late", "yes"),
        ("Late", 1),
        ("Start", "30/06/2025"),
        ("Start", "2025-02-30"),
        ("Start", "20250630"),
        ("Start", 20250630),
        ("Synced at", "soon"),
        ("Synced at", 5),
        ("Allocation", "recXXXXXXXXXXXXXX"),
        ("Allocation", [{"id": "recXXXXXXXXXXXXXX"}]),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_by_the_fields_name(airtable, http, field, value):
    told = error(http.post("/Activity", json={"fields": {"Key": "k", field: value}}))
    assert told == (422, "INVALID_VALUE_FOR_COLUMN", f'Field "{field}" cannot accept the provided value')
    assert airtable.rows("Activity") == {}


def test_an_unknown_field_is_named(http):
    told = error(http.post("/Activity", json={"fields": {"Hrs": 1}}))
    assert told == (422, "UNKNOWN_FIELD_NAME", 'Unknown field name: "Hrs"')


def test_a_computed_field_cannot_be_written(airtable, http):
    airtable.add_computed_field("Activity", "Total", "rollup", lambda row: 1)
    status, kind, message = error(http.post("/Activity", json={"fields": {"Total": 2}}))
    assert (status, kind) == (422, "INVALID_VALUE_FOR_COLUMN")
    assert "computed" in message


def test_a_select_option_must_exist_unless_typecast_makes_it(airtable, base, http):
    told = error(http.post("/Contacts", json={"fields": {"Role": "Chef"}}))
    assert told == (
        422,
        "INVALID_MULTIPLE_CHOICE_OPTIONS",
        'Insufficient permissions to create new select option "Chef"',
    )
    assert base.table("Contacts").create({"Role": "Billing"})["fields"] == {"Role": "Billing"}
    assert base.table("Contacts").create({"Role": "Chef"}, typecast=True)["fields"] == {"Role": "Chef"}
    assert "Chef" in airtable.base.table("Contacts").field("Role").choice_names()


def test_a_refused_request_makes_no_select_option(airtable, http):
    records = [{"fields": {"Role": "Chef"}}, {"fields": {"Nope": 1}}]
    assert http.post("/Contacts", json={"records": records, "typecast": True}).status_code == 422
    assert "Chef" not in airtable.base.table("Contacts").field("Role").choice_names()


def test_typecast_reads_numbers_and_ticks_from_text(activity):
    made = activity.create({"Hours": "2.5", "Late": "true", "Title": 7}, typecast=True)
    assert made["fields"] == {"Hours": 2.5, "Late": True, "Title": "7"}


def test_one_bad_record_refuses_the_whole_request(airtable, http):
    records = [{"fields": {"Key": str(number)}} for number in range(10)]
    records[6]["fields"]["Hours"] = "six"
    assert http.post("/Activity", json={"records": records}).status_code == 422
    assert airtable.rows("Activity") == {}


def test_a_request_may_be_played_as_written_up_to_the_bad_record(airtable, http):
    airtable.options.partial_batches = True
    records = [{"fields": {"Key": str(number)}} for number in range(10)]
    records[6]["fields"]["Hours"] = "six"
    assert http.post("/Activity", json={"records": records}).status_code == 422
    assert sorted(row["Key"] for row in airtable.rows("Activity").values()) == list("012345")


@pytest.mark.parametrize("number", [0, 11])
def test_a_batch_holds_one_to_ten_records(airtable, http, number):
    row = airtable.add_row("Activity", {"Key": "k"})
    new = [{"fields": {}} for _ in range(number)]
    assert error(http.post("/Activity", json={"records": new}))[1] == "INVALID_RECORDS"
    old = [{"id": row, "fields": {}} for _ in range(number)]
    assert error(http.patch("/Activity", json={"records": old}))[1] == "INVALID_RECORDS"
    assert error(http.delete("/Activity", params={"records[]": [row] * number}))[1] == "INVALID_RECORDS"


def test_a_row_cannot_be_updated_twice_in_one_request(airtable, http):
    row = airtable.add_row("Activity", {"Key": "k"})
    answer = http.patch("/Activity", json={"records": [{"id": row, "fields": {"Hours": one}} for one in (1, 2)]})
    assert error(answer)[:2] == (422, "INVALID_RECORDS")
    assert airtable.row("Activity", row) == {"Key": "k"}


def test_updating_a_row_that_is_gone_is_refused(airtable, http):
    gone = airtable.add_row("Activity", {"Key": "k"})
    airtable.delete_row("Activity", gone)
    answer = http.patch("/Activity", json={"records": [{"id": gone, "fields": {"Key": "l"}}]})
    assert error(answer) == (422, "ROW_DOES_NOT_EXIST", f"Record ID {gone} does not exist")


@pytest.mark.parametrize(
    ("kind", "status"),
    [("MODEL_ID_NOT_FOUND", 404), ("NOT_FOUND", 404), ("INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", 403)],
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "PUT", "DELETE"])
def test_an_unknown_record_in_the_path_is_refused_in_the_way_the_options_say(airtable, http, method, kind, status):
    airtable.options.missing_record = kind
    body = {"fields": {}} if method in {"PATCH", "PUT"} else None
    answer = http.request(method, "/Activity/recXXXXXXXXXXXXXX", json=body)
    assert answer.status_code == status
    assert kind in answer.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"{", "INVALID_REQUEST_BODY"),
        (b'{"fields": {"Hours": NaN}}', "INVALID_REQUEST_BODY"),
        (b"[]", "INVALID_REQUEST_UNKNOWN"),
        (b"{}", "INVALID_REQUEST_MISSING_FIELDS"),
        (b'{"fields": {}, "typecat": true}', "INVALID_REQUEST_UNKNOWN"),
        (b'{"fields": {}, "typecast": "yes"}', "INVALID_REQUEST_UNKNOWN"),
        (b'{"fields": {}, "records": []}', "INVALID_REQUEST_UNKNOWN"),
        (b'{"fields": []}', "INVALID_REQUEST_UNKNOWN"),
        (b'{"records": [{"id": "rec1", "fields": {}}]}', "INVALID_RECORDS"),
        (b'{"records": [{"Key": "k"}]}', "INVALID_RECORDS"),
    ],
)
def test_a_body_that_is_not_right_is_refused(airtable, http, content, kind):
    answer = http.post("/Activity", content=content, headers={"Content-Type": "application/json"})
    assert error(answer)[:2] == (422, kind)
    assert airtable.rows("Activity") == {}


def test_a_body_must_say_that_it_is_json(http):
    assert error(http.post("/Activity", content=b'{"fields": {}}'))[1] == "INVALID_REQUEST_BODY"


def test_pyairtable_raises_with_the_type_and_the_message(activity):
    with pytest.raises(HTTPError, match="UNKNOWN_FIELD_NAME"):
        activity.create({"Nope": 1})


def test_numbers_may_be_played_as_rounded_to_the_digits_they_show(airtable, base):
    airtable.options.round_numbers = True
    made = base.table("Allocations").create({"Hours used": 2.3333333, "Used %": 0.123456})
    assert made["fields"] == {"Hours used": 2.33, "Used %": 0.123}


def test_text_may_be_played_as_trimmed_and_addresses_as_checked(airtable, activity, http):
    airtable.options.trim_text = True
    airtable.options.check_addresses = True
    assert activity.create({"Notes": "end \n"})["fields"] == {"Notes": "end"}
    assert error(http.post("/Activity", json={"fields": {"URL": "nowhere"}}))[1] == "INVALID_VALUE_FOR_COLUMN"


def test_a_base_that_is_full_takes_updates_but_no_new_rows(airtable, activity, http):
    row = activity.create({"Key": "k"})["id"]
    airtable.options.record_limit = 2
    airtable.options.base_full_type = "LIMIT_REACHED"
    two = {"records": [{"fields": {"Key": "l"}}, {"fields": {"Key": "m"}}]}
    assert error(http.post("/Activity", json=two))[:2] == (422, "LIMIT_REACHED")
    assert activity.create({"Key": "l"})
    assert activity.update(row, {"Hours": 1})["fields"]["Hours"] == 1


def test_a_locked_field_is_refused_by_name(airtable, http):
    field = airtable.field_id("Activity", "Hours")
    airtable.options.locked_fields.add(field)
    status, kind, message = error(http.post("/Activity", json={"fields": {"Hours": 1}}))
    assert (status, kind) == (403, "INVALID_PERMISSIONS")
    assert "Hours" in message
