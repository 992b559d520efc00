"""C. Reading GitHub incompletely, D. Life of an issue."""

from typing import Any

import pytest

from sandbox.core import Rewrite, Status
from sync.errors import ExitCode, ServiceError
from tests.e2e.organisation import Organisation, kinds, mirrored


def world(org: Organisation) -> Any:
    """Return what stands in the home project and in Activity."""
    tasks = {
        task.gid: (task.name, task.parent, task.completed_at, org.asana.field_value(task, org.hours_field))
        for task in org.asana.tasks_in(org.home)
    }
    return tasks, org.airtable.rows("Activity"), org.allocation(org.reef, "Q3")["Hours used"]


def test_fault_c01_token_expires_in_the_middle(org: Organisation) -> None:
    issue = mirrored(org)
    org.sandbox.faults.add(Status(401, {"message": "Bad credentials"}), service="github", nth=2)
    with pytest.raises(ServiceError) as caught:
        org.sync()
    assert caught.value.exit_code is ExitCode.UNREADABLE
    org.sandbox.faults.clear()
    assert org.has_task(issue)
    assert org.writes_of() == []


def test_fault_c02_repository_vanishes_without_an_error(org: Organisation) -> None:
    issue = mirrored(org, hours=None)
    org.issue("Reef Watch: docs", hours=1, repository="docs")
    org.github.hide_repository("hub")
    report = org.sync()
    assert "out_of_sight" in kinds(report)
    assert org.has_task(issue)
    org.github.show_repository("hub")
    org.sync()
    assert org.writes_of() == []


def test_fault_c03_token_sees_only_public_repositories(org: Organisation) -> None:
    org.github.add_repository("private", labels=["CSH"], private=True)
    hidden = mirrored(org, repository="private")
    mirrored(org)
    org.sandbox.github.options.public_only = True
    org.sync()
    assert org.has_task(hidden)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 4


def test_fault_c05_nested_list_cut_in_silence(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent")
    children = [org.issue(f"part {number}", parent=parent, labels=(), hours=1) for number in range(4)]
    org.sync()
    org.sandbox.github.options.truncate_nested_above = 0
    org.sync()
    assert all(org.has_task(child) for child in children)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 4


def test_fault_c09_new_board_item_missing_for_a_while(org: Organisation) -> None:
    from sandbox.github.options import Lag  # noqa: PLC0415

    mirrored(org)
    org.sandbox.github.options.board_lag = Lag(requests=1000)
    late = org.issue("Reef Watch: late", hours=3)
    org.sync()
    assert org.asana.field_value(org.task(late), org.hours_field) == 3, "the issue was asked, not the board"
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5
    org.sandbox.github.options.board_lag = Lag()
    assert org.writes_of() == []


def test_fault_c09_row_that_the_issue_does_not_show_yet_is_unknown_and_not_nothing(org: Organisation) -> None:
    mirrored(org)
    late = org.issue("Reef Watch: late", hours=3)

    def without_row(body: Any) -> Any:
        for node in body["data"].get("nodes") or ():
            if node and node.get("id") == late.node_id:
                node["projectItems"]["nodes"] = []
        return body

    org.sandbox.faults.add(Rewrite(without_row), service="github", operation="IssuesById")
    report = org.sync()
    assert "not_on_board" in kinds(report)
    assert org.asana.field_value(org.task(late), org.hours_field) is None
    (row,) = org.rows(late).values()
    assert "Hours" not in row
    org.sandbox.faults.clear()
    org.sync()
    assert org.rows(late)["Reef Watch Q3"]["Hours"] == 3
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5


@pytest.mark.parametrize("how", ["renamed", "deleted", "retyped"])
def test_fault_c10_hours_column_renamed_lowers_nothing(org: Organisation, how: str) -> None:
    issue, other = mirrored(org, hours=7), org.issue("Reef Watch: more", hours=0.5)
    org.sync()
    before = world(org)
    match how:
        case "renamed":
            org.github.rename_field(org.board, "GitHub Hours", "Effort")
        case "deleted":
            org.github.delete_field(org.board, "GitHub Hours")
        case "retyped":
            org.github.retype_field(org.board, "GitHub Hours", "TEXT")
    report = org.sync()
    assert "field_changed" in kinds(report)
    (told,) = report.plan.problems
    assert {"renamed": '"Effort"', "deleted": "none", "retyped": "TEXT"}[how] in told.message
    assert world(org) == before
    assert {"hours_unknown", "completed_without_time", "over_cap", "used_up"}.isdisjoint(kinds(report))
    org.github.close(other, "completed")
    report = org.sync()
    assert "completed_without_time" not in kinds(report), "what was not read is not missing"
    if how == "renamed":
        org.github.set_board(issue, org.board, {"Effort": 7.25})
        org.sync(CSH_GITHUB__HOURS_FIELD_ALIASES='["Effort"]')
        assert org.allocation(org.reef, "Q3")["Hours used"] == 7.75


def test_fault_c16_suddenly_empty_is_refused(org: Organisation) -> None:
    for number in range(12):
        org.issue(f"Reef Watch: {number}", hours=1)
    org.sync()
    before = len(org.asana.tasks_in(org.home))

    def emptied(body: Any) -> Any:
        return {**body, "data": []} if isinstance(body.get("data"), list) else body

    org.sandbox.faults.add(Rewrite(emptied), service="asana", method="GET", path=rf"project={org.home.gid}")
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert report.exit_code in {ExitCode.REFUSED, ExitCode.UNREADABLE}
    assert not [one for one in org.sandbox.log.writes(since=mark, service="asana") if one.method in {"POST", "DELETE"}]
    assert len(org.asana.tasks_in(org.home)) == before


def test_fault_d01_label_renamed_removes_nothing_and_its_new_name_can_be_added(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=None if number % 2 else 0.5) for number in range(12)]
    issues.append(org.issue("part", parent=issues[1], labels=()))
    org.sync()
    before = world(org)
    org.github.rename_label("hub", "CSH", "CS-Hours")
    report = org.sync()
    (told,) = report.plan.problems
    assert 'renamed to "CS-Hours"?' in told.message
    assert "CSH_GITHUB__LABELS" in told.remedy
    assert sum(one.kind == "out_of_sight" for one in report.plan.findings) == len(issues)
    assert world(org) == before
    report = org.sync(CSH_GITHUB__LABELS='["CSH", "CS-Hours"]')
    assert (report.plan.changes, report.plan.problems) == ((), ())
    assert "out_of_sight" not in kinds(report)


