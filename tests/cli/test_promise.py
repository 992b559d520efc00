"""csh-sync promise: can we promise this, month by month, and is such work delivered already (requirements 39, 75)."""

import json
from typing import Any

import pytest

from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]

# Two communities have 8 h each in a quarter: 16 h in the 66 working days of Q4 2026.
QUARTER = ("--hours", "8", "--per", "quarter", "--from", "2026-10-01", "--to", "2026-12-31")


def capacity(hours: float = 2.5, **values: Any) -> dict[str, str]:
    one = {"team": "P&S team", "hours_per_week": hours, "start": "2026-01-01", "lead": "Lea", **values}
    return {"CSH_CAPACITY": json.dumps([one])}


def promise(go: Go, *more: str, **settings: str) -> Any:
    """Return the document; without settings there is more than enough capacity."""
    return json.loads(go("-q", "promise", *QUARTER, *more, "--json", **(settings or capacity())).stdout)


@pytest.fixture(autouse=True)
def running(org: Organisation) -> None:
    for community in (org.reef, org.glacier):
        org.airtable.edit_cell("Engagements", community.engagement, "Status", "Active")


def test_yes_month_by_month_with_what_is_committed_and_the_capacity(go: Go, org: Organisation) -> None:
    told = promise(go)
    assert (told["answer"], told["team"], told["capacity_known"], told["complete"]) == ("yes", "P&S team", True, True)
    october = told["months"][0]
    assert (october["start"], october["end"], october["working_days"]) == ("2026-10-01", "2026-10-31", 22)
    assert (october["committed_minutes"], october["promised_minutes"]) == (320, 160)
    assert (october["capacity_minutes"], october["answer"], october["minutes_per_day"]) == (660, "yes", 22)
    assert told["average"]["committed_minutes"] == 960
    assert told["providers"] == [{"provider": "", "minutes": 960, "full_time": round(960 / 66 / 480, 4)}]
    assert list(org.sandbox.log.writes()) == []
    assert {one.service for one in org.sandbox.log.select()} == {"airtable"}


def test_no_names_the_months_the_excess_and_the_lead(go: Go) -> None:
    result = go("promise", *QUARTER, **capacity(1.5))
    assert result.exit_code == 0
    first = result.stdout.splitlines()[0]
    assert first == (
        "8 h per quarter from 2026-10-01 to 2026-12-31 by P&S team: "
        "no. Above the limit in Oct 2026, Nov 2026, Dec 2026: ask Lea."
    )
    assert "no: 1.4 h above the limit, ask Lea" in result.stdout
    assert "On average over all days: 121 % of the capacity." in result.stdout
    assert "nobody yet" in result.stdout


def test_what_was_above_the_limit_before_is_told_as_such(go: Go) -> None:
    assert "above the limit already, ask Lea" in go("promise", *QUARTER, **capacity(1)).stdout


def test_without_a_capacity_it_cannot_be_told_and_is_no_yes(go: Go) -> None:
    result = go("promise", *QUARTER, CSH_TIMEZONE="UTC")
    assert result.exit_code == 0
    assert "cannot be told. No capacity is set in Oct 2026, Nov 2026, Dec 2026" in result.stdout.splitlines()[0]
    told = promise(go, **capacity(2.5, end="2026-11-30"))
    assert [one["answer"] for one in told["months"]] == ["yes", "yes", "unknown"]
    assert (told["answer"], told["average"]["share"]) == ("unknown", None)
    assert (told["months"][2]["unset_from"], told["months"][2]["unset_until"]) == ("2026-12-01", "2026-12-31")


def test_a_role_without_a_capacity_cannot_be_told(go: Go) -> None:
    result = go("promise", *QUARTER, "--role", "designers", **capacity())
    assert "No capacity is set for designers in Oct 2026" in result.stdout


def test_which_of_several_teams_must_be_said(go: Go) -> None:
    two = [json.loads(capacity(hours)["CSH_CAPACITY"])[0] | {"team": team} for team, hours in (("P&S", 9), ("D", 9))]
    result = go("promise", *QUARTER, CSH_CAPACITY=json.dumps(two))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Name one with --role: P&S, D" in result.stderr
    assert go("promise", *QUARTER, "--role", "the p&s", CSH_CAPACITY=json.dumps(two)).exit_code == 0


