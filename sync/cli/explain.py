"""explain."""

from datetime import datetime
from typing import Any

import click

from sync.cli.session import Options, Session, guarded
from sync.errors import CshSyncError, ExitCode
from sync.mirror.deciding import Decision
from sync.mirror.identity import short_reference
from sync.mirror.naming import allocations_named, communities_named, label, near
from sync.mirror.planning import Assessment
from sync.mirror.statement import Statements
from sync.mirror.world import World
from sync.model.addresses import same_address
from sync.report.documents import explanation_document, plain, statement_document
from sync.report.explain_text import explain_issue
from sync.report.statement_text import explain_lines
from sync.run import plan_run


@click.command("explain")
@click.argument("target", metavar="URL|ALLOCATION")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def explain_command(options: Options, *, target: str, as_json: bool) -> None:
    """Tell why an issue is where it is, or where an allocation's total comes from. Writes nothing.

    URL is an issue's address, or owner/repo#12; ALLOCATION a record id or a name, also with its community's before it.
    """

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        document = explain(target, assessment, world, now)
        if as_json:
            session.terminal.document(session.redact.deep(document))
        else:
            for line in document["lines"]:
                session.terminal.text(line)
        return ExitCode.FINE if all(assessment.plan.complete.values()) else ExitCode.UNREADABLE

    guarded(options, command)


def explain(target: str, assessment: Assessment, world: World, now: datetime) -> dict[str, Any]:
    """Return the explanation of an issue or allocation, with its text. Raises CshSyncError when there is not one."""
    decision = _decision(target, assessment)
    if decision:
        parts = {"match": plain(decision.match), "settled": plain(decision.settled)}
        return explanation_document(target, explain_issue(decision, assessment, world)) | parts
    found = allocations_named(target, world.contracts)
    if len(found) == 1:
        statement = Statements(assessment, world).of(found[0])
        complete = assessment.plan.complete
        lines = explain_lines(statement, now, complete)
        return explanation_document(target, lines) | statement_document(statement, now, complete)
    for mirror, fate in assessment.left:
        url = mirror.known.url
        if url and (target == short_reference(url) or same_address(target) == same_address(url)):
            why = f"  not in scope any more: {getattr(fate, 'reason', 'kept up to date')}"
            return explanation_document(target, (url, why))
    remedy = _candidates if found else _suggestion
    problem = "is the name of several allocations" if found else "is neither an issue in scope nor an allocation"
    unread = [name for name, read in world.readings.items() if not read]
    missing = f" Not all of {' and '.join(unread)} could be read: it may be among that." if unread else ""
    error = CshSyncError(f"{target!r} {problem}.{missing}", remedy=remedy(target, world))
    error.exit_code = ExitCode.USAGE
    raise error


def _candidates(target: str, world: World) -> str:
    names = (label(one, world.contracts) for one in allocations_named(target, world.contracts))
    return f"Give the community before it, or the record id: {'; '.join(names)}."


def _suggestion(target: str, world: World) -> str:
    contracts = world.contracts
    if communities_named(target, contracts):
        return f'It is a community: csh-sync hours "{target}" shows its allocations.'
    names = near(target, (one.name for one in contracts.allocations.values()))
    if names:
        return f"Did you mean {', '.join(names)}?"
    return "Give an issue's address, owner/repo#12, or an allocation's name."


def _decision(target: str, assessment: Assessment) -> Decision | None:
    for decision in assessment.decisions.values():
        issue = decision.scoped.issue
        if target in {issue.id, issue.reference} or same_address(target) == same_address(issue.url):
            return decision
    return None
