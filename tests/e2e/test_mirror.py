"""The main job over real HTTP: issues become tasks in their place, rows and totals; a second run is silent."""

from datetime import date
from typing import Any

import pytest

from sandbox import Sandbox
from sync.errors import ExitCode
from sync.model.change import WaitsFor
from tests.e2e.organisation import Organisation


def test_a_labelled_issue_becomes_a_task_under_its_communitys_csh_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix the hub", "Some **bold** text", hours=2.5)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    task = org.task(issue)
    assert task.name == "Reef Watch: fix the hub"
    assert task.parent is org.reef.csh["Q3"]
    assert org.asana.field_value(task, org.hours_field) == 2.5
    assert org.asana.field_value(task, org.id_field) == issue.node_id
    rows = org.rows(issue)
    assert list(rows) == ["Reef Watch Q3"]
    assert rows["Reef Watch Q3"]["Hours"] == 2.5
    assert rows["Reef Watch Q3"]["Task"] == task.gid
    assert rows["Reef Watch Q3"]["Placed under"] == org.reef.csh["Q3"].gid
    totals = org.allocation(org.reef, "Q3")
    assert (totals["Hours used"], totals["Hours left"]) == (2.5, 5.5)
    assert totals["Hours left sentence"] == "Reef Watch: 5.5 of 8 h left until 30 Sep"
    assert totals["Used %"] == pytest.approx(0.3125)


def test_both_asana_layouts_are_served(org: Organisation) -> None:
    issue = org.issue("GlacierHub - image", hours=1)
    org.sync()
    assert org.task(issue).parent is org.glacier.csh["Q3"]


def test_sub_issues_follow_across_repositories_without_a_label(org: Organisation) -> None:
    root = org.issue("Reef Watch: roadmap", hours=1)
    child = org.issue("Draft", repository="docs", labels=(), parent=root, hours=0.5)
    grandchild = org.issue("Review", labels=(), parent=child)
    org.sync()
    assert org.task(child).parent is org.task(root)
    assert org.task(grandchild).parent is org.task(child)
    assert list(org.rows(child)) == ["Reef Watch Q3"]
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1.5


def test_a_labelled_sub_issue_of_a_labelled_issue_appears_once(org: Organisation) -> None:
    root = org.issue("Reef Watch: roadmap")
    child = org.issue("Draft", parent=root, hours=1)
    org.sync()
    assert org.task(child).parent is org.task(root)
    assert len(org.tasks()) == 2
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1


def test_pull_requests_are_never_mirrored(org: Organisation) -> None:
    org.github.open_pull_request("hub", "Reef Watch: code", labels=["CSH"])
    org.sync()
    assert not org.tasks()


def test_the_label_counts_in_any_case_but_only_as_a_whole(org: Organisation) -> None:
    org.github.add_repository("lower", labels=["csh", "CSH-later"])
    counted = org.issue("Reef Watch: a", repository="lower", labels=("csh",))
    other = org.issue("Reef Watch: b", repository="lower", labels=("CSH-later",))
    org.sync()
    assert org.has_task(counted)
    assert not org.has_task(other)


def test_a_second_run_sends_no_writing_request(org: Organisation, sandbox: Sandbox) -> None:
    org.github.assign(org.issue("Reef Watch: mapped", hours=0.33), "ana")
    org.issue("Reef Watch: no-break\u00a0space  and   blanks", "a\u00a0b\r\n\r\n* c\n* d\n\n<b>x</b> & `y`", hours=1.1)
    org.issue(
        "Reef Watch: table",
        "| a | b |\n|---|---|\n| 1 | 2 |\n\n- [ ] todo\n\n```mermaid\ngraph\n```\n\n<details>x</details>",
    )
    org.issue("nobody knows", hours=0.2)
    org.issue("Reef Watch: off the board", board=False)
    org.issue("Reef Watch: with a date", hours=1, End_date="2026-05-02")
    org.sync()
    assert org.writes_of() == []


def test_an_organisation_issue_field_holds_the_hours_as_well(sandbox: Sandbox) -> None:
    org = Organisation(sandbox, hours="issue field")
    issue = org.issue("Reef Watch: fix", hours=3)
    org.sync()
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 3
    assert org.writes_of() == []


def test_an_archived_board_item_still_has_its_hours(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=3)
    org.github.archive_item(next(item for item in org.board.items if item.content is issue))
    org.sync()
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 3


