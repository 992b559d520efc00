"""Verbs on accounts, repositories and labels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sandbox.core import locked
from sandbox.github.errors import invalid, not_found, too_long
from sandbox.github.state.model import Label, Repository, User
from sandbox.github.state.store import Store, require

DEFAULT_COLOR = "ededed"


class PlaceVerbs(Store):
    """What people do to accounts, repositories and labels."""

    @locked
    def add_user(
        self,
        login: str,
        name: str | None = None,
        email: str | None = None,
        kind: Literal["User", "Bot"] = "User",
    ) -> User:
        """Create an account; ``email`` is the public one and often absent."""
        require(login.lower() not in self.users, invalid("User", "login", "already_exists"))
        return self._new_user(login, name, email, kind)

    @locked
    def rename_user(self, login: str, new: str) -> User:
        """Give the account another login; its ids stay."""
        user = self.users.pop(self.user(login).login.lower())
        user.login, user.updated_at = new, self.now()
        self.users[new.lower()] = user
        return user

    @locked
    def remove_user(self, login: str) -> None:
        """Delete the account: it leaves assignee lists, and what it wrote has no author any more."""
        user = self.users.pop(self.user(login).login.lower())
        del self.nodes[user.node_id]
        for repository in self.repositories:
            for issue in repository.issues.values():
                issue.author = None if issue.author is user else issue.author
                issue.closed_by = None if issue.closed_by is user else issue.closed_by
                issue.assignees = [one for one in issue.assignees if one is not user]
                for comment in issue.comments:
                    comment.author = None if comment.author is user else comment.author

    @locked
    def add_repository(
        self,
        name: str,
        *,
        private: bool = False,
        archived: bool = False,
        has_issues: bool = True,
        labels: Iterable[str] = (),
    ) -> Repository:
        """Create a repository of the organisation. A name that was free to redirect stops redirecting."""
        require(self.find_repository(self.org.login, name) is None, invalid("Repository", "name", "already_exists"))
        number, now = self.new_id("repository"), self.now()
        node_id = self.new_node_id("R", number)
        made = Repository(number, node_id, self.org.login, name, private, archived, has_issues, now, now)
        self.repositories.append(made)
        self.nodes[node_id] = made
        self.former_names.pop(made.full_name.lower(), None)
        for label in labels:
            self.add_label(made, label)
        return made

    @locked
    def rename_repository(self, repository: str, new: str) -> Repository:
        """Rename: the old address answers 301 to ``/repositories/{id}`` until someone takes the old name."""
        found = self.repository(repository)
        self.former_names[found.full_name.lower()] = found
        found.name, found.updated_at = new, self.now()
        self.former_names.pop(found.full_name.lower(), None)
        return found

    @locked
    def hide_repository(self, repository: str) -> None:
        """Take the repository out of the token's sight: 404 by name, silently missing from lists, null in GraphQL."""
        self.repository(repository).hidden = True

    @locked
    def show_repository(self, repository: str) -> None:
        """Undo ``hide_repository``."""
        self.repository(repository).hidden = False

    @locked
    def archive_repository(self, repository: str, *, archived: bool = True) -> None:
        """Make the repository read-only, or writable again."""
        found = self.repository(repository)
        found.archived, found.updated_at = archived, self.now()

    @locked
    def disable_issues(self, repository: str, *, disabled: bool = True) -> None:
        """Switch the issues of the repository off (REST answers 410) or on again."""
        self.repository(repository).has_issues = not disabled

    @locked
    def add_label(
        self, repository: Repository | str, name: str, color: str = DEFAULT_COLOR, description: str | None = None
    ) -> Label:
        """Create a label; raise ``Refused`` 422 when the repository has it in any case."""
        owner = repository if isinstance(repository, Repository) else self.repository(repository)
        require(self.find_label(owner, name) is None, invalid("Label", "name", "already_exists"))
        require(bool(name.strip()), invalid("Label", "name", "missing_field"))
        require(len(name) <= 50, too_long("Label", "name", 50))
        number, now = self.new_id("label"), self.now()
        label = Label(number, self.new_node_id("LA", number), owner, name, color, description, now, now)
        owner.labels.append(label)
        self.nodes[label.node_id] = label
        return label

    @locked
    def edit_label(
        self,
        repository: str,
        name: str,
        *,
        new_name: str | None = None,
        color: str | None = None,
        description: str | None = None,
    ) -> Label:
        """Change a label in place: the same node id, and every issue that carries it shows the new name."""
        label = self.label_of(repository, name)
        if new_name is not None and new_name.lower() != label.name.lower():
            require(self.find_label(label.repository, new_name) is None, invalid("Label", "name", "already_exists"))
        label.name = new_name if new_name is not None else label.name
        label.color = color if color is not None else label.color
        label.description = description if description is not None else label.description
        label.updated_at = self.now()
        for issue in label.repository.issues.values():
            if label in issue.labels:
                self.touch(issue, bump="label_renamed" in self.options.touching)
        return label

    @locked
    def rename_label(self, repository: str, name: str, new: str) -> Label:
        """Rename a label in one repository."""
        return self.edit_label(repository, name, new_name=new)

    @locked
    def delete_label(self, repository: str, name: str) -> None:
        """Delete a label: it disappears from every issue of the repository."""
        label = self.label_of(repository, name)
        label.repository.labels.remove(label)
        del self.nodes[label.node_id]
        for issue in label.repository.issues.values():
            if label in issue.labels:
                issue.labels.remove(label)
                self.touch(issue)

    def label_of(self, repository: str, name: str) -> Label:
        """Return the label; raise ``Refused`` 404 when the repository has none of that name."""
        label = self.find_label(self.repository(repository), name)
        if label is None:
            raise not_found()
        return label
