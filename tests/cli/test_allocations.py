"""csh-sync allocations: what clauses imply beside what there is, and making what is missing."""

import json
from datetime import date

import pytest

from sandbox.core import Cut, Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Community, Organisation

__all__ = ["go", "org"]
CLAUSE = (
    "Up to 8 hours / quarter by the P&S team. Hours reset at the start of each quarter (Jan 1, Apr 1, Jul 1, Oct 1)."
)
CREATE_ROWS = {"service": "airtable", "method": "POST"}
CREATE_TASK = {"service": "asana", "method": "POST", "path": r"^/tasks$"}


def promise(org: Organisation, place: Community, clause: str = CLAUSE, **days: str) -> None:
    """Write a clause and a term of a whole year."""
    org.airtable.edit_cells("Projects", place.project, {"Clause": clause})
    term = {"Start": "2026-01-01", "End": "2026-12-31", "Status": "Active"} | days
    org.airtable.edit_cells("Engagements", place.engagement, term)


@pytest.fixture
def contracts(org: Organisation) -> Organisation:
    """Both layouts of engagements, with clauses; Q1 of both has no row and no CSH task."""
    promise(org, org.reef)
    promise(org, org.glacier)
    return org


def rows(org: Organisation) -> dict[str, dict[str, object]]:
    """Return the allocations by name."""
    return {str(cells["Name"]): dict(cells) for cells in org.airtable.rows("Allocations").values()}


def forget(org: Organisation, place: Community, quarter: str) -> None:
    """Delete an allocation and its CSH task."""
    org.airtable.delete_row("Allocations", place.allocations[quarter])
    org.asana.delete_task(place.csh[quarter])


def test_the_calendar_stands_beside_the_rows_and_nothing_is_written(go: Go, contracts: Organisation) -> None:
    result = go("allocations")
    assert result.exit_code == 0
    reef = result.stdout.split("Reef Watch / Reef Watch 2026 Membership / Reef Watch support")[1]
    assert f'clause: "{CLAUSE}"' in reef
    assert "+ Q1 2026" in reef
    assert "Q3 2026" in reef
    assert "+ Reef Watch, Q1 2026: row" in result.stdout
    assert list(contracts.sandbox.log.writes()) == []


def test_missing_rows_and_tasks_are_made_and_linked_both_ways_in_both_layouts(go: Go, contracts: Organisation) -> None:
    org = contracts
    for place in (org.reef, org.glacier):
        forget(org, place, "Q4")
    assert go("allocations", "--apply", "--yes").exit_code == 0
    made = rows(org)
    for place in (org.reef, org.glacier):
        row = made[f"{place.name} Q4 2026"]
        assert (row["Start"], row["End"], row["Hours available"]) == ("2026-10-01", "2026-12-31", 8)
        assert row["Project"] == [place.project]
        gid = str(row["Asana task"]).rstrip("/").rpartition("/")[2]
        task = org.asana.tasks[gid]
        assert (task.name, task.start_on, task.due_on) == (
            "Community Success Hours",
            date(2026, 10, 1),
            date(2026, 12, 31),
        )
        assert task in org.asana.tasks_in(org.home)
        record = next(one for one, cells in org.airtable.rows("Allocations").items() if cells["Name"] == row["Name"])
        assert record in str(task.rich)
        assert (task.parent is org.glacier.asana_project) is (place is org.glacier)
        # A period that is over gets its row, and no new task.
        assert made[f"{place.name} Q1 2026"].get("Asana task") is None
        assert made[f"{place.name} Q3 2026"]["Asana task"]


def test_a_second_time_nothing_is_made_and_runs_stay_quiet(go: Go, contracts: Organisation) -> None:
    org = contracts
    forget(org, org.reef, "Q4")
    issue = org.issue("Reef Watch: fix", hours=2)
    assert go("allocations", "--apply", "--yes").exit_code == 0
    before, mark = rows(org), org.sandbox.log.mark()
    result = go("allocations", "--apply", "--yes")
    assert result.exit_code == 0
    assert "Nothing to add." in result.stdout
    assert list(org.sandbox.log.writes(since=mark)) == []
    assert rows(org) == before
    assert org.sync().exit_code == 0
    assert org.task(issue).parent is org.reef.csh["Q3"]
    assert org.writes_of() == []
    assert org.plan().changes == ()


