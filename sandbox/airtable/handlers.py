"""The HTTP side: addresses, tokens and bodies.

https://airtable.com/developers/web/api/introduction
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, NoReturn

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.airtable import refusals
from sandbox.airtable.base import Field, Table
from sandbox.airtable.listing import query_of_get, query_of_post, record_json
from sandbox.airtable.making import Maker
from sandbox.airtable.people import People
from sandbox.airtable.refusals import Refusal
from sandbox.airtable.writes import Writer, Written

_MAX_URL = 16_000
_WRITE_KEYS = {"records", "fields", "typecast", "returnFieldsByFieldId", "performUpsert"}
_READ_ONE_KEYS = {"returnFieldsByFieldId", "cellFormat", "timeZone", "userLocale"}
_BASE_ID = re.compile(r"app[0-9A-Za-z]{14}")
_USER = "usrSandbox0000001"


class Handlers:
    """Answer requests from the state in *world*, for those who show *token*."""

    def __init__(self, world: People, token: str) -> None:
        self._world = world
        self._token = token

    def application(self) -> web.Application:
        """Return the application with all addresses below the prefix."""
        app = web.Application(middlewares=[self._guarded])
        table, record = "/v0/{base}/{table}", "/v0/{base}/{table}/{record}"
        add = app.router.add_route
        add("GET", "/v0/meta/whoami", self._whoami)
        add("GET", "/v0/meta/bases", self._bases)
        add("GET", "/v0/meta/bases/{base}/tables", self._schema)
        add("POST", "/v0/meta/bases/{base}/tables", self._make_table)
        add("POST", "/v0/meta/bases/{base}/tables/{table}/fields", self._make_field)
        add("POST", table + "/listRecords", self._list_by_post)
        add("GET", table, self._list)
        add("POST", table, self._create)
        add("PATCH", table, self._update_many)
        add("PUT", table, self._update_many)
        add("DELETE", table, self._delete_many)
        add("GET", record, self._get)
        add("PATCH", record, self._update_one)
        add("PUT", record, self._update_one)
        add("DELETE", record, self._delete_one)
        add("*", "/{anything:.*}", self._nothing)
        return app

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            self._check(request)
            self._check_rights(request)
            return await handler(request)
        except Refusal as refusal:
            return refusal.response()

    def _check(self, request: web.Request) -> None:
        base = request.match_info.get("base")
        if base is not None and not _BASE_ID.fullmatch(base):
            raise refusals.not_found()
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise refusals.authentication_required()
        if len(str(request.url)) > _MAX_URL:
            raise refusals.url_too_long()
        if base is not None and (base != self._world.base.id or self._world.options.no_access):
            raise refusals.model_not_found()

    def _check_rights(self, request: web.Request) -> None:
        """Refuse what the token's scopes or its user's role do not allow; a missing scope looks like a wrong id."""
        if "base" not in request.match_info and not request.path.endswith("/meta/bases"):
            return
        options, writes = self._world.options, request.method != "GET" and not request.path.endswith("/listRecords")
        about = "schema.bases" if "/v0/meta/" in request.path else "data.records"
        if f"{about}:{'write' if writes else 'read'}" not in options.scopes or options.permission_level == "none":
            raise refusals.model_not_found()
        enough = {"create"} if about == "schema.bases" else {"create", "edit"}
        if writes and options.permission_level not in enough:
            raise refusals.not_permitted()

    async def _whoami(self, _: web.Request) -> web.Response:
        options = self._world.options
        return web.json_response({"id": _USER} | ({"scopes": sorted(options.scopes)} if options.shows_scopes else {}))

    async def _bases(self, _: web.Request) -> web.Response:
        base, options = self._world.base, self._world.options
        shown = [{"id": base.id, "name": base.name, "permissionLevel": options.permission_level}]
        return web.json_response({"bases": [] if options.no_access else shown})

    async def _schema(self, _: web.Request) -> web.Response:
        return web.json_response({"tables": [_table_json(table) for table in self._world.base.tables]})

    async def _make_table(self, request: web.Request) -> web.Response:
        body = await _schema_body(request, {"name", "description", "fields"})
        return web.json_response(_table_json(Maker(self._world.base).table(body)))

    async def _make_field(self, request: web.Request) -> web.Response:
        body = await _schema_body(request, {"name", "description", "type", "options"})
        made = Maker(self._world.base).field(self._table(request), body)
        return web.json_response(_field_json(made))

    async def _list(self, request: web.Request) -> web.Response:
        table = self._table(request)
        return web.json_response(self._world.listings.page(table, query_of_get(request.query)))

    async def _list_by_post(self, request: web.Request) -> web.Response:
        table = self._table(request)
        query = query_of_post(await _body(request), request.query)
        return web.json_response(self._world.listings.page(table, query))

    async def _get(self, request: web.Request) -> web.Response:
        table = self._table(request)
        if set(request.query) - _READ_ONE_KEYS or request.query.get("cellFormat", "json") != "json":
            raise refusals.invalid_request()
        row = table.rows.get(request.match_info["record"]) or self._missing()
        by_id = request.query.get("returnFieldsByFieldId", "false").lower() in {"true", "1"}
        return web.json_response(record_json(row, table.fields, by_id))

    async def _create(self, request: web.Request) -> web.Response:
        table, body = self._table(request), await _write_body(request)
        if "records" in body and "fields" not in body:
            written = self._writer(table, body).create(body["records"])
            return web.json_response({"records": _records(table, written, body)})
        if "records" in body:
            raise refusals.invalid_request()
        written = self._writer(table, body).create([{"fields": _fields(body)}])
        return web.json_response(_records(table, written, body)[0])

    async def _update_many(self, request: web.Request) -> web.Response:
        table, body = self._table(request), await _write_body(request)
        replace = request.method == "PUT"
        upsert = body.get("performUpsert")
        if upsert is None:
            written = self._writer(table, body).update(body.get("records"), replace)
            return web.json_response({"records": _records(table, written, body)})
        if not isinstance(upsert, Mapping):
            raise refusals.invalid_request()
        written = self._writer(table, body).upsert(body.get("records"), upsert.get("fieldsToMergeOn"), replace)
        ids = list(dict.fromkeys(row.id for row in written.rows))
        answer = {
            "records": _records(table, written, body),
            "createdRecords": [one for one in ids if one in written.created],
            "updatedRecords": [one for one in ids if one not in written.created],
        }
        return web.json_response(answer)

    async def _update_one(self, request: web.Request) -> web.Response:
        table, body = self._table(request), await _write_body(request)
        row = table.rows.get(request.match_info["record"]) or self._missing()
        records = [{"id": row.id, "fields": _fields(body)}]
        written = self._writer(table, body).update(records, request.method == "PUT")
        return web.json_response(_records(table, written, body)[0])

    async def _delete_one(self, request: web.Request) -> web.Response:
        table = self._table(request)
        row = table.rows.get(request.match_info["record"]) or self._missing()
        self._writer(table, {}).delete([row.id])
        return web.json_response({"id": row.id, "deleted": True})

    async def _delete_many(self, request: web.Request) -> web.Response:
        table = self._table(request)
        ids = request.query.getall("records[]", []) or request.query.getall("records", [])
        self._writer(table, {}).delete(ids)
        return web.json_response({"records": [{"id": one, "deleted": True} for one in ids]})

    async def _nothing(self, _: web.Request) -> NoReturn:
        raise refusals.not_found()

    def _table(self, request: web.Request) -> Table:
        options = self._world.options
        if options.billing_limit_reached:
            raise _BillingLimit(options.rate_limit_body)
        table = self._world.base.table(request.match_info["table"])
        if table is None:
            raise refusals.model_not_found()
        return table

    def _writer(self, table: Table, body: Mapping[str, Any]) -> Writer:
        world = self._world
        return Writer(world.base, world.options, table, world.clock.now(), body.get("typecast") is True)

    def _missing(self) -> NoReturn:
        raise refusals.record_missing(self._world.options.missing_record)


class _BillingLimit(Refusal):
    """The workspace has used up its calls of this month."""

    def __init__(self, shape: str) -> None:
        super().__init__(429, "PUBLIC_API_BILLING_LIMIT_EXCEEDED")
        self._shape = shape

    def response(self) -> web.Response:
        """Return a 429 that no waiting cures."""
        message = "The API billing plan limit has been exceeded."
        return refusals.limited("PUBLIC_API_BILLING_LIMIT_EXCEEDED", message, self._shape, None)


async def _body(request: web.Request) -> Mapping[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}", parse_constant=_no_constant)
    except ValueError:
        raise refusals.invalid_body() from None
    if not isinstance(body, Mapping):
        raise refusals.invalid_request()
    return body


async def _write_body(request: web.Request) -> Mapping[str, Any]:
    if request.content_type != "application/json":
        raise refusals.invalid_body()
    body = await _body(request)
    flags = [body.get(name) for name in ("typecast", "returnFieldsByFieldId")]
    if body.keys() - _WRITE_KEYS or not all(flag is None or isinstance(flag, bool) for flag in flags):
        raise refusals.invalid_request()
    return body


async def _schema_body(request: web.Request, known: set[str]) -> Mapping[str, Any]:
    body = await _body(request)
    if body.keys() - known:
        raise refusals.invalid_request()
    return body


def _fields(body: Mapping[str, Any]) -> Any:
    if "fields" not in body:
        raise refusals.missing_fields()
    return body["fields"]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _records(table: Table, written: Written, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    by_id = body.get("returnFieldsByFieldId") is True
    return [record_json(row, table.fields, by_id) for row in written.rows]


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "name": table.name,
        "primaryFieldId": table.fields[0].id,
        "fields": [_field_json(column) for column in table.fields],
        "views": [{"id": table.view_id, "name": "Grid view", "type": "grid"}],
    }


def _field_json(column: Field) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": column.type, "id": column.id, "name": column.name}
    if column.description is not None:
        shown["description"] = column.description
    if column.options is not None:
        shown["options"] = column.options
    return shown
