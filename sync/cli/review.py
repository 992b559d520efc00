"""review."""

from datetime import date, timedelta

import click

from sync.cli.days import DaysUnusable, day
from sync.cli.session import Options, Session, guarded
from sync.cli.write import tell_problems
from sync.errors import ExitCode
from sync.findings.reviewing import review
from sync.report.documents import review_document
from sync.report.review_text import review_lines
from sync.run import plan_run
from sync.telling import known_alerts

DAYS_BACK = 7


@click.command("review")
@click.option("--since", metavar="DAY", help=f"Since when changes are shown, as 2026-01-31; {DAYS_BACK} days ago.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def review_command(options: Options, *, since: str | None, as_json: bool) -> None:
    """Show one page for the weekly review: active engagements, worst first, and what changed. Writes nothing."""

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        first = _day(since, now.astimezone(session.policy.zone).date())
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        book, trouble = known_alerts(session.services.alerts, whole=True)
        page = review(assessment, world, session.policy, book, first)
        complete = assessment.plan.complete
        if as_json:
            session.terminal.document(session.redact.deep(review_document(page, complete, now)))
        else:
            session.terminal.lines(review_lines(page))
        tell_problems(session, assessment.plan)
        if not all(complete.values()):
            trouble = trouble or "Not everything could be read: findings may be missing."
        if trouble:
            session.terminal.error(trouble)
            return ExitCode.UNREADABLE
        return ExitCode.ITEMS_FAILED if assessment.plan.partly_worked_out else ExitCode.FINE

    guarded(options, command)


def _day(since: str | None, today: date) -> date:
    """Return the day given, or the usual one. Raises DaysUnusable."""
    if since is None:
        return today - timedelta(days=DAYS_BACK)
    found = day("--since", since)
    if found > today:
        raise DaysUnusable(f"--since {found} is in the future.", remedy="Give the day of the last review.")
    return found
