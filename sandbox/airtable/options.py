"""Switches of the played Airtable, most of them for what Airtable does not document."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(slots=True)
class AirtableOptions:
    """How the played Airtable behaves where Airtable is silent or differs; may be set at any time.

    *rate_limit_body*: a 429 as documented ("error") or as reported ("errors").
    *partial_batches*: a batch with one bad record is refused, but what stood before it is written.
    *missing_record*: the answer for an unknown record id in the path.
    *several_matches_type*, *base_full_type*: the `type` of these refusals.
    *same_new_key*: what two records with one new key in one upsert become.
    *key_match*: "folded" upserts ignore case and blanks at the ends.
    *missing_link*: a link to a deleted record is refused or dropped in silence.
    *round_numbers*: numbers are stored with the digits the field shows.
    *trim_text*: blanks and line ends at the end of text are lost.
    *check_addresses*: url and email cells must look like one.
    *restored_id*: the id of a row that a person restores from the trash.
    *order*: rows without `sort` come as created or in an arbitrary, stable order.
    *paging*: a page starts at the row its offset names, or at that position (rows that come or go
    meanwhile are then read twice or missed).
    *page_cap*: never more rows on a page than this. *record_limit*: rows in the base, all tables.
    *no_access*: base and tables are not the token's any more (403).
    *scopes*: what the token may do; *shows_scopes*: `whoami` names them (documented for OAuth tokens).
    *permission_level*: the role of the token's user in the base; "create" is Creator, "edit" Editor.
    *billing_limit_reached*: records are refused with a billing 429 while the schema still answers.
    *unedited*: what `LAST_MODIFIED_TIME()` is on a record that nobody edited since it was made.
    *same_value_touches*: writing the value that stands there moves `LAST_MODIFIED_TIME()`.
    *locked_fields*: ids of fields the token's user may not edit (403).
    """

    rate_limit_body: Literal["error", "errors"] = "error"
    partial_batches: bool = False
    missing_record: Literal["MODEL_ID_NOT_FOUND", "NOT_FOUND", "INVALID_PERMISSIONS_OR_MODEL_NOT_FOUND"] = (
        "MODEL_ID_NOT_FOUND"
    )
    several_matches_type: str = "INVALID_REQUEST_UNKNOWN"
    base_full_type: str = "INVALID_REQUEST_UNKNOWN"
    same_new_key: Literal["two_rows", "one_row", "refused"] = "two_rows"
    key_match: Literal["exact", "folded"] = "exact"
    missing_link: Literal["refused", "dropped"] = "refused"
    round_numbers: bool = False
    trim_text: bool = False
    check_addresses: bool = False
    restored_id: Literal["same", "new"] = "same"
    order: Literal["created", "arbitrary"] = "arbitrary"
    paging: Literal["by_record", "by_position"] = "by_record"
    page_cap: int = 100
    record_limit: int | None = None
    no_access: bool = False
    scopes: frozenset[str] = frozenset(
        {"data.records:read", "data.records:write", "schema.bases:read", "schema.bases:write"}
    )
    shows_scopes: bool = False
    permission_level: Literal["none", "read", "comment", "edit", "create"] = "create"
    billing_limit_reached: bool = False
    unedited: Literal["blank", "created"] = "blank"
    same_value_touches: bool = False
    locked_fields: set[str] = field(default_factory=set)
