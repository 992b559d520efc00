"""Sums that differ between the services and stay so: one finding for each difference, none for what a run mends."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.model.finding import Finding
from sync.model.work import Row
from tests.findings.healthy import closed, edit
from tests.mirror.paper import PaperIssue, PaperWorld

JULY = date(2026, 7, 6)


def found(world: PaperWorld, kind: str) -> list[Finding]:
    """Run twice, since the first makes the tasks, and return the findings of one kind."""
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == kind]


def total(world: PaperWorld, gid: str, shown: Any) -> None:
    world.asana.edit(gid, fields={"total_time": shown})


def mirrored(world: PaperWorld, hours: float = 1, actual: int = 30) -> tuple[PaperIssue, str]:
    """Add an issue whose task has hours and time."""
    issue = closed(world, "[Reef Watch] Slow logins", JULY, hours)
    world.sync()
    gid = world.task(issue).gid
    world.asana.edit(gid, actual_minutes=actual)
    return issue, gid


@pytest.mark.parametrize(
    ("shown", "count"), [(Decimal("1.5"), 0), (Decimal("1.55"), 0), (Decimal(1), 1), (Decimal(2), 1), (None, 0)]
)
def test_total_time_of_a_mirrored_task(world: PaperWorld, shown: Decimal | None, count: int) -> None:
    _, gid = mirrored(world)
    total(world, gid, shown)
    findings = found(world, "total_time_differs")
    assert [(one.subject_id, one.community) for one in findings] == [(gid, "Reef Watch")] * count


def test_the_evidence_has_both_parts(world: PaperWorld) -> None:
    _, gid = mirrored(world)
    total(world, gid, Decimal(2))
    (one,) = found(world, "total_time_differs")
    assert one.evidence == "Total Time says 2 h; GitHub Hours 1 h and Actual time 0.5 h are 1.5 h, which count."


def test_hours_that_this_run_writes_make_no_difference(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    total(world, gid, Decimal("1.5"))
    issue.hours = 4
    assert [one for one in world.sync().plan.findings if one.kind == "total_time_differs"] == []


def test_github_hours_typed_on_a_hand_made_task_count_nothing(world: PaperWorld) -> None:
    gid = world.asana.add("Letter", world.reef.csh["Q3"], actual_minutes=30)
    world.asana.edit(gid, fields={"github_hours": Decimal(1), "total_time": Decimal("1.5")})
    (one,) = found(world, "total_time_differs")
    assert one.subject_id == gid
    total(world, gid, Decimal("0.5"))
    assert found(world, "total_time_differs") == []


def test_nothing_is_said_where_asana_was_read_in_part_and_no_time_is_no_minutes(world: PaperWorld) -> None:
    _, gid = mirrored(world)
    total(world, gid, Decimal(9))
    world.asana.tree_complete = False
    assert found(world, "total_time_differs") == []
    world.asana.tree_complete = True
    world.asana.edit(gid, actual_minutes=None)
    assert [one.subject_id for one in found(world, "total_time_differs")] == [gid]


@settings(max_examples=60, deadline=None)
@given(minutes=st.lists(st.integers(0, 600), min_size=1, max_size=5), which=st.integers(0, 4), data=st.data())
def test_a_total_that_rolls_up_in_any_way_is_no_difference(minutes: list[int], which: int, data: st.DataObject) -> None:
    world = PaperWorld()
    gids = [world.reef.csh["Q3"]]
    times = [0]
    for one in minutes:
        parent = data.draw(st.integers(0, len(gids) - 1))
        gids.append(world.asana.add("Letter", gids[parent], actual_minutes=one))
        times.append(one)
    world.asana.edit(gids[0], actual_minutes=0)
    below: dict[str, int] = dict(zip(gids, times, strict=True))
    for gid in reversed(gids[1:]):
        below[world.asana.tasks[gid].parent_gid] += below[gid]
    gid = gids[which % len(gids)]
    total(world, gid, Decimal(below[gid]) / 60)
    assert found(world, "total_time_differs") == []
    total(world, gid, Decimal(below[gid] + 60 * 24 * 10) / 60)
    assert [one.subject_id for one in found(world, "total_time_differs")] == [gid]


# Differences between Airtable, Asana and the ledger.


def typed(world: PaperWorld, **values: Any) -> str:
    usual = {"title": "Workshop", "source": "", "end": JULY, "minutes": 120, "link": world.reef.allocations["Q3"]}
    return world.airtable.add(Row("", **{**usual, **values}))


def test_a_row_typed_by_hand(world: PaperWorld) -> None:
    record = typed(world)
    (one,) = found(world, "totals_disagree")
    assert (one.subject, one.subject_id, one.period) == ("Workshop", record, world.reef.allocations["Q3"])
    assert one.community == "Reef Watch"
    assert one.evidence.startswith("Airtable has 2 h more")
    assert world.used(world.reef.allocations["Q3"]) == 0


@pytest.mark.parametrize("values", [{"minutes": None}, {"minutes": 0}, {"link": ""}])
def test_a_typed_row_that_no_sum_takes_in(world: PaperWorld, values: dict[str, Any]) -> None:
    typed(world, **values)
    assert found(world, "totals_disagree") == []


def test_a_row_whose_task_was_deleted(world: PaperWorld) -> None:
    gid = world.asana.add("Letter", world.reef.csh["Q3"], actual_minutes=30, completed=True, completed_on=JULY)
    assert found(world, "totals_disagree") == []
    world.asana.delete(gid)
    (one,) = found(world, "totals_disagree")
    assert one.subject_id == f"asana:{gid}@{world.reef.allocations['Q3']}"
    assert one.evidence.startswith("Activity has 0.5 h more")
    world.asana.tree_complete = False
    assert found(world, "totals_disagree") == []


def test_hours_at_sealing_overwritten(world: PaperWorld) -> None:
    closed(world, "[Reef Watch] Slow logins", date(2026, 6, 10), 2)
    world.sync()
    period = world.reef.allocations["Q2"]
    edit(world, "allocations", period, sealed_minutes=120)
    assert found(world, "totals_disagree") == []
    edit(world, "allocations", period, sealed_minutes=300)
    (one,) = found(world, "totals_disagree")
    assert (one.period, one.evidence) == (period, "Hours at sealing says 5 h; the sealed rows make 2 h.")


def test_a_formula_in_place_of_our_field(world: PaperWorld) -> None:
    closed(world, "[Reef Watch] Slow logins", JULY, 2)
    gid = world.reef.csh["Q3"]
    world.asana.edit(gid, fields={"peoples_hours_used": Decimal(2), "peoples_hours_left": Decimal(6)})
    assert found(world, "totals_disagree") == []
    world.asana.edit(gid, fields={"peoples_hours_used": Decimal(3)})
    (one,) = found(world, "totals_disagree")
    assert (one.subject_id, one.level, one.period) == (gid, "Hours used", world.reef.allocations["Q3"])
    assert "says 3 h; the rows make 2 h" in one.evidence


def test_what_a_run_mends_is_no_finding(world: PaperWorld) -> None:
    issue = closed(world, "[Reef Watch] Slow logins", JULY, 2)
    world.sync()
    (row,) = world.rows(issue).values()
    world.airtable.edit(row.key, minutes=600)
    totals = world.airtable.contracts.allocations[row.allocation_id].totals
    edit(world, "allocations", row.allocation_id, totals=replace(totals, used_minutes=5))
    assert [one for one in world.sync().plan.findings if one.kind == "totals_disagree"] == []
    assert world.used(row.allocation_id) == 120
