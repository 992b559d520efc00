"""What a query costs before it runs: GitHub's points, nodes, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    get_named_type,
)
from graphql.language import (
    FieldNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    SelectionSetNode,
    VariableNode,
)

MOST_NODES = 500_000


@dataclass(slots=True)
class Price:
    """The requests GitHub would need to fill every connection, the nodes that could come back, the types touched."""

    requests: int = 0
    nodes: int = 0
    types: set[str] = field(default_factory=set)

    @property
    def points(self) -> int:
        """Requests in hundreds, rounded, at least 1."""
        return max(1, int(self.requests / 100 + 0.5))


def price_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Mapping[str, Any]
) -> Price:
    """Price one operation of a valid document."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    defaults = {
        one.variable.name.value: _constant(one.default_value, {}) for one in operation.variable_definitions or ()
    }
    root = schema.get_root_type(operation.operation)
    assert root is not None
    walker = _Walker(schema, fragments, {**defaults, **variables}, Price())
    walker.walk(operation.selection_set, root, 1)
    return walker.price


@dataclass(frozen=True, slots=True)
class _Walker:
    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]
    price: Price

    def walk(self, selections: SelectionSetNode, parent: GraphQLNamedType, times: int) -> None:
        """Add what *selections* cost when they are filled *times* times."""
        for node in selections.selections:
            match node:
                case FieldNode():
                    self._field(node, parent, times)
                case InlineFragmentNode():
                    condition = node.type_condition
                    inner = self.schema.type_map[condition.name.value] if condition else parent
                    self.walk(node.selection_set, inner, times)
                case FragmentSpreadNode():
                    fragment = self.fragments[node.name.value]
                    inner = self.schema.type_map[fragment.type_condition.name.value]
                    self.walk(fragment.selection_set, inner, times)

    def _field(self, node: FieldNode, parent: GraphQLNamedType, times: int) -> None:
        if not isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
            return
        definition = parent.fields.get(node.name.value)
        if definition is None:
            return
        inner = get_named_type(definition.type)
        self.price.types.add(inner.name)
        if "first" in definition.args:
            self.price.requests += times
            times *= self._limit(node)
            self.price.nodes += times
        elif parent is self.schema.query_type and node.name.value == "nodes":
            times *= self._count(node)
        if node.selection_set is not None:
            self.walk(node.selection_set, inner, times)

    def _limit(self, node: FieldNode) -> int:
        limits = [self._argument(node, name) for name in ("first", "last")]
        return max([limit for limit in limits if isinstance(limit, int)], default=0)

    def _count(self, node: FieldNode) -> int:
        ids = self._argument(node, "ids")
        return len(ids) if isinstance(ids, list) else 1

    def _argument(self, node: FieldNode, name: str) -> Any:
        found = next((one.value for one in node.arguments or () if one.name.value == name), None)
        return _constant(found, self.variables)


def _constant(value: Any, variables: Mapping[str, Any]) -> Any:
    match value:
        case IntValueNode():
            return int(value.value)
        case ListValueNode():
            return [_constant(one, variables) for one in value.values]
        case VariableNode():
            return variables.get(value.name.value)
        case _:
            return None
