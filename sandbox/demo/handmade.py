"""Work that people log straight in Asana, without an issue: sub-tasks of CSH tasks with ``Actual time``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sandbox import Sandbox
from sandbox.asana.state.model import Task
from sandbox.demo.contracts import Contracts
from sandbox.demo.people import colleague
from sandbox.demo.periods import TODAY, at


@dataclass(frozen=True, slots=True)
class HandMade:
    """A task that somebody makes below the CSH task of an allocation. *done*: the day it is ticked, if it is."""

    allocation: str
    name: str
    minutes: int
    day: date
    done: date | None = None
    below: str = ""
    """The name of another one of the same allocation that it is a step of."""


HAND_MADE = (
    HandMade("AGN 2026 Q3", "Introduction mail and first call", 45, date(2026, 7, 6), date(2026, 7, 6)),
    HandMade("BSO 2026 Q3", "Community call in August", 90, date(2026, 8, 12), date(2026, 8, 12)),
    HandMade("BSO 2026 Q3", "Prepare the call", 30, date(2026, 8, 11), date(2026, 8, 12), "Community call in August"),
    HandMade("BSO 2026 Q2", "Community call in May", 60, date(2026, 5, 13), date(2026, 5, 13)),
    HandMade("ODA 2026 Q3", "Unplanned: help before a deadline", 75, date(2026, 7, 30), date(2026, 7, 31)),
    HandMade("KGF 2026 Q3", "Answer three mails", 30, date(2026, 8, 4), date(2026, 8, 4)),
    HandMade("MRM 2026 Q3", "Feedback call", 60, date(2026, 9, 3)),
    HandMade("NBHS 2026 H2", "Walk through the timetable", 45, date(2026, 8, 20), date(2026, 8, 21)),
    HandMade("CSD 2026 Sep", "Evening course: be there", 60, date(2026, 9, 10), date(2026, 9, 11)),
    HandMade("SWW 2026 Q3", "Short questions by phone", 15, date(2026, 9, 1), date(2026, 9, 1)),
    HandMade("QSA 2026", "Visit of the archive's team", 120, date(2026, 3, 18), date(2026, 3, 19)),
    HandMade("PacDrift 2026 Q3", "Notes for the report", 0, date(2026, 9, 2)),
    HandMade("SVMS 2026 Q3", "Translate two mails", 20, date(2026, 7, 22), date(2026, 7, 22)),
)  # fmt: skip
ON_THE_CSH_TASK = ("LHM 2026 Q3", 30, date(2026, 7, 8))
"""Somebody logged time on the CSH task itself; it counts, too."""


def add_hand_made(sandbox: Sandbox, contracts: Contracts) -> tuple[Task, ...]:
    """Let people make and tick these tasks and log their time; return the tasks."""
    asana = sandbox.asana.state
    made: dict[tuple[str, str], Task] = {}
    for one in HAND_MADE:
        allocation = contracts.allocation(one.allocation)
        by = colleague(allocation.provider).email
        parent = made.get((one.allocation, one.below), allocation.csh_task)
        sandbox.clock.set(at(one.day, 11))
        task = asana.add_task(one.name, parent=parent, assignee=by, by=by)
        if one.minutes:
            asana.log_minutes(task, one.minutes, one.day, by=by)
        made[one.allocation, one.name] = task
    for one in HAND_MADE:
        if one.done:
            sandbox.clock.set(at(one.done, 18))
            asana.complete_task(made[one.allocation, one.name])
    name, minutes, day = ON_THE_CSH_TASK
    asana.log_minutes(contracts.allocation(name).csh_task, minutes, day)
    sandbox.clock.set(at(TODAY - timedelta(days=1), 18))
    return tuple(made.values())
