"""List records: parameters, order, pages and the offsets between them.

https://airtable.com/developers/web/api/list-records
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from multidict import MultiMapping

from sandbox.airtable import formula, refusals
from sandbox.airtable.base import Base, Field, Row, Table
from sandbox.airtable.cells import moment_text, shown
from sandbox.airtable.options import AirtableOptions

_MAX_PAGE = 100
_PLAIN = {"pageSize", "maxRecords", "offset", "view", "filterByFormula", "cellFormat", "returnFieldsByFieldId"}
_IN_QUERY_ONLY = {"timeZone", "userLocale"}
_SORT_KEY = re.compile(r"sort\[(\d+)]\[(field|direction)]")


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What one page is asked for; the values are as given, `Listings.page` checks them."""

    fields: tuple[str, ...] = ()
    sort: tuple[tuple[str, str], ...] = ()
    formula: str | None = None
    page_size: int = _MAX_PAGE
    max_records: int | None = None
    offset: str | None = None
    view: str | None = None
    by_id: bool = False
    comment_count: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a listing goes on: which row is next, its position, and how many were given before."""

    table_id: str
    row_id: str
    position: int


class Listings:
    """Serve pages and remember the offsets that were handed out."""

    def __init__(self, base: Base, options: AirtableOptions) -> None:
        self._base = base
        self._options = options
        self._places: dict[str, _Place] = {}
        self._expired: set[str] = set()

    def expire(self) -> None:
        """Make all offsets handed out so far unusable."""
        self._expired.update(self._places)
        self._places.clear()

    def page(self, table: Table, query: ListQuery) -> dict[str, Any]:
        """Return one page: `records`, and `offset` when there are more; may raise a `Refusal`."""
        columns = [self._known(table, name) for name in query.fields] if query.fields else table.fields
        if query.view is not None and query.view not in {table.view_id, "Grid view"}:
            raise refusals.view_missing(query.view)
        rows = self._chosen(table, query)
        start = self._start(table, query.offset, rows)
        stop = min(start + min(query.page_size, self._options.page_cap), len(rows))
        if query.max_records is not None:
            stop = min(stop, max(start, query.max_records))
        body: dict[str, Any] = {"records": [self._shown(row, columns, query) for row in rows[start:stop]]}
        if stop < len(rows) and (query.max_records is None or stop < query.max_records):
            body["offset"] = self._hand_out(_Place(table.id, rows[stop].id, stop))
        return body

    def _chosen(self, table: Table, query: ListQuery) -> list[Row]:
        rows = list(table.rows.values())
        if self._options.order == "arbitrary":
            rows.sort(key=lambda row: _arbitrary(row.id))
        if query.formula:
            known: Callable[[str], bool] = lambda name: table.field(name) is not None  # noqa: E731
            holds = formula.compiled(query.formula, self._cell(table), known, self._options.unedited)
            rows = [row for row in rows if holds(row)]
        for name, direction in reversed(query.sort):
            column = self._known(table, name)
            rows.sort(key=lambda row, column=column: _rank(self._value(column, row)), reverse=direction == "desc")  # type: ignore[misc]
        return rows

    def _start(self, table: Table, offset: str | None, rows: Sequence[Row]) -> int:
        if offset is None:
            return 0
        if offset in self._expired:
            raise refusals.iterator_gone()
        place = self._places.get(offset)
        if place is None or place.table_id != table.id:
            raise refusals.invalid_offset(offset)
        if self._options.paging == "by_record":
            found = next((number for number, row in enumerate(rows) if row.id == place.row_id), None)
            if found is not None:
                return found
        return min(place.position, len(rows))

    def _hand_out(self, place: _Place) -> str:
        offset = f"{self._base.mint('itr')}/{place.row_id}"
        self._places[offset] = place
        return offset

    def _shown(self, row: Row, columns: Sequence[Field], query: ListQuery) -> dict[str, Any]:
        record = record_json(row, columns, query.by_id)
        return record | {"commentCount": 0} if query.comment_count else record

    def _known(self, table: Table, name: str) -> Field:
        column = table.field(name)
        if column is None:
            raise refusals.unknown_field(name)
        return column

    def _cell(self, table: Table) -> Callable[[str, Row], Any]:
        return lambda name, row: self._value(self._known(table, name), row)

    def _value(self, column: Field, row: Row) -> Any:
        """Return a cell as formulas see it: a link is the linked rows' primary text."""
        value = shown(column, row)
        linked = self._base.table(column.linked_table) if column.linked_table else None
        if linked is not None:
            return ", ".join(linked.title(linked.rows[one]) for one in value or () if one in linked.rows)
        return value


