"""The settings file as ``csh-sync init`` writes it: with comments, and never a token."""

import json
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEAD = """\
# Settings of csh-sync, written by csh-sync init; yours to change. All of them: docs/settings.md.
# Tokens do not belong here: set them in .env, in the environment, or in files of their own.
"""
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: *block* is a table such as ``airtable.names``; *comment* stands behind the value."""

    block: str
    key: str
    value: str | int
    comment: str = ""

    @property
    def path(self) -> tuple[str, ...]:
        """Return where the value stands in the tree of settings."""
        return (*self.block.split("."), self.key)

    def line(self) -> str:
        """Return the line, as TOML; a comment is one line whatever people call things."""
        key = self.key if _BARE.fullmatch(self.key) else _text(self.key)
        value = str(self.value) if isinstance(self.value, int) else _text(self.value)
        comment = " ".join("".join(sign for sign in self.comment if sign.isprintable()).split())
        return f"{key} = {value}" + (f"  # {comment}" if comment else "")


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A line of the people table."""

    github: str
    asana: str
    comment: str = ""


def whole_file(entries: Sequence[Entry], people: Iterable[PersonEntry] = ()) -> str:
    """Return a new settings file."""
    parts = [HEAD]
    for block in dict.fromkeys(one.block for one in entries):
        lines = [one.line() for one in entries if one.block == block]
        parts.append("\n".join((f"[{block}]", *lines)) + "\n")
    for one in people:
        lines = [Entry("people", "github", one.github, one.comment).line(), Entry("people", "asana", one.asana).line()]
        parts.append("\n".join(("[[people]]", *lines)) + "\n")
    return "\n".join(parts)


def completed(text: str, entries: Sequence[Entry]) -> str:
    """Return a settings file with *entries* added, each in its block; what stands in it stays as it is."""
    lines = text.rstrip("\n").split("\n")
    for block in dict.fromkeys(one.block for one in entries):
        added = [one.line() for one in entries if one.block == block]
        head = re.compile(rf"\s*\[\s*{re.escape(block)}\s*\]\s*(#.*)?")
        place = next((number for number, line in enumerate(lines) if head.fullmatch(line)), None)
        if place is None:
            lines += ["", f"[{block}]", *added]
        else:
            lines[place + 1 : place + 1] = added
    return "\n".join(lines) + "\n"


def is_toml(text: str) -> bool:
    """Tell whether a settings file can be read: lines that were added to a block may make it a second one."""
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _text(value: str) -> str:
    """Return a TOML string: its escapes are those of JSON, but that it takes DEL in none."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
