"""Starting costs little: what a command does not use is not imported."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest

from sync.cli import COMMANDS, main

HEAVY = {"asana", "github", "pyairtable", "httpx", "requests", "urllib3", "aiohttp", "sandbox", "connectors"}
NEEDLESS = HEAVY | {"pydantic", "rich", "structlog", "sync.model", "mappings", "dataclasses"}
RUN = """
import json, sys
from sync.cli import main
try:
    main({arguments!r})
except SystemExit as end:
    print(json.dumps([end.code, sorted(sys.modules)]))
"""


def modules_after(*arguments: str) -> set[str]:
    ended = subprocess.run(
        [sys.executable, "-c", RUN.format(arguments=list(arguments))], capture_output=True, text=True, check=True
    )
    code, modules = json.loads(ended.stdout.splitlines()[-1])
    assert code == 0
    return set(modules)


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_help_and_version_import_nothing_they_do_not_use(option: str) -> None:
    assert NEEDLESS & modules_after(option) == set()


def test_the_help_of_a_command_imports_no_sdk() -> None:
    assert HEAVY & modules_after("run", "--help") == set()


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
