"""When Asana fails while it is read: what is repeated, what is named, and that a part is never taken for the whole."""

from __future__ import annotations

import logging
import threading
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import asana
import pytest

from connectors.asana import AsanaConnector
from connectors.asana_api import WRITES_AT_ONCE
from sandbox.core import Cut, Garble, Rewrite, Slow, Status
from sync.errors import Denied, LimitReached, ServiceError, Transient

if TYPE_CHECKING:
    from collections.abc import Callable

    from sync.model.work import TaskSnapshot
    from tests.connectors.asana.conftest import Firm

BROKEN = [
    Status(500),
    Status(502, "<html>bad gateway</html>"),
    Status(503, {"errors": [{"message": "shut off"}]}),
    Status(504, when="after"),
    Cut("before"),
    Cut("after"),
    Cut("after", after_bytes=40),
    Garble("html"),
    Garble("empty"),
    Garble("truncated"),
    Rewrite(lambda _body: None),
    Rewrite(lambda _body: []),
    Rewrite(lambda _body: "text"),
    Rewrite(lambda _body: {}),
    Rewrite(lambda _body: {"data": None}),
    Rewrite(lambda _body: {"data": {}}),
    Rewrite(lambda body: body | {"next_page": {}}),
    Rewrite(lambda body: body | {"next_page": "more"}),
]
NAMES = [f"{number} {type(one).__name__}" for number, one in enumerate(BROKEN)]


def problems(snapshot: TaskSnapshot) -> list[str]:
    return [f"{one.subject}: {one.message}" for one in snapshot.problems]


# Repeated, and what happens when that is not enough.


@pytest.mark.parametrize("fault", BROKEN, ids=NAMES)
def test_a_passing_trouble_is_waited_out_and_nothing_is_missing(firm: Firm, fault: Any) -> None:
    work = firm.state.add_task("work", parent=firm.csh_task())
    task = firm.mirrored(1)
    for path in ("custom_field_settings", "^/tasks$", "/subtasks", "/items", "/users"):
        firm.fault(fault, path=path, times=2)
    snapshot = firm.read()
    assert set(snapshot.home) == {task.gid}
    assert set(snapshot.tree) == {work.gid}
    assert snapshot.home_complete
    assert snapshot.tree_complete
    assert snapshot.users_complete
    assert len(firm.waits) == 5 * 2


@pytest.mark.parametrize("fault", BROKEN, ids=NAMES)
def test_a_home_project_that_stays_unreadable_is_no_empty_one(firm: Firm, fault: Any) -> None:
    firm.mirrored(1)
    firm.fault(fault, path=f"^/tasks.*project={firm.home.gid}")
    with pytest.raises(Transient) as caught:
        firm.read()
    assert firm.sent(path="^/tasks$") == 5
    assert str(caught.value).startswith("Asana: read the home project: ")


@pytest.mark.parametrize("fault", BROKEN, ids=NAMES)
def test_an_engagement_that_stays_unreadable_makes_the_tree_incomplete(firm: Firm, fault: Any) -> None:
    other = firm.state.add_project("LEAP", portfolio=firm.portfolio)
    firm.csh_task()
    csh = firm.csh_task(other)
    task = firm.mirrored(1)
    firm.fault(fault, path=f"project={firm.engagement.gid}")
    snapshot = firm.read()
    assert set(snapshot.csh_tasks) == {csh.gid}
    assert set(snapshot.home) == {task.gid}
    assert (snapshot.home_complete, snapshot.tree_complete) == (True, False)
    assert [one.subject for one in snapshot.problems] == ["engagement Pythia 2026"]


def test_sub_tasks_that_stay_unreadable_make_their_csh_task_incomplete(firm: Firm) -> None:
    first, second = firm.csh_task(), firm.csh_task()
    firm.state.add_task("lost", parent=first)
    kept = firm.state.add_task("kept", parent=second)
    firm.fault(Status(500), path=f"/tasks/{first.gid}/subtasks")
    snapshot = firm.read()
    assert set(snapshot.tree) == {kept.gid}
    assert not snapshot.tree_complete
    assert not snapshot.csh_tasks[first.gid].tree_complete
    assert snapshot.csh_tasks[second.gid].tree_complete


def test_users_that_stay_unreadable_leave_people_unknown(firm: Firm) -> None:
    firm.fault(Status(500), path="/users$")
    snapshot = firm.read()
    assert (snapshot.users, snapshot.users_complete) == ((), False)
    assert snapshot.home_complete