def test_what_a_person_changed_is_shown_and_left(go: Go, contracts: Organisation) -> None:
    org = contracts
    org.airtable.edit_cells("Allocations", org.reef.allocations["Q3"], {"Hours available": 12, "End": "2026-09-20"})
    result = go("allocations", "Reef Watch", "--apply", "--yes")
    assert "12 h instead of 8 h" in result.stdout
    row = org.allocation(org.reef, "Q3")
    assert (row["Hours available"], row["End"]) == (12, "2026-09-20")


@pytest.mark.parametrize("name", ["Reef Watch", "rw", "Reef Watch 2026 Membership"])
def test_one_community_or_engagement(go: Go, contracts: Organisation, name: str) -> None:
    result = go("allocations", name)
    assert "Reef Watch support" in result.stdout
    assert "Glacier" not in result.stdout


def test_a_name_nobody_has(go: Go, contracts: Organisation) -> None:
    result = go("allocations", "Riff Watch")
    assert result.exit_code == 1
    assert "There is no community and no engagement 'Riff Watch'" in result.stderr


@pytest.mark.parametrize("fault", [Cut("after"), Status(502, when="after"), Cut("after", after_bytes=30)])
def test_rows_whose_answer_was_lost_are_found_and_not_made_twice(
    go: Go, contracts: Organisation, fault: object
) -> None:
    org = contracts
    forget(org, org.reef, "Q4")
    org.sandbox.faults.add(fault, **CREATE_ROWS, times=1)  # type: ignore[arg-type]
    assert go("allocations", "--apply", "--yes").exit_code == 0
    names = [cells["Name"] for cells in org.airtable.rows("Allocations").values()]
    assert len(names) == len(set(names)) == 8
    made = rows(org)["Reef Watch Q4 2026"]
    gid = str(made["Asana task"]).rpartition("/")[2]
    record = next(one for one, cells in org.airtable.rows("Allocations").items() if cells["Name"] == made["Name"])
    assert record in str(org.asana.tasks[gid].rich)
    assert "Asana task" not in rows(org)["Reef Watch Q1 2026"]


def test_rows_that_were_not_made_are_told_and_made_the_next_time(go: Go, contracts: Organisation) -> None:
    org = contracts
    org.sandbox.faults.add(Cut("before"), **CREATE_ROWS)
    result = go("allocations", "--apply", "--yes")
    assert result.exit_code == 1
    assert "Run csh-sync allocations again" in result.stdout
    org.sandbox.faults.clear()
    assert go("allocations", "--apply", "--yes").exit_code == 0
    assert len(rows(org)) == 8


@pytest.mark.parametrize("fault", [Cut("after"), Status(504, when="after")])
def test_a_task_whose_answer_was_lost_is_found_and_not_made_twice(
    go: Go, contracts: Organisation, fault: object
) -> None:
    org = contracts
    for place in (org.reef, org.glacier):
        forget(org, place, "Q4")
    org.sandbox.faults.add(fault, **CREATE_TASK, times=2)  # type: ignore[arg-type]
    assert go("allocations", "--apply", "--yes").exit_code == 1
    assert go("allocations", "--apply", "--yes").exit_code == 0
    for place in (org.reef, org.glacier):
        gid = str(rows(org)[f"{place.name} Q4 2026"]["Asana task"]).rpartition("/")[2]
        like = [one for one in org.asana.tasks_in(org.home) if one.name == "Community Success Hours"]
        assert gid in {one.gid for one in like}
        assert len(like) == 2
        assert (org.asana.tasks[gid].parent is org.glacier.asana_project) is (place is org.glacier)


def test_a_task_that_could_not_be_put_in_its_place_is_finished_the_next_time(go: Go, contracts: Organisation) -> None:
    org = contracts
    forget(org, org.glacier, "Q4")
    org.sandbox.faults.add(Status(400), service="asana", path="setParent", method="POST")
    assert go("allocations", "--apply", "--yes").exit_code == 1
    org.sandbox.faults.clear()
    result = go("allocations", "--apply", "--yes")
    assert "finish the CSH task that was begun" in result.stdout
    assert result.exit_code == 0
    like = [one for one in org.asana.tasks_in(org.home) if one.name == "Community Success Hours"]
    assert [one.parent for one in like] == [org.glacier.asana_project]


