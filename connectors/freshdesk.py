"""FreshDesk through httpx: whose a ticket is. Only the configured host is ever asked (decision D13).

https://developers.freshdesk.com/api/#tickets
"""

import time
from collections.abc import Callable, Collection, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pyrate_limiter import Duration, Rate

from connectors.addresses import is_loopback
from connectors.retry import Again, Gateway, Trouble, asked_wait, retry_after
from sync.errors import Denied, LimitReached, NotFound, Rejected, ServiceError, Transient
from sync.model.ticket import Company, NoAnswer, TicketAnswer, UnknownTicket

if TYPE_CHECKING:
    import httpx

SERVICE = "FreshDesk"
OPERATION = "look up a ticket"
PATH = "/api/v2"
REQUESTS_PER_MINUTE = 150
"""Below the lowest published plan (200 a minute)."""
DEFAULT_WAIT = 60.0
FAILURES_IN_A_ROW = 3
"""So many tickets without an answer one after the other mean that the help desk is down."""
PASSWORD = "X"  # noqa: S105  FreshDesk: any word, the key is the user
ADDRESS_REMEDY = "Check CSH_FRESHDESK__API_URL and the network."


class FreshDeskConnector:
    """Looks tickets up, each once in a run. Nothing but tickets, contacts and companies is asked for."""

    def __init__(self, *, api_url: str, api_key: str, sleep: Callable[[float], None] = time.sleep) -> None:
        address = api_url.rstrip("/")
        self._address = address if address.endswith(PATH) else address + PATH
        self._api_key = api_key
        rate = Rate(REQUESTS_PER_MINUTE, Duration.MINUTE)
        ask = partial(classify, host=urlsplit(address).netloc)
        self._gateway = Gateway(SERVICE, rate, ask, sleep=sleep)
        self._answers: dict[str, TicketAnswer] = {}

    @cached_property
    def _client(self) -> "httpx.Client":
        """What asks, made for the first ticket: many runs ask for none."""
        from connectors.in_time_httpx import timely_client  # noqa: PLC0415

        trust_env = not is_loopback(self._address)
        return timely_client(base_url=self._address, auth=(self._api_key, PASSWORD), trust_env=trust_env)

    def companies(self, tickets: Collection[str]) -> Mapping[str, TicketAnswer]:
        """Answer for each ticket number; never raises. When the help desk is down, what is left is not asked for."""
        answers = {number: self._answers[number] for number in tickets if number in self._answers}
        down, failures = "", 0
        for number in sorted(set(tickets) - answers.keys()):
            if down:
                answers[number] = NoAnswer(down)
                continue
            try:
                answers[number] = self._answers[number] = self._owner(number)
                failures = 0
            except ServiceError as error:
                answers[number] = NoAnswer(str(error))
                failures += isinstance(error, Transient)
                if isinstance(error, Denied | LimitReached) or failures >= FAILURES_IN_A_ROW:
                    down = str(error)
        return answers

    def close(self) -> None:
        """Close the connections."""
        if "_client" in vars(self):
            self._client.close()

    def _owner(self, number: str) -> TicketAnswer:
        """Return the ticket's own company; only without one, the requester's."""
        if not (number.isascii() and number.isdecimal()):
            return UnknownTicket()
        try:
            ticket = self._get(f"/tickets/{number}?include=company")
        except NotFound:
            return UnknownTicket()
        company, name = _id(ticket, "company_id"), _name(ticket.get("company"))
        if not company and (requester := _id(ticket, "requester_id")):
            company, name = self._company_of(requester), ""
        return Company(company, name or self._company_name(company)) if company else UnknownTicket()

    def _company_of(self, requester: str) -> str:
        try:
            return _id(self._get(f"/contacts/{requester}"), "company_id")
        except NotFound:
            return ""

    def _company_name(self, company: str) -> str:
        """Return a company's name, which the table of communities may hold in place of its id; "" when it has none."""
        try:
            return _name(self._get(f"/companies/{company}"))
        except NotFound:
            return ""

    def _get(self, path: str) -> Mapping[str, Any]:
        def request() -> Mapping[str, Any]:
            response = self._client.get(path)
            response.raise_for_status()
            body = response.json()
            if not isinstance(body, dict):
                raise TypeError("the answer is not an object")
            return body

        return self._gateway.read(OPERATION, request)


def _id(record: Mapping[str, Any], name: str) -> str:
    """Return an id as text, "" for null. Raises Transient when it is there and no id: the answer is not to be used."""
    value = record.get(name)
    if value is None:
        return ""
    text = str(value)
    if isinstance(value, bool) or not isinstance(value, int | str) or not (text.isascii() and text.isdecimal()):
        raise Transient(SERVICE, OPERATION, f"odd value at {name}")
    return text


def _name(record: Any) -> str:
    name = record.get("name") if isinstance(record, Mapping) else None
    return name if isinstance(name, str) else ""


def classify(operation: str, error: Exception, host: str = "") -> Trouble:
    """Tell what a failure means for the next step; nothing that the help desk wrote is handed on."""
    import httpx  # noqa: PLC0415  imported by whoever asked

    if isinstance(error, httpx.HTTPStatusError):
        return _classify_status(operation, error.response, host)
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        message = f"{host} cannot be reached ({type(error).__name__})"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.NOT_DONE)
    if isinstance(error, httpx.HTTPError | ValueError | TypeError):
        message = f"no usable answer from {host} ({type(error).__name__})"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _classify_status(operation: str, response: "httpx.Response", host: str) -> Trouble:
    status = response.status_code
    match status:
        case 401:
            remedy = "Check CSH_FRESHDESK__API_KEY: it is refused."
            return Trouble(Denied(SERVICE, operation, "not authorised", remedy=remedy, status=status))
        case 403:
            remedy = "The owner of CSH_FRESHDESK__API_KEY may not see this."
            return Trouble(Rejected(SERVICE, operation, "not allowed", remedy=remedy, status=status))
        case 404:
            return Trouble(NotFound(SERVICE, operation, "not known", status=status))
        case 429:
            wait = retry_after(response.headers, DEFAULT_WAIT)
            return Trouble(LimitReached(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        case _ if status >= 500:
            error = Transient(SERVICE, operation, f"answered {status}", status=status)
            return Trouble(error, Again.UNCLEAR, asked_wait(response.headers))
        case _ if status < 400:
            message = f"{host} answered with a redirect, which is not followed"
            return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY, status=status))
        case _:
            return Trouble(Rejected(SERVICE, operation, f"answered {status}", status=status))
