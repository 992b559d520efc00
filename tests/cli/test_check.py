"""csh-sync check: what people should look at, by who should act."""

import json
from typing import Any

from sandbox.core.faults import Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


def test_findings_stand_under_who_should_act_worst_first_and_nothing_is_written(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    org.issue("Reef Watch: another", board=False)
    result = go("check")
    assert result.exit_code == 0
    engineer = result.stdout.split("For the engineer")[1].split("For the ")[0]
    assert engineer.index("high   hours_absurd: acme/hub#1") < engineer.index("medium not_on_board: acme/hub#2")
    assert "Do: Correct the hours on the board." in engineer
    assert "https://github.com/acme/hub/issues/1" in engineer
    assert "to look at: " in result.stdout.splitlines()[-1]
    assert list(org.sandbox.log.writes()) == []


def test_what_is_accepted_is_told_apart_and_does_not_count(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    assert go("check", "--detailed-exitcode").exit_code == 11
    words = [{"kind": "*", "subject": "*", "until": "2026-12-31", "reason": "we know"}]
    result = go("check", "--detailed-exitcode", CSH_ACCEPTED=json.dumps(words))
    assert result.exit_code == 0
    assert "For the" not in result.stdout
    assert "hours_absurd: acme/hub#1, until 31 Dec 2026: we know" in result.stdout
    over = go("check", "--detailed-exitcode", CSH_ACCEPTED=json.dumps([words[0] | {"until": "2026-08-09"}]))
    assert over.exit_code == 11


def test_json_has_every_finding_with_key_severity_role_and_acceptance(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    words = [{"kind": "hours_absurd", "subject": "acme/hub#1", "until": "2026-12-31", "reason": "we know"}]
    document = json.loads(go("check", "--json", CSH_ACCEPTED=json.dumps(words)).stdout)
    (one,) = [one for one in document["findings"] if one["kind"] == "hours_absurd"]
    assert (one["severity"], one["role"], one["accepted"]["reason"]) == ("high", "engineer", "we know")
    assert one["key"].startswith("hours_absurd|")
    assert (document["kind"], document["accepted"]) == ("check", 1)
    assert document["open"] == len(document["findings"]) - 1


def test_an_incomplete_reading_leaves_with_4(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    both = [org.reef.project, org.glacier.project]
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Project", both)
    result = go("check", "--detailed-exitcode")
    assert result.exit_code == 4
    assert "Not everything could be read: findings may be missing." in result.stderr


def answer(org: Organisation, **cells: object) -> None:
    """Write on the row of the alert about absurd hours."""
    row = str(org.airtable.find("Alerts", {"Kind": "hours_absurd"})[0])
    for column, value in cells.items():
        org.airtable.edit_cell("Alerts", row, column.replace("_", " "), value)


def absurd(result: Any) -> dict[str, Any]:
    (one,) = [one for one in json.loads(result.stdout)["findings"] if one["kind"] == "hours_absurd"]
    return dict(one)


def test_it_tells_since_when_a_finding_is_there(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    assert absurd(go("check", "--json"))["first_seen"] is None
    go("run")
    assert 'hours_absurd: acme/hub#1 "Reef Watch: fix", since today' in go("check").stdout
    org.days_pass(12)
    answer(org, Owner="Ana")
    assert ", since 10 Aug 2026 (12 days), Ana looks after it" in go("check").stdout
    one = absurd(go("check", "--json"))
    assert (one["first_seen"], one["state"], one["owner"]) == ("2026-08-10", "open", "Ana")


def test_what_people_answered_in_the_base_does_not_count(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    go("run")
    others = json.dumps([{"kind": "engagement_not_in_asana", "subject": "*", "until": "2026-12-31", "reason": "other"}])
    for cells, state, line in (
        ({"Acknowledged": True}, "acknowledged", "Acknowledged (1)"),
        ({"Snooze_until": "2026-08-20"}, "snoozed", "hours_absurd: acme/hub#1, until 20 Aug 2026"),
        ({"Accepted_until": "2026-08-20", "Reason": "a test"}, "accepted", "until 20 Aug 2026: a test"),
    ):
        answer(org, **cells)
        document = json.loads(go("check", "--json", CSH_ACCEPTED=others).stdout)
        assert absurd(go("check", "--json"))["state"] == state
        assert document[state] >= 1
        assert line in go("check").stdout
        assert "high   hours_absurd" not in go("check").stdout
    answer(org, Acknowledged=False)
    org.days_pass(11)
    assert absurd(go("check", "--json"))["state"] == "open"


def test_it_works_without_the_table_and_says_when_it_cannot_be_read(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=-3)
    go("run")
    table = org.airtable.base.table("Alerts")
    assert table is not None
    org.sandbox.faults.add(Status(403, {"error": {"type": "INVALID_PERMISSIONS"}}), service="airtable", path=table.id)
    result = go("check")
    assert result.exit_code == 4
    assert "hours_absurd: acme/hub#1" in result.stdout
    assert "Nobody can tell what people were told" in result.stderr
    org.sandbox.faults.clear()
    org.airtable.base.tables.remove(table)
    assert go("check").exit_code == 0
    assert absurd(go("check", "--json"))["first_seen"] is None
