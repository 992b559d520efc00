"""The fortnight: what people do, seen in the services."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandbox import Sandbox
from sandbox.asana.state.model import Task
from sandbox.demo import DEMO_START, DemoOrganisation, build, play_fortnight
from sandbox.demo.periods import FORTNIGHT
from sandbox.github.rest.render import web_url
from sandbox.github.state.model import Issue

ACTS = 19


class Played:
    """A demo whose issues were mirrored by hand, one plain task each, and its fortnight."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(start=DEMO_START)
        self.organisation = build(self.sandbox)
        home = self.organisation.workspace.home
        for issue in self.organisation.issues.values():
            self.sandbox.asana.state.add_task(issue.title, project=home, fields={"GitHub URL": web_url(issue)})
        self.known = set(self.sandbox.github.state.all_issues())
        self.told = play_fortnight(self.sandbox, self.organisation)

    def issue(self, key: str) -> Issue:
        return self.organisation.issues[key]

    def task(self, key: str) -> Task:
        asana, url = self.sandbox.asana.state, web_url(self.issue(key))
        home = asana.tasks_in(self.organisation.workspace.home)
        return next(task for task in home if asana.field_value(task, "GitHub URL") == url)

    def cell(self, key: str, column: str) -> object:
        [item] = self.issue(key).items
        return next((value.content for field, value in item.values.items() if field.name == column), None)

    def new(self) -> list[Issue]:
        return sorted(set(self.sandbox.github.state.all_issues()) - self.known, key=lambda issue: issue.id)


@pytest.fixture(scope="module")
def played() -> Played:
    return Played()


def test_each_act_is_told_in_one_sentence(played: Played) -> None:
    assert len(played.told) == len(set(played.told)) == ACTS
    assert all(line.endswith(".") and "\n" not in line for line in played.told)


def test_afterwards_it_is_a_fortnight_later_and_the_clock_ticks(played: Played) -> None:
    assert timedelta(0) <= played.sandbox.clock.now() - DEMO_START - FORTNIGHT < timedelta(minutes=5)
    assert not played.sandbox.clock.frozen


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("finish", ("closed", "completed")),
        ("again", ("open", "reopened")),
        ("drop", ("closed", "not_planned")),
        ("drop with time", ("closed", "not_planned")),
        ("twin", ("closed", "duplicate")),
    ],
)
def test_issues_end_in_each_way(played: Played, key: str, state: tuple[str, str]) -> None:
    assert (played.issue(key).state, played.issue(key).state_reason) == state


def test_only_one_of_the_dropped_tasks_carries_time(played: Played) -> None:
    actual = played.sandbox.asana.state.actual_minutes
    assert actual(played.task("drop with time")) == 45
    assert actual(played.task("drop")) is None


def test_labels_come_and_go(played: Played) -> None:
    assert played.issue("label off").labels == []
    assert played.cell("label off", "GitHub Hours") is None
    assert played.issue("label off with hours").labels == []
    assert played.cell("label off with hours", "GitHub Hours") == 0.5
    assert [label.name for label in played.issue("label on").labels] == ["CSH"]


def test_hours_are_raised_and_lowered(played: Played) -> None:
    assert played.cell("more", "GitHub Hours") == 2.25
    assert played.cell("less", "GitHub Hours") == 1.5


def test_a_new_issue_and_a_new_sub_issue_appear(played: Played) -> None:
    labelled, child = played.new()
    assert [label.name for label in labelled.labels] == ["CSH"]
    assert child.labels == []
    assert child.parent is played.issue("new child")


def test_a_sub_issue_gets_another_parent(played: Played) -> None:
    assert played.issue("stray").parent is played.issue("new parent")
    assert played.issue("old parent").children == []


def test_titles_are_changed_at_the_source_and_by_hand_in_asana(played: Played) -> None:
    assert played.issue("new title").title == "[Pacific Drifters] Empty the scratch disk every Sunday"
    assert played.task("typed over").name == "URGENT: legend!!"
    assert played.issue("typed over").title != "URGENT: legend!!"


def test_tasks_are_moved_by_hand_under_csh_tasks(played: Played) -> None:
    allocation = played.organisation.contracts.allocation
    assert played.task("two communities").parent is allocation("SVMS 2026 Q3").csh_task
    assert played.task("other project").parent is allocation("ODA floods 2026 Q3").csh_task


def test_time_is_logged_on_a_new_task_made_by_hand(played: Played) -> None:
    csh_task = played.organisation.contracts.allocation("AotearoaSoils 2026 Q3").csh_task
    [task] = played.sandbox.asana.state.live_subtasks(csh_task)
    assert played.sandbox.asana.state.actual_minutes(task) == 90
    assert task.projects == []


def test_an_unclear_community_is_named_on_the_board(played: Played) -> None:
    assert played.cell("misspelled", "Community") == "Kilimanjaro Genomics Forum"


def test_it_cannot_be_played_before_anything_is_mirrored() -> None:
    sandbox = Sandbox(start=DEMO_START)
    organisation: DemoOrganisation = build(sandbox)
    with pytest.raises(LookupError, match="GitHub URL"):
        play_fortnight(sandbox, organisation)
