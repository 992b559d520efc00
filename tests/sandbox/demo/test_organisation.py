"""The world of the demo: its size, its kinds, its oddities, counted in the services themselves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from sandbox import Sandbox
from sandbox.demo import DEMO_START, DemoOrganisation, build, build_empty
from sandbox.demo.contracts import CSH_TASK
from sandbox.demo.periods import FORTNIGHT
from sandbox.github.state.model import Issue

REPOSITORIES = 8


def all_issues(sandbox: Sandbox) -> list[Issue]:
    return [issue for one in sandbox.github.state.repositories for issue in one.issues.values()]


def in_scope(sandbox: Sandbox) -> list[Issue]:
    def labelled(issue: Issue) -> bool:
        return any(label.name == "CSH" for label in issue.labels)

    return [
        issue
        for issue in all_issues(sandbox)
        if not issue.pull_request and (labelled(issue) or any(map(labelled, issue.ancestors())))
    ]


def cell(issue: Issue, column: str) -> object:
    return next(
        (value.content for item in issue.items for field, value in item.values.items() if field.name == column), None
    )


def hours(sandbox: Sandbox) -> list[float]:
    return [float(str(value)) for issue in in_scope(sandbox) if (value := cell(issue, "GitHub Hours")) is not None]


def text(sandbox: Sandbox) -> str:
    return "\n".join(f"{issue.title}\n{issue.body or ''}" for issue in in_scope(sandbox))


@pytest.mark.parametrize(
    ("table", "rows"), [("Communities", 25), ("Engagements", 35), ("Projects", 36), ("Allocations", 90)]
)
def test_it_is_as_large_as_promised(sandbox: Sandbox, organisation: DemoOrganisation, table: str, rows: int) -> None:
    assert len(sandbox.airtable.rows(table)) == rows
    assert str(rows) in organisation.summary


def test_it_has_250_issues_in_eight_repositories(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    found = in_scope(sandbox)
    assert len(found) == organisation.in_scope == 250
    assert len({issue.repository.name for issue in found}) == REPOSITORIES


def test_nothing_is_mirrored_yet(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    assert sandbox.asana.state.tasks_in(organisation.workspace.home) == []
    assert sandbox.airtable.rows("Activity") == {}


def test_the_settings_point_to_everything(organisation: DemoOrganisation) -> None:
    with Sandbox(start=DEMO_START) as other:
        build(other)
        settings = other.settings()
    assert settings["CSH_GITHUB__ORG"] == "lantern"
    assert settings["CSH_GITHUB__PROJECT_NUMBER"] == "57"
    assert settings["CSH_FRESHDESK__HOST"] == "help.lantern.example"
    assert settings["CSH_ASANA__PORTFOLIO"] == organisation.workspace.portfolio.gid
    assert settings["CSH_ASANA__ENGAGEMENTS_PROJECT"] == organisation.workspace.engagements.gid
    assert settings["CSH_ASANA__HOME_PROJECT"] == organisation.workspace.home.gid
    assert all(settings.values())


def test_both_layouts_of_engagements_occur(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    projects, tasks = (
        organisation.workspace.portfolio.items,
        sandbox.asana.state.tasks_in(organisation.workspace.engagements),
    )
    assert (len(projects), len(tasks)) == (27, 8)


def test_every_allocation_has_a_csh_task_and_some_name_it(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    allocations = organisation.contracts.allocations
    assert {one.csh_task.name for one in allocations} == {CSH_TASK}
    linked = [row for row in sandbox.airtable.rows("Allocations").values() if row.get("Asana task")]
    assert 20 < len(linked) < 40
    shared = Counter(one.csh_task.gid for one in allocations)
    assert sorted(shared.values())[-2:] == [1, 2]


def test_some_engagements_are_found_by_their_names_alone(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    names = {item.name for item in organisation.workspace.portfolio.items}
    names |= {task.name for task in sandbox.asana.state.tasks_in(organisation.workspace.engagements)}
    rows = sandbox.airtable.rows("Engagements").values()
    assert {row["Name"] for row in rows} == names
    assert 5 < sum("Asana project" not in row for row in rows) < 12


def test_allocations_last_a_month_a_quarter_half_a_year_or_a_year(sandbox: Sandbox, organisation: object) -> None:
    days = Counter(
        round((date.fromisoformat(row["End"]) - date.fromisoformat(row["Start"])) / timedelta(days=91))
        for row in sandbox.airtable.rows("Allocations").values()
    )
    assert days.keys() == {0, 1, 2, 4}
    assert days[4] == 1


def test_a_community_has_a_gap_between_its_allocations(organisation: DemoOrganisation) -> None:
    spans = sorted(
        (one.period.start, one.period.end)
        for one in organisation.contracts.allocations
        if one.community.name == "Instituto Ñandú de Ecología"
    )
    assert spans[1][0] - spans[0][1] > timedelta(days=1)


def test_the_hours_of_some_csh_tasks_are_shown_on_them(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    fields = {setting.field.name for item in organisation.workspace.portfolio.items for setting in item.settings}
    assert fields == {"Hours used", "Hours left"}
    assert any(not item.settings for item in organisation.workspace.portfolio.items)


def test_names_are_as_names_are(sandbox: Sandbox, organisation: object) -> None:
    rows = sandbox.airtable.rows("Communities").values()
    names = [row["Name"] for row in rows]
    assert len(set(names)) == len(names)
    assert any(one != other and one in other for one in names for other in names)
    assert any(not name.isascii() for name in names)
    assert all(len(row["Aliases"].splitlines()) >= 1 for row in rows)
    assert {one["Role"] for one in sandbox.airtable.rows("Contacts").values()} == {
        *("Technical", "Administrative", "Billing")
    }


def test_trees_have_three_levels_across_repositories(sandbox: Sandbox, organisation: object) -> None:
    depths = Counter(len(list(issue.ancestors())) for issue in in_scope(sandbox))
    assert depths.keys() == {0, 1, 2}
    assert depths[1] > 50
    assert depths[2] > 10
    assert any(issue.parent and issue.parent.repository is not issue.repository for issue in in_scope(sandbox))
    assert any(issue.parent and issue.labels for issue in in_scope(sandbox))
    assert any(issue.parent and not issue.labels for issue in in_scope(sandbox))


def test_every_state_and_reason_occurs(sandbox: Sandbox, organisation: object) -> None:
    found = Counter((issue.state, issue.state_reason) for issue in in_scope(sandbox))
    assert found.keys() == {
        *(("open", None), ("open", "reopened"), ("closed", None)),
        *(("closed", "completed"), ("closed", "not_planned"), ("closed", "duplicate")),
    }
    assert found["closed", "completed"] > 150


def test_hours_are_from_a_quarter_to_twelve_and_absurd_once(sandbox: Sandbox, organisation: object) -> None:
    found = sorted(hours(sandbox))
    assert (found[0], found[-2], found[-1]) == (0.25, 12, 2026)
    assert all(one * 4 == int(one * 4) for one in found)
    assert 20 < len(in_scope(sandbox)) - len(found) < 80


def test_a_few_issues_are_not_on_the_board_and_one_is_archived(sandbox: Sandbox, organisation: object) -> None:
    assert sum(not issue.items for issue in in_scope(sandbox)) == 3
    assert sum(item.archived for issue in in_scope(sandbox) for item in issue.items) == 1


@pytest.mark.parametrize(
    "column", ["Status", "Iteration", "Start date", "End date", "Estimate", "Community", "Allocation"]
)
def test_every_column_of_the_board_is_used(sandbox: Sandbox, organisation: object, column: str) -> None:
    assert any(cell(issue, column) is not None for issue in in_scope(sandbox))


def test_people_are_known_by_address_or_unknown_and_sometimes_several(sandbox: Sandbox, organisation: object) -> None:
    addresses = {user.email for user in sandbox.asana.state.users.values()}
    people = {one for issue in in_scope(sandbox) for one in issue.assignees}
    assert any(one.email in addresses for one in people)
    assert any(one.email is None for one in people)
    assert any(one.email and one.email not in addresses for one in people)
    assert {len(issue.assignees) for issue in in_scope(sandbox)} >= {1, 2, 3}


@pytest.mark.parametrize(
    "hurting",
    [
        *("|:--", "- [x]", "```mermaid", "~~~", "<script>", "<table>", "<details", "<!--", "!["),
        *("@kenji-watanabe", "[^1]", "> [!NOTE]", "🎉", "اجتماع", "\n    indented", "====", "\u200b", "]]>"),
    ],
)
def test_bodies_hurt(sandbox: Sandbox, organisation: object, hurting: str) -> None:
    assert hurting in text(sandbox)


def test_bodies_are_missing_blank_or_very_long(sandbox: Sandbox, organisation: object) -> None:
    bodies = [issue.body for issue in in_scope(sandbox)]
    assert None in bodies
    assert "" in bodies
    assert any(body and not body.strip() for body in bodies)
    assert max(len(body or "") for body in bodies) == 60_000


def test_communities_are_told_in_every_way(sandbox: Sandbox, organisation: object) -> None:
    issues = in_scope(sandbox)
    labels = {label.name for issue in issues for label in issue.labels}
    assert any(name.startswith("community: ") for name in labels)
    for sign in ("### Community name", "https://help.lantern.example/a/tickets/", "\n[", ": ", " – "):
        assert sign in text(sandbox)


def test_what_only_looks_like_an_issue_is_there_too(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    pulls = [issue for issue in all_issues(sandbox) if issue.pull_request]
    assert [[label.name for label in one.labels] for one in pulls] == [["CSH"]]
    assert any(not issue.labels and issue.parent is None for issue in all_issues(sandbox))
    assert any(not isinstance(item.content, Issue) for item in organisation.workspace.board.items)


def test_time_is_logged_by_hand_below_csh_tasks(sandbox: Sandbox, organisation: DemoOrganisation) -> None:
    asana = sandbox.asana.state
    below = [task for one in organisation.contracts.allocations for task in asana.live_subtasks(one.csh_task)]
    assert len(below) >= 10
    assert any(asana.live_subtasks(task) for task in below)
    assert any(asana.actual_minutes(task) is None for task in below)
    assert any(asana.actual_minutes(one.csh_task) for one in organisation.contracts.allocations)


def test_everything_happened_before_the_demo_begins(sandbox: Sandbox, organisation: object) -> None:
    for issue in all_issues(sandbox):
        stamps = [issue.updated_at, *(event.created_at for event in issue.events)]
        assert issue.created_at <= min(stamps)
        assert max(stamps) < DEMO_START
        assert issue.parent is None or issue.parent.created_at < issue.created_at
    for task in sandbox.asana.state.tasks.values():
        assert task.created_at <= task.modified_at < DEMO_START


def test_no_period_ends_and_no_grace_runs_out_within_the_fortnight(organisation: DemoOrganisation) -> None:
    today = DEMO_START.date()
    for one in organisation.contracts.allocations:
        for turn in (one.period.end, one.period.end + timedelta(days=15)):
            assert not today <= turn < today + FORTNIGHT


def test_issues_are_numbered_in_the_order_of_time(sandbox: Sandbox, organisation: object) -> None:
    for repository in sandbox.github.state.repositories:
        opened = [repository.issues[number].created_at for number in sorted(repository.issues)]
        assert opened == sorted(opened)


def picture(sandbox: Sandbox) -> Iterator[object]:
    for issue in all_issues(sandbox):
        values = [(field.name, str(value.content)) for item in issue.items for field, value in item.values.items()]
        yield issue.node_id, issue.title, issue.body, issue.created_at, issue.closed_at, values
    for task in sandbox.asana.state.tasks.values():
        yield task.gid, task.name, task.modified_at, sandbox.asana.state.actual_minutes(task)
    yield sandbox.airtable.snapshot()


def test_it_is_the_same_every_time(sandbox: Sandbox, organisation: object) -> None:
    other = Sandbox(start=DEMO_START)
    build(other)
    assert list(picture(other)) == list(picture(sandbox))


def test_the_clock_ticks_on_from_the_beginning_of_the_demo() -> None:
    sandbox = Sandbox()
    build(sandbox)
    assert not sandbox.clock.frozen
    assert timedelta(0) <= sandbox.clock.now() - DEMO_START < timedelta(minutes=1)


def test_the_empty_organisation_is_set_up_and_holds_nothing() -> None:
    with Sandbox(start=DEMO_START) as sandbox:
        workspace = build_empty(sandbox)
        assert {"CSH_ASANA__PORTFOLIO", "CSH_ASANA__HOME_PROJECT", "CSH_AIRTABLE__BASE"} <= sandbox.settings().keys()
    assert all_issues(sandbox) == []
    assert not any(sandbox.airtable.snapshot().values())
    assert workspace.portfolio.items == []
    assert {"GitHub URL", "GitHub ID", "GitHub Hours"} <= {one.field.name for one in workspace.home.settings}
    assert {"GitHub Hours", "End date", "Iteration"} <= {field.name for field in workspace.board.fields}
