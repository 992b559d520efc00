"""hours, explain."""

import json

import click

from sync.cli.session import Options, Session, guarded
from sync.errors import CshSyncError, ExitCode
from sync.mirror.deciding import Decision
from sync.mirror.identity import same_address, short_reference
from sync.mirror.places import folded
from sync.mirror.planning import Assessment
from sync.mirror.world import World
from sync.model.change import Standing
from sync.model.minutes import spell_hours
from sync.report.documents import hours_document, plain
from sync.report.explain_text import explain_allocation, explain_issue
from sync.report.words import spell_day, spell_moment
from sync.run import plan_run

HEADS = ("community", "allocation", "used", "of", "left", "until", "level", "planned", "extra", "pace", "forecast")


@click.command("hours")
@click.argument("community", required=False)
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def hours_command(options: Options, *, community: str | None, as_json: bool) -> None:
    """Show hours used and left, and until when. Writes nothing."""

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        standings = assessment.plan.standings
        if community:
            standings = _of_community(standings, community, world)
        if as_json:
            click.echo(json.dumps(session.redact.deep(hours_document(standings, now)), indent=2))
        else:
            session.terminal.table("", HEADS, (standing_row(one) for one in standings))
            session.terminal.text(f"As of {spell_moment(now)}.")
        return ExitCode.FINE if all(assessment.plan.complete.values()) else ExitCode.UNREADABLE

    guarded(options, command)


def standing_row(one: Standing) -> tuple[str, ...]:
    """Return an allocation's standing as the cells of a table."""
    available = one.available_minutes
    left = "" if one.left_minutes is None else spell_hours(one.left_minutes)
    of = "no cap" if available is None else spell_hours(available)
    used = spell_hours(one.used_minutes)
    return one.community, one.allocation, used, of, left, spell_day(one.end), one.level, *_outlook(one)


def _outlook(one: Standing) -> tuple[str, str, str, str]:
    """Return planned work, extra hours, pace and forecast in words, "" where there is nothing to say."""
    planned = "not known" if one.planned_minutes is None else f"{spell_hours(one.planned_minutes)} h"
    extra = f"{spell_hours(one.extra_used_minutes)} of {spell_hours(one.extra_minutes)} h used"
    forecast = " to ".join(dict.fromkeys(map(spell_hours, one.forecast_minutes or ())))
    return (
        "" if one.planned_minutes == 0 else planned,
        extra if one.extra_minutes else "",
        one.pace,
        f"{forecast} h" if forecast else "",
    )


def _of_community(standings: tuple[Standing, ...], name: str, world: World) -> tuple[Standing, ...]:
    """Return the standings of the community with this name or alias. Raises CshSyncError with near names."""
    from rapidfuzz import process  # noqa: PLC0415

    for one in world.contracts.communities.values():
        if folded(name) in {folded(word) for word in (one.name, *one.aliases)}:
            return tuple(standing for standing in standings if standing.community == one.name)
    names = [one.name for one in world.contracts.communities.values()]
    near = [match[0] for match in process.extract(name, names, limit=3, score_cutoff=60)]
    hint = f"Did you mean {', '.join(near)}?" if near else "See csh-sync hours for all of them."
    error = CshSyncError(f"There is no community {name!r}.", remedy=hint)
    error.exit_code = ExitCode.USAGE
    raise error


@click.command("explain")
@click.argument("target", metavar="URL|ALLOCATION")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def explain_command(options: Options, *, target: str, as_json: bool) -> None:
    """Tell why an issue is where it is, or where an allocation's total comes from. Writes nothing.

    URL is an issue's address, or owner/repo#12; ALLOCATION a name or record id.
    """

    def command() -> ExitCode:
        session = Session(options)
        assessment, world = plan_run(session.services, session.policy, session.now(), on_step=session.step)
        lines = list(explain(target, assessment, world))
        if as_json:
            document = {"schema_version": 1, "kind": "explanation", "target": target, "lines": lines}
            decision = _decision(target, assessment)
            if decision:
                document |= {"match": plain(decision.match), "settled": plain(decision.settled)}
            click.echo(json.dumps(session.redact.deep(document), indent=2))
        else:
            for line in lines:
                session.terminal.text(line)
        return ExitCode.FINE if all(assessment.plan.complete.values()) else ExitCode.UNREADABLE

    guarded(options, command)


def explain(target: str, assessment: Assessment, world: World) -> list[str]:
    """Return the explanation of an issue or allocation. Raises CshSyncError when there is neither."""
    decision = _decision(target, assessment)
    if decision:
        return list(explain_issue(decision, assessment, world))
    for allocation in world.contracts.allocations.values():
        if target == allocation.id or folded(target) == folded(allocation.name):
            return list(explain_allocation(allocation, assessment, world))
    for mirror, fate in assessment.left:
        url = mirror.known.url
        if url and (target == short_reference(url) or same_address(target) == same_address(url)):
            return [mirror.known.url, f"  not in scope any more: {getattr(fate, 'reason', 'kept up to date')}"]
    error = CshSyncError(
        f"{target!r} is neither an issue in scope nor an allocation.",
        remedy="Give an issue's address, owner/repo#12, or an allocation's name.",
    )
    error.exit_code = ExitCode.USAGE
    raise error


def _decision(target: str, assessment: Assessment) -> Decision | None:
    for decision in assessment.decisions.values():
        issue = decision.scoped.issue
        if target in {issue.id, issue.reference} or same_address(target) == same_address(issue.url):
            return decision
    return None
