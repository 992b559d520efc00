"""The sandbox as a whole: one port, one lock, stop and start."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from sandbox.core import Person, Sandbox, SandboxClock


def test_it_listens_on_loopback_only_and_on_a_free_port(sandbox):
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert not sandbox.url.endswith(":0")


def test_two_sandboxes_run_beside_each_other(counter):
    with Sandbox([counter]) as first, Sandbox([counter]) as second:
        assert first.url != second.url


def test_a_stopped_sandbox_refuses_connections_and_starts_again_on_its_port(sandbox, counter, address):
    httpx.post(address)
    sandbox.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
    sandbox.start()
    assert httpx.get(address).json()["number"] == 1


def test_a_port_in_use_is_an_error_of_the_caller(sandbox, counter):
    port = int(sandbox.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        Sandbox([counter], port=port).start()


def test_it_has_no_address_before_it_runs(counter):
    with pytest.raises(RuntimeError, match="does not run"):
        _ = Sandbox([counter]).url


def test_settings_name_the_address_and_the_token_of_each_service(sandbox, counter):
    assert sandbox.settings() == {
        "CSH_COUNTER__API_URL": f"{sandbox.url}/counter/v1",
        "CSH_COUNTER__TOKEN": "counter-token",
    }


def test_an_unknown_service_is_named(sandbox):
    with pytest.raises(KeyError, match="no asana, only counter"):
        sandbox.service("asana")


def test_services_and_sandbox_share_one_clock(counter):
    assert Sandbox([counter]).clock is counter.clock
    with pytest.raises(ValueError, match="share one clock"):
        Sandbox([counter], clock=SandboxClock())


def test_the_usual_services_are_made_at_the_given_start():
    start = datetime(2025, 1, 1, tzinfo=UTC)
    with Sandbox(start=start) as sandbox:
        assert sandbox.airtable.base_url() == f"{sandbox.url}/airtable"
        assert sandbox.freshdesk.base_url() == f"{sandbox.url}/freshdesk/api/v2"
        assert [one.name for one in sandbox.services] == ["github", "asana", "airtable", "freshdesk", "slack"]
        assert {one.clock for one in sandbox.services} == {sandbox.clock}
        assert sandbox.github is sandbox.service("github")
        assert sandbox.asana is sandbox.service("asana")
        blocks = {name.split("__")[0] for name in sandbox.settings()}
        assert blocks == {"CSH_GITHUB", "CSH_ASANA", "CSH_AIRTABLE", "CSH_FRESHDESK", "CSH_SLACK"}
        assert sandbox.settings()["CSH_ASANA__API_URL"] == f"{sandbox.url}/asana/api/1.0"
        assert start <= sandbox.clock.now() < start + timedelta(minutes=5)


def test_latency_is_added_to_each_request(sandbox, address):
    sandbox.latency = 0.15
    begin = time.monotonic()
    httpx.get(address)
    assert time.monotonic() - begin > 0.15
    assert sandbox.latency == 0.15


def test_no_handler_works_while_the_lock_is_held(sandbox, counter, address):
    done = threading.Event()

    def ask() -> None:
        httpx.post(address)
        done.set()

    with sandbox.lock:
        asking = threading.Thread(target=ask)
        asking.start()
        assert not done.wait(0.2)
        assert counter.number == 0
    assert done.wait(5)
    asking.join()
    assert counter.number == 1


def test_a_state_method_waits_for_a_handler_in_the_middle_of_its_work(sandbox, counter):
    asking = threading.Thread(target=httpx.post, args=(f"{sandbox.url}/counter/v1/thoughtful",))
    asking.start()
    while not len(sandbox.log):
        time.sleep(0.005)
    time.sleep(0.05)
    counter.add(10)
    asking.join()
    assert counter.number == 11


def test_requests_in_parallel_do_not_lose_work(sandbox, counter, address):
    threads = [threading.Thread(target=httpx.post, args=(address,)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.number == 12
    assert [one.number for one in sandbox.log.select()] == list(range(12))


def test_a_handler_that_breaks_is_told_when_the_sandbox_closes(counter):
    with pytest.raises(ExceptionGroup) as caught, Sandbox([counter]) as sandbox:
        assert httpx.get(f"{sandbox.url}/counter/v1/broken").status_code == 500
    assert caught.group_contains(LookupError)


def test_a_person_who_cannot_act_is_told_when_the_sandbox_closes(counter):
    def play() -> None:
        with Sandbox([counter]) as sandbox:
            sandbox.faults.add(Person(lambda: {}["nobody"]))
            assert httpx.get(f"{sandbox.url}/counter/v1/number").status_code == 500

    with pytest.raises(ExceptionGroup) as caught:
        play()
    assert caught.group_contains(KeyError)


def test_a_failing_test_is_not_hidden_by_a_broken_handler(counter):
    def play() -> None:
        with Sandbox([counter]) as sandbox:
            httpx.get(f"{sandbox.url}/counter/v1/broken")
            raise AssertionError("the test")

    with pytest.raises(AssertionError, match="the test"):
        play()


def test_paths_that_no_service_has_are_404(sandbox, address):
    assert httpx.get(f"{address}/more").status_code == 404
    assert httpx.get(f"{sandbox.url}/elsewhere").status_code == 404
    assert httpx.get(f"{sandbox.url}/counter/v1x").status_code == 404
    assert [one.path for one in sandbox.log.select()] == ["/number/more"]
