"""Allocations beside their clauses: each check has a world with its finding, and the healthy one without."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sync.model.contract import Allocation
from sync.model.finding import Finding
from sync.model.work import TaskFields
from tests.findings.healthy import add, edit, healthy_world
from tests.mirror.paper import PaperWorld

KINDS = {
    "allocation_gap",
    "allocation_overlap",
    "allocation_differs",
    "allocation_without_provider",
    "clause_unclear",
    "hours_total_differs",
}
CALENDAR = "Up to 8 hours / quarter. Hours reset at the start of each quarter (Jan 1, Apr 1, Jul 1, Oct 1)."


@pytest.fixture
def world() -> PaperWorld:
    return healthy_world()


def found(world: PaperWorld) -> list[Finding]:
    """Run once and return the findings of these checks."""
    return [one for one in world.sync().plan.findings if one.kind in KINDS]


def drop(world: PaperWorld, *records: str) -> None:
    """Delete allocations."""
    rows = {key: row for key, row in world.airtable.contracts.allocations.items() if key not in records}
    world.airtable.contracts = replace(world.airtable.contracts, allocations=rows)


def reef(world: PaperWorld, quarter: str, **values: object) -> None:
    """Edit one allocation of Reef Watch."""
    edit(world, "allocations", world.reef.allocations[quarter], **values)


def clause(world: PaperWorld, text: str) -> None:
    """Give Reef Watch's project another clause."""
    edit(world, "projects", world.reef.project, clause=text)


def test_a_healthy_world_has_none(world: PaperWorld) -> None:
    assert found(world) == []


def test_a_quarter_that_runs_without_an_allocation_is_a_gap(world: PaperWorld) -> None:
    drop(world, world.reef.allocations["Q3"])
    [gap] = found(world)
    assert (gap.kind, gap.level, gap.community) == ("allocation_gap", "2026-07-01", "Reef Watch")
    assert "2026-07-01 to 2026-09-30" in gap.evidence
    assert "8 h" in gap.evidence
    assert "Q3 2026" in gap.subject


@pytest.mark.parametrize("quarter", ["Q2", "Q4"])
def test_a_gap_that_is_over_or_far_away_is_not_told(world: PaperWorld, quarter: str) -> None:
    drop(world, world.reef.allocations[quarter])
    assert found(world) == []


def test_a_gap_is_told_two_iterations_ahead(world: PaperWorld) -> None:
    drop(world, world.reef.allocations["Q4"])
    world.now = world.now.replace(month=9, day=20)
    assert ("allocation_gap", "2026-10-01") in {(one.kind, one.level) for one in found(world)}


def test_without_a_clear_clause_days_between_allocations_are_a_gap(world: PaperWorld) -> None:
    clause(world, "Help as needed, up to some hours")
    reef(world, "Q3", start=date(2026, 8, 20))
    kinds = {one.kind: one for one in found(world)}
    assert kinds.keys() == {"allocation_gap", "clause_unclear"}
    assert "2026-07-01 to 2026-08-19" in kinds["allocation_gap"].evidence


def test_a_project_without_any_allocation_is_told_by_the_hand_off_alone(world: PaperWorld) -> None:
    drop(world, *world.reef.allocations.values())
    assert found(world) == []


def test_two_allocations_of_one_project_on_the_same_days(world: PaperWorld) -> None:
    reef(world, "Q4", start=date(2026, 9, 15))
    (overlap,) = found(world)
    assert (overlap.kind, overlap.period) == ("allocation_overlap", world.reef.allocations["Q4"])
    assert "2026-09-15 to 2026-09-30" in overlap.evidence
    reef(world, "Q4", start=date(2026, 10, 5))
    assert [one.kind for one in found(world)] == ["allocation_differs"]


def test_an_overlap_that_is_over_is_not_told(world: PaperWorld) -> None:
    reef(world, "Q2", end=date(2026, 7, 5))
    assert "allocation_overlap" not in {one.kind for one in found(world)}


