"""The record of requests, and the same things for other processes below /_sandbox."""

from __future__ import annotations

import dataclasses
import json

import httpx
import pytest

from sandbox.core import Status


def test_every_request_is_recorded_in_order_with_what_was_asked(sandbox, address):
    httpx.get(address, params={"limit": "5"})
    httpx.post(address, json={"name": "x"})
    read, write = sandbox.log.select()
    assert (read.number, read.service, read.method, read.path) == (0, "counter", "GET", "/number")
    assert (read.query, read.query_string, read.body, read.is_write) == ({"limit": "5"}, "limit=5", None, False)
    assert (write.number, write.body, write.is_write, write.status) == (1, {"name": "x"}, True, 200)
    assert (write.outcome, write.executed, write.faults) == ("answered", True, ())
    assert write.elapsed >= read.elapsed
    assert write.moment >= read.moment


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ({"query": "query Board($a: Int) { x }"}, "Board"),
        ({"query": "\n  mutation AddIssue { x }"}, "AddIssue"),
        ({"query": "query One { x } query Two { y }", "operationName": "Two"}, "Two"),
        ({"query": "{ viewer { login } }"}, None),
        ({"name": "query Board { x }"}, None),
    ],
)
def test_the_operation_of_a_graphql_request_is_named(sandbox, address, body, operation):
    httpx.post(address, json=body)
    assert sandbox.log.select()[0].operation == operation


def test_a_service_says_what_is_a_write(sandbox, address):
    httpx.get(address)
    httpx.post(address, json={"only_read": True})
    httpx.post(address)
    assert [one.number for one in sandbox.log.writes()] == [2]
    assert sandbox.log.writes("another") == ()


def test_counts_can_start_at_a_mark(sandbox, address):
    httpx.get(address)
    mark = sandbox.log.mark()
    httpx.get(address)
    httpx.post(address)
    log = sandbox.log
    assert (log.count(), log.count(since=mark), log.count(method="GET", since=mark)) == (3, 2, 1)
    assert (log.count(path="^/num"), log.count("counter"), log.count("other"), log.count(status=404)) == (3, 3, 0, 0)
    assert (log.count(is_write=True), log.count(operation="Board")) == (1, 0)
    log.clear()
    assert len(log) == 0


def test_no_header_is_kept_and_a_token_in_the_address_or_the_body_is_noticed(sandbox, counter, address):
    httpx.get(address, headers={"Authorization": f"Bearer {counter.token}"})
    httpx.get(address, params={"key": counter.token})
    httpx.post(address, json={"note": f"my {counter.token}"})
    records = sandbox.log.select()
    assert [one.leaked for one in records] == [False, True, True]
    assert counter.token not in json.dumps(records[0].as_json())


def test_a_body_that_is_not_json_is_kept_as_text(sandbox, address):
    httpx.post(address, content=b"plain")
    assert sandbox.log.select()[0].body == "plain"


def test_another_process_reads_the_log(sandbox, address):
    httpx.post(address, json={"name": "x"})
    told = httpx.get(f"{sandbox.url}/_sandbox/log").json()
    assert told["mark"] == 1
    assert told["records"][0]["path"] == "/number"
    assert set(told["records"][0]) == {one.name for one in dataclasses.fields(sandbox.log.select()[0])}
    assert httpx.get(f"{sandbox.url}/_sandbox/log", params={"since": "1"}).json()["records"] == []
    assert httpx.get(f"{sandbox.url}/_sandbox/log", params={"service": "asana"}).json()["records"] == []


def test_another_process_sets_faults(sandbox, counter, address):
    faults = f"{sandbox.url}/_sandbox/faults"
    asked = {"kind": "status", "code": 502, "when": "after", "method": "POST", "path": "number$", "times": 1}
    assert httpx.post(faults, json=asked).status_code == 201
    assert httpx.post(address).status_code == 502
    assert counter.number == 1
    assert httpx.get(faults).json()["faults"] == [{"id": 1, "kind": "status", "seen": 1, "hits": 1}]
    httpx.post(faults, json={"kind": "limit", "requests": 0, "per_seconds": 60})
    assert httpx.get(address).status_code == 429
    httpx.delete(faults)
    assert httpx.get(address).status_code == 200


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "person"},
        {"kind": "status"},
        {"kind": "cut", "whenever": "before"},
        {"kind": "cut", "when": "sometimes"},
        {"kind": "cut", "path": "("},
        {},
        [],
        "cut",
    ],
)
def test_what_is_no_fault_is_refused(sandbox, address, asked):
    answer = httpx.post(f"{sandbox.url}/_sandbox/faults", json=asked)
    assert answer.status_code == 400
    assert "not a fault" in answer.json()["error"]
    assert list(sandbox.faults) == []


def test_the_sandboxs_own_addresses_are_neither_recorded_nor_hit(sandbox):
    sandbox.faults.add(Status(500))
    assert httpx.get(f"{sandbox.url}/_sandbox/clock").status_code == 200
    assert len(sandbox.log) == 0
