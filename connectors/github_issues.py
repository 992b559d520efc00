"""Reading whole issues by node id, in small batches: wide nested queries are cut short without a word."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors import queries
from connectors.github_api import SERVICE, Answer, PageSize, QueryRefused
from connectors.github_memory import RememberedGitHub
from connectors.wire.github import IssueReading, decode_issue
from connectors.wire.github_board import BoardPlan, HoursRules
from connectors.wire.github_json import OddValue, Page, QueryError, below, next_cursor, spelled
from sync.errors import Denied, LimitReached, ServiceError, Transient
from sync.model.reading import Problem

BATCH = 40
"""Parents whose nested connections are asked for at once: GitHub was seen to answer up to 40 of them in full."""
MOST_READ_ALONE = 5
"""How many issues of one batch that errors touched are read once more; with more of them it is no accident."""
MOST_FAILURES = 3
"""After how many batches without an answer the rest is not asked for."""
MOST_PAGES = 50
NESTED = {"labels": queries.LABEL, "assignees": queries.ASSIGNEE, "subIssues": queries.SUB_ISSUE}


@dataclass(slots=True)
class Notes:
    """What one reading has to tell besides its issues."""

    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    pull_requests: set[str] = field(default_factory=set)

    def problem(self, subject: str, message: str, remedy: str = "") -> None:
        """Note something people should know, once."""
        found = Problem(SERVICE, subject, message, remedy)
        if found not in self.problems:
            self.problems.append(found)

    def lost(self, subject: str, message: str, remedy: str = "") -> None:
        """Note something that makes the whole reading incomplete."""
        self.complete = False
        self.problem(subject, message, remedy)

    def lost_of_page(self, subject: str, page: Page) -> None:
        """Note the entries of a list's page that could not be read."""
        if page.lost or page.errors:
            reasons = spelled(page.errors) or "no reason given"
            self.lost(subject, f"{page.lost} of its entries could not be read: {reasons}")


@dataclass(frozen=True, slots=True)
class Unread:
    """An issue that could not be read. *absent*: GitHub shows nothing under this id. That alone proves nothing."""

    reason: str
    absent: bool = False
    no_issue: bool = False


Reading = IssueReading | Unread