def test_allocations_of_two_projects_may_share_days(world: PaperWorld) -> None:
    project = replace(world.airtable.contracts.projects[world.reef.project], id="pro-other", name="Other support")
    add(world, "projects", project)
    for quarter, (start, end) in {
        "Q1": (date(2026, 1, 1), date(2026, 3, 31)),
        "Q2": (date(2026, 4, 1), date(2026, 6, 30)),
        "Q3": (date(2026, 7, 1), date(2026, 9, 30)),
        "Q4": (date(2026, 10, 1), date(2026, 12, 31)),
    }.items():
        row = Allocation(f"rec-other-{quarter}", f"Other {quarter}", "pro-other", start, end, 480, provider="Ana")
        add(world, "allocations", row)
    assert found(world) == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"minutes": 600}, "10 h instead of 8 h"),
        ({"minutes": None}, "no hours instead of 8 h"),
        ({"extra_minutes": 120}, "2 extra hours that the clause does not name"),
        ({"end": date(2026, 9, 20)}, "2026-07-01 to 2026-09-20 instead of 2026-07-01 to 2026-09-30"),
    ],
)
def test_other_hours_or_days_than_the_clause(world: PaperWorld, values: dict[str, object], words: str) -> None:
    reef(world, "Q3", **values)
    only = next(one for one in found(world) if one.kind == "allocation_differs")
    assert words in only.evidence
    assert only.period == world.reef.allocations["Q3"]


def test_extra_hours_within_what_the_clause_allows_are_fine(world: PaperWorld) -> None:
    clause(world, f"{CALENDAR} Additional time can be purchased at a rate of $250 / hour up to a maximum of 10 hours.")
    reef(world, "Q3", extra_minutes=600)
    assert found(world) == []
    reef(world, "Q3", extra_minutes=660)
    assert "11 extra hours where the clause allows 10" in found(world)[0].evidence


def test_differences_of_a_period_that_is_over_are_not_told(world: PaperWorld) -> None:
    reef(world, "Q2", minutes=600)
    assert found(world) == []


def test_a_quarter_split_in_two_allocations_is_as_the_clause_says(world: PaperWorld) -> None:
    reef(world, "Q3", end=date(2026, 7, 31), minutes=180)
    contracts = world.airtable.contracts
    rest = replace(
        contracts.allocations[world.reef.allocations["Q3"]],
        id="rec-rest",
        name="Reef Watch Q3 rest",
        start=date(2026, 8, 1),
        end=date(2026, 9, 30),
        minutes=300,
    )
    add(world, "allocations", rest)
    assert found(world) == []


def test_a_current_allocation_without_a_provider(world: PaperWorld) -> None:
    reef(world, "Q3", provider=" ")
    reef(world, "Q4", provider="")
    [only] = found(world)
    assert (only.kind, only.subject_id) == ("allocation_without_provider", world.reef.allocations["Q3"])
    world.now = world.now.replace(month=9, day=20)
    assert [one.kind for one in found(world)].count("allocation_without_provider") == 2


def test_a_vague_clause_is_asked_about(world: PaperWorld) -> None:
    clause(world, "Between 4 and 8 hours per quarter, resetting each calendar quarter")
    [only] = found(world)
    assert only.kind == "clause_unclear"
    assert "how many hours" in only.evidence.casefold()


def test_an_anchor_that_allocations_settle_is_not_asked_about(world: PaperWorld) -> None:
    clause(world, "Up to 8 hours / quarter")
    edit(world, "engagements", world.reef.engagement, start=date(2026, 2, 1))
    edit(world, "projects", world.reef.project, start=date(2026, 2, 1))
    assert [one for one in found(world) if one.kind == "clause_unclear"] == []


@pytest.mark.parametrize("status", ["Completed", ""])
def test_an_engagement_that_does_not_run_is_left_in_peace(world: PaperWorld, status: str) -> None:
    edit(world, "engagements", world.reef.engagement, status=status, end=date(2026, 6, 30))
    drop(world, world.reef.allocations["Q3"])
    reef(world, "Q4", minutes=1)
    clause(world, "some hours")
    assert found(world) == []


def test_contracts_that_were_not_read_completely_raise_nothing(world: PaperWorld) -> None:
    drop(world, world.reef.allocations["Q3"])
    world.airtable.contracts = replace(world.airtable.contracts, complete=False)
    assert found(world) == []


def hours_total(world: PaperWorld, told: Decimal | None) -> None:
    """Let people type a total on Reef Watch's CSH task of the third quarter."""
    gid = world.reef.csh["Q3"]
    task = world.asana.tasks[gid]
    world.asana.tasks[gid] = replace(task, fields=TaskFields({**task.fields.values, "hours_total": told}))


@pytest.mark.parametrize(("told", "kinds"), [("8", []), ("6", ["hours_total_differs"]), (None, [])])
def test_people_s_hours_total(world: PaperWorld, told: str | None, kinds: list[str]) -> None:
    hours_total(world, Decimal(told) if told else None)
    findings = found(world)
    assert [one.kind for one in findings] == kinds
    for one in findings:
        assert "6 h in Asana" in one.evidence
        assert "8 h" in one.evidence
        assert "Up to 8 hours / quarter" in one.evidence
