"""What waits for what when several threads write: each pair once in an order that would betray a missing wait."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from sync.model.change import (
    About,
    Change,
    CreateTask,
    Outcome,
    PlaceTask,
    RemoveTask,
    Result,
    TaskDraft,
    TaskRef,
    UpdateTask,
    WriteRows,
    Written,
)
from sync.writing.ahead import Ahead
from sync.writing.attempts import Attempt
from sync.writing.tasks import TaskWrite

DRAFT = TaskDraft("a task", Written("<body></body>"))
ABOUT = About("something")
NEVER = 0.2
"""Seconds in which what must wait would have begun, were it not waiting."""


def make(issue: str) -> CreateTask:
    return CreateTask(issue, DRAFT, ABOUT, "")


def hang(issue: str, above: str) -> PlaceTask:
    return PlaceTask(TaskRef(issue_id=issue), TaskRef(issue_id=above), "", ABOUT, "")


def move(gid: str, above: str) -> PlaceTask:
    return PlaceTask(TaskRef(gid=gid), TaskRef(gid=above), "1", ABOUT, "")


def update(gid: str) -> UpdateTask:
    return UpdateTask(gid, (), DRAFT, ABOUT, "")


def rows(owner: str) -> WriteRows:
    return WriteRows(owner, (), ABOUT, "")


class Stage:
    """Carries out changes; *slow* lasts until *other* began, and when that waits as it should, a little while."""

    def __init__(self, slow: Change, other: Change) -> None:
        self._slow = slow
        self._other = other
        self._other_began = threading.Event()
        self.overtaken = False

    def __call__(self, change: TaskWrite) -> Attempt:
        if change is self._other:
            self._other_began.set()
        if change is self._slow:
            self.overtaken = self._other_began.wait(NEVER)
        return Attempt(Outcome(change, Result.DONE))


def overtaken(changes: list[Change], slow: int, other: int) -> bool:
    """Tell whether the change at *other* began while the one at *slow* was under way."""
    stage = Stage(changes[slow], changes[other])
    with closing(Ahead(changes, stage, workers=4)) as ahead:
        for begun, change in enumerate(changes):
            ahead.feed(begun)
            if isinstance(change, TaskWrite):
                done = ahead.take(change)
                assert done is not None
                assert done.outcome.change is change
    return stage.overtaken


@pytest.mark.parametrize(
    ("changes", "slow", "other"),
    [
        ([make("a"), hang("a", "csh"), make("b"), hang("b", "a")], 0, 3),
        ([make("a"), hang("a", "csh"), make("b"), hang("b", "a")], 1, 3),
        ([make("a"), hang("a", "csh"), rows("a"), make("b"), hang("b", "a")], 1, 4),
        ([make("a"), hang("a", "csh"), move("7", "8")], 1, 2),
        ([move("7", "8"), make("a"), hang("a", "csh")], 0, 2),
        ([move("7", "8"), move("9", "10")], 0, 1),
        ([move("7", "8"), move("9", "10"), make("a"), hang("a", "csh")], 1, 3),
        ([update("7"), update("8"), move("7", "8")], 0, 2),
    ],
)
def test_what_must_wait_is_not_begun(changes: list[Change], slow: int, other: int) -> None:
    assert not overtaken(changes, slow, other)


@pytest.mark.parametrize(
    ("changes", "slow", "other"),
    [
        ([make("a"), make("b")], 0, 1),
        ([make("a"), hang("a", "csh"), rows("a"), make("b"), hang("b", "csh")], 1, 4),
        ([move("7", "8"), make("a")], 0, 1),
        ([update("7"), update("8")], 0, 1),
    ],
)
def test_what_need_not_wait_is_begun_at_once(changes: list[Change], slow: int, other: int) -> None:
    assert overtaken(changes, slow, other)


def test_what_comes_behind_a_removal_waits_until_the_run_is_there() -> None:
    changes: list[Change] = [update("7"), RemoveTask("8", ABOUT, ""), update("9")]
    assert not overtaken(changes, 0, 2)


def test_no_more_tasks_are_made_than_may_be() -> None:
    changes: list[Change] = [make(str(number)) for number in range(20)]
    begun: list[Change] = []

    def carry_out(change: TaskWrite) -> Attempt:
        begun.append(change)
        return Attempt(Outcome(change, Result.DONE))

    with closing(Ahead(changes, carry_out, workers=4)) as ahead:
        ahead.feed(0, most_made=3)
        assert [ahead.take(change) is not None for change in changes[:3] if isinstance(change, CreateTask)] == [
            True
        ] * 3
        assert begun == changes[:3]
