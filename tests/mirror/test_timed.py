"""Time logged in Asana, through whole runs on paper: own days and persons, what is asked for, and the fall-back."""

from datetime import date
from typing import Any

import pytest

from sync.model.finding import Finding
from sync.model.work import Row
from tests.mirror.paper import PaperWorld

MAY, JULY, AUG, OCT = date(2026, 5, 5), date(2026, 7, 10), date(2026, 8, 5), date(2026, 10, 5)


def rows(world: PaperWorld, gid: str) -> dict[str, Row]:
    found = [row for row in world.airtable.records.values() if row.owner == f"asana:{gid}"]
    return {row.allocation_id.rpartition("-")[2]: row for row in found}


def call(world: PaperWorld, name: str = "A call", quarter: str = "Q3", **values: Any) -> str:
    return world.asana.add(name, world.reef.csh[quarter], **values)


def findings(world: PaperWorld, kind: str) -> list[Finding]:
    return [one for one in world.sync().plan.findings if one.kind == kind]


def test_entries_count_for_the_periods_of_their_own_days_and_name_their_persons(world: PaperWorld) -> None:
    gid = call(world, assignee_gid="701")
    world.asana.log(gid, 30, JULY, "Ben", "702")
    world.asana.log(gid, 15, AUG)
    world.asana.log(gid, 15, AUG, "Ben", "702")
    world.asana.log(gid, 60, OCT, "Ben", "702")
    world.sync()
    found = rows(world, gid)
    assert {name: row.minutes for name, row in found.items()} == {"Q3": 60, "Q4": 60}
    assert (found["Q3"].people, found["Q3"].end, found["Q3"].dated_by) == ("Ana, Ben", AUG, "entries")
    assert (found["Q4"].people, found["Q4"].source, found["Q4"].task) == ("Ben", "Asana", gid)
    assert world.used("rec-reef-Q3") == world.used("rec-reef-Q4") == 60
    assert world.quiet() == []


def test_an_entry_of_another_day_moves_its_minutes(world: PaperWorld) -> None:
    gid = call(world)
    entry = world.asana.log(gid, 30, AUG)
    world.sync()
    world.asana.correct(gid, entry, day=OCT)
    world.sync()
    assert {name: row.minutes for name, row in rows(world, gid).items()} == {"Q3": 0, "Q4": 30}
    assert world.quiet() == []


def test_deleted_entries_take_their_hours_away(world: PaperWorld) -> None:
    gid = call(world)
    entry = world.asana.log(gid, 30, AUG)
    world.sync()
    world.asana.correct(gid, entry, minutes=0)
    assert world.asana.tasks[gid].actual_minutes is None, "Asana tells nothing where no time is logged"
    world.sync()
    assert rows(world, gid)["Q3"].minutes == 0
    assert world.quiet() == []


def test_only_time_that_no_seal_holds_is_asked_for(world: PaperWorld) -> None:
    old, new, csh = call(world, "old", "Q2"), call(world, "new"), world.reef.csh["Q2"]
    entry = world.asana.log(old, 30, MAY)
    world.asana.log(new, 15, AUG)
    call(world, "no time at all")
    world.asana.log(csh, 10, MAY)
    world.sync()
    assert world.airtable.contracts.allocations["rec-reef-Q2"].sealing is not None
    world.asana.asked_entries.clear()
    assert world.quiet() == []
    assert world.asana.asked_entries == [new]
    world.asana.correct(old, entry, minutes=50)
    world.asana.asked_entries.clear()
    world.sync()
    assert world.asana.asked_entries == sorted([old, new])
    assert {name: (row.minutes, row.late) for name, row in rows(world, old).items()} == {
        "Q2": (30, False),
        "Q3": (20, True),
    }
    assert world.quiet() == []


def test_time_lowered_below_the_seal_is_a_finding_under_its_own_key(world: PaperWorld) -> None:
    gid = call(world, quarter="Q2")
    entry = world.asana.log(gid, 30, MAY)
    world.sync()
    world.asana.correct(gid, entry, minutes=10)
    (one,) = findings(world, "lowered_after_sealing")
    assert one.subject_id.startswith(gid)
    assert rows(world, gid)["Q2"].minutes == 30


