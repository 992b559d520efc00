"""demo, sandbox: the product on the embedded stand-ins of the services (decision D14)."""

import json
import threading
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from sync.cli.demo_questions import ask_everything
from sync.cli.session import Options, Session, guarded
from sync.cli.show import HEADS, standing_row
from sync.cli.terminal import Terminal
from sync.cli.write import perform, tell_failures, tell_findings, written
from sync.errors import ExitCode
from sync.model.change import Plan
from sync.model.finding import Finding
from sync.model.legible import safe
from sync.report.plan_text import LINES_SHOWN, Line, plan_lines, summary
from sync.report.words import counted, spell_moment
from sync.run import Report

if TYPE_CHECKING:
    from sandbox import Sandbox
    from sandbox.slack import Post

DEFAULT_PORT = 8800
NONE: Mapping[str, str] = {}
LINES_OF_FIRST_PLAN = 60
AT_ANY_SPEED = {
    "CSH_ASANA__REQUESTS_PER_MINUTE": "60000",
    "CSH_AIRTABLE__REQUESTS_PER_SECOND": "500",
    "CSH_SLACK__MESSAGES_PER_MINUTE": "6000",
}
"""The stand-ins keep no limits here, so the demo does not pace itself as it would in earnest."""
CAPACITY = (
    {
        "team": "Partnerships & Services team",
        "hours_per_week": 14,
        "start": "2026-01-01",
        "lead": "Leilani Kahale",
        "cost_per_hour": 95,
    },
)
"""What the area lead of the demo organisation set, as `[[capacity]]` in its settings."""
SHOWN_BY_ITSELF = "unplaced"
"""The kind of finding that has a list of its own here."""


@click.command("demo")
@click.option("--serve", is_flag=True, help="Keep the sandbox up and print the settings to try other commands.")
@click.option("--port", default=0, help="Port of the sandbox on the loopback (0: any free one).")
@click.pass_obj
def demo_command(options: Options, *, serve: bool, port: int) -> None:
    """Show everything on a demo organisation: no account, no token, nothing outside this machine."""

    def command() -> ExitCode:
        from sandbox import Sandbox  # noqa: PLC0415  only the demo needs the sandbox
        from sandbox.demo import DEMO_START, PROFILES  # noqa: PLC0415

        show = Terminal(no_color=options.no_color)
        with Sandbox(port=port, start=DEMO_START) as sandbox:
            code = _play(options, show, sandbox)
            if serve and code is ExitCode.FINE:
                _serve(show, sandbox, {"CSH_PROFILES": PROFILES})
        return code

    guarded(options, command)


@click.command("sandbox")
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="Port on the loopback (0: any free one).")
@click.option("--empty", is_flag=True, help="Without the demo organisation.")
@click.pass_obj
def sandbox_command(options: Options, *, port: int, empty: bool) -> None:
    """Run the stand-ins of GitHub, Asana, Airtable, FreshDesk and Slack alone, until Ctrl-C."""

    def command() -> ExitCode:
        from sandbox import Sandbox  # noqa: PLC0415
        from sandbox.demo import DEMO_START, build, build_empty  # noqa: PLC0415

        with Sandbox(port=port, start=DEMO_START) as sandbox:
            (build_empty if empty else build)(sandbox)
            _serve(Terminal(no_color=options.no_color), sandbox)
        return ExitCode.FINE

    guarded(options, command)


def _play(options: Options, show: Terminal, sandbox: "Sandbox") -> ExitCode:
    """Run three times: on a new organisation, a fortnight later, and once more. Stop where a run does not end well."""
    from sandbox.demo import PROFILES, add_second_service, build, play_fortnight  # noqa: PLC0415

    began = time.monotonic()
    organisation = build(sandbox)
    show.text(f"A demo organisation: {organisation.summary}.")
    _chapter(show, "First run", "Everything is new; nothing has been mirrored yet.")
    first = _run(options, sandbox, lines=LINES_OF_FIRST_PLAN)
    if first.exit_code is not ExitCode.FINE:
        return first.exit_code
    _standings(show, first.plan, sandbox.clock.now())
    _unplaced(show, first.plan)
    told = _told(show, sandbox.slack.posts)
    _chapter(show, "A fortnight later", "People worked on GitHub, in Asana and on the board:")
    for story in play_fortnight(sandbox, organisation):
        show.text(f"  - {story}")
    show.text("")
    second = _run(options, sandbox, known=first.plan.findings)
    if second.exit_code is not ExitCode.FINE:
        return second.exit_code
    told += _told(show, sandbox.slack.posts[told:], whole=True)
    _chapter(show, "Once more", "Nothing happened in between.")
    before = sandbox.log.mark()
    third = _run(options, sandbox, known=second.plan.findings)
    runs = sandbox.airtable.base.table("Runs")
    writes = [one for one in sandbox.log.writes(since=before) if runs is None or runs.id not in one.path]
    show.text(f"Writing requests of the third run, its heartbeat left out: {len(writes)}.")
    _told(show, sandbox.slack.posts[told:])
    _chapter(show, "A second service", add_second_service(sandbox, organisation))
    show.text("Two [[profiles]] in the settings tell which label counts for which tasks.")
    show.text("")
    two = {"CSH_PROFILES": PROFILES}
    fourth = _run(options, sandbox, known=third.plan.findings, more=two)
    if fourth.exit_code is not ExitCode.FINE:
        return fourth.exit_code
    _look_up(options, show, sandbox, two)
    show.text(f"The demo took {time.monotonic() - began:.0f} s and {counted(sandbox.log.count(), 'request')}.")
    return fourth.exit_code


