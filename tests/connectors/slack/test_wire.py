"""Digests as Slack messages: within the limits, everything told, nothing typed taken for markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.wire.slack import MOST_MESSAGES, Message, messages
from sandbox.slack import Reading, read
from sandbox.slack.payload import refusal
from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role, Severity
from sync.model.legible import safe
from tests.hostile.corpus import BRIEF

DAY = date(2026, 9, 21)
NASTY = tuple(BRIEF.values())
TYPED = st.one_of(
    st.sampled_from(NASTY),
    st.text(max_size=60),
    st.text(alphabet="<>&*_~`@!#|:\n ahcnel", max_size=40),
    st.builds(
        lambda text, times: text * times, st.text(alphabet="&<é漢🙂 x", min_size=1, max_size=5), st.integers(1, 4000)
    ),
)
ADDRESSES = st.one_of(
    st.just(""),
    st.sampled_from(
        (
            "https://github.com/acme/hub/issues/812",
            "https://app.asana.com/0/1/2?a=1&b=2",
            "javascript:alert(1)",
            "https://a.example/|x>",
            "https://user:word@a.example/",
            "ftp://a.example/",
        )
    ),
    st.builds(lambda number: f"https://a.example/{'x' * number}", st.integers(0, 2000)),
    TYPED,
)
FINDINGS = st.builds(
    Finding,
    kind=st.sampled_from(("over_cap", "not_logged", "look_alike")),
    subject=TYPED,
    evidence=TYPED,
    remedy=TYPED,
    url=ADDRESSES,
    subject_id=st.uuids().map(str),
    community=TYPED,
    links=st.lists(ADDRESSES, max_size=4).map(tuple),
    severity=st.sampled_from((*Severity, None)),
    role=st.just(Role.MANAGER),
)
NEWS = st.builds(News, FINDINGS, st.dates(date(2026, 1, 1), DAY))
DIGESTS = st.builds(
    Digest,
    role=st.sampled_from(Role),
    day=st.just(DAY),
    opened=st.lists(NEWS, max_size=6).map(tuple),
    resolved=st.lists(NEWS, max_size=6).map(tuple),
    standing=st.integers(0, 500),
)


def finding(number: int = 1, severity: Severity = Severity.HIGH, **more: str) -> Finding:
    base = Finding(
        "over_cap", f"Reef Watch Q{number}", "4.5 of 4 h used.", "Agree on more hours.", severity=severity, **more
    )
    return replace(base, subject_id=f"rec{number}")


def digest(*opened: Finding, resolved: tuple[Finding, ...] = (), standing: int = 0) -> Digest:
    return Digest(
        Role.MANAGER,
        DAY,
        tuple(News(one, DAY) for one in opened),
        tuple(News(one, DAY) for one in resolved),
        standing,
    )


def shown(message: Message) -> Reading:
    """Return what people see of a message that Slack takes."""
    assert refusal(message.payload) == ""
    found = read(message.payload["blocks"], message.payload["text"])
    assert found.unescaped == ()
    return found


def test_a_digest_reads_as_it_should() -> None:
    one = finding(community="Reef Watch", url="https://github.com/acme/hub/issues/812")
    news = digest(one, resolved=(finding(2),), standing=3)
    news = replace(news, opened=(News(one, date(2026, 9, 3)),))
    (message,) = messages(news)
    assert message.payload["text"] == (
        "Community Success Hours, for the engagement manager: 1 new (1 high), 1 resolved, 3 told before and still open."
    )
    assert shown(message).lines[:9] == (
        "For the engagement manager: 1 new finding",
        "*High*",
        "🔴 over_cap: Reef Watch Q1 – since 3 Sep 2026",
        "4.5 of 4 h used.",
        "Do: Agree on more hours.",
        "GitHub #812",
        "*Resolved*",
        "✓ over_cap: Reef Watch Q2",
        (
            "3 told before and still open. To acknowledge, snooze or accept a finding, use the table Alerts in "
            "Airtable. `csh-sync check` lists all."
        ),
    )
    assert shown(message).links == ("https://github.com/acme/hub/issues/812",)
    assert message.told == {one.key, finding(2).key}


def test_nothing_is_said_when_there_is_no_news() -> None:
    assert messages(digest(standing=7)) == ()


def test_the_worst_comes_first() -> None:
    (message,) = messages(digest(finding(1, Severity.LOW), finding(2, Severity.HIGH), finding(3, Severity.MEDIUM)))
    text = shown(message).text
    order = [text.index(f"Reef Watch Q{number}") for number in (2, 3, 1)]
    assert order == sorted(order)


def test_a_long_digest_goes_out_in_numbered_parts_and_every_part_knows_what_it_tells() -> None:
    findings = [finding(number) for number in range(60)]
    parts = messages(digest(*findings))
    assert 1 < len(parts) < MOST_MESSAGES
    for number, part in enumerate(parts, 1):
        assert part.payload["text"].endswith(f"({number} of {len(parts)})")
        lines = shown(part).lines
        assert {one.key for one in findings if any(line.endswith(f": {one.subject}") for line in lines)} == part.told
    assert frozenset().union(*(part.told for part in parts)) == {one.key for one in findings}


def test_what_is_beyond_the_last_part_is_counted_there() -> None:
    findings = [finding(number) for number in range(1000)]
    parts = messages(digest(*findings))
    assert len(parts) == MOST_MESSAGES
    text = "\n".join(shown(part).text for part in parts)
    named = [one for one in findings if f": {one.subject}\n" in text]
    assert f"{1000 - len(named)} more are not shown here." in shown(parts[-1]).text
    assert frozenset().union(*(part.told for part in parts)) == {one.key for one in findings}


@pytest.mark.parametrize("typed", NASTY)
def test_what_people_typed_is_shown_as_typed_and_does_nothing(typed: str) -> None:
    one = replace(finding(), subject=typed, evidence=typed, remedy=typed, community=typed, url=typed, links=(typed,))
    (message,) = messages(digest(one, resolved=(one,)))
    read_ = shown(message)
    assert (read_.mentions, read_.links, read_.emojis) == ((), (), ())
    assert read_.styled == ("*High*", "*Resolved*", "`csh-sync check`")
    assert safe(typed) in read_.text.replace("\u2060", "")


def test_nobody_is_called_even_where_a_client_finds_mentions_in_plain_text() -> None:
    (message,) = messages(digest(replace(finding(), subject="@here @Channel @EVERYONE @heron me@here.example")))
    assert not re.search("@(here|channel|everyone)", str(message.payload), re.IGNORECASE)


def test_long_findings_do_not_add_up_to_more_than_a_message_holds() -> None:
    findings = [replace(finding(number), evidence="word " * 550) for number in range(9)]
    parts = messages(digest(*findings))
    assert len(parts) == 3
    assert all(len(shown(part).text) < 10_000 for part in parts)


def test_a_text_that_is_too_long_is_cut_where_it_is_seen_and_the_remedy_stays() -> None:
    one = replace(finding(), evidence="word & " * 2000)
    (message,) = messages(digest(one))
    text = shown(message).text
    assert "word &…\nDo: Agree on more hours." in text or "word…\nDo: Agree on more hours." in text


def test_links_that_find_no_room_are_counted() -> None:
    links = tuple(f"https://a.example/{number}/{'x' * 300}" for number in range(20))
    (message,) = messages(digest(replace(finding(), links=links)))
    read_ = shown(message)
    assert 0 < len(read_.links) < 20
    assert f"and {20 - len(read_.links)} more" in read_.text


@settings(max_examples=200, deadline=None)
@given(DIGESTS)
def test_every_message_is_taken_by_slack_and_nothing_typed_is_markup(news: Digest) -> None:
    parts = messages(news)
    keys = {one.finding.key for one in (*news.opened, *news.resolved)}
    assert frozenset().union(*(part.told for part in parts)) == keys
    assert bool(parts) == bool(keys)
    for part in parts:
        assert json.loads(json.dumps(part.payload)) == part.payload
        json.dumps(part.payload, ensure_ascii=False).encode()  # as httpx sends it
        assert len(part.payload["blocks"]) <= 45
        read_ = shown(part)
        assert (read_.mentions, read_.emojis) == ((), ())
        assert set(read_.styled) <= {"*High*", "*Medium*", "*Low*", "*Resolved*", "`csh-sync check`"} | {
            one for one in read_.styled if one.endswith("more are not shown here.*")
        }
        assert all(one.startswith(("https://", "http://")) for one in read_.links)


@settings(max_examples=50, deadline=None)
@given(st.lists(FINDINGS, min_size=1, max_size=6), st.integers(1, 40))
def test_every_finding_is_told_in_the_part_that_says_so_or_counted(some: list[Finding], times: int) -> None:
    numbered = [
        replace(one, subject=f"Q{number} {one.subject}", subject_id=f"rec{number}")
        for number, one in enumerate(some * times)
    ]
    parts = messages(digest(*numbered))
    named = {
        one.key
        for part in parts
        for one in numbered
        if one.key in part.told
        and re.search(rf"^. {one.kind}: {one.subject.split()[0]}\b", shown(part).text, re.MULTILINE)
    }
    missing = len(numbered) - len(named)
    assert (f"{missing} more are not shown here." in shown(parts[-1]).text) == (missing > 0)
