"""A whole organisation called by hostile names: every service, command and file shows text, nothing more."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.cli.conftest import Go, go, org
from tests.e2e.organisation import Organisation
from tests.hostile.corpus import BRIEF, CORPUS, acting, is_formula, letters, seen
from tests.hostile.readers import page
from tests.report.test_workflow_commands import commands

__all__ = ["go", "org"]

HOSTS = {"github.com", "app.asana.com", "airtable.com", "127.0.0.1"}
TAGS = {"h1", "h2", "h3", "p", "ul", "li", "strong", "em", "a", "table", "thead", "tbody", "tr", "th", "td", "code"}
FORMULA = re.compile(
    r"(OR|AND|LAST_MODIFIED_TIME|CREATED_TIME|DATETIME_PARSE|BLANK|NOT|\{fld\w+\}|'[\w :,.+-]*'|[(),=>]|\s)*"
)
NAMES = [text for text in list(BRIEF.values())[::4] if seen(text)]
"""Of communities and of everything below them."""
COMMANDS = (
    *(("plan",), ("check",), ("review",), ("hours",), ("hours", "Reef Watch"), ("allocations",), ("doctor",)),
    ("promise", "--hours", "8", "--per", "quarter", "--from", "2026-09-01", "--to", "2026-12-31"),
)


@pytest.fixture
def typed(org: Organisation) -> list[Any]:
    """Put the corpus wherever people may type something; return the issues, one for each text."""
    issues, add = [], org.airtable.add_row
    for number, text in enumerate(CORPUS.values()):
        title, board = f"Reef Watch: {text}"[:250], {"Community": text} if number % 5 == 0 else {}
        issue = org.issue(title, text, hours=30 if number % 2 else None, **board)
        issues.append(issue)
        if number % 7 == 0:
            org.github.close(issue, "completed")
    for number, text in enumerate(BRIEF.values()):
        task = org.asana.add_task(text or "-", parent=org.reef.csh["Q3"])
        if number % 12 == 0:
            org.asana.log_minutes(task, 30, org.sandbox.clock.now().date())
        if text in NAMES:
            community = add("Communities", {"Name": text, "Aliases": text[::-1]})
            engagement = add("Engagements", {"Name": text, "Community": [community], "Status": "Active"})
            project = add("Projects", {"Name": text, "Engagement": [engagement], "Clause": text, "Description": text})
            days = {"Start": "2026-07-01", "End": "2026-09-30", "Hours available": 1}
            add("Allocations", {"Name": text, "Project": [project], "Provider": text, **days})
    return issues


def hosts(addresses: list[str]) -> set[str]:
    return {urlsplit(one).hostname or one for one in addresses}


def test_names_and_texts_are_text_wherever_they_go(go: Go, org: Organisation, typed: list[Any], tmp_path: Path) -> None:
    github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    result = go(
        *("--debug", "-v", "run", "--record", "run.json", "--digest", "digest.md"),
        CSH_TOTALS__CSV=str(tmp_path / "totals.csv"),
        **github,
    )
    assert result.exit_code == 0, result.output[-2000:]
    assert acting(result.output) == set()
    assert "unexpected" not in result.output
    assert {name for name, _ in commands(result.output)} <= {"error", "warning"}
    assert len(commands(result.output)) <= 20

    # The services took everything, as it was typed.
    for issue in typed:
        assert letters(org.task(issue).name) == letters(issue.title)
        assert {letters(cells["Title"]) for cells in org.rows(issue).values()} == {letters(issue.title)}
    assert org.sandbox.slack.posts
    for post in org.sandbox.slack.posts:
        assert (post.shown.mentions, post.shown.unescaped, hosts(list(post.shown.links)) - HOSTS) == ((), (), set())
    asked = [
        one.query["filterByFormula"] for one in org.sandbox.log.select("airtable") if "filterByFormula" in one.query
    ]
    assert asked
    assert [one for one in asked if not FORMULA.fullmatch(one)] == []

    # So did the files.
    for name, tags in (("summary.md", {"h1", "h3", "li", "strong", "a", "td"}), ("digest.md", {"h1", "h3", "li", "a"})):
        shown = page(Path(name).read_text("utf-8"))
        assert tags <= set(shown.tags) <= TAGS, name
        assert "github.com" in hosts(shown.links) <= HOSTS
        assert [one for one in NAMES if letters(one) not in letters(shown.words)] == [], name
        assert acting(shown.words) == set()
    record = json.loads(Path("run.json").read_text("utf-8"))
    made = {letters(one["about"]["subject"]) for one in record["changes"] if one["change"] == "CreateTask"}
    assert made == {letters(one.title) for one in typed}
    rows = list(csv.reader(io.StringIO(Path("totals.csv").read_text("utf-8"))))
    assert len(rows) > 10
    assert {len(row) for row in rows} == {13}
    assert [cell for row in rows for cell in row if is_formula(cell)] == []

    # Nothing is left to do, and every command only tells.
    mark = org.sandbox.log.mark()
    assert go("run", CSH_TOTALS__CSV=str(tmp_path / "totals.csv")).exit_code == 0
    assert len(org.sandbox.log.writes(since=mark)) <= 1  # the heartbeat
    for arguments in (*COMMANDS, ("explain", org.url(typed[0])), ("explain", "Reef Watch Q3 2026")):
        told = go(*arguments, **github)
        assert told.exit_code == (1 if arguments == ("doctor",) else 0), (arguments, told.output[-500:])
        assert "unexpected" not in told.output, arguments
        assert acting(told.output) == set(), arguments
        assert {name for name, _ in commands(told.output)} <= {"error", "warning"}, arguments
    assert json.loads(go("check", "--json", **github).stdout)["kind"] == "check"
