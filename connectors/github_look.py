"""What moved on GitHub since the last look, asked cheaply, and the issues it touches, read anew.

A look sees what moves an issue's own mark (`updatedAt`: bodies, labels, comments, assignees, closing), new issues,
and, where the board's mark moved or `ROWS_LAST` went by, what moves without it, or may: cells of the board, parents,
sub-issues, titles and states. GitHub documents none of this; everything else waits for the next full reading.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors import queries
from connectors.github_api import PageSize
from connectors.github_issues import IssueReader, Notes
from connectors.github_lists import IssueLists, Wanted
from connectors.github_memory import ISSUE, RememberedGitHub
from connectors.github_scope import Labels
from connectors.memory import Shelf
from connectors.queries import ListKind
from connectors.wire.github import IssueReading
from connectors.wire.github_json import Json
from sync.errors import Denied, Rejected
from sync.model.reading import Moved

OVERLAP = timedelta(minutes=2)
"""A look goes back before the last one by so much: lists may be behind."""
SETTLED = timedelta(seconds=5)
"""Marks are told to the second: what moved so shortly before a reading may move again under the same mark."""
ROWS_LAST = timedelta(hours=1)
"""How long board rows, parents and sub-issues of open issues are believed while the board's mark stands."""
CLOSED_LATELY = timedelta(days=14)
"""Closed issues are looked at so long: hours are often filled in after closing."""
REPOSITORIES = 40
"""How many are asked about at once: GitHub was seen to cut lists below more parents than that, in silence."""
ROWS = 100
SINCE, BOARD, ROWS_SEEN = "since", "board", "rows seen"
REPOSITORY, TOTAL, SEEN = "repository", "total", "seen"


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where to look: an organisation, its board, and the labels of the profiles."""

    organisation: str
    project_number: int
    labels: Labels


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
        self._organisation = place.organisation
        self._number = place.project_number
        self._labels = place.labels
        self._clock = clock

    def begin(self) -> None:
        """Note where everything stands before everything is read."""
        movements = self._ask()
        if not movements.whole:
            return
        for one in movements.repositories:
            self._shelf.put(REPOSITORY, str(one["id"]), _static(one))
            self._shelf.put(TOTAL, str(one["id"]), _total(one))
        if movements.board is not None:
            self._remember_board(movements.board)
        self._note(movements, {})

    def since(self, make_reader: Callable[[Notes], IssueReader]) -> Moved:
        """Look, and read anew what moved. Unsure where a look cannot tell what has to be read."""
        movements = self._ask()
        if not movements.whole or self._is_another_world(movements):
            return Moved.UNSURE
        notes = Notes()
        marks = self._changed(movements, notes)
        if marks is None:
            return Moved.UNSURE
        stale = {one for one, mark in marks.items() if self._shelf.get(SEEN, one) != mark}
        rows_due = self._rows_are_due(movements)
        if rows_due:
            stale |= self._moved_rows()
        moved = self._read_anew(stale, make_reader(notes), notes)
        if not notes.complete:
            return Moved.UNSURE
        self._note(movements, marks, rows=rows_due)
        return moved

    # Asking.

    def _ask(self) -> Movements:
        try:
            return self._asked(board=True)
        except (Denied, Rejected):
            return self._asked(board=False)  # a token that may not see boards; why is told by the reading

    def _asked(self, *, board: bool) -> Movements:
        labels = self._labels.names
        variables: dict[str, Any] = {"login": self._organisation, "first": REPOSITORIES}
        variables |= {f"label{number}": label for number, label in enumerate(labels)}
        variables |= {"number": self._number} if board else {}
        found = Movements(datetime.min.replace(tzinfo=UTC))
        after: str | None = None
        while True:
            answer = self._github.api.query(
                "look what moved",
                lambda parts: queries.movements(parts, len(labels), board=board),
                lambda: {**variables, "after": after},  # noqa: B023  sent at once
            )
            if after is None:
                found.asked_at = self._github.api.clock.now() or found.asked_at
            place = answer.data.get("organization")
            page = place.get("repositories") if isinstance(place, Mapping) else None
            nodes = page.get("nodes") if isinstance(page, Mapping) else None
            if not isinstance(place, Mapping) or not isinstance(page, Mapping) or not isinstance(nodes, list):
                found.whole = False
                return found
            project = place.get("projectV2")
            found.board = project if isinstance(project, dict) else found.board
            found.repositories += [one for one in nodes if isinstance(one, dict) and one.get("id")]
            found.whole = found.whole and not answer.errors and all(isinstance(one, dict) for one in nodes)
            info = page.get("pageInfo")
            following = info.get("endCursor") if isinstance(info, Mapping) and info.get("hasNextPage") else None
            if not following or following == after:
                return found
            after = str(following)

    # Judging.

    def _is_another_world(self, movements: Movements) -> bool:
        """Tell whether a repository came, went or changed, lost issues, or the board's columns changed."""
        if self._shelf.keys(REPOSITORY) != {str(one["id"]) for one in movements.repositories}:
            return True
        for one in movements.repositories:
            known = self._shelf.get(TOTAL, str(one["id"]))
            if self._shelf.get(REPOSITORY, str(one["id"])) != _static(one) or _total(one) < known:
                return True
        return movements.board is not None and self._remember_board(movements.board)

    def _remember_board(self, board: Json) -> bool:
        columns = {name: value for name, value in board.items() if name != "updatedAt"}
        variables = {"login": self._organisation, "number": self._number}
        return self._github.remember("read the board", variables, {"organization": {"projectV2": columns}})

    def _changed(self, movements: Movements, notes: Notes) -> dict[str, str] | None:
        """Return the issues whose mark moved since shortly before the last look, with their marks."""
        since = datetime.fromisoformat(self._shelf.mark(SINCE)) - OVERLAP
        found: dict[str, str] = {}
        longer = []
        for one in movements.repositories:
            newest = _newest(one)
            recent = {str(node["id"]): str(node["updatedAt"]) for node in newest if _moment(node) >= since}
            found |= recent
            if len(recent) == len(newest) < _total(one):
                longer.append(str(one["nameWithOwner"]))
        if longer:
            wanted = [Wanted(ListKind.CHANGED, name, since=since.isoformat()) for name in longer]
            lists = IssueLists(self._github.api, PageSize(100), notes).read(wanted)
            found |= {
                str(node["id"]): str(node["updatedAt"]) for listed in lists.values() for node in listed.nodes.values()
            }
        return found if notes.complete else None

    def _rows_are_due(self, movements: Movements) -> bool:
        seen = self._shelf.mark(ROWS_SEEN)
        age = self._clock() - datetime.fromisoformat(seen) if seen else ROWS_LAST
        return movements.board_mark != self._shelf.mark(BOARD) or not timedelta() <= age < ROWS_LAST

    def _moved_rows(self) -> set[str]:
        """Return open and lately closed issues whose row, parent or number of sub-issues is another than was read."""
        wanted: dict[str, str] = {}
        marks: dict[str, tuple[Any, ...]] = {}
        for node_id, issue in self._shelf.items(ISSUE):
            if _is_settled(issue, self._clock()):
                continue
            rows = [row for row in _nodes(issue, "projectItems") if row.get("id")]
            marks[node_id] = _marks(issue)
            wanted |= {str(row["id"]): node_id for row in rows} or {node_id: node_id}
            marks |= {str(row["id"]): (row.get("updatedAt"), row.get("isArchived")) for row in rows}
        stale = set()
        ids = list(wanted)
        for start in range(0, len(ids), ROWS):
            batch = ids[start : start + ROWS]
            answer = self._github.api.query(
                "look at board rows",
                lambda _: queries.BOARD_ROWS,
                lambda batch=batch: {"ids": batch},  # type: ignore[misc]
            )
            given = answer.data.get("nodes")
            nodes = given if isinstance(given, list) and len(given) == len(batch) else [None] * len(batch)
            for asked, node in zip(batch, nodes, strict=True):
                if not isinstance(node, Mapping) or not _stands(node, asked, marks, wanted[asked]):
                    stale.add(wanted[asked])
        return stale

    # Reading anew.

    def _read_anew(self, stale: Iterable[str], reader: IssueReader, notes: Notes) -> Moved:
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
                labelled = self._is_labelled(reading)
                place = f"the list of {reading.issue.repository}" if labelled else ""
                listed = self._github.list_issue(one, place)
                if listed or former is None or node is None or _content(former) != _content(node):
                    moved = Moved.YES
                above = {reading.issue.parent_id, _parent(former)}
                if former is None or len(above) > 1:
                    families |= {parent for parent in above if parent and self._github.issue(parent) is not None}
            waiting = families - done
        return moved

    def _belongs(self, reading: IssueReading, former: Json | None) -> bool:
        """Tell whether an issue that moved is one of ours: known, labelled, or below one that is."""
        if former is not None or self._is_labelled(reading):
            return True
        above = reading.issue.parent_id
        return above is not None and self._github.issue(above) is not None

    def _is_labelled(self, reading: IssueReading) -> bool:
        within = reading.issue.repository.partition("/")[0].casefold() == self._organisation.casefold()
        return within and bool(self._labels.profile(reading.issue.labels))

    # Noting.

    def _note(self, movements: Movements, marks: Mapping[str, str], *, rows: bool = True) -> None:
        for one in movements.repositories:
            self._shelf.put(TOTAL, str(one["id"]), _total(one))
        settled = movements.asked_at - SETTLED
        recent = {str(node["id"]): str(node["updatedAt"]) for one in movements.repositories for node in _newest(one)}
        window = movements.asked_at - OVERLAP - ROWS_LAST
        kept = {one: mark for one, mark in {**recent, **marks}.items() if window <= _parsed(mark) < settled}
        self._shelf.replace(SEEN, kept.items())
        self._shelf.set_mark(SINCE, movements.asked_at.isoformat())
        if rows:
            self._shelf.set_mark(BOARD, movements.board_mark)
            self._shelf.set_mark(ROWS_SEEN, self._clock().isoformat())


