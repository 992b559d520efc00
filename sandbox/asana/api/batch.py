"""Several requests in one envelope.

https://developers.asana.com/docs/batch-requests
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.asana.api.call import Answer, Call, Route
from sandbox.asana.api.handlers import Handlers
from sandbox.asana.api.pages import Pages
from sandbox.asana.refusals import bad, missing
from sandbox.asana.state import AsanaState
from sandbox.core import Json

MAX_ACTIONS = 10

_METHODS = {"get", "post", "put", "delete", "patch", "head"}
_NOT_INSIDE = ("/batch", "/organization_exports", "/scim")


class BatchHandlers(Handlers):
    """The handler of batches; *work* answers one action and never raises a refusal."""

    def __init__(self, state: AsanaState, pages: Pages, work: Callable[[Call], Answer]) -> None:
        super().__init__(state, pages)
        self._work = work

    def routes(self) -> list[Route]:
        """Return the routes of this group."""
        return [("POST", "/batch", self._batch)]

    def _batch(self, call: Call) -> Answer:
        """Work on the actions in the order the options say; the results keep the order of the actions."""
        actions = checked_actions(call.data)
        numbers = list(range(len(actions)))
        if self.state.options.batch_order == "reversed":
            numbers.reverse()
        results = {number: self._result(call.base, actions[number]) for number in numbers}
        return Answer({"data": [results[number] for number in range(len(actions))]})

    def _result(self, base: str, action: Json) -> Json:
        try:
            answer = self._work(_inner(base, action))
        except _NotAllowed as refusal:
            answer = Answer(bad(str(refusal)).body(), 400)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        return {"status_code": answer.status, "headers": headers, "body": answer.body}


class _NotAllowed(Exception):
    """An action that may not be in a batch."""


def checked_actions(data: Json) -> list[Json]:
    """Return the actions of a batch, or raise `Refusal` for one that is no batch at all."""
    actions: Any = data.get("actions")
    if not isinstance(actions, list) or not actions:
        raise missing("actions")
    if len(actions) > MAX_ACTIONS:
        raise bad(f"actions: At most {MAX_ACTIONS} actions are allowed in a batch request")
    for number, action in enumerate(actions):
        if not isinstance(action, dict):
            raise bad(f"actions: [{number}]: Value is not a JSON object")
        for name in ("relative_path", "method"):
            if not isinstance(action.get(name), str):
                raise missing(f"actions: [{number}]: {name}")
        if action["method"].lower() not in _METHODS:
            raise bad(f"actions: [{number}]: method: Not a valid method: {action['method']}")
    return actions


def _inner(base: str, action: Json) -> Call:
    method, path = action["method"].upper(), action["relative_path"]
    if "?" in path:
        raise _NotAllowed("relative_path: Query parameters are not accepted here")
    if path.startswith(_NOT_INSIDE) or (method, path.rstrip("/")) == ("POST", "/attachments"):
        raise _NotAllowed(f"relative_path: This action is not allowed in a batch request: {path}")
    data, options = action.get("data") or {}, action.get("options") or {}
    if not isinstance(data, dict) or not isinstance(options, dict):
        raise _NotAllowed("data and options: Value is not a JSON object")
    if method == "GET":
        return Call(method, path, base, query={name: _text(value) for name, value in data.items()}, options=options)
    return Call(method, path, base, data=data, options=options)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
