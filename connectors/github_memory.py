"""What GitHub answered before: whole issues by node id, and the answers to questions that few changes touch."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from connectors.github_api import SERVICE, Answer, GitHubApi, PageSize, Variables
from connectors.memory import Shelf
from connectors.queries import ALL_PARTS, Part, Parts
from connectors.wire.github_json import Json, Page
from sync.errors import NotFound

ISSUE = "issue"
LABELLED = "labelled"
LISTS = "lists read"
SUNSET = "sunset"
REFUSED = "refused parts"
REMEMBERED = frozenset(
    {"read the board", "read the iterations", "read people", "read the labels of a repository", "read timelines"}
)
"""Queries whose answers are kept. None of them can tell that something is gone while an issue is as it was."""


class RememberedGitHub:
    """Asks like `GitHubApi`, or answers from the shelf where that holds the answer. Without one it always asks."""

    def __init__(self, api: GitHubApi, shelf: Shelf | None = None) -> None:
        self.api = api
        self.shelf = shelf

    @property
    def parts(self) -> Parts:
        """Return the parts of queries that this server knows, as far as that is known."""
        return self.api.parts

    @property
    def sunset(self) -> str:
        """Return the day on which this REST version ends, once GitHub told it: not every answer does."""
        if self.shelf is not None and self.api.sunset:
            self.shelf.set_mark(SUNSET, self.api.sunset)
        return self.api.sunset or (self.shelf.mark(SUNSET) if self.shelf is not None else "")

    def begin(self) -> None:
        """Begin a reading: ask for all parts that the server was not seen to refuse."""
        refused = set(self.shelf.mark(REFUSED).split()) if self.shelf else set()
        self.api.parts = frozenset(part for part in Part if part.name not in refused)

    def end(self) -> None:
        """Remember which parts the server refused in this reading."""
        if self.shelf:
            self.shelf.set_mark(REFUSED, " ".join(sorted(part.name for part in ALL_PARTS - self.api.parts)))

    # Questions.

    def query(
        self,
        operation: str,
        text: Callable[[Parts], str],
        variables: Variables,
        shrink: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Send a query, as `GitHubApi.query` does."""
        if self.shelf is None or operation not in REMEMBERED:
            return self.api.query(operation, text, variables, shrink)
        key = _key(variables())
        known = self.shelf.get(operation, key)
        if known is not None:
            return Answer(known, (), variables())
        answer = self.api.query(operation, text, variables, shrink)
        if not answer.errors:
            self.shelf.put(operation, key, answer.data)
        return answer

    def get(self, operation: str, path: str) -> Any:
        """Return the JSON of a GET, as `GitHubApi.get` does; that something is not there is remembered too."""
        if self.shelf is None:
            return self.api.get(operation, path)
        known = self.shelf.get("get", path)
        if known is None:
            try:
                known = {"answer": self.api.get(operation, path)}
            except NotFound as error:
                self.shelf.put("get", path, {"status": error.status, "message": error.message})
                raise
            self.shelf.put("get", path, known)
        if "answer" not in known:
            raise NotFound(SERVICE, operation, _own_words(operation, str(known["message"])), status=known["status"])
        return known["answer"]

    def pages(
        self,
        operation: str,
        text: Callable[[Parts], str],
        variables: Mapping[str, Any],
        path: tuple[str, ...],
        size: PageSize,
    ) -> Iterator[Page]:
        """Page through a connection, as `GitHubApi.pages` does."""
        if self.shelf is None:
            yield from self.api.pages(operation, text, variables, path, size)
            return
        key = _key(variables)
        known = self.shelf.get(operation, key)
        if known is not None:
            yield Page(tuple((node, ()) for node in known))
            return
        pages = list(self.api.pages(operation, text, variables, path, size))
        if not any(page.lost or page.errors for page in pages):
            self.shelf.put(operation, key, [node for page in pages for node, _ in page.nodes])
        yield from pages

    def remember(self, operation: str, variables: Mapping[str, Any], data: Json) -> bool:
        """Put down what a query would be answered; tell whether it is another answer than before."""
        return self.shelf is not None and self.shelf.put(operation, _key(variables), data)

    # Issues.

    def issue(self, node_id: str) -> Json | None:
        """Return an issue as it was answered last."""
        found = self.shelf.get(ISSUE, node_id) if self.shelf else None
        return found if isinstance(found, dict) else None

    def keep_issue(self, node_id: str, node: Json) -> None:
        """Remember a whole issue that was answered under its own id."""
        if self.shelf is not None and node.get("id") == node_id:
            self.shelf.put(ISSUE, node_id, node)

    def drop_issues(self, ids: Collection[str]) -> None:
        """Ask anew for issues, and for what their timelines tell."""
        if self.shelf is None or not ids:
            return
        for node_id in ids:
            self.shelf.drop(ISSUE, node_id)
        for key in self.shelf.keys("read timelines"):
            if any(json.dumps(node_id) in key for node_id in ids):
                self.shelf.drop("read timelines", key)

    # Lists of labelled issues.

    def labelled(self) -> dict[str, str] | None:
        """Return the labelled issues with the list each is in; None when they were not listed yet."""
        if self.shelf is None or not self.shelf.mark(LISTS):
            return None
        return {node_id: str(place) for node_id, place in self.shelf.items(LABELLED)}

    def keep_labelled(self, listed: Mapping[str, str]) -> None:
        """Remember all lists of labelled issues."""
        if self.shelf is not None:
            self.shelf.replace(LABELLED, listed.items())
            self.shelf.set_mark(LISTS, "all")

    def list_issue(self, node_id: str, place: str) -> bool:
        """Add an issue to a list, or with "" take it off; tell whether that changed anything."""
        if self.shelf is None:
            return False
        return self.shelf.put(LABELLED, node_id, place) if place else self.shelf.drop(LABELLED, node_id)


def ids_of(nodes: Iterable[Json]) -> list[str]:
    """Return the ids of nodes that have one."""
    return [str(one["id"]) for one in nodes if one.get("id")]


def _key(variables: Mapping[str, Any]) -> str:
    return json.dumps(dict(variables), sort_keys=True)


def _own_words(operation: str, message: str) -> str:
    return message.removeprefix(f"{SERVICE}: {operation}: ")
