"""H. Runs, crashes, state, schedule."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Hang, Person
from sync.errors import ExitCode
from sync.mirror.setting_aside import Unplannable
from sync.model.change import Result
from tests.cli.conftest import Go, go
from tests.e2e.organisation import Organisation, mirrored

__all__ = ["go"]
ROOT = Path(__file__).resolve().parents[2]


CRAMPED = ["sh", "-c", 'umask 077; ulimit -f 0; exec "$@"', "sh"]
"""Runs a command that can write no byte to any file, as on a full disk."""


def started(
    org: Organisation, folder: Path, *arguments: str, within: Collection[str] = (), **more: str
) -> "subprocess.Popen[str]":
    """Start a command in a process of its own, with an environment that holds nothing but the settings."""
    return subprocess.Popen(
        [*within, sys.executable, "-m", "sync", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **org.settings(**more)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_fault_h02_a_second_signal_leaves_at_once(org: Organisation, tmp_path: Path) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sandbox.faults.add(Hang(30, when="after"), service="asana", method="POST", path="^/tasks$", times=1)
    process = started(org, tmp_path, "run", "--no-lease")
    while not list(org.sandbox.log.writes(service="asana")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    assert "once more leaves at once" in _line_with(process, "Stopping")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=15)
    assert process.returncode == 130
    org.sandbox.faults.clear()
    org.sync()
    org.sync()
    assert len(org.asana.tasks_in(org.home)) == 1


def _line_with(process: "subprocess.Popen[str]", words: str) -> str:
    assert process.stderr
    return next(line for line in process.stderr if words in line)


def test_fault_h07_runs_that_did_not_happen_are_made_up_by_the_next(org: Organisation) -> None:
    issue, gone = mirrored(org), mirrored(org, hours=None)
    org.log_hours(issue, 4)
    org.github.edit(issue, title="Reef Watch: one")
    org.github.edit(issue, title="Reef Watch: two")
    org.github.close(gone, "not_planned")
    late = org.issue("Reef Watch: late", hours=1)
    org.sync()
    assert org.task(issue).name == "Reef Watch: two"
    assert not org.has_task(gone)
    assert org.has_task(late)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5
    assert org.writes_of() == []


@pytest.mark.parametrize("missed", [{"hours": 6}, {"days": 60}])
def test_fault_h08_a_late_schedule_is_told_from_outside_and_made_up_without_a_flood(
    go: Go, org: Organisation, missed: dict[str, float]
) -> None:
    for number in range(12):
        org.issue(f"Reef Watch: {number}", hours=1)
    assert go("run").exit_code == 0
    org.sandbox.clock.advance(**missed)
    late = org.issue("Glacier Commons: late", hours=9, End_date="2026-08-09")
    stale = go("check", "--stale", "2h")
    assert stale.exit_code == 4
    assert "ago" in stale.stdout
    before = len(org.sandbox.slack.posts)
    assert before == 2
    assert go("run").exit_code == 0
    assert org.rows(late)["Glacier Commons Q3"]["Hours"] == 9
    first, second = (post.shown.text for post in org.sandbox.slack.posts[before:])
    assert "over_cap: Glacier Commons Q3 2026\n9 of 8 h used" in first
    assert "deliverable_late: acme/hub#13" in second
    assert "Reef Watch" not in first + second
    assert go("check", "--stale", "2h").exit_code == 0


@pytest.mark.parametrize("what", ["record", "plan", "summary", "state"])
def test_fault_h09_a_full_disk_costs_the_file_and_nothing_else(org: Organisation, tmp_path: Path, what: str) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    file = tmp_path / "file"
    old = '{"old": true}'
    file.write_text(old, encoding="utf-8")
    arguments = {"record": ["run", "--record", "file"], "plan": ["plan", "--out", "file"]}.get(what, ["run"])
    more = {
        "summary": {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(file)},
        "state": {"CSH_RUN__STATE_FILE": str(file)},
    }.get(what, {})
    process = started(org, tmp_path, *arguments, within=CRAMPED, **more)
    _, told = process.communicate(timeout=60)
    told_as = {"state": "is not usable", "summary": "could not be written"}.get(what, f"The {what} cannot be written")
    assert process.returncode == {"state": 0, "summary": 1}.get(what, 2)
    assert told_as in told
    assert file.read_text(encoding="utf-8") == old
    assert org.has_task(issue) is (what in {"state", "summary"})


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="there is no folder nobody can write in")
@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C", "TZ": "", "HOME": "/nowhere"}], ids=["none", "odd"])
def test_fault_h12_a_bare_machine_is_enough(org: Organisation, locale: dict[str, str]) -> None:
    issue = org.issue("Reef Watch: fïx 修复", hours=1)
    process = started(org, Path("/proc"), "run", within=CRAMPED, CSH_RUN__STATE_FILE="/proc/state", **locale)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "not usable" in told
    assert org.has_task(issue)


def test_fault_h14_what_people_change_between_plan_and_write_is_skipped(org: Organisation) -> None:
    issue, other = mirrored(org), mirrored(org)
    task = org.task(issue)
    org.github.edit(issue, title="Reef Watch: fixed")
    org.log_hours(other, 3)
    act = Person(lambda: org.asana.rename_task(task, "by hand"), when="before")
    org.sandbox.faults.add(act, service="asana", method="GET", path=f"^/tasks/{task.gid}$", times=1)
    report = org.sync()
    assert [outcome.detail for outcome in report.outcomes if outcome.result is Result.SKIPPED] == [
        "somebody changed name meanwhile; looked at again in the next run"
    ]
    assert task.name == "by hand"
    assert org.asana.field_value(org.task(other), org.hours_field) == 3


def test_fault_h17_what_a_newer_version_left_is_left_alone(org: Organisation) -> None:
    issue = mirrored(org)
    org.airtable.add_field("Activity", "Confidence", "text")
    [row] = org.airtable.rows("Activity")
    org.airtable.edit_cell("Activity", row, "Confidence", "high")
    field = org.asana.add_field("GitHub Team", "text")
    org.asana.add_field_to_project(org.home, field)
    org.asana.edit_field(org.task(issue), field, "core")
    org.log_hours(issue, 3)
    assert org.sync().exit_code is ExitCode.FINE
    assert org.airtable.row("Activity", row)["Confidence"] == "high"
    assert org.asana.field_value(org.task(issue), field) == "core"
    assert org.writes_of() == []


def test_fault_h20_an_old_event_says_only_where_to_look(go: Go, org: Organisation, tmp_path: Path) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    event = {"action": "labeled", "issue": {"html_url": org.url(issue), "title": "Reef Watch: old", "state": "open"}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    assert go("run", GITHUB_EVENT_PATH="event.json").exit_code == 0
    assert org.task(issue).name == "Reef Watch: fix"
    org.github.close(issue, "not_planned")
    for _ in range(2):
        assert go("run", GITHUB_EVENT_PATH="event.json").exit_code == 0
        assert not org.has_task(issue)


def poisoned(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Let a mapping fail on every issue that says so: no text is known that really makes one fail."""
    module, _, name = where.rpartition(".")
    real = getattr(sys.modules[module], name)

    def failing(*given: Any, **more: Any) -> Any:
        if "poison" in repr(given[0]):
            raise KeyError(repr(given[0]))
        return real(*given, **more)

    monkeypatch.setattr(where, failing)


