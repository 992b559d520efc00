"""Placeholders: copies of issues, made because GitHub allows one parent; their hours are counted once (requirement 25).

The hours of the mirrored issue count, those on the placeholder do not. Where its line leads nowhere, the placeholder is
an issue like any other, so that nothing is lost; where that is not known, nothing of it changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mappings.mirroring import mirrored_issues
from sync.mirror.identity import names_issue, short_reference
from sync.model.addresses import same_address
from sync.model.issue import EmptyHours, Issue, IssueSnapshot, UnknownHours


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What the ``Mirrors:`` line of an issue means. *target* is the node id of the issue whose hours count, or None.

    *reference* is how people call what the line names. Without a target, *trouble* says why; *unread*: whether there is
    one is not known.
    """

    reference: str
    target: str | None = None
    trouble: str = ""
    unread: bool = False

    def counted(self, issue: Issue) -> Issue:
        """Return the issue as its hours count: those of a placeholder count nothing."""
        if self.target is not None:
            return replace(issue, hours=EmptyHours())
        return replace(issue, hours=UnknownHours(self.trouble)) if self.unread else issue


def placeholders(snapshot: IssueSnapshot, organisation: str) -> Mapping[str, Placeholder]:
    """Return the placeholders among the issues in scope, by node id, also those whose line leads nowhere."""
    return dict(_Placeholders(snapshot, organisation).found())


class _Placeholders:
    def __init__(self, snapshot: IssueSnapshot, organisation: str) -> None:
        self._snapshot = snapshot
        self._organisation = organisation
        self._by_address: dict[str, str] = {}
        for issue_id, scoped in snapshot.issues.items():
            for url in (*scoped.former_urls, scoped.issue.url):
                self._by_address[same_address(url)] = issue_id
        self._unsettled = {same_address(url) for url in snapshot.verdicts}
        self._named = {
            issue_id: named
            for issue_id, scoped in snapshot.issues.items()
            if (named := mirrored_issues(scoped.issue.body, scoped.issue.repository))
        }

    def found(self) -> Iterator[tuple[str, Placeholder]]:
        """Return each issue with such a line and what it means."""
        for issue_id, named in self._named.items():
            names = " and ".join(short_reference(one.address) or one.words for one in named)
            yield issue_id, self._placeholder(issue_id, names)

    def _placeholder(self, issue_id: str, names: str) -> Placeholder:
        named = self._named[issue_id]
        if len(named) > 1:
            return Placeholder(names, trouble=f"it names several issues: {names}")
        target = self._target(issue_id)
        if target is None:
            trouble, unread = self._why_nowhere(named[0].address, names)
            return Placeholder(names, trouble=trouble, unread=unread)
        if issue_id in self._chain(target):
            return Placeholder(names, trouble=f"following it leads back here: {self._spelled(issue_id)}")
        if self._target(target) is not None:
            return Placeholder(names, trouble=f"{names} is a placeholder itself: {self._spelled(issue_id)}")
        return Placeholder(names, target)

    def _target(self, issue_id: str) -> str | None:
        """Return the issue in scope that an issue's line names, None when there is none, or it names several."""
        named = self._named.get(issue_id, ())
        return self._by_address.get(same_address(named[0].address)) if len(named) == 1 else None

    def _chain(self, issue_id: str) -> list[str]:
        """Return an issue and those that follow from it, line by line; a circle ends where it closes."""
        chain: list[str] = []
        current: str | None = issue_id
        while current is not None and current not in chain:
            chain.append(current)
            current = self._target(current)
        return chain

    def _spelled(self, issue_id: str) -> str:
        steps = self._chain(issue_id)
        steps += steps[:1] if self._target(steps[-1]) == issue_id else []
        return " > ".join(self._snapshot.issues[one].issue.reference for one in steps)

    def _why_nowhere(self, address: str, reference: str) -> tuple[str, bool]:
        """Say why a line names no issue in scope, and whether it may all the same."""
        if not address:
            return f"{reference} is not the address of an issue", False
        if not names_issue(address, self._organisation):
            return f"{reference} is outside the organisation", False
        if same_address(address) in self._unsettled:
            return f"{reference} is not in scope by now; until that is settled nothing of it changes", True
        if not self._snapshot.complete:
            return f"GitHub could not be read completely, and {reference} was not seen", True
        return f"{reference} does not exist, or carries no label that is mirrored", False
