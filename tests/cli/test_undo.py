"""csh-sync undo: what a run or an adoption did, taken back from its record, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_adopt import Old
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


def recorded(go: Go, name: str = "run.json") -> str:
    """Run once with a record."""
    result = go("run", "--record", name)
    assert result.exit_code == 0, result.output
    return name


def state(task: Any) -> dict[str, Any]:
    """Return what stands on a task, moments aside."""
    values = {gid: value for gid, value in task.values.items() if value is not None}
    return {"name": task.name, "parent": task.parent, "projects": set(task.projects), "values": values}


def test_an_adoption_is_taken_back_whole(go: Go, org: Organisation) -> None:
    old = Old(org)
    flat, homed = org.issue("Reef Watch: fix", hours=2), org.issue("Glacier Commons: help", hours=1)
    tasks = [old.task(flat, project=old.elsewhere), old.task(homed)]
    before = [state(task) for task in tasks]
    arguments = ("adopt", "--yes", "--project", old.elsewhere.gid, "--record", "adopted.json")
    assert go(*arguments).exit_code == 0
    assert [state(task) for task in tasks] != before
    result = go("undo", "adopted.json", "--yes")
    assert result.exit_code == 0, result.output
    assert [state(task) for task in tasks] == before


def test_former_values_and_places_come_back(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    task = org.task(issue)
    before = state(task)
    org.github.edit(issue, title="Glacier Commons: fix")
    org.log_hours(issue, 3)
    name = recorded(go)
    assert state(task) != before
    shown = go("undo", name, "--dry-run")
    assert "its former values" in shown.stdout
    assert "where it hung before" in shown.stdout
    assert "the next run computes it anew" in shown.stdout
    assert state(task) != before
    result = go("undo", name, "--yes")
    assert result.exit_code == 0, result.output
    assert state(task) == before


def test_made_tasks_go_unless_somebody_worked_with_them(go: Go, org: Organisation) -> None:
    empty, used = org.issue("Reef Watch: fix", hours=2), org.issue("Reef Watch: more", hours=1)
    name = recorded(go)
    kept, gone = org.task(used), org.task(empty)
    org.asana.comment_on(kept, "mind the gap", by=org.ana)
    result = go("undo", name, "--yes")
    assert result.exit_code == 1
    assert "somebody added something to it meanwhile" in result.output
    assert (gone.trashed is not None, kept.trashed is None) == (True, True)


def test_a_removed_task_is_made_anew_with_fields_and_place(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    task = org.task(issue)
    before = state(task)
    org.github.close(issue, "not_planned")
    name = recorded(go, "removed.json")
    assert task.trashed is not None
    result = go("undo", name, "--yes")
    assert result.exit_code == 0, result.output
    anew = org.task(issue)
    assert anew is not task
    assert state(anew) == before
    org.github.reopen(issue)
    assert go("run").exit_code == 0
    assert org.task(issue) is anew  # the next run knows it for the mirrored one


def test_what_people_did_since_stays(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    org.github.edit(issue, title="Reef Watch: fixed")
    name = recorded(go)
    task = org.task(issue)
    org.asana.rename_task(task, "By hand", by=org.ana)
    result = go("undo", name, "--yes")
    assert "name: somebody changed it since; it stays" in result.stdout
    assert task.name == "By hand"


def test_an_undo_is_recorded_and_can_be_taken_back_itself(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    org.github.edit(issue, title="Reef Watch: fixed")
    name = recorded(go)
    task = org.task(issue)
    after = state(task)
    assert go("undo", name, "--yes", "--record", "undo.json").exit_code == 0
    assert state(task) != after
    assert json.loads(Path("undo.json").read_text(encoding="utf-8"))["kind"] == "undo"
    assert go("undo", "undo.json", "--yes").exit_code == 0
    assert state(task) == after


def test_without_consent_nothing_is_written(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    name = recorded(go)
    mark = org.sandbox.log.mark()
    assert go("undo", name, answer="n\n").exit_code == 3
    assert list(org.sandbox.log.writes(since=mark)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"kind": "plan", "schema_version": 1}',
        '{"kind": "record", "schema_version": 1, "outcomes": [{}]}',
    ],
)
def test_a_file_that_is_no_record_is_refused(go: Go, org: Organisation, text: str) -> None:
    Path("odd.json").write_text(text, encoding="utf-8")
    result = go("undo", "odd.json", "--yes")
    assert result.exit_code == 2
    assert "record" in result.output or "cannot be read" in result.output
    assert list(org.sandbox.log.select()) == []
