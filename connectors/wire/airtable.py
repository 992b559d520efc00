"""Airtable's records to our values, and our cells to Airtable's; cells are keyed by column name here."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from math import isfinite
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from sync.hours.sealing import format_sealed_rows, parse_sealed_rows
from sync.model.alert import StoredAlert
from sync.model.allocating import AllocationDraft
from sync.model.contract import Allocation, Community, Contact, Engagement, Project, ProposedStatus, Sealing, Totals
from sync.model.minutes import to_hours, to_minutes
from sync.model.work import Row, StoredRow

Cells = Mapping[str, Any]


class OddCell(ValueError):
    """A cell of another shape than its column promises; the message is its column."""


def decode_community(record_id: str, cells: Cells) -> Community:
    """Decode a row of Communities; aliases stand one a line."""
    aliases = tuple(line.strip() for line in text(cells, "Aliases").splitlines() if line.strip())
    return Community(record_id, text(cells, "Name").strip(), aliases, text(cells, "FreshDesk company").strip())


def decode_contact(record_id: str, cells: Cells) -> Contact:
    """Decode a row of Contacts."""
    return Contact(
        record_id,
        text(cells, "Name"),
        text(cells, "Email"),
        text(cells, "GitHub"),
        text(cells, "Role"),
        first_link(cells, "Community"),
        phone=text(cells, "Phone"),
        organisation=text(cells, "Organisation"),
        position=text(cells, "Position"),
    )


def decode_engagement(record_id: str, cells: Cells) -> Engagement:
    """Decode a row of Engagements."""
    return Engagement(
        record_id,
        text(cells, "Name").strip(),
        link(cells, "Community"),
        day(cells, "Start"),
        day(cells, "End"),
        text(cells, "Status"),
        engagement_gid(text(cells, "Asana project")),
        description=text(cells, "Description"),
        buyer=text(cells, "Buyer"),
        won_on=day(cells, "Won on"),
        agreement_url=text(cells, "Agreement URL").strip(),
        deal_url=text(cells, "HubSpot deal URL").strip(),
        proposed=ProposedStatus(_managed(cells, "Proposed status"), _managed(cells, "Proposed status reason")),
    )


def decode_project(record_id: str, cells: Cells) -> Project:
    """Decode a row of Projects."""
    return Project(
        record_id,
        text(cells, "Name").strip(),
        link(cells, "Engagement"),
        day(cells, "Start"),
        day(cells, "End"),
        text(cells, "Clause"),
        text(cells, "Description"),
    )


def decode_allocation(record_id: str, cells: Cells) -> Allocation:
    """Decode a row of Allocations, with the totals and the seal that stand on it."""
    sentence = text(cells, "Hours left sentence")
    share = number(cells, "Used %")
    totals = Totals(
        minutes(cells, "Hours used"),
        minutes(cells, "Hours left"),
        share,
        sentence,
        pace=_managed(cells, "Pace"),
        forecast=_managed(cells, "Forecast"),
        status=_managed(cells, "Usage status"),
    )
    return Allocation(
        id=record_id,
        name=text(cells, "Name").strip(),
        project_id=link(cells, "Project"),
        start=day(cells, "Start"),
        end=day(cells, "End"),
        minutes=minutes(cells, "Hours available"),
        provider=text(cells, "Provider"),
        asana_gid=asana_gid(text(cells, "Asana task")),
        reopen=bool(cells.get("Reopen")),
        sealing=_sealing(cells),
        totals=totals,
        extra_minutes=minutes(cells, "Extra hours"),
        status=text(cells, "Status"),
        asana_url=text(cells, "Asana task").strip(),
        initiative_url=_managed(cells, "Initiative URL"),
        as_of=moment(text(cells, "As of")),
        sealed_minutes=minutes(cells, "Hours at sealing"),
    )


def _sealing(cells: Cells) -> Sealing | None:
    on, lines = day(cells, "Sealed on"), text(cells, "Sealed rows").strip()
    if on is None and not lines:
        return None
    try:
        return Sealing(on or date.min, parse_sealed_rows(lines))
    except ValueError as error:
        raise OddCell(f"Sealed rows ({error})") from None


def encode_allocation(draft: AllocationDraft) -> dict[str, Any]:
    """Return the cells of a row that a clause implies: they are people's from then on."""
    return {
        "Name": draft.name,
        "Project": [draft.project_id],
        "Start": draft.start.isoformat(),
        "End": draft.end.isoformat(),
        "Hours available": _hours(draft.minutes),
        **({"Extra hours": _hours(draft.extra_minutes)} if draft.extra_minutes else {}),
    }


