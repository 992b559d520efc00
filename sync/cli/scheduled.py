"""run."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from sync.cli.durations import Duration
from sync.cli.events import issue_named, issues_of_event
from sync.cli.polling import poll
from sync.cli.session import Interruption, Options, Session, guarded
from sync.cli.write import FLAGS, NO_LEASE, WITH_BODIES, flags_given, perform, tell
from sync.errors import ExitCode


@click.command("run")
@click.option("--every", type=Duration(), help="Run again and again, so often (15m, 1h), until SIGTERM or Ctrl-C.")
@click.option("--issue", metavar="URL", help="Look at this issue and its sub-issues alone (or owner/repo#12).")
@click.option("--full", is_flag=True, help="Read everything, whatever is known from before; on GitHub: all issues.")
@click.option(
    "--record",
    type=click.Path(path_type=Path),
    help="Write what happened as JSON; into a folder: a file for each run.",
)
@click.option("--digest", type=click.Path(dir_okay=False, path_type=Path), help="Write what is told as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="The record as a JSON document on stdout.")
@WITH_BODIES
@NO_LEASE
@FLAGS[0]
@FLAGS[1]
@click.pass_obj
def run_command(
    options: Options,
    *,
    every: timedelta | None,
    issue: str | None,
    full: bool,
    record: Path | None,
    digest: Path | None,
    as_json: bool,
    bodies: bool,
    no_lease: bool,
    allow_mass_change: bool,
    allow_empty: bool,
) -> None:
    """Bring Asana and Airtable in line with GitHub, without questions: the scheduled run.

    In a job that an event of an issue started (GITHUB_EVENT_PATH), it looks at that issue and its sub-issues alone.
    """
    allowed = flags_given(allow_mass_change, allow_empty)
    if every and allowed:
        raise click.UsageError(f"{' and '.join(sorted(allowed))} is for one run, not for all that --every begins.")
    if issue and (every or full):
        raise click.UsageError("--issue is for one run about one issue: leave out --every and --full.")

    def about(session: Session) -> tuple[str, ...]:
        if issue:
            return (issue_named(issue, session.settings.github.org),)
        found = () if every or full else issues_of_event(session.environ, session.settings.github.org)
        if found:
            session.terminal.note(f"The event is about {' and '.join(found)}: nothing else is looked at.")
        return found

    def once(hearing: Interruption | None = None, state: Path | None = None) -> ExitCode:
        session = Session(options, remembers=True, state=state)
        session.shows_steps &= not every or options.verbosity > 0
        report, recorded = perform(
            session,
            lambda _plan: None,
            allowed,
            record,
            digest=digest,
            bodies=bodies,
            lease=not no_lease,
            waits=True,
            hearing=hearing,
            issues=about(session),
            full=full,
        )
        if not as_json:
            return tell(session, report, briefly=bool(every))
        session.terminal.document(session.redact.deep(recorded()), indent=None if every else 2)
        return report.exit_code

    def again_and_again(every: timedelta) -> ExitCode:
        with TemporaryDirectory(prefix="csh-sync-") as folder:
            state = Path(folder) / "state.sqlite"
            return poll(options, every, lambda hearing: once(hearing, state))

    if every:
        guarded(options, lambda: again_and_again(every))
    else:
        guarded(options, once)
