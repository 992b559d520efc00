"""Which of several records with one key can go without losing anything that a person put into it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from connectors.wire.columns import FoundTable

FILLED_BY_AIRTABLE = frozenset(
    {
        "aiText",
        "autoNumber",
        "button",
        "count",
        "createdBy",
        "createdTime",
        "formula",
        "lastModifiedBy",
        "lastModifiedTime",
        "multipleLookupValues",
        "rollup",
    }
)
"""Types of columns in which nobody writes (https://airtable.com/developers/web/api/field-model)."""


def columns_of_people(table: FoundTable, ours: Collection[str]) -> frozenset[str]:
    """Return the ids of the columns in which people write, and we do not."""
    return frozenset(one.id for one in table.columns if one.id not in ours and one.type not in FILLED_BY_AIRTABLE)


def asking_for(record_ids: Iterable[str]) -> str:
    """Return the formula that finds these records."""
    return "OR(" + ",".join(f"RECORD_ID()='{one}'" for one in record_ids) + ")"


def spare(
    records: Iterable[Mapping[str, Any]], oldest_first: Sequence[str], key: str, people: Collection[str]
) -> list[str]:
    """Return the records behind the oldest in which every cell of *people* is empty or as it is there.

    *records* are read whole, *key* is the id of the column that makes them twins. None is spare when any is missing.
    """
    cells = {str(one["id"]): one["fields"] for one in records if isinstance(one.get("fields"), Mapping)}
    if not cells.keys() >= set(oldest_first):
        return []
    kept = cells[oldest_first[0]]

    def adds_nothing(further: Mapping[str, Any]) -> bool:
        return further.get(key) == kept.get(key) and all(
            further.get(column) in (None, kept.get(column)) for column in people
        )

    return [record_id for record_id in oldest_first[1:] if adds_nothing(cells[record_id])]
