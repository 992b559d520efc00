"""Worlds with a known answer about tasks, rows, caps and contracts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sync.hours.capacity import Capacity
from sync.model.contract import Engagement
from sync.model.issue import Closing, Iteration
from sync.model.reading import FieldDrift
from sync.model.work import HumanContent
from tests.findings.answers import answer, engagement, logins, open_issue, project, reef, wish
from tests.findings.healthy import add, closed, edit
from tests.mirror.paper import PaperWorld

# Tasks and rows.


@answer("held_with_content")
def comment_kept(world: PaperWorld) -> Iterator[str]:
    gid = world.task(wish(world)).gid
    wish(world).closing = Closing.NOT_PLANNED
    yield ""
    world.asana.content[gid] = HumanContent(comments=1)
    yield "held_with_content"
    world.asana.delete(gid)
    yield ""


@answer("held_with_hours")
def label_off(world: PaperWorld) -> Iterator[str]:
    logins(world).labelled = False
    yield "held_with_hours"
    logins(world).labelled = True
    yield ""


@answer("out_of_sight")
def unseen(world: PaperWorld) -> Iterator[str]:
    wish(world).visible = False
    yield "out_of_sight"
    wish(world).visible = True
    yield ""


@answer("deleted_twice")
def deleted_again(world: PaperWorld) -> Iterator[str]:
    world.asana.delete(world.task(wish(world)).gid)
    yield ""
    world.sync()
    world.asana.delete(world.task(wish(world)).gid)
    yield "deleted_twice"
    (key,) = [row.key for row in world.rows(wish(world)).values()]
    world.airtable.edit(key, restored=0)
    yield ""


@answer("task_unreadable")
def task_denied(world: PaperWorld) -> Iterator[str]:
    gid = world.task(wish(world)).gid
    world.asana.unreadable.add(gid)
    world.asana.listless.add(gid)
    world.asana.edit(gid, parent_gid="")
    yield "task_unreadable"
    world.asana.unreadable.clear()
    world.asana.listless.clear()
    yield ""


@answer("went_along")
def csh_task_deleted(world: PaperWorld) -> Iterator[str]:
    was = dict(world.asana.tasks), dict(world.asana.csh)
    reef(world, "Q3", asana_gid=world.reef.csh["Q3"])
    world.asana.delete(world.reef.csh["Q3"])
    yield "totals_disagree went_along"  # so did the row of the letter
    world.asana.tasks, world.asana.csh = was
    yield ""


@answer("task_converted")
def a_milestone(world: PaperWorld) -> Iterator[str]:
    gid = world.task(wish(world)).gid
    world.asana.edit(gid, plain=False)
    yield "task_converted"
    world.asana.edit(gid, plain=True)
    yield ""


@answer("no_plain_task")
def a_milestone_by_hand(world: PaperWorld) -> Iterator[str]:
    gid = world.asana.add("Launch", home=True, plain=False)
    yield ""
    world.asana.edit(gid, fields={"github_url": wish(world).url})
    yield "no_plain_task"
    world.asana.edit(gid, fields={"github_url": ""})
    yield ""


@answer("twin_tasks")
def two_tasks(world: PaperWorld) -> Iterator[str]:
    gid = world.asana.add("Twin", home=True)
    world.asana.edit(gid, fields={"github_url": wish(world).url})
    yield "twin_tasks"
    world.asana.delete(gid)
    yield ""


@answer("field_changed")
def field_renamed(world: PaperWorld) -> Iterator[str]:
    drift = FieldDrift("Asana", "the home project", "GitHub Hours", "number", "missing", nearest="GH Hours")
    world.asana.drift = (replace(drift, needed=True),)
    yield "field_changed"
    world.asana.drift = ()
    yield ""


@answer("twin_rows")
def two_rows(world: PaperWorld) -> Iterator[str]:
    (row,) = world.rows(wish(world)).values()
    record = world.airtable.add(row)
    yield "twin_rows"
    del world.airtable.records[record]
    yield ""


# Caps and contracts.


@answer("over_cap used_up near_cap")
def levels(world: PaperWorld) -> Iterator[str]:
    for hours, told in ((1.39, ""), (1.4, "near_cap"), (2.99, "near_cap"), (3, "used_up"), (3.02, "over_cap")):
        logins(world).hours = 2.5 + hours  # of 8 h, 5 are used
        yield told
    logins(world).hours = 2.5
    yield ""


@answer("new_work_over_cap")
def work_without_hours(world: PaperWorld) -> Iterator[str]:
    logins(world).hours = 5.5
    world.sync()
    issue = open_issue(world, "[Reef Watch] One more")
    yield "new_work_over_cap used_up"
    issue.end = date(2026, 10, 10)
    logins(world).hours = 2.5
    yield ""


@answer("expiring_unused")
def nothing_open(world: PaperWorld) -> Iterator[str]:
    for one in world.github.issues:
        if one.closing is Closing.OPEN and "Reef" in one.title:
            one.closing = Closing.NOT_PLANNED
    reef(world, "Q3", end=date(2026, 9, 8))
    yield "allocation_differs"
    reef(world, "Q3", end=date(2026, 9, 7))
    yield "allocation_differs expiring_unused"
    open_issue(world, "[Reef Watch] A plan for what is left")
    yield "allocation_differs"
    reef(world, "Q3", end=date(2026, 9, 30))
    yield ""


@answer("under_pace")
def slow(world: PaperWorld) -> Iterator[str]:
    logins(world).hours = 0.5
    yield ""
    reef(world, "Q3", minutes=24 * 60)
    yield "allocation_differs under_pace"
    logins(world).hours = 10
    yield "allocation_differs"
    logins(world).hours = 2.5
    reef(world, "Q3", minutes=8 * 60)
    yield ""


@answer("capacity_exceeded")
def promised_too_much(world: PaperWorld) -> Iterator[str]:
    team = Capacity(team="P&S team", minutes_per_week=75, lead="Lea", start=date(2026, 1, 1), end=date(2026, 8, 31))
    world.policy = replace(world.policy, capacities=(team,))
    yield ""
    world.policy = replace(world.policy, capacities=(replace(team, minutes_per_week=60),))
    yield "capacity_exceeded"
    world.policy = replace(world.policy, capacities=(team,))
    yield ""


@answer("work_outside_contract")
def before_the_start(world: PaperWorld) -> Iterator[str]:
    issue = closed(world, "[Reef Watch] New year", date(2026, 4, 1), 1)
    yield ""
    engagement(world, start=date(2026, 4, 2))
    project(world, start=date(2026, 4, 2))
    yield "work_outside_contract"
    issue.end = date(2026, 4, 2)
    yield ""


@answer("engagement_not_in_asana")
def no_place(world: PaperWorld) -> Iterator[str]:
    engagement(world, asana_gid="")
    yield "engagement_not_in_asana time_unplaced"
    engagement(world, asana_gid="11")
    yield ""


@answer("engagement_not_in_portfolio")
def not_listed(world: PaperWorld) -> Iterator[str]:
    world.asana.hidden_engagements.add("11")
    yield "engagement_not_in_portfolio"
    world.asana.hidden_engagements.clear()
    yield ""


@answer("engagement_without_csh_task")
def no_csh_task(world: PaperWorld) -> Iterator[str]:
    read, csh = world.asana.read, dict(world.asana.csh)
    names = {"11": "Reef Watch 2026", "12": "Glacier Commons 2026"}
    world.asana.read = lambda: replace(read(), engagement_names=names)  # type: ignore[method-assign]
    world.asana.csh = {gid: one for gid, one in csh.items() if one[1] != "11"}
    yield "engagement_without_csh_task"
    world.asana.csh = csh
    yield ""


@answer("renewal_due")
def sixty_days(world: PaperWorld) -> Iterator[str]:
    for days, told in ((61, ""), (60, "renewal_due")):
        end = world.now.date() + timedelta(days=days)
        engagement(world, end=end)
        project(world, end=end)
        reef(world, "Q4", end=end)
        yield told
    add(world, "engagements", Engagement("next", "Reef Watch 2027", world.reef.id, start=end + timedelta(days=1)))
    yield ""


@answer("engagement_status")
def too_green(world: PaperWorld) -> Iterator[str]:
    engagement(world, status="Red")
    yield "engagement_status"
    engagement(world, status="Green")
    yield ""


@answer("handoff_incomplete")
def no_agreement(world: PaperWorld) -> Iterator[str]:
    engagement(world, agreement_url="")
    yield "handoff_incomplete"
    engagement(world, status="Completed")
    yield ""


@answer("row_dates_swapped")
def ends_before_it_starts(world: PaperWorld) -> Iterator[str]:
    engagement(world, start=date(2026, 12, 31), end=date(2026, 1, 1))
    yield "row_dates_swapped"
    engagement(world, start=date(2026, 1, 1), end=date(2026, 12, 31))
    yield ""


@answer("project_dates_outside")
def one_day_longer(world: PaperWorld) -> Iterator[str]:
    project(world, end=date(2027, 1, 1))
    yield "project_dates_outside"
    engagement(world, end=date(2027, 1, 1))
    yield ""


@answer("shared_alias")
def one_name_of_two(world: PaperWorld) -> Iterator[str]:
    for place in (world.reef, world.glacier):
        edit(world, "communities", place.id, aliases=("Coast",))
    yield "shared_alias"
    edit(world, "communities", world.reef.id, aliases=())
    yield ""


@answer("allocation_gap")
def next_quarter_missing(world: PaperWorld) -> Iterator[str]:
    open_issue(world, "[Glacier Commons] A plan for what is left")
    was = world.airtable.contracts
    world.airtable.delete_allocation(world.reef.allocations["Q4"])
    yield ""
    iterations(world, date(2026, 10, 1))
    yield "allocation_gap"
    world.airtable.contracts = was
    yield ""


def iterations(world: PaperWorld, until: date, start: date | None = None) -> None:
    """Let the second iteration from now end on a day; the first one starts today."""
    read, middle = world.github.read, world.now.date() + timedelta(days=14)
    found = (Iteration("1", start or world.now.date(), middle), Iteration("2", middle + timedelta(days=1), until))
    world.github.read = lambda known: replace(read(known), iterations=found)  # type: ignore[method-assign]


@answer("allocation_overlap")
def a_day_in_two(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q4", start=date(2026, 9, 30))
    yield "allocation_overlap"
    reef(world, "Q4", start=date(2026, 10, 1))
    yield ""


@answer("allocation_differs")
def nine_hours(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q4", minutes=540)
    yield "allocation_differs"
    project(world, clause="Up to 9 hours / quarter")
    yield "allocation_differs"  # of the other quarter
    project(world, clause="Up to 8 hours / quarter")
    reef(world, "Q4", minutes=480)
    yield ""


@answer("allocation_without_provider")
def nobody_delivers(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q4", provider="")
    yield ""
    reef(world, "Q3", provider="")
    yield "allocation_without_provider"
    reef(world, "Q3", provider="Ben")
    yield ""


@answer("clause_unclear")
def a_few_hours(world: PaperWorld) -> Iterator[str]:
    project(world, clause="A few hours now and then")
    yield "clause_unclear"
    project(world, clause="8h/qtr")
    yield ""


@answer("hours_total_differs")
def hours_total(world: PaperWorld) -> Iterator[str]:
    world.asana.edit(world.reef.csh["Q3"], fields={"hours_total": Decimal(10)})
    yield "hours_total_differs"
    world.asana.edit(world.reef.csh["Q3"], fields={"hours_total": Decimal(8)})
    yield ""


@answer("allocation_not_planned")
def not_yet_planned(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q4", initiative_url="")
    yield ""
    open_issue(world, "[Glacier Commons] A plan for what is left")
    iterations(world, date(2026, 9, 29))  # the calendar ends too early to tell
    yield ""
    iterations(world, date(2026, 9, 30), world.now.date() + timedelta(days=1))
    yield ""
    iterations(world, date(2026, 9, 30))
    yield "allocation_not_planned"
    reef(world, "Q4", initiative_url="https://github.com/acme/planning/issues/1")
    yield ""
