"""The table Alerts on a played Airtable: rows and twins, what may lack, and how little is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.airtable_alerts import alert_book
from connectors.wire.alerts import COLUMNS, decode_alert, encode_alert, unmanaged, wanted_rows
from connectors.wire.columns import TableShape
from sandbox.core.faults import Status
from sync.model.alert import Alert, AlertWrite, State, Word
from tests.connectors.airtable.conftest import Office
from tests.connectors.airtable.test_wire import CREATED, kept

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MOMENTS = st.none() | st.integers(0, 2_000_000_000_000).map(lambda one: datetime.fromtimestamp(one / 1000, UTC)).map(
    lambda one: one.replace(microsecond=one.microsecond // 1000 * 1000)
)
ALERTS = st.builds(
    Alert,
    key=st.from_regex(r"[a-z_]{1,8}\|[A-Za-z0-9 ]{1,8}x\|\|", fullmatch=True),
    kind=WORDS,
    subject=WORDS,
    period=WORDS,
    level=WORDS,
    severity=WORDS,
    role=WORDS,
    evidence=WORDS,
    remedy=WORDS,
    state=st.sampled_from(State),
    first_seen=MOMENTS,
    last_seen=MOMENTS,
    told=MOMENTS,
)
ROW = Alert(
    "near_cap|rec1|rec1|80 %", "near_cap", "Reef Q3", state=State.OPEN, first_seen=datetime(2026, 8, 1, tzinfo=UTC)
)


@given(ALERTS, ALERTS)
def test_a_row_reads_back_as_it_was_written(before: Alert, after: Alert) -> None:
    assert decode_alert("rec1", CREATED, kept(encode_alert(None, before))).alert == before
    cells = kept(kept(encode_alert(None, before)) | encode_alert(before, after))
    assert decode_alert("rec1", CREATED, cells).alert == after
    assert encode_alert(after, after) == {"Key": after.key}


def test_peoples_columns_are_read_and_none_of_them_is_ours() -> None:
    cells = {
        "Key": ROW.key,
        "Owner": " Ana ",
        "Acknowledged": True,
        "Snooze until": "2026-09-01",
        "Accepted until": "2026-09-30",
        "Reason": "agreed",
    }
    word = Word("Ana", True, date(2026, 9, 1), date(2026, 9, 30), "agreed")
    assert decode_alert("rec1", CREATED, cells).word == word
    assert (set(cells) - {"Key"}) & set(COLUMNS.values()) == set()


def test_a_state_nobody_has_heard_of_counts_as_open() -> None:
    assert decode_alert("rec1", CREATED, {"Key": ROW.key, "State": "who knows"}).alert.state is State.OPEN


def test_rows_are_made_by_key_and_changed_by_record(office: Office) -> None:
    connector = office.ready()
    connector.read_alerts()
    connector.write_alerts([AlertWrite(None, ROW)])
    (stored,) = connector.read_alerts().rows.values()
    assert stored.alert == ROW
    again = office.ready()
    again.write_alerts([AlertWrite(None, replace(ROW, subject="Reef"))])
    told = replace(ROW, subject="Reef", told=ROW.first_seen)
    again.write_alerts([AlertWrite(replace(ROW, subject="Reef"), told)])
    assert [one.alert for one in office.ready().read_alerts().rows.values()] == [told]
    assert len(office.service.rows("Alerts")) == 1


def test_rows_that_are_resolved_are_read_only_when_all_are_asked_for(office: Office) -> None:
    connector = office.ready()
    over = replace(ROW, key="near_cap|rec2|rec2|80 %", state=State.RESOLVED)
    owed = replace(ROW, key="near_cap|rec3|rec3|80 %", state=State.OWED)
    connector.write_alerts([AlertWrite(None, one) for one in (ROW, over, owed)])
    office.add("Alerts", Key="near_cap|rec4|rec4|80 %")
    book = connector.read_alerts()
    assert (sorted(book.rows), book.whole) == ([ROW.key, owed.key, "near_cap|rec4|rec4|80 %"], False)
    assert over.key in connector.read_alerts(whole=True).rows


def test_rows_that_are_resolved_are_read_by_their_keys_whatever_stands_in_these(office: Office) -> None:
    connector = office.ready()
    odd = [replace(ROW, key=f"k|{one}|p|", state=State.RESOLVED) for one in ("it's", "a\\", "'),BLANK(", "x")]
    connector.write_alerts([AlertWrite(None, one) for one in odd])
    book = connector.read_alerts(keys=[one.key for one in odd[:3]])
    assert (sorted(book.rows), book.whole) == (sorted(one.key for one in odd[:3]), False)


def test_more_keys_than_a_question_holds_are_looked_for_in_all_rows(office: Office) -> None:
    connector = office.ready()
    over = replace(ROW, state=State.RESOLVED)
    connector.write_alerts([AlertWrite(None, over)])
    book = connector.read_alerts(keys=[f"k|{number}|p|" for number in range(400)])
    assert (list(book.rows), book.whole) == ([over.key], True)


def test_where_airtable_refuses_to_narrow_the_rows_all_are_read(office: Office) -> None:
    office.add("Alerts", Key=ROW.key, State="resolved")
    refused = Status(422, {"error": {"type": "INVALID_FILTER_BY_FORMULA", "message": "Unknown field names"}})
    connector = office.ready()
    office.sandbox.faults.add(refused, service="airtable", times=1)
    book = connector.read_alerts()
    assert (list(book.rows), book.whole) == ([ROW.key], True)


def test_of_two_rows_with_one_key_the_older_counts_and_the_key_is_held(office: Office) -> None:
    first = office.add("Alerts", Key=ROW.key, Subject="older")
    office.sandbox.clock.advance(seconds=5)
    office.add("Alerts", Key=ROW.key, Subject="younger")
    book = office.ready().read_alerts()
    assert book.rows[ROW.key].record_id == first
    assert "2 rows" in book.held[ROW.key]


def test_rows_of_people_are_none_of_our_business(office: Office) -> None:
    office.add("Alerts", Subject="call Ben")
    office.add("Alerts", Key="my own", Subject="call Ana")
    book = office.ready().read_alerts()
    assert (book.rows, book.held, book.problems) == ({}, {}, ())


def test_a_row_with_an_odd_cell_is_named_and_its_key_held() -> None:
    records = [{"id": "rec1", "fields": {"Key": ROW.key, "Told": 5}}, {"id": "rec2", "fields": {"Key": 7, "Told": []}}]
    shape = TableShape("tbl1", {name: name for name in COLUMNS.values()})
    book = alert_book(shape, records, lambda record: record["fields"], whole=True)
    assert (book.rows, list(book.held)) == ({}, [ROW.key])
    assert "Told" in book.held[ROW.key]
    assert [one.subject for one in book.problems] == [f"Alerts: {ROW.key}", "Alerts: rec2"]


def test_a_base_without_the_table_or_without_a_column_it_needs_keeps_no_alerts(office: Office) -> None:
    base = office.service.base
    table = base.table("Alerts")
    assert table is not None
    table.fields = [one for one in table.fields if one.name not in {"Told", "Severity"}]
    assert office.ready().read_alerts().missing == ("Alerts.Told",)
    base.tables.remove(table)
    connector = office.ready()
    assert connector.read_contracts().drift == ()
    assert connector.read_alerts().missing == ("the table Alerts",)


def test_a_column_that_lacks_is_not_managed() -> None:
    columns: dict[str, Any] = {name: f"fld{name}" for name in COLUMNS.values() if name != "Severity"}
    assert unmanaged(columns) == {"severity"}
    assert wanted_rows(columns).startswith("OR({fldState}='open', ")
