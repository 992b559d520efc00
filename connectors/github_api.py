"""GitHub through PyGithub: one query or one GET at a time, and what its failures mean.

PyGithub's own retries, waits and throttles are off. Its GraphQL helper is not used: it drops the data beside errors
and takes an exhausted rate limit, which GitHub answers with status 200, for an ordinary error.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

import requests
import urllib3.exceptions
from github import Auth, Github
from github.Requester import HTTPRequestsConnectionClass, RequestsResponse
from pyrate_limiter import Duration, Rate

from connectors.github_points import Points
from connectors.in_time_pools import TimelyAdapter
from connectors.queries import ALL_PARTS, Parts, without_refused
from connectors.retry import READ_TIMEOUT, Again, Gateway, Pace, Trouble, retry_after
from connectors.server_clock import ServerClock
from connectors.wire.github_json import TOO_HEAVY, OddValue, Page, QueryError, decode_errors, decode_page, spelled
from sync.errors import Denied, LimitReached, NotFound, Rejected, ServiceError, Transient

SERVICE = "GitHub"
REQUESTS_PER_MINUTE = 800
"""Below GitHub's secondary limit of 900 points a minute for one REST endpoint; GraphQL allows 2,000."""
CONTENTS_PER_MINUTE = 50
"""Below GitHub's secondary limit of about 80 issues and comments a minute."""
FEATURES = {"GraphQL-Features": "issue_fields"}
REDIRECTS = {301, 302, 307, 308}
MOST_REDIRECTS = 3
DEFAULT_PORTS = {"http": 80, "https": 443}
DEFAULT_WAIT = 60.0
"""GitHub: without a hint, wait at least a minute."""
REFUSED_REMEDY = "Check CSH_GITHUB__TOKEN: it is refused."
ACCESS_REMEDY = (
    "The token needs Issues: read and Metadata: read on the repositories and Projects: read in the organisation "
    "(classic: repo, read:org, read:project), and the organisation's approval."
)
WRITE_REMEDY = (
    "To write, the token needs Issues: write on the repository, and Projects: write in the organisation to put issues "
    "on the board (classic: repo, project): docs/initiatives.md."
)
ADDRESS_REMEDY = "Check CSH_GITHUB__API_URL and the network."
_RATE_LIMIT = re.compile(r"rate limit|abuse detection", re.IGNORECASE)
_NOT_ALLOWED = re.compile(r"not accessible by|FORBIDDEN|INSUFFICIENT_SCOPES", re.IGNORECASE)
_TIMED_OUT = re.compile(r"respond to your request in time|try resubmitting|timed? ?out", re.IGNORECASE)
_HICCUP = re.compile(r"something went wrong", re.IGNORECASE)

Variables = Callable[[], Mapping[str, Any]]


class GarbledAnswer(ValueError):
    """An answer that is not what the API promises: an HTML page, an empty body, a cut document."""


class QueryRefused(Rejected):
    """GitHub refuses a query as a whole: nothing of it was answered."""

    def __init__(self, operation: str, errors: tuple[QueryError, ...]) -> None:
        super().__init__(SERVICE, operation, spelled(errors), remedy=ACCESS_REMEDY)
        self.errors = errors


