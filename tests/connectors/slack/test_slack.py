"""Digests told through httpx over HTTP on a played Slack; nothing sleeps, every wait is recorded."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
import respx

from connectors.slack import SlackConnector, Webhook
from sandbox.core import Cut, Garble, Hang, Sandbox, SandboxClock, Status
from sandbox.core.faults import Effect, Fault
from sandbox.slack import Refusal, SlackService
from sync.errors import Denied, LimitReached, OutcomeUnknown, PartlyTold, Rejected, ServiceError, Transient
from sync.model.digest import Digest, News
from sync.model.finding import Finding, Role, Severity

DAY = date(2026, 9, 21)
ELSEWHERE = "https://hooks.slack.com/services/T0REAL/B0REAL/aVerySecretEnd"
SETTING = "CSH_SLACK__WEBHOOK_URL"


def digest(findings: int = 1, role: Role = Role.MANAGER) -> Digest:
    """Return news of so many findings; sixty take more than one message."""
    return Digest(
        role,
        DAY,
        tuple(
            News(Finding("over_cap", f"Q{number}", "4.5 of 4 h used.", severity=Severity.HIGH), DAY)
            for number in range(findings)
        ),
    )


@dataclass
class World:
    """A workspace, and the connector that posts there."""

    sandbox: Sandbox
    service: SlackService
    waits: list[float] = field(default_factory=list)
    made: list[SlackConnector] = field(default_factory=list)

    def connector(self, **changes: Any) -> SlackConnector:
        settings: dict[str, Any] = {
            "webhook": Webhook(self.service.webhook_url(), SETTING),
            "webhooks": {},
            "messages_per_minute": 60_000,
            "sleep": self.waits.append,
        }
        self.made.append(SlackConnector(**(settings | changes)))
        return self.made[-1]

    def fault(self, effect: Effect, **selector: Any) -> Fault:
        return self.sandbox.faults.add(effect, service="slack", **selector)

    def asked(self) -> int:
        return self.sandbox.log.count("slack")


@pytest.fixture
def world() -> Iterator[World]:
    clock = SandboxClock(datetime(2026, 9, 21, 6, tzinfo=UTC), frozen=True)
    with Sandbox(start=clock.now()) as sandbox:
        world = World(sandbox, sandbox.slack)
        yield world
        for connector in world.made:
            connector.close()


def raised(connector: SlackConnector, news: Digest | None = None) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        connector.send(news or digest())
    return caught.value


def test_a_digest_is_told_in_the_channel(world: World) -> None:
    world.connector().send(digest())
    (post,) = world.service.posts
    assert post.channel == "alerts"
    assert "over_cap: Q0\n4.5 of 4 h used." in post.shown.text
    assert not any(one.leaked for one in world.sandbox.log.select())


def test_without_news_nothing_is_sent(world: World) -> None:
    world.connector().send(digest(0))
    assert world.asked() == 0


def test_a_role_with_a_webhook_of_its_own_is_told_there_and_the_others_by_the_usual_one(world: World) -> None:
    world.service.add_channel("managers")
    own = {Role.MANAGER: Webhook(world.service.webhook_url("managers"), "CSH_SLACK__WEBHOOKS__MANAGER")}
    connector = world.connector(webhooks=own)
    connector.send(digest(role=Role.MANAGER))
    connector.send(digest(role=Role.LEAD))
    assert [one.channel for one in world.service.posts] == ["managers", "alerts"]


def test_a_long_digest_goes_out_in_order_and_no_faster_than_slack_takes_it(world: World) -> None:
    world.sandbox.add_published_limits()
    world.connector(messages_per_minute=50).send(digest(60))
    posts = world.service.posts
    assert len(posts) > 1
    assert [one.text[-8:] for one in posts] == [f"({number} of {len(posts)})" for number in range(1, len(posts) + 1)]
    assert world.asked() == len(posts)


# When Slack does not take it.


@pytest.mark.parametrize(("headers", "least"), [({"Retry-After": "7"}, 7), ({}, 30), ({"Retry-After": "soon"}, 30)])
def test_too_many_messages_are_waited_out_and_sent_again(world: World, headers: dict[str, str], least: float) -> None:
    world.fault(Status(429, "rate_limited", headers), times=1)
    world.connector().send(digest())
    assert least <= world.waits[0] <= least + 1
    assert len(world.service.posts) == 1


def test_a_limit_that_lasts_long_is_left_to_the_next_run(world: World) -> None:
    world.fault(Status(429, "rate_limited", {"Retry-After": "3600"}))
    assert isinstance(raised(world.connector()), LimitReached)
    assert (world.asked(), world.waits, world.service.posts) == (1, [], ())


@pytest.mark.parametrize(
    "fault",
    [
        Cut("after"),
        Cut("before"),
        Cut("after", after_bytes=1),
        Hang(0.01, "after", "cut"),
        Garble("html"),
        Garble("empty"),
        Status(200, "<html>log in</html>"),
        Status(200, {"posted": True}),
        Status(500, "rollup_error"),
        Status(502),
        Status(503, None, {"Retry-After": "1"}),
        Status(504, when="after"),
        Status(408),
    ],
)
def test_what_may_have_arrived_is_not_sent_again_at_once_and_counts_as_not_told(world: World, fault: Any) -> None:
    world.fault(fault, times=1)
    error = raised(world.connector())
    assert isinstance(error, OutcomeUnknown)
    assert "the next run tells it again" in str(error)
    assert world.asked() == 1
    world.connector().send(digest())
    assert 1 <= len(world.service.posts) <= 2


def test_an_answer_that_is_too_late_is_unclear(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.in_time_httpx.READ_TIMEOUT", 0.05)
    world.fault(Hang(0.5, "after"))
    assert isinstance(raised(world.connector()), OutcomeUnknown)
    assert world.asked() == 1


def test_a_slack_that_is_down_is_tried_again_for_a_while_and_left_to_the_next_run(world: World) -> None:
    connector = world.connector()
    world.sandbox.stop()
    error = raised(connector)
    assert isinstance(error, Transient)
    assert "cannot be reached" in str(error)
    assert len(world.waits) == 4
    world.sandbox.start()
    connector.send(digest())
    assert len(world.service.posts) == 1


@pytest.mark.parametrize("word", [one for one in Refusal if one is not Refusal.ROLLUP_ERROR])
def test_a_webhook_that_is_refused_ends_it_and_names_the_setting(world: World, word: Refusal) -> None:
    world.service.channel().refusal = word
    error = raised(world.connector(), digest(60))
    assert isinstance(error, Denied)
    assert word.value[1] in str(error)
    assert SETTING in str(error)
    assert (world.asked(), world.waits) == (1, [])


@pytest.mark.parametrize("code", [301, 302, 307])
def test_a_redirect_is_not_followed(world: World, code: int) -> None:
    world.fault(Status(code, None, {"Location": world.service.webhook_url()}))
    assert isinstance(raised(world.connector()), Denied)
    assert world.asked() == 1


@pytest.mark.parametrize("answer", [Status(400, "invalid_blocks"), Status(200, {"ok": False, "error": "no_text"})])
def test_a_refused_message_does_not_stop_the_others_and_what_went_out_is_named(world: World, answer: Status) -> None:
    world.fault(answer, nth=2, times=1)
    news = digest(150)
    error = raised(world.connector(), news)
    assert isinstance(error, PartlyTold)
    posts = world.service.posts
    assert len(posts) == world.asked() - 1 > 1
    shown = "\n".join(one.shown.text for one in posts)
    assert error.told == {one.finding.key for one in news.opened if f": {one.finding.subject}\n" in shown}
    assert 0 < len(error.told) < 150
    assert "told in part" in str(error)


def test_a_refused_message_alone_is_a_refusal(world: World) -> None:
    world.fault(Status(400, "invalid_blocks"))
    error = raised(world.connector())
    assert isinstance(error, Rejected)
    assert "invalid_blocks" in str(error)


def test_after_a_lost_answer_the_rest_waits_and_what_went_out_is_named(world: World) -> None:
    world.fault(Cut("after"), nth=2)
    news = digest(60)
    error = raised(world.connector(), news)
    assert isinstance(error, PartlyTold)
    assert world.asked() == 2
    first = world.service.posts[0].shown.text
    assert error.told == {one.finding.key for one in news.opened if f": {one.finding.subject}\n" in first}


def test_an_answer_in_json_is_understood(world: World) -> None:
    world.fault(Status(200, {"ok": True}))
    world.connector().send(digest())


@pytest.mark.parametrize("answer", ["<script>alert(1)</script>", "Bearer abc", "x" * 5000])
def test_what_a_stranger_answers_is_not_handed_on(world: World, answer: str) -> None:
    world.fault(Status(400, answer))
    assert answer not in str(raised(world.connector()))


# The address is a secret.


def failures() -> list[Any]:
    request = httpx.Request("POST", ELSEWHERE)
    return [
        httpx.ConnectError(f"no way to {ELSEWHERE}", request=request),
        httpx.ReadTimeout(f"{ELSEWHERE} is slow", request=request),
        httpx.RemoteProtocolError(f"{ELSEWHERE} left", request=request),
        httpx.InvalidURL(f"odd: {ELSEWHERE}"),
        RuntimeError(ELSEWHERE),
        httpx.Response(404, text=ELSEWHERE),
        httpx.Response(400, text="aVerySecretEnd"),
        httpx.Response(500, text=ELSEWHERE),
        httpx.Response(200, json={"ok": False, "error": ELSEWHERE}),
        httpx.Response(302, headers={"Location": ELSEWHERE}),
    ]


@pytest.mark.parametrize("failure", failures(), ids=lambda one: type(one).__name__)
@respx.mock(assert_all_called=False)
def test_it_is_in_no_error_and_no_traceback(failure: Any) -> None:
    respx.post(ELSEWHERE).mock(
        **({"side_effect": failure} if isinstance(failure, Exception) else {"return_value": failure})
    )
    connector = SlackConnector(
        webhook=Webhook(ELSEWHERE, SETTING), webhooks={}, messages_per_minute=60_000, sleep=lambda _: None
    )
    error = raised(connector)
    connector.close()
    shown = "".join(traceback.format_exception(error)) + repr(error) + str(error)
    assert "aVerySecretEnd" not in shown
    assert "T0REAL" not in shown


def test_it_is_in_no_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    connector = world.connector()
    connector.send(digest())
    world.service.channel().refusal = Refusal.NO_SERVICE
    raised(connector)
    assert world.service.token not in caplog.text
    httpx.get(f"{world.sandbox.url}/_sandbox/clock")
    assert "/_sandbox/clock" in caplog.text, "other requests are still logged"
