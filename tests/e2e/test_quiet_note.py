"""The quiet note when an issue comes in for a period without hours left (requirement 63): told once, in private."""

from typing import Any

import pytest

from mappings.task import NO_HOURS_LEFT
from sandbox.core import Status
from tests.e2e.organisation import Organisation

KIND = "new_work_over_cap"


def found(report: Any) -> list[Any]:
    return [one for one in report.plan.findings if one.kind == KIND]


def told(report: Any) -> list[str]:
    """Return whom this run told of it."""
    return [digest.role.value for digest in report.alerts.digests for one in digest.opened if one.finding.kind == KIND]


def note(org: Organisation, issue: Any) -> bool:
    return NO_HOURS_LEFT in str(org.task(issue).rich)


@pytest.fixture
def spent(org: Organisation) -> Organisation:
    """All eight hours of the quarter are used, and were so before the next run."""
    org.issue("Reef Watch: fix", hours=8)
    org.sync()
    return org


def test_the_task_and_the_managers_digest_say_it_once_and_nothing_stands_on_github(spent: Organisation) -> None:
    org = spent
    issue = org.issue("Reef Watch: one more thing", "Please.")
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert note(org, issue)
    [finding] = found(report)
    assert (finding.subject, finding.community) == ("acme/hub#2", "Reef Watch")
    assert finding.evidence == "Reef Watch Q3 2026: 8 of 8 h used, none are left. Nothing is logged on it yet."
    assert told(report) == ["engagement manager"]
    assert list(org.sandbox.log.writes(since=mark, service="github")) == []
    again = org.sync()
    assert (told(again), len(found(again))) == ([], 1)
    assert org.writes_of() == []


def test_work_is_not_held_up_and_the_words_stay_though_the_hours_do_not(spent: Organisation) -> None:
    org = spent
    issue = org.issue("Reef Watch: one more thing")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    org.log_hours(issue, 1)
    report = org.sync()
    assert found(report) == []
    assert org.allocation(org.reef, "Q3")["Hours used"] == 9
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Extra hours", 10)
    org.sync()
    assert note(org, issue)
    assert org.writes_of() == []


def test_more_hours_settle_it(spent: Organisation) -> None:
    org = spent
    org.issue("Reef Watch: one more thing")
    assert len(found(org.sync())) == 1
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Extra hours", 10)
    assert found(org.sync()) == []


@pytest.mark.parametrize("extra", [None, 2])
def test_a_first_import_and_issues_before_the_cap_are_not_noted(org: Organisation, extra: int | None) -> None:
    if extra:
        org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Extra hours", extra)
    early = org.issue("Reef Watch: early")
    org.issue("Reef Watch: fix", hours=8)
    assert found(org.sync()) == []
    late = org.issue("Glacier Commons: another place")
    more = org.issue("Reef Watch: while extra hours are left") if extra else None
    assert found(org.sync()) == []
    assert not any(note(org, one) for one in (early, late, more) if one)


def test_sub_issues_come_with_their_root(spent: Organisation) -> None:
    root = spent.issue("Reef Watch: one more thing")
    child = spent.issue("A part of it", parent=root)
    logged = spent.issue("Reef Watch: done already", hours=1)
    assert [one.subject for one in found(spent.sync())] == ["acme/hub#2"]
    assert [note(spent, one) for one in (root, child, logged)] == [True, False, False]


def test_words_in_the_issue_are_not_the_note(spent: Organisation) -> None:
    spent.airtable.edit_cell("Allocations", spent.reef.allocations["Q3"], "Extra hours", 10)
    spent.issue("Reef Watch: quoting", f"{NO_HOURS_LEFT}\n\nBut why?")
    spent.sync()
    spent.airtable.edit_cell("Allocations", spent.reef.allocations["Q3"], "Extra hours", 0)
    assert found(spent.sync()) == []
    assert spent.writes_of() == []


def test_a_person_may_take_it_out(spent: Organisation) -> None:
    org = spent
    issue = org.issue("Reef Watch: one more thing", "Please.")
    org.sync()
    task = org.task(issue)
    org.asana.edit_notes(task, html_notes=task.rich.html.replace(NO_HOURS_LEFT, ""))
    org.sync()
    assert not note(org, issue)
    assert org.writes_of() == []


def test_where_not_everything_is_read_nothing_is_said(spent: Organisation) -> None:
    org = spent
    org.sandbox.faults.add(Status(403), service="asana", path=rf"project={org.reef.asana_project.gid}\b")
    issue = org.issue("Reef Watch: one more thing")
    assert found(org.sync()) == []
    assert not note(org, issue)


def test_a_task_that_is_made_again_is_no_new_work(org: Organisation) -> None:
    early = org.issue("Reef Watch: early")
    org.issue("Reef Watch: fix", hours=8)
    org.sync()
    org.asana.delete_task(org.task(early))
    assert found(org.sync()) == []
    assert not note(org, early)
