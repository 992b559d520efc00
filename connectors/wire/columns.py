"""The columns of the base that the service reads or writes (design, section 7), and how far a base agrees."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mappings.nearest import nearest, renamed
from sync.model.reading import FieldDrift

TEXT = ("singleLineText", "multilineText", "richText")
WORDS = (*TEXT, "url", "email", "phoneNumber", "singleSelect")
URL = ("url", "singleLineText", "multilineText")
NUMBER = ("number",)
HOURS = ("number", "formula", "rollup")
PERCENT = ("percent",)
DATE = ("date",)
DAY = ("date", "formula", "multipleLookupValues", "rollup")
MOMENT = ("dateTime",)
BOX = ("checkbox",)
LINK = ("multipleRecordLinks",)
DURATION = "duration"
"""Such a field, or a formula shown as one, counts seconds: it holds no hours."""
DECIMALS = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its default name, the types it may have, whether we write it, whether it may be missing.

    A column of ours that may be missing is not managed where it is. *decimals* is how many it must show at least.
    """

    name: str
    types: tuple[str, ...]
    ours: bool = False
    optional: bool = False
    decimals: int = 0


def _read(types: tuple[str, ...], *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, types) for name in names)


def _may_lack(types: tuple[str, ...], *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, types, optional=True) for name in names)


def _ours(types: tuple[str, ...], *names: str, decimals: int = 0) -> tuple[Column, ...]:
    return tuple(Column(name, types, ours=True, decimals=decimals) for name in names)


def _ours_if_there(types: tuple[str, ...], *names: str, decimals: int = 0) -> tuple[Column, ...]:
    return tuple(Column(name, types, ours=True, optional=True, decimals=decimals) for name in names)


TABLES: Mapping[str, tuple[Column, ...]] = {
    "Communities": (*_read(WORDS, "Name"), *_may_lack((*WORDS, *NUMBER), "Aliases", "FreshDesk company")),
    "Contacts": (
        *_may_lack(WORDS, "Name", "Email", "GitHub", "Role", "Phone", "Organisation", "Position"),
        *_may_lack(LINK, "Community"),
    ),
    "Engagements": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Community"),
        *_may_lack(DAY, "Start", "End", "Won on"),
        *_may_lack(WORDS, "Status", "Asana project", "Description", "Buyer", "Agreement URL", "HubSpot deal URL"),
        *_ours_if_there(TEXT, "Proposed status", "Proposed status reason"),
    ),
    "Projects": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Engagement"),
        *_may_lack(DAY, "Start", "End"),
        *_may_lack(WORDS, "Clause", "Description"),
    ),
    "Allocations": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Project"),
        *_read(DAY, "Start", "End"),
        *_read(HOURS, "Hours available"),
        *_may_lack(HOURS, "Extra hours"),
        *_may_lack(WORDS, "Provider", "Asana task", "Status"),
        *_may_lack(BOX, "Reopen"),
        *_ours(NUMBER, "Hours used", "Hours left", "Hours at sealing", decimals=DECIMALS),
        *_ours(PERCENT, "Used %"),
        *_ours(TEXT, "Hours left sentence", "Sealed rows"),
        *_ours(DATE, "Sealed on"),
        *_ours(MOMENT, "As of"),
        *_ours_if_there(TEXT, "Pace", "Forecast", "Usage status"),
        *_ours_if_there(URL, "Initiative URL"),
    ),
    "Activity": (
        *_ours(TEXT, "Title", "Key", "Source", "GitHub ID", "Task", "Placed under", "Placed by", "Dated by"),
        *_ours(TEXT, "Contact", "People", "State", "Seal"),
        *_ours(URL, "URL", "Ticket"),
        *_ours(LINK, "Allocation"),
        *_ours(DATE, "Start", "End"),
        *_ours(NUMBER, "Hours", decimals=DECIMALS),
        *_ours(NUMBER, "Restored"),
        *_ours(BOX, "Late"),
        *_ours(MOMENT, "Synced at"),
    ),
    "Alerts": (
        *_ours_if_there(TEXT, "Key", "Kind", "Severity", "Subject", "Period", "Level", "Role", "State"),
        *_ours_if_there(TEXT, "Evidence", "Remedy"),
        *_ours_if_there(MOMENT, "First seen", "Last seen", "Told"),
        *_may_lack(BOX, "Acknowledged"),
        *_may_lack(DAY, "Snooze until", "Accepted until"),
        *_may_lack(WORDS, "Owner", "Reason"),
    ),
    "Runs": (
        *_ours(TEXT, "Run", "Result"),
        *_ours(MOMENT, "Started", "Ended", "Lease until"),
        *_ours_if_there(NUMBER, "Created", "Updated", "Removed", "Held", "Failed"),
    ),
}
OPTIONAL_TABLES = frozenset({"Contacts", "Alerts", "Runs"})


TOTALS = frozenset(
    f"Allocations.{name}"
    for name in (
        "Hours used",
        "Hours left",
        "Used %",
        "Hours left sentence",
        "Pace",
        "Forecast",
        "Usage status",
        "As of",
    )
)
"""The columns that nobody needs where totals stand elsewhere."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as the base has it: its id, and the ids of our columns by default name."""

    id: str
    columns: Mapping[str, str] = field(default_factory=dict)

    def by_id(self, cells: Mapping[str, Any]) -> dict[str, Any]:
        """Return cells by the ids of their columns, without those that the table has not."""
        return {self.columns[name]: value for name, value in cells.items() if name in self.columns}


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A column of the base's schema. *decimals* is how many a number shows, None where that is not told."""

    id: str
    name: str
    type: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of the base's schema."""

    id: str
    name: str
    columns: tuple[FoundColumn, ...]


