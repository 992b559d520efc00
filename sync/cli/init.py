"""init: find ids, make what is missing, write the settings file."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.session import Options, guarded, write_text
from sync.cli.terminal import Terminal
from sync.errors import ExitCode, SettingsError

if TYPE_CHECKING:
    from sync.doors import Doors
    from sync.setting_up import Chosen, Making
    from sync.settings import Loaded
    from sync.settings.writing import Entry


@click.command("init")
@click.option("--yes", is_flag=True, help="Make what is missing without asking for consent.")
@click.option("--no-input", is_flag=True, help="Ask nothing: what cannot be found has to be set.")
@click.option("--label", "labels", multiple=True, metavar="REPOSITORY", help="Make the label there; all: everywhere.")
@click.option("--from-here", is_flag=True, help="Print today's state as settings; make and write nothing.")
@click.pass_obj
def init_command(options: Options, *, yes: bool, no_input: bool, labels: tuple[str, ...], from_here: bool) -> None:
    """Set up: find ids, make missing tables, columns, fields and labels, write csh-sync.toml.

    Tokens have to be set before. Shows everything it will make and asks before it does; what is there is never
    changed. Started again it goes on where it ended, and changes nothing when nothing is missing.
    """

    def command() -> ExitCode:
        from sync import app, settings  # noqa: PLC0415  --help and --version stay quick
        from sync.dumping import state_of  # noqa: PLC0415
        from sync.setting_up import choose_ids, plan_making  # noqa: PLC0415
        from sync.settings.writing import whole_file  # noqa: PLC0415

        loaded = settings.look_at_settings(options.environ, options.folder)
        options.terminal.redact = app.redactor(loaded.settings)
        _refuse_problems(loaded)
        asker = _Person(options.terminal, yes=yes or from_here, asks=not no_input)
        with _doors(loaded) as doors:
            chosen = choose_ids(loaded.settings, doors, asker)
            if from_here:
                click.echo(options.terminal.redact(whole_file(*state_of(loaded.settings, chosen, doors))), nl=False)
                return ExitCode.FINE
            making = plan_making(loaded.settings, chosen, doors, asker, labels)
            return _make(options, loaded, (chosen, making, doors), asker)

    guarded(options, command)


def _make(options: Options, loaded: "Loaded", found: tuple["Chosen", "Making", "Doors"], asker: "_Person") -> ExitCode:
    from sync.setting_up import ALWAYS_BY_HAND, carry_out, choose_sentinels, entries_of  # noqa: PLC0415

    chosen, making, doors = found
    show = options.terminal.text
    for step in making.steps:
        show(f"  + {step}")
    if making.steps and not asker.consents("Make this?"):
        show("Nothing was made or written.")
        return ExitCode.REFUSED if asker.asks else ExitCode.FINE
    failures = 0
    for done, home in carry_out(making, chosen, doors):
        chosen = replace(chosen, home_project=home)
        failures += bool(done.trouble)
        show(f"  failed  {done.step}: {done.trouble}" if done.trouble else f"  made    {done.step}")
    if not making.steps:
        show("Nothing to make.")
    if not failures:
        entries = entries_of(loaded.settings, chosen, making, choose_sentinels(loaded.settings, chosen, doors))
        _write(options, loaded, entries, asker)
    by_hand = (*making.by_hand, *(ALWAYS_BY_HAND if making.steps else ()))
    if by_hand:
        show("Only a person can do this:")
    for one in by_hand:
        show(f"  - {one.what} ({one.why})")
    show("Next: csh-sync doctor" if not failures else "Mend what failed and start csh-sync init again.")
    return ExitCode.ITEMS_FAILED if failures else ExitCode.FINE


def _write(options: Options, loaded: "Loaded", entries: Sequence["Entry"], asker: "_Person") -> None:
    """Write what the settings file lacks; what stands in it, or is given elsewhere beside it, stays as it is."""
    from sync.settings import SETTINGS_FILE  # noqa: PLC0415
    from sync.settings.writing import completed, whole_file  # noqa: PLC0415

    path = (options.folder or Path()) / SETTINGS_FILE
    is_there = path.is_file()
    lacking = [one for one in entries if not (is_there and loaded.origin(one.path))]
    if not lacking:
        return
    for one in lacking:
        options.terminal.text(f"  {SETTINGS_FILE}: [{one.block}] {one.line()}")
    if asker.consents(f"Write {SETTINGS_FILE}?"):
        text = completed(path.read_text(encoding="utf-8"), lacking) if is_there else whole_file(lacking)
        write_text(path, text)
        options.terminal.text(f"{path} is written.")


def _refuse_problems(loaded: "Loaded") -> None:
    """Refuse settings that are wrong; ids that are not set are what is looked for. Raises SettingsError."""
    from sync.settings import variable  # noqa: PLC0415

    sought = [
        variable(*path)
        for path in (("github", "org"), ("asana", "workspace"), ("asana", "home_project"), ("airtable", "base"))
    ]
    either = f"{variable('asana', 'portfolio')} or "
    problems = tuple(
        one
        for one in loaded.problems
        if one not in {f"{name} is not set." for name in sought} and not one.startswith(either)
    )
    if problems:
        raise SettingsError(problems)


@contextmanager
def _doors(loaded: "Loaded") -> Iterator["Doors"]:
    from sync.doors import open_doors  # noqa: PLC0415

    doors, close = open_doors(loaded.settings)
    try:
        yield doors
    finally:
        close()


class _Person:
    """The person at the terminal, or nobody: then defaults decide, and what has none has to be set."""

    def __init__(self, terminal: Terminal, *, yes: bool, asks: bool) -> None:
        self._terminal = terminal
        self._yes = yes
        self.asks = asks

    def choose(self, question: str, name: str, options: Mapping[str, str], default: str) -> str:
        """Return an id: one of *options*, by its number, id or name, or another that was typed."""
        if not self.asks:
            if default:
                return default
            seen = ", ".join(f"{one} ({called})" for one, called in options.items()) or "nothing"
            raise SettingsError((f"{name} is not set; it may be {seen}.",))
        ids = list(options)
        self._terminal.note(question)
        for number, one in enumerate(ids, 1):
            self._terminal.note(f"  {number}  {options[one]} ({one})")
        typed = click.prompt(name, default=default or None, err=True).strip()
        if typed.isdecimal() and 0 < int(typed) <= len(ids) and typed not in options:
            return ids[int(typed) - 1]
        return next((one for one, called in options.items() if called == typed), typed)

    def agree(self, question: str, *, default: bool) -> bool:
        """Return the answer, the default where nobody is asked."""
        return click.confirm(question, default=default, err=True) if self.asks and not self._yes else default

    def consents(self, question: str) -> bool:
        """Return whether something may be made: never without a person or ``--yes``."""
        if self._yes:
            return True
        return self.asks and click.confirm(question, default=False, err=True)

    def tell(self, text: str) -> None:
        """Tell something on stderr."""
        self._terminal.note(text)
