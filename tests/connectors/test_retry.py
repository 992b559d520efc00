"""The one retry layer: what is sent again, how often, after how long, and what is said when that is not enough."""

from __future__ import annotations

import threading
import time
import traceback
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrate_limiter import Duration, Rate

from connectors.retry import MAX_SECONDS, MAX_TRIES, Again, Gateway, Pace, Trouble, asked_wait, retry_after, told
from sync.errors import LimitReached, NotFound, OutcomeUnknown, Rejected, ServiceError, Transient

UNPACED = Rate(100_000, Duration.SECOND)


class Failure(Exception):
    """What an SDK raises."""


class Line:
    """A service that fails with the given troubles, one after the other, then answers "done"."""

    def __init__(self, *troubles: Trouble, **options: Any) -> None:
        self.waits: list[float] = []
        self.calls = 0
        self._troubles = list(troubles)
        options = {"sleep": self.waits.append, "jitter": lambda: 0.0, "rate": UNPACED} | options
        self.gateway = Gateway("Service", classify=lambda _operation, _error: self._troubles.pop(0), **options)

    def __call__(self) -> str:
        self.calls += 1
        if self._troubles:
            raise Failure("went wrong")
        return "done"

    def read(self) -> str:
        return self.gateway.read("read it", self)

    def create(self) -> str:
        return self.gateway.create("make it", self)


def trouble(again: Again, wait: float | None = None, error: type[ServiceError] = Transient) -> Trouble:
    return Trouble(error("Service", "read it", "did not work", status=500), again, wait)


def unclear(wait: float | None = None) -> Trouble:
    return trouble(Again.UNCLEAR, wait)


def limited(wait: float | None = None) -> Trouble:
    return trouble(Again.NOT_DONE, wait, LimitReached)


def test_what_is_answered_at_once_is_asked_once_and_waits_for_nothing() -> None:
    line = Line()
    assert (line.read(), line.calls, line.waits) == ("done", 1, [])


def test_a_read_is_repeated_with_growing_waits() -> None:
    line = Line(unclear(), unclear(), unclear(), unclear())
    assert (line.read(), line.calls, line.waits) == ("done", 5, [1, 2, 4, 8])


def test_a_read_is_tried_at_most_five_times_and_then_tells_what_happened() -> None:
    line = Line(*[unclear()] * 20)
    with pytest.raises(Transient, match=r"^Service: read it: did not work$") as caught:
        line.read()
    assert line.calls == MAX_TRIES == 5
    assert not isinstance(caught.value, LimitReached)
    assert isinstance(caught.value.__cause__, Failure)
    assert caught.value.__context__ in {None, caught.value.__cause__}


def test_jitter_lengthens_waits_by_a_quarter_at_most_and_what_was_asked_by_a_second() -> None:
    line = Line(unclear(), limited(7), jitter=lambda: 1.0)
    line.read()
    assert line.waits == [1.25, 8]


def test_a_write_that_ends_the_same_is_repeated_like_a_read() -> None:
    line = Line(unclear(), limited())
    assert line.gateway.write_again("write it", line) == "done"
    assert line.calls == 3


def test_a_create_with_an_unclear_answer_is_never_sent_again() -> None:
    line = Line(*[unclear()] * 5)
    with pytest.raises(OutcomeUnknown, match=r"^Service: make it: no clear answer \(did not work\)") as caught:
        line.create()
    assert (line.calls, line.waits) == (1, [])
    assert caught.value.status == 500
    assert "looked up" in caught.value.remedy


def test_a_create_that_was_surely_not_carried_out_is_sent_again() -> None:
    line = Line(limited(3), trouble(Again.NOT_DONE))
    assert (line.create(), line.calls, line.waits) == ("done", 3, [3, 2])


def test_a_create_is_not_sent_again_after_an_unclear_answer_even_if_it_was_refused_before() -> None:
    line = Line(limited(1), unclear(), unclear())
    with pytest.raises(OutcomeUnknown):
        line.create()
    assert line.calls == 2


