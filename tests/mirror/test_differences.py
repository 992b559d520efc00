"""How a mirrored task differs from what it should be, and which differences are a person's edits (decision D5)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mappings.people import Counterpart
from sync.model.change import FieldChange, UpdateTask
from sync.model.issue import Closing, Person
from sync.model.work import AsanaUser
from sync.run import Report
from tests.mirror.paper import PaperIssue, PaperWorld

ANA, BEN, STRANGER = Person("ana", email="ana@example.org"), Person("ben"), Person("stranger")


def mirrored(world: PaperWorld, title: str = "Reef Watch: fix", **values: Any) -> tuple[PaperIssue, str]:
    issue = world.issue(title, **values)
    world.sync()
    return issue, world.task(issue).gid


def changed(report: Report) -> dict[str, FieldChange]:
    return {one.name: one for change in report.plan.changes if isinstance(change, UpdateTask) for one in change.changes}


def lost(report: Report) -> dict[str, Any]:
    """Return the edits that were overwritten: field and what it was."""
    return {name: one.before for name, one in changed(report).items() if one.edited_in_asana}


EDITS = {
    "name": "by hand",
    "completed": True,
    "assignee_gid": "",
    "due_on": date(2026, 9, 9),
    "html_notes": "<body>by hand</body>",
}


@pytest.mark.parametrize("field", EDITS)
def test_an_edit_of_a_field_of_ours_is_set_back_and_listed(world: PaperWorld, field: str) -> None:
    world.asana.users = (*world.asana.users, AsanaUser("702", "Ben"))
    _, gid = mirrored(world, hours=1, end=date(2026, 8, 5), people=(ANA,))
    before = getattr(world.asana.tasks[gid], field)
    world.days_pass(1)
    edit = "702" if field == "assignee_gid" else EDITS[field]
    world.asana.edit(gid, **{field: edit})
    report = world.sync()
    assert list(lost(report).values()) == [edit]
    assert getattr(world.asana.tasks[gid], field) == before
    assert world.quiet() == []


@pytest.mark.parametrize("hours", [Decimal(7), None])
def test_hours_edited_or_cleared_in_asana_are_listed(world: PaperWorld, hours: Decimal | None) -> None:
    issue, gid = mirrored(world, hours=1)
    world.asana.edit(gid, fields={"github_hours": hours})
    assert lost(world.sync()) == {"github_hours": hours}
    assert world.task(issue).fields.values["github_hours"] == Decimal("1.00")


def test_what_changed_on_github_is_nobodys_lost_edit(world: PaperWorld) -> None:
    issue, gid = mirrored(world, "Reef Watch: fix", body="old", hours=1, end=date(2026, 8, 5))
    for change in (
        {"title": "Reef Watch: fixed"},
        {"hours": 2},
        {"end": date(2026, 8, 6)},
        {"people": (ANA,)},
        {"closing": Closing.COMPLETED},
        {"body": "new"},
    ):
        world.days_pass(1)
        for name, value in change.items():
            setattr(issue, name, value)
        if {"title", "body", "closing"} & change.keys():
            issue.updated_at = world.now
        if "closing" in change:
            issue.closed_at = world.now
        report = world.sync()
        assert changed(report), change
        assert lost(report) == {}, change
    assert world.asana.tasks[gid].due_on == date(2026, 8, 6)


def test_a_field_that_was_added_later_is_filled_and_nobodys_lost_edit(world: PaperWorld) -> None:
    del world.asana.field_types["github_id"]
    issue, gid = mirrored(world, hours=1)
    world.asana.field_types["github_id"] = "text"
    world.asana.edit(gid, fields={"github_id": None})
    report = world.sync()
    assert world.task(issue).fields.text("github_id") == issue.id
    assert lost(report) == {}


def test_a_title_is_listed_also_when_its_row_is_sealed(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=1, end=date(2026, 5, 5))
    world.sync()
    assert world.rows(issue)["rec-reef-Q2"].seal
    issue.title, issue.updated_at = "Reef Watch: fixed", world.now + timedelta(days=1)
    world.days_pass(2)
    assert lost(world.sync()) == {}
    world.days_pass(1)
    world.asana.edit(gid, name="by hand")
    assert lost(world.sync()) == {"name": "by hand"}


# What is unknown is left as it is; what is empty is emptied.


def test_an_unknown_person_clears_nobody_and_no_person_clears(world: PaperWorld) -> None:
    issue, gid = mirrored(world, people=(STRANGER,))
    world.asana.edit(gid, assignee_gid="701")
    assert world.quiet() == []
    assert world.asana.tasks[gid].assignee_gid == "701"
    issue.people = ()
    world.sync()
    assert world.asana.tasks[gid].assignee_gid == ""


def test_a_further_assignee_never_takes_the_place_of_an_unknown_first(world: PaperWorld) -> None:
    issue, gid = mirrored(world, people=(STRANGER, ANA))
    assert world.asana.tasks[gid].assignee_gid == ""
    assert "ana" in world.asana.tasks[gid].html_notes
    report = world.sync()
    assert [one.subject for one in report.plan.findings if one.kind == "person_unmapped"] == ["stranger"]
    issue.people = (ANA, STRANGER)
    world.sync()
    assert world.asana.tasks[gid].assignee_gid == "701"


def test_followers_are_set_at_creation_only(world: PaperWorld) -> None:
    issue, gid = mirrored(world, people=(STRANGER, ANA))
    issue.people = (STRANGER, BEN, ANA)
    report = world.sync()
    assert set(changed(report)) == {"description"}
    assert world.task(issue).gid == gid


def test_the_people_table_goes_before_addresses_and_ignores_case(world: PaperWorld) -> None:
    from dataclasses import replace  # noqa: PLC0415

    world.policy = replace(world.policy, people={"BEN": Counterpart(email="ANA@example.org")})
    _, gid = mirrored(world, people=(BEN,))
    assert world.asana.tasks[gid].assignee_gid == "701"


def test_an_end_date_that_is_empty_empties_and_a_missing_column_does_not(world: PaperWorld) -> None:
    issue, gid = mirrored(world, end=date(2026, 8, 5))
    assert world.asana.tasks[gid].due_on == date(2026, 8, 5)
    issue.end = None
    world.github.board_columns -= {"end"}
    assert world.quiet() == []
    world.github.board_columns |= {"end"}
    world.sync()
    assert world.asana.tasks[gid].due_on is None


def test_a_board_that_is_left_or_unread_changes_no_date_and_no_hours(world: PaperWorld) -> None:
    issue, gid = mirrored(world, hours=2, end=date(2026, 8, 5))
    for name, value in (("on_board", False), ("unread_board", True)):
        setattr(issue, name, value)
        world.sync()
        assert world.asana.tasks[gid].due_on == date(2026, 8, 5)
        assert world.asana.tasks[gid].fields.values["github_hours"] == Decimal("2.00")
        assert world.used("rec-reef-Q3") == 120
        assert world.quiet() == []


def test_a_choice_the_field_does_not_offer_is_left_as_it_is(world: PaperWorld) -> None:
    world.asana.field_types["status"], world.asana.options["status"] = "enum", frozenset({"Todo", "Done"})
    issue, gid = mirrored(world, status="Todo")
    assert world.asana.tasks[gid].fields.values["status"] == "Todo"
    issue.status = "Somewhere else"
    assert world.quiet() == []
    issue.status = ""
    world.sync()
    assert world.asana.tasks[gid].fields.values["status"] is None
    assert world.quiet() == []


def test_closed_for_a_reason_nobody_knows_leaves_completed_as_it_is(world: PaperWorld) -> None:
    issue, gid = mirrored(world)
    issue.closing, issue.closed_at = Closing.UNKNOWN, world.now
    world.asana.edit(gid, completed=True)
    world.sync()
    assert world.asana.tasks[gid].completed


# No endless updates.

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=60, deadline=None)
@given(title=TEXTS, body=TEXTS, hours=st.floats(0, 50), number=st.integers(0, 3))
def test_whatever_an_issue_says_a_second_run_writes_nothing(title: str, body: str, hours: float, number: int) -> None:
    world = PaperWorld()
    issue = world.issue(f"Reef Watch: {title}", body=body, hours=hours, people=(ANA, BEN, STRANGER)[:number])
    world.sync()
    assert world.tasks_of(issue)
    assert world.quiet() == []


@pytest.mark.parametrize("blank", ["\u00a0", "\u2003", "\t", "\n", "  "])
def test_blanks_that_a_client_turns_into_others_are_no_difference(world: PaperWorld, blank: str) -> None:
    issue, gid = mirrored(world, f"Reef Watch: no{blank}break")
    world.asana.edit(gid, name=f"Reef Watch: no{' '}break")
    assert world.quiet() == []
    world.airtable.edit(f"{issue.id}@rec-reef-Q3", title=f"Reef Watch: no{' '}break\n")
    assert world.quiet() == []


@given(minutes=st.integers(0, 100_000))
def test_hours_read_back_with_two_decimals_are_no_difference(minutes: int) -> None:
    from sync.model.minutes import to_hours, to_minutes  # noqa: PLC0415

    assert to_minutes(to_hours(minutes)) == minutes
    assert to_minutes(float(to_hours(minutes))) == minutes
