"""The benchmarks themselves: the shortcut's mirror is the product's own, edits are seen to arrive, figures are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from benchmarks.figures import Figure, document, table
from benchmarks.stage import NO_PACE, Stage
from benchmarks.world import START
from sandbox import Sandbox
from sync import app
from sync.run import Report, run
from sync.settings import load_settings


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(start=START) as running:
        yield running


def sync(stage: Stage) -> Report:
    settings = load_settings(stage.settings() | NO_PACE, None)
    services = app.services(settings, sleep=lambda _seconds: None)
    with closing(services):
        return run(services, app.policy(settings), app.moment(settings))


def test_a_mirror_made_by_the_shortcut_leaves_nothing_to_write(sandbox: Sandbox) -> None:
    stage = Stage(sandbox)
    stage.issues(20)
    stage.mirror()
    assert sandbox.log.count(is_write=True) == 0
    report = sync(stage)
    assert report.plan.changes == ()
    assert report.plan.mirror_size == 20
    assert all(report.plan.complete.values())


def test_edits_are_told_when_they_are_in_the_mirror_and_not_before(sandbox: Sandbox) -> None:
    stage = Stage(sandbox)
    stage.issues(10)
    stage.mirror()
    for kind in ("issue", "board", "row"):
        stage.edit(kind, 0)
    stage.edit("issue", 0)
    assert (stage.arrived(), stage.waiting()) == ([], 4)
    stage.advance(60)
    mark = stage.mark()
    sync(stage)
    assert len(stage.arrived()) == 4
    assert stage.waiting() == 0
    used = stage.requests(**mark)
    assert used["writes"]["asana"] >= 1
    assert used["points"] >= used["requests"]["github"] > 0
    assert used["limited"] == 0
    json.dumps(used)


FIGURES = (
    Figure("a case", "requests", 12, 12, "a note"),
    Figure("a case", "ratio", 1.234, 1.1),
    Figure("b", "MB", 90.5),
)


def test_figures_say_whether_the_goal_is_reached() -> None:
    assert [one.reached for one in FIGURES] == [True, False, None]
    told = json.loads(document(FIGURES, quick=True))
    assert [one["reached"] for one in told["figures"]] == [True, False, None]
    assert told["quick"] is True
    lines = table(FIGURES).splitlines()
    assert lines[2].split("|")[1:6] == [" a case ", " requests ", " 12       ", " 12      ", " yes     "]
    assert len({len(line) for line in lines}) == 1
