"""Each fault does exactly what it says: to the work, to the connection, to the answer."""

from __future__ import annotations

import random
import time

import httpx
import pytest
import requests

from sandbox.core import (
    Cut,
    Faults,
    Garble,
    Hang,
    Person,
    RequestRecord,
    Rewrite,
    Sandbox,
    Slow,
    Status,
    Twice,
)


def test_cut_before_drops_the_connection_and_does_no_work(sandbox, counter, address):
    sandbox.faults.add(Cut(when="before"))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(address)
    assert counter.number == 0
    assert [(one.outcome, one.executed, one.status) for one in sandbox.log.select()] == [("cut", False, None)]


def test_cut_after_drops_the_connection_when_the_work_is_done(sandbox, counter, address):
    sandbox.faults.add(Cut(when="after"))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(address)
    assert counter.number == 1
    assert [(one.outcome, one.executed, one.status) for one in sandbox.log.select()] == [("cut", True, None)]


def test_requests_sees_a_cut_as_a_connection_error_also_on_a_connection_it_kept(sandbox, counter, address):
    with requests.Session() as session:
        assert session.post(address).status_code == 200
        sandbox.faults.add(Cut(when="after"))
        with pytest.raises(requests.ConnectionError):
            session.post(address)
    assert counter.number == 2


def test_cut_after_bytes_sends_a_whole_head_and_exactly_that_much_of_the_body(sandbox, counter, address):
    sandbox.faults.add(Cut(when="after", after_bytes=40))
    chunks: list[bytes] = []
    with httpx.stream("POST", address) as response:
        assert response.status_code == 200
        assert int(response.headers["Content-Length"]) > 500
        with pytest.raises(httpx.RemoteProtocolError):
            chunks.extend(response.iter_bytes())
    received = b"".join(chunks)
    assert len(received) == 40
    assert received.startswith(b'{"number": 1')
    assert counter.number == 1


def test_cut_after_bytes_is_exact_for_a_big_body_too(sandbox):
    sandbox.faults.add(Cut(when="after", after_bytes=3_000_000))
    chunks: list[bytes] = []
    with httpx.stream("GET", f"{sandbox.url}/counter/v1/big") as response:
        time.sleep(0.1)
        with pytest.raises(httpx.RemoteProtocolError):
            chunks.extend(response.iter_bytes())
    assert sum(map(len, chunks)) == 3_000_000


@pytest.mark.parametrize(("when", "work"), [("before", 0), ("after", 1)])
def test_status_answers_an_error_before_or_after_the_work(sandbox, counter, address, when, work):
    sandbox.faults.add(Status(503, {"error": "later"}, {"Retry-After": "7"}, when=when))
    response = httpx.post(address)
    assert (response.status_code, response.json(), response.headers["Retry-After"]) == (503, {"error": "later"}, "7")
    assert counter.number == work
    assert sandbox.log.select()[0].executed == bool(work)


def test_hang_after_lets_the_client_time_out_on_work_that_is_done(sandbox, counter, address):
    sandbox.faults.add(Hang(5, when="after"))
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(address, timeout=0.2)
    assert counter.number == 1


def test_hang_before_and_cut_never_does_the_work(sandbox, counter, address):
    sandbox.faults.add(Hang(0.1, when="before", then="cut"))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(address)
    assert counter.number == 0


def test_hang_before_does_the_work_late_though_the_client_has_left(sandbox, counter, address):
    sandbox.faults.add(Hang(1, when="before"))
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(address, timeout=0.2)
    assert counter.number == 0
    deadline = time.monotonic() + 30
    while counter.number == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    assert counter.number == 1


def test_a_hanging_request_does_not_hold_up_the_others(sandbox, counter, address):
    sandbox.faults.add(Hang(30, when="after"), times=1)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(address, timeout=0.1)
    assert httpx.post(address, timeout=2).json()["number"] == 2


def test_slow_sends_the_whole_answer_at_the_given_speed(sandbox, address):
    sandbox.faults.add(Slow(bytes_per_second=2000))
    begin = time.monotonic()
    assert len(httpx.get(address).json()["padding"]) == 500
    assert time.monotonic() - begin > 0.2


