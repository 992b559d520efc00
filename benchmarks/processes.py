"""The processes of a benchmark: the stage that plays the services, and the programs that are measured against it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FOLDER = Path(__file__).resolve().parent.parent
OURS = ("CSH_", "GITHUB_", "PYTHON")
"""Variables of the environment that must not reach what is measured: without byte code, say, it would be compiled anew
each time, which no installed program is."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one process took: *seconds* of wall clock and of *cpu*, its largest size in MB, and how it ended."""

    seconds: float
    cpu: float
    megabytes: float
    exit_code: int
    output: str = ""


class StageProcess:
    """The stage, asked by name: ``stage.ask("issues", count=1000)``. A context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stage"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=FOLDER,
            env=_clean(os.environ),
        )
        self._read()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.kill()
        self._process.wait()

    def ask(self, what: str, **more: object) -> Any:
        """Let the stage do something; return its answer."""
        if self._process.stdin is None:
            raise RuntimeError("the stage has no stdin")
        self._process.stdin.write(json.dumps({"do": what, **more}) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> Any:
        line = self._process.stdout.readline() if self._process.stdout else ""
        if not line:
            raise RuntimeError("the stage ended; its last words stand above")
        return json.loads(line)


class Product:
    """csh-sync against one stage, in a folder of its own, where it may keep what it remembers between runs."""

    def __init__(self, stage: StageProcess, folder: Path) -> None:
        self._stage = stage
        self._folder = folder

    def run(self, *arguments: str, **more: str) -> Spent:
        """Run ``csh-sync run`` once."""
        return self.spent([sys.executable, "-m", "sync", "--quiet", "run", *arguments], **more)

    def spent(self, command: Sequence[str], **more: str) -> Spent:
        """Run any program with the settings of the stage."""
        remembers = {"CSH_RUN__STATE_FILE": str(self._folder / "state")}
        return measured(command, {**self._stage.ask("settings"), **remembers, **more}, self._folder)

    def counted(self, *arguments: str, **more: str) -> tuple[Spent, dict[str, Any]]:
        """Run ``csh-sync run`` once; return what it took and what it asked of the services."""
        mark = self._stage.ask("mark")
        spent = self.run(*arguments, **more)
        return spent, self._stage.ask("requests", **mark)

    def forget(self) -> None:
        """Delete what the product remembers."""
        for path in self._folder.iterdir():
            if path.is_file():
                path.unlink()


def measured(command: Sequence[str], settings: Mapping[str, str], folder: Path) -> Spent:
    """Run a program to its end and return what it took."""
    environment = _clean(os.environ) | dict(settings) | {"PYTHONPATH": str(FOLDER), "NO_COLOR": "1"}
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        told = output.read().decode(errors="replace")
    size = usage.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Spent(seconds, usage.ru_utime + usage.ru_stime, size, process.returncode, told)


def _clean(environ: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environ.items() if not name.startswith(OURS)}
