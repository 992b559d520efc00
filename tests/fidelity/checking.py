"""Hold what went over the wire between a client and the played Asana against what Asana's description says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from jsonschema import Draft202012Validator

from sandbox.asana.api.shape import Tree, asked_fields
from sandbox.core.log import RequestRecord
from tests.fidelity.departures import QUERY, SOMETIMES, TYPES
from tests.fidelity.description import EXTRACT, Json

REFUSALS = {400, 401, 402, 403, 404, 412, 429, 451, 500, 502, 503, 504}
"""https://developers.asana.com/docs/errors"""
_GENERAL = {"opt_fields", "opt_pretty"}
_EVERYWHERE = {"gid", "resource_type"}
"""Of every resource; the lists of what may be asked for leave them out."""
_BASIC: dict[str, Json] = {
    **{name: {"type": name} for name in ("string", "integer", "number", "boolean", "object")},
    "any": {},
    "date": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "date-time": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"},
}
_IN_A_QUERY = {"integer": r"\d+", "boolean": "true|false", "date": _BASIC["date"]["pattern"]}
_IN_A_QUERY["date-time"] = _BASIC["date-time"]["pattern"]


@cache
def described() -> Json:
    """Return the extract, with what is known better put right."""
    found: Json = json.loads(EXTRACT.read_text("utf-8"))
    for (resource, name), (kind, _) in TYPES.items():
        found["resources"][resource]["fields"][name] = kind
    for (operation, name), (kind, _) in QUERY.items():
        found["operations"][operation]["query"][name] = kind
    return found


def untrue_answer(record: RequestRecord) -> list[str]:
    """Return in what the answer to a request is not what the description says; the request may be odd.

    Of one that was cut nothing is told. One that was kept by no log looks like an empty one.
    """
    return _told(record, _exchange(record).of_the_answer()) if record.status is not None else []


def wrong_request(record: RequestRecord) -> list[str]:
    """Return what the description does not know about a request. Asana ignores much of that in silence."""
    return _told(record, _exchange(record).of_the_request())


def _told(record: RequestRecord, problems: Iterator[str]) -> list[str]:
    return [f"{record.method} {record.path}: {one}" for one in problems]


def _exchange(record: RequestRecord) -> _Exchange:
    query = dict(parse_qsl(record.query_string, keep_blank_values=True))
    return _Exchange(record.method, record.path, query, record.body, record.status, record.answer)


def operation_of(method: str, path: str) -> str:
    """Return which operation a request is, "" when it is none."""
    for name in described()["operations"]:
        known, _, pattern = name.partition(" ")
        if known == method and re.fullmatch(pattern.replace("{}", "[^/]+") + "/?", path):
            return str(name)
    return ""


