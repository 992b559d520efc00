"""The table Alerts of a base: it may lack, and rows that are resolved are read only when they are asked for."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from connectors.wire.airtable import OddCell, age, readable_key
from connectors.wire.alerts import decode_alert, lacking, unmanaged
from connectors.wire.columns import TableShape
from sync.model.alert import AlertBook, StoredAlert
from sync.model.reading import Problem

BAR, BARS = "|", 3
"""A key of ours has three: between kind, subject, period and level."""
TWINS = "stands on {} rows: delete all but one"
UNREADABLE = "stands on a row that cannot be read ({}): correct the cell"


def alert_book(
    shape: TableShape | None,
    records: Iterable[Mapping[str, Any]],
    cells_of: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    *,
    whole: bool,
) -> AlertBook:
    """Return the rows of the table by key; of several with one key the oldest, and the key is held.

    Rows without a key of ours are people's. A row with an odd cell is a problem, and holds its key where that can be
    read.
    """
    if shape is None or lacking(shape.columns):
        return AlertBook(missing=lacking(shape.columns if shape else None))
    found: dict[str, list[StoredAlert]] = {}
    held: dict[str, str] = {}
    problems: list[Problem] = []
    for record in records:
        try:
            cells = cells_of(record)
            stored = decode_alert(str(record["id"]), str(record.get("createdTime")), cells)
        except OddCell as error:
            key = readable_key(record, cells_of)
            problems.append(Problem("Airtable", f"Alerts: {key or record['id']}", f"odd cell {error}", "Correct it."))
            held |= {key: UNREADABLE.format(error)} if key else {}
            continue
        if stored.alert.key.count(BAR) >= BARS:
            found.setdefault(stored.alert.key, []).append(stored)
    held |= {key: TWINS.format(len(rows)) for key, rows in found.items() if len(rows) > 1}
    rows = {key: min(those, key=age) for key, those in found.items()}
    return AlertBook(rows, held, (), unmanaged(shape.columns), whole, tuple(problems))
