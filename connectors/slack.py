"""Slack's incoming webhooks through httpx. The address of a webhook is its token and is never told.

https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
"""

import logging
import math
import re
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pyrate_limiter import Duration, Rate

from connectors.addresses import is_loopback, secret_parts
from connectors.retry import Again, Gateway, Trouble, asked_wait, retry_after, told
from connectors.wire.slack import messages
from sync.errors import Denied, LimitReached, OutcomeUnknown, PartlyTold, Rejected, ServiceError, Transient
from sync.model.digest import Digest
from sync.model.finding import Role
from sync.model.wording import USUAL, Wording

if TYPE_CHECKING:
    import httpx

    from sync.model.examination import Unanswered

SERVICE = "Slack"
OPERATION = "tell a digest"
DEFAULT_WAIT = 30.0
TOLD_AGAIN = "Nobody can tell whether it arrived: the next run tells it again, once, if it is still open."
REMEDY = "Make a new webhook for the channel, then set {setting}."

_WORD = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """A secret address, and the setting it comes from."""

    address: str
    setting: str


class SlackConnector:
    """Posts digests: those of a role in *webhooks* there, all others by *webhook*; never more than the pace allows.

    Nothing is looked up in Slack, and a webhook answers with no id: a message whose answer was lost is not sent again
    in this run.
    """

    def __init__(
        self,
        *,
        webhook: Webhook,
        webhooks: Mapping[Role, Webhook],
        messages_per_minute: int,
        roles: frozenset[Role] = frozenset(Role),
        wording: Wording = USUAL,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.roles = roles
        self._default = webhook
        self._wording = wording
        self._webhooks = dict(webhooks)
        addresses = {webhook.address, *(one.address for one in self._webhooks.values())}
        self._trust_env = not any(is_loopback(one) for one in addresses)
        secrets = tuple(part for one in addresses for part in secret_parts(one))
        rate = Rate(1, math.ceil(Duration.MINUTE.value / messages_per_minute))
        self._gateway = Gateway(SERVICE, rate, classify, secrets=secrets, sleep=sleep)
        self._silence = _Silence(secrets)
        logging.getLogger("httpx").addFilter(self._silence)

    @cached_property
    def _client(self) -> "httpx.Client":
        """What posts, made for the first message: most runs tell nothing."""
        from connectors.in_time_httpx import timely_client  # noqa: PLC0415

        return timely_client(trust_env=self._trust_env)

    def send(self, digest: Digest) -> None:
        """Tell a digest, in as many messages as it takes.

        A role whose own webhook is not usable any more is told by the usual one (fault K06). Raises PartlyTold with the
        keys of the findings in the messages that Slack took, and perhaps took, when not all went out as set, and
        another ServiceError when it took none. A message that Slack refuses does not stop those after it.
        """
        own = self._webhooks.get(digest.role, self._default)
        try:
            self._send(own, digest)
        except Denied as gone:
            if own is self._default:
                raise
            self._send(self._default, digest)
            elsewhere = Denied(SERVICE, OPERATION, f"{told(gone)}; the usual webhook was used", remedy=gone.remedy)
            raise PartlyTold(elsewhere, digest.keys) from gone

    def _send(self, webhook: Webhook, digest: Digest) -> None:
        reached: set[str] = set()
        unclear: set[str] = set()
        failure: ServiceError | None = None
        for message in messages(digest, self._wording):
            try:
                self._post(webhook, message.payload)
            except ServiceError as error:
                failure = failure or error
                unclear |= message.told if isinstance(error, OutcomeUnknown) else set()
                if not isinstance(error, Rejected):
                    break
            else:
                reached |= message.told
        if failure is None:
            return
        if reached or (unclear and unclear < digest.keys):
            raise PartlyTold(failure, frozenset(reached), frozenset(unclear))
        raise failure

    def try_out(self) -> "dict[str, Unanswered | None]":
        """Return what is wrong with each webhook, by its setting; None where it takes messages. Posts nothing.

        An empty message is refused for having no text, by a webhook that would have posted it.
        """
        from connectors.looking import Look  # noqa: PLC0415  only who looks at a set-up needs it

        webhooks = (self._default, *self._webhooks.values())
        return {one.setting: Look()(partial(self._try_out, one)) for one in webhooks}

    def _try_out(self, webhook: Webhook) -> None:
        with suppress(Rejected):
            self._post(webhook, {})

    def close(self) -> None:
        """Close the connections."""
        if "_client" in vars(self):
            self._client.close()
        logging.getLogger("httpx").removeFilter(self._silence)

    def _post(self, webhook: Webhook, payload: Mapping[str, Any]) -> None:
        def request() -> None:
            response = self._client.post(webhook.address, json=payload)
            if not _is_taken(response):
                raise _NotTaken(response, webhook.setting)

        try:
            self._gateway.create(OPERATION, request)
        except OutcomeUnknown as error:
            unclear = OutcomeUnknown(SERVICE, OPERATION, told(error), remedy=TOLD_AGAIN, status=error.status)
            raise unclear from error.__cause__


class _NotTaken(Exception):
    """An answer that is not Slack's ``ok``. Unlike httpx's own error it does not name the address."""

    def __init__(self, response: "httpx.Response", setting: str) -> None:
        super().__init__(f"answered {response.status_code}")
        self.response = response
        self.setting = setting


class _Silence(logging.Filter):
    """Keeps records that name a secret out of the log: httpx names the address of every request."""

    def __init__(self, secrets: Collection[str]) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record may be written."""
        text = record.getMessage()
        return not any(one in text for one in self._secrets)


def _is_taken(response: "httpx.Response") -> bool:
    """Tell whether a message was posted: 200 alone may also be a page of a proxy, or a refusal in JSON."""
    if response.status_code != HTTPStatus.OK:
        return False
    return response.text.strip() == "ok" or _json(response).get("ok") is True


def classify(operation: str, error: Exception) -> Trouble:
    """Tell what a failure means for the next step; of what Slack wrote, only its word for the refusal is handed on."""
    import httpx  # noqa: PLC0415  imported by whoever asked

    problem = partial(Transient, SERVICE, operation)
    if isinstance(error, _NotTaken):
        return _classify_answer(operation, error.response, REMEDY.format(setting=error.setting))
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout):
        remedy = "Check the network; the next run tells it again."
        return Trouble(problem(f"cannot be reached ({type(error).__name__})", remedy=remedy), Again.NOT_DONE)
    if isinstance(error, httpx.HTTPError):
        return Trouble(problem(f"no usable answer ({type(error).__name__})"), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _classify_answer(operation: str, response: "httpx.Response", remedy: str) -> Trouble:
    status, word = response.status_code, _word(response)
    said = f"answered {status}{f' ({word})' if word else ''}"
    match status:
        case 429:
            wait = retry_after(response.headers, DEFAULT_WAIT)
            return Trouble(LimitReached(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        case 200 if not word:
            return Trouble(Transient(SERVICE, operation, "answered 200 without ok", status=status), Again.UNCLEAR)
        case 200 | 400 | 413:
            return Trouble(Rejected(SERVICE, operation, f"refused a message: {said}", status=status))
        case _ if status >= 500 or status == 408:
            error = Transient(SERVICE, operation, said, status=status)
            return Trouble(error, Again.UNCLEAR, asked_wait(response.headers))
        case _:
            message = f"the webhook is not usable: {said}"
            return Trouble(Denied(SERVICE, operation, message, remedy=remedy, status=status))


def _word(response: "httpx.Response") -> str:
    """Return Slack's word for a refusal, "" when the answer is something else."""
    word = _json(response).get("error") or response.text.strip()
    return word if isinstance(word, str) and _WORD.fullmatch(word) else ""


def _json(response: "httpx.Response") -> Mapping[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
