"""K. Telling people."""

from typing import Any

import pytest

from sandbox.core import Status
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation


def posts(org: Organisation, words: str) -> list[str]:
    """Return the messages in Slack that say something."""
    return [post.shown.text for post in org.sandbox.slack.posts if words in post.shown.text]


def near_the_cap(org: Organisation) -> Any:
    return org.issue("Reef Watch: fix", hours=7, End_date="2026-08-05")


REFUSALS = {
    "too many": Status(429, "rate_limited", {"Retry-After": "3600"}),
    "no channel": Status(404, "channel_not_found"),
    "archived": Status(410, "channel_is_archived"),
    "not ok": Status(200, {"ok": False, "error": "no_text"}),
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
def test_fault_k02_what_slack_refuses_stays_open_and_is_told_by_the_next_run(
    org: Organisation, refusal: Status
) -> None:
    near_the_cap(org)
    org.sandbox.faults.add(refusal, service="slack")
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    assert posts(org, "7 of 8 h used") == []
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert len(posts(org, "7 of 8 h used")) == 1
    assert org.writes_of() == []


def test_fault_k03_many_findings_at_the_first_run_are_one_digest_for_each_role(org: Organisation) -> None:
    for number in range(30):
        org.issue(f"nobody knows {number}", hours=1)
    near_the_cap(org)
    org.sync()
    roles = {post.split(":")[0].split(" (")[0] for post in posts(org, "new finding")}
    assert len(posts(org, "")) <= len(roles) + 2
    [worst] = posts(org, "near_cap")
    assert "new finding" in worst.splitlines()[0]
    assert org.writes_of() == []


def test_fault_k04_a_level_that_comes_and_goes_is_told_once(org: Organisation) -> None:
    issue = near_the_cap(org)
    for hours in (7, 6, 7, 6, 7):
        org.log_hours(issue, hours)
        org.sync()
        org.sandbox.clock.advance(hours=30)
    assert len(posts(org, "near_cap: Reef Watch Q3 2026")) <= 2  # that it came, and once that it went
    assert len(posts(org, "7 of 8 h used")) == 1


@pytest.mark.parametrize("word", [{"Acknowledged": True}, {"Snooze until": "2026-09-01"}])
def test_fault_k05_a_worse_level_is_told_whatever_was_said_of_the_one_before(
    org: Organisation, word: dict[str, Any]
) -> None:
    issue = near_the_cap(org)
    org.sync()
    [row] = org.airtable.find("Alerts", {"Kind": "near_cap"})
    org.airtable.edit_cells("Alerts", row, word)
    org.sync()
    org.sync()
    assert len(posts(org, "7 of 8 h used")) == 1
    org.log_hours(issue, 9)
    org.sync()
    assert len(posts(org, "9 of 8 h used")) == 1
