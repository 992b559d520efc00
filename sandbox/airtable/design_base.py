"""The base the product works with: tables and columns under their default names, ready made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.airtable.base import Base, Field, Table

# table → (kind, names separated by commas); the first column is the primary one
_TABLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Communities": (("text", "Name"), ("long", "Aliases"), ("text", "FreshDesk company")),
    "Contacts": (
        ("text", "Name, Email, GitHub, Phone, Organisation, Position"),
        ("pick Administrative/Technical/Billing", "Role"),
        ("link Communities", "Community"),
    ),
    "Engagements": (
        ("text", "Name"),
        ("long", "Description"),
        ("link Communities", "Community"),
        ("text", "Buyer"),
        ("date", "Start, End, Won on"),
        ("pick Green/Yellow/Red", "Status"),
        ("url", "Agreement URL, HubSpot deal URL, Asana project"),
        ("text", "Proposed status"),
        ("long", "Proposed status reason"),
    ),
    "Projects": (
        ("text", "Name"),
        ("link Engagements", "Engagement"),
        ("date", "Start, End"),
        ("long", "Description, Clause"),
    ),
    "Allocations": (
        ("text", "Name"),
        ("link Projects", "Project"),
        ("date", "Start, End"),
        ("number", "Hours available, Extra hours"),
        ("text", "Provider"),
        ("pick Planned/Active/Completed", "Status"),
        ("url", "Asana task"),
        ("box", "Reopen"),
        ("url", "Initiative URL"),
        ("number", "Hours used, Hours left"),
        ("percent", "Used %"),
        ("text", "Pace, Forecast, Usage status, Hours left sentence"),
        ("date", "Sealed on"),
        ("number", "Hours at sealing"),
        ("long", "Sealed rows"),
        ("moment", "As of"),
    ),
    "Activity": (
        ("text", "Title, Key"),
        ("link Allocations", "Allocation"),
        ("text", "Source"),
        ("url", "URL"),
        ("text", "GitHub ID, Task, Placed under, Placed by, Dated by"),
        ("url", "Ticket"),
        ("text", "Contact, People"),
        ("date", "Start, End"),
        ("number", "Hours"),
        ("text", "State"),
        ("box", "Late"),
        ("text", "Seal"),
        ("number", "Restored"),
        ("moment", "Synced at"),
        ("long", "Report text"),
        ("box", "Internal"),
        ("long", "Notes"),
    ),
    "Alerts": (
        ("text", "Key, Kind, Severity, Subject, Period, Level, Role"),
        ("long", "Evidence, Remedy"),
        ("moment", "First seen, Last seen, Told"),
        ("text", "State, Owner"),
        ("box", "Acknowledged"),
        ("date", "Snooze until, Accepted until"),
        ("long", "Reason, Notes"),
    ),
    "Runs": (
        ("text", "Run"),
        ("moment", "Started, Ended, Lease until"),
        ("text", "Result"),
        ("number", "Created, Updated, Removed, Held, Failed"),
    ),
}
_TYPES: Mapping[str, tuple[str, Mapping[str, Any] | None]] = {
    "text": ("singleLineText", None),
    "long": ("multilineText", None),
    "url": ("url", None),
    "number": ("number", {"precision": 2}),
    "percent": ("percent", {"precision": 1}),
    "box": ("checkbox", {"icon": "check", "color": "greenBright"}),
    "date": ("date", {"dateFormat": {"name": "iso", "format": "YYYY-MM-DD"}}),
    "moment": (
        "dateTime",
        {
            "timeZone": "utc",
            "dateFormat": {"name": "iso", "format": "YYYY-MM-DD"},
            "timeFormat": {"name": "24hour", "format": "HH:mm"},
        },
    ),
}


def build(base: Base, inverse_links: bool) -> None:
    """Add the tables; with *inverse_links* each link also gets its column on the other side.

    Airtable makes such a column by itself when a person adds a link; it is named after the table.
    """
    for name, columns in _TABLES.items():
        table = base.add_table(name)
        for kind, names in columns:
            for column in names.split(", "):
                add_column(base, table, column, kind, inverse_links)


def add_column(base: Base, table: Table, name: str, kind: str, inverse_links: bool = False) -> Field:
    """Add a column; *kind* is text, long, url, number, percent, box, date, moment, `link TABLE` or `pick A/B`."""
    word, _, rest = kind.partition(" ")
    if word == "link":
        return _add_link(base, table, name, rest, inverse_links)
    if word == "pick":
        choices = [{"id": base.mint("sel"), "name": one, "color": "blueLight2"} for one in rest.split("/") if one]
        column = Field(base.mint("fld"), name, "singleSelect", {"choices": choices})
    else:
        of_type, options = _TYPES[word]
        column = Field(base.mint("fld"), name, of_type, dict(options) if options else None)
    table.fields.append(column)
    return column


def _add_link(base: Base, table: Table, name: str, to: str, inverse_links: bool) -> Field:
    linked = base.table(to)
    if linked is None:
        raise KeyError(f"no table {to} to link to")
    column = Field(base.mint("fld"), name, "multipleRecordLinks", _link_options(linked))
    table.fields.append(column)
    if inverse_links:
        inverse = Field(base.mint("fld"), table.name, "multipleRecordLinks", _link_options(table, column))
        linked.fields.append(inverse)
        column.options = _link_options(linked, inverse)
    return column


def _link_options(linked: Table, inverse: Field | None = None) -> dict[str, Any]:
    options: dict[str, Any] = {"linkedTableId": linked.id, "isReversed": False, "prefersSingleRecordLink": False}
    return options | {"inverseLinkFieldId": inverse.id} if inverse else options
