"""The played Airtable with the product's base, and two clients: pyairtable and plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from pyairtable import Api, Base, Table

from sandbox import Sandbox
from sandbox.airtable import AirtableService
from sandbox.core import SandboxClock


@pytest.fixture
def airtable() -> AirtableService:
    clock = SandboxClock(datetime(2025, 7, 1, 12, 30, 15, 250_000, tzinfo=UTC), frozen=True)
    service = AirtableService(clock, lambda: "")
    service.create_design_base()
    return service


@pytest.fixture
def sandbox(airtable: AirtableService) -> Iterator[Sandbox]:
    with Sandbox([airtable], clock=airtable.clock) as running:
        yield running


@pytest.fixture
def base(sandbox: Sandbox, airtable: AirtableService) -> Iterator[Base]:
    api = Api(airtable.token, timeout=(2, 5), retry_strategy=None, endpoint_url=f"{sandbox.url}/airtable")
    yield api.base(airtable.base_id)
    api.session.close()


@pytest.fixture
def activity(base: Base) -> Table:
    return base.table("Activity")


@pytest.fixture
def http(sandbox: Sandbox, airtable: AirtableService) -> Iterator[httpx.Client]:
    """A client whose addresses start below the base: `/Activity`."""
    with httpx.Client(
        base_url=f"{sandbox.url}/airtable/v0/{airtable.base_id}",
        headers={"Authorization": f"Bearer {airtable.token}"},
    ) as client:
        yield client
