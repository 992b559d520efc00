"""What the resolvers of one query share."""

from __future__ import annotations

from dataclasses import dataclass, field

from graphql import GraphQLResolveInfo

from sandbox.github.gql.price import Price
from sandbox.github.limits import Standing
from sandbox.github.state import GitHubState


@dataclass(slots=True)
class Context:
    """The world, the price of the query, and ``crowded``: the ids of objects whose connections are cut short."""

    state: GitHubState
    price: Price
    standing: Standing
    parts: frozenset[str]
    crowded: set[int] = field(default_factory=set)


Info = GraphQLResolveInfo[Context]
"""What the engine tells a resolver."""
