"""Lists of issues, of many repositories in one query; one that fails in company is asked for alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors import queries
from connectors.github_api import GitHubApi, PageSize, QueryRefused
from connectors.github_issues import Notes
from connectors.queries import ListKind
from connectors.wire.github_json import Json, OddValue, Page, QueryError, decode_page, spelled
from sync.errors import LimitReached, Rejected, Transient

GROUP = 20
"""Lists asked for in one query. GitHub was seen to answer up to 40 connections side by side in full."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list to read: issues of *repository* (``owner/name``) with a label, or changed since a moment (ISO 8601)."""

    kind: ListKind
    repository: str
    label: str = ""
    since: str = ""

    @property
    def place(self) -> str:
        """Return what people call the list."""
        return f"the list of {self.repository}"

    @property
    def what(self) -> str:
        """Return what it lists, in words."""
        words = ["issues", *([f'labelled "{self.label}"'] if self.label else [])]
        return " ".join([*words, *([f"changed since {self.since}"] if self.since else [])])

    def variables(self, number: int) -> dict[str, str]:
        """Return the variables of the list as the one with this *number* in its query."""
        owner, _, name = self.repository.partition("/")
        found = {"owner": owner, "name": name, "label": self.label, "since": self.since}
        return {f"{key}{number}": found[key] for key in ("owner", "name", *self.kind.arguments)}


@dataclass(slots=True)
class Listed:
    """What a list gave, by node id. *whole* is false when not all of it could be read."""

    nodes: dict[str, Json] = field(default_factory=dict)
    whole: bool = True
    lost: int = 0
    after: str | None = None


class IssueLists:
    """Reads lists of one run. *size* is how much of each is asked for at once."""

    def __init__(self, api: GitHubApi, size: PageSize, notes: Notes) -> None:
        self._api = api
        self._size = size
        self._notes = notes

    def read(self, wanted: Sequence[Wanted]) -> dict[Wanted, Listed]:
        """Read all of *wanted* to their ends, as far as that works; a list that fails does not stop the others."""
        found = {one: Listed() for one in wanted}
        waiting = list(found)
        while waiting:
            group, waiting = waiting[:GROUP], waiting[GROUP:]
            waiting = [*self._round(group, found), *waiting]
        return found

    def _round(self, group: Sequence[Wanted], found: Mapping[Wanted, Listed]) -> list[Wanted]:
        """Read a page of each list of a group; return those that go on."""
        try:
            pages = self._pages(group, found)
        except LimitReached:
            raise
        except (Rejected, Transient) as error:
            self._size.restore()
            if len(group) > 1:
                return [one for single in group for one in self._round([single], found)]
            self._fail(group[0], found[group[0]], error)
            return []
        return [one for one, page in zip(group, pages, strict=True) if self._add(one, found[one], page)]

    def _pages(self, group: Sequence[Wanted], found: Mapping[Wanted, Listed]) -> list[Page | Rejected]:
        variables: dict[str, Any] = {}
        for number, one in enumerate(group):
            variables |= one.variables(number) | {f"after{number}": found[one].after}
        kinds = [one.kind for one in group]
        answer = self._api.query(
            "list issues",
            lambda _: queries.issue_lists(kinds),
            lambda: variables | {"first": self._size.now},
            self._size.halve,
        )
        return [_page(answer.data, number, answer.errors) for number in range(len(group))]

    def _add(self, wanted: Wanted, listed: Listed, page: Page | Rejected) -> bool:
        """Add a page to its list; tell whether the list goes on."""
        if isinstance(page, Rejected):
            self._fail(wanted, listed, page)
            return False
        if page.lost or page.errors:
            listed.whole = False
            self._notes.lost_of_page(wanted.place, page)
        listed.nodes |= {str(node["id"]): node for node, _ in page.nodes if node.get("id")}
        listed.lost += page.lost
        if page.cursor is not None:
            if page.cursor in ("", listed.after):
                self._fail(wanted, listed, _refused("the list does not go on where it says it does"))
                return False
            listed.after = page.cursor
            return True
        count = len(listed.nodes)
        if page.total is not None and count + listed.lost < page.total:
            listed.whole = False
            self._notes.lost(wanted.repository, f"the list of {wanted.what} holds {count} of {page.total}")
        return False

    def _fail(self, wanted: Wanted, listed: Listed, error: Exception) -> None:
        listed.whole = False
        self._notes.lost(wanted.repository, f"its {wanted.what} could not all be listed: {error}")


def _page(data: Json, number: int, errors: Sequence[QueryError]) -> Page | Rejected:
    """Return a list's page, or why it is not there."""
    path = (queries.list_alias(number), "issues")
    own = [one for one in errors if one.path[:1] == path[:1]]
    try:
        return decode_page(data, path, errors)
    except OddValue as error:
        return _refused(spelled(own or errors) or f"odd value at {error}")


def _refused(reason: str) -> QueryRefused:
    return QueryRefused("list issues", (QueryError("", reason),))
