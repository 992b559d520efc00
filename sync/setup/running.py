"""Checks of what a schedule needs: the last success, clocks, sentinels, no moment that is set."""

from collections.abc import Iterator
from datetime import timedelta

from sync.model.examination import Examination, Unanswered, Verdict
from sync.report.words import CLOCK_REMEDY, spell_moment, spell_offset, spell_span
from sync.setup.verdicts import LATER, failed, ok, unknown, warning

MOST_OFFSET = timedelta(seconds=60)
MISSED = 4
"""So many runs may be late before it is told, and"""
SHORTEST = timedelta(hours=2)
"""so long anyway."""


def last_success(examination: Examination) -> Iterator[Verdict]:
    """A run succeeded lately."""
    facts = examination.airtable
    if facts is None or isinstance(facts.schema, Unanswered) or "Runs" not in facts.schema.tables:
        return
    if isinstance(facts.readable, Unanswered):
        return  # another check says so
    if isinstance(facts.last_success, Unanswered):
        yield unknown("runs.last", "the table Runs", facts.last_success)
    elif facts.last_success is None:
        remedy = "None yet? Begin with csh-sync plan, then csh-sync run. Otherwise look at the scheduler and its log."
        yield warning("runs.last", "no successful run is on record in Runs", remedy)
    else:
        since = examination.decided - facts.last_success
        words = f"the last successful run ended {spell_moment(facts.last_success)}"
        if since > max(SHORTEST, MISSED * examination.every):
            yield failed("runs.last", f"{words}, {spell_span(since)} ago", "Look at the scheduler and its log.")
        else:
            yield ok("runs.last", words)


def clock(examination: Examination) -> Iterator[Verdict]:
    """This machine's clock agrees with the services': days and leases depend on it (decisions D12, D15)."""
    heard = {
        "GitHub": examination.github.clock if examination.github else None,
        "Airtable": examination.airtable.clock if examination.airtable else None,
    }
    offsets = {name: examination.now - moment for name, moment in heard.items() if moment}
    if examination.wanted.now_is_set or not offsets:
        return
    wrong = {name: offset for name, offset in offsets.items() if abs(offset) > MOST_OFFSET}
    for name, offset in wrong.items():
        yield warning("clock", f"this machine's clock is {spell_offset(offset)} {name}'s", CLOCK_REMEDY)
    if not wrong:
        yield ok("clock", "this machine's clock agrees with the services'")


def moment_is_set(examination: Examination) -> Iterator[Verdict]:
    """Decisions are made for now, not for a moment of a rehearsal."""
    wanted = examination.wanted
    if wanted.now_is_set and not wanted.played:
        remedy = "Take CSH_NOW away: it is for replays and rehearsals."
        yield failed("now", "CSH_NOW is set: every run would decide for that moment", remedy)


def sentinels(examination: Examination) -> Iterator[Verdict]:
    """One known object per service tells "gone" from "no longer visible" (decision D11)."""
    number = examination.wanted.sentinels
    if number:
        yield ok("sentinels", f"{number} of 3 are set")
    else:
        remedy = "After the first run let csh-sync init choose them, or set [sentinels] issue, task and row."
        yield warning("sentinels", "none is set: a token that loses access looks like work that is gone", remedy)


def state_file(examination: Examination) -> Iterator[Verdict]:
    """What runs remember can be kept where the settings say; else every run reads everything."""
    wanted = examination.wanted
    if wanted.state_trouble:
        message = f"nothing can be remembered between runs in CSH_RUN__STATE_FILE: {wanted.state_trouble}"
        yield warning("state", message, "Name a new file in a folder where files can be written.")
    elif wanted.state_file:
        yield ok("state", "what runs remember can be kept")


def help_desk(examination: Examination) -> Iterator[Verdict]:
    """The help desk answers, if there is one: while it does not, new issues that link to a ticket wait."""
    trouble = examination.help_desk
    if trouble:
        remedy = "Check CSH_FRESHDESK__API_URL and CSH_FRESHDESK__API_KEY."
        yield failed("freshdesk", f"a ticket cannot be looked up: {trouble}", remedy)
    elif trouble is not None:
        yield ok("freshdesk", "tickets can be looked up")


def slack(examination: Examination) -> Iterator[Verdict]:
    """Each webhook takes messages: tried with an empty one, which is refused and posted nowhere."""
    for setting, trouble in examination.slack.items():
        if trouble is None:
            yield ok("slack", f"{setting} takes messages")
        else:
            yield failed("slack", f"{setting} takes no messages: {trouble.reason}", trouble.remedy or LATER)
