"""Looking at a set-up's Airtable side: token, base, tables, rows. No record is changed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from connectors.airtable_api import AirtableApi
from connectors.airtable_runs import AirtableRuns
from connectors.looking import UNAUTHORISED, Look, not_set
from connectors.wire.airtable import decode_community
from connectors.wire.columns import OPTIONAL_TABLES, TABLES, TableShape, find_tables
from connectors.wire.spare_rows import asking_for
from sync.errors import Denied, NotFound, Rejected, ServiceError
from sync.model.contract import Community
from sync.model.examination import MOST_COUNTED, AirtableFacts, BaseFacts, SchemaFacts, Unanswered

NOBODY = "recCshSyncDoctor0"
"""A record id that no record has: what happens on changing it tells whether records may be changed."""
REFUSED = 403
BASE = "CSH_AIRTABLE__BASE"


def examine_airtable(
    api: AirtableApi, base: str, names: Mapping[str, str], sentinel: str, *, without: Collection[str] = ()
) -> AirtableFacts:
    """Return what is found; what cannot be looked at hides nothing else. Raises nothing.

    *without* are columns (``Table.Column``) that are not needed.
    """
    look = Look()
    scopes = look(lambda: _scopes(api))
    bases = look(lambda: _bases(api))
    found = look(lambda: find_tables(api.schema(), names, without)) if base else not_set(BASE)
    shapes: Mapping[str, TableShape] = {} if isinstance(found, Unanswered) else found[0]
    schema = found if isinstance(found, Unanswered) else _schema(*found)
    return AirtableFacts(
        scopes=scopes,
        base=_named(bases, base),
        bases={} if isinstance(bases, Unanswered) else {one: facts.name for one, facts in bases.items()},
        schema=schema,
        readable=look(lambda: _may_read(api, shapes)),
        writable=look(lambda: _may_write(api, shapes)),
        communities=look(lambda: _communities(api, shapes)),
        last_success=look(lambda: _last_success(api, shapes)),
        sentinel=look(lambda: _is_there(api, shapes, sentinel)) if sentinel else None,
        clock=api.clock.now(),
        rows=look(lambda: _rows(api, shapes)),
    )


def _named(bases: Mapping[str, BaseFacts] | Unanswered, base: str) -> BaseFacts | Unanswered:
    """Return the base that is set, without a role when the token does not see it."""
    if isinstance(bases, Unanswered):
        return bases
    return bases.get(base, BaseFacts("", "")) if base else not_set(BASE)


def _scopes(api: AirtableApi) -> frozenset[str] | None:
    """Return the token's scopes where Airtable names them; that it does not tell of the token at all proves nothing."""
    try:
        found = api.whoami().get("scopes")
    except Denied as error:
        if error.status == UNAUTHORISED:
            raise
        return None
    return frozenset(map(str, found)) if isinstance(found, list) else None


def _bases(api: AirtableApi) -> dict[str, BaseFacts]:
    return {one["id"]: BaseFacts(str(one["name"]), str(one["permissionLevel"])) for one in api.bases()}


def _schema(shapes: Mapping[str, TableShape], drift: Any) -> SchemaFacts:
    lacking: dict[str, tuple[str, ...]] = {}
    for table, columns in TABLES.items():
        shape = shapes.get(table)
        if shape is None and table in OPTIONAL_TABLES:
            lacking[table] = ("the whole table",)
        elif shape is not None:
            missing = tuple(one.name for one in columns if one.optional and one.name not in shape.columns)
            lacking |= {table: missing} if missing else {}
    return SchemaFacts(tuple(shapes), sum(len(one.columns) for one in shapes.values()), tuple(drift), lacking)


def _some(shapes: Mapping[str, TableShape]) -> tuple[str, TableShape] | None:
    wanted = ("Activity", "Allocations", *shapes)
    return next(((name, shapes[name]) for name in wanted if name in shapes and shapes[name].columns), None)


def _may_read(api: AirtableApi, shapes: Mapping[str, TableShape]) -> bool:
    some = _some(shapes)
    if some:
        name, shape = some
        api.records(name, shape.id, list(shape.columns.values())[:1], {"maxRecords": 1})
    return True


def _may_write(api: AirtableApi, shapes: Mapping[str, TableShape]) -> bool:
    """Tell whether records may be changed, by changing one that does not exist: only the refusal's kind matters."""
    some = _some(shapes)
    if some is None:
        return True
    try:
        api.update("try to change a record that does not exist", some[1].id, [{"id": NOBODY, "fields": {}}])
    except (NotFound, Rejected):
        return True
    except ServiceError as error:
        if error.status == REFUSED:
            return False
        raise
    return True


def _communities(api: AirtableApi, shapes: Mapping[str, TableShape]) -> tuple[Community, ...]:
    shape = shapes.get("Communities")
    if shape is None:
        return ()
    found = []
    for record in api.records("Communities", shape.id, tuple(shape.columns.values())):
        cells = {name: record["fields"].get(column) for name, column in shape.columns.items()}
        found.append(decode_community(record["id"], cells))
    return tuple(found)


def _rows(api: AirtableApi, shapes: Mapping[str, TableShape]) -> int:
    """Count the rows of Activity, the table that grows."""
    shape = shapes.get("Activity")
    if shape is None:
        return 0
    return len(api.records("Activity", shape.id, [shape.columns["Key"]], {"maxRecords": MOST_COUNTED}))


def _last_success(api: AirtableApi, shapes: Mapping[str, TableShape]) -> datetime | None:
    """Return when the last run that went well ended; None when none did, or there is no table Runs."""
    runs = AirtableRuns(api, lambda: shapes.get("Runs"))
    return runs.last_success() if runs.exists() else None


def _is_there(api: AirtableApi, shapes: Mapping[str, TableShape], sentinel: str) -> bool:
    """Tell whether the sentinel is a row of Activity."""
    shape = shapes.get("Activity")
    if shape is None:
        return False
    choice = {"filterByFormula": asking_for([sentinel]), "maxRecords": 1}
    return bool(api.records("Activity", shape.id, [shape.columns["Key"]], choice))
