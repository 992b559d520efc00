"""Guards refuse before the first write, with the number, the limit and the flag (decision D11)."""

from collections.abc import Callable
from typing import Any

import pytest

from sync.errors import ExitCode, ServiceError
from sync.mirror.guards import ALLOW_EMPTY, ALLOW_MASS_CHANGE
from sync.model.finding import Finding, Severity
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
    with pytest.raises(ServiceError, match="the sentinel row recGone0000000000 was not seen"):
        org.sync(CSH_SENTINELS__ROW="recGone0000000000")


def test_a_sentinel_row_is_seen_whoever_holds_or_wrote_it(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sync()
    (ours,) = org.airtable.rows("Activity")
    typed = org.airtable.add_row("Activity", {"Title": "Typed by a person"})
    twin = org.airtable.add_row("Activity", org.airtable.row("Activity", ours))
    for row in (twin, typed, ours):  # the younger of two with one key goes one run after it was told
        org.sync(CSH_SENTINELS__ROW=row)  # raises nothing


def test_small_mirrors_may_lose_everything(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}") for number in range(3)]
    org.sync()
    for issue in issues:
        org.github.close(issue, "not_planned")
    assert org.sync().exit_code is ExitCode.FINE
    assert org.asana.tasks_in(org.home) == []


def changed_fields(org: Organisation) -> list[Finding]:
    return [one for one in org.plan().findings if one.kind == "field_changed"]


@pytest.mark.parametrize(
    ("name", "now", "setting"),
    [
        ("GitHub Hours", "Hours GitHub", "CSH_GITHUB__HOURS_FIELD"),
        ("End date", "End dates", "end in [board]"),
        ("Allocation", "Allocations", "allocation in [board]"),
    ],
)
def test_a_renamed_column_of_the_board_is_one_finding_and_stops_nothing(
    org: Organisation, name: str, now: str, setting: str
) -> None:
    issue = org.issue("Reef Watch: fix", hours=2, End_date="2026-08-05")
    org.issue("Reef Watch: more", hours=1)
    org.sync()
    org.github.rename_field(org.board, name, now)
    (one,) = changed_fields(org)
    assert one.subject == f"{name} in the board (GitHub)"
    assert f'Is it "{now}" now?' in one.evidence
    assert setting in one.remedy
    assert not [one for one in org.plan().findings if one.kind == "hours_unknown"]
    report = org.sync()
    assert not report.refused
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2


def test_a_retyped_column_of_the_board_is_a_finding(org: Organisation) -> None:
    org.github.delete_field(org.board, "Allocation")
    org.github.add_field(org.board, "Allocation", "NUMBER")
    (one,) = changed_fields(org)
    assert "It is of type NUMBER; until it is found again no issue changes its place" in one.evidence


def test_a_column_that_tells_whose_an_issue_is_moves_nothing_when_it_is_renamed(org: Organisation) -> None:
    issue = org.issue("Glacier Commons: fix", hours=2, Community="Reef Watch", End_date="2026-08-05")
    org.sync()
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2
    org.github.rename_field(org.board, "Community", "Communities")
    another = org.issue("Glacier Commons: more", hours=1, End_date="2026-08-05")
    assert {one.kind for one in org.sync().plan.findings if one.kind in {"field_changed", "undecided", "unplaced"}} == {
        "field_changed"
    }
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2
    assert set(org.rows(another)) == {"unplaced"}
    org.sync(CSH_BOARD__COMMUNITY="Communities")
    assert org.rows(issue)["Reef Watch Q3"]["Hours"] == 2
    assert org.rows(another)["Glacier Commons Q3"]["Hours"] == 1
    org.github.rename_field(org.board, "Communities", "Whose")
    org.sync()
    assert org.rows(issue)["Glacier Commons Q3"]["Hours"] == 2  # a board without such a column says nothing


def test_a_renamed_optional_column_of_airtable_is_one_finding_and_not_one_for_each_row(org: Organisation) -> None:
    for place in (org.reef, org.glacier):
        term = {"Start": "2026-01-01", "End": "2026-12-31", "Status": "Active"}
        org.airtable.edit_cells("Engagements", place.engagement, term)
    assert [one for one in org.plan().findings if one.kind == "allocation_without_provider"]
    org.airtable.rename_field("Allocations", "Provider", "Providers")
    (one,) = changed_fields(org)
    assert (one.subject_id, one.severity) == ("Airtable/Allocations/Provider", Severity.MEDIUM)
    assert not [one for one in org.plan().findings if one.kind == "allocation_without_provider"]
    assert not org.sync().refused


def test_a_column_that_somebody_has_no_use_for_is_not_missed(org: Organisation) -> None:
    for name in ("Provider", "Pace", "Initiative URL", "Extra hours"):
        org.airtable.delete_field("Allocations", name)
    org.airtable.add_field("Allocations", "Place", "text")
    assert changed_fields(org) == []


def test_a_renamed_optional_field_of_asana_is_a_finding(org: Organisation) -> None:
    org.asana.rename_field(org.id_field, "GitHub IDs")
    (one,) = changed_fields(org)
    assert (one.subject_id, one.severity) == ("Asana/the home project/GitHub ID", Severity.MEDIUM)
    assert not org.sync().refused
