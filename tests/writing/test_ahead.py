"""Several writes at a time end as one after the other would: in the services, and in what is told, and its order."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.apply import apply_plan
from sync.errors import Denied, LeaseLost, OutcomeUnknown, Rejected
from sync.model.change import Applied, CreateTask, PlaceTask, Result, TaskDraft, WriteRows
from sync.model.issue import Closing
from sync.model.work import Task
from sync.run import plan_run
from sync.services import Services
from sync.writing.ahead import WINDOW, WORKERS
from tests.mirror.paper import HOME, Killed, PaperIssue, PaperWorld, no_writer_left
from tests.mirror.paper import Trouble as Write

COMMUNITIES = ("Reef Watch", "Glacier Commons", "Nobody")
ENDS = (None, date(2026, 5, 5), date(2026, 8, 1), date(2026, 11, 1))


@contextmanager
def eager_threads() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@dataclass(frozen=True)
class Story:
    """How an issue begins, and what becomes of it after the first mirror; places are those of other issues."""

    community: str
    hours: int
    end: date | None
    parent: int
    change: str
    next_parent: int
    trouble: str


STORIES = st.lists(
    st.builds(
        Story,
        st.sampled_from(COMMUNITIES),
        st.integers(0, 4),
        st.sampled_from(ENDS),
        st.integers(0, 12),
        st.sampled_from(("", "", "rename", "move", "move", "hours", "not planned", "deleted by hand", "end")),
        st.integers(0, 12),
        st.sampled_from(("", "", "", "", "", "refused", "unknown", "place refused", "rows refused", "bug")),
    ),
    max_size=12,
)


class Trouble:
    """Asana and Airtable that fail for single issues, by their name: the same however many write."""

    def __init__(self, world: PaperWorld, stories: list[Story]) -> None:
        self._asana = world.asana
        self.troubles = {f"({number})": story.trouble for number, story in enumerate(stories)}
        write = world.airtable.write_rows

        def write_rows(writes: Any) -> None:
            if any(self._of(one.after.title) == "rows refused" for one in writes):
                raise Rejected("Airtable", "write Activity", "no")
            write(writes)

        world.airtable.write_rows = write_rows  # type: ignore[method-assign]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asana, name)

    def _of(self, name: str) -> str:
        return next((what for mark, what in self.troubles.items() if mark in name), "")

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        match self._of(draft.name):
            case "refused":
                raise Rejected("Asana", "create", "no")
            case "bug":
                raise KeyError("what")
        made = self._asana.create(draft)
        if self._of(draft.name) == "unknown":
            raise OutcomeUnknown("Asana", "create", "?")
        return made

    def place(self, gid: str, parent_gid: str) -> Task:
        if self._of(self._asana.tasks[gid].name) == "place refused":
            raise Rejected("Asana", "place", "no")
        return self._asana.place(gid, parent_gid)


def told(world: PaperWorld, stories: list[Story], workers: int) -> tuple[PaperWorld, list[Applied]]:
    """Live through *stories*: a first mirror, what people do, another run; with so many writers."""
    issues: list[PaperIssue] = []
    for number, story in enumerate(stories):
        parent = issues[story.parent] if story.parent < len(issues) else None
        title = f"{story.community}: work ({number})"
        issues.append(world.issue(title, hours=story.hours, end=story.end, parent=parent, labelled=parent is None))
    tasks = Trouble(world, stories)
    applied = [sync(world, tasks, workers)]
    for number, (issue, story) in enumerate(zip(issues, stories, strict=True)):
        live(world, issues, number, issue, story)
    applied.append(sync(world, tasks, workers))
    applied.append(sync(world, tasks, workers))
    return world, applied


def live(world: PaperWorld, issues: list[PaperIssue], number: int, issue: PaperIssue, story: Story) -> None:
    match story.change:
        case "rename":
            issue.title += " again"
        case "hours":
            issue.hours = (issue.hours or 0) + 1
        case "end":
            issue.end = date(2026, 10, 2)
        case "move":
            wanted = issues[story.next_parent] if story.next_parent < len(issues) else None
            if not is_below(wanted, issue):
                issue.parent, issue.labelled = wanted, wanted is None
        case "not planned":
            issue.closing, issue.closed_at = Closing.NOT_PLANNED, world.now
        case "deleted by hand":
            for task in world.tasks_of(issue):
                world.asana.delete(task.gid)


def is_below(one: PaperIssue | None, other: PaperIssue) -> bool:
    while one is not None:
        if one is other:
            return True
        one = one.parent
    return False


def sync(world: PaperWorld, tasks: Any, workers: int, interrupted: Callable[[], bool] = lambda: False) -> Applied:
    """Plan and apply once."""
    assessment, _ = plan_run(Services(world.github, tasks, world.airtable), world.policy, world.now)
    outcomes: list[Any] = []
    with no_writer_left():
        applied = apply_plan(
            assessment.plan,
            tasks,
            world.airtable,
            home_project=HOME,
            on_outcome=outcomes.append,
            interrupted=interrupted,
            workers=workers,
        )
    assert tuple(outcomes) == applied.outcomes
    assert sorted(map(id, assessment.plan.changes)) == sorted(id(one.change) for one in applied.outcomes)
    return applied


def names(world: PaperWorld) -> Callable[[str], str]:
    """Return what tells a task by its name: gids depend on who was first."""
    return lambda gid: world.asana.tasks[gid].name if gid in world.asana.tasks else bool(gid) * "gone"


def shown(world: PaperWorld) -> Any:
    """Return everything in both services, without ids that depend on the order of writing."""
    name = names(world)
    tasks = sorted(
        repr(replace(task, gid="", parent_gid=name(task.parent_gid), permalink=""))
        for task in world.asana.tasks.values()
    )
    rows = [
        replace(row, task=name(row.task), placed_under=name(row.placed_under))
        for row in sorted(world.airtable.records.values(), key=lambda row: row.key)
    ]
    return tasks, rows, world.airtable.contracts


def words(world: PaperWorld, applied: Applied) -> list[Any]:
    return [
        (type(one.change).__name__, one.change.about.subject, one.result, one.detail, names(world)(one.gid))
        for one in applied.outcomes
    ]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(STORIES)
def test_many_writers_end_as_one_would(stories: list[Story]) -> None:
    with eager_threads():
        one, told_by_one = told(PaperWorld(), stories, workers=0)
        many, told_by_many = told(PaperWorld(), stories, workers=WORKERS)
    assert shown(many) == shown(one)
    assert [words(many, each) for each in told_by_many] == [words(one, each) for each in told_by_one]


# Stopping.


class Watching:
    """Asana on paper that lets something happen at a create, and knows how many were under way and begun."""

    def __init__(self, world: PaperWorld, at: int, happens: Callable[[], object]) -> None:
        self._asana = world.asana
        self._at = at
        self._happens = happens
        self._lock = threading.Lock()
        self.created = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asana, name)

    def create(self, draft: TaskDraft) -> tuple[Task, str]:
        with self._lock:
            self.created += 1
            happens = self.created == self._at
        if happens:
            self._happens()
        return self._asana.create(draft)


def raising(error: BaseException) -> Callable[[], object]:
    def happens() -> object:
        raise error

    return happens


def many_issues(world: PaperWorld, count: int = 120) -> list[PaperIssue]:
    return [world.issue(f"Reef Watch: {number}", hours=1) for number in range(count)]


@pytest.mark.parametrize("error", [Denied("Asana", "x", "no"), LeaseLost("lapsed")], ids=str)
def test_a_stop_begins_nothing_more_and_tells_what_was_under_way(error: Exception) -> None:
    world = PaperWorld()
    many_issues(world)
    tasks = Watching(world, 30, raising(error))
    applied = sync(world, tasks, WORKERS)
    results = [one.result for one in applied.outcomes if isinstance(one.change, CreateTask)]
    assert applied.stopped == str(error)
    assert results.count(Result.FAILED) == 1
    assert results.count(Result.DONE) == len(world.asana.home()) == tasks.created - 1
    assert tasks.created <= 30 + WORKERS
    assert results.count(Result.SKIPPED) == 120 - tasks.created
    assert world.reef.csh["Q3"] not in {one.gid for one in applied.outcomes}


def test_an_interruption_finishes_what_is_under_way_and_writes_its_rows() -> None:
    world = PaperWorld()
    issues = many_issues(world)
    asked = threading.Event()
    tasks = Watching(world, 30, asked.set)
    applied = sync(world, tasks, WORKERS, interrupted=asked.is_set)
    made = [one for one in issues if world.tasks_of(one)]
    assert 30 <= len(made) <= 30 + WINDOW
    assert [bool(world.rows(one)) for one in issues] == [one in made for one in issues]
    done = {one.change.issue_id for one in applied.outcomes if isinstance(one.change, CreateTask) and one.gid}
    assert done == {one.id for one in made}
    sync(world, world.asana, WORKERS)
    assert len(world.asana.home()) == 120
    assert world.quiet() == []


def test_a_kill_leaves_few_tasks_without_rows_and_none_before_the_first_rows() -> None:
    for at in (5, 9, 30, 70):
        world = PaperWorld()
        many_issues(world)
        with pytest.raises(Killed):
            sync(world, Watching(world, at, dead(world)), WORKERS)
        orphans = len(world.asana.home()) - len(world.airtable.records)
        assert orphans <= (WINDOW if world.airtable.records else 8)
        world.writes.trouble = None
        sync(world, world.asana, WORKERS)
        assert len(world.asana.home()) == len(world.airtable.records) == 120
        assert world.quiet() == []


def dead(world: PaperWorld) -> Callable[[], object]:
    def dies() -> object:
        world.writes.trouble = Write(0, "killed")
        raise Killed

    return dies


def test_no_thread_is_left() -> None:
    world = PaperWorld()
    many_issues(world, 20)
    sync(world, world.asana, WORKERS)  # waits for them
    assert [one.name for one in threading.enumerate() if one.name.startswith("writer")] == []


def test_children_are_placed_after_their_parents_and_rows_come_after_tasks() -> None:
    world = PaperWorld()
    above: PaperIssue | None = None
    for number in range(40):
        above = world.issue(f"Reef Watch: {number}", hours=1, parent=above if number % 4 else None)
    applied = sync(world, world.asana, WORKERS)
    assert {one.result for one in applied.outcomes} == {Result.DONE}
    order = [one.change for one in applied.outcomes]
    for change in order:
        if isinstance(change, PlaceTask | WriteRows):
            owner = change.task.issue_id if isinstance(change, PlaceTask) else change.owner
            made = next(
                place for place, one in enumerate(order) if isinstance(one, CreateTask) and one.issue_id == owner
            )
            assert made < order.index(change)
    assert world.quiet() == []
