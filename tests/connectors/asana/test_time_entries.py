"""Time entries read through the real SDK over HTTP: day, minutes and person; above the plan; unreadable."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.core import Cut, Garble, Rewrite, Status
from sync.errors import LimitReached, Transient
from sync.model.work import TimeEntry

if TYPE_CHECKING:
    from tests.connectors.asana.conftest import Firm

JAN = date(2026, 1, 3)


def test_entries_tell_day_minutes_and_person_in_the_order_of_their_days(firm: Firm) -> None:
    ana = firm.state.add_user("Ana", "ana@example.org")
    task = firm.state.add_task("Call", parent=firm.csh_task())
    later = firm.state.log_minutes(task, 90, date(2026, 2, 1), by=ana)
    first = firm.state.log_minutes(task, 15, JAN)
    below = firm.state.add_task("Follow-up", parent=task)
    firm.state.log_minutes(below, 500, JAN)
    sheets = firm.connector().time_entries({task.gid})
    assert sheets.offered
    assert sheets.problems == ()
    assert sheets.entries[task.gid] == (
        TimeEntry(first.gid, 15, JAN, first.created_by.name, first.created_by.gid),
        TimeEntry(later.gid, 90, date(2026, 2, 1), "Ana", ana.gid),
    )


def test_more_than_a_page_of_entries_is_read(firm: Firm) -> None:
    task = firm.state.add_task("Call", parent=firm.csh_task())
    for _ in range(105):
        firm.state.log_minutes(task, 1, JAN)
    assert len(firm.connector().time_entries([task.gid]).entries[task.gid]) == 105


def test_a_plan_without_time_entries_is_asked_once(firm: Firm) -> None:
    firm.options.has_time_tracking = False
    tasks = [firm.state.add_task(name, parent=firm.csh_task()) for name in ("one", "two", "three")]
    sheets = firm.connector().time_entries([task.gid for task in tasks])
    assert (sheets.offered, dict(sheets.entries), sheets.problems) == (False, {}, ())
    assert firm.sent(path="time_tracking_entries") == 1


@pytest.mark.parametrize(
    "fault",
    [
        Status(403, {"errors": [{"message": "You do not have access to this task."}]}),
        Status(404, {"errors": [{"message": "task: Unknown object"}]}),
        Status(500),
        Cut("before"),
        Garble("html"),
        Rewrite(lambda body: body | {"data": [{**one, "entered_on": None} for one in body["data"]]}),
        Rewrite(lambda body: body | {"data": [{**one, "duration_minutes": "90"} for one in body["data"]]}),
        Rewrite(lambda body: body | {"data": [{**one, "created_by": "Ana"} for one in body["data"]]}),
    ],
    ids=["refused", "gone", "500", "cut", "html", "no day", "minutes in words", "a person in words"],
)
def test_one_task_that_cannot_be_read_is_named_and_the_others_are_read(firm: Firm, fault: Any) -> None:
    tasks = [firm.state.add_task(name, parent=firm.csh_task()) for name in ("one", "two")]
    for task in tasks:
        firm.state.log_minutes(task, 30, JAN)
    firm.fault(fault, path=f"{tasks[0].gid}/time_tracking_entries")
    sheets = firm.connector().time_entries([task.gid for task in tasks])
    assert list(sheets.entries) == [tasks[1].gid]
    assert [one.subject for one in sheets.problems] == [f"time entries of {tasks[0].gid}"]
    assert sheets.offered


def test_asana_being_down_ends_the_reading(firm: Firm) -> None:
    tasks = [firm.state.add_task(name, parent=firm.csh_task()) for name in "abcde"]
    firm.fault(Status(503), path="time_tracking_entries")
    with pytest.raises(Transient):
        firm.connector().time_entries([task.gid for task in tasks])


def test_a_reached_limit_ends_the_reading(firm: Firm) -> None:
    task = firm.state.add_task("Call", parent=firm.csh_task())
    firm.fault(Status(429, headers={"Retry-After": "100000"}), path="time_tracking_entries")
    with pytest.raises(LimitReached):
        firm.connector().time_entries([task.gid])


def test_an_entry_without_a_person_is_read(firm: Firm) -> None:
    task = firm.state.add_task("Call", parent=firm.csh_task())
    firm.state.log_minutes(task, 30, JAN)
    nobody = Rewrite(lambda body: body | {"data": [{**one, "created_by": None} for one in body["data"]]})
    firm.fault(nobody, path="time_tracking_entries")
    (entry,) = firm.connector().time_entries([task.gid]).entries[task.gid]
    assert (entry.minutes, entry.person, entry.person_gid) == (30, "", "")
