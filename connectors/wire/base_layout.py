"""The base as it is made (design, section 7): every table and column, in an order in which links find their tables.

`columns` knows which of them are read or written; here stands what a new one is.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sync.model.making import NewColumn

LAYOUT: Mapping[str, tuple[tuple[str, str], ...]] = {
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
        ("pick Won/Active/Green/Yellow/Red/Ended", "Status"),
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
_ISO = {"name": "iso", "format": "YYYY-MM-DD"}
_TYPES: Mapping[str, tuple[str, Mapping[str, Any] | None]] = {
    "text": ("singleLineText", None),
    "long": ("multilineText", None),
    "url": ("url", None),
    "number": ("number", {"precision": 2}),
    "percent": ("percent", {"precision": 1}),
    "box": ("checkbox", {"icon": "check", "color": "greenBright"}),
    "date": ("date", {"dateFormat": _ISO}),
    "moment": (
        "dateTime",
        {"timeZone": "utc", "dateFormat": _ISO, "timeFormat": {"name": "24hour", "format": "HH:mm"}},
    ),
}


def layout_of(table: str) -> Iterator[NewColumn]:
    """Yield the columns of a table in their order; the first is the primary one."""
    for kind, names in LAYOUT[table]:
        for name in names.split(", "):
            yield NewColumn(name, kind)


def type_of(kind: str) -> str:
    """Return the type that a column of a kind has in Airtable."""
    word = kind.partition(" ")[0]
    return {"link": "multipleRecordLinks", "pick": "singleSelect"}.get(word) or _TYPES[word][0]


def encode_column(column: NewColumn, table_ids: Mapping[str, str]) -> dict[str, Any]:
    """Return a column as Airtable takes it; *table_ids* are those of the tables there are, by default name.

    https://airtable.com/developers/web/api/field-model
    """
    word, _, rest = column.kind.partition(" ")
    options: Mapping[str, Any] | None
    if word == "link":
        options = {"linkedTableId": table_ids[rest]}
    elif word == "pick":
        options = {"choices": [{"name": one} for one in rest.split("/")]}
    else:
        options = _TYPES[word][1]
    body: dict[str, Any] = {"name": column.name, "type": type_of(column.kind)}
    return body | ({"options": dict(options)} if options else {})
