"""Guards refuse before the first write, with the number, the limit and the flag (decision D11)."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.errors import ExitCode
from sync.mirror.guards import ALLOW_EMPTY, ALLOW_MASS_CHANGE
from tests.e2e.organisation import Organisation


def a_dozen(org: Organisation) -> list[Any]:
    return [org.issue(f"Reef Watch: {number}") for number in range(12)]


def refused(org: Organisation, flag: str = "", **more: str) -> Any:
    """Run, expect a refusal without any write, and return the report."""
    mark = org.sandbox.log.mark()
    report = org.sync(**more)
    assert report.exit_code is ExitCode.REFUSED
    assert list(org.sandbox.log.writes(since=mark)) == []
    assert flag in report.refused
    return report


def test_a_mass_removal_is_refused_and_can_be_allowed_once(org: Organisation) -> None:
    issues = a_dozen(org)
    org.sync()
    for issue in issues[:4]:
        org.github.close(issue, "not_planned")
    report = refused(org, ALLOW_MASS_CHANGE)
    assert "4 of 12" in report.refused
    assert "30%" in report.refused
    org.sync(allowed=frozenset({ALLOW_MASS_CHANGE}))
    assert len(org.asana.tasks_in(org.home)) == 8


def test_removals_up_to_the_limit_pass(org: Organisation) -> None:
    issues = a_dozen(org)
    org.sync()
    for issue in issues[:3]:
        org.github.close(issue, "not_planned")
    assert org.sync().exit_code is ExitCode.FINE
    assert len(org.asana.tasks_in(org.home)) == 9


def test_a_mass_re_parenting_is_refused_but_a_first_placement_and_a_period_turn_are_not(org: Organisation) -> None:
    issues = a_dozen(org)
    assert org.sync().exit_code is ExitCode.FINE
    org.days_pass(60)
    assert org.sync().exit_code is ExitCode.FINE
    assert all(org.task(issue).parent is org.reef.csh["Q4"] for issue in issues)
    for issue in issues[:5]:
        org.github.edit(issue, title=issue.title.replace("Reef Watch", "GlacierHub"))
    refused(org, ALLOW_MASS_CHANGE)


def test_an_empty_home_project_is_refused_while_activity_names_its_tasks(org: Organisation) -> None:
    a_dozen(org)
    org.sync()
    for task in list(org.asana.tasks_in(org.home)):
        org.sandbox.asana.options.unlisted.add(task.gid)
    refused(org, ALLOW_EMPTY)


def test_an_empty_activity_table_is_refused_while_tasks_are_mirrored(org: Organisation) -> None:
    a_dozen(org)
    org.sync()
    for record in list(org.airtable.rows("Activity")):
        org.airtable.delete_row("Activity", record)
    refused(org, ALLOW_EMPTY)
    org.sync(allowed=frozenset({ALLOW_EMPTY}))
    assert len(org.airtable.rows("Activity")) == 12
    assert len(org.asana.tasks_in(org.home)) == 12
    assert org.writes_of() == []


def test_an_empty_github_is_refused_while_issues_are_mirrored(org: Organisation) -> None:
    a_dozen(org)
    org.sync()
    org.github.hide_repository("hub")
    refused(org, ALLOW_EMPTY)


def test_an_empty_portfolio_is_refused(org: Organisation) -> None:
    a_dozen(org)
    org.sync()
    org.asana.remove_from_portfolio(org.portfolio, org.reef.asana_project)
    org.asana.delete_task(org.glacier.asana_project)
    refused(org, ALLOW_EMPTY)


DRIFTS: dict[str, Callable[[Organisation], object]] = {
    "Hours used": lambda org: org.airtable.rename_field("Allocations", "Hours used", "Used"),
    "Hours": lambda org: org.airtable.retype_field("Activity", "Hours", "text"),
    "Key": lambda org: org.airtable.delete_field("Activity", "Key"),
    "GitHub Hours": lambda org: org.asana.set_precision(org.hours_field, 1),
    "GitHub URL": lambda org: org.asana.remove_field_from_project(org.home, org.url_field),
}


@pytest.mark.parametrize("name", DRIFTS)
def test_a_field_of_ours_that_is_missing_or_retyped_is_refused_by_name(org: Organisation, name: str) -> None:
    org.issue("Reef Watch: fix", hours=1)
    DRIFTS[name](org)
    report = refused(org)
    assert f'"{name}"' in report.refused


def test_an_unseen_sentinel_makes_the_reading_incomplete(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=1)
    org.sync()
    gid = org.task(issue).gid
    assert org.sync(CSH_SENTINELS__TASK=gid).exit_code is ExitCode.FINE
    new = org.issue("Reef Watch: new")
    report = org.sync(CSH_SENTINELS__TASK="4711")
    assert report.exit_code is ExitCode.UNREADABLE
    assert not org.has_task(new)


def test_small_mirrors_may_lose_everything(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}") for number in range(3)]
    org.sync()
    for issue in issues:
        org.github.close(issue, "not_planned")
    assert org.sync().exit_code is ExitCode.FINE
    assert org.asana.tasks_in(org.home) == []
