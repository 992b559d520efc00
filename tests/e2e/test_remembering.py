"""Runs that remember what the services answered: cheap when nothing moved, and never wrong for it."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.core.faults import Person, Status
from sync.errors import ExitCode
from tests.e2e.organisation import START, Organisation

QUIET = 12
ONE_CHANGE = 16


class Remembered:
    """An organisation whose runs keep what they read."""

    def __init__(self, org: Organisation, state: Path) -> None:
        self.org = org
        self.state = state
        reef = {"Community": "Reef Watch", "End_date": "2026-08-05"}
        self.upgrade = org.issue("Upgrade the hub", hours=2, **reef)
        self.outage = org.issue("Outage", hours=1, Community="Glacier Commons", End_date="2026-08-06")
        self.child = org.issue("Write it up", hours=0.5, labels=(), parent=self.outage, End_date="2026-08-06")
        self.unrelated = org.issue("Unrelated", labels=())
        self.run()
        self.run()

    def run(self, *, full: bool = False, minutes: float = 15) -> tuple[Any, list[Any]]:
        self.org.sandbox.clock.advance(minutes=minutes)
        return self.org.remembering_sync(self.state, full=full)


@pytest.fixture
def world(org: Organisation, tmp_path: Path) -> Remembered:
    return Remembered(org, tmp_path / "state.sqlite")


def is_settled(world: Remembered) -> bool:
    """Tell whether a run that believes nothing has nothing to do."""
    return not world.org.writes_of()


def test_a_quiet_run_asks_little_and_writes_its_heartbeat_alone(world: Remembered) -> None:
    report, requests = world.run()
    assert not report.plan.changes
    assert report.plan.nothing_moved
    assert len(requests) <= QUIET
    assert [one.service for one in requests if one.is_write] == ["airtable"]


def test_a_comment_moves_nothing(world: Remembered) -> None:
    world.org.github.comment(world.upgrade, "Thanks!")
    report, requests = world.run()
    assert not report.plan.changes
    assert len(requests) <= QUIET + 1


def test_an_issue_of_nobody_moves_nothing(world: Remembered) -> None:
    world.org.github.edit(world.unrelated, body="More.")
    report, requests = world.run()
    assert not report.plan.changes
    assert len(requests) <= QUIET + 1


def test_one_change_is_mirrored_with_few_requests(world: Remembered) -> None:
    world.org.github.edit(world.upgrade, title="Upgrade the hub to 4.2")
    report, requests = world.run()
    assert len(requests) <= ONE_CHANGE, Counter(one.service for one in requests)
    assert report.exit_code == 0
    assert world.org.task(world.upgrade).name.endswith("Upgrade the hub to 4.2")
    assert is_settled(world)


def test_hours_on_the_board_are_mirrored_with_few_requests(world: Remembered) -> None:
    world.org.log_hours(world.upgrade, 3)
    report, requests = world.run()
    looked = [one for one in requests if one.operation == "BoardRows"]
    assert len(requests) - len(looked) <= ONE_CHANGE + 1  # with the totals of the allocation
    assert report.exit_code == 0
    assert world.org.allocation(world.org.reef, "Q3")["Hours used"] == 3
    assert is_settled(world)


def asked(requests: list[Any], service: str) -> list[Any]:
    return [one for one in requests if one.service == service]


def test_right_after_a_run_that_wrote_little_is_asked(world: Remembered) -> None:
    world.org.log_hours(world.upgrade, 3)
    world.run()
    report, requests = world.run()
    assert not report.plan.changes
    assert len(requests) <= QUIET
    # What was written came back with the answers: allocations, one other table in its turn, and the heartbeat.
    assert len(asked(requests, "airtable")) <= 3


def test_what_no_look_shows_is_asked_for_in_turns_and_quiet_runs_stay_small(world: Remembered) -> None:
    seen = set()
    for _ in range(6):
        report, requests = world.run()
        assert report.plan.nothing_moved
        assert len(requests) <= QUIET
        seen |= {(one.service, one.operation or one.path) for one in requests}
    org = world.org
    tables = {org.airtable.base.table(name).id for name in ("Communities", "Engagements", "Projects", "Activity")}  # type: ignore[union-attr]
    assert all(any(table in path for _, path in seen) for table in tables)
    assert ("github", "BoardRows") in seen
    assert ("asana", f"/portfolios/{org.portfolio.gid}/items") in seen
    assert any(path.endswith("/users") for service, path in seen if service == "asana")


def test_what_moved_shortly_before_it_was_read_is_not_read_again(org: Organisation, tmp_path: Path) -> None:
    world = Remembered.__new__(Remembered)
    world.org, world.state = org, tmp_path / "state.sqlite"
    for number in range(12):
        org.issue(f"Reef Watch: {number}")
    world.run(minutes=1)
    for _ in range(3):
        _, requests = world.run(minutes=1)
        assert {one.operation for one in asked(requests, "github")} <= {"Movements", "ChangedIssues"}
    (home,) = (one for one in asked(requests, "asana") if "modified_since" in one.query)
    newest = max(task.modified_at for task in org.asana.tasks_in(org.home))
    assert datetime.fromisoformat(home.query["modified_since"]) > newest


def relabelled(world: Remembered) -> None:
    world.org.github.label(world.unrelated, "CSH")


def unlabelled(world: Remembered) -> None:
    world.org.github.unlabel(world.upgrade, "CSH")


def not_planned(world: Remembered) -> None:
    world.org.github.close(world.upgrade, "not_planned")


def done(world: Remembered) -> None:
    world.org.github.close(world.child)


def grown(world: Remembered) -> None:
    world.org.issue("Tell people", labels=(), parent=world.outage, hours=1)


def new_grandchild(world: Remembered) -> None:
    child = world.org.issue("Tell people", labels=(), parent=world.child)
    world.org.issue("Tell all people", labels=(), parent=child)


def renamed_by_hand(world: Remembered) -> None:
    world.org.asana.rename_task(world.org.task(world.outage), "Something else")


def completed_by_hand(world: Remembered) -> None:
    world.org.asana.complete_task(world.org.task(world.outage), True)


def another_cap(world: Remembered) -> None:
    world.org.airtable.edit_cell("Allocations", world.org.reef.allocations["Q3"], "Hours available", 20)


def edited_row(world: Remembered) -> None:
    row = next(iter(world.org.airtable.find("Activity", {"Title": "Upgrade the hub"})))
    world.org.airtable.edit_cell("Activity", row, "Hours", 7)


def another_alias(world: Remembered) -> None:
    world.org.airtable.edit_cell("Communities", world.org.reef.record, "Aliases", "Reefs")


def new_project(world: Remembered) -> None:
    world.org.add_community("Tundra Lab", "TL", 103)
    world.org.issue("Set up", hours=1, Community="Tundra Lab", End_date="2026-08-05")


def new_repository(world: Remembered) -> None:
    world.org.github.add_repository("new", labels=["CSH"])
    world.org.issue("Set up", repository="new", hours=1, Community="Reef Watch", End_date="2026-08-05")


def transferred(world: Remembered) -> None:
    world.org.github.transfer(world.upgrade, "docs")


def deleted_issue(world: Remembered) -> None:
    world.org.github.delete_issue(world.upgrade)


def column_deleted(world: Remembered) -> None:
    world.org.github.delete_field(world.org.board, "GitHub Hours")


def another_day(world: Remembered) -> None:
    world.org.days_pass(1)
    world.org.asana.add_task("By hand", parent=world.org.reef.csh["Q3"], completed=True)


SEEN: tuple[Callable[[Remembered], None], ...] = (
    relabelled,
    unlabelled,
    not_planned,
    done,
    grown,
    new_grandchild,
    renamed_by_hand,
    completed_by_hand,
    another_cap,
    another_alias,
    new_project,
    new_repository,
    transferred,
    deleted_issue,
    column_deleted,
    another_day,
)


@pytest.mark.parametrize("acts", [SEEN[::2], SEEN[1::2]], ids=["some", "others"])
def test_the_next_run_sees_what_people_did(world: Remembered, acts: tuple[Callable[[Remembered], None], ...]) -> None:
    for act in acts:
        act(world)
        report, _ = world.run()
        assert report.exit_code == 0, act
        assert is_settled(world), act


def adopted_child(world: Remembered) -> None:
    world.org.github.add_sub_issue(world.outage, world.unrelated)


def released_child(world: Remembered) -> None:
    world.org.github.remove_sub_issue(world.outage, world.child)


def hand_made_time(world: Remembered) -> None:
    task = world.org.asana.add_task("By hand", parent=world.org.reef.csh["Q3"])
    world.org.asana.log_minutes(task, 90, START.date())


def silently_retitled(world: Remembered) -> None:
    world.org.github.options.touching = frozenset()  # whether a new title moves the issue's mark is not confirmed
    world.org.github.edit(world.upgrade, title="Upgrade the hub to 4.2")


UNSEEN: tuple[Callable[[Remembered], None], ...] = (
    adopted_child,
    released_child,
    hand_made_time,
    silently_retitled,
    edited_row,
)


@pytest.mark.parametrize("act", UNSEEN, ids=lambda act: act.__name__)
def test_what_no_look_shows_is_seen_within_an_hour_and_a_half(
    world: Remembered, act: Callable[[Remembered], None]
) -> None:
    act(world)
    for _ in range(2):
        report, _ = world.run(minutes=45)
        assert report.exit_code == 0
    assert is_settled(world)


def test_a_full_run_sees_all_of_it_at_once(world: Remembered) -> None:
    for act in UNSEEN:
        act(world)
    world.run(full=True)
    assert is_settled(world)


def lost(state: Path) -> None:
    state.unlink()


def cut(state: Path) -> None:
    state.write_bytes(state.read_bytes()[: state.stat().st_size // 2])


def garbled(state: Path) -> None:
    content = bytearray(state.read_bytes())
    for place in range(4096, len(content), 97):
        content[place] ^= 0x55
    state.write_bytes(bytes(content))


def emptied(state: Path) -> None:
    state.write_bytes(b"")


@pytest.mark.parametrize("spoil", [lost, cut, garbled, emptied], ids=lambda spoil: spoil.__name__)
def test_a_spoilt_memory_costs_one_full_reading(world: Remembered, spoil: Callable[[Path], None]) -> None:
    world.org.github.edit(world.upgrade, title="Upgrade it all")
    spoil(world.state)
    report, _ = world.run()
    assert report.exit_code == 0
    assert is_settled(world)
    assert len(world.org.tasks()) == 3


def test_an_older_memory_makes_no_twin_and_takes_nothing_away(world: Remembered) -> None:
    older = world.state.read_bytes()
    made = world.org.issue("Made meanwhile", hours=1, Community="Reef Watch", End_date="2026-08-07")
    world.org.github.close(world.upgrade, "not_planned")
    world.run()
    world.org.github.reopen(world.upgrade)
    world.run()
    world.state.write_bytes(older)
    for _ in range(2):
        report, _ = world.run()
        assert report.exit_code == 0
    assert world.org.has_task(made)
    assert world.org.has_task(world.upgrade)
    assert is_settled(world)


def test_a_task_put_into_the_home_project_by_hand_is_found_before_one_is_made(world: Remembered) -> None:
    org = world.org
    issue = org.issue("Adopted", hours=1, Community="Reef Watch", End_date="2026-08-07", labels=())
    by_hand = org.asana.add_task("Adopted", parent=org.reef.csh["Q3"], notes="By hand")
    org.asana.options.project_change_touches = False
    world.run()
    org.asana.move_task(by_hand, project=org.home)
    org.asana.edit_field(by_hand, org.url_field, org.url(issue))
    by_hand.modified_at = org.sandbox.clock.now().replace(year=2025)
    org.github.label(issue, "CSH")
    world.run()
    assert org.task(issue) is by_hand


def test_a_reading_with_gaps_is_not_followed_by_what_was_remembered_before_it(world: Remembered) -> None:
    org = world.org
    org.log_hours(world.upgrade, 3)
    org.sync()  # elsewhere, by a run that does not remember
    org.days_pass(1)
    org.github.edit(world.outage, title="Outage of the hub")
    org.sandbox.faults.add(Status(500), service="github", operation="LabelledIssues")
    report, _ = world.run()
    assert report.exit_code == ExitCode.UNREADABLE
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.task(world.outage).name.endswith("Outage of the hub")


def test_a_task_that_a_run_moved_is_known_where_it_hangs_now(world: Remembered) -> None:
    org = world.org
    org.github.set_board(world.upgrade, org.board, {"Community": "Glacier Commons"})
    world.run()
    task = org.task(world.upgrade)
    assert task.parent is org.glacier.csh["Q3"]
    task.modified_at = org.sandbox.clock.now().replace(year=2025)  # a new place need not show as a modification
    _, requests = world.run()
    assert not [one for one in requests if one.operation == "LabelledIssues"], "everything was read again"
    assert is_settled(world)


def test_what_changes_again_and_again_is_written_each_time(world: Remembered) -> None:
    for number in range(1, 4):
        world.org.github.edit(world.upgrade, title=f"Upgrade {number}")
        world.run()
        assert world.org.task(world.upgrade).name == f"Upgrade {number}"


READ_ALL = "read GitHub, Asana and Airtable"


def test_under_the_lease_only_what_moved_is_read_and_planned_again(world: Remembered) -> None:
    steps: list[str] = []
    world.org.github.edit(world.upgrade, title="Upgrade the hub to 4.2")
    world.org.remembering_sync(world.state, on_step=steps.append)
    assert [steps.count(one) for one in (READ_ALL, "plan")] == [1, 1]


def test_what_moves_before_the_lease_is_taken_is_read_and_planned_on(world: Remembered) -> None:
    steps: list[str] = []
    task = world.org.task(world.outage)

    def hear(step: str) -> None:
        steps.append(step)
        if step == "take the lease":
            world.org.asana.rename_task(task, "Something else")

    world.org.github.edit(world.upgrade, title="Upgrade the hub to 4.2")
    report, _ = world.org.remembering_sync(world.state, on_step=hear)
    assert [steps.count(one) for one in (READ_ALL, "plan")] == [2, 2]
    assert len(report.outcomes) == len(report.plan.changes)
    assert task.name.endswith("Outage")
    assert is_settled(world)


def test_an_issue_that_is_transferred_while_others_are_opened_keeps_its_task(world: Remembered) -> None:
    task = world.org.task(world.upgrade)
    world.org.github.transfer(world.upgrade, "docs")
    world.org.issue("Another one", labels=())  # its repository has as many issues as before
    world.run()
    assert world.org.task(world.upgrade) is task
    assert len(world.org.asana.tasks_in(world.org.home)) == 3
    assert is_settled(world)


def test_an_issue_that_another_run_mirrors_anew_before_the_lease_is_taken_gets_no_second_task(
    world: Remembered,
) -> None:
    task = world.org.task(world.upgrade)

    def hear(step: str) -> None:
        if step == "take the lease":
            world.org.github.transfer(world.upgrade, "docs")
            world.org.sync()  # on another machine, which knows more of GitHub then

    world.org.github.edit(world.outage, title="Outage of the hub")
    world.org.remembering_sync(world.state, full=True, on_step=hear)
    assert world.org.task(world.upgrade) is task
    assert len(world.org.asana.tasks_in(world.org.home)) == 3
    assert is_settled(world)


def test_what_somebody_adds_right_before_a_removal_keeps_the_task(world: Remembered) -> None:
    task = world.org.task(world.upgrade)
    world.org.github.close(world.upgrade, "not_planned")
    add = Person(lambda: world.org.asana.comment_on(task, "we talked"))
    fault = world.org.sandbox.faults.add(add, path=rf"^/tasks/{task.gid}\?.*html_notes", service="asana", times=1)
    world.run()
    assert fault.hits == 1
    assert world.org.task(world.upgrade) is task


def test_a_task_that_is_gone_when_it_is_asked_for_again_ends_no_run(world: Remembered) -> None:
    org = world.org
    org.github.label(world.child, "CSH")
    org.github.set_board(world.child, org.board, {"Community": "Reef Watch"})
    org.github.remove_sub_issue(world.outage, world.child)
    world.run(full=True)
    assert org.task(world.child).parent is org.reef.csh["Q3"]
    org.asana.delete_task(org.task(world.outage))
    report, _ = world.run()
    assert report.exit_code == 0


def near_cap(world: Remembered) -> Any:
    (found,) = (one for one in world.org.airtable.rows("Alerts").values() if one.get("Kind") == "near_cap")
    return found


def alerts_asked(world: Remembered, requests: list[Any]) -> int:
    table = world.org.airtable.base.table("Alerts")
    assert table is not None
    return sum(table.id in one.path for one in requests)


def test_rows_of_alerts_are_left_alone_where_only_their_words_change_and_follow_within_hours(world: Remembered) -> None:
    world.org.log_hours(world.upgrade, 7)
    world.run()
    assert "7 of 8 h used" in near_cap(world)["Evidence"]
    told = len(world.org.sandbox.slack.posts)
    world.org.log_hours(world.upgrade, 7.2)
    _, requests = world.run()
    assert world.org.allocation(world.org.reef, "Q3")["Hours used"] == 7.2
    assert alerts_asked(world, requests) == 0
    assert "7 of 8 h used" in near_cap(world)["Evidence"]
    for _ in range(10):
        _, requests = world.run()
        assert alerts_asked(world, requests) == 0
    for _ in range(2):
        world.run()
    assert "7.2 of 8 h used" in near_cap(world)["Evidence"]
    assert len(world.org.sandbox.slack.posts) == told


def test_another_level_and_another_cap_are_told_at_once(world: Remembered) -> None:
    world.org.log_hours(world.upgrade, 7)
    world.run()
    told = len(world.org.sandbox.slack.posts)
    world.org.airtable.edit_cell("Allocations", world.org.reef.allocations["Q3"], "Hours available", 8.5)
    world.run()
    assert len(world.org.sandbox.slack.posts) == told + 1
    world.org.log_hours(world.upgrade, 9)
    world.run()
    assert len(world.org.sandbox.slack.posts) > told + 1


def test_news_that_could_not_be_told_is_told_by_the_next_run(world: Remembered) -> None:
    told = len(world.org.sandbox.slack.posts)
    world.org.log_hours(world.upgrade, 7)
    world.org.sandbox.faults.add(Status(500), service="slack")
    world.run()
    assert len(world.org.sandbox.slack.posts) == told
    world.org.sandbox.faults.clear()
    world.run()
    assert len(world.org.sandbox.slack.posts) == told + 1
