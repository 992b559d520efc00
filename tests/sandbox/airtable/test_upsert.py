"""Upsert by key: at most one row for a key, whatever the caller repeats."""

from __future__ import annotations

import pytest

from sandbox.core import Cut


def upsert(http, fields, on=("Key",), method="PATCH", **more):
    records = [{"fields": one} for one in fields]
    return http.request(
        method, "/Activity", json={"performUpsert": {"fieldsToMergeOn": list(on)}, "records": records, **more}
    )


def kind(response):
    return response.status_code, response.json()["error"]["type"]


def test_pyairtable_creates_what_is_new_and_updates_what_is_there(airtable, activity):
    old = activity.create({"Key": "a", "Notes": "by hand"})["id"]
    answer = activity.batch_upsert(
        [{"fields": {"Key": "b", "Hours": 2}}, {"fields": {"Key": "a", "Hours": 1}}], ["Key"]
    )
    new = answer["createdRecords"][0]
    assert answer["updatedRecords"] == [old]
    assert [one["id"] for one in answer["records"]] == [new, old]
    assert airtable.row("Activity", old) == {"Key": "a", "Notes": "by hand", "Hours": 1}
    assert airtable.row("Activity", new) == {"Key": "b", "Hours": 2}


def test_a_repeat_of_a_lost_answer_leaves_one_row(sandbox, airtable, activity):
    sandbox.faults.add(Cut(when="after"), method="PATCH", times=1)
    record = [{"fields": {"Key": "a", "Hours": 1}}]
    with pytest.raises(OSError, match="aborted"):
        activity.batch_upsert(record, ["Key"])
    answer = activity.batch_upsert(record, ["Key"])
    assert answer["createdRecords"] == []
    assert list(airtable.rows("Activity").values()) == [{"Key": "a", "Hours": 1}]


def test_put_empties_what_is_not_given(airtable, activity):
    row = activity.create({"Key": "a", "Notes": "by hand"})["id"]
    activity.batch_upsert([{"fields": {"Key": "a", "Hours": 1}}], ["Key"], replace=True)
    assert airtable.row("Activity", row) == {"Key": "a", "Hours": 1}


def test_a_key_that_stands_in_two_rows_refuses_the_whole_request(airtable, activity, http):
    row = activity.create({"Key": "a"})["id"]
    airtable.duplicate_row("Activity", row)
    airtable.options.several_matches_type = "TOO_MANY"
    assert kind(upsert(http, [{"Key": "b"}, {"Key": "a", "Hours": 1}])) == (422, "TOO_MANY")
    assert [one.get("Hours") for one in airtable.rows("Activity").values()] == [None, None]


def test_a_record_with_an_id_needs_no_key_and_an_unknown_id_never_creates(airtable, activity, http):
    row = activity.create({"Key": "a"})["id"]
    answer = activity.batch_upsert([{"id": row, "fields": {"Key": "b"}}], ["Key"])
    assert answer["updatedRecords"] == [row]
    body = {
        "performUpsert": {"fieldsToMergeOn": ["Key"]},
        "records": [{"id": "recXXXXXXXXXXXXXX", "fields": {"Key": "c"}}],
    }
    assert kind(http.patch("/Activity", json=body)) == (422, "ROW_DOES_NOT_EXIST")
    assert len(airtable.rows("Activity")) == 1


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_key_makes_a_new_row_each_time(airtable, http, empty):
    for _ in range(2):
        assert upsert(http, [{"Key": empty, "Title": "x"}]).json()["updatedRecords"] == []
    assert len(airtable.rows("Activity")) == 2


def test_several_fields_identify_a_row_together(airtable, http):
    row = airtable.add_row("Activity", {"Key": "a", "Hours": 1, "Start": "2025-07-01"})
    keys = ("Key", "Hours", airtable.field_id("Activity", "Start"))
    assert upsert(http, [{"Key": "a", "Hours": 1.0, "Start": "2025-07-01"}], keys).json()["updatedRecords"] == [row]
    assert upsert(http, [{"Key": "a", "Hours": 1, "Start": "2025-07-02"}], keys).json()["updatedRecords"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("URL", "https://x.org"), ("Late", True), ("Allocation", []), ("Synced at", "2025-07-01T00:00:00Z"), ("Sum", 1)],
)
def test_only_some_types_can_be_merged_on(airtable, http, field, value):
    airtable.add_computed_field("Activity", "Sum", "formula", lambda row: 1)
    fields = {"Key": "a"} if field == "Sum" else {"Key": "a", field: value}
    answer = upsert(http, [fields], [field])
    assert kind(answer) == (422, "INVALID_REQUEST_UNKNOWN")
    assert f'cannot merge on field "{field}"' in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("merge_on", "wanted"),
    [
        ([], "INVALID_REQUEST_UNKNOWN"),
        (["Key", "Title", "Hours", "Start"], "INVALID_REQUEST_UNKNOWN"),
        ("Key", "INVALID_REQUEST_UNKNOWN"),
        (["Nope"], "UNKNOWN_FIELD_NAME"),
    ],
)
def test_one_to_three_known_fields_are_merged_on(http, merge_on, wanted):
    body = {"performUpsert": {"fieldsToMergeOn": merge_on}, "records": [{"fields": {"Key": "a"}}]}
    assert kind(http.patch("/Activity", json=body)) == (422, wanted)


def test_a_record_without_its_key_is_refused(http):
    assert kind(upsert(http, [{"Title": "x"}])) == (422, "INVALID_REQUEST_UNKNOWN")


@pytest.mark.parametrize(("played_as", "rows"), [("two_rows", 2), ("one_row", 1), ("refused", 0)])
def test_one_new_key_twice_in_a_request_is_played_in_three_ways(airtable, http, played_as, rows):
    airtable.options.same_new_key = played_as
    answer = upsert(http, [{"Key": "a", "Hours": 1}, {"Key": "a", "Hours": 2}])
    assert answer.status_code == (200 if rows else 422)
    found = list(airtable.rows("Activity").values())
    assert len(found) == rows
    if rows == 1:
        assert found[0]["Hours"] == 2
        assert len(answer.json()["createdRecords"]) == 1


def test_keys_may_be_played_as_compared_without_case(airtable, http):
    airtable.add_row("Activity", {"Key": "Issue@1"})
    assert len(upsert(http, [{"Key": "issue@1 "}]).json()["createdRecords"]) == 1
    airtable.options.key_match = "folded"
    airtable.delete_row("Activity", airtable.find("Activity", {"Key": "issue@1 "})[0])
    assert len(upsert(http, [{"Key": "issue@1 "}]).json()["updatedRecords"]) == 1