def encode_sealing(sealing: Sealing | None) -> dict[str, Any]:
    """Return the three sealing cells; nulls clear them."""
    if sealing is None:
        return {"Sealed on": None, "Hours at sealing": None, "Sealed rows": None}
    return {
        "Sealed on": sealing.on.isoformat(),
        "Hours at sealing": float(to_hours(sealing.minutes)),
        "Sealed rows": format_sealed_rows(sealing.rows) or None,
    }


def encode_totals(totals: Totals) -> dict[str, Any]:
    """Return the cells of an allocation's totals, without those of columns that are not managed."""
    words = {"Pace": totals.pace, "Forecast": totals.forecast, "Usage status": totals.status}
    return {
        "Hours used": _hours(totals.used_minutes),
        "Hours left": _hours(totals.left_minutes),
        "Used %": totals.used_share,
        "Hours left sentence": totals.sentence or None,
        **{name: value or None for name, value in words.items() if value is not None},
    }


def encode_proposal(proposed: ProposedStatus) -> dict[str, Any]:
    """Return the cells of an engagement's proposed status, without those of columns that are not managed."""
    cells = {"Proposed status": proposed.status, "Proposed status reason": proposed.reason}
    return {name: value or None for name, value in cells.items() if value is not None}


def decode_row(record_id: str, created: str, cells: Cells) -> StoredRow:
    """Decode a row of Activity."""
    row = Row(
        key=text(cells, "Key").strip(),
        source=text(cells, "Source"),
        title=text(cells, "Title"),
        url=text(cells, "URL"),
        github_id=text(cells, "GitHub ID"),
        task=text(cells, "Task"),
        placed_under=text(cells, "Placed under"),
        placed_by=text(cells, "Placed by"),
        dated_by=text(cells, "Dated by"),
        ticket=text(cells, "Ticket"),
        contact=text(cells, "Contact"),
        people=text(cells, "People"),
        start=day(cells, "Start"),
        end=day(cells, "End"),
        minutes=minutes(cells, "Hours"),
        state=text(cells, "State"),
        late=bool(cells.get("Late")),
        seal=text(cells, "Seal"),
        restored=int(number(cells, "Restored") or 0),
        link=",".join(links(cells, "Allocation")),
    )
    return StoredRow(record_id, row, moment(created))


def encode_row(before: Row | None, after: Row) -> dict[str, Any]:
    """Return the cells of *after* that differ from *before*, always with the key; null clears a cell."""
    old, new = _cells(before) if before else {}, _cells(after)
    return {name: value for name, value in new.items() if name == "Key" or value != old.get(name)}


def _cells(row: Row) -> dict[str, Any]:
    return {
        "Key": row.key,
        "Title": row.title or None,
        "Allocation": [row.link] if row.link else None,
        "Source": row.source or None,
        "URL": row.url or None,
        "GitHub ID": row.github_id or None,
        "Task": row.task or None,
        "Placed under": row.placed_under or None,
        "Placed by": row.placed_by or None,
        "Dated by": row.dated_by or None,
        "Ticket": row.ticket or None,
        "Contact": row.contact or None,
        "People": row.people or None,
        "Start": row.start.isoformat() if row.start else None,
        "End": row.end.isoformat() if row.end else None,
        "Hours": _hours(row.minutes),
        "State": row.state or None,
        "Late": row.late or None,
        "Seal": row.seal or None,
        "Restored": row.restored or None,
    }


