"""Findings about caps and contracts: a world with exactly each, near misses without, and none in a healthy one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from sync.findings.kinds import BY_NAME, CONTRACTS
from sync.hours.bands import Bands, Override, Thresholds
from sync.model.contract import Community, Engagement, Sealing
from sync.model.finding import Finding, Role
from sync.model.issue import Closing, Iteration
from tests.findings.healthy import add, complete_contracts, edit
from tests.mirror.paper import PaperWorld


@pytest.fixture
def healthy() -> PaperWorld:
    """Two communities whose records are complete, with little work in the current quarter."""
    world = PaperWorld()
    complete_contracts(world)
    for place in (world.reef, world.glacier):
        world.issue(f"[{place.name}] Help", hours=2, end=date(2026, 8, 5))
    return world


def found(world: PaperWorld) -> list[Finding]:
    """Run once and return what is to be looked at, but for work itself and what has tests of its own."""
    findings = world.sync().plan.findings
    elsewhere = {"engagement_status", "allocation_differs"}
    return [one for one in findings if BY_NAME[one.kind].group == CONTRACTS and one.kind not in elsewhere]


def test_a_healthy_world_has_nothing_to_look_at(healthy: PaperWorld) -> None:
    assert found(healthy) == []


# Caps.


@pytest.mark.parametrize(
    ("hours", "extra", "kind", "level"),
    [
        (5.8, None, "near_cap", "80 %"),
        (7.9, None, "used_up", "100 %"),
        (8, None, "used_up", "100 %"),
        (6.1, None, "over_cap", "over"),
        (8, 120, "used_up", "100 %"),
    ],
)
def test_the_worst_level_of_a_running_period(
    healthy: PaperWorld, hours: float, extra: int | None, kind: str, level: str
) -> None:
    # The fixture's 2 h count too; *available* is chosen so that the sum lies on the level.
    available = {"near_cap": 480, "used_up": round((hours + 2) * 60), "over_cap": 480}[kind]
    edit(healthy, "allocations", healthy.reef.allocations["Q3"], minutes=available, extra_minutes=extra)
    healthy.issue("[Reef Watch] More", hours=hours, end=date(2026, 8, 6))
    (only,) = found(healthy)
    assert (only.kind, only.level, only.period) == (kind, level, healthy.reef.allocations["Q3"])
    assert only.community == "Reef Watch"
    assert only.role is (Role.MANAGER if kind == "near_cap" else Role.BUSINESS)


@pytest.mark.parametrize(
    ("hours", "kind", "level"),
    [(1.9, "", ""), (2, "near_cap", "50 %"), (4.25, "near_cap", "62.5 %"), (8, "over_cap", "over")],
)
def test_each_level_of_the_settings_is_told_as_its_own(
    healthy: PaperWorld, hours: float, kind: str, level: str
) -> None:
    name = healthy.airtable.contracts.engagements[healthy.reef.engagement].name
    others = Override(engagement=name, values={"near": (0.5, 0.625), "used_up": 0.95})
    healthy.policy = replace(healthy.policy, thresholds=Thresholds(overrides=(others,)))
    healthy.issue("[Reef Watch] More", hours=hours, end=date(2026, 8, 6))
    healthy.issue("[Glacier Commons] More", hours=4, end=date(2026, 8, 6))
    assert [(one.kind, one.level) for one in found(healthy)] == ([(kind, level)] if kind else [])


def test_used_up_begins_where_the_settings_say(healthy: PaperWorld) -> None:
    healthy.policy = replace(healthy.policy, thresholds=Thresholds(Bands(used_up=0.95)))
    healthy.issue("[Reef Watch] More", hours=5.6, end=date(2026, 8, 6))
    assert [(one.kind, one.level) for one in found(healthy)] == [("used_up", "95 %")]


def test_over_names_the_overrun_and_the_biggest_lines(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] Migration", hours=7.5, end=date(2026, 8, 6))
    (only,) = found(healthy)
    assert only.evidence == (
        "9.5 of 8 h used: 1.5 h over until 2026-09-30. Most: [Reef Watch] Migration 7.5 h, [Reef Watch] Help 2 h."
    )


def test_below_eighty_percent_is_no_finding(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] More", hours=4.39, end=date(2026, 8, 6))
    assert found(healthy) == []


def test_no_cap_is_told_when_anything_was_read_incompletely(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] Migration", hours=20, end=date(2026, 8, 6))
    healthy.github.complete = False
    assert "over_cap" not in {one.kind for one in found(healthy)}


def test_an_ended_period_is_told_within_its_grace_and_only_when_over(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] Migration", hours=7.5, end=date(2026, 8, 6))
    healthy.issue("[Glacier Commons] Migration", hours=6, end=date(2026, 8, 6))
    healthy.days_pass(56)  # 5 October
    assert [(one.kind, one.community) for one in found(healthy)] == [("over_cap", "Reef Watch")]
    period = healthy.reef.allocations["Q3"]
    rows = {row.key: row.minutes or 0 for row in healthy.airtable.records.values() if row.allocation_id == period}
    edit(healthy, "allocations", period, sealing=Sealing(date(2026, 10, 4), rows))
    assert "over_cap" not in {one.kind for one in found(healthy)}


def on_pace(world: PaperWorld) -> None:
    """Let a month pass with so much work that no pace is off."""
    world.days_pass(30)
    for one in world.github.issues:
        one.hours = 5


def calendar(world: PaperWorld, *ends: date) -> None:
    """Give the board iterations that end on these days."""
    read = world.github.read
    spans = tuple(Iteration(str(end), end.replace(day=1), end) for end in ends)
    world.github.read = lambda known: replace(read(known), iterations=spans)  # type: ignore[method-assign]


def test_hours_about_to_expire_without_open_work(healthy: PaperWorld) -> None:
    for one in healthy.github.issues:
        one.closing = Closing.COMPLETED
    healthy.days_pass(30)  # 9 September: 21 days are left
    kinds = [(one.kind, one.evidence) for one in found(healthy)]
    assert kinds == [("expiring_unused", "2 of 8 h used; 6 h expire on 2026-09-30, with no open work for them.")] * 2


def test_the_boards_calendar_decides_what_two_iterations_are(healthy: PaperWorld) -> None:
    for one in healthy.github.issues:
        one.closing = Closing.COMPLETED
    on_pace(healthy)
    calendar(healthy, date(2026, 9, 15), date(2026, 9, 29))
    assert found(healthy) == []
    calendar(healthy, date(2026, 9, 16), date(2026, 9, 30))
    assert len(found(healthy)) == 2


def test_open_work_keeps_hours_from_expiring(healthy: PaperWorld) -> None:
    on_pace(healthy)
    assert found(healthy) == []


def test_hours_used_slower_than_time_goes_with_open_work(healthy: PaperWorld) -> None:
    on_pace(healthy)
    healthy.github.issues[0].hours = 2
    (only,) = found(healthy)
    assert (only.kind, only.community, only.role) == ("under_pace", "Reef Watch", Role.MANAGER)
    assert only.evidence == ("2 of 8 h used, the period runs from 2026-07-01 to 2026-09-30; 6 h would be lost.")


# Work that no contract covers.


def test_hours_after_the_end_of_the_engagement(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, end=date(2026, 8, 4), status="Completed")
    edit(healthy, "projects", healthy.reef.project, end=date(2026, 8, 4))
    (only,) = found(healthy)
    assert (only.kind, only.level, only.subject_id) == ("work_outside_contract", "after", healthy.reef.engagement)
    assert only.evidence == "2 h after its end on 2026-08-04: [Reef Watch] Help 2 h on 2026-08-05."


def test_nothing_is_outside_while_anything_was_read_incompletely(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, end=date(2026, 8, 4), status="Completed")
    healthy.github.complete = False
    assert "work_outside_contract" not in {one.kind for one in found(healthy)}


def test_hours_on_the_last_day_are_inside(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, end=date(2026, 8, 5), status="Completed")
    edit(healthy, "projects", healthy.reef.project, end=date(2026, 8, 5))
    assert found(healthy) == []


def test_waiting_hours_before_the_first_engagement(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] Early", hours=1, end=date(2025, 12, 31))
    assert {one.kind for one in found(healthy)} == {"work_outside_contract"}


def test_waiting_hours_in_a_gap_between_allocations_are_inside(healthy: PaperWorld) -> None:
    healthy.issue("[Reef Watch] Early", hours=1, end=date(2026, 2, 1))
    assert {one.kind for one in found(healthy)} == set()


# Places, renewals, records.


def reef(**values: Any) -> Callable[[PaperWorld], None]:
    return lambda world: edit(world, "engagements", world.reef.engagement, **values)


def no_csh(world: PaperWorld) -> None:
    """Leave an engagement's place in Asana without a CSH task."""
    read = world.asana.read
    world.asana.read = lambda: replace(  # type: ignore[method-assign]
        read(),
        csh_tasks={gid: one for gid, one in read().csh_tasks.items() if one.engagement_gid != "11"},
        engagement_names={"11": "", "12": ""},
    )
    idle(world)


