"""Over real HTTP: several writers leave in the services what one would, within Asana's fifteen writes at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from benchmarks.stage import NO_PACE, Stage
from benchmarks.world import START
from sandbox import Sandbox
from sync import app
from sync.apply import apply_plan
from sync.model.change import CreateTask, PlaceTask, Result, WriteRows
from sync.run import plan_run
from sync.settings import load_settings
from sync.writing.ahead import WORKERS

ISSUES = 20


@pytest.fixture
def sandboxes() -> Iterator[tuple[Sandbox, Sandbox]]:
    with Sandbox(start=START) as one, Sandbox(start=START) as many:
        yield one, many


def mirrored(sandbox: Sandbox, workers: int) -> tuple[Any, list[Any]]:
    """Mirror a small world with so many writers; return what is there then, and what was told."""
    stage = Stage(sandbox)
    stage.issues(ISSUES)
    sandbox.latency = 0.005
    sandbox.asana.enforce_published_limits()
    settings = load_settings(stage.settings() | NO_PACE, None)
    services, policy = app.services(settings, sleep=lambda _seconds: None), app.policy(settings)
    with closing(services):
        plan = plan_run(services, policy, app.moment(settings))[0].plan
        applied = apply_plan(
            plan,
            services.tasks,
            services.ledger,
            home_project=policy.home_project,
            on_outcome=lambda _outcome: None,
            workers=workers,
        )
        assert plan_run(services, policy, app.moment(settings))[0].plan.changes == ()
    told = [(type(one.change), one.change.about.reference, one.result, one.detail) for one in applied.outcomes]
    assert applied.stopped == ""
    return shown(sandbox), told


def shown(sandbox: Sandbox) -> Any:
    """Return tasks and rows by what they are about: gids depend on who was first."""
    state = sandbox.asana.state
    tasks = {task.gid: str(task.values.get(url) or task.name) for task in state.tasks.values() for url in urls(sandbox)}
    names = {gid: name for gid, name in tasks.items() if name}
    shown_tasks = sorted(
        (
            names[task.gid],
            task.name,
            task.rich.html,
            task.completed_at is None,
            names[task.parent.gid] + str(task.parent.due_on) + task.parent.projects[0].name if task.parent else "",
            sorted(map(str, task.values.values())),
            [project.name for project in task.projects],
        )
        for task in state.tasks.values()
    )
    rows = sorted(
        sorted((name, names.get(str(value), str(value))) for name, value in cells.items() if name != "Synced at")
        for cells in sandbox.airtable.rows("Activity").values()
    )
    totals = [
        sorted((name, str(value)) for name, value in cells.items() if name != "As of")
        for cells in sandbox.airtable.rows("Allocations").values()
    ]
    return shown_tasks, rows, totals


def urls(sandbox: Sandbox) -> list[str]:
    return [gid for gid, field in sandbox.asana.state.fields.items() if field.name == "GitHub URL"]


def test_many_writers_leave_what_one_would(sandboxes: tuple[Sandbox, Sandbox]) -> None:
    one, many = sandboxes
    by_one, told_of_one = mirrored(one, 0)
    by_many, told_of_many = mirrored(many, WORKERS)
    assert by_many == by_one
    assert told_of_many == told_of_one
    done = [kind for kind, _, result, _ in told_of_many if result is Result.DONE]
    assert [done.count(kind) for kind in (CreateTask, PlaceTask, WriteRows)] == [ISSUES] * 3
    assert many.log.count(status=429) == 0
    assert many.log.count("asana", is_write=True) == 2 * ISSUES
