"""A. Transport and unclear outcomes, and B. Limits, quotas, outages."""

from contextlib import suppress
from typing import Any

import pytest

from sandbox.core import Cut, Garble, Hang, Rewrite, Slow, Status, Twice
from sync.errors import ExitCode, ServiceError
from tests.e2e.organisation import Organisation

CREATE = {"service": "asana", "method": "POST", "path": r"^/tasks$"}


def creates(org: Organisation) -> int:
    return len(
        [one for one in org.sandbox.log.writes(service="asana") if one.path == "/tasks" and one.method == "POST"]
    )


def unclear(org: Organisation, fault: Any, tasks_after: int) -> None:
    """One create has no clear answer: it is not repeated in this run, and the next run ends with one task."""
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(fault, **CREATE, times=1)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert creates(org) == 1
    assert len(org.asana.tasks_in(org.home)) == tasks_after
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []


def test_fault_a01_create_committed_answer_lost(org: Organisation) -> None:
    unclear(org, Cut("after"), 1)


def test_fault_a02_create_lost_on_the_way(org: Organisation) -> None:
    unclear(org, Cut("before"), 0)


@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_fault_a03_create_answered_5xx_after_commit(org: Organisation, code: int) -> None:
    unclear(org, Status(code, when="after"), 1)


@pytest.mark.parametrize("late", [Hang(0.6, when="after"), Slow(100)], ids=["silent", "in small pieces"])
def test_fault_a04_create_committed_answer_too_late(
    org: Organisation, monkeypatch: pytest.MonkeyPatch, late: Any
) -> None:
    monkeypatch.setattr("connectors.retry.WRITE_ANSWER_SECONDS", 0.2)
    unclear(org, late, 1)


@pytest.mark.parametrize("service", ["github", "asana", "airtable"])
def test_fault_a04_answer_that_trickles_is_given_up_and_nothing_is_believed_of_it(
    org: Organisation, monkeypatch: pytest.MonkeyPatch, service: str
) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.log_hours(issue, 5)
    mark = org.sandbox.log.mark()
    org.sandbox.faults.add(Slow(100), service=service, is_write=False)
    with monkeypatch.context() as patched:
        patched.setattr("connectors.retry.ANSWER_SECONDS", 0.2)
        with pytest.raises(ServiceError) as caught:
            org.sync()
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert list(org.sandbox.log.writes(since=mark)) == []
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5


def test_fault_a05_upsert_with_a_lost_answer_leaves_one_row(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Cut("after"), service="airtable", method="PATCH", times=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert len(org.airtable.rows("Activity")) == 1


def test_fault_a06_put_with_a_lost_answer_ends_the_same(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.edit(issue, title="Reef Watch: fixed")
    org.sandbox.faults.add(Cut("after"), service="asana", method="PUT", times=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert org.task(issue).name == "Reef Watch: fixed"
    assert org.writes_of() == []


def test_fault_a07_delete_with_a_lost_answer_counts_as_removed(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix")
    org.sync()
    org.github.close(issue, "not_planned")
    org.sandbox.faults.add(Cut("after"), service="asana", method="DELETE", times=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert not org.has_task(issue)
    assert org.writes_of() == []


def test_fault_a08_created_but_not_placed_is_placed_by_the_next_run(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(500), service="asana", path="/setParent$")
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    assert org.task(issue).parent is None
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert creates(org) == 1


def test_fault_a09_fields_dropped_on_create_are_written_again(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.asana.options.drop_fields_on_create = True
    assert org.sync().exit_code is ExitCode.FINE
    assert org.asana.field_value(org.task(issue), org.hours_field) == 2
    assert org.writes_of() == []


def test_fault_a10_answer_cut_in_the_middle(org: Organisation) -> None:
    unclear(org, Cut("after", after_bytes=40), 1)


@pytest.mark.parametrize("service", ["github", "asana", "airtable"])
@pytest.mark.parametrize("kind", ["html", "empty"])
def test_fault_a11_page_or_nothing_instead_of_json_is_never_an_empty_list(
    org: Organisation, service: str, kind: Any
) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.sandbox.faults.add(Garble(kind), service=service)
    mark = org.sandbox.log.mark()
    with pytest.raises(ServiceError):
        org.sync()
    assert list(org.sandbox.log.writes(since=mark, service="asana")) == []
    org.sandbox.faults.clear()
    assert org.writes_of() == []
    assert org.has_task(issue)


def test_fault_a15_create_delivered_twice_is_repaired_one_run_after_it_was_told(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Twice(), **CREATE, times=1)
    org.sync()
    assert len(org.asana.tasks_in(org.home)) == 2
    org.sandbox.faults.clear()
    org.sync()
    org.sync()
    assert len(org.asana.tasks_in(org.home)) == 1
    assert org.task(issue).parent is org.reef.csh["Q3"]
    org.sync()
    assert org.writes_of() == []


@pytest.mark.parametrize("service", ["github", "asana", "airtable"])
def test_fault_b01_limit_with_retry_after_is_waited_out(org: Organisation, service: str) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(429, {}, {"Retry-After": "7"}), service=service, nth=2, times=1)
    assert org.sync().exit_code is ExitCode.FINE


@pytest.mark.parametrize("service", ["github", "asana", "airtable"])
def test_fault_b02_limit_without_a_header_is_waited_out(org: Organisation, service: str) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(429, {}), service=service, nth=2, times=1)
    assert org.sync().exit_code is ExitCode.FINE


def test_fault_b03_storm_of_limits_ends_the_run_and_the_next_goes_on(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(3)]
    org.sandbox.faults.add(Status(429, {}, {"Retry-After": "5"}), service="asana", is_write=True, nth=3)
    assert org.sync().exit_code is ExitCode.UNREADABLE
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert all(org.task(issue).parent is org.reef.csh["Q3"] for issue in issues)


@pytest.mark.parametrize("told", ["21600", "soon", "-4"])
def test_fault_b04_odd_or_long_retry_after_never_hangs_a_run(org: Organisation, told: str) -> None:
    org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(429, {}, {"Retry-After": told}), service="asana", times=1)
    with suppress(ServiceError):
        assert org.sync().exit_code is ExitCode.FINE
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE


@pytest.mark.parametrize("service", ["github", "asana", "airtable"])
def test_fault_b11_service_down_for_the_whole_run(org: Organisation, service: str) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.log_hours(issue, 5)
    org.sandbox.faults.add(Cut("before"), service=service)
    mark = org.sandbox.log.mark()
    with pytest.raises(ServiceError) as caught:
        org.sync()
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert list(org.sandbox.log.writes(since=mark, service="asana")) == []
    org.sandbox.faults.clear()
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 5


def test_fault_a16_answer_for_another_task_is_not_built_on(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)

    def another(body: Any) -> Any:
        body["data"]["gid"] = "1"
        return body

    org.sandbox.faults.add(Rewrite(another), service="asana", path="/setParent$", times=1)
    assert org.sync().exit_code is ExitCode.ITEMS_FAILED
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    assert org.writes_of() == []
