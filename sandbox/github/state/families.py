"""Verbs that link issues to each other or move them away: sub-issues, transfer, deletion."""

from __future__ import annotations

from sandbox.core import locked
from sandbox.github.errors import Refused, not_found
from sandbox.github.state.issues import IssueVerbs
from sandbox.github.state.model import Deleted, Issue, Summary
from sandbox.github.state.store import require

MOST_CHILDREN = 100
MOST_LEVELS = 8


def unlinkable(rule: str) -> Refused:
    """Return the 422 for a sub-issue GitHub refuses to add."""
    return Refused(422, f"An error occurred while adding the sub-issue to the parent issue. {rule}")


class FamilyVerbs(IssueVerbs):
    """What people do to the tree of issues."""

    @locked
    def add_sub_issue(
        self, parent: Issue, child: Issue, *, replace_parent: bool = False, by: str | None = None
    ) -> None:
        """Put *child* under *parent*, in any repository of the same owner.

        Moves nobody's ``updated_at``. Raises ``Refused`` 422 above 100 children or 8 levels below the root, on a loop
        and on a second parent unless *replace_parent*; 404 for pull requests.
        """
        self._check_link(parent, child, replace_parent=replace_parent)
        if child.parent is not None:
            self.remove_sub_issue(child.parent, child, by=by)
        parent.children.append(child)
        child.parent = parent
        self.record(parent, "SubIssueAddedEvent", self.actor(by), sub_issue=child)
        self.record(child, "ParentIssueAddedEvent", self.actor(by), parent=parent)

    @locked
    def move_sub_issue(self, child: Issue, parent: Issue, *, by: str | None = None) -> None:
        """Give the child another parent in one step."""
        self.add_sub_issue(parent, child, replace_parent=True, by=by)

    @locked
    def remove_sub_issue(self, parent: Issue, child: Issue, *, by: str | None = None) -> None:
        """Take *child* from under *parent*; raise ``Refused`` 404 when it is not there."""
        require(child.parent is parent, not_found())
        parent.children.remove(child)
        child.parent = None
        self.record(parent, "SubIssueRemovedEvent", self.actor(by), sub_issue=child)
        self.record(child, "ParentIssueRemovedEvent", self.actor(by), parent=parent)

    @locked
    def reorder_sub_issue(self, parent: Issue, child: Issue, after: Issue | None) -> None:
        """Move a child behind another one, or to the front."""
        require(child.parent is parent and (after is None or after.parent is parent), not_found())
        parent.children.remove(child)
        parent.children.insert(0 if after is None else parent.children.index(after) + 1, child)

    @locked
    def transfer(self, issue: Issue, repository: str, *, by: str | None = None) -> Issue:
        """Move the issue to another repository of the organisation.

        The old number answers 301. Labels survive only where the target has them by name. Comments, assignees, place
        in the tree and board rows stay. The same record goes on under a new number and, by option, new ids.
        """
        source, target = issue.repository, self.repository(repository)
        require(source is not target, Refused(422, "Issue cannot be transferred to its own repository"))
        require(not source.private or target.private, Refused(422, "Private issues stay in private repositories"))
        del source.issues[issue.number]
        source.gone[issue.number] = issue
        target.last_number += 1
        issue.number, issue.repository = target.last_number, target
        target.issues[issue.number] = issue
        kept = (self.find_label(target, label.name) for label in issue.labels)
        issue.labels = [label for label in kept if label is not None]
        if self.options.transfer_changes_ids:
            self._give_new_ids(issue)
        self.record(issue, "TransferredEvent", self.actor(by), from_repository=source)
        self.touch(issue, bump="transfer" in self.options.touching)
        return issue

    @locked
    def delete_issue(self, issue: Issue) -> None:
        """Delete: its number answers 410, its board rows go, its children have no parent any more."""
        if issue.parent is not None:
            issue.parent.children.remove(issue)
        for child in issue.children:
            child.parent = None
        for item in issue.items:
            item.project.items.remove(item)
            del self.nodes[item.node_id]
        del issue.repository.issues[issue.number]
        issue.repository.gone[issue.number] = Deleted()
        del self.nodes[issue.node_id]
        issue.children, issue.items, issue.parent = [], [], None

    def find_issue_by_id(self, number: int) -> Issue:
        """Return the issue with this database id; raise ``Refused`` 404 when the token sees none."""
        for repository in self.readable_repositories():
            for issue in repository.issues.values():
                if issue.id == number:
                    return issue
        raise not_found()

    def summary(self, issue: Issue) -> Summary:
        """Count the sub-issues, by option also those the token cannot see."""
        children = [
            child for child in issue.children if self.options.summary_counts_hidden or self.readable(child.repository)
        ]
        done = sum(child.state == "closed" for child in children)
        return Summary(len(children), done, round(100 * done / len(children)) if children else 0)

    def _give_new_ids(self, issue: Issue) -> None:
        del self.nodes[issue.node_id]
        self.replaced_nodes[issue.node_id] = issue
        issue.id = self.new_id("issue")
        issue.node_id = self.new_node_id("I", issue.id)
        self.nodes[issue.node_id] = issue

    @staticmethod
    def _check_link(parent: Issue, child: Issue, *, replace_parent: bool) -> None:
        require(not parent.pull_request and not child.pull_request, not_found())
        family = [parent, *parent.ancestors()]
        require(child not in family, unlinkable("Sub issue cannot be an ancestor of its parent"))
        require(
            child.parent is not parent,
            unlinkable("Issue may not contain duplicate sub-issues and Sub issue may only have one parent"),
        )
        require(child.parent is None or replace_parent, unlinkable("Sub issue may only have one parent"))
        require(len(parent.children) < MOST_CHILDREN, unlinkable("Parent cannot have more than 100 sub-issues"))
        levels_below_root = len(family) + child.height() - 1
        require(levels_below_root <= MOST_LEVELS, unlinkable("Sub-issues cannot be nested deeper than eight levels"))
