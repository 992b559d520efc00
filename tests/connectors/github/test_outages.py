"""What goes wrong on the way: outages, limits, refusals."""

# ruff: noqa: N802  a fault's id is part of its test's name

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from connectors.github_api import limit_wait
from sandbox.core import Cut, Garble, Hang, Slow, Status
from sandbox.github import RateLimits
from sync.errors import Denied, LimitReached, Rejected, Transient
from sync.model.issue import OutOfSight

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office

TIMEOUT = {"data": None, "errors": [{"message": "We couldn't respond to your request in time."}]}


# Outages.


@pytest.mark.parametrize(
    "effect",
    [Status(502, TIMEOUT), Status(500, "oops"), Cut(), Cut("after"), Cut("after", 40), Garble("html"), Garble("empty")],
    ids=str,
)
def test_a_passing_fault_in_the_middle_of_paging_is_waited_out(office: Office, effect):
    for number in range(120):
        office.issue(f"issue {number}")
    office.faults(effect, "LabelledIssues", nth=2, times=2)
    snapshot = office.read()
    assert len(snapshot.issues) == 120
    assert snapshot.complete
    assert len(office.waits) == 2


def test_fault_B09_a_list_that_cannot_be_read_to_its_end_is_no_short_list(office: Office):
    for number in range(120):
        office.issue(f"issue {number}")
    office.issue("elsewhere", "docs", labels=["csh"])
    fault = office.faults(Status(502, TIMEOUT), "LabelledIssues", nth=2, times=5)
    snapshot = office.read()
    assert not snapshot.complete
    assert fault.hits == 5
    assert "elsewhere" in office.titles(snapshot), "the other repositories go on"
    assert len(snapshot.issues) == 101, "what was listed is used"
    assert [one.subject for one in snapshot.problems] == ["acme/hub"]


def test_a_query_for_many_lists_that_fails_is_asked_list_by_list(office: Office):
    office.issue("here")
    office.issue("elsewhere", "docs", labels=["csh"])

    def many(request) -> bool:
        return "name1" in request.body["variables"]

    office.faults(Status(502, TIMEOUT), "LabelledIssues", where=many)
    snapshot = office.read()
    assert office.titles(snapshot) == {"here", "elsewhere"}
    assert snapshot.complete


def test_known_issues_behind_a_broken_list_are_read_by_name(office: Office):
    made = office.issue()
    office.faults(Status(502, TIMEOUT), "LabelledIssues")
    snapshot = office.read(office.known(made))
    assert list(snapshot.issues) == [made.node_id]
    assert not snapshot.complete
    assert snapshot.verdicts == {}


def test_fault_A14_a_service_that_is_not_there_names_the_setting(office: Office):
    with pytest.raises(Transient, match="CSH_GITHUB__API_URL"):
        office.read(api_url="http://127.0.0.1:9/github")
    assert len(office.waits) == 4


def test_fault_A11_a_page_of_a_proxy_is_never_an_empty_organisation(office: Office):
    office.issue()
    office.faults(Garble("html"), "Repositories")
    with pytest.raises(Transient):
        office.read()


def test_fault_A11_an_answer_without_data_is_no_answer(office: Office):
    office.faults(Status(200, {"hello": "world"}), "Repositories")
    with pytest.raises(Transient):
        office.read()


def test_fault_A13_a_redirect_to_another_host_is_not_followed(office: Office):
    office.faults(Status(301, None, {"Location": "http://127.0.0.2:9/github/graphql"}), "Repositories")
    with pytest.raises(Denied):
        office.read()


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_fault_A13_a_redirect_on_the_same_host_asks_the_same_again_and_any_other_is_refused(office: Office, code: int):
    own, api = urlsplit(office.sandbox.url).netloc, office.connector()._api
    page = "/orgs/acme/members?per_page=100"

    def moved(location: str) -> list[tuple[str, str, str]]:
        mark = office.sandbox.log.mark()
        office.sandbox.faults.add(Status(code, None, {"Location": location}), service="github", times=1)
        try:
            api.get_list("list the members", page)
        finally:
            office.sandbox.faults.clear()
            sent = [(one.method, one.path, one.query_string) for one in office.sandbox.log.select(since=mark)]
        return sent[1:]

    same = [("GET", "/orgs/acme/members", "per_page=100")]
    assert moved(f"http://{own}/github/orgs/acme/members?per_page=100") == same
    assert moved("/github/orgs/acme/members") == same
    host, port = own.split(":")
    for other in (
        f"http://127.0.0.2:{port}/github/orgs/acme/members?per_page=100",
        f"http://{host}:{int(port) - 1}/github/orgs/acme/members?per_page=100",
        f"https://{own}/github/orgs/acme/members?per_page=100",
        f"http://{own}/github/orgs/acme/members?per_page=1",
        "",
    ):
        with pytest.raises(Rejected, match="redirects where it must not be followed"):
            moved(other)


