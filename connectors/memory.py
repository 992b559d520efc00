"""What the services answered before, kept between runs: answers of theirs as they came, never a decision of ours.

One SQLite file. It is a hint only: whatever is wrong with it costs one reading of everything, and nothing else. What
is put here stays staged until `Memory.keep`, so that a reading that broke off is made again from where the last whole
one stood. Every answer carries a checksum, and every kind the number and the sum of its answers: an answer that
changed, or went missing, on the disk is noticed when it is read.
"""

import json
import os
import sqlite3
import stat
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sync.errors import MemoryLost

FORMAT = 2
"""Goes up when what is kept changes its shape: a file of another format is not read."""
OWNER_ONLY = 0o600
OWNER_ONLY_FOLDER = 0o700
READ_AT_ONCE = 200
SUMS = 1 << 62
TABLES = """
CREATE TABLE answers (shelf TEXT, kind TEXT, key TEXT, body TEXT, sum INTEGER, PRIMARY KEY (shelf, kind, key));
CREATE TABLE tallies (shelf TEXT, kind TEXT, number INTEGER, sum INTEGER, PRIMARY KEY (shelf, kind)) WITHOUT ROWID;
CREATE TABLE memos (kind TEXT, place TEXT, given TEXT, found TEXT, sum INTEGER, PRIMARY KEY (kind, place));
"""
MAGIC = b"SQLite format 3\0"
"""How every file of SQLite begins: https://www.sqlite.org/fileformat.html"""
NOT_OURS = "it was not written by csh-sync, and stays as it is: name another file, or delete it"
OWN = "csh-sync"
MARK = "mark"
FINGERPRINT = "fingerprint"


class Shelf:
    """What one service answered. A shelf without marks was never filled: everything has to be read.

    *kind* sorts answers (``issue``, ``task``), *key* is the service's id of one. Every method raises MemoryLost when
    the file turns out to be damaged.
    """

    def __init__(self, memory: "Memory", name: str) -> None:
        self._memory = memory
        self._name = name

    def mark(self, name: str) -> str:
        """Return a mark, "" where there is none: up to where changes were read, say."""
        return str(self.get(MARK, name) or "")

    def set_mark(self, name: str, value: str) -> None:
        """Set a mark; "" takes it away."""
        if value:
            self.put(MARK, name, value)
        else:
            self.drop(MARK, name)

    def get(self, kind: str, key: str) -> Any:
        """Return one answer, None where there is none."""
        question = "SELECT key, body, sum FROM answers WHERE shelf = ? AND kind = ? AND key = ?"
        rows = self._memory.ask(question, (self._name, kind, key))
        return self._opened(kind, *rows[0]) if rows else None

    def items(self, kind: str) -> Iterator[tuple[str, Any]]:
        """Yield all answers of a kind with their keys, by key, decoded one at a time."""
        question = "SELECT key, body, sum FROM answers WHERE shelf = ? AND kind = ? AND key > ? ORDER BY key LIMIT ?"
        tally = self._tally(kind)
        number, sums, last = 0, 0, ""
        while rows := self._memory.ask(question, (self._name, kind, last, READ_AT_ONCE)):
            for key, body, checksum in rows:
                yield key, self._opened(kind, key, body, checksum)
                number, sums = number + 1, (sums + checksum) % SUMS
            last = rows[-1][0]
        if (number, sums) != tally == self._tally(kind):
            raise MemoryLost(f"answers of the kind {kind} are missing")

    def keys(self, kind: str) -> frozenset[str]:
        """Return the keys of all answers of a kind."""
        rows = self._memory.ask("SELECT key FROM answers WHERE shelf = ? AND kind = ?", (self._name, kind))
        if len(rows) != self._tally(kind)[0]:
            raise MemoryLost(f"answers of the kind {kind} are missing")
        return frozenset(row[0] for row in rows)

    def count(self, kind: str) -> int:
        """Return how many answers of a kind there are, without reading them."""
        return self._tally(kind)[0]

    def put(self, kind: str, key: str, answer: Any) -> bool:
        """Put an answer in the place of what was there; tell whether it is another one."""
        if not key:
            raise ValueError("an answer without a key")
        body = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        checksum = self._checksum(kind, key, body)
        with self._memory.together():
            before = self._memory.ask(
                "SELECT sum, body FROM answers WHERE shelf = ? AND kind = ? AND key = ?", (self._name, kind, key)
            )
            if before and before[0] == (checksum, body):
                return False
            self._memory.ask(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", (self._name, kind, key, body, checksum)
            )
            self._count(kind, 0 if before else 1, checksum - (before[0][0] if before else 0))
        return True

    def drop(self, kind: str, key: str) -> bool:
        """Take an answer away; tell whether there was one."""
        place = (self._name, kind, key)
        with self._memory.together():
            before = self._memory.ask("SELECT sum FROM answers WHERE shelf = ? AND kind = ? AND key = ?", place)
            if not before:
                return False
            self._memory.ask("DELETE FROM answers WHERE shelf = ? AND kind = ? AND key = ?", place)
            self._count(kind, -1, -before[0][0])
        return True

    def replace(self, kind: str, answers: Iterable[tuple[str, Any]]) -> bool:
        """Put *answers* in the place of all of a kind; tell whether anything is another than before."""
        gone, changed = set(self.keys(kind)), False
        for key, answer in answers:
            gone.discard(key)
            changed = self.put(kind, key, answer) or changed
        for key in gone:
            self.drop(kind, key)
        return changed or bool(gone)

    def clear(self, kind: str) -> None:
        """Take all answers of a kind away."""
        with self._memory.together():
            for table in ("answers", "tallies"):
                self._memory.ask(f"DELETE FROM {table} WHERE shelf = ? AND kind = ?", (self._name, kind))  # noqa: S608

    @contextmanager
    def noting_a_write(self) -> Iterator[None]:
        """Note what a write changed. It is done, whatever the file is like: a damaged one is begun anew, and told."""
        try:
            yield
        except MemoryLost as lost:
            self._memory.start_over(str(lost))

    def forget(self) -> None:
        """Take all answers away, marks too."""
        with self._memory.together():
            for table in ("answers", "tallies"):
                self._memory.ask(f"DELETE FROM {table} WHERE shelf = ?", (self._name,))  # noqa: S608

    def _opened(self, kind: str, key: str, body: Any, checksum: Any) -> Any:
        if not isinstance(body, str) or self._checksum(kind, key, body) != checksum:
            raise MemoryLost(f"the answer {kind} {key} is damaged")
        return json.loads(body)

    def _checksum(self, kind: str, key: str, body: str) -> int:
        return zlib.crc32(f"{self._name}\n{kind}\n{key}\n{body}".encode("utf-8", "surrogatepass"))

    def _tally(self, kind: str) -> tuple[int, int]:
        rows = self._memory.ask("SELECT number, sum FROM tallies WHERE shelf = ? AND kind = ?", (self._name, kind))
        return (int(rows[0][0]), int(rows[0][1])) if rows else (0, 0)

    def _count(self, kind: str, number: int, checksum: int) -> None:
        self._memory.ask(
            "INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT (shelf, kind) DO UPDATE SET"
            " number = number + excluded.number, sum = (sum + excluded.sum) % ?",
            (self._name, kind, number, checksum % SUMS, SUMS),
        )


