"""Carrying out a plan: one bad item stops nothing else, nothing of a person's is overwritten unseen, all is told."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sync.apply import apply_plan
from sync.errors import Denied, ExitCode, LimitReached, OutcomeUnknown, Rejected, Transient
from sync.model.change import (
    About,
    Change,
    CreateTask,
    DeleteRows,
    Outcome,
    PlaceTask,
    Plan,
    RemoveTask,
    Result,
    SealAllocation,
    UpdateTask,
    WriteRows,
    WriteTotals,
)
from sync.model.contract import Totals
from sync.model.issue import Closing
from sync.model.work import HumanContent, Task, TaskFields
from sync.run import Report
from sync.writing.ahead import WINDOW
from tests.mirror.paper import HOME, Killed, PaperIssue, PaperWorld, Trouble


@pytest.fixture
def world() -> PaperWorld:
    return PaperWorld()


def mirrored(world: PaperWorld, title: str = "Reef Watch: fix", **values: Any) -> tuple[PaperIssue, str]:
    issue = world.issue(title, **values)
    world.sync()
    return issue, world.task(issue).gid


def refuse(world: PaperWorld, error: Exception, fits: Callable[[str], bool]) -> None:
    """Let every write whose name *fits* raise *error*."""
    send = world.writes.send

    def sending(what: str, work: Callable[[], Any], **more: Any) -> Any:
        if fits(what):
            world.writes.sent.append(what)
            raise error
        return send(what, work, **more)

    world.writes.send = sending  # type: ignore[method-assign]


def results(report: Report, kind: type) -> list[Result]:
    return [one.result for one in report.outcomes if isinstance(one.change, kind)]


def told_completely(report: Report) -> bool:
    """Tell whether every change of the plan has exactly one outcome."""
    return sorted(map(repr, report.plan.changes)) == sorted(repr(one.change) for one in report.outcomes)


# A person acts between the plan and the write.


def test_a_task_moved_by_a_person_meanwhile_is_left_there(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1)
    mine = world.asana.add("mine", world.reef.csh["Q4"])
    issue.title = "Glacier Commons: fix"
    report = world.sync(on_plan=lambda _plan: world.asana.edit(gid, parent_gid=mine))
    assert results(report, PlaceTask) == [Result.SKIPPED]
    assert report.exit_code is ExitCode.FINE
    world.sync()
    assert world.asana.tasks[gid].parent_gid == mine
    assert world.quiet() == []


def test_an_edit_made_meanwhile_is_not_lost_unseen(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    issue.title = "Reef Watch: fixed"
    report = world.sync(on_plan=lambda _plan: world.asana.edit(gid, name="by hand"))
    assert results(report, UpdateTask) == [Result.SKIPPED]
    assert world.asana.tasks[gid].name == "by hand"
    (change,) = [one for one in world.sync().plan.changes if isinstance(one, UpdateTask)]
    assert [(one.name, one.before, one.edited_in_asana) for one in change.changes] == [("name", "by hand", True)]
    assert world.asana.tasks[gid].name == "Reef Watch: fixed"


@pytest.mark.parametrize("added", ["time", "comment", "attachment", "sub-task"])
def test_a_task_to_which_somebody_adds_meanwhile_is_not_removed(world: PaperWorld, added: str) -> None:
    issue, gid = mirrored(world)
    issue.closing, issue.closed_at = Closing.NOT_PLANNED, world.now

    def person(_plan: Plan) -> None:
        match added:
            case "time":
                world.asana.edit(gid, actual_minutes=30)
            case "comment":
                world.asana.content[gid] = HumanContent(comments=1)
            case "attachment":
                world.asana.content[gid] = HumanContent(attachments=1)
            case "sub-task":
                world.asana.add("below", gid)

    report = world.sync(on_plan=person)
    assert results(report, RemoveTask) == [Result.SKIPPED]
    assert gid in world.asana.tasks
    assert "held_with_content" in world.findings(world.sync())
    assert world.quiet() == []


def test_a_task_deleted_meanwhile_is_not_an_error(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    gone, gone_gid = mirrored(world, "Reef Watch: gone")
    issue.title = "Reef Watch: fixed"
    gone.closing, gone.closed_at = Closing.NOT_PLANNED, world.now

    def person(_plan: Plan) -> None:
        world.asana.delete(gid)
        world.asana.delete(gone_gid)

    report = world.sync(on_plan=person)
    assert (results(report, UpdateTask), results(report, RemoveTask)) == ([Result.SKIPPED], [Result.DONE])
    assert report.exit_code is ExitCode.FINE
    world.sync()
    assert world.task(issue).name == "Reef Watch: fixed"


# One bad item.


def test_a_create_without_a_clear_answer_leaves_that_item_alone_in_this_run(world: PaperWorld) -> None:
    parent = world.issue("Reef Watch: parent", hours=1)
    child = world.issue("child", labelled=False, parent=parent, hours=1)
    world.writes.trouble = Trouble(1, "cut", "after")
    report = world.sync()
    assert results(report, CreateTask) == [Result.UNKNOWN, Result.DONE]
    assert told_completely(report)
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert world.rows(parent) == {}
    world.writes.trouble = None
    world.sync()
    assert world.task(child).parent_gid == world.task(parent).gid
    assert world.used("rec-reef-Q3") == 120
    assert world.quiet() == []


def test_an_error_nobody_thought_of_fails_its_item_and_no_other(world: PaperWorld) -> None:
    issue, _ = mirrored(world)
    other, _ = mirrored(world, "Reef Watch: other")
    issue.title, other.title = "Reef Watch: a", "Reef Watch: b"
    refuse(world, KeyError("what"), lambda what: what == f"Asana update {world.task(issue).gid}")
    report = world.sync()
    assert results(report, UpdateTask) == [Result.FAILED, Result.DONE]
    assert "KeyError" in report.outcomes[0].detail
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert world.task(other).name == "Reef Watch: b"


def test_rows_that_are_refused_together_are_written_issue_by_issue(world: PaperWorld) -> None:
    issues = [world.issue(f"Reef Watch: {number}", hours=1) for number in range(4)]
    write = world.airtable.write_rows

    def refusing(writes: Any) -> None:
        if any("Reef Watch: 2" in one.after.title for one in writes):
            raise Rejected("Airtable", "write Activity", "no")
        write(writes)

    world.airtable.write_rows = refusing  # type: ignore[method-assign]
    report = world.sync()
    assert [bool(world.rows(one)) for one in issues] == [True, True, False, True]
    assert results(report, WriteRows) == [Result.DONE, Result.DONE, Result.FAILED, Result.DONE]
    assert world.used("rec-reef-Q3") == 0, "a total that is not covered by its rows is not written"
    assert told_completely(report)


def test_hours_on_a_csh_task_wait_for_the_rows_behind_them(world: PaperWorld) -> None:
    csh = world.reef.csh["Q3"]
    world.asana.edit(csh, fields={"hours_used": None, "hours_left": None})
    issue, _ = mirrored(world, hours=1)
    assert world.asana.tasks[csh].fields.values["hours_used"] == Decimal("1.00")
    issue.hours = 3
    world.writes.refuse = "Airtable rows"
    world.sync()
    assert world.asana.tasks[csh].fields.values["hours_used"] == Decimal("1.00")
    world.writes.refuse = ""
    world.sync()
    assert world.asana.tasks[csh].fields.values == {"hours_used": Decimal("3.00"), "hours_left": Decimal("5.00")}
    assert world.quiet() == []


def test_an_allocation_is_sealed_only_when_all_its_rows_were_written(world: PaperWorld) -> None:
    from datetime import date  # noqa: PLC0415

    world.issue("Reef Watch: spring", hours=1, end=date(2026, 5, 5))
    world.writes.refuse = "Airtable rows"
    world.sync()
    assert world.airtable.contracts.allocations["rec-reef-Q2"].sealing is None
    assert world.airtable.contracts.allocations["rec-glacier-Q2"].sealing is not None
    world.writes.refuse = ""
    world.sync()
    assert world.airtable.contracts.allocations["rec-reef-Q2"].sealing.minutes == 60  # type: ignore[union-attr]


# Stopping.


STOPS = [Denied("Asana", "x", "no"), LimitReached("Asana", "x", "wait 9999 s")]


@pytest.mark.parametrize("error", STOPS, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("what", ["Asana create", "Asana place", "Airtable rows", "Airtable totals", "Airtable seals"])
def test_a_service_that_denies_or_limits_stops_the_run_and_the_rest_is_named(
    world: PaperWorld, error: Exception, what: str
) -> None:
    for number in range(12):
        world.issue(f"Reef Watch: {number}", hours=1)
    refuse(world, error, lambda name: name.startswith(what))
    report = world.sync()
    assert report.exit_code is ExitCode.UNREADABLE
    assert told_completely(report)
    assert Result.SKIPPED in {one.result for one in report.outcomes} or what == "Airtable totals"


def test_three_passing_troubles_in_a_row_mean_that_the_service_is_down(world: PaperWorld) -> None:
    issues = [world.issue(f"Reef Watch: {number}") for number in range(WINDOW + 20)]
    world.sync()
    for issue in issues:
        issue.title += "!"
    refuse(world, Transient("Asana", "x", "503"), lambda what: what.startswith("Asana update"))
    report = world.sync()
    told = results(report, UpdateTask)
    assert told[:3] == [Result.FAILED] * 3
    assert sorted({one.value for one in told}) == ["failed", "skipped"]
    assert told.count(Result.FAILED) <= WINDOW + 3
    assert report.exit_code is ExitCode.UNREADABLE
    assert told_completely(report)


@pytest.mark.parametrize("steps", range(1, 20))
def test_an_interrupted_run_writes_the_rows_of_what_it_made_and_tells_the_rest(steps: int) -> None:
    world = PaperWorld()
    issues = [world.issue(f"Reef Watch: {number}", hours=1) for number in range(4)]
    asked = iter([False] * steps + [True] * 100)
    report = world.sync(interrupted=lambda: next(asked))
    assert told_completely(report)
    done = [one for one in report.outcomes if isinstance(one.change, WriteRows) and one.result is Result.DONE]
    begun = sum(1 for one in report.outcomes[:steps] if isinstance(one.change, WriteRows))
    assert len(done) >= begun
    world.sync()
    assert [len(world.tasks_of(issue)) for issue in issues] == [1] * 4
    assert world.used("rec-reef-Q3") == 240
    assert world.quiet() == []


# Reading back.


class Forgetful:
    """Asana that takes a task out of the home project, with its fields, when its parent is set."""

    def __init__(self, world: PaperWorld) -> None:
        self._asana = world.asana

    def __getattr__(self, name: str) -> Any:
        return getattr(self._asana, name)

    def place(self, gid: str, parent_gid: str) -> Task:
        task = self._asana.place(gid, parent_gid)
        lost = replace(task, project_gids=task.project_gids - {HOME}, fields=TaskFields())
        self._asana.tasks[gid] = lost
        return lost


def test_a_home_project_lost_with_a_new_parent_is_added_again_with_its_fields(world: PaperWorld) -> None:
    from sync.run import run  # noqa: PLC0415
    from sync.services import Services  # noqa: PLC0415

    issue = world.issue("Reef Watch: fix", hours=2)
    services = Services(world.github, Forgetful(world), world.airtable)
    report = run(services, world.policy, world.now)
    placed = next(one for one in report.outcomes if isinstance(one.change, PlaceTask))
    assert "written again" in placed.detail
    assert world.task(issue).fields.values["github_hours"] == Decimal("2.00")
    assert world.quiet() == []


class Misplacing(Forgetful):
    """Asana that answers yes and hangs the task nowhere."""

    def place(self, gid: str, parent_gid: str) -> Task:
        return self._asana.place(gid, "")


def test_a_place_that_is_not_confirmed_is_not_remembered(world: PaperWorld) -> None:
    from sync.run import run  # noqa: PLC0415
    from sync.services import Services  # noqa: PLC0415

    issue = world.issue("Reef Watch: fix", hours=2)
    report = run(Services(world.github, Misplacing(world), world.airtable), world.policy, world.now)
    assert results(report, PlaceTask) == [Result.FAILED]
    assert world.rows(issue)["rec-reef-Q3"].placed_under == ""
    world.sync()
    assert world.task(issue).parent_gid == world.reef.csh["Q3"]
    assert world.rows(issue)["rec-reef-Q3"].placed_under == world.reef.csh["Q3"]


# Killed at any write.


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_killed_at_any_write_is_finished_by_the_next(when: str) -> None:
    for nth in range(1, 60):
        world = PaperWorld()
        parent = world.issue("Reef Watch: parent", hours=1)
        child = world.issue("child", labelled=False, parent=parent, hours=2)
        waits = world.issue("who knows", hours=1)
        world.writes.trouble = Trouble(nth, "killed", when)
        try:
            world.sync()
        except Killed:
            pass
        else:
            assert nth > 8
            return
        world.writes.trouble = None
        assert world.sync().exit_code is ExitCode.FINE
        assert len(world.asana.home()) == 3
        assert world.task(child).parent_gid == world.task(parent).gid
        assert world.task(parent).parent_gid == world.reef.csh["Q3"]
        assert world.task(waits).parent_gid == ""
        assert world.used("rec-reef-Q3") == 180
        assert len(world.airtable.records) == 3
        assert world.quiet() == []
    raise AssertionError("a first run has more writes than this test tried")


def unreadable(_gids: Collection[str]) -> Mapping[str, Task | None]:
    return {}


def test_a_task_that_cannot_be_read_again_is_not_written(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    issue.title = "Reef Watch: fixed"
    report = world.sync(on_plan=lambda _plan: setattr(world.asana, "look_up", unreadable))
    assert results(report, UpdateTask) == [Result.FAILED]
    assert world.asana.tasks[gid].name == "Reef Watch: fix"


def test_totals_that_are_refused_together_are_written_one_by_one(world: PaperWorld) -> None:
    write = world.airtable.write_totals

    def refusing(totals: Any) -> None:
        if "rec-reef-Q4" in totals:
            raise Rejected("Airtable", "write Allocations", "no")
        write(totals)

    world.airtable.write_totals = refusing  # type: ignore[method-assign]
    world.issue("Reef Watch: fix", hours=1)
    report = world.sync()
    assert sorted(one.value for one in results(report, WriteTotals)) == ["done"] * 5 + ["failed"]
    assert world.used("rec-reef-Q3") == 60


def test_seals_go_together_and_one_by_one_where_that_is_refused(world: PaperWorld) -> None:
    write, sent = world.airtable.write_seals, []

    def refusing(seals: Any) -> None:
        sent.append(sorted(seals))
        if "rec-glacier-Q2" in seals:
            raise Rejected("Airtable", "write Allocations", "no")
        write(seals)

    world.airtable.write_seals = refusing  # type: ignore[method-assign]
    report = world.sync()
    assert sent == [["rec-glacier-Q2", "rec-reef-Q2"], ["rec-glacier-Q2"], ["rec-reef-Q2"]]
    assert sorted(one.value for one in results(report, SealAllocation)) == ["done", "failed"]
    sealed = {one.id for one in world.airtable.contracts.allocations.values() if one.sealing}
    assert sealed == {"rec-reef-Q2"}


def test_unknown_is_no_refusal(world: PaperWorld) -> None:
    world.issue("Reef Watch: fix")
    refuse(world, OutcomeUnknown("Asana", "create", "?"), lambda what: what == "Asana create")
    assert world.sync().exit_code is ExitCode.ITEMS_FAILED


# Rows that go, when a run is undone.


def going(world: PaperWorld, *titles: str) -> list[DeleteRows]:
    """Make a row for each title and return their deletions."""
    for title in titles:
        world.issue(title, hours=1)
    world.sync()
    rows = world.airtable.read_ledger().rows.values()
    return [DeleteRows(one.row.owner, (one,), About(one.row.title), "undone") for one in rows]


def carried_out(world: PaperWorld, changes: Sequence[Change]) -> list[Outcome]:
    applied = apply_plan(
        Plan(tuple(changes)), world.asana, world.airtable, home_project=HOME, on_outcome=lambda _outcome: None
    )
    return list(applied.outcomes)


def test_rows_go_ten_to_a_request(world: PaperWorld) -> None:
    changes = going(world, *(f"Reef Watch: {number}" for number in range(12)))
    sent = len(world.writes.sent)
    assert {one.result for one in carried_out(world, changes)} == {Result.DONE}
    assert (world.airtable.records, world.writes.sent[sent:]) == ({}, ["Airtable rows", "Airtable rows"])


def test_a_row_that_somebody_wrote_into_meanwhile_stays_and_the_others_go(world: PaperWorld) -> None:
    changes = going(world, "Reef Watch: one", "Reef Watch: two")
    key = changes[0].rows[0].row.key
    world.airtable.edit(key, people="Ana")
    assert [one.result for one in carried_out(world, changes)] == [Result.SKIPPED, Result.DONE]
    assert [row.key for row in world.airtable.records.values()] == [key]


def test_one_row_that_is_refused_keeps_no_other(world: PaperWorld) -> None:
    changes = going(world, "Reef Watch: one", "Reef Watch: two")
    refused, remove = changes[0].rows[0].record_id, world.airtable.remove_rows

    def refusing(record_ids: Sequence[str]) -> None:
        if refused in record_ids:
            raise Rejected("Airtable", "delete rows of Activity", "no")
        remove(record_ids)

    world.airtable.remove_rows = refusing  # type: ignore[method-assign]
    assert [one.result for one in carried_out(world, changes)] == [Result.FAILED, Result.DONE]
    assert list(world.airtable.records) == [refused]


def test_where_a_row_stays_the_totals_do_too(world: PaperWorld) -> None:
    (change,) = going(world, "Reef Watch: one")
    world.airtable.edit(change.rows[0].row.key, people="Ana")
    now = world.airtable.contracts.allocations["rec-reef-Q3"].totals
    outcomes = carried_out(world, [change, WriteTotals("rec-reef-Q3", now, Totals(), About("Q3"), "undone")])
    assert [one.result for one in outcomes] == [Result.SKIPPED, Result.SKIPPED]
    assert world.used("rec-reef-Q3") == 60
