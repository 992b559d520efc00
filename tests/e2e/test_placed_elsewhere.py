"""A person's place decides, and contradicts what the board names: somebody should look at it (decision D7)."""

from sync.run import Report
from tests.e2e.organisation import Organisation


def evidence(report: Report) -> list[str]:
    return [finding.evidence for finding in report.plan.findings if finding.kind == "placed_elsewhere"]


def test_a_place_in_another_allocation_than_the_board_names_is_a_finding(org: Organisation) -> None:
    issue = org.issue("Report", hours=2, Allocation="Reef Watch Q3 2026")
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q4"])
    said = ["Placed by hand under Reef Watch Q4 2026; the board says Reef Watch Q3 2026."]
    assert evidence(org.sync()) == said
    assert org.allocation(org.reef, "Q4")["Hours used"] == 2
    assert evidence(org.sync()) == said


def test_it_is_none_once_the_board_agrees_by_name_or_record(org: Organisation) -> None:
    issue = org.issue("Report", hours=2, Allocation="Reef Watch Q3 2026")
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q4"])
    for name in ("reef watch q4 2026", org.reef.allocations["Q4"]):
        org.github.set_board(issue, org.board, {"Allocation": name})
        assert evidence(org.sync()) == []


def test_it_is_none_where_the_board_names_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: report", hours=2)
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q4"])
    assert evidence(org.sync()) == []
