"""The image: what its file keeps to, and its steps, carried out in plain folders where no engine is at hand."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from sandbox import Sandbox
from tests.e2e.organisation import START, Organisation

ROOT = Path(__file__).parents[2]
FOLDERS = ("src", "backend", "app", "wheel", "data")


@dataclass
class Stage:
    """One stage of the file: what it starts from, and its instructions with their arguments."""

    base: str
    name: str = ""
    steps: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [arguments for instruction, arguments in self.steps if instruction == word]

    def exec_form(self, word: str) -> list[str]:
        (arguments,) = self.all(word)
        return [str(part) for part in json.loads(arguments[arguments.index("[") :])]


def stages() -> list[Stage]:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"\\\n", "", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    found: list[Stage] = []
    for line in filter(None, lines):
        word, _, arguments = line.partition(" ")
        if word == "FROM":
            base, _, name = arguments.partition(" AS ")
            found.append(Stage(base, name))
        elif found:
            found[-1].steps.append((word, arguments))
    return found


BUILD, FINAL = stages()


def test_both_stages_start_from_one_named_python() -> None:
    assert BUILD.base == FINAL.base == "${PYTHON}"
    (base,) = re.findall(r"^ARG PYTHON=(\S+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.fullmatch(r"python:3\.1[1-4]-slim-\w+", base)


def test_the_final_stage_builds_nothing_and_runs_as_nobody() -> None:
    assert FINAL.all("RUN") == []
    assert FINAL.all("ADD") == BUILD.all("ADD") == []
    assert all(one.startswith("--from=build ") for one in FINAL.all("COPY"))
    assert FINAL.all("USER") == ["65532:65532"]
    order = [word for word, _ in FINAL.steps]
    assert order.index("USER") < order.index("ENTRYPOINT")


def test_packages_come_from_the_hashed_lock_and_no_secret_is_built_in() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    installs = [one for one in re.split(r"&&", " ".join(BUILD.all("RUN"))) if "pip" in one and "install" in one]
    assert len(installs) == 3
    for one in installs:
        assert "--require-hashes --only-binary :all:" in one or "--no-deps --no-index" in one
    assert re.findall(r"TOKEN|API_KEY|WEBHOOK|PASSWORD", text) == []


def test_commands_need_no_shell_and_are_ours() -> None:
    for word in ("ENTRYPOINT", "CMD"):
        assert FINAL.exec_form(word)
    assert FINAL.exec_form("ENTRYPOINT") == ["/app/bin/csh-sync"]
    assert FINAL.exec_form("CMD") == ["run", "--every", "15m"]
    assert FINAL.exec_form("HEALTHCHECK")[0] == "/app/bin/csh-sync"


def test_what_is_copied_is_not_ignored_and_nothing_else_is_sent() -> None:
    allowed = {line[1:].rstrip("/") for line in (ROOT / ".dockerignore").read_text("utf-8").split() if line[0] == "!"}
    copied = {word.rstrip("/") for one in BUILD.all("COPY") for word in one.split()[:-1]}
    assert copied == allowed
    assert all((ROOT / name).exists() for name in copied)


class Plain:
    """The image's folders below one folder of this machine, made by the steps of the file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bin = folder / "bin"
        self.bin.mkdir()
        (self.bin / "python").symlink_to(sys.executable)

    def here(self, text: str) -> str:
        """Return *text* with the image's folders replaced by those of this machine."""
        return re.sub(rf"(?<![\w./-])/({'|'.join(FOLDERS)})\b", rf"{self.folder}/\1", text)

    def build(self) -> None:
        (self.folder / "src").mkdir()
        for word, arguments in BUILD.steps:
            if word == "COPY":
                *sources, target = arguments.split()
                for source in sources:
                    self._copy(ROOT / source, self.folder / "src" / target)
            elif word == "RUN":
                for command in arguments.split("&&"):
                    self._run(command.strip())

    def _copy(self, source: Path, target: Path) -> None:
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target / source.name if target.is_dir() else target)

    def _run(self, command: str) -> None:
        """Carry out one command; where it would fetch the lock, lend the packages of these tests."""
        if "--require-hashes" in command:
            environment = "app" if "--python" in command else "backend"
            (site,) = (self.folder / environment / "lib").glob("python*/site-packages")
            (site / "lent.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
            requirement = self.folder / "src" / command.rpartition("--requirement ")[2]
            assert requirement.read_text("utf-8").count("--hash=") > 1
            return
        shell = shutil.which("sh")
        assert shell
        subprocess.run(
            [shell, "-c", self.here(command)],
            cwd=self.folder / "src",
            env={"PATH": f"{self.bin}:{os.environ['PATH']}", "HOME": str(self.folder), "PIP_NO_INDEX": "1"},
            check=True,
            capture_output=True,
        )

    def seal(self) -> None:
        """Take away the right to write beside /data, as a read-only root does."""
        for path in (self.folder / "app", *(self.folder / "app").rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))

    def unseal(self) -> None:
        for path in (self.folder / "app", *(self.folder / "app").rglob("*")):
            if path.is_dir():
                path.chmod(path.stat().st_mode | stat.S_IWUSR)

    def start(self, command: list[str], **settings: str) -> subprocess.Popen[str]:
        environment = {"PATH": "", "HOME": "/", **settings}
        for line in FINAL.all("ENV"):
            environment |= dict(pair.split("=", 1) for pair in line.split())
        return subprocess.Popen(
            [self.here(word) for word in command],
            cwd=self.folder / "data",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plain]:
    made = Plain(tmp_path_factory.mktemp("image"))
    made.build()
    made.seal()
    yield made
    made.unseal()


def test_the_steps_make_an_image_that_runs_is_healthy_and_stops(plain: Plain) -> None:
    entry = FINAL.exec_form("ENTRYPOINT")
    with Sandbox(start=START) as sandbox:
        org = Organisation(sandbox)
        issue = org.issue("Reef Watch: fix", hours=1)
        health = FINAL.exec_form("HEALTHCHECK")
        ill = plain.start(health, **org.settings())
        assert ill.communicate()[0] == ""
        assert ill.returncode == 4
        running = plain.start([*entry, *FINAL.exec_form("CMD")], **org.settings())
        while not any(row.get("Result") == "fine" for row in org.airtable.rows("Runs").values()):
            assert running.poll() is None, running.communicate()
            time.sleep(0.1)
        assert org.has_task(issue)
        well = plain.start(health, **org.settings())
        well.communicate()
        assert well.returncode == 0
        running.send_signal(signal.SIGTERM)
        _, told = running.communicate(timeout=30)
        assert running.returncode == 143
        events = [json.loads(line)["event"] for line in told.splitlines() if line.startswith("{")]
        assert "plan.made" in events


def test_the_image_holds_the_wheel_and_not_the_sources(plain: Plain) -> None:
    where = plain.start(["/app/bin/python", "-c", "import sync, sandbox; print(sync.__file__, sandbox.__file__)"])
    out, _ = where.communicate()
    assert all(path.startswith(str(plain.folder / "app")) for path in out.split())
    assert len(out.split()) == 2