def _run(
    options: Options,
    sandbox: "Sandbox",
    *,
    lines: int = LINES_SHOWN,
    known: Collection[Finding] = (),
    more: Mapping[str, str] = NONE,
) -> Report:
    """Plan, show and apply once, as of the sandbox's own time; tell the findings that are not *known* yet.

    *more* are settings besides.
    """
    own = Options(
        {**_settings(sandbox), **more}, folder=None, no_color=options.no_color, verbosity=-1, debug=options.debug
    )
    session = Session(own)
    session.terminal = Terminal(no_color=options.no_color, quiet=options.verbosity < 0)

    shown: list[Plan] = []

    def show(plan: Plan) -> None:
        shown.append(plan)
        if len(shown) > 1:  # planned again under the lease
            return
        if plan.changes:
            session.terminal.lines(plan_lines(plan, session.now(), limit=lines))
        else:
            session.terminal.text(summary(plan))

    report, _ = perform(session, show, frozenset(), None)
    if report.refused:
        session.terminal.error(f"Refused: {report.refused}")
    else:
        session.terminal.text(written(report))
    own.resources.close()
    tell_failures(session, report)
    new = [one for one in report.plan.findings if one not in known and one.kind != SHOWN_BY_ITSELF]
    tell_findings(session, replace(report.plan, findings=tuple(new)))
    return report


def _look_up(options: Options, show: Terminal, sandbox: "Sandbox", more: Mapping[str, str]) -> None:
    """Show what people may ask at any time, and the answers."""
    own = Options(
        {**_settings(sandbox), **more}, folder=None, no_color=options.no_color, verbosity=-1, debug=options.debug
    )
    _chapter(show, "Where hours stand", "What people may ask at any time.")
    ask_everything(show, Session(own))
    own.resources.close()


def _settings(sandbox: "Sandbox") -> dict[str, str]:
    own = {"CSH_CAPACITY": json.dumps(CAPACITY), "CSH_NOW": sandbox.clock.now().isoformat(timespec="seconds")}
    return sandbox.settings() | AT_ANY_SPEED | own


def _chapter(show: Terminal, title: str, text: str) -> None:
    show.lines((Line(""), Line(f"== {title} ==", "head"), Line(text)))


def _standings(show: Terminal, plan: Plan, now: datetime) -> None:
    """Print the communities' current allocations: used, left, until when."""
    today = now.date()
    current = [one for one in plan.standings if one.start and one.end and one.start <= today <= one.end]
    others = dict.fromkeys(one.community for one in plan.standings)
    for one in current:
        others.pop(one.community, None)
    show.text("")
    show.table(f"Hours by community, {spell_moment(now)}", HEADS, (standing_row(one) for one in current))
    if others:
        show.text(f"No allocation at present: {', '.join(safe(name) for name in others)}.")


def _unplaced(show: Terminal, plan: Plan) -> None:
    """Print what waits for a person, and why."""
    if plan.waiting:
        show.text("")
        show.text(f"Could not be placed ({len(plan.waiting)}):")
    for one in plan.waiting:
        could = f" Could be {', '.join(safe(name) for name in one.candidates)}." if one.candidates else ""
        show.text(f"  {safe(one.about.reference)} {safe(one.about.subject)}: {safe(one.reason)}.{could}")


def _told(show: Terminal, posts: "Sequence[Post]", *, whole: bool = False) -> int:
    """Print what people were told in Slack, one line a message and the last one *whole*; return how many there were."""
    show.text("")
    if not posts:
        show.text("Told in Slack: nothing, since nothing is new.")
    else:
        show.text(f"Told in Slack ({counted(len(posts), 'message')}):")
    for post in posts:
        show.text(f"  #{post.channel}  {safe(post.text)}")
    if whole and posts:
        show.text("The last of them in full:")
        for line in posts[-1].shown.text.splitlines():
            show.text(f"  | {safe(line)}")
    return len(posts)


def _serve(show: Terminal, sandbox: "Sandbox", more: Mapping[str, str] = NONE) -> None:
    show.text("")
    show.text(f"The sandbox is up at {sandbox.url}; it stops with Ctrl-C. To try the other commands against it:")
    show.text("")
    for name, value in {**_settings(sandbox), **more}.items():
        show.text(f"export {name}='{value}'")
    show.text("")
    show.text("csh-sync plan; csh-sync hours; csh-sync explain ALLOCATION-OR-URL")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        show.text("Stopped.")
