import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.sealing import Seal, Unseal, format_sealed_rows, is_sealed, parse_sealed_rows, sealing_of, seals
from sync.model.contract import Sealing
from sync.model.work import Row
from tests.hours.building import contracts, quarter, sealed

GRACE = 14
LAST_OF_GRACE = date(2025, 4, 14)
ENDED = quarter("q1")


def decide(*allocations, today=date(2025, 4, 15), readable=("q1", "q2")):
    return seals(contracts(*allocations), frozenset(readable), today, GRACE)


def test_an_allocation_is_sealed_when_more_than_the_days_of_grace_are_over():
    assert decide(ENDED, today=LAST_OF_GRACE) == ()
    assert decide(ENDED, today=LAST_OF_GRACE + timedelta(days=1)) == (Seal("q1"),)


def test_a_first_import_still_seals_a_period_long_past():
    assert decide(ENDED, today=date(2030, 1, 1)) == (Seal("q1"),)


def test_what_could_not_be_read_is_not_sealed():
    assert decide(ENDED, readable=()) == ()


def test_a_sealed_allocation_is_not_sealed_again():
    assert decide(sealed(ENDED, 60)) == ()


def test_an_allocation_without_end_never_seals():
    assert decide(replace(ENDED, end=None), today=date(2030, 1, 1)) == ()


def test_an_allocation_whose_dates_are_swapped_never_seals():
    assert decide(replace(ENDED, start=ENDED.end, end=ENDED.start), today=date(2030, 1, 1)) == ()
    assert decide(replace(ENDED, start=ENDED.end), today=date(2030, 1, 1)) == (Seal("q1"),)


def test_an_end_in_the_last_days_of_the_calendar_breaks_nothing():
    assert decide(replace(ENDED, end=date.max)) == ()


def test_a_ticked_reopen_clears_the_seal_and_keeps_it_away():
    assert decide(replace(sealed(ENDED, 60), reopen=True), readable=()) == (Unseal("q1"),)
    assert decide(replace(ENDED, reopen=True)) == ()


def test_seals_come_by_id_whatever_the_order_of_reading():
    long_past = quarter("q2", start=date(2025, 2, 1), end=date(2025, 3, 1))
    assert decide(long_past, ENDED) == decide(ENDED, long_past) == (Seal("q1"), Seal("q2"))


def test_only_a_seal_without_reopen_fixes_minutes():
    assert not is_sealed(ENDED)
    assert is_sealed(sealed(ENDED, 60))
    assert not is_sealed(replace(sealed(ENDED, 60), reopen=True))


def test_the_seal_holds_every_row_of_the_allocation_with_hours_also_zero():
    rows = [
        Row("I_1@q1", minutes=60),
        Row("I_2@q1", minutes=0),
        Row("I_3@q1", minutes=None),
        Row("I_1@q2", minutes=30),
        Row("asana:7@q1", minutes=15),
    ]
    assert sealing_of("q1", rows, date(2025, 4, 20)) == Sealing(
        date(2025, 4, 20), {"I_1@q1": 60, "I_2@q1": 0, "asana:7@q1": 15}
    )


def test_sealed_rows_are_one_line_each_key_and_minutes_sorted():
    assert format_sealed_rows({"asana:7@q1": 15, "I_2@q1": 0, "I_1@q1": 60}) == "I_1@q1 60\nI_2@q1 0\nasana:7@q1 15"
    assert format_sealed_rows({}) == ""


def test_blank_lines_and_blanks_around_a_line_are_free():
    assert parse_sealed_rows("\n  I_1@q1 60 \r\n\nI_2@q1 0\n") == {"I_1@q1": 60, "I_2@q1": 0}
    assert parse_sealed_rows("") == {}


@pytest.mark.parametrize("line", ["I_1@q1", "I_1@q1 six", "I_1@q1 6.5", "I_1 60", "I_1@q1  60", "@q1 60", "I 1@q1 60"])
def test_a_line_that_says_nothing_is_named(line):
    with pytest.raises(ValueError, match=re.escape(f"{line!r} is not a key and minutes")):
        parse_sealed_rows(f"I_9@q1 30\n{line}")


def test_a_key_that_stands_twice_is_named():
    with pytest.raises(ValueError, match="'I_1@q1 30' stands twice"):
        parse_sealed_rows("I_1@q1 60\nI_1@q1 30")


@pytest.mark.parametrize("key", ["I_1", "I 1@q1", "I_1@q1\nI_2@q1", "I_1@"])
def test_a_key_that_could_not_be_read_back_is_never_written(key):
    with pytest.raises(ValueError, match="is not a key and minutes"):
        format_sealed_rows({key: 60})


words = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=12)
keys = st.builds("{}@{}".format, words, words.filter(lambda word: "@" not in word))


@given(st.dictionaries(keys, st.integers(-1000, 1_000_000), max_size=8))
def test_sealed_rows_survive_the_way_through_the_cell(rows):
    assert parse_sealed_rows(format_sealed_rows(rows)) == rows
