"""The action and the workflows: pinned, with few permissions, no text of people in a script, and scripts that work."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox import Sandbox
from tests.e2e.organisation import START, Organisation

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
WORKFLOWS = (*sorted((ROOT / ".github/workflows").glob("*.yml")), *sorted((ROOT / "docs/workflows").glob("*.yml")))
WRITES = {("issue-event.yml", "permission-contents")}
"""What may write anything, besides nothing."""


def read(path: Path) -> dict[str, Any]:
    # YAML 1.1 takes the key `on` for true.
    return {"on" if key is True else key: value for key, value in yaml.safe_load(path.read_text("utf-8")).items()}


def jobs(path: Path) -> Mapping[str, dict[str, Any]]:
    return read(path)["jobs"]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for job in jobs(path).values():
            yield from ((path.name, step) for step in job.get("steps", ()))
    yield from ((ACTION.name, step) for step in read(ACTION)["runs"]["steps"])


def script(path: Path, name: str) -> str:
    found = read(path)["runs"]["steps"] if path == ACTION else [s for job in jobs(path).values() for s in job["steps"]]
    (text,) = [step["run"] for step in found if step.get("name") == name]
    return str(text)


def test_no_expression_stands_in_a_script() -> None:
    scripts = [step["run"] for _, step in steps() if "run" in step]
    assert len(scripts) >= 3
    assert [text for text in scripts if "${{" in text] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_given_job_by_job_and_none_writes(path: Path) -> None:
    assert read(path)["permissions"] == {}
    for job in jobs(path).values():
        assert job["permissions"] in ({}, {"contents": "read"})
    given = {
        (path.name, name)
        for job in jobs(path).values()
        for step in job.get("steps", ())
        for name, value in step.get("with", {}).items()
        if name.startswith("permission-") and value != "read"
    }
    assert given <= WRITES


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_schedule_keeps_off_the_hour_and_runs_one_at_a_time(path: Path) -> None:
    crons = [one["cron"] for one in read(path)["on"].get("schedule", ())]
    for cron in crons:
        assert all(int(minute) % 2 and int(minute) % 5 for minute in cron.split()[0].split(","))
    if crons:
        assert read(path)["concurrency"]["cancel-in-progress"] is False


def test_workflows_hand_over_only_what_the_action_takes_and_no_token_as_input() -> None:
    own = [step for _, step in steps() if re.match(r"\./|your-organisation/csh-sync@", str(step.get("uses")))]
    assert len(own) >= 4
    for step in own:
        assert set(step.get("with", {})) <= set(read(ACTION)["inputs"])
        assert "secrets." not in str(step.get("with"))


def test_the_reusable_workflow_is_called_with_what_it_asks_for() -> None:
    asked = read(ROOT / ".github/workflows/issue-event.yml")["on"]["workflow_call"]
    (call,) = jobs(ROOT / "docs/workflows/tell-of-issues.yml").values()
    assert set(call["with"]) == set(asked["inputs"])
    assert set(call["secrets"]) == set(asked["secrets"])


# The scripts, run by a stand-in of the runner.


class Runner:
    """What a step's script finds: folders, files for outputs, a search path."""

    def __init__(self, folder: Path) -> None:
        self.temp = folder / "runner temp"
        self.bin = folder / "bin"
        self.output = folder / "output"
        for made in (self.temp / "csh-sync" / "bin", self.bin):
            made.mkdir(parents=True)
        python = self.temp / "csh-sync" / "bin" / "python"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
        python.chmod(0o755)
        (folder / "sync").mkdir()  # a folder of the checkout that must not be taken for the code
        self.folder = folder

    def stand_in(self, name: str, text: str) -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)

    def run(self, text: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.output.write_text("")
        bash = shutil.which("bash")
        assert bash
        given = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_ACTION_PATH": str(ROOT),
            "PYTHONPATH": str(ROOT),
        }
        return subprocess.run(
            [bash, "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", text],
            cwd=self.folder,
            env={**given, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.output.read_text().splitlines())


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    return Runner(tmp_path)


def test_the_action_runs_and_hands_on_what_came_of_it(runner: Runner) -> None:
    with Sandbox(start=START) as sandbox:
        org = Organisation(sandbox)
        issue = org.issue("Reef Watch: fix", hours=1)
        settings = org.settings()
        done = runner.run(script(ACTION, "csh-sync"), COMMAND="run", ARGUMENTS="--record run.json", **settings)
        assert (done.returncode, org.has_task(issue)) == (0, True)
        assert runner.outputs().keys() == {"exit-code", "changed", "failed", "findings"}
        assert json.loads((runner.folder / "run.json").read_text("utf-8"))["exit_code"] == 0
        assert set(runner.outputs()) == set(read(ACTION)["outputs"])


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("settings", ""), ("run; touch made", ""), ("plan", "--out $(touch made)"), ("plan", "-x")],
)
def test_what_is_no_command_or_option_is_refused_and_nothing_is_carried_out(
    runner: Runner, command: str, arguments: str
) -> None:
    done = runner.run(script(ACTION, "csh-sync"), COMMAND=command, ARGUMENTS=arguments)
    assert done.returncode == 2
    assert not (runner.folder / "made").exists()


def test_the_action_installs_the_lock_by_hash(runner: Runner) -> None:
    runner.stand_in("python", 'mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; echo "$@" >> "$CALLS"')
    shutil.rmtree(runner.temp / "csh-sync")
    calls = runner.folder / "calls"
    python = str(runner.bin / "python")
    done = runner.run(script(ACTION, "Install the locked dependencies"), PYTHON=python, CALLS=str(calls))
    assert done.returncode == 0
    made, installed = calls.read_text().splitlines()
    assert made.startswith("-m venv ")
    assert "--require-hashes --only-binary :all:" in installed
    assert Path(installed.split("--requirement ")[1]).is_file()


def test_only_an_issues_address_is_sent_on(runner: Runner) -> None:
    runner.stand_in("gh", 'echo "$@" > called; cat > sent.json')
    event = {"action": "edited", "issue": {"html_url": "https://github.com/acme/hub/issues/1", "body": "$(touch made)"}}
    (runner.folder / "event.json").write_text(json.dumps(event), encoding="utf-8")
    text = script(ROOT / ".github/workflows/issue-event.yml", "Send the issue's address")
    done = runner.run(text, TARGET="acme/csh-sync", GITHUB_EVENT_PATH="event.json")
    assert done.returncode == 0
    sent = json.loads((runner.folder / "sent.json").read_text("utf-8"))
    assert sent == {"event_type": "csh-issue", "client_payload": {"issue": "https://github.com/acme/hub/issues/1"}}
    called = (runner.folder / "called").read_text(encoding="utf-8")
    assert called.strip() == "api --method POST repos/acme/csh-sync/dispatches --input -"
    assert read(ROOT / ".github/workflows/sync.yml")["on"]["repository_dispatch"]["types"] == ["csh-issue"]
