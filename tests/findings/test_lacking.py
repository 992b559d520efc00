"""What the base has no column for is asked of nobody; a column that was renamed is one finding, not one a record."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sync.model.reading import FieldDrift
from tests.findings.healthy import closed, edit, healthy_world
from tests.mirror.paper import PaperWorld

EMPTY: dict[str, tuple[str, dict[str, Any]]] = {
    "Allocations.Provider": ("allocations", {"provider": ""}),
    "Engagements.Description": ("engagements", {"description": ""}),
    "Engagements.Agreement URL": ("engagements", {"agreement_url": ""}),
    "Engagements.Status": ("engagements", {"status": ""}),
    "Projects.Description": ("projects", {"description": ""}),
    "Projects.Start": ("projects", {"start": None}),
    "Projects.End": ("projects", {"end": None}),
    "Projects.Clause": ("projects", {"clause": ""}),
    "Contacts.Role": ("contacts", {"role": ""}),
    "Contacts.Community": ("contacts", {"community_id": ""}),
    "Contacts.GitHub": ("contacts", {"github": ""}),
}


@pytest.fixture
def world() -> PaperWorld:
    world = healthy_world()
    world.sync()
    return world


def kinds(world: PaperWorld) -> list[str]:
    return [one.kind for one in world.sync().plan.findings]


@pytest.mark.parametrize("column", EMPTY)
def test_an_empty_cell_is_somebodys_fault_only_where_there_is_a_column(world: PaperWorld, column: str) -> None:
    table, cells = EMPTY[column]
    for record in getattr(world.airtable.contracts, table):
        edit(world, table, record, **cells)
    told = kinds(world)
    assert told or column == "Engagements.Status"
    world.airtable.contracts = replace(world.airtable.contracts, lacking=frozenset({column}))
    assert kinds(world) == []


def test_contracts_without_dates_say_nothing_where_there_is_no_column(world: PaperWorld) -> None:
    for table in ("engagements", "projects"):
        for record in getattr(world.airtable.contracts, table):
            edit(world, table, record, start=None)
    lacking = frozenset({"Engagements.Start", "Projects.Start"})
    world.airtable.contracts = replace(world.airtable.contracts, lacking=lacking)
    assert kinds(world) == []


NEEDED = FieldDrift("Airtable", "Allocations", "Hours available", "number", "missing", nearest="Hours avail")


def test_a_needed_column_is_told_alone(world: PaperWorld) -> None:
    for record in world.airtable.contracts.allocations:
        edit(world, "allocations", record, minutes=None)
    assert set(kinds(world)) >= {"allocation_differs"}
    world.airtable.contracts = replace(world.airtable.contracts, drift=(NEEDED,))
    assert kinds(world) == ["field_changed"]


def test_one_that_need_not_be_there_hides_nothing_and_stops_nothing(world: PaperWorld) -> None:
    renamed = replace(NEEDED, name="Provider", nearest="Providers", needed=False)
    world.airtable.contracts = replace(world.airtable.contracts, drift=(renamed,))
    closed(world, "[Reef Watch] Too much", date(2026, 8, 5), 9)
    report = world.sync()
    assert not report.refused
    assert {one.kind for one in report.plan.findings} >= {"field_changed", "over_cap"}


def test_an_unreadable_board_is_told_once(world: PaperWorld) -> None:
    world.github.board_trouble = "board 57 could not be read"
    found = [one for one in world.sync().plan.findings if one.kind == "hours_unknown"]
    assert [(one.subject, one.evidence) for one in found] == [("the board", "board 57 could not be read.")]
