"""What commands share that show a plan of their own, ask, and carry it out: `adopt` and `undo`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from sync.adopting import apply_plan_agreed
from sync.cli.files import keep_document
from sync.cli.session import Interruption, Session
from sync.errors import ExitCode
from sync.model.change import Outcome, Plan, Result


@dataclass(frozen=True, slots=True)
class Agreed:
    """What came of a plan that was agreed to; nothing where none was carried out."""

    outcomes: tuple[Outcome, ...] = ()
    warning: str = ""
    code: ExitCode = ExitCode.FINE


@dataclass(frozen=True, slots=True)
class Agreeing:
    """How a command asks and carries out. *what* names it in Runs, *question* is what a person is asked."""

    what: str
    question: str
    yes: bool
    lease: bool

    def carry_out(
        self, session: Session, interruption: Interruption, plan: Plan, read_again: Callable[[], Plan]
    ) -> Agreed:
        """Ask, unless *yes*, and carry out *plan* if it is still the one to be made. Raises what `apply_plan_agreed`
        does, and click.Abort for a no.
        """
        if not self.yes:
            click.confirm(self.question, abort=True, err=True)
        carried = apply_plan_agreed(
            plan,
            session.services,
            session.policy,
            session.protection(lease=self.lease, waits=False),
            what=self.what,
            read_again=read_again,
            on_writing=interruption.begin_writing,
            interrupted=interruption,
        )
        outcomes = carried.applied.outcomes
        code = interruption.exit_code(_ending_of(outcomes, carried.applied.stopped))
        return Agreed(outcomes, carried.warning, code)


def tell_agreed(session: Session, agreed: Agreed, document: Mapping[str, Any], *, as_json: bool) -> None:
    """Show how it went: the document, or what was not done and why; and a warning."""
    if as_json:
        session.terminal.document(session.redact.deep(document))
    else:
        _tell_not_done(session, agreed.outcomes)
    if agreed.warning:
        session.terminal.error(agreed.warning)


def keep_record(session: Session, place: Path, document: Mapping[str, Any], code: ExitCode) -> ExitCode:
    """Write the record of what was done, tell where it is, and return how the command ends that would end with *code*.

    Raises nothing: a record that cannot be kept where it should be is a failed item.
    """
    file, trouble = keep_document(place, document, session.redact)
    if trouble:
        session.terminal.error(trouble)
    if file:
        session.terminal.note(f"Recorded in {file}. To take it back: csh-sync undo {file}")
    return ExitCode.ITEMS_FAILED if trouble and code is ExitCode.FINE else code


def _ending_of(outcomes: tuple[Outcome, ...], stopped: str) -> ExitCode:
    """Return how the command ends: 4 when a service let nothing more be written, 1 when a change was not done."""
    if stopped:
        return ExitCode.UNREADABLE
    return ExitCode.ITEMS_FAILED if any(one.result is not Result.DONE for one in outcomes) else ExitCode.FINE


def _tell_not_done(session: Session, outcomes: tuple[Outcome, ...]) -> None:
    """Tell which changes were not done, and why, and how many were."""
    for one in outcomes:
        if one.result is not Result.DONE:
            about = one.change.about
            session.terminal.error(f"Not done ({one.result.value}): {about.subject} ({about.reference}): {one.detail}")
    if outcomes:
        done = sum(1 for one in outcomes if one.result is Result.DONE)
        session.terminal.text(f"{done} of {len(outcomes)} changes done.")
