"""Sentences of contracts, each with the answer of a careful person (tests/data/clauses.jsonl)."""

import json
from pathlib import Path
from typing import Any

import pytest

from sync.hours.clauses.reading import read_clause

LINES = (Path(__file__).parents[2] / "data" / "clauses.jsonl").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("answer", [pytest.param(json.loads(line), id=str(at)) for at, line in enumerate(LINES, 1)])
def test_a_sentence_is_read_as_a_careful_person_reads_it(answer: dict[str, Any]) -> None:
    found = read_clause(answer["clause"])
    told = {
        "minutes": found.minutes,
        "period": found.period and found.period.value,
        "anchor": found.anchor and found.anchor.value,
        "role": found.role,
        "extra_minutes": found.extra_minutes,
        "rate": found.rate and f"{found.rate.currency} {found.rate.amount:f}",
        "asks": bool(found.questions),
    }
    assert {"clause": answer["clause"]} | {name: value for name, value in told.items() if value} == answer
