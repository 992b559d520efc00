"""When services fail: never a duplicate, a removal or a lowered total; the next clean run converges."""

from contextlib import suppress
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.core import Cut, Garble, Rewrite, Status
from sync.errors import Denied, ExitCode, ServiceError
from tests.e2e.organisation import START, Organisation


def converges(org: Organisation, *issues: Any) -> None:
    """Clear the faults; one clean run must reach the desired state, a second must be silent."""
    org.sandbox.faults.clear()
    assert org.sync().exit_code is ExitCode.FINE
    for issue in issues:
        assert org.task(issue).parent is org.reef.csh["Q3"]
        assert len(org.rows(issue)) == 1
    assert org.writes_of() == []


CREATE = {"service": "asana", "method": "POST", "path": r"^/tasks$"}


@pytest.mark.parametrize(
    "fault",
    [Cut("after"), Cut("before"), Cut("after", after_bytes=40), Status(500, when="after"), Status(504), Garble("html")],
)
def test_a_create_without_a_clear_answer_is_never_repeated_and_never_doubled(org: Organisation, fault: Any) -> None:
    issue, other = org.issue("Reef Watch: fix", hours=2), org.issue("Reef Watch: other", hours=1)
    org.sandbox.faults.add(fault, **CREATE, times=1)
    mark = org.sandbox.log.mark()
    report = org.sync()
    posts = [
        one
        for one in org.sandbox.log.writes(since=mark, service="asana")
        if one.method == "POST" and one.path == "/tasks"
    ]
    assert len(posts) == 2
    assert report.exit_code is ExitCode.ITEMS_FAILED
    converges(org, issue, other)
    assert len(org.asana.tasks_in(org.home)) == 2
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3


@pytest.mark.parametrize("service", ["asana", "airtable", "github"])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "7"}])
def test_limits_are_waited_out(org: Organisation, service: str, headers: dict[str, str]) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Status(429, {}, headers), service=service, nth=2, times=1)
    assert org.sync().exit_code is ExitCode.FINE
    converges(org, issue)


@pytest.mark.parametrize("service", ["asana", "airtable", "github"])
def test_a_bad_gateway_in_the_middle_of_reading_is_repeated(org: Organisation, service: str) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.sandbox.faults.add(Status(502, "<html>bad gateway</html>"), service=service, nth=2, times=1)
    assert org.sync().exit_code is ExitCode.FINE
    converges(org, issue)


@pytest.mark.parametrize("service", ["asana", "airtable"])
@pytest.mark.parametrize("fault", [Status(503), Garble("html"), Garble("empty"), Cut("before")])
def test_a_destination_that_cannot_be_read_writes_nothing(org: Organisation, service: str, fault: Any) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.log_hours(issue, 5)
    org.sandbox.faults.add(fault, service=service, method="GET")
    mark = org.sandbox.log.mark()
    with pytest.raises(ServiceError) as caught:
        org.sync()
    assert caught.value.exit_code in {ExitCode.UNREADABLE, ExitCode.ITEMS_FAILED}
    assert list(org.sandbox.log.writes(since=mark)) == []
    converges(org, issue)


def test_a_github_that_cannot_be_read_lowers_and_removes_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    bare = org.issue("Reef Watch: bare")
    org.sync()
    org.sandbox.faults.add(Status(502), service="github", method="POST")
    with pytest.raises(ServiceError) as caught:
        org.sync()
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert org.has_task(bare)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    converges(org, issue, bare)


def test_refused_credentials_stop_before_the_first_write(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=2)
    for service in ("github", "asana", "airtable"):
        mark = org.sandbox.log.mark()
        with pytest.raises(Denied) as caught:
            org.sync(**{f"CSH_{service.upper()}__TOKEN": "wrong-token-value"})
        assert "wrong-token-value" not in str(caught.value)
        assert list(org.sandbox.log.writes(since=mark)) == []


