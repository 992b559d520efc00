"""GitHub's answers to our values: repositories, issues, people, events, and what REST says of one issue."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from connectors.wire.github_board import BoardPlan, HoursRules, decode_row
from connectors.wire.github_json import (
    Json,
    OddValue,
    QueryError,
    below,
    connection,
    flag,
    moment,
    needed_moment,
    needed_text,
    part,
    text,
    whole_number,
)
from sync.model.issue import Closing, Issue, Person

_ADDRESS = re.compile(r"/([A-Za-z0-9-]+/(?!\.{1,2}/)[\w.-]+)/issues/([0-9]+)/?$", re.ASCII)
PARENT_ADDED = "ParentIssueAddedEvent"
PARENT_REMOVED = "ParentIssueRemovedEvent"
GHOST = "ghost"
"""The login GitHub shows for accounts that are gone."""
CLOSINGS = {
    "": Closing.COMPLETED,
    "COMPLETED": Closing.COMPLETED,
    "NOT_PLANNED": Closing.NOT_PLANNED,
    "DUPLICATE": Closing.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository. *labels*: which profiles' labels it has, as it spells them; None when that is unknown."""

    id: str
    name: str
    labels: Mapping[str, str] | None
    has_issues: bool = True

    @property
    def owner(self) -> str:
        """Return the login of its owner."""
        return self.name.partition("/")[0]


@dataclass(frozen=True, slots=True)
class IssueReading:
    """An issue with what is needed to read on.

    *family* is the number of sub-issues that GitHub counts; *parent_unread*: whether there is a parent is unknown.
    """

    issue: Issue
    repository_id: str
    assignee_ids: tuple[str, ...] = ()
    family: int = 0
    locked: bool = False
    parent_unread: bool = False


@dataclass(frozen=True, slots=True)
class IssueEvents:
    """What an issue's timeline tells about coming and leaving: labels taken off, its last parent event, a conversion,
    whether it came from another repository.
    """

    unlabelled: frozenset[str] = frozenset()
    last_parent_event: str = ""
    converted: bool = False
    transferred: bool = False


@dataclass(frozen=True, slots=True)
class RestIssue:
    """What REST tells of one issue, under the address it has now."""

    id: str
    url: str
    labels: tuple[str, ...] = ()
    has_parent: bool = False
    pull_request: bool = False


def decode_repository(data: Json, labels: Sequence[str], errors: Sequence[QueryError]) -> Repository:
    """Decode a repository; *errors* are those below it. Raises OddValue with the path of an odd value."""
    found = {label: data.get(f"label{number}") for number, label in enumerate(labels)}
    has = {label: text(one, "name") or label for label, one in found.items() if isinstance(one, Mapping)}
    name = needed_text(data, "nameWithOwner")
    return Repository(needed_text(data, "id"), name, None if errors else has, data.get("hasIssuesEnabled") is not False)


def decode_issue(data: Json, plan: BoardPlan, rules: HoursRules, errors: Sequence[QueryError] = ()) -> IssueReading:
    """Decode an issue; *errors* are those of the answer below it.

    A part that is missing makes the board unknown or the children incomplete; raises OddValue with the path when
    anything else is missing or of another type than promised.
    """
    repository = part(data, "repository")
    assignees = _whole(data, "assignees", errors)
    children, complete, family = _children(data, errors)
    board, hours = decode_row(data, plan, rules, errors)
    above = data.get("parent")
    issue = Issue(
        id=needed_text(data, "id"),
        url=needed_text(data, "url"),
        repository=needed_text(repository, "nameWithOwner"),
        number=whole_number(data, "number"),
        title=text(data, "title"),
        body=text(data, "body").replace("\r\n", "\n").replace("\r", "\n"),
        closing=_closing(data),
        created_at=needed_moment(data, "createdAt"),
        updated_at=needed_moment(data, "updatedAt"),
        closed_at=moment(data, "closedAt"),
        private=flag(repository, "isPrivate"),
        labels=tuple(needed_text(one, "name") for one in _whole(data, "labels", errors)),
        author=_login(data.get("author")),
        assignees=tuple(_person(one) for one in assignees),
        parent_id=needed_text(above, "id") if isinstance(above, Mapping) else None,
        child_ids=children,
        children_complete=complete,
        board=board,
        hours=hours,
    )
    ids = tuple(text(one, "id") for one in assignees)
    unread = issue.parent_id is None and bool(below(errors, "parent"))
    return IssueReading(issue, text(repository, "id"), ids, family, flag(data, "locked"), unread)