def test_a_period_that_is_cut_short_keeps_its_hours_and_that_is_said(go: Go) -> None:
    arguments = ("--hours", "8", "--per", "quarter", "--from", "2026-11-15", "--to", "2026-12-31")
    result = go("promise", *arguments, **capacity())
    assert "cut short, with the full hours as in a clause: 2026-11-15 to 2026-12-31." in result.stdout


def test_other_roles_and_what_cannot_be_counted_are_named(go: Go, org: Organisation) -> None:
    org.airtable.edit_cell("Projects", org.reef.project, "Clause", "Up to 8 hours / quarter by designers")
    org.airtable.edit_cell("Allocations", org.glacier.allocations["Q4"], "Hours available", None)
    result = go("promise", *QUARTER, **capacity())
    assert "Not counted, for no team with a capacity: Reef Watch Q4 2026 (by designers)." in result.stdout
    assert "Not counted: Glacier Commons Q4 2026 (hours available are missing)." in result.stdout


def test_an_incomplete_reading_is_no_yes_and_leaves_with_4(go: Go, org: Organisation) -> None:
    both = [org.reef.project, org.glacier.project]
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q3"], "Project", both)
    result = go("promise", *QUARTER, "--like", "Quantum chemistry", **capacity())
    assert result.exit_code == 4
    assert "cannot be told. Airtable was read incompletely" in result.stdout.splitlines()[0]
    assert "it cannot be told whether the work is new" in result.stdout
    assert "A new kind of work" not in result.stdout
    assert promise(go, "--like", "Quantum chemistry")["new_kind"] is None
    assert "not read: Airtable" in result.stderr


def test_like_names_where_such_work_is_delivered(go: Go, org: Organisation) -> None:
    org.airtable.edit_cell("Projects", org.glacier.project, "Description", "Support\n\nDask workshops for instructors.")
    org.issue("Reef Watch: Build images for remote sensing", hours=2)
    org.sync()
    result = go("promise", *QUARTER, "--like", "workshop on Dask", **capacity())
    assert "Glacier Commons 2026 Membership (1 passage)" in result.stdout
    assert "project: Dask workshops for instructors. (workshop, dask)" in result.stdout
    (only,) = promise(go, "--like", "image for remote sensing")["alike"]
    assert (only["community"], only["passages"][0]["source"]) == ("Reef Watch", "work in Reef Watch Q3 2026")


def test_nothing_alike_is_a_new_kind_of_work(go: Go) -> None:
    result = go("promise", *QUARTER, "--like", "Quantum chemistry", **capacity())
    assert result.stdout.splitlines()[-1].startswith("A new kind of work")
    assert result.stdout.splitlines()[0].endswith("yes.")
    told = promise(go, "--like", "Quantum chemistry")
    assert (told["alike"], told["new_kind"]) == ([], True)
    assert (promise(go)["alike"], promise(go)["new_kind"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"--hours": "many"}, "is no number of hours to promise"),
        ({"--hours": "0"}, "is no number of hours to promise"),
        ({"--hours": "-8"}, "is no number of hours to promise"),
        ({"--hours": "inf"}, "is no number of hours to promise"),
        ({"--from": "soon"}, "Write it as 2026-01-31"),
        ({"--to": "2026-09-30"}, "is before --from"),
        ({"--to": "2126-09-30"}, "more than ten years"),
        ({"--per": "fortnight"}, "half-year"),
        ({"--like": "Help with the hub"}, "names no kind of work"),
    ],
)
def test_what_cannot_be_looked_at_is_refused_before_anything_is_read(
    go: Go, org: Organisation, change: dict[str, str], told: str
) -> None:
    given = dict(zip(QUARTER[::2], QUARTER[1::2], strict=True)) | change
    mark = org.sandbox.log.mark()
    result = go("promise", *(word for pair in given.items() for word in pair), **capacity())
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in " ".join(result.stderr.split())
    assert list(org.sandbox.log.select(since=mark)) == []
