"""Board fields that are mapped onto tasks: status, estimate, dates (decision D5)."""

from datetime import date
from typing import Any

import pytest

from tests.e2e.organisation import Organisation


def map_fields(org: Organisation, *, decimals: int) -> tuple[Any, Any]:
    """Give board and home project the mapped columns; return Asana's status and estimate fields."""
    org.github.add_field(org.board, "Estimate", "NUMBER")
    org.github.add_field(org.board, "Start date", "DATE")
    status = org.asana.add_field("Status", "enum", options=["Todo", "In Progress", "Done"])
    estimate = org.asana.add_field("Estimate", "number", precision=decimals)
    for one in (status, estimate):
        org.asana.add_field_to_project(org.home, one)
    return status, estimate


@pytest.mark.parametrize(("decimals", "kept"), [(0, 3), (1, 2.5), (2, 2.5)])
def test_status_estimate_and_dates_follow_the_board(org: Organisation, decimals: int, kept: float) -> None:
    status, estimate = map_fields(org, decimals=decimals)
    values = {"Status": "In Progress", "Estimate": 2.5, "Start_date": "2026-08-03", "End_date": "2026-08-20"}
    issue = org.issue("Reef Watch: fix", hours=1, **values)
    org.sync()
    task = org.task(issue)
    assert org.asana.field_value(task, estimate) == kept
    shown = org.asana.field_value(task, status)
    assert getattr(shown, "name", shown) == "In Progress"
    assert (task.start_on, task.due_on) == (date(2026, 8, 3), date(2026, 8, 20))
    assert org.writes_of() == []
    org.github.set_board(issue, org.board, {"End date": None, "Estimate": None})
    org.sync()
    assert (org.task(issue).due_on, org.asana.field_value(org.task(issue), estimate)) == (None, None)
    assert org.writes_of() == []


def test_fields_that_a_create_drops_are_written_again_at_once(org: Organisation) -> None:
    org.sandbox.asana.options.drop_fields_on_create = True
    issue = org.issue("Reef Watch: fix", hours=2)
    report = org.sync()
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2
    assert any("written again" in outcome.detail for outcome in report.outcomes)
    assert org.writes_of() == []
