"""Limits: primary and secondary, REST and GraphQL, and how each is told."""

import pytest

from sandbox.core import Limit, Status
from sandbox.github import RateLimits


def test_the_primary_limit_of_rest_refuses_until_the_window_ends(http, service, clock):
    service.options.limits = RateLimits(core=2)
    service.options.enforce_primary = True
    assert [http.get("/user").status_code for _ in range(3)] == [200, 200, 403]
    refused = http.get("/user")
    assert refused.json()["message"].startswith("API rate limit exceeded for user ID")
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert int(refused.headers["x-ratelimit-reset"]) == int(clock.now().timestamp()) + 3600
    assert "retry-after" not in refused.headers
    clock.advance(hours=1)
    assert http.get("/user").status_code == 200


def test_the_limit_can_be_told_with_429(http, service):
    service.options.limits = RateLimits(core=1)
    service.options.enforce_primary = True
    service.options.limit_status = 429
    assert [http.get("/user").status_code for _ in range(2)] == [200, 429]


def test_graphql_tells_an_exhausted_limit_under_status_200(ask, http, service):
    service.options.limits = RateLimits(graphql=1)
    service.options.enforce_primary = True
    assert "data" in ask("{ viewer { login } }")
    refused = http.post("/graphql", json={"query": "{ viewer { login } }"})
    (error,) = refused.json()["errors"]
    assert (refused.status_code, error["type"], "data" in refused.json()) == (200, "RATE_LIMITED", False)
    assert (refused.headers["x-ratelimit-remaining"], refused.headers["x-ratelimit-resource"]) == ("0", "graphql")
    assert http.get("/user").status_code == 200


def test_search_has_a_bucket_of_its_own_for_each_minute(http, state, service, clock):
    service.options.limits = RateLimits(search=1)
    service.options.enforce_primary = True
    path = "/search/issues?q=org:acme"
    assert [http.get(path).status_code for _ in range(2)] == [200, 403]
    assert http.get(path).headers["x-ratelimit-resource"] == "search"
    clock.advance(minutes=1)
    assert http.get(path).status_code == 200


@pytest.mark.parametrize("retry_after", [60, None])
def test_the_secondary_limit_counts_writes_fivefold(http, state, service, clock, retry_after):
    service.options.limits = RateLimits(rest_points_per_minute=11)
    service.options.enforce_secondary = True
    service.options.secondary_retry_after = retry_after
    write = {"url": "/repos/acme/hub/issues", "json": {"title": "x"}}
    assert [http.post(**write).status_code for _ in range(3)] == [201, 201, 403]
    refused = http.post(**write)
    assert refused.json()["message"].startswith("You have exceeded a secondary rate limit")
    assert refused.headers.get("retry-after") == (None if retry_after is None else "60")
    clock.advance(minutes=1)
    assert http.post(**write).status_code == 201
    assert len(state.repository("hub").issues) == 3


def test_creating_content_has_a_pace_of_its_own(http, state, service):
    service.options.limits = RateLimits(content_per_minute=1)
    service.options.enforce_secondary = True
    assert http.post("/repos/acme/hub/issues", json={"title": "x"}).status_code == 201
    assert http.post("/repos/acme/docs/issues", json={"title": "x"}).status_code == 403
    assert http.get("/repos/acme/docs/issues").status_code == 200


def test_published_limits_are_kept_on_request_and_can_run_faster(world, http, service, clock):
    world.add_published_limits(speed=60)
    service.options.limits = RateLimits(core=1, rest_points_per_minute=2)
    assert http.get("/user").status_code == 200
    refused = http.get("/user")
    assert refused.json()["message"].startswith("API rate limit exceeded")
    assert int(refused.headers["x-ratelimit-reset"]) == int(clock.now().timestamp()) + 60
    assert http.get("/user").headers["retry-after"] == "1"
    clock.advance(minutes=1)
    assert http.get("/user").status_code == 200


@pytest.mark.parametrize("told", ["header", "none"])
def test_the_sandboxes_own_limit_speaks_githubs_words(world, http, told):
    world.faults.add(Limit(1, 60, retry_after=told), service="github")
    assert http.get("/user").status_code == 200
    refused = http.get("/user")
    assert refused.status_code == 403
    assert "secondary rate limit" in refused.json()["message"]
    assert ("retry-after" in refused.headers) == (told == "header")


def test_faults_reach_one_graphql_operation_by_name(world, ask, http):
    world.faults.add(Status(502, "<html>"), service="github", operation="Second")
    assert "data" in ask("query First { viewer { login } }")
    assert http.post("/graphql", json={"query": "query Second { viewer { login } }"}).status_code == 502