def test_errors_beside_data_make_nodes_unknown_not_absent(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(3)]
    org.sync()

    def lose_one(body: Any) -> Any:
        for part in (body.get("data") or {}).values():
            if isinstance(part, dict) and "issues" in part and part["issues"].get("nodes"):
                part["issues"]["nodes"][1] = None
                error = {"type": "NOT_FOUND", "path": ["repository", "issues", "nodes", 1], "message": "gone"}
                body["errors"] = [error]
        return body

    org.sandbox.faults.add(Rewrite(lose_one), service="github", times=50)
    report = org.sync()
    assert report.exit_code in {ExitCode.FINE, ExitCode.UNREADABLE}
    assert all(org.has_task(issue) for issue in issues)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    converges(org, *issues)


def test_one_refused_item_stops_nothing_else_and_is_named(org: Organisation) -> None:
    bad, good = org.issue("Reef Watch: bad", hours=1), org.issue("Reef Watch: good", hours=1)
    refused = {"errors": [{"message": "name: Something is wrong with it", "help": ""}]}

    def is_bad(record: Any) -> bool:
        return "bad" in str((record.body or {}).get("data", {}).get("name", ""))

    org.sandbox.faults.add(Status(400, refused), **CREATE, where=is_bad)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert org.has_task(good)
    failed = next(one for one in report.outcomes if one.result.value == "failed")
    assert failed.change.about.reference == "acme/hub#1"
    assert "Something is wrong" in failed.detail
    converges(org, bad, good)


def test_one_bad_record_in_a_batch_is_written_apart(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(4)]

    def has_second(record: Any) -> bool:
        return "Reef Watch: 2" in str(record.body)

    refusal = {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": "no"}}
    org.sandbox.faults.add(Status(422, refusal), service="airtable", method="PATCH", where=has_second)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert [bool(org.rows(issue)) for issue in issues] == [True, True, False, True]
    assert org.allocation(org.reef, "Q3").get("Hours used", 0) == 0
    converges(org, *issues)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 4


@pytest.mark.parametrize("verb", ["PUT", "DELETE", "POST"])
def test_lost_answers_of_harmless_writes_are_repeated(org: Organisation, verb: str) -> None:
    issue, gone = org.issue("Reef Watch: fix", hours=2), org.issue("Reef Watch: gone")
    org.sync()
    org.github.edit(issue, title="Reef Watch: fixed")
    org.github.close(gone, "not_planned")
    org.github.edit(org.issue("Reef Watch: new"), body="x")
    path = r"/setParent$" if verb == "POST" else None
    org.sandbox.faults.add(Cut("after"), service="asana", method=verb, path=path, times=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert not org.has_task(gone)
    assert org.writes_of() == []


def test_an_upsert_with_a_lost_answer_leaves_one_row(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Cut("after"), service="airtable", method="PATCH", times=1)
    assert org.sync().exit_code is ExitCode.FINE
    assert len(org.airtable.rows("Activity")) == 1
    converges(org, issue)


@pytest.mark.parametrize("kind", ["before", "after"])
def test_a_first_run_cut_off_at_any_write_is_finished_by_the_next(kind: Any) -> None:
    """From its k-th write on, nothing gets through any more: for every k of a first run."""
    for nth in range(1, 60):
        with Sandbox(start=START) as sandbox:
            org = Organisation(sandbox)
            parent = org.issue("Reef Watch: parent", hours=1)
            child = org.issue("child", labels=(), parent=parent, hours=2)
            org.issue("Reef Watch: spring", hours=1, End_date="2026-05-05")
            cut = sandbox.faults.add(Cut(kind), is_write=True, nth=nth)
            with suppress(ServiceError):
                org.sync()
            was_cut = cut.hits > 0
            sandbox.faults.clear()
            assert org.sync().exit_code is ExitCode.FINE
            assert len(org.asana.tasks_in(org.home)) == 3
            assert org.task(child).parent is org.task(parent)
            assert org.allocation(org.reef, "Q3")["Hours used"] == 3
            assert org.allocation(org.reef, "Q2")["Hours used"] == 1
            assert len(org.airtable.rows("Activity")) == 3
            assert org.writes_of() == []
            if not was_cut:
                assert nth > 8, "the loop ended before it tried every write"
                return
    raise AssertionError("a first run has more writes than this test tried")
