"""FreshDesk's API v2 as far as a ticket look-up needs it: tickets, contacts, companies.

https://developers.freshdesk.com/api/#tickets and https://developers.freshdesk.com/api/#view_contact
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.core import SandboxClock, locked

_EMBEDS = {"company", "requester", "conversations", "stats", "sla_policy", "survey"}
_OPEN = 2


@dataclass(slots=True)
class Ticket:
    """A ticket; *company* and *requester* are ids. *status_code* other than 200 makes it unreadable.

    What FreshDesk answers for deleted, spam and merged tickets is not documented: 404, or the
    ticket with `deleted` or `spam` set; *deleted* and *spam* are shown as they are.
    """

    id: int
    subject: str
    company: int | None = None
    requester: int | None = None
    status: int = _OPEN
    deleted: bool = False
    spam: bool = False
    status_code: int = 200


@dataclass(slots=True)
class FreshDeskOptions:
    """*limit_per_minute* is told in `X-RateLimit-Total`; to be refused, add a limit to the faults.

    *requester_company* shows the company of the requester in an embedded requester.
    """

    limit_per_minute: int = 200
    requester_company: bool = False


@dataclass(slots=True)
class _Requester:
    id: int
    name: str
    email: str
    company: int | None = None


@dataclass(slots=True)
class _State:
    companies: dict[int, str] = field(default_factory=dict)
    requesters: dict[int, _Requester] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)


class FreshDeskService:
    """A help desk with companies, requesters and tickets; read-only over HTTP.

    *token* is the API key; *host* is what people see in the links to tickets.
    """

    name = "freshdesk"
    prefix = "/freshdesk/api/v2"

    def __init__(
        self,
        clock: SandboxClock,
        base_url: Callable[[], str],
        token: str = "sandbox-freshdesk-key",
        host: str = "acme.freshdesk.com",
    ) -> None:
        self.clock = clock
        self.base_url = base_url
        self.token = token
        self.host = host
        self.options = FreshDeskOptions()
        self._state = _State()

    @locked
    def add_company(self, name: str) -> int:
        """Add a company and return its id."""
        company = 43_000_000 + len(self._state.companies) + 1
        self._state.companies[company] = name
        return company

    @locked
    def add_requester(self, name: str, email: str, company: int | None = None) -> int:
        """Add a person who writes tickets and return the id."""
        person = 52_000_000 + len(self._state.requesters) + 1
        self._state.requesters[person] = _Requester(person, name, email, company)
        return person

    @locked
    def add_ticket(
        self, number: int, subject: str = "Help", company: int | None = None, requester: int | None = None
    ) -> Ticket:
        """Add a ticket under its number; the ticket returned may be changed at any time."""
        ticket = Ticket(number, subject, company, requester)
        self._state.tickets[number] = ticket
        return ticket

    @locked
    def remove_ticket(self, number: int) -> None:
        """Make a ticket one the help desk does not know."""
        del self._state.tickets[number]

    @locked
    def remove_requester(self, person: int) -> None:
        """Make a contact one the help desk does not know; tickets keep the id."""
        del self._state.requesters[person]

    @locked
    def rename_company(self, company: int, name: str) -> None:
        """Give a company another name; tickets keep its id."""
        self._state.companies[company] = name

    def ticket_url(self, number: int) -> str:
        """Return the address people paste for a ticket; nothing is served there."""
        return f"https://{self.host}/a/tickets/{number}"

    def application(self) -> web.Application:
        """Return a new application with the handlers."""
        app = web.Application(middlewares=[self._guarded])
        app.router.add_get(r"/tickets/{number:\d+}", self._ticket)
        app.router.add_get(r"/contacts/{number:\d+}", self._contact)
        app.router.add_get(r"/companies/{number:\d+}", self._company)
        app.router.add_route("*", "/{anything:.*}", self._nothing)
        return app

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything."""
        del path, body
        return method != "GET"

    def limited(self, retry_after: float | None) -> web.Response:
        """Return FreshDesk's refusal for too many requests."""
        headers = {"X-RateLimit-Remaining": "0"}
        if retry_after is not None:
            headers["Retry-After"] = str(max(1, round(retry_after)))
        body = {"message": "You have exceeded the limit of requests per minute"}
        return web.json_response(body, status=429, headers=headers)

    def settings(self) -> dict[str, str]:
        """Return the product's setting for the host in ticket links."""
        return {"CSH_FRESHDESK__HOST": self.host}

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic" or not _is_key(given, self.token):
            body = {"code": "invalid_credentials", "message": "You have to be logged in to perform this action."}
            return web.json_response(body, status=401)
        response = await handler(request)
        response.headers["X-RateLimit-Total"] = str(self.options.limit_per_minute)
        return response

    async def _ticket(self, request: web.Request) -> web.Response:
        embeds = [one for one in request.query.get("include", "").split(",") if one]
        if set(embeds) - _EMBEDS:
            return _invalid("include", f"It should be one of these values: '{','.join(sorted(_EMBEDS))}'")
        ticket = self._state.tickets.get(int(request.match_info["number"]))
        if ticket is None:
            return web.Response(status=404)
        if ticket.status_code != 200:
            return web.Response(status=ticket.status_code)
        return web.json_response(self._ticket_json(ticket, embeds))

    async def _contact(self, request: web.Request) -> web.Response:
        person = self._state.requesters.get(int(request.match_info["number"]))
        if person is None:
            return web.Response(status=404)
        return web.json_response(self._contact_json(person))

    async def _company(self, request: web.Request) -> web.Response:
        company = int(request.match_info["number"])
        if company not in self._state.companies:
            return web.Response(status=404)
        return web.json_response(self._company_json(company) | {"description": None, "domains": []})

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.Response(status=404)

    def _ticket_json(self, ticket: Ticket, embeds: list[str]) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": ticket.id,
            "subject": ticket.subject,
            "company_id": ticket.company,
            "requester_id": ticket.requester,
            "status": ticket.status,
            "spam": ticket.spam,
            "tags": [],
        }
        if ticket.deleted:
            shown["deleted"] = True
        if "company" in embeds:
            shown["company"] = {} if ticket.company is None else self._company_json(ticket.company)
        if "requester" in embeds and ticket.requester in self._state.requesters:
            shown["requester"] = self._requester_json(self._state.requesters[ticket.requester])
        return shown

    def _company_json(self, company: int) -> dict[str, Any]:
        return {"id": company, "name": self._state.companies[company]}

    def _contact_json(self, person: _Requester) -> dict[str, Any]:
        shown: dict[str, Any] = {"active": True, "id": person.id, "name": person.name, "email": person.email}
        return shown | {"company_id": person.company, "mobile": None, "other_companies": [], "tags": []}

    def _requester_json(self, person: _Requester) -> dict[str, Any]:
        shown: dict[str, Any] = {"id": person.id, "name": person.name, "email": person.email, "mobile": None}
        return shown | {"company_id": person.company} if self.options.requester_company else shown


def _is_key(given: str, key: str) -> bool:
    """Say whether Basic credentials carry *key* as the user and any non-empty password."""
    try:
        user, colon, password = base64.b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        return False
    return bool(colon and password) and hmac.compare_digest(user.encode(), key.encode())


def _invalid(name: str, message: str) -> web.Response:
    body = {
        "description": "Validation failed",
        "errors": [{"field": name, "message": message, "code": "invalid_value"}],
    }
    return web.json_response(body, status=400)
