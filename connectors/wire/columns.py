"""The columns of the base that the service reads or writes (design, section 7), and how far a base agrees."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sync.model.reading import FieldDrift

TEXT = ("singleLineText", "multilineText", "richText")
WORDS = (*TEXT, "url", "email", "phoneNumber", "singleSelect")
URL = ("url", "singleLineText", "multilineText")
NUMBER = ("number",)
HOURS = ("number", "formula", "rollup", "duration", "currency")
PERCENT = ("percent",)
DATE = ("date",)
DAY = ("date", "formula", "multipleLookupValues", "rollup")
MOMENT = ("dateTime",)
BOX = ("checkbox",)
LINK = ("multipleRecordLinks",)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its default name, the types it may have, whether we write it, whether it may be missing."""

    name: str
    types: tuple[str, ...]
    ours: bool = False
    optional: bool = False


def _read(types: tuple[str, ...], *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, types) for name in names)


def _may_lack(types: tuple[str, ...], *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, types, optional=True) for name in names)


def _ours(types: tuple[str, ...], *names: str) -> tuple[Column, ...]:
    return tuple(Column(name, types, ours=True) for name in names)


TABLES: Mapping[str, tuple[Column, ...]] = {
    "Communities": (*_read(WORDS, "Name"), *_may_lack((*WORDS, *NUMBER), "Aliases", "FreshDesk company")),
    "Contacts": (*_may_lack(WORDS, "Name", "Email", "GitHub", "Role"), *_may_lack(LINK, "Community")),
    "Engagements": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Community"),
        *_may_lack(DAY, "Start", "End"),
        *_may_lack(WORDS, "Status", "Asana project"),
    ),
    "Projects": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Engagement"),
        *_may_lack(DAY, "Start", "End"),
        *_may_lack(WORDS, "Clause"),
    ),
    "Allocations": (
        *_read(WORDS, "Name"),
        *_read(LINK, "Project"),
        *_read(DAY, "Start", "End"),
        *_read(HOURS, "Hours available"),
        *_may_lack(WORDS, "Provider", "Asana task"),
        *_may_lack(BOX, "Reopen"),
        *_ours(NUMBER, "Hours used", "Hours left", "Hours at sealing"),
        *_ours(PERCENT, "Used %"),
        *_ours(TEXT, "Hours left sentence", "Sealed rows"),
        *_ours(DATE, "Sealed on"),
        *_ours(MOMENT, "As of"),
    ),
    "Activity": (
        *_ours(TEXT, "Title", "Key", "Source", "GitHub ID", "Task", "Placed under", "Placed by", "Dated by"),
        *_ours(TEXT, "Contact", "People", "State", "Seal"),
        *_ours(URL, "URL", "Ticket"),
        *_ours(LINK, "Allocation"),
        *_ours(DATE, "Start", "End"),
        *_ours(NUMBER, "Hours", "Restored"),
        *_ours(BOX, "Late"),
        *_ours(MOMENT, "Synced at"),
    ),
}
OPTIONAL_TABLES = frozenset({"Contacts"})


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table as the base has it: its id, and the ids of our columns by default name."""

    id: str
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table of the base's schema: id, name, and its columns as (id, name, type)."""

    id: str
    name: str
    columns: tuple[tuple[str, str, str], ...]


def find_tables(
    schema: Iterable[FoundTable], names: Mapping[str, str]
) -> tuple[dict[str, TableShape], tuple[FieldDrift, ...]]:
    """Find the tables and columns we need, by default name or as *names* (``Table``, ``Table.Column``) maps them."""
    tables = list(schema)
    shapes: dict[str, TableShape] = {}
    drift: list[FieldDrift] = []
    for default, columns in TABLES.items():
        wanted = names.get(default, default)
        table = next((one for one in tables if wanted in {one.id, one.name}), None)
        if table is None:
            if default not in OPTIONAL_TABLES:
                drift.append(
                    FieldDrift("Airtable", "the base", wanted, "a table", "missing", ours=default == "Activity")
                )
            continue
        found = dict(_columns(table, default, columns, names, drift))
        shapes[default] = TableShape(table.id, found)
    return shapes, tuple(drift)


def _columns(
    table: FoundTable,
    default: str,
    columns: Iterable[Column],
    names: Mapping[str, str],
    drift: list[FieldDrift],
) -> Iterator[tuple[str, str]]:
    for column in columns:
        wanted = names.get(f"{default}.{column.name}", column.name)
        hit = next((one for one in table.columns if wanted in one[:2]), None)
        if hit is not None and hit[2] in column.types:
            yield column.name, hit[0]
        elif hit is not None or not column.optional:
            found = "missing" if hit is None else f"of type {hit[2]}"
            drift.append(FieldDrift("Airtable", table.name, wanted, " or ".join(column.types[:2]), found, column.ours))