def test_an_unclear_create_stays_unknown_even_when_the_service_asks_to_wait() -> None:
    line = Line(unclear(600))
    with pytest.raises(OutcomeUnknown):
        line.create()


def test_a_create_that_is_refused_for_good_is_known_not_to_exist() -> None:
    line = Line(*[limited()] * 5)
    with pytest.raises(LimitReached):
        line.create()
    assert line.calls == 5


@pytest.mark.parametrize("send", [Line.read, Line.create])
def test_a_refusal_for_good_is_raised_as_it_is(send: Any) -> None:
    refused = Rejected("Service", "read it", "no", remedy="Do not.", status=403)
    line = Line(Trouble(refused, Again.NEVER, wait=9))
    with pytest.raises(Rejected) as caught:
        send(line)
    assert caught.value is refused
    assert line.calls == 1


def test_an_error_of_ours_passes_through_untouched() -> None:
    line = Line()

    def request() -> str:
        raise NotFound("Service", "read it", "gone")

    with pytest.raises(NotFound):
        line.gateway.read("read it", request)


def test_the_wait_a_service_asks_for_is_kept() -> None:
    line = Line(limited(7), limited(40))
    assert (line.read(), line.waits) == ("done", [7, 40])


@pytest.mark.parametrize("wait", [MAX_SECONDS + 1, 21_600, 1e12])
def test_too_long_a_wait_ends_at_once_and_names_the_seconds(wait: float) -> None:
    line = Line(limited(wait))
    with pytest.raises(LimitReached, match=f"did not work; it asks to wait {int(wait)} s") as caught:
        line.read()
    assert (line.calls, line.waits) == (1, [])
    assert "next run" in caught.value.remedy


def test_all_waits_of_one_request_together_stay_below_two_minutes() -> None:
    line = Line(*[limited(50)] * 5)
    with pytest.raises(LimitReached):
        line.read()
    assert line.waits == [50, 50]


def test_the_time_a_request_takes_counts_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line(*[unclear()] * 5)
    now = [0.0]

    def slowly() -> str:
        now[0] += 30
        return line()

    monkeypatch.setattr("tenacity.time.monotonic", lambda: now[0])
    with pytest.raises(Transient):
        line.gateway.read("read it", slowly)
    assert line.calls == 4


@given(st.lists(st.sampled_from([unclear(), limited(), limited(0), limited(5), limited(60), limited(500)]), max_size=9))
def test_whatever_happens_there_are_five_tries_and_two_minutes(troubles: list[Trouble]) -> None:
    read = Line(*troubles)
    try:
        assert read.read() == "done"
    except Transient:
        assert troubles
    assert read.calls <= MAX_TRIES
    assert sum(read.waits) <= MAX_SECONDS
    create = Line(*troubles)
    try:
        create.create()
    except OutcomeUnknown:
        assert troubles[create.calls - 1].again is Again.UNCLEAR
    except LimitReached:
        pass
    assert all(one.again is Again.NOT_DONE for one in troubles[: create.calls - 1])


def test_what_was_said_is_told_without_service_and_operation() -> None:
    assert told(Rejected("Service", "read it", "no: really")) == "no: really"


# Secrets.


def _everything(error: BaseException) -> str:
    return "".join(traceback.format_exception(error)) + repr(error) + repr(error.__cause__) + repr(error.__context__)


@pytest.mark.parametrize("again", [Again.NEVER, Again.UNCLEAR])
@pytest.mark.parametrize("secret", ["s3cret", "s3cret\n", "s3cret/="])
def test_a_secret_that_an_answer_echoes_is_in_no_error_and_no_cause(again: Again, secret: str) -> None:
    shown = f"Invalid header value {f'Bearer {secret}'.encode()!r} or ?token={quote(secret, safe='')}"

    def request() -> str:
        raise Failure("could not be sent") from ValueError(shown)

    def classify(operation: str, error: Exception) -> Trouble:
        return Trouble(Rejected("Service", operation, f"said {error.__cause__}", remedy=f"{secret}?"), again)

    gateway = Gateway("Service", UNPACED, classify, secrets=[secret, ""], sleep=lambda _: None)
    with pytest.raises(Rejected) as caught:
        gateway.read("read it", request)
    assert "s3cret" not in _everything(caught.value)
    assert "Bearer ***" in str(caught.value)


