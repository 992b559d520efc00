"""Asana read through the real SDK over HTTP: the home project, CSH tasks, everything below them, the users."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from sandbox.core import Rewrite, Status
from sync.errors import Denied

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from sync.model.work import TaskSnapshot
    from tests.connectors.asana.conftest import Firm

CSH = "Community Success Hours"


def problems(snapshot: TaskSnapshot) -> list[str]:
    return [f"{one.subject}: {one.message}" for one in snapshot.problems]


# The home project.


def test_a_task_of_the_home_project_is_read_with_everything_we_own(firm: Firm) -> None:
    ana = firm.state.add_user("Ana", "ana@example.org")
    made = firm.mirrored(
        7,
        "Fix the hub",
        html_notes="<body>See <strong>this</strong></body>",
        assignee=ana,
        completed=True,
        start_on=date(2026, 1, 2),
        due_on=date(2026, 1, 9),
        fields={"GitHub ID": "I_7", "GitHub Hours": 2.33, "Status": "Doing", "Estimate": 4},
    )
    firm.state.log_minutes(made, 90, date(2026, 1, 3))
    snapshot = firm.read()
    (task,) = snapshot.home.values()
    assert (task.gid, task.name, task.html_notes) == (made.gid, "Fix the hub", "<body>See <strong>this</strong></body>")
    assert (task.completed, task.completed_on, task.assignee_gid) == (True, date(2026, 1, 5), ana.gid)
    assert (task.parent_gid, task.project_gids, task.subtask_count) == ("", {firm.home.gid}, 0)
    assert (task.start_on, task.due_on, task.actual_minutes) == (date(2026, 1, 2), date(2026, 1, 9), 90)
    assert task.created_at == task.modified_at == datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    assert task.permalink.endswith(f"/task/{made.gid}")
    assert task.fields.values == {
        "github_url": "https://github.com/acme/hub/issues/7",
        "github_id": "I_7",
        "github_hours": Decimal("2.33"),
        "status": "Doing",
        "estimate": Decimal(4),
    }
    assert task.plain
    assert snapshot.home_complete
    assert snapshot.tree_complete
    assert snapshot.users_complete
    assert snapshot.drift == snapshot.problems == ()


def test_empty_fields_are_empty_and_no_entry_of_time_is_unknown(firm: Firm) -> None:
    firm.state.add_task("by hand", project=firm.home)
    (task,) = firm.read().home.values()
    assert task.fields.values == dict.fromkeys(("github_url", "github_id", "github_hours", "status", "estimate"))
    assert task.actual_minutes is None
    assert (task.assignee_gid, task.due_on, task.completed_on) == ("", None, None)


def test_types_and_choices_of_the_fields_are_told(firm: Firm) -> None:
    firm.state.disable_option(firm.fields["Status"], "Doing")
    snapshot = firm.read()
    assert snapshot.field_types == {
        "github_url": "text",
        "github_id": "text",
        "github_hours": "number",
        "status": "enum",
        "estimate": "number",
    }
    assert snapshot.options == {"status": {"Todo", "Done"}}


def test_a_day_of_completion_is_the_day_in_the_configured_zone(firm: Firm) -> None:
    firm.service.clock.set(datetime(2026, 1, 5, 23, 30, tzinfo=UTC))
    firm.state.add_task("late", project=firm.home, completed=True)
    days = {
        zone: next(iter(firm.read(zone=ZoneInfo(zone)).home.values())).completed_on for zone in ("UTC", "Asia/Tokyo")
    }
    assert days == {"UTC": date(2026, 1, 5), "Asia/Tokyo": date(2026, 1, 6)}


def test_separators_milestones_and_approvals_are_not_plain(firm: Firm) -> None:
    firm.state.add_task("line", project=firm.home, separator=True)
    for subtype in ("milestone", "approval"):
        firm.state.add_task(subtype, project=firm.home, subtype=subtype)
    firm.state.add_task("plain", project=firm.home)
    assert {task.name: task.plain for task in firm.read().home.values()} == {
        "line": False,
        "milestone": False,
        "approval": False,
        "plain": True,
    }


@pytest.mark.parametrize("paging", ["by_item", "by_position"])
def test_a_long_project_is_read_in_pages_and_each_task_once(firm: Firm, paging: Any) -> None:
    firm.options.paging = paging
    for number in range(230):
        firm.state.add_task(f"task {number}", project=firm.home)
    snapshot = firm.read()
    assert len(snapshot.home) == 230
    assert snapshot.home_complete
    lists = [one for one in firm.sandbox.log.select("asana", path="^/tasks$") if one.query["project"] == firm.home.gid]
    assert [one.query["limit"] for one in lists] == ["100", "100", "100"]


def test_a_task_that_moves_between_pages_while_they_are_read_is_read_once(firm: Firm) -> None:
    tasks = [firm.state.add_task(f"task {number}", project=firm.home) for number in range(150)]
    firm.options.paging = "by_position"

    def move(body: Any) -> Any:
        firm.state.remove_task_from_project(tasks[120], firm.home)
        firm.state.move_task(tasks[120], project=firm.home)
        firm.state.add_task("new", project=firm.home)
        return body

    firm.fault(Rewrite(move), path="^/tasks$", times=1)
    snapshot = firm.read()
    assert len(snapshot.home) >= 150


def test_a_no_break_space_reads_as_the_sdk_gives_it_and_breaks_nothing(firm: Firm) -> None:
    firm.mirrored(1, "8\u00a0hours")
    (task,) = firm.read().home.values()
    assert task.name.split() == ["8", "hours"]


# Our fields.


def test_fields_are_found_by_gid_and_names_without_regard_to_case_and_blanks(firm: Firm) -> None:
    names = {"github_url": firm.fields["GitHub URL"].gid, "github_hours": " github hours "}
    snapshot = firm.read(field_names=names)
    assert snapshot.field_types == {"github_url": "text", "github_hours": "number"}
    assert snapshot.drift == ()


def test_a_renamed_field_is_still_found_by_gid(firm: Firm) -> None:
    firm.state.rename_field(firm.fields["GitHub URL"], "Source")
    gid = firm.fields["GitHub URL"].gid
    names = {"github_url": gid, "github_hours": "GitHub Hours"}
    assert firm.read(field_names=names).drift == ()
    (drift,) = firm.read().drift
    assert str(drift) == 'Asana: "GitHub URL" in the home project is missing, csh-sync needs text'


def _remove(firm: Firm) -> None:
    firm.state.remove_field_from_project(firm.home, firm.fields["GitHub Hours"])


def _retype(firm: Firm) -> None:
    firm.state.retype_field(firm.fields["GitHub Hours"], "text")


def _round(firm: Firm) -> None:
    firm.state.set_precision(firm.fields["GitHub Hours"], 1)


def _double(firm: Firm) -> None:
    firm.state.add_field_to_project(firm.home, firm.state.add_field("github hours", "number", precision=2))


def _compute(firm: Firm) -> None:
    firm.fields["GitHub Hours"].formula = lambda _task: 1.0


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_remove, "missing"),
        (_retype, "of type text"),
        (_round, "a number with 1 decimal"),
        (_double, "there 2 times"),
        (_compute, "read-only"),
    ],
)
def test_a_field_of_ours_that_cannot_be_used_is_drift(firm: Firm, spoil: Callable[[Firm], None], found: str) -> None:
    task = firm.mirrored(1, fields={"GitHub Hours": 2})
    spoil(firm)
    snapshot = firm.read()
    (drift,) = snapshot.drift
    assert (drift.service, drift.name, drift.found, drift.ours) == ("Asana", "GitHub Hours", found, True)
    assert drift.wanted == "a number with two decimals"
    assert "github_hours" not in snapshot.field_types
    assert not snapshot.home[task.gid].fields.has("github_hours")


def test_an_optional_field_may_be_missing_or_switched_off_but_not_of_another_type(firm: Firm) -> None:
    firm.state.remove_field_from_project(firm.home, firm.fields["Status"])
    assert firm.read().drift == ()
    firm.state.retype_field(firm.fields["Estimate"], "text")
    assert [one.name for one in firm.read().drift] == ["Estimate"]
    off = {"github_url": "GitHub URL", "github_hours": "GitHub Hours", "estimate": ""}
    assert firm.read(field_names=off).drift == ()


def test_more_than_a_hundred_fields_on_the_project_are_all_looked_at(firm: Firm) -> None:
    home = firm.state.add_project("Wide", fields=[firm.state.add_field(f"field {number}") for number in range(110)])
    for field in firm.fields.values():
        firm.state.add_field_to_project(home, field)
    snapshot = firm.read(home_project=home.gid)
    assert snapshot.drift == ()
    assert len(snapshot.field_types) == 5


def test_a_disabled_field_counts_as_not_on_the_task(firm: Firm) -> None:
    task = firm.mirrored(1)
    firm.state.remove_task_from_project(task, firm.home)
    found = firm.connector().look_up([task.gid])[task.gid]
    assert found is not None
    assert found.fields.values == {}
    assert found.project_gids == set()


# Engagements and their CSH tasks.


def test_csh_tasks_of_a_portfolio_are_found_by_name_with_their_engagement(firm: Firm) -> None:
    csh = firm.csh_task(name=" community SUCCESS hours ", start_on=date(2026, 1, 1), due_on=date(2026, 3, 31))
    firm.state.add_task("Kick-off", project=firm.engagement)
    firm.csh_task(separator=True)
    other = firm.state.add_project("LEAP 2026", portfolio=firm.portfolio)
    csh_2 = firm.csh_task(other)
    snapshot = firm.read()
    assert {gid: (one.engagement_gid, one.engagement_name, one.profile) for gid, one in snapshot.csh_tasks.items()} == {
        csh.gid: (firm.engagement.gid, "Pythia 2026", "CSH"),
        csh_2.gid: (other.gid, "LEAP 2026", "CSH"),
    }
    assert snapshot.csh_tasks[csh.gid].task.due_on == date(2026, 3, 31)
    assert snapshot.engagement_gids == {firm.engagement.gid, other.gid}


def test_each_profile_has_a_name_for_its_csh_tasks_and_the_first_wins(firm: Firm) -> None:
    csh = firm.csh_task()
    ddm = firm.csh_task(name="Data Management Hours")
    profiles = {"CSH": CSH, "DDM": "Data Management Hours", "LATE": CSH.upper()}
    found = {gid: one.profile for gid, one in firm.read(profiles=profiles).csh_tasks.items()}
    assert found == {csh.gid: "CSH", ddm.gid: "DDM"}


def test_portfolios_in_the_portfolio_are_looked_into_and_each_project_is_read_once(firm: Firm) -> None:
    inner = firm.state.add_portfolio("Inner")
    deep = firm.state.add_project("Deep", portfolio=inner)
    csh = firm.csh_task(deep)
    firm.state.add_to_portfolio(firm.portfolio, inner)
    firm.state.add_to_portfolio(inner, firm.portfolio)
    firm.state.add_to_portfolio(inner, firm.engagement)
    firm.state.add_to_portfolio(inner, firm.home)
    snapshot = firm.read()
    assert snapshot.csh_tasks[csh.gid].engagement_name == "Deep"
    assert snapshot.engagement_gids == {firm.engagement.gid, deep.gid}
    lists = [one.query["project"] for one in firm.sandbox.log.select("asana", path="^/tasks$")]
    assert sorted(lists) == sorted([firm.home.gid, firm.engagement.gid, deep.gid])


def test_a_portfolio_with_more_than_a_hundred_projects_is_read_whole(firm: Firm) -> None:
    projects = [firm.state.add_project(f"Engagement {number}", portfolio=firm.portfolio) for number in range(105)]
    csh = firm.csh_task(projects[-1])
    assert csh.gid in firm.read().csh_tasks


def test_engagements_that_are_tasks_of_one_project_have_csh_sub_tasks(firm: Firm) -> None:
    everything = firm.state.add_project("Engagements", fields=[firm.fields["Hours used"]])
    engagement = firm.state.add_task("Pythia 2025", project=everything)
    bare = firm.state.add_task("Not begun", project=everything)
    csh = firm.state.add_task(CSH, parent=engagement)
    work = firm.state.add_task("by hand", parent=csh)
    snapshot = firm.read(portfolio="", engagements_project=everything.gid)
    assert snapshot.csh_tasks[csh.gid].engagement_gid == engagement.gid
    assert snapshot.csh_tasks[csh.gid].engagement_name == "Pythia 2025"
    assert set(snapshot.tree) == {work.gid}
    assert snapshot.engagement_gids == {engagement.gid, bare.gid}
    assert firm.sent(path=f"/tasks/{bare.gid}/subtasks") == 0


def test_a_sub_task_that_is_in_the_engagements_project_too_is_no_engagement(firm: Firm) -> None:
    everything = firm.state.add_project("Engagements")
    engagement = firm.state.add_task("Pythia 2025", project=everything)
    csh = firm.state.add_task(CSH, parent=engagement, project=everything)
    firm.state.add_task("by hand", parent=csh)
    snapshot = firm.read(portfolio="", engagements_project=everything.gid)
    assert snapshot.engagement_gids == {engagement.gid}
    assert set(snapshot.csh_tasks) == {csh.gid}


def test_both_layouts_are_read_together(firm: Firm) -> None:
    everything = firm.state.add_project("Engagements")
    engagement = firm.state.add_task("Pythia 2025", project=everything)
    old, new = firm.state.add_task(CSH, parent=engagement), firm.csh_task()
    snapshot = firm.read(engagements_project=everything.gid)
    assert set(snapshot.csh_tasks) == {old.gid, new.gid}


def test_an_archived_engagement_is_read_as_long_as_it_is_in_the_portfolio(firm: Firm) -> None:
    csh = firm.csh_task()
    firm.state.archive_project(firm.engagement)
    assert csh.gid in firm.read().csh_tasks


# Hours fields on CSH tasks.


def test_hours_on_csh_tasks_are_read_under_the_gids_each_engagement_has(firm: Firm) -> None:
    own = firm.state.add_field("hours USED", "number", precision=2)
    other = firm.state.add_project("LEAP", portfolio=firm.portfolio, fields=[own])
    first = firm.csh_task(fields={"Hours used": 3.5, "Hours left": 4.5})
    second = firm.csh_task(other, fields={own.gid: 1.25})
    snapshot = firm.read()
    assert snapshot.csh_tasks[first.gid].task.fields.values == {
        "hours_used": Decimal("3.5"),
        "hours_left": Decimal("4.5"),
    }
    assert snapshot.csh_tasks[second.gid].task.fields.values == {"hours_used": Decimal("1.25")}
    assert snapshot.problems == ()


def test_hours_fields_on_csh_tasks_that_cannot_hold_hours_are_named_and_left_alone(firm: Firm) -> None:
    firm.state.set_precision(firm.fields["Hours used"], 0)
    firm.fields["Hours left"].formula = lambda _task: 4.0
    csh = firm.csh_task()
    snapshot = firm.read()
    assert not {"hours_used", "hours_left"} & snapshot.csh_tasks[csh.gid].task.fields.values.keys()
    (problem,) = problems(snapshot)
    assert problem.startswith(f'CSH task {csh.gid}: "Hours used" is a number with 0 decimals and is not written;')
    assert snapshot.tree_complete


# Everything below.


def test_everything_below_csh_tasks_is_read_at_any_depth_asking_only_where_something_is(firm: Firm) -> None:
    csh = firm.csh_task()
    chain = [csh]
    for level in range(4):
        chain.append(firm.state.add_task(f"level {level}", parent=chain[-1]))
    leaf = firm.state.add_task("leaf", parent=csh)
    mirrored = firm.mirrored(1, parent=chain[2])
    snapshot = firm.read()
    assert set(snapshot.tree) == {one.gid for one in (*chain[1:], leaf, mirrored)}
    assert snapshot.tree[mirrored.gid].fields.has("github_url")
    assert snapshot.tree[chain[2].gid].parent_gid == chain[1].gid
    assert firm.sent(path="/subtasks") == 4


def test_sub_tasks_of_a_task_that_waits_in_the_home_project_are_read(firm: Firm) -> None:
    waiting = firm.mirrored(1)
    by_hand = firm.state.add_task("by hand", parent=waiting)
    assert set(firm.read().tree) == {by_hand.gid}


def test_more_than_a_hundred_sub_tasks_are_all_read(firm: Firm) -> None:
    csh = firm.csh_task()
    for number in range(130):
        firm.state.add_task(f"task {number}", parent=csh)
    snapshot = firm.read()
    assert len(snapshot.tree) == 130
    assert snapshot.tree_complete


def test_sub_tasks_that_the_token_may_not_see_make_that_csh_task_incomplete(firm: Firm) -> None:
    first, second = firm.csh_task(), firm.csh_task()
    hidden = firm.state.add_task("private", parent=first)
    firm.state.add_task("open", parent=second)
    firm.state.deny(hidden)
    snapshot = firm.read()
    assert not snapshot.tree_complete
    assert snapshot.home_complete
    assert not snapshot.csh_tasks[first.gid].tree_complete
    assert snapshot.csh_tasks[second.gid].tree_complete
    assert problems(snapshot) == [f"sub-tasks of {first.gid}: 0 of 1 sub-tasks are listed"]


def test_a_list_of_sub_tasks_that_is_behind_is_not_taken_for_whole(firm: Firm) -> None:
    firm.options.list_lag = 50
    csh = firm.csh_task()
    firm.state.add_task("just made", parent=csh)
    assert not firm.read().tree_complete


# Users.


def test_users_are_read_with_their_addresses_and_without_those_who_left(firm: Firm) -> None:
    ana = firm.state.add_user("Ana", "Ana@Example.org")
    firm.state.deactivate_user(firm.state.add_user("Ben", "ben@example.org"))
    users = {one.gid: (one.name, one.email) for one in firm.read().users}
    assert users == {
        firm.state.me.gid: ("CSH Sync", "csh-sync@acme.example"),
        ana.gid: ("Ana", "ana@example.org"),
    }


def test_more_than_a_hundred_users_are_all_read(firm: Firm) -> None:
    for number in range(150):
        firm.state.add_user(f"user {number:03}", f"user{number}@example.org")
    snapshot = firm.read()
    assert len(snapshot.users) == 151
    assert snapshot.users_complete


# What is refused.


@pytest.mark.parametrize("gone", [False, True])
def test_a_home_project_that_is_refused_or_unknown_is_denied_with_a_remedy(firm: Firm, gone: bool) -> None:
    firm.state.deny(firm.home)
    changes = {"home_project": "1299999999999999"} if gone else {}
    with pytest.raises(Denied) as caught:
        firm.read(**changes)
    assert caught.value.status == (404 if gone else 403)
    assert "CSH_ASANA__HOME_PROJECT" in caught.value.remedy
    assert str(caught.value).count("Asana:") == 1
    assert firm.waits == []


@pytest.mark.parametrize("gone", [False, True])
def test_a_portfolio_that_is_refused_or_unknown_is_denied_with_a_remedy(firm: Firm, gone: bool) -> None:
    firm.state.deny(firm.portfolio)
    changes = {"portfolio": "1299999999999999"} if gone else {}
    with pytest.raises(Denied, match="read the portfolio") as caught:
        firm.read(**changes)
    assert "CSH_ASANA__PORTFOLIO" in caught.value.remedy
    assert caught.value.status == (404 if gone else 403)


def test_an_engagements_project_that_is_refused_is_denied_with_a_remedy(firm: Firm) -> None:
    project = firm.state.add_project("Engagements")
    firm.state.deny(project)
    with pytest.raises(Denied, match="read the engagements project") as caught:
        firm.read(engagements_project=project.gid)
    assert "CSH_ASANA__ENGAGEMENTS_PROJECT" in caught.value.remedy


def test_a_plan_without_custom_fields_is_denied_and_says_so(firm: Firm) -> None:
    firm.options.has_custom_fields = False
    with pytest.raises(Denied, match="not available for free users") as caught:
        firm.read()
    assert "plan" in caught.value.remedy


def test_a_wrong_token_is_denied_and_not_repeated(firm: Firm) -> None:
    with pytest.raises(Denied, match="CSH_ASANA__TOKEN") as caught:
        firm.read(token="1/wrong-token-value")
    assert "wrong-token-value" not in str(caught.value)
    assert (firm.sent(), firm.waits) == (1, [])


def test_an_engagement_that_is_refused_makes_the_tree_incomplete_and_others_are_read(firm: Firm) -> None:
    hidden = firm.state.add_project("LEAP 2026", portfolio=firm.portfolio)
    firm.csh_task(hidden)
    csh = firm.csh_task()
    project_gid = hidden.gid
    refused = {"errors": [{"message": "You do not have access to this project.", "help": ""}]}

    firm.fault(Status(403, refused), path=f"project={project_gid}")
    snapshot = firm.read()
    assert set(snapshot.csh_tasks) == {csh.gid}
    assert snapshot.home_complete
    assert not snapshot.tree_complete
    assert problems(snapshot) == ["engagement LEAP 2026: You do not have access to this project."]
    assert snapshot.problems[0].remedy == "Share it with the token's user."
    assert snapshot.engagement_gids == {firm.engagement.gid, hidden.gid}


def test_a_portfolio_in_the_portfolio_that_is_refused_makes_the_tree_incomplete(firm: Firm) -> None:
    inner = firm.state.add_portfolio("Inner")
    firm.state.add_to_portfolio(firm.portfolio, inner)
    csh = firm.csh_task()

    def deny(body: Any) -> Any:
        firm.state.deny(inner)
        return body

    firm.fault(Rewrite(deny), path=f"/portfolios/{firm.portfolio.gid}/items")
    snapshot = firm.read()
    assert csh.gid in snapshot.csh_tasks
    assert not snapshot.tree_complete
    assert problems(snapshot) == ["portfolio Inner: You do not have access to this portfolio."]


def test_users_that_are_refused_leave_people_unknown_and_the_rest_is_read(firm: Firm) -> None:

    firm.mirrored(1)
    firm.fault(Status(403, {"errors": [{"message": "Forbidden"}]}), path="/users$")
    snapshot = firm.read()
    assert (snapshot.users, snapshot.users_complete, snapshot.home_complete) == ((), False, True)
    assert problems(snapshot) == ["users of the workspace: Forbidden"]
