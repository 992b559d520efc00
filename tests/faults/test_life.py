"""C. Reading GitHub incompletely, D. Life of an issue: what lists leave out, and what happens while they are read."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Person, Rewrite
from sandbox.github.options import Lag
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation, kinds, mirrored


def creates(org: Organisation, since: int) -> int:
    return sum(1 for one in org.sandbox.log.writes(since=since, service="asana") if (one.method, one.path) == CREATE)


CREATE = ("POST", "/tasks")


def test_fault_c07_search_that_lags_and_leaves_out_decides_nothing(org: Organisation) -> None:
    org.sandbox.github.options.search_incomplete = True
    org.sandbox.github.options.search_lag = Lag(requests=10**6)
    org.sandbox.asana.options.has_search = False
    first = mirrored(org)
    second = org.issue("Reef Watch: second", hours=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert org.has_task(first)
    assert org.has_task(second)
    assert org.writes_of() == []
    asked = [f"{one.path} {one.body}" for one in org.sandbox.log.select()]
    assert not [one for one in asked if "/search" in one or "search(" in one]


def _without_rows(body: Any) -> Any:
    """Answer that no issue is on any board, and that boards hold nothing, without any error."""
    if isinstance(body, dict):
        for name, value in body.items():
            if name in {"projectItems", "items"} and isinstance(value, dict) and "nodes" in value:
                value["nodes"] = []
            _without_rows(value)
    elif isinstance(body, list):
        for one in body:
            _without_rows(one)
    return body


def test_fault_c08_board_that_answers_nothing_without_an_error_empties_nothing(org: Organisation) -> None:
    issue = mirrored(org, hours=7, End_date="2026-08-05")
    org.sandbox.faults.add(Rewrite(_without_rows), service="github")
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert "not_on_board" in kinds(report)
    assert [one for one in org.sandbox.log.writes(since=mark) if one.service == "asana"] == []
    assert org.asana.field_value(org.task(issue), org.hours_field) == 7
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 7
    assert org.allocation(org.reef, "Q3")["Hours used"] == 7
    org.sandbox.faults.clear()
    org.sync()
    assert org.writes_of() == []


def test_fault_c18_changes_of_an_api_to_come_are_told_and_cost_no_run_more(org: Organisation, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    org.sandbox.asana.options.asana_change = (
        "name=other;affected=false,name=new_gids;info=https://a.example;affected=true"
    )
    org.sandbox.github.options.sunset = "Fri, 11 Dec 2026 23:59:59 GMT"
    issue, left = org.issue("Reef Watch: fix", hours=1), org.issue("Reef Watch: left")
    org.remembering_sync(state)
    org.github.unlabel(left, "CSH")
    report, _ = org.remembering_sync(state)
    told = {(one.service, one.message) for one in report.plan.problems}
    assert told == {
        ("Asana", "new_gids will change (https://a.example)"),
        ("GitHub", "this version ends on Fri, 11 Dec 2026 23:59:59 GMT"),
    }
    assert report.exit_code is ExitCode.FINE
    org.remembering_sync(state)
    assert org.remembering_sync(state)[0].plan.nothing_moved
    org.github.edit(issue, title="Reef Watch: fixed")
    report, requests = org.remembering_sync(state)
    assert len(report.plan.problems) == 2
    assert len(requests) <= 16


@pytest.mark.parametrize("minutes", [-10, 10])
def test_fault_c20_clock_of_ours_that_is_wrong_misses_no_change(
    org: Organisation, tmp_path: Path, minutes: float
) -> None:
    """Ours runs ahead or behind by *minutes*; marks are compared with marks, and times with GitHub's own clock."""
    issue, state = org.issue("Reef Watch: 0", hours=1, End_date="2026-08-05"), tmp_path / "state.sqlite"
    for number in range(4):
        org.github.edit(issue, title=f"Reef Watch: {number}")
        now = org.sandbox.clock.now() + timedelta(minutes=minutes)
        org.remembering_sync(state, CSH_NOW=now.isoformat())
        org.sandbox.clock.advance(minutes=1)
        assert org.task(issue).name == f"Reef Watch: {number}"


