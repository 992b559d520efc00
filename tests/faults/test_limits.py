"""B. Limits, quotas, outages: what a slow service, or one that takes nothing more, does to a run."""

from typing import Any

import pytest

from sandbox.core import Hang, Person, Status
from sync.apply import FIRST_OWNERS, OUT_OF_TIME
from sync.errors import Denied, ExitCode
from sync.model.change import Result
from tests.e2e.organisation import Organisation

ACTIVITY = r"^/v0/[^/]+/tbl"


def numbered(org: Organisation, many: int) -> list[Any]:
    return [org.issue(f"Reef Watch: {number}", hours=1) for number in range(many)]


def everything_is_there_once(org: Organisation, issues: list[Any]) -> bool:
    """Tell whether, after one more run, each issue has its task, its row and its hour, and nothing is to be written."""
    org.sync()
    assert all(org.task(issue).parent is org.reef.csh["Q3"] for issue in issues)
    assert [sorted(org.rows(issue)) for issue in issues] == [["Reef Watch Q3"]] * len(issues)
    assert len(org.airtable.rows("Activity")) == len(issues)
    return org.allocation(org.reef, "Q3")["Hours used"] == len(issues) and org.writes_of() == []


def test_fault_b05_lock_out_in_the_middle_of_the_rows_loses_no_half_of_a_batch(org: Organisation) -> None:
    issues = numbered(org, 25)
    refusal = Status(429, {"errors": [{"error": "RATE_LIMIT_REACHED"}]})
    org.sandbox.faults.add(refusal, service="airtable", method="PATCH", path=ACTIVITY, nth=2, times=2)
    assert org.sync().exit_code is ExitCode.FINE
    assert everything_is_there_once(org, issues)


def test_fault_b06_monthly_cap_reached_while_writing_stops_the_run_and_the_next_month_goes_on(
    org: Organisation,
) -> None:
    issues = numbered(org, 25)
    options = org.sandbox.airtable.options
    used_up = Person(lambda: setattr(options, "billing_limit_reached", True))
    org.sandbox.faults.add(used_up, service="airtable", method="PATCH", path=ACTIVITY, nth=2, times=1)
    report = org.sync()
    assert report.exit_code is ExitCode.UNREADABLE
    assert any("billing cycle" in one.detail for one in report.outcomes)
    sent = list(org.sandbox.log.select())
    refused = next(place for place, one in enumerate(sent) if one.status == 429)
    assert sum(1 for one in sent[refused:] if one.is_write) <= FIRST_OWNERS, "but for what was under way"
    mark = org.sandbox.log.mark()
    with pytest.raises(Denied, match="billing cycle"):
        org.sync()
    assert list(org.sandbox.log.writes(since=mark)) == []
    options.billing_limit_reached = False
    assert everything_is_there_once(org, issues)


def test_fault_b12_run_that_a_slow_service_holds_up_ends_at_an_item_and_the_next_ones_go_on(org: Organisation) -> None:
    issues = numbered(org, 12)
    org.sandbox.faults.add(Hang(0.01), service="asana", is_write=True)
    made: list[int] = []
    for _ in range(20):
        report = org.sync(CSH_RUN__WRITING_MINUTES="0.000001")
        made.append(sum(org.has_task(issue) for issue in issues))
        if report.exit_code is ExitCode.FINE:
            break
        assert report.exit_code is ExitCode.UNREADABLE
        left = [one for one in report.outcomes if one.result is not Result.DONE]
        assert left
        assert {(one.result, one.detail) for one in left} == {(Result.SKIPPED, OUT_OF_TIME)}
    assert report.exit_code is ExitCode.FINE
    assert 0 < made[0] < len(issues)
    assert made == sorted(made)
    assert everything_is_there_once(org, issues)
