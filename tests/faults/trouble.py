"""What goes wrong on the way to the services, drawn from one seed."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from sandbox import Sandbox
from sandbox.core import Cut, Garble, Rewrite, Slow, Status
from tests.e2e.organisation import Organisation

SERVICES = ("github", "asana", "airtable")


def random_trouble(sandbox: Sandbox, chance: Random) -> str:
    """Put one fault in place on some requests of one service; return what it is."""
    if chance.random() < 0.25:
        return _unclear_create(sandbox, chance)
    effect: Any = chance.choice(_EFFECTS)(chance)
    times = chance.choice((1, 1, 3, 5, 6, 20, None))
    service = chance.choice(SERVICES)
    is_write = chance.choice((None, True, True, False)) if service != "github" else False
    nth, probability = chance.choice((1, 1, 2, 3, 4, 6)), chance.choice((0.3, 0.6, 1.0, 1.0))
    sandbox.faults.add(effect, service=service, is_write=is_write, nth=nth, times=times, probability=probability)
    which = {None: "requests", True: "writes", False: "reads"}[is_write]
    return f"{effect} on {times} {which} of {service} from no. {nth} on, p = {probability}"


def _unclear_create(sandbox: Sandbox, chance: Random) -> str:
    """Leave it unclear whether a task was made: the fault that makes twins of careless clients."""
    effect: Any = chance.choice((Cut("after"), Cut("before"), Status(500, when="after"), Garble("html")))
    nth, times = chance.choice((1, 1, 2)), chance.choice((1, 1, 2, None))
    sandbox.faults.add(effect, service="asana", method="POST", path="^/tasks$", nth=nth, times=times)
    return f"{effect} on {times} creates from no. {nth} on"


def random_blindness(org: Organisation, chance: Random) -> tuple[str, Callable[[], None]]:
    """Hide something from the token without any error; return what, and how it comes to light again."""
    github, options = org.github, org.asana.options
    repository = chance.choice(("hub", "docs"))
    issue = chance.choice(github.all_issues())
    match chance.choice(("task", "task", "repository", "issue", "project", "lag", "nested", "board")):
        case "task":
            named = sorted(
                {str(cells["Task"]) for cells in org.airtable.rows("Activity").values() if cells.get("Task")}
            )
            options.unlisted = {chance.choice(named)} if named else set()  # what no row names is nobody's to miss
            return f"unlisted tasks {options.unlisted}", options.unlisted.clear
        case "repository":
            github.hide_repository(repository)
            return f"repository {repository} hidden", lambda: github.show_repository(repository)
        case "issue":
            github.hide_from_lists(issue)
            return f"issue {issue.repository.name}#{issue.number} in no list", lambda: github.show_in_lists(issue)
        case "project":
            hidden = chance.choice((org.reef.asana_project, org.engagements_project, org.home))
            options.denied, options.denied_lists = {hidden.gid}, chance.choice(("forbidden", "empty"))
            return f"project {hidden.name} denied, lists {options.denied_lists}", options.denied.clear
        case "lag":
            options.list_lag = chance.choice((3, 20))
            return f"Asana lists lag {options.list_lag} requests", lambda: setattr(options, "list_lag", 0)
        case "nested":
            github.options.truncate_nested_above = 1
            return "nested lists cut", lambda: setattr(github.options, "truncate_nested_above", None)
        case _:
            github.hide_project(org.board)
            return "the board is hidden", lambda: github.hide_project(org.board, hidden=False)


def kill_at_a_write(sandbox: Sandbox, chance: Random, most: int = 10) -> str:
    """Kill the run at one of its writes: nothing that it sends afterwards arrives, whatever it still tries."""
    nth, when = chance.randint(1, most), chance.choice(("before", "after"))
    kill_at(sandbox, nth, when)
    return f"killed {when} write {nth}"


def kill_at(sandbox: Sandbox, nth: int, when: Any) -> Any:
    """Kill the run before or after its *nth* write; return the fault, whose hits tell whether it came to that."""
    dead: list[Any] = []
    sandbox.faults.add(Cut("before"), where=lambda _record: bool(dead and dead[0].hits))
    dead.append(sandbox.faults.add(Cut(when), is_write=True, nth=nth, times=1))
    return dead[0]


def _lose_one(chance: Random) -> Callable[[Any], Any]:
    """Return a change that leaves one item out of each list of an answer, as a partial page does."""
    draw = chance.random()

    def change(body: Any) -> Any:
        if isinstance(body, dict):
            for key in ("data", "records", "nodes"):
                if isinstance(body.get(key), list) and body[key]:
                    body[key].pop(int(draw * len(body[key])))
            for value in body.values():
                change(value)
        return body

    return change


def _null_one(chance: Random) -> Callable[[Any], Any]:
    """Return a change that makes one node of a GraphQL answer null, with an error that names it."""
    draw = chance.random()

    def change(body: Any) -> Any:
        found: list[tuple[list[Any], list[Any]]] = []

        def walk(value: Any, path: list[Any]) -> None:
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key == "nodes" and isinstance(inner, list) and inner:
                        found.append((inner, [*path, key]))
                    walk(inner, [*path, key])
            elif isinstance(value, list):
                for number, inner in enumerate(value):
                    walk(inner, [*path, number])

        if isinstance(body, dict) and "data" in body:
            walk(body["data"], [])
        if found:
            nodes, path = found[int(draw * len(found))]
            nodes[0] = None
            body["errors"] = [{"type": "SOMETHING", "path": [*path, 0], "message": "Something went wrong"}]
        return body

    return change


_EFFECTS: tuple[Callable[[Random], Any], ...] = (
    lambda _: Cut("before"),
    lambda _: Cut("after"),
    lambda _: Cut("after", after_bytes=40),
    lambda _: Status(500),
    lambda _: Status(500, when="after"),
    lambda _: Status(502, "<html>bad gateway</html>"),
    lambda _: Status(503),
    lambda _: Status(504, when="after"),
    lambda _: Status(429, {}, {"Retry-After": "3"}),
    lambda _: Status(429, {}),
    lambda _: Status(401, {"message": "Bad credentials"}),
    lambda _: Status(403, {"message": "Forbidden"}),
    lambda _: Status(404, {"message": "Not Found"}),
    lambda _: Status(400, {"errors": [{"message": "no"}]}),
    lambda _: Garble("html"),
    lambda _: Garble("empty"),
    lambda _: Garble("truncated"),
    lambda _: Slow(200_000),
    lambda chance: Rewrite(_lose_one(chance)),
    lambda chance: Rewrite(_null_one(chance)),
)
