"""csh-sync allocations --apply that is interrupted, or that services stop midway: how it leaves, and what it tells."""

import json
import os
import signal
from typing import Any

import pytest

from sandbox.core import Cut, Person, Status
from tests.cli.test_allocations import CREATE_ROWS, CREATE_TASK, contracts, forget, rows
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["contracts", "go", "org"]
APPLY = ("allocations", "--apply", "--yes")
SIGNALS = pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])


def signalled(number: int) -> Person:
    """Signal this very process while it waits for an answer, as a person or a scheduler would."""
    return Person(lambda: os.kill(os.getpid(), number), "after")


@pytest.fixture
def both(go: Go, contracts: Organisation) -> Organisation:
    """All is in order but the fourth quarters of both communities, which have neither row nor CSH task."""
    assert go(*APPLY).exit_code == 0
    for place in (contracts.reef, contracts.glacier):
        forget(contracts, place, "Q4")
    for record in list(contracts.airtable.rows("Runs")):
        contracts.airtable.delete_row("Runs", record)
    return contracts


def made(org: Organisation) -> dict[str, object]:
    """Return the CSH task's address of each fourth quarter that was made, None where the row alone is there."""
    return {name: cells.get("Asana task") for name, cells in rows(org).items() if "Q4" in name}


def makes_rows(org: Organisation, request: Any) -> bool:
    """Tell whether a request makes rows of Allocations: those name a project."""
    return any(place.project in str(request.body) for place in (org.reef, org.glacier))


@SIGNALS
@pytest.mark.parametrize("service", ["airtable", "asana"])
def test_a_signal_while_it_reads_leaves_at_once_and_writes_nothing(
    go: Go, both: Organisation, number: int, code: int, service: str
) -> None:
    mark = both.sandbox.log.mark()
    both.sandbox.faults.add(signalled(number), service=service, is_write=False, times=1)
    result = go(*APPLY)
    assert result.exit_code == code
    assert "nothing was written" in result.stderr
    assert list(both.sandbox.log.writes(since=mark)) == []


@SIGNALS
def test_a_signal_while_the_lease_is_taken_gives_it_back_and_makes_nothing(
    go: Go, both: Organisation, number: int, code: int
) -> None:
    both.sandbox.faults.add(signalled(number), service="airtable", is_write=True, times=1)
    result = go(*APPLY)
    assert result.exit_code == code
    assert made(both) == {}
    [run] = both.airtable.rows("Runs").values()
    assert (run["Result"], run.get("Lease until")) == ("interrupted", None)


@SIGNALS
def test_a_signal_while_it_writes_ends_it_at_a_step_and_tells_what_was_done(
    go: Go, both: Organisation, number: int, code: int
) -> None:
    both.sandbox.faults.add(signalled(number), **CREATE_TASK, times=1)
    result = go(*APPLY)
    assert result.exit_code == code
    assert sorted(url is None for url in made(both).values()) == [False, True]
    assert "skipped: Reef Watch, Q4 2026: its row was made, its CSH task is missing: interrupted" in result.stdout
    assert "1 period completed, 1 not." in result.stdout
    assert [cells["Result"] for cells in both.airtable.rows("Runs").values()] == [
        "allocations: interrupted, 1 not written"
    ]
    assert go(*APPLY).exit_code == 0
    assert len(made(both)) == 2
    assert go("allocations").stdout.count("Nothing to add.") == 1


def test_a_document_of_an_interrupted_command_has_what_was_done(go: Go, both: Organisation) -> None:
    both.sandbox.faults.add(signalled(signal.SIGTERM), **CREATE_ROWS, where=lambda one: makes_rows(both, one), times=1)
    result = go(*APPLY, "--json")
    assert result.exit_code == 143
    outcomes = json.loads(result.stdout)["outcomes"]
    assert [one["result"] for one in outcomes] == ["skipped", "skipped"]
    assert {one["allocation_id"] for one in outcomes} <= set(both.airtable.rows("Allocations"))


@pytest.mark.parametrize(
    ("trouble", "told"),
    [
        (Status(401, {"errors": [{"message": "no"}]}), "Asana"),
        (Status(429, {"errors": [{"message": "slow down"}]}, headers={"Retry-After": "3600"}), "Asana"),
    ],
)
def test_a_service_that_lets_nothing_more_be_written_loses_no_outcome(
    go: Go, both: Organisation, trouble: Status, told: str
) -> None:
    both.sandbox.faults.add(trouble, **CREATE_TASK, nth=2)
    result = go(*APPLY)
    assert result.exit_code == 4
    assert f"Stopped: {told}" in result.stderr
    assert "failed: Reef Watch, Q4 2026" in result.stdout
    assert "1 period completed, 1 not." in result.stdout
    both.sandbox.faults.clear()
    assert go(*APPLY).exit_code == 0
    assert go("allocations").stdout.count("Nothing to add.") == 1


def test_rows_that_are_denied_are_told_and_nothing_else_is_tried(go: Go, both: Organisation) -> None:
    mark = both.sandbox.log.mark()
    both.sandbox.faults.add(Status(403), **CREATE_ROWS, where=lambda one: makes_rows(both, one))
    result = go(*APPLY)
    assert result.exit_code == 4
    assert result.stdout.count("  failed: ") == 2
    assert list(both.sandbox.log.writes(since=mark, service="asana")) == []


def test_the_look_for_a_lost_answer_may_fail_too(go: Go, both: Organisation) -> None:
    asked: list[object] = []
    both.sandbox.faults.add(Cut("after"), **CREATE_ROWS, where=lambda one: makes_rows(both, one) and noted(asked, one))
    both.sandbox.faults.add(Status(403), service="airtable", method="GET", where=lambda _one: bool(asked))
    result = go(*APPLY)
    assert result.exit_code == 1
    assert result.stdout.count("  unknown: ") == 2
    both.sandbox.faults.clear()
    assert go(*APPLY).exit_code == 0
    assert len(made(both)) == 2


def noted(asked: list[object], one: object) -> bool:
    asked.append(one)
    return True