def text(cells: Cells, name: str) -> str:
    """Return a cell of words: a number as typed, a choice by its name, "" when empty."""
    value = cells.get(name)
    if value is None or value is False:
        return ""
    if _is_number(value):
        return str(int(value)) if value == int(value) else str(value)
    if not isinstance(value, str):
        raise OddCell(name)
    return value


def _managed(cells: Cells, name: str) -> str | None:
    """Return the words of a cell of ours, None where the base has no such column."""
    return text(cells, name) if name in cells else None


def number(cells: Cells, name: str) -> float | None:
    """Return a number, None when empty."""
    value = cells.get(name)
    if value is None:
        return None
    if not _is_number(value):
        raise OddCell(name)
    try:
        return float(value)
    except OverflowError:
        raise OddCell(name) from None


def _is_number(value: Any) -> TypeGuard[int | float]:
    return (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and isfinite(value))


def minutes(cells: Cells, name: str) -> int | None:
    """Return a cell of hours as minutes, None when empty."""
    value = number(cells, name)
    return None if value is None else to_minutes(value)


def day(cells: Cells, name: str) -> date | None:
    """Return a day, also one that a formula or a look-up gives, None when empty."""
    value = cells.get(name)
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if value is None:
        return None
    if not isinstance(value, str):
        raise OddCell(name)
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        raise OddCell(name) from None


def links(cells: Cells, name: str) -> list[str]:
    """Return the records that a link cell names."""
    value = cells.get(name)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise OddCell(name)
    return value


def link(cells: Cells, name: str) -> str:
    """Return the one record a link cell names, "" when empty; of several nobody can say which is meant."""
    found = links(cells, name)
    if len(found) > 1:
        raise OddCell(f"{name} (it names {len(found)} records where one is meant)")
    return found[0] if found else ""


def first_link(cells: Cells, name: str) -> str:
    """Return the first record a link cell names, "" when empty."""
    return next(iter(links(cells, name)), "")


def moment(value: str) -> datetime | None:
    """Return an ISO moment as aware UTC, None when it is none."""
    try:
        parsed = datetime.fromisoformat(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (OverflowError, TypeError, ValueError):
        return None


def engagement_gid(url: str) -> str:
    """Return the gid of the task or project an engagement's Asana address names, "" when there is none.

    A browser's address may go on with a view: ``…/project/P/list/V``.
    """
    parts = urlsplit(url.strip()).path.split("/")
    for word in ("task", "project"):
        following = parts[parts.index(word) + 1 :][:1] if word in parts else []
        if following and following[0].isdecimal():
            return following[0]
    return asana_gid(url)


def asana_gid(url: str) -> str:
    """Return the last all-digit segment of an Asana address (decision D7), "" when there is none.

    The 0 at the start of Asana's older addresses is the gid of nothing.
    """
    try:
        path = urlsplit(url.strip()).path
    except ValueError:
        return ""
    return next((part for part in reversed(path.split("/")) if part.isascii() and part.isdecimal() and part != "0"), "")


def _hours(value: int | None) -> float | None:
    return None if value is None else float(to_hours(value))


def age(stored: StoredRow | StoredAlert) -> tuple[datetime, str]:
    """Return what orders rows by age, the oldest first; one whose age is not told comes last."""
    return stored.created_at or datetime.max.replace(tzinfo=UTC), stored.record_id


def readable_key(record: Mapping[str, Any], cells_of: Callable[[Mapping[str, Any]], Cells]) -> str:
    """Return the key of a record with an odd cell, "" when that cannot be read either."""
    try:
        key = cells_of(record).get("Key")
    except OddCell:
        return ""
    return key.strip() if isinstance(key, str) else ""
