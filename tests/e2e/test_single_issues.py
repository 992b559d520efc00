"""run --issue: one issue and its tree, with the result of a sweep (requirement 109)."""

import json
import random
import re
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date
from typing import Any

import pytest

from sandbox import Sandbox
from sync.errors import ExitCode
from sync.mirror.family import Family
from sync.model.addresses import same_address
from sync.run import plan_run
from tests.e2e.organisation import START, Organisation

Org = Organisation
STAMPS = {"As of", "Synced at", "Task", "Placed under"}


def of_issue(org: Org, issue: Any) -> Any:
    return org.sync_issues([org.url(issue)])


def test_a_new_issue_is_mirrored_and_nothing_else(org: Org) -> None:
    one, other = org.issue("Reef Watch: one", hours=1), org.issue("Reef Watch: other", hours=2)
    report = of_issue(org, one)
    assert report.exit_code is ExitCode.FINE
    assert org.task(one).parent is org.reef.csh["Q3"]
    assert not org.has_task(other)
    assert org.rows(other) == {}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 1
    assert {same_address(one.about.url) for one in report.plan.changes} <= {same_address(org.url(one)), ""}


def test_totals_count_what_is_written_not_what_a_sweep_would_write(org: Org) -> None:
    one, other = org.issue("Reef Watch: one", hours=1), org.issue("Reef Watch: other", hours=2)
    org.sync()
    org.log_hours(one, 4)
    org.log_hours(other, 3)
    of_issue(org, one)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 6
    org.sync()
    assert org.allocation(org.reef, "Q3")["Hours used"] == 7


def test_sub_issues_go_along_and_so_does_what_has_to_be_made_above(org: Org) -> None:
    top = org.issue("Reef Watch: top")
    beside = org.issue("beside", parent=top, labels=())
    middle = org.issue("middle", parent=top, labels=())
    leaf = org.issue("leaf", parent=middle, labels=(), hours=2)
    of_issue(org, middle)
    assert org.task(leaf).parent is org.task(middle)
    assert org.task(middle).parent is org.task(top)
    assert not org.has_task(beside)
    org.log_hours(leaf, 3)
    org.github.edit(top, title="Reef Watch: the top")
    of_issue(org, leaf)
    assert org.rows(leaf)["Reef Watch Q3"]["Hours"] == 3
    assert org.task(top).name == "Reef Watch: top"


def test_an_issue_nobody_mirrors_changes_nothing(org: Org) -> None:
    org.issue("Reef Watch: other", hours=2)
    report = of_issue(org, org.issue("no label", labels=()))
    assert (report.exit_code, report.plan.changes) == (ExitCode.FINE, ())
    assert list(org.sandbox.log.writes()) == []


def test_no_period_is_sealed_nobody_is_told_and_it_is_no_success_on_record(org: Org) -> None:
    issue = org.issue("Reef Watch: one", hours=-1, End_date="2026-05-01")
    report = org.guarded_sync(issues=[org.url(issue)])
    assert {one.kind for one in report.plan.findings} == {"hours_absurd", "deliverable_late"}
    assert org.sandbox.slack.posts == ()
    assert org.airtable.rows("Alerts") == {}
    assert [one.get("Sealed on") for one in org.airtable.rows("Allocations").values()] == [None] * 6
    (row,) = org.airtable.rows("Runs").values()
    assert row["Result"] == "fine, for single issues"
    assert org.guarded_sync(issues=[org.url(issue)]).plan.changes == ()
    assert len(org.airtable.rows("Runs")) == 1


# A law: an event and a sweep after it end where a sweep alone ends.


