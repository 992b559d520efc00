"""settings: every setting, its value, and where that came from."""

import difflib

import click

from sync.cli.session import Options, guarded
from sync.errors import CshSyncError, ExitCode, SettingsError
from sync.log import Redactor

HEADS = ("setting", "value", "from")


class NameUnknown(CshSyncError):
    """No setting has the name given on the command line."""

    exit_code = ExitCode.USAGE


@click.command("settings")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--given", is_flag=True, help="Only what was given somewhere, not the defaults.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def settings_command(options: Options, *, names: tuple[str, ...], given: bool, as_json: bool) -> None:
    """Show every setting with its value and where it came from. Asks no service; secrets are not shown.

    NAME is a setting (CSH_GITHUB__ORG, github.org) or a block of them (github).
    """

    def command() -> ExitCode:
        from sync import app, settings  # noqa: PLC0415  --help and --version stay quick

        loaded = settings.look_at_settings(options.environ, options.folder)
        redact: Redactor = app.redactor(loaded.settings)
        options.terminal.redact = redact
        every = settings.shown_settings(loaded)
        wanted = [_variable(name, [one.name for one in every]) for name in names]
        chosen = [
            one
            for one in every
            if (not wanted or any(one.name == name or one.name.startswith(f"{name}__") for name in wanted))
            and not (given and one.origin.startswith(settings.DEFAULT))
        ]
        if as_json:
            options.terminal.document(redact.deep(settings.settings_document(chosen, loaded.problems)))
        else:
            options.terminal.table("", HEADS, [(one.name, one.value or "–", one.origin) for one in chosen])
        if loaded.problems:
            raise SettingsError(loaded.problems)
        return ExitCode.FINE

    guarded(options, command)


def _variable(name: str, known: list[str]) -> str:
    """Return the variable, or the beginning of those of a block. Raises NameUnknown."""
    spelled = name.strip().upper().replace(".", "__")
    spelled = spelled if spelled.startswith("CSH_") else f"CSH_{spelled}"
    if any(one == spelled or one.startswith(f"{spelled}__") for one in known):
        return spelled
    near = difflib.get_close_matches(spelled, known, n=1)
    remedy = f"Did you mean {near[0]}?" if near else "csh-sync settings lists them all."
    raise NameUnknown(f"{name}: no such setting.", remedy=remedy)