def test_fault_c20_edits_of_one_second_are_both_seen(org: Organisation, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    issue = org.issue("Reef Watch: 0", hours=1)
    org.remembering_sync(state)
    org.sandbox.clock.frozen = True
    for number in range(1, 4):
        org.github.edit(issue, title=f"Reef Watch: {number}")
        org.remembering_sync(state)
        assert org.task(issue).name == f"Reef Watch: {number}"


def test_fault_c20_change_that_lists_show_minutes_late_is_seen(org: Organisation, tmp_path: Path) -> None:
    """What was changed before a look, and came into the lists after it, carries a mark older than that look."""
    state = tmp_path / "state.sqlite"
    issue = org.issue("Reef Watch: fix", hours=1)
    for _ in range(3):
        org.remembering_sync(state)
        org.sandbox.clock.advance(minutes=15)
    org.remembering_sync(state)
    org.github.edit(issue, title="Reef Watch: fixed")
    issue.updated_at -= timedelta(minutes=4, seconds=30)
    _, requests = org.remembering_sync(state)
    assert org.task(issue).name == "Reef Watch: fixed"
    assert not [one for one in requests if one.operation == "LabelledIssues"], "everything was read"


def test_fault_d06_issue_that_went_out_of_reach_is_held(org: Organisation) -> None:
    org.github.add_repository("private", labels=["CSH"], private=True)
    issue = mirrored(org, hours=3)
    mirrored(org)
    gid = org.task(issue).gid
    org.github.transfer(issue, "private")
    org.github.hide_repository("private")
    report = org.sync()
    assert "out_of_sight" in kinds(report)
    assert any(org.url_field.gid in task.values and task.gid == gid for task in org.asana.tasks_in(org.home))
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5
    assert org.writes_of() == []


def test_fault_d08_issue_converted_to_a_discussion_is_held_with_its_hours(org: Organisation) -> None:
    issue = mirrored(org, hours=3)
    mirrored(org)
    org.github.convert_to_discussion(issue)
    report = org.sync()
    assert any("converted to a discussion" in one.message for one in report.plan.problems)
    assert org.has_task(issue)
    assert org.task(issue).completed_at is None
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5
    assert org.writes_of() == []


def test_fault_d16_child_of_a_parent_that_vanished_keeps_its_task_and_hours(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent", repository="docs")
    child = org.issue("part", parent=parent, hours=2)
    org.sync()
    gid = org.task(child).gid
    org.github.hide_repository("docs")
    org.sync()
    assert org.task(child).gid == gid
    assert org.task(child).parent is org.task(parent)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []
    org.github.show_repository("docs")
    org.sync()
    assert org.task(child).parent is org.task(parent)
    assert org.writes_of() == []


def test_fault_d20_issue_edited_at_every_request_is_written_once_and_settles(org: Organisation) -> None:
    issue = mirrored(org, hours=1)
    done: list[int] = []

    def edit() -> None:
        done.append(len(done))
        org.github.edit(issue, title=f"Reef Watch: edit {len(done)}", body="word " * len(done))
        org.log_hours(issue, 1 + len(done) / 4)

    org.sandbox.faults.add(Person(edit))
    mark = org.sandbox.log.mark()
    assert org.guarded_sync().exit_code is ExitCode.FINE
    written = [one for one in org.sandbox.log.writes(since=mark, service="asana") if org.task(issue).gid in one.path]
    assert [one.method for one in written] == ["PUT"]
    assert len(done) > 10
    org.sandbox.faults.clear()
    org.sync()
    assert org.task(issue).name == f"Reef Watch: edit {len(done)}"
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1 + len(done) / 4
    assert org.writes_of() == []


@pytest.mark.parametrize("step", ["plan", "take the lease", "apply", "tell"])
def test_fault_d22_event_and_sweep_at_the_same_moment_make_one_task(org: Organisation, step: str) -> None:
    mirrored(org)
    issue = org.issue("Reef Watch: new", hours=3)
    events: list[Any] = []

    def on_step(name: str) -> None:
        if name == step and not events:
            events.append(None)
            events[0] = org.guarded_sync(issues=[org.url(issue)], waits=True)

    mark = org.sandbox.log.mark()
    sweep = org.guarded_sync(waits=True, on_step=on_step)
    assert (sweep.exit_code, events[0].exit_code) == (ExitCode.FINE, ExitCode.FINE)
    assert creates(org, mark) == 1
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue).keys() == {"Reef Watch Q3"}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5
    assert org.writes_of() == []
