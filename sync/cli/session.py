"""What every command shares: settings, services, the clock, signals, and how errors are told."""

import atexit
import gc
import signal
import sys
import traceback
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import click

from sync.cli.github_actions import publish
from sync.cli.terminal import Terminal
from sync.errors import CshSyncError, ExitCode, GuardRefused, SettingsError
from sync.log import Redactor, as_events, configure, event
from sync.mirror.world import Policy

if TYPE_CHECKING:
    from sync.run import Protection

Answer = TypeVar("Answer")
ALL_SETTINGS = "All settings: docs/settings.md"


@dataclass
class Options:
    """The options before the command."""

    environ: Mapping[str, str]
    folder: Path | None
    no_color: bool = False
    verbosity: int = 0
    debug: bool = False
    terminal: Terminal = field(init=False)
    resources: ExitStack = field(default_factory=ExitStack, init=False)
    """What a command opened and lets go of when it ends."""

    def __post_init__(self) -> None:
        """Make the terminal these options ask for."""
        self.terminal = Terminal(no_color=self.no_color, quiet=self.verbosity < 0)


class Session:
    """Settings and services of one command; connecting sends nothing yet.

    One that *remembers* keeps answers of the services between runs: in the file of the settings, else in *state*.
    """

    def __init__(self, options: Options, *, remembers: bool = False, state: Path | None = None) -> None:
        from sync import app, settings  # noqa: PLC0415  --help and --version stay quick

        self.terminal = options.terminal
        self.environ = options.environ
        self.debug = options.debug
        self.shows_steps = not as_events(options.environ)
        """Whether each step of a run is told, besides the events."""
        self.settings = settings.load_settings(options.environ, options.folder)
        self.redact: Redactor = app.redactor(self.settings)
        self.terminal.redact = self.redact
        configure(options.environ, self.redact, verbosity=options.verbosity)
        memory = app.memory(self.settings, state) if remembers else None
        for trouble in memory.troubles if memory else ():
            self.terminal.note(trouble)
        self.services = app.services(self.settings, memory=memory, plans_twice=remembers)
        options.resources.callback(self.services.close)
        self.policy: Policy = app.policy(self.settings)
        self._app = app
        if self.settings.now:
            self.terminal.note(f"Decisions are made as if it were {self.now().isoformat()} (CSH_NOW).")

    def now(self) -> datetime:
        """Return the moment decisions are made for."""
        return self._app.moment(self.settings)

    def protection(self, *, lease: bool, waits: bool) -> "Protection | None":
        """Return how a run keeps others out while it writes."""
        return self._app.protection(self.settings, self.services, lease=lease, waits=waits)

    def forget(self) -> None:
        """Forget what runs remember, so that the next one reads everything: not everything that was done shows."""
        if memory := self._app.memory(self.settings):
            memory.forget()
            memory.keep()
            memory.close()

    def step(self, name: str) -> None:
        """Tell which step of the run begins."""
        event("step.started", step=name)
        if self.shows_steps:
            self.terminal.note(f"{name} …")


class Interrupted(BaseException):
    """A signal came before the first write. Not an Exception: nothing on the way takes it for a failed request."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = ExitCode.TERMINATED if number == signal.SIGTERM else ExitCode.INTERRUPTED


class Interruption:
    """Hears SIGINT and SIGTERM. Before the first write they end the run at once, by Interrupted; while it is *writing*
    it ends at an item boundary; a second signal leaves at once.
    """

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.signal: int | None = None
        self.writing = False

    def __enter__(self) -> "Interruption":
        self._former = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_error: object) -> None:
        for number, handler in self._former.items():
            signal.signal(number, handler)

    def __call__(self) -> bool:
        """Tell whether the run was asked to stop."""
        return self.signal is not None

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if self.signal is not None:
            raise SystemExit(128 + number)
        self.signal = number
        if not self.writing:
            raise Interrupted(number)
        self._terminal.note("Stopping after the write in flight; once more leaves at once.")

    def begin_writing(self) -> None:
        """Hear that the first write comes next: from here on a signal ends the command at an item boundary."""
        self.writing = True

    def exit_code(self, otherwise: ExitCode) -> ExitCode:
        """Return how an interrupted run ends."""
        return otherwise if self.signal is None else Interrupted(self.signal).exit_code


def guarded(options: Options, command: Callable[[], ExitCode]) -> None:
    """Run a command and leave with its exit code."""
    code = carried_out(options, command)
    atexit.register(gc.freeze)  # the interpreter looks for cycles once more when it ends: that takes half a second
    sys.exit(int(code))


def carried_out(options: Options, command: Callable[[], ExitCode]) -> ExitCode:
    """Run a command and return how it ended; tell errors in one screen, a traceback only with ``--debug``."""
    try:
        code = command()
    except SettingsError as error:
        options.terminal.error("The settings are not usable:")
        for problem in error.problems:
            options.terminal.error(f"  {problem}")
        options.terminal.error(f"Nothing was read or written.{_first_steps(options, error)} {ALL_SETTINGS}")
        _publish(options, error.problems)
        code = ExitCode.USAGE
    except GuardRefused as refusal:
        options.terminal.error(f"Refused: {refusal}")
        code = refusal.exit_code
    except CshSyncError as error:
        options.terminal.error(str(error))
        _publish(options, (str(error),))
        code = error.exit_code
    except click.Abort:
        options.terminal.error("Not applied: nothing was written.")
        code = ExitCode.REFUSED
    except KeyboardInterrupt:
        options.terminal.error("Interrupted.")
        code = ExitCode.INTERRUPTED
    except Interrupted as interrupted:
        options.terminal.error("Interrupted before the first write: nothing was written.")
        code = interrupted.exit_code
    except BrokenPipeError:
        code = ExitCode.FINE
    except Exception as error:  # noqa: BLE001  the last line of defence tells what happened and leaves with 1
        code = _unexpected(options, error)
    finally:
        options.resources.close()
    return code


def _first_steps(options: Options, error: SettingsError) -> str:
    """Return what to do where ids are not set: most often nobody set up yet, or somebody in another folder."""
    from sync.settings import SETTINGS_FILE, looks_new  # noqa: PLC0415  --help and --version stay quick

    if not any(problem.endswith("is not set.") for problem in error.problems):
        return ""
    elsewhere = f" There is neither .env nor {SETTINGS_FILE} in this folder." if looks_new(options.folder) else ""
    return f"{elsewhere} csh-sync init finds ids that are not set."


def _unexpected(options: Options, error: Exception) -> ExitCode:
    mark = uuid.uuid4().hex[:8]
    options.terminal.error(f"Something unexpected happened ({type(error).__name__}, {mark}). Run again with --debug.")
    if options.debug:
        options.terminal.error("".join(traceback.format_exception(error)))
    _publish(options, (f"Something unexpected happened ({type(error).__name__}, {mark}).",))
    return ExitCode.ITEMS_FAILED


def _publish(options: Options, troubles: Sequence[str]) -> None:
    """Show on the page of a job on GitHub why a command ended early."""
    unwritten = publish(options.environ, options.terminal.redact, "The command ended early.", troubles=troubles)
    if unwritten:
        options.terminal.error(unwritten)
