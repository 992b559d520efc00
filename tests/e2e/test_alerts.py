"""Alerts end to end: rows in the base, digests in Slack, told once and never lost (decision D9)."""

from collections.abc import Mapping
from typing import Any

import pytest

from sandbox.core.faults import Cut, Status
from sandbox.slack.service import Refusal
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation


def alerts(org: Organisation, kind: str) -> list[Mapping[str, Any]]:
    return [cells for cells in org.airtable.rows("Alerts").values() if cells.get("Kind") == kind]


def alert(org: Organisation, kind: str) -> Mapping[str, Any]:
    (found,) = alerts(org, kind)
    return found


def record(org: Organisation, kind: str) -> str:
    return str(org.airtable.find("Alerts", {"Kind": kind})[0])


def posts(org: Organisation, words: str) -> list[str]:
    """Return the messages in Slack that say something of what is new."""
    return [post.shown.text for post in org.sandbox.slack.posts if words in post.shown.text]


def near_the_cap(org: Organisation) -> Any:
    return org.issue("Reef Watch: fix", hours=7, End_date="2026-08-05")


def test_a_finding_becomes_a_row_and_one_message_and_the_second_run_is_quiet(org: Organisation) -> None:
    near_the_cap(org)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    row = alert(org, "near_cap")
    assert row["Key"] == f"near_cap|{org.reef.allocations['Q3']}|{org.reef.allocations['Q3']}|80 %"
    assert (row["Subject"], row["State"], row["Level"]) == ("Reef Watch Q3 2026", "open", "80 %")
    assert row["Period"] == "Reef Watch Q3 2026, 2026-07-01 to 2026-09-30; cap 8 h"
    assert row["Told"] == row["First seen"] == row["Last seen"]
    assert "7 of 8 h used" in row["Evidence"]
    assert len(posts(org, "7 of 8 h used")) == 1
    before = len(org.sandbox.slack.posts)
    assert org.writes_of() == []
    org.days_pass(1)
    org.sync()
    assert len(posts(org, "7 of 8 h used")) == 1
    assert len(org.sandbox.slack.posts) == before


def test_it_is_resolved_by_itself_and_a_changed_cap_arms_it_again(org: Organisation) -> None:
    issue = near_the_cap(org)
    org.sync()
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Hours available", 20)
    org.sync()
    assert alert(org, "near_cap")["State"] == "resolved"
    assert len(posts(org, "Resolved")) == 1
    org.log_hours(issue, 17)
    org.sync()
    assert alert(org, "near_cap")["State"] == "open"
    assert len(posts(org, "17 of 20 h used")) == 1
    assert org.writes_of() == []


def test_while_slack_refuses_nothing_is_lost_and_the_run_says_so(org: Organisation) -> None:
    org.sandbox.slack.channel().refusal = Refusal.CHANNEL_IS_ARCHIVED
    near_the_cap(org)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert any("was not told: Slack" in one for one in report.warnings)
    assert "Told" not in alert(org, "near_cap")
    org.sandbox.slack.channel().refusal = None
    assert org.sync().exit_code is ExitCode.FINE
    assert len(posts(org, "7 of 8 h used")) == 1
    assert org.writes_of() == []


def test_an_answer_of_slack_that_got_lost_repeats_that_digest_and_no_other(org: Organisation) -> None:
    near_the_cap(org)
    org.sandbox.faults.add(Cut("after"), service="slack", times=1)
    org.sync()
    org.sync()
    told = [post.shown.text for post in org.sandbox.slack.posts]
    assert len(told) - len({text.replace(" – repeat", "") for text in told}) == 1
    assert org.writes_of() == []


def test_a_person_snoozes_acknowledges_or_accepts_and_their_columns_are_left_alone(org: Organisation) -> None:
    near_the_cap(org)
    org.sync()
    row = record(org, "near_cap")
    for column, value, state in (
        ("Acknowledged", True, "acknowledged"),
        ("Snooze until", "2026-08-12", "snoozed"),
        ("Accepted until", "2026-08-13", "accepted"),
    ):
        org.airtable.edit_cell("Alerts", row, column, value)
        org.airtable.edit_cell("Alerts", row, "Reason", "they know")
        org.sync()
        assert alert(org, "near_cap")["State"] == state
        assert org.writes_of() == []
    assert alert(org, "near_cap")["Reason"] == "they know"
    org.airtable.edit_cell("Alerts", row, "Acknowledged", False)
    org.days_pass(4)
    org.sync()
    assert alert(org, "near_cap")["State"] == "open"
    assert len(posts(org, "7 of 8 h used")) == 2


def test_an_incomplete_reading_resolves_nothing_and_raises_no_cap(org: Organisation) -> None:
    near_the_cap(org)
    org.sync()
    org.airtable.edit_cell(
        "Allocations", org.glacier.allocations["Q3"], "Project", [org.reef.project, org.glacier.project]
    )
    org.issue("Reef Watch: more", hours=9, End_date="2026-08-06")
    assert org.sync().exit_code is ExitCode.UNREADABLE
    assert alert(org, "near_cap")["State"] == "open"
    assert alerts(org, "over_cap") == []


def test_two_rows_with_one_key_are_named_and_left_alone(org: Organisation) -> None:
    near_the_cap(org)
    org.sync()
    key = alert(org, "near_cap")["Key"]
    org.airtable.add_row("Alerts", {"Key": key, "Kind": "copy"})
    report = org.sync()
    assert any(key in one and "2 rows" in one for one in report.warnings)
    assert len(posts(org, "7 of 8 h used")) == 1
    assert org.writes_of() == []


def test_a_row_that_a_person_deleted_is_made_and_told_again(org: Organisation) -> None:
    near_the_cap(org)
    org.sync()
    org.airtable.delete_row("Alerts", record(org, "near_cap"))
    org.sync()
    assert alert(org, "near_cap")["State"] == "open"
    assert len(posts(org, "7 of 8 h used")) == 2


@pytest.mark.parametrize("lacks", ["table", "column"])
def test_a_base_made_without_alerts_runs_on_and_says_so(org: Organisation, lacks: str) -> None:
    base = org.airtable.base
    table = base.table("Alerts")
    assert table is not None
    if lacks == "table":
        base.tables.remove(table)
    else:
        table.fields = [one for one in table.fields if one.name != "Told"]
    issue = near_the_cap(org)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert org.has_task(issue)
    assert any("No alerts are kept: the base lacks" in one for one in report.warnings)
    assert org.sandbox.slack.posts == ()
    assert org.writes_of() == []


def test_a_quiet_run_asks_for_the_open_rows_alone(org: Organisation) -> None:
    near_the_cap(org)
    org.sync()
    mark = org.sandbox.log.mark()
    org.sync()
    table = org.airtable.base.table("Alerts")
    assert table is not None
    assert org.sandbox.log.count("airtable", path=table.id, since=mark) == 1


def test_a_run_that_writes_asks_for_the_rows_once_and_for_those_of_its_findings(org: Organisation) -> None:
    near_the_cap(org)
    table = org.airtable.base.table("Alerts")
    assert table is not None
    mark = org.sandbox.log.mark()
    org.guarded_sync()
    assert org.sandbox.log.count("airtable", method="GET", path=table.id, since=mark) == 2


def test_when_the_rows_cannot_be_written_nothing_is_told(org: Organisation) -> None:
    near_the_cap(org)
    table = org.airtable.base.table("Alerts")
    assert table is not None
    org.sandbox.faults.add(Status(422, {"error": {"type": "X"}}), service="airtable", method="PATCH", path=table.id)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert any("was not written" in one for one in report.warnings)
    assert org.sandbox.slack.posts == ()
