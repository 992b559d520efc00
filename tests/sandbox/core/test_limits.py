"""Rate limits refuse what the published limits refuse, and let the rest pass."""

from __future__ import annotations

import time

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core import Limit, RateWindow, Sandbox, published_limits


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_window_admits_as_many_as_it_says_and_tells_when_the_next_may_come():
    hands = Hands()
    window = RateWindow(Limit(2, 10), hands)
    assert window.admit() is None
    hands.now += 4
    assert window.admit() is None
    assert window.admit() == pytest.approx(6)
    hands.now += 6
    assert window.admit() is None
    assert window.admit() == pytest.approx(4)


def test_a_lock_out_refuses_everything_until_it_is_over():
    hands = Hands()
    window = RateWindow(Limit(5, 1, lockout_seconds=30), hands)
    assert [window.admit() for _ in range(6)] == [None] * 5 + [30]
    hands.now += 29
    assert window.admit() == pytest.approx(1)
    hands.now += 1
    assert window.admit() is None


def test_polling_may_extend_a_lock_out():
    hands = Hands()
    window = RateWindow(Limit(1, 1, lockout_seconds=30, polling_extends=True), hands)
    window.admit()
    window.admit()
    hands.now += 29
    assert window.admit() == pytest.approx(30)
    hands.now += 29
    assert window.admit() == pytest.approx(30)


@given(
    requests=st.integers(1, 6),
    per_seconds=st.floats(0.5, 20),
    gaps=st.lists(st.floats(0, 5), max_size=60),
)
def test_never_more_than_the_limit_pass_within_any_window(requests, per_seconds, gaps):
    hands = Hands()
    window = RateWindow(Limit(requests, per_seconds), hands)
    passed = []
    for gap in gaps:
        hands.now += gap
        if window.admit() is None:
            passed.append(hands.now)
    assert all(sum(first <= other < first + per_seconds - 1e-9 for other in passed) <= requests for first in passed)


@given(speed=st.floats(0.1, 1000))
def test_speed_shortens_all_spans_of_the_published_limits_alike(speed):
    usual, fast = published_limits(), published_limits(speed)
    assert usual["airtable"] == Limit(5, 1, 30, "none")
    for name, limit in fast.items():
        assert limit.requests == usual[name].requests
        assert limit.per_seconds == pytest.approx(usual[name].per_seconds / speed)
        assert limit.lockout_seconds == pytest.approx(usual[name].lockout_seconds / speed)


def test_a_refused_request_does_no_work_and_gets_the_services_own_refusal(sandbox, counter, address):
    fault = sandbox.faults.add(Limit(2, 60), service="counter")
    answers = [httpx.post(address) for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].json() == {"slow": "down"}
    assert 0 < float(answers[2].headers["Retry-After"]) <= 60
    assert (counter.number, fault.hits) == (2, 1)
    assert sandbox.log.select(status=429)[0].outcome == "limited"


def test_after_its_window_a_limit_lets_pass_again(sandbox, address):
    sandbox.faults.add(Limit(1, 0.2), service="counter")
    assert httpx.post(address).status_code == 200
    time.sleep(0.2)
    assert httpx.post(address).status_code == 200


def test_retry_after_can_be_left_out(sandbox, address):
    sandbox.faults.add(Limit(0, 60, retry_after="none"))
    assert "Retry-After" not in httpx.get(address).headers


def test_published_limits_are_off_until_asked_for(counter):
    with Sandbox([counter]) as sandbox:
        assert list(sandbox.faults) == []
    counter.name = "airtable"
    with Sandbox([counter]) as sandbox:
        sandbox.add_published_limits(speed=10)
        (fault,) = sandbox.faults
        assert fault.effect == Limit(5, 0.1, lockout_seconds=3, retry_after="none")
        assert fault.selector.service == "airtable"


def test_a_service_that_keeps_its_limits_itself_is_told_to(counter):
    told = []
    counter.enforce_published_limits = told.append
    with Sandbox([counter]) as sandbox:
        sandbox.add_published_limits(speed=10)
        assert list(sandbox.faults) == []
    assert told == [10]
