"""allocations: what clauses imply beside the allocations there are."""

import json

import click

from sync.allocating import AllocationsPage, apply_agreed, read_page
from sync.cli.session import Interruption, Options, Session, guarded
from sync.errors import ExitCode, GuardRefused
from sync.model.allocating import Done, StepOutcome
from sync.report.allocations_text import calendar_lines, outcome_lines, step_lines
from sync.report.documents import allocations_document
from sync.report.words import safe

ASK = "Make these rows, CSH tasks and links?"


@click.command("allocations")
@click.argument("name", required=False, default="", metavar="[COMMUNITY|ENGAGEMENT]")
@click.option("--apply", "applies", is_flag=True, help="Make what is missing, after asking.")
@click.option("--yes", is_flag=True, help="With --apply: do not ask.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.option("--no-lease", is_flag=True, help="With --apply: write although nothing keeps a run out.")
@click.pass_obj
def allocations_command(
    options: Options, *, name: str, applies: bool, yes: bool, as_json: bool, no_lease: bool
) -> None:
    """Show the periods that clauses imply beside the allocations there are. Writes only with --apply."""

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()

        def read() -> AllocationsPage:
            session.step("read Airtable and Asana")
            return read_page(session.services, session.policy, now, name)

        page = read()
        outcomes: tuple[StepOutcome, ...] = ()
        if not as_json:
            session.terminal.lines(calendar_lines(page.calendars, page.contracts))
            session.terminal.lines(step_lines(page.steps))
        for one in page.problems:
            session.terminal.error(f"  not read: {one.service} {safe(one.subject)}: {safe(one.message)}")
        if applies and any(step.does_something for step in page.steps):
            if not yes:
                click.confirm(ASK, abort=True, err=True)
            with Interruption(session.terminal) as interruption:
                interruption.writing = True
                protection = session.protection(lease=not no_lease, waits=False)
                outcomes = apply_agreed(page, session.services, protection, read)
        elif applies and not page.complete:
            raise GuardRefused("not everything could be read, so nobody can tell what is missing")
        if as_json:
            document = allocations_document(page.calendars, page.steps, outcomes, now, complete=page.complete)
            click.echo(json.dumps(session.redact.deep(document), indent=2))
        elif outcomes:
            session.terminal.lines(outcome_lines(outcomes))
        if not page.complete:
            return ExitCode.UNREADABLE
        return ExitCode.ITEMS_FAILED if any(one.result is not Done.DONE for one in outcomes) else ExitCode.FINE

    guarded(options, command)
