"""Starting costs little: what a command does not use is not imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import click
import pytest

from sync.cli import COMMANDS, main
from tests.cli.conftest import Go
from tests.e2e.organisation import Organisation

HEAVY = {"asana", "github", "pyairtable", "httpx", "requests", "urllib3", "aiohttp", "sandbox", "connectors"}
NEEDLESS = HEAVY | {"pydantic", "rich", "structlog", "sync.model", "mappings", "dataclasses"}
PLANS_AND_TELLS = (
    *("sync.reading", "sync.mirror", "sync.findings", "sync.apply", "sync.writing", "sync.telling"),
    *("sync.hours.clauses", "sync.model.examination", "mappings.richtext", "mappings.matching.deciding"),
    *("markdown_it", "rapidfuzz", "structlog", "httpx", "sandbox"),
)
"""What a run needs that plans, writes or tells, and its packages with all that is in them."""
SMALL = {"sync.mirror", "sync.mirror.world", "sync.mirror.guards", "sync.findings", "sync.findings.kinds"}
"""Names for the settings and the command line, which cost nothing."""
RUN = """
import json, sys
from sync.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]))
"""


def modules_after(*arguments: str) -> set[str]:
    return told_and_modules(*arguments)[1]


def told_and_modules(*arguments: str, **environ: str) -> tuple[str, set[str]]:
    ended = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=list(arguments))],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    *told, last = ended.stdout.splitlines()
    code, modules = json.loads(last)
    assert code == 0
    return "\n".join(told), set(modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_import_nothing_they_do_not_use(option: str) -> None:
    assert NEEDLESS & modules_after(option) == set()


def test_the_help_of_a_command_imports_no_sdk() -> None:
    assert HEAVY & modules_after("run", "--help") == set()


def test_a_run_for_which_nothing_moved_imports_nothing_that_plans_writes_or_tells(go: Go, org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1)
    state = {"CSH_RUN__STATE_FILE": "state.sqlite"}
    for _ in range(2):
        assert go("run", **state).exit_code == 0
        org.sandbox.clock.advance(minutes=15)
    told, modules = told_and_modules("run", **org.settings(**state))
    assert told.startswith("Nothing moved")
    needless = {one for one in modules if any(f"{one}.".startswith(f"{name}.") for name in PLANS_AND_TELLS)}
    assert needless - SMALL == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_tells_of_each_command_what_its_own_help_tells(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.name == name
    told = click.Command(name, help=COMMANDS[name][1])
    assert told.get_short_help_str(200) == command.get_short_help_str(200)


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(click.UsageError, match="No such command 'pln'"):
        main(["pln"], standalone_mode=False)
