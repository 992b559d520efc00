"""Placeholders, and work that moves to another community after sealing, end to end."""

from tests.e2e.organisation import Organisation


def test_the_hours_of_a_placeholder_are_counted_once(org: Organisation) -> None:
    meant = org.issue("Reef Watch: New image", hours=3, End_date="2026-07-10")
    above = org.issue("Glacier Commons: Rollout")
    body = f"A copy.\n\nMirrors: {org.url(meant)}"
    copy = org.issue("New image", body, hours=3, labels=(), parent=above, End_date="2026-07-10")
    report = org.sync()
    assert "Placeholder for" in org.task(copy).rich.text
    assert org.task(copy).parent is org.task(above)
    assert org.asana.field_value(org.task(copy), org.hours_field) is None
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.allocation(org.glacier, "Q3").get("Hours used", 0) == 0
    (one,) = [found for found in report.plan.findings if found.kind == "placeholder_with_hours"]
    assert one.subject_id == copy.node_id
    assert org.writes_of() == []


def test_sealed_hours_stay_when_an_issue_moves_and_reopen_takes_them_along(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring work", hours=3, End_date="2026-05-20")
    org.sync()
    org.github.edit(issue, title="Glacier Commons: spring work")
    org.log_hours(issue, 4)
    report = org.sync()
    (one,) = [found for found in report.plan.findings if found.kind == "moved_after_sealing"]
    assert one.period == org.reef.allocations["Q2"]
    assert org.allocation(org.reef, "Q2")["Hours used"] == 3
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 1
    assert org.writes_of() == []
    org.airtable.tick("Allocations", org.reef.allocations["Q2"], "Reopen")
    report = org.sync()
    assert "moved_after_sealing" not in {found.kind for found in report.plan.findings}
    assert org.allocation(org.reef, "Q2")["Hours used"] == 0
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 4
    assert org.writes_of() == []