def test_a_redirect_in_a_circle_is_not_followed_for_ever(office: Office):
    place = f"{office.sandbox.url}/github/orgs/acme/members?per_page=100"
    fault = office.sandbox.faults.add(Status(301, None, {"Location": place}), service="github")
    with pytest.raises(Rejected):
        office.connector()._api.get_list("list the members", "/orgs/acme/members?per_page=100")
    assert fault.hits == 3


def test_when_no_issue_can_be_read_none_is_lost(office: Office):
    made = office.issue()
    office.faults(Cut(), "IssuesById")
    snapshot = office.read(office.known(made))
    assert snapshot.issues == {}
    assert not snapshot.complete
    assert isinstance(snapshot.verdicts[office.url(made)], OutOfSight)


def test_fault_B12_a_slow_answer_is_an_answer(office: Office):
    office.issue()
    office.faults(Hang(0.2), "Repositories")
    assert len(office.read().issues) == 1


# Too much at once.


@pytest.mark.parametrize("answer", ["bad_gateway", "resource_limits"])
def test_fault_B08_what_was_too_heavy_is_asked_for_in_halves(office: Office, answer):
    for number in range(50):
        office.issue(f"issue {number}")
    office.service.options.heavy_query_nodes = 8_000
    office.service.options.heavy_query_answer = answer
    snapshot = office.read()
    assert len(snapshot.issues) == 50
    assert snapshot.complete
    sizes = [len(one.body["variables"]["ids"]) for one in office.sandbox.log.select(operation="IssuesById")]
    assert sizes[:3] == [40, 20, 10]
    assert set(sizes[2:]) == {10}, "what worked is kept for the rest of the run"


def test_fault_B08_a_list_that_was_too_heavy_is_asked_for_in_halves(office: Office):
    for number in range(40):
        office.issue(f"issue {number}")
    office.faults(Status(502, TIMEOUT), "LabelledIssues", where=lambda one: one.body["variables"]["first"] > 25)
    assert len(office.read().issues) == 40
    sizes = [one.body["variables"]["first"] for one in office.sandbox.log.select(operation="LabelledIssues")]
    assert sizes[:3] == [100, 50, 25]


def test_fault_A04_a_list_that_comes_too_slowly_is_asked_for_in_halves(office: Office, monkeypatch):
    for number in range(40):
        office.issue(f"issue {number}")
    monkeypatch.setattr("connectors.retry.ANSWER_SECONDS", 2)
    office.faults(Slow(50), "LabelledIssues", where=lambda one: one.body["variables"]["first"] > 25)
    assert len(office.read().issues) == 40
    sizes = [one.body["variables"]["first"] for one in office.sandbox.log.select(operation="LabelledIssues")]
    assert sizes[:3] == [100, 50, 25]


def test_one_issue_that_cannot_be_answered_does_not_hide_the_others(office: Office):
    poison, *_ = [office.issue(f"issue {number}") for number in range(40)]
    office.faults(Status(502, TIMEOUT), "IssuesById", where=lambda one: poison.node_id in one.body["variables"]["ids"])
    snapshot = office.read()
    assert len(snapshot.issues) == 39
    assert not snapshot.complete
    assert poison.node_id in snapshot.problems[0].message


# Limits.


def test_fault_B01_retry_after_is_obeyed(office: Office):
    office.issue()
    office.faults(Status(429, {"message": "slow down"}, {"Retry-After": "7"}), "Repositories", times=1)
    assert len(office.read().issues) == 1
    assert [7 <= wait < 9 for wait in office.waits] == [True]


def test_fault_B02_without_retry_after_a_minute_is_waited(office: Office):
    office.faults(Status(429, {"message": "slow down"}), "Repositories", times=1)
    office.read()
    assert [60 <= wait < 62 for wait in office.waits] == [True]


