"""A sandbox that plays only Asana, the asana package pointed at it, and a bare HTTP client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import asana as sdk
import httpx
import pytest

from sandbox import Sandbox
from sandbox.asana import AsanaService
from sandbox.asana.state import AsanaState
from sandbox.core import SandboxClock
from tests.fidelity.checking import untrue_answer


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock()


@pytest.fixture
def sandbox(clock: SandboxClock) -> Iterator[Sandbox]:
    service = AsanaService(clock, lambda: f"{running.url}{AsanaService.prefix}")
    with Sandbox([service], clock=clock) as running:
        running.log.keeps_answers = True
        yield running
    assert [problem for one in running.log.select() if not one.faults for problem in untrue_answer(one)] == []


@pytest.fixture
def service(sandbox: Sandbox) -> AsanaService:
    return sandbox.asana


@pytest.fixture
def state(service: AsanaService) -> AsanaState:
    return service.state


@pytest.fixture
def options(service: AsanaService):
    return service.options


@pytest.fixture
def new_client(sandbox: Sandbox) -> Iterator[Callable[[], Any]]:
    """Make clients of the asana package without retries, and end their threads and connections afterwards."""
    made = []

    def make() -> Any:
        configuration = sdk.Configuration()
        configuration.host = f"{sandbox.url}{AsanaService.prefix}"
        configuration.access_token = sandbox.asana.token
        configuration.retry_strategy = False
        made.append(sdk.ApiClient(configuration))
        return made[-1]

    yield make
    for client in made:
        client.pool.close()
        client.pool.join()
        client.rest_client.pool_manager.clear()


@pytest.fixture
def client(new_client: Callable[[], Any]) -> Any:
    return new_client()


@pytest.fixture
def tasks(client: Any) -> Any:
    return sdk.TasksApi(client)


@pytest.fixture
def http(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Talk to the sandbox without the asana package, which repairs and hides much."""
    address = f"{sandbox.url}{AsanaService.prefix}"
    headers = {"Authorization": f"Bearer {sandbox.asana.token}"}
    with httpx.Client(base_url=address, headers=headers) as made:
        yield made


@pytest.fixture
def get(http: httpx.Client) -> Callable[..., Any]:
    """Return the data of a GET that must succeed."""

    def read(path: str, **query: Any) -> Any:
        response = http.get(path, params=query or None)
        assert response.status_code == 200, response.text
        return response.json()["data"]

    return read


@pytest.fixture
def write(http: httpx.Client) -> Callable[..., Any]:
    """Return the data of a write that must succeed."""

    def send(method: str, path: str, **data: Any) -> Any:
        response = http.request(method, path, json={"data": data})
        assert response.status_code in {200, 201}, response.text
        return response.json()["data"]

    return send


@pytest.fixture
def refused(http: httpx.Client) -> Callable[..., tuple[int, str]]:
    """Return status and message of a request that must be refused."""

    def send(method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str]:
        response = http.request(method, path, json=body, params=query or None)
        assert response.status_code >= 400, response.text
        (error,) = response.json()["errors"]
        assert error["help"].startswith("For more information")
        return response.status_code, error["message"]

    return send