class _Exchange:
    def __init__(self, method: str, path: str, query: Json, body: Any, status: int | None, answer: Any) -> None:
        self._name = operation_of(method, path)
        self._operation: Json = described()["operations"].get(self._name, {})
        self._query, self._body, self._status, self._answer = query, body, status, answer
        options = body.get("options", {}) if isinstance(body, Mapping) else {}
        fields = options.get("fields", query.get("opt_fields"))
        self._asked: Tree | None = (
            asked_fields(",".join(fields) if isinstance(fields, list) else fields) if fields else None
        )
        self._pages = "limit" in query or "limit" in options

    def of_the_request(self) -> Iterator[str]:
        if not self._name:
            yield "is no operation"
            return
        yield from self._of_the_query()
        yield from self._of_the_fields(self._asked or {}, self._operation["data"], set(self._operation["fields"]))
        yield from self._of_the_body()

    def of_the_answer(self) -> Iterator[str]:
        if self._status is None or self._status >= 400:
            yield from self._of_the_refusal()
        elif self._name:
            yield from self._of_the_success()

    def _of_the_refusal(self) -> Iterator[str]:
        if self._status not in REFUSALS:
            yield f"is refused with {self._status}"
        yield from _mismatches("ErrorResponse", self._answer)
        if not (isinstance(self._answer, Mapping) and self._answer.get("errors")):
            yield "is refused without a reason"

    def _of_the_query(self) -> Iterator[str]:
        known = self._operation["query"]
        yield from (f"lacks {name}" for name in self._operation["needs"] if not self._query.get(name))
        for name, value in self._query.items():
            if name in _GENERAL or (name.startswith("custom_fields.") and self._name.endswith("/search")):
                continue
            kind = known.get(name)
            if kind is None:
                yield f"has no parameter {name}"
            elif isinstance(kind, list):
                if value not in kind:
                    yield f"{name} cannot be {value}"
            elif not re.fullmatch(_IN_A_QUERY.get(kind, ".+"), value):
                yield f"{name} cannot be {value}: it is {kind}"

    def _of_the_fields(self, tree: Tree, kind: Any, allowed: set[str]) -> Iterator[str]:
        """Asana ignores unknown names in silence, so that a typo looks like an empty field."""
        resource, fields = _inside(kind)
        for name, below in tree.items():
            if name in _EVERYWHERE and not below:
                continue
            if name not in allowed:
                yield f"has no field {name} in opt_fields ({resource})"
            elif below:
                yield from self._of_the_fields(below, fields[name], set(_inside(fields[name])[1]))

    def _of_the_body(self) -> Iterator[str]:
        kind = self._operation.get("body")
        if kind is None:
            if self._body:
                yield "takes no body"
            return
        if not isinstance(self._body, Mapping) or not set(self._body) <= {"data", "options"}:
            yield "the body is not made of data and options"
        elif self._name != "POST /attachments":  # a form, which the record shows as text
            yield from _mismatches(kind, self._body.get("data"))

    def _of_the_success(self) -> Iterator[str]:
        expected, answer = self._operation["status"], self._answer
        if self._status != expected:
            yield f"is answered with {self._status}, not {expected}"
        if not isinstance(answer, Mapping) or "data" not in answer:
            yield "is answered without data"
            return
        if unknown := set(answer) - {"data"} - ({"next_page"} if self._operation["paged"] else set()):
            yield f"is answered with {sorted(unknown)}"
        if self._pages and self._operation["paged"] and "next_page" not in answer:
            yield "is answered without next_page"
        kind = self._operation["data"]
        yield from _mismatches(kind, answer["data"])
        for one in answer["data"] if isinstance(answer["data"], list) else [answer["data"]]:
            yield from self._of_what_is_shown(one, kind)
        if self._name == "POST /batch":
            yield from self._of_the_results(answer["data"])

    def _of_what_is_shown(self, one: Json, kind: Any) -> Iterator[str]:
        """What was asked for is there, and nothing else is."""
        if kind == "Empty":
            return
        if self._asked is not None:
            if unasked := set(one) - set(self._asked) - {"gid"}:
                yield f"shows {sorted(unasked)}, which were not asked for"
            absent = {name for resource, name in SOMETIMES if resource == _inside(kind)[0]}
            if missing := set(self._asked) & set(self._operation["fields"]) - set(one) - absent:
                yield f"does not show {sorted(missing)}"
        elif self._operation["brief"]:
            short = set(described()["resources"][_inside(kind)[0]]["short"])
            if more := set(one) - short:
                yield f"shows {sorted(more)}, which stand in no short form"

    def _of_the_results(self, results: list[Json]) -> Iterator[str]:
        for action, result in zip(self._body["data"]["actions"], results, strict=True):
            reads = action["method"].upper() == "GET"
            data, options = action.get("data", {}), action.get("options", {})
            query = {name: str(value) for name, value in data.items()} if reads else {}
            query |= {"limit": str(options["limit"])} if "limit" in options else {}
            query |= {"opt_fields": ",".join(options["fields"])} if "fields" in options else {}
            body = None if reads or not data else {"data": data}
            inner = _Exchange(
                action["method"].upper(), action["relative_path"], query, body, result["status_code"], result["body"]
            )
            yield from (f"{action['method']} {action['relative_path']}: {one}" for one in inner.of_the_answer())


def _inside(kind: Any) -> tuple[str, Json]:
    """Return what a type is about without lists and nulls: its name, and its fields where it has any."""
    while isinstance(kind, Mapping) and (set(kind) <= {"[]", "?"}):
        (kind,) = kind.values()
    if isinstance(kind, Mapping):
        return "", dict(kind)
    name = str(kind).strip("[]?")
    return name, described()["resources"].get(name, {}).get("fields", {})


def _mismatches(kind: Any, value: Any) -> Iterator[str]:
    for error in _validator(json.dumps(kind)).iter_errors(value):
        place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
        yield f"{place.lstrip('.') or 'the whole'}: {error.message[:200]}"


@cache
def _validator(kind: str) -> Draft202012Validator:
    resources = described()["resources"].items()
    definitions = {name: _schema(one["fields"]) | {"required": one.get("needs", [])} for name, one in resources}
    return Draft202012Validator({"$defs": definitions, **_schema(json.loads(kind))})


def _schema(kind: Any) -> Json:
    """Return the JSON schema of a type in the extract's notation; objects have no other fields than those told."""
    if isinstance(kind, list):
        return {"enum": kind}
    if isinstance(kind, Mapping):
        if "[]" in kind:
            return {"type": "array", "items": _schema(kind["[]"])}
        if "?" in kind:
            return {"anyOf": [{"type": "null"}, _schema(kind["?"])]}
        fields = {name: _schema(one) for name, one in kind.items()}
        return {"type": "object", "properties": fields, "additionalProperties": False}
    if kind.endswith("?"):
        return {"anyOf": [{"type": "null"}, _schema(kind[:-1])]}
    if kind.startswith("["):
        return {"type": "array", "items": _schema(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _schema(kind[1:-1])}
    return _BASIC.get(kind, {"$ref": f"#/$defs/{kind}"})