SECONDARY = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
PRIMARY = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded for user ID 1."}]}


@pytest.mark.parametrize(
    "limit",
    [
        Status(403, {"message": SECONDARY}),
        Status(200, {"errors": [{"message": SECONDARY}]}),
        Status(200, PRIMARY),
        Status(403, {"message": "API rate limit exceeded for user ID 1."}),
        Status(403, {"message": "Forbidden"}, {"Retry-After": "60"}),
    ],
    ids=str,
)
def test_fault_B07_limits_are_not_taken_for_missing_access(office: Office, limit):
    office.issue()
    office.faults(limit, "Repositories", times=1)
    assert len(office.read().issues) == 1
    assert [60 <= wait < 62 for wait in office.waits] == [True]


def test_fault_B07_the_reset_of_the_primary_limit_ends_the_run_when_it_is_far(office: Office):
    office.service.options.limits = RateLimits(graphql=3)
    office.service.options.enforce_primary = True
    for number in range(120):
        office.issue(f"issue {number}")
    with pytest.raises(LimitReached, match="36"):
        office.read()
    assert office.waits == []


def test_fault_B15_the_reset_is_compared_with_the_servers_clock():
    now = datetime(2030, 1, 1, tzinfo=UTC)
    spent = {"x-ratelimit-remaining": "0", "date": "Mon, 05 Jan 2026 09:00:00 GMT"}
    server = datetime(2026, 1, 5, 9, 0, tzinfo=UTC).timestamp()
    assert limit_wait(spent | {"x-ratelimit-reset": str(int(server) + 30)}, now) == 31
    assert limit_wait(spent | {"x-ratelimit-reset": str(int(server) - 999)}, now) == 60
    assert limit_wait(spent | {"x-ratelimit-reset": "soon"}, now) == 60
    assert limit_wait({"x-ratelimit-remaining": "12"}, now) == 60
    assert limit_wait(spent | {"retry-after": "5"}, now) == 5


# Refusals.


def test_fault_C01_a_refused_token_stops_the_reading(office: Office):
    with pytest.raises(Denied, match="CSH_GITHUB__TOKEN") as denied:
        office.read(token="wrong-token")
    assert "wrong-token" not in str(denied.value)
    assert office.waits == []


@pytest.mark.parametrize("operation", ["Board", "LabelledIssues", "IssuesById", "People"])
def test_fault_C01_a_token_that_expires_on_the_way_stops_the_reading(office: Office, operation):
    office.state.assign(office.issue(), "ana")
    office.faults(Status(401, {"message": "Bad credentials"}), operation)
    with pytest.raises(Denied):
        office.read()


def test_an_organisation_that_cannot_be_seen_stops_the_reading(office: Office):
    with pytest.raises(Denied, match="CSH_GITHUB__ORG") as denied:
        office.read(org="acne")
    assert "NOT_FOUND" in str(denied.value)


def test_single_sign_on_is_told(office: Office):
    headers = {"X-GitHub-SSO": "required; url=https://github.com/orgs/acme/sso"}
    refusal = {"message": "Resource protected by organization SAML enforcement."}
    office.faults(Status(403, refusal, headers), "Repositories")
    with pytest.raises(Denied, match=r"SAML.*single sign-on"):
        office.read()


def test_fault_C18_a_retired_version_of_the_api_stops_the_reading(office: Office):
    office.service.options.retired_versions = frozenset({"2022-11-28"})
    with pytest.raises(Denied, match="no longer supported"):
        office.read()


def test_what_a_schema_lacks_that_is_needed_stops_the_reading(office: Office):
    lacks = {"errors": [{"message": "Field 'subIssues' doesn't exist on type 'Issue'"}]}
    office.issue()
    office.faults(Status(200, lacks), "IssuesById")
    with pytest.raises(Denied, match="subIssues"):
        office.read()


@pytest.mark.parametrize("status", [200, 400, 422])
def test_a_refusal_of_newer_parts_is_understood_in_other_words_too(office: Office, status):
    office.issue()
    words = {"errors": [{"message": "Cannot query field 'issueFieldValues' on type 'Issue'."}]}
    fault = office.faults(
        Status(status, words), "IssuesById", where=lambda one: "issueFieldValues" in one.body["query"]
    )
    assert len(office.read().issues) == 1
    assert fault.hits == 1
