"""What moved on GitHub since the last look, asked cheaply, and the issues it touches, read anew.

A look sees what moves an issue's own mark (`updatedAt`: bodies, labels, comments, assignees, closing), new issues,
and what `connectors.github_rows` looks at. GitHub documents none of this; everything else waits for the next full
reading.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors import queries
from connectors.github_api import PageSize
from connectors.github_issues import IssueReader, Notes
from connectors.github_lists import IssueLists, Wanted
from connectors.github_memory import ISSUE, RememberedGitHub
from connectors.github_movements import Movements, Place, movements, newest, nodes_of, parsed, total
from connectors.github_rows import BoardRows, parent_of
from connectors.github_verdicts import TIMELINES
from connectors.memory import Shelf
from connectors.queries import ListKind
from connectors.turns import LASTS
from connectors.wire.github import IssueReading, decode_events
from connectors.wire.github_json import Json, OddValue
from sync.errors import Rejected
from sync.model.reading import Moved

OVERLAP = timedelta(minutes=5)
"""A look goes back before the last one by so much, by GitHub's own clock: lists may be behind (fault C20)."""
SETTLED = timedelta(seconds=5)
"""Marks are told to the second: what moved so shortly before a reading may move again under the same mark."""
SINCE, BOARD = "since", "board"
REPOSITORY, TOTAL, SEEN = "repository", "total", "seen"


