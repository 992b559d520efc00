"""One run at a time, and what each leaves in Runs (decision D12)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Rewrite, Status
from sandbox.core.gate import Gate
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation

ROOT = Path(__file__).resolve().parents[2]
RUNS = {"service": "airtable", "is_write": True}


def runs(org: Organisation) -> dict[str, dict[str, Any]]:
    """Return the rows of Runs by name."""
    return {str(cells.get("Run")): dict(cells) for cells in org.airtable.rows("Runs").values()}


def foreign(org: Organisation, seconds: float, name: str = "run of somebody else") -> str:
    """Add the row of another run, whose lease lasts so many seconds from now."""
    until = (org.sandbox.clock.now() + timedelta(seconds=seconds)).isoformat()
    return org.airtable.add_row("Runs", {"Run": name, "Lease until": until})


def others(org: Organisation) -> list[dict[str, Any]]:
    """Return the rows that are not the one of somebody else."""
    return [cells for name, cells in runs(org).items() if name != "run of somebody else"]


def test_a_run_leaves_a_row_and_no_lease(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    report = org.guarded_sync()
    assert (report.exit_code, report.warnings) == (ExitCode.FINE, ())
    [row] = runs(org).values()
    assert row["Result"] == "fine"
    assert (row["Created"], row.get("Removed", 0), row.get("Failed", 0)) == (1, 0, 0)
    assert row.get("Lease until") is None
    assert row["Started"]
    assert row["Ended"]


def test_a_quiet_run_touches_one_cell_of_one_row(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.guarded_sync()
    org.guarded_sync()
    before, mark = runs(org), org.sandbox.log.mark()
    org.sandbox.clock.advance(minutes=15)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    after = runs(org)
    assert [one.method for one in org.sandbox.log.writes(since=mark)] == ["PATCH"]
    assert before.keys() == after.keys()
    changed = {(name, cell) for name, cells in after.items() for cell in cells if cells[cell] != before[name].get(cell)}
    assert changed == {("heartbeat", "Ended")}


def test_of_two_heartbeats_the_older_beats(org: Organisation) -> None:
    org.guarded_sync()
    org.guarded_sync()
    org.sandbox.clock.advance(minutes=1)
    younger = org.airtable.add_row("Runs", {"Run": "heartbeat"})
    assert org.guarded_sync().warnings == ()
    assert "Ended" not in org.airtable.row("Runs", younger)


def test_a_run_that_could_not_read_everything_does_not_beat(org: Organisation) -> None:
    org.guarded_sync()
    org.guarded_sync()
    before = runs(org)
    assert "heartbeat" in before
    org.sandbox.clock.advance(minutes=15)
    org.sandbox.faults.add(Status(403), service="asana", path=rf"^/projects/{org.reef.asana_project.gid}/tasks")
    org.sandbox.faults.add(Status(403), service="asana", path=rf"project={org.reef.asana_project.gid}\b")
    assert org.guarded_sync().exit_code is ExitCode.UNREADABLE
    assert runs(org) == before


def test_while_another_run_writes_nothing_is_written(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    foreign(org, 100)
    report = org.guarded_sync()
    assert (report.exit_code, report.left) == (ExitCode.REFUSED, True)
    assert "somebody else" in report.refused
    assert org.writes_elsewhere() == []
    [mine] = others(org)
    assert (mine.get("Lease until"), mine["Result"]) == (None, "left: another run was first")


def test_a_run_waits_out_a_foreign_lease_once(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    foreign(org, 100)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        org.sandbox.clock.advance(seconds=seconds)

    report = org.guarded_sync(waits=True, sleep=sleep)
    assert (report.exit_code, report.left) == (ExitCode.FINE, False)
    assert len(org.asana.tasks_in(org.home)) == 1
    assert 100 <= sum(slept) <= 112


def test_a_run_leaves_in_peace_when_the_other_one_keeps_its_lease(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    row = foreign(org, 60)

    def sleep(seconds: float) -> None:
        org.sandbox.clock.advance(seconds=seconds)
        until = org.sandbox.clock.now() + timedelta(seconds=60)
        org.airtable.edit_cell("Runs", row, "Lease until", until.isoformat())

    report = org.guarded_sync(waits=True, sleep=sleep)
    assert (report.exit_code, report.left) == (ExitCode.FINE, True)
    assert org.writes_elsewhere() == []
    assert not any(one.get("Lease until") for one in others(org))


def test_a_waiting_run_goes_on_as_soon_as_the_other_one_is_done(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    row = foreign(org, 100)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        org.airtable.edit_cell("Runs", row, "Lease until", None)

    assert org.guarded_sync(waits=True, sleep=sleep).exit_code is ExitCode.FINE
    assert sum(slept) <= 10
    assert len(org.asana.tasks_in(org.home)) == 1


def test_a_lease_that_ran_out_is_taken_over_and_later_taken_off(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    row = foreign(org, -1)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert org.airtable.row("Runs", row).get("Lease until")
    org.sandbox.clock.advance(hours=1)
    org.issue("Reef Watch: more", hours=1)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert org.airtable.row("Runs", row).get("Lease until") is None
    assert org.airtable.row("Runs", row)["Result"] == "ended without a word"


def test_the_earlier_row_wins_whoever_looks_first(org: Organisation) -> None:
    """Another run's row appears before ours is seen: as if it had been asked for a moment earlier."""
    org.issue("Reef Watch: fix", hours=2)

    def sleep(_seconds: float) -> None:
        org.sandbox.clock.advance(seconds=-1)
        foreign(org, 100)
        org.sandbox.clock.advance(seconds=2)

    report = org.guarded_sync(sleep=sleep)
    assert (report.exit_code, report.left) == (ExitCode.REFUSED, True)
    assert org.writes_elsewhere() == []
    [mine] = others(org)
    assert mine.get("Lease until") is None
    assert mine["Result"] == "left: another run was first"


