"""What the played Asana refuses, in Asana's words where they are known.

https://developers.asana.com/docs/errors
"""

from __future__ import annotations

import json
import math
from typing import Any

from aiohttp import web

from sandbox.core import Json

HELP = (
    "For more information on API status codes and how to handle them, read the docs on errors: "
    "https://developers.asana.com/docs/errors"
)
JSON_TYPE = "application/json; charset=UTF-8"
_RATE_LIMIT = "You've made too many requests and hit a rate limit. Please retry after the given amount of time."


class Refusal(Exception):
    """One refusal: the HTTP status and the message; `phrase` comes with 500 only."""

    def __init__(self, status: int, message: str, phrase: str | None = None) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.phrase = phrase

    def body(self) -> Json:
        """Return the refusal as Asana writes it."""
        error = {"message": self.message, "help": HELP}
        return {"errors": [error | ({"phrase": self.phrase} if self.phrase else {})]}


def answered(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return an answer as Asana sends it: UTF-8, not escaped to ASCII."""
    content = json.dumps(body, ensure_ascii=False).encode()
    return web.Response(body=content, status=status, headers={"Content-Type": JSON_TYPE} | (headers or {}))


def bad(message: str) -> Refusal:
    """Input Asana does not take."""
    return Refusal(400, message)


def missing(name: str) -> Refusal:
    """A parameter that has to be there."""
    return bad(f"{name}: Missing input")


def not_json() -> Refusal:
    """A body that is not JSON."""
    return bad("Could not parse request data, invalid JSON")


def stray_field(name: str) -> Refusal:
    """A property beside `data` instead of in it."""
    return bad(
        f"Unrecognized request field {name} . The only allowed keys at the top level are: data, options. "
        "Is it possible you did not wrap object properties in a data object?"
    )


def not_an_id(name: str, value: str) -> Refusal:
    """A gid that is not made of digits."""
    return bad(f"{name}: Not a recognized ID: {value}")


def not_a_gid_type(name: str, value: Any) -> Refusal:
    """A gid sent as another JSON type."""
    kind = "boolean" if isinstance(value, bool) else "number" if isinstance(value, int | float) else "object"
    return bad(f"{name}: Not a valid GID type: {kind}")


def unknown(name: str, gid: str, *, status: int = 404) -> Refusal:
    """An object that does not exist: 404 in the path, 400 in the body."""
    return Refusal(status, f"{name}: Unknown object: {gid}")


def no_access(kind: str) -> Refusal:
    """An object that exists but is hidden from the token's user."""
    return Refusal(403, f"You do not have access to this {kind}.")


def may_not_edit(kind: str) -> Refusal:
    """A write into a project or portfolio in which the token's user may only read or comment."""
    return Refusal(403, f"You do not have permission to edit this {kind}.")


def not_writable(name: str) -> Refusal:
    """A property that a create or an update cannot set."""
    return bad(f"{name}: Cannot write this property")


def not_a_user(name: str, where: str, sent: str) -> Refusal:
    """A person who is not in the workspace; *where* is "Organization" or "Workspace"."""
    return bad(f"{name}: Not a user in {where}: {sent}")


def not_a_day(name: str, sent: Any) -> Refusal:
    """A date that is none."""
    return bad(f"{name}: Date must be in ISO-8601 (yyyy-mm-dd) format, not: {sent}")


def field_not_on_object(gid: str) -> Refusal:
    """A custom field that the task does not have."""
    return bad(f"Custom field with ID {gid} is not on given object")


def field_locked() -> Refusal:
    """A custom field whose values the token's user may not change."""
    return Refusal(403, "You do not have permission to edit the value of this custom field.")


def bad_offset() -> Refusal:
    """An offset that was never given or has expired."""
    return bad("offset: Your pagination token is invalid.")


def too_large() -> Refusal:
    """A list that is too long to be answered without pages."""
    return bad("The result is too large. You should use pagination (may require specifying a workspace or a project).")


def unauthorised() -> Refusal:
    """No token, or a wrong one."""
    return Refusal(401, "Not Authorized")


def payment_required(feature: str) -> Refusal:
    """A feature the plan does not include: "fields", "settings", "search" or "time"."""
    return Refusal(402, _PAID[feature])


_PAID = {
    "fields": "Custom Fields are not available for free users or guests.",
    "settings": "Custom Field Settings are not available for free users.",
    "search": "Search is only available to premium users.",
    "time": "Time Tracking is only available to premium users.",
}


def no_route() -> Refusal:
    """A path or a method that is none; Asana never answers 405."""
    return Refusal(404, "No matching route for request")


def server_error() -> Refusal:
    """A failure on Asana's side, with the phrase its support asks for."""
    return Refusal(500, "Server Error", phrase="6 sad squid snuggle softly")


def too_many(retry_after: float | None) -> web.Response:
    """Return the answer of every limiter; *retry_after* in seconds, None leaves the header out."""
    headers = {} if retry_after is None else {"Retry-After": str(max(1, math.ceil(retry_after)))}
    return answered(Refusal(429, _RATE_LIMIT).body(), 429, headers)