def idle(world: PaperWorld) -> None:
    """Leave a community without work, and without hours that could be left over."""
    world.github.issues = [one for one in world.github.issues if "Reef" not in one.title]
    edit(world, "allocations", world.reef.allocations["Q3"], minutes=None)


def alone(world: PaperWorld) -> None:
    """Give an engagement a name and link that nothing in Asana has."""
    no_csh(world)
    reef(asana_gid="", name="Reef Watch 2026 Other")(world)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (no_csh, "engagement_without_csh_task"),
        (alone, "engagement_not_in_asana"),
        (reef(end=date(2026, 10, 9)), "renewal_due"),
        (lambda world: edit(world, "projects", world.reef.project, end=date(2027, 1, 1)), "project_dates_outside"),
        (
            lambda world: edit(
                world, "allocations", world.reef.allocations["Q2"], start=date(2026, 6, 30), end=date(2026, 4, 1)
            ),
            "row_dates_swapped",
        ),
        (reef(name="Membership of Reef Watch"), "handoff_incomplete"),
        (reef(name="Reef Watch 2025 Membership"), "handoff_incomplete"),
        (reef(name="Reef Watch 2026"), "handoff_incomplete"),
        (reef(description=""), "handoff_incomplete"),
        (reef(agreement_url=""), "handoff_incomplete"),
        (reef(status=""), "handoff_incomplete"),
        (lambda world: edit(world, "projects", world.reef.project, clause=" "), "handoff_incomplete"),
        (lambda world: edit(world, "contacts", "con-com-reef-Technical", github=""), "handoff_incomplete"),
        (lambda world: edit(world, "contacts", "con-com-reef-Administrative", role="Billing"), "handoff_incomplete"),
    ],
)
def test_exactly_one_thing_is_wrong(healthy: PaperWorld, change: Callable[[PaperWorld], None], kind: str) -> None:
    if kind == "renewal_due":
        edit(healthy, "projects", healthy.reef.project, end=date(2026, 10, 9))
    change(healthy)
    assert [one.kind for one in found(healthy)] == [kind]


