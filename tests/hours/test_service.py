"""What the service takes of a team in a month: share of capacity, work done, cost (requirement 76)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sync.hours.capacity import Capacity, teams
from sync.hours.commitments import Commitment
from sync.hours.service import team_month, work_of_teams
from sync.model.contract import Allocation, Contracts, Engagement, Project
from sync.model.review import TeamMonth
from sync.model.work import Row

AUGUST = (date(2026, 8, 1), date(2026, 8, 31))
"""It has 21 working days."""
FULL_TIME = 480
P_AND_S = Capacity("P&S team", 1200, "Mona", date(2026, 1, 1), cost_per_hour=Decimal(90), currency="USD")
PROMISED = Commitment("Reef Q3", *AUGUST, minutes=2520, role="P&S team")


def month(*capacities: Capacity, found: Any = (PROMISED,), worked: Any = ()) -> TeamMonth:
    among = teams(capacities)
    return team_month(among[0], among, found, worked, AUGUST, full_time_minutes=FULL_TIME)


def test_promised_hours_are_part_of_the_capacity_and_of_a_person_and_cost_what_an_hour_costs() -> None:
    told = month(P_AND_S, worked=[(date(2026, 8, 3), 90), (date(2026, 7, 31), 600)])
    assert (told.promised_minutes, told.capacity_minutes, told.share) == (2520, 5040, 0.5)
    assert told.full_time == 0.25  # 120 minutes of 480 each working day
    assert (told.used_minutes, told.used_share) == (90, round(90 / 5040, 4))
    assert (told.promised_cost, told.used_cost, told.currency) == (Decimal("3780.00"), Decimal("135.00"), "USD")


def test_a_new_rate_counts_from_its_own_day() -> None:
    dearer = replace(P_AND_S, start=date(2026, 8, 17), cost_per_hour=Decimal(100))
    told = month(replace(P_AND_S, end=date(2026, 8, 16)), dearer)
    assert told.promised_cost == Decimal("4000.00")  # 2 h on each of 10 days at 90, and of 11 at 100


@pytest.mark.parametrize(
    "capacities",
    [
        (replace(P_AND_S, cost_per_hour=None),),
        (replace(P_AND_S, end=date(2026, 8, 16)), replace(P_AND_S, start=date(2026, 8, 17), cost_per_hour=None)),
        (replace(P_AND_S, end=date(2026, 8, 16)), replace(P_AND_S, start=date(2026, 8, 17), currency="EUR")),
    ],
)
def test_a_sum_that_nobody_can_tell_is_not_told(capacities: tuple[Capacity, ...]) -> None:
    told = month(*capacities)
    assert told.promised_cost is None
    assert told.share == 0.5


def test_days_without_a_capacity_leave_the_share_unknown() -> None:
    told = month(replace(P_AND_S, start=date(2026, 8, 17)))
    assert (told.capacity_minutes, told.share, told.used_share) == (None, None, None)
    assert told.promised_minutes == 2520


def test_work_counts_for_the_team_its_clause_names() -> None:
    contracts = Contracts(
        engagements={"e": Engagement("e", "E")},
        projects={
            "p": Project("p", "P", "e", clause="Up to 8 hours / quarter by the P&S team"),
            "d": Project("d", "D", "e", clause="Up to 8 hours / quarter by designers"),
        },
        allocations={"a": Allocation("a", "A", "p"), "b": Allocation("b", "B", "d")},
    )
    day = date(2026, 8, 3)
    rows = [
        Row("I_1@a", minutes=60, end=day),
        Row("I_2@b", minutes=30, end=day),
        Row("I_3@unplaced", minutes=30, end=day),
        Row("I_4@a", minutes=None, end=day),
    ]
    designers = replace(P_AND_S, team="Designers")
    assert work_of_teams(contracts, rows, teams((P_AND_S, designers))) == {
        "P&S team": ((day, 60),),
        "Designers": ((day, 30),),
    }
