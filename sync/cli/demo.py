"""demo, sandbox: the product on the embedded stand-ins of the services (decision D14)."""

import threading
import time
from typing import TYPE_CHECKING

import click

from sync.cli.session import Options, Session, guarded
from sync.cli.show import HEADS, standing_row
from sync.cli.terminal import Terminal
from sync.cli.write import perform, tell
from sync.errors import ExitCode
from sync.model.change import Plan
from sync.report.plan_text import Line, plan_lines
from sync.report.words import counted, safe
from sync.run import Report

if TYPE_CHECKING:
    from sandbox import Sandbox

DEFAULT_PORT = 8800
LINES_OF_FIRST_PLAN = 60


@click.command("demo")
@click.option("--serve", is_flag=True, help="Keep the sandbox up and print the settings to try other commands.")
@click.option("--port", default=0, help="Port of the sandbox on the loopback (0: any free one).")
@click.pass_obj
def demo_command(options: Options, *, serve: bool, port: int) -> None:
    """Show everything on a demo organisation: no account, no token, nothing outside this machine."""

    def command() -> ExitCode:
        from sandbox import Sandbox  # noqa: PLC0415  only the demo needs the sandbox
        from sandbox.demo import DEMO_START, build, play_fortnight  # noqa: PLC0415

        with Sandbox(port=port, start=DEMO_START) as sandbox:
            organisation = build(sandbox)
            show = Terminal(no_color=options.no_color)
            began = time.monotonic()
            show.text(f"A demo organisation: {organisation.summary}.")
            _chapter(show, "First run", "Everything is new; nothing has been mirrored yet.")
            report = _run(options, sandbox, LINES_OF_FIRST_PLAN)
            _standings(show, report.plan)
            _chapter(show, "A fortnight later", "People worked on GitHub, in Asana and on the board:")
            for story in play_fortnight(sandbox, organisation):
                show.text(f"  - {story}")
            report = _run(options, sandbox, None)
            _chapter(show, "Once more", "Nothing happened in between.")
            before = sandbox.log.mark()
            report = _run(options, sandbox, None)
            writes = len(sandbox.log.writes(since=before))
            show.text(f"Writing requests of the third run: {writes}.")
            show.text(f"The demo took {time.monotonic() - began:.0f} s and {counted(sandbox.log.count(), 'request')}.")
            if serve:
                _serve(show, sandbox)
        return report.exit_code

    guarded(options, command)


@click.command("sandbox")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port on the loopback (0: any free one).")
@click.option("--empty", is_flag=True, help="Without the demo organisation.")
@click.pass_obj
def sandbox_command(options: Options, *, port: int, empty: bool) -> None:
    """Run the stand-ins of GitHub, Asana, Airtable and FreshDesk alone, until Ctrl-C."""

    def command() -> ExitCode:
        from sandbox import Sandbox  # noqa: PLC0415
        from sandbox.demo import DEMO_START, build, build_empty  # noqa: PLC0415

        with Sandbox(port=port, start=DEMO_START) as sandbox:
            (build_empty if empty else build)(sandbox)
            _serve(Terminal(no_color=options.no_color), sandbox)
        return ExitCode.FINE

    guarded(options, command)


def _run(options: Options, sandbox: "Sandbox", limit: int | None) -> Report:
    """Plan, show and apply once, as of the sandbox's own time."""
    now = sandbox.clock.now().isoformat()
    environ = sandbox.settings() | {"CSH_NOW": now}
    own = Options(environ, folder=None, no_color=options.no_color, verbosity=-1, debug=options.debug)
    session = Session(own)
    session.terminal = Terminal(no_color=options.no_color, quiet=options.verbosity < 0)

    def show(plan: Plan) -> None:
        if plan.changes:
            session.terminal.lines(plan_lines(plan, session.now(), **({"limit": limit} if limit else {})))

    report, _ = perform(session, show, frozenset(), None)
    tell(session, report)
    return report


def _chapter(show: Terminal, title: str, text: str) -> None:
    show.lines((Line(""), Line(f"== {title} ==", "head"), Line(text)))


def _standings(show: Terminal, plan: Plan) -> None:
    """Print the communities' current allocations: used, left, until when."""
    today = max((one.start for one in plan.standings if one.start), default=None)
    show.text("")
    current = [one for one in plan.standings if one.used_minutes or (one.start and one.start == today)]
    show.table("Hours by community", HEADS, (standing_row(one) for one in current))
    if plan.waiting:
        show.text("")
        show.text(f"Could not be placed ({len(plan.waiting)}):")
    for one in plan.waiting:
        could = f" Could be {', '.join(one.candidates)}." if one.candidates else ""
        show.text(f"  {safe(one.about.reference)} {safe(one.about.subject)}: {safe(one.reason)}.{safe(could)}")


def _serve(show: Terminal, sandbox: "Sandbox") -> None:
    show.text("")
    show.text(f"The sandbox is up at {sandbox.url}; it stops with Ctrl-C. To try the other commands against it:")
    show.text("")
    for name, value in (sandbox.settings() | {"CSH_NOW": sandbox.clock.now().isoformat()}).items():
        show.text(f"export {name}='{value}'")
    show.text("")
    show.text("csh-sync plan; csh-sync hours; csh-sync explain ALLOCATION-OR-URL")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        show.text("Stopped.")