def test_fault_d02_label_removed_from_one_issue(org: Organisation) -> None:
    issue, _other = mirrored(org, hours=None), mirrored(org)
    org.github.unlabel(issue, "CSH")
    org.sync()
    assert not org.has_task(issue)


def test_fault_d03_label_removed_and_put_back(org: Organisation) -> None:
    issue = mirrored(org)
    gid = org.task(issue).gid
    org.github.unlabel(issue, "CSH")
    org.github.label(issue, "CSH")
    assert org.writes_of() == []
    assert org.task(issue).gid == gid


def test_fault_d04_label_put_back_after_the_removal(org: Organisation) -> None:
    issue, _other = mirrored(org, hours=None), mirrored(org)
    org.github.unlabel(issue, "CSH")
    org.sync()
    org.github.label(issue, "CSH")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]


def test_fault_d05_issue_deleted(org: Organisation) -> None:
    issue, _other = mirrored(org, hours=None), mirrored(org)
    org.github.delete_issue(issue)
    org.sync()
    assert len(org.asana.tasks_in(org.home)) == 1


def test_fault_d07_issue_transferred_keeps_task_and_hours(org: Organisation) -> None:
    issue = mirrored(org)
    gid = org.task(issue).gid
    org.github.transfer(issue, "docs")
    org.sync()
    assert org.task(issue).gid == gid
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.writes_of() == []


def test_fault_d09_only_the_final_state_counts(org: Organisation) -> None:
    issue = mirrored(org)
    org.github.close(issue, "completed")
    org.github.reopen(issue)
    org.github.close(issue, "not_planned")
    org.sync()
    assert not org.has_task(issue)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0


def test_fault_d11_closed_without_a_reason_is_completed(org: Organisation) -> None:
    issue = mirrored(org)
    org.github.close(issue, None)
    org.sync()
    assert org.task(issue).completed_at is not None


def test_fault_d12_sub_issue_gets_another_parent(org: Organisation) -> None:
    one, two = org.issue("Reef Watch: one"), org.issue("Reef Watch: two")
    child = org.issue("part", parent=one, labels=(), hours=1)
    org.sync()
    org.github.move_sub_issue(child, two)
    org.sync()
    assert org.task(child).parent is org.task(two)


def test_fault_d17_labelled_child_of_a_labelled_parent_counts_once(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent")
    child = org.issue("Reef Watch: part", parent=parent, hours=2)
    org.sync()
    assert org.task(child).parent is org.task(parent)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


def test_fault_d18_parent_closed_while_children_are_open(org: Organisation) -> None:
    parent = org.issue("Reef Watch: parent")
    child = org.issue("part", parent=parent, labels=(), hours=2)
    org.sync()
    org.github.close(parent, "completed")
    org.sync()
    assert org.task(parent).completed_at is not None
    assert org.task(child).completed_at is None


def test_fault_d19_two_issues_of_one_title_are_two_tasks(org: Organisation) -> None:
    one, two = mirrored(org), mirrored(org)
    assert org.task(one) is not org.task(two)


def test_fault_d23_pull_request_with_the_label_is_ignored(org: Organisation) -> None:
    mirrored(org)
    org.github.open_pull_request("hub", "Reef Watch: change", labels=["CSH"])
    assert org.writes_of() == []
