"""Comments, system stories, attachments and time."""

from __future__ import annotations

from datetime import date

import pytest


@pytest.fixture
def home(state):
    return state.add_project("Home")


@pytest.fixture
def task(state, home):
    return state.add_task("task", project=home)


def test_changes_leave_system_stories_and_comments_are_told_apart(get, write, state, task):
    write("PUT", f"/tasks/{task.gid}", name="other", completed=True, assignee="me")
    state.comment_on(task, "hello https://x.org")
    stories = get(f"/tasks/{task.gid}/stories")
    assert [one["resource_subtype"] for one in stories] == [
        "added_to_project",
        "name_changed",
        "assigned",
        "marked_complete",
        "comment_added",
    ]
    assert [one["resource_subtype"] for one in stories].count("comment_added") == 1
    assert [story.rich.text for story in state.comments(task)] == ["hello https://x.org"]


def test_writing_what_is_there_already_leaves_no_story_and_no_stamp(get, write, clock, task):
    before = get(f"/tasks/{task.gid}")["modified_at"], len(task.stories)
    clock.advance(minutes=1)
    write("PUT", f"/tasks/{task.gid}", name="task", completed=False, assignee=None, notes="", due_on=None)
    assert (get(f"/tasks/{task.gid}")["modified_at"], len(task.stories)) == before


def test_a_comment_is_written_plain_or_as_markup_not_both(write, refused, get, task):
    path = f"/tasks/{task.gid}/stories"
    made = write("POST", path, html_text="<body><b>x</b></body>")
    assert made["text"] == "x"
    assert get(f"/stories/{made['gid']}", opt_fields="html_text")["html_text"] == "<body><strong>x</strong></body>"
    assert refused("POST", path, {"data": {}}) == (400, "text: Missing input")
    assert refused("POST", path, {"data": {"text": "x", "html_text": "<body>x</body>"}})[0] == 400


def test_wrong_markup_in_a_comment_is_shown_to_people_or_refused(write, refused, options, task):
    wrong = "<body><p>x</p></body>"
    assert write("POST", f"/tasks/{task.gid}/stories", html_text=wrong)["text"] == wrong
    options.invalid_comment = "refused"
    assert refused("POST", f"/tasks/{task.gid}/stories", {"data": {"html_text": wrong}}) == (400, "XML is invalid")


def test_a_comment_moves_the_stamp_and_its_writer_follows(state, clock, task):
    ann = state.add_user("Ann", "ann@acme.example")
    before = task.modified_at
    clock.advance(minutes=1)
    state.comment_on(task, "hi", by=ann)
    assert task.modified_at > before
    assert ann in task.followers


def test_attachments_of_a_task_and_of_a_project(get, refused, write, state, home, task):
    state.attach_file(task, "plan.pdf", size=9)
    (shown,) = get("/attachments", parent=task.gid)
    assert shown["name"] == "plan.pdf"
    assert get(f"/attachments/{shown['gid']}")["parent"]["gid"] == task.gid
    assert get("/attachments", parent=home.gid) == []
    for data in (
        {"parent": task.gid},
        {"resource_subtype": "external", "name": "x", "url": "https://x.org"},
        {"parent": task.gid, "resource_subtype": "external", "name": "x"},
    ):
        assert refused("POST", "/attachments", {"data": data})[0] == 400
    assert refused("GET", f"/tasks/{task.gid}/attachments")[0] == 404


def test_an_image_shows_an_attachment(write, get, state, task):
    picture = state.attach_file(task, "a.png")
    write("PUT", f"/tasks/{task.gid}", html_notes=f'<body><img data-asana-gid="{picture.gid}"/></body>')
    assert picture.gid in get(f"/tasks/{task.gid}", opt_fields="html_notes")["html_notes"]


# Time


@pytest.mark.parametrize("minutes", [0, -5, 1.5, "30", True, None])
def test_time_is_logged_in_whole_minutes_above_zero(refused, task, minutes):
    path = f"/tasks/{task.gid}/time_tracking_entries"
    assert refused("POST", path, {"data": {"duration_minutes": minutes}})[0] == 400
    assert task.entries == []


