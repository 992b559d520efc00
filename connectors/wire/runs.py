"""Rows of the Runs table: Airtable's records to our values, and our cells to Airtable's."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from connectors.wire.airtable import Cells, moment, text
from connectors.wire.columns import TableShape
from sync.model.runs import FINE, HEARTBEAT, LeaseRow, RunResult


def decode_lease(record_id: str, created: str, cells: Cells) -> LeaseRow | None:
    """Decode a row of Runs; None without a lease, or when Airtable does not tell since when the row exists."""
    until, created_at = moment(text(cells, "Lease until")), moment(created)
    return LeaseRow(record_id, text(cells, "Run"), created_at, until) if until and created_at else None


def encode_opening(run: str, started: datetime, until: datetime | None) -> dict[str, Any]:
    """Return the cells of a run that begins; *until* is None where it runs without a lease."""
    return {"Run": run, "Started": stamp(started)} | ({"Lease until": stamp(until)} if until else {})


def encode_ending(ended: datetime, result: RunResult) -> dict[str, Any]:
    """Return the cells of a run that is over: its lease is gone."""
    return {
        "Ended": stamp(ended),
        "Lease until": None,
        "Result": result.result,
        "Created": result.created,
        "Updated": result.updated,
        "Removed": result.removed,
        "Held": result.held,
        "Failed": result.failed,
    }


def leases_only(shape: TableShape) -> str:
    """Return the formula of rows on which a lease stands: it is made of a column's id alone."""
    return f"{{{shape.columns['Lease until']}}}"


def heartbeats_only(shape: TableShape) -> str:
    """Return the formula of the heartbeat."""
    return f"{{{shape.columns['Run']}}}='{HEARTBEAT}'"


def successes_only(shape: TableShape) -> str:
    """Return the formula of the heartbeat and of the runs that went well."""
    return f"OR({heartbeats_only(shape)},{{{shape.columns['Result']}}}='{FINE}')"


def sorted_by(shape: TableShape, column: str, direction: str, limit: int) -> Mapping[str, Any]:
    """Return how to ask for the first *limit* rows by *column*."""
    return {"sort[0][field]": shape.columns[column], "sort[0][direction]": direction, "maxRecords": limit}


def stamp(when: datetime) -> str:
    """Return a moment as Airtable takes it."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
