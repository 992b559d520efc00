"""Worlds with a known answer about issues, their places and their hours."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sync.model.issue import Closing, Person
from sync.model.work import Row, TimeEntry
from tests.findings.answers import JULY, answer, engagement, found, logins, open_issue, reef, reopen, spring, wish
from tests.findings.healthy import ANA, closed, edit
from tests.mirror.paper import START, PaperWorld

# Whose it is, and where.


@answer("unplaced")
def nobody_named(world: PaperWorld) -> Iterator[str]:
    issue = open_issue(world, "Somebody needs something")
    yield "unplaced"
    issue.community = "Reef Watch"
    yield ""


@answer("unplaced")
def no_period(world: PaperWorld) -> Iterator[str]:
    issue = closed(world, "[Reef Watch] Winter", date(2026, 3, 31), 1)
    yield "unplaced"
    issue.end = date(2026, 4, 1)
    yield ""


@answer("unplaced")
def no_period_today(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q3", end=world.now.date() - timedelta(days=1))
    issue = open_issue(world, "[Reef Watch] After the end")
    yield "unplaced"
    (one,) = [one for one in found(world) if one.title == issue.title]
    assert "no allocation holds today." in one.evidence
    assert one.remedy.startswith("Add the allocation in Airtable")
    world.days_pass(1)
    assert one in found(world)
    world.now = START
    reef(world, "Q3", end=date(2026, 9, 30))
    yield ""


@answer("conflicting_evidence")
def board_and_title(world: PaperWorld) -> Iterator[str]:
    issue = open_issue(world, "Glacier Commons: disks", community="Reef Watch")
    yield "conflicting_evidence"
    issue.title = "Reef Watch: disks"
    yield ""


@answer("placed_elsewhere")
def moved_by_hand(world: PaperWorld) -> Iterator[str]:
    gid = world.task(wish(world)).gid
    world.asana.edit(gid, parent_gid=world.reef.csh["Q4"])
    yield ""
    world.asana.edit(gid, parent_gid=world.glacier.csh["Q3"])
    yield "placed_elsewhere"
    world.asana.edit(gid, parent_gid=world.reef.csh["Q3"])
    yield ""


@answer("undecided")
def name_taken_out(world: PaperWorld) -> Iterator[str]:
    issue = wish(world)
    issue.title = "Wishes of Reef Watch"
    yield ""
    issue.title = "Wishes"
    yield "undecided"
    issue.title = "[Reef Watch] Wishes"
    yield ""


@answer("allocation_unknown")
def quarter_misspelt(world: PaperWorld) -> Iterator[str]:
    wish(world).allocation = "Reef Watch Q7"
    yield "allocation_unknown"
    wish(world).allocation = "reef watch q3"
    yield ""


@answer("csh_task_missing")
def two_csh_tasks(world: PaperWorld) -> Iterator[str]:
    start, end = date(2026, 7, 1), date(2026, 9, 30)
    gid = world.asana.add_csh("11", "Reef Watch 2026", start_on=start, due_on=end)
    yield "csh_task_missing"
    open_issue(world, "[Reef Watch] New, with nowhere to go")
    yield "csh_task_missing"
    reef(world, "Q3", asana_gid=world.reef.csh["Q3"])
    world.asana.delete(gid)
    reef(world, "Q3", asana_gid="")
    yield ""


@answer("too_deep")
def six_levels(world: PaperWorld) -> Iterator[str]:
    issue = wish(world)
    for level in range(4):
        issue = open_issue(world, f"Step {level}", parent=issue)
    yield ""
    deepest = open_issue(world, "One more", parent=issue)
    yield "too_deep"
    deepest.parent = wish(world)
    yield ""


@answer("full_of_sub_issues")
def ninety_parts(world: PaperWorld) -> Iterator[str]:
    issue = wish(world)
    for number in range(89):
        open_issue(world, f"Part {number}", parent=issue)
    yield ""
    last = open_issue(world, "One more", parent=issue)
    yield "full_of_sub_issues"
    last.parent = logins(world)
    yield ""


@answer("address_elsewhere")
def address_by_hand(world: PaperWorld) -> Iterator[str]:
    gid = world.asana.add("By hand", world.reef.csh["Q3"])
    world.asana.edit(gid, fields={"github_url": logins(world).url})
    yield "address_elsewhere"
    world.asana.edit(gid, fields={"github_url": "https://github.com/elsewhere/hub/issues/1"})
    yield ""


@answer("alias_common_word")
def everyday_alias(world: PaperWorld) -> Iterator[str]:
    edit(world, "communities", world.reef.id, aliases=("hub",))
    yield "alias_common_word"
    edit(world, "communities", world.reef.id, aliases=("Reefhub",))
    yield ""


@answer("alias_suggested")
def placed_twice(world: PaperWorld) -> Iterator[str]:
    for title, told in (("[Coral Cam] one", ""), ("[Coral Cam] two", "alias_suggested")):
        issue = open_issue(world, title)
        world.sync()
        world.asana.edit(world.task(issue).gid, parent_gid=world.reef.csh["Q3"])
        yield told
    edit(world, "communities", world.reef.id, aliases=("Coral Cam",))
    yield ""


@answer("person_unmapped")
def stranger(world: PaperWorld) -> Iterator[str]:
    wish(world).people = (Person("zoe", "Zoe", "zoe@example.org"),)
    yield "person_unmapped"
    wish(world).people = (ANA,)
    yield ""


# Hours.


@answer("not_on_board")
def off_the_board(world: PaperWorld) -> Iterator[str]:
    wish(world).on_board = False
    yield "not_on_board"
    wish(world).on_board = True
    yield ""


@answer("hours_unknown")
def cell_unread(world: PaperWorld) -> Iterator[str]:
    wish(world).unread_board = True
    yield "hours_unknown"
    wish(world).unread_board = False
    yield ""


@answer("logged_in_both")
def both_fields(world: PaperWorld) -> Iterator[str]:
    gid = world.task(logins(world)).gid
    entry = world.asana.log(gid, 60, JULY)
    yield "logged_in_both"
    world.asana.correct(gid, entry, minutes=0)
    yield ""


@answer("completed_without_time")
def two_days_ago(world: PaperWorld) -> Iterator[str]:
    world.days_pass(1)  # what was done yesterday is two days old
    yield "completed_without_time"
    next(one for one in world.github.issues if "Done yesterday" in one.title).hours = 0.5
    yield ""


@answer("completed_without_time")
def by_hand_without_time(world: PaperWorld) -> Iterator[str]:
    day = world.now.date() - timedelta(days=1)
    gid = world.asana.add("Letter", world.reef.csh["Q3"], completed=True, completed_on=day, assignee_gid="701")
    yield ""
    world.asana.edit(gid, completed_on=day - timedelta(days=1))
    yield "completed_without_time"
    world.asana.log(gid, 30, day)
    yield ""


@answer("not_logged_in_time")
def fifteen_days_ago(world: PaperWorld) -> Iterator[str]:
    done = {"closing": Closing.COMPLETED, "closed_at": world.now - timedelta(days=14)}
    issue = open_issue(world, "[Reef Watch] Forgotten", **done)
    yield "completed_without_time"
    issue.closed_at = world.now - timedelta(days=15)
    yield "not_logged_in_time"
    issue.hours = 0.5
    yield ""


@answer("hours_on_open_untouched")
def sixty_one_days(world: PaperWorld) -> Iterator[str]:
    for days, told in ((60, ""), (61, "hours_on_open_untouched")):
        issue = wish(world)
        issue.hours, issue.updated_at = 0.5, world.now - timedelta(days=days)
        issue.hours_changed_on = issue.updated_at.date()
        issue.end = world.now.date()
        yield told
    wish(world).hours = None
    yield ""


@answer("fewer_hours_than_people")
def three_in_an_hour(world: PaperWorld) -> Iterator[str]:
    logins(world).hours = 0.5
    issue = closed(world, "[Reef Watch] Second meeting", date(2026, 8, 5), 1, body="With Ana, Ben and Cy attended.")
    yield "fewer_hours_than_people"
    issue.hours = 3
    yield ""


@answer("feature_work")
def a_feature(world: PaperWorld) -> Iterator[str]:
    issue = open_issue(world, "[Reef Watch] New feature: a dark page")
    yield "feature_work"
    issue.title = "[Reef Watch] Features of the page, explained"
    yield ""


@answer("deliverable_late")
def due_yesterday(world: PaperWorld) -> Iterator[str]:
    wish(world).end = world.now.date()
    yield ""
    wish(world).end = world.now.date() - timedelta(days=1)
    yield "deliverable_late engagement_status"
    engagement(world, status="Red")
    yield "deliverable_late"
    wish(world).closing, wish(world).closed_at = Closing.COMPLETED, world.now
    engagement(world, status="Active")
    yield ""


@answer("look_alike_issues")
def same_title_and_day(world: PaperWorld) -> Iterator[str]:
    issue = closed(world, "[Reef Watch] Slow logins", JULY + timedelta(days=1), 0.5)
    yield ""
    issue.end = JULY
    yield "look_alike_issues"
    issue.closing = Closing.DUPLICATE
    yield ""


@answer("look_alike_pair")
def same_words_and_days(world: PaperWorld) -> Iterator[str]:
    closed(world, "[Reef Watch] Slow logins of students", JULY, 0.5)
    done = {"completed": True, "completed_on": JULY, "assignee_gid": "701"}
    gid = world.asana.add("Slow logins of students", world.reef.csh["Q3"], **done)
    entry = world.asana.log(gid, 30, JULY + timedelta(days=4))
    yield ""
    world.asana.correct(gid, entry, day=JULY + timedelta(days=3))
    yield "look_alike_pair"
    world.asana.delete(gid)
    yield ""


@answer("total_time_differs")
def formula_wrong(world: PaperWorld) -> Iterator[str]:
    gid = world.task(logins(world)).gid
    world.asana.edit(gid, fields={"total_time": Decimal("2.55")})
    yield ""
    world.asana.edit(gid, fields={"total_time": Decimal(5)})
    yield "total_time_differs"
    world.asana.edit(gid, fields={"total_time": Decimal("2.5")})
    yield ""


@answer("totals_disagree")
def typed_by_hand(world: PaperWorld) -> Iterator[str]:
    record = world.airtable.add(Row("typed", minutes=60, link=world.reef.allocations["Q3"], title="By hand"))
    yield "totals_disagree"
    del world.airtable.records[record]
    yield ""


@answer("time_on_parent_and_child")
def parent_and_child(world: PaperWorld) -> Iterator[str]:
    world.asana.offers_entries = False
    gid = next(gid for gid, one in world.asana.tasks.items() if one.name.startswith("Letter"))
    below = world.asana.add("Second page", gid, actual_minutes=30, assignee_gid="701")
    yield "time_on_parent_and_child"
    world.asana.edit(below, actual_minutes=0)
    yield ""


@answer("time_entries_differ")
def entries_and_sum(world: PaperWorld) -> Iterator[str]:
    gid = next(gid for gid, one in world.asana.tasks.items() if one.name.startswith("Letter"))
    world.asana.entries[gid] = [TimeEntry("77", 20, date(2026, 7, 14), "Ana", "701")]
    yield "time_entries_differ"
    world.asana.entries[gid] = [TimeEntry("77", 30, date(2026, 7, 14), "Ana", "701")]
    yield ""


@answer("time_unplaced")
def time_without_contract(world: PaperWorld) -> Iterator[str]:
    csh = world.asana.add_csh("99", "Nobody 2026")
    gid = world.asana.add("Letter to nobody", csh, assignee_gid="701")
    yield ""
    world.asana.log(gid, 30, JULY)
    yield "time_unplaced"
    world.asana.edit(gid, parent_gid=world.reef.csh["Q3"])
    yield ""


@answer("lowered_after_sealing")
def lowered(world: PaperWorld) -> Iterator[str]:
    spring(world).hours = 1
    yield "lowered_after_sealing"
    reopen(world)
    yield ""


@answer("moved_after_sealing")
def moved(world: PaperWorld) -> Iterator[str]:
    for one in world.github.issues:  # they leave room for what comes late into the running period
        if "Larger disks" in one.title or "Copy the home" in one.title:
            one.hours = 0.1
    spring(world).title = "[Glacier Commons] Spring cleaning"
    yield "moved_after_sealing"
    reopen(world)
    yield ""


@answer("placeholder_with_hours")
def hours_on_a_copy(world: PaperWorld) -> Iterator[str]:
    copy = open_issue(world, "[Reef Watch] Slow logins, again", body=f"Mirrors: {logins(world).url}")
    yield ""
    copy.hours = 1
    yield "placeholder_with_hours"
    copy.hours = None
    yield ""


@answer("placeholder_unclear")
def copy_of_nothing(world: PaperWorld) -> Iterator[str]:
    copy = open_issue(world, "[Reef Watch] Slow logins, again", body="Mirrors: https://github.com/elsewhere/x/issues/1")
    yield "placeholder_unclear"
    copy.body = ""
    yield ""


@answer("outside_its_period")
def period_cut(world: PaperWorld) -> Iterator[str]:
    reef(world, "Q3", start=date(2026, 7, 10))
    yield "allocation_differs outside_its_period"
    reef(world, "Q3", start=date(2026, 7, 1))
    yield ""


@answer("allocation_gone")
def allocation_deleted(world: PaperWorld) -> Iterator[str]:
    was = world.airtable.contracts
    world.airtable.delete_allocation(world.reef.allocations["Q3"])
    yield "allocation_gap allocation_gone unplaced"
    world.airtable.contracts = was
    yield ""


@answer("not_in_seal")
def row_slipped_in(world: PaperWorld) -> Iterator[str]:
    late = logins(world)
    key = f"{late.id}@{world.reef.allocations['Q2']}"
    world.airtable.add(Row(key, link=world.reef.allocations["Q2"], minutes=30, github_id=late.id, url=late.url))
    yield "not_in_seal"
    world.sync()
    yield ""


@answer("sealed_row_restored")
def sealed_row_edited(world: PaperWorld) -> Iterator[str]:
    world.airtable.edit(f"{spring(world).id}@{world.reef.allocations['Q2']}", minutes=60)
    yield "sealed_row_restored"
    world.sync()
    yield ""
