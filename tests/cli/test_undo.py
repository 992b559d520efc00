"""csh-sync undo: what a run or an adoption did, taken back from its record, and what is not."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Status
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
    assert "- row      Glacier Commons: fix" in shown.stdout
    assert "used 3 -> 0 h" in shown.stdout
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
    assert result.exit_code == 0
    assert "somebody added something to it since; it stays" in result.output
    assert "its task stays, and so does its row" in result.output
    assert "not all of its rows are taken back; the next run sums them anew" in result.output
    assert (gone.trashed is not None, kept.trashed is None) == (True, True)
    assert (org.rows(empty), [row["Hours"] for row in org.rows(used).values()]) == ({}, [1])
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3


def test_a_task_stays_when_one_below_it_does(go: Go, org: Organisation) -> None:
    above = org.issue("Reef Watch: fix", hours=2)
    below = org.issue("Part", labels=(), parent=above, hours=1)
    name = recorded(go)
    org.asana.comment_on(org.task(below), "mind the gap", by=org.ana)
    result = go("undo", name, "--yes")
    assert "a task that stays hangs below it" in result.output
    assert org.task(below).parent is org.task(above)
    assert (len(org.rows(above)), len(org.rows(below))) == (1, 1)


def test_rows_and_totals_go_back_to_what_they_were(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    org.log_hours(issue, 3.5)
    org.github.close(issue, "completed")
    name = recorded(go)
    assert (org.rows(issue)["Reef Watch Q3"]["Hours"], org.allocation(org.reef, "Q3")["Hours used"]) == (3.5, 3.5)
    result = go("undo", name, "--yes")
    assert result.exit_code == 0, result.output
    row, totals = org.rows(issue)["Reef Watch Q3"], org.allocation(org.reef, "Q3")
    assert (row["Hours"], row["State"], totals["Hours used"], totals["Hours left"]) == (2, "Open", 2, 6)
    assert totals["Hours left sentence"].startswith("Reef Watch: 6 of 8 h left")
    assert go("run").exit_code == 0
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 3.5


def test_a_row_that_somebody_edited_since_stays_and_so_do_the_totals(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    org.log_hours(issue, 3)
    name = recorded(go)
    (record,) = [one for one, cells in org.airtable.rows("Activity").items() if cells.get("Hours") == 3]
    org.airtable.edit_cell("Activity", record, "Hours", 5)
    result = go("undo", name, "--yes")
    assert "Hours: somebody changed it since; it stays" in result.stdout
    assert "not all of its rows are taken back" in result.stdout
    assert (org.rows(issue)["Reef Watch Q3"]["Hours"], org.allocation(org.reef, "Q3")["Hours used"]) == (5, 3)


def test_a_row_that_somebody_wrote_into_stays_and_keeps_its_task(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    name = recorded(go)
    (record,) = org.airtable.rows("Activity")
    org.airtable.edit_cell("Activity", record, "Notes", "ask Tessa")
    result = go("undo", name, "--yes")
    assert "somebody wrote into it since, and it stays" in result.stdout
    assert "its row stays, and so does it" in result.stdout
    assert org.rows(issue)["Reef Watch Q3"]["Notes"] == "ask Tessa"
    assert org.has_task(issue)


def test_a_seal_is_lifted_with_the_rows_behind_it(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2, End_date="2026-06-20")
    name = recorded(go)
    assert org.allocation(org.reef, "Q2")["Hours at sealing"] == 2
    result = go("undo", name, "--yes")
    assert result.exit_code == 0, result.output
    left = {one: org.allocation(org.reef, "Q2").get(one) for one in ("Sealed on", "Hours at sealing", "Sealed rows")}
    assert (set(left.values()), org.rows(issue)) == ({None}, {})


def test_a_seal_that_is_not_the_runs_any_more_stays_with_its_rows(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2, End_date="2026-06-20")
    name = recorded(go)
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q2"], "Sealed on", "2026-08-01")
    result = go("undo", name, "--yes")
    assert "its seal: somebody changed it since; it stays" in result.stdout
    assert "its allocation is sealed; a tick in Reopen there lifts the seal" in result.stdout
    assert org.rows(issue)["Reef Watch Q2"]["Hours"] == 2
    assert org.has_task(issue)


BACK_LINKS = {"CSH_BACKLINKS__ENABLED": "true", "CSH_BACKLINKS__PUBLIC": "true"}


def test_a_comment_on_an_issue_is_deleted_again_unless_somebody_edited_it(go: Go, org: Organisation) -> None:
    plain, edited = org.issue("Reef Watch: fix"), org.issue("Reef Watch: more")
    assert go("run", "--record", "run.json", **BACK_LINKS).exit_code == 0
    org.github.edit_comment(edited.comments[0], "Thanks!")
    result = go("undo", "run.json", "--yes", **BACK_LINKS)
    assert result.exit_code == 0, result.output
    assert "acme/hub#2: the comment on the issue: somebody changed it since; it stays" in result.stdout
    assert (plain.comments, [one.body for one in edited.comments]) == ([], ["Thanks!"])


def test_a_comment_that_somebody_edits_at_the_last_moment_stays(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    assert go("run", "--record", "run.json", **BACK_LINKS).exit_code == 0
    looks: list[int] = []

    def edits(asked: Any) -> bool:
        if asked.path.endswith(f"/issues/comments/{issue.comments[0].id}"):
            looks.append(1)
            if len(looks) == 3:  # planned, planned once more under the lease, and now right before it is deleted
                org.github.edit_comment(issue.comments[0], "Thanks!")
        return False

    org.sandbox.faults.add(Status(500), service="github", where=edits)
    result = go("undo", "run.json", "--yes", **BACK_LINKS)
    assert "somebody edited it meanwhile" in result.output
    assert (len(looks), [one.body for one in issue.comments]) == (3, ["Thanks!"])


def test_a_comment_that_cannot_be_read_is_listed(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    assert go("run", "--record", "run.json", **BACK_LINKS).exit_code == 0
    result = go("undo", "run.json", "--yes")
    assert "the comment could not be read; delete it by hand, or switch back-links on and look again" in result.stdout
    assert len(issue.comments) == 1


def edited(go: Go, org: Organisation, repository: str, *arguments: str) -> Any:
    """Run, edit the body of an issue, run again with a record; return the issue's task."""
    issue = org.issue("Reef Watch: fix", "The cluster is down.", repository=repository)
    recorded(go)
    org.github.edit(issue, body="The cluster is up.")
    assert go("run", "--record", "edited.json", *arguments).exit_code == 0
    assert "is up" in org.task(issue).rich.text
    return org.task(issue)


