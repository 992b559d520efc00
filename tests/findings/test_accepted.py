"""Findings that a person accepted until a day do not count, and only those."""

from datetime import date

import pytest

from sync.findings.accepted import acceptance_of
from sync.model.finding import Acceptance, Finding

TODAY = date(2026, 8, 10)
FOUND = Finding("near_cap", "Reef Watch Q3", "6.5 of 8 h used.", url="https://example.org/1", subject_id="rec1")


def word(kind: str = "near_cap", subject: str = "Reef Watch Q3", until: date = TODAY) -> Acceptance:
    return Acceptance(kind, subject, until, "The last workshop uses the rest.")


@pytest.mark.parametrize(
    "one",
    [
        word(),
        word(subject="reef watch q3"),
        word(subject="rec1"),
        word(subject="https://example.org/1"),
        word(subject="*"),
        word(kind="*"),
    ],
)
def test_accepted_by_kind_and_any_of_its_names(one: Acceptance) -> None:
    assert acceptance_of(FOUND, [one], TODAY) == one


@pytest.mark.parametrize(
    "one", [word(kind="over_cap"), word(subject="Reef Watch"), word(subject=""), word(until=date(2026, 8, 9))]
)
def test_not_accepted(one: Acceptance) -> None:
    assert acceptance_of(FOUND, [one], TODAY) is None


def test_the_word_that_lasts_longest_is_told() -> None:
    later = word(until=date(2026, 9, 1))
    assert acceptance_of(FOUND, [word(), later, word(subject="*")], TODAY) == later
