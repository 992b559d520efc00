"""How an answer leaves the server: whole, in part, slowly, or not at all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

_HTML = "<!doctype html><html><head><title>Bad gateway</title></head><body><h1>We'll be back soon</h1></body></html>"


def drop(request: web.BaseRequest) -> web.StreamResponse:
    """Close the connection at once without an answer; what is returned can no longer be sent."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)


async def send_part(request: web.Request, response: web.Response, length: int) -> web.StreamResponse:
    """Send the head with the full Content-Length and *length* bytes of the body, then close."""
    stream = await _open(request, response)
    await stream.write(_body(response)[:length])
    if request.transport is not None:
        # close() lets the bytes out that are still buffered, abort() would lose them
        request.transport.close()
    return stream


async def send_slowly(request: web.Request, response: web.Response, bytes_per_second: float) -> web.StreamResponse:
    """Send the whole answer in slices of about a twentieth of a second."""
    stream = await _open(request, response)
    body = _body(response)
    step = max(1, round(bytes_per_second / 20))
    for start in range(0, len(body), step):
        slice_ = body[start : start + step]
        await stream.write(slice_)
        await asyncio.sleep(len(slice_) / bytes_per_second)
    await stream.write_eof()
    return stream


def garbled(response: web.Response, kind: str) -> web.Response:
    """Return *response* with its body replaced: "html", "empty" or "truncated"."""
    if kind == "html":
        return web.Response(status=response.status, text=_HTML, content_type="text/html")
    body = b"" if kind == "empty" else _body(response)[: len(_body(response)) // 2]
    return web.Response(status=response.status, body=body, headers=_kept_headers(response))


def answered(code: int, body: Any, headers: dict[str, str]) -> web.Response:
    """Return an answer: None is an empty body, text is sent as it is, anything else as JSON."""
    if body is None:
        return web.Response(status=code, headers=headers)
    if isinstance(body, str):
        return web.Response(status=code, text=body, headers=headers)
    return web.json_response(body, status=code, headers=headers)


def with_json(response: web.Response, value: Any) -> web.Response:
    """Return *response* with *value* as its JSON body."""
    return web.Response(status=response.status, body=json.dumps(value).encode(), headers=_kept_headers(response))


def json_of(response: web.Response) -> Any:
    """Return the JSON value of an answer, None when it has no body."""
    body = _body(response)
    return json.loads(body) if body else None


async def _open(request: web.Request, response: web.Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, reason=response.reason, headers=_kept_headers(response))
    stream.content_length = len(_body(response))
    await stream.prepare(request)
    return stream


def _body(response: web.Response) -> bytes:
    body = response.body
    if body is None:
        return b""
    if isinstance(body, bytes | bytearray | memoryview):
        return bytes(body)
    raise TypeError(f"a handler answered with a body of {type(body).__name__}, the sandbox sends bytes only")


def _kept_headers(response: web.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