def test_allocations_that_name_their_csh_tasks_need_none_in_the_engagement(healthy: PaperWorld) -> None:
    no_csh(healthy)
    for quarter, record in healthy.reef.allocations.items():
        edit(healthy, "allocations", record, asana_gid=healthy.glacier.csh[quarter])
    assert "engagement_without_csh_task" not in {one.kind for one in found(healthy)}


def test_a_name_of_two_communities(healthy: PaperWorld) -> None:
    for place in (healthy.reef, healthy.glacier):
        edit(healthy, "communities", place.id, aliases=("Coast",))
    (only,) = found(healthy)
    assert (only.kind, only.subject) == ("shared_alias", "Coast")
    assert only.evidence == "It names Glacier Commons and Reef Watch; issues that say it find neither of them."


def test_an_engagement_outside_the_portfolio(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, asana_gid="4711")
    idle(healthy)
    assert [one.kind for one in found(healthy)] == ["engagement_not_in_portfolio"]


@pytest.mark.parametrize(
    "change",
    [
        reef(status="Completed", description="", agreement_url=""),
        reef(name="Reef Watch 2026 - Membership"),
        reef(buyer="Somebody else"),
        reef(status="On Track (Green)"),
        lambda world: add(world, "communities", Community("com-delta", "Delta", ("Delta",))),
    ],
)
def test_near_misses_are_no_findings(healthy: PaperWorld, change: Callable[[PaperWorld], None]) -> None:
    change(healthy)
    assert found(healthy) == []


def test_a_later_engagement_is_a_renewal(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, end=date(2026, 10, 9))
    edit(healthy, "projects", healthy.reef.project, end=date(2026, 10, 9))
    start, end = date(2026, 10, 10), date(2027, 10, 9)
    add(healthy, "engagements", Engagement("eng-next", "Reef Watch 2026 Next", healthy.reef.id, start, end, "Planned"))
    assert found(healthy) == []


def test_a_hand_off_names_all_that_is_missing_and_since_when(healthy: PaperWorld) -> None:
    edit(healthy, "engagements", healthy.reef.engagement, status="Won", agreement_url="", won_on=date(2026, 7, 20))
    edit(healthy, "projects", healthy.reef.project, clause="")
    (only,) = found(healthy)
    assert only.evidence == (
        "Missing: the link to the signed agreement; project Reef Watch support: clause. Won on 2026-07-20."
    )
    assert only.role is Role.BUSINESS


def test_what_only_the_manager_owes_is_the_managers(healthy: PaperWorld) -> None:
    edit(healthy, "projects", healthy.reef.project, clause="")
    (only,) = found(healthy)
    assert only.role is Role.MANAGER
