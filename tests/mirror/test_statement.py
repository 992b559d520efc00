"""Statements over random worlds: the lines add up to what is used, to the cell, and every line says why."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mirror.statement import Statements
from sync.run import plan_run
from sync.services import Services
from tests.mirror.paper import PaperWorld

DAYS = st.none() | st.dates(date(2026, 4, 1), date(2026, 12, 31))
ISSUES = st.lists(st.tuples(st.sampled_from(["Reef Watch", "Glacier Commons"]), st.integers(0, 20), DAYS), max_size=5)


@settings(max_examples=40, deadline=None)
@given(ISSUES, st.lists(st.integers(0, 20), max_size=5), st.integers(0, 90), st.booleans())
def test_the_lines_of_every_statement_add_up(issues, later, days, run_again):
    world = PaperWorld()
    made = [world.issue(f"{name}: work", hours=hours / 2, end=day) for name, hours, day in issues]
    world.sync()
    world.days_pass(days)
    for issue, hours in zip(made, later, strict=False):
        issue.hours = hours / 4
    if run_again:
        world.sync()
    assessment, read = plan_run(Services(world.github, world.asana, world.airtable), world.policy, world.now)
    statements = Statements(assessment, read)
    total = 0
    for allocation in read.contracts.allocations.values():
        found = statements.of(allocation)
        assert sum(line.minutes for line in found.lines) == found.total_minutes == found.standing.used_minutes
        assert all(line.rules for line in found.lines)
        agrees = found.airtable_minutes == found.total_minutes
        assert agrees or any("as Hours used" in text for text in found.differences)
        assert agrees or not run_again
        total += found.total_minutes
    placed = [row for row in assessment.rows.values() if row.allocation_id != "unplaced"]
    assert total == sum(row.minutes or 0 for row in placed)
