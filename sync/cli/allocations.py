"""allocations: what clauses imply beside the allocations there are."""

from datetime import date

import click

from sync.allocating import INCOMPLETE, AllocationsPage, Carried, apply_agreed, read_page
from sync.cli.session import Interruption, Options, Session, guarded
from sync.errors import ExitCode, GuardRefused
from sync.report.allocations_text import (
    calendar_lines,
    initiative_lines,
    initiative_outcome_lines,
    outcome_lines,
    step_lines,
)
from sync.report.documents import allocations_document
from sync.report.upcoming_text import HEADS as UPCOMING_HEADS
from sync.report.upcoming_text import upcoming_documents, upcoming_notes, upcoming_row
from sync.report.words import safe

ASK = "Make what is listed above?"


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
            return read_page(session.services, session.policy, now, name, on_step=session.step)

        page = read()
        today = now.astimezone(session.policy.zone).date()
        carried = Carried()
        if not as_json:
            _show(session, page, today)
        for one in page.problems:
            session.terminal.error(f"  not read: {one.service} {safe(one.subject)}: {safe(one.message)}")
        if applies and page.does_something:
            if not yes:
                click.confirm(ASK, abort=True, err=True)
            with Interruption(session.terminal) as interruption:
                interruption.writing = True
                protection = session.protection(lease=not no_lease, waits=False)
                carried = apply_agreed(
                    page, session.services, session.policy, protection, read_again=read, interrupted=interruption
                )
        elif applies and not page.complete:
            raise GuardRefused(INCOMPLETE)
        if as_json:
            document = allocations_document(
                page.calendars,
                page.steps,
                carried.steps,
                now,
                complete=page.complete,
                upcoming=upcoming_documents(page.upcoming, today),
                initiatives=page.initiatives,
                made=carried.initiatives,
            )
            session.terminal.document(session.redact.deep(document))
        elif carried != Carried():
            session.terminal.lines(outcome_lines(carried.steps))
            session.terminal.lines(initiative_outcome_lines(carried.initiatives))
        if not page.complete:
            return ExitCode.UNREADABLE
        return ExitCode.ITEMS_FAILED if carried.failures else ExitCode.FINE

    guarded(options, command)


def _show(session: Session, page: AllocationsPage, today: date) -> None:
    session.terminal.lines(calendar_lines(page.calendars, page.contracts))
    if page.upcoming:
        rows = (upcoming_row(one, today) for one in page.upcoming)
        session.terminal.table("Upcoming", UPCOMING_HEADS, rows)
        for note in upcoming_notes(page.upcoming):
            session.terminal.text(note)
    session.terminal.lines(step_lines(page.steps))
    session.terminal.lines(initiative_lines(page.initiatives))
