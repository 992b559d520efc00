"""L. Size: what grows, and what must not grow with it."""

from contextlib import closing

from benchmarks.stage import NO_PACE, Stage
from benchmarks.world import START as STAGED
from sandbox import Sandbox
from sync import app
from sync.errors import ExitCode
from sync.run import run
from sync.settings import load_settings
from tests.e2e.organisation import Organisation, kinds, mirrored


def requests(org: Organisation, service: str) -> int:
    """Run once and return how many requests a service had."""
    before = org.sandbox.log.count(service)
    org.sync()
    return org.sandbox.log.count(service) - before


def sweep(issues: int) -> dict[str, int]:
    """Return the requests of a sweep over so many mirrored issues, for which there is nothing to write."""
    with Sandbox(start=STAGED) as sandbox:
        stage = Stage(sandbox)
        stage.issues(issues)
        stage.mirror()
        settings = load_settings(stage.settings() | NO_PACE, None)
        services = app.services(settings, sleep=lambda _seconds: None)
        with closing(services):
            assert run(services, app.policy(settings), app.moment(settings)).plan.changes == ()
        return {service: sandbox.log.count(service) for service in ("github", "asana", "airtable")}


def test_fault_l01_a_quiet_sweep_writes_nothing_and_costs_its_pages() -> None:
    few, more = sweep(20), sweep(120)
    grown = {service: more[service] - few[service] for service in few}
    assert grown["asana"] <= 2
    assert grown["airtable"] <= 2
    assert grown["github"] <= 100 / 12


def test_fault_l02_a_first_run_that_is_cut_off_goes_on_oldest_first(org: Organisation) -> None:
    issues = [org.issue(f"Reef Watch: {number}", hours=1) for number in range(12)]
    while not all(org.has_task(issue) for issue in issues):
        outcomes: list[object] = []
        services, policy, now = org.connect()
        with closing(services):
            run(services, policy, now, on_outcome=outcomes.append, interrupted=lambda: len(outcomes) >= 4)  # noqa: B023
        made = [org.has_task(issue) for issue in issues]
        assert made == sorted(made, reverse=True)
        assert outcomes, "a run went by in which nothing went on"
    assert org.sync().exit_code is ExitCode.FINE
    assert len(org.asana.tasks_in(org.home)) == 12
    assert org.writes_of() == []


def test_fault_l03_a_family_costs_no_more_than_its_members(org: Organisation) -> None:
    parent = org.issue("Reef Watch: root", hours=1)
    costs = []
    for _ in range(3):
        for _ in range(3):
            child = org.issue("part", parent=parent, labels=(), hours=1)
            for _ in range(3):
                org.issue("piece", parent=child, labels=(), hours=1)
        org.sync()
        costs.append(sum(requests(org, service) for service in ("github", "asana", "airtable")))
    assert costs[2] - costs[1] <= costs[1] - costs[0] + 2
    assert costs[2] < 40


def test_fault_l05_repositories_without_issues_cost_next_to_nothing(org: Organisation) -> None:
    org.issue("Reef Watch: fix", hours=1)
    org.sync()
    before = requests(org, "github")
    for number in range(290):
        org.github.add_repository(f"empty-{number}", labels=[f"label {one}" for one in range(17)])
    assert requests(org, "github") - before <= 3


def test_fault_l06_a_year_of_missed_runs_is_made_up_without_alarms_of_the_past(org: Organisation) -> None:
    old = mirrored(org)
    issue = org.issue("Reef Watch: late", hours=30, End_date="2026-11-05")
    org.github.edit(old, title="Reef Watch: renamed")
    org.log_hours(old, 3)
    org.days_pass(365)
    before = len(org.sandbox.slack.posts)
    report = org.sync()
    assert report.exit_code is ExitCode.FINE
    assert org.task(old).name == "Reef Watch: renamed"
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert org.allocation(org.reef, "Q4")["Hours used"] == 30
    assert not {"over_cap", "used_up", "near_cap", "under_pace"} & kinds(report)
    told = [post.shown.text for post in org.sandbox.slack.posts[before:]]
    assert 1 <= len(told) <= 3
    assert any("deliverable_late: acme/hub#2" in one for one in told)
    org.sync()
    assert org.allocation(org.reef, "Q4")["Hours at sealing"] == 30
    assert org.has_task(issue)
    assert org.writes_of() == []
