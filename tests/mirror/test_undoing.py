"""The way back of a run, planned on paper: what no service can be brought to show."""

import pytest

from sync.mirror.undoing import plan_undoing
from sync.model.change import About, LeaveHome, Outcome, RehomeTask, Result, TaskDraft
from sync.model.undoing import Present
from sync.model.work import Task

ABOUT = About("Reef Watch: fix")
HOME = "77"


@pytest.mark.parametrize(
    ("was_home", "leaves", "stays"),
    [(False, ["12"], []), (True, [], ["fields were missing on it; they stay"])],
    ids=["put back", "was there"],
)
def test_only_a_task_that_had_left_the_home_project_leaves_it_again(
    was_home: bool, leaves: list[str], stays: list[str]
) -> None:
    change = RehomeTask("12", TaskDraft("Reef Watch: fix"), ABOUT, "", was_home)
    task = Task("12", "Reef Watch: fix", project_gids=frozenset({HOME}))
    page = plan_undoing([Outcome(change, Result.DONE, gid="12")], Present(tasks={"12": task}), HOME)
    assert [one.gid for one in page.plan.changes if isinstance(one, LeaveHome)] == leaves
    assert len(page.plan.changes) == len(leaves)
    assert [one.why for one in page.not_undone] == stays
