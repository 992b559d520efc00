"""Annotations, and texts that must not be taken for commands, read as GitHub's runner reads a log."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role, Severity
from sync.report.workflow_commands import annotations, without_commands
from tests.hostile.corpus import BRIEF, seen

DAY = date(2026, 9, 21)
NASTY = tuple(BRIEF.values())
HIGH = Finding("over_cap", "Q3", "4.5 of 4 h.", "Agree on more hours.", severity=Severity.HIGH)


def commands(log: str) -> list[tuple[str, str]]:
    """Return the commands a runner finds in *log*: name and message."""
    found = []
    for line in log.splitlines():
        if match := re.match(r"\s*::([\w-]+)(?: [^:]*)?::(.*)", line):
            message = match[2].replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
            found.append((match[1], message))
        elif match := re.search(r"##\[([\w-]+)[^\]]*\](.*)", line):
            found.append((match[1], match[2]))
    return found


def digest(*findings: Finding) -> Digest:
    return Digest(Role.MANAGER, DAY, tuple(News(one, DAY) for one in findings))


def test_troubles_are_errors_and_new_findings_of_high_severity_are_warnings() -> None:
    low = replace(HIGH, severity=Severity.LOW)
    assert annotations(["UpdateTask acme/hub#1: no"], [digest(HIGH, low)]) == (
        "::error title=Community Success Hours::UpdateTask acme/hub#1: no",
        "::warning title=Community Success Hours::over_cap: Q3: 4.5 of 4 h. Agree on more hours.",
    )


def test_what_went_away_is_no_warning() -> None:
    gone = Digest(Role.MANAGER, DAY, resolved=(News(HIGH, DAY),))
    assert annotations([], [gone]) == ()


@pytest.mark.parametrize(("number", "shown"), [(0, 0), (10, 10), (11, 10), (300, 10)])
def test_no_more_than_ten_of_a_kind_and_the_rest_is_counted(number: int, shown: int) -> None:
    troubles = [f"item {one}" for one in range(number)]
    findings = [replace(HIGH, subject=f"Q{one}") for one in range(number)]
    lines = annotations(troubles, [digest(*findings[:5]), digest(*findings[5:])])
    for kind in ("error", "warning"):
        mine = [message for name, message in commands("\n".join(lines)) if name == kind]
        assert len(mine) == shown
        if number > shown:
            assert mine[-1].startswith(f"{number - 9} more: ")
            assert not any("more:" in one for one in mine[:-1])


@pytest.mark.parametrize("typed", NASTY)
def test_an_annotation_is_one_command_whatever_was_typed(typed: str) -> None:
    log = "\n".join(annotations([typed], [digest(replace(HIGH, subject=typed))]))
    error, warning = commands(log)
    assert (error[0], warning[0]) == ("error", "warning")
    assert error[1] == seen(typed)
    assert seen(typed) in warning[1]


@pytest.mark.parametrize("typed", NASTY)
def test_no_command_arises_from_a_text(typed: str) -> None:
    assert commands(without_commands(typed)) == []
    assert without_commands(typed).replace("\u2060", "") == typed.replace("\u2060", "")


@given(st.text(alphabet=":#[] \nae%0A", max_size=30))
def test_none_ever_does(text: str) -> None:
    assert commands(without_commands(text)) == []
