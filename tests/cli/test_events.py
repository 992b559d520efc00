"""run --issue, and the payload of an event on GitHub: one issue is looked at."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]


def payload(**keys: Any) -> dict[str, str]:
    Path("event.json").write_text(json.dumps(keys), encoding="utf-8")
    return {"GITHUB_EVENT_PATH": "event.json"}


@pytest.fixture
def two(org: Organisation) -> tuple[Any, Any]:
    return org.issue("Reef Watch: one", hours=1), org.issue("Reef Watch: other", hours=2)


@pytest.mark.parametrize("named", ["https://github.com/acme/hub/issues/1", "acme/hub#1"])
def test_an_issue_is_named_by_its_address_or_for_short(
    go: Go, org: Organisation, two: tuple[Any, Any], named: str
) -> None:
    result = go("run", "--issue", named)
    assert result.exit_code == 0
    assert (org.has_task(two[0]), org.has_task(two[1])) == (True, False)
    assert go("check", "--stale", "2h").exit_code == 4


def test_the_payload_of_an_issue_names_it_however_long_it_is(go: Go, org: Organisation, two: tuple[Any, Any]) -> None:
    event = payload(action="labeled", issue={"html_url": org.url(two[1]), "body": "x" * 200_000})
    result = go("run", **event)
    assert result.exit_code == 0
    assert "nothing else is looked at" in result.stderr
    assert (org.has_task(two[0]), org.has_task(two[1])) == (False, True)
    assert go("run", "--full", **event).exit_code == 0
    assert org.has_task(two[0])


def test_a_dispatch_from_another_repository_names_it(go: Go, org: Organisation, two: tuple[Any, Any]) -> None:
    assert go("run", **payload(action="issue", client_payload={"issue": org.url(two[0])})).exit_code == 0
    assert (org.has_task(two[0]), org.has_task(two[1])) == (True, False)


def test_a_transferred_issue_is_known_by_either_address(go: Go, org: Organisation, two: tuple[Any, Any]) -> None:
    go("run")
    before, task = org.url(two[0]), org.task(two[0]).gid
    org.github.transfer(two[0], "docs")
    event = payload(
        action="transferred", issue={"html_url": before}, changes={"new_issue": {"html_url": org.url(two[0])}}
    )
    assert go("run", **event).exit_code == 0
    assert org.task(two[0]).gid == task


@pytest.mark.parametrize(
    "keys",
    [
        {"schedule": "17 * * * *"},
        {"issue": {"html_url": "https://github.com/acme/hub/pull/3", "pull_request": {}}},
        {"action": "deleted", "label": {"name": "CSH"}},
        {"client_payload": None, "changes": {"new_issue": None}},
    ],
)
def test_other_events_are_followed_by_a_sweep(
    go: Go, org: Organisation, two: tuple[Any, Any], keys: dict[str, Any]
) -> None:
    assert go("run", **payload(**keys)).exit_code == 0
    assert all(org.has_task(one) for one in two)


@pytest.mark.parametrize("address", ["https://github.com/evil/hub/issues/1", "javascript:/acme/hub/issues/1", "hello"])
def test_what_is_no_issue_of_the_organisation_is_refused(go: Go, org: Organisation, address: str) -> None:
    for result in (go("run", "--issue", address), go("run", **payload(client_payload={"issue": address}))):
        assert result.exit_code == 2
        assert "no address of an issue of acme" in result.stderr
    assert org.sandbox.log.count() == 0


def test_a_payload_that_cannot_be_read_is_told(go: Go, org: Organisation) -> None:
    Path("event.json").write_text("{", encoding="utf-8")
    for path in ("event.json", "nowhere.json"):
        result = go("run", GITHUB_EVENT_PATH=path)
        assert result.exit_code == 2
        assert "could not be read" in result.stderr
    assert org.sandbox.log.count() == 0


def test_an_issue_out_of_scope_is_told(go: Go, org: Organisation) -> None:
    org.issue("no label", labels=())
    result = go("run", "--issue", "acme/hub#1")
    assert result.exit_code == 0
    assert "not in scope, and nothing mirrors it" in result.stdout


@pytest.mark.parametrize("more", ["--full", "--every=15m"])
def test_one_issue_is_for_one_run(go: Go, more: str) -> None:
    assert go("run", "--issue", "acme/hub#1", more).exit_code == 2
