"""Findings that look at who logged time in Asana, and on which day."""

from datetime import date

import pytest

from sync.model.work import TimeEntry
from tests.findings.healthy import ANA, closed
from tests.findings.test_work import BEN, JULY, found
from tests.mirror.paper import PaperWorld

AUG = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("hours", "persons", "count"), [(1, (), 1), (None, ("701", "702"), 0), (1, ("701",), 0), (0.5, ("701",), 1)]
)
def test_who_logged_time_is_not_asked_for_it_again(
    world: PaperWorld, hours: float | None, persons: tuple[str, ...], count: int
) -> None:
    issue = closed(world, "[Reef Watch] Kick-off meeting", JULY, hours, people=(ANA, BEN))
    world.sync()
    for person in persons:
        world.asana.log(world.task(issue).gid, 30, JULY, person, person)
    assert len(found(world, "fewer_hours_than_people")) == count


@pytest.mark.parametrize(("day", "count"), [(JULY, 1), (AUG, 0)])
def test_a_pair_is_alike_on_the_days_of_the_entries(world: PaperWorld, day: date, count: int) -> None:
    closed(world, "[Reef Watch] Slow logins", JULY, 2)
    gid = world.asana.add("Slow logins", world.reef.csh["Q3"], completed=True, completed_on=JULY)
    world.asana.log(gid, 90, day)
    assert len(found(world, "look_alike_pair")) == count


@pytest.mark.parametrize(("own", "count"), [(0, 0), (30, 1)])
def test_time_on_a_sub_task_is_not_logged_on_the_issue_too(world: PaperWorld, own: int, count: int) -> None:
    issue = closed(world, "[Reef Watch] Slow logins", JULY, 2)
    world.sync()
    gid = world.task(issue).gid
    world.asana.log(world.asana.add("By hand", gid), 60, JULY)
    world.asana.entries[gid] = [TimeEntry("7", own, JULY, "Ana", "701")] if own else []
    world.asana.edit(gid, actual_minutes=60 + own)  # Asana adds what is below
    assert len(found(world, "logged_in_both")) == count
