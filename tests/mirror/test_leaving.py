# ruff: noqa: N802 (the id of a fault is part of the name of its test)
"""What becomes of tasks whose issues close or leave, and of what people hung below them (decision D6)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync.model.change import RemoveTask
from sync.model.issue import Closing
from sync.model.work import HumanContent, Task
from tests.mirror.paper import HOME, START, PaperIssue, PaperWorld


def not_planned(world: PaperWorld, issue: PaperIssue) -> None:
    issue.closing, issue.closed_at = Closing.NOT_PLANNED, world.now


def mirrored(world: PaperWorld, title: str = "Reef Watch: fix", **values: object) -> tuple[PaperIssue, Task]:
    issue = world.issue(title, **values)
    world.sync()
    return issue, world.task(issue)


@pytest.mark.parametrize("at_home", [False, True])
def test_a_hand_made_sub_task_holds_the_task_even_from_within_the_home_project(
    world: PaperWorld, at_home: bool
) -> None:
    issue, task = mirrored(world)
    below = world.asana.add("hand-made", task.gid, home=at_home)
    before = world.asana.tasks[below]
    not_planned(world, issue)
    report = world.sync()
    assert "held_with_content" in world.findings(report)
    assert world.tasks_of(issue)
    assert world.asana.tasks[below] == before
    assert world.quiet() == []


def test_a_twin_below_holds_the_task_and_is_not_moved(world: PaperWorld) -> None:
    issue, task = mirrored(world)
    _, other = mirrored(world, "Reef Watch: other")
    twin = world.asana.add("copy", task.gid, home=True)
    world.asana.edit(twin, fields=dict(other.fields.values))
    before = world.asana.tasks[twin]
    not_planned(world, issue)
    world.sync()
    assert world.tasks_of(issue)
    assert world.asana.tasks[twin] == before


def test_a_held_task_stays_where_it_is_whatever_its_issue_says_now(world: PaperWorld) -> None:
    issue, task = mirrored(world, hours=1)
    world.asana.content[task.gid] = HumanContent(comments=1)
    not_planned(world, issue)
    world.sync()
    issue.title = "Glacier Commons: fix"
    world.sync()
    assert world.task(issue).parent_gid == world.reef.csh["Q3"]
    assert world.task(issue).name == "Glacier Commons: fix"
    assert world.quiet() == []


def test_a_held_sub_task_moves_up_before_its_parent_goes_and_that_is_remembered_as_ours(world: PaperWorld) -> None:
    parent, _ = mirrored(world)
    child, _ = mirrored(world, "child", labelled=False, parent=parent, hours=1)
    parent.labelled = False
    world.sync()
    assert not world.tasks_of(parent)
    assert world.task(child).parent_gid == world.reef.csh["Q3"]
    row = world.rows(child)["rec-reef-Q3"]
    assert (row.placed_under, row.placed_by, row.minutes) == (world.reef.csh["Q3"], "sync", 60)
    assert world.quiet() == []
    child.labelled, child.parent, child.title = True, None, "Glacier Commons: child"
    world.sync()
    assert world.task(child).parent_gid == world.glacier.csh["Q3"]


def test_a_sub_task_a_person_placed_moves_up_too_and_stays_theirs(world: PaperWorld) -> None:
    parent, task = mirrored(world)
    other, _ = mirrored(world, "Glacier Commons: other", hours=1)
    world.asana.edit(world.task(other).gid, parent_gid=task.gid)
    world.sync()
    assert world.rows(other)["rec-reef-Q3"].placed_by == "person"
    not_planned(world, parent)
    world.sync()
    world.sync()
    assert not world.tasks_of(parent)
    assert world.task(other).parent_gid == world.reef.csh["Q3"]
    assert world.rows(other)["rec-reef-Q3"].minutes == 60
    assert world.quiet() == []


def test_a_parent_stays_when_a_sub_task_could_not_be_moved_away(world: PaperWorld) -> None:
    parent, task = mirrored(world)
    child, _ = mirrored(world, "child", parent=parent)
    not_planned(world, parent)
    world.writes.refuse = "Asana place"
    world.sync()
    assert world.asana.tasks[task.gid]
    assert world.task(child).parent_gid == task.gid
    world.writes.refuse = ""
    world.sync()
    assert not world.tasks_of(parent)
    assert world.quiet() == []


def test_leaves_go_before_their_parents(world: PaperWorld) -> None:
    parent, top = mirrored(world)
    child, below = mirrored(world, "child", labelled=False, parent=parent)
    not_planned(world, parent)
    not_planned(world, child)
    report = world.sync()
    assert [one.gid for one in report.plan.changes if isinstance(one, RemoveTask)] == [below.gid, top.gid]
    assert world.asana.home() == {}


def test_a_task_that_cannot_be_read_is_held_and_remembered(world: PaperWorld) -> None:
    issue, task = mirrored(world, hours=2)
    before = world.rows(issue)["rec-reef-Q3"]
    world.asana.listless.add(task.gid)
    world.asana.unreadable.add(task.gid)
    world.asana.hidden_engagements.add("11")
    report = world.sync()
    assert "task_unreadable" in world.findings(report)
    assert len(world.asana.home()) == 1
    after = world.rows(issue)["rec-reef-Q3"]
    assert (after.task, after.placed_under, after.placed_by) == (before.task, before.placed_under, before.placed_by)


@pytest.mark.parametrize("unseen", ["unreadable", "short list"])
def test_sub_tasks_stay_while_their_closed_parents_task_is_not_seen(world: PaperWorld, unseen: str) -> None:
    parent, task = mirrored(world)
    child, _ = mirrored(world, "Glacier Commons: child", parent=parent)
    not_planned(world, parent)
    world.asana.listless.add(task.gid)
    if unseen == "unreadable":
        world.asana.unreadable.add(task.gid)
        world.asana.hidden_engagements.add("11")
    world.sync()
    if unseen == "unreadable":
        assert world.task(child).parent_gid == task.gid
    assert world.rows(child)["rec-reef-Q3"].placed_under in {task.gid, world.reef.csh["Q3"]}


def test_fault_E03_a_task_deleted_twice_stays_deleted_until_a_person_says_otherwise(world: PaperWorld) -> None:
    issue, task = mirrored(world, hours=2)
    world.asana.delete(task.gid)
    world.sync()
    again = world.task(issue)
    assert again.parent_gid == world.reef.csh["Q3"]
    assert world.rows(issue)["rec-reef-Q3"].restored == 1
    world.asana.delete(again.gid)
    report = world.sync()
    assert "deleted_twice" in world.findings(report)
    assert world.asana.home() == {}
    assert world.used("rec-reef-Q3") == 120
    world.airtable.edit(f"{issue.id}@rec-reef-Q3", restored=0)
    world.sync()
    assert world.task(issue).parent_gid == world.reef.csh["Q3"]
    assert world.quiet() == []


def test_fault_E04_sub_tasks_of_a_trashed_csh_task_are_not_made_elsewhere_and_their_hours_count(
    world: PaperWorld,
) -> None:
    parent, _ = mirrored(world, hours=2)
    child, _ = mirrored(world, "child", labelled=False, parent=parent, hours=1)
    trashed = {
        gid: task
        for gid, task in world.asana.tasks.items()
        if gid == world.reef.csh["Q3"] or task in world.asana.home().values()
    }
    csh = dict(world.asana.csh)
    world.asana.delete(world.reef.csh["Q3"])
    report = world.sync()
    assert world.asana.home() == {}
    assert "went_along" in world.findings(report)
    assert world.used("rec-reef-Q3") == 180
    assert world.quiet() == []
    world.asana.tasks |= trashed
    world.asana.csh = csh
    assert world.quiet() == []
    assert world.task(child).parent_gid == world.task(parent).gid


def test_sub_tasks_of_a_task_deleted_by_hand_are_made_again_with_it(world: PaperWorld) -> None:
    parent, task = mirrored(world, hours=2)
    child, _ = mirrored(world, "child", labelled=False, parent=parent, hours=1)
    world.asana.delete(task.gid)
    world.sync()
    assert world.task(parent).parent_gid == world.reef.csh["Q3"]
    assert world.task(child).parent_gid == world.task(parent).gid
    assert world.quiet() == []


def test_fault_E20_an_engagement_out_of_the_portfolio_moves_nothing(world: PaperWorld) -> None:
    issue, _ = mirrored(world, hours=2)
    placed, _ = mirrored(world, "Reef Watch: placed", hours=1)
    world.asana.edit(world.task(placed).gid, parent_gid=world.glacier.csh["Q4"])
    world.sync()
    assert world.used("rec-glacier-Q4") == 60
    world.asana.hidden_engagements |= {"11", "12"}
    report = world.sync()
    assert {"csh_task_missing", "undecided"} <= world.findings(report)
    assert world.task(issue).parent_gid == world.reef.csh["Q3"]
    assert world.task(placed).parent_gid == world.glacier.csh["Q4"]
    assert (world.used("rec-reef-Q3"), world.used("rec-glacier-Q4")) == (120, 60)
    issue.hours = 3
    world.sync()
    assert world.used("rec-reef-Q3") == 180
    assert world.quiet() == []


def test_a_task_that_left_the_home_project_comes_back_up_to_date_in_one_run(world: PaperWorld) -> None:
    issue, task = mirrored(world, hours=1)
    world.asana.edit(task.gid, project_gids=frozenset())
    issue.title, issue.hours = "Reef Watch: fixed", 2
    world.sync()
    assert world.task(issue).name == "Reef Watch: fixed"
    assert HOME in world.task(issue).project_gids
    assert world.quiet() == []


def test_a_task_turned_into_something_else_is_left_alone_and_not_made_twice(world: PaperWorld) -> None:
    _, task = mirrored(world, hours=1)
    world.asana.edit(task.gid, plain=False)
    before = world.asana.tasks[task.gid]
    report = world.sync()
    assert world.findings(report) & {"task_converted", "no_plain_task"} == {"task_converted"}
    assert world.asana.tasks[task.gid] == before
    assert len(world.asana.home()) == 1


def test_issues_closed_before_the_since_day_leave_no_trace_and_no_finding(world: PaperWorld) -> None:
    world.policy = replace(world.policy, since=date(2026, 8, 1))
    closed = {"closing": Closing.COMPLETED, "closed_at": START - timedelta(days=60)}
    issue = world.issue("who knows", on_board=False, allocation="nothing", **closed)
    report = world.sync()
    assert not world.tasks_of(issue)
    assert world.rows(issue) == {}
    assert world.findings(report) == {"under_pace"}, "nobody works in this world; nothing is about the issue"


@pytest.mark.parametrize("why", ["hidden", "renamed", "incomplete"])
def test_absence_is_never_proof(world: PaperWorld, why: str) -> None:
    full, _ = mirrored(world, hours=1)
    empty, _ = mirrored(world, "Reef Watch: empty")
    if why == "renamed":
        world.github.renamed = True
    else:
        full.visible = empty.visible = False
        world.github.complete = why != "incomplete"
    mark = len(world.writes.sent)
    report = world.sync()
    assert world.writes.sent[mark:] == []
    assert "out_of_sight" in world.findings(report)
    assert world.used("rec-reef-Q3") == 60


@pytest.mark.parametrize("hours", [0, 2])
def test_the_rows_of_an_issue_that_left_say_so_also_when_its_task_was_deleted_by_hand(
    world: PaperWorld, hours: int
) -> None:
    issue, task = mirrored(world, hours=hours)
    world.asana.delete(task.gid)
    issue.labelled = False
    report = world.sync()
    (row,) = world.rows(issue).values()
    assert (row.state, row.task, row.placed_under, row.minutes) == ("Out of scope", "", "", 60 * hours)
    assert not world.tasks_of(issue)
    assert report.plan.held == ()
    assert world.quiet() == []


def test_the_rows_of_an_issue_that_is_only_out_of_sight_stay_when_its_task_is_gone(world: PaperWorld) -> None:
    issue, task = mirrored(world)
    before = world.rows(issue)
    world.asana.delete(task.gid)
    issue.visible = False
    world.sync()
    assert world.rows(issue) == before


def test_a_sealed_row_keeps_its_state_when_the_issue_left_and_its_task_is_gone(world: PaperWorld) -> None:
    issue, task = mirrored(world, "Reef Watch: spring", hours=1, end=date(2026, 5, 5))
    world.sync()
    world.asana.delete(task.gid)
    issue.labelled = False
    world.sync()
    (row,) = world.rows(issue).values()
    assert (row.state, row.task, row.minutes) == ("Open", "", 60)
    assert row.seal
    assert world.quiet() == []
