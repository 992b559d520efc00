"""What the whole tree keeps to: no machine's path, no registry's host, pinned actions, commands that exist."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PURE_ROOMS = ("sync/model", "sync/mirror", "sync/hours", "sync/findings", "mappings", "connectors/wire")


def tracked_texts() -> dict[str, str]:
    """Return every file of the project that is text, whoever owns the checkout."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    texts = {}
    for name in filter(None, listing.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and b"\0" not in (content := path.read_bytes()):
            texts[name] = content.decode("utf-8", errors="replace")
    return texts


def lines_with(pattern: str) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()}"
        for name, text in tracked_texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if found.search(line)
    ]


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))


def test_no_file_names_a_path_of_one_machine():
    assert lines_with(r"(?<![\w.-])/(?:work|root|home/\w+|Users/\w+|tmp/venv|tmp/bash_jobs)/") == []


def test_no_file_names_the_host_of_a_package_registry():
    assert lines_with(r"p[y]pi[.](?:org|python)|python[h]osted|registry[.]n[p]mjs|deb[.]d[e]bian") == []


def test_readme_shows_only_make_targets_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", readme, re.DOTALL))
    shown = set(re.findall(r"\bmake ([a-z]+)", code))
    assert {"demo", "test"} <= shown
    assert shown <= make_targets()


def test_ci_runs_the_command_that_the_readme_gives():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"^make (\w+)$", script, re.MULTILINE) == ["lint", "docs", "test"]


WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml")) + sorted((ROOT / "docs/workflows").glob("*.yml"))


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_pins_actions_by_commit_and_grants_nothing_by_default(workflow):
    text = workflow.read_text(encoding="utf-8")
    used = re.findall(r"uses: (?!\./)(\S+.*)", text)
    assert [action for action in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)] == []
    assert re.search(r"^permissions: \{\}$", text, re.MULTILINE)
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")


def test_every_room_has_its_place_in_the_import_order():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (layers,) = [contract["layers"] for contract in contracts if contract["id"] == "rooms"]
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    rooms = {
        f"sync.{path.stem}" for path in (ROOT / "sync").iterdir() if path.suffix == ".py" or list(path.glob("*.py"))
    }
    assert (rooms | {"connectors", "mappings"}) - {"sync.__init__"} <= placed


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_pure_room_reads_no_clock_and_no_file(room):
    asked = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call.func)}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and re.fullmatch(
            r"(?:.+\.)?(?:now|utcnow|today|monotonic|perf_counter|read_text|read_bytes|getenv)|open",
            ast.unparse(call.func),
        )
    ]
    assert asked == []


def test_no_file_holds_the_marks_of_an_unfinished_merge():
    marks = ("<<<<<<" + "< ", ">>>>>>" + "> ")
    texts = tracked_texts().items()
    held = [name for name, text in texts if any(line.lstrip().startswith(marks) for line in text.splitlines())]
    assert held == []
