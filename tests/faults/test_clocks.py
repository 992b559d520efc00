"""G. Hours, dates, contracts: what clocks and calendars do."""

import re
from collections.abc import Collection, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sandbox import Sandbox
from sandbox.core import Rewrite
from sync import app
from sync.clock import ClockCheck
from sync.errors import ExitCode, ServiceError
from sync.run import Report, run
from sync.settings import load_settings
from tests.e2e.organisation import Organisation, mirrored

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def run_by_the_machines_clock(org: Organisation, **more: str) -> Report:
    """Run once without CSH_NOW: this machine's clock decides."""
    settings = load_settings(org.settings(CSH_NOW="", **more), None)
    services = app.services(settings, memory=app.memory(settings), sleep=lambda _seconds: None)
    protection = app.protection(settings, services, sleep=lambda _seconds: None)
    with closing(services):
        return run(services, app.policy(settings), app.moment(settings), protection=protection)


@pytest.fixture
def of_today() -> Iterator[Organisation]:
    """The small world, at the hour of this machine."""
    with Sandbox(start=datetime.now(UTC)) as running:
        yield Organisation(running)


@pytest.mark.parametrize("wrong", [timedelta(days=-1), timedelta(minutes=-70), timedelta(minutes=70)])
def test_fault_g10_by_a_clock_that_is_hours_off_nothing_is_decided(of_today: Organisation, wrong: timedelta) -> None:
    org = of_today
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.clock.advance(seconds=-wrong.total_seconds())
    mark = org.sandbox.log.mark()
    with pytest.raises(ServiceError, match=r"its clock is .* (ahead of|behind) .* from the network") as caught:
        run_by_the_machines_clock(org)
    assert caught.value.exit_code is ExitCode.UNREADABLE
    with pytest.raises(ServiceError):
        org.plan(CSH_NOW="")
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_fault_g10_minutes_are_a_warning_and_nothing_waits(of_today: Organisation) -> None:
    org = of_today
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.clock.advance(minutes=10)
    report = run_by_the_machines_clock(org)
    assert report.exit_code is ExitCode.FINE
    assert org.has_task(issue)
    assert "behind" in " ".join(report.warnings)
    org.sandbox.clock.advance(minutes=-8)
    assert run_by_the_machines_clock(org).warnings == ()


def test_fault_g10_a_run_that_only_looks_is_stopped_too(of_today: Organisation, tmp_path: Path) -> None:
    org, remembers = of_today, {"CSH_RUN__STATE_FILE": str(tmp_path / "state")}
    for _ in range(3):
        run_by_the_machines_clock(org, **remembers)
    org.sandbox.clock.advance(hours=2)
    mark = org.sandbox.log.mark()
    with pytest.raises(ServiceError):
        run_by_the_machines_clock(org, **remembers)
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_fault_g10_one_service_with_a_wrong_clock_proves_nothing() -> None:
    now = datetime(2026, 8, 10, 9, tzinfo=UTC)
    heard = {"GitHub": lambda: now - timedelta(days=1), "Airtable": lambda: now, "Asana": lambda: None}
    assert ClockCheck(heard, lambda: now).believe() == ""
    assert ClockCheck({"Asana": lambda: None}, lambda: now).believe() == ""


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati"])
@pytest.mark.parametrize("minutes", [-1, 1])
def test_fault_g08_a_run_around_the_end_of_a_quarter_ends_the_same_on_either_side(
    org: Organisation, zone: str, minutes: int
) -> None:
    midnight = datetime(2026, 10, 1, tzinfo=ZoneInfo(zone))
    org.sandbox.clock.set(midnight - timedelta(minutes=30))
    issue = org.issue("Reef Watch: fix", hours=2)
    org.github.close(issue, "completed")
    org.sandbox.clock.set(midnight + timedelta(minutes=minutes))
    org.sync(CSH_TIMEZONE=zone)
    assert {place: row["End"] for place, row in org.rows(issue).items()} == {"Reef Watch Q3": "2026-09-30"}
    org.sandbox.clock.set(midnight + timedelta(minutes=2))
    found = org.rows(issue)
    assert not [write for write in org.writes_of(CSH_TIMEZONE=zone) if write.service == "asana"]
    assert org.rows(issue) == found