class IssueReader:
    """Reads issues of one run by node id."""

    def __init__(self, api: RememberedGitHub, board: BoardPlan, rules: HoursRules, notes: Notes) -> None:
        self._api = api
        self._board = board
        self._notes = notes
        self._rules = rules
        self._size = PageSize(BATCH)

    def by_ids(self, ids: Collection[str]) -> dict[str, Reading]:
        """Read issues; every id asked for is answered. An id may stand for an issue that has a newer one."""
        found = dict(self._remembered(dict.fromkeys(ids)))
        waiting = [one for one in dict.fromkeys(ids) if one not in found]
        failures = 0
        while waiting:
            try:
                answer = self._ask(waiting)
            except LimitReached:
                raise
            except Transient as error:
                failures += 1
                asked = waiting[: self._size.now] if failures < MOST_FAILURES else waiting
                found |= dict.fromkeys(asked, Unread(error.message))
                self._size.restore()
            else:
                asked = list(answer.variables["ids"])
                found |= self._readings(asked, answer)
            waiting = waiting[len(asked) :]
        return found

    def _remembered(self, ids: Iterable[str]) -> Iterator[tuple[str, Reading]]:
        for one in ids:
            node = self._api.issue(one)
            if node is not None:
                reading = self._decoded(dict(node), ())
                if isinstance(reading, IssueReading):
                    self._tell(reading, ())
                yield one, reading

    def _ask(self, ids: Sequence[str]) -> Answer:
        size = self._size
        try:
            return self._api.query(
                "read issues",
                lambda parts: queries.issues_by_id(parts, items=self._asks_items, hours=self._asks_hours),
                lambda: {"ids": list(ids[: size.now])} | self._hours_name,
                lambda: size.halve(len(ids)),
            )
        except QueryRefused as refused:
            # Without this query nothing can be said about any issue.
            raise Denied(SERVICE, "read issues", spelled(refused.errors), remedy=refused.remedy) from refused

    @property
    def _asks_items(self) -> bool:
        return not self._board.unreadable

    @property
    def _asks_hours(self) -> bool:
        return self._asks_items and self._board.hours is not None

    @property
    def _hours_name(self) -> dict[str, str]:
        return {"hours": self._board.hours.name} if self._asks_hours and self._board.hours else {}

    def _readings(self, ids: Sequence[str], answer: Answer) -> dict[str, Reading]:
        nodes = _by_id(ids, answer.data.get("nodes"))
        errors = {one: below(answer.errors, "nodes", place) for place, one in enumerate(ids)}
        touched = [one for one in ids if errors[one] and nodes[one] is not None]
        again = frozenset(touched if len(touched) <= MOST_READ_ALONE else ())
        return {one: self._reading(nodes[one], errors[one], again=one in again) for one in ids}

    def _reading(self, node: dict[str, Any] | None, errors: Sequence[QueryError], *, again: bool) -> Reading:
        reading = self._decoded(node, errors)
        cut_short = isinstance(reading, IssueReading) and not reading.issue.children_complete
        if node is not None and (again or cut_short):
            alone, alone_errors = self._alone(str(node["id"]))
            if alone is not None:
                node, reading, errors = alone, self._decoded(alone, alone_errors), alone_errors
        if isinstance(reading, IssueReading):
            self._tell(reading, errors)
            if node is not None and not errors:
                self._api.keep_issue(reading.issue.id, node)
        return reading

    def _alone(self, node_id: str) -> tuple[dict[str, Any] | None, tuple[QueryError, ...]]:
        """Read one issue once more by itself; None when that fails."""
        try:
            answer = self._ask([node_id])
        except (LimitReached, Denied):
            raise
        except ServiceError:
            return None, ()
        return _by_id([node_id], answer.data.get("nodes"))[node_id], below(answer.errors, "nodes", 0)

    def _decoded(self, node: dict[str, Any] | None, errors: Sequence[QueryError]) -> Reading:
        if node is None:
            return Unread(spelled(errors) or "GitHub shows nothing under its id", absent=True)
        kind = node.get("__typename")
        if kind == "PullRequest":
            self._notes.pull_requests.add(str(node["id"]))
        if kind != "Issue":
            return Unread(f"is no issue but a {kind}", no_issue=True)
        self._fill(node)
        try:
            return decode_issue(node, self._plan, self._rules, errors)
        except OddValue as error:
            reasons = f": {spelled(errors)}" if errors else ""
            return Unread(f"{node.get('url') or node['id']}: odd value at {error}{reasons}")

    @property
    def _plan(self) -> BoardPlan:
        """Return how to read the board with what the server was found to show."""
        shown = {queries.Part.ISSUE_FIELD_CELLS, queries.Part.ISSUE_FIELD_VALUES} & self._api.parts
        return self._board if shown else self._board.without_issue_fields()

    def _tell(self, reading: IssueReading, errors: Sequence[QueryError]) -> None:
        issue = reading.issue
        if errors:
            self._notes.problem(issue.reference, f"was read only in part: {spelled(errors)}")
        if not issue.children_complete:
            message = f"{len(issue.child_ids)} of {reading.family} sub-issues can be seen"
            self._notes.problem(issue.reference, message, "Give the token access to the repositories of the others.")

    # Further pages of what is nested in an issue.

    def _fill(self, node: dict[str, Any]) -> None:
        """Add the further pages of nested connections; one that fails stays marked as having more."""
        for name, fields in NESTED.items():
            self._add_pages(node, name, lambda _, name=name, fields=fields: queries.more_of_issue(name, fields))
        if not self._asks_items:
            return
        self._add_pages(node, "projectItems", lambda parts: queries.more_items(parts, hours=self._asks_hours))
        rows = node.get("projectItems")
        for row in (rows.get("nodes") or ()) if isinstance(rows, dict) else ():
            if isinstance(row, dict):
                self._add_pages(row, "fieldValues", queries.more_cells)

    def _add_pages(self, owner: dict[str, Any], name: str, text: Any) -> None:
        held = owner.get(name)
        for _ in range(MOST_PAGES):
            cursor = next_cursor(held) if isinstance(held, dict) else None
            if not isinstance(held, dict) or cursor is None:
                return
            names = self._hours_name if name == "projectItems" else {}
            page = self._page(text, {"id": owner.get("id"), "after": cursor} | names, name)
            if page is None or next_cursor(page) == cursor:
                return
            held["nodes"] = [*(held.get("nodes") or ()), *page["nodes"]]
            held["pageInfo"] = page.get("pageInfo")

    def _page(self, text: Any, variables: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
        try:
            answer = self._api.query("read more of an issue", text, lambda: variables)
        except (LimitReached, Denied):
            raise
        except ServiceError:
            return None
        node = answer.data.get("node")
        page = node.get(name) if isinstance(node, Mapping) else None
        whole = isinstance(page, Mapping) and isinstance(page.get("nodes"), list) and not answer.errors
        return page if whole else None


def _by_id(ids: Sequence[str], nodes: Any) -> dict[str, dict[str, Any] | None]:
    """Tell answers apart by their own ids; one under an id nobody asked for is a newer id of the one in its place."""
    given = nodes if isinstance(nodes, list) and len(nodes) == len(ids) else [None] * len(ids)
    own = {one["id"]: one for one in given if isinstance(one, dict) and isinstance(one.get("id"), str)}
    return {one: own.get(one) or _in_place(place, own, ids) for one, place in zip(ids, given, strict=True)}


def _in_place(node: Any, own: Mapping[str, dict[str, Any]], ids: Collection[str]) -> dict[str, Any] | None:
    named = node["id"] if isinstance(node, dict) and isinstance(node.get("id"), str) else ""
    return own[named] if named and named not in ids else None
