"""Turns: everything has one within the time that answers are believed, and no look gives many at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


@given(number=st.integers(1, 60), gaps=st.lists(st.integers(1, 100).map(lambda minutes: timedelta(minutes=minutes))))
def test_everything_has_a_turn_within_its_time_and_one_look(number: int, gaps: list[timedelta]) -> None:
    circle = Circle()
    keys = [f"{one:03}" for one in range(number)]
    circle.turns.begin()
    seen = dict.fromkeys(keys, START)
    for gap in gaps:
        due = circle.after(gap, lambda: circle.turns.due(keys))
        assert len(due) == len(set(due)) <= number * gap / LASTS + 1
        seen |= dict.fromkeys(due, circle.now)
        longest = LASTS + 2 * max(gaps)
        assert all(circle.now - at <= longest for at in seen.values())


def test_a_quarter_of_an_hour_gives_a_sixth_a_turn() -> None:
    circle = Circle()
    circle.turns.begin()
    due = [circle.after(QUARTER, lambda: circle.turns.due("abcdefghijkl")) for _ in range(6)]
    assert due == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"], ["i", "j"], ["k", "l"]]


def test_what_is_passed_over_is_not_made_up_for() -> None:
    circle = Circle()
    circle.turns.begin()
    for _ in range(3):
        circle.after(QUARTER, circle.turns.pass_over)
    assert len(circle.after(QUARTER, lambda: circle.turns.due("abcdefghijkl"))) == 2


def test_what_never_began_or_lies_ahead_is_due_at_once() -> None:
    circle = Circle()
    circle.turns.pass_over()
    assert circle.turns.due("ab") == ["a", "b"]
    assert circle.after(-QUARTER, lambda: circle.turns.due("ab")) == ["a", "b"]
    assert circle.turns.due("ab") == []
