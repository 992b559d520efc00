"""Asana written through the real SDK over HTTP: what is sent, what is left out, and lost answers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.core import Cut, Garble, Hang, Rewrite, Status, Twice
from sync.errors import Denied, LimitReached, NotFound, OutcomeUnknown, Rejected, Transient
from sync.model.change import Remark

if TYPE_CHECKING:
    from tests.connectors.asana.conftest import Firm

URL = "https://github.com/acme/hub/issues/1"
LOST = [
    Cut("after"),
    Cut("after", after_bytes=40),
    Cut("before"),
    Status(500, when="after"),
    Status(502, "<html>", when="after"),
    Status(503, when="after"),
    Status(504),
    Garble("html"),
    Garble("empty"),
    Garble("truncated"),
    Rewrite(lambda _body: {"data": None}),
    Rewrite(lambda body: {"data": body["data"] | {"num_subtasks": None}}),
    Rewrite(lambda body: {"data": body["data"] | {"custom_fields": [], "name": "of another request"}}),
    Rewrite(lambda body: {"data": [body["data"]]}),
]
NAMES = [f"{number} {type(one).__name__}" for number, one in enumerate(LOST)]


# Create.


def test_a_task_is_made_in_the_home_project_with_everything_in_one_call(firm: Firm) -> None:
    ana, ben = firm.state.add_user("Ana", "ana@example.org"), firm.state.add_user("Ben", "ben@example.org")
    draft = firm.draft(completed=True, assignee_gid=ana.gid, follower_gids=(ben.gid,), due_on=date(2026, 2, 1))
    draft.fields["status"], draft.fields["estimate"] = "Doing", None
    task, note = firm.ready().create(draft)
    made = firm.state.tasks[task.gid]
    assert note == ""
    assert firm.sent("POST") == len(firm.bodies()) == 1
    assert (made.name, made.rich.html, made.projects) == ("An issue", draft.html_notes, [firm.home])
    assert made.completed_at is not None
    assert (made.assignee, made.due_on, ben in made.followers) == (ana, date(2026, 2, 1), True)
    assert firm.state.field_value(made, "GitHub Hours") == 2.33
    assert firm.state.field_value(made, "Status") == "Doing"
    assert {"parent", "memberships"}.isdisjoint(firm.bodies()[0])
    assert firm.fields["Estimate"].gid not in firm.bodies()[0]["custom_fields"]
    assert task.fields.text("github_url") == URL
    assert task.fields.values["github_hours"] == Decimal("2.33")
    assert task.project_gids == {firm.home.gid}


def test_a_start_is_sent_with_its_due_date_only(firm: Firm) -> None:
    connector = firm.ready()
    connector.create(firm.draft(start_on=date(2026, 1, 1), due_on=date(2026, 2, 1)))
    connector.create(firm.draft(start_on=date(2026, 1, 1)))
    first, second = firm.bodies()
    assert (first["start_on"], first["due_on"]) == ("2026-01-01", "2026-02-01")
    assert {"start_on", "due_on"}.isdisjoint(second)


def test_fields_that_the_home_project_lacks_are_not_sent(firm: Firm) -> None:
    firm.state.remove_field_from_project(firm.home, firm.fields["GitHub ID"])
    task, _ = firm.ready().create(firm.draft())
    assert not task.fields.has("github_id")


def test_a_choice_that_the_field_does_not_offer_is_left_out_instead_of_emptying_it(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1, fields={"Status": "Doing"})
    draft = firm.draft()
    wanted = type(draft)(draft.name, draft.html_notes, draft.notes, fields={"status": "Blocked"})
    assert connector.update(task.gid, wanted, ["status"]) == Remark()
    assert firm.state.field_value(task, "Status") == "Doing"
    assert firm.bodies() == []


@pytest.mark.parametrize("fault", LOST, ids=NAMES)
def test_a_create_without_a_clear_answer_is_unknown_and_sent_once(firm: Firm, fault: Any) -> None:
    connector = firm.ready()
    firm.fault(fault, method="POST", path="^/tasks$")
    with pytest.raises(OutcomeUnknown) as caught:
        connector.create(firm.draft())
    assert firm.sent("POST", "^/tasks$") == 1
    assert firm.waits == []
    assert "create a task" in str(caught.value)
    assert "Some text" not in str(caught.value)


def test_a_create_whose_answer_comes_too_late_is_unknown_and_sent_once(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.asana_api.READ_TIMEOUT", 1)
    connector = firm.ready()
    firm.fault(Hang(3, "after"), method="POST")
    with pytest.raises(OutcomeUnknown, match="ReadTimeoutError"):
        connector.create(firm.draft())
    assert firm.sent("POST", "^/tasks$") == 1
    assert len(firm.state.tasks_in(firm.home)) == 1


def test_an_answer_about_another_task_is_not_built_on(firm: Firm) -> None:
    connector = firm.ready()
    other = firm.mirrored(2)
    shown = connector.look_up([other.gid])
    assert shown[other.gid] is not None

    def swap(body: Any) -> Any:
        body["data"]["gid"] = other.gid
        for one in body["data"]["custom_fields"]:
            if one["name"] == "GitHub URL":
                one["text_value"] = "https://github.com/acme/hub/issues/2"
        return body

    firm.fault(Rewrite(swap), method="POST", path="^/tasks$")
    with pytest.raises(OutcomeUnknown, match=f"about another task, {other.gid}"):
        connector.create(firm.draft(1))


def test_a_middle_box_that_sends_a_create_twice_leaves_a_twin_and_one_answer(firm: Firm) -> None:
    connector = firm.ready()
    firm.fault(Twice(), method="POST", path="^/tasks$")
    task, _ = connector.create(firm.draft())
    assert len(firm.state.tasks_in(firm.home)) == 2
    assert task.gid in {one.gid for one in firm.state.tasks_in(firm.home)}


def test_a_create_that_was_refused_for_its_rate_is_sent_again(firm: Firm) -> None:
    connector = firm.ready()
    firm.fault(Status(429, {}, {"Retry-After": "3"}), method="POST", times=2)
    connector.create(firm.draft())
    assert firm.sent("POST", "^/tasks$") == 3
    assert len(firm.state.tasks_in(firm.home)) == 1
    assert [int(wait) for wait in firm.waits] == [3, 3]


def test_a_create_that_nobody_heard_is_sent_again_and_then_known_not_to_exist(firm: Firm) -> None:
    connector = firm.ready()
    firm.sandbox.stop()
    connector.close()
    with pytest.raises(Transient, match="cannot be reached"):
        connector.create(firm.draft())
    assert len(firm.waits) == 4
    firm.sandbox.start()


def test_a_limit_that_would_last_hours_makes_nothing_and_ends_the_run(firm: Firm) -> None:
    connector = firm.ready()
    firm.fault(Status(429, {}, {"Retry-After": "3600"}), method="POST")
    with pytest.raises(LimitReached):
        connector.create(firm.draft())
    assert firm.state.tasks_in(firm.home) == []


def test_a_home_project_in_which_nothing_may_be_made_is_denied(firm: Firm) -> None:
    connector = firm.ready()
    firm.state.deny(firm.home)
    with pytest.raises(Denied, match="CSH_ASANA__HOME_PROJECT"):
        connector.create(firm.draft())


def test_fields_that_are_dropped_on_create_in_silence_show_in_the_answer(firm: Firm) -> None:
    connector = firm.ready()
    firm.options.drop_fields_on_create = True
    task, note = connector.create(firm.draft())
    assert (task.fields.values["github_url"], note) == (None, "")
    assert task.project_gids == {firm.home.gid}


# What Asana refuses of a task.


def test_an_assignee_who_is_not_a_user_is_left_out_with_a_note(firm: Firm) -> None:
    gone = firm.state.add_user("Ana", "ana@example.org")
    firm.state.deactivate_user(gone)
    task, note = firm.ready().create(firm.draft(assignee_gid=gone.gid))
    assert note == "the assignee is not a user of the workspace and was left out"
    assert task.assignee_gid == ""
    assert len(firm.bodies()) == 2


def test_refused_followers_are_left_out_with_a_note(firm: Firm) -> None:
    _, note = firm.ready().create(firm.draft(follower_gids=("1299999999999",)))
    assert note == "followers were refused and left out"


def test_refused_rich_text_is_written_plain_once_with_a_note(firm: Firm) -> None:
    draft = firm.draft(html_notes="<body><blink>x</blink></body>", notes="x\n\nsource line")
    task, note = firm.ready().create(draft)
    assert note == "Asana refused the formatted description; it was written as plain text (XML is invalid)"
    assert firm.state.tasks[task.gid].rich.text == "x\n\nsource line"
    assert len(firm.bodies()) == 2


def test_all_that_can_be_refused_is_left_out_part_by_part(firm: Firm) -> None:
    draft = firm.draft(html_notes="<p>", assignee_gid="1299999999991", follower_gids=("1299999999992",))
    task, note = firm.ready().create(draft)
    assert len(note.split("; ")) == 3 + ("; it was" in note)
    assert firm.sent("POST") == 4
    assert firm.state.tasks[task.gid].rich.text == "Some text"


def test_an_update_falls_back_the_same_way_and_writes_the_rest(firm: Firm) -> None:
    connector = firm.ready()
    ana = firm.state.add_user("Ana", "ana@example.org")
    task = firm.mirrored(1, assignee=ana)
    draft = firm.draft(name="New name", html_notes="<p>", assignee_gid="1299999999991")
    note = connector.update(task.gid, draft, ["name", "description", "assignee"])
    assert "left out" in note.words
    assert "plain text" in note.words
    assert (note.plain, note.left_out) == (True, {"assignee"})
    assert (task.name, task.rich.text, task.assignee) == ("New name", "Some text", ana)


def test_an_assignee_who_is_refused_alone_is_noted_and_nothing_is_sent_after(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    note = connector.update(task.gid, firm.draft(assignee_gid="1299999999991"), ["assignee"])
    assert "left out" in note.words
    assert (note.plain, note.left_out) == (False, {"assignee"})
    assert firm.sent("PUT") == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "x" * 2000}, "name: "),
        ({"fields": {"github_url": "x" * 2000}}, "custom_fields: "),
        ({"due_on": date(2026, 1, 1), "start_on": date(2026, 1, 2)}, "start_on: "),
    ],
)
def test_what_cannot_be_left_out_is_refused_at_once(firm: Firm, change: dict[str, Any], words: str) -> None:
    with pytest.raises(Rejected, match=words):
        firm.ready().create(firm.draft(**change))
    assert firm.sent("POST") == 1


def test_a_description_that_is_too_long_in_any_form_is_refused_after_two_tries(firm: Firm) -> None:
    draft = firm.draft(html_notes=f"<body>{'x' * 70_000}</body>", notes="x" * 70_000)
    with pytest.raises(Rejected) as caught:
        firm.ready().create(draft)
    assert firm.sent("POST") == 2
    assert len(str(caught.value)) < 500


# Update.


def test_only_the_named_fields_are_written_and_none_empties(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1, fields={"GitHub Hours": 2, "GitHub ID": "I_1", "Status": "Doing"})
    draft = firm.draft(name="New name", completed=True, due_on=date(2026, 1, 9))
    fields = {"github_hours": None, "status": None, "estimate": Decimal("0.1") + Decimal("0.2")}
    draft = type(draft)(**{name: getattr(draft, name) for name in draft.__slots__} | {"fields": fields})
    note = connector.update(task.gid, draft, ["completed", "github_hours", "status", "estimate", "github_id"])
    assert note == Remark()
    assert (task.name, task.completed_at is not None, task.due_on) == ("An issue", True, None)
    values = {name: firm.state.field_value(task, name) for name in ("GitHub Hours", "GitHub ID", "Status", "Estimate")}
    assert values == {"GitHub Hours": None, "GitHub ID": "I_1", "Status": None, "Estimate": 0.3}
    assert firm.sent("PUT") == 1


def test_a_due_date_that_is_cleared_takes_the_start_along(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1, start_on=date(2026, 1, 1), due_on=date(2026, 2, 1))
    connector.update(task.gid, firm.draft(start_on=date(2026, 1, 1)), ["start_on", "due_on"])
    assert (task.start_on, task.due_on) == (None, None)


@pytest.mark.parametrize(
    "fault", [Cut("after"), Cut("after", after_bytes=20), Status(500, when="after"), Garble("html")]
)
def test_an_update_with_a_lost_answer_is_repeated(firm: Firm, fault: Any) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.fault(fault, method="PUT", times=2)
    connector.update(task.gid, firm.draft(name="New name"), ["name"])
    assert (task.name, firm.sent("PUT")) == ("New name", 3)


def test_an_update_that_is_answered_about_another_task_is_refused(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.fault(Rewrite(lambda body: {"data": body["data"] | {"gid": "12"}}), method="PUT")
    with pytest.raises(Rejected, match=f"asked about task {task.gid} and answered about 12"):
        connector.update(task.gid, firm.draft(), ["name"])


def test_a_locked_field_fails_that_task_and_no_other(firm: Firm) -> None:
    connector = firm.ready()
    locked, free = firm.mirrored(1), firm.mirrored(2)
    firm.state.lock_field(firm.fields["GitHub Hours"], locked)
    with pytest.raises(Rejected, match="permission to edit the value") as caught:
        connector.update(locked.gid, firm.draft(), ["github_hours"])
    assert caught.value.status == 403
    assert not isinstance(caught.value, Denied)
    assert connector.update(free.gid, firm.draft(), ["github_hours"]) == Remark()


def test_what_may_not_be_written_at_all_is_not_tried_in_parts(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.state.deny(task)
    with pytest.raises(Rejected, match="access"):
        connector.update(task.gid, firm.draft(), ["description", "name"])
    assert firm.sent("PUT") == 1


def test_a_field_that_is_not_on_the_task_is_refused_by_name(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.state.add_task("elsewhere", project=firm.engagement)
    with pytest.raises(Rejected, match="is not on given object"):
        connector.update(task.gid, firm.draft(), ["github_url", "description"])
    assert firm.sent("PUT") == 1


def test_a_task_that_is_gone_is_not_found(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.state.delete_task(task)
    with pytest.raises(NotFound):
        connector.update(task.gid, firm.draft(), ["name"])


# Places.


def test_a_task_is_placed_and_read_back_with_its_home_project(firm: Firm) -> None:
    connector, csh = firm.ready(), firm.csh_task()
    task = firm.mirrored(1)
    placed = connector.place(task.gid, csh.gid)
    assert (placed.gid, placed.parent_gid, placed.project_gids) == (task.gid, csh.gid, {firm.home.gid})
    assert placed.fields.text("github_url") == URL
    detached = connector.place(task.gid, "")
    assert (detached.parent_gid, task.parent) == ("", None)


@pytest.mark.parametrize("lost", ["membership", "membership_and_fields"])
def test_a_home_project_that_gets_lost_on_placing_shows_and_can_be_restored(firm: Firm, lost: Any) -> None:
    firm.options.home_lost_on_set_parent = lost
    connector, csh = firm.ready(), firm.csh_task()
    task = firm.mirrored(1, fields={"GitHub Hours": 2.33, "GitHub ID": "I_1"})
    placed = connector.place(task.gid, csh.gid)
    assert placed.project_gids == set()
    assert placed.fields.values == {}
    connector.rehome(task.gid)
    connector.update(task.gid, firm.draft(), tuple(firm.draft().fields))
    found = connector.look_up([task.gid])[task.gid]
    assert found is not None
    assert found.project_gids == {firm.home.gid}
    assert found.parent_gid == csh.gid
    assert found.fields.values["github_hours"] == Decimal("2.33")


def test_adding_to_the_home_project_twice_is_once(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.state.add_task("elsewhere")
    firm.fault(Cut("after"), path="/addProject", times=1)
    connector.rehome(task.gid)
    connector.rehome(task.gid)
    assert task.projects == [firm.home]
    assert firm.sent("POST", "/addProject") == 3


@pytest.mark.parametrize("fault", [Cut("after"), Status(500, when="after"), Status(502), Garble("empty")])
def test_placing_is_repeated_after_an_unclear_answer(firm: Firm, fault: Any) -> None:
    connector, csh = firm.ready(), firm.csh_task()
    task = firm.mirrored(1)
    firm.fault(fault, path="/setParent", times=1)
    assert connector.place(task.gid, csh.gid).parent_gid == csh.gid
    assert firm.sent("POST", "/setParent") == 2


def test_a_task_that_cannot_be_placed_is_refused_with_asanas_words(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    child = firm.state.add_task("child", parent=task)
    with pytest.raises(Rejected, match="to itself or to one of its subtasks"):
        connector.place(task.gid, child.gid)


def test_an_answer_about_another_task_fails_the_placing(firm: Firm) -> None:
    connector, csh = firm.ready(), firm.csh_task()
    task, other = firm.mirrored(1), firm.mirrored(2)
    firm.fault(Rewrite(lambda body: {"data": body["data"] | {"gid": other.gid}}), path="/setParent")
    with pytest.raises(Rejected, match=f"answered about {other.gid}"):
        connector.place(task.gid, csh.gid)


def test_an_odd_answer_to_placing_fails_that_task(firm: Firm) -> None:
    connector, csh = firm.ready(), firm.csh_task()
    task = firm.mirrored(1)
    firm.fault(Rewrite(lambda body: {"data": body["data"] | {"parent": 7}}), path="/setParent")
    with pytest.raises(Rejected, match="odd value at parent"):
        connector.place(task.gid, csh.gid)


def test_a_task_in_as_many_projects_as_asana_allows_cannot_be_added(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.state.add_task("busy", project=firm.engagement)
    firm.options.max_projects = 1
    with pytest.raises(Rejected, match="at most 1 projects"):
        connector.rehome(task.gid)


# Remove.


def test_removing_moves_to_the_trash_and_twice_is_once(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    connector.remove(task.gid)
    assert task.trashed is not None
    connector.remove(task.gid)


def test_a_removal_with_a_lost_answer_counts_when_the_task_is_gone_then(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.fault(Cut("after"), method="DELETE", times=1)
    connector.remove(task.gid)
    assert task.trashed is not None
    assert firm.sent("DELETE") == 2


def test_a_page_of_html_is_no_removal(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.fault(Status(200, "<html>ok</html>"), method="DELETE")
    with pytest.raises(Transient):
        connector.remove(task.gid)
    assert task.trashed is None


def test_a_removal_that_is_refused_is_told(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.state.deny(task)
    with pytest.raises(Rejected, match="access"):
        connector.remove(task.gid)


# Hours on CSH tasks.


def test_hours_are_written_on_csh_tasks_under_the_gids_they_have_there(firm: Firm) -> None:
    own = firm.state.add_field("Hours used", "number", precision=2)
    other = firm.state.add_project("LEAP", portfolio=firm.portfolio, fields=[own])
    first, second = firm.csh_task(), firm.csh_task(other)
    connector = firm.ready()
    values = {"hours_used": Decimal("2.33"), "hours_left": Decimal("-0.5")}
    connector.write_csh_hours(first.gid, values)
    connector.write_csh_hours(second.gid, values)
    assert firm.state.field_value(first, firm.fields["Hours used"].gid) == 2.33
    assert firm.state.field_value(first, "Hours left") == -0.5
    assert firm.state.field_value(second, own.gid) == 2.33
    connector.write_csh_hours(first.gid, {"hours_left": None})
    assert firm.state.field_value(first, "Hours left") is None


def test_a_csh_task_without_hours_fields_is_not_written_to(firm: Firm) -> None:
    other = firm.state.add_project("LEAP", portfolio=firm.portfolio)
    csh = firm.csh_task(other)
    connector = firm.ready()
    connector.write_csh_hours(csh.gid, {"hours_used": Decimal(1)})
    assert firm.bodies() == []


# Single tasks by gid.


@pytest.mark.parametrize("trashed", [404, 403, 200])
def test_a_task_in_the_trash_is_looked_up_as_asana_answers_for_it(firm: Firm, trashed: Any) -> None:
    connector = firm.ready()
    there, gone = firm.mirrored(1), firm.mirrored(2)
    firm.state.delete_task(gone)
    firm.options.trashed_task = trashed
    found = connector.look_up([there.gid, gone.gid, "1299999999999"])
    assert found["1299999999999"] is None
    shown = found[there.gid]
    assert shown is not None
    assert shown.fields.text("github_url") == URL
    assert {404: gone.gid in found and found[gone.gid] is None, 403: gone.gid not in found, 200: gone.gid in found}[
        trashed
    ]


@pytest.mark.parametrize("fault", [Status(500), Status(403), Garble("html"), Rewrite(lambda body: {"data": {}})])
def test_a_task_that_could_not_be_read_is_absent_and_not_gone(firm: Firm, fault: Any) -> None:
    connector = firm.ready()
    first, second = firm.mirrored(1), firm.mirrored(2)
    firm.fault(fault, path=f"/tasks/{first.gid}")
    assert set(connector.look_up([first.gid, second.gid])) == {second.gid}


def test_an_answer_about_another_task_tells_nothing_about_the_one_asked_for(firm: Firm) -> None:
    connector = firm.ready()
    task, other = firm.mirrored(1), firm.mirrored(2)
    firm.fault(Rewrite(lambda body: {"data": body["data"] | {"gid": other.gid}}), path=f"/tasks/{task.gid}")
    assert connector.look_up([task.gid]) == {}


def test_a_limit_ends_looking_up(firm: Firm) -> None:
    connector = firm.ready()
    firm.fault(Status(429, {}, {"Retry-After": "600"}), path="/tasks/")
    with pytest.raises(LimitReached):
        connector.look_up(["1", "2"])
    with pytest.raises(LimitReached):
        connector.human_content(["1", "2"])


# What people added.


def test_what_people_added_is_counted_and_what_asana_notes_is_not(firm: Firm) -> None:
    connector = firm.ready()
    ana = firm.state.add_user("Ana", "ana@example.org")
    bare, busy = firm.mirrored(1), firm.mirrored(2)
    firm.state.rename_task(bare, "renamed", by=ana)
    for number in range(3):
        firm.state.comment_on(busy, f"comment {number}", by=ana)
    firm.state.attach_file(busy, "plan.pdf", by=ana)
    child = firm.state.add_task("by hand", parent=busy)
    found = connector.human_content([bare.gid, busy.gid])
    assert (found[bare.gid].comments, found[bare.gid].attachments, found[bare.gid].child_gids) == (0, 0, ())
    assert (found[busy.gid].comments, found[busy.gid].attachments) == (3, 1)
    assert found[busy.gid].child_gids == (child.gid,)


def test_more_than_a_hundred_notes_of_asana_do_not_hide_a_comment(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    for number in range(120):
        firm.state.rename_task(task, f"name {number}")
    firm.state.comment_on(task, "keep this")
    assert connector.human_content([task.gid])[task.gid].comments == 1


def test_what_stands_on_two_pages_is_counted_once(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    for number in range(110):
        firm.state.comment_on(task, f"comment {number}")
    firm.options.paging = "by_position"
    first = next(iter(task.stories))

    def repeat(body: Any) -> Any:
        again = {"gid": first.gid, "type": "comment", "resource_subtype": "comment_added"}
        return body | {"data": [again, *body["data"]]}

    firm.fault(Rewrite(repeat), path="/stories", nth=2)
    assert connector.human_content([task.gid])[task.gid].comments == 110


@pytest.mark.parametrize("path", ["/stories", "attachments", "/subtasks", "opt_fields=num_subtasks"])
def test_what_could_not_be_read_is_absent_and_not_empty(firm: Firm, path: str) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    for fault in (Status(403), Status(500), Garble("html"), _answering({"data": [None]}), _answering({"data": {}})):
        placed = firm.fault(fault, path=path)
        assert connector.human_content([task.gid]) == {}
        firm.sandbox.faults.remove(placed)
    assert set(connector.human_content([task.gid])) == {task.gid}


def _answering(body: Any) -> Rewrite:
    return Rewrite(lambda _body: body)


def test_a_sub_task_that_is_hidden_or_not_listed_yet_leaves_it_unknown(firm: Firm) -> None:
    connector = firm.ready()
    task = firm.mirrored(1)
    firm.state.deny(firm.state.add_task("private", parent=task))
    assert connector.human_content([task.gid]) == {}


def test_a_connection_that_was_closed_while_it_was_idle_is_no_unclear_answer(firm: Firm) -> None:
    connector = firm.ready()
    firm.sandbox.stop()
    firm.sandbox.start()
    connector.create(firm.draft())
    assert firm.sent("POST") == 1
    assert firm.waits == []
