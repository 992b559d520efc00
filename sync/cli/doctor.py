"""doctor: is everything set up as it should be."""

from datetime import timedelta

import click

from sync.cli.durations import Duration
from sync.cli.session import Options, guarded
from sync.errors import ExitCode


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.option(
    "--every",
    type=Duration(),
    default="15m",
    show_default=True,
    help="How often runs are started: for what a month costs, and how late the last one may be.",
)
@click.pass_obj
def doctor_command(options: Options, *, as_json: bool, every: timedelta) -> None:
    """Check everything a run needs: one line per check, with its remedy. Writes nothing.

    Looks at settings, tokens, ids, fields and columns, permissions, clocks, limits and the last success. Leaves with 1
    when a check failed; a warning is no failure.
    """

    def command() -> ExitCode:
        from sync import app, settings  # noqa: PLC0415  --help and --version stay quick
        from sync.examining import examine  # noqa: PLC0415
        from sync.model.examination import Level  # noqa: PLC0415
        from sync.report.setup_text import doctor_document, doctor_lines  # noqa: PLC0415
        from sync.setup import judge  # noqa: PLC0415

        loaded = settings.look_at_settings(options.environ, options.folder)
        options.terminal.redact = app.redactor(loaded.settings)
        options.terminal.note("look at GitHub, Asana and Airtable …")
        verdicts = judge(examine(loaded, every, options.folder))
        if as_json:
            options.terminal.document(app.redactor(loaded.settings).deep(doctor_document(verdicts)))
        else:
            options.terminal.lines(doctor_lines(verdicts))
        return ExitCode.ITEMS_FAILED if any(one.level is Level.FAILED for one in verdicts) else ExitCode.FINE

    guarded(options, command)
