"""Asana's SDK, one request at a time: what it is asked, whether the answer is one, and what its failures mean.

Of the SDK its retries (they repeat PUTs and leave out POSTs), its thread pool, its log handlers and its iterators are
off: an iterator sends nothing before its first item, changes the options it was given, and cannot be repeated.
"""

import copy
import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Protocol
from urllib.parse import urlsplit

import asana
import urllib3.exceptions
from asana.rest import ApiException
from pyrate_limiter import Duration, Rate

from connectors.in_time_pools import keep_time
from connectors.retry import CONNECT_TIMEOUT, READ_TIMEOUT, Again, Gateway, Pace, Trouble, asked_wait, told
from connectors.wire.asana_json import Announced, changes_announced, error_text
from sync.errors import Denied, LimitReached, NotFound, Rejected, ServiceError, Transient

SERVICE = "Asana"
PAGE = 100
RESTARTS = 2
"""How often a listing whose offset expired is begun again."""
EXPIRED = ("pagination token", "offset:")
SHARE_OF_LIMIT = 0.97
MINUTE = 62 * Duration.SECOND
"""A little less than the published requests in a little more than a minute, so that 429 stays the exception although
some requests are longer on their way than others."""
WRITES_AT_ONCE = 15
"""Asana takes no more writes at a time (https://developers.asana.com/docs/rate-limits)."""
READS_AT_ONCE = 50
ADDRESS_REMEDY = "Check CSH_ASANA__API_URL and the network."


class GarbledAnswer(ValueError):
    """An answer that is not what the API promises: an HTML page, an empty body, a cut document."""


