"""Runs that follow each other until a signal comes: ``run --every 15m``."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sync.cli.session import Interrupted, Interruption, Options, carried_out
from sync.errors import ExitCode
from sync.log import Redactor, configure, event
from sync.report.words import spell_moment
from sync.stopwatch import Stopwatch

Once = Callable[[Interruption], ExitCode]


def poll(options: Options, every: timedelta, once: Once) -> ExitCode:
    """Run *once* again and again, begun *every* so often, until SIGTERM or Ctrl-C; return how that ends.

    Each run is on its own: one that fails, in whatever way, is told, and the next one is tried. One that takes longer
    than *every* is followed at once. A signal lets the write in flight end, like that of a single run.
    """
    configure(
        options.environ, Redactor(()), verbosity=options.verbosity
    )  # before a run could: its settings may be wrong
    with Interruption(options.terminal) as hearing:
        try:
            while True:
                watch = Stopwatch()
                code = carried_out(options, lambda: once(hearing))
                hearing.writing = False
                if hearing():
                    return hearing.exit_code(code)
                _wait(options, max(0.0, every.total_seconds() - watch.seconds()), code)
        except Interrupted as interrupted:
            options.terminal.note("Stopped while waiting for the next run.")
            return interrupted.exit_code


def _wait(options: Options, seconds: float, code: ExitCode) -> None:
    """Tell when the next run begins, and wait for it."""
    then = datetime.now(UTC) + timedelta(seconds=seconds)
    event("run.waiting", exit_code=int(code), next=then.isoformat(timespec="seconds"))
    options.terminal.note(f"Ended with {int(code)}. Next run: {spell_moment(then)}.")
    time.sleep(seconds)