def _whole(data: Json, name: str, errors: Sequence[QueryError]) -> tuple[Json, ...]:
    """Return the nodes of a connection that must be known in full; a null among people is an account that is gone."""
    found = connection(data, name)
    if below(errors, name) or found.cursor is not None:
        raise OddValue(name)
    if name == "assignees":
        return tuple(one if isinstance(one, Mapping) else {} for one in data[name]["nodes"])
    if not found.whole:
        raise OddValue(name)
    return found.nodes


def _children(data: Json, errors: Sequence[QueryError]) -> tuple[tuple[str, ...], bool, int]:
    """Return the ids of the sub-issues, whether these are all, and how many GitHub counts."""
    summary = data.get("subIssuesSummary")
    total = summary.get("total") if isinstance(summary, Mapping) else None
    try:
        found = connection(data, "subIssues")
    except OddValue:
        return (), False, total if isinstance(total, int) else 0
    ids = tuple(dict.fromkeys(needed_text(one, "id") for one in found.nodes))
    count = total if isinstance(total, int) else len(ids)
    complete = found.whole and len(ids) >= count and total is not None and not below(errors, "subIssues")
    return ids, complete, max(count, len(ids))


def _closing(data: Json) -> Closing:
    match text(data, "state"):
        case "OPEN":
            return Closing.OPEN
        case "CLOSED":
            return CLOSINGS.get(text(data, "stateReason"), Closing.UNKNOWN)
        case _:
            raise OddValue("state")


def _login(account: Any) -> str:
    return text(account, "login") if isinstance(account, Mapping) else ""


def _person(data: Json) -> Person:
    return Person(text(data, "login") or GHOST, text(data, "name"), text(data, "email"))


def with_people(reading: IssueReading, people: Mapping[str, Person]) -> Issue:
    """Return the issue with what is known of its assignees, by node id."""
    known = zip(reading.assignee_ids, reading.issue.assignees, strict=True)
    return replace(reading.issue, assignees=tuple(people.get(one, person) for one, person in known))


def decode_people(data: Json) -> dict[str, Person]:
    """Return accounts by node id; those that could not be read are left out."""
    found = connection({"people": {"nodes": data.get("nodes")}}, "people").nodes
    return {one["id"]: _person(one) for one in found if isinstance(one.get("id"), str) and one.get("login")}


def decode_events(data: Json) -> dict[str, IssueEvents]:
    """Return what timelines tell, by the issue's node id; those that could not be read are left out."""
    found = {}
    for one in connection({"issues": {"nodes": data.get("nodes")}}, "issues").nodes:
        if isinstance(one.get("id"), str) and isinstance(one.get("timelineItems"), Mapping):
            found[one["id"]] = _events(connection(one, "timelineItems").nodes)
    return found


def _events(nodes: Sequence[Json]) -> IssueEvents:
    kinds = [str(one.get("__typename")) for one in nodes]
    about_parent = [kind for kind in kinds if kind in (PARENT_ADDED, PARENT_REMOVED)]
    labels = (one.get("label") for one in nodes if one.get("__typename") == "UnlabeledEvent")
    return IssueEvents(
        unlabelled=frozenset(str(label.get("name")).casefold() for label in labels if isinstance(label, Mapping)),
        last_parent_event=about_parent[-1] if about_parent else "",
        converted="ConvertedToDiscussionEvent" in kinds,
        transferred="TransferredEvent" in kinds,
    )


def decode_rest_issue(data: Any) -> RestIssue:
    """Decode the answer of ``GET /repos/{owner}/{repo}/issues/{number}``; raise OddValue when it is none."""
    if not isinstance(data, Mapping):
        raise OddValue("issue")
    labels = data.get("labels") or []
    names = [one.get("name") if isinstance(one, Mapping) else one for one in labels] if isinstance(labels, list) else []
    return RestIssue(
        id=needed_text(data, "node_id"),
        url=needed_text(data, "html_url"),
        labels=tuple(str(name) for name in names),
        has_parent=bool(data.get("parent_issue_url")),
        pull_request="pull_request" in data,
    )


def issue_path(url: str) -> tuple[str, int] | None:
    """Return repository (``owner/name``) and number of an issue's address, None when it is none."""
    found = _ADDRESS.search(urlsplit(url.strip()).path)
    return (found[1], int(found[2])) if found else None
