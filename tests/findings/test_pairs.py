"""Findings about work that looks like other work."""

from datetime import date
from typing import Any

import pytest

from sync.model.issue import Closing
from tests.findings.healthy import closed
from tests.findings.test_work import BEN, JULY, found
from tests.mirror.paper import PaperWorld


def test_look_alike_issues(world: PaperWorld) -> None:
    first = closed(world, "[Reef Watch] Slow logins", JULY, 1)
    second = closed(world, "[Reef Watch] slow  Logins", JULY, 2)
    (one,) = found(world, "look_alike_issues")
    assert (one.subject_id, one.community, one.links) == (first.id, "Reef Watch", (second.url,))
    assert "together 3 h" in one.evidence


@pytest.mark.parametrize(
    ("title", "day", "closing"),
    [
        ("[Reef Watch] Slow logins", date(2026, 7, 7), Closing.COMPLETED),
        ("[Glacier Commons] Slow logins", JULY, Closing.COMPLETED),
        ("[Reef Watch] Slow disks", JULY, Closing.COMPLETED),
        ("[Reef Watch] Slow logins", JULY, Closing.DUPLICATE),
    ],
)
def test_no_look_alike_issues(world: PaperWorld, title: str, day: date, closing: Closing) -> None:
    closed(world, "[Reef Watch] Slow logins", JULY, 1)
    closed(world, title, day, 2).closing = closing
    assert found(world, "look_alike_issues") == []


def pair(world: PaperWorld, title: str, name: str, **values: Any) -> None:
    closed(world, title, JULY, 2, **({"people": (BEN,)} if values.pop("by_ben", False) else {}))
    usual = {"completed_on": JULY, "actual_minutes": 90, "assignee_gid": "701"}
    parent = values.pop("parent", world.reef.csh["Q3"])
    world.asana.add(name, parent, completed=True, **{**usual, **values})


def test_look_alike_pair_tells_both_totals(world: PaperWorld) -> None:
    pair(world, "[Reef Watch] Slow logins", "Slow logins", completed_on=date(2026, 7, 9))
    (one,) = found(world, "look_alike_pair")
    assert "2 h if they are one, 3.5 h if they are two" in one.evidence
    assert one.community == "Reef Watch"


@pytest.mark.parametrize(
    ("title", "name", "values", "count"),
    [
        ("[Reef Watch] Slow logins", "Slow logins", {"completed_on": date(2026, 7, 10)}, 0),
        ("[Reef Watch] Slow logins", "Slow disks", {}, 0),
        ("[Glacier Commons] Slow logins", "Slow logins", {}, 0),
        ("[Reef Watch] Meeting", "Meeting", {}, 0),
        ("[Reef Watch] Office hours", "Office hours", {}, 0),
        ("Reef Watch: Meeting", "Reef Watch: Meeting", {"actual_minutes": 120}, 1),
        ("Reef Watch: Meeting", "Reef Watch: Meeting", {"actual_minutes": 120, "completed_on": date(2026, 7, 7)}, 0),
        ("[Reef Watch] Slow logins", "Slow logins", {"actual_minutes": 0}, 0),
    ],
)
def test_near_misses(world: PaperWorld, title: str, name: str, values: dict[str, Any], count: int) -> None:
    pair(world, title, name, **values)
    assert len(found(world, "look_alike_pair")) == count


def test_another_person_did_other_work(world: PaperWorld) -> None:
    world.asana.users = (*world.asana.users, type(world.asana.users[0])("702", "Ben", "ben@example.org"))
    pair(world, "[Reef Watch] Slow logins", "Slow logins", by_ben=True)
    assert found(world, "look_alike_pair") == []