def test_entries_that_cannot_be_read_change_nothing_and_seal_nothing(world: PaperWorld) -> None:
    gid = call(world)
    world.asana.log(gid, 30, AUG)
    world.sync()
    world.asana.log(gid, 60, AUG)
    world.asana.unreadable.add(gid)
    world.days_pass(70)
    report = world.sync()
    assert rows(world, gid)["Q3"].minutes == 30
    assert not report.plan.complete["Asana"]
    assert f"time entries of {gid}" in {problem.subject for problem in report.plan.problems}
    assert world.airtable.contracts.allocations["rec-reef-Q3"].sealing is None
    world.asana.unreadable.clear()
    world.sync()
    assert rows(world, gid)["Q3"].minutes == 90
    assert world.airtable.contracts.allocations["rec-reef-Q3"].sealing is not None


def test_a_short_list_of_entries_proves_nothing(world: PaperWorld) -> None:
    gid = call(world)
    world.asana.log(gid, 30, AUG)
    world.sync()
    world.asana.edit(gid, actual_minutes=90)
    (one,) = findings(world, "time_entries_differ")
    assert "add up to 0.5 h, its Actual time is 1.5 h; nothing of it changes" in one.evidence
    assert (one.subject_id, one.community) == (gid, "Reef Watch")
    assert rows(world, gid)["Q3"].minutes == 30
    world.days_pass(70)
    world.sync()
    assert world.airtable.contracts.allocations["rec-reef-Q3"].sealing is None


def test_actual_time_that_includes_the_sub_tasks_counts_nothing_twice(world: PaperWorld) -> None:
    gid = call(world)
    below = world.asana.add("Follow-up", gid)
    world.asana.log(gid, 30, AUG)
    world.asana.log(below, 20, AUG)
    world.asana.edit(gid, actual_minutes=50)
    report = world.sync()
    assert world.used("rec-reef-Q3") == 50
    assert not {"time_entries_differ", "time_on_parent_and_child"} & world.findings(report)


def test_more_entries_than_actual_time_count_and_are_told(world: PaperWorld) -> None:
    gid = call(world)
    world.asana.log(gid, 90, AUG)
    world.asana.edit(gid, actual_minutes=30)
    (one,) = findings(world, "time_entries_differ")
    assert one.evidence.endswith("the entries count.")
    assert rows(world, gid)["Q3"].minutes == 90


def test_below_the_plan_actual_time_counts_by_completion_and_children_are_a_finding(world: PaperWorld) -> None:
    world.asana.offers_entries = False
    gid = call(world, completed=True, completed_on=JULY, assignee_gid="701")
    world.asana.log(gid, 30, OCT, "Ben", "702")
    world.asana.log(world.asana.add("Follow-up", gid), 20, AUG)
    (one,) = findings(world, "time_on_parent_and_child")
    assert one.subject_id.startswith(gid)
    row = rows(world, gid)["Q3"]
    assert (row.minutes, row.dated_by, row.end, row.people) == (30, "completed", JULY, "Ana")
    assert world.quiet() == []
    world.asana.offers_entries = True
    world.sync()
    assert {name: row.minutes for name, row in rows(world, gid).items()} == {"Q3": 0, "Q4": 30}
    assert world.quiet() == []


def test_time_on_a_mirrored_task_counts_by_its_own_day_and_the_second_run_is_quiet(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=1, end=JULY)
    world.sync()
    gid = world.task(issue).gid
    world.asana.log(gid, 30, OCT)
    world.sync()
    assert {name: row.minutes for name, row in rows(world, gid).items()} == {"Q4": 30}
    assert world.task(issue).parent_gid == world.reef.csh["Q4"], "under the newest allocation with minutes"
    assert world.quiet() == []


def test_time_without_a_period_is_told(world: PaperWorld) -> None:
    csh = world.reef.csh["Q3"]
    for quarter in ("Q2", "Q3", "Q4"):
        world.airtable.change(f"rec-reef-{quarter}", asana_gid=csh)
    gid = call(world)
    world.asana.log(gid, 30, date(2025, 12, 1))
    (one,) = findings(world, "time_unplaced")
    assert "0.5 h of 2025-12-01 count for no allocation" in one.evidence
    assert (one.subject_id, one.community) == (gid, "Reef Watch")
    assert rows(world, gid)["unplaced"].minutes == 30


@pytest.mark.parametrize("minutes", [30, 0])
def test_a_task_that_hangs_nowhere_any_more_keeps_its_time(world: PaperWorld, minutes: int) -> None:
    issue = world.issue("Reef Watch: fix", hours=1)
    world.sync()
    gid = world.task(issue).gid
    entry = world.asana.log(gid, 45, AUG)
    world.sync()
    issue.title = "fix"
    world.asana.correct(gid, entry, minutes=minutes, day=OCT)
    world.sync()
    assert rows(world, gid)["Q3"].minutes == minutes or rows(world, gid)["Q4"].minutes == minutes
    assert world.quiet() == []
