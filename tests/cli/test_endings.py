# ruff: noqa: N802 (the id of a fault is part of the name of its test)
"""How commands end when they are interrupted, when services fail, and that no token is ever shown."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.core import Cut, Hang, Status
from sync import app
from tests.cli.conftest import Go
from tests.e2e.organisation import Organisation

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_fault_H02_a_signal_while_reading_leaves_at_once_with_a_record_and_writes_nothing(
    org: Organisation, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sandbox.faults.add(Hang(20), service="github", nth=2, times=1)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), **org.settings()}
    command = [sys.executable, "-m", "sync", "run", "--record", "record.json"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    while org.sandbox.log.count() < 8:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    _, told = process.communicate(timeout=15)
    assert process.returncode == code
    assert "nothing was written" in told
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    assert (record["exit_code"], record["outcomes"]) == (code, [])
    assert list(org.sandbox.log.writes()) == []


@pytest.mark.parametrize("service", ["asana", "airtable"])
def test_a_run_that_cannot_read_leaves_with_4_and_a_record(go: Go, org: Organisation, service: str) -> None:
    Path("record.json").write_text("{}", encoding="utf-8")
    org.sandbox.faults.add(Status(403, {"errors": [{"message": "no"}]}), service=service)
    result = go("run", "--record", "record.json")
    assert result.exit_code == 4
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert record["exit_code"] == 4
    assert record["problems"][0]["service"].casefold() == service


def test_a_lease_that_cannot_be_taken_lets_nothing_be_written(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sandbox.faults.add(Status(403), service="airtable", is_write=True)
    result = go("run", "--record", "record.json")
    assert result.exit_code == 4
    assert "write Runs" in result.stderr
    assert list(org.sandbox.log.writes(service="asana")) == []
    assert json.loads(Path("record.json").read_text(encoding="utf-8"))["outcomes"] == []


def test_a_service_that_goes_down_while_writing_ends_with_4_and_all_is_accounted_for(
    go: Go, org: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.services.__kwdefaults__, "sleep", lambda _seconds: None)  # between its tries
    for number in range(5):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sandbox.faults.add(Cut("before"), service="airtable", is_write=True)
    result = go("run", "--no-lease", "--record", "record.json")
    assert result.exit_code == 4
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert sorted(str(one["change"]) for one in record["outcomes"]) == sorted(map(str, record["changes"]))
    assert {one["result"] for one in record["outcomes"]} == {"done", "failed", "skipped"}


@pytest.mark.parametrize("command", ["explain", "hours"])
def test_what_is_shown_from_an_incomplete_reading_leaves_with_4(go: Go, org: Organisation, command: str) -> None:
    org.issue("Reef Watch: fix", hours=1)
    go("run")
    org.sandbox.asana.options.unlisted.add(org.task(org.github.issue("hub", 1)).gid)
    assert go(command, *(("acme/hub#1",) if command == "explain" else ())).exit_code == 4


@pytest.mark.parametrize("where", ["reading", "writing"])
@pytest.mark.parametrize("service", ["asana", "airtable", "github"])
def test_fault_J01_a_token_that_a_service_echoes_is_never_shown(
    go: Go, org: Organisation, service: str, where: str
) -> None:
    org.issue("Reef Watch: fix", hours=1)
    token = org.settings()[f"CSH_{service.upper()}__TOKEN"]
    body = {
        "message": f"bad {token}",
        "error": {"type": "INVALID_REQUEST", "message": f"bad {token}"},
        "errors": [{"message": f"bad {token}", "type": "X"}],
    }
    org.sandbox.faults.add(Status(422, body), service=service, is_write=where == "writing")
    shown = [go("run", "--record", "record.json"), go("--debug", "-v", "plan"), go("run", "--json", CSH_LOG="json")]
    for result in shown:
        assert token not in result.output
    assert token not in Path("record.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("shown", ["plan", "run", "hours"])
def test_a_token_given_as_a_file_or_in_dotenv_is_masked_too(go: Go, org: Organisation, shown: str) -> None:
    settings = org.settings()
    org.issue(f"Reef Watch: {settings['CSH_ASANA__TOKEN']} {settings['CSH_AIRTABLE__TOKEN']}", hours=1)
    Path("token").write_text(settings["CSH_ASANA__TOKEN"] + "\n", encoding="utf-8")
    Path(".env").write_text(f"CSH_AIRTABLE__TOKEN={settings['CSH_AIRTABLE__TOKEN']}\n", encoding="utf-8")
    result = go(shown, CSH_ASANA__TOKEN_FILE="token", CSH_ASANA__TOKEN="")
    assert result.exit_code == 0
    assert settings["CSH_ASANA__TOKEN"] not in result.output
    assert settings["CSH_AIRTABLE__TOKEN"] not in result.output