def test_time_logged_by_the_api_belongs_to_the_token_and_to_today(write, state, clock, task):
    made = write("POST", f"/tasks/{task.gid}/time_tracking_entries", duration_minutes=30, description="review")
    assert made["created_by"]["gid"] == state.me.gid
    assert made["entered_on"] == clock.now().date().isoformat()
    assert made["task"]["gid"] == task.gid
    assert made["attributable_to"]["name"] == "Home"


def test_lists_of_time_do_not_name_the_task_unless_the_options_say_so(get, options, state, task):
    entry = state.log_minutes(task, 30, date(2026, 1, 5))
    shown = get("/time_tracking_entries", task=task.gid, opt_fields="task.name,duration_minutes")
    assert shown == [{"gid": entry.gid, "duration_minutes": 30}]
    options.entries_name_task = True
    shown = get("/time_tracking_entries", task=task.gid, opt_fields="task.name")
    assert shown == [{"gid": entry.gid, "task": {"gid": task.gid, "name": "task"}}]
    assert get(f"/time_tracking_entries/{entry.gid}")["task"]["gid"] == task.gid


def test_time_is_filtered_by_portfolio_project_person_and_day(get, refused, state, home, task):
    ann = state.add_user("Ann", "ann@acme.example")
    outer, inner = state.add_portfolio("Outer"), state.add_portfolio("Inner")
    state.add_to_portfolio(outer, inner)
    state.add_to_portfolio(inner, home)
    state.add_to_portfolio(inner, outer)
    loose = state.add_task("loose", parent=task)
    mine = state.log_minutes(task, 30, date(2026, 1, 5))
    hers = state.log_minutes(task, 60, date(2026, 2, 5), by=ann)
    state.log_minutes(loose, 90, date(2026, 2, 6), by=ann)

    def gids(**query):
        return [one["gid"] for one in get("/time_tracking_entries", **query)]

    assert gids(portfolio=outer.gid) == [mine.gid, hers.gid]
    assert gids(attributable_to=home.gid, user=ann.gid) == [hers.gid]
    assert len(gids(user=ann.gid)) == 2
    day = {"entered_on_start_date": "2026-02-01", "entered_on_end_date": "2026-02-05"}
    assert gids(workspace=state.workspace.gid, **day) == [hers.gid]
    assert refused("GET", "/time_tracking_entries")[0] == 400
    assert refused("GET", "/time_tracking_entries", workspace=state.workspace.gid)[0] == 400


def test_time_of_subtasks_is_counted_apart_unless_the_options_say_so(get, options, state, task):
    child = state.add_task("child", parent=task)
    state.log_minutes(task, 30, date(2026, 1, 5))
    state.log_minutes(child, 60, date(2026, 1, 5))
    assert get(f"/tasks/{task.gid}")["actual_time_minutes"] == 30
    options.actual_time_rolls_up = True
    assert get(f"/tasks/{task.gid}")["actual_time_minutes"] == 90
    assert get(f"/tasks/{state.add_task('idle').gid}")["actual_time_minutes"] is None


def test_logging_time_moves_the_stamp_only_if_the_options_say_so(options, state, clock, task):
    before = task.modified_at
    clock.advance(minutes=1)
    state.log_minutes(task, 30, date(2026, 1, 5))
    assert task.modified_at == before
    options.time_entry_touches = True
    state.log_minutes(task, 30, date(2026, 1, 5))
    assert task.modified_at > before


def test_time_of_a_deleted_task_is_gone_or_kept(get, http, options, state, home, task):
    entry = state.log_minutes(task, 30, date(2026, 1, 5))
    state.delete_task(task)
    assert get("/time_tracking_entries", attributable_to=home.gid) == []
    assert http.get(f"/time_tracking_entries/{entry.gid}").status_code == 404
    options.entries_of_deleted = "kept"
    assert [one["gid"] for one in get("/time_tracking_entries", attributable_to=home.gid)] == [entry.gid]
    assert http.get(f"/time_tracking_entries/{entry.gid}").status_code == 200


def test_people_correct_and_delete_time(get, state, task):
    entry = state.log_minutes(task, 30, date(2026, 1, 5))
    state.edit_entry(entry, minutes=45)
    state.edit_entry(entry.gid, day=date(2026, 1, 6))
    assert (entry.minutes, entry.entered_on) == (45, date(2026, 1, 6))
    state.delete_entry(entry)
    assert get(f"/tasks/{task.gid}/time_tracking_entries") == []
