"""clause: what a contract's clause says about hours, without any service."""

import sys
from collections.abc import Sequence
from datetime import date

import click

from sync.cli.days import DaysUnusable, span
from sync.cli.session import Options, guarded
from sync.errors import ExitCode
from sync.hours.clauses.reading import read_clause
from sync.hours.periods import about_cuts, implied_allocations
from sync.model.clause import ClauseReading, ImpliedAllocation
from sync.model.legible import safe
from sync.model.minutes import spell_hours
from sync.report.documents import clause_document

HEADS = ("start", "end", "hours", "additional", "")


@click.command("clause")
@click.argument("text")
@click.option("--start", metavar="DAY", help="The contract's first day, as 2026-01-31.")
@click.option("--end", metavar="DAY", help="The contract's last day.")
@click.option("--json", "as_json", is_flag=True, help="As a JSON document.")
@click.pass_obj
def clause_command(options: Options, *, text: str, start: str | None, end: str | None, as_json: bool) -> None:
    """Tell what a clause says about hours, and what to ask where it is vague. Asks no service.

    TEXT is the clause; - reads it from standard input.
    """

    def command() -> ExitCode:
        days = _days(start, end)
        clause = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
        reading = read_clause(clause)
        found = implied_allocations(reading, *days) if days else ()
        questions = (*reading.questions, *about_cuts(found))
        if as_json:
            options.terminal.document(clause_document(reading, questions, found if days else None))
        else:
            _show(options, reading, questions, found)
        return ExitCode.FINE

    guarded(options, command)


def _days(start: str | None, end: str | None) -> tuple[date, date] | None:
    if start is None and end is None:
        return None
    if start is None or end is None:
        raise DaysUnusable(
            f"{'--start' if start is None else '--end'} is missing.", remedy="Give both days, or neither."
        )
    return span(("--start", start), ("--end", end), "the contract")


def _show(
    options: Options, reading: ClauseReading, questions: Sequence[str], found: Sequence[ImpliedAllocation]
) -> None:
    told = {
        "minutes": ("hours", _hours(reading.minutes)),
        "period": ("period", reading.period.value if reading.period else ""),
        "anchor": ("begins with the", reading.anchor.value if reading.anchor else ""),
        "role": ("by", reading.role),
        "extra_minutes": ("additional", _hours(reading.extra_minutes)),
        "rate": ("an hour costs", f"{reading.rate.amount:f} {reading.rate.currency}" if reading.rate else ""),
    }
    rows = [
        (label, safe(value), f'"{safe(reading.spans[name].text.strip())}"' if name in reading.spans else "not said")
        for name, (label, value) in told.items()
    ]
    options.terminal.table("", ("", "read", "from the words"), rows)
    for question in questions:
        options.terminal.text(f"Ask: {safe(question)}")
    if found:
        calendar = (
            (str(one.start), str(one.end), _hours(one.minutes), _hours(one.extra_minutes), "cut short" * one.cut)
            for one in found
        )
        options.terminal.table("", HEADS, calendar)


def _hours(minutes: int | None) -> str:
    return "" if minutes is None else spell_hours(minutes)
