"""csh-sync clause: a clause in, its reading out, no settings and no service."""

import json

import pytest
from click.testing import CliRunner

from sync.cli import main

CLAUSE = (
    "Up to 8 hours / quarter by P&S team. Hours reset at the start of each quarter (Jan 1, Apr 1, Jul 1, Oct 1). "
    "Additional time can be purchased at a rate of $250 / hour up to a maximum of 10 hours."
)
DAYS = ("--start", "2026-02-10", "--end", "2026-06-30")


def run(*arguments, **more):
    return CliRunner().invoke(main, ["clause", *arguments], **more)


def test_the_document_has_values_words_and_calendar():
    document = json.loads(run(CLAUSE, *DAYS, "--json").stdout)
    spans = document.pop("spans")
    assert all(CLAUSE[one["start"] : one["end"]] == one["text"] for one in spans.values())
    assert document == {
        "schema_version": 1,
        "kind": "clause",
        "minutes": 480,
        "period": "quarter",
        "anchor": "calendar",
        "role": "P&S team",
        "extra_minutes": 600,
        "rate": {"amount": "250", "currency": "USD"},
        "questions": [
            "The contract's dates cut the period 2026-02-10 to 2026-03-31 short: does it have the full hours?"
        ],
        "allocations": [
            {"start": "2026-02-10", "end": "2026-03-31", "minutes": 480, "extra_minutes": 600, "cut": True},
            {"start": "2026-04-01", "end": "2026-06-30", "minutes": 480, "extra_minutes": 600, "cut": False},
        ],
    }


def test_standard_input_gives_the_same():
    assert run("-", "--json", input=CLAUSE).stdout == run(CLAUSE, "--json").stdout
    assert "allocations" not in json.loads(run(CLAUSE, "--json").stdout)


def test_a_person_reads_values_questions_and_calendar():
    result = run("Up to 8 hours / quarter", *DAYS)
    assert result.exit_code == 0
    assert "8 h" in result.stdout
    assert "Ask: Are these calendar quarters" in result.stdout
    assert "cut short" in run(CLAUSE, *DAYS).stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--start", "soon", "--end", "2026-01-01"), "Write it as 2026-01-31"),
        (("--start", "2026-01-01"), "--end is missing"),
        (("--start", "2026-01-02", "--end", "2026-01-01"), "is before --start"),
    ],
)
def test_days_that_cannot_be_used_are_refused(arguments, told):
    result = run(CLAUSE, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in " ".join(result.stderr.split())
