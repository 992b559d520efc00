"""The command line: one file per group of commands, no logic."""

import os
from pathlib import Path

import click

from sync import __version__
from sync.cli.allocations import allocations_command
from sync.cli.check import check_command
from sync.cli.clause import clause_command
from sync.cli.demo import demo_command, sandbox_command
from sync.cli.doctor import doctor_command
from sync.cli.explain import explain_command
from sync.cli.match import match_command
from sync.cli.promise import promise_command
from sync.cli.review import review_command
from sync.cli.scheduled import run_command
from sync.cli.session import Options
from sync.cli.settings import settings_command
from sync.cli.show import hours_command
from sync.cli.write import apply_command, plan_command

EXAMPLES = """\b
Examples:
  csh-sync demo                    everything on a demo organisation, no account needed
  csh-sync plan                    what would change, and why; writes nothing
  csh-sync run --record run.json   the scheduled run; --every 15m repeats it until SIGTERM
  csh-sync check                   what people should look at, by who should act
  csh-sync review                  one page for the weekly review of engagements
  csh-sync hours "Reef Watch"      how many hours are left
  csh-sync explain URL             why an issue is where it is

\b
Exit codes: 0 fine, 1 some items failed, 2 usage or settings, 3 refused by a guard,
4 a service denied or was unreadable, 10 there are changes (plan --detailed-exitcode),
11 there are findings (check --detailed-exitcode).
"""


@click.group(
    help="Mirror labelled GitHub issues into Asana and Airtable, with hours on the right contract.\n\n" + EXAMPLES
)
@click.version_option(__version__, prog_name="csh-sync")
@click.option("--no-color", is_flag=True, help="Plain text (also: NO_COLOR).")
@click.option("-v", "--verbose", count=True, help="More of what happens, on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Only results and errors.")
@click.option("--debug", is_flag=True, help="Tracebacks, with secrets masked.")
@click.pass_context
def main(context: click.Context, *, no_color: bool, verbose: int, quiet: bool, debug: bool) -> None:
    """Hold the options that all commands share."""
    verbosity = -1 if quiet else max(verbose, int(debug))
    context.obj = Options(dict(os.environ), Path.cwd(), no_color, verbosity, debug)


for command in (
    demo_command,
    plan_command,
    apply_command,
    run_command,
    check_command,
    review_command,
    hours_command,
    explain_command,
    match_command,
    clause_command,
    allocations_command,
    promise_command,
    doctor_command,
    settings_command,
    sandbox_command,
):
    main.add_command(command)
