"""Work that may be another service's: features and very large efforts."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sync.model.finding import Finding, Role, Severity
from sync.model.issue import Closing
from tests.findings.healthy import closed
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
