"""The lock files: no address, every file hashed, nothing of pyproject.toml left out."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
LOCKS = ("runtime", "dev", "build")


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def entries(name: str) -> dict[str, frozenset[str]]:
    """Return the hashes of every locked requirement, under its whole line: 'cffi==2.1.1 ; marker'."""
    found: dict[str, set[str]] = {}
    current = ""
    for line in lock_text(name).splitlines():
        text = line.removesuffix("\\").strip()
        if text.startswith("--hash="):
            found[current].add(text.removeprefix("--hash="))
        elif text and not text.startswith("#"):
            current = text
            found[current] = set()
    return {line: frozenset(hashes) for line, hashes in found.items()}


def pyproject() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def asked_for(name: str) -> list[Requirement]:
    project = pyproject()
    groups = project["dependency-groups"]
    backend = [*groups["build"], *project["build-system"]["requires"]]
    asked = {
        "runtime": project["project"]["dependencies"],
        "build": backend,
        "dev": [
            *project["project"]["dependencies"],
            *backend,
            *groups["docs"],
            *(g for g in groups["dev"] if isinstance(g, str)),
        ],
    }
    return [Requirement(text) for text in asked[name]]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_no_link_and_no_other_file(name):
    assert "://" not in lock_text(name)
    for line in lock_text(name).splitlines():
        if not line.startswith("#"):
            assert re.fullmatch(r"(\S+==\S+( ; [^\\]+)?|    --hash=sha256:[0-9a-f]{64})( \\)?", line), line


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_carries_hashes(name):
    assert entries(name)
    assert [line for line, hashes in entries(name).items() if not hashes] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_meets_everything_that_pyproject_asks_for(name):
    locked: dict[str, list[str]] = {}
    for line in entries(name):
        package, version = line.split(" ;")[0].split("==")
        locked.setdefault(package, []).append(version)
    for wanted in asked_for(name):
        versions = locked.get(wanted.name.lower().replace("_", "-"), [])
        assert versions, f"{wanted} is not in {name}.txt: make lock"
        assert all(wanted.specifier.contains(version) for version in versions), f"{wanted}, not {versions}: make lock"


@pytest.mark.parametrize("part", ["runtime", "build"])
def test_tests_run_on_the_very_files_that_are_shipped(part):
    whole = entries("dev")
    assert {line: whole.get(line) for line in entries(part)} == entries(part)
