"""The limits of the guards, at the number and beside it; what they refuse end to end is in tests/e2e/test_guards.py."""

from dataclasses import replace

import pytest

from sync.errors import GuardRefused
from sync.mirror.guards import ALLOW_EMPTY, ALLOW_MASS_CHANGE, check_plan, refusals_of
from sync.mirror.world import World
from sync.model.change import About, Change, PlaceTask, Plan, RemoveTask, TaskRef
from sync.model.issue import IssueSnapshot
from sync.model.reading import FieldDrift
from sync.model.work import TaskSnapshot
from sync.reading import read_world
from sync.services import Services
from tests.mirror.paper import PaperWorld

ABOUT = About("a task")
MISSING = FieldDrift("Asana", "the home project", "GitHub Hours", "number", "missing")


def remove(number: int) -> Change:
    return RemoveTask(str(number), ABOUT, "not planned")


def place(number: int, *, counts: bool = True) -> Change:
    return PlaceTask(TaskRef(gid=str(number)), TaskRef(gid="1"), "", ABOUT, "by title", counts=counts)


def read(world: PaperWorld) -> World:
    return read_world(Services(world.github, world.asana, world.airtable), world.policy, world.now)


@pytest.mark.parametrize(
    ("size", "touched", "is_refused"),
    [(10, 3, False), (10, 4, True), (9, 9, False), (20, 6, False), (20, 7, True), (0, 0, False)],
)
def test_a_plan_is_too_large_above_its_share_of_enough_tasks(
    world: PaperWorld, size: int, touched: int, is_refused: bool
) -> None:
    for changes in ([remove(one) for one in range(touched)], [place(one) for one in range(touched)]):
        unseen = [place(100 + one, counts=False) for one in range(20)]
        found = refusals_of(Plan((*changes, *unseen), mirror_size=size), read(world), world.policy)
        assert [one.flag for one in found] == [ALLOW_MASS_CHANGE] * is_refused


def test_the_flag_of_one_guard_lifts_no_other_and_nothing_lifts_a_missing_field(world: PaperWorld) -> None:
    plan = Plan(tuple(map(remove, range(4))), mirror_size=10)
    seen = read(world)
    check_plan(plan, seen, world.policy, frozenset({ALLOW_MASS_CHANGE}))
    with pytest.raises(GuardRefused, match=f"To go on once: {ALLOW_MASS_CHANGE}"):
        check_plan(plan, seen, world.policy, frozenset({ALLOW_EMPTY}))
    seen = replace(seen, tasks=replace(seen.tasks, drift=(MISSING,)))
    with pytest.raises(GuardRefused, match=r"csh-sync needs number\. Nothing was written\.$"):
        check_plan(Plan(), seen, world.policy, frozenset({ALLOW_MASS_CHANGE, ALLOW_EMPTY, ""}))
    check_plan(Plan(), replace(seen, tasks=replace(seen.tasks, drift=(replace(MISSING, needed=False),))), world.policy)


@pytest.mark.parametrize(("many", "is_refused"), [(9, False), (10, True)])
@pytest.mark.parametrize("what", ["home", "Activity", "issues", "CSH tasks", "allocations"])
def test_a_reading_is_too_empty_when_as_many_as_the_limit_are_named_elsewhere(
    world: PaperWorld, what: str, many: int, is_refused: bool
) -> None:
    for number in range(many):
        world.issue(f"Reef Watch: {number}")
    world.sync()
    seen = read(world)
    assert refusals_of(Plan(), seen, world.policy) == ()
    match what:
        case "home":
            seen = replace(seen, tasks=replace(seen.tasks, home={}))
        case "Activity":
            seen = replace(seen, ledger=replace(seen.ledger, rows={}))
        case "issues":
            seen = replace(seen, issues=IssueSnapshot({}, {}, complete=True))
        case "CSH tasks":
            seen = replace(seen, tasks=replace(seen.tasks, csh_tasks={}))
        case "allocations":
            seen = replace(seen, contracts=replace(seen.contracts, allocations={}))
    assert [one.flag for one in refusals_of(Plan(), seen, world.policy)] == [ALLOW_EMPTY] * is_refused


def test_an_empty_world_is_not_too_empty_and_linked_allocations_need_their_csh_tasks(world: PaperWorld) -> None:
    seen = replace(read(world), tasks=TaskSnapshot(home={}, csh_tasks={}, tree={}))
    assert refusals_of(Plan(), seen, world.policy) == ()
    linked = {one.id: replace(one, asana_gid="77") for one in seen.contracts.allocations.values()}
    seen = replace(seen, contracts=replace(seen.contracts, allocations=linked))
    for minimum, is_refused in ((6, True), (7, False)):
        found = refusals_of(Plan(), seen, replace(world.policy, guard_minimum=minimum))
        assert [one.guard for one in found] == ["empty"] * is_refused
