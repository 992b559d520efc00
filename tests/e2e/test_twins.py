"""Twins are repaired (decision D12): what people added to stays, else the known or oldest one; the other goes later."""

from datetime import date
from typing import Any

import pytest

from sync.errors import ExitCode
from tests.e2e.organisation import Organisation, kinds


def gids(org: Organisation) -> set[str]:
    return {task.gid for task in org.asana.tasks_in(org.home)}


def add_to(org: Organisation, task: Any, what: str) -> None:
    match what:
        case "comment":
            org.asana.comment_on(task, "we talked")
        case "file":
            org.asana.attach_file(task, "notes.pdf")
        case "time":
            org.asana.log_minutes(task, 30, date(2026, 8, 9))
        case "child":
            org.asana.add_task("by hand", parent=task)


def test_a_twin_without_anything_of_people_is_told_first_and_removed_one_run_later(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    known = org.task(issue)
    twin = org.asana.duplicate_task(known)
    report = org.sync()
    assert "twin_tasks" in kinds(report)
    assert gids(org) == {known.gid, twin.gid}
    assert org.sync().exit_code is ExitCode.FINE
    assert gids(org) == {known.gid}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert "twin_tasks" not in kinds(org.sync())
    assert org.writes_of() == []


def test_a_family_of_twins_goes_together(org: Organisation) -> None:
    parent = org.issue("Reef Watch: fix", hours=2)
    child = org.issue("part", parent=parent, labels=(), hours=1)
    org.sync()
    known = gids(org)
    org.asana.duplicate_task(org.task(parent), subtasks=True)
    assert len(gids(org)) == 4
    org.sync()
    org.sync()
    assert gids(org) == known
    assert org.task(child).parent is org.task(parent)
    org.sync()
    assert org.writes_of() == []


@pytest.mark.parametrize("dragged", [False, True])
def test_a_sub_task_below_a_twin_moves_to_the_task_that_is_kept(org: Organisation, dragged: bool) -> None:
    """Two runs made a family each; a person logged time on the child in the family that the rows forgot."""
    parent = org.issue("Reef Watch: fix", hours=2)
    child = org.issue("part", parent=parent, labels=())
    org.sync()
    known = org.task(parent)
    twin = org.asana.duplicate_task(known)
    org.asana.move_task(org.task(child), parent=twin)
    if dragged:
        org.sync()
    add_to(org, org.task(child), "time")
    for _ in range(3):
        org.sync()
    assert twin.trashed is not None
    assert org.task(child).parent is known
    assert org.writes_of() == []


@pytest.mark.parametrize("what", ["comment", "file", "time", "child"])
def test_the_copy_that_people_added_to_is_kept_and_the_known_one_goes(org: Organisation, what: str) -> None:
    issue, child = org.issue("Reef Watch: fix"), None
    child = org.issue("part", parent=issue, labels=())
    org.sync()
    known = org.task(issue)
    twin = org.asana.duplicate_task(known)
    add_to(org, twin, what)
    for _ in range(3):
        org.sync()
    assert org.task(issue) is twin
    assert org.task(child).parent is twin
    assert known.trashed is not None
    assert {cells["Task"] for cells in org.rows(issue).values()} == {twin.gid}
    assert org.writes_of() == []


def test_twins_that_people_both_added_to_stay_both_with_a_finding(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    known = org.task(issue)
    twin = org.asana.duplicate_task(known)
    add_to(org, known, "comment")
    add_to(org, twin, "comment")
    for _ in range(3):
        report = org.sync()
    assert "twin_tasks" in kinds(report)
    assert gids(org) == {known.gid, twin.gid}
    assert org.writes_of() == []


def test_a_twin_with_a_hand_made_sub_task_is_not_removed(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    known = org.task(issue)
    twin = org.asana.duplicate_task(known)
    add_to(org, known, "comment")
    add_to(org, twin, "child")
    for _ in range(3):
        org.sync()
    assert twin.trashed is None


def test_a_twin_is_not_removed_while_what_people_added_cannot_be_read(org: Organisation) -> None:
    from sandbox.core import Status  # noqa: PLC0415

    issue = org.issue("Reef Watch: fix")
    org.sync()
    twin = org.asana.duplicate_task(org.task(issue))
    org.sync()
    org.sandbox.faults.add(Status(403), service="asana", path=rf"/tasks/{twin.gid}/stories")
    org.sync()
    assert twin.trashed is None
    org.sandbox.faults.clear()
    org.sync()
    assert twin.trashed is not None
