"""Completed work without hours: told for each at once, in a list for each person once it is overdue, never in both."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.model.finding import Finding
from sync.model.issue import Closing, Person
from sync.model.work import AsanaUser
from tests.findings.healthy import ANA, closed
from tests.mirror.paper import PaperIssue, PaperWorld

BEN = Person("ben", "Ben", "ben@example.org")
JULY = date(2026, 7, 6)
AT_ONCE, OVERDUE = "completed_without_time", "not_logged_in_time"


def found(world: PaperWorld, kind: str) -> list[Finding]:
    """Run twice, since the first makes the tasks, and return the findings of one kind."""
    world.sync()
    return [one for one in world.sync().plan.findings if one.kind == kind]


def done(world: PaperWorld, title: str = "[Reef Watch] Slow logins", days: int = 5, **values: Any) -> PaperIssue:
    values.setdefault("closing", Closing.COMPLETED)
    return world.issue(title, closed_at=world.now - timedelta(days=days), **values)


def hand_made(world: PaperWorld, day: date, minutes: int | None = 0, **values: Any) -> str:
    return world.asana.add(
        "Letter", world.reef.csh["Q3"], completed=True, completed_on=day, actual_minutes=minutes, **values
    )


def test_completed_without_time(world: PaperWorld) -> None:
    issue = done(world, body="We were in the meeting for 1h.", people=(ANA, BEN))
    (one,) = found(world, AT_ONCE)
    assert (one.subject_id, one.community) == (issue.id, "Reef Watch")
    assert "Closed as completed on 2026-08-05, with no GitHub Hours." in one.evidence
    assert 'An estimate, not a fact: 2 h (the text says "1h", 2 people).' in one.evidence
    assert "per person" in one.remedy
    assert world.github.issues[0].hours is None
    assert found(world, OVERDUE) == []


@pytest.mark.parametrize(
    "values",
    [
        {"days": 1},
        {"hours": 1},
        {"closing": Closing.OPEN},
        {"closing": Closing.NOT_PLANNED},
        {"on_board": False},
        {"unread_board": True},
    ],
)
@pytest.mark.parametrize("days", [5, 15])
def test_nothing_is_missing(world: PaperWorld, values: dict[str, Any], days: int) -> None:
    done(world, **{"days": days, **values})
    assert found(world, AT_ONCE) + found(world, OVERDUE) == []


def test_zero_hours_are_no_time(world: PaperWorld) -> None:
    done(world, hours=0)
    assert len(found(world, AT_ONCE)) == 1


@pytest.mark.parametrize(("days", "kind"), [(14, AT_ONCE), (15, OVERDUE)])
def test_after_two_weeks_it_is_on_the_persons_list_and_nowhere_else(world: PaperWorld, days: int, kind: str) -> None:
    done(world, days=days, people=(ANA,))
    assert [one.kind for one in found(world, AT_ONCE) + found(world, OVERDUE)] == [kind]


def test_the_limits_are_settings(world: PaperWorld) -> None:
    limits = replace(world.policy.limits, completed_days=3, unlogged_days=30)
    world.policy = replace(world.policy, limits=limits)
    done(world, days=3)
    done(world, days=30)
    assert len(found(world, AT_ONCE)) == 1
    assert found(world, OVERDUE) == []


def test_one_list_for_each_person_over_both_services(world: PaperWorld) -> None:
    world.asana.users = (AsanaUser("701", "Ana Diaz", "ana@example.org"),)
    older = done(world, days=40, people=(ANA,), body="The call took 30 min.")
    newer = done(world, "[Glacier Commons] Disks", days=16, people=(ANA, BEN))
    hand_made(world, JULY, assignee_gid="701")
    done(world, "[Glacier Commons] Keys", days=16, people=(BEN,))
    ana, ben = sorted(found(world, OVERDUE), key=lambda one: one.subject)
    assert (ana.subject, ana.subject_id, ana.community) == ("Ana Diaz", "701", "")
    assert (ben.subject, ben.subject_id, ben.community) == ("Ben", "ben", "Glacier Commons")
    assert ana.evidence == (
        "Completed more than 14 days before and still without hours: "
        'acme/hub#1 (2026-07-01, estimate 0.5 h (the text says "30 min")); Letter (2026-07-06); '
        "acme/hub#2 (2026-07-25)."
    )
    assert (ana.url, ana.links[0], ana.links[-1]) == ("", older.url, newer.url)
    assert "Ask Ana Diaz to log them" in ana.remedy


def test_work_of_nobody_is_a_list_of_its_own(world: PaperWorld) -> None:
    done(world, days=20)
    (one,) = found(world, OVERDUE)
    assert (one.subject, one.subject_id) == ("Work of nobody in particular", "nobody")


def test_a_long_list_is_cut_and_counted(world: PaperWorld) -> None:
    for number in range(8):
        done(world, f"[Reef Watch] Fix {number}", days=20 + number, people=(ANA,))
    (one,) = found(world, OVERDUE)
    assert "; and 3 more." in one.evidence
    assert len(one.links) == 8


def test_similar_work_gives_an_estimate(world: PaperWorld) -> None:
    for day, hours in ((1, 1), (2, 2), (3, 9)):
        closed(world, "[Reef Watch] Slow logins", date(2026, 7, day), hours)
    closed(world, "[Glacier Commons] Slow logins", date(2026, 7, 3), 50)
    done(world)
    (one,) = found(world, AT_ONCE)
    assert "2 h (the median of 3 similar issues is 2 h)" in one.evidence


@pytest.mark.parametrize(("minutes", "count"), [(0, 1), (30, 0), (None, 1)])
@pytest.mark.parametrize(("day", "kind"), [(date(2026, 8, 5), AT_ONCE), (JULY, OVERDUE)])
def test_hand_made_without_time(world: PaperWorld, minutes: int | None, count: int, day: date, kind: str) -> None:
    gid = hand_made(world, day, minutes, assignee_gid="701")
    findings = found(world, kind)
    assert [(one.subject_id, one.community) for one in findings] == [
        (gid if kind == AT_ONCE else "701", "Reef Watch")
    ] * count


@pytest.mark.parametrize(("another", "count"), [(None, 0), (30, 1)])
def test_where_no_task_has_a_time_and_the_plan_has_no_entries_none_is_missing(
    world: PaperWorld, another: int | None, count: int
) -> None:
    world.asana.offers_entries = False
    hand_made(world, date(2026, 8, 5), None)
    world.asana.add("Another letter", world.reef.csh["Q3"], actual_minutes=another)
    assert len(found(world, AT_ONCE)) == count


def test_hand_made_work_from_before_the_start_is_left_alone(world: PaperWorld) -> None:
    hand_made(world, JULY)
    world.policy = replace(world.policy, since=date(2026, 7, 7))
    assert found(world, OVERDUE) == []


def test_sealed_hours_are_logged_hours(world: PaperWorld) -> None:
    issue = closed(world, "[Reef Watch] Slow logins", date(2026, 6, 10), 2)
    world.sync()
    assert [row.seal for row in world.rows(issue).values()] != [""]
    issue.hours = None
    assert found(world, OVERDUE) == []
    assert found(world, "lowered_after_sealing") != []


@settings(max_examples=40, deadline=None)
@given(
    works=st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([None, 0, 1]), st.sampled_from([(), (ANA,), (BEN,)])), max_size=5
    )
)
def test_every_piece_of_work_without_hours_is_told_once_and_no_other(works: list[tuple[int, Any, Any]]) -> None:
    world = PaperWorld()
    for number, (days, hours, people) in enumerate(works):
        done(world, f"[Reef Watch] Fix {number}", days, hours=hours, people=people)
    told = [
        url
        for one in world.sync().plan.findings
        if one.kind in {AT_ONCE, OVERDUE}
        for url in (one.url, *one.links)
        if url
    ]
    missing = [
        issue.url for issue, (days, hours, _) in zip(world.github.issues, works, strict=True) if not hours and days > 1
    ]
    assert sorted(told) == sorted(missing)
