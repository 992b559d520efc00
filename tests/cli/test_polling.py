# ruff: noqa: N802 (the id of a fault is part of the name of its test)
"""run --every: runs that follow each other, each on its own, until a signal."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sandbox.core import Hang, Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]
ROOT = Path(__file__).resolve().parents[2]


class Polling:
    """``run --every 1s`` in a process of its own."""

    def __init__(self, org: Organisation, folder: Path, *arguments: str, **more: str) -> None:
        self._org = org
        environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sync", "run", "--every", "1s", *arguments],
            cwd=folder,
            env={**environment, **org.settings(**more)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def until(self, met: Callable[[], bool]) -> None:
        while not met():
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.05)

    def was_quiet(self) -> bool:
        """Tell whether a run found nothing to do: then one before it went well."""
        return any(cells.get("Run") == "heartbeat" for cells in self._org.airtable.rows("Runs").values())

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(number)
        out, told = self.process.communicate(timeout=20)
        return self.process.returncode, out, told


@pytest.fixture
def poll(org: Organisation, tmp_path: Path) -> Iterator[Callable[..., Polling]]:
    started: list[Polling] = []

    def start(*arguments: str, **more: str) -> Polling:
        started.append(Polling(org, tmp_path, *arguments, **more))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def test_a_bad_run_is_told_and_the_next_one_tried(
    org: Organisation, poll: Callable[..., Polling], tmp_path: Path
) -> None:
    (tmp_path / "records").mkdir()
    org.sandbox.faults.add(Status(401), service="asana", times=1)
    polling = poll("--record", "records")
    polling.until(polling.was_quiet)
    code, out, told = polling.stop()
    assert code == 143
    assert "CSH_ASANA__TOKEN" in told
    assert "Ended with 4. Next run: " in told
    assert "Ended with 0. Next run: " in told
    assert "read Airtable …" not in told
    assert "findings to look at: csh-sync check" in out
    assert "To look at (" not in out
    (record,) = (tmp_path / "records").iterdir()
    assert re.fullmatch(r"run-20260810T0900\d\dZ\.json", record.name)


def test_wrong_settings_are_told_and_looked_at_again(
    org: Organisation, poll: Callable[..., Polling], tmp_path: Path
) -> None:
    settings = tmp_path / "csh-sync.toml"
    settings.write_text("timezone = 'Middle/Earth'", encoding="utf-8")
    polling = poll("--json")
    stderr = polling.process.stderr
    assert stderr is not None
    while "Ended with 2." not in (line := stderr.readline()):
        assert line
    settings.write_text("timezone = 'UTC'", encoding="utf-8")
    polling.until(polling.was_quiet)
    code, out, _ = polling.stop(signal.SIGINT)
    assert code == 130
    assert {json.loads(line)["kind"] for line in out.splitlines()} <= {"record"}


def test_fault_H02_a_signal_while_writing_finishes_the_write_in_flight_and_begins_no_other_run(
    org: Organisation, poll: Callable[..., Polling], tmp_path: Path
) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(40)]  # more than are written at a time
    org.sandbox.faults.add(Hang(2), service="asana", method="POST", path=r"/tasks$", times=40)
    polling = poll("--record", "record.json")
    polling.until(lambda: any(True for _ in org.sandbox.log.writes(service="asana")))
    code, _, told = polling.stop()
    assert code == 143
    assert "Stopping after the write in flight" in told
    assert "Next run" not in told
    outcomes = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))["outcomes"]
    assert {"done", "skipped"} == {one["result"] for one in outcomes}
    assert org.has_task(issues[0])
    assert not org.has_task(issues[-1])


def test_a_flag_that_lifts_a_guard_once_is_not_for_all_runs(go: Go) -> None:
    result = go("run", "--every", "15m", "--allow-empty")
    assert result.exit_code == 2
    assert "--allow-empty is for one run" in result.stderr
