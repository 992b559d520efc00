"""Files that commands write: whole or not at all, and seen to be writable before anything of a service is changed."""

import json
import os
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sync.errors import CshSyncError, FileUnwritable
from sync.log import Redactor


def record_file(place: Path | None, command: str, started: datetime) -> Path:
    """Return the file of a record: *place*, or in the folder *place*, by default this one, a file named for the moment.

    Raises FileUnwritable where it cannot be written: what is about to be done could not be taken back without it.
    """
    folder = place or Path()
    path = folder / f"{command}-{started:%Y%m%dT%H%M%SZ}.json" if folder.is_dir() else folder
    try_file(path, "The record", "--record FILE")
    return path


def try_file(path: Path, what: str, option: str) -> None:
    """See whether a file can be written, without touching it. Raises FileUnwritable, naming *what* it is to hold."""
    folder, remedy = path.parent.absolute(), ""
    if path.is_dir():
        trouble, remedy = "it is a folder", "Choose another name"
    elif not folder.is_dir():
        trouble, remedy = f"there is no folder {folder}", "Make it, or choose another place"
    else:
        try:
            partial = _partial(path)
            partial.write_text("{}\n", encoding="utf-8")
            partial.unlink()
        except OSError as error:
            trouble, remedy = str(error.strerror), f"Let this user write in {folder}, or choose another place"
    if remedy:
        raise FileUnwritable(
            f"{what} cannot be written to {path}: {trouble}", remedy=f"{remedy}: {option}. Nothing was written."
        )


def write_document(path: Path, document: Mapping[str, Any], redact: Redactor) -> None:
    """Write a JSON document: the old file stays whole until the new one is. Raises CshSyncError."""
    write_text(path, json.dumps(redact.deep(document), ensure_ascii=False, indent=2, sort_keys=False) + "\n")


def keep_document(path: Path, document: Mapping[str, Any], redact: Redactor) -> tuple[Path | None, str]:
    """Write the record of what was done: elsewhere where *path* takes it no more, as a last resort on stderr.

    Return its file, None where there is none, and what went wrong. Raises nothing: what was done has to be told.
    """
    try:
        write_document(path, document, redact)
    except CshSyncError as error:
        trouble = error.message.rstrip(".")
    else:
        return path, ""
    try:
        handle, name = tempfile.mkstemp(prefix=f"{path.stem}-", suffix=".json")  # only this user can read it
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(json.dumps(redact.deep(document)))
    except OSError:
        click.echo(json.dumps(redact.deep(document)), err=True)
        return None, f"{trouble}. The record stands above, in one line: keep it."
    return Path(name), f"{trouble}. The record is in {name}: keep it."


def write_text(path: Path, text: str) -> None:
    """Write a file: the old one stays whole until the new one is. Raises CshSyncError."""
    partial = _partial(path)
    try:
        partial.write_text(text, encoding="utf-8", errors="backslashreplace")
        partial.replace(path)
    except OSError as error:
        raise CshSyncError(f"{path} could not be written: {error.strerror}.", remedy="Choose another file.") from error


def _partial(path: Path) -> Path:
    """Return the file that is written first, and then takes the place of *path*."""
    return path.parent / f".{path.name}.partial"
