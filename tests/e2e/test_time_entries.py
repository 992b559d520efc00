"""Time logged straight in Asana, end to end: entries by their own days and persons, and plans without them."""

from datetime import date
from typing import Any

from sandbox.core import Status
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation

MAY, JULY, AUG, OCT = date(2026, 5, 20), date(2026, 7, 10), date(2026, 8, 5), date(2026, 10, 5)


def rows(org: Organisation, task: Any) -> dict[str, dict[str, Any]]:
    """Return the Activity rows of a task's time by quarter."""
    quarters = {record: quarter for quarter, record in org.reef.allocations.items()}
    found = {}
    for cells in org.airtable.rows("Activity").values():
        owner, _, allocation = str(cells.get("Key", "")).rpartition("@")
        if owner == f"asana:{task.gid}":
            found[quarters.get(allocation, allocation)] = cells
    return found


def asked(org: Organisation, run: Any) -> int:
    before = org.sandbox.log.count("asana", path="time_tracking_entries")
    run()
    return org.sandbox.log.count("asana", path="time_tracking_entries") - before


def test_entries_count_by_their_own_days_and_name_their_persons(org: Organisation) -> None:
    ben = org.asana.add_user("Ben", "ben@example.org")
    call = org.asana.add_task("A call", parent=org.reef.csh["Q4"])
    org.asana.log_minutes(call, 45, JULY, by=org.ana)
    org.asana.log_minutes(call, 30, AUG, by=ben)
    entry = org.asana.log_minutes(call, 15, OCT, by=ben)
    org.sync()
    found = rows(org, call)
    assert {name: cells["Hours"] for name, cells in found.items()} == {"Q3": 1.25, "Q4": 0.25}
    assert (found["Q3"]["People"], found["Q3"]["End"]) == ("Ana, Ben", "2026-08-05")
    assert (found["Q4"]["People"], found["Q4"]["Dated by"]) == ("Ben", "entries")
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1.25
    assert org.writes_of() == []
    org.asana.edit_entry(entry, day=AUG)
    org.sync()
    assert {name: cells.get("Hours", 0) for name, cells in rows(org, call).items()} == {"Q3": 1.5, "Q4": 0}
    assert org.writes_of() == []


def test_one_request_for_each_task_with_time_that_no_seal_holds(org: Organisation) -> None:
    old, new = (org.asana.add_task(name, parent=org.reef.csh["Q3"]) for name in ("old", "new"))
    org.asana.add_task("no time", parent=org.reef.csh["Q3"])
    entry = org.asana.log_minutes(old, 60, MAY)
    org.asana.log_minutes(new, 30, AUG)
    assert asked(org, org.sync) == 2
    assert "Sealed on" in org.allocation(org.reef, "Q2")
    assert asked(org, org.sync) == 1
    org.asana.edit_entry(entry, minutes=90)
    assert asked(org, org.sync) == 2
    late = rows(org, old)["Q3"]
    assert (late["Hours"], late["Late"], late["End"]) == (0.5, True, "2026-05-20")
    assert rows(org, old)["Q2"]["Hours"] == 1
    assert org.writes_of() == []


def test_a_plan_without_time_entries_is_asked_once_and_actual_time_counts(org: Organisation) -> None:
    org.sandbox.asana.options.has_time_tracking = False
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    nested = org.asana.add_task("Follow-up", parent=call)
    org.asana.log_minutes(call, 45, OCT)
    org.asana.log_minutes(nested, 30, OCT)
    assert asked(org, org.sync) == 1
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert "time_on_parent_and_child" in {finding.kind for finding in report.plan.findings}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1.25
    assert rows(org, call)["Q3"]["Dated by"] == "today"
    assert org.writes_of() == []


def test_entries_that_cannot_be_read_change_nothing_and_the_run_says_so(org: Organisation) -> None:
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, AUG)
    org.sync()
    org.asana.log_minutes(call, 45, AUG)
    broken = org.sandbox.faults.add(Status(403), service="asana", path="time_tracking_entries")
    report = org.sync()
    assert report.exit_code is ExitCode.UNREADABLE
    assert [one.subject for one in report.plan.problems] == [f"time entries of {call.gid}"]
    assert rows(org, call)["Q3"]["Hours"] == 0.75
    org.sandbox.faults.remove(broken)
    org.sync()
    assert rows(org, call)["Q3"]["Hours"] == 1.5
    assert org.writes_of() == []


def test_time_on_a_mirrored_task_follows_its_own_day_and_the_task_goes_along(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1, End_date="2026-07-10")
    org.sync()
    task = org.task(issue)
    org.asana.log_minutes(task, 30, OCT)
    org.sync()
    assert {name: cells["Hours"] for name, cells in rows(org, task).items()} == {"Q4": 0.5}
    assert org.task(issue).parent is org.reef.csh["Q4"]
    assert org.writes_of() == []
