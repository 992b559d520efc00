"""plan, apply, and what `run` shares with them."""

import json
import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from sync.cli.channels import with_files
from sync.cli.files import keep_document, record_file, try_file, write_document
from sync.cli.github_actions import publish, put_out, troubles_of
from sync.cli.session import Interrupted, Interruption, Options, Session, guarded
from sync.cli.terminal import Steps
from sync.errors import ExitCode, GuardRefused, ServiceError
from sync.log import event
from sync.mirror.guards import ALLOW_EMPTY, ALLOW_MASS_CHANGE, refusals_of
from sync.model.change import Outcome, Plan, Result, failed
from sync.model.cost import Cost
from sync.model.legible import safe
from sync.model.reading import Problem
from sync.report.costs import cost_line
from sync.report.digest_words import sums
from sync.report.documents import Texts, change_document, checksum, plan_document, record_document
from sync.report.plan_text import plan_lines, summary
from sync.report.words import counted
from sync.run import Report, plan_run
from sync.run import run as run_once

FINDINGS_SHOWN = 40
FAILURES_SHOWN = 40
FLAGS = (
    click.option(
        ALLOW_MASS_CHANGE, "allow_mass_change", is_flag=True, help="Lift the limit on removals and moves once."
    ),
    click.option(ALLOW_EMPTY, "allow_empty", is_flag=True, help="Believe an empty reading once."),
)
NO_LEASE = click.option(
    "--no-lease", is_flag=True, help="Write without a lease: only where nothing else can run at the same time."
)
WITH_BODIES = click.option(
    "--with-bodies", "bodies", is_flag=True, help="Keep the texts of all descriptions in the file, private ones too."
)


def flags_given(allow_mass_change: bool, allow_empty: bool) -> frozenset[str]:
    """Return the one-time flags that were given, by which guards are lifted."""
    chosen = {ALLOW_MASS_CHANGE: allow_mass_change, ALLOW_EMPTY: allow_empty}
    return frozenset(flag for flag, given in chosen.items() if given)


@click.command("plan")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Save the plan, to be applied as it is.")
@click.option("--json", "as_json", is_flag=True, help="The plan as a JSON document.")
@click.option("--detailed-exitcode", is_flag=True, help="Leave with 10 when there are changes.")
@WITH_BODIES
@click.pass_obj
def plan_command(options: Options, *, out: Path | None, as_json: bool, detailed_exitcode: bool, bodies: bool) -> None:
    """Show what would change, as a diff with reasons. Writes nothing."""

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        if out:
            try_file(out, "The plan", "--out FILE")
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        plan = assessment.plan
        refusals = refusals_of(plan, world, session.policy)
        document = plan_document(plan, now, bodies=bodies)
        if out:
            write_document(out, document, session.redact)
        if as_json:
            session.terminal.document(session.redact.deep(document))
        else:
            session.terminal.lines(plan_lines(plan, now))
            tell_findings(session, plan)
            for refusal in refusals:
                lift = f" To go on once: {refusal.flag}." if refusal.flag else ""
                session.terminal.error(f"apply and run would refuse this: {refusal.message}{lift}")
            if out:
                session.terminal.text(f"Next: csh-sync apply {out}")
        if not all(plan.complete.values()):
            return ExitCode.UNREADABLE
        if plan.partly_worked_out:
            return ExitCode.ITEMS_FAILED
        return ExitCode.CHANGES if detailed_exitcode and plan.changes else ExitCode.FINE

    guarded(options, command)


