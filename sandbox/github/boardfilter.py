"""The filter of boards (``ProjectV2.items(query:)`` and REST ``q``): what it cannot read matches nothing."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from datetime import date

from sandbox.github.state import GitHubState
from sandbox.github.state.boards import shown
from sandbox.github.state.model import Content, Draft, Field, Issue, Item
from sandbox.github.words import Bracket, Qualifier, Token, Word, board_range, tokens


def filtered(state: GitHubState, items: list[Item], query: str) -> list[Item]:
    """Return the rows that fit *query*: parts side by side must all hold, values after a comma are alternatives."""
    parts = tokens(query)
    return [item for item in items if all(_fits(state, item, part) for part in parts)]


def _fits(state: GitHubState, item: Item, part: Token) -> bool:
    match part:
        case Word(text):
            return text.lower() in item.content.title.lower()
        case Qualifier(key, values, negated):
            answer = _qualified(state, item, key, values)
            return answer is not None and answer != negated
        case Bracket():
            return False


def _qualified(state: GitHubState, item: Item, key: str, values: tuple[str, ...]) -> bool | None:
    """Return whether the row fits, None for a qualifier the board does not know."""
    today = state.now().date()
    match key:
        case "is":
            return any(_is(item, value.lower()) for value in values)
        case "no":
            return all(not _held(item, value) for value in values)
        case "has":
            return all(_held(item, value) for value in values)
        case "updated" | "created":
            moment = _issue_moment(item, key)
            return any(board_range(value, moment, today) for value in values)
        case _:
            texts = _texts(item, key)
            if texts is None:
                return None
            return any(_alike(text, value, today) for text in texts for value in values)


def _issue_moment(item: Item, key: str) -> date:
    return (item.content.updated_at if key == "updated" else item.content.created_at).date()


def _is(item: Item, value: str) -> bool:
    content = item.content
    if isinstance(content, Draft):
        return value in {"draft", "open"}
    match value:
        case "issue":
            return not content.pull_request
        case "pr":
            return content.pull_request
        case "archived":
            return item.archived
        case "merged":
            return content.merged
        case _:
            return value == content.state


def _held(item: Item, name: str) -> bool:
    return bool(_texts(item, name.lower()))


_BUILT_IN: dict[str, Callable[[Issue], list[str]]] = {
    "label": lambda issue: [label.name for label in issue.labels],
    "assignee": lambda issue: [user.login for user in issue.assignees],
    "repo": lambda issue: [issue.repository.full_name, issue.repository.name],
    "reason": lambda issue: [issue.state_reason or ""],
    "parent-issue": lambda issue: (
        [f"{issue.parent.repository.full_name}#{issue.parent.number}"] if issue.parent is not None else []
    ),
}


def _texts(item: Item, key: str) -> list[str] | None:
    """Return what the row shows under a built-in key or a column in kebab case, None when there is no such thing."""
    built_in = _BUILT_IN.get(key) or _BUILT_IN.get(key.removesuffix("s"))
    if built_in is not None:
        return built_in(item.content) if isinstance(item.content, Issue) else []
    column = next((field for field in item.project.fields if _kebab(field.name) == key), None)
    if column is None:
        return None
    held = _held_in(item, column)
    return [] if held is None else [shown(held)]


def _held_in(item: Item, column: Field) -> Content | None:
    if column.issue_field is not None and isinstance(item.content, Issue):
        value = item.content.field_values.get(column.issue_field)
    else:
        value = item.values.get(column)
    return value.content if value else None


def _kebab(name: str) -> str:
    return re.sub(r"\s+", "-", name.strip().lower())


def _alike(text: str, wanted: str, today: date) -> bool:
    if "*" in wanted:
        return fnmatch.fnmatchcase(text.lower(), wanted.lower())
    if wanted[:1] in {"<", ">"} or ".." in wanted:
        return _in_order(text, wanted, today)
    return text.lower() == wanted.lower()


def _in_order(text: str, wanted: str, today: date) -> bool:
    try:
        return board_range(wanted, date.fromisoformat(text), today)
    except ValueError:
        pass
    try:
        number = float(text)
        low, dots, high = wanted.partition("..")
        if dots:
            return float(low) <= number <= float(high)
        limit = float(wanted.lstrip("<>="))
    except ValueError:
        return False
    larger = number > limit if wanted.startswith(">") else number < limit
    return larger or ("=" in wanted and number == limit)
