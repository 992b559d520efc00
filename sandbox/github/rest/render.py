"""REST objects as GitHub writes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from urllib.parse import quote

from sandbox.core import Json
from sandbox.github.state import GitHubState
from sandbox.github.state.model import (
    Comment,
    Content,
    Event,
    Issue,
    IssueField,
    Iteration,
    Label,
    Option,
    Repository,
    User,
    Value,
)

WEB = "https://github.com"
"""Where ``html_url`` points: people's pages are not played."""

LEAN_VERSION = "2026-03-10"
"""The API version that drops the singular ``assignee`` and ``rate``."""

EVENT_NAMES = {
    "LabeledEvent": "labeled",
    "UnlabeledEvent": "unlabeled",
    "ClosedEvent": "closed",
    "ReopenedEvent": "reopened",
    "RenamedTitleEvent": "renamed",
    "AssignedEvent": "assigned",
    "UnassignedEvent": "unassigned",
    "SubIssueAddedEvent": "sub_issue_added",
    "SubIssueRemovedEvent": "sub_issue_removed",
    "ParentIssueAddedEvent": "parent_issue_added",
    "ParentIssueRemovedEvent": "parent_issue_removed",
    "TransferredEvent": "transferred",
    "ConvertedToDiscussionEvent": "converted_to_discussion",
    "IssueFieldAddedEvent": "issue_field_added",
    "IssueFieldChangedEvent": "issue_field_changed",
    "IssueFieldRemovedEvent": "issue_field_removed",
}


def instant(moment: datetime | None) -> str | None:
    """Return a moment as ``2026-01-31T09:30:00Z``."""
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def web_url(thing: Issue | Repository | User) -> str:
    """Return the address of a page for people."""
    match thing:
        case Issue():
            kind = "pull" if thing.pull_request else "issues"
            return f"{WEB}/{thing.repository.full_name}/{kind}/{thing.number}"
        case Repository():
            return f"{WEB}/{thing.full_name}"
        case User():
            return f"{WEB}/{thing.login}"