class Look:
    """One look. *clock* tells the moment decisions are made for (decision D15), which paces what has its own pace."""

    def __init__(
        self,
        github: RememberedGitHub,
        shelf: Shelf,
        place: Place,
        clock: Callable[[], datetime],
    ) -> None:
        self._github = github
        self._shelf = shelf
        self._place = place
        self._rows = BoardRows(github, shelf, clock)

    def begin(self) -> None:
        """Note where everything stands before everything is read."""
        found = movements(self._github.api, self._place)
        if not found.whole:
            return
        for one in found.repositories:
            self._shelf.put(REPOSITORY, str(one["id"]), _static(one))
            self._shelf.put(TOTAL, str(one["id"]), total(one))
        if found.board is not None:
            self._remember_board(found.board)
        self._rows.begin()
        self._note(found, {})

    def since(self, make_reader: Callable[[Notes], IssueReader]) -> Moved:
        """Look, and read anew what moved. Unsure where a look cannot tell what has to be read."""
        found = movements(self._github.api, self._place)
        if not found.whole or self._is_another_world(found):
            return Moved.UNSURE
        notes = Notes()
        marks = self._changed(found, notes)
        if marks is None:
            return Moved.UNSURE
        stale = {one for one, mark in marks.items() if not self._is_as_read(one, mark)}
        if found.board_mark != self._shelf.mark(BOARD):
            stale |= self._rows.all_that_moved()
        else:
            stale |= self._rows.some_that_moved(busy=bool(stale))
        newcomers: set[str] = set()
        moved = self._read_anew(stale, make_reader(notes), notes, newcomers)
        if not notes.complete or self._may_be_known(sorted(newcomers)):
            return Moved.UNSURE
        self._note(found, marks)
        return moved

    # Judging.

    def _is_another_world(self, found: Movements) -> bool:
        """Tell whether a repository came, went or changed, lost issues, or the board's columns changed."""
        if self._shelf.keys(REPOSITORY) != {str(one["id"]) for one in found.repositories}:
            return True
        for one in found.repositories:
            known = self._shelf.get(TOTAL, str(one["id"]))
            if self._shelf.get(REPOSITORY, str(one["id"])) != _static(one) or total(one) < known:
                return True
        return found.board is not None and self._remember_board(found.board)

    def _remember_board(self, board: Json) -> bool:
        columns = {name: value for name, value in board.items() if name != "updatedAt"}
        variables = {"login": self._place.organisation, "number": self._place.project_number}
        return self._github.remember("read the board", variables, {"organization": {"projectV2": columns}})

    def _changed(self, moved: Movements, notes: Notes) -> dict[str, str] | None:
        """Return the issues whose mark moved since shortly before the last look, with their marks."""
        since = datetime.fromisoformat(self._shelf.mark(SINCE)) - OVERLAP
        found: dict[str, str] = {}
        longer = []
        for one in moved.repositories:
            latest = newest(one)
            recent = {str(node["id"]): str(node["updatedAt"]) for node in latest if _moment(node) >= since}
            found |= recent
            if len(recent) == len(latest) < total(one):
                longer.append(str(one["nameWithOwner"]))
        if longer:
            wanted = [Wanted(ListKind.CHANGED, name, since=since.isoformat()) for name in longer]
            lists = IssueLists(self._github.api, PageSize(100), notes).read(wanted)
            found |= {
                str(node["id"]): str(node["updatedAt"]) for listed in lists.values() for node in listed.nodes.values()
            }
        return found if notes.complete else None

    def _is_as_read(self, node_id: str, mark: str) -> bool:
        """Tell whether an issue was read under its mark, late enough for the mark not to stand for two changes."""
        if self._shelf.get(SEEN, node_id) == mark:
            return True
        known = self._github.issue(node_id)
        settled = parsed(mark) < datetime.fromisoformat(self._shelf.mark(SINCE)) - SETTLED
        return settled and known is not None and known.get("updatedAt") == mark

    # Reading anew.

    def _read_anew(self, stale: Iterable[str], reader: IssueReader, notes: Notes, newcomers: set[str]) -> Moved:
        """Read issues and, where they brought others up, those; add to *newcomers* what was not known before."""
        moved, waiting = Moved.NO, set(stale)
        done: set[str] = set()
        while waiting:
            before = {one: self._github.issue(one) for one in waiting}
            self._github.drop_issues(waiting)
            readings = reader.by_ids(sorted(waiting))
            done |= waiting
            families: set[str] = set()
            for one, reading in readings.items():
                former = before[one]
                if not isinstance(reading, IssueReading):
                    if former is not None:
                        notes.complete = False  # what became of it only a full reading can tell
                    continue
                node = self._github.issue(one)
                if not self._belongs(reading, former):
                    self._shelf.drop(ISSUE, one)
                    continue
                newcomers |= {one} if former is None else set()
                labelled = self._is_labelled(reading)
                place = f"the list of {reading.issue.repository}" if labelled else ""
                listed = self._github.list_issue(one, place)
                if listed or former is None or node is None or _content(former) != _content(node):
                    moved = Moved.YES
                above = {reading.issue.parent_id, parent_of(former)}
                if former is None or len(above) > 1:
                    families |= {parent for parent in above if parent and self._github.issue(parent) is not None}
            waiting = families - done
        return moved

    def _may_be_known(self, newcomers: Sequence[str]) -> bool:
        """Tell whether any of them came from another repository: its task is there, under its former address.

        A repository that lost an issue and got another one in the meantime counts as many as before.
        """
        for start in range(0, len(newcomers), TIMELINES):
            batch = newcomers[start : start + TIMELINES]
            try:
                answer = self._github.api.query(
                    "read timelines",
                    lambda _: queries.ISSUE_EVENTS,
                    lambda batch=batch: {"ids": batch},  # type: ignore[misc]
                )
                events = decode_events(answer.data)
            except (Rejected, OddValue):
                return True
            if any(one not in events or events[one].transferred for one in batch):
                return True
        return False

    def _belongs(self, reading: IssueReading, former: Json | None) -> bool:
        """Tell whether an issue that moved is one of ours: known, labelled, or below one that is."""
        if former is not None or self._is_labelled(reading):
            return True
        above = reading.issue.parent_id
        return above is not None and self._github.issue(above) is not None

    def _is_labelled(self, reading: IssueReading) -> bool:
        within = reading.issue.repository.partition("/")[0].casefold() == self._place.organisation.casefold()
        return within and bool(self._place.labels.profile(reading.issue.labels))

    # Noting.

    def _note(self, found: Movements, marks: Mapping[str, str]) -> None:
        for one in found.repositories:
            self._shelf.put(TOTAL, str(one["id"]), total(one))
        settled = found.asked_at - SETTLED
        recent = {str(node["id"]): str(node["updatedAt"]) for node in found.newest()}
        window = found.asked_at - OVERLAP - LASTS
        kept = {one: mark for one, mark in {**recent, **marks}.items() if window <= parsed(mark) < settled}
        self._shelf.replace(SEEN, kept.items())
        self._shelf.set_mark(SINCE, found.asked_at.isoformat())
        self._shelf.set_mark(BOARD, found.board_mark)


def _static(repository: Json) -> dict[str, Any]:
    return {name: value for name, value in repository.items() if name != "issues"}


def _moment(node: Json) -> datetime:
    return parsed(str(node["updatedAt"]))


def _content(issue: Json) -> dict[str, Any]:
    """Return what an issue holds, without the moments of its last change: a comment moves those alone."""
    kept = {name: value for name, value in issue.items() if name != "updatedAt"}
    rows = kept.get("projectItems")
    if isinstance(rows, Mapping):
        nodes = [
            {name: value for name, value in row.items() if name != "updatedAt"}
            for row in nodes_of(issue, "projectItems")
        ]
        kept["projectItems"] = {**rows, "nodes": nodes}
    return kept