@click.command("apply")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--record", type=click.Path(dir_okay=False, path_type=Path), help="Write what happened as JSON.")
@WITH_BODIES
@NO_LEASE
@FLAGS[0]
@FLAGS[1]
@click.pass_obj
def apply_command(
    options: Options,
    *,
    file: Path | None,
    yes: bool,
    record: Path | None,
    bodies: bool,
    no_lease: bool,
    allow_mass_change: bool,
    allow_empty: bool,
) -> None:
    """Apply a saved plan; refused when the world moved. Without FILE: plan, show, ask, apply."""

    def command() -> ExitCode:
        session = Session(options)
        saved = _saved_plan(file) if file else None

        def agree(plan: Plan) -> None:
            nonlocal saved
            if saved is not None:
                _refuse_when_stale(saved, plan)
                return
            session.terminal.lines(plan_lines(plan, session.now()))
            if plan.changes and not yes:
                click.confirm("Apply this plan?", abort=True, err=True)
            saved = plan_document(plan, session.now())  # what was agreed to, should the world be read again

        allowed = flags_given(allow_mass_change, allow_empty)
        report, _ = perform(session, agree, allowed, record, bodies=bodies, lease=not no_lease)
        return tell(session, report)

    guarded(options, command)


class _Watch:
    """Tells what a run does: events on the log, progress on stderr. *agree* may refuse the plan."""

    def __init__(self, session: Session, agree: Callable[[Plan], None], stack: ExitStack) -> None:
        self._terminal = session.terminal
        self._agree = agree
        self._stack = stack
        self._steps: Steps | None = None
        self._changes = 0

    def plan(self, plan: Plan) -> None:
        """Hear of the plan before it is applied."""
        event("plan.made", summary=summary(plan))
        self._agree(plan)
        self._changes = len(plan.changes)

    def writing(self) -> None:
        """Hear that the plan heard of last is being applied."""
        if self._changes:
            self._steps = self._stack.enter_context(self._terminal.progress("apply", self._changes))

    def outcome(self, outcome: Outcome) -> None:
        """Hear what came of one change."""
        event(
            "change.applied",
            level=logging.INFO if outcome.result is Result.DONE else logging.WARNING,
            change=type(outcome.change).__name__,
            reference=outcome.change.about.reference,
            result=outcome.result.value,
            detail=outcome.detail,
        )
        if self._steps:
            self._steps.advance()


def perform(
    session: Session,
    agree: Callable[[Plan], None],
    allowed: frozenset[str],
    record: Path | None,
    *,
    digest: Path | None = None,
    bodies: bool = False,
    lease: bool = True,
    waits: bool = False,
    hearing: Interruption | None = None,
    issues: Collection[str] = (),
    full: bool = False,
) -> tuple[Report, Callable[[], dict[str, Any]]]:
    """Run once, watched, and write the record; return the report, and what makes the record's document.

    *digest* is a file for what is told; with *bodies* the record holds the texts of all descriptions. With *waits* a
    foreign lease is waited out once. *hearing* is what hears signals already, where somebody else listens too; with
    *issues* nothing but these addresses is looked at. Raises FileUnwritable before anything is read.
    """
    started = session.now()
    place = record_file(record, "run", started) if record else None
    services = with_files(
        session.services,
        digest,
        session.environ,
        session.redact,
        session.settings.routing,
        wording=session.settings.wording.wording,
    )
    with ExitStack() as stack:
        interruption = hearing or stack.enter_context(Interruption(session.terminal))
        watch = _Watch(session, agree, stack)

        def step(name: str) -> None:
            interruption.writing = name in {"apply", "tell"}
            session.step(name)
            if name == "apply":
                watch.writing()

        try:
            report = run_once(
                services,
                session.policy,
                started,
                allowed=allowed,
                protection=session.protection(lease=lease, waits=waits),
                issues=issues,
                full=full,
                on_step=step,
                on_plan=watch.plan,
                on_outcome=watch.outcome,
                interrupted=interruption,
            )
        except (ServiceError, Interrupted) as error:
            if place:
                document = _unread(error, started, session.now(), tuple(meter() for meter in services.meters))
                if unkept := keep_document(place, document, session.redact)[1]:
                    session.terminal.error(unkept)
            raise
    costs = tuple(meter() for meter in services.meters)
    report = replace(report, exit_code=interruption.exit_code(report.exit_code), costs=costs)
    report = _published(session, report)
    recorded = partial(  # of a thousand changes it takes seconds to make: only where somebody wants it
        record_document,
        report.plan,
        report.outcomes,
        started=started,
        ended=session.now(),
        exit_code=int(report.exit_code),
        refused=report.refused,
        warnings=report.warnings,
        digests=report.alerts.digests,
        undelivered=report.alerts.undelivered,
        costs=report.costs,
        bodies=bodies,
    )
    if place and (unkept := keep_document(place, recorded(), session.redact)[1]):
        code = ExitCode.ITEMS_FAILED if report.exit_code is ExitCode.FINE else report.exit_code
        report = replace(report, warnings=(*report.warnings, unkept), exit_code=code)
        recorded = partial(recorded, warnings=report.warnings, exit_code=int(code))
    event("run.ended", exit_code=int(report.exit_code), summary=summary(report.plan))
    return report, recorded