def test_the_description_of_a_public_issue_comes_back(go: Go, org: Organisation) -> None:
    task = edited(go, org, "hub")
    result = go("undo", "edited.json", "--yes")
    assert result.exit_code == 0, result.output
    assert "The cluster is down." in task.rich.text


def test_a_description_that_somebody_edited_since_stays(go: Go, org: Organisation) -> None:
    task = edited(go, org, "hub")
    org.asana.edit_notes(task, f"{task.rich.text} Is it?")
    result = go("undo", "edited.json", "--yes")
    assert "description: somebody changed it since; it stays" in result.stdout
    assert "is up" in task.rich.text


REFUSED = Status(400, {"errors": [{"message": "XML is invalid"}]})


def refusing(org: Organisation) -> Any:
    """Let Asana refuse descriptions as rich text until the fault is lifted."""
    return org.sandbox.faults.add(
        REFUSED, service="asana", is_write=True, where=lambda asked: "html_notes" in str(asked.body)
    )


def test_a_description_that_had_to_be_written_as_plain_text_comes_back_too(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", "The **cluster** is down, see https://example.org/a.")
    recorded(go)
    org.github.edit(issue, body="The **cluster** is up, see https://example.org/b.\n\n* really")
    fault = refusing(org)
    name = recorded(go)
    org.sandbox.faults.remove(fault)
    task = org.task(issue)
    assert "cluster is up" in task.rich.text
    result = go("undo", name, "--yes", "--record", "undo.json")
    assert "changed it since" not in result.output
    assert "<strong>cluster</strong> is down" in task.rich.html
    assert go("undo", "undo.json", "--yes").exit_code == 0
    assert "cluster is up" in task.rich.text
    org.asana.edit_notes(task, f"{task.rich.text} Is it?")
    assert "description: somebody changed it since; it stays" in go("undo", name, "--dry-run").stdout


def test_a_former_description_that_asana_refuses_comes_back_as_plain_text(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", "# Trouble\n\nThe **cluster** is down.\n\n* see [this](https://example.org/a)")
    recorded(go)
    task = org.task(issue)
    org.github.edit(issue, body="The cluster is up.")
    name = recorded(go)
    refusing(org)
    result = go("undo", name, "--yes", "--record", "undo.json")
    assert result.exit_code == 0, result.output
    shown = [line for line in task.rich.text.splitlines() if line]
    assert shown[:3] == ["Trouble", "The cluster is down.", "• see this (https://example.org/a)"]
    assert go("undo", "undo.json", "--dry-run").stdout.count("changed it since") == 0
    org.asana.edit_field(task, org.url_field, None)
    assert go("run").exit_code == 0
    assert (org.task(issue), len(org.tasks())) == (task, 1)  # its last line still names the issue


def test_a_removed_task_whose_description_asana_refuses_is_made_anew_with_its_words(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", "The **cluster** is down.")
    recorded(go)
    org.github.close(issue, "not_planned")
    name = recorded(go)
    refusing(org)
    assert go("undo", name, "--yes").exit_code == 0
    assert org.task(issue).rich.text.startswith("The cluster is down.")


def test_an_assignee_whom_asana_refused_was_never_written_and_is_not_called_changed(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    org.github.edit(issue, title="Reef Watch: fixed")
    org.github.assign(issue, "ana")
    org.sandbox.faults.add(
        Status(400, {"errors": [{"message": "assignee: Not a user"}]}),
        service="asana",
        is_write=True,
        where=lambda asked: "assignee" in str(asked.body),
    )
    name = recorded(go)
    assert org.task(issue).assignee is None
    result = go("undo", name, "--yes")
    assert "changed it since" not in result.output
    assert org.task(issue).name == "Reef Watch: fix"


def test_the_description_of_a_private_issue_comes_back_only_where_its_text_was_kept(go: Go, org: Organisation) -> None:
    org.github.add_repository("vault", labels=["CSH"], private=True)
    task = edited(go, org, "vault")
    assert "cluster" not in Path("edited.json").read_text("utf-8")
    result = go("undo", "edited.json", "--yes")
    assert "run with --with-bodies keeps it for the next time" in result.stdout
    assert "is up" in task.rich.text


def test_with_bodies_the_record_keeps_private_texts_too(go: Go, org: Organisation) -> None:
    org.github.add_repository("vault", labels=["CSH"], private=True)
    task = edited(go, org, "vault", "--with-bodies")
    assert go("undo", "edited.json", "--yes").exit_code == 0
    assert "The cluster is down." in task.rich.text


def test_a_removed_task_gets_its_description_back(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", "The cluster is down.")
    recorded(go)
    org.github.close(issue, "not_planned")
    name = recorded(go)
    assert go("undo", name, "--yes").exit_code == 0
    assert "The cluster is down." in org.task(issue).rich.text


def test_a_task_that_a_run_put_back_into_the_home_project_leaves_it_again(go: Go, org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    recorded(go)
    task = org.task(issue)
    org.asana.remove_task_from_project(task, org.home)
    before = state(task)
    name = recorded(go)
    assert org.task(issue) is task
    assert go("undo", name, "--yes").exit_code == 0
    assert state(task) == before


def test_with_a_column_that_is_not_as_it_should_be_nothing_is_undone(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    name = recorded(go)
    org.airtable.rename_field("Activity", "Hours", "Stunden")
    mark = org.sandbox.log.mark()
    result = go("undo", name, "--yes")
    assert result.exit_code == 3
    assert "Hours" in result.output
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_what_was_told_is_listed_as_staying(go: Go, org: Organisation) -> None:
    org.github.close(org.issue("Reef Watch: fix"), "completed")
    name = recorded(go)
    result = go("undo", name, "--dry-run")
    assert "messages to people: what was told stays told, and so do its rows in Alerts" in result.stdout


def test_the_next_run_believes_nothing_of_what_it_remembered(go: Go, org: Organisation) -> None:
    remembering = {"CSH_RUN__STATE_FILE": "state.sqlite"}
    issue = org.issue("Reef Watch: fix", hours=2)
    assert go("run", "--record", "run.json", **remembering).exit_code == 0
    assert go("run", **remembering).exit_code == 0
    assert go("undo", "run.json", "--yes", **remembering).exit_code == 0
    result = go("run", **remembering)
    assert result.exit_code == 0
    assert "look at GitHub" not in result.stderr.split("plan …")[0]
    assert org.has_task(issue)
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2


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
