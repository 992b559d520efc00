"""check --stale: does anybody notice that no run succeeded for so long?"""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox.core import Status
from sync.cli import main
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


def test_before_the_first_run_there_is_no_success(go: Go, org: Organisation) -> None:
    result = go("check", "--stale", "2h")
    assert result.exit_code == 4
    assert "No successful run is on record" in result.stderr
    assert list(org.sandbox.log.writes()) == []


def test_a_run_that_wrote_and_a_quiet_one_are_successes(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    assert go("run").exit_code == 0
    org.sandbox.clock.advance(hours=1, minutes=59)
    assert go("check", "--stale", "2h").exit_code == 0
    org.sandbox.clock.advance(minutes=2)
    result = go("check", "--stale", "2h")
    assert result.exit_code == 4
    assert "2 h 1 min ago" in result.stdout
    assert go("run").exit_code == 0
    assert go("check", "--stale", "2h").exit_code == 0
    assert go("check", "--stale", "1d").exit_code == 0


def test_a_run_that_failed_is_no_success(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(400), service="asana", method="POST", path=r"^/tasks$")
    assert go("run").exit_code == 1
    assert go("check", "--stale", "2h").exit_code == 4
    org.sandbox.faults.clear()
    assert go("run").exit_code == 0
    assert go("check", "--stale", "2h").exit_code == 0


def test_as_a_document(go: Go, org: Organisation) -> None:
    go("run")
    go("run")
    org.sandbox.clock.advance(hours=3)
    document = json.loads(go("check", "--stale", "2h", "--json").stdout)
    assert (document["kind"], document["stale"], document["limit_seconds"]) == ("freshness", True, 7200)
    assert document["last_success"].startswith("2026-08-10T09:0")


def test_a_success_exactly_so_long_ago_is_within_the_limit(go: Go) -> None:
    go("run")
    last = datetime.fromisoformat(json.loads(go("check", "--stale", "2h", "--json").stdout)["last_success"])
    at, past = last + timedelta(hours=2), last + timedelta(hours=2, seconds=1)
    assert go("check", "--stale", "2h", CSH_NOW=at.isoformat()).exit_code == 0
    assert go("check", "--stale", "2h", CSH_NOW=past.isoformat()).exit_code == 4


def test_a_base_without_runs_has_no_success_on_record(go: Go, org: Organisation) -> None:
    org.airtable.rename_table("Runs", "Jogging")
    assert go("check", "--stale", "2h").exit_code == 4


@pytest.mark.parametrize("words", ["", "2", "h", "0h", "-2h", "2 weeks", "1.5h", "2hh", "9999999d"])
def test_what_is_no_span_of_time_is_told(go: Go, words: str) -> None:
    result = go("check", "--stale", words)
    assert result.exit_code == 2
    assert "90s, 30m, 2h or 1d" in result.stderr


def test_apply_leaves_with_3_while_another_run_writes_and_no_lease_goes_on(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    until = org.sandbox.clock.now().replace(year=2027).isoformat()
    org.airtable.add_row("Runs", {"Run": "run elsewhere", "Lease until": until})
    result = go("apply", "--yes")
    assert result.exit_code == 3
    assert "another run is writing" in result.stderr
    assert org.writes_elsewhere() == []
    assert go("apply", "--yes", "--no-lease").exit_code == 0
    assert len(org.asana.tasks_in(org.home)) == 1


def test_what_was_agreed_to_is_what_is_applied(
    org: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Something changes between the question and the lease: nobody agreed to that."""
    monkeypatch.chdir(tmp_path)
    org.issue("Reef Watch: fix", hours=2)

    def answer(*_: object, **__: object) -> bool:
        org.issue("Reef Watch: in between", hours=2)
        return True

    monkeypatch.setattr("click.confirm", answer)
    result = CliRunner().invoke(main, ["apply"], env=org.settings())
    assert result.exit_code == 3
    assert "The world moved" in result.stderr
    assert org.asana.tasks_in(org.home) == []
