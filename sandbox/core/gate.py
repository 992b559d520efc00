"""The way of one request: record it, let faults act, let the handler work, send the answer."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.core import transmission
from sandbox.core.clock import SandboxClock
from sandbox.core.faults import Cut, Fault, Faults, Garble, Hang, Person, Rewrite, Slow, Status, Twice
from sandbox.core.limits import Limit
from sandbox.core.log import Outcome, RequestLog, RequestRecord
from sandbox.core.service import Service

_OPERATION = re.compile(r"^\s*(?:query|mutation|subscription)\s+(\w+)", re.MULTILINE)


class Gate:
    """Stand in front of all services; `latency` (seconds) is added to each request.

    `errors` collects what handlers and the callables of faults raised: a bug, never a part of the play.
    """

    def __init__(
        self, services: Sequence[Service], clock: SandboxClock, faults: Faults, log: RequestLog, latency: float = 0.0
    ) -> None:
        self.latency = latency
        self.errors: list[Exception] = []
        self._services = services
        self._clock = clock
        self._faults = faults
        self._log = log
        self._began = time.monotonic()
        self.open()

    def open(self) -> None:
        """Get ready for a new event loop."""
        self._turn = asyncio.Lock()

    async def pass_on(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Bring *request* through; what belongs to no service goes straight to its handler."""
        service = next((one for one in self._services if _within(request.path, one.prefix)), None)
        if service is None:
            return await handler(request)
        record = self._log.add(self._recorded(request, service, await request.read()))
        try:
            return await self._exchanged(request, handler, service, record)
        except ConnectionError:
            raise  # the client has left
        except Exception as error:
            self.errors.append(error)
            raise

    async def _exchanged(
        self, request: web.Request, handler: Handler, service: Service, record: RequestRecord
    ) -> web.StreamResponse:
        if self.latency:
            await asyncio.sleep(self.latency)
        verdict = self._faults.judge(record)
        record = replace(record, faults=tuple(fault.kind for fault in verdict.faults))
        exchange = _Exchange(self, request, handler, record)
        refused = await exchange.before(verdict.faults, service, verdict.retry_after)
        if refused is not None:
            return refused
        return await exchange.after(verdict.faults, await exchange.work(verdict.faults))

    async def act(self, person: Person) -> None:
        """Let a person act while no handler works."""
        async with self._turn:
            with self._clock.lock:
                person.act()

    async def handle(self, request: web.Request, handler: Handler) -> web.Response:
        """Run *handler* alone, under the lock; what it raises by mistake becomes a 500."""
        async with self._turn:
            with self._clock.lock:
                try:
                    response = await handler(request)
                except web.HTTPException as refusal:
                    return web.Response(status=refusal.status, text=refusal.text, headers=_without_type(refusal))
                except Exception as error:  # noqa: BLE001 - told by Sandbox.stop, the client sees a 500
                    self.errors.append(error)
                    return web.json_response({"sandbox": repr(error)}, status=500)
        if not isinstance(response, web.Response):
            raise TypeError(f"{request.path}: a handler must answer with web.Response")
        return response

    def stamp(self, response: web.Response) -> None:
        """Give *response* the sandbox's time as its `Date`."""
        response.headers.setdefault("Date", format_datetime(self._clock.now(), usegmt=True))

    def close(self, record: RequestRecord, response: web.Response | None, outcome: Outcome) -> None:
        """Record how a request ended, before its client can know."""
        if response is None:
            self._log.close(replace(record, outcome=outcome))
            return
        answer = _json_or_text(response.body) if self._log.keeps_answers and isinstance(response.body, bytes) else None
        self._log.close(replace(record, status=response.status, outcome=outcome, answer=answer))

    def _recorded(self, request: web.Request, service: Service, content: bytes) -> RequestRecord:
        body = _json_or_text(content)
        path = request.path.removeprefix(service.prefix)
        return RequestRecord(
            number=-1,
            service=service.name,
            method=request.method,
            path=path,
            query_string=request.query_string,
            query={name: request.query.getall(name)[-1] for name in request.query},
            operation=_operation(body),
            body=body,
            is_write=service.is_write(request.method, path, body if isinstance(body, Mapping) else None),
            moment=self._clock.now(),
            elapsed=time.monotonic() - self._began,
            leaked=self._leaks(service, request, content),
        )

    def _leaks(self, service: Service, request: web.Request, content: bytes) -> bool:
        address = request.raw_path
        if getattr(service, "secret_in_path", False):
            address = address.replace(service.token, "", 1)
        text = f"{address} {content.decode(errors='replace')}"
        return any(one.token in text for one in self._services)