def test_a_cause_without_a_secret_stays_chained() -> None:
    line = Line(trouble(Again.NEVER), secrets=["s3cret-token"])
    with pytest.raises(Transient) as caught:
        line.read()
    assert isinstance(caught.value.__cause__, Failure)


# Retry-After.


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7),
        (" 7.5 ", 7.5),
        ("0", 0),
        ("21600", 21_600),
        ("Fri, 01 Aug 2025 12:00:30 GMT", 30),
        ("Fri, 01 Aug 2025 14:00:30 +0200", 30),
        ("Fri, 01 Aug 2025 12:00:30 -0000", 30),
        ("Fri, 01 Aug 2025 11:59:00 GMT", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
    ],
)
def test_retry_after_is_a_number_or_a_date_and_anything_else_is_none(text: str, seconds: float | None) -> None:
    now = datetime(2025, 8, 1, 12, tzinfo=UTC)
    for name in ("Retry-After", "retry-after"):
        assert asked_wait({name: text}, now) == seconds
        assert retry_after({name: text}, 60, now) == (60 if seconds is None else seconds)


def test_a_date_counts_from_the_answers_own_date_because_clocks_differ() -> None:
    headers = {"Retry-After": "Fri, 01 Aug 2025 12:00:30 GMT", "Date": "Fri, 01 Aug 2025 12:00:00 GMT"}
    assert asked_wait(headers, datetime(2031, 1, 1, tzinfo=UTC)) == 30


@given(st.text(), st.text())
def test_no_header_breaks_it(text: str, date: str) -> None:
    wait = asked_wait({"Retry-After": text, "Date": date})
    assert wait is None or wait >= 0


# Pacing.


def test_requests_keep_below_the_rate() -> None:
    line = Line(rate=Rate(3, 200))
    began = time.monotonic()
    for _ in range(7):
        line.read()
    assert time.monotonic() - began >= 0.4


def test_repeated_requests_are_paced_too() -> None:
    line = Line(unclear(), unclear(), unclear(), rate=Rate(2, 200))
    began = time.monotonic()
    line.read()
    assert time.monotonic() - began >= 0.2


def test_a_limit_holds_back_every_thread_but_the_one_that_waits_already() -> None:
    pace = Pace(UNPACED)
    limit, other = Line(limited(30), rate=pace), Line(rate=pace)
    assert limit.read() == "done"
    assert limit.waits == [30]
    elsewhere = threading.Thread(target=other.read)
    elsewhere.start()
    elsewhere.join()
    assert other.calls == 1
    assert [round(wait) for wait in other.waits] == [30]


def test_a_limit_that_ends_the_run_holds_back_nobody() -> None:
    pace = Pace(UNPACED)
    with pytest.raises(LimitReached):
        Line(limited(MAX_SECONDS + 1), rate=pace).read()
    other = Line(rate=pace)
    elsewhere = threading.Thread(target=other.read)
    elsewhere.start()
    elsewhere.join()
    assert (other.calls, other.waits) == (1, [])


def test_so_many_writes_and_no_more_are_under_way_at_a_time() -> None:
    pace = Pace(UNPACED, writes_at_once=3)
    together, most, lock = [0], [0], threading.Lock()
    full = threading.Barrier(3)

    def write() -> None:
        with lock:
            together[0] += 1
            most[0] = max(most[0], together[0])
        full.wait()
        with lock:
            together[0] -= 1

    threads = [threading.Thread(target=Line(rate=pace).gateway.create, args=("make it", write)) for _ in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most == [3]


def test_a_gateway_starts_no_thread() -> None:
    before = threading.active_count()
    for _ in range(5):
        Line().read()
    assert threading.active_count() == before
