"""The sandbox's time: told, set, advanced, and shown in the Date header."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

import httpx
import pytest

from sandbox.core import SandboxClock

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def test_a_clock_ticks_with_real_time_from_its_start():
    clock = SandboxClock(NEW_YEAR)
    time.sleep(0.02)
    assert timedelta(seconds=0.01) < clock.now() - NEW_YEAR < timedelta(seconds=5)


def test_a_frozen_clock_moves_only_when_told():
    clock = SandboxClock(NEW_YEAR, frozen=True)
    clock.advance(days=1, seconds=30)
    assert clock.now() == datetime(2025, 1, 2, 0, 0, 30, tzinfo=UTC)
    clock.set(datetime(2024, 6, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2024, 6, 1, tzinfo=UTC)
    assert clock.now().tzinfo == UTC


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        SandboxClock(datetime(2025, 1, 1))  # noqa: DTZ001 - that is the point


def test_answers_carry_the_sandboxs_date(sandbox, counter, address):
    counter.clock.set(NEW_YEAR)
    shown = parsedate_to_datetime(httpx.get(address).headers["Date"])
    assert timedelta(0) <= shown - NEW_YEAR < timedelta(seconds=5)


def test_another_process_reads_and_moves_the_clock(sandbox, counter):
    url = f"{sandbox.url}/_sandbox/clock"
    httpx.post(url, json={"set": NEW_YEAR.isoformat()})
    told = httpx.post(url, json={"advance": 86400}).json()["now"]
    assert timedelta(days=1) <= datetime.fromisoformat(told) - NEW_YEAR < timedelta(days=1, seconds=5)
    assert counter.clock.now() >= NEW_YEAR + timedelta(days=1)


@pytest.mark.parametrize("asked", [{}, {"set": "soon"}, {"set": "2025-01-01T00:00:00"}, {"advance": "a bit"}, [1]])
def test_what_is_no_time_is_refused(sandbox, asked):
    assert httpx.post(f"{sandbox.url}/_sandbox/clock", json=asked).status_code == 400