@dataclass(slots=True)
class _Exchange:
    """One request between its arrival and its answer."""

    gate: Gate
    request: web.Request
    handler: Handler
    record: RequestRecord

    async def before(self, faults: Sequence[Fault], service: Service, retry_after: float) -> web.StreamResponse | None:
        """Let faults act that come before the work; return the answer when there will be no work."""
        for fault in faults:
            match fault.effect:
                case Person(when="before") as person:
                    await self.gate.act(person)
                case Hang(when="before", then=then, seconds=seconds):
                    await asyncio.sleep(seconds)
                    if then == "cut":
                        return self._dropped()
                case Cut(when="before"):
                    return self._dropped()
                case Status(when="before") as status:
                    return self._sent(_answer(status), "refused")
                case Limit(retry_after=told):
                    return self._sent(service.limited(retry_after if told == "header" else None), "limited")
        return None

    async def work(self, faults: Sequence[Fault]) -> web.Response:
        """Let the handler do its work, twice when a fault says so; return the first answer."""
        response = await self.gate.handle(self.request, self.handler)
        self.record = replace(self.record, executed=True)
        if any(isinstance(fault.effect, Twice) for fault in faults):
            await self.gate.handle(self.request, self.handler)
        return response

    async def after(self, faults: Sequence[Fault], response: web.Response) -> web.StreamResponse:
        """Let faults act that come after the work, and send the answer."""
        rate: float | None = None
        for fault in faults:
            match fault.effect:
                case Person(when="after") as person:
                    await self.gate.act(person)
                case Hang(when="after", then=then, seconds=seconds):
                    await asyncio.sleep(seconds)
                    if then == "cut":
                        return self._dropped()
                case Status(when="after") as status:
                    response = _answer(status)
                case Garble(kind=kind):
                    response = transmission.garbled(response, kind)
                case Rewrite(change=change):
                    response = transmission.with_json(response, change(transmission.json_of(response)))
                case Cut(when="after", after_bytes=None):
                    return self._dropped()
                case Cut(when="after", after_bytes=int(length)):
                    self.gate.stamp(response)
                    self.gate.close(self.record, response, "cut")
                    return await transmission.send_part(self.request, response, length)
                case Slow(bytes_per_second=rate):
                    pass
        if rate is None:
            return self._sent(response, "answered")
        self.gate.stamp(response)
        self.gate.close(self.record, response, "answered")
        return await transmission.send_slowly(self.request, response, rate)

    def _dropped(self) -> web.StreamResponse:
        self.gate.close(self.record, None, "cut")
        return transmission.drop(self.request)

    def _sent(self, response: web.Response, outcome: Outcome) -> web.Response:
        self.gate.stamp(response)
        self.gate.close(self.record, response, outcome)
        return response


def _within(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _answer(status: Status) -> web.Response:
    return transmission.answered(status.code, status.body, dict(status.headers))


def _without_type(refusal: web.HTTPException) -> dict[str, str]:
    return {name: value for name, value in refusal.headers.items() if name.lower() != "content-type"}


def _json_or_text(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return content.decode(errors="replace")


def _operation(body: Any) -> str | None:
    if not isinstance(body, Mapping) or not isinstance(body.get("query"), str):
        return None
    if isinstance(body.get("operationName"), str):
        return str(body["operationName"])
    found = _OPERATION.search(body["query"])
    return found.group(1) if found else None
