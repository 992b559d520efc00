"""init: find ids, make what is missing, write the settings file."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sync.cli.files import write_text
from sync.cli.session import Interruption, Options, guarded
from sync.cli.terminal import Terminal
from sync.errors import CshSyncError, ExitCode, Rejected, ServiceError, SettingsError

if TYPE_CHECKING:
    from sync.doors import Doors
    from sync.setting_up import Chosen, Making
    from sync.settings import Loaded
    from sync.settings.writing import Entry

SETTINGS_FILE = "csh-sync.toml"
GOES_ON = "Start csh-sync init again: it goes on where this ended."


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
            with _nothing_made_yet():
                chosen = choose_ids(loaded.settings, doors, asker)
                if from_here:
                    state = whole_file(*state_of(loaded.settings, chosen, doors))
                    click.echo(options.terminal.redact(state), nl=False)
                    return ExitCode.FINE
                making = plan_making(loaded.settings, chosen, doors, asker, labels)
            return _make(options, loaded, (chosen, making, doors), asker)

    guarded(options, command)


@contextmanager
def _nothing_made_yet() -> Iterator[None]:
    """Let what a service refuses end as everywhere where reading fails: nothing was made."""
    try:
        yield
    except Rejected as error:
        error.exit_code = ExitCode.UNREADABLE
        raise


def _make(options: Options, loaded: "Loaded", found: tuple["Chosen", "Making", "Doors"], asker: "_Person") -> ExitCode:
    from sync.setting_up import ALWAYS_BY_HAND, carry_out, entries_of  # noqa: PLC0415

    chosen, making, doors = found
    show = options.terminal.text
    for step in making.steps:
        show(f"  + {step}")
    if making.steps and not asker.consents("Make this?"):
        show(f"Nothing was made or written.{asker.without_consent}")
        return ExitCode.REFUSED if asker.asks else ExitCode.FINE
    failures = 0
    with Interruption(options.terminal) as interruption:
        interruption.begin_writing()
        for done, home in carry_out(making, chosen, doors):
            chosen = replace(chosen, home_project=home)
            failures += bool(done.trouble)
            show(f"  failed  {done.step}: {done.trouble}" if done.trouble else f"  made    {done.step}")
            if interruption():
                show(f"Stopped: what was made stays. {GOES_ON}")
                return interruption.exit_code(ExitCode.FINE)
    if not making.steps:
        show("Nothing to make.")
    if not failures:
        entries = entries_of(loaded.settings, chosen, making, _sentinels(options, loaded, chosen, doors))
        try:
            _write(options, loaded, entries, asker)
        except click.Abort:
            if not making.steps:
                raise
            show(f"What was made stays; {SETTINGS_FILE} is not written. {GOES_ON}")
            return ExitCode.INTERRUPTED
    by_hand = (*making.by_hand, *(ALWAYS_BY_HAND if making.steps else ()))
    if by_hand:
        show("Only a person can do this:")
    for one in by_hand:
        show(f"  - {one.what} ({one.why})")
    show("Next: csh-sync doctor" if not failures else "Mend what failed and start csh-sync init again.")
    return ExitCode.ITEMS_FAILED if failures else ExitCode.FINE


def _sentinels(options: Options, loaded: "Loaded", chosen: "Chosen", doors: "Doors") -> dict[str, str]:
    """Return sentinels; that none could be looked for keeps back nothing else: they are chosen the next time."""
    from sync.setting_up import choose_sentinels  # noqa: PLC0415

    try:
        return choose_sentinels(loaded.settings, chosen, doors)
    except ServiceError as error:
        options.terminal.note(f"No sentinels are chosen yet: {error}")
        return {}


def _write(options: Options, loaded: "Loaded", entries: Sequence["Entry"], asker: "_Person") -> None:
    """Write what the settings file lacks; what stands in it, or is given elsewhere beside it, stays as it is."""
    from sync.settings.writing import completed, is_toml, whole_file  # noqa: PLC0415

    path = (options.folder or Path()) / SETTINGS_FILE
    show, is_there = options.terminal.text, path.is_file()
    for line in _overruled(loaded, entries):
        show(line)
    lacking = [one for one in entries if not (is_there and loaded.origin(one.path))]
    if not lacking:
        return
    for one in lacking:
        show(f"  {SETTINGS_FILE}: [{one.block}] {one.line()}")
    text = completed(path.read_text(encoding="utf-8-sig"), lacking) if is_there else whole_file(lacking)
    if not is_toml(text):
        show(f"{path} is left as it is: blocks stand in it in a way that allows no more lines. Add these yourself.")
    elif not asker.consents(f"Write {SETTINGS_FILE}?"):
        show(f"{path} is not written.{asker.without_consent}")
    else:
        _write_file(path, text)
        show(f"{path} is written.")


def _write_file(path: Path, text: str) -> None:
    try:
        write_text(path, text)
    except CshSyncError as error:
        raise CshSyncError(error.message, remedy=f"What was made stays. Make the folder writable. {GOES_ON}") from error


def _overruled(loaded: "Loaded", entries: Sequence["Entry"]) -> Iterator[str]:
    """Yield what is set otherwise than what was found: a line of the settings file would not change it."""
    for one in entries:
        place, value = loaded.origin(one.path), _value_at(loaded.settings, one.path)
        if place and str(value) != str(one.value):
            yield f"{'.'.join(one.path)} is {value} in {place}, which decides: set it to {one.value} there."


def _value_at(tree: object, path: Sequence[str]) -> object:
    for name in path:
        tree = tree.get(name, "") if isinstance(tree, Mapping) else getattr(tree, name)
    return tree


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
        self.without_consent = "" if asks else " That needs --yes."

    def choose(self, question: str, name: str, options: Mapping[str, str], default: str) -> str:
        """Return an id: one of *options*, by its number, id or name, or another that was typed."""
        if not self.asks:
            if default:
                return default
            seen = ", ".join(f"{one} ({called})" for one, called in options.items())
            known = f"it may be {seen}" if seen else "the token sees none"
            raise SettingsError((f"{name} has to be set; {known}.",))
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
