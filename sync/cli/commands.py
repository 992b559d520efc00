"""The commands by name, each imported when it is used: ``--help`` and ``--version`` start within milliseconds."""

import gc
import importlib
from collections.abc import Mapping
from typing import Any

import click

GARBAGE = 50_000
"""After so many new objects Python looks for cycles among them, not after each 700: nearly all that is read and planned
stays until the end, and looking at it again and again takes a tenth of a run."""


class LazyGroup(click.Group):
    """A group whose commands are told by name: *lazy* maps one to its module and the first sentence of its help.

    The command itself is the module's ``NAME_command``; until it is asked for, one that only knows that sentence
    stands for it.
    """

    def __init__(self, *, lazy: Mapping[str, tuple[str, str]], **attributes: Any) -> None:
        super().__init__(**attributes)
        self._modules = {name: module for name, (module, _) in lazy.items()}
        self.commands = {name: click.Command(name, help=summary) for name, (_, summary) in lazy.items()}

    def invoke(self, ctx: click.Context) -> Any:
        """Carry out the command that is asked for."""
        gc.set_threshold(GARBAGE)
        return super().invoke(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Return a command, None where there is no such."""
        if cmd_name not in self._modules:
            return None
        command: click.Command = getattr(importlib.import_module(self._modules[cmd_name]), f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands as click does, without importing them."""
        names = self.list_commands(ctx)
        width = formatter.width - 6 - max(map(len, names), default=0)
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.commands[name].get_short_help_str(width)) for name in names])