def test_when_part_after_part_fails_asana_is_down_and_the_reading_ends(firm: Firm) -> None:
    for number in range(10):
        firm.state.add_project(f"Engagement {number}", portfolio=firm.portfolio)
    firm.fault(Status(500), path="^/tasks.*project=", nth=2)
    with pytest.raises(Transient):
        firm.read()
    assert firm.sent(path="^/tasks$") == 1 + 3 * 5


def test_parts_that_fail_between_others_that_do_not_are_no_outage(firm: Firm) -> None:
    for number in range(5):
        firm.state.add_project(f"Engagement {number}", portfolio=firm.portfolio)
    broken = {firm.engagement.gid, *[project.gid for project in list(firm.state.projects.values())[-4::2]]}
    firm.fault(Status(500), path="^/tasks", where=lambda record: record.query.get("project") in broken)
    assert len(firm.read().problems) == len(broken) == 3


def test_single_refusals_are_no_outage_however_many(firm: Firm) -> None:
    for number in range(5):
        firm.state.add_project(f"Engagement {number}", portfolio=firm.portfolio)
    firm.fault(Status(403, {"errors": [{"message": "no"}]}), path="^/tasks.*project=", nth=2)
    assert len(firm.read().problems) == 6


# In the middle of a listing.


@pytest.fixture
def long_list(firm: Firm) -> Firm:
    for number in range(610):
        firm.state.add_task(f"task {number}", project=firm.home)
    return firm


@pytest.mark.parametrize("fault", [Status(502), Cut("after", after_bytes=4000), Garble("html")])
def test_a_trouble_on_page_3_of_7_is_repeated_on_that_page(long_list: Firm, fault: Any) -> None:
    long_list.fault(fault, path="^/tasks$", nth=3, times=1)
    snapshot = long_list.read()
    assert len(snapshot.home) == 610
    assert long_list.sent(path="^/tasks$") == 7 + 1 + 1


def test_a_trouble_on_page_3_of_7_that_stays_is_no_short_list(long_list: Firm) -> None:
    long_list.fault(Status(502), path="^/tasks$", nth=3)
    with pytest.raises(Transient):
        long_list.read()
    assert long_list.sent(path="^/tasks$") == 2 + 5


def test_an_expired_offset_begins_the_listing_again(long_list: Firm) -> None:
    def expire(body: Any) -> Any:
        long_list.service.expire_offsets()
        return body

    long_list.fault(Rewrite(expire), path="^/tasks$", nth=3, times=1)
    assert len(long_list.read().home) == 610
    assert long_list.sent(path="^/tasks$") == 3 + 1 + 7 + 1


def test_offsets_that_always_expire_end_the_reading(long_list: Firm) -> None:
    def expire(body: Any) -> Any:
        long_list.service.expire_offsets()
        return body

    long_list.fault(Rewrite(expire), path="^/tasks$")
    with pytest.raises(Transient, match="expired"):
        long_list.read()
    assert long_list.sent(path="^/tasks$") == 3 * 2


def test_a_listing_that_leads_round_in_circles_ends(long_list: Firm) -> None:
    again = {"next_page": {"offset": "again"}}
    long_list.fault(Rewrite(lambda body: body | again), path="^/tasks$", times=1)
    long_list.fault(Status(200, {"data": []} | again), path="offset=again")
    with pytest.raises(Transient, match="again and again"):
        long_list.read()
    assert long_list.sent(path="^/tasks$") == 2


def test_a_full_page_that_says_nothing_of_the_next_one_is_not_the_last(long_list: Firm) -> None:
    def forget(body: Any) -> Any:
        del body["next_page"]
        return body

    long_list.fault(Rewrite(forget), path="^/tasks$", nth=2)
    with pytest.raises(Transient, match="no next page"):
        long_list.read()


# Limits.


def test_a_429_is_waited_out_for_as_long_as_asana_says(firm: Firm) -> None:
    task = firm.mirrored(1)
    firm.fault(Status(429, {}, {"Retry-After": "7"}), path="^/tasks$", times=1)
    assert set(firm.read().home) == {task.gid}
    assert len(firm.waits) == 1
    assert 7 <= firm.waits[0] <= 8


@pytest.mark.parametrize("header", [None, "soon", "-5", "nan"])
def test_a_429_without_a_usable_hint_is_waited_out_longer_each_time(firm: Firm, header: str | None) -> None:
    firm.fault(Status(429, {}, {"Retry-After": header} if header else {}), path="^/tasks$", times=3)
    firm.read()
    assert [round(wait) for wait in firm.waits] == pytest.approx([1, 2, 4], rel=0.26)


