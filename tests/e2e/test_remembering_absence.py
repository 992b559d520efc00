"""Before runs that remember take a task away or seal a period, they ask for the rows that rests on, and no others."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from sandbox.core import Rewrite, Status
from tests.e2e.organisation import Organisation
from tests.e2e.test_remembering import Remembered, is_settled

NOTES = 250
"""Rows that people typed: with them Activity has three pages."""


@pytest.fixture
def world(org: Organisation, tmp_path: Path) -> Remembered:
    for number in range(NOTES):
        org.airtable.add_row("Activity", {"Title": f"note {number}"})
    org.issue("Last quarter", hours=1, Community="Reef Watch", End_date="2026-05-20")
    return Remembered(org, tmp_path / "state.sqlite")


def listed(world: Remembered, requests: list[Any]) -> int:
    """Return how many pages of Activity were asked for without naming records or moments."""
    table = world.org.airtable.base.table("Activity").id  # type: ignore[union-attr]
    asked = [one for one in requests if table in one.path and not one.is_write]
    return sum("filterByFormula" not in parse_qs(one.query_string) for one in asked)


def record_of(world: Remembered, issue: Any) -> str:
    rows = world.org.airtable.rows("Activity").items()
    (found,) = (record for record, cells in rows if str(cells.get("Key", "")).startswith(f"{issue.node_id}@"))
    return found


def removes(world: Remembered) -> None:
    world.org.github.close(world.upgrade, "not_planned")


def seals_again(world: Remembered) -> None:
    allocation = world.org.reef.allocations["Q2"]
    world.org.airtable.tick("Allocations", allocation, "Reopen")
    world.run()
    assert not world.org.allocation(world.org.reef, "Q2").get("Sealed on")
    world.org.airtable.tick("Allocations", allocation, "Reopen", on=False)


@pytest.mark.parametrize("act", [removes, seals_again], ids=lambda act: act.__name__)
def test_of_activity_no_page_is_listed(world: Remembered, act: Callable[[Remembered], None]) -> None:
    act(world)
    report, requests = world.run()
    assert report.exit_code == 0
    assert listed(world, requests) == 0
    assert world.org.has_task(world.upgrade) is (act is not removes)
    assert world.org.allocation(world.org.reef, "Q2").get("Sealed on")
    assert is_settled(world)


def test_all_else_is_asked_for_anew(world: Remembered) -> None:
    removes(world)
    _, requests = world.run()
    tables = ("Communities", "Engagements", "Projects", "Allocations")
    for table in (world.org.airtable.base.table(name).id for name in tables):  # type: ignore[union-attr]
        asked = [one for one in requests if table in one.path and not one.is_write]
        assert any("filterByFormula" not in parse_qs(one.query_string) for one in asked)
    home = [one for one in requests if one.service == "asana" and f"project={world.org.home.gid}" in one.query_string]
    assert any("modified_since" not in one.query_string for one in home)
    assert {"Repositories", "LabelledIssues"} <= {one.operation for one in requests if one.service == "github"}


def test_a_row_that_is_gone_has_everything_read(world: Remembered) -> None:
    removes(world)
    world.org.airtable.delete_row("Activity", record_of(world, world.upgrade))
    report, requests = world.run()
    assert report.exit_code == 0
    assert listed(world, requests) == 3
    assert is_settled(world)


def test_a_short_answer_has_everything_read_and_takes_nothing_away_of_it(world: Remembered) -> None:
    """Airtable leaves the row of the issue out, wherever it is asked for it."""
    removes(world)
    record = record_of(world, world.upgrade)

    def short(answer: Any) -> Any:
        answer["records"] = [one for one in answer.get("records", ()) if one["id"] != record]
        return answer

    table = world.org.airtable.base.table("Activity").id  # type: ignore[union-attr]
    world.org.sandbox.faults.add(Rewrite(short), service="airtable", path=rf"{table}\?.*RECORD_ID", method="GET")
    _, requests = world.run()
    assert listed(world, requests) == 3
    assert is_settled(world)


def test_where_airtable_refuses_the_question_everything_is_read(world: Remembered) -> None:
    removes(world)
    table = world.org.airtable.base.table("Activity").id  # type: ignore[union-attr]
    refusal = Status(422, {"error": {"type": "INVALID_FILTER_BY_FORMULA", "message": "no"}})
    world.org.sandbox.faults.add(refusal, service="airtable", path=rf"{table}\?.*RECORD_ID", method="GET")
    report, requests = world.run()
    assert report.exit_code == 0
    assert listed(world, requests) == 3
    assert not world.org.has_task(world.upgrade)