def test_a_refused_row_stops_no_other(go: Go, contracts: Organisation) -> None:
    org = contracts
    refusal = Status(422, {"error": {"type": "INVALID_VALUE_FOR_COLUMN", "message": "no"}})
    org.sandbox.faults.add(refusal, **CREATE_ROWS, where=lambda one: org.reef.project in str(one.body))
    result = go("allocations", "--apply", "--yes")
    assert result.exit_code == 1
    assert "failed: Reef Watch, Q1 2026" in result.stdout
    assert "Glacier Commons Q1 2026" in rows(org)


def test_without_a_yes_nothing_is_made(go: Go, contracts: Organisation) -> None:
    assert go("allocations", "--apply").exit_code == 3
    assert go("allocations", "--apply", answer="n\n").exit_code == 3
    assert list(contracts.sandbox.log.writes()) == []
    assert go("allocations", "--apply", answer="y\n").exit_code == 0
    assert len(rows(contracts)) == 8


def test_what_cannot_be_read_is_no_ground_for_making_anything(go: Go, contracts: Organisation) -> None:
    org = contracts
    org.sandbox.faults.add(Status(403), service="asana", path=rf"project={org.reef.asana_project.gid}\b")
    result = go("allocations", "--apply", "--yes")
    assert result.exit_code == 3
    assert "not everything could be read" in result.stderr
    assert list(org.sandbox.log.writes()) == []


def test_while_a_run_writes_nothing_is_made(go: Go, contracts: Organisation) -> None:
    org = contracts
    until = org.sandbox.clock.now().replace(year=2027).isoformat()
    org.airtable.add_row("Runs", {"Run": "run elsewhere", "Lease until": until})
    assert go("allocations", "--apply", "--yes").exit_code == 3
    assert org.writes_elsewhere() == []


def test_parallel_projects_get_tasks_of_their_own(go: Go, contracts: Organisation) -> None:
    org = contracts
    second = org.airtable.add_row(
        "Projects", {"Name": "Reef Watch training", "Engagement": [org.reef.engagement], "Clause": CLAUSE}
    )
    assert go("allocations", "--apply", "--yes").exit_code == 0
    made = [cells for cells in rows(org).values() if cells["Project"] == [second]]
    assert len(made) == 4
    links = [cells["Asana task"] for cells in rows(org).values() if cells.get("Asana task")]
    assert len(links) == len(set(links))
    assert go("allocations").stdout.count("Nothing to add.") == 1


TWO = [
    {"label": "CSH", "task_name": "Community Success Hours"},
    {"label": "DDM", "task_name": "Data Management Hours"},
]


def test_each_service_gets_tasks_of_its_own(go: Go, contracts: Organisation) -> None:
    org, more = contracts, {"CSH_PROFILES": json.dumps(TWO)}
    for task in org.reef.csh.values():
        org.asana.rename_task(task, "Data Management Hours")
    for place in (org.reef, org.glacier):
        forget(org, place, "Q4")
    assert go("allocations", "--apply", "--yes", **more).exit_code == 0
    names = {}
    for place in (org.reef, org.glacier):
        gid = str(rows(org)[f"{place.name} Q4 2026"]["Asana task"]).rpartition("/")[2]
        names[place.name] = org.asana.tasks[gid].name
    assert names == {"Reef Watch": "Data Management Hours", "Glacier Commons": "Community Success Hours"}
    linked = {str(cells.get("Asana task")).rpartition("/")[2] for name, cells in rows(org).items() if "Q3" in name}
    assert linked == {org.reef.csh["Q3"].gid, org.glacier.csh["Q3"].gid}


def test_where_several_services_are_in_one_engagement_nothing_is_guessed(go: Go, contracts: Organisation) -> None:
    org = contracts
    org.asana.rename_task(org.reef.csh["Q2"], "Data Management Hours")
    forget(org, org.reef, "Q4")
    result = go("allocations", "Reef Watch", "--apply", "--yes", CSH_PROFILES=json.dumps(TWO))
    assert "no CSH task: several services are set up and nothing tells whose it is" in result.stdout
    assert "Asana task" not in rows(org)["Reef Watch Q4 2026"]


def test_as_a_document(go: Go, contracts: Organisation) -> None:
    document = json.loads(go("allocations", "Reef Watch", "--json").stdout)
    assert document["kind"] == "allocations"
    [project] = document["projects"]
    assert [one["verdict"] for one in project["periods"]] == ["missing", "right", "right", "right"]
    assert project["periods"][0]["implied"]["minutes"] == 480
    assert document["steps"][0]["row"]["name"] == "Reef Watch Q1 2026"
    assert document["outcomes"] == []