class History:
    """A small forest that was mirrored, and people's edits since: the same for the same *seed*."""

    def __init__(self, org: Org, seed: int) -> None:
        self.org, self.chance = org, random.Random(seed)
        self.issues: dict[str, Any] = {}
        for name, parent in (("A", ""), ("A1", "A"), ("A2", "A1"), ("B", ""), ("B1", "B"), ("C", ""), ("D", "")):
            above = self.issues.get(parent)
            title = name if above else f"Reef Watch: {name}"
            labels = () if above else ("CSH",)
            self.issues[name] = org.issue(title, labels=labels, parent=above, hours=self.chance.choice([None, 1, 2.5]))
        org.sync()
        self.tasks = {name: org.task(issue) for name, issue in self.issues.items()}
        self.addresses = {name: org.url(issue) for name, issue in self.issues.items()}
        self.gone: set[str] = set()
        self.told = [self.edit(self.chance.choice(sorted(self.issues))) for _ in range(6)]
        self.issues["E"] = org.issue("Glacier Commons: E", hours=1)
        self.focus = self.chance.choice(sorted(self.issues))

    @property
    def focused(self) -> list[str]:
        """Return the addresses that an event would name: of a transferred issue the old one and the new one."""
        now = [] if self.focus in self.gone else [self.org.url(self.issues[self.focus])]
        return [*now, self.addresses.get(self.focus, now[0] if now else "")]

    def edit(self, name: str) -> str:
        """Let somebody do something to an issue or its task; return what."""
        github, asana, issue, task = self.org.github, self.org.asana, self.issues[name], self.tasks[name]
        done = self.chance.choice(ON_GITHUB if name not in self.gone else IN_ASANA)
        match done:
            case "log":
                self.org.log_hours(issue, self.chance.choice([0, 3, 4.25]))
            case "retitle":
                github.edit(issue, title=f"Glacier Commons: {name}")
            case "close":
                github.close(issue, self.chance.choice(["completed", "not_planned", "duplicate"]))
            case "unlabel" if issue.labels:
                github.unlabel(issue, "CSH")
            case "transfer" if issue.repository.name == "hub":
                github.transfer(issue, "docs")
            case "delete":
                github.delete_issue(issue)
                self.gone.add(name)
            case "move to C" if issue.parent and "C" not in self.gone:
                github.move_sub_issue(issue, self.issues["C"])
            case "place":
                asana.move_task(task, parent=self.org.glacier.csh["Q3"])
            case "place below D" if name != "D":
                asana.move_task(task, parent=self.tasks["D"])
            case "comment":
                asana.comment_on(task, "we talked")
            case "rename":
                asana.rename_task(task, "mine")
            case "time":
                asana.log_minutes(task, 30, date(2026, 8, 9))
        return f"{done} {name}"


IN_ASANA = ("place", "place below D", "comment", "rename", "time")
ON_GITHUB = (*IN_ASANA, "log", "log", "retitle", "close", "close", "unlabel", "transfer", "delete", "move to C")


def tasks_of(org: Org) -> dict[str, object]:
    """Return what the tasks of the home project say, by address."""
    return {
        str(org.asana.field_value(task, org.url_field)): (
            task.name,
            task.completed_at is not None,
            task.parent.name if task.parent else "",
            str(org.asana.field_value(task, org.hours_field)),
        )
        for task in org.asana.tasks_in(org.home)
    }


def rows_of(org: Org, table: str) -> dict[str, Mapping[str, Any]]:
    """Return what the rows of a table say; moments and gids aside: several tasks are made at a time."""
    return {
        _key(record, cells): {name: value for name, value in cells.items() if name not in _gids(cells)}
        for record, cells in org.airtable.rows(table).items()
    }


def _key(record: str, cells: Mapping[str, Any]) -> str:
    key = str(cells.get("Key", record))
    return f"{cells['Title']}@{key.rpartition('@')[2]}" if cells.get("Source") == "Asana" else key


def _gids(cells: Mapping[str, Any]) -> set[str]:
    return {*STAMPS, "Key", "URL"} if cells.get("Source") == "Asana" else set(STAMPS)


def world_of(org: Org) -> object:
    """Return what stands everywhere; gids aside, since tasks are made several at a time."""
    gids = {task.gid: task.name for task in org.asana.tasks_in(org.home)}
    told = re.sub("|".join(gids), lambda found: gids[found[0]], json.dumps(rows_of(org, "Activity"), sort_keys=True))
    return tasks_of(org), json.loads(told), rows_of(org, "Allocations")


def without(found: Mapping[str, object], is_of_tree: Callable[[str], bool]) -> dict[str, object]:
    return {key: one for key, one in found.items() if not is_of_tree(key)}


def tree_of(org: Org, addresses: list[str]) -> Family:
    services, policy, now = org.connect()
    with closing(services):
        tree = plan_run(services, policy, now, issues=addresses)[0].family
    assert tree is not None
    return tree


@pytest.mark.parametrize("seed", [1, 2, 5, 11])
def test_an_event_and_then_a_sweep_end_where_a_sweep_ends(seed: int) -> None:
    with Sandbox(start=START) as first, Sandbox(start=START) as second:
        org, twin = Organisation(first), Organisation(second)
        history = History(org, seed)
        assert History(twin, seed).told == history.told
        tree = tree_of(org, history.focused)
        tasks, rows = tasks_of(org), rows_of(org, "Activity")
        org.sync_issues(history.focused)
        assert without(tasks_of(org), tree.names) == without(tasks, tree.names)
        assert without(rows_of(org, "Activity"), owned_by(tree)) == without(rows, owned_by(tree))
        assert [one for one in org.plan().changes if tree.holds(one)] == []
        org.sync()
        twin.sync()
        assert world_of(org) == world_of(twin)


def owned_by(tree: Family) -> Callable[[str], bool]:
    return lambda key: key.rpartition("@")[0] in tree.owners
