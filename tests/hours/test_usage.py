from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.usage import usage
from tests.hours.building import quarter


@pytest.mark.parametrize(
    ("minutes", "used", "end", "sentence"),
    [
        (240, 90, date(2025, 9, 30), "Reef Watch: 2.5 of 4 h left until 30 Sep"),
        (240, 0, date(2025, 3, 5), "Reef Watch: 4 of 4 h left until 5 Mar"),
        (240, 240, date(2025, 12, 31), "Reef Watch: 0 of 4 h left until 31 Dec"),
        (240, 330, date(2025, 9, 30), "Reef Watch: 0 of 4 h left until 30 Sep, 1.5 h over"),
        (240, 241, date(2025, 9, 30), "Reef Watch: 0 of 4 h left until 30 Sep, 0.02 h over"),
        (240, 90, None, "Reef Watch: 2.5 of 4 h left"),
        (0, 0, date(2025, 1, 1), "Reef Watch: 0 of 0 h left until 1 Jan"),
        (None, 150, date(2025, 9, 30), "Reef Watch: 2.5 h used, no hours agreed"),
        (None, 0, None, "Reef Watch: 0 h used, no hours agreed"),
    ],
)
def test_the_sentence_says_what_is_left_and_until_when(minutes, used, end, sentence):
    assert usage(quarter("q3", minutes=minutes, end=end), used, "Reef Watch").sentence == sentence


def test_left_goes_below_zero_and_the_share_above_one_when_more_was_used():
    found = usage(quarter("q3", minutes=240), 330, "Reef Watch")
    assert (found.used_minutes, found.available_minutes, found.left_minutes) == (330, 240, -90)
    assert found.share == 1.375


def test_the_share_has_four_decimals():
    assert usage(quarter("q3", minutes=180), 60, "Reef Watch").share == 0.3333


def test_without_agreed_hours_nothing_can_be_left():
    found = usage(quarter("q3"), 60, "Reef Watch")
    assert (found.used_minutes, found.available_minutes, found.left_minutes, found.share) == (60, None, None, None)


def test_of_no_hours_at_all_no_share_is_used():
    found = usage(quarter("q3", minutes=0), 60, "Reef Watch")
    assert (found.left_minutes, found.share) == (-60, None)


@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_used_and_left_add_up_to_what_is_available(available, used):
    found = usage(quarter("q3", minutes=available), used, "Reef Watch")
    assert found.left_minutes is not None
    assert found.used_minutes + found.left_minutes == available
    assert ("over" in found.sentence) == (used > available)