class Memory:
    """All shelves of one set of settings. *path* is None where nothing is kept between runs.

    *fingerprint* stands for the settings under which the answers were given: under others nothing is remembered. What
    is wrong with the file stands in *troubles*, and no method but those of shelves raises anything.
    """

    def __init__(self, path: Path | None = None, fingerprint: str = "") -> None:
        self._path = path
        self._fingerprint = fingerprint
        self._lock = threading.RLock()
        self.troubles: list[str] = []
        self._open(path)

    def shelf(self, service: str) -> Shelf:
        """Return the shelf of a service."""
        return Shelf(self, service)

    @property
    def own(self) -> Shelf:
        """Return the shelf on which the engine keeps its marks."""
        return Shelf(self, OWN)

    def note(self, name: str) -> str:
        """Return a note of the engine, "" where there is none. Raises MemoryLost."""
        return self.own.mark(name)

    def take_note(self, name: str, value: str) -> None:
        """Write a note of the engine. Raises MemoryLost."""
        self.own.set_mark(name, value)

    def keep(self) -> None:
        """Write down what is staged."""
        with self._lock:
            try:
                self._connection.execute("COMMIT")
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                self._lost(str(error))

    def let_go(self) -> None:
        """Forget what is staged: the memory is as it was kept last."""
        with self._lock:
            try:
                self._connection.execute("ROLLBACK")
                self._connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                self._lost(str(error))

    def forget(self) -> None:
        """Forget all answers, staged ones as well: the next reading is one of everything.

        What was worked out before stays: it is as true of new answers, or is known to be about others.
        """
        with self._lock:
            try:
                self._connection.execute("DELETE FROM answers")
                self._connection.execute("DELETE FROM tallies")
            except sqlite3.Error as error:
                self._lost(str(error))
            else:
                self._sign()

    def start_over(self, why: str) -> None:
        """Begin a new file in the place of one that turned out to be damaged."""
        with self._lock:
            self._lost(why)

    def close(self) -> None:
        """Let go of the file; what is staged is lost."""
        with self._lock, suppress(sqlite3.Error):
            self._connection.close()

    # For shelves.

    def ask(self, question: str, values: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
        """Ask SQLite. Raises MemoryLost when it cannot answer."""
        with self._lock:
            try:
                return self._connection.execute(question, values).fetchall()
            except (sqlite3.Error, UnicodeError, OverflowError) as error:
                raise MemoryLost(str(error)) from error

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let no other thread in between."""
        with self._lock:
            yield

    # The file.

    def _sign(self) -> None:
        """Note under which settings the answers are given."""
        try:
            self.own.set_mark(FINGERPRINT, self._fingerprint)
        except MemoryLost as error:
            self._lost(str(error))

    def _open(self, path: Path | None) -> None:
        """Connect to the file, else to a nameless one that is gone when the run ends."""
        self._connection = self._in_file(path) or _begun(_connected(""))
        try:
            known = self.own.mark(FINGERPRINT)
        except MemoryLost as error:
            self._lost(str(error))
            return
        if known != self._fingerprint:
            if known:
                self.troubles.append("The settings changed since the last run: everything is read.")
            self.forget()
            self._forget_memos()

    def _forget_memos(self) -> None:
        try:
            self.ask("DELETE FROM memos")
        except MemoryLost as error:
            self._lost(str(error))

    def _in_file(self, path: Path | None) -> sqlite3.Connection | None:
        """Return a connection to the file, or to a new one in its place; None, and a trouble, where that cannot be."""
        if path is None:
            return None
        try:
            path.parent.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
            _own_file(path)
            try:
                return _private(path, _begun(_connected(path)))
            except (_Unusable, sqlite3.DatabaseError) as error:
                if isinstance(error, sqlite3.OperationalError):  # locked or read-only: a new one could not be written
                    raise
                self._note(path, error)
            _remove(path)
            _own_file(path)
            return _begun(_connected(path))
        except (_Foreign, OSError, sqlite3.Error) as error:
            self._note(path, "another run is using it" if _is_busy(error) else error)
            return None

    def _lost(self, why: str) -> None:
        """Begin anew, in the same place where that works."""
        with suppress(sqlite3.Error):
            self._connection.close()
        path, self._path = self._path, None  # a file that is lost twice is not tried again
        if path is not None:
            self._note(path, why)
            try:
                _remove(path)
            except OSError:
                path = None
        self._open(path)

    def _note(self, path: Path, why: object) -> None:
        reason = why.strerror if isinstance(why, OSError) and why.strerror else why
        self.troubles.append(f"What is remembered between runs ({path}) is not usable: {reason}. Everything is read.")


class _Unusable(Exception):
    """A file of ours that is to be replaced."""


class _Foreign(Exception):
    """A file that must not be touched."""


def _own_file(path: Path) -> None:
    """Make sure that *path* is a plain file that may be ours. A link is replaced, not followed."""
    with suppress(FileNotFoundError):
        kind = path.lstat().st_mode
        if stat.S_ISLNK(kind):
            path.unlink()
        elif not stat.S_ISREG(kind):
            raise _Foreign("it is no file")
    number = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), OWNER_ONLY)
    try:
        if os.read(number, len(MAGIC)) not in {b"", MAGIC}:
            raise _Foreign(NOT_OURS)
    finally:
        os.close(number)


def _private(path: Path, connection: sqlite3.Connection) -> sqlite3.Connection:
    """Let nobody else read a file that turned out to be ours."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(OWNER_ONLY)
    return connection


def _connected(path: Path | str) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)


def _begun(connection: sqlite3.Connection) -> sqlite3.Connection:
    """Begin a transaction; make the tables where there are none. Closes the connection when it raises."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        if not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            for statement in TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {FORMAT}")
        _check_format(connection)
    except (sqlite3.Error, _Foreign, _Unusable):
        connection.close()
        raise
    return connection


def _check_format(connection: sqlite3.Connection) -> None:
    if not connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'tallies'").fetchone()[0]:
        raise _Foreign(NOT_OURS)
    if connection.execute("PRAGMA user_version").fetchone()[0] != FORMAT:
        raise _Unusable("it was written by another version of csh-sync")


def _is_busy(error: Exception) -> bool:
    return str(getattr(error, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def _remove(path: Path) -> None:
    """Remove the file and what SQLite keeps beside it."""
    for one in (path, *(path.with_name(path.name + end) for end in ("-journal", "-wal", "-shm"))):
        one.unlink(missing_ok=True)