@pytest.mark.parametrize(("day", "place"), [("2026-03-29", "Q2"), ("2026-10-25", "Q4")])
def test_fault_g09_on_a_day_of_23_or_25_hours_no_hour_is_lost_or_doubled(
    org: Organisation, day: str, place: str
) -> None:
    zone = "Europe/Paris"
    org.sandbox.clock.set(datetime.fromisoformat(f"{day}T00:30").replace(tzinfo=ZoneInfo(zone)))
    org.airtable.edit_cell("Allocations", org.reef.allocations["Q2"], "Start", "2026-03-29")
    issue = org.issue("Reef Watch: fix", hours=2)
    for _ in range(4):
        org.sync(CSH_TIMEZONE=zone)
        [(found, row)] = org.rows(issue).items()
        assert (found, row["Hours"], row["End"]) == (f"Reef Watch {place}", 2, day)
        assert org.allocation(org.reef, place)["Hours used"] == 2
        org.sandbox.clock.advance(hours=8)


NAMED = {
    "github": "https://github.com/acme/hub/issues/1: odd value at createdAt",
    "asana": "odd value at created_at",
    "airtable": "odd cell First seen. Correct it.",
}


@pytest.mark.parametrize("service", NAMED)
@pytest.mark.parametrize(
    ("stamp", "is_read"),
    [
        ("2026-08-10T09:00:60Z", False),
        ("2026-08-10T09:00:00.123456789Z", True),
        ("2026-08-10T09:00:00+00:00", True),
    ],
)
def test_fault_g19_odd_stamps_are_read_or_held_and_never_a_crash(
    org: Organisation, service: str, stamp: str, is_read: bool
) -> None:
    issue, other = mirrored(org), mirrored(org)
    alert, *_ = org.airtable.rows("Alerts")
    odd = {issue.node_id, org.task(issue).gid, alert}
    org.log_hours(issue, 4)
    org.log_hours(other, 3)
    fault = org.sandbox.faults.add(Rewrite(lambda body: with_stamps(body, stamp, odd)), service=service, is_write=False)
    report = org.sync()
    assert fault.hits
    told = [one.message for one in report.plan.problems] + [*report.warnings]
    assert sum(NAMED[service] in one for one in told) == (0 if is_read else 1)
    assert report.exit_code is (ExitCode.FINE if is_read or service == "airtable" else ExitCode.UNREADABLE)
    assert org.asana.field_value(org.task(other), org.hours_field) == 3
    held = not is_read and service in {"github", "asana"}
    assert org.asana.field_value(org.task(issue), org.hours_field) == (2 if held else 4)
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert org.asana.field_value(org.task(issue), org.hours_field) == 4
    assert org.allocation(org.reef, "Q3")["Hours used"] == 7
    org.sync()  # takes back what was told of items that could not be read
    assert org.writes_of() == []


def with_stamps(body: Any, stamp: str, items: Collection[str], inside: bool = False) -> Any:
    """Return an answer in which every moment of some items, by their ids, is *stamp*."""
    if isinstance(body, dict):
        inside = inside or body.get("id") in items or body.get("gid") in items
        return {name: with_stamps(value, stamp, items, inside) for name, value in body.items()}
    if isinstance(body, list):
        return [with_stamps(value, stamp, items, inside) for value in body]
    return stamp if inside and isinstance(body, str) and MOMENT.fullmatch(body) else body


@pytest.mark.parametrize(
    ("start", "end", "holds"), [("2026-07-15", "2026-10-14", True), ("2026-05-15", "2026-08-08", False)]
)
def test_fault_g20_periods_come_from_the_rows(org: Organisation, start: str, end: str, holds: bool) -> None:
    org.airtable.edit_cells("Allocations", org.reef.allocations["Q3"], {"Start": start, "End": end})
    issue = org.issue("Reef Watch: fix", hours=2, End_date="2026-08-09")
    org.sync()
    assert ("Reef Watch Q3" in org.rows(issue)) is holds
