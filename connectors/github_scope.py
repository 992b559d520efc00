"""Which issues are in scope: those that carry a profile's label, and all that descend from one."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from connectors.github_api import SERVICE
from connectors.github_issues import IssueReader, Notes, Unread
from connectors.wire.github import IssueReading
from sync.model.addresses import same_address
from sync.model.issue import Issue, ScopedIssue
from sync.model.reading import Problem


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of the profiles, in order. GitHub ignores case; only whole names count.

    *profile_of* names the profile of a label that is another name for an earlier one's.
    """

    names: tuple[str, ...]
    profile_of: Mapping[str, str] = field(default_factory=dict)

    def profile(self, labels: Iterable[str]) -> str:
        """Return the first profile whose label is among *labels*, "" when there is none."""
        folded = {one.casefold() for one in labels}
        name = next((name for name in self.names if name.casefold() in folded), "")
        return self.profile_of.get(name, name)


class Scope:
    """Collects the issues in scope in the order they are read, each once."""

    def __init__(self, reader: IssueReader, labels: Labels, organisation: str, notes: Notes) -> None:
        self._reader = reader
        self.labels = labels
        self._organisation = organisation.casefold()
        self.notes = notes
        self._found_under: dict[str, str] = {}
        self._asked: set[str] = set()
        self._by_address: dict[str, str] = {}
        self.members: dict[str, IssueReading] = {}

    def labelled(self, reading: IssueReading) -> bool:
        """Tell whether the issue itself carries a profile's label, in a repository of the organisation."""
        return self.within(reading) and bool(self.labels.profile(reading.issue.labels))

    def within(self, reading: IssueReading) -> bool:
        """Tell whether the issue is in a repository of the organisation."""
        return reading.issue.repository.partition("/")[0].casefold() == self._organisation

    def add_listed(self, listed: Mapping[str, str]) -> None:
        """Read issues that lists of labelled ones name, and keep those that do carry the label.

        *listed* maps their ids to what people call the list.
        """
        readings = self._reader.by_ids(listed)
        doubtful = [one for one, read in readings.items() if isinstance(read, IssueReading) and not self.labelled(read)]
        for one in doubtful:
            # The list says that the label is there: a wide answer may have been cut short, so ask once more.
            readings |= self._reader.by_ids([one])
        for node_id, reading in readings.items():
            if isinstance(reading, Unread):
                self._tell_unread(node_id, reading, listed[node_id])
            elif self.labelled(reading):
                self.add(reading)

    def add(self, reading: IssueReading, under: str = "") -> None:
        """Take an issue into scope: for its own label, or as found *under* one that is."""
        node_id = reading.issue.id
        if node_id in self.members:
            return
        self.members[node_id] = reading
        self._by_address[same_address(reading.issue.url)] = node_id
        if under:
            self._found_under[node_id] = under

    def descend(self) -> None:
        """Read what is below the members, level by level, each issue once."""
        while wanted := self._children_to_read():
            self._asked |= wanted.keys()
            for node_id, reading in self._reader.by_ids(wanted).items():
                above = wanted[node_id]
                if isinstance(reading, IssueReading):
                    self.add(reading, under=above)
                else:
                    self._tell_unread(node_id, reading, f"a sub-issue of {self.members[above].issue.reference}")

    def _children_to_read(self) -> dict[str, str]:
        """Return ids of children that are not read yet, with the parent that names them."""
        wanted: dict[str, str] = {}
        for parent in self.members.values():
            for child in parent.issue.child_ids:
                if child not in self.members and child not in self._asked:
                    wanted.setdefault(child, parent.issue.id)
        return wanted

    def _tell_unread(self, node_id: str, reading: Unread, place: str) -> None:
        if not reading.no_issue:
            self.notes.lost(place, f"an issue could not be read ({node_id}): {reading.reason}")

    def member(self, node_id: str, url: str) -> str:
        """Return the id under which an issue is in scope, by its id, else by its address; "" when it is not."""
        if node_id in self.members:
            return node_id
        return self._by_address.get(same_address(url), "") if url else ""

    def scoped(self, issues: Mapping[str, Issue]) -> dict[str, ScopedIssue]:
        """Return the members as they are in *issues*, each under its parent and with its profile."""
        parents, cycles = settle_parents({one: read.issue for one, read in self.members.items()}, self._found_under)
        for problem in cycles:
            self.notes.problem(problem.subject, problem.message, problem.remedy)
        return {
            one: ScopedIssue(self._with_family(issues[one]), self._profile(one, parents), parents.get(one))
            for one in self.members
        }

    def _with_family(self, issue: Issue) -> Issue:
        """Return the issue, its family incomplete when a child that it names could not be read."""
        whole = all(child in self.members for child in issue.child_ids)
        return issue if whole else replace(issue, children_complete=False)

    def _profile(self, node_id: str, parents: Mapping[str, str]) -> str:
        for way in (parents, self._found_under):
            for one in (node_id, *ancestors(node_id, way)):
                if own := self.labels.profile(self.members[one].issue.labels):
                    return own
        return ""


def settle_parents(
    issues: Mapping[str, Issue], found_under: Mapping[str, str]
) -> tuple[dict[str, str], tuple[Problem, ...]]:
    """Return each issue's parent among *issues*, and the cycles that had to be cut.

    *issues* are in the order they were read, which makes a child's own word the later one: it decides, and where it
    names no parent in scope, the one it was found under. Of a cycle the edge read last is cut.
    """
    parents: dict[str, str] = {}
    cuts: dict[frozenset[str], Problem] = {}
    for node_id, issue in issues.items():
        above = issue.parent_id if issue.parent_id in issues else found_under.get(node_id)
        if above is None:
            continue
        if node_id in (above, *ancestors(above, parents)):
            cuts.setdefault(frozenset((node_id, above)), _cycle(issue, issues[above]))
        else:
            parents[node_id] = above
    for node_id, issue in issues.items():
        for child in issue.child_ids:
            if child == node_id or child in ancestors(node_id, parents):
                cuts.setdefault(frozenset((node_id, child)), _cycle(issue, issues[child]))
    return parents, tuple(cuts.values())


def ancestors(node_id: str, parents: Mapping[str, str]) -> Iterator[str]:
    """Return the ids above one, nearest first."""
    while node_id in parents:
        node_id = parents[node_id]
        yield node_id


def _cycle(one: Issue, other: Issue) -> Problem:
    message = f"it and {other.reference} were read as being above each other; the link read last is ignored"
    return Problem(SERVICE, one.reference, message, "Wait for the next run, or mend the sub-issues on GitHub.")
