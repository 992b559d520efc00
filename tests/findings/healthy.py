"""A quarter in which all is as it should be: no check has anything to say."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sync.model.contract import Contact
from sync.model.issue import Closing, Person
from tests.mirror.paper import PaperIssue, PaperWorld

ANA = Person("ana", "Ana", "ana@example.org")
YEAR = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}


def edit(world: PaperWorld, table: str, record: str, **values: Any) -> None:
    """Change one contract record by hand."""
    rows = dict(getattr(world.airtable.contracts, table))
    rows[record] = replace(rows[record], **values)
    world.airtable.contracts = replace(world.airtable.contracts, **{table: rows})


def add(world: PaperWorld, table: str, row: Any) -> None:
    """Add one contract record."""
    rows = {**getattr(world.airtable.contracts, table), row.id: row}
    world.airtable.contracts = replace(world.airtable.contracts, **{table: rows})


def complete_contracts(world: PaperWorld) -> None:
    """Fill in everything that a complete hand-off has."""
    for place in (world.reef, world.glacier):
        edit(
            world,
            "engagements",
            place.engagement,
            **YEAR,
            name=f"{place.name} 2026 Membership",
            status="Active",
            description="Membership\n\nHelp with the hub.",
            agreement_url="https://files.example.org/agreement.pdf",
            asana_gid="11" if place is world.reef else "12",
        )
        edit(
            world,
            "projects",
            place.project,
            **YEAR,
            description="Support\n\nAs agreed.",
            clause="Up to 8 hours / quarter",
        )
        for record in place.allocations.values():
            edit(
                world, "allocations", record, provider="Ana", initiative_url="https://github.com/acme/planning/issues/1"
            )
        for role, login in (("Technical", "tessa"), ("Administrative", "")):
            contact = Contact(f"con-{place.id}-{role}", role, github=login, role=role, community_id=place.id)
            add(world, "contacts", contact)


def closed(world: PaperWorld, title: str, day: date, hours: float, **values: object) -> PaperIssue:
    """Add an issue that was completed on *day* with hours."""
    at = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
    values.setdefault("people", (ANA,))
    return world.issue(title, hours=hours, end=day, closing=Closing.COMPLETED, closed_at=at, updated_at=at, **values)


def healthy_world() -> PaperWorld:
    """Return two communities in the middle of a quarter: meetings, fixes, a series, hand-made work, open work."""
    world = PaperWorld()
    complete_contracts(world)
    today = world.now.date()
    closed(world, "[Reef Watch] Slow logins", date(2026, 7, 6), 2.5, body="Give 24 hours notice before a restart.")
    closed(world, "[Reef Watch] Office hours", date(2026, 7, 14), 1)
    closed(world, "[Reef Watch] Office hours", date(2026, 8, 4), 1)
    closed(world, "[Glacier Commons] Kick-off meeting", date(2026, 7, 9), 3, body="With Ana, Ben and Cy attended.")
    closed(world, "[Glacier Commons] Larger disks", date(2026, 7, 20), 1)
    epic = world.issue(
        "[Glacier Commons] Move to the new region",
        closing=Closing.COMPLETED,
        closed_at=datetime(2026, 7, 10, tzinfo=UTC),
        people=(ANA,),
    )
    closed(world, "Copy the home directories", date(2026, 7, 10), 2, parent=epic)
    world.issue("[Reef Watch] New image", people=(ANA,), end=today + timedelta(days=20))
    world.issue("[Reef Watch] Wishes for autumn", people=(ANA,))
    world.issue(
        "[Reef Watch] Done yesterday",
        closing=Closing.COMPLETED,
        closed_at=world.now - timedelta(days=1),
        people=(ANA,),
    )
    world.asana.add(
        "Letter to the steering group",
        world.reef.csh["Q3"],
        completed=True,
        completed_on=date(2026, 7, 14),
        assignee_gid="701",
        actual_minutes=30,
    )
    return world
