"""check."""

from datetime import timedelta

import click

from sync.cli.durations import Duration
from sync.cli.session import Options, Session, guarded
from sync.cli.write import tell_problems
from sync.errors import ExitCode
from sync.findings.alerting import judgements
from sync.report.check_text import check_lines
from sync.report.documents import check_document, freshness_document
from sync.report.words import spell_moment, spell_span
from sync.run import plan_run
from sync.telling import known_alerts


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="The findings as a JSON document.")
@click.option("--detailed-exitcode", is_flag=True, help="Leave with 11 when findings remain that nobody answered.")
@click.option(
    "--stale",
    type=Duration(),
    help="Only tell whether a run succeeded within this time (30m, 2h, 1d); leave with 4 when none did.",
)
@click.pass_obj
def check_command(options: Options, *, as_json: bool, detailed_exitcode: bool, stale: timedelta | None) -> None:
    """List what people should look at, by who should act, worst first. Writes nothing."""

    def command() -> ExitCode:
        session = Session(options)
        if stale is not None:
            return _freshness(session, stale, as_json=as_json)
        now = session.now()
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        plan = assessment.plan
        book, trouble = known_alerts(session.services.alerts)
        judged = judgements(plan.findings, book, session.policy.accepted, world.today, session.policy.zone)
        if as_json:
            document = check_document(plan, judged, now)
            session.terminal.document(session.redact.deep(document))
        else:
            session.terminal.lines(check_lines(judged, world.today))
        tell_problems(session, plan)
        if trouble:
            session.terminal.error(trouble)
            return ExitCode.UNREADABLE
        if not all(plan.complete.values()):
            session.terminal.error("Not everything could be read: findings may be missing.")
            return ExitCode.UNREADABLE
        if plan.partly_worked_out:
            session.terminal.error("Not everything could be worked out: findings may be missing.")
            return ExitCode.ITEMS_FAILED
        open_ones = any(not word.state.quiet for word in judged.values())
        return ExitCode.FINDINGS if detailed_exitcode and open_ones else ExitCode.FINE

    guarded(options, command)


def _freshness(session: Session, limit: timedelta, *, as_json: bool) -> ExitCode:
    """Tell whether a run succeeded lately: for something outside the scheduler, which cannot see itself stop."""
    book, now = session.services.runs, session.now()
    last = book.last_success() if book and book.exists() else None
    is_stale = last is None or now - last > limit
    if as_json:
        document = freshness_document(last, limit, now, is_stale=is_stale)
        session.terminal.document(document)
    elif last is None:
        session.terminal.error("No successful run is on record in Runs. Look at the scheduler and its log.")
    else:
        session.terminal.text(f"Last successful run: {spell_moment(last)}, {spell_span(now - last)} ago.")
        if is_stale:
            session.terminal.error(f"None within {spell_span(limit)}. Look at the scheduler and its log.")
    return ExitCode.UNREADABLE if is_stale else ExitCode.FINE