@dataclass(frozen=True, slots=True)
class Renderer:
    """Write the state's records as JSON; ``base`` returns the API's address without a slash at the end."""

    state: GitHubState
    base: Callable[[], str]

    def user(self, user: User | None) -> Json | None:
        """Return the short form of an account, null for a deleted one."""
        if user is None:
            return None
        url = f"{self.base()}/users/{user.login}"
        return {
            "login": user.login,
            "id": user.id,
            "node_id": user.node_id,
            "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": web_url(user),
            "repos_url": f"{url}/repos",
            "type": user.kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def full_user(self, user: User) -> Json:
        """Return an account with its public profile."""
        return {
            **(self.user(user) or {}),
            "name": user.name,
            "company": None,
            "email": user.email,
            "bio": None,
            "created_at": instant(user.created_at),
            "updated_at": instant(user.updated_at),
        }

    def organization(self, org: User) -> Json:
        """Return the organisation."""
        url = f"{self.base()}/orgs/{org.login}"
        return {
            "login": org.login,
            "id": org.id,
            "node_id": org.node_id,
            "url": url,
            "repos_url": f"{url}/repos",
            "issues_url": f"{url}/issues",
            "html_url": web_url(org),
            "name": org.name,
            "description": None,
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": sum(not one.private for one in self.state.readable_repositories()),
            "created_at": instant(org.created_at),
            "updated_at": instant(org.updated_at),
            "type": "Organization",
        }

    def repository(self, repository: Repository) -> Json:
        """Return a repository."""
        url = self.repository_url(repository)
        issues = repository.issues.values()
        return {
            "id": repository.id,
            "node_id": repository.node_id,
            "name": repository.name,
            "full_name": repository.full_name,
            "private": repository.private,
            "owner": self.user(self.state.org),
            "html_url": web_url(repository),
            "description": None,
            "fork": False,
            "url": url,
            "issues_url": f"{url}/issues{{/number}}",
            "labels_url": f"{url}/labels{{/name}}",
            "assignees_url": f"{url}/assignees{{/user}}",
            "has_issues": repository.has_issues,
            "archived": repository.archived,
            "disabled": False,
            "visibility": "private" if repository.private else "public",
            "open_issues_count": sum(issue.state == "open" for issue in issues),
            "default_branch": "main",
            "created_at": instant(repository.created_at),
            "updated_at": instant(repository.updated_at),
            "pushed_at": instant(repository.updated_at),
        }

    def repository_url(self, repository: Repository) -> str:
        """Return the API address of a repository."""
        return f"{self.base()}/repos/{repository.full_name}"

    def issue_url(self, issue: Issue) -> str:
        """Return the API address of an issue."""
        return f"{self.repository_url(issue.repository)}/issues/{issue.number}"

    def label(self, label: Label) -> Json:
        """Return a label."""
        return {
            "id": label.id,
            "node_id": label.node_id,
            "url": f"{self.repository_url(label.repository)}/labels/{quote(label.name, safe='')}",
            "name": label.name,
            "color": label.color,
            "default": False,
            "description": label.description,
        }

    def comment(self, comment: Comment) -> Json:
        """Return a comment."""
        repository = self.repository_url(comment.issue.repository)
        return {
            "id": comment.id,
            "node_id": comment.node_id,
            "url": f"{repository}/issues/comments/{comment.id}",
            "html_url": f"{web_url(comment.issue)}#issuecomment-{comment.id}",
            "issue_url": self.issue_url(comment.issue),
            "user": self.user(comment.author),
            "body": comment.body,
            "author_association": "MEMBER",
            "created_at": instant(comment.created_at),
            "updated_at": instant(comment.updated_at),
        }

    def issue(self, issue: Issue, version: str, *, with_repository: bool = False) -> Json:
        """Return an issue or pull request; ``pull_request`` is the key that tells them apart."""
        url = self.issue_url(issue)
        shown: Json = {
            "url": url,
            "repository_url": self.repository_url(issue.repository),
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "timeline_url": f"{url}/timeline",
            "html_url": web_url(issue),
            "id": issue.id,
            "node_id": issue.node_id,
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.author),
            "labels": [self.label(label) for label in issue.labels],
            "state": issue.state,
            "state_reason": issue.state_reason,
            "locked": issue.locked,
            "active_lock_reason": None,
            "assignee": self.user(issue.assignees[0]) if issue.assignees else None,
            "assignees": [self.user(user) for user in issue.assignees],
            "milestone": None,
            "comments": len(issue.comments),
            "created_at": instant(issue.created_at),
            "updated_at": instant(issue.updated_at),
            "closed_at": instant(issue.closed_at),
            "closed_by": self.user(issue.closed_by),
            "author_association": "MEMBER",
            "type": None,
            "body": issue.body,
            "sub_issues_summary": asdict(self.state.summary(issue)),
        }
        if version >= LEAN_VERSION:
            del shown["assignee"]
        if issue.parent is not None and self.state.readable(issue.parent.repository):
            shown["parent_issue_url"] = self.issue_url(issue.parent)
        if issue.pull_request:
            shown |= self._pull_request(issue)
        if self.state.options.issue_fields:
            shown["issue_field_values"] = self.issue_field_values(issue)
        if with_repository:
            shown["repository"] = self.repository(issue.repository)
        return shown

    def _pull_request(self, issue: Issue) -> Json:
        url = f"{self.repository_url(issue.repository)}/pulls/{issue.number}"
        merged_at = instant(issue.closed_at) if issue.merged else None
        page = web_url(issue)
        return {
            "draft": False,
            "pull_request": {
                "url": url,
                "html_url": page,
                "diff_url": f"{page}.diff",
                "patch_url": f"{page}.patch",
                "merged_at": merged_at,
            },
        }

    def issue_field(self, field: IssueField) -> Json:
        """Return the definition of an organisation issue field."""
        shown: Json = {
            "id": field.id,
            "node_id": field.node_id,
            "name": field.name,
            "data_type": field.kind.lower(),
            "visibility": "organization_members_only",
            "created_at": instant(field.created_at),
        }
        if field.kind == "SINGLE_SELECT":
            shown["options"] = [
                {"id": int(option.id, 16), "name": option.name, "color": option.color.lower()}
                for option in field.options
            ]
        return shown

    def issue_field_values(self, issue: Issue) -> list[Json]:
        """Return what the organisation's issue fields hold for this issue."""
        return [self._issue_field_value(field, value) for field, value in issue.field_values.items()]

    def _issue_field_value(self, field: IssueField, value: Value) -> Json:
        shown: Json = {
            "issue_field_id": field.id,
            "issue_field_name": field.name,
            "node_id": field.node_id,
            "data_type": field.kind.lower(),
            "value": plain(value.content),
        }
        if isinstance(value.content, Option):
            option = value.content
            shown["value"] = int(option.id, 16)
            shown["single_select_option"] = {
                "id": int(option.id, 16),
                "name": option.name,
                "color": option.color.lower(),
            }
        return shown

    def event(self, event: Event, issue: Issue) -> Json:
        """Return an entry of the issue's timeline."""
        shown: Json = {
            "id": event.id,
            "node_id": event.node_id,
            "url": f"{self.repository_url(issue.repository)}/issues/events/{event.id}",
            "actor": self.user(event.actor),
            "event": EVENT_NAMES[event.kind],
            "created_at": instant(event.created_at),
        }
        label = event.detail.get("label")
        if isinstance(label, Label):
            shown["label"] = {"name": label.name, "color": label.color}
        if "previous_title" in event.detail:
            shown["rename"] = {"from": event.detail["previous_title"], "to": event.detail["current_title"]}
        if "state_reason" in event.detail:
            shown["state_reason"] = event.detail["state_reason"]
        return shown


def plain(content: Content) -> float | str:
    """Return a cell's content as a JSON value."""
    match content:
        case float() | str():
            return content
        case Option():
            return content.name
        case Iteration():
            return content.title
        case date():
            return content.isoformat()
