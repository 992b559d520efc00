"""Issues without hours keep their place when their period is sealed: a seal diverts minutes, no tasks (decision D7)."""

from tests.e2e.organisation import Organisation


def test_it_stays_under_the_csh_task_of_its_sealed_period(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring call", End_date="2026-05-20")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q2"]
    assert org.writes_of() == []
    assert org.task(issue).parent is org.reef.csh["Q2"]


def test_it_stays_there_also_when_no_later_allocation_holds_today(org: Organisation) -> None:
    org.airtable.delete_row("Allocations", org.reef.allocations["Q3"])
    issue = org.issue("Reef Watch: spring call", End_date="2026-05-20")
    org.sync()
    assert org.writes_of() == []
    assert org.task(issue).parent is org.reef.csh["Q2"]
    assert [one.about.reference for one in org.plan().waiting] == []


def test_it_stays_when_its_period_is_sealed_later(org: Organisation) -> None:
    issue = org.issue("Reef Watch: summer call", End_date="2026-08-05")
    org.sync()
    org.days_pass(70)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Sealed on"] == "2026-10-19"
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []


def test_hours_that_come_late_take_it_along(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring call", End_date="2026-05-20")
    org.sync()
    org.log_hours(issue, 1)
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue)["Reef Watch Q3"]["Late"] is True
    assert org.writes_of() == []


def test_open_work_without_a_date_goes_on_to_the_next_period(org: Organisation) -> None:
    issue = org.issue("Reef Watch: not begun")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    org.days_pass(70)
    org.sync()
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q4"]
    assert org.writes_of() == []


def test_it_follows_its_date_out_of_a_sealed_period(org: Organisation) -> None:
    issue = org.issue("Reef Watch: spring call", End_date="2026-05-20")
    org.sync()
    org.github.set_board(issue, org.board, {"End date": "2026-08-05"})
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []
