"""Turns: everything has one within the time that answers are believed, and no look gives many at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connectors.memory import Memory
from connectors.turns import LASTS, Turns

START = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
QUARTER = timedelta(minutes=15)


class Circle:
    """Turns among keys, and a clock."""

    def __init__(self) -> None:
        self.now = START
        self.turns = Turns(Memory().shelf("any"), "any", self.clock)

    def clock(self) -> datetime:
        return self.now

    def after(self, gap: timedelta, do: Callable[[], Any]) -> Any:
        self.now += gap
        return do()


LOOKS = st.lists(st.tuples(st.integers(1, 100).map(lambda minutes: timedelta(minutes=minutes)), st.booleans()))


@given(number=st.integers(1, 60), looks=LOOKS)
def test_everything_has_a_turn_within_its_time_and_in_twice_that_where_looks_are_busy(
    number: int, looks: list[tuple[timedelta, bool]]
) -> None:
    circle = Circle()
    keys = [f"{one:03}" for one in range(number)]
    circle.turns.begin()
    seen = dict.fromkeys(keys, START)
    for gap, busy in looks:
        due = circle.after(gap, partial(circle.turns.due, keys, busy=busy))
        assert len(due) == len(set(due)) <= number * gap / LASTS / (2 if busy and gap < LASTS else 1) + 1
        seen |= dict.fromkeys(due, circle.now)
        longest = LASTS * (2 if any(busy for _, busy in looks) else 1) + 2 * max(gap for gap, _ in looks)
        assert all(circle.now - at <= longest for at in seen.values())


def test_of_a_hundred_all_have_a_turn_within_three_hours_and_a_half_however_many_runs_write() -> None:
    for quiet_every in (1, 2, 5, 97):
        circle = Circle()
        keys = [f"{one:03}" for one in range(100)]
        circle.turns.begin()
        seen = dict.fromkeys(keys, START)
        for run in range(96):
            due = circle.after(QUARTER, partial(circle.turns.due, keys, busy=run % quiet_every > 0))
            seen |= dict.fromkeys(due, circle.now)
            assert max(circle.now - at for at in seen.values()) <= timedelta(hours=3, minutes=30)


def test_a_quarter_of_an_hour_gives_a_sixth_a_turn() -> None:
    circle = Circle()
    circle.turns.begin()
    due = [circle.after(QUARTER, lambda: circle.turns.due("abcdefghijkl")) for _ in range(6)]
    assert due == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"], ["i", "j"], ["k", "l"]]


def test_a_busy_look_gives_a_half_and_what_is_too_little_for_a_turn_is_kept() -> None:
    circle = Circle()
    circle.turns.begin()
    due = [circle.after(QUARTER, partial(circle.turns.due, "abcdef", busy=True)) for _ in range(4)]
    assert due == [[], ["a"], [], ["b"]]
    assert circle.after(QUARTER, lambda: circle.turns.due("abcdef")) == ["c"]


def test_what_never_began_or_lies_ahead_is_due_at_once() -> None:
    circle = Circle()
    assert circle.turns.due("ab", busy=True) == ["a", "b"]
    assert circle.after(-QUARTER, lambda: circle.turns.due("ab")) == ["a", "b"]
    assert circle.turns.due("ab") == []
