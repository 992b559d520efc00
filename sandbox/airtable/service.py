"""The played Airtable as the sandbox mounts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aiohttp import web

from sandbox.airtable import refusals
from sandbox.airtable.handlers import Handlers
from sandbox.airtable.people import People
from sandbox.core import SandboxClock


class AirtableService(People):
    """One workspace with one base; state and people's verbs are methods, switches are `options`."""

    name = "airtable"
    prefix = "/airtable"

    def __init__(
        self,
        clock: SandboxClock,
        base_url: Callable[[], str],
        token: str = "patSandbox.airtable",
        base_id: str = "appSandbox0000001",
    ) -> None:
        super().__init__(clock, base_id, "Community Success Hours")
        self.base_url = base_url
        self.token = token

    @property
    def base_id(self) -> str:
        """Return the id of the base."""
        return self.base.id

    def application(self) -> web.Application:
        """Return a new application with the handlers."""
        return Handlers(self, self.token).application()

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything; a listing by POST does not."""
        del body
        return method != "GET" and not path.endswith("/listRecords")

    def limited(self, retry_after: float | None) -> web.Response:
        """Return Airtable's refusal for too many requests, in the shape the options say."""
        message = "Rate limit exceeded. Please try again later"
        return refusals.limited("RATE_LIMIT_REACHED", message, self.options.rate_limit_body, retry_after)

    def settings(self) -> dict[str, str]:
        """Return the product's setting that names the base."""
        return {"CSH_AIRTABLE__BASE": self.base.id}
