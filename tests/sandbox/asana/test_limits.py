"""Too many requests: in a minute, at once, in a batch; and batches that are let through."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from sandbox.core import Cut, Hang

MESSAGE = "You've made too many requests and hit a rate limit. Please retry after the given amount of time."


@pytest.fixture
def task(state):
    return state.add_task("task")


@pytest.fixture
def together(sandbox, service):
    """Send requests so that all are under way before the first is answered; return the answers in their order."""
    address = f"{sandbox.url}{service.prefix}"
    headers = {"Authorization": f"Bearer {service.token}"}

    def send(*requests):
        ready = threading.Barrier(len(requests), lambda: setattr(sandbox, "latency", 1.0))

        def one(request):
            method, path, data = request
            with httpx.Client(base_url=address, headers=headers) as client:
                client.get("/users/me")  # connected before it counts
                ready.wait()
                return client.request(method, path, json={"data": data} if data is not None else None)

        with ThreadPoolExecutor(len(requests)) as pool:
            answers = list(pool.map(one, requests))
        sandbox.latency = 0.0
        return answers

    return send


def actions(count, method="post", path="/tasks", **data):
    return {"actions": [{"method": method, "relative_path": path, "data": data} for _ in range(count)]}


def statuses(answers):
    return sorted(answer.status_code for answer in answers)


def test_the_refusal_names_whole_seconds(service):
    answer = service.limited(7.2)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "8")
    assert "Retry-After" not in service.limited(None).headers


def test_writes_in_flight_are_limited_and_reads_are_counted_apart(together, options, state, task):
    options.writes_in_flight = 2
    write = ("PUT", f"/tasks/{task.gid}", {"name": "x"})
    read = ("GET", f"/tasks/{task.gid}", None)
    answers = together(write, write, write, read, read)
    assert statuses(answers) == [200, 200, 200, 200, 429]
    refusal = next(answer for answer in answers if answer.status_code == 429)
    assert refusal.json()["errors"][0]["message"] == MESSAGE
    assert refusal.headers["Retry-After"] == "1"


def test_reads_in_flight_are_limited(together, options, task):
    options.reads_in_flight = 1
    read = ("GET", f"/tasks/{task.gid}", None)
    assert statuses(together(read, read, read)) == [200, 429, 429]


def test_requests_one_after_the_other_are_never_too_many_at_once(http, options, sandbox, task):
    options.writes_in_flight = options.reads_in_flight = 1
    sandbox.faults.add(Cut("before"), service="asana", times=1)
    sandbox.faults.add(Hang(0.05, "before", then="cut"), service="asana", times=1)
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            http.get(f"/tasks/{task.gid}")
    for _ in range(3):
        assert http.get(f"/tasks/{task.gid}").status_code == 200
        assert http.put(f"/tasks/{task.gid}", json={"data": {}}).status_code == 200


def test_the_actions_of_a_batch_count_one_by_one_and_the_whole_batch_is_refused(together, options, state):
    options.writes_in_flight = 15
    batch = ("POST", "/batch", actions(8, workspace=state.workspace.gid, name="x"))
    assert statuses(together(batch, batch)) == [200, 429]
    assert len(state.tasks) == 8


def test_reads_in_a_batch_count_as_reads(http, options, task):
    options.writes_in_flight = 1
    assert http.post("/batch", json={"data": actions(5, "get", f"/tasks/{task.gid}")}).status_code == 200
    options.reads_in_flight = 4
    assert http.post("/batch", json={"data": actions(5, "get", f"/tasks/{task.gid}")}).status_code == 429


def test_requests_in_a_minute_are_counted_with_the_refused_ones(http, options, task):
    options.requests_per_minute = 3
    assert http.post("/batch", json={"data": actions(3, "get", f"/tasks/{task.gid}")}).status_code == 200
    refusal = http.get(f"/tasks/{task.gid}")
    assert refusal.status_code == 429
    assert 1 <= int(refusal.headers["Retry-After"]) <= 60
    options.requests_per_minute = None
    assert http.get(f"/tasks/{task.gid}").status_code == 200


# Batches


def test_results_keep_the_order_of_the_actions_whatever_the_order_of_the_work(write, options, state):
    parts = [
        {"method": "POST", "relative_path": "/tasks", "data": {"name": name, "workspace": state.workspace.gid}}
        for name in ("a", "b", "c")
    ]
    results = write("POST", "/batch", actions=parts)
    assert [one["body"]["data"]["name"] for one in results] == ["a", "b", "c"]
    assert [task.name for task in state.tasks.values()] == ["c", "b", "a"]
    assert results[0]["headers"]["location"].endswith(results[0]["body"]["data"]["gid"])
    options.batch_order = "given"
    write("POST", "/batch", actions=parts)
    assert [task.name for task in state.tasks.values()][3:] == ["a", "b", "c"]


def test_a_batch_answers_200_with_good_and_bad_results_side_by_side(write, state, task):
    parts = [
        {"method": "get", "relative_path": f"/tasks/{task.gid}", "options": {"fields": ["name"]}},
        {"method": "get", "relative_path": "/tasks/4711"},
        {"method": "put", "relative_path": f"/tasks/{task.gid}", "data": {"name": 7}},
        {"method": "get", "relative_path": f"/tasks/{task.gid}?opt_fields=name"},
        {"method": "post", "relative_path": "/batch", "data": {"actions": []}},
        {"method": "post", "relative_path": "/attachments", "data": {"parent": task.gid}},
        {"method": "get", "relative_path": "/tasks", "data": {"assignee": "me", "workspace": state.workspace.gid}},
        {"method": "put", "relative_path": f"/tasks/{task.gid}", "data": [1]},
    ]
    results = write("POST", "/batch", actions=parts)
    assert [one["status_code"] for one in results] == [200, 404, 400, 400, 400, 400, 200, 400]
    assert results[0]["body"]["data"] == {"gid": task.gid, "name": "task"}
    assert results[1]["body"]["errors"][0]["message"] == "task: Unknown object: 4711"


def test_a_batch_pages_by_the_options_of_an_action(write, state):
    parent = state.add_task("parent")
    for name in "abc":
        state.add_task(name, parent=parent)
    action = {"method": "get", "relative_path": f"/tasks/{parent.gid}/subtasks", "options": {"limit": 2}}
    (first,) = write("POST", "/batch", actions=[action])
    action["options"]["offset"] = first["body"]["next_page"]["offset"]
    (second,) = write("POST", "/batch", actions=[action])
    assert [task["name"] for task in second["body"]["data"]] == ["c"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"actions": []},
        {"actions": "x"},
        {"actions": ["x"]},
        {"actions": [{"method": "get"}]},
        {"actions": [{"relative_path": "/tasks"}]},
        {"actions": [{"method": "fetch", "relative_path": "/tasks"}]},
        actions(11, "get", "/users/me"),
    ],
)
def test_what_is_no_batch_is_refused_as_a_whole(refused, data):
    assert refused("POST", "/batch", {"data": data})[0] == 400


def test_a_batch_of_reads_is_recorded_as_a_read(write, sandbox, state, task):
    write("POST", "/batch", **actions(2, "get", f"/tasks/{task.gid}"))
    write("POST", "/batch", **actions(1, "put", f"/tasks/{task.gid}", name="x"))
    assert [record.is_write for record in sandbox.log.select()] == [False, True]
    assert len(sandbox.log.writes("asana")) == 1


def test_the_published_limits_are_kept_on_request(sandbox, service, options):
    sandbox.add_published_limits(speed=600)
    assert (options.reads_in_flight, options.writes_in_flight, options.requests_per_minute) == (50, 15, 1500)
    assert options.minute_seconds == 0.1
    options.minute_seconds, options.searches_per_minute = 60.0, 2
    headers = {"Authorization": f"Bearer {service.token}"}
    with httpx.Client(base_url=f"{sandbox.url}{service.prefix}", headers=headers) as client:
        search = f"/workspaces/{service.state.workspace.gid}/tasks/search"
        assert [client.get(search).status_code for _ in range(3)] == [200, 200, 429]
        assert client.get("/users/me").status_code == 200
