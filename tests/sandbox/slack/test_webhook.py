"""The played Slack: what a webhook takes, refuses, and keeps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox import Sandbox
from sandbox.core import Cut, SandboxClock
from sandbox.slack import Refusal, SlackService, read
from sandbox.slack.payload import refusal


@pytest.fixture
def slack() -> SlackService:
    # The service is asked for its address before the sandbox that knows it exists.
    place: list[str] = []
    service = SlackService(SandboxClock(), lambda: place[0])
    service.place = place  # type: ignore[attr-defined]
    return service


@pytest.fixture
def sandbox(slack: SlackService) -> Iterator[Sandbox]:
    with Sandbox([slack], clock=slack.clock) as running:
        slack.place.append(f"{running.url}{slack.prefix}")  # type: ignore[attr-defined]
        yield running


def plain(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, **more}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": plain(text)}


def test_what_is_posted_is_answered_with_ok_and_kept(sandbox, slack):
    blocks = [{"type": "header", "text": plain("News")}, {"type": "divider"}, section("a &amp; b")]
    answer = httpx.post(slack.webhook_url(), json={"text": "News", "blocks": blocks})
    assert (answer.status_code, answer.text) == (200, "ok")
    (post,) = slack.posts
    assert (post.channel, post.text, post.blocks) == ("alerts", "News", tuple(blocks))
    assert post.shown.lines == ("News", "a & b", "News")


def test_a_form_with_the_payload_in_a_field_is_taken_too(sandbox, slack):
    answer = httpx.post(slack.webhook_url(), data={"payload": json.dumps({"text": "hello"})})
    assert answer.text == "ok"
    assert slack.posts[0].text == "hello"


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"content": b"not json", "headers": {"Content-Type": "application/json"}}, "invalid_payload"),
        ({"content": b'{"text": "x"}', "headers": {"Content-Type": "text/plain"}}, "invalid_payload"),
        ({"data": {"text": "x"}}, "invalid_payload"),
        ({"json": ["x"]}, "invalid_payload"),
        ({"json": {"text": 5}}, "invalid_payload"),
        ({"json": {}}, "no_text"),
        ({"json": {"text": "  "}}, "no_text"),
        ({"json": {"blocks": []}}, "no_text"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_word(sandbox, slack, sent, word):
    answer = httpx.post(slack.webhook_url(), **sent)
    assert (answer.status_code, answer.text) == (400, word)
    assert slack.posts == ()


LONG = "x" * 3000


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x")] * 50,
        [section(LONG)],
        [{"type": "header", "text": plain("x" * 150, emoji=False)}],
        [{"type": "section", "fields": [plain("x" * 2000)] * 5}],
        [{"type": "context", "elements": [plain("x")] * 10}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "*x*", "verbatim": True}, "block_id": "one"}],
    ],
)
def test_blocks_at_their_limits_are_taken(blocks):
    assert refusal({"text": "x", "blocks": blocks}) == ""


@pytest.mark.parametrize(
    "blocks",
    [
        [section("x")] * 51,
        [section(LONG + "x")],
        [section("")],
        [section(" \n")],
        [{"type": "header", "text": plain("x" * 151)}],
        [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
        [{"type": "section"}],
        [{"type": "section", "text": "x"}],
        [{"type": "section", "text": {"type": "markdown", "text": "x"}}],
        [{"type": "section", "text": plain("x", verbatim=True)}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
        [{"type": "section", "text": plain("x"), "color": "red"}],
        [{"type": "section", "fields": [plain("x")] * 11}],
        [{"type": "section", "fields": [plain("x" * 2001)]}],
        [{"type": "section", "fields": []}],
        [{"type": "context", "elements": [plain("x")] * 11}],
        [{"type": "context", "elements": []}],
        [{"type": "divider", "text": plain("x")}],
        [{"type": "marquee"}],
        [{"text": plain("x")}],
        ["x"],
        "xxx",
        {"type": "divider"},
        [{"type": "divider", "block_id": "x" * 256}],
        [{"type": "divider", "block_id": "x"}] * 2,
    ],
)
def test_blocks_beyond_a_limit_or_of_another_shape_are_refused(sandbox, slack, blocks):
    answer = httpx.post(slack.webhook_url(), json={"text": "x", "blocks": blocks})
    assert (answer.status_code, answer.text) == (400, "invalid_blocks")
    assert slack.posts == ()


def test_blocks_that_are_too_long_together_are_refused(sandbox, slack):
    answer = httpx.post(slack.webhook_url(), json={"blocks": [section(LONG)] * 5})
    assert (answer.status_code, answer.text) == (400, "msg_blocks_too_long")


def test_a_very_long_text_is_cut_without_a_word(sandbox, slack):
    assert httpx.post(slack.webhook_url(), json={"text": "x" * 40_001}).text == "ok"
    assert len(slack.posts[0].text) == 40_000


@pytest.mark.parametrize("word", list(Refusal))
def test_a_webhook_can_be_removed_its_channel_archived_and_so_on(sandbox, slack, word):
    slack.channel().refusal = word
    answer = httpx.post(slack.webhook_url(), json={"text": "x"})
    assert (answer.status_code, answer.text) == word.value
    assert slack.posts == ()


@pytest.mark.parametrize(
    ("path", "code", "word"),
    [
        ("/services/T1/B00000001/sandboxSlackWebhookSecret", 404, "no_team"),
        ("/services/T00SANDBOX/B2/sandboxSlackWebhookSecret", 404, "no_service"),
        ("/services/T00SANDBOX/B00000001/wrong", 403, "invalid_token"),
        ("/elsewhere", 404, ""),
    ],
)
def test_an_address_that_is_no_webhook_is_refused(sandbox, slack, path, code, word):
    answer = httpx.post(f"{sandbox.url}/slack{path}", json={"text": "x"})
    assert (answer.status_code, answer.text) == (code, word)


def test_it_can_only_be_posted_to(sandbox, slack):
    assert httpx.get(slack.webhook_url()).status_code == 405


def test_each_channel_has_a_webhook_of_its_own(sandbox, slack):
    slack.add_channel("managers")
    httpx.post(slack.webhook_url("managers"), json={"text": "m"})
    httpx.post(slack.webhook_url(), json={"text": "a"})
    assert [(one.channel, one.text) for one in slack.posts] == [("managers", "m"), ("alerts", "a")]


def test_the_second_message_within_a_second_is_refused_and_told_when_to_come_back(sandbox, slack):
    sandbox.add_published_limits()
    assert httpx.post(slack.webhook_url(), json={"text": "1"}).status_code == 200
    answer = httpx.post(slack.webhook_url(), json={"text": "2"})
    assert (answer.status_code, answer.text, answer.headers["Retry-After"]) == (429, "rate_limited", "1")
    assert len(slack.posts) == 1


def test_an_answer_can_be_lost_after_the_message_was_posted(sandbox, slack):
    sandbox.faults.add(Cut("after"), service="slack")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(slack.webhook_url(), json={"text": "x"})
    assert len(slack.posts) == 1


def test_the_setting_is_the_secret_address_and_posting_to_it_is_no_leak(sandbox, slack):
    assert sandbox.settings() == {"CSH_SLACK__WEBHOOK_URL": slack.webhook_url()}
    httpx.post(slack.webhook_url(), json={"text": "x"})
    httpx.post(slack.webhook_url(), json={"text": f"see {slack.webhook_url()}"})
    assert [one.leaked for one in sandbox.log.select()] == [False, True]
    assert all(one.is_write for one in sandbox.log.select())


@pytest.mark.parametrize(
    ("text", "mentions", "links", "styled"),
    [
        ("<!channel> <@U1> <#C1|general> <!subteam^S1>", ["!channel", "@U1", "#C1|general", "!subteam^S1"], [], []),
        ("<https://a.example/?x&amp;y|here>", [], ["https://a.example/?x&y"], []),
        ("*bold* _it_ ~gone~ `code`", [], [], ["*bold*", "_it_", "~gone~", "`code`"]),
        ("&gt; quoted", [], [], ["&gt;"]),
        ("&lt;!channel&gt; snake_case_name 2*3*4", [], [], []),
    ],
)
def test_messages_are_read_as_people_see_them(text, mentions, links, styled):
    shown = read([{"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}])
    assert (list(shown.mentions), list(shown.links), list(shown.styled)) == (mentions, links, styled)


def test_plain_text_has_no_styles_and_no_links(sandbox, slack):
    shown = read([{"type": "section", "text": plain("*bold* &lt;https://a.example|x&gt; :tada:", emoji=False)}])
    assert (shown.links, shown.styled, shown.emojis, shown.mentions) == ((), (), (), ())
    assert shown.text == "*bold* <https://a.example|x> :tada:"
    assert read([section(":tada:")]).emojis == (":tada:",)


def test_a_mention_of_everybody_is_found_where_slack_finds_it():
    assert read([{"type": "section", "text": {"type": "mrkdwn", "text": "@here"}}]).mentions == ("@here",)
    assert read([], "@channel").mentions == ("@channel",)
    assert read([section("<!here>")]).mentions == ("!here",)


def test_control_characters_that_are_not_escaped_are_found():
    assert read([section("a < b & c &amp; d &lt; e > f")]).unescaped == ("<", "&", ">")
    mrkdwn = {"type": "mrkdwn", "text": "<https://a.example|x> & <!here"}
    assert read([{"type": "section", "text": mrkdwn}]).unescaped == ("&", "<")
