"""hours."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import click

from sync.cli.session import Options, Session, guarded
from sync.errors import CshSyncError, ExitCode
from sync.mirror.naming import communities_named, near
from sync.mirror.planning import Assessment
from sync.mirror.statement import Statements
from sync.model.change import Standing
from sync.model.contract import Community, Contracts
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.report.documents import hours_document
from sync.report.statement_text import community_lines
from sync.report.words import counted, spell_day, spell_moment, spell_span
from sync.run import plan_run

HEADS = ("community", "allocation", "used", "of", "left", "until", "level", "planned", "extra", "pace", "forecast")


@click.command("hours")
@click.argument("community", required=False)
@click.option("--all", "everything", is_flag=True, help="Also past and upcoming allocations (--json has them always).")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def hours_command(options: Options, *, community: str | None, everything: bool, as_json: bool) -> None:
    """Show hours used and left, and until when. Writes nothing.

    With COMMUNITY (name or alias): every allocation with pace, forecast, and what is behind it.
    """

    def command() -> ExitCode:
        session = Session(options)
        now = session.now()
        assessment, world = plan_run(session.services, session.policy, now, on_step=session.step)
        plan = assessment.plan
        asked = find_community(community, world.contracts) if community else None
        page = Statements(assessment, world).of_community(asked) if asked else None
        standings = tuple(one.standing for one in page.statements) if page else plan.standings
        book = session.services.runs
        last = book.last_success() if book and book.exists() else None
        if as_json:
            document = hours_document(standings, now, plan.complete, last, page)
            session.terminal.document(session.redact.deep(document))
            return _exit_code(assessment)
        shown = tuple(one for one in standings if everything or one.may_run)
        if page:
            kept = tuple(one for one in page.statements if one.standing in shown)
            for line in community_lines(replace(page, statements=kept), now, plan.complete):
                session.terminal.text(line)
        else:
            title = f"Hours as of {spell_moment(now)}"
            session.terminal.table(title, HEADS, (standing_row(one) for one in shown))
        for line in (*left_out(standings, shown), *last_run(last, now)):
            session.terminal.text(line)
        return _exit_code(assessment)

    guarded(options, command)


def find_community(name: str, contracts: Contracts) -> Community:
    """Return the community with this name or alias. Raises CshSyncError with candidates or near names."""
    found = communities_named(name, contracts)
    if len(found) == 1:
        return found[0]
    if found:
        text = f"{name!r} is an alias of several communities."
        hint = f"Give the name: {', '.join(one.name for one in found)}."
    else:
        words = near(name, (one.name for one in contracts.communities.values()))
        text = f"There is no community {name!r}."
        hint = f"Did you mean {', '.join(words)}?" if words else "See csh-sync hours for all of them."
        if not contracts.complete:
            text += " Not all of Airtable could be read: it may be among that."
    error = CshSyncError(text, remedy=hint)
    error.exit_code = ExitCode.USAGE
    raise error


def left_out(standings: Iterable[Standing], shown: tuple[Standing, ...]) -> Iterable[str]:
    """Tell which allocations are not shown, and which communities therefore have none."""
    hidden = [one for one in standings if one not in shown]
    seen = {one.community for one in shown}
    without = sorted({one.community or "no community" for one in hidden} - seen, key=str.casefold)
    if without:
        yield f"No allocation at present: {', '.join(safe(name) for name in without)}."
    past = sum(1 for one in hidden if one.phase == "past")
    if hidden:
        yield f"Not shown: {past} past and {counted(len(hidden) - past, 'upcoming allocation')}; --all shows them."


def last_run(last: datetime | None, now: datetime) -> Iterable[str]:
    """Tell when a run last brought Airtable and Asana up to date, where that is on record (requirement 84)."""
    if last is not None:
        yield f"Airtable and Asana were last brought up to date on {spell_moment(last)}, {spell_span(now - last)} ago."


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


def _exit_code(assessment: Assessment) -> ExitCode:
    return ExitCode.FINE if all(assessment.plan.complete.values()) else ExitCode.UNREADABLE
