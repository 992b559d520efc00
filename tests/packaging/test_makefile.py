"""The Makefile: old make, paths with spaces, stubs of Python, set-up once, and one line when Python is missing."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

# A stand-in for an interpreter: notes what it is asked for, and "makes" environments by copying itself.
FAKE_PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
  *ensurepip*) exit {ensurepip} ;;
  *version_info*) exit {supported} ;;
  "-m venv --clear .venv") rm -rf .venv; mkdir -p .venv/bin; cp "$0" .venv/bin/python; cp "$0" .venv/bin/zizmor ;;
esac
"""


class Place:
    """A folder with the Makefile, a search path of its own, and a note of every call of a fake Python."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder / "a clone"
        self.bin = folder / "bin"
        self.calls = folder / "calls"
        self.bin.mkdir(parents=True)
        (self.clone / "requirements").mkdir(parents=True)
        for name in ("Makefile", "pyproject.toml", "requirements/dev.txt"):
            shutil.copyfile(ROOT / name, self.clone / name)
        for tool in ("sh", "make", "cat", "cp", "mkdir", "rm", "touch", "basename", "awk"):
            found = shutil.which(tool)
            assert found, tool
            (self.bin / tool).symlink_to(found)

    def python(self, name: str, *, supported: bool = True, ensurepip: bool = True) -> None:
        script = self.bin / name
        complete = supported and ensurepip
        script.write_text(FAKE_PYTHON.format(supported=int(not supported), ensurepip=int(not complete)))
        script.chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("")
        return subprocess.run(
            ["make", *arguments],
            cwd=self.clone,
            env={"PATH": os.fspath(self.bin), "CALLS": os.fspath(self.calls)},
            capture_output=True,
            text=True,
            check=False,
        )

    def pass_a_minute(self) -> None:
        """Make every file a minute older: old make compares whole seconds."""
        for path in self.clone.rglob("*"):
            then = path.stat().st_mtime - 60
            os.utime(path, (then, then))

    def installs(self) -> list[str]:
        """Return what the last `make` installed: 'lock', 'project' or both."""
        kinds = {"--require-hashes": "lock", "--editable": "project"}
        return [kind for call in self.calls.read_text().splitlines() for word, kind in kinds.items() if word in call]


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path / "with a space")


@pytest.mark.parametrize(
    "newer",
    [
        r"\.ONESHELL",  # 3.82
        r"\.SHELLFLAGS",  # 3.82
        r"\.RECIPEPREFIX",  # 3.82
        r"^\s*(private|undefine|define\s+\S+\s*[:+?]?=)",  # 3.82
        r"^[\w.-]+\s*!=",  # 4.0
        r"::=",  # 4.0
        r"\$[({](file|guile)\s",  # 4.0
        r"\.SHELLSTATUS",  # 4.2
        r"&:",  # 4.3
        r"\.EXTRA_PREREQS",  # 4.3
        r"\$[({](let|intcmp)\s",  # 4.4
        r"\.(WAIT|NOTINTERMEDIATE)",  # 4.4
    ],
)
def test_makefile_uses_nothing_newer_than_make_3_81(newer):
    assert re.findall(newer, MAKEFILE, re.MULTILINE) == []


def test_makefile_names_relative_paths_only_because_make_cannot_quote_spaces():
    assert re.findall(r"CURDIR|abspath|realpath|\$\(PWD\)", MAKEFILE) == []


@pytest.mark.parametrize(("first", "second"), [("test", "demo"), ("demo", "test"), ("lint", "test"), ("test", "test")])
def test_set_up_happens_once_for_all_targets(place, first, second):
    place.python("python3.12")
    assert place.make(first).returncode == 0
    assert place.installs() == ["lock", "project"]
    assert place.make(second).returncode == 0
    assert place.installs() == []


def test_locked_packages_are_installed_by_hash_and_as_wheels(place):
    place.python("python3.12")
    place.make("test")
    (call,) = [call for call in place.calls.read_text().splitlines() if "--require-hashes" in call]
    assert "--only-binary :all: --requirement requirements/dev.txt" in call


def test_a_changed_lock_builds_the_environment_anew(place):
    place.python("python3.12")
    place.make("test")
    place.pass_a_minute()
    (place.clone / "requirements/dev.txt").touch()
    place.make("test")
    assert place.installs() == ["lock", "project"]


def test_a_moved_folder_installs_the_project_again_and_nothing_else(place):
    place.python("python3.12")
    place.make("test")
    place.clone = place.clone.rename(place.clone.with_name("moved clone"))
    place.make("test")
    assert place.installs() == ["project"]


def test_an_environment_whose_python_is_gone_is_built_anew(place):
    place.python("python3.12")
    place.make("test")
    place.pass_a_minute()
    (place.clone / ".venv/bin/python").unlink()
    place.make("test")
    assert place.installs() == ["lock", "project"]


@pytest.mark.parametrize("name", ["python3.11", "python3.12", "python3.13", "python3.14", "python3"])
def test_any_one_supported_python_is_enough(place, name):
    place.python(name)
    assert place.make("test").returncode == 0
    assert f"{name} -m venv --clear .venv" in place.calls.read_text()


@pytest.mark.parametrize(
    ("minor", "supported"), [(10, False), (11, True), (12, True), (13, True), (14, True), (15, False)]
)
def test_supported_are_the_versions_that_the_lock_has_wheels_for(minor, supported):
    (check,) = re.findall(r"^is_supported := (.*)$", MAKEFILE, re.MULTILINE)
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.version_info = (3, {minor}, 0); {check}"], check=False
    )
    assert (answer.returncode == 0) is supported


def test_newest_complete_python_is_chosen_over_stubs_and_incomplete_ones(place):
    place.python("python3.14", supported=False)
    place.python("python3.13", ensurepip=False)
    place.python("python3.12")
    place.python("python3.11")
    assert place.make("test").returncode == 0
    assert "python3.12 -m venv --clear .venv" in place.calls.read_text()


def test_a_named_python_is_the_only_candidate_even_with_a_space_in_its_path(place):
    place.python("python3.12")
    place.python("my python")
    assert place.make("test", f"PYTHON={place.bin / 'my python'}").returncode == 0
    assert "my python -m venv --clear .venv" in place.calls.read_text()


@pytest.mark.parametrize("target", ["demo", "test"])
def test_missing_python_gives_one_line_that_says_what_to_install(place, target):
    place.python("python3", supported=False)
    answer = place.make(target)
    assert answer.returncode == 2
    (line,) = (answer.stdout + answer.stderr).splitlines()
    assert "Python 3.11, 3.12, 3.13 or 3.14 is needed and none was found" in line
    assert "apt install python3 python3-venv" in line


def test_python_without_venv_gives_one_line_that_says_what_to_install(place):
    place.python("python3.13", ensurepip=False)
    answer = place.make("test")
    assert answer.returncode == 2
    (line,) = (answer.stdout + answer.stderr).splitlines()
    assert "python3.13 cannot make virtual environments" in line
    assert "apt install python3.13-venv" in line


def test_help_lists_every_target(place):
    listed = re.findall(r"^make (\w+)", place.make().stdout, re.MULTILINE)
    assert listed == ["help", "demo", "test", "bench", "soak", "lint", "docs", "findings", "faults", "lock", "clean"]
