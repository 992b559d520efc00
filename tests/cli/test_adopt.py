"""csh-sync adopt: a world that earlier tools and people left, taken over without a duplicate."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Cut, Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


class Old:
    """What the predecessor left: a flat home project with its own field, twins, time logged by hand."""

    def __init__(self, org: Organisation) -> None:
        self.org = org
        self.field = org.asana.add_field("GitHub Issue URL", "text")
        org.asana.add_field_to_project(org.home, self.field)
        self.elsewhere = org.asana.add_project("Old mirror", fields=[self.field])

    def task(self, issue: Any, name: str = "", **place: Any) -> Any:
        """Add a task as the predecessor made it."""
        place = place or {"project": self.org.home}
        return self.org.asana.add_task(name or issue.title, fields={self.field.gid: self.org.url(issue)}, **place)


@pytest.fixture
def old(org: Organisation) -> Old:
    return Old(org)


def live(org: Organisation) -> set[str]:
    """Return the gids of the tasks that are there."""
    return {gid for gid, task in org.asana.tasks.items() if task.trashed is None}


def test_a_flat_mirror_is_taken_over_and_the_first_run_makes_nothing_anew(go: Go, org: Organisation, old: Old) -> None:
    one, two = org.issue("Reef Watch: fix", hours=2), org.issue("Glacier Commons: help", hours=1)
    tasks = [old.task(one, "Fix (old)"), old.task(two)]
    org.asana.log_minutes(tasks[0], 30, org.sandbox.clock.now().date())
    before = live(org)
    result = go("adopt", "--yes")
    assert result.exit_code == 0, result.output
    assert "acme/hub#1  Reef Watch: fix" in result.stdout
    assert "it names the issue by a field of an earlier tool" in result.stdout
    assert "hang it under the CSH task of Reef Watch" in result.stdout
    assert "the next run writes" in result.stdout
    assert [org.asana.field_value(task, org.url_field) for task in tasks] == [org.url(one), org.url(two)]
    assert tasks[0].parent is org.reef.csh["Q3"]
    assert tasks[0].name == "Fix (old)"  # nothing else of it changed
    assert go("run").exit_code == 0
    assert live(org) == before
    assert org.task(one) is tasks[0]
    assert tasks[0].name == "Reef Watch: fix"
    mark = org.sandbox.log.mark()
    assert go("run").exit_code == 0
    assert len(org.sandbox.log.writes(since=mark)) == 1  # the heartbeat
    assert "Nothing to adopt." in go("adopt", "--yes").stdout


def test_without_it_the_run_would_have_made_twins(go: Go, org: Organisation, old: Old) -> None:
    old.task(org.issue("Reef Watch: fix", hours=2))
    before = live(org)
    assert go("run").exit_code == 0
    assert len(live(org)) == len(before) + 1


def test_tasks_below_csh_tasks_and_in_flat_projects_get_home_and_key_and_keep_their_place(
    go: Go, org: Organisation, old: Old
) -> None:
    below, flat = org.issue("Reef Watch: fix", hours=2), org.issue("Glacier Commons: help", hours=1)
    org.asana.add_field_to_project(org.reef.asana_project, old.field)
    placed = org.asana.add_task("Fix", parent=org.reef.csh["Q2"], project=org.reef.asana_project)
    org.asana.edit_field(placed, old.field, org.url(below))
    loose = old.task(flat, project=old.elsewhere)
    before = live(org)
    assert "Glacier" not in go("adopt", "--dry-run").stdout
    result = go("adopt", "--yes", "--project", old.elsewhere.gid)
    assert result.exit_code == 0, result.output
    assert placed.parent is org.reef.csh["Q2"]
    assert set(placed.projects) == {org.reef.asana_project, org.home}
    assert set(loose.projects) == {old.elsewhere, org.home}
    assert loose.parent is org.glacier.csh["Q3"]
    assert go("run").exit_code == 0
    assert live(org) == before
    assert placed.parent is org.reef.csh["Q2"]  # a person's place stays


def test_a_task_with_nothing_but_the_link_is_a_persons_and_is_taken_over(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    link = f'<body>See <a href="{org.url(issue)}">the issue</a></body>'
    task = org.asana.add_task("By hand", parent=org.reef.csh["Q3"], html_notes=link)
    other = org.asana.add_task("Two links", parent=org.reef.csh["Q3"], notes=f"{org.url(issue)} https://example.org")
    result = go("adopt", "--yes")
    assert "by the only link of its description" in result.stdout
    assert org.task(issue) is task
    assert list(other.projects) == []


def test_of_twins_the_one_people_worked_with_is_kept_and_the_empty_one_goes(
    go: Go, org: Organisation, old: Old
) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    empty = old.task(issue, "First")
    org.days_pass(1)
    used = old.task(issue, "Second")
    org.asana.comment_on(used, "please mind the gap", by=org.ana)
    shown = go("adopt", "--dry-run")
    assert "+ adopt Second" in shown.stdout
    assert f"! twin First ({empty.gid}): moved to the trash: it holds nothing a person added" in shown.stdout
    assert empty.trashed is None
    assert go("adopt", "--yes").exit_code == 0
    assert empty.trashed is not None
    assert org.task(issue) is used
    assert go("run").exit_code == 0
    assert org.task(issue) is used


def test_of_twins_with_content_both_stay_and_only_one_has_the_key(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    first = org.asana.add_task("First", project=org.home, fields={org.url_field.gid: org.url(issue)})
    org.days_pass(1)
    second = old.task(issue, "Second")
    for number, task in ((1, first), (2, second)):
        for _ in range(number):
            org.asana.comment_on(task, "words", by=org.ana)
    result = go("adopt", "--yes")
    assert result.exit_code == 0, result.output
    assert "stays, without our key: merge by hand what people added" in result.stdout
    assert first.trashed is None
    assert not org.asana.field_value(first, org.url_field)
    assert org.task(issue) is second
    before = live(org)
    assert go("run").exit_code == 0
    assert live(org) == before
    assert org.task(issue) is second


def test_issues_out_of_scope_are_left_alone_and_shown(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", labels=())
    task = old.task(issue)
    result = go("adopt", "--yes")
    assert "Left alone: 1 task whose issue is not in scope" in result.stdout
    assert "Nothing to adopt." in result.stdout
    assert not org.asana.field_value(task, org.url_field)


def test_a_task_that_links_to_more_than_its_issue_is_shown_and_taken_over_once_it_does_not(
    go: Go, org: Organisation
) -> None:
    issue, other = org.issue("Reef Watch: fix"), org.issue("Reef Watch: more")
    task = org.asana.add_task("Fix it", parent=org.reef.csh["Q3"])
    org.asana.edit_notes(task, f"{org.url(issue)} and https://example.org/notes")
    both = org.asana.add_task("Both", parent=org.reef.csh["Q3"])
    org.asana.edit_notes(both, f"{org.url(issue)} {org.url(other)}")
    result = go("adopt", "--yes")
    assert "Left alone: 1 task linking to an issue among other things" in result.stdout
    assert f"Fix it ({task.gid}): {org.url(issue)}" in result.stdout
    assert list(org.sandbox.log.writes()) == []
    org.asana.edit_notes(task, org.url(issue))
    assert "+ adopt Fix it" in go("adopt", "--yes").stdout
    assert "Left alone" not in go("adopt", "--yes").stdout


def test_nothing_is_written_without_consent(go: Go, org: Organisation, old: Old) -> None:
    old.task(org.issue("Reef Watch: fix", hours=2))
    result = go("adopt", answer="n\n")
    assert result.exit_code == 3
    assert list(org.sandbox.log.writes()) == []
    assert list(Path().glob("adopt-*.json")) == []


def test_it_is_recorded_with_everything_needed_to_undo_it(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    task = old.task(issue, project=old.elsewhere)
    result = go("adopt", "--yes", "--project", old.elsewhere.gid, "--record", "adopted.json")
    assert result.exit_code == 0, result.output
    document = json.loads(Path("adopted.json").read_text(encoding="utf-8"))
    assert document["kind"] == "adoption"
    assert document["adoptions"][0]["kept"]["gid"] == task.gid
    assert [(one["change"]["change"], one["result"]) for one in document["outcomes"]] == [
        ("RehomeTask", "done"),
        ("PlaceTask", "done"),
    ]
    assert org.sandbox.github.token not in Path("adopted.json").read_text(encoding="utf-8")


def test_a_lost_answer_and_a_second_try_end_the_same(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    task = old.task(issue, project=old.elsewhere)
    org.sandbox.faults.add(Cut("after"), service="asana", method="POST", path="addProject$", times=1)
    assert go("adopt", "--yes", "--project", old.elsewhere.gid).exit_code == 0
    assert org.task(issue) is task
    assert "Nothing to adopt." in go("adopt", "--yes", "--project", old.elsewhere.gid).stdout


def test_while_a_run_writes_nothing_is_taken_over(go: Go, org: Organisation, old: Old) -> None:
    old.task(org.issue("Reef Watch: fix", hours=2))
    until = org.sandbox.clock.now().replace(year=2027).isoformat()
    org.airtable.add_row("Runs", {"Run": "run elsewhere", "Lease until": until})
    assert go("adopt", "--yes").exit_code == 3
    assert org.writes_elsewhere() == []


def test_tasks_that_could_not_all_be_read_are_not_taken_over(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    old.task(issue)
    hidden = old.task(issue)
    org.asana.comment_on(hidden, "words", by=org.ana)
    org.sandbox.faults.add(Status(403), service="asana", path=f"/tasks/{hidden.gid}/stories$")
    result = go("adopt", "--yes")
    assert "what people added to its tasks could not be read; left alone" in result.stdout
    assert list(org.sandbox.log.writes()) == []


def test_what_people_type_is_no_markup_and_no_command(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: \x1b[31m[bold]red[/] ::error::x", hours=2)
    old.task(issue, "::add-mask::\x1b]0;x\x07 evil")
    result = go("adopt", "--yes", GITHUB_ACTIONS="true")
    assert result.exit_code == 0, result.output
    assert "\x1b" not in result.output
    assert not [line for line in result.output.splitlines() if line.lstrip().startswith("::")]


def test_without_a_field_for_the_key_it_says_what_makes_one(go: Go, org: Organisation, old: Old) -> None:
    old.task(org.issue("Reef Watch: fix", hours=2))
    org.asana.delete_field(org.url_field)
    result = go("adopt", "--yes")
    assert result.exit_code == 3
    assert "csh-sync init makes it" in result.output
    assert go("init", "--no-input", "--yes").exit_code == 0
    assert go("adopt", "--yes").exit_code == 0
    before = live(org)
    assert go("run").exit_code == 0
    assert live(org) == before


def test_a_home_that_gets_lost_on_the_way_is_found_again(go: Go, org: Organisation, old: Old) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    task = old.task(issue)
    org.sandbox.asana.options.home_lost_on_set_parent = "membership_and_fields"
    assert go("adopt", "--yes").exit_code == 0
    assert org.task(issue) is task
    assert task.parent is org.reef.csh["Q3"]


def test_the_documents_are_json_and_hold_no_descriptions(go: Go, org: Organisation, old: Old) -> None:
    task = old.task(org.issue("Reef Watch: fix", hours=2))
    org.asana.edit_notes(task, "the secret of the reef")
    shown = json.loads(go("adopt", "--json", "--dry-run").stdout)
    assert (shown["kind"], len(shown["adoptions"])) == ("adoption", 1)
    done = json.loads(go("adopt", "--json", "--yes", "--record", "adopted.json").stdout)
    assert [one["result"] for one in done["outcomes"]] == ["done", "done"]
    back = json.loads(go("undo", "adopted.json", "--json", "--yes").stdout)
    assert back["kind"] == "undo"
    assert "secret" not in json.dumps([shown, done, back])
