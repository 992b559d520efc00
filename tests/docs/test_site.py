"""The pages as a site: what is written from the code, and commands that a newcomer is shown, carried out."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from sandbox import Sandbox
from sandbox.demo import DEMO_START, build
from sync.cli import main
from tests.docs.test_docs import DOCS, FENCE, OUR_COMMAND, ROOT

NEWCOMERS = (ROOT / "README.md", DOCS / "first-hour.md", DOCS / "runbook.md")
NOT_HERE = {"sandbox", "demo"}
"""Commands that make a sandbox of their own."""
CODES = {"check --stale": {0}, "doctor": {0, 1}}


@pytest.fixture(scope="module")
def generating() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generating", DOCS / "generating.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["generating"] = module  # where dataclasses look for their annotations
    spec.loader.exec_module(module)
    return module


def test_every_command_and_every_option_is_on_the_page(generating: ModuleType) -> None:
    page = generating.commands_page()
    assert [name for name in main.commands if f"\n## {name}\n" not in page] == []
    assert {"--every", "--issue", "--stale", "--detailed-exitcode"} <= set(re.findall(r"--[a-z-]+", page))


def test_every_error_comes_with_what_to_do(generating: ModuleType) -> None:
    errors = generating.errors()
    assert len(errors) > 50
    assert any("was edited by hand" in one.message and one.remedy == "Plan again." for one in errors)
    assert all(one.remedy.strip() for one in errors)
    assert [row for row in generating.errors_page().splitlines() if row.startswith("|") and row.count(" | ") != 2] == []


def test_every_page_is_part_of_the_site() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^[a-z/-]+[a-zA-Z]$", index, re.MULTILINE))
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in DOCS.glob("*.md")} - {"index"}
    assert pages <= listed


# What newcomers are shown.


def shown() -> list[str]:
    found = []
    for page in NEWCOMERS:
        blocks = "\n".join(FENCE.findall(page.read_text(encoding="utf-8")))
        lines = (OUR_COMMAND.match(line) for line in blocks.splitlines())
        found += [line["rest"] for line in lines if line]
    return sorted({" ".join(shlex.split(one, comments=True)) and one.partition("  #")[0].strip() for one in found})


@pytest.fixture(scope="module")
def demo() -> Iterator[dict[str, str]]:
    """Return the settings of a demo organisation that was mirrored once."""
    with Sandbox(start=DEMO_START) as sandbox:
        build(sandbox)
        settings = {
            **sandbox.settings(),
            "CSH_ASANA__REQUESTS_PER_MINUTE": "60000",
            "CSH_AIRTABLE__REQUESTS_PER_SECOND": "500",
            "CSH_SLACK__MESSAGES_PER_MINUTE": "6000",
            "CSH_RUN__SETTLE_SECONDS": "0",
            "CSH_NOW": sandbox.clock.now().isoformat(timespec="seconds"),
        }
        assert CliRunner().invoke(main, ["run"], env=settings).exit_code == 0
        yield settings


def test_newcomers_are_shown_commands() -> None:
    assert len(shown()) > 10


@pytest.mark.parametrize("command", [one for one in shown() if shlex.split(one)[0] not in NOT_HERE])
def test_what_a_newcomer_is_shown_works(
    command: str, demo: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(main, shlex.split(command), env=demo, input="y\n" * 5)
    allowed = next((codes for start, codes in CODES.items() if command.startswith(start)), {0})
    assert result.exit_code in allowed, result.output
    assert result.stdout.strip()
