"""Issue search: GitHub's query language over an index that may be behind, with its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.github.errors import Refused
from sandbox.github.state import GitHubState
from sandbox.github.state.model import Indexed, Issue
from sandbox.github.words import Bracket, Qualifier, Token, Word, in_range, tokens

MOST_RESULTS = 1_000
LONGEST_QUERY = 256
MOST_OPERATORS = 5
OPERATORS = ("AND", "OR", "NOT")

Test = Callable[[Issue, Indexed], bool]


@dataclass(frozen=True, slots=True)
class Hits:
    """What a search found: the reachable hits, how many there are in all, and whether it timed out."""

    issues: list[Issue]
    total: int
    incomplete: bool


def search_issues(state: GitHubState, query: str, sort: str | None = None, order: str = "desc") -> Hits:
    """Run *query* and return at most 1,000 hits.

    Raises ``Refused`` 422 for queries that are empty, too long, have more than five operators, or name only what the
    token cannot see.
    """
    parts = tokens(query)
    _check(state, query, parts)
    test = _Parser(parts).expression()
    found = []
    for issue in state.all_issues():
        entry = state.indexed(issue, state.options.search_lag)
        if entry is not None and state.readable(entry.repository) and test(issue, entry):
            found.append((issue, entry))
    by = next((part.values[0] for part in parts if isinstance(part, Qualifier) and part.key == "sort"), None)
    if by is not None:
        sort, _, order = by.partition("-")
    found.sort(key=lambda hit: _sort_key(hit[0], hit[1], sort), reverse=order != "asc")
    issues = [issue for issue, _ in found]
    if state.options.search_incomplete:
        issues = issues[::2]
    return Hits(issues[:MOST_RESULTS], len(issues), state.options.search_incomplete)


def _sort_key(issue: Issue, entry: Indexed, sort: str | None) -> tuple[datetime, int] | tuple[int, int]:
    match sort:
        case "updated":
            return entry.updated_at, issue.id
        case "comments":
            return len(issue.comments), issue.id
        case _:
            return entry.created_at, issue.id


def _check(state: GitHubState, query: str, parts: list[Token]) -> None:
    if not query.strip():
        raise Refused(422, "Validation Failed", {"resource": "Search", "field": "q", "code": "missing"})
    if len(query) > LONGEST_QUERY:
        raise _refused("The search is longer than 256 characters.")
    if sum(isinstance(part, Word) and part.text in OPERATORS for part in parts) > MOST_OPERATORS:
        raise _refused("More than five AND / OR / NOT operators were used.")
    named = [part for part in parts if isinstance(part, Qualifier) and part.key in {"org", "user", "repo"}]
    if named and not any(_nameable(state, part.key, value) for part in named for value in part.values):
        raise _refused(
            "The listed users and repositories cannot be searched either because the resources do not exist or you "
            "do not have permission to view them."
        )


def _refused(message: str) -> Refused:
    return Refused(
        422, "Validation Failed", {"message": message, "resource": "Search", "field": "q", "code": "invalid"}
    )


def _nameable(state: GitHubState, key: str, value: str) -> bool:
    if key != "repo":
        return value.lower() in state.users
    owner, _, name = value.partition("/")
    found = state.find_repository(owner, name)
    return found is not None and state.readable(found)


class _Parser:
    """Terms side by side must all hold; OR binds weaker than AND."""

    def __init__(self, parts: list[Token]) -> None:
        self._parts = parts
        self._place = 0

    def expression(self) -> Test:
        """Parse up to a closing bracket or the end."""
        either = [self._all()]
        while self._took("OR"):
            either.append(self._all())
        return lambda issue, entry: any(test(issue, entry) for test in either)

    def _all(self) -> Test:
        every: list[Test] = []
        while (part := self._next()) is not None and part not in {Bracket(")"), Word("OR")}:
            if not self._took("AND"):
                every.append(self._one())
        return lambda issue, entry: all(test(issue, entry) for test in every)

    def _one(self) -> Test:
        if self._took("NOT"):
            inner = self._one()
            return lambda issue, entry: not inner(issue, entry)
        part = self._next()
        self._place += 1
        match part:
            case Bracket("("):
                inside = self.expression()
                self._place += 1
                return inside
            case Qualifier(key, values, negated):
                test = _qualifier(key, values)
                return lambda issue, entry: test(issue, entry) != negated
            case Word(text):
                return lambda _, entry: text.lower() in f"{entry.title} {entry.body}".lower()
            case _:
                return lambda _issue, _entry: True

    def _next(self) -> Token | None:
        return self._parts[self._place] if self._place < len(self._parts) else None

    def _took(self, operator: str) -> bool:
        if self._next() == Word(operator):
            self._place += 1
            return True
        return False


_IS: dict[str, Test] = {
    "issue": lambda issue, _: not issue.pull_request,
    "pr": lambda issue, _: issue.pull_request,
    "pull-request": lambda issue, _: issue.pull_request,
    "open": lambda _, entry: entry.state == "open",
    "closed": lambda _, entry: entry.state == "closed",
    "merged": lambda issue, _: issue.merged,
    "private": lambda _, entry: entry.repository.private,
    "public": lambda _, entry: not entry.repository.private,
    "archived": lambda _, entry: entry.repository.archived,
}


def _is_any(issue: Issue, entry: Indexed, wanted: tuple[str, ...]) -> bool:
    return any(value in _IS and _IS[value](issue, entry) for value in wanted)


_QUALIFIERS: dict[str, Callable[[Issue, Indexed, tuple[str, ...]], bool]] = {
    "org": lambda _, entry, wanted: entry.repository.owner.lower() in wanted,
    "user": lambda _, entry, wanted: entry.repository.owner.lower() in wanted,
    "repo": lambda _, entry, wanted: entry.repository.full_name.lower() in wanted,
    "is": _is_any,
    "type": _is_any,
    "state": _is_any,
    "archived": lambda _, entry, wanted: str(entry.repository.archived).lower() in wanted,
    "label": lambda _, entry, wanted: bool(entry.labels & set(wanted)),
    "assignee": lambda _, entry, wanted: bool(entry.assignees & set(wanted)),
    "author": lambda _, entry, wanted: entry.author in wanted,
    "reason": lambda _, entry, wanted: (entry.reason or "").replace("_", " ") in wanted,
    "no": lambda _, entry, wanted: any(not _held(entry, value) for value in wanted),
    "has": lambda _, entry, wanted: all(_held(entry, value) for value in wanted),
    "created": lambda _, entry, wanted: _dated(entry.created_at, wanted),
    "updated": lambda _, entry, wanted: _dated(entry.updated_at, wanted),
    "closed": lambda _, entry, wanted: _dated(entry.closed_at, wanted),
    "parent-issue": lambda issue, _, wanted: issue.parent is not None and _reference(issue.parent) in wanted,
    "sort": lambda *_: True,
    "in": lambda *_: True,
}


def _qualifier(key: str, values: tuple[str, ...]) -> Test:
    wanted = tuple(value.lower() for value in values)
    test = _QUALIFIERS.get(key)
    if test is None:
        # An unknown qualifier is plain text to GitHub.
        return lambda _, entry: f"{key}:{wanted[0]}" in f"{entry.title} {entry.body}".lower()
    return lambda issue, entry: test(issue, entry, wanted)


def _reference(issue: Issue) -> str:
    return f"{issue.repository.full_name}#{issue.number}".lower()


def _held(entry: Indexed, what: str) -> bool:
    return bool({"label": entry.labels, "assignee": entry.assignees}.get(what, ()))


def _dated(moment: datetime | None, ranges: tuple[str, ...]) -> bool:
    try:
        return moment is not None and any(in_range(text.upper(), moment) for text in ranges)
    except ValueError:
        return False
