"""The one place that knows rich: results on stdout, progress on stderr, plain lines where nobody watches."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table
from rich.text import Text

from sync.model.legible import legible, safe
from sync.report.plan_text import Line
from sync.report.workflow_commands import in_actions, without_commands

STYLES = {
    "head": "bold",
    "add": "green",
    "change": "yellow",
    "remove": "red",
    "hold": "magenta",
    "ask": "cyan",
    "note": "",
}
SECONDS_BETWEEN_LINES = 20.0
WIDEST_TABLE = 240
"""Columns of a table that goes into a file or a pipe."""


class Terminal:
    """Shows results and progress. *quiet* silences progress, not results."""

    def __init__(self, *, no_color: bool = False, quiet: bool = False) -> None:
        plain = no_color or bool(os.environ.get("NO_COLOR"))
        width = None if sys.stdout.isatty() else WIDEST_TABLE
        self.out = Console(file=sys.stdout, no_color=plain, highlight=False, markup=False, emoji=False, width=width)
        self._err = Console(file=sys.stderr, no_color=plain, highlight=False, markup=False, emoji=False)
        self.redact: Callable[[str], str] = str
        """Masks secrets in all that is shown: services may echo what was sent to them."""
        self._in_actions = in_actions(os.environ)
        self._quiet = quiet
        self._animated = sys.stderr.isatty() and not quiet and os.environ.get("TERM") != "dumb"

    def lines(self, lines: Iterable[Line]) -> None:
        """Print the lines of a plan, each styled by its kind, none wrapped."""
        for line in lines:
            self.out.print(Text(self._shown(line.text), style=STYLES.get(line.kind, "")), soft_wrap=True)

    def text(self, text: str) -> None:
        """Print one line of a result."""
        self.out.print(Text(self._shown(text)), soft_wrap=True)

    def table(self, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print a table; where nobody watches, it is as wide as it has to be."""
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
        for head in heads:
            numeric = head in {"used", "left", "of"}
            table.add_column(head, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
        for row in rows:
            table.add_row(*(Text(self._shown(safe(cell))) for cell in row))
        self.out.print(table)

    def document(self, document: Mapping[str, Any], *, indent: int | None = 2) -> None:
        """Print a JSON document. On GitHub a value that reads like a command is only spelled otherwise."""
        text = json.dumps(document, indent=indent)
        click.echo(text.replace("##[", "#\\u0023[") if self._in_actions else text)

    def note(self, text: str) -> None:
        """Tell something on stderr that is no result."""
        if not self._quiet:
            self._err.print(Text(self._shown(text)), soft_wrap=True)

    def error(self, text: str) -> None:
        """Tell what went wrong."""
        self._err.print(Text(self._shown(text), style="red"), soft_wrap=True)

    def _shown(self, text: str) -> str:
        """Return *text* without secrets and what could lead a terminal, on GitHub without commands to the runner."""
        masked = legible(self.redact(text))
        return without_commands(masked) if self._in_actions else masked

    @contextmanager
    def progress(self, what: str, total: int) -> Iterator["Steps"]:
        """Show progress: a bar for a person, else a line now and then."""
        if not self._animated:
            yield _PlainSteps(self, what, total)
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=self._err, transient=True) as bar:
            yield _BarSteps(bar, bar.add_task(what, total=total))


class Steps(Protocol):
    """Counts items that are done."""

    def advance(self) -> None:
        """Count one more."""


class _BarSteps:
    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def advance(self) -> None:
        self._bar.advance(self._task)


class _PlainSteps:
    def __init__(self, terminal: Terminal, what: str, total: int) -> None:
        self._terminal, self._what, self._total = terminal, what, total
        self._done, self._told = 0, time.monotonic()

    def advance(self) -> None:
        self._done += 1
        if self._done == self._total or time.monotonic() - self._told >= SECONDS_BETWEEN_LINES:
            self._told = time.monotonic()
            self._terminal.note(f"{self._what}: {self._done} of {self._total}")
