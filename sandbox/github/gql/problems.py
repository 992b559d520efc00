"""Errors of GraphQL answers, in GitHub's form and words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from graphql import DocumentNode, GraphQLError
from graphql.language import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
)

from sandbox.core import Json

_UNKNOWN_FIELD = re.compile(r"Cannot query field '(\w+)' on type '(\w+)'")
_UNKNOWN_TYPE = re.compile(r"Unknown type '(\w+)'")
_UNKNOWN_ARGUMENT = re.compile(r"Unknown argument '(\w+)' on field '(\w+)\.(\w+)'")


class Problem(GraphQLError):
    """An error with a ``type``, such as ``NOT_FOUND``; the engine adds path and place."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message, extensions={"type": kind})


def missing(what: str) -> Problem:
    """Return the error for what does not exist or may not be seen: "Could not resolve to …"."""
    return Problem("NOT_FOUND", f"Could not resolve to {what}.")


def while_working(error: GraphQLError) -> Json:
    """Return an error met while resolving, with GitHub's ``type`` beside path and locations.

    A mistake of the stand-in itself is raised instead, so that no test takes it for play.
    """
    cause = error.original_error
    if cause is not None and not isinstance(cause, GraphQLError):
        raise cause
    shown: Json = {}
    kind = (error.extensions or {}).get("type")
    if kind:
        shown["type"] = kind
    if error.path:
        shown["path"] = list(error.path)
    return shown | _placed(error)


def while_validating(error: GraphQLError, document: DocumentNode) -> Json:
    """Return why a query was refused before any work; GitHub answers these with 200 and no ``data``."""
    shown: Json = {}
    path = _path_to(document, error.nodes[0]) if error.nodes else None
    if path:
        shown["path"] = path
    if found := _UNKNOWN_FIELD.search(error.message):
        field, owner = found.groups()
        shown["extensions"] = {"code": "undefinedField", "typeName": owner, "fieldName": field}
        return shown | _placed(error, f"Field '{field}' doesn't exist on type '{owner}'")
    if found := _UNKNOWN_ARGUMENT.search(error.message):
        argument, owner, field = found.groups()
        shown["extensions"] = {"code": "argumentNotAccepted", "name": field, "argumentName": argument}
        return shown | _placed(error, f"Field '{field}' doesn't accept argument '{argument}'")
    if found := _UNKNOWN_TYPE.search(error.message):
        shown["extensions"] = {"code": "undefinedType", "typeName": found[1]}
        return shown | _placed(error, f"No such type {found[1]}, so it can't be a fragment condition")
    return shown | _placed(error)


def _placed(error: GraphQLError, message: str | None = None) -> Json:
    shown: Json = {}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    shown["message"] = message or error.message
    return shown


def _path_to(document: DocumentNode, wanted: Node) -> list[str] | None:
    """Return the way to a node as GitHub writes it: ``["query Name", "repository", "... on Issue", "x"]``."""
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            name = f" {definition.name.value}" if definition.name else ""
            head = f"{definition.operation.value}{name}"
        elif isinstance(definition, FragmentDefinitionNode):
            head = f"fragment {definition.name.value}"
        else:
            continue
        found = _search(definition.selection_set.selections, wanted, [head])
        if found is not None:
            return found
    return None


def _search(selections: Iterable[Node], wanted: Node, path: list[str]) -> list[str] | None:
    for node in selections:
        here = [*path, _step(node)]
        if wanted is node or wanted in _parts(node):
            return here
        below = getattr(node, "selection_set", None)
        if below is not None and (found := _search(below.selections, wanted, here)) is not None:
            return found
    return None


def _parts(node: Node) -> list[Node]:
    """Return what an error may point at inside of a field or fragment: its arguments, its type condition."""
    parts: list[Node] = []
    if isinstance(node, FieldNode):
        parts += node.arguments or ()
    if isinstance(node, InlineFragmentNode) and node.type_condition is not None:
        parts.append(node.type_condition)
    return parts


def _step(node: Node) -> str:
    if isinstance(node, FieldNode):
        return node.alias.value if node.alias else node.name.value
    if isinstance(node, InlineFragmentNode):
        return f"... on {node.type_condition.name.value}" if node.type_condition else "..."
    return f"... {node.name.value}" if isinstance(node, FragmentSpreadNode) else ""
