"""The board's iteration calendar: all of it or none, and never a reason to call the reading incomplete."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from connectors.wire.github_calendar import decode_calendar
from connectors.wire.github_json import OddValue
from sandbox.core import Status
from sync.model.issue import Iteration

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office

SECOND = Iteration("Iteration 2", date(2025, 12, 22), date(2026, 1, 4))
THIRD = Iteration("Iteration 3", date(2026, 1, 5), date(2026, 1, 18))


def test_iterations_that_are_over_running_and_to_come_are_read_by_start(office: Office):
    assert office.read().iterations == (SECOND, THIRD)


def test_without_an_iteration_column_there_is_no_calendar_and_nobody_asks(office: Office):
    snapshot = office.read(board_names={})
    assert snapshot.iterations is None
    assert "IterationCalendar" not in office.operations()
    assert snapshot.problems == ()


def test_a_calendar_that_cannot_be_read_is_unknown_and_told_and_costs_nothing_else(office: Office):
    office.issue()
    office.faults(Status(502), "IterationCalendar", times=99)
    snapshot = office.read()
    assert snapshot.iterations is None
    assert snapshot.complete
    assert len(snapshot.issues) == 1
    assert [one.subject for one in snapshot.problems] == ['the iterations of the board\'s column "Iteration"']


ONE = {"title": "One", "startDate": "2026-01-05", "duration": 14}


def test_an_iteration_told_in_both_lists_counts_once():
    found = decode_calendar({"configuration": {"iterations": [ONE], "completedIterations": [ONE]}})
    assert found == (Iteration("One", date(2026, 1, 5), date(2026, 1, 18)),)


@pytest.mark.parametrize(
    "configuration",
    [
        {"iterations": [ONE]},
        {"iterations": [ONE, None], "completedIterations": []},
        {"iterations": [ONE | {"duration": 0}], "completedIterations": []},
        {"iterations": [ONE | {"startDate": None}], "completedIterations": []},
        {"iterations": [ONE | {"startDate": "9999-12-31"}], "completedIterations": []},
    ],
)
def test_half_a_calendar_is_none(configuration):
    with pytest.raises(OddValue):
        decode_calendar({"configuration": configuration})
