"""Listings: pages and offsets, order, filters, and what a listing is not."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from pyairtable import formulas
from requests import HTTPError

from sandbox.core import Person


@pytest.fixture
def rows(airtable):
    return [airtable.add_row("Activity", {"Key": f"k{number:03}", "Hours": number % 7}) for number in range(250)]


def listed(http, **params):
    answer = http.get("/Activity", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def refused(answer):
    return answer.status_code, answer.json()["error"]["type"]


def test_pyairtable_reads_all_pages(sandbox, activity, rows):
    found = activity.all()
    assert sorted(one["id"] for one in found) == sorted(rows)
    assert sandbox.log.count(method="GET") == 3
    assert [len(page) for page in activity.iterate(page_size=60)] == [60, 60, 60, 60, 10]


def test_the_last_page_has_no_offset(http, rows):
    page = listed(http)
    assert len(page["records"]) == 100
    while "offset" in page:
        assert page["offset"].startswith("itr")
        page = listed(http, offset=page["offset"])
    assert len(page["records"]) == 50


def test_not_turns_a_test_around(airtable, activity):
    for key in ("early", "late"):
        airtable.add_row("Activity", {"Key": key})
        airtable.clock.advance(minutes=1)
    since = (airtable.clock.now() - timedelta(seconds=90)).isoformat()
    late = f"CREATED_TIME()>=DATETIME_PARSE('{since}')"
    assert [one["fields"]["Key"] for one in activity.all(formula=late)] == ["late"]
    assert [one["fields"]["Key"] for one in activity.all(formula=f"NOT({late})")] == ["early"]


def test_a_listing_by_post_is_a_read(sandbox, activity, rows):
    wanted = rows[:150]
    formula = formulas.OR(*(formulas.EQ(formulas.Formula("RECORD_ID()"), one) for one in wanted * 5))
    assert len(str(formula)) > 16_000
    assert sorted(one["id"] for one in activity.all(formula=formula)) == sorted(wanted)
    assert {(one.method, one.path.rsplit("/", 1)[1]) for one in sandbox.log.select()} == {("POST", "listRecords")}
    assert sandbox.log.writes() == ()


def test_an_address_may_have_16000_characters_and_not_one_more(http):
    room = 16_000 - len(str(http.base_url)) - len("Activity?filterByFormula=")
    assert http.get(f"/Activity?filterByFormula={'1' * room}").status_code == 200
    assert refused(http.get(f"/Activity?filterByFormula={'1' * (room + 1)}")) == (414, "REQUEST_URI_TOO_LONG")


def test_rows_come_in_a_stable_order_that_nobody_can_rely_on(airtable, activity, rows):
    first = [one["id"] for one in activity.all()]
    assert first == [one["id"] for one in activity.all()]
    assert first != rows
    airtable.options.order = "created"
    assert [one["id"] for one in activity.all()] == rows


def test_rows_can_be_sorted_by_several_fields_empty_cells_first(airtable, activity):
    for key, hours in (("b", 2), ("a", 2), ("C", None), ("d", 10)):
        airtable.add_row("Activity", {"Key": key, "Hours": hours})
    assert [one["fields"]["Key"] for one in activity.all(sort=["Hours", "Key"])] == ["C", "a", "b", "d"]
    assert [one["fields"]["Key"] for one in activity.all(sort=["-Hours", "Key"])] == ["d", "a", "b", "C"]
    assert [one["fields"]["Key"] for one in activity.all(sort=["Key"])] == ["a", "b", "C", "d"]


def test_max_records_caps_the_whole_listing(activity, rows):
    assert len(activity.all(max_records=150)) == 150
    assert len(activity.all(max_records=150, page_size=40)) == 150
    assert activity.first() is not None


def test_fields_are_chosen_by_name_or_id_and_shown_by_either(airtable, activity):
    key = airtable.field_id("Activity", "Key")
    airtable.add_row("Activity", {"Key": "k", "Hours": 1, "Title": "t"})
    assert activity.all(fields=["Key", "Hours"])[0]["fields"] == {"Key": "k", "Hours": 1}
    assert activity.all(fields=[key], use_field_ids=True)[0]["fields"] == {key: "k"}
    assert activity.all(count_comments=True)[0]["commentCount"] == 0


def test_the_same_parameters_work_by_post(airtable, http, rows):
    body = {"pageSize": 3, "maxRecords": 7, "fields": ["Key"], "sort": [{"field": "Key", "direction": "desc"}]}
    seen = []
    while True:
        answer = http.post("/Activity/listRecords", json={**body, "view": "Grid view"}).json()
        seen += [one["fields"] for one in answer["records"]]
        if "offset" not in answer:
            break
        body["offset"] = answer["offset"]
    assert seen == [{"Key": f"k{number:03}"} for number in range(249, 242, -1)]


@pytest.mark.parametrize(
    ("params", "kind"),
    [
        ({"pageSize": "101"}, "INVALID_REQUEST_UNKNOWN"),
        ({"pageSize": "0"}, "INVALID_REQUEST_UNKNOWN"),
        ({"pageSize": "ten"}, "INVALID_REQUEST_UNKNOWN"),
        ({"maxRecords": "-1"}, "INVALID_REQUEST_UNKNOWN"),
        ({"color": "red"}, "INVALID_REQUEST_UNKNOWN"),
        ({"cellFormat": "string"}, "INVALID_REQUEST_UNKNOWN"),
        ({"recordMetadata[]": "likes"}, "INVALID_REQUEST_UNKNOWN"),
        ({"sort[0][field]": "Key", "sort[0][direction]": "up"}, "INVALID_REQUEST_UNKNOWN"),
        ({"sort[0][direction]": "asc"}, "INVALID_REQUEST_UNKNOWN"),
        ({"sort": "Key"}, "INVALID_REQUEST_UNKNOWN"),
        ({"fields": "Key"}, "INVALID_REQUEST_UNKNOWN"),
        ({"sort[0][field]": "Nope"}, "UNKNOWN_FIELD_NAME"),
        ({"fields[]": "Nope"}, "UNKNOWN_FIELD_NAME"),
        ({"view": "My view"}, "VIEW_NAME_NOT_FOUND"),
        ({"view": "viwXXXXXXXXXXXXXX"}, "VIEW_ID_NOT_FOUND"),
        ({"offset": "itrXXXXXXXXXXXXXX/recXXXXXXXXXXXXXX"}, "INVALID_OFFSET_VALUE"),
    ],
)
def test_a_parameter_that_is_not_right_is_refused(http, params, kind):
    assert refused(http.get("/Activity", params=params)) == (422, kind)


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ({"pageSize": 101}, {}),
        ({"pageSize": "10"}, {}),
        ({"maxRecords": True}, {}),
        ({"returnFieldsByFieldId": 1}, {}),
        ({"timeZone": "utc"}, {}),
        ({}, {"pageSize": "5"}),
    ],
)
def test_a_parameter_that_is_not_right_is_refused_by_post_too(http, body, query):
    assert refused(http.post("/Activity/listRecords", json=body, params=query)) == (422, "INVALID_REQUEST_UNKNOWN")


def test_time_zone_and_locale_stay_in_the_query(http):
    answer = http.post("/Activity/listRecords", json={}, params={"timeZone": "utc", "userLocale": "en"})
    assert answer.status_code == 200


def test_an_offset_belongs_to_its_table(airtable, http, rows):
    offset = listed(http)["offset"]
    assert refused(http.get("/Runs", params={"offset": offset})) == (422, "INVALID_OFFSET_VALUE")


def test_an_expired_offset_ends_a_listing_half_way(sandbox, airtable, activity, rows):
    sandbox.faults.add(Person(airtable.expire_offsets), service="airtable", path="offset=", nth=2, times=1)
    with pytest.raises(HTTPError, match="LIST_RECORDS_ITERATOR_NOT_AVAILABLE"):
        activity.all()
    assert len(activity.all()) == 250


def test_by_position_a_row_deleted_meanwhile_hides_another(sandbox, airtable, activity, rows):
    airtable.options.paging = "by_position"
    airtable.options.order = "created"
    sandbox.faults.add(Person(lambda: airtable.delete_row("Activity", rows[0])), path="offset=", times=1)
    found = {one["id"] for one in activity.all()}
    assert rows[100] not in found
    assert rows[0] in found


def test_by_record_a_row_deleted_meanwhile_hides_no_other(sandbox, airtable, activity, rows):
    airtable.options.order = "created"
    sandbox.faults.add(Person(lambda: airtable.delete_row("Activity", rows[0])), path="offset=", times=1)
    assert {one["id"] for one in activity.all()} == set(rows)


def test_by_record_a_page_goes_on_though_its_first_row_is_gone(sandbox, airtable, activity, rows):
    airtable.options.order = "created"
    sandbox.faults.add(Person(lambda: airtable.delete_row("Activity", rows[100])), path="offset=", times=1)
    assert {one["id"] for one in activity.all()} == set(rows) - {rows[100]}


def test_pages_can_be_made_smaller(airtable, sandbox, activity, rows):
    airtable.options.page_cap = 10
    assert len(activity.all()) == 250
    assert sandbox.log.count() == 25


HOSTILE = ["it's", 'say "x"', "back\\slash", "new\nline", "') , TRUE() , ('", "{Key}", ""]


@pytest.mark.parametrize("value", HOSTILE)
def test_pyairtables_quoting_finds_exactly_the_value(airtable, activity, value):
    for one in HOSTILE:
        airtable.add_row("Activity", {"Key": one, "Title": one or "none"})
    found = activity.all(formula=formulas.match({"Key": value}))
    assert [one["fields"]["Title"] for one in found] == [value or "none"]


def test_formulas_compare_numbers_ticks_and_several_fields(airtable, activity):
    airtable.add_row("Activity", {"Key": "1", "Hours": 1, "Late": True})
    airtable.add_row("Activity", {"Key": "2", "Hours": 2})

    def keys(formula):
        return sorted(one["fields"]["Key"] for one in activity.all(formula=formula))

    assert keys(formulas.match({"Hours": 1, "Late": True})) == ["1"]
    assert keys("{Late}") == ["1"]
    assert keys("{Late} = FALSE()") == ["2"]
    assert keys("or({Key}='1', {Hours}=2.0)") == ["1", "2"]
    assert keys("{Key}=1") == []
    assert keys("{Hours}='1'") == []
    assert keys("{Title}=BLANK()") == ["1", "2"]
    assert keys(f"{{{airtable.field_id('Activity', 'Key')}}}='2'") == ["2"]


def test_a_link_in_a_formula_is_the_linked_rows_text(airtable, activity):
    allocation = airtable.add_row("Allocations", {"Name": "Q3"})
    airtable.add_row("Activity", {"Key": "k", "Allocation": [allocation]})
    assert len(activity.all(formula="{Allocation}='Q3'")) == 1
    assert activity.all(formula=f"{{Allocation}}='{allocation}'") == []


def test_an_unknown_field_in_a_formula_is_named_in_lower_case(http):
    answer = http.get("/Activity", params={"filterByFormula": "{Nope}='x'"})
    assert refused(answer) == (422, "INVALID_FILTER_BY_FORMULA")
    assert answer.json()["error"]["message"].endswith("Unknown field names: nope")


@pytest.mark.parametrize(
    "formula",
    [
        "{Key}=",
        "{Key",
        "FIND('x', {Key})",
        "{Hours}>1",
        "{Key}='x' {Key}",
        "OR()",
        "='x'",
        "TRUE(",
        "Key='x'",
        "{Key}='x",
    ],
)
def test_a_formula_beyond_equality_is_refused(http, formula):
    answer = http.get("/Activity", params={"filterByFormula": formula})
    assert refused(answer) == (422, "INVALID_FILTER_BY_FORMULA")


def test_a_single_record_takes_no_fields_parameter(airtable, http: httpx.Client):
    row = airtable.add_row("Activity", {"Key": "k"})
    assert refused(http.get(f"/Activity/{row}", params={"fields[]": "Key"})) == (422, "INVALID_REQUEST_UNKNOWN")
