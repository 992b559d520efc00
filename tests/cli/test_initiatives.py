"""Initiatives on GitHub: shown and made by csh-sync allocations where that is switched on (requirements 72, 73)."""

import json
from datetime import date
from typing import Any

import pytest

from sandbox.core import Cut, Status
from tests.cli.test_allocations import forget, promise
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]
ON = {"CSH_INITIATIVES__ENABLED": "true", "CSH_INITIATIVES__REPOSITORY": "planning"}
APPLY = ("allocations", "--apply", "--yes")


@pytest.fixture
def contracts(org: Organisation, go: Go) -> Organisation:
    """Rows, tasks and links are complete; the fourth quarter begins within two iterations."""
    promise(org, org.reef)
    promise(org, org.glacier)
    org.github.add_repository("planning")
    org.sandbox.clock.set(org.sandbox.clock.now().replace(month=9, day=20))
    past = [(f"Iteration {day}", day, 14) for day in (date(2026, 8, 17), date(2026, 8, 31))]
    coming = [(f"Iteration {day}", day, 14) for day in (date(2026, 9, 14), date(2026, 9, 28), date(2026, 10, 12))]
    org.github.add_field(org.board, "Iteration", "ITERATION", iterations=coming, completed=past)
    assert go("allocations", "--apply", "--yes").exit_code == 0
    return org


def planned(org: Organisation) -> list[Any]:
    """Return the issues of the planning repository."""
    return list(org.github.repository("planning").issues.values())


def roots(org: Organisation) -> list[Any]:
    return [one for one in planned(org) if one.parent is None]


def github_writes(org: Organisation, since: int = 0) -> list[Any]:
    return list(org.sandbox.log.writes(since=since, service="github"))


def complete(org: Organisation) -> None:
    """Assert that each community has its initiative once, with its tasks, on the board, its address noted."""
    assert len(roots(org)) == 2
    for root in roots(org):
        assert len(root.children) == 4
        assert len([item for item in org.board.items if item.content is root]) == 1
    noted = {org.allocation(place, "Q4").get("Initiative URL") for place in (org.reef, org.glacier)}
    assert noted == {org.url(one) for one in roots(org)}


def test_by_default_the_list_is_shown_and_nothing_is_written(go: Go, contracts: Organisation) -> None:
    result = go("allocations", "--apply", "--yes")
    assert "Upcoming" in result.stdout
    assert planned(contracts) == []
    assert github_writes(contracts) == []


def test_where_it_is_switched_on_initiatives_are_made_once(go: Go, contracts: Organisation) -> None:
    shown = go("allocations", **ON)
    assert shown.exit_code == 0, shown.output
    assert 'initiative "[Reef Watch]' in shown.stdout
    assert github_writes(contracts) == []
    assert go(*APPLY, **ON).exit_code == 0
    complete(contracts)
    mark = contracts.sandbox.log.mark()
    again = go(*APPLY, **ON)
    assert again.exit_code == 0
    assert github_writes(contracts, mark) == []
    complete(contracts)


def test_no_hours_and_no_names_stand_on_github(go: Go, contracts: Organisation) -> None:
    contracts.airtable.edit_cell("Allocations", contracts.reef.allocations["Q4"], "Provider", "Ana Provider")
    go(*APPLY, **ON)
    for one in planned(contracts):
        assert "8 h" not in one.title + one.body
        assert "Ana" not in one.title + one.body


@pytest.mark.parametrize("nth", range(1, 13))
def test_a_lost_answer_anywhere_makes_no_second_one(go: Go, contracts: Organisation, nth: int) -> None:
    contracts.sandbox.faults.add(Cut("after"), service="github", is_write=True, nth=nth, times=1)
    go(*APPLY, **ON)
    contracts.sandbox.faults.clear()
    assert go(*APPLY, **ON).exit_code == 0
    complete(contracts)


@pytest.mark.parametrize("nth", range(1, 13))
def test_what_a_refusal_left_half_done_is_finished(go: Go, contracts: Organisation, nth: int) -> None:
    contracts.sandbox.faults.add(Status(422, {"message": "no"}), service="github", is_write=True, nth=nth)
    assert go(*APPLY, **ON).exit_code in {1, 4}
    contracts.sandbox.faults.clear()
    assert go(*APPLY, **ON).exit_code == 0
    complete(contracts)


def test_an_address_that_a_person_noted_is_an_initiative(go: Go, contracts: Organisation) -> None:
    url = "https://github.com/acme/elsewhere/issues/7"
    contracts.airtable.edit_cell("Allocations", contracts.reef.allocations["Q4"], "Initiative URL", url)
    assert go(*APPLY, **ON).exit_code == 0
    assert len(roots(contracts)) == 1
    assert contracts.allocation(contracts.reef, "Q4")["Initiative URL"] == url


def test_runs_mirror_no_initiative(go: Go, contracts: Organisation) -> None:
    go(*APPLY, **ON)
    assert go("run", **ON).exit_code == 0
    assert [one.name for one in contracts.asana.tasks_in(contracts.home) if "[" in one.name] == []


def test_as_a_document(go: Go, contracts: Organisation) -> None:
    document = json.loads(go("allocations", "--json", **ON).stdout)
    assert {one["allocation_id"] for one in document["initiatives"]} == {
        contracts.reef.allocations["Q4"],
        contracts.glacier.allocations["Q4"],
    }
    assert {one["due"] for one in document["upcoming"]} == {True}


def test_initiatives_and_csh_tasks_are_made_in_the_organisations_own_words(go: Go, org: Organisation) -> None:
    promise(org, org.reef)
    forget(org, org.reef, "Q4")
    org.github.add_repository("planning")
    org.sandbox.clock.set(org.sandbox.clock.now().replace(month=9, day=20))
    coming = [(f"Iteration {day}", day, 14) for day in (date(2026, 9, 14), date(2026, 9, 28), date(2026, 10, 12))]
    past = [(f"Iteration {day}", day, 14) for day in (date(2026, 8, 17), date(2026, 8, 31))]
    org.github.add_field(org.board, "Iteration", "ITERATION", iterations=coming, completed=past)
    own = {
        "CSH_WORDING__INITIATIVE": "Vom {start} bis {end}.\n\n- [ ] alles",
        "CSH_WORDING__CSH_TASK": "Zeitraum <i>: {allocation}",
    }
    for _ in range(2):  # rows and CSH tasks, then their initiatives
        assert go(*APPLY, **ON, **own).exit_code == 0
    (root,) = roots(org)
    (allocation,) = [one for one, cells in org.airtable.rows("Allocations").items() if cells.get("Initiative URL")]
    marker = f"<!-- csh-sync initiative {allocation} -->"
    assert root.body == f"Vom 2026-10-01 bis 2026-12-31.\n\n- [ ] alles\n\n{marker}\n"
    made = [task for task in org.asana.tasks.values() if task.rich.text.startswith("Zeitraum <i>: ")]
    assert [task.name for task in made] == ["Community Success Hours"]
    mark = org.sandbox.log.mark()
    assert go(*APPLY, **ON).exit_code == 0
    assert list(org.sandbox.log.writes(since=mark, service="github")) == []
    assert list(org.sandbox.log.writes(since=mark, service="asana")) == []
