"""adopt: take over tasks that earlier tools or people left."""

from pathlib import Path

import click

from sync.adopting import INCOMPLETE, apply_plan_agreed, read_adoptions
from sync.cli.session import Interruption, Options, Session, guarded, write_document
from sync.cli.write import tell_unread
from sync.errors import ExitCode, GuardRefused
from sync.model.adopting import AdoptionPage
from sync.model.change import Outcome, Result
from sync.report.adoption_text import adoption_document, adoption_lines
from sync.report.documents import plan_document, record_document

ASK = "Take over what is listed above?"


@click.command("adopt")
@click.option("--project", "projects", multiple=True, metavar="GID", help="Look into this Asana project, too.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only show; ask and write nothing.")
@click.option("--record", type=click.Path(path_type=Path), help="The record's file; by default one in this folder.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.option("--no-lease", is_flag=True, help="Write although nothing keeps a run out.")
@click.pass_obj
def adopt_command(
    options: Options,
    *,
    projects: tuple[str, ...],
    yes: bool,
    dry_run: bool,
    record: Path | None,
    as_json: bool,
    no_lease: bool,
) -> None:
    """Take over tasks that earlier tools or people left: so a run makes none anew.

    Looks at the home project, below the CSH tasks and in the projects given for tasks that name an issue in scope.
    Shows which is which, asks, then adds the home project, the key and the place; nothing else of them changes. What
    was done is recorded.
    """

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()

        def read() -> AdoptionPage:
            return read_adoptions(session.services, session.policy, now, projects, on_step=session.step)

        outcomes: tuple[Outcome, ...] = ()
        warning, code = "", ExitCode.FINE
        with Interruption(session.terminal) as interruption:
            page = read()
            if not as_json:
                session.terminal.lines(adoption_lines(page))
            tell_unread(session, page.problems)
            if page.plan.changes and not dry_run:
                if not page.complete:
                    raise GuardRefused(INCOMPLETE, remedy="Nothing was written. See what could not be read.")
                if not yes:
                    click.confirm(ASK, abort=True, err=True)
                carried = apply_plan_agreed(
                    page.plan,
                    session.services,
                    session.policy,
                    session.protection(lease=not no_lease, waits=False),
                    what="adopt",
                    read_again=lambda: read().plan,
                    on_writing=interruption.begin_writing,
                    interrupted=interruption,
                )
                outcomes, warning = carried.applied.outcomes, carried.warning
                code = interruption.exit_code(ending_of(outcomes, carried.applied.stopped))
        document = plan_document(page.plan, now) | {"kind": "adoption"} | adoption_document(page)
        if outcomes:
            done = record_document(
                page.plan,
                outcomes,
                started=now,
                ended=session.now(),
                exit_code=int(code),
                warnings=[warning] * bool(warning),
            )
            document = {**done, "kind": "adoption", **adoption_document(page)}
            place = record or Path(f"adopt-{now:%Y%m%dT%H%M%SZ}.json")
            write_document(place, document, session.redact)
            session.terminal.note(f"Recorded in {place}. To take it back: csh-sync undo {place}")
        if as_json:
            session.terminal.document(session.redact.deep(document))
        else:
            tell_not_done(session, outcomes)
        if warning:
            session.terminal.error(warning)
        return code if page.complete else ExitCode.UNREADABLE

    guarded(options, command)


def ending_of(outcomes: tuple[Outcome, ...], stopped: str) -> ExitCode:
    """Return how the command ends: 4 when a service let nothing more be written, 1 when a change was not done."""
    if stopped:
        return ExitCode.UNREADABLE
    return ExitCode.ITEMS_FAILED if any(one.result is not Result.DONE for one in outcomes) else ExitCode.FINE


def tell_not_done(session: Session, outcomes: tuple[Outcome, ...]) -> None:
    """Tell which changes were not done, and why, and how many were."""
    for one in outcomes:
        if one.result is not Result.DONE:
            about = one.change.about
            session.terminal.error(f"Not done ({one.result.value}): {about.subject} ({about.reference}): {one.detail}")
    if outcomes:
        done = sum(1 for one in outcomes if one.result is Result.DONE)
        session.terminal.text(f"{done} of {len(outcomes)} changes done.")
