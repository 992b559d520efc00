"""What became of known issues that no list showed. Absence is never proof (decision D6): each is asked for by name."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from connectors import queries
from connectors.github_issues import IssueReader, Reading, Unread
from connectors.github_memory import RememberedGitHub
from connectors.github_scope import Labels, Scope
from connectors.wire.github import (
    PARENT_ADDED,
    PARENT_REMOVED,
    IssueEvents,
    IssueReading,
    Repository,
    RestIssue,
    decode_events,
    decode_repository,
    decode_rest_issue,
    issue_path,
)
from connectors.wire.github_json import OddValue, below, connection
from sync.errors import Denied, LimitReached, NotFound, ServiceError
from sync.model.issue import Deleted, KnownIssue, LabelLost, OutOfSight, Verdict

DEEPEST = 8
"""GitHub nests sub-issues eight levels deep."""
GONE = 410
NOT_DELETED = ("disabled", "version", "supported")
"""Words of 410 answers that speak of something else than a deleted issue."""
LIKENESS = 0.4
TIMELINES = 30


@dataclass(frozen=True, slots=True)
class Chain:
    """An issue and the ancestors that were read above it; *trouble* says why the way up ended early."""

    issues: tuple[IssueReading, ...]
    trouble: str = ""


class Lookup:
    """Asks GitHub for single objects by name: issues by REST, repositories and events by GraphQL."""

    def __init__(self, api: RememberedGitHub, labels: Labels, repositories: Collection[Repository]) -> None:
        self._api = api
        self._labels = labels
        self._listed = {one.name.casefold(): one for one in repositories}
        self._asked: dict[str, tuple[Repository | None, tuple[str, ...]]] = {}

    def issue(self, url: str) -> RestIssue | Deleted | OutOfSight:
        """Ask for an issue by its address. Raises Denied and LimitReached."""
        address = issue_path(url)
        if address is None:
            return OutOfSight(f"{url or 'it'} is not the address of an issue")
        repository, number = address
        try:
            return decode_rest_issue(self._api.get("read an issue by name", f"{_path(repository)}/issues/{number}"))
        except (Denied, LimitReached):
            raise
        except NotFound as error:
            return self._gone(repository, error)
        except ServiceError as error:
            return OutOfSight(f"GitHub does not show it: {error}")
        except OddValue as error:
            return OutOfSight(f"GitHub's answer holds an odd value at {error}")

    def _gone(self, repository: str, error: NotFound) -> Deleted | OutOfSight:
        if error.status != GONE:
            return OutOfSight("GitHub answers 404: deleted, moved out of reach, or the token lost access")
        place = self._listed.get(repository.casefold())
        if any(word in error.message.casefold() for word in NOT_DELETED) or (place and not place.has_issues):
            return OutOfSight(f"GitHub answers 410, but not for a deleted issue: {error.message}")
        return Deleted()

    def same_repository(self, former_name: str, reading: IssueReading) -> bool:
        """Tell whether *former_name* is the issue's repository, by its present name or as a former one."""
        if former_name.casefold() == reading.issue.repository.casefold():
            return True
        if former_name.casefold() in self._listed:
            return False
        try:
            answer = self._api.get("read a repository by name", _path(former_name))
        except (Denied, LimitReached):
            raise
        except ServiceError:
            return False
        return bool(reading.repository_id) and answer.get("node_id") == reading.repository_id

    def repository(self, name: str) -> tuple[Repository | None, tuple[str, ...]]:
        """Return a repository and, when it lacks a label, all its labels' names; None when it cannot be read."""
        listed = self._listed.get(name.casefold())
        if listed is not None and listed.labels is not None and len(listed.labels) == len(self._labels.names):
            return listed, ()
        if name not in self._asked:
            self._asked[name] = self._read_repository(name)
        return self._asked[name]

    def _read_repository(self, name: str) -> tuple[Repository | None, tuple[str, ...]]:
        owner, _, short = name.partition("/")
        names = {f"label{number}": label for number, label in enumerate(self._labels.names)}
        try:
            answer = self._api.query(
                "read the labels of a repository",
                lambda _: queries.repository(len(self._labels.names)),
                lambda: {"owner": owner, "name": short} | names,
            )
            data = answer.data.get("repository")
            if not isinstance(data, Mapping):
                return None, ()
            found = decode_repository(data, self._labels.names, below(answer.errors, "repository"))
            return found, tuple(str(one.get("name")) for one in connection(data, "labels").nodes)
        except (Denied, LimitReached):
            raise
        except (ServiceError, OddValue):
            return None, ()

    def events(self, ids: Collection[str]) -> Mapping[str, IssueEvents]:
        """Return what timelines tell; issues whose timeline cannot be read are left out."""
        found: dict[str, IssueEvents] = {}
        wanted = list(dict.fromkeys(ids))
        for start in range(0, len(wanted), TIMELINES):
            found |= self._events(wanted[start : start + TIMELINES])
        return found

    def _events(self, ids: Sequence[str]) -> Mapping[str, IssueEvents]:
        try:
            answer = self._api.query("read timelines", lambda _: queries.ISSUE_EVENTS, lambda: {"ids": list(ids)})
            return decode_events(answer.data)
        except (Denied, LimitReached):
            raise
        except (ServiceError, OddValue):
            return {}


