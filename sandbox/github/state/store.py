"""The stand-in's records with their identities, and who may see what."""

from __future__ import annotations

import base64
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Literal

from sandbox.core import SandboxClock
from sandbox.github.errors import Refused, not_found
from sandbox.github.options import GitHubOptions, Lag
from sandbox.github.state.model import (
    Comment,
    Draft,
    Event,
    Field,
    Indexed,
    Issue,
    IssueField,
    Item,
    Label,
    Project,
    Repository,
    Stamp,
    User,
)

INDEX_DEPTH = 20
"""How many past versions of an issue the lagging index remembers."""

# First database id of each kind: far apart, so that an id of one kind never names another by accident.
FIRST_IDS = {
    "user": 1_000,
    "repository": 500_000_001,
    "label": 700_000_001,
    "issue": 1_900_000_001,
    "comment": 1_700_000_001,
    "event": 1_500_000_001,
    "project": 12_000_001,
    "field": 150_000_001,
    "item": 90_000_001,
    "value": 200_000_001,
    "draft": 30_000_001,
    "issue field": 40_000_001,
    "option": 50_000_001,
}


class Store:
    """Everything the stand-in knows; the verbs of people and of the API are added by the subclasses.

    *org* is the login of the organisation, *viewer* that of the token's user. Public verbs hold the sandbox's lock.
    """

    def __init__(self, clock: SandboxClock, options: GitHubOptions, org: str, viewer: str) -> None:
        self.clock = clock
        self.options = options
        self.requests = 0
        self.users: dict[str, User] = {}
        self.repositories: list[Repository] = []
        self.former_names: dict[str, Repository] = {}
        self.projects: list[Project] = []
        self.issue_fields: list[IssueField] = []
        self.nodes: dict[str, object] = {}
        self.replaced_nodes: dict[str, Issue] = {}
        self._ids: Counter[str] = Counter(FIRST_IDS)
        self.org = self._new_user(org, org.capitalize(), None, "Organization")
        self.viewer = self._new_user(viewer, None, None, "User")

    # Time and identity

    def now(self) -> datetime:
        """Return the sandbox's moment in whole seconds: GitHub keeps no finer time."""
        return self.clock.now().astimezone(UTC).replace(microsecond=0)

    def stamp(self) -> Stamp:
        """Return the present as the lagging indexes measure it."""
        return Stamp(self.now(), self.requests)

    def caught_up(self, stamp: Stamp, lag: Lag) -> bool:
        """Say whether a reader that is *lag* behind has noticed what happened at *stamp*."""
        old_enough = self.now() - stamp.moment >= timedelta(seconds=lag.seconds)
        return old_enough and self.requests - stamp.request >= lag.requests

    def new_id(self, kind: str) -> int:
        """Return the next database id of *kind*: the same world built twice has the same ids."""
        number = self._ids[kind]
        self._ids[kind] += 1
        return number

    def new_node_id(self, prefix: str, number: int) -> str:
        """Return an opaque global id in GitHub's form, such as ``I_kwDO…``."""
        packed = base64.urlsafe_b64encode(number.to_bytes(5, "big")).decode().rstrip("=")
        return f"{prefix}_kwDO{packed}"

    # Accounts and repositories

    def _new_user(
        self, login: str, name: str | None, email: str | None, kind: Literal["User", "Bot", "Organization"]
    ) -> User:
        number, now = self.new_id("user"), self.now()
        node_id = self.new_node_id({"User": "U", "Bot": "BOT", "Organization": "O"}[kind], number)
        user = User(number, node_id, login, name, email, kind, now, now)
        self.users[login.lower()] = user
        self.nodes[node_id] = user
        return user

    def user(self, login: str) -> User:
        """Return the account; raise ``Refused`` 404 when there is none (logins ignore case)."""
        try:
            return self.users[login.lower()]
        except KeyError:
            raise not_found() from None

    def actor(self, login: str | None) -> User:
        """Return who does something: the account named, else the token's own user."""
        return self.viewer if login is None else self.user(login)

    def repository(self, name: str) -> Repository:
        """Return the repository of the organisation by its present name, also one the token cannot see."""
        found = self.find_repository(self.org.login, name)
        if found is None:
            raise not_found()
        return found

    def find_repository(self, owner: str, name: str) -> Repository | None:
        """Return the repository that has this name now (case does not matter), or None."""
        wanted = f"{owner}/{name}".lower()
        return next((one for one in self.repositories if one.full_name.lower() == wanted), None)

    def renamed_repository(self, owner: str, name: str) -> Repository | None:
        """Return the repository that had this name before, unless another one took it since."""
        return self.former_names.get(f"{owner}/{name}".lower())

    def readable(self, repository: Repository) -> bool:
        """Say whether the token may see the repository; what it may not see does not exist for it."""
        return not repository.hidden and not (self.options.public_only and repository.private)

    def readable_repositories(self) -> list[Repository]:
        """Return what listings of the organisation show, oldest first."""
        return [one for one in self.repositories if self.readable(one)]

    # Labels and issues

    def find_label(self, repository: Repository, name: str) -> Label | None:
        """Return the label of that name: GitHub ignores case here."""
        return next((one for one in repository.labels if one.name.lower() == name.lower()), None)

    def issue(self, repository: str, number: int) -> Issue:
        """Return the issue or pull request that has this number now; raise ``Refused`` 404 otherwise."""
        found = self.repository(repository).issues.get(number)
        if found is None:
            raise not_found()
        return found

    def all_issues(self) -> list[Issue]:
        """Return every issue and pull request of readable repositories that lists show."""
        return [
            issue
            for repository in self.readable_repositories()
            if repository.has_issues
            for issue in repository.issues.values()
            if not issue.unlisted
        ]

    def touch(self, issue: Issue, *, bump: bool = True) -> None:
        """Record a change of the issue for the indexes and, with *bump*, move its ``updated_at``."""
        if bump:
            issue.updated_at = self.now()
        issue.index.append(
            Indexed(
                stamp=self.stamp(),
                repository=issue.repository,
                title=issue.title,
                body=issue.body or "",
                state=issue.state,
                reason=issue.state_reason,
                labels=frozenset(label.name.lower() for label in issue.labels),
                assignees=frozenset(user.login.lower() for user in issue.assignees),
                author=issue.author.login.lower() if issue.author else "ghost",
                created_at=issue.created_at,
                updated_at=issue.updated_at,
                closed_at=issue.closed_at,
            )
        )
        del issue.index[:-INDEX_DEPTH]

    def indexed(self, issue: Issue, lag: Lag) -> Indexed | None:
        """Return the issue as an index that is *lag* behind knows it, or None when it does not know it yet."""
        return next((one for one in reversed(issue.index) if self.caught_up(one.stamp, lag)), None)

    def record(self, issue: Issue, kind: str, actor: User | None, **detail: object) -> None:
        """Add an entry to the issue's timeline; the timeline alone never moves ``updated_at``."""
        number = self.new_id("event")
        event = Event(number, self.new_node_id("EV", number), kind, issue, actor, self.now(), detail)
        issue.events.append(event)

    # Boards

    def project(self, number: int) -> Project:
        """Return the organisation's board of this number, also a hidden one; raise ``Refused`` 404 without it."""
        found = next((one for one in self.projects if one.number == number), None)
        if found is None:
            raise not_found()
        return found

    def content_readable(self, content: Issue | Draft) -> bool:
        """Say whether the token may see what a row of a board stands for."""
        return isinstance(content, Draft) or self.readable(content.repository)

    def node(self, node_id: str) -> object | None:
        """Return what a global id names, or None when it does not exist or is not the token's to see."""
        found = self.nodes.get(node_id)
        if found is None and self.options.transfer_resolves_old_node_id:
            found = self.replaced_nodes.get(node_id)
        return found if found is not None and self.visible(found) else None

    def visible(self, node: object) -> bool:
        """Say whether the token may see a record."""
        match node:
            case Repository():
                return self.readable(node)
            case Issue() | Label():
                return self.readable(node.repository)
            case Project():
                return not node.hidden
            case Item() | Field():
                return not node.project.hidden
            case Comment():
                return self.readable(node.issue.repository)
            case _:
                return True


def require(condition: bool, refusal: Refused) -> None:
    """Raise *refusal* unless *condition* holds."""
    if not condition:
        raise refusal
