"""Let people act out drafts on GitHub, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from sandbox import Sandbox
from sandbox.demo.drafts import Cells, IssueDraft
from sandbox.demo.periods import TODAY, at
from sandbox.github.state.model import Issue, Project

HOURS = "GitHub Hours"
A_MOMENT = timedelta(minutes=2)

Event = tuple[datetime, Callable[[], None]]


def act_out(sandbox: Sandbox, board: Project, drafts: Sequence[IssueDraft]) -> dict[str, Issue]:
    """Let everything in *drafts* happen; return the issues by the drafts' keys."""
    play = _Play(sandbox, board)
    events = [event for draft in drafts for event in play.events(draft)]
    for moment, act in sorted(events, key=lambda event: event[0]):
        sandbox.clock.set(moment)
        act()
    return play.issues


class _Play:
    def __init__(self, sandbox: Sandbox, board: Project) -> None:
        self._github = sandbox.github.state
        self._board = board
        self._opened: dict[str, datetime] = {}
        self.issues: dict[str, Issue] = {}

    def events(self, draft: IssueDraft) -> Iterator[Event]:
        """Yield what happens with one issue, each with its moment."""
        opened = at(draft.opened, 8) + A_MOMENT * (len(self._opened) % 30)
        if draft.parent:
            opened = max(opened, self._opened[draft.parent] + A_MOMENT)
        self._opened[draft.key] = opened
        yield opened, lambda: self._open(draft)
        if draft.on_board:
            yield opened + timedelta(hours=3), lambda: self._put_on_board(draft, draft.board)
        if draft.hours is not None:
            day = draft.hours_on or draft.closed or TODAY - timedelta(days=1)
            yield max(at(day, 16), opened + timedelta(hours=4)), lambda: self._put_on_board(draft, {HOURS: draft.hours})
        if draft.closed is not None:
            yield max(at(draft.closed, 17), opened + timedelta(hours=5)), lambda: self._close(draft)
        if draft.reopened is not None:
            yield at(draft.reopened, 10), lambda: self._github.reopen(self.issues[draft.key], by=draft.author)
        if draft.archived:
            yield at(TODAY - timedelta(days=2), 12), lambda: self._archive(draft)

    def _open(self, draft: IssueDraft) -> None:
        issue = self._github.open_issue(
            draft.repository,
            draft.title,
            draft.body,
            author=draft.author,
            labels=draft.labels,
            assignees=draft.assignees,
            pull_request=draft.pull_request,
        )
        self.issues[draft.key] = issue
        if draft.parent:
            self._github.add_sub_issue(self.issues[draft.parent], issue, by=draft.author)

    def _put_on_board(self, draft: IssueDraft, cells: Cells) -> None:
        self._github.set_board(self.issues[draft.key], self._board, cells)

    def _close(self, draft: IssueDraft) -> None:
        issue = self.issues[draft.key]
        by = draft.assignees[0] if draft.assignees else draft.author
        if draft.pull_request:
            self._github.merge(issue, by=by)
            return
        original = self.issues[draft.duplicate_of] if draft.duplicate_of else None
        self._github.close(issue, draft.reason, by=by, duplicate_of=original)

    def _archive(self, draft: IssueDraft) -> None:
        for item in self.issues[draft.key].items:
            self._github.archive_item(item)
