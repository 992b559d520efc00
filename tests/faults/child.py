"""A run in a process of its own, which can be killed from outside at any moment."""

import contextlib
import logging
import multiprocessing
from contextlib import closing
from multiprocessing.process import BaseProcess

from sync import app
from sync.errors import CshSyncError
from sync.run import run
from sync.settings import load_settings

# A server that has imported everything and runs no thread: each child is forked from it in milliseconds.
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.faults.child", "connectors.asana", "connectors.airtable", "connectors.github"])


def start_run(settings: dict[str, str]) -> BaseProcess:
    """Start a run under a lease in a process of its own."""
    child = _CONTEXT.Process(target=_run, args=(settings,), daemon=True)
    child.start()
    return child


def _run(variables: dict[str, str]) -> None:
    logging.disable(logging.CRITICAL)
    settings = load_settings(variables, None)
    services = app.services(settings, sleep=lambda _seconds: None)
    protection = app.protection(settings, services, sleep=lambda _seconds: None)
    with closing(services), contextlib.suppress(CshSyncError):
        run(services, app.policy(settings), app.moment(settings), protection=protection)
