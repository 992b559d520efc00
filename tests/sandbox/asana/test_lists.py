"""Pages, offsets, filters, lists that lag or leave things out."""

from __future__ import annotations

import pytest


@pytest.fixture
def home(state):
    project = state.add_project("Home")
    for number in range(7):
        state.add_task(f"t{number}", project=project)
    return project


def names(tasks):
    return [task["name"] for task in tasks]


def page(http, home, **query):
    return http.get(f"/projects/{home.gid}/tasks", params=query).json()


def test_pages_follow_their_offsets_to_the_end(http, home):
    found, query = [], {"limit": 3}
    while True:
        body = page(http, home, **query)
        found.extend(names(body["data"]))
        if body["next_page"] is None:
            break
        assert body["next_page"]["uri"].endswith(f"/asana/api/1.0{body['next_page']['path']}")
        query["offset"] = body["next_page"]["offset"]
    assert found == [f"t{number}" for number in range(7)]


def test_the_whole_address_of_the_next_page_works(http, home):
    first = page(http, home, limit=5, opt_fields="name")
    assert names(http.get(first["next_page"]["uri"]).json()["data"]) == ["t5", "t6"]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many"])
def test_a_page_has_one_to_a_hundred_objects(refused, home, limit):
    assert refused("GET", f"/projects/{home.gid}/tasks", limit=limit)[0] == 400


def test_an_offset_is_good_for_its_own_list_and_only_when_it_was_given(refused, http, service, state, home):
    offset = page(http, home, limit=2)["next_page"]["offset"]
    bad = (400, "offset: Your pagination token is invalid.")
    other = state.add_project("Other")
    assert refused("GET", f"/projects/{other.gid}/tasks", limit=2, offset=offset) == bad
    assert refused("GET", f"/projects/{home.gid}/tasks", limit=2, offset="made up") == bad
    service.expire_offsets()
    assert refused("GET", f"/projects/{home.gid}/tasks", limit=2, offset=offset) == bad


def test_offsets_of_two_filters_do_not_mix(refused, http, state, home):
    offset = http.get("/tasks", params={"project": home.gid, "limit": 2}).json()["next_page"]["offset"]
    other = state.add_project("Other")
    assert refused("GET", "/tasks", project=other.gid, limit=2, offset=offset)[0] == 400


def test_offsets_expire(refused, http, options, clock, home):
    options.offset_seconds = 60
    offset = page(http, home, limit=2)["next_page"]["offset"]
    clock.advance(seconds=59)
    assert names(page(http, home, limit=2, offset=offset)["data"]) == ["t2", "t3"]
    clock.advance(seconds=2)
    assert refused("GET", f"/projects/{home.gid}/tasks", limit=2, offset=offset)[0] == 400


@pytest.mark.parametrize(("paging", "second"), [("by_item", ["t2", "t3"]), ("by_position", ["t3", "t4"])])
def test_a_list_that_changes_between_two_pages(http, options, state, home, paging, second):
    options.paging = paging
    offset = page(http, home, limit=2)["next_page"]["offset"]
    state.delete_task(state.find_task("t0"))
    assert names(page(http, home, limit=2, offset=offset)["data"]) == second


def test_without_a_limit_a_long_list_is_cut_or_refused(http, options, home):
    options.unpaged_cap = 5
    body = page(http, home)
    assert len(body["data"]) == 5
    assert "next_page" not in body
    options.unpaged = "refused"
    assert http.get(f"/projects/{home.gid}/tasks").status_code == 400
    assert len(page(http, home, limit=100)["data"]) == 7


def test_completed_tasks_are_listed_unless_filtered(get, state, clock, home):
    early, late = state.find_task("t0"), state.find_task("t1")
    state.complete_task(early)
    clock.advance(hours=1)
    since = state.now().isoformat()
    state.complete_task(late)
    assert len(get("/tasks", project=home.gid)) == 7
    assert "t0" not in names(get("/tasks", project=home.gid, completed_since=since))
    assert "t1" in names(get("/tasks", project=home.gid, completed_since=since))
    clock.advance(seconds=1)
    assert names(get(f"/projects/{home.gid}/tasks", completed_since="now")) == ["t2", "t3", "t4", "t5", "t6"]


def test_modified_since_shows_what_changed(get, refused, state, clock, home):
    clock.advance(hours=1)
    since = state.now().isoformat()
    state.rename_task(state.find_task("t3"), "renamed")
    state.comment_on(state.find_task("t4"), "hello")
    assert names(get("/tasks", project=home.gid, modified_since=since)) == ["renamed", "t4"]
    assert refused("GET", "/tasks", project=home.gid, modified_since="yesterday")[0] == 400


