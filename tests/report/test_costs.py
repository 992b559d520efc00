"""What a run asked of the services: counted where requests are sent, told as a share of a day's limits."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from connectors.github_points import Points
from sandbox import Sandbox
from sync.cli import main
from sync.model.cost import Cost
from sync.report.costs import RUNS_A_DAY, cost_documents, cost_line
from tests.e2e.organisation import START, Organisation

GITHUB = Cost("GitHub", 12, 50, "points", 5000, timedelta(hours=1))
ASANA = Cost("Asana", 1, 1, "requests", 1500, timedelta(minutes=1))
AIRTABLE = Cost("Airtable", 4, 4, "calls", 100_000, timedelta(days=31))


def test_costs_are_told_with_their_share_of_a_day() -> None:
    assert cost_line((GITHUB, ASANA, AIRTABLE)) == (
        "Asked: GitHub 12 requests (50 points), Asana 1 request, Airtable 4 requests. Every 15 minutes that is, of "
        "what a day allows: GitHub 4.00%, Asana 0.00%, Airtable 11.90%."
    )
    assert cost_line(()) == ""
    (one,) = cost_documents((GITHUB,))
    assert (one["share_of_day"], one["share_of_day_every_15_minutes"]) == (0.00041667, 0.04)


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(1, 100_000))
def test_a_day_of_runs_that_use_all_of_it_is_the_whole_share(used: int, allowed: int, seconds: int) -> None:
    cost = Cost("any", used, used, "requests", allowed, timedelta(seconds=seconds))
    days = timedelta(days=1) / cost.per
    assert cost.share_of_day(RUNS_A_DAY) == pytest.approx(RUNS_A_DAY * used / (allowed * days))


def headers(used: object, limit: object = 5000, resource: str = "graphql") -> dict[str, str]:
    named = {"resource": resource, "used": used, "limit": limit}
    return {f"x-ratelimit-{name}": str(value) for name, value in named.items()}


def test_points_are_the_growth_of_what_is_used_whatever_the_window() -> None:
    points = Points()
    for told in (headers(100), headers(103), headers(103), headers(40, "7", "core"), headers(5), {}, headers("what")):
        points.note(told)
    assert points.spent == 1 + 3 + 0 + 5 + 1
    assert points.an_hour == 5000


def test_a_run_tells_what_the_services_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Sandbox(start=START) as sandbox:
        org = Organisation(sandbox)
        for number in range(3):
            org.issue(f"Reef Watch: {number}", hours=1)
        ended = CliRunner().invoke(main, ["run", "--record", "run.json"], env=org.settings())
        assert ended.exit_code == 0, ended.output
        costs = {one["service"]: one for one in json.loads(Path("run.json").read_text())["costs"]}
        assert {name: one["requests"] for name, one in costs.items()} == {
            name: sandbox.log.count(name.lower()) for name in ("GitHub", "Asana", "Airtable")
        }
        assert 0 < costs["GitHub"]["used"] <= sandbox.github.points
        assert sandbox.github.points - costs["GitHub"]["used"] <= 5, "all but the points of the first answer"
        assert "Asked: GitHub" in ended.stderr
