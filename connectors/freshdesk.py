"""FreshDesk through httpx: whose a ticket is. Only the configured host is ever asked (decision D13)."""

import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

import httpx
from pyrate_limiter import Duration, Rate

from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT, Again, Gateway, Trouble, retry_after
from sync.errors import Denied, NotFound, Rejected, ServiceError, Transient
from sync.model.ticket import Company, NoAnswer, TicketAnswer, UnknownTicket

SERVICE = "FreshDesk"
PATH = "/api/v2"
REQUESTS_PER_MINUTE = 150
"""Below the lowest published plan (200 a minute)."""
DEFAULT_WAIT = 60.0


class FreshDeskConnector:
    """Looks tickets up, each once in a run."""

    def __init__(self, *, api_url: str, api_key: str, sleep: Callable[[float], None] = time.sleep) -> None:
        address = api_url.rstrip("/")
        base = address if address.endswith(PATH) else address + PATH
        timeout = httpx.Timeout(READ_TIMEOUT, connect=CONNECT_TIMEOUT)
        self._client = httpx.Client(base_url=base, auth=(api_key, "X"), timeout=timeout, follow_redirects=False)
        self._gateway = Gateway(SERVICE, Rate(REQUESTS_PER_MINUTE, Duration.MINUTE), classify, sleep=sleep)
        self._answers: dict[str, TicketAnswer] = {}

    def companies(self, tickets: Collection[str]) -> Mapping[str, TicketAnswer]:
        """Answer for each ticket number. When the help desk fails, what is left is not asked for."""
        failure = ""
        for number in sorted(set(tickets) - self._answers.keys()):
            if failure:
                self._answers[number] = NoAnswer(failure)
                continue
            try:
                self._answers[number] = self._company(number)
            except (Denied, Transient) as error:
                failure = str(error)
                self._answers[number] = NoAnswer(failure)
            except ServiceError as error:
                self._answers[number] = NoAnswer(str(error))
        return {number: self._answers[number] for number in tickets}

    def _company(self, number: str) -> TicketAnswer:
        """Return the ticket's own company; only without one, the requester's is asked for."""
        try:
            ticket = self._get(f"/tickets/{number}?include=company")
            company, embedded = ticket.get("company_id"), ticket.get("company")
            name = str(embedded.get("name") or "") if isinstance(embedded, dict) else ""
            if company is None and ticket.get("requester_id") is not None:
                company = self._get(f"/contacts/{int(ticket['requester_id'])}").get("company_id")
        except NotFound:
            return UnknownTicket()
        return UnknownTicket() if company is None else Company(str(company), name)

    def _get(self, path: str) -> dict[str, Any]:
        def request() -> dict[str, Any]:
            response = self._client.get(path)
            response.raise_for_status()
            body = response.json()
            if not isinstance(body, dict):
                raise TypeError("the answer is not an object")
            return body

        return self._gateway.read("look up a ticket", request)

    def close(self) -> None:
        """Close the connection."""
        self._client.close()


def classify(operation: str, error: Exception) -> Trouble:
    """Tell what a failure means for the next step."""
    if isinstance(error, httpx.HTTPStatusError):
        status = error.response.status_code
        if status in {401, 403}:
            remedy = "Check CSH_FRESHDESK__API_KEY."
            return Trouble(Denied(SERVICE, operation, f"answered {status}", remedy=remedy, status=status))
        if status == 404:
            return Trouble(NotFound(SERVICE, operation, "no such ticket", status=status))
        if status == 429:
            wait = retry_after(error.response.headers, DEFAULT_WAIT)
            return Trouble(Transient(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        if status >= 500:
            return Trouble(Transient(SERVICE, operation, f"answered {status}", status=status), Again.UNCLEAR)
        return Trouble(Rejected(SERVICE, operation, f"answered {status}", status=status))
    if isinstance(error, httpx.HTTPError | ValueError | TypeError):
        return Trouble(Transient(SERVICE, operation, f"no usable answer ({type(error).__name__})"), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))
