"""Work that may be another service's: features and very large efforts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sync.model.contract import Allocation, Community, Engagement, Project
from sync.model.finding import Finding, Role, Severity
from sync.model.issue import Closing
from tests.findings.healthy import add, closed, complete_contracts, edit
from tests.mirror.paper import PaperWorld


def found(world: PaperWorld) -> list[Finding]:
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == "feature_work"]


@pytest.mark.parametrize(
    ("title", "values", "evidence"),
    [
        ("[Reef Watch] Buttons", {"more_labels": ("Enhancement",)}, "It has the label Enhancement."),
        ("[Feature] Reef Watch - Buttons", {}, "Its title says it is a feature."),
        ("[Reef Watch] Feature request of the group", {}, "Its title says it is a feature."),
        ("[Reef Watch] Rewrite", {"hours": 40}, "40 h are logged on it."),
        ("[Reef Watch] Rewrite", {"estimate": Decimal(60)}, "It is estimated at 60 h."),
        ("[Reef Watch] Rewrite", {"estimate": Decimal(60), "hours": 45}, "45 h are logged on it."),
        (
            "[Reef Watch] New feature",
            {"hours": 45},
            "Its title says it is a feature; 45 h are logged on it.",
        ),
    ],
)
def test_work_for_a_scope_of_its_own(world: PaperWorld, title: str, values: dict[str, Any], evidence: str) -> None:
    issue = world.issue(title, end=date(2026, 7, 6), **values)
    (one,) = found(world)
    assert (one.subject_id, one.community, one.severity, one.role) == (
        issue.id,
        "Reef Watch",
        Severity.LOW,
        Role.LEAD,
    )
    assert one.evidence.startswith(evidence)


@pytest.mark.parametrize(
    ("title", "values"),
    [
        ("[Reef Watch] Features of the new image explained", {}),
        ("[Reef Watch] Buttons", {"more_labels": ("bug",)}),
        ("[Reef Watch] Rewrite", {"hours": 39.9, "estimate": Decimal("39.9")}),
        ("[Reef Watch] New feature", {"closing": Closing.NOT_PLANNED}),
    ],
)
def test_work_that_belongs_here(world: PaperWorld, title: str, values: dict[str, Any]) -> None:
    world.issue(title, end=date(2026, 7, 6), **values)
    assert found(world) == []


def test_what_is_sealed_is_settled(world: PaperWorld) -> None:
    closed(world, "[Reef Watch] New feature", date(2026, 6, 10), 2)
    assert found(world) == []


# Contracts for work of a new kind (requirement 39).

CURRICULUM = "Training\n\nMachine learning curriculum for oceanographers with graphics processors."


def new_contract(world: PaperWorld, *, community: Any = None, description: str = CURRICULUM, **values: Any) -> None:
    """Add an engagement that was won and begins later, with one project."""
    owner = (community or world.glacier).id
    dates = {"start": date(2026, 9, 1), "end": date(2027, 8, 31)} | values
    add(world, "engagements", Engagement("e-new", "Glacier Commons 2026 Training", owner, **{"status": "Won"} | dates))
    add(world, "projects", Project("p-new", "Curriculum", "e-new", description=description))


def new_kinds(world: PaperWorld) -> list[Finding]:
    return [one for one in world.sync().plan.findings if one.kind == "new_kind_of_work"]


@pytest.fixture
def described(world: PaperWorld) -> PaperWorld:
    """Both communities have contracts that say what they are for."""
    complete_contracts(world)
    edit(world, "projects", world.reef.project, description="Support\n\nDask workshops for instructors.")
    return world


def test_a_contract_for_work_that_nobody_delivers_is_asked_about(described: PaperWorld) -> None:
    new_contract(described, community=add_community(described))
    (one,) = new_kinds(described)
    assert (one.subject, one.subject_id, one.role) == ("Glacier Commons 2026 Training", "e-new", Role.LEAD)
    assert one.evidence.startswith("Curriculum: nothing that is delivered now")
    assert one.community == "Tide Lab"


@pytest.mark.parametrize(
    "values",
    [
        {"description": "Dask workshops for instructors and for students of the tide."},  # delivered for Reef Watch
        {"description": "Training\n\nAs agreed."},  # says too little
        {"description": ""},
        {"status": "Completed"},
        {"start": date(2026, 1, 1), "status": "Active"},  # long begun
        {"start": date(2025, 1, 1), "end": date(2025, 12, 31)},  # over
    ],
)
def test_what_is_delivered_said_in_few_words_or_not_new_is_not_asked_about(
    described: PaperWorld, values: dict[str, Any]
) -> None:
    new_contract(described, community=add_community(described), **values)
    assert new_kinds(described) == []


def test_a_renewal_of_the_same_work_is_nothing_new(described: PaperWorld) -> None:
    edit(described, "engagements", described.glacier.engagement, status="Completed", end=date(2026, 7, 31))
    edit(described, "projects", described.glacier.project, description=CURRICULUM)
    new_contract(described)
    assert new_kinds(described) == []
    edit(described, "projects", described.glacier.project, description="Help\n\nWith larger disks.")
    assert len(new_kinds(described)) == 1


def test_once_hours_are_logged_nobody_needs_to_ask(described: PaperWorld) -> None:
    owner = add_community(described)
    new_contract(described, community=owner, start=date(2026, 8, 3), status="Active")
    period = Allocation("a-new", "Tide Lab Q3", "p-new", date(2026, 8, 3), date(2026, 9, 30), 480)
    add(described, "allocations", period)
    assert len(new_kinds(described)) == 1
    closed(described, "[Tide Lab] First lesson", date(2026, 8, 4), 1)
    assert new_kinds(described) == []


def test_where_nothing_says_what_is_delivered_nothing_is_new(world: PaperWorld) -> None:
    for table in ("engagements", "projects"):
        for record in list(getattr(world.airtable.contracts, table)):
            edit(world, table, record, description="", **({"clause": ""} if table == "projects" else {}))
    edit(world, "projects", world.reef.project, name="")
    edit(world, "projects", world.glacier.project, name="")
    new_contract(world, community=add_community(world))
    assert new_kinds(world) == []


def add_community(world: PaperWorld) -> Any:
    """Add a community that had nothing before."""
    add(world, "communities", Community("c-new", "Tide Lab"))
    return world.airtable.contracts.communities["c-new"]
