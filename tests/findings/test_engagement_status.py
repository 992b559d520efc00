"""The proposed status of an engagement: its two cells, and a finding where people say another colour."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sync.model.contract import ProposedStatus
from sync.model.finding import Finding, Role, Severity
from tests.findings.healthy import edit, healthy_world
from tests.mirror.paper import PaperWorld


@pytest.fixture
def healthy() -> PaperWorld:
    return healthy_world()


def found(world: PaperWorld) -> list[Finding]:
    return [one for one in world.sync().plan.findings if one.kind == "engagement_status"]


def cells(world: PaperWorld) -> ProposedStatus:
    return world.airtable.contracts.engagements[world.reef.engagement].proposed


def reef(world: PaperWorld, **values: Any) -> None:
    edit(world, "engagements", world.reef.engagement, **values)


def late(world: PaperWorld) -> None:
    world.issue("[Reef Watch] Late", end=date(2026, 8, 3))


def near_the_end(world: PaperWorld) -> None:
    edit(world, "projects", world.reef.project, end=date(2026, 9, 30))
    reef(world, end=date(2026, 9, 30))


@pytest.mark.parametrize(
    ("status", "change", "level", "severity"),
    [
        ("Active", late, "Red", Severity.MEDIUM),
        ("Green", late, "Red", Severity.MEDIUM),
        ("On Track (Green)", near_the_end, "Yellow", Severity.MEDIUM),
        ("Red", near_the_end, "Yellow", Severity.LOW),
        ("At risk", lambda _world: None, "Green", Severity.LOW),
    ],
)
def test_people_say_another_colour(
    healthy: PaperWorld, status: str, change: Callable[[PaperWorld], None], level: str, severity: Severity
) -> None:
    reef(healthy, status=status)
    change(healthy)
    (one,) = found(healthy)
    assert (one.subject_id, one.level, one.severity, one.role) == (
        healthy.reef.engagement,
        level,
        severity,
        Role.MANAGER,
    )
    assert one.community == "Reef Watch"
    assert one.evidence.startswith(f"Status says {status}; {level} is proposed. ")
    assert healthy.airtable.contracts.engagements[healthy.reef.engagement].status == status


@pytest.mark.parametrize(
    ("status", "change"),
    [
        ("Red", late),
        ("Action Needed (Red)", late),
        ("Active", near_the_end),
        ("At risk", near_the_end),
        ("Completed", late),
        ("Active", lambda _world: None),
        ("Green", lambda _world: None),
    ],
)
def test_people_say_the_same_or_no_colour(
    healthy: PaperWorld, status: str, change: Callable[[PaperWorld], None]
) -> None:
    reef(healthy, status=status)
    change(healthy)
    assert found(healthy) == []


def test_work_after_the_end_of_a_contract_that_is_still_active(healthy: PaperWorld) -> None:
    edit(healthy, "projects", healthy.reef.project, end=date(2026, 7, 10))
    reef(healthy, end=date(2026, 7, 10))
    (one,) = found(healthy)
    assert "work was done until 2026-08-04, and the contract ended on 2026-07-10" in one.evidence


def test_an_engagement_that_has_ended_keeps_peoples_last_word(healthy: PaperWorld) -> None:
    healthy.github.issues = [one for one in healthy.github.issues if "Reef" not in one.title]
    edit(healthy, "projects", healthy.reef.project, end=date(2026, 7, 31))
    reef(healthy, end=date(2026, 7, 31), status="Green")
    assert found(healthy) == []
    assert cells(healthy) == ProposedStatus()


def test_the_cells_hold_word_and_rule_and_change_with_the_facts_alone(healthy: PaperWorld) -> None:
    healthy.sync()
    assert cells(healthy) == ProposedStatus("Green", "Projects are refined, dates are clear, and nothing is late.")
    late(healthy)
    healthy.sync()
    assert cells(healthy) == ProposedStatus("Red", "Due and still open: acme/hub#11 (2026-08-03).")
    for _ in range(5):
        healthy.days_pass(1)
        assert [one for one in healthy.quiet() if "proposals" in one] == []


def test_an_engagement_that_runs_no_longer_has_no_proposal(healthy: PaperWorld) -> None:
    healthy.sync()
    reef(healthy, status="Completed")
    healthy.sync()
    assert cells(healthy) == ProposedStatus()
    assert healthy.quiet() == []


@pytest.mark.parametrize("part", ["github", "airtable"])
def test_nothing_is_written_or_told_when_anything_was_read_in_part(healthy: PaperWorld, part: str) -> None:
    healthy.sync()
    before = cells(healthy)
    late(healthy)
    getattr(healthy, part).complete = False
    assert found(healthy) == []
    assert cells(healthy) == before


@pytest.mark.parametrize(
    ("columns", "written"),
    [
        (ProposedStatus(None, None), ProposedStatus(None, None)),
        (ProposedStatus("", None), ProposedStatus("Green", None)),
    ],
)
def test_a_column_that_is_missing_is_not_managed(
    healthy: PaperWorld, columns: ProposedStatus, written: ProposedStatus
) -> None:
    for place in (healthy.reef, healthy.glacier):
        edit(healthy, "engagements", place.engagement, proposed=columns)
    healthy.sync()
    assert cells(healthy) == written
    assert healthy.quiet() == []


def test_one_refused_proposal_stops_no_other_item(healthy: PaperWorld) -> None:
    healthy.writes.refuse = "Airtable proposals"
    report = healthy.sync()
    assert sum(one.result.value == "failed" for one in report.outcomes) == 2
    healthy.writes.refuse = ""
    healthy.sync()
    assert cells(healthy) != ProposedStatus()


def test_a_proposal_in_a_cell_that_a_person_changed_is_put_back(healthy: PaperWorld) -> None:
    healthy.sync()
    before = cells(healthy)
    reef(healthy, proposed=replace(before, status="Purple"))
    healthy.sync()
    assert cells(healthy) == before
