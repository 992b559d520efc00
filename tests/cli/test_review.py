"""csh-sync review: one page for the weekly review of engagements."""

import json
from typing import Any

from sandbox.core.faults import Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


def activate(org: Organisation) -> None:
    for place in (org.reef, org.glacier):
        org.airtable.edit_cell("Engagements", place.engagement, "Status", "Green")
        org.airtable.edit_cell("Engagements", place.engagement, "Start", "2026-01-01")
        org.airtable.edit_cell("Engagements", place.engagement, "End", "2026-12-31")


def page(go: Go, *words: str, **more: str) -> dict[str, Any]:
    return dict(json.loads(go("review", "--json", *words, **more).stdout))


def kinds(part: dict[str, Any]) -> list[str]:
    return [one["kind"] for one in part["findings"]]


def test_active_engagements_stand_worst_first_with_their_hours_and_nothing_is_written(
    go: Go, org: Organisation
) -> None:
    activate(org)
    org.issue("Glacier Commons: too much", hours=9, End_date="2026-08-05")
    org.issue("Nobody knows whose", hours=1)
    result = go("review")
    assert result.exit_code == 0
    text = result.stdout
    assert text.startswith("Review of 10 Aug 2026: 2 active engagements, changes since 3 Aug 2026")
    glacier, reef, other = (text.index(one) for one in ("Glacier Commons 2026", "Reef Watch 2026", "Of no active"))
    assert glacier < reef < other
    assert "over_cap: Glacier Commons Q3 2026" in text[glacier:reef]
    assert "Glacier Commons: 0 of 8 h left until 30 Sep" in text[glacier:reef] or "over" in text[glacier:reef]
    assert "8 of 8 h left" in text[reef:other]
    assert "unplaced: acme/hub#2" in text[other:]
    assert list(org.sandbox.log.writes()) == []


def test_what_is_new_and_what_was_resolved_comes_from_the_alerts(go: Go, org: Organisation) -> None:
    activate(org)
    issue = org.issue("Reef Watch: too much", hours=9, End_date="2026-08-05")
    go("run")
    assert any(one["kind"] == "over_cap" and one["new"] for one in page(go)["engagements"][0]["findings"])
    org.days_pass(10)
    old = page(go)["engagements"][0]
    assert [one["new"] for one in old["findings"] if one["kind"] == "over_cap"] == [False]
    assert any(one["new"] for one in page(go, "--since", "2026-08-10")["engagements"][0]["findings"])
    org.log_hours(issue, 3)
    go("run")
    reef = next(one for one in page(go)["engagements"] if one["community"] == "Reef Watch")
    assert [(one["kind"], one["on"]) for one in reef["resolved"] if one["kind"] == "over_cap"] == [
        ("over_cap", "2026-08-20")
    ]
    assert "resolved 20 Aug 2026: over_cap: Reef Watch Q3 2026" in go("review").stdout
    org.days_pass(20)
    assert all(one["kind"] != "over_cap" for one in page(go)["engagements"][0]["resolved"])


def test_answered_findings_stand_below_and_do_not_count(go: Go, org: Organisation) -> None:
    activate(org)
    org.issue("Reef Watch: too much", hours=9, End_date="2026-08-05")
    words = [{"kind": "*", "subject": "*", "until": "2026-12-31", "reason": "we know"}]
    result = go("review", CSH_ACCEPTED=json.dumps(words))
    assert "accepted: over_cap: Reef Watch Q3 2026" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("0 findings to look at.")


def test_an_engagement_that_is_over_is_left_out_and_its_findings_come_last(go: Go, org: Organisation) -> None:
    activate(org)
    org.airtable.edit_cell("Engagements", org.glacier.engagement, "Status", "Completed")
    org.issue("Glacier Commons: too much", hours=9, End_date="2026-08-05")
    document = page(go)
    assert [one["engagement"] for one in document["engagements"]] == ["Reef Watch 2026 Membership"]
    assert "over_cap" in kinds(document["elsewhere"])


def test_without_the_table_it_says_that_nobody_knows_what_changed(go: Go, org: Organisation) -> None:
    table = org.airtable.base.table("Alerts")
    assert table is not None
    org.airtable.base.tables.remove(table)
    assert "No alerts are kept in the base" in go("review").stdout
    assert page(go)["alerts_kept"] is False


def test_a_day_that_cannot_be_used_is_named(go: Go, org: Organisation) -> None:
    for day in ("yesterday", "2026-13-01", "2027-01-01"):
        result = go("review", "--since", day)
        assert result.exit_code == 2
        assert day in result.stderr
    assert org.sandbox.log.count() == 0


def test_an_incomplete_reading_leaves_with_4(go: Go, org: Organisation) -> None:
    table = org.airtable.base.table("Alerts")
    assert table is not None
    org.sandbox.faults.add(Status(403, {"error": {"type": "INVALID_PERMISSIONS"}}), service="airtable", path=table.id)
    assert go("review").exit_code == 4


def test_what_the_service_takes_of_a_team(go: Go, org: Organisation) -> None:
    activate(org)
    org.issue("Reef Watch: fix", hours=2, End_date="2026-08-05")
    assert "takes of its teams" not in go("review").stdout
    capacity = [{"team": "P&S", "fte": 0.5, "start": "2026-01-01", "lead": "Mona", "cost_per_hour": 90}]
    more = {"CSH_CAPACITY": json.dumps(capacity)}

    line = next(one for one in go("review", **more).stdout.splitlines() if "P&S, Aug 2026" in one)
    assert line == (
        "  P&S, Aug 2026; 5.08 h promised (of 84 h, 6 %); 0.03 of a full-time person; 2 h used so far; "
        "costs 458.18 USD promised, 180.00 USD used"
    )
    later = page(go, **more)["teams"]
    assert [one["start"] for one in later] == ["2026-08-01", "2026-09-01", "2026-10-01"]
    assert later[0]["used_cost"] == 180
