"""What is written to people in words of ours, each of which an organisation may say in its own (requirement 119).

A text names what is filled in by placeholders in braces. What is filled in, and the text around it, is data: nothing
of it is read as markup, wherever it is written.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

LONGEST_LINE = 200
LONGEST_HEADING = 60
"""A heading stands in Slack beside numbers, in 150 characters."""
LONGEST_TEXT = 2_000
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def _words(usual: str, *needs: str, may: tuple[str, ...] = (), longest: int = LONGEST_LINE) -> Any:
    """Return a field for a text: the placeholders it *needs*, each once, those it *may* have, its longest length."""
    return field(default=usual, metadata={"needs": needs, "may": (*needs, *may), "longest": longest})


@dataclass(frozen=True, slots=True)
class Wording:
    """All of these texts, as they come."""

    source_line: str = _words(
        "Mirrored from {issue}. Edits made here are lost: please change the issue instead.", "issue"
    )
    """The last line of a mirrored task's description."""
    no_hours_left: str = _words(
        "When this came in, its period had no hours left: please ask the engagement manager before any are used."
    )
    """The quiet note on a task (requirement 63): words that stay true, so that they are written once."""
    stands_for: str = _words("Placeholder for {issue}: its hours are logged and counted there.", "issue")
    also_assigned: str = _words("Also assigned: {people}", "people")
    part_of: str = _words("Part of: {path}", "path")
    cut: str = _words("… Cut here because it is too long: {rest}.", "rest")
    """In place of the rest of a description; the rest is a link."""
    rest: str = _words("read the rest on GitHub", longest=LONGEST_HEADING)
    csh_task: str = _words("Allocation: {allocation}", "allocation")
    """The description of a CSH task that `allocations --apply` makes."""
    back_link: str = _words("Mirrored to Asana: {task}.", "task")
    """The comment on an issue; the task is a link."""
    task: str = _words("task", longest=LONGEST_HEADING)
    initiative: str = _words(
        "A period of Community Success Hours, from {start} to {end}. Its hours and its clause are in Airtable.\n\n"
        "The sub-issues are its standard tasks; the pieces of work come below them.",
        may=("start", "end"),
        longest=LONGEST_TEXT,
    )
    """The text of an initiative: Markdown, as the texts of its standard tasks are."""
    title: str = _words("Community Success Hours", longest=LONGEST_HEADING)
    """Above digests in a file and on a job's page."""
    audience: str = _words("For {role}", "role", longest=LONGEST_HEADING)
    """Above what one role is told."""
    notification: str = _words("Community Success Hours, for {role}: {counts}", "counts", may=("role",))
    """What Slack shows of a digest outside the channel."""
    high: str = _words("High", longest=LONGEST_HEADING)
    medium: str = _words("Medium", longest=LONGEST_HEADING)
    low: str = _words("Low", longest=LONGEST_HEADING)
    resolved: str = _words("Resolved", longest=LONGEST_HEADING)
    nothing_new: str = _words("Nothing new.")
    how_to_answer: str = _words("To acknowledge, snooze or accept a finding, use the table Alerts in Airtable.")
    evidence: str = _words("Evidence", longest=LONGEST_HEADING)
    remedy: str = _words("Do", longest=LONGEST_HEADING)
    links: str = _words("See", longest=LONGEST_HEADING)
    not_done: str = _words("Not done", longest=LONGEST_HEADING)
    """Above what failed, on a job's page."""
    hours: str = _words("Hours", longest=LONGEST_HEADING)
    """Above the table of allocations there."""
    engineer: str = _words("the engineer", longest=LONGEST_HEADING)
    provider: str = _words("the allocation provider", longest=LONGEST_HEADING)
    manager: str = _words("the engagement manager", longest=LONGEST_HEADING)
    business: str = _words("business development", longest=LONGEST_HEADING)
    lead: str = _words("the area lead", longest=LONGEST_HEADING)
    operator: str = _words("the operator", longest=LONGEST_HEADING)


USUAL = Wording()
TEXTS = tuple(one.name for one in fields(Wording))


def filled(text: str, **values: str) -> str:
    """Return a text with its placeholders filled in; what is filled in is not looked at again."""
    return "".join(part if is_text else values[part] for is_text, part in parts(text))


def parts(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of a text, in order: whether one is text, and it, or else the name of a placeholder."""
    for place, part in enumerate(_PLACEHOLDER.split(text)):
        if part or place % 2:
            yield place % 2 == 0, part


def trouble_with(name: str, text: str) -> str:
    """Return what is wrong with an organisation's own text for *name*, and what to do; "" for nothing."""
    limits = next(one.metadata for one in fields(Wording) if one.name == name)
    return (
        _odd_signs(text, one_line=limits["longest"] < LONGEST_TEXT)
        or _odd_length(text, limits["longest"])
        or _odd_placeholders(text, limits["needs"], limits["may"], getattr(USUAL, name))
    )


def _odd_signs(text: str, *, one_line: bool) -> str:
    if one_line and len(text.splitlines()) > 1:
        return "must be one line"
    odd = [sign for sign in text if unicodedata.category(sign)[0] == "C" and sign not in "\n\u200d"]
    if odd:
        return f"holds a sign that nobody sees (U+{ord(odd[0]):04X}); take it out"
    if not any(unicodedata.category(sign)[0] in "LNS" for sign in text):
        return "says nothing; leave it out for the usual words"
    return ""


def _odd_length(text: str, longest: int) -> str:
    return f"is too long, {len(text)} characters; {longest} are allowed" if len(text) > longest else ""


def _odd_placeholders(text: str, needs: tuple[str, ...], may: tuple[str, ...], usual: str) -> str:
    found = [part for is_text, part in parts(text) if not is_text]
    known = " and ".join(f"{{{one}}}" for one in may)
    for name in found:
        if name not in may:
            near = get_close_matches(name, may, 1)
            hint = f"perhaps {{{near[0]}}} is meant" if near else f"it may have {known}" if known else "it has none"
            return f"has a placeholder {{{name}}} that nothing fills in; {hint}"
    if "{" in (rest := _PLACEHOLDER.sub("", text)) or "}" in rest:
        return f"has a brace that belongs to no placeholder; {f'it may have {known}' if known else 'take it out'}"
    for name in needs:
        if found.count(name) != 1:
            how = "lacks" if name not in found else "may hold only one"
            return f'{how} {{{name}}}; the usual words show where it stands: "{usual}"'
    return ""