@pytest.mark.parametrize(
    ("kind", "begins", "is_json"),
    [("html", b"<!doctype html>", False), ("empty", b"", False), ("truncated", b"{", False)],
)
def test_garble_replaces_the_body_and_keeps_the_status(sandbox, counter, address, kind, begins, is_json):
    sandbox.faults.add(Garble(kind))
    response = httpx.post(address)
    assert response.status_code == 200
    assert response.content.startswith(begins)
    with pytest.raises(ValueError, match=r"Expecting value|Unterminated string"):
        response.json()
    assert counter.number == 1


def test_rewrite_changes_the_json_of_the_answer_only(sandbox, counter, address):
    sandbox.faults.add(Rewrite(lambda answer: {**answer, "number": "three"}))
    assert httpx.post(address).json()["number"] == "three"
    assert counter.number == 1


@pytest.mark.parametrize(("when", "told"), [("before", 11), ("after", 1)])
def test_a_person_acts_right_before_or_after_the_request(sandbox, counter, address, when, told):
    sandbox.faults.add(Person(lambda: counter.add(10), when=when))
    assert httpx.post(address).json()["number"] == told
    assert counter.number == 11


def test_twice_does_the_work_twice_and_answers_the_first_result(sandbox, counter, address):
    sandbox.faults.add(Twice())
    assert httpx.post(address).json()["number"] == 1
    assert counter.number == 2


def test_of_two_faults_the_one_that_stops_the_work_also_stops_those_that_come_after_it(sandbox, counter, address):
    late = sandbox.faults.add(Status(500, when="after"))
    person = sandbox.faults.add(Person(lambda: counter.add(10)))
    sandbox.faults.add(Cut(when="before"))
    never = sandbox.faults.add(Status(404))
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(address)
    assert counter.number == 10
    assert (late.hits, person.hits, never.hits) == (0, 1, 0)


def test_a_fault_counts_what_fits_and_acts_from_the_nth_on_and_only_so_many_times(sandbox, address):
    fault = sandbox.faults.add(Status(500), method="GET", nth=2, times=2)
    assert [httpx.get(address).status_code for _ in range(5)] == [200, 500, 500, 200, 200]
    assert httpx.post(address).status_code == 200
    assert (fault.seen, fault.hits) == (5, 2)


def test_removed_and_cleared_faults_act_no_more(sandbox, address):
    first = sandbox.faults.add(Status(500))
    sandbox.faults.remove(first)
    assert httpx.get(address).status_code == 200
    sandbox.faults.add(Status(500))
    sandbox.faults.clear()
    assert httpx.get(address).status_code == 200


def _record(**more: object) -> RequestRecord:
    usual: dict[str, object] = {
        "number": 0,
        "service": "asana",
        "method": "POST",
        "path": "/tasks/12",
        "query_string": "limit=5",
        "query": {"limit": "5"},
        "operation": "Board",
        "body": {"name": "x"},
        "is_write": True,
        "moment": None,
        "elapsed": 0.0,
    }
    return RequestRecord(**{**usual, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "selector",
    [
        {"service": "github"},
        {"method": "GET"},
        {"path": r"^/projects"},
        {"operation": "Other"},
        {"is_write": False},
        {"where": lambda record: record.body["name"] == "y"},
        {"probability": 0.0},
    ],
)
def test_a_fault_leaves_requests_alone_that_do_not_fit(selector):
    faults = Faults()
    faults.add(Cut(), **selector)
    assert faults.judge(_record()).faults == ()


@pytest.mark.parametrize("path", [r"^/tasks/\d+$", r"/tasks/12\?limit=5$", "tasks"])
def test_a_path_is_searched_with_and_without_the_query(path):
    faults = Faults()
    fault = faults.add(Cut(), service="asana", method="POST", operation="Board", is_write=True, path=path)
    assert faults.judge(_record()).faults == (fault,)


def test_one_seed_gives_the_same_faults_again():
    def history(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.add(Cut(), probability=0.5)
        return [bool(faults.judge(_record()).faults) for _ in range(50)]

    assert history(1) == history(1)
    assert len({tuple(history(seed)) for seed in range(5)}) == 5
    assert 5 < sum(history(random.Random(0).randrange(100))) < 45


def test_a_closed_sandbox_ends_requests_under_way(counter):
    with Sandbox([counter], clock=counter.clock) as sandbox:
        sandbox.faults.add(Hang(60, when="after"))
        with pytest.raises(httpx.ReadTimeout):
            httpx.post(f"{sandbox.url}/counter/v1/number", timeout=0.1)
        begin = time.monotonic()
    assert time.monotonic() - begin < 30, "the hang of a minute was waited for"
