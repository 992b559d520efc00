"""A played GitHub with a standing clock, and three clients: people, PyGithub, plain HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from github import Auth, Github

from sandbox.core import Sandbox, SandboxClock
from sandbox.github import GitHubService, GitHubState

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def clock() -> SandboxClock:
    return SandboxClock(datetime(2026, 1, 5, 9, 0, tzinfo=UTC), frozen=True)


@pytest.fixture
def world(clock: SandboxClock) -> Iterator[Sandbox]:
    service = GitHubService(clock, lambda: f"{sandbox.url}{GitHubService.prefix}")
    with Sandbox([service], clock=clock) as sandbox:
        yield sandbox


@pytest.fixture
def service(world: Sandbox) -> GitHubService:
    found = world.github
    assert isinstance(found, GitHubService)
    return found


@pytest.fixture
def state(service: GitHubService) -> GitHubState:
    """An organisation with two people and two repositories."""
    state = service.state
    state.add_user("ana", "Ana Lopez", "ana@example.org")
    state.add_user("ben")
    state.add_repository("hub", labels=["CSH", "bug"])
    state.add_repository("docs")
    return state


@pytest.fixture
def api(world: Sandbox) -> str:
    return f"{world.url}/github"


@pytest.fixture
def pygithub(api: str, service: GitHubService, state: GitHubState) -> Iterator[Github]:
    """PyGithub as the product sets it up: no retries, no waiting between requests."""
    client = Github(
        auth=Auth.Token(service.token),
        base_url=api,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    with client:
        yield client


@pytest.fixture
def http(api: str, service: GitHubService, state: GitHubState) -> Iterator[httpx.Client]:
    """A plain client that follows nothing by itself; paths are relative to the API's root."""
    headers = {"Authorization": f"Bearer {service.token}"}
    with httpx.Client(base_url=api, headers=headers, follow_redirects=False) as client:
        yield client


@pytest.fixture
def ask(http: httpx.Client) -> Ask:
    """Send a GraphQL query and return the whole answer, which always comes with status 200."""

    def send(query: str, /, headers: dict[str, str] | None = None, **variables: Any) -> dict[str, Any]:
        response = http.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    return send
