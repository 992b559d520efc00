"""Where tasks hang, who put them there, and which CSH task stands for an allocation (decision D7)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.mirror.places import CshTasks, Tree, chain_to_root, folded, parents_first
from sync.model.change import PlaceTask, WaitsFor
from sync.model.contract import Allocation, Project
from sync.model.work import Task, TaskSnapshot
from tests.mirror.paper import QUARTERS, PaperIssue, PaperWorld


def mirrored(world: PaperWorld, title: str = "Reef Watch: fix", **values: Any) -> tuple[PaperIssue, Task]:
    issue = world.issue(title, **values)
    world.sync()
    return issue, world.task(issue)


def csh_tasks(world: PaperWorld) -> CshTasks:
    return CshTasks(world.airtable.contracts, Tree(world.asana.read()))


def allocation(world: PaperWorld, name: str = "rec-reef-Q3", **values: Any) -> Allocation:
    return replace(world.airtable.contracts.allocations[name], **values)


# Which CSH task stands for an allocation.


def test_the_link_decides_whatever_engagement_and_dates_say(world: PaperWorld) -> None:
    linked = allocation(world, asana_gid=world.glacier.csh["Q4"])
    assert csh_tasks(world).for_allocation(linked, "CSH") == world.glacier.csh["Q4"]


def test_a_link_that_leads_to_no_csh_task_is_not_replaced_by_a_guess(world: PaperWorld) -> None:
    assert csh_tasks(world).for_allocation(allocation(world, asana_gid="4711"), "CSH") == ""


def test_without_a_link_its_engagement_and_the_dates_decide(world: PaperWorld) -> None:
    assert csh_tasks(world).for_allocation(allocation(world), "CSH") == world.reef.csh["Q3"]


def test_engagements_agree_by_link_else_by_name_whatever_its_case_and_blanks(world: PaperWorld) -> None:
    base = world.airtable.contracts
    named = replace(base.engagements["eng-reef"], name=" reef  WATCH 2026")
    world.airtable.contracts = replace(base, engagements={**base.engagements, "eng-reef": named})
    assert csh_tasks(world).for_allocation(allocation(world), "CSH") == world.reef.csh["Q3"]
    linked = replace(named, asana_gid="12")
    world.airtable.contracts = replace(base, engagements={**base.engagements, "eng-reef": linked})
    assert csh_tasks(world).for_allocation(allocation(world), "CSH") == world.glacier.csh["Q3"]


def test_of_several_engagements_of_one_name_the_dates_must_leave_one(world: PaperWorld) -> None:
    world.asana.add_csh("13", "Reef Watch 2026", start_on=QUARTERS["Q3"][0], due_on=QUARTERS["Q3"][1])
    found = csh_tasks(world)
    assert found.for_allocation(allocation(world), "CSH") == ""
    assert len(found.candidates(allocation(world), "CSH")) == 2
    assert found.for_allocation(allocation(world, "rec-reef-Q2"), "CSH") == world.reef.csh["Q2"]


def test_the_only_one_stands_for_all_periods_and_nobody_is_guessed_among_several(world: PaperWorld) -> None:
    only = world.community("Delta", "14", quarters=("Q3",))
    other = allocation(world, only.allocations["Q3"], id="x", start=QUARTERS["Q4"][0], end=QUARTERS["Q4"][1])
    assert csh_tasks(world).for_allocation(other, "CSH") == only.csh["Q3"]
    without = allocation(world, start=None, end=None)
    assert csh_tasks(world).for_allocation(without, "CSH") == ""


def test_a_csh_task_of_several_allocations_speaks_for_all(world: PaperWorld) -> None:
    for quarter in ("Q3", "Q4"):
        world.airtable.change(f"rec-reef-{quarter}", asana_gid=world.reef.csh["Q3"])
    issue, _ = mirrored(world, "who knows", hours=1)
    world.asana.edit(world.task(issue).gid, parent_gid=world.reef.csh["Q3"])
    world.sync()
    assert {one: row.minutes for one, row in world.rows(issue).items()} == {"unplaced": 0, "rec-reef-Q3": 60}
    assert world.quiet() == []


# Profiles.


def two_profiles(world: PaperWorld) -> dict[str, str]:
    """Give Reef Watch a second project for the label DDM, with CSH tasks of its own; return those by quarter."""
    world.policy = replace(world.policy, profiles={"CSH": "Community Success Hours", "DDM": "DDM hours"})
    base, tasks = world.airtable.contracts, {}
    allocations = dict(base.allocations)
    for quarter, (start, end) in QUARTERS.items():
        tasks[quarter] = world.asana.add_csh("11", "Reef Watch 2026", "DDM", start_on=start, due_on=end)
        record = f"rec-ddm-{quarter}"
        allocations[record] = Allocation(record, f"DDM {quarter}", "prj-ddm", start, end, 240, asana_gid=tasks[quarter])
        ours = f"rec-reef-{quarter}"
        allocations[ours] = replace(allocations[ours], asana_gid=world.reef.csh[quarter])
    projects = {**base.projects, "prj-ddm": Project("prj-ddm", "DDM", "eng-reef")}
    world.airtable.contracts = replace(base, allocations=allocations, projects=projects)
    return tasks


def test_each_profile_counts_and_hangs_under_the_allocations_of_its_own(world: PaperWorld) -> None:
    ddm = two_profiles(world)
    ours, theirs = world.issue("Reef Watch: a", hours=1), world.issue("Reef Watch: b", hours=2, label="DDM")
    world.sync()
    assert (world.used("rec-reef-Q3"), world.used("rec-ddm-Q3")) == (60, 120)
    assert (world.task(ours).parent_gid, world.task(theirs).parent_gid) == (world.reef.csh["Q3"], ddm["Q3"])
    assert world.quiet() == []


def separate_engagements(world: PaperWorld) -> str:
    """Give Reef Watch another engagement whose only CSH task is for DDM, and no links; return that task."""
    world.policy = replace(world.policy, profiles={"CSH": "Community Success Hours", "DDM": "DDM hours"})
    base, (start, end) = world.airtable.contracts, QUARTERS["Q3"]
    task = world.asana.add_csh("31", "Reef Watch data", "DDM", start_on=start, due_on=end)
    reef = base.engagements["eng-reef"]
    world.airtable.contracts = replace(
        base,
        engagements={
            **base.engagements,
            "eng-ddm": replace(reef, id="eng-ddm", name="Reef Watch data", asana_gid="31"),
        },
        projects={**base.projects, "prj-ddm": Project("prj-ddm", "DDM", "eng-ddm")},
        allocations={
            **base.allocations,
            "rec-ddm": Allocation("rec-ddm", "DDM Q3", "prj-ddm", start, end, 240),
        },
    )
    return task


def test_without_links_an_engagement_serves_the_profiles_of_its_csh_tasks(world: PaperWorld) -> None:
    ddm = separate_engagements(world)
    ours, theirs = world.issue("Reef Watch: a", hours=1), world.issue("Reef Watch: b", hours=2, label="DDM")
    world.sync()
    assert (world.used("rec-reef-Q3"), world.used("rec-ddm")) == (60, 120)
    assert (world.task(ours).parent_gid, world.task(theirs).parent_gid) == (world.reef.csh["Q3"], ddm)
    assert world.quiet() == []


def test_nothing_moves_while_the_csh_tasks_of_other_profiles_may_not_all_be_seen(world: PaperWorld) -> None:
    separate_engagements(world)
    issue, task = mirrored(world, hours=1)
    world.asana.hidden_engagements.add("31")
    world.asana.tree_complete = False
    issue.hours = 3
    world.sync()
    assert {one: row.minutes for one, row in world.rows(issue).items() if row.minutes} == {"rec-reef-Q3": 180}
    assert world.task(issue).parent_gid == task.parent_gid


def test_a_csh_task_out_of_sight_takes_no_project_away_from_a_profile(world: PaperWorld) -> None:
    two_profiles(world)
    issue, task = mirrored(world, hours=1)
    world.asana.hidden_engagements.add("11")
    world.sync()
    assert world.used("rec-reef-Q3") == 60
    assert world.task(issue).parent_gid == task.parent_gid
    assert world.quiet() == []


# The board's Allocation.


def test_allocations_of_one_name_are_told_apart_by_the_community(world: PaperWorld) -> None:
    for name in ("reef", "glacier"):
        world.airtable.change(f"rec-{name}-Q4", name="Q4 2026")
    issue, task = mirrored(world, hours=1, allocation="q4  2026")
    assert list(world.rows(issue)) == ["rec-reef-Q4"]
    assert task.parent_gid == world.reef.csh["Q4"]
    assert world.quiet() == []


def test_an_allocation_that_nobody_knows_is_a_finding_and_other_evidence_decides(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix", hours=1, allocation="Reef Wach Q4")
    report = world.sync()
    assert "allocation_unknown" in world.findings(report)
    assert list(world.rows(issue)) == ["rec-reef-Q3"]


def test_an_allocation_also_names_the_community(world: PaperWorld) -> None:
    issue, _ = mirrored(world, "who knows", hours=1, allocation="rec-glacier-Q4")
    assert list(world.rows(issue)) == ["rec-glacier-Q4"]


# A person's place.


def test_the_allowed_depth_counts_from_where_a_person_hung_a_task(world: PaperWorld) -> None:
    deep = world.reef.csh["Q3"]
    for number in range(3):
        deep = world.asana.add(f"by hand {number}", deep)
    issue, task = mirrored(world)
    world.asana.edit(task.gid, parent_gid=deep)
    below = issue
    for number in range(3):
        below = world.issue(f"below {number}", labelled=False, parent=below)
    report = world.sync()
    assert {one.result.value for one in report.outcomes} == {"done"}
    assert "too_deep" in world.findings(report)
    assert world.quiet() == []


def test_a_place_below_what_is_out_of_sight_decides_nothing_and_moves_nothing(world: PaperWorld) -> None:
    issue, task = mirrored(world, hours=1)
    world.asana.edit(task.gid, parent_gid=world.glacier.csh["Q4"])
    world.sync()
    world.asana.hidden_engagements.add("12")
    report = world.sync()
    assert "undecided" in world.findings(report)
    assert (world.used("rec-glacier-Q4"), world.used("rec-reef-Q3")) == (60, 0)
    assert world.rows(issue)["rec-glacier-Q4"].placed_by == "person"
    assert world.quiet() == []


def test_a_place_outside_every_csh_task_keeps_the_task_and_leaves_hours_to_the_evidence(world: PaperWorld) -> None:
    mine = world.asana.add("my own list")
    issue, task = mirrored(world, hours=1)
    world.asana.edit(task.gid, parent_gid=mine)
    world.sync()
    issue.title = "Glacier Commons: fix"
    world.sync()
    assert world.task(issue).parent_gid == mine
    assert world.used("rec-glacier-Q3") == 60
    assert world.quiet() == []


def test_work_below_a_task_that_a_person_moved_follows_it(world: PaperWorld) -> None:
    parent, task = mirrored(world, hours=1)
    child, _ = mirrored(world, "child", labelled=False, parent=parent, hours=1)
    world.asana.edit(task.gid, parent_gid=world.glacier.csh["Q4"])
    world.sync()
    assert world.task(child).parent_gid == task.gid
    assert [row.minutes for row in world.rows(parent).values() if row.minutes] == [60]
    assert (world.used("rec-glacier-Q4"), world.used("rec-glacier-Q3"), world.used("rec-reef-Q3")) == (60, 60, 0)
    assert world.quiet() == []


# Parents nobody can see.


@pytest.mark.parametrize("title", ["Reef Watch: child", "Glacier Commons: child", "child"])
def test_a_sub_issue_stays_with_its_minutes_while_its_parent_cannot_be_seen(world: PaperWorld, title: str) -> None:
    parent, task = mirrored(world)
    child, _ = mirrored(world, title, parent=parent, hours=1)
    parent.visible = False
    report = world.sync()
    assert {"out_of_sight", "undecided"} <= world.findings(report)
    assert world.task(child).parent_gid == task.gid
    assert world.used("rec-reef-Q3") == 60
    assert world.quiet() == []
    parent.visible = True
    assert world.quiet() == []


def test_what_a_sub_issue_names_itself_still_decides_its_minutes(world: PaperWorld) -> None:
    parent, task = mirrored(world)
    child, _ = mirrored(world, "child", parent=parent, hours=1)
    parent.visible, child.community = False, "Glacier Commons"
    world.sync()
    assert world.task(child).parent_gid == task.gid
    assert world.used("rec-glacier-Q3") == 60


def test_a_sub_issue_taken_off_its_parent_becomes_a_root(world: PaperWorld) -> None:
    parent, _ = mirrored(world)
    child, _ = mirrored(world, "Glacier Commons: child", parent=parent, hours=1)
    child.parent = None
    world.sync()
    assert world.task(child).parent_gid == world.glacier.csh["Q3"]
    assert world.quiet() == []


# No CSH task.


def test_an_issue_waits_and_its_hours_count_when_nobody_can_tell_the_csh_task(world: PaperWorld) -> None:
    start, end = QUARTERS["Q3"]
    world.asana.add_csh("11", "Reef Watch 2026", start_on=start, due_on=end)
    issue, task = mirrored(world, hours=1)
    report = world.sync()
    (waits,) = report.plan.waiting
    assert waits.waits_for is WaitsFor.CSH_TASK
    assert len(waits.candidates) == 2
    assert "2026-07-01 to 2026-09-30" in waits.candidates[0]
    assert task.parent_gid == ""
    assert world.used("rec-reef-Q3") == 60
    assert world.rows(issue)["rec-reef-Q3"].placed_under == ""


# Trees.


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 9), max_size=10))
def test_cycles_are_cut_and_parents_come_first_where_there_is_none(above: dict[int, int]) -> None:
    parents: dict[str, str | None] = {str(one): str(parent) for one, parent in above.items()}
    order = parents_first(parents)
    assert sorted(order) == sorted(parents)
    for one, parent in parents.items():
        chain = chain_to_root(one, parents)
        assert len(chain) == len(set(chain))
        assert one not in chain
        if parent in parents and parent != one and one not in chain_to_root(str(parent), parents):
            assert order.index(str(parent)) < order.index(one)


@given(st.dictionaries(st.integers(1, 9), st.integers(1, 9), max_size=9))
def test_a_tree_read_while_it_changed_has_an_end(above: dict[int, int]) -> None:
    tasks = {str(one): Task(str(one), "t", parent_gid=str(parent)) for one, parent in above.items()}
    tree = Tree(TaskSnapshot(home=tasks))
    for gid in tasks:
        assert tree.depth(gid) <= len(tasks) + 1
        assert tree.csh_above(gid) == ""
        assert tree.ends_unseen(gid) in {True, False}


def test_names_are_folded() -> None:
    assert folded("  Caf\u00e9\u00a0 COMMONS ") == folded("cafe\u0301 commons")


def test_a_first_placement_does_not_count_as_a_move_but_a_change_of_community_does(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix")
    first = [one.counts for one in world.sync().plan.changes if isinstance(one, PlaceTask)]
    world.days_pass(60)
    turned = [one.counts for one in world.sync().plan.changes if isinstance(one, PlaceTask)]
    issue.title = "Glacier Commons: fix"
    moved = [one.counts for one in world.sync().plan.changes if isinstance(one, PlaceTask)]
    assert (first, turned, moved) == ([False], [False], [True])
