"""E. Asana: what people, administrators and plans do there, and what it refuses."""

from datetime import date
from typing import Any

import pytest

from sandbox.core import Status
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation, kinds, mirrored


def evidence(report: Any, kind: str) -> str:
    """Return what the one finding of a kind says."""
    [one] = [finding for finding in report.plan.findings if finding.kind == kind]
    return str(one.evidence)


def refuse(org: Organisation, word: str, message: str) -> None:
    """Let Asana refuse every write that says *word*."""
    refusal = Status(400, {"errors": [{"message": message}]})
    org.sandbox.faults.add(refusal, service="asana", is_write=True, where=lambda record: word in str(record.body))


def test_fault_e04_csh_task_trashed_by_a_person(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.delete_task(org.reef.csh["Q3"])
    assert "went_along" in kinds(org.sync())
    assert not org.has_task(issue)
    org.log_hours(issue, 3)
    org.sync()
    assert not org.has_task(issue)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.writes_of() == []


def test_fault_e09_field_locked_on_one_task_fails_that_item_only(org: Organisation) -> None:
    issue, other = mirrored(org), mirrored(org)
    org.asana.lock_field(org.hours_field, org.task(issue))
    org.log_hours(issue, 5)
    org.log_hours(other, 5)
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    assert org.asana.field_value(org.task(other), org.hours_field) == 5
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2


def test_fault_e10_renamed_field_is_refused_by_name_or_found_by_its_gid(org: Organisation) -> None:
    issue = mirrored(org)
    org.asana.rename_field(org.hours_field, "Github Hours spent")
    org.log_hours(issue, 3)
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert report.exit_code is ExitCode.REFUSED
    assert "GitHub Hours" in report.refused
    assert "Github Hours spent" in evidence(report, "field_changed")
    assert list(org.sandbox.log.writes(since=mark)) == []
    assert org.sync(CSH_ASANA__FIELDS__GITHUB_HOURS=org.hours_field.gid).exit_code is ExitCode.FINE
    assert org.asana.field_value(org.task(issue), org.hours_field) == 3


@pytest.mark.parametrize("who", ["not in the workspace", "deactivated", "guest"])
def test_fault_e11_people_who_cannot_be_assigned_are_told_and_clear_nobody(org: Organisation, who: str) -> None:
    org.github.add_user("ben", email="ben@example.org")
    ben = None
    if who != "not in the workspace":
        ben = org.asana.add_user("Ben", "ben@example.org", guest=who == "guest")
    if who == "deactivated":
        org.asana.deactivate_user(ben)
    issue = org.issue("Reef Watch: fix", hours=1)
    org.github.assign(issue, "ben")
    report = org.sync()
    if who == "guest":
        assert org.task(issue).assignee is ben
        return
    assert "person_unmapped" in kinds(report)
    org.asana.assign_task(org.task(issue), org.ana)
    assert org.writes_of() == []
    assert org.task(issue).assignee is org.ana


def test_fault_e11_assignee_that_asana_refuses_costs_nothing_else(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.github.assign(issue, "ana")
    refuse(org, "assignee", "assignee: Not a recognized ID: 12")
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert any("assignee is not a user" in outcome.detail for outcome in report.outcomes)
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.asana.field_value(org.task(issue), org.hours_field) == 1


def test_fault_e12_plan_without_search_and_time_entries_is_served(org: Organisation) -> None:
    org.sandbox.asana.options.has_search = False
    org.sandbox.asana.options.has_time_tracking = False
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    org.asana.log_minutes(call, 60, date(2026, 8, 9))
    issue = mirrored(org)
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.writes_of() == []


def test_fault_e13_refused_rich_text_falls_back_to_plain_text_once(org: Organisation) -> None:
    refuse(org, "html_notes", "XML is invalid")
    issue = org.issue("Reef Watch: fix", "**bold** body", hours=1)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert any("written as plain text (XML is invalid)" in outcome.detail for outcome in report.outcomes)
    assert org.task(issue).rich.text.startswith("bold body")
    assert org.url(issue) in org.task(issue).rich.text
    assert org.writes_of() == []


BODY = """# Head

* a
  * b

1. one

> quoted

`code` **bold** *em* ~~gone~~ [a](https://example.org?x=1&y=2) <b>x</b>

```python
x < 1
```

| a | b |
|---|---|
| 1 | 2 |

---

@ana &amp; &nbsp; end\u00a0
"""


def test_fault_e14_rich_text_that_reads_back_otherwise_is_no_write_each_run(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", BODY, hours=1)
    org.sync()
    task = org.task(issue)
    [sent] = [write.body["data"] for write in org.sandbox.log.writes(service="asana") if write.path == "/tasks"]
    assert task.rich.html != sent["html_notes"]
    for words in ("Head\n", "quoted\n", "code bold em gone a x\n", "x < 1\n", "1\t2", "@ana & "):
        assert words in task.rich.text
    assert org.writes_of() == []


def test_fault_e18_a_home_project_above_a_thousand_tasks_is_read_whole(org: Organisation) -> None:
    org.sandbox.asana.options.unpaged_cap = 3
    for number in range(1_000):
        org.asana.add_task(f"by hand {number}", project=org.home)
    issue = mirrored(org)
    assert org.sync().exit_code is ExitCode.FINE
    org.log_hours(issue, 3)
    org.sync()
    assert org.asana.field_value(org.task(issue), org.hours_field) == 3


def test_fault_e19_a_parent_at_its_limit_fails_that_item_only(org: Organisation) -> None:
    org.sandbox.asana.options.max_subtasks = 1
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(2)]
    other = org.issue("Glacier Commons: fix", hours=1)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert [outcome.detail for outcome in report.outcomes if "at most 1 subtasks" in outcome.detail]
    assert {org.task(issue).parent for issue in issues} == {None, org.reef.csh["Q3"]}
    assert org.task(other).parent is org.glacier.csh["Q3"]
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


@pytest.mark.parametrize("how", ["archived", "deleted", "out of the portfolio"])
def test_fault_e20_hours_stay_where_they_were_when_an_engagement_goes(org: Organisation, how: str) -> None:
    issue = mirrored(org)
    task = org.task(issue)
    match how:
        case "archived":
            org.asana.archive_project(org.reef.asana_project)
        case "deleted":
            org.asana.delete_project(org.reef.asana_project)
        case _:
            org.asana.remove_from_portfolio(org.portfolio, org.reef.asana_project)
    assert ("csh_task_missing" in kinds(org.sync())) is (how != "archived")
    org.log_hours(issue, 3)
    org.sync()
    assert org.task(issue) is task
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3


@pytest.mark.parametrize("what", [{"separator": True}, {"subtype": "milestone"}, {"subtype": "section"}])
def test_fault_e21_what_is_no_plain_task_and_carries_our_address_is_left_alone(
    org: Organisation, what: dict[str, Any]
) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    odd = org.asana.add_task("----", project=org.home, fields={org.url_field.gid: org.url(issue)}, **what)
    before = odd.modified_at
    assert "no_plain_task" in kinds(org.sync())
    assert (odd.name, odd.parent, odd.modified_at, odd.trashed) == ("----", None, before, None)
    assert org.writes_of() == []


def test_fault_e22_of_two_csh_tasks_of_one_name_the_period_decides_else_the_task_waits(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    twin = org.asana.duplicate_task(org.reef.csh["Q3"])
    found = evidence(org.sync(), "csh_task_missing")
    assert org.reef.csh["Q3"].gid in found
    assert twin.gid in found
    assert org.task(issue).parent is None
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    org.asana.delete_task(twin)
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2026, 9, 20), "Q3"), (date(2026, 11, 1), "Q4"), (date(2026, 5, 20), "Q3")]
)
def test_fault_e24_an_entry_counts_by_its_day_also_when_it_is_edited_later(
    org: Organisation, day: date, quarter: str
) -> None:
    call = org.asana.add_task("A call", parent=org.reef.csh["Q3"])
    org.sync()
    entry = org.asana.log_minutes(call, 60, day)
    for minutes in (60, 90):
        org.asana.edit_entry(entry, minutes=minutes)
        org.sync()
        used = {name: org.allocation(org.reef, name).get("Hours used") for name in org.reef.allocations}
        assert used == {"Q2": 0, "Q3": 0, "Q4": 0} | {quarter: minutes / 60}
        assert org.writes_of() == []
