"""SIGKILL at each single write of a full first run, by the operating system: the next run finishes it (P6, H01)."""

import os
import signal
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.core import Cut, Person
from sync.errors import ExitCode
from tests.e2e.organisation import START, Organisation
from tests.faults.child import start_run

MOST_WRITES = 60


def small_world(sandbox: Sandbox) -> tuple[Organisation, list[Any]]:
    org = Organisation(sandbox)
    parent = org.issue("Reef Watch: parent", hours=1)
    child = org.issue("child", labels=(), parent=parent, hours=2)
    spring = org.issue("Reef Watch: spring", hours=1, End_date="2026-05-05")
    return org, [parent, child, spring]


def killed_at(org: Organisation, nth: int, when: str) -> bool:
    """Let a run be killed before its *nth* write is done, or right after; return whether it came to that."""
    pids: list[int] = []
    fatal = Person(lambda: os.kill(pids[0], signal.SIGKILL), when="after" if when == "after" else "before")
    fault = org.sandbox.faults.add(fatal, is_write=True, nth=nth, times=1)
    if when == "before":
        org.sandbox.faults.add(Cut("before"), is_write=True, nth=nth, times=1)
    with org.sandbox.lock:  # no write is handled before the process is known
        child = start_run(org.settings())
        pids.append(child.pid or 0)
    child.join(60)
    org.sandbox.faults.clear()
    assert child.exitcode == (-signal.SIGKILL if fault.hits else 0)
    return fault.hits > 0


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
@pytest.mark.parametrize("when", ["before", "after"])
def test_fault_h01_killed_at_any_write_the_next_run_finishes(when: str) -> None:
    for nth in range(1, MOST_WRITES):
        with Sandbox(start=START) as sandbox:
            org, issues = small_world(sandbox)
            was_killed = killed_at(org, nth, when)
            sandbox.clock.advance(minutes=5)  # its lease runs out
            assert org.guarded_sync().exit_code is ExitCode.FINE
            converged(org, issues)
        if not was_killed:
            assert nth > 14, "the loop ended before it tried every write"
            return
    raise AssertionError("a first run has more writes than this test tried")


def converged(org: Organisation, issues: list[Any]) -> None:
    """No twin, no orphan, all hours, and nothing left to do."""
    parent, child, spring = issues
    assert len(org.asana.tasks_in(org.home)) == 3
    assert org.task(child).parent is org.task(parent)
    assert org.task(parent).parent is org.reef.csh["Q3"]
    assert org.task(spring).parent is org.reef.csh["Q2"]
    rows = org.airtable.rows("Activity").values()
    assert {cells["Task"] for cells in rows} == {org.task(issue).gid for issue in issues}
    assert len(rows) == 3
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.allocation(org.reef, "Q2")["Hours used"] == 1
    assert org.plan().changes == ()
