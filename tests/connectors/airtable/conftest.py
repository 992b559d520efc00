"""The product's connector on a played Airtable with a standing clock; nothing sleeps, every wait is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from connectors.airtable import AirtableConnector
from sandbox.airtable import AirtableService
from sandbox.core import Sandbox, SandboxClock
from sandbox.core.faults import Effect, Fault
from sync.model.change import RowWrite
from sync.model.work import Row


@dataclass
class Office:
    """A base with the design's tables, and the connector that works in it."""

    sandbox: Sandbox
    service: AirtableService
    waits: list[float] = field(default_factory=list)
    made: list[AirtableConnector] = field(default_factory=list)

    def connector(self, **changes: Any) -> AirtableConnector:
        """Return a new connector with the usual settings, or with *changes*."""
        settings: dict[str, Any] = {
            "token": self.service.token,
            "api_url": f"{self.sandbox.url}/airtable",
            "base": self.service.base_id,
            "names": {},
            "requests_per_second": 100_000,
            "clock": self.service.clock.now,
            "sleep": self.waits.append,
        }
        self.made.append(AirtableConnector(**(settings | changes)))
        return self.made[-1]

    def ready(self, **changes: Any) -> AirtableConnector:
        """Return a connector that has read everything."""
        connector = self.connector(**changes)
        connector.read_contracts()
        connector.read_ledger()
        return connector

    def add(self, table: str, **cells: Any) -> str:
        """Add a row by hand; a name may be written with _ for a blank."""
        return self.service.add_row(table, {name.replace("_", " "): value for name, value in cells.items()})

    def contract(self) -> Mapping[str, str]:
        """Add one community with everything below it and return the record ids by table."""
        ids = {"Communities": self.add("Communities", Name="Project Pythia", Aliases="Pythia\n PP \n\n")}
        ids["Engagements"] = self.add("Engagements", Name="Pythia 2026", Community=[ids["Communities"]])
        ids["Projects"] = self.add("Projects", Name="Support", Engagement=[ids["Engagements"]])
        period = {"Start": "2026-01-01", "End": "2026-03-31", "Hours available": 8.5}
        ids["Allocations"] = self.service.add_row("Allocations", {"Name": "Q1", "Project": [ids["Projects"]], **period})
        return ids

    def fault(self, effect: Effect, **selector: Any) -> Fault:
        """Let something go wrong."""
        return self.sandbox.faults.add(effect, service="airtable", **selector)

    def sent(self, method: str | None = None, path: str | None = None) -> int:
        """Return how many requests have come."""
        return self.sandbox.log.count("airtable", method=method, path=path)

    def bodies(self) -> list[Any]:
        """Return the bodies of all writing requests."""
        return [one.body for one in self.sandbox.log.writes("airtable")]

    def rows(self, table: str = "Activity") -> list[dict[str, Any]]:
        """Return the rows of a table as people see them."""
        return list(self.service.rows(table).values())

    def table(self, name: str) -> str:
        """Return a table's id."""
        found = self.service.base.table(name)
        assert found is not None
        return found.id

    def row(self, number: int = 1, allocation: str = "unplaced", **more: Any) -> Row:
        """Return a row of the ledger."""
        link = "" if allocation == "unplaced" else allocation
        return Row(**{"key": f"I_{number}@{allocation}", "title": f"Issue {number}", "link": link, **more})

    def write(self, *rows: Row) -> list[RowWrite]:
        """Return writes of new rows."""
        return [RowWrite(None, row) for row in rows]


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2026, 1, 5, 9, 30, 15, 250_000, tzinfo=UTC), frozen=True)


@pytest.fixture
def office(clock: SandboxClock) -> Iterator[Office]:
    service = AirtableService(clock, lambda: "")
    service.create_design_base()
    with Sandbox([service], clock=clock) as sandbox:
        office = Office(sandbox, service)
        yield office
        for connector in office.made:
            connector.close()