def test_the_tasks_of_a_person(get, state, home):
    ann = state.add_user("Ann", "ann@acme.example")
    state.assign_task(state.find_task("t2"), ann)
    assert names(get("/tasks", assignee=ann.gid, workspace=state.workspace.gid)) == ["t2"]
    assert names(get("/tasks", assignee="ann@acme.example", workspace=state.workspace.gid)) == ["t2"]


def test_lagging_lists_show_the_past_for_so_many_requests(get, options, state, home):
    options.list_lag = 3
    parent = state.find_task("t0")
    state.add_task("child", parent=parent)
    state.add_task("new", project=home)
    state.delete_task(state.find_task("t6"))
    for _ in range(2):
        assert names(get(f"/tasks/{parent.gid}/subtasks")) == []
    assert names(get(f"/projects/{home.gid}/tasks"))[-1] == "t6"
    assert names(get(f"/tasks/{parent.gid}/subtasks")) == ["child"]
    assert names(get(f"/projects/{home.gid}/tasks"))[-1] == "new"


def test_the_list_of_tasks_reads_its_own_writes_while_others_lag(get, write, options, state, home):
    options.list_lag = 5
    write("POST", "/tasks", name="new", projects=[home.gid])
    assert "new" in names(get("/tasks", project=home.gid))
    assert "new" not in names(get(f"/projects/{home.gid}/tasks"))
    section = home.sections[0].gid
    assert "new" in names(get("/tasks", section=section))
    assert "new" not in names(get(f"/sections/{section}/tasks"))
    write("DELETE", f"/tasks/{state.find_task('t0').gid}")
    assert "t0" not in names(get("/tasks", project=home.gid))
    assert "t0" in names(get(f"/projects/{home.gid}/tasks"))


def test_a_task_can_be_left_out_of_lists_and_still_be_there(get, options, state, home):
    hidden = state.find_task("t3")
    options.unlisted.add(hidden.gid)
    assert "t3" not in names(get("/tasks", project=home.gid))
    assert get(f"/tasks/{hidden.gid}")["projects"][0]["gid"] == home.gid
    assert get(f"/projects/{home.gid}/task_counts", opt_fields="num_tasks") == {"num_tasks": 7}


def test_task_counts_have_to_be_asked_for_by_name(get, state, home):
    state.complete_task(state.find_task("t0"))
    assert get(f"/projects/{home.gid}/task_counts") == {}
    counts = get(f"/projects/{home.gid}/task_counts", opt_fields="num_incomplete_tasks,num_completed_tasks")
    assert counts == {"num_incomplete_tasks": 6, "num_completed_tasks": 1}


def test_portfolios_of_others_are_read_by_gid_only(get, state):
    ann = state.add_user("Ann", "ann@acme.example")
    mine, hers = state.add_portfolio("Mine"), state.add_portfolio("Hers", owner=ann)
    assert names(get("/portfolios", workspace=state.workspace.gid)) == ["Mine"]
    assert get(f"/portfolios/{hers.gid}")["owner"]["name"] == "Ann"
    state.add_to_portfolio(hers, mine)
    state.add_to_portfolio(hers, mine)
    assert names(get(f"/portfolios/{hers.gid}/items")) == ["Mine"]
    state.remove_from_portfolio(hers, mine)
    assert get(f"/portfolios/{hers.gid}/items") == []


def test_projects_are_listed_by_their_archived_state(get, state, home):
    state.archive_project(state.add_project("Old"))
    workspace = state.workspace.gid
    assert names(get("/projects", workspace=workspace)) == ["Home", "Old"]
    assert names(get(f"/workspaces/{workspace}/projects", archived="true")) == ["Old"]
    assert get(f"/projects/{home.gid}")["archived"] is False


def test_all_people_are_listed_in_pages_but_those_of_a_workspace_at_once(http, state):
    for number in range(3):
        state.add_user(f"user {number}", f"user{number}@acme.example")
    paged = http.get("/users", params={"workspace": state.workspace.gid, "limit": 2}).json()
    assert (len(paged["data"]), paged["next_page"] is None) == (2, False)
    at_once = http.get(f"/workspaces/{state.workspace.gid}/users", params={"limit": 2}).json()
    assert (len(at_once["data"]), at_once.keys()) == (4, {"data"})


def test_people_who_left_are_listed_no_more(get, state):
    ann = state.add_user("Ann", "ann@acme.example")
    state.deactivate_user(ann)
    assert names(get("/users", workspace=state.workspace.gid)) == ["CSH Sync"]
    assert get("/users/Ann@acme.example")["gid"] == ann.gid
