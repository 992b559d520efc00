# ruff: noqa: N802 (the id of a fault is part of the name of its test)
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model.minutes import spell_hours, to_hours, to_minutes


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        (7.5, 450),
        (2.3333333333, 140),
        (Decimal("0.33"), 20),
        ("3", 180),
        (3, 180),
        (0, 0),
        (-3, -180),
        (0.1, 6),
        (Decimal("0.025"), 2),
        (10_000, 600_000),
    ],
)
def test_fault_G01_hours_become_whole_minutes_halves_up(hours, minutes):
    assert to_minutes(hours) == minutes


@pytest.mark.parametrize("hours", [float("nan"), float("inf"), float("-inf"), "NaN", "sNaN", "three", "", True, None])
def test_fault_G01_what_is_no_finite_number_is_refused_by_its_own_words(hours):
    with pytest.raises(ValueError, match="is not a number of hours"):
        to_minutes(hours)


@given(st.integers(-10_000_000, 10_000_000))
def test_minutes_survive_the_way_through_two_decimals(minutes):
    assert to_minutes(to_hours(minutes)) == minutes
    assert to_minutes(float(to_hours(minutes))) == minutes


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(150, "2.5"), (240, "4"), (140, "2.33"), (0, "0"), (600, "10"), (1, "0.02"), (6000, "100"), (-90, "-1.5")],
)
def test_hours_are_spelled_without_needless_zeros(minutes, text):
    assert spell_hours(minutes) == text
