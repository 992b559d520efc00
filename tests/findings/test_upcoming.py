"""Allocations that start within two iterations and are not planned; the list the area leads plan from."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sync.findings.case import Case
from sync.findings.upcoming import not_planned
from sync.mirror.upcoming import upcoming_allocations
from sync.model.addresses import same_address
from sync.model.finding import Finding
from sync.model.initiative import Initiative, InitiativeSnapshot, Lack, PlanningIssue, Upcoming
from sync.model.issue import Iteration
from sync.report.upcoming_text import upcoming_documents, upcoming_notes, upcoming_row
from sync.run import plan_run
from sync.services import Services
from tests.findings.healthy import edit, healthy_world
from tests.mirror.paper import PaperWorld

URL = "https://github.com/acme/planning/issues/7"


def until(world: PaperWorld, end: date, days: int = 14) -> None:
    """Give the board six iterations, the last of which ends on *end*."""
    read, span = world.github.read, timedelta(days=days)
    found = [Iteration(f"-{back}", end - back * span - span + timedelta(1), end - back * span) for back in range(6)]
    world.github.read = lambda known: replace(read(known), iterations=tuple(found))  # type: ignore[method-assign]


def planning(world: PaperWorld, *, on_board: bool, marked: str = "") -> InitiativeSnapshot:
    issue = PlanningIssue("I_7", 7, 7, URL, on_board=on_board)
    return InitiativeSnapshot({marked: Initiative(issue)} if marked else {}, {same_address(URL): issue})


def seen(world: PaperWorld, initiatives: InitiativeSnapshot | None = None) -> Case:
    """Return what a check looks at, with the planning repository as given."""
    services = Services(world.github, world.asana, world.airtable)
    assessment, read = plan_run(services, world.policy, world.now)
    return Case(assessment, replace(read, initiatives=initiatives), world.policy)


def found(world: PaperWorld, initiatives: InitiativeSnapshot | None = None) -> list[Finding]:
    return list(not_planned(seen(world, initiatives)))


def listed(world: PaperWorld, initiatives: InitiativeSnapshot | None = None) -> tuple[Upcoming, ...]:
    return upcoming_allocations(seen(world, initiatives).world, world.policy)


@pytest.fixture
def autumn() -> PaperWorld:
    """The 10th of August; two iterations before 1 October is 3 September. Nothing is planned yet."""
    healthy = healthy_world()
    until(healthy, date(2026, 9, 30))
    for place in (healthy.reef, healthy.glacier):
        edit(healthy, "allocations", place.allocations["Q4"], initiative_url="", provider="Ana")
    return healthy


def test_two_iterations_before_the_start_an_unplanned_allocation_is_told(autumn: PaperWorld) -> None:
    autumn.days_pass(23)  # 2 September
    assert found(autumn) == []
    autumn.days_pass(1)
    first, second = found(autumn)
    assert (first.subject, first.community) == ("Glacier Commons Q4", "Glacier Commons")
    assert second.subject_id == second.period == autumn.reef.allocations["Q4"]
    assert second.evidence == ("It starts on 2026-10-01; two iterations before is 2026-09-03. It lacks an initiative.")
    assert "allocation_not_planned" in {one.kind for one in autumn.sync().plan.findings}


def test_it_is_told_until_it_starts(autumn: PaperWorld) -> None:
    autumn.days_pass(51)  # 30 September
    assert len(found(autumn)) == 2
    autumn.days_pass(1)
    assert found(autumn) == []


def test_an_initiative_that_a_person_noted_or_that_carries_our_marker_is_one(autumn: PaperWorld) -> None:
    autumn.days_pass(30)
    edit(autumn, "allocations", autumn.glacier.allocations["Q4"], initiative_url=URL)
    assert [one.community for one in found(autumn)] == ["Reef Watch"]
    marked = planning(autumn, on_board=True, marked=autumn.reef.allocations["Q4"])
    assert found(autumn, marked) == []


def test_an_initiative_that_was_read_and_is_not_on_the_board_is_told(autumn: PaperWorld) -> None:
    autumn.days_pass(30)
    edit(autumn, "allocations", autumn.glacier.allocations["Q4"], initiative_url=f"{URL}/#issue-1")
    marked = planning(autumn, on_board=False, marked=autumn.reef.allocations["Q4"])
    assert [one.evidence.rpartition("It lacks ")[2] for one in found(autumn, marked)] == [
        "its initiative on the board."
    ] * 2
    assert [one.community for one in found(autumn)] == ["Reef Watch"], "what was not read is not told"


def test_a_base_without_the_column_says_nothing_of_initiatives(autumn: PaperWorld) -> None:
    autumn.days_pass(30)
    for place in (autumn.reef, autumn.glacier):
        edit(autumn, "allocations", place.allocations["Q4"], initiative_url=None)
    assert found(autumn) == []
    assert {lack for one in listed(autumn) for lack in one.lacks} == set()


def test_without_a_calendar_that_reaches_to_the_start_nothing_is_told(autumn: PaperWorld) -> None:
    until(autumn, date(2026, 9, 29))
    autumn.days_pass(30)
    assert found(autumn) == []
    rows = [upcoming_row(one, date(2026, 9, 9)) for one in listed(autumn)]
    assert [row[1] for row in rows] == ["cannot be told"] * 2
    assert "2 allocations" in next(iter(upcoming_notes(listed(autumn))))


def test_contracts_that_were_not_read_whole_say_nothing(autumn: PaperWorld) -> None:
    autumn.days_pass(30)
    autumn.airtable.contracts = replace(autumn.airtable.contracts, complete=False)
    assert found(autumn) == []


def test_the_list_has_all_that_is_to_come_by_start_and_what_each_lacks(autumn: PaperWorld) -> None:
    edit(autumn, "allocations", autumn.reef.allocations["Q4"], start=date(2026, 9, 30), provider=" ")
    del autumn.asana.tasks[autumn.reef.csh["Q4"]]
    autumn.asana.csh.pop(autumn.reef.csh["Q4"])
    first, second = listed(autumn)
    assert (first.community, second.community) == ("Reef Watch", "Glacier Commons")
    assert second.lacks == (Lack.INITIATIVE,)
    assert first.lacks[:2] == (Lack.INITIATIVE, Lack.PROVIDER)
    assert second.csh_task_url
    today = autumn.now.date()
    assert upcoming_row(second, today)[:3] == ("1 Oct 2026", "3 Sep 2026", "Glacier Commons")
    assert upcoming_row(second, date(2026, 9, 3))[1] == "3 Sep 2026, now"
    (_, document) = upcoming_documents((first, second), today)
    assert (document["plan_by"], document["due"], document["lacks"]) == ("2026-09-03", False, ["initiative"])
