"""Rows of Alerts to our values and back; cells are keyed by column name here, as in `connectors.wire.airtable`."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.wire.airtable import Cells, OddCell, day, moment, text
from sync.model.alert import Alert, State, StoredAlert, Word

TABLE = "Alerts"
COLUMNS: Mapping[str, str] = {
    "key": "Key",
    "kind": "Kind",
    "subject": "Subject",
    "period": "Period",
    "level": "Level",
    "severity": "Severity",
    "role": "Role",
    "evidence": "Evidence",
    "remedy": "Remedy",
    "state": "State",
    "first_seen": "First seen",
    "last_seen": "Last seen",
    "told": "Told",
}
"""The column of each field of `Alert`."""
NEEDED = ("Key", "State", "First seen", "Told")
"""Without these columns nobody can say what was told already."""


def lacking(columns: Mapping[str, str] | None) -> tuple[str, ...]:
    """Return what a base lacks so that no alerts can be kept: the table (*columns* is None), or columns of it."""
    if columns is None:
        return (f"the table {TABLE}",)
    return tuple(f"{TABLE}.{name}" for name in NEEDED if name not in columns)


def unmanaged(columns: Mapping[str, str]) -> frozenset[str]:
    """Return the fields of an alert that have no column."""
    return frozenset(name for name, column in COLUMNS.items() if column not in columns)


def wanted_rows(columns: Mapping[str, str], keys: Iterable[str] = ()) -> str:
    """Return the formula of the rows whose State does not say that they are resolved, and of those with *keys*."""
    state, key = f"{{{columns['State']}}}", f"{{{columns['Key']}}}"
    wanted = [f"{state}='{one.value}'" for one in State if one is not State.RESOLVED]
    wanted += [f"{state}=BLANK()", *(f"{key}={_quoted(one)}" for one in sorted(keys))]
    return f"OR({', '.join(wanted)})"


def _quoted(text: str) -> str:
    """Return a text as it stands in a formula (decision D13: nothing a person types is code)."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def decode_alert(record_id: str, created: str, cells: Cells) -> StoredAlert:
    """Decode a row; a state nobody has heard of counts as open. Raises OddCell."""
    alert = Alert(
        key=text(cells, "Key").strip(),
        kind=text(cells, "Kind"),
        subject=text(cells, "Subject"),
        period=text(cells, "Period"),
        level=text(cells, "Level"),
        severity=text(cells, "Severity"),
        role=text(cells, "Role"),
        evidence=text(cells, "Evidence"),
        remedy=text(cells, "Remedy"),
        state=_state(text(cells, "State")),
        first_seen=_moment(cells, "First seen"),
        last_seen=_moment(cells, "Last seen"),
        told=_moment(cells, "Told"),
    )
    word = Word(
        owner=text(cells, "Owner").strip(),
        acknowledged=bool(cells.get("Acknowledged")),
        snooze_until=day(cells, "Snooze until"),
        accepted_until=day(cells, "Accepted until"),
        reason=text(cells, "Reason").strip(),
    )
    return StoredAlert(record_id, alert, word, moment(created))


def encode_alert(before: Alert | None, after: Alert) -> dict[str, Any]:
    """Return the cells of *after* that differ from *before*, always with the key; null clears a cell."""
    old, new = _cells(before) if before else {}, _cells(after)
    return {name: value for name, value in new.items() if name == "Key" or value != old.get(name)}


def _cells(alert: Alert) -> dict[str, Any]:
    return {column: _cell(getattr(alert, name)) for name, column in COLUMNS.items()}


def _cell(value: str | State | datetime | None) -> str | None:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return (value.value if isinstance(value, State) else value) or None


def _state(word: str) -> State:
    return next((one for one in State if one.value == word.strip()), State.OPEN)


def _moment(cells: Cells, name: str) -> datetime | None:
    value = cells.get(name)
    if value is None:
        return None
    found = moment(value)
    if found is None:
        raise OddCell(name)
    return found