class _Failed(Exception):
    """A request that was answered with a failure, sorted. *heavy*: it asked for too much at once."""

    def __init__(self, trouble: Trouble, *, heavy: bool = False) -> None:
        super().__init__(str(trouble.error))
        self.trouble = trouble
        self.heavy = heavy


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: data, the errors beside it, and the variables it was sent with."""

    data: Mapping[str, Any]
    errors: tuple[QueryError, ...]
    variables: Mapping[str, Any]


class PageSize:
    """How much is asked for at once: halved after an answer that was too heavy, and so kept for the run."""

    def __init__(self, largest: int) -> None:
        self._largest = largest
        self.now = largest

    def halve(self, used: int | None = None) -> None:
        """Ask for half of what was asked for, but for one at least."""
        self.now = max(1, min(self.now, used or self.now) // 2)

    def restore(self) -> None:
        """Ask for as much as at the start."""
        self.now = self._largest


class GitHubApi:
    """One token's way to GitHub. *sunset* holds the day from which this REST version is gone, once GitHub tells."""

    def __init__(
        self,
        *,
        token: str,
        api_url: str,
        sleep: Callable[[float], None] = time.sleep,
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self._client = Github(
            auth=Auth.Token(token),
            base_url=api_url.rstrip("/"),
            timeout=READ_TIMEOUT,
            user_agent="csh-sync",
            per_page=100,
            retry=None,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )
        self._requester = self._client.requester
        self._connection = _connection(api_url)
        rate = Rate(REQUESTS_PER_MINUTE, Duration.MINUTE)
        self._gateway = Gateway(SERVICE, rate, classify, sleep=sleep, before_write=before_write)
        self._content_pace = Pace(Rate(CONTENTS_PER_MINUTE, Duration.MINUTE))
        self.parts: Parts = ALL_PARTS
        self.points = Points()
        self.sunset = ""
        self.clock = ServerClock()

    @property
    def asked(self) -> int:
        """Return how many requests were sent, repeated ones too."""
        return self._gateway.asked

    def close(self) -> None:
        """Let go of the connections."""
        self._connection.close()
        self._client.close()

    def query(
        self,
        operation: str,
        text: Callable[[Parts], str],
        variables: Variables,
        shrink: Callable[[], None] = lambda: None,
    ) -> Answer:
        """Send a query until it is answered; parts the server's schema does not know are dropped for the run.

        *variables* and *shrink*: before a query that was too heavy is sent again, *shrink* is called, and the variables
        are made anew. Raises QueryRefused when GitHub answers nothing of it, Denied when it refuses the token,
        LimitReached or Transient when it does not answer in time.
        """
        while True:
            parts = self.parts
            try:
                return self._gateway.read(
                    operation, lambda: self._ask(operation, text(self.parts), variables(), shrink)
                )
            except QueryRefused as refused:
                reasons = [f"{one.message} {one.details}" for one in refused.errors]
                self.parts = without_refused(parts, reasons)
                if self.parts == parts:
                    raise
            except Rejected as error:
                remedy = error.remedy or ADDRESS_REMEDY
                raise Denied(SERVICE, operation, _told(error), remedy=remedy, status=error.status) from error

    def get(self, operation: str, path: str) -> Any:
        """Return the JSON of a GET; redirects on the same host are followed.

        Raises NotFound for 404 and 410, Rejected for other refusals, and what `query` raises otherwise.
        """
        return self._gateway.read(operation, lambda: self._get(operation, path))

    def get_list(self, operation: str, path: str) -> list[Mapping[str, Any]]:
        """Return the objects of one page of a list. Raises as `get` does."""

        def request() -> list[Mapping[str, Any]]:
            status, headers, body = self._requester.requestJson("GET", path, cnx=self._connection)
            if status != 200:
                raise _Failed(trouble_of(operation, status, headers, _message(body)))
            return _parsed_list(body)

        return self._gateway.read(operation, request)

    def get_with_headers(self, operation: str, path: str) -> tuple[Any, Mapping[str, Any]]:
        """Return the JSON of a GET and the headers of the answer. Raises as `get` does."""
        return self._gateway.read(operation, lambda: self._answered(operation, path))

    def create(self, operation: str, path: str, body: Mapping[str, Any]) -> Any:
        """Send a POST that makes something; return the JSON of the answer.

        Raises OutcomeUnknown when nobody can tell whether it was carried out, Denied when the token may not write.
        """
        with _no_access_denied(operation):
            self._content_pace()
            return self._gateway.create(operation, lambda: self._write(operation, "POST", path, body))

    def change(self, operation: str, path: str, body: Mapping[str, Any]) -> Any:
        """Send a PATCH, which ends the same however often it is sent. Raises as `create` does, but OutcomeUnknown."""
        with _no_access_denied(operation):
            self._content_pace()
            return self._gateway.write_again(operation, lambda: self._write(operation, "PATCH", path, body))

    def delete(self, operation: str, path: str) -> None:
        """Send a DELETE, which ends the same however often it is sent. Raises as `change` does."""
        with _no_access_denied(operation):
            self._content_pace()
            self._gateway.write_again(operation, lambda: self._write(operation, "DELETE", path, {}))

    def mutate(self, operation: str, text: str, variables: Mapping[str, Any]) -> Answer:
        """Send a mutation that ends the same however often it is sent. Raises Rejected when it was not carried out."""
        with _no_access_denied(operation):
            answer = self._gateway.write_again(operation, lambda: self._ask(operation, text, variables, lambda: None))
            if answer.errors:
                raise QueryRefused(operation, answer.errors)
        return answer

    def pages(
        self,
        operation: str,
        text: Callable[[Parts], str],
        variables: Mapping[str, Any],
        path: tuple[str, ...],
        size: PageSize,
    ) -> Iterator[Page]:
        """Page through the connection at *path*, which takes the variables ``first`` and ``after``.

        Raises what `query` raises, and QueryRefused when the connection, or what holds it, is not there.
        """
        after: str | None = None
        while True:
            place = {"after": after}
            answer = self.query(operation, text, lambda: {**variables, **place, "first": size.now}, size.halve)  # noqa: B023  sent at once
            try:
                page = decode_page(answer.data, path, answer.errors)
            except OddValue as error:
                raise QueryRefused(operation, answer.errors or (QueryError("", f"odd value at {error}"),)) from error
            yield page
            if page.cursor is None:
                return
            if page.cursor in ("", after):
                raise QueryRefused(operation, (QueryError("", "the list does not go on where it says it does"),))
            after = page.cursor

    def _ask(self, operation: str, text: str, variables: Mapping[str, Any], shrink: Callable[[], None]) -> Answer:
        try:
            status, headers, body = self._requester.requestJson(
                "POST",
                self._requester.graphql_url,
                headers=dict(FEATURES),
                input={"query": text, "variables": dict(variables)},
                cnx=self._connection,
            )
            self.clock.note(headers)
            self.points.note(headers)
            return _answer(operation, status, headers, body, variables)
        except _Failed as failed:
            if failed.heavy:
                shrink()
            raise
        except requests.exceptions.RequestException as error:
            if _came_too_slowly(error):
                shrink()
            raise

    def _get(self, operation: str, path: str) -> Any:
        return self._answered(operation, path)[0]

    def _answered(self, operation: str, path: str) -> tuple[Any, Mapping[str, Any]]:
        status, headers, body = self._requester.requestJson("GET", path, cnx=self._connection)
        self.sunset = str(headers.get("sunset") or self.sunset)
        if status != 200:
            raise _Failed(trouble_of(operation, status, headers, _message(body)))
        return _parsed(body), headers

    def _write(self, operation: str, method: str, path: str, body: Mapping[str, Any]) -> Any:
        status, headers, answer = self._requester.requestJson(method, path, input=dict(body), cnx=self._connection)
        if status not in {200, 201, 204}:
            raise _Failed(trouble_of(operation, status, headers, _message(answer)))
        return None if status == 204 else _parsed(answer)


class _Connection(HTTPRequestsConnectionClass):
    """Gives up in time, and follows redirects itself: PyGithub would leave out the query, and not look at the port."""

    def getresponse(self) -> RequestsResponse:
        """Send the request and return the answer; where GitHub moved something, that of its new place."""
        for _ in range(MOST_REDIRECTS):
            response = super().getresponse()
            if response.status not in REDIRECTS:
                return response
            asked, place = urlsplit(self.url), urlsplit(str(dict(response.getheaders()).get("Location") or ""))
            if place.netloc and not self._is_own(place):
                break
            if not place.path or (place.query and place.query != asked.query):
                break
            self.url = urlunsplit(("", "", place.path, asked.query, ""))
        raise RuntimeError("a redirect")

    def _is_own(self, place: SplitResult) -> bool:
        port = place.port or DEFAULT_PORTS.get(place.scheme)
        return (place.scheme, place.hostname, port) == (self.protocol, self.host, self.port)


def _connection(api_url: str) -> HTTPRequestsConnectionClass:
    place = urlsplit(api_url)
    port = place.port or DEFAULT_PORTS[place.scheme]
    connection = _Connection(place.hostname or "", port, timeout=READ_TIMEOUT)
    connection.protocol = place.scheme
    connection.session.mount(f"{place.scheme}://", TimelyAdapter())
    return connection


@contextmanager
def _no_access_denied(operation: str) -> Iterator[None]:
    """Tell a token that may not write from one item that is refused: no other item will fare better."""
    try:
        yield
    except Rejected as error:
        if not _NOT_ALLOWED.search(error.message):
            raise
        raise Denied(SERVICE, operation, _told(error), remedy=WRITE_REMEDY, status=error.status) from error


def _answer(operation: str, status: int, headers: Mapping[str, Any], body: str, variables: Mapping[str, Any]) -> Answer:
    payload = _parsed(body) if status == 200 else _parsed_or_empty(body)
    errors = decode_errors(payload)
    if status in {502, 504} or any(one.kind in TOO_HEAVY for one in errors):
        error = Transient(SERVICE, operation, "did not answer in time", status=status)
        raise _Failed(Trouble(error, Again.UNCLEAR), heavy=True)
    if any(one.kind == "RATE_LIMITED" or _RATE_LIMIT.search(one.message) for one in errors):
        raise _Failed(_limited(operation, status, headers))
    refused = bool(errors) and status in {200, 400, 422}
    if status != 200 and not refused:
        raise _Failed(trouble_of(operation, status, headers, _message(body)))
    data = payload.get("data")
    answered = isinstance(data, Mapping) and status == 200
    if answered and (not errors or any(value is not None for value in data.values())):
        return Answer(data, errors, variables)
    if not errors:
        raise GarbledAnswer("an answer without data")
    text = spelled(errors)
    if _TIMED_OUT.search(text) or _HICCUP.search(text):
        raise _Failed(Trouble(Transient(SERVICE, operation, text), Again.UNCLEAR), heavy=bool(_TIMED_OUT.search(text)))
    if answered:
        return Answer(data, errors, variables)
    raise QueryRefused(operation, errors)


def _parsed(body: str) -> Any:
    try:
        payload = json.loads(body)
    except ValueError:
        raise GarbledAnswer("not JSON") from None
    if not isinstance(payload, Mapping):
        raise GarbledAnswer("not an object")
    return payload


def _parsed_list(body: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(body)
    except ValueError:
        raise GarbledAnswer("not JSON") from None
    if not isinstance(found, list) or not all(isinstance(one, Mapping) for one in found):
        raise GarbledAnswer("not a list of objects")
    return found


def _parsed_or_empty(body: str) -> Any:
    try:
        return _parsed(body)
    except GarbledAnswer:
        return {}


def _message(body: str) -> str:
    return str(_parsed_or_empty(body).get("message") or "")[:300]


def _told(error: ServiceError) -> str:
    """Return a service error's message without the names of service and operation before it."""
    return error.message.removeprefix(f"{error.service}: {error.operation}: ")


def classify(operation: str, error: Exception) -> Trouble:
    """Tell what a failure of a request means for the next step."""
    if isinstance(error, _Failed):
        return error.trouble
    if isinstance(error, requests.exceptions.ConnectionError) and _never_connected(error):
        remedy = ADDRESS_REMEDY
        return Trouble(Transient(SERVICE, operation, "cannot be reached", remedy=remedy), Again.NOT_DONE)
    if isinstance(error, requests.exceptions.RequestException | OSError | ValueError):
        return Trouble(Transient(SERVICE, operation, f"no usable answer ({type(error).__name__})"), Again.UNCLEAR)
    if isinstance(error, RuntimeError):  # a redirect to another host or with another question, or in a circle
        return Trouble(Rejected(SERVICE, operation, "redirects where it must not be followed", remedy=ADDRESS_REMEDY))
    return Trouble(ServiceError(SERVICE, operation, type(error).__name__))


def _came_too_slowly(error: requests.exceptions.RequestException) -> bool:
    """Tell whether an answer was not there, or not whole, in time: a smaller one may be."""
    within = error.args[0] if error.args else None
    return isinstance(error, requests.exceptions.ReadTimeout) or isinstance(within, urllib3.exceptions.ReadTimeoutError)


def _never_connected(error: requests.exceptions.ConnectionError) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(
        reason, urllib3.exceptions.NewConnectionError | urllib3.exceptions.ConnectTimeoutError
    ) or isinstance(error, requests.exceptions.ConnectTimeout)


def trouble_of(operation: str, status: int, headers: Mapping[str, Any], message: str) -> Trouble:
    """Tell what an answer other than 200 means for the next step."""
    if status == 429 or (status == 403 and _is_limit(headers, message)):
        return _limited(operation, status, headers)
    match status:
        case 401:
            return Trouble(Denied(SERVICE, operation, message or "refused", remedy=REFUSED_REMEDY, status=status))
        case 403 | 451:
            text, remedy = message or "refused", _needed(headers)
            return Trouble(Rejected(SERVICE, operation, text, remedy=remedy, status=status))
        case 404 | 410:
            return Trouble(NotFound(SERVICE, operation, message or f"answered {status}", status=status))
        case _ if status >= 500 or status < 400:
            again = Again.UNCLEAR if status >= 500 else Again.NEVER
            error = Transient(SERVICE, operation, f"answered {status} {message}".strip(), status=status)
            return Trouble(error, again)
        case _:
            return Trouble(Rejected(SERVICE, operation, message or f"answered {status}", status=status))


def _is_limit(headers: Mapping[str, Any], message: str) -> bool:
    return "retry-after" in headers or headers.get("x-ratelimit-remaining") == "0" or bool(_RATE_LIMIT.search(message))


def _limited(operation: str, status: int, headers: Mapping[str, Any]) -> Trouble:
    error = LimitReached(SERVICE, operation, "rate limit reached", remedy="The next run goes on.", status=status)
    return Trouble(error, Again.NOT_DONE, limit_wait(headers, datetime.now(UTC)))


def limit_wait(headers: Mapping[str, Any], now: datetime) -> float:
    """Return the seconds to wait at a limit: as told, else until the reset, else a minute.

    The reset is a moment by GitHub's clock, so it is compared with the ``Date`` of the answer; *now* where that lacks.
    """
    try:
        stamp = parsedate_to_datetime(str(headers.get("date")))
        now = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
    except (TypeError, ValueError):
        pass
    told = retry_after(headers, -1, now)
    if told >= 0:
        return told
    if headers.get("x-ratelimit-remaining") == "0":
        try:
            wait = float(str(headers.get("x-ratelimit-reset"))) - now.timestamp() + 1
        except ValueError:
            return DEFAULT_WAIT
        return wait if wait > 0 else DEFAULT_WAIT
    return DEFAULT_WAIT


def _needed(headers: Mapping[str, Any]) -> str:
    """Return what would be needed, as GitHub names it in a refusal."""
    if sso := str(headers.get("x-github-sso") or ""):
        return f"Authorise the token for the organisation's single sign-on ({sso[:200]})."
    accepted = str(headers.get("x-accepted-github-permissions") or "")
    return f"The token needs {accepted[:200]}." if accepted else ACCESS_REMEDY
