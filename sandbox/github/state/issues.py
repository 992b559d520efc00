"""Verbs on issues, pull requests and comments."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.core import locked
from sandbox.github.errors import Refused, invalid, not_found, too_long
from sandbox.github.state.model import Comment, Issue, Label, Reason, Repository, User
from sandbox.github.state.places import PlaceVerbs
from sandbox.github.state.store import require

LONGEST_TITLE = 256
LONGEST_BODY = 65_536
"""Characters the API takes; GitHub's message names these numbers."""


class IssueVerbs(PlaceVerbs):
    """What people do to issues and pull requests."""

    @locked
    def open_issue(
        self,
        repository: str,
        title: str,
        body: str | None = None,
        *,
        author: str | None = None,
        labels: Iterable[str] = (),
        assignees: Iterable[str] = (),
        pull_request: bool = False,
    ) -> Issue:
        """Open an issue, or a pull request, which shares the numbers; labels are made where they are missing."""
        home = self.repository(repository)
        self._check_writable(home)
        self._check_texts(title, body)
        people = [self._assignable(login) for login in assignees]
        number, now = self.new_id("issue"), self.now()
        home.last_number += 1
        issue = Issue(
            id=number,
            node_id=self.new_node_id("PR" if pull_request else "I", number),
            number=home.last_number,
            repository=home,
            title=title,
            body=body,
            author=self.actor(author),
            created_at=now,
            updated_at=now,
            pull_request=pull_request,
            labels=[self._label_for(home, name) for name in unique(labels)],
            assignees=list(dict.fromkeys(people)),
        )
        home.issues[issue.number] = issue
        self.nodes[issue.node_id] = issue
        for label in issue.labels:
            self.record(issue, "LabeledEvent", issue.author, label=label)
        for user in issue.assignees:
            self.record(issue, "AssignedEvent", issue.author, assignee=user)
        self.touch(issue)
        return issue

    @locked
    def open_pull_request(
        self,
        repository: str,
        title: str,
        body: str | None = None,
        *,
        author: str | None = None,
        labels: Iterable[str] = (),
        assignees: Iterable[str] = (),
    ) -> Issue:
        """Open a pull request; REST lists it among the issues, GraphQL does not."""
        return self.open_issue(
            repository, title, body, author=author, labels=labels, assignees=assignees, pull_request=True
        )

    @locked
    def edit(self, issue: Issue, *, title: str | None = None, body: str | None = None, by: str | None = None) -> None:
        """Change title or body; writing what is there already changes nothing."""
        self._check_writable(issue.repository)
        self._check_texts(title if title is not None else issue.title, body)
        if title is not None and title != issue.title:
            self.record(issue, "RenamedTitleEvent", self.actor(by), previous_title=issue.title, current_title=title)
            issue.title = title
            self.touch(issue, bump="title" in self.options.touching)
        if body is not None and body != issue.body:
            issue.body = body
            self.touch(issue)

    @locked
    def close(
        self,
        issue: Issue,
        reason: Reason | None = "completed",
        *,
        by: str | None = None,
        duplicate_of: Issue | None = None,
    ) -> None:
        """Close, also with the reason null; closing again with another reason replaces the reason."""
        self._check_writable(issue.repository)
        if issue.state == "closed" and issue.state_reason == reason:
            return
        issue.state, issue.state_reason = "closed", reason
        issue.closed_at, issue.closed_by = self.now(), self.actor(by)
        issue.duplicate_of = duplicate_of
        self.record(issue, "ClosedEvent", issue.closed_by, state_reason=reason)
        self.touch(issue)

    @locked
    def reopen(self, issue: Issue, *, by: str | None = None) -> None:
        """Open a closed issue again."""
        self._check_writable(issue.repository)
        if issue.state == "open":
            return
        issue.state, issue.state_reason = "open", "reopened"
        issue.closed_at = issue.closed_by = issue.duplicate_of = None
        self.record(issue, "ReopenedEvent", self.actor(by), state_reason="reopened")
        self.touch(issue, bump="reopen" in self.options.touching)

    @locked
    def merge(self, pull_request: Issue, *, by: str | None = None) -> None:
        """Merge a pull request, which closes it."""
        pull_request.merged = True
        self.close(pull_request, None, by=by)

    @locked
    def label(self, issue: Issue, *names: str, by: str | None = None) -> None:
        """Put labels on; one that is on already changes nothing, one the repository lacks is made."""
        self._check_writable(issue.repository)
        added = [self._label_for(issue.repository, name) for name in unique(names)]
        self._set_labels(issue, [*issue.labels, *(one for one in added if one not in issue.labels)], by)

    @locked
    def unlabel(self, issue: Issue, name: str, *, by: str | None = None) -> None:
        """Take a label off; raise ``Refused`` 404 when it is not on the issue."""
        self._check_writable(issue.repository)
        label = next((one for one in issue.labels if one.name.lower() == name.lower()), None)
        if label is None:
            raise Refused(404, "Label does not exist")
        self._set_labels(issue, [one for one in issue.labels if one is not label], by)

    @locked
    def set_labels(self, issue: Issue, names: Iterable[str], *, by: str | None = None) -> None:
        """Replace all labels."""
        self._check_writable(issue.repository)
        self._set_labels(issue, [self._label_for(issue.repository, name) for name in unique(names)], by)

    @locked
    def assign(self, issue: Issue, *logins: str, by: str | None = None) -> None:
        """Add assignees."""
        people = [self._assignable(login) for login in logins]
        self.set_assignees(issue, [*issue.assignees, *people], by=by)

    @locked
    def unassign(self, issue: Issue, *logins: str, by: str | None = None) -> None:
        """Remove assignees; who is not assigned is ignored."""
        leaving = {login.lower() for login in logins}
        self.set_assignees(issue, [one for one in issue.assignees if one.login.lower() not in leaving], by=by)

    @locked
    def set_assignees(self, issue: Issue, people: Iterable[User], *, by: str | None = None) -> None:
        """Replace all assignees."""
        self._check_writable(issue.repository)
        wanted = list(dict.fromkeys(people))
        for user in wanted:
            if user not in issue.assignees:
                self.record(issue, "AssignedEvent", self.actor(by), assignee=user)
        for user in issue.assignees:
            if user not in wanted:
                self.record(issue, "UnassignedEvent", self.actor(by), assignee=user)
        if wanted != issue.assignees:
            issue.assignees = wanted
            self.touch(issue)

    @locked
    def comment(self, issue: Issue, body: str, *, author: str | None = None) -> Comment:
        """Add a comment."""
        self._check_writable(issue.repository)
        require(bool(body), invalid("IssueComment", "body", "missing_field"))
        require(len(body) <= LONGEST_BODY, too_long("IssueComment", "body", LONGEST_BODY))
        number, now = self.new_id("comment"), self.now()
        made = Comment(number, self.new_node_id("IC", number), issue, self.actor(author), body, now, now)
        issue.comments.append(made)
        self.nodes[made.node_id] = made
        self.touch(issue)
        return made

    @locked
    def edit_comment(self, comment: Comment, body: str) -> None:
        """Change the text of a comment."""
        require(len(body) <= LONGEST_BODY, too_long("IssueComment", "body", LONGEST_BODY))
        if body != comment.body:
            comment.body, comment.updated_at = body, self.now()
            self.touch(comment.issue, bump="comment_edit" in self.options.touching)

    @locked
    def delete_comment(self, comment: Comment) -> None:
        """Delete a comment."""
        comment.issue.comments.remove(comment)
        del self.nodes[comment.node_id]
        self.touch(comment.issue, bump="comment_edit" in self.options.touching)

    @locked
    def convert_to_discussion(self, issue: Issue, *, by: str | None = None) -> None:
        """Convert: the issue record stays, closed and locked; only its timeline says what happened."""
        self.record(issue, "ConvertedToDiscussionEvent", self.actor(by))
        issue.locked = True
        self.close(issue, "completed", by=by)

    @locked
    def hide_from_lists(self, issue: Issue) -> None:
        """Leave the issue out of every list and search without an error; read by number or id it is there."""
        issue.unlisted = True

    @locked
    def show_in_lists(self, issue: Issue) -> None:
        """Undo ``hide_from_lists``."""
        issue.unlisted = False

    def _set_labels(self, issue: Issue, wanted: list[Label], by: str | None) -> None:
        added = [label for label in wanted if label not in issue.labels]
        removed = [label for label in issue.labels if label not in wanted]
        for label in added:
            self.record(issue, "LabeledEvent", self.actor(by), label=label)
        for label in removed:
            self.record(issue, "UnlabeledEvent", self.actor(by), label=label)
        if added or removed:
            issue.labels = wanted
            self.touch(issue)

    def _label_for(self, repository: Repository, name: str) -> Label:
        return self.find_label(repository, name) or self.add_label(repository, name)

    def _assignable(self, login: str) -> User:
        user = self.users.get(login.lower())
        if user is None or user.kind == "Organization":
            raise invalid("Issue", "assignees", value=login)
        return user

    @staticmethod
    def _check_writable(repository: Repository) -> None:
        require(not repository.archived, Refused(403, "Repository was archived so is read-only."))
        require(repository.has_issues, Refused(410, "Issues are disabled for this repo"))

    @staticmethod
    def _check_texts(title: str, body: str | None) -> None:
        require(bool(title.strip()), invalid("Issue", "title", "missing_field"))
        require(len(title) <= LONGEST_TITLE, too_long("Issue", "title", LONGEST_TITLE))
        require(body is None or len(body) <= LONGEST_BODY, too_long("Issue", "body", LONGEST_BODY))

    def comment_of(self, repository: Repository, number: int) -> Comment:
        """Return the comment of a repository by its database id; raise ``Refused`` 404 otherwise."""
        for issue in repository.issues.values():
            for comment in issue.comments:
                if comment.id == number:
                    return comment
        raise not_found()


def unique(names: Iterable[str]) -> list[str]:
    """Return the names in order, each once, case ignored."""
    return list({name.lower(): name for name in reversed(list(names))}.values())[::-1]