@pytest.mark.parametrize("path", ["custom_field_settings", "^/tasks$", "/items", "/subtasks", "/users"])
def test_a_limit_that_would_last_hours_ends_the_reading_wherever_it_comes(firm: Firm, path: str) -> None:
    firm.state.add_task("work", parent=firm.csh_task())
    firm.fault(Status(429, {}, {"Retry-After": "21600"}), path=path)
    with pytest.raises(LimitReached, match="21600 s"):
        firm.read()
    assert firm.waits == []


def test_a_storm_of_429_ends_the_reading_as_a_limit(firm: Firm) -> None:
    firm.fault(Status(429), path="^/tasks$")
    with pytest.raises(LimitReached):
        firm.read()
    assert firm.sent(path="^/tasks$") == 5


def test_a_503_that_says_when_to_come_back_is_obeyed(firm: Firm) -> None:
    firm.fault(Status(503, None, {"Retry-After": "11"}), path="^/tasks$", times=1)
    firm.read()
    assert 11 <= firm.waits[0] <= 12


def test_own_requests_stay_below_the_rate_that_is_set(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    class Waited(BaseException):
        pass

    def wait(_seconds: float) -> None:
        raise Waited

    monkeypatch.setattr("pyrate_limiter.limiter.sleep", wait)
    connector = firm.connector(requests_per_minute=20)
    connector.look_up([str(number) for number in range(1, 20)])
    with pytest.raises(Waited):
        connector.look_up(["20"])
    assert firm.sent() == 19


def test_writes_of_many_threads_stay_within_what_asana_takes_at_a_time(firm: Firm) -> None:
    firm.options.writes_in_flight = WRITES_AT_ONCE
    firm.sandbox.latency = 0.02
    connector = firm.connector()
    connector.read()
    task = firm.state.add_task("a task")
    with ThreadPoolExecutor(40) as pool:
        list(pool.map(lambda _: connector.rehome(task.gid), range(120)))
    assert firm.sandbox.log.count(status=429) == 0
    assert firm.sandbox.log.count(is_write=True) == 120


# What cannot be reached at all.


def test_an_address_where_nobody_listens_is_named_with_its_setting(firm: Firm) -> None:
    with pytest.raises(Transient) as caught:
        firm.read(api_url="http://127.0.0.1:9/api/1.0")
    assert "127.0.0.1:9 cannot be reached" in str(caught.value)
    assert "CSH_ASANA__API_URL" in str(caught.value)
    assert len(firm.waits) == 4


def test_a_name_that_does_not_resolve_is_told_the_same_way(firm: Firm) -> None:
    with pytest.raises(Transient, match=r"no-such-host\.invalid cannot be reached"):
        firm.read(api_url="http://no-such-host.invalid/api/1.0")


def test_a_server_that_does_not_speak_tls_is_told_with_its_setting(firm: Firm) -> None:
    with pytest.raises(Transient, match="no secure connection") as caught:
        firm.read(api_url=firm.sandbox.url.replace("http://", "https://"))
    assert "CSH_ASANA__API_URL" in caught.value.remedy


@pytest.mark.parametrize("method", ["read", "write"])
@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_no_redirect_is_followed_to_another_host_or_the_same(firm: Firm, code: int, method: str) -> None:
    port = firm.sandbox.url.rpartition(":")[2]
    connector = firm.ready()
    task = firm.mirrored(1)
    before = firm.sent()
    for host in ("127.0.0.2", "127.0.0.1"):
        location = f"http://{host}:{port}/asana/api/1.0/users/me"
        firm.fault(Status(code, None, {"Location": location}))
        with pytest.raises(Transient, match="redirect"):
            connector.read() if method == "read" else connector.rehome(task.gid)
        firm.sandbox.faults.clear()
    assert firm.sent() == before + 2


def test_an_answer_that_comes_in_small_pieces_is_read_whole(firm: Firm) -> None:
    task = firm.mirrored(1)
    firm.fault(Slow(20_000), path="^/tasks$", times=1)
    assert set(firm.read().home) == {task.gid}


# Odd values.


def _first(body: Any, change: Callable[[dict[str, Any]], Any]) -> Any:
    change(body["data"][0])
    return body


ODD: list[tuple[str, Callable[[dict[str, Any]], Any]]] = [
    ("gid", lambda task: task.update(gid=12)),
    ("gid", lambda task: task.pop("gid")),
    ("name", lambda task: task.update(name=None)),
    ("html_notes", lambda task: task.pop("html_notes")),
    ("completed", lambda task: task.update(completed="no")),
    ("num_subtasks", lambda task: task.pop("num_subtasks")),
    ("num_subtasks", lambda task: task.update(num_subtasks=-1)),
    ("parent", lambda task: task.pop("parent")),
    ("parent", lambda task: task.update(parent="123")),
    ("assignee", lambda task: task.update(assignee={"gid": 5})),
    ("projects", lambda task: task.update(projects=None)),
    ("projects[0]", lambda task: task.update(projects=["123"])),
    ("custom_fields", lambda task: task.update(custom_fields=None)),
    ("due_on", lambda task: task.update(due_on="tomorrow")),
    ("completed_at", lambda task: task.update(completed_at=5)),
    ("actual_time_minutes", lambda task: task.update(actual_time_minutes=1.5)),
    ("custom_fields.github_hours", lambda task: task["custom_fields"][2].update(number_value="3")),
    ("custom_fields.github_hours", lambda task: task["custom_fields"][2].update(number_value=True)),
    ("custom_fields.github_hours", lambda task: task["custom_fields"][2].pop("number_value")),
    ("custom_fields.github_url", lambda task: task["custom_fields"][0].update(text_value=7)),
    ("custom_fields.status", lambda task: task["custom_fields"][3].update(enum_value="Doing")),
]


@pytest.mark.parametrize(("path", "change"), ODD, ids=[f"{number} {path}" for number, (path, _) in enumerate(ODD)])
def test_an_odd_value_quarantines_its_task_by_path_and_the_others_go_on(
    firm: Firm, path: str, change: Callable[[dict[str, Any]], Any]
) -> None:
    odd, fine = firm.mirrored(1), firm.mirrored(2)
    firm.fault(Rewrite(lambda body: _first(body, change)), path=f"project={firm.home.gid}")
    snapshot = firm.read()
    assert set(snapshot.home) == {fine.gid}
    assert not snapshot.home_complete
    assert snapshot.tree_complete
    (problem,) = snapshot.problems
    assert problem.message == f"odd value at {path}"
    assert problem.subject in {f"task {odd.gid}", "task 12", "task without a gid"}


def test_an_odd_task_that_several_lists_show_is_named_once(firm: Firm) -> None:
    odd = firm.mirrored(1, parent=firm.csh_task())

    def make_odd(body: Any) -> Any:
        for one in body["data"]:
            one.update({"created_at": "soon"} if one["gid"] == odd.gid else {})
        return body

    firm.fault(Rewrite(make_odd), path="/tasks$|/subtasks$|project=")
    snapshot = firm.read()
    assert not snapshot.home_complete
    assert not snapshot.tree_complete
    assert problems(snapshot) == [f"task {odd.gid}: odd value at created_at"]


def test_an_entry_that_is_no_task_at_all_is_not_passed_over_in_silence(firm: Firm) -> None:
    firm.mirrored(1)
    firm.fault(Rewrite(lambda body: body | {"data": [None, *body["data"], "x"]}), path=f"project={firm.home.gid}")
    snapshot = firm.read()
    assert len(snapshot.home) == 1
    assert not snapshot.home_complete
    assert problems(snapshot) == ["task without a gid: odd value at task"] * 2


def test_odd_values_below_csh_tasks_and_among_engagements_make_the_tree_incomplete(firm: Firm) -> None:
    csh = firm.csh_task()
    for number in range(2):
        firm.state.add_task(f"task {number}", parent=csh)
    project = firm.state.add_project("Engagements")
    for number in range(2):
        firm.state.add_task(f"engagement {number}", project=project)
    firm.state.add_task("in an engagement", project=firm.engagement)
    for path in ("/subtasks", f"project={project.gid}", f"project={firm.engagement.gid}"):
        fault = firm.fault(Rewrite(lambda body: _first(body, lambda task: task.pop("completed"))), path=path)
        snapshot = firm.read(engagements_project=project.gid)
        assert not snapshot.tree_complete
        assert snapshot.home_complete
        firm.sandbox.faults.remove(fault)


def test_an_odd_item_of_a_portfolio_makes_the_tree_incomplete(firm: Firm) -> None:
    other = firm.state.add_project("LEAP", portfolio=firm.portfolio)
    csh = firm.csh_task(other)
    firm.fault(Rewrite(lambda body: _first(body, lambda item: item.update(resource_type=5))), path="/items")
    snapshot = firm.read()
    assert set(snapshot.csh_tasks) == {csh.gid}
    assert not snapshot.tree_complete


def test_items_of_a_portfolio_that_do_not_tell_their_type_are_read_as_projects(firm: Firm) -> None:
    csh = firm.csh_task()
    firm.fault(Rewrite(lambda body: _first(body, lambda item: item.pop("resource_type"))), path="/items")
    snapshot = firm.read()
    assert set(snapshot.csh_tasks) == {csh.gid}
    assert snapshot.tree_complete


def test_an_odd_user_leaves_the_others_known(firm: Firm) -> None:
    firm.state.add_user("Ana", "ana@example.org")
    firm.fault(Rewrite(lambda body: _first(body, lambda user: user.update(email=["x"]))), path="/users$")
    snapshot = firm.read()
    assert len(snapshot.users) == 1
    assert not snapshot.users_complete


@pytest.mark.parametrize(
    "change",
    [
        lambda setting: setting.pop("custom_field"),
        lambda setting: setting.update(custom_field=[]),
        lambda setting: setting["custom_field"].update(gid=5),
        lambda setting: setting["custom_field"].pop("resource_subtype"),
        lambda setting: setting["custom_field"].update(enum_options=[{"name": "x"}]),
    ],
)
def test_odd_settings_of_the_home_project_are_no_missing_field(firm: Firm, change: Any) -> None:
    firm.fault(Rewrite(lambda body: _first(body, change)), path="custom_field_settings")
    with pytest.raises(Transient, match=r"odd value at custom_field_settings\[0\]"):
        firm.read()


def test_new_kinds_of_fields_and_unknown_keys_do_no_harm(firm: Firm) -> None:
    firm.mirrored(1)

    def enrich(task: dict[str, Any]) -> None:
        task["brand_new"] = {"x": [1]}
        task["custom_fields"].append({"gid": "99", "name": "New", "resource_subtype": "hologram", "enabled": True})

    firm.fault(Rewrite(lambda body: _first(body, enrich)), path=f"project={firm.home.gid}")
    assert firm.read().problems == ()


# Secrets.


def _echoing(token: str) -> list[Any]:
    return [
        Status(401, {"errors": [{"message": f"Bearer {token} is not known"}]}),
        Status(403, {"errors": [{"message": f"{token} may not"}]}),
        Status(502, f"<html>Authorization: Bearer {token}</html>"),
        Status(500, {"errors": [{"message": token}]}, {"X-Debug": token}),
    ]


@pytest.mark.parametrize("number", range(4))
def test_a_token_that_an_answer_echoes_is_shown_nowhere(firm: Firm, number: int) -> None:
    token = firm.service.token
    firm.fault(_echoing(token)[number], path="^/tasks$")
    with pytest.raises(ServiceError) as caught:
        firm.read()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert token not in shown
    assert isinstance(caught.value, Denied | Transient)


def test_a_token_that_no_header_can_carry_is_not_shown_by_what_refuses_it(firm: Firm) -> None:
    part = uuid.uuid4().hex
    with pytest.raises(ServiceError) as caught:
        firm.read(token=f"1/{part}\n{part}")
    assert part not in "".join(traceback.format_exception(caught.value)) + repr(caught.value)


def test_the_sdk_leaves_no_threads_handlers_or_levels_behind(firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asana.Configuration, "_default", None)  # as in a new process
    loggers = [logging.getLogger(name) for name in ("asana", "urllib3")]
    before = [(one.level, list(one.handlers)) for one in loggers]
    threads = threading.active_count()
    connector: AsanaConnector = firm.connector()
    connector.read()
    assert [(one.level, list(one.handlers)) for one in loggers] == before
    assert threading.active_count() == threads


def test_the_sdk_gets_options_of_its_own_each_time_since_it_changes_them(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = firm.mirrored(1)
    get_tasks = asana.TasksApi.get_tasks

    def changing(self: Any, opts: dict[str, Any], **more: Any) -> Any:
        try:
            return get_tasks(self, dict(opts), **more)
        finally:
            opts["offset"] = "of the last page"

    monkeypatch.setattr(asana.TasksApi, "get_tasks", changing)
    firm.fault(Status(502), path="^/tasks$", times=1)
    assert set(firm.read().home) == {task.gid}
    assert all("offset" not in one.query for one in firm.sandbox.log.select("asana", path="^/tasks$"))
