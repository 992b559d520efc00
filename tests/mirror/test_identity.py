# ruff: noqa: N802 (the id of a fault is part of the name of its test)
"""Which task and which rows belong to which issue: ids before addresses, the most witnesses before one (D1, D6)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mirror.identity import identify, known_issues, names_issue
from sync.model.addresses import same_address
from sync.model.contract import Sealing
from sync.model.issue import KnownIssue
from tests.mirror.paper import START, PaperIssue, PaperWorld


def mirrored(world: PaperWorld, title: str = "Reef Watch: fix", **values: Any) -> tuple[PaperIssue, str]:
    """Open an issue, run, and return it with the gid of its task."""
    issue = world.issue(title, **values)
    world.sync()
    return issue, world.task(issue).gid


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://github.com/acme/hub/issues/7", True),
        ("https://github.com/ACME/Hub/issues/7/", True),
        ("https://github.com/acme/hub/issues/7?x=1#comment", True),
        ("https://ghe.example.org/acme/hub/issues/7", True),
        ("https://github.com/other/hub/issues/7", False),
        ("https://github.com/acme/hub/pull/7", False),
        ("https://github.com/acme/hub/issues/new", False),
        ("acme/hub#7", False),
        ("", False),
    ],
)
def test_an_address_names_an_issue_of_the_organisation_or_nothing(url: str, named: bool) -> None:
    assert names_issue(url, "acme") is named


def test_addresses_are_equal_whatever_their_case_query_and_last_slash() -> None:
    assert same_address("https://GitHub.com/Acme/Hub/issues/7/?x#y") == same_address(
        "https://github.com/acme/hub/issues/7"
    )


def test_a_transferred_issue_keeps_its_task_and_rows_and_gets_its_new_address(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=2)
    issue.former_id, issue.former_url = issue.id, issue.url
    issue.id, issue.url = "I_new", "https://github.com/acme/docs/issues/3"
    issue.hours = 3
    world.sync()
    assert world.task(issue).gid == gid
    row = world.airtable.row("I_1@rec-reef-Q3")
    assert (row.url, row.github_id, row.minutes) == (issue.url, "I_new", 180)
    assert len(world.airtable.records) == 1
    issue.former_id = issue.former_url = ""
    assert world.quiet() == []


def counted_under_two_ids(world: PaperWorld, hours: float) -> tuple[PaperIssue, str]:
    """Transfer an issue while a run is not shown its row; return it with the gid of its task."""
    issue, gid = mirrored(world, hours=hours)
    issue.former_id, issue.former_url = issue.id, issue.url
    issue.id, issue.url = "I_new", "https://github.com/acme/docs/issues/3"
    row = world.airtable.row("I_1@rec-reef-Q3")
    world.airtable.delete(row.key)
    world.sync()
    world.airtable.made[world.airtable.add(row)] = START
    return issue, gid


@pytest.mark.parametrize("hours", [0.5, 2, 3, None])
def test_hours_that_stand_under_two_ids_of_a_transferred_issue_count_once(
    world: PaperWorld, hours: float | None
) -> None:
    issue, gid = counted_under_two_ids(world, 2)
    issue.unread_board = True
    world.sync()
    assert [row.minutes for row in world.airtable.records.values()] == [120, 120]  # unknown hours lower nothing
    issue.unread_board, issue.hours = False, hours
    world.sync()
    assert world.task(issue).gid == gid
    rows = {row.key: row.minutes for row in world.airtable.records.values()}
    assert rows == {"I_1@rec-reef-Q3": (hours or 0) * 60, "I_new@rec-reef-Q3": 0}
    assert world.used("rec-reef-Q3") == (hours or 0) * 60
    issue.former_id = issue.former_url = ""
    assert world.quiet() == []


def test_hours_that_are_sealed_under_another_id_of_an_issue_are_not_counted_again(world: PaperWorld) -> None:
    issue, _ = counted_under_two_ids(world, 2)
    seal = Sealing(START.date(), {"I_new@rec-reef-Q3": 120})
    world.airtable.change("rec-reef-Q3", sealing=seal)
    issue.hours = 3
    world.sync()
    rows = {row.key: row.minutes for row in world.airtable.records.values()}
    assert rows.pop("I_new@rec-reef-Q3") == 120
    assert sum(minutes or 0 for minutes in rows.values()) == 60
    assert world.quiet() == []


WITHOUT_AN_ID_FIELD = [True, False]


@pytest.mark.parametrize("without_id", WITHOUT_AN_ID_FIELD)
@pytest.mark.parametrize("typed", ["", "nonsense", "https://github.com/acme/hub/issues/77", "other"])
def test_fault_E07_an_address_edited_or_cleared_by_hand_is_repaired(
    world: PaperWorld, typed: str, without_id: bool
) -> None:
    if without_id:
        del world.asana.field_types["github_id"]
    issue, gid = mirrored(world, hours=1)
    other, other_gid = mirrored(world, "Reef Watch: other", hours=1)
    world.asana.edit(gid, fields={"github_url": other.url if typed == "other" else typed or None})
    world.sync()
    assert (world.task(issue).gid, world.task(other).gid) == (gid, other_gid)
    assert len(world.asana.home()) == 2
    assert world.quiet() == []


def test_a_node_id_edited_by_hand_is_repaired(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    other, other_gid = mirrored(world, "Reef Watch: other")
    world.asana.edit(gid, fields={"github_id": other.id})
    world.sync()
    assert (world.task(issue).gid, world.task(other).gid) == (gid, other_gid)
    assert world.task(issue).fields.text("github_id") == issue.id
    assert world.quiet() == []


def test_a_task_cell_edited_by_hand_is_repaired_and_makes_no_second_task(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1)
    other, other_gid = mirrored(world, "Reef Watch: other", hours=1)
    world.airtable.edit(f"{issue.id}@rec-reef-Q3", task=other_gid)
    world.sync()
    assert (world.task(issue).gid, world.task(other).gid) == (gid, other_gid)
    assert world.rows(issue)["rec-reef-Q3"].task == gid
    assert world.quiet() == []


def test_rows_alone_or_the_source_line_alone_find_the_task(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1)
    world.asana.edit(gid, html_notes="<body></body>", fields={"github_url": None, "github_id": None})
    world.sync()
    assert world.task(issue).gid == gid
    world.asana.edit(gid, fields={"github_url": None, "github_id": None})
    for key in [row.key for row in world.airtable.records.values()]:
        world.airtable.delete(key)
    world.sync()
    assert world.task(issue).gid == gid
    assert world.quiet() == []


def test_a_copy_of_a_task_is_a_twin_and_nothing_is_written_to_it(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1)
    copy = world.asana.add("copy", home=True)
    world.asana.edit(copy, html_notes=world.task(issue).html_notes, fields=dict(world.asana.tasks[gid].fields.values))
    before = world.asana.tasks[copy]
    issue.title, issue.hours = "Reef Watch: fixed", 2
    report = world.sync()
    assert "twin_tasks" in world.findings(report)
    assert world.asana.tasks[copy] == before
    assert world.asana.tasks[gid].name == "Reef Watch: fixed"
    assert world.quiet() == []


def test_of_twins_without_rows_the_oldest_is_kept_up_to_date(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix")
    younger, older = world.asana.add("b", home=True), world.asana.add("a", home=True)
    world.asana.edit(younger, created_at=START + timedelta(days=1), fields={"github_url": issue.url})
    world.asana.edit(older, fields={"github_url": issue.url})
    world.sync()
    assert world.asana.tasks[older].name == "Reef Watch: fix"
    assert world.asana.tasks[younger].name == "b"


def test_a_hand_made_task_in_the_home_project_is_nobodys_mirror(world: PaperWorld) -> None:
    hand = world.asana.add("a list of mine", home=True)
    before = world.asana.tasks[hand]
    mirrored(world)
    assert world.asana.tasks[hand] == before
    assert world.quiet() == []


def test_what_cannot_be_a_task_of_ours_is_left_alone(world: PaperWorld) -> None:
    issue = world.issue("Reef Watch: fix")
    line = world.asana.add("----", home=True, plain=False)
    world.asana.edit(line, fields={"github_url": issue.url})
    before = world.asana.tasks[line]
    world.sync()
    assert world.asana.tasks[line] == before
    assert len(world.tasks_of(issue)) == 2


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_reading_decides_nothing(random: Any) -> None:
    world = PaperWorld()
    first, gid = mirrored(world, hours=1)
    second, other = mirrored(world, "Glacier Commons: call", hours=2)
    world.asana.edit(gid, fields={"github_url": second.url})
    copy = world.asana.add("copy", home=True)
    world.asana.edit(copy, fields=dict(world.asana.tasks[other].fields.values))
    world.airtable.edit(f"{first.id}@rec-reef-Q3", task=copy)
    tasks, ledger = world.asana.read().home, world.airtable.read_ledger()
    known = known_issues(tasks, ledger, "acme")
    snapshot = world.github.read(known)
    expected = identify(snapshot, tasks, ledger, "acme")

    def shuffled(found: Any) -> dict[Any, Any]:
        items = list(found.items())
        random.shuffle(items)
        return dict(items)

    mixed = replace(ledger, rows=shuffled(ledger.rows))
    again = replace(snapshot, issues=shuffled(snapshot.issues))
    assert known_issues(shuffled(tasks), mixed, "acme") == known
    assert identify(again, shuffled(tasks), mixed, "acme") == expected


def test_every_issue_that_anything_names_is_asked_for_once(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1)
    world.asana.edit(gid, fields={"github_url": "https://github.com/acme/hub/issues/77", "github_id": None})
    known = known_issues(world.asana.read().home, world.airtable.read_ledger(), "acme")
    assert known == (KnownIssue(issue.url, issue.id), KnownIssue("https://github.com/acme/hub/issues/77"))
