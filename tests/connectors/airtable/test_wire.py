"""Airtable's records to our values and back, without a network: what is written reads back, nothing odd passes."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.airtable_api import classify, error_words
from connectors.retry import Again
from connectors.wire.airtable import (
    OddCell,
    asana_gid,
    decode_allocation,
    decode_community,
    decode_contact,
    decode_engagement,
    decode_project,
    decode_row,
    encode_row,
    encode_sealing,
    encode_totals,
    moment,
    text,
)
from connectors.wire.alerts import decode_alert
from connectors.wire.columns import TABLES, FoundColumn, FoundTable, decode_schema, find_tables
from connectors.wire.runs import decode_lease
from sync.model.contract import Sealing, Totals
from sync.model.work import Row

CREATED = "2026-01-05T09:30:15.000Z"
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
KEYS = st.builds(
    "{}@{}".format, st.from_regex(r"[A-Za-z0-9_:]{1,8}", fullmatch=True), st.sampled_from(["rec1", "unplaced"])
)
DAYS = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
MINUTES = st.none() | st.integers(-6000, 600_000)
ROWS = st.builds(
    Row,
    key=KEYS,
    source=WORDS,
    title=WORDS,
    url=WORDS,
    github_id=WORDS,
    task=WORDS,
    placed_under=WORDS,
    placed_by=WORDS,
    dated_by=WORDS,
    ticket=WORDS,
    contact=WORDS,
    people=WORDS,
    start=DAYS,
    end=DAYS,
    minutes=MINUTES,
    state=WORDS,
    late=st.booleans(),
    seal=WORDS,
    restored=st.integers(0, 99),
    link=st.sampled_from(["", "rec1"]),
)


def kept(cells: dict[str, Any]) -> dict[str, Any]:
    """Return cells as Airtable gives them back: empty ones are left out."""
    shown = json.loads(json.dumps(cells, allow_nan=False))
    return {name: value for name, value in shown.items() if value or (value == 0 and value is not False)}


@given(ROWS)
def test_a_new_row_reads_back_as_it_was_written(row: Row) -> None:
    assert decode_row("rec9", CREATED, kept(encode_row(None, row))).row == row


@given(ROWS, ROWS)
def test_the_cells_that_differ_make_one_row_of_the_other(before: Row, after: Row) -> None:
    cells = kept(kept(encode_row(None, before)) | encode_row(before, after))
    assert decode_row("rec9", CREATED, cells).row == after


@given(ROWS)
def test_of_a_row_that_is_as_it_should_be_only_the_key_is_sent(row: Row) -> None:
    assert encode_row(row, row) == {"Key": row.key}


SHARES = st.none() | st.floats(0, 9, allow_nan=False)
MANAGED = st.none() | WORDS


@given(st.builds(Totals, MINUTES, MINUTES, SHARES, WORDS.map(str.strip), MANAGED, MANAGED, MANAGED))
def test_totals_read_back_as_they_were_written(totals: Totals) -> None:
    cells = encode_totals(totals)
    assert decode_allocation("rec1", dict.fromkeys(cells) | kept(cells)).totals == totals


def test_a_column_that_the_base_lacks_gets_no_cell() -> None:
    assert decode_allocation("rec1", {"Pace": None}).totals == Totals(pace="", forecast=None, status=None)
    assert "Forecast" not in encode_totals(Totals(forecast=None))


@given(st.builds(Sealing, st.dates(), st.dictionaries(KEYS, st.integers(-999_999, 999_999), max_size=5)))
def test_a_seal_reads_back_as_it_was_written(sealing: Sealing) -> None:
    cells = encode_sealing(sealing)
    assert decode_allocation("rec1", kept(cells)).sealing == sealing
    assert set(cells) == set(encode_sealing(None))
    assert decode_allocation("rec1", kept(cells | encode_sealing(None))).sealing is None


# Nothing odd gets through.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
DECODERS = {
    "Communities": decode_community,
    "Contacts": decode_contact,
    "Engagements": decode_engagement,
    "Projects": decode_project,
    "Allocations": decode_allocation,
    "Activity": lambda record_id, cells: decode_row(record_id, CREATED, cells),
    "Runs": lambda record_id, cells: decode_lease(record_id, CREATED, cells),
    "Alerts": lambda record_id, cells: decode_alert(record_id, CREATED, cells),
}


@given(st.sampled_from([(table, one.name) for table, columns in TABLES.items() for one in columns]), JSON)
def test_whatever_stands_in_a_cell_is_read_or_odd_by_its_column(place: tuple[str, str], value: Any) -> None:
    table, column = place
    try:
        DECODERS[table]("rec1", {column: value})
    except OddCell as odd:
        told = str(odd)
        assert told.startswith(column)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", [1], {"error": "#ERROR!"}, 10**400])
def test_what_is_no_number_is_odd(value: Any) -> None:
    for column in ("Hours used", "Used %"):
        with pytest.raises(OddCell, match=column):
            decode_allocation("rec1", {column: value})


@pytest.mark.parametrize(
    ("value", "words"),
    [(43, "43"), (43_000_012_345.0, "43000012345"), (1.5, "1.5"), ("x", "x"), (None, ""), (False, "")],
)
def test_words_may_stand_in_a_number(value: Any, words: str) -> None:
    assert text({"Name": value}, "Name") == words


@given(st.text())
def test_no_moment_breaks_it(words: str) -> None:
    found = moment(words)
    assert found is None or found.utcoffset() is not None


@pytest.mark.parametrize(
    ("url", "gid"),
    [
        ("https://app.asana.com/0/1204/1206/f", "1206"),
        ("https://app.asana.com/0/1204/1206", "1206"),
        ("https://app.asana.com/1/12/project/1204/task/1206?focus=true", "1206"),
        (" https://app.asana.com/1/12/project/1204/list/77/ ", "77"),
        ("1206", "1206"),
        ("https://app.asana.com/0/home", ""),
        ("http://[broken", ""),
        ("", ""),
        ("https://app.asana.com/0/٣٤", ""),
    ],
)
def test_a_gid_is_the_last_segment_of_digits(url: str, gid: str) -> None:
    assert asana_gid(url) == gid


# The schema.


def found(table: str, **changes: Any) -> FoundTable:
    """Return a table that is as it should be, but for *changes*: column → type, or None for a missing one."""
    columns = []
    for number, one in enumerate(TABLES[table]):
        kind = changes.get(one.name.replace(" ", "_"), one.types[0])
        if kind is not None:
            columns.append(FoundColumn(f"fld{number}", one.name, kind, 2))
    return FoundTable(f"tbl{table}", table, tuple(columns))


def test_a_base_as_designed_shows_no_drift() -> None:
    shapes, drift = find_tables([found(table) for table in TABLES], {})
    assert drift == ()
    assert {name: set(shape.columns) for name, shape in shapes.items()} == {
        table: {one.name for one in columns} for table, columns in TABLES.items()
    }


@pytest.mark.parametrize(
    ("table", "column"), [(table, one.name) for table, columns in TABLES.items() for one in columns if one.ours]
)
def test_every_column_of_ours_that_is_missing_or_retyped_is_drift(table: str, column: str) -> None:
    for kind in (None, "multipleAttachments"):
        tables = [found(one, **({column.replace(" ", "_"): kind} if one == table else {})) for one in TABLES]
        shapes, drift = find_tables(tables, {})
        unmanaged = kind is None and next(one for one in TABLES[table] if one.name == column).optional
        assert [(one.name, one.ours) for one in drift] == ([] if unmanaged else [(column, True)])
        assert column not in shapes[table].columns


def test_all_drift_is_told_at_once() -> None:
    tables = [found("Activity", Hours="singleLineText", Key=None), found("Communities", Name="checkbox")]
    _, drift = find_tables(tables, {})
    assert {(one.place, one.name) for one in drift} == {
        ("Activity", "Hours"),
        ("Activity", "Key"),
        ("Communities", "Name"),
        ("the base", "Engagements"),
        ("the base", "Projects"),
        ("the base", "Allocations"),
    }


SCHEMA = {
    "tables": [
        {
            "id": "tbl1",
            "name": "Activity",
            "fields": [{"id": "fld1", "name": "Hours", "type": "number", "options": {"precision": 1}}],
        }
    ]
}


def test_a_schema_is_read_with_decimals_and_whatever_type() -> None:
    assert decode_schema(SCHEMA) == [FoundTable("tbl1", "Activity", (FoundColumn("fld1", "Hours", "number", 1),))]


@given(JSON, st.sampled_from([(), ("tables",), ("tables", 0), ("tables", 0, "fields"), ("tables", 0, "fields", 0)]))
def test_whatever_stands_in_a_schema_is_read_or_a_wrong_type(value: Any, path: tuple[Any, ...]) -> None:
    schema: Any = json.loads(json.dumps(SCHEMA))
    place = schema
    for key in path[:-1]:
        place = place[key]
    if path:
        place[path[-1]] = value
    else:
        schema = value
    with suppress(TypeError):
        find_tables(decode_schema(schema), {})


@given(JSON, st.sampled_from(["id", "name", "type", "options"]))
def test_whatever_a_column_says_of_itself_is_read_or_a_wrong_type(value: Any, key: str) -> None:
    schema: Any = json.loads(json.dumps(SCHEMA))
    schema["tables"][0]["fields"][0][key] = value
    with suppress(TypeError):
        find_tables(decode_schema(schema), {})


# Words of refusals.


def answer(body: Any) -> Any:
    return SimpleNamespace(json=lambda: body, status_code=422, headers={})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": {"type": "T", "message": "m\nn"}}, "T: m n"),
        ({"error": {"type": "T"}}, "T"),
        ({"error": "NOT_FOUND"}, "NOT_FOUND"),
        ({"errors": [{"error": "T", "message": "m"}]}, "T: m"),
        ({"errors": []}, ""),
        ({"errors": ["text"]}, "text"),
        ({"errors": {"x": 1}}, ""),
        ([], ""),
        (None, ""),
        ("text", ""),
    ],
)
def test_the_words_of_a_refusal_are_found_in_any_shape(body: Any, words: str) -> None:
    assert error_words(answer(body)) == words


@given(JSON, st.sampled_from(["error", "errors", "other"]))
def test_no_body_of_a_refusal_breaks_it(value: Any, name: str) -> None:
    assert len(error_words(answer({name: value}))) <= 300


@given(st.sampled_from([ValueError("x"), OSError("x"), AttributeError("x"), RuntimeError("x"), TypeError("x")]))
def test_a_failure_nobody_thought_of_is_never_repeated_as_not_done(error: Exception) -> None:
    trouble = classify("read", error, "host")
    assert trouble.again is not Again.NOT_DONE
    assert type(error).__name__ in str(trouble.error)
