"""allocations: what clauses imply beside the allocations there are."""

from collections.abc import Callable
from datetime import date

import click

from sync.allocating import INCOMPLETE, AllocationsPage, Carried, apply_agreed, read_page
from sync.cli.session import Interruption, Options, Session, guarded
from sync.cli.terminal import Terminal
from sync.cli.write import tell_unread
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
from sync.run import Protection

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

        today = now.astimezone(session.policy.zone).date()
        carried, code = Carried(), ExitCode.FINE
        with Interruption(session.terminal) as interruption:
            page = read()
            if not as_json:
                show_page(session.terminal, page, today)
            tell_unread(session, page.problems)
            if applies:
                protection = session.protection(lease=not no_lease, waits=False)
                carried = _applied(session, page, protection, read, interruption, asks=not yes)
                code = interruption.exit_code(_code(carried))
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
        for trouble in filter(None, (carried.stopped and f"Stopped: {carried.stopped}", carried.warning)):
            session.terminal.error(trouble)
        return code if page.complete else ExitCode.UNREADABLE

    guarded(options, command)


def _applied(
    session: Session,
    page: AllocationsPage,
    protection: Protection | None,
    read: Callable[[], AllocationsPage],
    interruption: Interruption,
    *,
    asks: bool,
) -> Carried:
    """Make what is missing, once a person agreed. Raises GuardRefused when not everything could be read."""
    if not page.complete:
        raise GuardRefused(INCOMPLETE, remedy="Nothing was written. See what could not be read.")
    if not page.does_something:
        return Carried()
    if asks:
        click.confirm(ASK, abort=True, err=True)
    return apply_agreed(
        page,
        session.services,
        session.policy,
        protection,
        read_again=read,
        on_writing=interruption.begin_writing,
        interrupted=interruption,
    )


def _code(carried: Carried) -> ExitCode:
    """Return how the command ends: 4 when a service let nothing more be written, 1 when a step was not done, else 0."""
    if carried.stopped:
        return ExitCode.UNREADABLE
    return ExitCode.ITEMS_FAILED if carried.not_done else ExitCode.FINE


def show_page(terminal: Terminal, page: AllocationsPage, today: date) -> None:
    """Show the calendars beside the allocations, what is to come, and the steps that would complete it."""
    terminal.lines(calendar_lines(page.calendars, page.contracts))
    if page.upcoming:
        rows = (upcoming_row(one, today) for one in page.upcoming)
        terminal.table("Upcoming", UPCOMING_HEADS, rows)
        for note in upcoming_notes(page.upcoming):
            terminal.text(note)
    terminal.lines(step_lines(page.steps))
    terminal.lines(initiative_lines(page.initiatives))