def test_what_changed_before_the_lease_was_held_is_planned_again(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    late: list[Any] = []

    def on_step(name: str) -> None:
        if name == "take the lease":
            late.append(org.issue("Reef Watch: in between", hours=1))

    org.guarded_sync(on_step=on_step)
    assert len(org.asana.tasks_in(org.home)) == 2


@pytest.mark.parametrize(("moves", "plans"), [(False, 1), (True, 2)])
def test_what_was_read_again_is_planned_again_only_when_it_changed(org: Organisation, moves: bool, plans: int) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    steps: list[str] = []

    def step(name: str) -> None:
        steps.append(name)
        if moves and name == "take the lease":
            org.github.edit(issue, title="Reef Watch: fixed")

    org.guarded_sync(on_step=step)
    assert steps.count("read GitHub, Asana and Airtable") == 2
    assert steps.count("plan") == plans
    assert org.task(issue).name == ("Reef Watch: fixed" if moves else "Reef Watch: fix")


def test_a_lease_that_is_gone_when_it_is_looked_at_again_stops_before_the_first_write(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)

    def on_step(name: str) -> None:
        if name == "look at the lease again":
            for record in org.airtable.rows("Runs"):
                org.airtable.delete_row("Runs", record)
            time.sleep(0.8)  # longer than a look is fresh

    with pytest.raises(Exception, match="keep the lease"):
        org.guarded_sync(on_step=on_step, CSH_RUN__LEASE_SECONDS="2")
    assert org.writes_elsewhere() == []


def _lose(org: Organisation) -> None:
    for record in org.airtable.rows("Runs"):
        org.airtable.delete_row("Runs", record)


def _run_out(org: Organisation) -> None:
    """Airtable's clock says that the lease is over, as after a pause; and its own watch says so too."""
    org.sandbox.clock.advance(minutes=5)


def _be_overtaken(org: Organisation) -> None:
    org.sandbox.clock.advance(minutes=-5)
    foreign(org, 900)
    org.sandbox.clock.advance(minutes=5)


def _noticed(org: Organisation) -> None:
    """Wait until whoever renews the lease has found out that it is lost, and what was under way is over."""
    for keeper in [one for one in threading.enumerate() if one.name == "lease"]:
        keeper.join(timeout=60)
    seen = -1
    while seen != (seen := org.sandbox.log.count()):
        time.sleep(0.2)


@pytest.mark.parametrize("happens", [_lose, _run_out, _be_overtaken])
def test_a_lost_lease_stops_the_writing_and_the_next_run_goes_on(
    org: Organisation, happens: Callable[[Organisation], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sync.leasing.RENEWED_EVERY", 0.1)  # the lease itself is long: no pause of the machine ends it
    for number in range(6):
        org.issue(f"Reef Watch: {number}", hours=1)
    marks: list[int] = []

    def on_outcome(_outcome: Any) -> None:
        if not marks:
            happens(org)
            _noticed(org)
            marks.append(org.sandbox.log.mark())

    report = org.guarded_sync(on_outcome=on_outcome)
    assert report.exit_code is ExitCode.UNREADABLE
    assert org.writes_elsewhere(marks[0]) == []
    assert any("lease" in one.detail for one in report.outcomes)
    org.sandbox.clock.advance(minutes=30)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert len(org.asana.tasks_in(org.home)) == 6
    assert org.writes_of() == []


def test_a_lease_is_renewed_while_it_is_held(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)

    def on_step(name: str) -> None:
        if name == "look at the lease again":
            time.sleep(4)

    assert org.guarded_sync(on_step=on_step, CSH_RUN__LEASE_SECONDS="4").exit_code is ExitCode.FINE


def test_without_a_lease_a_row_is_left_all_the_same(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    foreign(org, 100)
    assert org.guarded_sync(lease=False).exit_code is ExitCode.FINE
    [mine] = others(org)
    assert mine["Result"] == "fine"


def test_a_base_without_runs_is_served_and_told(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.airtable.rename_table("Runs", "Jogging")
    report = org.guarded_sync()
    assert report.exit_code is ExitCode.FINE
    assert "nothing keeps two runs apart" in report.warnings[0]


def test_runs_that_cannot_be_written_let_nothing_be_written(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    table = org.airtable.base.table("Runs").id
    org.sandbox.faults.add(Status(403), **RUNS, path=table)
    with pytest.raises(Exception, match="Airtable"):
        org.guarded_sync()
    assert org.writes_elsewhere() == []
    report = org.guarded_sync(lease=False)
    assert report.exit_code is ExitCode.FINE
    assert "could not be written" in report.warnings[0]


def test_a_lost_answer_makes_no_second_row(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(502, when="after"), **RUNS, times=1)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert [row["Result"] for row in runs(org).values()] == ["fine"]


def test_a_row_that_cannot_be_closed_is_told_and_its_lease_runs_out(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    table = org.airtable.base.table("Runs").id
    org.sandbox.faults.add(Status(403), **RUNS, path=table, nth=2)
    report = org.guarded_sync()
    assert report.exit_code is ExitCode.FINE
    assert "could not be closed" in report.warnings[0]
    org.sandbox.faults.clear()
    org.issue("Reef Watch: more", hours=2)
    assert org.guarded_sync().left
    org.sandbox.clock.advance(minutes=3)
    assert org.guarded_sync().exit_code is ExitCode.FINE


def test_rows_older_than_ninety_days_are_removed_and_no_others(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.guarded_sync()
    org.guarded_sync()
    theirs = org.airtable.add_row("Runs", {"Run": "a note of ours"})
    old = set(runs(org)) - {"heartbeat", "a note of ours"}
    org.days_pass(91)
    org.issue("Reef Watch: more", hours=2)
    org.guarded_sync()
    assert not old & set(runs(org))
    assert "heartbeat" in runs(org)
    assert org.airtable.row("Runs", theirs)


def test_a_base_that_refuses_to_narrow_or_sort_is_read_whole(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    table = org.airtable.base.table("Runs").id
    refusal = Status(422, {"error": {"type": "INVALID_FILTER_BY_FORMULA", "message": "no"}})
    org.sandbox.faults.add(refusal, service="airtable", path=rf"{table}\?.*(filterByFormula|sort)", method="GET")
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert org.guarded_sync().warnings == ()
    assert org.guarded_sync().warnings == ()
    assert sorted(row.get("Result", "") for row in runs(org).values()) == ["", "fine"]
    foreign(org, 100)
    org.issue("Reef Watch: more", hours=2)
    assert org.guarded_sync().left


def test_an_answer_without_a_date_is_a_refusal(org: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    org.issue("Reef Watch: fix", hours=2)
    monkeypatch.setattr("sandbox.core.gate.Gate.stamp", lambda _self, response: response.headers.update(Date="soon"))
    with pytest.raises(Exception, match="what time it is"):
        org.guarded_sync()
    assert list(org.sandbox.log.writes()) == []


def test_a_clock_of_github_that_is_wrong_opens_no_lease(
    org: Organisation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A run that remembers hears GitHub alone before it takes the lease."""
    issue = org.issue("Reef Watch: fix", hours=2)
    org.remembering_sync(tmp_path / "state")
    org.sandbox.clock.advance(minutes=15)
    org.remembering_sync(tmp_path / "state")
    right = Gate.stamp

    def stamp(gate: Gate, response: Any) -> None:
        if "x-ratelimit-limit" in {name.lower() for name in response.headers}:
            response.headers["Date"] = format_datetime(org.sandbox.clock.now() - timedelta(minutes=9), usegmt=True)
        right(gate, response)

    monkeypatch.setattr("sandbox.core.gate.Gate.stamp", stamp)
    org.sandbox.clock.advance(minutes=15)
    org.github.edit(issue, title="Reef Watch: fixed")
    before = set(runs(org))
    report, requests = org.remembering_sync(tmp_path / "state")
    assert (report.exit_code, report.left) == (ExitCode.FINE, False)
    assert org.task(issue).name == "Reef Watch: fixed"
    results = sorted(cells["Result"] for name, cells in runs(org).items() if name not in before)
    assert results == ["fine", "left: opened by a clock that differs from Airtable's"]
    assert not any(cells.get("Lease until") for cells in runs(org).values())
    assert len(_of_runs(org, requests)) == 5


def test_a_run_that_remembers_asks_three_things_of_runs(org: Organisation, tmp_path: Path) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.remembering_sync(tmp_path / "state")
    org.sandbox.clock.advance(minutes=15)
    org.remembering_sync(tmp_path / "state")
    org.sandbox.clock.advance(minutes=15)
    org.github.edit(issue, title="Reef Watch: fixed")
    _, requests = org.remembering_sync(tmp_path / "state")
    assert [one.method for one in _of_runs(org, requests)] == ["PATCH", "GET", "PATCH"]


def _of_runs(org: Organisation, requests: list[Any]) -> list[Any]:
    table = org.airtable.base.table("Runs").id
    return [one for one in requests if one.service == "airtable" and table in one.path]


def _process(org: Organisation, folder: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **org.settings(**more)}
    command = [sys.executable, "-m", "sync", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_of_two_runs_at_once_one_writes_and_both_end_well(org: Organisation, tmp_path: Path) -> None:
    for number in range(8):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sandbox.latency = 0.01
    both = [_process(org, tmp_path, "run", CSH_RUN__SETTLE_SECONDS="1.2") for _ in range(2)]
    told = [one.communicate(timeout=120) for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert len(org.asana.tasks_in(org.home)) == 8
    made = [one for one in org.sandbox.log.writes(service="asana") if one.method == "POST" and one.path == "/tasks"]
    assert len(made) == 8
    org.sandbox.latency = 0
    assert org.writes_of() == []


def test_a_killed_holder_is_waited_out_by_its_lease(org: Organisation, tmp_path: Path) -> None:
    for number in range(20):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sandbox.latency = 0.05
    process = _process(org, tmp_path, "run")
    while not list(org.sandbox.log.writes(service="asana")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=60)
    org.sandbox.latency = 0
    assert org.guarded_sync().left
    org.sandbox.clock.advance(seconds=121)
    assert org.guarded_sync().exit_code is ExitCode.FINE
    assert len(org.asana.tasks_in(org.home)) == 20
    assert org.writes_of() == []


def test_a_stopped_run_gives_its_lease_back(org: Organisation, tmp_path: Path) -> None:
    for number in range(20):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sandbox.latency = 0.05
    process = _process(org, tmp_path, "run")
    while not list(org.sandbox.log.writes(service="asana")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 143
    [row] = runs(org).values()
    assert row.get("Lease until") is None
    assert datetime.fromisoformat(row["Ended"])


def test_the_rewritten_answer_of_a_listing_without_created_times_is_no_lease(org: Organisation) -> None:
    """A row whose age is not told cannot be first: it is left out, as is one that holds no lease."""

    def ageless(answer: Any) -> Any:
        for record in answer.get("records", ()):
            record.pop("createdTime", None)
        return answer

    foreign(org, 100)
    org.sandbox.faults.add(Rewrite(ageless), service="airtable", path=org.airtable.base.table("Runs").id, method="GET")
    org.issue("Reef Watch: fix", hours=2)
    with pytest.raises(Exception, match="lease"):
        org.guarded_sync()
    assert org.writes_elsewhere() == []
