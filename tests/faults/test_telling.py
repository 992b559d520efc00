"""K. Telling people."""

from typing import Any

import pytest

from sandbox.core import Cut, Status
from sandbox.slack import Refusal
from sync.errors import ExitCode
from tests.e2e.organisation import Organisation


def posts(org: Organisation, words: str) -> list[str]:
    """Return the messages in Slack that say something."""
    return [post.shown.text for post in org.sandbox.slack.posts if words in post.shown.text]


def near_the_cap(org: Organisation) -> Any:
    return org.issue("Reef Watch: fix", hours=7, End_date="2026-08-05")


@pytest.mark.parametrize("lost", [1, 5])
def test_fault_k01_what_perhaps_arrived_is_told_once_more_and_marked(org: Organisation, lost: int) -> None:
    near_the_cap(org)
    org.sandbox.faults.add(Cut("after"), service="slack", times=lost)
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    for _ in range(3):
        org.sync()
    first, second = posts(org, "7 of 8 h used")
    assert "repeat" not in first
    assert "near_cap: Reef Watch Q3 2026 – repeat" in second
    assert org.writes_of() == []


def test_fault_k01_what_surely_did_not_arrive_is_told_until_it_does(org: Organisation) -> None:
    near_the_cap(org)
    org.sandbox.faults.add(Cut("after"), service="slack", times=1)
    org.sync()
    org.sandbox.faults.add(REFUSALS["archived"], service="slack")
    org.sync()
    org.sync()
    org.sandbox.faults.clear()
    org.sync()
    assert len(posts(org, "7 of 8 h used")) == 2
    assert org.writes_of() == []


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
    first, second = posts(org, "")  # one digest; Slack takes fifty blocks in a message
    assert first.startswith("For the engagement manager: 33 new findings (1 of 2)\n*High*\n🔴 unplaced: acme/hub#")
    assert second.startswith("For the engagement manager: 33 new findings (2 of 2)\n*High*\n")
    assert "33 new (30 high)" in second
    told = [line for line in f"{first}\n{second}".splitlines() if line[0] in "🔴🟠⚪"]
    assert [line[0] for line in told] == ["🔴"] * 30 + ["🟠"] * 2 + ["⚪"]
    assert {f"🔴 unplaced: acme/hub#{number}" for number in range(1, 31)} == set(told[:30])
    assert "🟠 near_cap: Reef Watch Q3 2026" in told
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


def test_fault_k06_a_role_whose_own_channel_is_gone_is_told_by_the_usual_one(org: Organisation) -> None:
    near_the_cap(org)
    org.sandbox.slack.add_channel("managers")
    gone = org.sandbox.slack.webhook_url("managers")
    org.sandbox.slack.channel("managers").refusal = Refusal.CHANNEL_NOT_FOUND
    report = org.sync(CSH_SLACK__WEBHOOKS__MANAGER=gone)
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert any("CSH_SLACK__WEBHOOKS__MANAGER" in one and "the usual webhook was used" in one for one in report.warnings)
    assert len(posts(org, "7 of 8 h used")) == 1
    assert org.writes_of(CSH_SLACK__WEBHOOKS__MANAGER=gone) == []


def test_fault_k06_whoever_has_no_channel_of_their_own_is_told_by_the_usual_one(org: Organisation) -> None:
    near_the_cap(org)
    org.sandbox.slack.add_channel("leads")
    org.sync(CSH_SLACK__WEBHOOKS__LEAD=org.sandbox.slack.webhook_url("leads"))
    assert len(posts(org, "7 of 8 h used")) == 1
