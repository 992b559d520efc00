"""Findings about work: each has a world with it, and near misses without it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from sync.model.finding import Finding
from sync.model.issue import Closing, Person
from tests.findings.healthy import ANA, closed, healthy_world
from tests.mirror.paper import PaperIssue, PaperWorld

BEN = Person("ben", "Ben", "ben@example.org")
JULY = date(2026, 7, 6)


def found(world: PaperWorld, kind: str) -> list[Finding]:
    """Run twice, since the first makes the tasks, and return the findings of one kind."""
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == kind]


def done(world: PaperWorld, title: str = "[Reef Watch] Slow logins", days: int = 15, **values: Any) -> PaperIssue:
    values.setdefault("closing", Closing.COMPLETED)
    return world.issue(title, closed_at=world.now - timedelta(days=days), **values)


def test_a_healthy_world_has_no_findings() -> None:
    world = healthy_world()
    assert world.sync().plan.findings == ()
    assert world.sync().plan.findings == ()
    assert world.quiet() == []


def test_completed_without_time(world: PaperWorld) -> None:
    issue = done(world, body="We were in the meeting for 1h.", people=(ANA, BEN))
    (one,) = found(world, "completed_without_time")
    assert (one.subject_id, one.community) == (issue.id, "Reef Watch")
    assert "Closed as completed on 2026-07-26" in one.evidence
    assert 'An estimate, not a fact: 2 h (the text says "1h", 2 people).' in one.evidence
    assert "per person" in one.remedy
    assert world.github.issues[0].hours is None


@pytest.mark.parametrize(
    "values",
    [
        {"days": 14},
        {"hours": 1},
        {"closing": Closing.OPEN},
        {"closing": Closing.NOT_PLANNED},
        {"on_board": False},
        {"unread_board": True},
    ],
)
def test_not_completed_without_time(world: PaperWorld, values: dict[str, Any]) -> None:
    done(world, **values)
    assert found(world, "completed_without_time") == []


def test_zero_hours_are_no_time(world: PaperWorld) -> None:
    done(world, hours=0)
    assert len(found(world, "completed_without_time")) == 1


def test_the_limit_is_a_setting(world: PaperWorld) -> None:
    world.policy = replace(world.policy, limits=replace(world.policy.limits, unlogged_days=30))
    done(world, days=30)
    assert found(world, "completed_without_time") == []


def test_similar_work_gives_an_estimate(world: PaperWorld) -> None:
    for day, hours in ((1, 1), (2, 2), (3, 9)):
        closed(world, "[Reef Watch] Slow logins", date(2026, 7, day), hours)
    closed(world, "[Glacier Commons] Slow logins", date(2026, 7, 3), 50)
    done(world)
    (one,) = found(world, "completed_without_time")
    assert "2 h (the median of 3 similar issues is 2 h)" in one.evidence


@pytest.mark.parametrize(("minutes", "count"), [(0, 1), (30, 0), (None, 0)])
def test_hand_made_without_time(world: PaperWorld, minutes: int | None, count: int) -> None:
    gid = world.asana.add(
        "Letter", world.reef.csh["Q3"], completed=True, completed_on=JULY, actual_minutes=minutes, assignee_gid="701"
    )
    findings = found(world, "completed_without_time")
    assert [one.subject_id for one in findings] == [gid] * count


def test_hand_made_work_from_before_the_start_is_left_alone(world: PaperWorld) -> None:
    world.asana.add("Letter", world.reef.csh["Q3"], completed=True, completed_on=JULY, actual_minutes=0)
    world.policy = replace(world.policy, since=date(2026, 7, 7))
    assert found(world, "completed_without_time") == []


def test_sealed_hours_are_logged_hours(world: PaperWorld) -> None:
    issue = closed(world, "[Reef Watch] Slow logins", date(2026, 6, 10), 2)
    world.sync()
    assert [row.seal for row in world.rows(issue).values()] != [""]
    issue.hours = None
    assert found(world, "completed_without_time") == []
    assert found(world, "lowered_after_sealing") != []


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
