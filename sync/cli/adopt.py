"""adopt: take over tasks that earlier tools or people left."""

from pathlib import Path

import click

from sync.adopting import INCOMPLETE, read_adoptions
from sync.cli.agreeing import Agreed, Agreeing, keep_record, tell_agreed
from sync.cli.files import record_file
from sync.cli.session import Interruption, Options, Session, guarded
from sync.cli.write import tell_unread
from sync.errors import ExitCode, GuardRefused
from sync.model.adopting import AdoptionPage
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

        agreed = Agreed()
        with Interruption(session.terminal) as interruption:
            page = read()
            if not as_json:
                session.terminal.lines(adoption_lines(page))
            tell_unread(session, page.problems)
            if page.plan.changes and not dry_run:
                if not page.complete:
                    raise GuardRefused(INCOMPLETE, remedy="Nothing was written. See what could not be read.")
                place = record_file(record, "adopt", now)
                agreeing = Agreeing("adopt", ASK, yes, lease=not no_lease)
                agreed = agreeing.carry_out(session, interruption, page.plan, lambda: read().plan)
            code = agreed.code
            document = plan_document(page.plan, now) | {"kind": "adoption"} | adoption_document(page)
            if agreed.outcomes:
                done = record_document(
                    page.plan,
                    agreed.outcomes,
                    started=now,
                    ended=session.now(),
                    exit_code=int(agreed.code),
                    warnings=[agreed.warning] * bool(agreed.warning),
                )
                document = {**done, "kind": "adoption", **adoption_document(page)}
                code = keep_record(session, place, document, code)
        tell_agreed(session, agreed, document, as_json=as_json)
        return code if page.complete else ExitCode.UNREADABLE

    guarded(options, command)