def _static(repository: Json) -> dict[str, Any]:
    return {name: value for name, value in repository.items() if name != "issues"}


def _total(repository: Json) -> int:
    issues = repository.get("issues")
    total = issues.get("totalCount") if isinstance(issues, Mapping) else None
    return total if isinstance(total, int) else 0


def _newest(repository: Json) -> list[Json]:
    return [one for one in _nodes(repository, "issues") if one.get("id") and one.get("updatedAt")]


def _nodes(data: Json, name: str) -> Sequence[Json]:
    found = data.get(name)
    nodes = found.get("nodes") if isinstance(found, Mapping) else None
    return [one for one in nodes if isinstance(one, Mapping)] if isinstance(nodes, list) else []


def _moment(node: Json) -> datetime:
    return _parsed(str(node["updatedAt"]))


def _parsed(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _is_settled(issue: Json, now: datetime) -> bool:
    """Tell whether an issue was closed so long ago that its row is not looked at."""
    closed = issue.get("closedAt")
    return isinstance(closed, str) and _parsed(closed) < now - CLOSED_LATELY


def _parent(issue: Json | None) -> str | None:
    above = issue.get("parent") if issue is not None else None
    return str(above["id"]) if isinstance(above, Mapping) and above.get("id") else None


def _marks(issue: Json) -> tuple[Any, ...]:
    """Return what shows that an issue is as it was read: its mark, title, state, parent and number of sub-issues."""
    summary = issue.get("subIssuesSummary")
    own = (issue.get("updatedAt"), issue.get("title"), issue.get("state"))
    return *own, _parent(issue), summary.get("total") if isinstance(summary, Mapping) else None


def _stands(node: Json, asked: str, marks: Mapping[str, tuple[Any, ...]], issue_id: str) -> bool:
    if node.get("id") != asked:
        return False
    if asked == issue_id:
        return _marks(node) == marks[issue_id]
    content = node.get("content")
    is_as_read = isinstance(content, Mapping) and _marks(content) == marks[issue_id]
    return is_as_read and (node.get("updatedAt"), node.get("isArchived")) == marks[asked]


def _content(issue: Json) -> dict[str, Any]:
    """Return what an issue holds, without the moments of its last change: a comment moves those alone."""
    kept = {name: value for name, value in issue.items() if name != "updatedAt"}
    rows = kept.get("projectItems")
    if isinstance(rows, Mapping):
        nodes = [
            {name: value for name, value in row.items() if name != "updatedAt"} for row in _nodes(issue, "projectItems")
        ]
        kept["projectItems"] = {**rows, "nodes": nodes}
    return kept
