"""The pages as a site: what is written from the code, and commands that a newcomer is shown, carried out."""

from __future__ import annotations

import fnmatch
import importlib.util
import json
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
from tests.docs.test_docs import DOCS, FENCE, INLINE, OUR_COMMAND, PAGES, name_of

pytestmark = pytest.mark.xdist_group("pages")
"""One process builds the demo organisation, not each."""
SKIPPED = {
    "sandbox": "makes a sandbox of its own: tests/sandbox",
    "demo": "makes a sandbox of its own: tests/cli/test_demo.py",
    "run --every": "ends with a signal only: tests/cli/test_polling.py",
    "match": "needs files of its own: tests/cli/test_match.py",
}
CODES = {"doctor": {0, 1}, "check --detailed-exitcode": {0, 11}, "plan --detailed-exitcode": {0, 10}}
BEFORE = {"apply plan.json": "plan --out plan.json", "undo": "run --record run.json"}
"""What makes the files that a command is given."""
STANDS_FOR = {
    "URL": "lantern/data-access#25",
    "ALLOCATION": "AGN 2026 Q2",
    "URL|ALLOCATION": "AGN 2026 Q2",
    "owner/repo#12": "lantern/data-access#25",
    "COMMUNITY": "Sahel Weather Watch",
    "COMMUNITY|ENGAGEMENT": "Sahel Weather Watch",
    "Reef Watch": "Sahel Weather Watch",
    "Reef Watch 2026 Q3": "AGN 2026 Q2",
    "TEXT": "Up to 8 hours / quarter by the P&S team",
    "DAY": "2026-09-01",
    "1200000000000009": "1200000000000035",
    "NAME": "CSH_GITHUB__ORG",
    "NAME...": "CSH_GITHUB__ORG",
    "RUN": "run.json",
    "FILE": "plan.json",
}
"""Words of the pages, and what they are in the demo organisation."""


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


def test_what_doctor_and_settings_say_is_on_the_page_of_errors(generating: ModuleType) -> None:
    checks = {one.kind: one for one in generating.verdicts()}
    assert len(checks) > 25
    assert checks["airtable.records"].remedy.startswith("The token needs the scope data.records:write")
    assert any(one.startswith("CSH_TIMEZONE: no such time zone") for one in generating.refusals())
    page = generating.errors_page()
    assert "| airtable.role |" in page
    assert "- CSH\\_AIRTABLE\\_\\_BASE must be a base id" in page


def test_the_site_lists_every_page_and_no_other(generating: ModuleType, tmp_path: Path) -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    trees = re.findall(r"^```\{toctree\}\n(.*?)^```", index, re.MULTILINE | re.DOTALL)
    entries = [line for tree in trees for line in tree.splitlines() if line and not line.startswith(":")]
    assert len(entries) == len(set(entries))
    generating.write_pages(tmp_path)
    written = {f"generated/{path.stem}" for path in tmp_path.glob("*.md")}
    pages = {path.relative_to(DOCS).with_suffix("").as_posix() for path in PAGES if path.is_relative_to(DOCS)}
    listed = {one for entry in entries for one in (fnmatch.filter(pages, entry) or [entry])}
    assert listed == (pages | written) - {"index"}


# What readers are shown.


def shown(page: Path) -> list[list[str]]:
    """Return the commands of a page from top to bottom, as words. A single word in the text is only a name."""
    found: list[list[str]] = []
    for code in re.finditer(rf"{FENCE.pattern}|{INLINE.pattern}", page.read_text(encoding="utf-8"), FENCE.flags):
        fenced = code[0].startswith("```")
        for line in code[0].splitlines() if fenced else [code[0].strip("`")]:
            if (command := OUR_COMMAND.match(line.strip())) and "…" not in line:
                words = shlex.split(re.sub(r"[\[\]\\]|\s#.*", "", command["rest"]))
                words = [STANDS_FOR.get(word, word) for word in words]
                if (fenced or words[1:]) and not any(" ".join(words).startswith(start) for start in SKIPPED):
                    found.append(words)
    return found


def shown_first() -> dict[str, list[list[str]]]:
    """Return for each page the commands that no page before it shows."""
    known: list[list[str]] = []
    pages: dict[str, list[list[str]]] = {}
    for page in PAGES:
        for words in shown(page) if page.name != "CHANGELOG.md" else ():
            if words not in known:
                known.append(words)
                pages.setdefault(name_of(page), []).append(words)
    return pages


SHOWN = shown_first()
WALKED = {"README.md", *(f"docs/{one}.md" for one in ("commands", "first-hour", "records", "runbook", "setup"))}
"""Pages that lead a reader from command to command."""


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


def test_pages_show_commands() -> None:
    assert sum(map(len, SHOWN.values())) > 45
    assert set(SHOWN) >= WALKED
    assert sum("--json" in words for commands in SHOWN.values() for words in commands) > 10


@pytest.mark.parametrize("page", SHOWN)
def test_what_a_page_shows_works(
    page: str, demo: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in SHOWN[page]:
        line = " ".join(words)
        for start, before in BEFORE.items():
            if line.startswith(start):
                assert CliRunner().invoke(main, before.split(), env=demo).exit_code == 0
        result = CliRunner().invoke(main, words, env=demo, input="y\n" * 5)
        allowed = next((codes for start, codes in CODES.items() if set(start.split()) <= set(words)), {0})
        assert result.exit_code in allowed, f"{line}\n{result.output}"
        assert result.stdout.strip() or "-q" in words, line
        if "--json" in words:
            assert json.loads(result.stdout)["kind"], line
