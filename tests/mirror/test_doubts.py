"""Which plans need more than what is remembered, and which rows of Activity they rest on."""

from datetime import date

import pytest

from sync.mirror.doubts import Doubt, doubt_of, rows_in_doubt
from sync.model.change import (
    About,
    Change,
    CreateTask,
    MakeInitiative,
    PlaceTask,
    Plan,
    RehomeTask,
    RemoveRow,
    RemoveTask,
    RowWrite,
    SealAllocation,
    TaskDraft,
    TaskRef,
    WriteRows,
)
from sync.model.contract import Sealing
from sync.model.initiative import IssueDraft
from sync.model.work import Ledger, Row, StoredRow

ABOUT = About("work")
DRAFT = TaskDraft("work")
REMOVED = RemoveTask("1", ABOUT, "gone")
DETACHED = PlaceTask(TaskRef("1"), None, "", ABOUT, "nobody's")
PLACED = PlaceTask(TaskRef("1"), TaskRef("9"), "", ABOUT, "somebody's")
SEALED = SealAllocation("recA", Sealing(date(2026, 8, 10), {}), ABOUT, "over")
RESTORED = WriteRows("I_1", (RowWrite(None, Row("I_1@recA"), restored=True),), ABOUT, "edited")


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ((), Doubt.NONE),
        ((PLACED, WriteRows("I_1", (RowWrite(None, Row("I_1@recA")),), ABOUT, "new")), Doubt.NONE),
        ((CreateTask("I_1", DRAFT, ABOUT, "new"),), Doubt.HOME),
        ((REMOVED,), Doubt.ROWS),
        ((REMOVED, CreateTask("I_2", DRAFT, ABOUT, "new")), Doubt.ROWS),
        ((DETACHED,), Doubt.ROWS),
        ((RehomeTask("1", DRAFT, ABOUT, "lost"),), Doubt.ROWS),
        ((SEALED,), Doubt.ROWS),
        ((MakeInitiative("recA", IssueDraft("plan", "", ()), (), ABOUT, "next"),), Doubt.ROWS),
        ((RESTORED, REMOVED), Doubt.ALL),
        ((REMOVED, RemoveRow("rec1", "I_1@recA", ABOUT, "twin")), Doubt.ALL),
    ],
)
def test_what_takes_away_is_doubted_most(changes: tuple[Change, ...], doubt: Doubt) -> None:
    assert doubt_of(Plan(changes)) is doubt


LEDGER = Ledger(
    {
        row.key: StoredRow(f"rec of {row.key}", row)
        for row in (
            Row("I_1@recA", task="1", link="recA"),
            Row("I_1@recB", link="recB"),
            Row("I_2@recA", task="2", link="recA"),
            Row("I_3@recB", task="3", link="recA"),
            Row("I_4@unplaced", task="4"),
            Row("I_5@recB", link="recB"),
        )
    },
    twins={"I_1@recB": ("rec of I_1@recB", "rec young"), "I_5@recB": ("rec of I_5@recB", "rec other")},
)


@pytest.mark.parametrize("change", [REMOVED, DETACHED, RehomeTask("1", DRAFT, ABOUT, "lost")])
def test_of_a_task_all_rows_of_its_issue_are_in_doubt_and_their_twins(change: Change) -> None:
    assert rows_in_doubt(Plan((change,)), LEDGER) == {"rec of I_1@recA", "rec of I_1@recB", "rec young"}


def test_of_a_period_the_rows_that_count_in_it_are_in_doubt() -> None:
    assert rows_in_doubt(Plan((SEALED,)), LEDGER) == {"rec of I_1@recA", "rec of I_2@recA", "rec of I_3@recB"}


def test_a_task_that_is_placed_and_one_without_rows_leave_none_in_doubt() -> None:
    assert rows_in_doubt(Plan((PLACED, RemoveTask("77", ABOUT, "a twin"))), LEDGER) == frozenset()