class AsanaApi:
    """One token's way to Asana. *method* below is a method of one of the SDK's classes, by name: ``TasksApi.get_task``.

    What every method raises: Denied when the token is refused, NotFound and Rejected for one object, LimitReached and
    Transient when Asana does not answer in time. *before_write* may refuse every write, as `Gateway` says.
    """

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        requests_per_minute: int,
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = _client(token, api_url)
        rate = Rate(max(1, int(requests_per_minute * SHARE_OF_LIMIT)), MINUTE)
        pace = Pace(rate, writes_at_once=WRITES_AT_ONCE)
        host = urlsplit(api_url).netloc
        self._gateway = Gateway(
            SERVICE, pace, partial(classify, host=host), secrets=[token], sleep=sleep, before_write=before_write
        )

        self.announced: set[Announced] = set()
        """The changes to come that answers told to affect what was asked."""

    @property
    def asked(self) -> int:
        """Return how many requests were sent, repeated ones too."""
        return self._gateway.asked

    def close(self) -> None:
        """Close the connections."""
        self._client.rest_client.pool_manager.clear()

    def listed(self, operation: str, method: str, *place: str, **asked: str) -> list[Any]:
        """Return all objects of a listing, each once, read in pages. An expired offset begins it again."""
        return list(self.each(operation, method, *place, **asked))

    def each(self, operation: str, method: str, *place: str, **asked: str) -> Iterator[Any]:
        """Yield the objects of a listing, each once, page by page: of a long one they are never all held as told.

        Where an expired offset begins it again, what was yielded before stands as it was then.
        """
        seen: set[str] = set()
        for _ in range(RESTARTS + 1):
            try:
                yield from self._pages(operation, method, place, asked, seen)
            except Rejected as error:
                if error.status != 400 or not any(words in told(error) for words in EXPIRED):
                    raise
            else:
                return
        raise Transient(SERVICE, operation, "its pages expired again and again while they were read")

    def _pages(
        self, operation: str, method: str, place: Collection[str], asked: Mapping[str, str], seen: set[str]
    ) -> Iterator[Any]:
        offsets: set[str] = set()
        page: dict[str, Any] = {"limit": PAGE}
        while True:
            answer = self._gateway.read(
                operation, partial(self._call, method, (*place, {**asked, **page}), _promised_page)
            )
            for one in answer["data"]:
                gid = one.get("gid") if isinstance(one, Mapping) else None
                if not isinstance(gid, str):
                    yield one
                elif gid not in seen:
                    seen.add(gid)
                    yield one
            following = answer.get("next_page")
            if following is None:
                return
            page["offset"] = following["offset"]
            if page["offset"] in offsets:
                raise Transient(SERVICE, operation, "the same page is told to be the next one again and again")
            offsets.add(page["offset"])

    def one(self, operation: str, method: str, *arguments: Any) -> Mapping[str, Any]:
        """Read one object."""
        return self._gateway.read(operation, partial(self._call, method, arguments, _promised_object))

    def write(self, operation: str, method: str, *arguments: Any) -> Mapping[str, Any]:
        """Write what may be written again without harm, and return the object in the answer."""
        return self._gateway.write_again(operation, partial(self._call, method, arguments, _promised_object))

    def create(self, operation: str, method: str, *arguments: Any) -> Mapping[str, Any]:
        """Make an object and return it. Raises OutcomeUnknown when the answer was lost."""
        return self._gateway.create(operation, partial(self._call, method, arguments, _promised_object))

    def _call(
        self, method: str, arguments: Collection[Any], promised: Callable[[Any], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        """Call the SDK with copies of all arguments, since it keeps and changes them."""
        family, _, name = method.partition(".")
        call = getattr(getattr(asana, family)(self._client), name)
        answer = call(
            *copy.deepcopy(tuple(arguments)),
            full_payload=True,
            header_params={},
            _request_timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
        )
        self.announced |= changes_announced(self._client.last_response.getheader("Asana-Change", ""))
        return promised(answer)


def _promised_object(answer: Any) -> Mapping[str, Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), dict):
        raise GarbledAnswer("no object")
    data: Mapping[str, Any] = answer["data"]
    return data


def _promised_page(answer: Any) -> Mapping[str, Any]:
    """Check a page of a list. A full page that says nothing of the next one may be a part of the list only."""
    if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
        raise GarbledAnswer("no list")
    if "next_page" not in answer and len(answer["data"]) == PAGE:
        raise GarbledAnswer("no next page")
    following = answer.get("next_page")
    offset = following.get("offset") if isinstance(following, dict) else None
    if following is not None and not (isinstance(offset, str) and offset):
        raise GarbledAnswer("no offset")
    return answer


class Listing(Protocol):
    """What lists the objects of a method's answer: `AsanaApi`, or what remembers its answers."""

    def listed(self, operation: str, method: str, *place: str, **asked: str) -> list[Any]:
        """Return all objects of a listing."""


def users_of(api: Listing, workspace: str) -> list[Any]:
    """List the people of a workspace, in pages: the workspace's own list of them has none and ends after 2,000.

    https://developers.asana.com/reference/getusers
    """
    return api.listed("read the users", "UsersApi.get_users", workspace=workspace, opt_fields="name,email")


@contextmanager
def needed(remedy: str) -> Iterator[None]:
    """Turn the refusal of a place that nothing goes without into Denied, with *remedy*."""
    try:
        yield
    except Rejected as error:
        remedy = error.remedy or remedy
        raise Denied(SERVICE, error.operation, told(error), remedy=remedy, status=error.status) from error


def _client(token: str, api_url: str) -> asana.ApiClient:
    """Return the SDK's client without its own retries, redirects, log handlers and threads."""
    loggers = [logging.getLogger(name) for name in ("asana", "urllib3")]
    before = [(logger, logger.level, tuple(logger.handlers)) for logger in loggers]
    configuration = asana.Configuration()
    for logger, level, handlers in before:
        logger.setLevel(level)
        for handler in set(logger.handlers) - set(handlers):
            logger.removeHandler(handler)
    configuration.access_token = token
    configuration.host = api_url.rstrip("/")
    configuration.retry_strategy = False
    configuration.connection_pool_maxsize = WRITES_AT_ONCE + READS_AT_ONCE
    client = asana.ApiClient(configuration)
    keep_time(client.rest_client.pool_manager)
    if hasattr(client, "pool"):  # a machine without semaphores has none
        client.pool.close()
        client.pool.join()
    return client


def classify(operation: str, error: Exception, host: str = "") -> Trouble:
    """Tell what a failure of the SDK means for the next step."""
    if isinstance(error, ApiException):
        return _classify_status(operation, error, host) if error.status else _classify_tls(operation, error, host)
    if isinstance(error, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError):
        message = f"{host} cannot be reached"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.NOT_DONE)
    if isinstance(error, GarbledAnswer):
        message = f"the answer is not what the API promises ({error})"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.UNCLEAR)
    if isinstance(error, urllib3.exceptions.HTTPError | OSError | ValueError | TypeError | KeyError | AttributeError):
        message = f"no usable answer from {host} ({type(error).__name__})"
        return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.UNCLEAR)
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _classify_tls(operation: str, error: ApiException, host: str) -> Trouble:
    """The SDK tells trouble with TLS as an answer without a status."""
    kind = str(error.reason or "").split("\n", 1)[0]
    message = f"no secure connection to {host} ({kind})"
    return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY), Again.UNCLEAR)


def _classify_status(operation: str, error: ApiException, host: str) -> Trouble:
    status, words = int(error.status), error_text(error.body) or str(error.reason or "")
    wait = asked_wait(error.headers or {})
    match status:
        case 401:
            remedy = "Check CSH_ASANA__TOKEN: it is refused."
            return Trouble(Denied(SERVICE, operation, words or "not authorised", remedy=remedy, status=status))
        case 402:
            remedy = "This needs a higher Asana plan."
            return Trouble(Rejected(SERVICE, operation, words, remedy=remedy, status=status))
        case 404 | 410:
            return Trouble(NotFound(SERVICE, operation, words, status=status))
        case 429:
            return Trouble(LimitReached(SERVICE, operation, "rate limit reached", status=status), Again.NOT_DONE, wait)
        case _ if status >= 500:
            return Trouble(
                Transient(SERVICE, operation, f"answered {status} {words}", status=status), Again.UNCLEAR, wait
            )
        case _ if 300 <= status < 400:
            message = f"{host} answered with a redirect, which is not followed"
            return Trouble(Transient(SERVICE, operation, message, remedy=ADDRESS_REMEDY, status=status))
        case _:
            return Trouble(Rejected(SERVICE, operation, words or f"answered {status}", status=status))