def _published(session: Session, report: Report) -> Report:
    """Show how a run went on the page of a job on GitHub; a summary that cannot be written is a failed item."""
    refused = report.refused if report.exit_code is not ExitCode.FINE else ""
    unwritten = publish(
        session.environ,
        session.redact,
        f"{summary(report.plan)} {f'Left without writing: {report.refused}' if report.left else written(report)} "
        f"{cost_line(report.costs)}".rstrip(),
        troubles=(*troubles_of(report.plan, report.outcomes, refused), *report.warnings),
        standings=report.plan.standings,
        digests=report.alerts.digests,
        wording=session.settings.wording.wording,
    )
    numbers = {
        "changed": sum(1 for one in report.outcomes if one.result is Result.DONE),
        "failed": sum(1 for _ in failed(report.outcomes)),
    }
    if not report.plan.nothing_moved:
        numbers["findings"] = len(report.plan.findings)
    troubles = tuple(filter(None, (unwritten, put_out(session.environ, numbers))))
    if not troubles:
        return report
    code = ExitCode.ITEMS_FAILED if report.exit_code is ExitCode.FINE else report.exit_code
    return replace(report, warnings=(*report.warnings, *troubles), exit_code=code)


def _unread(
    error: ServiceError | Interrupted, started: datetime, ended: datetime, costs: Iterable[Cost]
) -> dict[str, Any]:
    """Return the record of a run that did not read its world: nothing was planned, nothing was written."""
    problem = Problem("csh-sync", "run", "was interrupted before the first write")
    if isinstance(error, ServiceError):
        problem = Problem(error.service, error.operation, error.message, error.remedy)
    code = int(error.exit_code)
    return record_document(Plan(problems=(problem,)), (), started=started, ended=ended, exit_code=code, costs=costs)


def tell(session: Session, report: Report, *, briefly: bool = False) -> ExitCode:
    """Show how a run went: what was done, what failed and why, what people should look at.

    *briefly*: findings are only counted, for a log that goes on for weeks.
    """
    tell_warnings(session, report)
    if report.left:
        if report.exit_code is ExitCode.FINE:
            session.terminal.text(f"Left without writing: {report.refused}")
            return report.exit_code
        raise GuardRefused(report.refused)
    if report.refused:
        session.terminal.lines(plan_lines(report.plan, session.now()))
        raise GuardRefused(report.refused)
    session.terminal.text(f"{summary(report.plan)} {written(report)}")
    if report.of_issues and not (report.plan.changes or report.plan.held or report.plan.unchanged):
        session.terminal.text("The issue is not in scope, and nothing mirrors it.")
    for digest in report.alerts.digests:
        session.terminal.text(f"Told the {digest.role.value}: {sums(digest)}")
    if report.costs:
        session.terminal.note(cost_line(report.costs))
    tell_failures(session, report)
    if report.plan.nothing_moved:
        return report.exit_code
    if briefly:
        tell_problems(session, report.plan)
        session.terminal.text(f"{counted(len(report.plan.findings), 'finding')} to look at: csh-sync check")
    else:
        tell_findings(session, report.plan)
    return report.exit_code


