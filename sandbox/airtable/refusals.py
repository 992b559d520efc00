"""What the played Airtable refuses, with Airtable's own types and messages.

https://airtable.com/developers/web/api/errors
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

_MODEL_NOT_FOUND = (
    "Invalid permissions, or the requested model was not found. Check that both your user and your token have the "
    "required permissions, and that the model names and/or ids are correct."
)
_MISSING_RECORD: dict[str, tuple[int, Any]] = {
    "MODEL_ID_NOT_FOUND": (404, {"type": "MODEL_ID_NOT_FOUND", "message": "Record not found"}),
    "NOT_FOUND": (404, "NOT_FOUND"),
    "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND": (
        403,
        {"type": "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", "message": _MODEL_NOT_FOUND},
    ),
}


class Refusal(Exception):
    """One refusal: the HTTP status and what stands under `error` in the body."""

    def __init__(self, status: int, error: Any) -> None:
        super().__init__(f"{status} {error}")
        self.status = status
        self.error = error

    def response(self) -> web.Response:
        """Return the refusal as Airtable sends it."""
        return web.json_response({"error": self.error}, status=self.status)


def _refusal(status: int, kind: str, message: str) -> Refusal:
    return Refusal(status, {"type": kind, "message": message})


def authentication_required() -> Refusal:
    """No token, or one that is not known."""
    return _refusal(401, "AUTHENTICATION_REQUIRED", "Authentication required")


def model_not_found() -> Refusal:
    """A base or table that does not exist or is not the token's: Airtable does not tell which."""
    return _refusal(403, "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND", _MODEL_NOT_FOUND)


def field_locked(name: str, field_id: str) -> Refusal:
    """A field whose permissions keep the token's user from editing it."""
    message = f"You are not permitted to perform this operation: cannot edit field {name} ({field_id})"
    return _refusal(403, "INVALID_PERMISSIONS", message)


def not_permitted() -> Refusal:
    """A write for which the token's user has too low a role in the base, or the token no scope."""
    return _refusal(403, "INVALID_PERMISSIONS", "You are not permitted to perform this operation")


def duplicate_table(name: str) -> Refusal:
    """A new table with a name that is taken."""
    return _refusal(422, "DUPLICATE_TABLE_NAME", f'A table named "{name}" already exists in this base')


def duplicate_field(name: str) -> Refusal:
    """A new field without a name, or with one that is taken."""
    return _refusal(422, "DUPLICATE_OR_EMPTY_FIELD_NAME", f'Field name "{name}" is empty or taken')


def not_creatable(kind: str) -> Refusal:
    """A field of a type that only a person can add (observed: formulas, rollups, lookups, counts, stamps)."""
    return _refusal(422, "UNSUPPORTED_FIELD_TYPE_FOR_CREATE", f"Creating {kind} fields is not supported at this time")


def invalid_options(name: str) -> Refusal:
    """A new field whose options are missing or not those of its type."""
    message = f'Invalid options for "{name}": the field type needs other options'
    return _refusal(422, "INVALID_FIELD_TYPE_OPTIONS_FOR_CREATE", message)


def invalid_primary(name: str) -> Refusal:
    """A first column of a type that cannot be the primary one."""
    return _refusal(422, "INVALID_REQUEST_UNKNOWN", f'Invalid request: "{name}" cannot be the primary field')


def not_found() -> Refusal:
    """A path that is none; Airtable answers with a bare string."""
    return Refusal(404, "NOT_FOUND")


def record_missing(kind: str) -> Refusal:
    """A record id in the path that does not exist; *kind* as in `AirtableOptions.missing_record`."""
    return Refusal(*_MISSING_RECORD[kind])


def row_does_not_exist(record_id: str) -> Refusal:
    """A record id in the body (to update, or in a link cell) that does not exist."""
    return _refusal(422, "ROW_DOES_NOT_EXIST", f"Record ID {record_id} does not exist")


