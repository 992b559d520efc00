"""What was worked out before, kept beside the answers of the services: results of pure functions, never decisions.

A result is known by all that went into it, the code that made it included. One that is missing, older or damaged is
worked out again; nothing else depends on it.
"""

import hashlib
import json
import sys
import zlib
from collections.abc import Callable, Collection
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import mappings
from connectors.memory import Memory
from sync import model
from sync.errors import MemoryLost

LIBRARIES = ("markdown-it-py", "rapidfuzz")
"""Whose results go into ours, as do those of Python itself."""


def code() -> str:
    """Return what stands for the code that works things out: it changes between versions, and within one."""
    found = hashlib.sha256(sys.version.encode())
    found.update(" ".join(map(version, LIBRARIES)).encode())
    for package in (mappings, model):
        folder = Path(package.__path__[0])
        for path in sorted(folder.rglob("*.py")):
            found.update(f"\n{path.relative_to(folder).as_posix()}\n".encode())
            found.update(path.read_bytes())
    return found.hexdigest()


class KeptMemo:
    """Results of pure functions in the memory of a run: the last one of each kind at each place.

    It is kept and let go with the answers. Damage to the file costs what it costs everywhere: a reading of everything.
    *made_by* tells which code they come from, once that is needed.
    """

    def __init__(self, memory: Memory, made_by: Callable[[], str] = code) -> None:
        self._memory = memory
        self._made_by = cache(made_by)

    def recall(self, kind: str, place: str, given: str) -> Any:
        """Return the result at *place* if it was for the same *given*, and came from the same code; else None."""
        question = "SELECT given, found, sum FROM memos WHERE kind = ? AND place = ?"
        rows = self._asked(question, (kind, place))
        if not rows or rows[0][0] != given or rows[0][2] != self._checksum(kind, place, given, rows[0][1]):
            return None
        return json.loads(rows[0][1])

    def note(self, kind: str, place: str, given: str, found: Any) -> None:
        """Note a result, in the place of the one before."""
        told = json.dumps(found, separators=(",", ":"))
        checksum = self._checksum(kind, place, given, told)
        self._asked("INSERT OR REPLACE INTO memos VALUES (?, ?, ?, ?, ?)", (kind, place, given, told, checksum))

    def only(self, places: Collection[str]) -> None:
        """Let go of what is known of all other places."""
        for kind, place in self._asked("SELECT kind, place FROM memos"):
            if place not in places:
                self._asked("DELETE FROM memos WHERE kind = ? AND place = ?", (kind, place))

    def _asked(self, question: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._memory.ask(question, values)
        except MemoryLost as lost:
            self._memory.start_over(str(lost))
            return []

    def _checksum(self, kind: str, place: str, given: str, told: str) -> int:
        return zlib.crc32(f"{self._made_by()}\n{kind}\n{place}\n{given}\n{told}".encode("utf-8", "surrogatepass"))
