"""Slack's incoming webhooks: a secret address for each channel, a short word as the answer.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from aiohttp import web

from sandbox.core import Json, SandboxClock, locked
from sandbox.slack.payload import INVALID_PAYLOAD, refusal
from sandbox.slack.reading import Reading, read

MOST_NOTIFICATION = 40_000
"""Characters of the top-level text; what is beyond is cut off without a word."""
TEAM = "T00SANDBOX"


class Refusal(Enum):
    """What a webhook may answer whatever is posted: status and word."""

    NO_SERVICE = (404, "no_service")
    NO_TEAM = (404, "no_team")
    CHANNEL_NOT_FOUND = (404, "channel_not_found")
    CHANNEL_IS_ARCHIVED = (410, "channel_is_archived")
    ACTION_PROHIBITED = (403, "action_prohibited")
    INVALID_TOKEN = (403, "invalid_token")
    ROLLUP_ERROR = (500, "rollup_error")


@dataclass(slots=True)
class Channel:
    """A channel and its webhook's secret. *refusal* is what it answers in place of posting; set it at any time."""

    name: str
    app: str
    token: str
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """A message as it stands in a channel: when it came, what was sent, and what people see of it."""

    channel: str
    moment: datetime
    text: str
    blocks: tuple[Json, ...] = ()
    shown: Reading = field(default_factory=Reading)


class SlackService:
    """One workspace whose webhooks post into channels; *posts* keeps everything that was posted.

    The first channel, *alerts*, is there from the beginning; its webhook is the one in `settings`. *token* is its
    secret: the last part of the address.
    """

    name = "slack"
    prefix = "/slack"
    secret_in_path = True

    def __init__(
        self, clock: SandboxClock, base_url: Callable[[], str], token: str = "sandboxSlackWebhookSecret"
    ) -> None:
        self.clock = clock
        self.base_url = base_url
        self.token = token
        self._channels = [Channel("alerts", "B00000001", token)]
        self._posts: list[Post] = []

    @property
    @locked
    def posts(self) -> tuple[Post, ...]:
        """Return what was posted, in that order."""
        return tuple(self._posts)

    @locked
    def add_channel(self, name: str) -> Channel:
        """Add a channel with a webhook of its own."""
        number = len(self._channels) + 1
        channel = Channel(name, f"B{number:08d}", f"{self.token}{number}")
        self._channels.append(channel)
        return channel

    @locked
    def channel(self, name: str = "alerts") -> Channel:
        """Return the channel called *name*; what is set on it counts from the next message on."""
        return next(one for one in self._channels if one.name == name)

    def webhook_url(self, name: str = "alerts") -> str:
        """Return the secret address that posts into a channel."""
        channel = self.channel(name)
        return f"{self.base_url()}/services/{TEAM}/{channel.app}/{channel.token}"

    def application(self) -> web.Application:
        """Return a new application with the handlers."""
        app = web.Application()
        app.router.add_post("/services/{team}/{app}/{token}", self._post)
        app.router.add_get("/services/{team}/{app}/{token}", self._not_allowed)
        app.router.add_route("*", "/{anything:.*}", self._nothing)
        return app

    def is_write(self, method: str, path: str, body: Mapping[str, Any] | None) -> bool:
        """Say whether a request changes anything."""
        del path, body
        return method != "GET"

    def limited(self, retry_after: float | None) -> web.Response:
        """Return Slack's refusal for too many messages."""
        headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after)))}
        return web.Response(status=429, text="rate_limited", headers=headers)

    def settings(self) -> dict[str, str]:
        """Return the product's setting: the address, which is the token too."""
        return {"CSH_SLACK__WEBHOOK_URL": self.webhook_url()}

    async def _post(self, request: web.Request) -> web.Response:
        channel = self._found(request.match_info)
        if isinstance(channel, Refusal):
            return _refused(channel)
        if channel.refusal is not None:
            return _refused(channel.refusal)
        payload = await _payload(request)
        word = refusal(payload)
        if word:
            return web.Response(status=400, text=word)
        text = str(payload.get("text", ""))[:MOST_NOTIFICATION]
        blocks = tuple(payload.get("blocks", ()))
        self._posts.append(Post(channel.name, self.clock.now(), text, blocks, read(blocks, text)))
        return web.Response(text="ok")

    async def _not_allowed(self, _: web.Request) -> web.Response:
        return web.Response(status=405, text="method_not_allowed")

    async def _nothing(self, _: web.Request) -> web.Response:
        return web.Response(status=404)

    def _found(self, names: Mapping[str, str]) -> Channel | Refusal:
        if names["team"] != TEAM:
            return Refusal.NO_TEAM
        channel = next((one for one in self._channels if one.app == names["app"]), None)
        if channel is None:
            return Refusal.NO_SERVICE
        return channel if channel.token == names["token"] else Refusal.INVALID_TOKEN


async def _payload(request: web.Request) -> Any:
    """Return what was sent: JSON, or a form with JSON in its field *payload*; a text that is no payload otherwise."""
    try:
        if request.content_type == "application/x-www-form-urlencoded":
            return json.loads(str((await request.post())["payload"]))
        return json.loads(await request.read()) if request.content_type == "application/json" else INVALID_PAYLOAD
    except (KeyError, ValueError):
        return INVALID_PAYLOAD


def _refused(refusal: Refusal) -> web.Response:
    status, word = refusal.value
    return web.Response(status=status, text=word)