def row_of_another_table(record_id: str, table_id: str, linked_id: str) -> Refusal:
    """A link to a record of a table the field does not link to."""
    message = f"Record ID {record_id} belongs to table {table_id}, but the field links to table {linked_id}"
    return _refusal(422, "ROW_TABLE_DOES_NOT_MATCH_LINKED_TABLE", message)


def invalid_request(detail: str = "parameter validation failed. Check your request data.") -> Refusal:
    """A parameter that Airtable does not know or that has a wrong value."""
    return _refusal(422, "INVALID_REQUEST_UNKNOWN", f"Invalid request: {detail}")


def invalid_body() -> Refusal:
    """A body that is not JSON."""
    return _refusal(422, "INVALID_REQUEST_BODY", "Could not parse request body")


def missing_fields() -> Refusal:
    """A record without cells."""
    return _refusal(422, "INVALID_REQUEST_MISSING_FIELDS", 'Could not find field "fields" in the request body')


def invalid_records(wanted: str) -> Refusal:
    """A batch that is empty, too long, or not made of records; *wanted* describes one entry."""
    return _refusal(422, "INVALID_RECORDS", f"You must provide an array of up to 10 {wanted}.")


def same_record_twice() -> Refusal:
    """A batch that names one record twice."""
    return _refusal(422, "INVALID_RECORDS", "You cannot update the same record multiple times in a single request.")


def unknown_field(name: str) -> Refusal:
    """A field that is not in the table; a renamed one shows up like this."""
    return _refusal(422, "UNKNOWN_FIELD_NAME", f'Unknown field name: "{name}"')


def invalid_value(name: str) -> Refusal:
    """A value of a type the field does not take."""
    return _refusal(422, "INVALID_VALUE_FOR_COLUMN", f'Field "{name}" cannot accept the provided value')


def computed(name: str) -> Refusal:
    """A write to a field that Airtable computes."""
    message = f'Field "{name}" cannot accept a value because the field is computed'
    return _refusal(422, "INVALID_VALUE_FOR_COLUMN", message)


def unknown_choice(choice: str) -> Refusal:
    """A select option that does not exist, without typecast."""
    message = f'Insufficient permissions to create new select option "{choice}"'
    return _refusal(422, "INVALID_MULTIPLE_CHOICE_OPTIONS", message)


def invalid_formula(detail: str = "Invalid formula. Please check your formula text.") -> Refusal:
    """A formula that Airtable (or this sandbox) does not understand."""
    return _refusal(422, "INVALID_FILTER_BY_FORMULA", f"The formula for filtering records is invalid: {detail}")


def iterator_gone() -> Refusal:
    """An offset that was good once and has expired."""
    return Refusal(422, {"type": "LIST_RECORDS_ITERATOR_NOT_AVAILABLE"})


def invalid_offset(offset: str) -> Refusal:
    """An offset that was never handed out for this listing."""
    return _refusal(422, "INVALID_OFFSET_VALUE", f"The value of offset {offset} is invalid")


def view_missing(view: str) -> Refusal:
    """A view that is not in the table."""
    kind = "VIEW_ID_NOT_FOUND" if view.startswith("viw") else "VIEW_NAME_NOT_FOUND"
    return _refusal(422, kind, f"View {view} not found")


def several_matches(kind: str) -> Refusal:
    """An upsert whose key stands in more than one row; Airtable's type is not documented."""
    return _refusal(422, kind, "Cannot upsert: more than one record matches the fields to merge on")


def base_full(kind: str) -> Refusal:
    """A create above the plan's number of records; Airtable's type is not documented."""
    return _refusal(422, kind, "The base has reached its limit of records")


def url_too_long() -> Refusal:
    """An address of more than 16,000 characters."""
    return _refusal(414, "REQUEST_URI_TOO_LONG", "The request URL is longer than 16,000 characters")


def limited(kind: str, message: str, shape: str, retry_after: float | None) -> web.Response:
    """Return a 429 in the documented shape "error" or in the observed one "errors"."""
    body: dict[str, Any] = {"error": {"type": kind, "message": message}}
    if shape == "errors":
        body = {"errors": [{"error": kind, "message": message}]}
    headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after)))}
    return web.json_response(body, status=429, headers=headers)
