"""Figures that a benchmark found, against what must be reached; as a table and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. *goal* is the largest value that is good enough, None where there is nothing to reach."""

    case: str
    what: str
    value: float
    goal: float | None = None
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Tell whether the goal is reached, None without one."""
        return None if self.goal is None else self.value <= self.goal


def table(figures: Sequence[Figure]) -> str:
    """Return figures as a Markdown table."""
    rows = [("Case", "What", "Measured", "At most", "Reached", "Note")]
    rows += [(one.case, one.what, _short(one.value), _short(one.goal), _word(one.reached), one.note) for one in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [_line(row, widths) for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def document(figures: Iterable[Figure], **more: Any) -> str:
    """Return figures as JSON, with the machine they were taken on."""
    machine = {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}
    found = [{**asdict(one), "reached": one.reached} for one in figures]
    return json.dumps({"schema_version": 1, "machine": machine, **more, "figures": found}, indent=2)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def _word(reached: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[reached]
