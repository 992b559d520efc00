"""More is promised for a month than the area lead set (requirement 75)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sync.hours.capacity import Capacity
from sync.model.finding import Finding, Role
from tests.findings.healthy import edit, healthy_world
from tests.mirror.paper import PaperWorld

# It is 10 August 2026. Two communities have 8 h each in a quarter of 66 working days; August has 21 of them.


@pytest.fixture
def world() -> PaperWorld:
    return healthy_world()


def found(world: PaperWorld, *capacities: Capacity) -> list[Finding]:
    world.policy = replace(world.policy, capacities=capacities)
    return [one for one in world.sync().plan.findings if one.kind == "capacity_exceeded"]


def capacity(minutes: int, **values: Any) -> Capacity:
    return Capacity(
        **{"team": "P&S team", "minutes_per_week": minutes, "lead": "Lea", "start": date(2026, 1, 1), **values}
    )


def test_without_settings_nothing_is_said(world: PaperWorld) -> None:
    assert found(world) == []


def test_enough_capacity_is_no_finding(world: PaperWorld) -> None:
    assert found(world, capacity(75)) == []


def test_one_finding_for_each_month_from_this_one_on(world: PaperWorld) -> None:
    told = found(world, capacity(60, end=date(2026, 9, 30)))
    assert [one.subject for one in told] == ["P&S team, 2026-08", "P&S team, 2026-09"]
    assert [one.subject_id for one in told] == ["P&S team@2026-08", "P&S team@2026-09"]
    assert {(one.role, one.period, one.level) for one in told} == {(Role.LEAD, "", "")}
    assert "5.08 h are promised of 4.2 h, 0.88 h above the capacity that Lea set" in told[0].evidence
    assert "Glacier Commons Q3" in told[0].evidence
    assert told[0].remedy.startswith("Ask Lea: ")


def test_nothing_changes_within_a_month(world: PaperWorld) -> None:
    before = found(world, capacity(60))
    world.days_pass(14)
    assert found(world, capacity(60)) == before


def test_only_what_a_clause_gives_the_team_counts(world: PaperWorld) -> None:
    edit(world, "projects", world.reef.project, clause="Up to 8 hours / quarter by designers")
    assert found(world, capacity(60)) == []
    edit(world, "projects", world.reef.project, clause="Up to 8 hours / quarter by the P&S team")
    assert found(world, capacity(60))


def test_a_lost_engagement_binds_nobody(world: PaperWorld) -> None:
    edit(world, "engagements", world.reef.engagement, status="Lost")
    assert found(world, capacity(60)) == []


def test_months_without_capacity_and_incomplete_readings_say_nothing(world: PaperWorld) -> None:
    assert [one.subject for one in found(world, capacity(60, start=date(2026, 8, 12), end=date(2026, 9, 30)))] == [
        "P&S team, 2026-09"
    ]
    world.airtable.contracts = replace(world.airtable.contracts, complete=False)
    assert found(world, capacity(60)) == []
