"""Findings about work: each has a world with it, and near misses without it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from sync.model.finding import Finding
from sync.model.issue import Closing, Person
from tests.findings.healthy import ANA, closed, healthy_world
from tests.mirror.paper import PaperWorld

BEN = Person("ben", "Ben", "ben@example.org")
JULY = date(2026, 7, 6)


def found(world: PaperWorld, kind: str) -> list[Finding]:
    """Run twice, since the first makes the tasks, and return the findings of one kind."""
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == kind]


def test_a_healthy_world_has_no_findings() -> None:
    world = healthy_world()
    assert world.sync().plan.findings == ()
    assert world.sync().plan.findings == ()
    assert world.quiet() == []


def test_a_finding_about_an_issue_carries_its_lasting_name(world: PaperWorld) -> None:
    issue = world.issue("[Reef Watch] Slow logins", on_board=False)
    (one,) = found(world, "not_on_board")
    assert (one.subject_id, one.community) == (issue.id, "Reef Watch")


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({}, 1),
        ({"updated_at": datetime(2026, 6, 11, 12, tzinfo=UTC)}, 0),
        ({"hours_changed_on": date(2026, 8, 1)}, 0),
        ({"hours": 0}, 0),
        ({"closing": Closing.COMPLETED, "closed_at": datetime(2026, 6, 1, tzinfo=UTC)}, 0),
    ],
)
def test_hours_on_open_untouched(world: PaperWorld, values: dict[str, Any], count: int) -> None:
    usual = {"hours": 8, "hours_changed_on": date(2026, 6, 10), "updated_at": datetime(2026, 6, 10, tzinfo=UTC)}
    world.issue("[Reef Watch] Slow logins", **{**usual, **values})
    assert len(found(world, "hours_on_open_untouched")) == count


@pytest.mark.parametrize(
    ("title", "hours", "body", "count"),
    [
        ("[Reef Watch] Kick-off meeting", 1, "", 1),
        ("[Reef Watch] Kick-off meeting", 2, "", 0),
        ("[Reef Watch] Kick-off meeting", 2, "Meeting with Ana, Ben and Cy attended.", 1),
        ("[Reef Watch] Kick-off meeting", 1, "The meeting took 30 min.", 0),
        ("[Reef Watch] Kick-off meeting", 3, "The meeting took 2 hours.", 1),
        ("[Reef Watch] Slow logins", 1, "", 0),
    ],
)
def test_fewer_hours_than_people(world: PaperWorld, title: str, hours: float, body: str, count: int) -> None:
    closed(world, title, JULY, hours, body=body, people=(ANA, BEN))
    assert len(found(world, "fewer_hours_than_people")) == count


@pytest.mark.parametrize(
    ("end", "closing", "count"),
    [
        (date(2026, 8, 9), Closing.OPEN, 1),
        (date(2026, 8, 10), Closing.OPEN, 0),
        (date(2026, 8, 9), Closing.COMPLETED, 0),
        (None, Closing.OPEN, 0),
    ],
)
def test_deliverable_late(world: PaperWorld, end: date | None, closing: Closing, count: int) -> None:
    world.issue("[Reef Watch] New image", end=end, closing=closing)
    findings = found(world, "deliverable_late")
    assert len(findings) == count
    assert all(one.evidence == "Its End date was 2026-08-09; it is still open." for one in findings)
