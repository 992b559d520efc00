"""The file of totals: one line for each allocation, for spreadsheets and people, and read back by the next run."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from sync.model.contract import Allocation, Totals
from sync.model.minutes import to_hours, to_minutes

COLUMNS = (
    "Allocation",
    "Record",
    "Start",
    "End",
    "Hours available",
    "Hours used",
    "Hours left",
    "Used share",
    "Hours left sentence",
    "Pace",
    "Forecast",
    "Usage status",
    "As of",
)
FORMULA = tuple("=+-@＝＋－＠")
"""A text that begins so, blanks aside, may be a formula to a spreadsheet, whoever typed it (decision D13)."""
GUARD = "'"
_BLANKS = " \u00a0\u2003\u3000\u200b\ufeff"
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls and ends of lines; a lone surrogate cannot be written into a file."""


@dataclass(frozen=True, slots=True)
class Line:
    """One allocation in the file: its record id, what stands before the totals, the totals, and when they moved."""

    record: str
    labels: Mapping[str, str]
    totals: Totals
    as_of: str


def line_of(allocation: Allocation, totals: Totals, now: datetime) -> Line:
    """Return the line of an allocation, as of *now*."""
    labels = {
        "Allocation": allocation.name,
        "Start": allocation.start.isoformat() if allocation.start else "",
        "End": allocation.end.isoformat() if allocation.end else "",
        "Hours available": _hours(allocation.minutes),
    }
    return Line(allocation.id, labels, totals, now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def encode(lines: Iterable[Line]) -> str:
    """Return the whole file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for line in lines:
        writer.writerow({name: _guarded(cell) for name, cell in _cells(line).items()})
    return out.getvalue()


def is_ours(text: str) -> bool:
    """Tell whether a file is empty or has our head; people may have added columns, or changed their order."""
    head = next(csv.reader(io.StringIO(text)), [])
    return not text.strip() or {"Allocation", "Record"} <= set(head)


def decode(text: str) -> dict[str, Line]:
    """Return the lines of a file by record id; one that cannot be read is left out, and so written again."""
    reader = csv.DictReader(io.StringIO(text))
    return {line.record: line for cells in reader for line in _line(cells)}


def _line(cells: Mapping[str | None, str | None]) -> Iterator[Line]:
    found = {name: _bare(cells.get(name) or "") for name in COLUMNS}
    try:
        totals = Totals(
            _minutes(found["Hours used"]),
            _minutes(found["Hours left"]),
            float(Decimal(found["Used share"])) if found["Used share"] else None,
            found["Hours left sentence"],
            found["Pace"],
            found["Forecast"],
            found["Usage status"],
        )
    except (ValueError, InvalidOperation):
        return
    if found["Record"]:
        labels = {name: found[name] for name in ("Allocation", "Start", "End", "Hours available")}
        yield Line(found["Record"], labels, totals, found["As of"])


def _cells(line: Line) -> dict[str, str]:
    totals = line.totals
    return {
        **line.labels,
        "Record": line.record,
        "Hours used": _hours(totals.used_minutes),
        "Hours left": _hours(totals.left_minutes),
        "Used share": "" if totals.used_share is None else f"{totals.used_share:.4f}",
        "Hours left sentence": totals.sentence,
        "Pace": totals.pace or "",
        "Forecast": totals.forecast or "",
        "Usage status": totals.status or "",
        "As of": line.as_of,
    }


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else f"{to_hours(minutes):f}"


def _minutes(text: str) -> int | None:
    return to_minutes(text) if text else None


def _guarded(text: str) -> str:
    """Return a text on one line that no spreadsheet takes for a formula; a number below zero is none."""
    line = _CONTROL.sub(lambda found: " " if found[0].isspace() else "", text)
    harmless = _is_number(line) or not line.lstrip(_BLANKS).startswith((*FORMULA, GUARD))
    return line if harmless else f"{GUARD}{line}"


def _bare(text: str) -> str:
    return text.removeprefix(GUARD)


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
