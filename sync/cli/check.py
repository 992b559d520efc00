"""check."""

import json

import click

from sync.cli.session import Options, Session, guarded
from sync.cli.write import tell_problems
from sync.errors import ExitCode
from sync.findings.accepted import acceptance_of
from sync.report.check_text import check_lines
from sync.report.documents import check_document
from sync.run import plan_run


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="The findings as a JSON document.")
@click.option("--detailed-exitcode", is_flag=True, help="Leave with 11 when findings remain that nobody accepted.")
@click.pass_obj
def check_command(options: Options, *, as_json: bool, detailed_exitcode: bool) -> None:
    """List what people should look at, by who should act, worst first. Writes nothing."""

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        plan = assessment.plan
        judged = {one: acceptance_of(one, session.policy.accepted, world.today) for one in plan.findings}
        accepted = {one: word for one, word in judged.items() if word is not None}
        if as_json:
            document = check_document(plan, accepted, now)
            click.echo(json.dumps(session.redact.deep(document), indent=2))
        else:
            session.terminal.lines(check_lines(plan.findings, accepted))
        tell_problems(session, plan)
        if not all(plan.complete.values()):
            session.terminal.error("Not everything could be read: findings may be missing.")
            return ExitCode.UNREADABLE
        open_ones = len(accepted) < len(plan.findings)
        return ExitCode.FINDINGS if detailed_exitcode and open_ones else ExitCode.FINE

    guarded(options, command)
