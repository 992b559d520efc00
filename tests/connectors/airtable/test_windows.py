"""What a run wrote in bulk is asked for once more page by page, and nobody's edit at the same moment is missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.airtable_windows import Window, asking_for, windows
from connectors.memory import Memory
from sync.model.reading import Moved
from tests.connectors.airtable.conftest import Office

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
SECONDS = st.integers(0, 400).map(lambda seconds: START + timedelta(seconds=seconds))


def has(window: Window, moment: datetime) -> bool:
    return window.since <= moment and (window.until is None or moment < window.until)


@given(since=SECONDS, written=st.dictionaries(SECONDS, st.integers(1, 60), max_size=40), asked=SECONDS)
def test_every_moment_is_asked_for_once_and_none_with_more_than_a_page_of_ours(
    since: datetime, written: dict[datetime, int], asked: datetime
) -> None:
    now, later = windows(since, written)
    around = {asked, asked + timedelta(milliseconds=1), START + timedelta(hours=9), *written}
    for moment in around:
        assert sum(has(one, moment) for one in (*now, *later)) == (moment >= since)
    ours = [sum(number for at, number in written.items() if at >= since and has(one, at)) for one in later]
    assert all(1 <= number <= 100 for number in ours)
    assert sum(number for at, number in written.items() if any(has(one, at) for one in now)) <= 100


def test_small_bursts_are_asked_for_at_once_and_a_large_one_in_pages() -> None:
    large = {START + timedelta(minutes=30, seconds=second): 40 for second in range(5)}
    now, later = windows(START, {START + timedelta(minutes=5): 9, **large})
    begin = START + timedelta(minutes=30)
    assert later == [
        Window(begin, begin + timedelta(seconds=2)),
        Window(begin + timedelta(seconds=2), begin + timedelta(seconds=4)),
        Window(begin + timedelta(seconds=4), begin + timedelta(seconds=5)),
    ]
    assert now == [Window(START, begin), Window(begin + timedelta(seconds=5))]


def test_a_question_names_both_ends_of_a_window() -> None:
    changed = "OR(LAST_MODIFIED_TIME()>=DATETIME_PARSE('{0}'),CREATED_TIME()>=DATETIME_PARSE('{0}'))"
    nine, ten = changed.format("2026-08-10T09:00:00.000Z"), changed.format("2026-08-10T10:00:00.000Z")
    assert asking_for([Window(START)]) == nine
    both = [Window(START, START + timedelta(hours=1)), Window(START + timedelta(hours=1))]
    assert asking_for(both) == f"OR(AND({nine},NOT({ten})),{ten})"


def test_what_was_written_in_bulk_is_looked_at_by_and_by(office: Office) -> None:
    shelf = Memory().shelf("Airtable")
    connector = office.ready(shelf=shelf)
    for start in range(0, 500, 10):
        connector.write_rows(office.write(*(office.row(number) for number in range(start, start + 10))))
        if start == 250:
            edited = office.rows()[-1]["Key"]
            (record,) = office.service.find("Activity", {"Key": edited})
            office.service.edit_cell("Activity", record, "Hours", 7)
        office.service.clock.advance(seconds=1)
    read = []
    for look in range(40):
        office.service.clock.advance(minutes=15)
        before = office.sent("GET")
        if connector.look() is Moved.YES:
            read.append(look)
        assert office.sent("GET") - before <= 2  # allocations, and another table or a page of what is behind
    assert len(read) == 1
    stored = connector.read_ledger().rows[edited]
    assert stored.row.minutes == 420
    assert not shelf.keys("behind")


def test_rows_are_not_sure_while_what_was_written_in_bulk_is_still_to_be_asked_for(office: Office) -> None:
    shelf = Memory().shelf("Airtable")
    connector = office.ready(shelf=shelf)
    for start in range(0, 150, 10):
        connector.write_rows(office.write(*(office.row(number) for number in range(start, start + 10))))
        office.service.clock.advance(seconds=1)
    (record,) = office.service.find("Activity", {"Key": office.rows()[0]["Key"]})
    assert not connector.read_again([record])
    for _ in range(40):
        office.service.clock.advance(minutes=15)
        connector.look()
    assert not shelf.keys("behind")
    assert connector.read_again([record])
    assert not connector.read_again([record, *(f"rec{number:014}" for number in range(250))])
