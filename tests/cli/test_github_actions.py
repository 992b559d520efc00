"""What a run leaves on the page of a job on GitHub; nothing of it elsewhere."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sandbox.core import Status
from sync.cli import main
from tests.e2e.organisation import Organisation
from tests.report.test_workflow_commands import commands

Go = Callable[..., Result]
HOSTILE = "Reef Watch: ##[add-mask]secret ::error::x"


@pytest.fixture
def go(org: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Go:
    """Run a command in an empty folder, with the settings of the sandbox, on GitHub unless told otherwise."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("CSH_", "GITHUB_")) or name in {"CI", "NO_COLOR"}:
            monkeypatch.delenv(name)

    def run(*arguments: str, actions: bool = True, **more: str) -> Result:
        given = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": "summary.md", "CI": "true"} if actions else {}
        return CliRunner().invoke(main, arguments, env={**org.settings(**more), **given})

    return run


def summary() -> str:
    return Path("summary.md").read_text(encoding="utf-8")


def test_a_run_leaves_its_result_and_the_hours(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    result = go("run")
    assert result.exit_code == 0
    assert "1 to add" in summary()
    assert "| Reef Watch |" in summary()
    assert commands(result.stderr) == []


def test_elsewhere_there_is_none_of_it(go: Go, org: Organisation) -> None:
    org.sandbox.faults.add(Status(403), service="asana", is_write=True)
    org.issue("Reef Watch: fix", hours=2.5)
    result = go("run", actions=False)
    assert result.exit_code != 0
    assert not Path("summary.md").exists()
    assert "::" not in result.stderr


def test_what_failed_is_an_error_on_the_page(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    org.sandbox.faults.add(Status(400, {"errors": [{"message": "no"}]}), service="asana", is_write=True)
    result = go("run", "--json")
    assert result.exit_code == 1
    json.loads(result.stdout)
    (error,) = [message for name, message in commands(result.stderr) if name == "error"]
    assert error.startswith("CreateTask acme/")
    assert "## Not done" in summary()


def test_a_service_that_cannot_be_read_is_an_error_on_the_page(go: Go, org: Organisation) -> None:
    org.sandbox.faults.add(Status(401), service="asana")
    result = go("run")
    assert result.exit_code == 4
    ((kind, message),) = commands(result.stderr)
    assert kind == "error"
    assert "CSH_ASANA__TOKEN" in message
    assert "The command ended early." in summary()


def test_wrong_settings_are_errors_on_the_page_without_any_value(go: Go) -> None:
    result = go("run", CSH_AIRTABLE__BASE="basement", CSH_GITHUP__ORG="acme")
    assert result.exit_code == 2
    messages = [message for _, message in commands(result.stderr)]
    assert len(messages) == 2
    assert "basement" not in str(messages)


def test_no_token_is_on_the_page(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    token = org.settings()["CSH_AIRTABLE__TOKEN"]
    body = {"errors": [{"message": f"you sent {token}"}]}
    org.sandbox.faults.add(Status(400, body), service="asana", is_write=True)
    result = go("run")
    assert token not in summary() + result.output


def test_a_title_that_reads_like_a_command_is_none(go: Go, org: Organisation) -> None:
    org.issue(HOSTILE, hours=2.5)
    for words in (("plan",), ("plan", "--json"), ("run", "--json"), ("check",), ("check", "--json"), ("run",)):
        result = go(*words)
        assert result.exit_code == 0
        assert commands(result.output) == []
        assert commands(summary() if Path("summary.md").exists() else "") == []
        if words == ("plan", "--json"):
            assert HOSTILE in str(json.loads(result.stdout))


def test_an_answer_that_reads_like_a_command_is_none(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    body = {"errors": [{"message": "no ##[add-mask]secret"}]}
    org.sandbox.faults.add(Status(400, body), service="asana", is_write=True)
    found = commands(go("run").output)
    assert [name for name, _ in found] == ["error"]
    assert "##[add-mask]secret" in found[0][1]


def test_a_summary_that_cannot_be_written_fails_the_run_after_its_work(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    Path("summary.md").mkdir()
    result = go("run")
    assert result.exit_code == 1
    assert "could not be written" in result.stderr
    assert go("plan", "--detailed-exitcode", actions=False).exit_code == 0


def test_what_an_earlier_command_of_the_step_wrote_stays(go: Go) -> None:
    Path("summary.md").write_text("# Before\n")
    go("run")
    assert summary().startswith("# Before\n# Community Success Hours\n")


def test_later_steps_get_the_numbers(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-2.5)
    go("run", GITHUB_OUTPUT="output")
    numbers = dict(line.split("=") for line in Path("output").read_text(encoding="utf-8").splitlines())
    assert numbers.keys() == {"changed", "failed", "findings"}
    assert (int(numbers["changed"]) > 0, numbers["failed"], int(numbers["findings"]) > 0) == (True, "0", True)
    assert go("run", GITHUB_OUTPUT="no/such/file").exit_code == 1
