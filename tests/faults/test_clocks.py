"""G. Hours, dates, contracts: what clocks and calendars do."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sandbox import Sandbox
from sync import app
from sync.clock import ClockCheck
from sync.errors import ExitCode, ServiceError
from sync.run import Report, run
from sync.settings import load_settings
from tests.e2e.organisation import Organisation


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
