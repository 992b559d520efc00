"""What moved on GitHub, asked in one go: the board's mark, the repositories, and of each its newest issues."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connectors import queries
from connectors.github_api import GitHubApi
from connectors.github_scope import Labels
from connectors.wire.github_json import Json
from sync.errors import Denied, Rejected

REPOSITORIES = 40
"""How many are asked about at once: GitHub was seen to cut lists below more parents than that, in silence."""


@dataclass(slots=True)
class Movements:
    """What GitHub tells in one go: the moment it was asked, the board, and each repository with its newest issues."""

    asked_at: datetime
    board: Json | None = None
    repositories: list[Json] = field(default_factory=list)
    whole: bool = True

    @property
    def board_mark(self) -> str:
        """Return when the board moved last, "" where that is not told."""
        return str((self.board or {}).get("updatedAt") or "")

    def newest(self) -> Iterator[Json]:
        """Yield the newest issues of all repositories."""
        return (node for one in self.repositories for node in newest(one))


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: an organisation, its board, and the labels of the profiles."""

    organisation: str
    project_number: int
    labels: Labels


def movements(api: GitHubApi, place: Place) -> Movements:
    """Ask what moved; without the board where the token may not see it: the reading tells why."""
    try:
        return _asked(api, place, board=True)
    except (Denied, Rejected):
        return _asked(api, place, board=False)


def _asked(api: GitHubApi, place: Place, *, board: bool) -> Movements:
    labels = place.labels.names
    variables: dict[str, Any] = {"login": place.organisation, "first": REPOSITORIES}
    variables |= {f"label{number}": label for number, label in enumerate(labels)}
    variables |= {"number": place.project_number} if board else {}
    found = Movements(datetime.min.replace(tzinfo=UTC))
    after: str | None = None
    while True:
        answer = api.query(
            "look what moved",
            lambda parts: queries.movements(parts, len(labels), board=board),
            lambda: {**variables, "after": after},  # noqa: B023  sent at once
        )
        if after is None:
            found.asked_at = api.clock.now() or found.asked_at
        given = answer.data.get("organization")
        page = given.get("repositories") if isinstance(given, Mapping) else None
        nodes = page.get("nodes") if isinstance(page, Mapping) else None
        if not isinstance(given, Mapping) or not isinstance(page, Mapping) or not isinstance(nodes, list):
            found.whole = False
            return found
        project = given.get("projectV2")
        found.board = project if isinstance(project, dict) else found.board
        found.repositories += [one for one in nodes if isinstance(one, dict) and one.get("id")]
        found.whole = found.whole and not answer.errors and all(isinstance(one, dict) for one in nodes)
        info = page.get("pageInfo")
        following = info.get("endCursor") if isinstance(info, Mapping) and info.get("hasNextPage") else None
        if not following or following == after:
            return found
        after = str(following)


def total(repository: Json) -> int:
    """Return how many issues a repository has."""
    issues = repository.get("issues")
    count = issues.get("totalCount") if isinstance(issues, Mapping) else None
    return count if isinstance(count, int) else 0


def newest(repository: Json) -> list[Json]:
    """Return the issues of a repository that changed last, with their marks."""
    return [one for one in nodes_of(repository, "issues") if one.get("id") and one.get("updatedAt")]


def nodes_of(data: Json, name: str) -> Sequence[Json]:
    """Return what a connection shows."""
    found = data.get(name)
    nodes = found.get("nodes") if isinstance(found, Mapping) else None
    return [one for one in nodes if isinstance(one, Mapping)] if isinstance(nodes, list) else []


def parsed(text: str) -> datetime:
    """Return a moment; one that cannot be read is later than any."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
