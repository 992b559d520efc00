"""For every writer the law: a reader of its format sees what was typed, and nothing of it is carried out."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from datetime import UTC, date, datetime

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.wire.asana import encode_csh_task
from connectors.wire.csv_totals import decode, encode, line_of
from mappings.initiative import initiative_draft, read_marker
from mappings.richtext.characters import task_name
from mappings.richtext.description import describe
from sandbox.asana.richtext import Rules, read_html
from sync.cli.terminal import Terminal
from sync.log import Redactor, configure
from sync.log import event as tell_event
from sync.model.allocating import CshTaskDraft
from sync.model.contract import Allocation, Totals
from sync.model.legible import safe
from sync.model.markdown import plain
from sync.report.markdown import table
from sync.report.workflow_commands import annotations, without_commands
from sync.settings.writing import Entry, whole_file
from tests.hostile.corpus import BRIEF, CORPUS, TYPED, acting, is_formula, is_name_of, letters, seen
from tests.hostile.readers import page
from tests.mappings.test_richtext_rules import violations
from tests.report.test_workflow_commands import commands

RULES = Rules(lambda _gid: None, lambda _gid: False)
URL, REFERENCE = "https://github.com/acme/hub/issues/12", "acme/hub#12"
DAY = date(2026, 9, 30)
NOW = datetime(2026, 9, 21, tzinfo=UTC)
LEADING = set(
    map(chr, (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
)
"""Controls but for tabs and newlines, and what reverses the order of reading. What joins letters may stay in Asana."""
EVERY = pytest.mark.parametrize("typed", CORPUS.values(), ids=CORPUS)
MANY = settings(max_examples=150, deadline=None)


READ = (
    ("a\x1b[31mb", "a[31mb"),
    ("good\revil", "good evil"),
    ("invoice\u202efdp.exe", "invoicefdp.exe"),
    ("a\u2028b\x85c\td", "a b c d"),
    ("a\u00a0b\u3000c", "a b c"),
    ("a\u200bb\u00ad\ufeffc\ue000", "abc"),
    ("\U0001f469\u200d\U0001f467 \u2764\ufe0f", "\U0001f469\u200d\U0001f467 \u2764\ufe0f"),
    ("cafe\u0301 \u05e9\u05dc", "cafe\u0301 \u05e9\u05dc"),
    (" \n x \x00 ", "x"),
    ("\u2067\ud83d", ""),
)


# On one line, for people.


@pytest.mark.parametrize(("typed", "read"), READ)
def test_what_a_reader_sees_on_one_line(typed: str, read: str) -> None:
    assert (safe(typed), seen(typed)) == (read, read)


@EVERY
def test_the_corpus_on_one_line_is_legible_and_nothing_else(typed: str) -> None:
    assert safe(typed) == seen(typed)


@given(TYPED)
@MANY
def test_a_line_never_leads_a_terminal_or_an_eye(typed: str) -> None:
    assert safe(typed) == seen(typed)


# Asana.


def rich_text_holds(typed: str) -> None:
    """A canary stands before the text: of no other word it is sure in every text that it is to be seen."""
    for markdown in (typed, f"canary\n\n{typed}"):
        description = describe(markdown, url=URL, reference=REFERENCE)
        shown = read_html(description.html, RULES).text
        assert violations(description.html) == []
        assert shown.rstrip().endswith("please change the issue instead.")
        assert not set(description.plain) & LEADING
    assert shown.startswith("canary\n")
    assert description.plain.startswith("canary\n")


@EVERY
def test_the_corpus_becomes_rich_text_that_asana_takes(typed: str) -> None:
    rich_text_holds(typed)


@given(TYPED)
@MANY
def test_any_description_is_rich_text_that_asana_takes(typed: str) -> None:
    rich_text_holds(typed)


@given(TYPED)
@MANY
def test_the_name_of_a_task_is_one_line(typed: str) -> None:
    name = task_name(typed)
    assert name == task_name(name) != ""
    assert is_name_of(name, typed)
    assert not set(name) & (LEADING | {"\t", "\n"})


@given(TYPED)
@MANY
def test_the_text_of_a_csh_task_is_rich_text_that_asana_takes_and_says_the_name_of_its_allocation(typed: str) -> None:
    draft = CshTaskDraft("CSH", DAY, DAY, "1", False)
    html = encode_csh_task(draft, typed, "https://airtable.com/app1/tbl1/rec1", "2")["html_notes"]
    assert violations(html) == []
    label, _, name = read_html(html, RULES).text.partition(" ")
    assert label == "Allocation:"
    assert is_name_of(name, typed)


# GitHub's pages.


def markdown_holds(typed: str) -> None:
    shown = page(f"- Evidence: {plain(typed)}\n- Do: nothing\n")
    assert set(shown.tags) == {"ul", "li"}
    assert seen(shown.words) == seen(f"Evidence: {typed} Do: nothing").replace("\u2060", "")
    rows = page("\n".join(table(("A", "B"), ((typed, "x"), ("y", typed)))))
    assert set(rows.tags) == {"table", "thead", "tbody", "tr", "th", "td"}
    assert rows.tags.count("td") == 4
    assert seen(rows.words) == seen(f"A B {typed} x y {typed}")


@EVERY
def test_the_corpus_is_text_on_githubs_pages(typed: str) -> None:
    markdown_holds(typed)


@given(TYPED)
@MANY
def test_any_text_is_text_on_githubs_pages(typed: str) -> None:
    markdown_holds(typed)


@EVERY
def test_an_initiative_is_found_again_whatever_it_is_called(typed: str) -> None:
    draft = initiative_draft("recABCDEFGHIJKLMN", typed, DAY, DAY, ())
    assert read_marker(draft.body) == ("recABCDEFGHIJKLMN", None)
    assert not set(draft.title) & (LEADING | {"\t", "\n"})
    if draft.title.endswith("…"):
        assert 240 < len(draft.title) <= 256
        assert letters(typed).startswith(letters(draft.title[:-1]))
    else:
        assert is_name_of(draft.title, typed)


# Logs and terminals.


@given(TYPED)
@MANY
def test_no_log_line_is_a_command_to_githubs_runner(typed: str) -> None:
    assert commands(without_commands(typed)) == []
    (found,) = commands("\n".join(annotations([typed], [])))
    assert found == ("error", seen(typed))


def told(typed: str, capsys: pytest.CaptureFixture[str]) -> str:
    terminal = Terminal()
    terminal.text(f"a {typed}")
    terminal.note(f"b {typed}")
    terminal.error(f"c {typed}")
    terminal.table("d", ("used", "e"), [("1", typed)])
    shown = capsys.readouterr()
    return shown.out + shown.err


@pytest.mark.parametrize("typed", BRIEF.values(), ids=BRIEF)
@pytest.mark.parametrize("actions", ["true", ""])
def test_the_corpus_leads_no_terminal_and_no_runner(
    typed: str, actions: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", actions)
    shown = told(typed, capsys)
    assert acting(shown) == set()
    assert not actions or commands(shown) == []
    for word in seen(typed).split():
        assert shown.replace("\u2060", "").replace("\n", "").count(word) >= 4


@EVERY
@pytest.mark.parametrize("form", ["json", ""])
def test_the_corpus_leads_nobody_astray_in_the_log(typed: str, form: str, capsys: pytest.CaptureFixture[str]) -> None:
    try:
        configure({"CSH_LOG": form, "GITHUB_ACTIONS": "true"}, Redactor(()), verbosity=1)
        tell_event("change.applied", subject=typed, key=f"x{typed}")
        shown = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert shown.count("\n") == 1
    assert acting(shown) == set()
    assert commands(shown) == []
    line = shown.replace("\u2060", "")  # stands between two signs that would be a command; typed ones are escaped
    if form:
        event = json.loads(line)
        assert (event["event"], event["subject"], event["key"]) == ("change.applied", typed, f"x{typed}")
    else:
        for name, value in (("subject", seen(typed)), ("key", seen(f"x{typed}"))):
            assert f" {name}={value}" in line or f" {name}={value!r}" in line


# Files.


def spreadsheet_holds(typed: str) -> None:
    allocation = Allocation("recABCDEFGHIJKLMN", typed, "recP", None, None, 480)
    totals = Totals(60, 420, 0.125, typed, typed, "", typed)
    text = encode([line_of(allocation, totals, NOW)])
    rows = list(csv.reader(io.StringIO(text)))
    assert [len(row) for row in rows] == [13, 13]
    assert [cell for cell in rows[1] if is_formula(cell)] == []
    cells = dict(zip(*rows, strict=True))
    assert seen(cells["Allocation"].removeprefix("'")) == seen(cells["Pace"].removeprefix("'")) == seen(typed)
    (read,) = decode(text).values()
    assert seen(read.labels["Allocation"]) == seen(read.totals.sentence) == seen(typed)


@EVERY
def test_the_corpus_is_no_formula_in_a_spreadsheet_and_comes_back_as_typed(typed: str) -> None:
    spreadsheet_holds(typed)


@given(TYPED)
@MANY
def test_no_text_is_a_formula_in_a_spreadsheet(typed: str) -> None:
    spreadsheet_holds(typed)


@given(st.lists(TYPED, min_size=1, max_size=3))
@MANY
def test_names_in_a_settings_file_are_names(typed: list[str]) -> None:
    entries = [Entry("airtable.names", f"x{number} {one}", one, one) for number, one in enumerate(typed)]
    read = tomllib.loads(whole_file(entries))
    assert read == {"airtable": {"names": {f"x{number} {one}": one for number, one in enumerate(typed)}}}