def decode_schema(answer: Any) -> list[FoundTable]:
    """Return the tables of a base's schema; raise TypeError when it is none.

    Types nobody has heard of are kept as they are (Airtable adds types without notice).
    """
    return [
        FoundTable(_word(table, "id"), _word(table, "name"), tuple(_column(one) for one in _listed(table, "fields")))
        for table in _listed(answer, "tables")
    ]


def _column(data: Any) -> FoundColumn:
    options = data.get("options") if isinstance(data, Mapping) else None
    options = options if isinstance(options, Mapping) else {}
    result = options.get("result")
    kind, precision = _word(data, "type"), options.get("precision")
    if isinstance(result, Mapping) and result.get("type") == DURATION:
        kind = f"{kind} of a {DURATION}"
    return FoundColumn(_word(data, "id"), _word(data, "name"), kind, precision if isinstance(precision, int) else None)


def _listed(data: Any, name: str) -> list[Any]:
    if not isinstance(data, Mapping) or not isinstance(data.get(name), list):
        raise TypeError(f"no {name} in the schema")
    return list(data[name])


def _word(data: Any, name: str) -> str:
    if not isinstance(data, Mapping) or not isinstance(data.get(name), str):
        raise TypeError(f"no {name} in the schema")
    return str(data[name])


def find_tables(
    schema: Iterable[FoundTable], names: Mapping[str, str], without: Collection[str] = ()
) -> tuple[dict[str, TableShape], tuple[FieldDrift, ...]]:
    """Find the tables and columns we need, by default name or as *names* (``Table``, ``Table.Column``) maps them.

    *without* are columns that are not looked for.
    """
    tables = list(schema)
    shapes: dict[str, TableShape] = {}
    drift: list[FieldDrift] = []
    taken: dict[str, str] = {}
    for default, columns in TABLES.items():
        wanted = names.get(default, default)
        table = next((one for one in tables if wanted in {one.id, one.name}), None)
        other = taken.setdefault(table.id, default) if table else default
        if other != default:
            drift.append(_odd_table(wanted, f'set for "{other}" too', default if default in names else other))
            continue
        if table is None:
            if default not in OPTIONAL_TABLES:
                drift.append(_odd_table(wanted, "missing", default))
            continue
        needed = tuple(one for one in columns if f"{default}.{one.name}" not in without)
        found = dict(_columns(table, default, needed, names, drift))
        shapes[default] = TableShape(table.id, found)
    return shapes, tuple(drift)


def lacking_columns(shapes: Mapping[str, TableShape]) -> frozenset[str]:
    """Return the columns that a base has not, as ``Table.Column`` by default names."""
    return frozenset(
        f"{table}.{column.name}"
        for table, columns in TABLES.items()
        for column in columns
        if table not in shapes or column.name not in shapes[table].columns
    )


def _columns(
    table: FoundTable,
    default: str,
    columns: Iterable[Column],
    names: Mapping[str, str],
    drift: list[FieldDrift],
) -> Iterator[tuple[str, str]]:
    taken: dict[str, Column] = {}
    for column in columns:
        wanted = names.get(f"{default}.{column.name}", column.name)
        hit = next((one for one in table.columns if wanted in {one.id, one.name}), None)
        other = taken.setdefault(hit.id, column) if hit else column
        if hit is not None and other is not column and (other.ours or column.ours):
            drift.append(_shared(table, default, wanted, (other, column), names))
            continue
        problem = why_useless(column, hit)
        if hit is not None and not problem:
            yield column.name, hit.id
            continue
        guess = renamed if column.optional else nearest
        like = "" if hit else guess(wanted, _free(table, default, columns, names, column))
        if hit is not None or like or not column.optional:
            wish = " or ".join(column.types[:2])
            wish += f" with {column.decimals} decimals" if column.decimals else ""
            setting = f'"{default}.{column.name}" in [airtable.names]'
            needed = hit is not None or not column.optional
            drift.append(FieldDrift("Airtable", table.name, wanted, wish, problem, column.ours, like, setting, needed))


def _odd_table(wanted: str, fault: str, default: str) -> FieldDrift:
    setting = f'"{default}" in [airtable.names]'
    return FieldDrift("Airtable", "the base", wanted, "a table", fault, default == "Activity", setting=setting)


def _shared(
    table: FoundTable, default: str, wanted: str, both: tuple[Column, Column], names: Mapping[str, str]
) -> FieldDrift:
    """Return that two of ours are one column, into which at least one of them is written."""
    other, column = both
    mapped, also = f"{default}.{column.name}", f"{default}.{other.name}"
    setting = f'"{mapped if mapped in names else also}" in [airtable.names]'
    fault = f'set for "{other.name}" too'
    return FieldDrift("Airtable", table.name, wanted, "a column of its own", fault, column.ours, setting=setting)


def _free(
    table: FoundTable, default: str, columns: Iterable[Column], names: Mapping[str, str], missing: Column
) -> Iterator[str]:
    """Yield the columns of a table that could be the missing one: of its type, and none of the others we know."""
    known = {names.get(f"{default}.{one.name}", one.name) for one in columns}
    for one in table.columns:
        if not known & {one.id, one.name} and not why_useless(missing, one):
            yield one.name


def why_useless(column: Column, hit: FoundColumn | None) -> str:
    """Return why a column cannot be used, "" when it can."""
    if hit is None:
        return "missing"
    if hit.type not in column.types:
        return f"of type {hit.type}"
    if hit.decimals is not None and hit.decimals < column.decimals:
        return "a number with 1 decimal" if hit.decimals == 1 else f"a number with {hit.decimals} decimals"
    return ""
