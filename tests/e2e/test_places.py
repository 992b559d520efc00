"""Whose place counts: a person's move survives, decides tree and hours, and is never fought over (decision D7)."""

from tests.e2e.organisation import Organisation, kinds


def test_a_task_moved_under_another_csh_task_stays_and_takes_its_hours_along(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.glacier.csh["Q3"])
    report = org.sync()
    assert org.task(issue).parent is org.glacier.csh["Q3"]
    assert "placed_elsewhere" in kinds(report)
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 2
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0
    assert org.rows(issue)["Glacier Commons Q3"]["Placed by"] == "person"
    assert org.writes_of() == []
    org.log_hours(issue, 3)
    org.sync()
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 3
    assert org.task(issue).parent is org.glacier.csh["Q3"]


def test_a_task_moved_to_another_period_stays_there_whatever_its_date(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2, End_date="2026-08-01")
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q4"])
    org.sync()
    assert org.allocation(org.reef, "Q4")["Hours used"] == 2
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0
    assert org.writes_of() == []


def test_a_task_moved_back_is_ours_again(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.glacier.csh["Q3"])
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q3"])
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 0
    assert org.rows(issue)["Reef Watch Q3"]["Placed by"] == "sync"
    assert org.writes_of() == []


def test_a_waiting_task_can_be_placed_by_hand(org: Organisation) -> None:
    issue = org.issue("Help with something", hours=1)
    org.sync()
    org.asana.move_task(org.task(issue), parent=org.reef.csh["Q3"])
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1
    assert org.writes_of() == []


def test_a_task_moved_outside_every_csh_task_stays_and_its_hours_follow_the_evidence(org: Organisation) -> None:
    elsewhere = org.asana.add_task("My list")
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.asana.move_task(org.task(issue), parent=elsewhere)
    org.log_hours(issue, 3)
    org.sync()
    assert org.task(issue).parent is elsewhere
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    org.days_pass(60)
    assert org.writes_of() == [] or org.task(issue).parent is elsewhere
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3


def test_a_detached_task_stays_detached(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.asana.detach_task(org.task(issue))
    assert org.writes_of() != []
    assert org.task(issue).parent is None
    assert org.writes_of() == []


def test_a_sub_issue_moved_on_github_moves_in_asana(org: Organisation) -> None:
    first, second = org.issue("Reef Watch: a"), org.issue("Reef Watch: b")
    child = org.issue("child", labels=(), parent=first, hours=1)
    org.sync()
    org.github.move_sub_issue(child, second)
    org.sync()
    assert org.task(child).parent is org.task(second)
    assert org.writes_of() == []


def test_a_sub_issue_moved_in_asana_by_hand_stays(org: Organisation) -> None:
    first, second = org.issue("Reef Watch: a"), org.issue("Reef Watch: b")
    child = org.issue("child", labels=(), parent=first, hours=1)
    org.sync()
    org.asana.move_task(org.task(child), parent=org.task(second))
    org.sync()
    assert org.task(child).parent is org.task(second)
    assert org.writes_of() == []


def test_a_crash_between_create_and_place_is_finished_by_the_next_run(org: Organisation) -> None:
    """The answer of setParent is lost for good: the task waits in the home project until the next run places it."""
    from sandbox.core import Cut  # noqa: PLC0415

    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Cut("before"), service="asana", method="POST", path=r"/setParent$", times=10)
    org.sync()
    assert org.task(issue).parent is None
    org.sandbox.faults.clear()
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert len(org.asana.tasks_in(org.home)) == 1
    assert org.writes_of() == []


def test_a_crash_after_place_is_not_taken_for_a_persons_move(org: Organisation) -> None:
    from sandbox.core import Cut  # noqa: PLC0415

    issue = org.issue("Reef Watch: fix", hours=2)
    org.sandbox.faults.add(Cut("before"), service="airtable", method="PATCH", times=100)
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.rows(issue) == {}
    org.sandbox.faults.clear()
    org.sync()
    assert org.rows(issue)["Reef Watch Q3"]["Placed by"] == "sync"
    assert org.writes_of() == []


def test_the_board_names_community_or_allocation(org: Organisation) -> None:
    by_community = org.issue("Quarterly call", hours=1, Community="Glacier Commons")
    by_allocation = org.issue("Other call", hours=1, Allocation="Reef Watch Q4 2026")
    org.sync()
    assert list(org.rows(by_community)) == ["Glacier Commons Q3"]
    assert list(org.rows(by_allocation)) == ["Reef Watch Q4"]
    assert org.task(by_allocation).parent is org.reef.csh["Q4"]
    assert org.writes_of() == []


def test_an_issue_whose_community_changes_moves_with_its_minutes(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.edit(issue, title="GlacierHub: fix")
    org.sync()
    assert org.task(issue).parent is org.glacier.csh["Q3"]
    assert org.allocation(org.reef, "Q3")["Hours used"] == 0
    assert org.allocation(org.glacier, "Q3")["Hours used"] == 2
    assert org.writes_of() == []


def test_evidence_that_is_gone_moves_nothing(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    org.github.edit(issue, title="fix")
    org.sync()
    assert org.task(issue).parent is org.reef.csh["Q3"]
    org.log_hours(issue, 3)
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.writes_of() == []


def test_twins_are_reported_and_only_the_known_one_is_written(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.sync()
    ours = org.task(issue)
    copy = org.asana.duplicate_task(ours)
    org.github.edit(issue, title="Reef Watch: fixed")
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert "twin_tasks" in kinds(report)
    assert ours.name == "Reef Watch: fixed"
    assert not [one for one in org.sandbox.log.writes(since=mark, service="asana") if copy.gid in one.path]
    assert len(org.rows(issue)) == 1


def test_our_address_on_a_task_outside_the_home_project_is_a_finding_and_nothing_is_written(org: Organisation) -> None:
    issue = org.issue("Reef Watch: fix", hours=2)
    org.asana.add_field_to_project(org.reef.asana_project, org.url_field)
    typed = org.asana.add_task("typed", project=org.reef.asana_project, parent=org.reef.csh["Q3"])
    org.asana.edit_field(typed, org.url_field, org.url(issue))
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert "address_elsewhere" in kinds(report)
    assert not [one for one in org.sandbox.log.writes(since=mark, service="asana") if typed.gid in one.path]
