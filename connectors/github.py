"""GitHub: issues in scope, what stands on the board, and what became of known issues. Here it is only read."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import TYPE_CHECKING

from connectors import queries
from connectors.github_api import ACCESS_REMEDY, SERVICE, GitHubApi, PageSize
from connectors.github_calendar import read_calendar
from connectors.github_issues import IssueReader, Notes
from connectors.github_lists import IssueLists, Wanted
from connectors.github_look import SINCE, Look
from connectors.github_memory import LISTS, RememberedGitHub
from connectors.github_movements import Place
from connectors.github_scope import Labels, Scope
from connectors.github_verdicts import Lookup, Whereabouts
from connectors.memory import Shelf
from connectors.queries import ListKind
from connectors.retry import told
from connectors.wire.github import (
    IssueReading,
    Repository,
    RestIssue,
    decode_people,
    decode_repository,
    with_people,
)
from connectors.wire.github_board import BoardPlan, HoursRules, decode_board
from connectors.wire.github_json import OddValue, spelled
from sync.errors import Denied, LimitReached, Rejected, Transient
from sync.model.addresses import same_address
from sync.model.cost import Cost
from sync.model.issue import (
    Closing,
    Issue,
    IssueSnapshot,
    KnownIssue,
    OutOfSight,
    Person,
    ScopedIssue,
    Verdict,
)
from sync.model.reading import Moved

if TYPE_CHECKING:
    from connectors.github_back_links import GitHubBackLinks
    from connectors.github_planning import GitHubPlanning

PAGE = 100
PEOPLE = 100
ORGANISATION_REMEDY = "Check CSH_GITHUB__ORG, it is NAME in github.com/NAME. " + ACCESS_REMEDY
BOARD_REMEDY = "Check CSH_GITHUB__PROJECT_NUMBER. " + ACCESS_REMEDY


@dataclass(frozen=True, slots=True)
class _Sought:
    """What to read, as the settings say it."""

    organisation: str
    project_number: int
    hours_names: tuple[str, ...]
    board_names: Mapping[str, str]
    labels: Labels
    hours_rules: HoursRules
    sentinel: str


class GitHubConnector:
    """Reads the issues of one organisation.

    *labels* are those of the profiles, in order, *profile_of* as in `Labels`; *board_names* maps our names of the
    board's columns to GitHub's names or ids, "" for none; *zone* decides on which day an hours value was written. With
    a *shelf* what was read is remembered between runs; *clock* tells the moment decisions are made for.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        org: str,
        project_number: int,
        hours_field: str,
        hours_field_aliases: Sequence[str],
        labels: Sequence[str],
        profile_of: Mapping[str, str] = MappingProxyType({}),
        board_names: Mapping[str, str],
        max_hours: int,
        sentinel_issue: str,
        zone: tzinfo,
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
        shelf: Shelf | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._shelf = shelf
        self._clock = clock
        self._api = GitHubApi(token=token, api_url=api_url, sleep=sleep, before_write=before_write)
        names = (hours_field, *hours_field_aliases)
        profiles = Labels(tuple(dict.fromkeys(labels)), profile_of)
        rules = HoursRules(zone, max_hours)
        self._sought = _Sought(org, project_number, names, board_names, profiles, rules, sentinel_issue)

    def cost(self) -> Cost:
        """Tell what was asked so far, in points of the token's hour."""
        points = self._api.points
        return Cost(SERVICE, self._api.asked, points.spent, "points", points.an_hour, timedelta(hours=1))

    def server_now(self) -> datetime | None:
        """Return the moment it is at GitHub, as its last answer said; None when it did not say."""
        return self._api.clock.now()

    def close(self) -> None:
        """Let go of the connections."""
        self._api.close()

    def planning(self, repository: str) -> "GitHubPlanning":
        """Return the planning repository (``owner/name``), over the same connection."""
        from connectors.github_planning import GitHubPlanning  # noqa: PLC0415  only where it is switched on

        return GitHubPlanning(self._api, repository, self._sought.project_number)

    def back_links(self) -> "GitHubBackLinks":
        """Return the comments of ours on issues, over the same connection."""
        from connectors.github_back_links import GitHubBackLinks  # noqa: PLC0415  only where they are switched on

        return GitHubBackLinks(self._api)

    def read(self, known: Collection[KnownIssue]) -> IssueSnapshot:
        """Read every issue in scope, and the verdict on each known one that is not among them.

        A list that ends early makes the snapshot incomplete. Raises Denied when the token or the organisation is
        refused, LimitReached and Transient when GitHub does not answer in time.
        """
        github = self._remembered()
        if self._shelf is not None and not self.is_known():
            self._look(github, self._shelf).begin()
        snapshot = _Run(github, self._sought).snapshot(known)
        github.end()
        return snapshot

    # What is remembered between runs.

    def is_known(self) -> bool:
        """Tell whether everything was read before, so that a look is enough."""
        return self._shelf is not None and bool(self._shelf.mark(SINCE)) and bool(self._shelf.mark(LISTS))

    def look(self, *, hasty: bool = False) -> Moved:
        """Ask what moved since the last look, and read it anew; hasty looks ask nothing, nobody else writes here."""
        if self._shelf is None or not self.is_known():
            return Moved.UNSURE
        if hasty:
            return Moved.NO
        github = self._remembered()
        moved = self._look(github, self._shelf).since(_Run(github, self._sought).reader)
        github.end()
        return moved

    def read_again(self) -> None:
        """Let the next reading ask for everything anew."""
        if self._shelf is not None:
            self._shelf.forget()

    def _remembered(self) -> RememberedGitHub:
        github = RememberedGitHub(self._api, self._shelf)
        github.begin()
        return github

    def _look(self, github: RememberedGitHub, shelf: Shelf) -> Look:
        sought = self._sought
        place = Place(sought.organisation, sought.project_number, sought.labels)
        return Look(github, shelf, place, self._clock)


class _Run:
    """One reading, top to bottom."""

    def __init__(self, api: RememberedGitHub, sought: _Sought) -> None:
        self._api = api
        self._sought = sought
        self._notes = Notes()
        self._size = PageSize(PAGE)

    def reader(self, notes: Notes) -> IssueReader:
        """Return what reads issues, as the board's columns are known."""
        return IssueReader(self._api, self._board(), self._sought.hours_rules, notes)

    def snapshot(self, known: Collection[KnownIssue]) -> IssueSnapshot:
        """Read everything."""
        sought, notes = self._sought, self._notes
        repositories = self._repositories()
        listed_at = self._api.api.clock.now()
        board = self._board()
        reader = IssueReader(self._api, board, sought.hours_rules, notes)
        scope = Scope(reader, sought.labels, sought.organisation, notes)
        scope.add_listed(self._labelled(repositories))
        scope.descend()
        lookup = Lookup(self._api, sought.labels, repositories)
        met, verdicts = Whereabouts(lookup, reader, scope, listed_at).settle(known)
        issues = self._finished(scope, lookup)
        self._look_for_sentinel(scope, lookup)
        iterations = read_calendar(self._api, board, notes)
        self._note_sunset()
        return IssueSnapshot(
            issues=_with_former(scope.scoped(issues), met),
            verdicts=_by_url(verdicts),
            complete=notes.complete,
            problems=tuple(notes.problems),
            board_columns=frozenset(board.columns),
            drift=board.drift,
            pull_requests=len(notes.pull_requests),
            iterations=iterations,
        )

    # Repositories and their labelled issues.

    def _repositories(self) -> tuple[Repository, ...]:
        """List all repositories of the organisation, archived ones too."""
        labels = self._sought.labels.names
        variables = {"login": self._sought.organisation}
        variables |= {f"label{number}": label for number, label in enumerate(labels)}
        operation, path = "read the organisation", ("organization", "repositories")
        found: dict[str, Repository] = {}
        try:
            for page in self._api.pages(
                operation, lambda _: queries.repositories(len(labels)), variables, path, self._size
            ):
                self._notes.lost_of_page("the list of repositories", page)
                for node, errors in page.nodes:
                    repository = decode_repository(node, labels, errors)
                    found[repository.id] = repository
        except (Rejected, OddValue) as error:
            reason = told(error) if isinstance(error, Rejected) else str(error)
            raise Denied(SERVICE, operation, reason, remedy=ORGANISATION_REMEDY) from error
        return tuple(found.values())

    def _labelled(self, repositories: Iterable[Repository]) -> dict[str, str]:
        """List labelled issues, with the list each is in; a list that fails does not stop the others."""
        known = self._api.labelled()
        if known is not None:
            return known
        wanted: list[Wanted] = []
        for repository in repositories:
            has = repository.labels
            if has is None:
                self._notes.lost(repository.name, "whether it has the label could not be read")
            wanted += [
                Wanted(ListKind.LABELLED, repository.name, has[label] if has else label)
                for label in self._sought.labels.names
                if has is None or label in has
            ]
        lists = IssueLists(self._api.api, self._size, self._notes).read(wanted)
        found = {node_id: one.place for one, listed in lists.items() for node_id in listed.nodes}
        self._api.keep_labelled(found)
        return found

    # The board.

    def _board(self) -> BoardPlan:
        """Read the columns of the configured board; why it cannot be read is told once, and by every issue."""
        sought, reason = self._sought, ""
        variables = {"login": sought.organisation, "number": sought.project_number}
        try:
            answer = self._api.query("read the board", queries.board, lambda: variables)
            organisation = answer.data.get("organization")
            project = organisation.get("projectV2") if isinstance(organisation, Mapping) else None
            if isinstance(project, Mapping):
                plan, problems = decode_board(project, sought.hours_names, sought.board_names)
                self._notes.problems += problems
                return plan
            reason = spelled(answer.errors) or "there is no such board"
        except LimitReached:
            raise
        except (Rejected, Transient) as error:
            reason = str(error)
        except OddValue as error:
            reason = f"odd value at {error}"
        self._notes.problem(f"board {sought.project_number}", f"cannot be read: {reason}", BOARD_REMEDY)
        return BoardPlan(unreadable=f"board {sought.project_number} could not be read")

    # What is asked for when all issues are read.

    def _finished(self, scope: Scope, lookup: Lookup) -> dict[str, Issue]:
        """Return the issues in scope with their assignees' names and addresses, and conversions seen for what they are.

        GitHub shows an issue that became a discussion as closed and locked; only its timeline tells.
        """
        people = self._people(scope.members.values())
        locked = [one for one, read in scope.members.items() if read.locked and read.issue.closing is not Closing.OPEN]
        events = lookup.events(locked)
        issues = {one: with_people(read, people) for one, read in scope.members.items()}
        for one in (one for one in locked if one in events and events[one].converted):
            message = "was converted to a discussion; its task stays as it is"
            self._notes.problem(issues[one].reference, message, "Decide by hand what becomes of the task.")
            issues[one] = replace(issues[one], closing=Closing.UNKNOWN)
        return issues

    def _people(self, readings: Iterable[IssueReading]) -> dict[str, Person]:
        """Read the assignees' profiles; where the token may not, people are known by login alone."""
        ids = sorted({one for reading in readings for one in reading.assignee_ids if one})
        found: dict[str, Person] = {}
        for start in range(0, len(ids), PEOPLE):
            batch = ids[start : start + PEOPLE]
            try:
                answer = self._api.query("read people", lambda _: queries.PEOPLE, lambda batch=batch: {"ids": batch})  # type: ignore[misc]
                found |= decode_people(answer.data)
            except LimitReached:
                raise
            except Denied as error:
                if error.status == 401:
                    raise
            except (Rejected, Transient, OddValue):
                continue
        return found

    def _look_for_sentinel(self, scope: Scope, lookup: Lookup) -> None:
        """Make the reading incomplete when the issue that must be visible is not (decision D11)."""
        url = self._sought.sentinel
        if not url or scope.member("", url):
            return
        answer = lookup.issue(url)
        if not isinstance(answer, RestIssue):
            reason = answer.reason if isinstance(answer, OutOfSight) else "it was deleted"
            remedy = "Check the token's access, or set sentinels.issue to another issue."
            self._notes.lost(url, f"the sentinel issue is not visible: {reason}", remedy)

    def _note_sunset(self) -> None:
        if self._api.sunset:
            self._notes.problem("REST API", f"this version ends on {self._api.sunset}", "Update csh-sync before then.")


def _with_former(scoped: Mapping[str, ScopedIssue], met: Mapping[KnownIssue, str]) -> dict[str, ScopedIssue]:
    """Return the issues with the ids and addresses under which a destination still knows them."""
    ids: dict[str, list[str]] = {}
    urls: dict[str, list[str]] = {}
    for known, node_id in met.items():
        issue = scoped[node_id].issue
        if known.id and known.id != node_id:
            ids.setdefault(node_id, []).append(known.id)
        if known.url and same_address(known.url) != same_address(issue.url):
            urls.setdefault(node_id, []).append(known.url)
    return {
        one: replace(scope, former_ids=tuple(sorted(ids.get(one, ()))), former_urls=tuple(sorted(urls.get(one, ()))))
        for one, scope in scoped.items()
    }


def _by_url(verdicts: Mapping[KnownIssue, Verdict]) -> dict[str, Verdict]:
    """Return verdicts by address, else by id; of two on one address the one that proves nothing stands."""
    found: dict[str, Verdict] = {}
    for known, verdict in verdicts.items():
        key = known.url or known.id
        if not isinstance(found.get(key), OutOfSight):
            found[key] = verdict
    return found
