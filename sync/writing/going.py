"""Rows that are deleted, ten to a request, each only while it stands as planned and holds nothing of people's."""

from collections.abc import Sequence
from dataclasses import replace

from sync.errors import Denied, LeaseLost, Transient
from sync.model.change import DeleteRows, Outcome, Result
from sync.ports import ROWS_PER_REQUEST, LedgerTarget
from sync.writing.attempts import Attempt, attempt

TOUCHED = "somebody wrote into it or deleted it meanwhile"


class Going:
    """The deletions that wait for a request."""

    def __init__(self, ledger: LedgerTarget) -> None:
        self._ledger = ledger
        self._waiting: list[DeleteRows] = []

    def takes(self, change: DeleteRows) -> bool:
        """Tell whether a further deletion fits into the request."""
        return not self._waiting or _rows_of([*self._waiting, change]) <= ROWS_PER_REQUEST

    def add(self, change: DeleteRows) -> None:
        """Let a deletion wait."""
        self._waiting.append(change)

    def carry_out(self) -> list[Attempt]:
        """Delete what waits, and return what came of each; when the request is refused, each gets its own."""
        changes, self._waiting = self._waiting, []
        if not changes:
            return []
        done = self._tried(changes)
        error = done[0].error
        if len(changes) == 1 or error is None or isinstance(error, Denied | LeaseLost | Transient):
            return done
        return [self._tried([one])[0] for one in changes]

    def _tried(self, changes: Sequence[DeleteRows]) -> list[Attempt]:
        """Delete the rows of *changes* in one request, or as many as they need; an error is that of all of them."""
        kept: list[DeleteRows] = []

        def work() -> Outcome:
            untouched = self._ledger.untouched_rows([row for one in changes for row in one.rows])
            kept.extend(one for one in changes if not untouched.issuperset(row.record_id for row in one.rows))
            ids = [row.record_id for one in changes if one not in kept for row in one.rows]
            for start in range(0, len(ids), ROWS_PER_REQUEST):
                self._ledger.remove_rows(ids[start : start + ROWS_PER_REQUEST])
            return Outcome(changes[0], Result.DONE)

        tried = attempt(changes[0], work)
        if tried.error is not None or tried.outcome.result is not Result.DONE:
            return [replace(tried, outcome=replace(tried.outcome, change=one)) for one in changes]
        return [
            Attempt(Outcome(one, Result.SKIPPED, TOUCHED) if one in kept else Outcome(one, Result.DONE))
            for one in changes
        ]


def _rows_of(changes: Sequence[DeleteRows]) -> int:
    return sum(len(one.rows) for one in changes)
