"""The issues of the planning repository and the comments on issues, as GitHub tells them."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.wire.github_json import Json, OddValue, connection, flag, needed_text, part, text, whole_number
from mappings.back_link import is_back_link
from mappings.initiative import read_marker
from sync.model.addresses import same_address
from sync.model.back_link import BackLink
from sync.model.initiative import Initiative, InitiativeSnapshot, PlanningIssue, Step


def decode_planning(nodes: Iterable[Json], board_id: str) -> InitiativeSnapshot:
    """Return initiatives and issues of the planning repository; of two with one marker the older is meant.

    Raises OddValue when an issue cannot be read: it might be the one that is looked for.
    """
    initiatives: dict[str, PlanningIssue] = {}
    tasks: dict[str, dict[Step, PlanningIssue]] = {}
    by_url: dict[str, PlanningIssue] = {}
    for node in sorted(nodes, key=lambda one: whole_number(one, "number")):
        issue = _planning_issue(node, board_id)
        by_url[same_address(issue.url)] = issue
        match read_marker(text(node, "body")):
            case (allocation_id, None):
                initiatives.setdefault(allocation_id, issue)
            case (allocation_id, Step() as step):
                tasks.setdefault(allocation_id, {}).setdefault(step, issue)
    found = {one: Initiative(issue, tasks.get(one, {})) for one, issue in initiatives.items()}
    return InitiativeSnapshot(found, by_url)


def _planning_issue(node: Json, board_id: str) -> PlanningIssue:
    above = node.get("parent")
    items = connection(node, "projectItems").nodes if node.get("projectItems") is not None else ()
    return PlanningIssue(
        needed_text(node, "id"),
        whole_number(node, "databaseId"),
        whole_number(node, "number"),
        needed_text(node, "url"),
        parent_id=needed_text(above, "id") if isinstance(above, Mapping) else "",
        on_board=any(needed_text(part(item, "project"), "id") == board_id for item in items),
    )


def decode_created(data: Any) -> PlanningIssue:
    """Return an issue that was just made, from the answer of REST; raise OddValue when it is none."""
    if not isinstance(data, Mapping):
        raise OddValue("issue")
    return PlanningIssue(
        needed_text(data, "node_id"),
        whole_number(data, "id"),
        whole_number(data, "number"),
        needed_text(data, "html_url"),
    )


def has_all_comments(node: Json) -> bool:
    """Tell whether an answer holds every comment of an issue; raise OddValue when it holds none of the list."""
    comments = connection(node, "comments")
    return comments.whole and part(node, "comments").get("totalCount") == len(comments.nodes)


def decode_back_link(node: Json, comments: Iterable[Json]) -> BackLink:
    """Return the back-link of an issue among all of its comments.

    Only a comment of our own is edited; a strange one that looks like ours is left alone, and no second one is written.
    """
    found = next((one for one in comments if is_back_link(text(one, "body"))), None)
    is_closed_to_us = flag(node, "locked") or flag(part(node, "repository"), "isArchived")
    if found is None:
        return BackLink(writable=not is_closed_to_us)
    ours = flag(found, "viewerDidAuthor")
    return BackLink(whole_number(found, "databaseId"), text(found, "body"), writable=ours and not is_closed_to_us)
