"""What tests of commands start from: the small organisation, and a way to run a command against it."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sandbox import Sandbox
from sync.cli import main
from tests.e2e.organisation import START, Organisation

Go = Callable[..., Result]


@pytest.fixture
def org() -> Iterator[Organisation]:
    with Sandbox(start=START) as sandbox:
        yield Organisation(sandbox)
        for thread in threading.enumerate():  # a command that left at once in this process may still be reading
            if thread.name == "reading":
                thread.join(10)


@pytest.fixture
def go(org: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Go:
    """Run a command in an empty folder, with the settings of the sandbox alone."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("CSH_", "GITHUB_")) or name in {"CI", "NO_COLOR"}:
            monkeypatch.delenv(name)

    def run(*arguments: str, answer: str | None = None, **more: str) -> Result:
        return CliRunner().invoke(main, arguments, env=org.settings(**more), input=answer)

    return run
