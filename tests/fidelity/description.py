"""Asana's published description of its API, brought down to names and types of what the sandbox plays.

``python -m tests.fidelity.description`` writes the extract anew from the description beside the repository. The
notation of a type: the name of a resource or of a basic type; ``[X]`` or ``{"[]": X}`` a list, ``{X}`` an object whose
keys are not told, ``?`` or ``{"?": X}`` may be null; a JSON list holds the allowed words, another JSON object fields.

https://developers.asana.com/docs/openapi-specification
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from sandbox.asana.api import Api
from sandbox.asana.options import AsanaOptions
from sandbox.asana.state import AsanaState
from sandbox.core import SandboxClock

PUBLISHED = Path(__file__).parents[3] / "shared" / "specs" / "asana_oas.yaml"
EXTRACT = Path(__file__).with_name("asana.json")
MOST_WORDS = 12
"""A longer list of allowed words is no more than a text."""
_METHODS = ("get", "post", "put", "delete")
_GENERAL = {"opt_fields", "opt_pretty"}
_PAGE = {"offset", "path", "uri"}

Json = dict[str, Any]


def published() -> Json:
    """Return the description as it is published."""
    with PUBLISHED.open(encoding="utf-8") as file:
        found: Json = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return found


def played() -> list[tuple[str, str]]:
    """Return method and path of everything the sandbox plays, names in the path as ``{}``."""
    clock = SandboxClock(datetime(2026, 1, 1, tzinfo=UTC))
    api = Api(AsanaState(clock, AsanaOptions(), "Acme", "CSH Sync"))
    return sorted((method, without_names(path)) for method, path in api.routes)


def without_names(path: str) -> str:
    """Return a path so that it can be compared, whatever its gids are called."""
    return re.sub(r"{\w+}", "{}", path)


class Extracting:
    """Makes the extract from a *description*."""

    def __init__(self, description: Json) -> None:
        self._paths: Json = description["paths"]
        self._schemas: Json = description["components"]["schemas"]
        self._parameters: Json = description["components"]["parameters"]
        self._resources: dict[str, Json] = {}

    def extract(self, wanted: Iterable[tuple[str, str]]) -> Json:
        """Return operations and resources of what is *wanted*; KeyError names what is not described."""
        described = {
            (method.upper(), without_names(path)): (item, item[method])
            for path, item in self._paths.items()
            for method in _METHODS
            if method in item
        }
        operations = {f"{method} {path}": self._operation(*described[method, path]) for method, path in wanted}
        self._resource("ErrorResponse")
        return {"operations": operations, "resources": dict(sorted(self._resources.items()))}

    def _operation(self, item: Json, operation: Json) -> Json:
        parameters = [self._parameter(one) for one in (*item.get("parameters", ()), *operation.get("parameters", ()))]
        query = [one for one in parameters if one["in"] == "query" and one["name"] not in _GENERAL]
        found: Json = {
            "id": operation["operationId"],
            "query": {one["name"]: self._type(one["schema"], asked=True) for one in query},
            "needs": [one["name"] for one in query if one.get("required")],
            "fields": self._fields(parameters),
        }
        if "requestBody" in operation:
            found["body"] = self._body(operation["requestBody"])
        (code,) = (code for code in operation["responses"] if int(code) < 300)
        answer = operation["responses"][code]["content"]["application/json"]["schema"]["properties"]
        brief = "Compact" in json.dumps(answer["data"])
        paged = "next_page" in answer
        return found | {"status": int(code), "paged": paged, "brief": brief, "data": self._type(answer["data"])}

    def _parameter(self, one: Json) -> Json:
        found: Json = self._parameters[one["$ref"].rpartition("/")[2]] if "$ref" in one else one
        return found

    def _fields(self, parameters: Iterable[Json]) -> list[str]:
        """Return which fields may be asked for by name, not what lies below them."""
        lists = (one["schema"]["items"].get("enum", ()) for one in parameters if one["name"] == "opt_fields")
        return sorted({name.partition(".")[0] for one in lists for name in one} - _PAGE)

    def _body(self, body: Json) -> Any:
        (content,) = body["content"].values()
        schema = content["schema"]
        return self._type(schema["properties"].get("data", schema) if "properties" in schema else schema, asked=True)

    def _type(self, schema: Json, *, asked: bool = False) -> Any:
        """Return the notation of a type; of what is *asked* by a client, fields that it cannot set are left out."""
        if "$ref" in schema:
            return self._resource(schema["$ref"].rpartition("/")[2], asked=asked)
        nullable = "?" if self._is_nullable(schema) else ""
        references = [one for one in schema.get("allOf", ()) if "$ref" in one]
        if references and not any("properties" in one for one in schema["allOf"]):
            return self._type(references[0], asked=asked) + nullable
        if "properties" in schema or "allOf" in schema or "anyOf" in schema:
            fields = self._object(schema, asked=asked)
            return {"?": fields} if nullable else fields
        if "enum" in schema and len(schema["enum"]) <= MOST_WORDS:
            return [*schema["enum"], *([None] if nullable and None not in schema["enum"] else [])]
        if schema.get("type") == "array":
            inside = self._type(schema["items"], asked=asked)
            return f"[{inside}]{nullable}" if isinstance(inside, str) else {"[]": inside}
        if isinstance(schema.get("additionalProperties"), Mapping):
            return f"{{{self._type(schema['additionalProperties'], asked=asked)}}}{nullable}"
        form = schema.get("format", "")
        return (form if form in {"date", "date-time"} else schema.get("type", "any")) + nullable

    def _is_nullable(self, schema: Json) -> bool:
        return bool(schema.get("nullable")) or any(one.get("nullable") for one in schema.get("allOf", ()))

    def _resource(self, name: str, *, asked: bool = False) -> str:
        """Note a resource with all its fields and return its name: its short form is an excerpt of its full one."""
        short = re.sub(r"(Base|Compact|Response)+$", "", name) if not asked else name
        name_of = name if not short or (short != name and short in self._schemas) else short
        if name_of not in self._resources:
            self._resources[name_of] = {}
            forms = (f"{name_of}Response", f"{name_of}Base", f"{name_of}Compact")
            full = next((one for one in forms if one in self._schemas and name != name_of), name)
            compact = self._object(self._schemas.get(f"{name_of}Compact", {}), asked=asked) if not asked else {}
            fields = dict(sorted((compact | self._object(self._schemas[full], asked=asked)).items()))
            needs = self._needs(self._schemas[full]) if asked else []
            more = {"short": [*compact]} if compact else {"needs": needs} if needs else {}
            self._resources[name_of] = {"fields": fields, **more}
        nullable = "?" if self._schemas[name].get("nullable") else ""
        return name_of + nullable

    def _needs(self, schema: Json) -> list[str]:
        """Return which fields a client has to set."""
        if "$ref" in schema:
            return self._needs(self._schemas[schema["$ref"].rpartition("/")[2]])
        parts = (name for part in schema.get("allOf", ()) for name in self._needs(part))
        return sorted({*schema.get("required", ()), *parts})

    def _object(self, schema: Json, *, asked: bool) -> Json:
        """Return the fields of an object: those of all its parts, or of all it may be, together."""
        if "$ref" in schema:
            return self._object(self._schemas[schema["$ref"].rpartition("/")[2]], asked=asked)
        found: Json = {}
        for part in schema.get("allOf", ()):
            found |= self._object(part, asked=asked)
        for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
            for name, one in self._object(part, asked=asked).items():
                found[name] = one if found.get(name, one) == one else "any"
        for name, one in schema.get("properties", {}).items():
            if not (asked and one.get("readOnly")):
                found[name] = self._type(one, asked=asked)
        return dict(sorted(found.items()))


def extracted() -> str:
    """Return the extract as the file has it: a line for each operation and each field."""
    found = Extracting(published()).extract(played())
    resources = {name: _lines(one) for name, one in found["resources"].items()}
    operations = _block({name: json.dumps(one) for name, one in found["operations"].items()})
    return f'{{"operations": {operations},\n"resources": {_block(resources)}}}\n'


def _lines(resource: Json) -> str:
    more = "".join(f',\n"{name}": {json.dumps(one)}' for name, one in resource.items() if name != "fields")
    return f'{{"fields": {_block({name: json.dumps(one) for name, one in resource["fields"].items()})}{more}}}'


def _block(parts: Mapping[str, str]) -> str:
    inside = ",\n".join(f"{json.dumps(name)}: {text}" for name, text in parts.items())
    return f"{{\n{inside}\n}}" if parts else "{}"


if __name__ == "__main__":
    EXTRACT.write_text(extracted(), encoding="utf-8")
