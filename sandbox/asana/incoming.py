"""Turn HTTP requests into calls: the token, the body's envelope, forms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from email.parser import BytesParser
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from sandbox.asana.api.call import Call
from sandbox.asana.refusals import bad, not_json, stray_field
from sandbox.core import Json

_TOP = {"data", "options"}


async def call_of(request: web.Request, prefix: str, base: str) -> Call:
    """Return the call a request makes; raise `Refusal` for a body that is none."""
    path = request.path.removeprefix(prefix)
    query = {name: request.query.getall(name)[-1] for name in request.query}
    content = await request.read()
    if request.method in {"GET", "HEAD"}:
        return Call(request.method, path, base, query)
    if request.content_type == "multipart/form-data":
        return Call(request.method, path, base, query, _form(request.headers, content))
    body = _object(content)
    data, options = body.get("data", {}), body.get("options", {})
    if not isinstance(data, dict) or not isinstance(options, dict):
        raise bad("data: Value is not a JSON object")
    return Call(request.method, path, base, query, data, options)


def _object(content: bytes) -> Json:
    """Return the JSON object of a body; text that is no Unicode counts as no JSON."""
    if not content.strip():
        return {}
    try:
        body = json.loads(content, parse_constant=_refuse_constant)
        json.dumps(body, ensure_ascii=False).encode()
    except ValueError:
        raise not_json() from None
    if not isinstance(body, dict):
        raise not_json()
    for name in body:
        if name not in _TOP:
            raise stray_field(name)
    return body


def _refuse_constant(name: str) -> Any:
    """Refuse NaN and the infinities, which Python would read."""
    raise ValueError(name)


def _form(headers: Mapping[str, str], content: bytes) -> Json:
    """Return the fields of an upload; a file by its name and size."""
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    found: Json = {}
    parts: Any = BytesParser().parsebytes(head + content).get_payload()
    for part in parts if isinstance(parts, list) else ():
        name = part.get_param("name", header="content-disposition")
        found[str(name)] = _part(part)
    return found


def _part(part: Message) -> Any:
    content: Any = part.get_payload(decode=True)
    file_name = part.get_filename()
    if file_name is None:
        return content.decode(errors="replace")
    return {"name": unquote(file_name), "size": len(content)}
