"""REST: issues of a repository, their comments, labels and assignees."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from sandbox.core import Json
from sandbox.github.errors import Refused, invalid
from sandbox.github.rest.base import (
    Handlers,
    Route,
    json_body,
    json_object,
    names_in,
    repository_routes,
    text_in,
    version_of,
)
from sandbox.github.rest.lists import listed, moment_in
from sandbox.github.rest.paging import page_of
from sandbox.github.state.model import Issue, Reason

CLOSE_REASONS = ("completed", "not_planned", "duplicate")


class IssueHandlers(Handlers):
    """Issues, comments, and the labels and assignees on issues."""

    def routes(self) -> list[Route]:
        """Return what this room answers."""
        one = r"/issues/{number:\d+}"
        return repository_routes(
            [
                ("GET", "/issues", self.list_issues),
                ("POST", "/issues", self.create),
                ("GET", one, self.read),
                ("PATCH", one, self.update),
                ("GET", f"{one}/comments", self.list_comments),
                ("POST", f"{one}/comments", self.create_comment),
                ("GET", "/issues/comments", self.list_all_comments),
                ("GET", r"/issues/comments/{comment:\d+}", self.read_comment),
                ("PATCH", r"/issues/comments/{comment:\d+}", self.update_comment),
                ("DELETE", r"/issues/comments/{comment:\d+}", self.delete_comment),
                ("GET", f"{one}/labels", self.list_labels),
                ("POST", f"{one}/labels", self.add_labels),
                ("PUT", f"{one}/labels", self.set_labels),
                ("DELETE", f"{one}/labels", self.clear_labels),
                ("DELETE", one + "/labels/{name}", self.remove_label),
                ("POST", f"{one}/assignees", self.add_assignees),
                ("DELETE", f"{one}/assignees", self.remove_assignees),
                ("PUT", f"{one}/lock", self.lock),
                ("DELETE", f"{one}/lock", self.unlock),
                ("GET", f"{one}/timeline", self.timeline),
                ("GET", f"{one}/issue-field-values", self.field_values),
            ]
        )

    async def list_issues(self, request: web.Request) -> web.Response:
        """List issues and pull requests, open ones unless ``state`` says otherwise."""
        repository = self.repository(request)
        if not repository.has_issues:
            raise Refused(410, "Issues are disabled for this repo")
        found = listed(self.state, repository.issues.values(), request)
        page = page_of(request, found, self.address(request))
        version = version_of(request)
        return self.answer_page(page, lambda issue: self.show.issue(issue, version))

    async def create(self, request: web.Request) -> web.Response:
        """Open an issue."""
        repository = self.repository(request)
        body = await json_object(request)
        title = text_in(body, "title", "Issue", required=True)
        issue = self.state.open_issue(
            repository.name,
            title or "",
            text_in(body, "body", "Issue"),
            labels=names_in(body.get("labels") or [], "Issue", "labels"),
            assignees=_assignees_in(body) or [],
        )
        return self.issue_answer(request, issue, 201)

    async def read(self, request: web.Request) -> web.Response:
        """Return one issue."""
        return self.issue_answer(request, self.issue(request))

    async def update(self, request: web.Request) -> web.Response:
        """Change an issue."""
        issue = self.issue(request)
        body = await json_object(request)
        if body.get("milestone"):
            raise invalid("Issue", "milestone")
        self._update_state(issue, body)
        text = (text_in(body, "body", "Issue") or "") if "body" in body else None
        self.state.edit(issue, title=text_in(body, "title", "Issue"), body=text)
        if body.get("labels") is not None:
            self.state.set_labels(issue, names_in(body["labels"], "Issue", "labels"))
        logins = _assignees_in(body)
        if logins is not None:
            missing = [login for login in logins if login.lower() not in self.state.users]
            if missing:
                raise invalid("Issue", "assignees", value=missing[0])
            self.state.set_assignees(issue, [self.state.user(login) for login in logins])
        return self.issue_answer(request, issue)

    def _update_state(self, issue: Issue, body: Json) -> None:
        wanted, reason = body.get("state"), body.get("state_reason")
        if wanted not in {None, "open", "closed"}:
            raise invalid("Issue", "state", value=wanted)
        if reason not in {None, "reopened", *CLOSE_REASONS}:
            raise invalid("Issue", "state_reason", value=reason)
        if wanted == "closed":
            same = (
                self.state.find_issue_by_id(int(body["duplicate_issue_id"])) if "duplicate_issue_id" in body else None
            )
            chosen = reason if reason in CLOSE_REASONS else "completed"
            self.state.close(issue, cast("Reason", chosen), duplicate_of=same)
        elif wanted == "open":
            self.state.reopen(issue)

    async def list_comments(self, request: web.Request) -> web.Response:
        """List the comments of an issue, oldest first."""
        since = moment_in(request, "since")
        comments = [one for one in self.issue(request).comments if since is None or one.updated_at >= since]
        return self.answer_page(page_of(request, comments, self.address(request)), self.show.comment)

    async def list_all_comments(self, request: web.Request) -> web.Response:
        """List the comments of a repository, oldest first."""
        since = moment_in(request, "since")
        issues = self.repository(request).issues.values()
        comments = [one for issue in issues for one in issue.comments if since is None or one.updated_at >= since]
        comments.sort(key=lambda comment: comment.id)
        return self.answer_page(page_of(request, comments, self.address(request)), self.show.comment)

    async def create_comment(self, request: web.Request) -> web.Response:
        """Add a comment."""
        issue = self.issue(request)
        if issue.locked and not self.state.options.comments_on_locked:
            raise Refused(403, "Unable to create comment because issue is locked.")
        text = text_in(await json_object(request), "body", "IssueComment", required=True)
        return self.answer(self.show.comment(self.state.comment(issue, text or "")), 201)

    async def read_comment(self, request: web.Request) -> web.Response:
        """Return one comment."""
        comment = self.state.comment_of(self.repository(request), int(request.match_info["comment"]))
        return self.answer(self.show.comment(comment))

    async def update_comment(self, request: web.Request) -> web.Response:
        """Change the text of a comment."""
        comment = self.state.comment_of(self.repository(request), int(request.match_info["comment"]))
        text = text_in(await json_object(request), "body", "IssueComment", required=True)
        self.state.edit_comment(comment, text or "")
        return self.answer(self.show.comment(comment))

    async def delete_comment(self, request: web.Request) -> web.Response:
        """Delete a comment."""
        self.state.delete_comment(self.state.comment_of(self.repository(request), int(request.match_info["comment"])))
        return web.Response(status=204)

    async def list_labels(self, request: web.Request) -> web.Response:
        """List the labels on an issue."""
        return self.answer_page(page_of(request, self.issue(request).labels, self.address(request)), self.show.label)

    async def add_labels(self, request: web.Request) -> web.Response:
        """Put labels on an issue; labels the repository lacks are made."""
        issue = self.issue(request)
        self.state.label(issue, *await _labels_in(request))
        return self.answer([self.show.label(label) for label in issue.labels])

    async def set_labels(self, request: web.Request) -> web.Response:
        """Replace the labels on an issue."""
        issue = self.issue(request)
        self.state.set_labels(issue, await _labels_in(request))
        return self.answer([self.show.label(label) for label in issue.labels])

    async def clear_labels(self, request: web.Request) -> web.Response:
        """Take all labels off."""
        self.state.set_labels(self.issue(request), ())
        return web.Response(status=204)

    async def remove_label(self, request: web.Request) -> web.Response:
        """Take one label off and return those that are left."""
        issue = self.issue(request)
        self.state.unlabel(issue, request.match_info["name"])
        return self.answer([self.show.label(label) for label in issue.labels])

    async def add_assignees(self, request: web.Request) -> web.Response:
        """Add assignees; accounts that cannot be assigned are ignored."""
        issue = self.issue(request)
        logins = names_in((await json_object(request)).get("assignees", []), "Issue", "assignees")
        self.state.assign(issue, *(login for login in logins if login.lower() in self.state.users))
        return self.issue_answer(request, issue, 201)

    async def remove_assignees(self, request: web.Request) -> web.Response:
        """Remove assignees."""
        issue = self.issue(request)
        self.state.unassign(issue, *names_in((await json_object(request)).get("assignees", []), "Issue", "assignees"))
        return self.issue_answer(request, issue)

    async def lock(self, request: web.Request) -> web.Response:
        """Lock the conversation."""
        self.issue(request).locked = True
        return web.Response(status=204)

    async def unlock(self, request: web.Request) -> web.Response:
        """Unlock the conversation."""
        self.issue(request).locked = False
        return web.Response(status=204)

    async def timeline(self, request: web.Request) -> web.Response:
        """List what happened to an issue, oldest first."""
        issue = self.issue(request)
        page = page_of(request, issue.events, self.address(request))
        return self.answer_page(page, lambda event: self.show.event(event, issue))

    async def field_values(self, request: web.Request) -> web.Response:
        """List what the organisation's issue fields hold for an issue."""
        values = self.show.issue_field_values(self.issue(request))
        return self.answer_page(page_of(request, values, self.address(request)), lambda value: value)


async def _labels_in(request: web.Request) -> list[str]:
    body = await json_body(request)
    return names_in(body.get("labels", []) if isinstance(body, dict) else body, "Label", "name")


def _assignees_in(body: Json) -> list[str] | None:
    """Return the logins a body asks for, None when it says nothing; ``assignee`` is the old spelling."""
    if body.get("assignees") is not None:
        return names_in(body["assignees"], "Issue", "assignees")
    if "assignee" in body:
        return [str(body["assignee"])] if body["assignee"] else []
    return None