@cache
def _arbitrary(row_id: str) -> bytes:
    return hashlib.sha256(row_id.encode()).digest()


def record_json(row: Row, columns: Sequence[Field], by_id: bool) -> dict[str, Any]:
    """Return a record as Airtable sends it, empty cells left out."""
    cells = {column.id if by_id else column.name: shown(column, row) for column in columns}
    return {
        "id": row.id,
        "createdTime": moment_text(row.created),
        "fields": {name: value for name, value in cells.items() if value is not None},
    }


def query_of_get(given: MultiMapping[str]) -> ListQuery:
    """Read the parameters of GET /v0/base/table, or raise a `Refusal`."""
    plain: dict[str, Any] = {}
    sort: dict[int, dict[str, str]] = {}
    for name in given:
        part = _SORT_KEY.fullmatch(name)
        if part:
            sort.setdefault(int(part.group(1)), {})[part.group(2)] = given[name]
        elif name in {"fields[]", "recordMetadata[]"} or re.fullmatch(r"fields\[\d+]", name):
            continue
        else:
            plain[name] = given[name]
    if plain.keys() & {"fields", "sort"}:
        raise refusals.invalid_request()
    fields = [value for name, value in given.items() if name.startswith("fields[")]
    metadata = list(given.getall("recordMetadata[]", []))
    by_id = plain.pop("returnFieldsByFieldId", "false").lower() in {"true", "1"}
    for name in {"pageSize", "maxRecords"} & plain.keys():
        plain[name] = int(plain[name]) if re.fullmatch(r"\d{1,9}", plain[name]) else None
    return _checked({**plain, "fields": fields, "sort": [sort[place] for place in sorted(sort)]}, by_id, metadata)


def query_of_post(body: Mapping[str, Any], in_query: MultiMapping[str]) -> ListQuery:
    """Read the parameters of POST /v0/base/table/listRecords, or raise a `Refusal`."""
    if set(in_query) - _IN_QUERY_ONLY or _IN_QUERY_ONLY & body.keys():
        raise refusals.invalid_request()
    given = dict(body)
    metadata = given.pop("recordMetadata", [])
    by_id = given.pop("returnFieldsByFieldId", False)
    if not isinstance(by_id, bool):
        raise refusals.invalid_request()
    return _checked(given, by_id, metadata)


def _checked(given: Mapping[str, Any], by_id: bool, metadata: Any) -> ListQuery:
    sound = (
        not given.keys() - _PLAIN - _IN_QUERY_ONLY - {"fields", "sort"}
        and given.get("cellFormat", "json") == "json"
        and _count(given.get("pageSize", _MAX_PAGE))
        and given.get("pageSize", _MAX_PAGE) <= _MAX_PAGE
        and _count(given.get("maxRecords", 1))
        and all(isinstance(given.get(name, ""), str) for name in ("offset", "view", "filterByFormula"))
        and _texts(given.get("fields", []))
        and metadata in ([], ["commentCount"])
    )
    if not sound:
        raise refusals.invalid_request()
    return ListQuery(
        fields=tuple(given.get("fields", ())),
        sort=_sorted_by(given.get("sort", [])),
        formula=given.get("filterByFormula"),
        page_size=given.get("pageSize", _MAX_PAGE),
        max_records=given.get("maxRecords"),
        offset=given.get("offset"),
        view=given.get("view"),
        by_id=by_id,
        comment_count=bool(metadata),
    )


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _sorted_by(given: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(given, list):
        raise refusals.invalid_request()
    chosen = []
    for one in given:
        name, direction = (one.get("field"), one.get("direction", "asc")) if isinstance(one, Mapping) else (None, None)
        if not isinstance(name, str) or direction not in ("asc", "desc"):
            raise refusals.invalid_request()
        chosen.append((name, str(direction)))
    return tuple(chosen)


def _rank(value: Any) -> tuple[int, float, str]:
    """Order cells: empty first, then numbers, then text without regard to case."""
    if value is None or value == "":
        return 0, 0.0, ""
    if isinstance(value, int | float):
        return 1, float(value), ""
    return 2, 0.0, str(value).casefold()