@pytest.mark.parametrize("where", ["sync.mirror.deciding.recalled_match", "sync.mirror.planning.desired_task"])
def test_fault_h18_an_issue_that_nobody_can_plan_for_is_set_aside(
    org: Organisation, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    issue, other = mirrored(org), mirrored(org)
    child = org.issue("part", parent=issue, labels=(), hours=1)
    org.sync()
    task, parts = org.task(issue), org.task(child)
    org.github.edit(issue, title="Reef Watch: poison")
    org.log_hours(other, 3)
    with monkeypatch.context() as patched:
        poisoned(patched, where)
        report = org.sync()
        assert report.exit_code is ExitCode.ITEMS_FAILED
        [problem] = report.plan.problems
        assert problem.subject == "acme/hub#1"
        assert re.search(r"KeyError in test_runs\.py:\d+, [0-9a-f]{8}\)", problem.message)
        assert org.task(issue) is task
        assert parts.parent is task
        assert org.allocation(org.reef, "Q3")["Hours used"] == 6
        assert org.asana.field_value(org.task(other), org.hours_field) == 3
        assert [write for write in org.writes_of() if write.service == "asana"] == []
    org.sync()
    assert task.name == "Reef Watch: poison"
    assert org.allocation(org.reef, "Q3")["Hours used"] == 6


def test_fault_h18_a_mistake_that_meets_every_issue_ends_the_run(
    org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(8):
        org.issue(f"Reef Watch: poison {number}", hours=1)
    poisoned(monkeypatch, "sync.mirror.deciding.recalled_match")
    with pytest.raises(Unplannable) as caught:
        org.sync()
    assert isinstance(caught.value.__cause__, KeyError)
    assert list(org.sandbox.log.writes()) == []


def test_fault_h18_no_period_is_sealed_while_an_issue_is_set_aside(
    org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    org.issue("Reef Watch: poison", hours=1, End_date="2026-05-05")
    with monkeypatch.context() as patched:
        poisoned(patched, "sync.mirror.deciding.recalled_match")
        org.sync()
        assert "Sealed on" not in org.allocation(org.reef, "Q2")
    org.sync()
    assert org.allocation(org.reef, "Q2")["Hours at sealing"] == 1


TRACED = "Traceback (most recent call last)"


def alert_states(org: Organisation, kind: str) -> dict[str, str]:
    """Return the states of the alerts of a kind, by what they are about."""
    rows = org.airtable.rows("Alerts").values()
    return {str(cells["Subject"]): str(cells["State"]) for cells in rows if cells["Kind"] == kind}


def test_fault_h18_a_check_that_fails_is_named_and_neither_opens_nor_closes_its_alerts(
    org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed, waiting, other = (org.issue(title, hours=1) for title in ("Upgrade", "poison", "Reef Watch: fix"))
    org.sync()
    assert alert_states(org, "unplaced") == {"acme/hub#1": "open", "acme/hub#2": "open"}
    org.github.edit(placed, title="Reef Watch: upgrade")
    org.issue("Another one", hours=1)
    org.log_hours(other, -1)
    with monkeypatch.context() as patched:
        poisoned(patched, "sync.findings.places._remedy")
        report = org.sync()
        assert report.exit_code is ExitCode.ITEMS_FAILED
        [problem] = report.plan.problems
        assert problem.subject == "check waiting"
        assert re.search(r"KeyError in test_runs\.py:\d+, [0-9a-f]{8}\)", problem.message)
        assert "report" in problem.remedy
        assert "unplaced" in problem.remedy
        assert "--debug" in problem.remedy
        assert org.task(placed).parent is org.reef.csh["Q3"]
        assert alert_states(org, "unplaced") == {"acme/hub#1": "open", "acme/hub#2": "open"}
        assert alert_states(org, "hours_absurd") == {"acme/hub#3": "open"}
        assert org.writes_of() == []
    org.github.edit(waiting, title="Nobody knows")
    org.sync()
    assert alert_states(org, "unplaced") == {"acme/hub#1": "resolved", "acme/hub#2": "open", "acme/hub#4": "open"}


@pytest.mark.parametrize("where", ["sync.findings.places._remedy", "sync.mirror.planning.desired_task"])
@pytest.mark.parametrize("command", ["check", "plan", "review", "run"])
def test_fault_h18_a_traceback_is_shown_with_debug_alone_and_masked(
    go: Go, org: Organisation, monkeypatch: pytest.MonkeyPatch, where: str, command: str
) -> None:
    token = org.settings()["CSH_ASANA__TOKEN"]
    org.issue(f"poison {token}", hours=1)
    org.issue("Reef Watch: fix", hours=-1)
    poisoned(monkeypatch, where)
    brief = go(command)
    assert brief.exit_code == 1
    assert re.search(r"failed: csh-sync .*KeyError in test_runs\.py:\d+, [0-9a-f]{8}\)", brief.stderr)
    assert TRACED not in brief.stderr
    whole = go("--debug", command)
    assert whole.exit_code == 1
    assert TRACED in whole.stderr
    assert "in failing" in whole.stderr
    assert token not in whole.output
    written = go(command, "--json")
    assert written.exit_code == 1
    assert TRACED not in written.output
