"""A world for every kind of finding in which exactly that one is right: broken so, mended as the remedy says, and near.

The worlds stand in worlds_of_work.py and worlds_of_records.py. Those of `ELSEWHERE` need another edge.
"""

from datetime import date

import pytest

from sync.findings.kinds import KINDS
from tests.findings import worlds_of_records, worlds_of_work
from tests.findings.answers import WORLDS, found
from tests.findings.healthy import closed, healthy_world

ELSEWHERE = frozenset({"hours_absurd", "new_kind_of_work"})
"""Kinds that other tests bring about: an absurd number is decoded at the edge, a new kind needs a whole contract."""
NOTED = (worlds_of_work, worlds_of_records)
"""Modules that note their worlds in `WORLDS` as they are imported."""


@pytest.mark.parametrize("name", WORLDS)
def test_exactly_what_is_right_is_told(name: str) -> None:
    world = healthy_world()
    closed(world, "[Reef Watch] Spring cleaning", date(2026, 6, 10), 3)
    world.sync()
    assert found(world) == ()
    expected: list[set[str]] = []
    for right in WORLDS[name](world):
        expected.append(set(right.split()))
        told = found(world)
        assert {one.kind for one in told} == expected[-1], f"step {len(expected)}"
        for one in told:
            assert one.subject
            assert one.evidence.endswith((".", "?"))
            assert one.remedy.endswith(".") or one.url in one.remedy
    assert set(name.partition(":")[0].split()) <= set().union(*expected), "the world never shows what it is about"
    assert not expected[-1], "the world is left broken"


def test_every_kind_has_its_world() -> None:
    known = {kind for name in WORLDS for kind in name.partition(":")[0].split()}
    assert known | ELSEWHERE == {kind.name for kind in KINDS}
