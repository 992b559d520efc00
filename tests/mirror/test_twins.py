"""Laws of twins (decision D12), without a service."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mirror.identity import Mirror
from sync.mirror.twins import going_twins, told_twins, twin_evidence
from sync.mirror.world import World
from sync.model.contract import Contracts
from sync.model.issue import IssueSnapshot, KnownIssue
from sync.model.work import HumanContent, Ledger, Task, TaskSnapshot

NOW = datetime(2026, 8, 10, 9, 0, tzinfo=UTC)
GIDS = [str(number) for number in range(1000, 1006)]
CONTENT = st.builds(
    HumanContent,
    comments=st.sampled_from([0, 0, 1]),
    attachments=st.sampled_from([0, 0, 1]),
    child_gids=st.lists(st.sampled_from([*GIDS, "7"]), max_size=2).map(tuple),
)


def world_with(content: dict[str, HumanContent], told: set[str]) -> World:
    snapshots = (IssueSnapshot({}), TaskSnapshot({}), Contracts(), Ledger({}))
    world = World(NOW, date(2026, 8, 10), *snapshots)
    return replace(world, human_content=content, told_twins=frozenset(told))


def mirror_of(gids: list[str], minutes: dict[str, int]) -> Mirror:
    tasks = [Task(gid, "task", actual_minutes=minutes.get(gid)) for gid in gids]
    return Mirror(KnownIssue("https://github.com/acme/hub/issues/1", "I_1"), tasks[0], tuple(tasks[1:]))


@given(st.lists(st.sampled_from(GIDS), min_size=1, unique=True), st.lists(st.sampled_from(GIDS), unique=True))
@settings(derandomize=True, max_examples=50, deadline=None)
def test_what_is_told_of_twins_is_read_back(kept: list[str], twins: list[str]) -> None:
    assert told_twins(twin_evidence(kept[0], twins)) == set(twins)


@given(
    st.lists(st.sampled_from(GIDS), min_size=2, unique=True),
    st.dictionaries(st.sampled_from(GIDS), CONTENT),
    st.sets(st.sampled_from(GIDS)),
    st.dictionaries(st.sampled_from(GIDS), st.sampled_from([0, 30])),
)
@settings(derandomize=True, max_examples=200, deadline=None)
def test_only_a_twin_that_was_told_and_carries_nothing_goes(
    gids: list[str], content: dict[str, HumanContent], told: set[str], minutes: dict[str, int]
) -> None:
    going = going_twins([mirror_of(gids, minutes)], world_with(content, told), {gids[0]})
    assert going <= told & set(gids[1:])
    for gid in going:
        assert not content[gid].added
        assert not minutes.get(gid)
        assert set(content[gid].child_gids) <= going | {gids[0]}, "a sub-task that stays would go along"


def test_nothing_goes_after_a_reading_in_part() -> None:
    world = world_with(dict.fromkeys(GIDS, HumanContent()), set(GIDS))
    assert going_twins([mirror_of(GIDS, {})], world, ()) == frozenset(GIDS[1:])
    short = replace(world, tasks=replace(world.tasks, home_complete=False))
    assert going_twins([mirror_of(GIDS, {})], short, ()) == frozenset()
