"""promise: can we promise this? Asks Airtable alone."""

from datetime import date

import click

from sync.cli.days import DaysUnusable, span
from sync.cli.session import Options, Session, guarded
from sync.cli.terminal import Terminal
from sync.cli.write import tell_unread
from sync.errors import CshSyncError, ExitCode
from sync.hours.capacity import Team, team_of, teams
from sync.hours.commitments import LONGEST, commitments
from sync.hours.expertise import Expertise, delivered, says_enough
from sync.hours.promise import PromiseAnswer, Wish, can_promise
from sync.model.clause import Period
from sync.model.contract import Contracts
from sync.model.legible import safe
from sync.model.minutes import spell_hours, to_minutes
from sync.report.documents import promise_document
from sync.report.promise_text import (
    MONTH_HEADS,
    PROVIDER_HEADS,
    answer_line,
    expertise_lines,
    month_row,
    notes,
)

MOST_HOURS = 100_000


class WishUnusable(CshSyncError):
    """What is asked for cannot be looked at."""

    exit_code = ExitCode.USAGE


@click.command("promise")
@click.option("--hours", required=True, metavar="HOURS", help="Hours in each period, such as 8 or 7.5.")
@click.option("--per", required=True, type=click.Choice([one.value for one in Period]), help="The period.")
@click.option("--from", "start", required=True, metavar="DAY", help="The first day, as 2026-01-31.")
@click.option("--to", "end", required=True, metavar="DAY", help="The last day.")
@click.option("--role", default="", metavar="TEXT", help="The team or role that delivers, as a clause would name it.")
@click.option("--like", default=None, metavar="TEXT", help="The kind of work: is such work delivered already?")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def promise_command(
    options: Options, *, hours: str, per: str, start: str, end: str, role: str, like: str | None, as_json: bool
) -> None:
    """Tell month by month whether a team can promise hours, beside all that is promised already. Writes nothing."""

    def command() -> ExitCode:
        wish = Wish(_minutes(hours), Period(per), *_days(start, end), " ".join(role.split()))
        if like is not None and not says_enough(like):
            raise WishUnusable(f"--like {safe(like)!r} names no kind of work.", remedy="Say it in a few words.")
        session = Session(options)
        among = teams(session.policy.capacities)
        _choose(wish, among)
        session.step("read Airtable")
        contracts = session.services.ledger.read_contracts()
        tell_unread(session, contracts.problems)
        told = answer(wish, contracts, among, session)
        expertise = None if like is None else delivered_like(like, contracts, session)
        if as_json:
            full_time = session.policy.full_time_minutes
            session.terminal.document(promise_document(told, expertise, full_time, session.now()))
        else:
            show_answer(told, expertise, session, session.terminal)
        whole = contracts.complete and (expertise is None or expertise.complete)
        return ExitCode.FINE if whole else ExitCode.UNREADABLE

    guarded(options, command)


def _minutes(hours: str) -> int:
    try:
        minutes = to_minutes(hours)
    except ValueError:
        minutes = 0
    if not 0 < minutes <= 60 * MOST_HOURS:
        raise WishUnusable(f"--hours {safe(hours)!r} is no number of hours to promise.", remedy="Write it as 8 or 7.5.")
    return minutes


def _days(start: str, end: str) -> tuple[date, date]:
    first, last = span(("--from", start), ("--to", end), "the promise")
    if last - first > LONGEST:
        raise DaysUnusable(f"From {first} to {last} is more than ten years.", remedy="Ask for fewer.")
    return first, last


def _choose(wish: Wish, among: tuple[Team, ...]) -> None:
    """Refuse to guess between several teams."""
    if not wish.role and len(among) > 1 and team_of("", among) is None:
        names = ", ".join(safe(one.name) for one in among)
        raise WishUnusable("Capacity is set for several teams.", remedy=f"Name one with --role: {names}.")


def _today(session: Session) -> date:
    return session.now().astimezone(session.policy.zone).date()


def answer(wish: Wish, contracts: Contracts, among: tuple[Team, ...], session: Session) -> PromiseAnswer:
    """Return whether a wish can be promised beside all that is promised already."""
    found, uncounted = commitments(contracts, session.policy.engagements, _today(session))
    return can_promise(wish, found, uncounted, among, session.policy.days_off, complete=contracts.complete)


def delivered_like(like: str, contracts: Contracts, session: Session) -> Expertise:
    """Return where such work is being delivered already; reads Activity."""
    ledger = session.services.ledger.read_ledger()
    tell_unread(session, ledger.problems)
    rows = (stored.row for stored in ledger.rows.values())
    found = delivered(like, contracts, rows, session.policy.engagements, _today(session))
    return Expertise(found, complete=contracts.complete and ledger.complete)


def show_answer(told: PromiseAnswer, expertise: Expertise | None, session: Session, show: Terminal) -> None:
    """Show the answer month by month, and who carries what; *expertise* where it was asked for."""
    full_time = session.policy.full_time_minutes
    show.text(answer_line(told))
    show.table("", MONTH_HEADS, (month_row(one, full_time) for one in told.months))
    for note in notes(told):
        show.text(note)
    if told.carried:
        rows = (
            (one.provider or "nobody yet", spell_hours(one.minutes), f"{one.full_time(full_time):.2f}")
            for one in told.carried
        )
        show.text("")
        show.text("Who carries what is committed in these days, whatever the team:")
        show.table("", PROVIDER_HEADS, rows)
    for line in expertise_lines(expertise) if expertise else ():
        show.text(line)
