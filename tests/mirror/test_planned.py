"""Planned work: the estimates of open issues, less what they logged, where their next minutes would go."""

from decimal import Decimal
from typing import Any

import pytest

from sync.model.issue import Closing
from tests.mirror.paper import PaperWorld


def planned(world: PaperWorld, **values: Any) -> int | None:
    """Return the planned minutes of Reef Watch's third quarter with one issue in it."""
    world.issue("[Reef Watch] Workshop", **values)
    standings = {one.allocation_id: one for one in world.sync().plan.standings}
    return standings[world.reef.allocations["Q3"]].planned_minutes


@pytest.mark.parametrize(
    ("values", "minutes"),
    [
        ({"estimate": Decimal(3)}, 180),
        ({"estimate": Decimal(3), "hours": 1}, 120),
        ({"estimate": Decimal(3), "hours": 4}, 0),
        ({"hours": 1}, 0),
        ({"estimate": Decimal(3), "closing": Closing.COMPLETED}, 0),
    ],
)
def test_what_is_estimated_and_not_logged_yet(world: PaperWorld, values: dict[str, Any], minutes: int) -> None:
    assert planned(world, **values) == minutes


def test_while_issues_may_be_missing_it_is_not_known(world: PaperWorld) -> None:
    world.github.complete = False
    assert planned(world, estimate=Decimal(3)) is None
