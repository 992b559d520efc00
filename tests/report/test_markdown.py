"""Digests and summaries as Markdown: what people typed is text, and everything is there."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from sync.model.change import Standing
from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role, Severity
from sync.model.legible import safe
from sync.model.markdown import plain
from sync.report.addresses import web_addresses
from sync.report.digest_markdown import digest_markdown
from sync.report.job_summary import MOST_BYTES, job_summary
from tests.hostile.corpus import BRIEF

DAY = date(2026, 9, 21)
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
NASTY = tuple(BRIEF.values())
TYPED = st.one_of(
    st.sampled_from(NASTY), st.text(max_size=40), st.text(alphabet="*_`[]()<>!|\\#-+.1 \n@&~$:/ah", max_size=30)
)
FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(("over_cap", "not_logged")),
    subject=TYPED,
    evidence=TYPED,
    remedy=TYPED,
    url=st.one_of(TYPED, st.sampled_from(("https://github.com/acme/hub/issues/812", "https://a.example/(x)_[y]"))),
    community=TYPED,
    links=st.lists(TYPED, max_size=2).map(tuple),
    severity=st.sampled_from((*Severity, None)),
)
NEWS = st.builds(News, FINDINGS, st.dates(date(2026, 1, 1), DAY))
DIGESTS = st.lists(
    st.builds(
        Digest,
        role=st.sampled_from(Role),
        day=st.just(DAY),
        opened=st.lists(NEWS, max_size=3).map(tuple),
        resolved=st.lists(NEWS, max_size=3).map(tuple),
        standing=st.integers(0, 9),
    ),
    max_size=3,
)
OVER = Finding(
    "over_cap",
    "Reef Watch Q3",
    "4.5 of 4 h used.",
    "Agree on more hours.",
    url="https://github.com/acme/hub/issues/812",
    community="Reef Watch",
    severity=Severity.HIGH,
)


def digest(*opened: Finding, resolved: tuple[Finding, ...] = (), standing: int = 0) -> Digest:
    return Digest(
        Role.MANAGER, DAY, tuple(News(one, DAY) for one in opened), tuple(News(one, DAY) for one in resolved), standing
    )


def tokens(text: str) -> list[Token]:
    """Return the inline tokens of a document."""
    return [child for token in READER.parse(text) for child in token.children or ()]


def shown(text: str) -> str:
    """Return a document as people see it, a line for each block."""
    blocks = [token.children for token in READER.parse(text) if token.children is not None]
    lines = ("".join(one.content for one in block if one.type in {"text", "code_inline"}) for block in blocks)
    return "\n".join(lines).replace("\u2060", "")


def test_a_digest_reads_as_it_should() -> None:
    news = replace(digest(OVER, resolved=(OVER,), standing=3), opened=(News(OVER, date(2026, 9, 3)),))
    assert digest_markdown([news]) == (
        "# Community Success Hours: 21 Sep 2026\n"
        "\n"
        "## For the engagement manager\n"
        "\n"
        "1 new (1 high), 1 resolved, 3 told before and still open.\n"
        "\n"
        "### High\n"
        "\n"
        r"- **over\_cap**: Reef Watch Q3 (since 3 Sep 2026)"
        "\n"
        "  - Evidence: 4.5 of 4 h used.\n"
        "  - Do: Agree on more hours.\n"
        r"  - See: [GitHub \#812](<https://github.com/acme/hub/issues/812>)"
        "\n"
        "\n"
        "### Resolved\n"
        "\n"
        r"- **over\_cap**: Reef Watch Q3"
        "\n"
        "\n"
        "To acknowledge, snooze or accept a finding, use the table Alerts in Airtable.\n"
    )


def test_without_news_that_is_said() -> None:
    assert digest_markdown([]) == "# Community Success Hours\n\nNothing new.\n"
    assert "Nothing new." in digest_markdown([digest(standing=4)])


@pytest.mark.parametrize("typed", NASTY)
def test_hostile_text_comes_back_as_it_was_typed(typed: str) -> None:
    assert shown(f"- Evidence: {plain(typed)}") == f"Evidence: {safe(typed)}".rstrip()
    assert shown(f"| a |\n|---|\n| x {plain(typed)} |").splitlines()[1] == f"x {safe(typed)}".rstrip()


@settings(max_examples=200, deadline=None)
@given(DIGESTS)
def test_everything_is_told_and_nothing_typed_is_markup_a_link_or_a_mention(digests: list[Digest]) -> None:
    text = digest_markdown(digests)
    findings = [one.finding for digest in digests for one in digest.opened]
    found = tokens(text)
    assert {one.type for one in found} <= {"text", "strong_open", "strong_close", "link_open", "link_close"}
    assert not [one for one in READER.parse(text) if one.type in {"html_block", "fence", "code_block", "hr"}]
    linked = [str(one.attrs["href"]) for one in found if one.type == "link_open"]
    assert len(linked) == sum(len(web_addresses((one.url, *one.links))) for one in findings)
    assert all(one.startswith(("https://", "http://")) for one in linked)
    assert sum(one.type == "strong_open" for one in found) == sum(
        len(one.opened) + len(one.resolved) for one in digests
    )
    assert not re.search(r"@[A-Za-z0-9]", text)
    seen = shown(text)
    for one in findings:
        assert safe(f"{one.kind}: {one.subject}") in seen
        assert safe(f"Evidence: {one.evidence}") in seen
        assert not one.remedy or safe(f"Do: {one.remedy}") in seen


# The summary of a job.


def standing(number: int = 1, phase: str = "current") -> Standing:
    return Standing(
        f"rec{number}", f"RW 2026 Q{number}", "Reef | Watch", date(2026, 7, 1), date(2026, 9, 30), 240, 90, "",
        left_minutes=150, phase=phase,
    )  # fmt: skip


def test_a_summary_tells_the_result_what_went_wrong_what_is_new_and_where_hours_stand() -> None:
    text = job_summary("3 changes written.", ["UpdateTask acme/hub#1: no"], [standing()], [digest(OVER)], MOST_BYTES)
    lines = shown(text).splitlines()
    assert lines[:4] == [
        "Community Success Hours",
        "3 changes written.",
        "Not done",
        "Trouble: UpdateTask acme/hub#1: no",
    ]
    assert lines[4:11] == ["Hours", "Community", "Allocation", "Used", "Of", "Left", "Until"]
    assert lines[11:17] == ["Reef | Watch", "RW 2026 Q1", "1.5 h", "4 h", "2.5 h", "30 Sep 2026"]
    assert lines[17:20] == ["For the engagement manager", "1 new (1 high).", "High"]


def test_a_summary_shows_only_current_periods_and_no_empty_parts() -> None:
    text = job_summary("Nothing to change.", [], [standing(phase="past")], [], MOST_BYTES)
    assert text == "# Community Success Hours\n\nNothing to change.\n"


def test_a_summary_that_is_too_long_is_cut_and_says_how_much_is_missing() -> None:
    findings = [replace(OVER, subject=f"é {one} <b>", evidence="@here " * 20) for one in range(10_000)]
    text, whole = (job_summary("Done.", [], [standing()], [digest(*findings)], room) for room in (MOST_BYTES, 10**9))
    assert MOST_BYTES - 1000 < len(text.encode()) <= MOST_BYTES
    found = re.search(r"Cut here: (\d+) lines more did not fit", text)
    assert found
    said, written = int(found[1]), len([line for line in text.splitlines() if line]) - 1
    assert said + written == len([line for line in whole.splitlines() if line])


@given(st.integers(0, 2000))
def test_a_summary_never_takes_more_room_than_there_is(room: int) -> None:
    text = job_summary("Done.", ["x" * 100] * 5, [standing()], [digest(OVER, OVER)], room)
    assert len(text.encode()) <= room
