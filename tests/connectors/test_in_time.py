"""Answers that never stop coming, in pieces small enough that each comes in time."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

import httpx
import pytest
import requests
import urllib3

from connectors.in_time import within
from connectors.in_time_httpx import keep_time as keep_time_of_httpx
from connectors.in_time_pools import TimelyAdapter, keep_time

BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nX-Patience: "
PATIENT = 25
"""How long the clients wait for the next piece."""


@pytest.fixture(params=[HEAD, BODY], ids=["head", "body"])
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a server that sends a byte now and then, for as long as anybody listens."""
    over = threading.Event()

    def trickle(server: socket.socket) -> None:
        with suppress(OSError):
            while not over.is_set():
                client, _ = server.accept()
                with client, suppress(OSError):
                    client.sendall(request.param)
                    while not over.wait(0.02):
                        client.sendall(b"a")

    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        thread = threading.Thread(target=trickle, args=(server,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        over.set()
        server.shutdown(socket.SHUT_RDWR)
    thread.join()


def by_requests(url: str) -> object:
    with requests.Session() as session:
        session.mount("http://", TimelyAdapter())
        return session.get(url, timeout=PATIENT)


def by_a_proxy(url: str) -> object:
    with requests.Session() as session:
        session.mount("http://", TimelyAdapter())
        return session.get("http://an.example/", timeout=PATIENT, proxies={"http": url})


def by_urllib3(url: str) -> object:
    with urllib3.PoolManager(retries=False) as pool:
        keep_time(pool)
        return pool.request("GET", url, timeout=PATIENT)


def by_httpx(url: str) -> object:
    with httpx.Client(timeout=PATIENT, trust_env=False) as client:
        keep_time_of_httpx(client)
        return client.get(url)


@pytest.mark.parametrize(
    ("client", "error"),
    [
        (by_requests, requests.RequestException),
        (by_a_proxy, requests.RequestException),
        (by_urllib3, urllib3.exceptions.ReadTimeoutError),
        (by_httpx, httpx.ReadTimeout),
    ],
)
def test_an_answer_that_trickles_is_given_up_as_one_that_does_not_come(
    url: str, client: Callable[[str], object], error: type[Exception]
) -> None:
    with within(0.3), pytest.raises(error):
        client(url)
