"""The one mutation the stand-in knows: putting an issue on a board."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.github.gql.context import Info
from sandbox.github.gql.problems import missing
from sandbox.github.gql.resolvers import answers
from sandbox.github.state.model import Issue, Item, Project


@dataclass(frozen=True, slots=True)
class Added:
    """The payload: the row, new or not."""

    item: Item
    client_mutation_id: str | None


@answers("Mutation", "addProjectV2ItemById")
def add_to_board(_: Any, info: Info, input: dict[str, Any]) -> Added:  # noqa: A002 - GitHub's name
    """Put an issue on a board; one that is there keeps its row, which is returned."""
    state = info.context.state
    board, content = state.node(input["projectId"]), state.node(input["contentId"])
    if not isinstance(board, Project) or board.hidden:
        raise missing(f"a node with the global id of '{input['projectId']}'")
    if not isinstance(content, Issue):
        raise missing(f"a node with the global id of '{input['contentId']}'")
    return Added(state.add_item(board, content), input.get("clientMutationId"))