def test_an_issue_off_the_board_is_mirrored_and_reported_with_unknown_hours(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", board=False)
    report = org.sync()
    assert "not_on_board" in {finding.kind for finding in report.plan.findings}
    assert "Hours" not in org.rows(issue)["Reef Watch Q3"]
    assert org.asana.field_value(org.task(issue), org.hours_field) is None


def test_an_issue_nobody_can_place_waits_in_the_home_project(org: Organisation) -> None:
    issue = org.issue("Help with something", hours=1.5)
    report = org.sync()
    assert org.task(issue).parent is None
    assert org.rows(issue)["unplaced"]["Hours"] == 1.5
    [waits] = report.plan.waiting
    assert (waits.about.reference, waits.waits_for) == ("acme/hub#1", WaitsFor.COMMUNITY)
    org.github.edit(issue, title="Reef Watch: help with something")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 1.5
    assert org.rows(issue)["unplaced"]["Hours"] == 0
    assert org.writes_of() == []


def test_changes_on_github_reach_the_task(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", "first", hours=1)
    org.sync()
    org.github.edit(issue, title="Reef Watch: fix it all", body="second")
    org.github.assign(issue, "ana")
    org.log_hours(issue, 2)
    org.sync()
    task = org.task(issue)
    assert task.name == "Reef Watch: fix it all"
    assert task.assignee is org.ana
    assert org.asana.field_value(task, org.hours_field) == 2
    assert org.rows(issue)["Reef Watch Q3"]["People"] == "ana"
    assert org.writes_of() == []
    org.github.unassign(issue, "ana")
    org.log_hours(issue, None)
    org.sync()
    assert org.task(issue).assignee is None
    assert org.asana.field_value(org.task(issue), org.hours_field) is None
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 0
    assert org.writes_of() == []


def test_an_edit_in_asana_is_overwritten_and_listed(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.sync()
    org.asana.rename_task(org.task(issue), "something else")
    org.asana.complete_task(org.task(issue))
    report = org.sync()
    assert org.task(issue).name == "Reef Watch: fix"
    assert org.task(issue).completed_at is None
    update = next(change for change in report.plan.changes if type(change).__name__ == "UpdateTask")
    lost = {one.name: one.before for one in update.changes if one.edited_in_asana}
    assert lost == {"name": "something else", "completed": True}


def test_a_hand_set_assignee_is_never_cleared_for_an_unknown_person(org: Organisation) -> None:
    org.github.add_user("stranger")
    issue = org.issue("Reef Watch: fix")
    org.github.assign(issue, "stranger")
    report = org.sync()
    assert "person_unmapped" in {finding.kind for finding in report.plan.findings}
    org.asana.assign_task(org.task(issue), org.ana)
    assert org.writes_of() == []
    assert org.task(issue).assignee is org.ana


def test_contacts_in_airtable_tell_who_somebody_is(org: Organisation) -> None:
    org.github.add_user("ana-codes")
    issue = org.issue("Reef Watch: fix")
    org.github.assign(issue, "ana-codes")
    org.airtable.add_row("Contacts", {"Name": "Ana", "Email": "ana@example.org", "GitHub": "ana-codes"})
    report = org.sync()
    assert org.task(issue).assignee is org.ana
    assert "person_unmapped" not in {finding.kind for finding in report.plan.findings}


def test_peoples_fields_and_hand_made_tasks_are_untouched(org: Organisation) -> None:
    tags = org.asana.add_field("Mood", "text")
    org.asana.add_field_to_project(org.home, tags)
    issue = org.issue("Reef Watch: fix", hours=1)
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 45, date(2026, 8, 9))
    org.sync()
    task = org.task(issue)
    org.asana.edit_field(task, tags, "happy")
    org.asana.comment_on(task, "well done")
    row = org.rows(issue)["Reef Watch Q3"]
    record = org.airtable.find("Activity", {"Key": row["Key"]})[0]
    org.airtable.edit_cells("Activity", record, {"Report text": "for the report", "Internal": True})
    org.log_hours(issue, 2)
    org.github.edit(issue, title="Reef Watch: fixed")
    org.sync()
    assert org.asana.field_value(org.task(issue), tags) == "happy"
    assert org.airtable.row("Activity", record)["Report text"] == "for the report"
    assert org.airtable.row("Activity", record)["Internal"] is True
    touched = [one for one in org.sandbox.log.writes(service="asana") if call.gid in one.path]
    assert touched == []


def test_hand_made_time_counts_for_the_csh_task_it_hangs_under(org: Organisation) -> None:
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    nested = org.asana.add_task("Follow-up", parent=call)
    org.asana.log_minutes(call, 45, date(2026, 8, 9))
    org.asana.log_minutes(nested, 30, date(2026, 8, 9))
    org.asana.log_minutes(org.glacier.csh["Q4"], 15, date(2026, 8, 9))
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1.25
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 0.25, "an entry counts for the period of its own day"
    assert org.allocation(org.glacier, "Q4")["Hours used"] == 0
    assert org.writes_of() == []


def test_hours_fields_on_a_csh_task_are_filled_where_they_exist(org: Organisation) -> None:
    used = org.asana.add_field("Hours used", "number", precision=2)
    left = org.asana.add_field("Hours left", "number", precision=2)
    for one in (used, left):
        org.asana.add_field_to_project(org.reef.asana_project, one)
    org.issue("Reef Watch: fix", hours=3)
    org.sync()
    csh = org.reef.csh["Q3"]
    assert (org.asana.field_value(csh, used), org.asana.field_value(csh, left)) == (3, 5)
    assert org.writes_of() == []


@pytest.mark.parametrize("lost", ["membership", "membership_and_fields"])
def test_a_home_project_lost_on_the_way_is_added_again(org: Organisation, lost: Any) -> None:
    org.sandbox.asana.options.home_lost_on_set_parent = lost
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2


def test_rich_text_that_is_refused_falls_back_to_plain_text_once(org: Organisation) -> None:
    org.sandbox.asana.options.notes_limit = 300
    issue = org.issue("Reef Watch: fix", "word " * 40 + "**bold** " * 20)
    report = org.sync()
    assert org.has_task(issue) or any(outcome.detail for outcome in report.outcomes)
    org.sandbox.asana.options.notes_limit = 65_535
    org.sync()
    assert org.writes_of() == []


def test_issues_deeper_than_asana_allows_hang_under_the_deepest_ancestor(org: Organisation) -> None:
    parent = org.issue("Reef Watch: level 1")
    chain = [parent]
    for level in range(2, 8):
        parent = org.issue(f"level {level}", labels=(), parent=parent)
        chain.append(parent)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert "too_deep" in {finding.kind for finding in report.plan.findings}
    assert all(org.has_task(issue) for issue in chain)
    assert org.task(chain[5]).parent is org.task(chain[3])
    assert org.task(chain[6]).parent is org.task(chain[3])
    assert "Part of: level 5 > level 6\n" in org.task(chain[6]).rich.text
    assert org.writes_of() == []
