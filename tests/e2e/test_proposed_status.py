"""The proposed status of an engagement, written over HTTP beside the status that people set."""

from typing import Any

from tests.e2e.organisation import Organisation


def engagement(org: Organisation) -> Any:
    return org.airtable.row("Engagements", org.reef.engagement)


def test_the_cells_follow_the_facts_and_peoples_status_is_theirs(org: Organisation) -> None:
    for name, value in (("Start", "2026-01-01"), ("End", "2026-12-31"), ("Status", "Green")):
        org.airtable.edit_cell("Engagements", org.reef.engagement, name, value)
    org.sync()
    assert engagement(org)["Proposed status"] == "Yellow"
    assert "is not refined" in engagement(org)["Proposed status reason"]
    assert org.writes_of() == []
    org.issue("Reef Watch: late", End_date="2026-08-01")
    report = org.sync()
    assert engagement(org)["Proposed status"] == "Red"
    assert engagement(org)["Status"] == "Green"
    assert "engagement_status" in {one.kind for one in report.plan.findings}
