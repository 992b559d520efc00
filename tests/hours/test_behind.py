"""The lines behind a total: rows while an allocation is open, the seal once it is sealed."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sync.hours.behind import counted_rows
from sync.hours.usage import Entry, usage
from sync.model.contract import Sealing
from sync.model.work import Row
from tests.hours.building import quarter

SEALED = Sealing(date(2025, 4, 20), {"I_1@q1": 90, "I_2@q1": 30})


def test_an_open_allocation_counts_its_own_rows():
    rows = [Row("I_2@q1", minutes=30), Row("I_1@q1", minutes=None), Row("I_1@q2", minutes=600)]
    found = counted_rows(quarter("q1"), rows)
    assert [(one.row.key, one.minutes, one.sealed) for one in found] == [("I_1@q1", 0, False), ("I_2@q1", 30, False)]


def test_a_sealed_allocation_counts_its_seal_whatever_stands_in_the_rows():
    rows = [Row("I_1@q1", minutes=500), Row("I_3@q1", minutes=60)]
    found = {one.row.key: one for one in counted_rows(quarter("q1", sealing=SEALED), rows)}
    assert {key: one.minutes for key, one in found.items()} == {"I_1@q1": 90, "I_2@q1": 30, "I_3@q1": 0}
    assert [key for key, one in found.items() if one.missing] == ["I_2@q1"]
    assert [key for key, one in found.items() if not one.sealed] == ["I_3@q1"]


def test_a_reopened_one_counts_its_rows_again():
    found = counted_rows(quarter("q1", sealing=SEALED, reopen=True), [Row("I_1@q1", minutes=500)])
    assert [(one.minutes, one.sealed) for one in found] == [(500, False)]


KEYS = st.builds("I_{}@{}".format, st.integers(1, 5), st.sampled_from(["q1", "q2", "unplaced"]))
ROWS = st.dictionaries(KEYS, st.none() | st.integers(0, 900), max_size=8)


@given(ROWS, st.none() | st.dictionaries(st.builds("I_{}@q1".format, st.integers(1, 5)), st.integers(0, 900)))
def test_the_lines_add_up_to_what_is_used(minutes, sealed):
    allocation = quarter("q1", minutes=480, sealing=None if sealed is None else Sealing(date(2025, 4, 20), sealed))
    found = counted_rows(allocation, [Row(key, minutes=one) for key, one in minutes.items()])
    wanted = sealed if sealed is not None else {key: one or 0 for key, one in minutes.items() if key.endswith("@q1")}
    assert sum(one.minutes for one in found) == sum(wanted.values())
    used = usage(allocation, (Entry(one.minutes) for one in found), date(2025, 5, 1), name="Reef Watch")
    assert used.used_minutes == sum(one.minutes for one in found)
