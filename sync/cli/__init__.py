"""The command line: one file per group of commands, no logic."""

import os

import click

from sync import __version__
from sync.cli.commands import LazyGroup

COMMANDS = {
    "adopt": ("adopt", "Take over tasks that earlier tools or people left: so a run makes none anew."),
    "allocations": ("allocations", "Show the periods that clauses imply beside the allocations there are."),
    "apply": ("write", "Apply a saved plan; refused when the world moved."),
    "check": ("check", "List what people should look at, by who should act, worst first."),
    "clause": ("clause", "Tell what a clause says about hours, and what to ask where it is vague."),
    "demo": ("demo", "Show everything on a demo organisation: no account, no token, nothing outside this machine."),
    "doctor": ("doctor", "Check everything a run needs: one line per check, with its remedy."),
    "explain": ("explain", "Tell why an issue is where it is, or where an allocation's total comes from."),
    "hours": ("show", "Show hours used and left, and until when."),
    "init": ("init", "Set up: find ids, make missing tables, columns, fields and labels, write csh-sync.toml."),
    "match": ("match", "Try the matching rules on given texts: whose each is, and by which evidence."),
    "plan": ("write", "Show what would change, as a diff with reasons."),
    "promise": (
        "promise",
        "Tell month by month whether a team can promise hours, beside all that is promised already.",
    ),
    "review": ("review", "Show one page for the weekly review: active engagements, worst first, and what changed."),
    "run": ("scheduled", "Bring Asana and Airtable in line with GitHub, without questions: the scheduled run."),
    "sandbox": ("demo", "Run the stand-ins of GitHub, Asana, Airtable, FreshDesk and Slack alone, until Ctrl-C."),
    "settings": ("settings", "Show every setting with its value and where it came from."),
    "undo": (
        "undo",
        "Take back what a run, or adopt, did, as far as the services allow and nobody acted since.",
    ),
}
"""Every command: the file it stands in, and the first sentence of its help, so that neither has to be imported."""

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
    cls=LazyGroup,
    lazy={name: (f"{__name__}.{file}", summary) for name, (file, summary) in COMMANDS.items()},
    help="Mirror labelled GitHub issues into Asana and Airtable, with hours on the right contract.\n\n" + EXAMPLES,
)
@click.version_option(__version__, prog_name="csh-sync")
@click.option("--no-color", is_flag=True, help="Plain text (also: NO_COLOR).")
@click.option("-v", "--verbose", count=True, help="More of what happens, on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Only results and errors.")
@click.option("--debug", is_flag=True, help="Tracebacks, with secrets masked.")
@click.pass_context
def main(context: click.Context, *, no_color: bool, verbose: int, quiet: bool, debug: bool) -> None:
    """Hold the options that all commands share."""
    from pathlib import Path  # noqa: PLC0415  --help and --version do without these

    from sync.cli.session import Options  # noqa: PLC0415

    verbosity = -1 if quiet else max(verbose, int(debug))
    context.obj = Options(dict(os.environ), Path.cwd(), no_color, verbosity, debug)
