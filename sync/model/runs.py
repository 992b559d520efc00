"""Runs as the Runs table keeps them: the lease that keeps two apart, and what each one did (decision D12)."""

from dataclasses import dataclass
from datetime import datetime

HEARTBEAT = "heartbeat"
"""The name of the one row that every quiet run touches (design, section 7)."""
FINE = "fine"
"""The result of a run that did all it had to do; only such a run counts as a success."""

FINE_FOR_ISSUES = "fine, for single issues"
"""The result of a run that looked at some issues alone: no success on record, since a sweep may still be missing."""


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """A row of Runs on which a lease stands. *created_at* and *until* are aware UTC, by the server's clock."""

    record_id: str
    run: str
    created_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class RunResult:
    """What a run's row says at its end: how it went, in words, and how many items of each outcome."""

    result: str
    created: int = 0
    updated: int = 0
    removed: int = 0
    held: int = 0
    failed: int = 0
