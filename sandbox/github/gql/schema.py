"""The schema, whole or without its newer parts."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from graphql import REMOVE, GraphQLSchema, Visitor, build_ast_schema, parse, visit
from graphql.language import NamedTypeNode, Node, StringValueNode, TypeDefinitionNode

PARTS = frozenset({"issue_fields", "item_query", "assigned_actors", "duplicate_of"})
"""What a server with an older schema may lack."""


@functools.cache
def schema_with(parts: frozenset[str]) -> GraphQLSchema:
    """Return the schema with these of the newer parts."""
    document = parse((Path(__file__).parent / "schema.graphql").read_text("utf-8"))
    document = visit(document, _WithoutParts(PARTS - parts))
    known = {one.name.value for one in document.definitions if isinstance(one, TypeDefinitionNode)}
    return build_ast_schema(visit(document, _WithoutStrangers(known)))


class _WithoutParts(Visitor):
    """Remove what is marked as belonging to one of the missing parts."""

    def __init__(self, missing: frozenset[str]) -> None:
        super().__init__()
        self._missing = missing

    def enter(self, node: Node, *_: Any) -> Any:
        for directive in getattr(node, "directives", None) or ():
            for argument in directive.arguments or ():
                if isinstance(argument.value, StringValueNode) and argument.value.value in self._missing:
                    return REMOVE
        return None


class _WithoutStrangers(Visitor):
    """Remove members of unions and interfaces of types that are no longer defined."""

    def __init__(self, known: set[str]) -> None:
        super().__init__()
        self._known = known

    def enter_named_type(self, node: NamedTypeNode, key: str | int | None, *_: Any) -> Any:
        in_a_list = isinstance(key, int)
        return REMOVE if in_a_list and node.name.value not in self._known else None
