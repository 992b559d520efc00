"""The commands against the sandbox: what they print, what they write, how they leave."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]
ROOT = Path(__file__).resolve().parents[2]


def test_without_a_command_it_shows_help_with_code_2(go: Go) -> None:
    result = go()
    assert result.exit_code == 2
    assert "csh-sync demo" in result.output


def test_a_mistyped_command_gets_a_suggestion(go: Go) -> None:
    result = go("plann")
    assert result.exit_code == 2
    assert "plan" in result.output.split("Did you mean")[1]


def test_plan_writes_nothing_and_tells_reasons_and_counts(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    result = go("plan")
    assert result.exit_code == 0
    assert "+ task     Reef Watch: fix" in result.stdout
    assert "new in scope; by title" in result.stdout
    assert "1 to add, 1 to change" in result.stdout or "1 to add" in result.stdout
    assert list(org.sandbox.log.writes()) == []


def test_plan_leaves_with_10_only_on_request_and_only_with_changes(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    assert go("plan", "--detailed-exitcode").exit_code == 10
    assert go("run").exit_code == 0
    result = go("plan", "--detailed-exitcode")
    assert result.exit_code == 0
    assert "Nothing to change" in result.stdout


def test_plan_json_is_one_document_without_the_text_of_descriptions(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", "the secret plan of the reef", hours=2.5)
    document = json.loads(go("plan", "--json").stdout)
    assert document["schema_version"] == 1
    assert document["counts"]["add"] == 1
    assert document["changes"][0]["change"] == "CreateTask"
    assert document["changes"][0]["reason"]
    assert "secret plan" not in json.dumps(document)


def test_a_saved_plan_is_applied_as_it_is_and_only_once(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    assert go("plan", "--out", "plan.json").exit_code == 0
    result = go("apply", "plan.json", "--record", "record.json")
    assert result.exit_code == 0
    assert org.has_task(issue)
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert {one["result"] for one in record["outcomes"]} == {"done"}
    again = go("apply", "plan.json")
    assert again.exit_code == 3
    assert "acme/hub#1 is planned differently now" in again.stderr


def test_a_saved_plan_is_refused_when_the_world_moved_or_it_was_edited(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    go("plan", "--out", "plan.json")
    org.log_hours(issue, 3)
    assert go("apply", "plan.json").exit_code == 3
    saved = Path("plan.json")
    saved.write_text(saved.read_text(encoding="utf-8").replace("Reef Watch: fix", "Reef Watch: fax"), encoding="utf-8")
    edited = go("apply", "plan.json")
    assert edited.exit_code == 3
    assert "edited by hand" in edited.stderr
    saved.write_text("no plan", encoding="utf-8")
    assert go("apply", "plan.json").exit_code == 3
    assert list(org.sandbox.log.writes()) == []


def test_apply_without_a_file_shows_asks_and_obeys(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    declined = go("apply", answer="n\n")
    assert declined.exit_code == 3
    assert "nothing was written" in declined.stderr
    assert not org.has_task(issue)
    assert go("apply", answer="y\n").exit_code == 0
    assert org.has_task(issue)


def test_run_keeps_a_record_with_each_lost_edit(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    go("run")
    org.asana.rename_task(org.task(issue), "by hand")
    assert go("run", "--full", "--record", "record.json").exit_code == 0
    record = json.loads(Path("record.json").read_text(encoding="utf-8"))
    assert [(one["field"], one["was"]) for one in record["lost_edits"]] == [("name", "by hand")]
    change = record["outcomes"][0]["change"]
    assert change["changes"][0]["before"] == "by hand"
    assert change["reason"] == "edited in Asana, overwritten: name"


def test_a_refusal_shows_the_plan_the_limit_and_the_flag(go: Go, org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}") for number in range(12)]
    go("run")
    for issue in issues[:6]:
        org.github.close(issue, "not_planned")
    refused = go("run")
    assert refused.exit_code == 3
    assert "- remove" in refused.stdout
    assert "6 of 12" in refused.stderr
    assert "--allow-mass-change" in refused.stderr
    assert go("run", "--allow-mass-change").exit_code == 0


def test_explain_an_issue(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    org.issue("Help needed")
    for target in ("acme/hub#1", "https://github.com/acme/hub/issues/1"):
        text = go("explain", target).stdout
        assert "Community: Reef Watch, by title" in text
        assert "Allocation: Reef Watch Q3 2026" in text
    assert "nobody can tell" in go("explain", "acme/hub#2").stdout
    assert go("explain", "nothing").exit_code == 2
    assert json.loads(go("explain", "acme/hub#1", "--json").stdout)["match"]["kind"] == "title"


def test_settings_that_are_missing_or_wrong_are_told_at_once(go: Go, org: Organisation) -> None:
    result = go("run", CSH_GITHUB__ORG="", CSH_ASANA__HOME_PROJECT="abc", CSH_GITHUP__ORG="x")
    assert result.exit_code == 2
    for name in ("CSH_GITHUB__ORG", "CSH_ASANA__HOME_PROJECT", "CSH_GITHUP__ORG"):
        assert name in result.stderr
    assert org.sandbox.log.count() == 0


def test_a_refused_token_leaves_with_4_and_never_shows(go: Go, org: Organisation) -> None:
    result = go("run", CSH_ASANA__TOKEN="1/2222:abcdefgh")
    assert result.exit_code == 4
    assert "CSH_ASANA__TOKEN" in result.stderr
    assert "abcdefgh" not in result.output


def test_results_and_progress_go_their_own_ways(org: Organisation, tmp_path: Path) -> None:
    org.issue("Reef Watch: \x1b[31mred\x1b[0m ::error::x", hours=1)
    done = _process(org, tmp_path, "plan", CI="1").communicate()
    out, err = done
    assert "\x1b" not in out + err
    assert "plan.made" not in out
    assert all(json.loads(line) for line in err.splitlines() if line.startswith("{"))
    assert not any(line.startswith("::") for line in (out + err).splitlines())


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_the_run_after_the_write_in_flight(
    org: Organisation, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    for one in range(30):
        org.issue(f"Reef Watch: {one}", hours=1)
    org.sandbox.latency = 0.05
    process = _process(org, tmp_path, "run", "--record", "record.json")
    while not list(org.sandbox.log.writes(service="asana")):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(number)
    process.communicate(timeout=60)
    assert process.returncode == code
    record = json.loads((tmp_path / "record.json").read_text(encoding="utf-8"))
    results = {one["result"] for one in record["outcomes"]}
    assert results == {"done", "skipped"}
    org.sandbox.latency = 0
    assert org.sync().exit_code == 0
    assert len(org.asana.tasks_in(org.home)) == 30
    assert org.writes_of() == []


def _process(org: Organisation, folder: Path, *arguments: str, **more: str) -> "subprocess.Popen[str]":
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **org.settings(**more)}
    command = [sys.executable, "-m", "sync", *arguments]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