class Whereabouts:
    """Finds known issues that are not among the members of a scope, and brings those back that belong there.

    *listed_at* is when the lists were begun, by GitHub's clock: what changed since may well not be in them.
    """

    def __init__(self, lookup: Lookup, reader: IssueReader, scope: Scope, listed_at: datetime | None) -> None:
        self._lookup = lookup
        self._reader = reader
        self._scope = scope
        self._labels = scope.labels
        self._notes = scope.notes
        self._listed_at = listed_at
        self._parents: dict[str, Reading] = {}
        self._deleted = False
        self._vanished = False

    def settle(self, known: Collection[KnownIssue]) -> tuple[dict[KnownIssue, str], dict[KnownIssue, Verdict]]:
        """Return the known issues that are in scope, with the ids they have now, and verdicts on the others."""
        unmet = [one for one in known if not self._scope.member(one.id, one.url)]
        found, verdicts = self._find(unmet)
        self._take_back(found)
        self._deleted = any(isinstance(one, Deleted) for one in verdicts.values())
        self._vanished = any(isinstance(one, OutOfSight) for one in verdicts.values())
        chains = {one: self._climb(read) for one, read in found.items() if read.issue.id not in self._scope.members}
        self._scope.descend()
        for one, chain in chains.items():
            if found[one].issue.id not in self._scope.members:
                verdicts[one] = self._verdict(one, chain)
        met = {one: self._scope.member(one.id, one.url) for one in known if one not in verdicts}
        return met | {one: read.issue.id for one, read in found.items() if one not in verdicts}, verdicts

    # Finding.

    def _find(self, unmet: Sequence[KnownIssue]) -> tuple[dict[KnownIssue, IssueReading], dict[KnownIssue, Verdict]]:
        """Read issues by node id; those that GitHub does not show so, by their address."""
        found: dict[KnownIssue, IssueReading] = {}
        verdicts: dict[KnownIssue, Verdict] = {}
        readings = self._reader.by_ids([one.id for one in unmet if one.id])
        new_ids: dict[KnownIssue, str] = {}
        for one in unmet:
            match readings.get(one.id) if one.id else Unread("", absent=True):
                case IssueReading() as reading:
                    found[one] = reading
                case Unread(absent=True):
                    answer = self._by_address(one)
                    if isinstance(answer, str):
                        new_ids[one] = answer
                    else:
                        verdicts[one] = answer
                case Unread(reason=reason):
                    verdicts[one] = OutOfSight(reason)
        moved = self._reader.by_ids([one for one in new_ids.values() if one not in self._scope.members])
        moved |= {one: read for one, read in self._scope.members.items() if one in new_ids.values()}
        for one, node_id in new_ids.items():
            match moved[node_id]:
                case IssueReading() as reading:
                    found[one] = reading
                case Unread(reason=reason):
                    verdicts[one] = OutOfSight(f"GitHub shows it only in part: {reason}")
        return found, verdicts

    def _by_address(self, known: KnownIssue) -> str | Verdict:
        """Return the node id of the issue an address leads to, or what is known when it leads nowhere."""
        if not known.url:
            return OutOfSight("GitHub shows nothing under its id, and its address is not known")
        answer = self._lookup.issue(known.url)
        if not isinstance(answer, RestIssue):
            return answer
        if answer.pull_request:
            self._notes.pull_requests.add(answer.id)
            return OutOfSight("it is a pull request")
        return answer.id

    # Issues in scope that no list showed.

    def _take_back(self, found: Mapping[KnownIssue, IssueReading]) -> None:
        """Take labelled issues that the lists left out back into scope, with what is below them."""
        for reading in found.values():
            if self._scope.labelled(reading):
                self._take(reading)
        self._scope.descend()

    def _take(self, reading: IssueReading) -> None:
        if reading.issue.id in self._scope.members:
            return
        if self._listed_at is None or reading.issue.updated_at <= self._listed_at:
            message = f"the list of labelled issues left out {reading.issue.reference}, and perhaps others"
            self._notes.lost(reading.issue.repository, message, "See the next run.")
        self._scope.add(reading)

    def _climb(self, reading: IssueReading) -> Chain:
        """Walk up from an issue without label; a way that ends in scope takes all of it into scope."""
        chain = [reading]
        while above := chain[-1].issue.parent_id:
            if above in self._scope.members:
                self._take_chain(chain)
                break
            if len(chain) > DEEPEST or any(one.issue.id == above for one in chain):
                return Chain(tuple(chain), "the issues above it form a circle or are too many")
            parent = self._read(above)
            if isinstance(parent, Unread):
                return Chain(tuple(chain), f"its parent could not be read: {parent.reason}")
            if self._scope.labelled(parent):
                self._take(parent)
                self._take_chain(chain)
                break
            chain.append(parent)
        return Chain(tuple(chain), "whether it has a parent could not be read" if chain[-1].parent_unread else "")

    def _read(self, node_id: str) -> Reading:
        if node_id not in self._parents:
            self._parents |= self._reader.by_ids([node_id])
        return self._parents[node_id]

    def _take_chain(self, chain: Sequence[IssueReading]) -> None:
        for reading in reversed(chain):
            self._scope.add(reading, under=reading.issue.parent_id or "")

    # Issues that left, or seem to.

    def _verdict(self, known: KnownIssue, chain: Chain) -> Verdict:
        """Judge an issue that was read and carries no label, nor does anything above it."""
        reading, top = chain.issues[0], chain.issues[-1]
        issue = reading.issue
        if chain.trouble:
            return OutOfSight(chain.trouble)
        if not self._scope.within(reading):
            return OutOfSight(f"it is {issue.reference} now, outside of the organisation")
        address = issue_path(known.url)
        if address and not self._lookup.same_repository(address[0], reading):
            return OutOfSight(f"transferred to {issue.reference}, and its label was lost there")
        events = self._lookup.events([issue.id, top.issue.id])
        for link in chain.issues:
            if reason := self._label_gone(link.issue.repository, events.get(issue.id)):
                return OutOfSight(reason)
        if reason := self._perhaps_below(events.get(issue.id), events.get(top.issue.id)):
            return OutOfSight(reason)
        return self._confirmed(reading, top)

    def _perhaps_below(self, own: IssueEvents | None, top: IssueEvents | None) -> str:
        """Say why an issue without visible parent may have one all the same: GitHub is silent about hidden parents."""
        if top and top.last_parent_event == PARENT_ADDED and (self._vanished or not self._deleted):
            return "its timeline names a parent that this token cannot see"
        told = [one for one in (own, top) if one]
        seen_to_leave = any(
            self._labels.profile(one.unlabelled) or one.last_parent_event == PARENT_REMOVED for one in told
        )
        if self._vanished and not seen_to_leave:
            return "known issues are out of sight, and one of them may be above it"
        return ""

    def _label_gone(self, name: str, events: IssueEvents | None) -> str:
        """Say why a repository's labels explain that an issue has none, "" when they do not."""
        repository, labels = self._lookup.repository(name)
        if repository is None or repository.labels is None:
            return f"the labels of {name} could not be read"
        missing = [label for label in self._labels.names if label not in repository.labels]
        if not missing:
            return ""
        if not repository.labels:
            return self._renamed(name, missing[0], labels)
        # It has other profiles' labels. Which one the issue had is not known, unless it was seen to be taken off.
        taken_off = events.unlabelled if events else frozenset()
        if self._labels.profile(taken_off):
            return ""
        return f'it may have had the label "{missing[0]}", which {name} does not have'

    def _renamed(self, name: str, label: str, labels: Sequence[str]) -> str:
        folded = {one.casefold(): one for one in labels}
        near = difflib.get_close_matches(label.casefold(), folded, n=3, cutoff=LIKENESS)
        hint = "to " + " or ".join(f'"{folded[one]}"' for one in near) if near else ""
        message = f'the label "{label}" is gone from {name}: renamed {hint}'.strip() + "?"
        self._notes.problem(name, message, "Put the label back, or add its new name to CSH_GITHUB__LABELS.")
        return message

    def _confirmed(self, reading: IssueReading, top: IssueReading) -> Verdict:
        """Ask a second time, by REST, before an issue is said to have left."""
        for one in {reading.issue.id: reading, top.issue.id: top}.values():
            answer = self._lookup.issue(one.issue.url)
            if not isinstance(answer, RestIssue):
                return answer if one is reading else OutOfSight("an issue above it could not be read a second time")
            if self._labels.profile(answer.labels):
                return OutOfSight(f"GitHub shows {one.issue.reference} with and without the label")
            if one is top and answer.has_parent:
                return OutOfSight(f"{one.issue.reference} has a parent that this token cannot see")
        return LabelLost(reading.issue)


def _path(repository: str) -> str:
    owner, _, name = repository.partition("/")
    return f"/repos/{quote(owner, safe='')}/{quote(name, safe='')}"