def written(report: Report) -> str:
    """Return how many changes were written, as a sentence."""
    done = sum(1 for one in report.outcomes if one.result is Result.DONE)
    return f"{counted(done, 'change')} written."


def tell_warnings(session: Session, report: Report) -> None:
    """Tell what did not go as it should, though the run itself did."""
    for warning in report.warnings:
        session.terminal.error(f"Warning: {safe(warning)}")


def tell_failures(session: Session, report: Report) -> None:
    """Name the changes that were not written, failures first, and what else there is to know about those that were."""
    missing = [one for one in report.outcomes if one.result is not Result.DONE]
    for one in sorted(missing, key=lambda one: one.result is Result.SKIPPED)[:FAILURES_SHOWN]:
        subject = safe(one.change.about.reference or one.change.about.subject)
        session.terminal.error(f"  {one.result.value}: {type(one.change).__name__} {subject}: {safe(one.detail)}")
    if len(missing) > FAILURES_SHOWN:
        session.terminal.error(f"  … {len(missing) - FAILURES_SHOWN} more not written; --record FILE has them all")
    for one in report.outcomes:
        if one.result is Result.DONE and one.detail:
            session.terminal.note(f"  note: {safe(one.change.about.reference)}: {safe(one.detail)}")


def tell_problems(session: Session, plan: Plan) -> None:
    """Name what could not be read, or worked out, for a plan."""
    tell_unread(session, plan.problems)


def tell_unread(session: Session, problems: Iterable[Problem]) -> None:
    """Name what could not be read, or worked out: the traceback of an error that nobody thought of with ``--debug``."""
    for problem in problems:
        what = f"{problem.service} {safe(problem.subject)}: {safe(problem.message).rstrip('.')}. {safe(problem.remedy)}"
        session.terminal.error(f"  {'failed' if problem.trace else 'not read'}: {what.rstrip()}")
        if problem.trace and session.debug:
            session.terminal.error(problem.trace)


def tell_findings(session: Session, plan: Plan) -> None:
    """List what a person should look at, and what could not be read."""
    tell_problems(session, plan)
    if plan.findings:
        session.terminal.text("")
        session.terminal.text(f"To look at ({len(plan.findings)})")
    for one in plan.findings[:FINDINGS_SHOWN]:
        session.terminal.text(f"  {one.kind}: {safe(one.subject)}: {safe(one.evidence)} {safe(one.remedy)}".rstrip())
    if len(plan.findings) > FINDINGS_SHOWN:
        session.terminal.text(f"  … {len(plan.findings) - FINDINGS_SHOWN} more; --json has them all")


def _saved_plan(file: Path) -> Mapping[str, Any]:
    """Read a saved plan. Raises GuardRefused when it is none, or was edited."""
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GuardRefused(
            f"{file} is not a saved plan: {error}.", remedy="Make one: csh-sync plan --out FILE"
        ) from error
    if not isinstance(document, dict) or document.get("kind") != "plan" or "changes" not in document:
        raise GuardRefused(f"{file} is not a saved plan.", remedy="Make one: csh-sync plan --out FILE")
    if document.get("checksum") != checksum(document["changes"]):
        raise GuardRefused(f"{file} was edited by hand; nothing was written.", remedy="Plan again.")
    return document


def _refuse_when_stale(saved: Mapping[str, Any], plan: Plan) -> None:
    """Raise GuardRefused, naming the first item that moved, when the world is not the one *saved* was made for."""
    texts = Texts.ALL if saved.get("bodies") else Texts.NONE
    now = [change_document(change, texts) for change in plan.changes]
    if saved["checksum"] == checksum(now):
        return
    before = list(saved["changes"])
    moved = [one for one in now if one not in before] or [one for one in before if one not in now] or [{}]
    about = moved[0].get("about", {})
    name = safe(str(about.get("reference") or about.get("subject") or "an item"))
    raise GuardRefused(
        f"The world moved since the plan was made ({saved.get('made_at')}): first, {name} is planned differently now.",
        remedy="Nothing was written. Plan again, look, and apply that.",
    )
