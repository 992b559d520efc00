"""An issue of the demo as it is thought up, before people act it out on GitHub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sandbox.demo.workspace import LABEL
from sandbox.github.state.boards import Written
from sandbox.github.state.model import Reason

CSH = (LABEL,)
Cells = Mapping[str, Written]
"""Cells of a board's row, by column."""

DONE: Cells = {"Status": "Done"}
GOING: Cells = {"Status": "In progress"}
NEXT: Cells = {"Status": "Up next", "Estimate": 2}


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """One issue with its whole life.

    *parent* and *duplicate_of* are keys of other drafts. *hours_on* is the day the hours were typed, else that of
    closing, else yesterday. *board* are further cells; an issue that is not *on_board* has none.
    """

    key: str
    repository: str
    title: str
    opened: date
    body: str | None = ""
    author: str = "zsofia-balogh"
    assignees: tuple[str, ...] = ()
    labels: tuple[str, ...] = CSH
    parent: str = ""
    closed: date | None = None
    reason: Reason | None = "completed"
    duplicate_of: str = ""
    reopened: date | None = None
    hours: float | None = None
    hours_on: date | None = None
    on_board: bool = True
    archived: bool = False
    board: Cells = field(default_factory=dict)
    pull_request: bool = False
