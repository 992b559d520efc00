"""Carrying out the steps of csh-sync allocations --apply where a service is down, or does the unexpected."""

from collections.abc import Iterator
from typing import cast

import pytest

from sync.allocation_steps import carry_out
from sync.errors import Rejected, Transient
from sync.model.allocating import AllocationStep
from sync.model.change import Result
from sync.ports import LedgerTarget, TaskTarget

STEPS = tuple(
    AllocationStep("Reef Watch", f"Q{place}", f"rec{place}", task_url="https://example.org/1") for place in range(5)
)


class Ledger:
    """A ledger that fails as it is told, link by link."""

    def __init__(self, *troubles: Exception | None) -> None:
        self.asked: list[str] = []
        self._troubles: Iterator[Exception | None] = iter(troubles)

    def link_csh_task(self, allocation_id: str, _url: str) -> None:
        self.asked.append(allocation_id)
        if trouble := next(self._troubles, None):
            raise trouble


DOWN = Transient("Airtable", "write Allocations", "no answer")
BAD = Rejected("Airtable", "write Allocations", "no such row")


@pytest.mark.parametrize(
    ("troubles", "results", "asked"),
    [
        ((DOWN, DOWN, DOWN), ["failed", "failed", "failed", "skipped", "skipped"], 3),
        ((DOWN, DOWN, None, DOWN, DOWN), ["failed", "failed", "done", "failed", "failed"], 5),
        ((BAD, BAD, BAD, BAD, BAD), ["failed"] * 5, 5),
        ((ValueError("odd"), None, None, None, None), ["failed", "done", "done", "done", "done"], 5),
    ],
)
def test_three_passing_troubles_in_a_row_mean_that_a_service_is_down(
    troubles: tuple[Exception | None, ...], results: list[str], asked: int
) -> None:
    ledger = Ledger(*troubles)
    found = carry_out(STEPS, cast("TaskTarget", None), cast("LedgerTarget", ledger))
    assert [one.result.value for one in found.outcomes] == results
    assert len(ledger.asked) == asked
    assert bool(found.stopped) is (Result.SKIPPED.value in results)


def test_what_was_not_reached_says_why() -> None:
    ledger = Ledger()
    found = carry_out(
        STEPS, cast("TaskTarget", None), cast("LedgerTarget", ledger), interrupted=lambda: len(ledger.asked) > 1
    )
    assert [(one.result.value, one.detail) for one in found.outcomes][1:3] == [("done", ""), ("skipped", "interrupted")]
