"""undo: take back what a run did, from its record."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sync.cli.agreeing import Agreed, Agreeing, keep_record, tell_agreed
from sync.cli.files import record_file
from sync.cli.session import Interruption, Options, Session, guarded
from sync.cli.write import WITH_BODIES
from sync.errors import ExitCode
from sync.model.change import About
from sync.model.legible import safe
from sync.model.undoing import NotUndone, UndoPage
from sync.report.documents import plain, plan_document, record_document
from sync.report.plan_text import Line, plan_lines
from sync.report.records import RecordUnusable, messages_of, outcomes_of
from sync.undoing import read_undoing

ASK = "Take back what is listed above?"
TOLD = NotUndone(About("messages to people"), "what was told stays told, and so do its rows in Alerts")


@click.command("undo")
@click.argument("run", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RUN")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Only show; ask and write nothing.")
@click.option("--record", type=click.Path(path_type=Path), help="The record's file; by default one in this folder.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@WITH_BODIES
@click.option("--no-lease", is_flag=True, help="Write although nothing keeps a run out.")
@click.pass_obj
def undo_command(
    options: Options,
    *,
    run: Path,
    yes: bool,
    dry_run: bool,
    record: Path | None,
    as_json: bool,
    bodies: bool,
    no_lease: bool,
) -> None:
    """Take back what a run, or adopt, did, as far as the services allow and nobody acted since.

    RUN is the record's file. Shows the way back and what stays, asks, then goes it. Stop the schedule first: the next
    run does again what still has its reason.
    """

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        written = _record(run)
        done, told = outcomes_of(written), messages_of(written)
        adoption = written.get("kind") == "adoption"

        def read() -> UndoPage:
            page = read_undoing(session.services, session.policy, done, adoption=adoption, on_step=session.step)
            return replace(page, not_undone=(*page.not_undone, TOLD)) if told else page

        agreed = Agreed()
        with Interruption(session.terminal) as interruption:
            page = read()
            if not as_json:
                session.terminal.lines(plan_lines(page.plan, now)[1:])  # without the head: nothing was read for it
                session.terminal.lines(_staying(page))
            if page.plan.changes and not dry_run:
                place = record_file(record, "undo", now)
                agreeing = Agreeing("undo", ASK, yes, lease=not no_lease)
                agreed = agreeing.carry_out(session, interruption, page.plan, lambda: read().plan)
            code = agreed.code
            stays = {"kind": "undo", "not_undone": plain(page.not_undone)}
            document = plan_document(page.plan, now, bodies=bodies) | stays
            if agreed.outcomes:
                carried = record_document(
                    page.plan,
                    agreed.outcomes,
                    started=now,
                    ended=session.now(),
                    exit_code=int(agreed.code),
                    bodies=bodies,
                )
                document = carried | stays
                code = keep_record(session, place, document, code)
                session.forget()
        tell_agreed(session, agreed, document, as_json=as_json)
        return code

    guarded(options, command)


def _record(file: Path) -> Any:
    """Return the document in a file. Raises RecordUnusable."""
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RecordUnusable(f"{file} cannot be read: {error}.", remedy="Nothing was written.") from error


def _staying(page: UndoPage) -> Iterator[Line]:
    """Return what is not taken back: alike reasons of one thing once, how often they occur."""
    if not page.not_undone:
        return
    yield Line("Not taken back", "head")
    for why, number in Counter(one.why for one in page.not_undone).items():
        about = [one.about for one in page.not_undone if one.why == why]
        names = ", ".join(dict.fromkeys(safe(one.reference or one.subject) for one in about[:5]))
        more = f" and {number - 5} more" if number > 5 else ""
        yield Line(f"  {names}{more}: {why}", "hold")
