"""csh-sync doctor: a healthy set-up, and mistakes made on purpose, each told with its remedy."""

import itertools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.turns import LASTS
from sandbox.core import Status
from sandbox.slack.service import Refusal
from sync.examining import examine
from sync.model.examination import Level
from sync.settings import look_at_settings
from sync.setup import judge
from sync.setup.schedule import AIRTABLE_CALLS, GITHUB_POINTS, IN_TURNS, LOOK_CALLS, ROUND, WRITING_CALLS
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]

Mistake = Callable[[Organisation], Any]


def checks(go: Go, *arguments: str, **more: str) -> tuple[int, list[dict[str, str]]]:
    """Return how doctor left, and its verdicts."""
    result = go("doctor", "--json", *arguments, **more)
    return result.exit_code, json.loads(result.stdout)["checks"]


def test_a_healthy_set_up_fails_nothing_and_nothing_is_changed(go: Go, org: Organisation) -> None:
    org.github.add_repository("secret", labels=["CSH"], private=True)
    before = org.airtable.snapshot()
    result = go("doctor")
    assert result.exit_code == 0, result.output
    assert "failed" not in result.stdout.rpartition("checks:")[0]
    assert "Nothing stands in the way of a run." in result.stdout
    assert org.airtable.snapshot() == before
    writes = list(org.sandbox.log.writes())
    tries = [("airtable", "PATCH"), ("slack", "POST")]  # on a record that does not exist, and without a text
    assert [(one.service, one.method) for one in writes] == tries
    assert org.sandbox.slack.posts == ()


def test_levels_and_remedies_stand_in_the_document(go: Go, org: Organisation) -> None:
    code, found = checks(go)
    assert code == 0
    assert {one["level"] for one in found} == {"ok", "warning"}
    assert all(one["remedy"] for one in found if one["level"] != "ok")
    assert len({one["check"] for one in found}) > 25


@dataclass
class Case:
    """A mistake, and what must be told: check, level, and words of message and remedy."""

    name: str
    check: str
    level: str
    words: tuple[str, ...]
    make: Mistake = lambda _org: None
    settings: dict[str, str] = field(default_factory=dict)


def case(name: str, check: str, level: str, *words: str, make: Mistake = lambda _org: None, **settings: str) -> Case:
    return Case(name, check, level, words, make, settings)


def _set(name: str, value: Any, service: str = "airtable") -> Mistake:
    return lambda org: setattr(getattr(org.sandbox, service).options, name, value)


def _drop_scope(name: str) -> Mistake:
    def change(org: Organisation) -> None:
        org.airtable.options.shows_scopes = True
        org.airtable.options.scopes = org.airtable.options.scopes - {name}

    return change


def _access(place: str, level: Any) -> Mistake:
    return lambda org: org.sandbox.asana.options.access_levels.update({getattr(org, place).gid: level})


def _empty_portfolio(org: Organisation) -> None:
    org.portfolio.items.clear()


def _rename_csh_tasks(org: Organisation) -> None:
    for place in (org.reef, org.glacier):
        for task in place.csh.values():
            org.asana.rename_task(task, "Community Sucess Hours")


def _drop_csh_tasks(org: Organisation) -> None:
    for place in (org.reef, org.glacier):
        for task in place.csh.values():
            org.asana.delete_task(task)


def _drop_tables(*names: str) -> Mistake:
    def change(org: Organisation) -> None:
        org.airtable.base.tables = [one for one in org.airtable.base.tables if one.name not in names]

    return change


def _old_success(org: Organisation) -> None:
    org.airtable.add_row("Runs", {"Run": "heartbeat", "Ended": "2026-08-09T09:00:00.000Z"})


MISTAKES = [
    case("no GitHub token", "settings", "failed", "CSH_GITHUB__TOKEN is not set", CSH_GITHUB__TOKEN=""),
    case("no home project", "settings", "failed", "CSH_ASANA__HOME_PROJECT is not set", CSH_ASANA__HOME_PROJECT=""),
    case("a typo in a setting", "settings", "failed", "Did you mean CSH_GITHUB__ORG?", CSH_GITHUB__ORGG="acme"),
    case("no such zone", "settings", "failed", "Europe/Berlin", CSH_TIMEZONE="Berlin"),
    case(
        "a host nobody allowed",
        "settings",
        "failed",
        "not sent to evil.example",
        "CSH_ALLOW_HOSTS",
        CSH_ASANA__API_URL="https://evil.example/api/1.0",
    ),
    case("a wrong GitHub token", "github.token", "failed", "Bad credentials", CSH_GITHUB__TOKEN="ghp_wrong"),
    case(
        "Airtable's token in GitHub's place",
        "settings",
        "failed",
        "CSH_GITHUB__TOKEN looks like a personal access token of Airtable",
        "set it to a token of GitHub",
        CSH_GITHUB__TOKEN="patAAAAAAAAAAAAAA.bbbb",
    ),
    case("a refresh token", "settings", "failed", "CSH_GITHUB__TOKEN", "reads nothing", CSH_GITHUB__TOKEN="ghr_abcdef"),
    case(
        "a scope too few",
        "github.scopes",
        "failed",
        "lacks read:project",
        make=_set("missing_scopes", frozenset({"read:project"}), "github"),
    ),
    case(
        "scopes too many",
        "github.scopes",
        "warning",
        "delete_repo",
        "fine-grained",
        make=_set("more_scopes", frozenset({"delete_repo", "admin:org"}), "github"),
    ),
    case(
        "a token that expires",
        "github.expiry",
        "warning",
        "2 days are left",
        "Make a new one",
        make=_set("token_expires", datetime.now(UTC) + timedelta(days=2, hours=1), "github"),
    ),
    case("a wrong organisation", "github.organisation", "failed", "acmee", "CSH_GITHUB__ORG", CSH_GITHUB__ORG="acmee"),
    case(
        "an approval that is pending",
        "github.repositories",
        "warning",
        "none of them private",
        "approved",
        make=_set("public_only", True, "github"),
    ),
    case(
        "a label that is nowhere",
        "github.labels",
        "failed",
        "no repository has the label HSC",
        CSH_GITHUB__LABELS="HSC",
    ),
    case("a wrong board", "github.board", "failed", "board 75", "57 (P&S)", CSH_GITHUB__PROJECT_NUMBER="75"),
    case(
        "a renamed column of hours",
        "github.hours",
        "failed",
        'Is it "Hours GitHub" now?',
        make=lambda org: org.github.rename_field(org.board, "GitHub Hours", "Hours GitHub"),
    ),
    case(
        "a board column of another type",
        "github.columns",
        "warning",
        "is of type NUMBER, not DATE",
        CSH_BOARD__END="GitHub Hours",
    ),
    case(
        "a sentinel issue that is gone",
        "github.sentinel",
        "failed",
        "CSH_SENTINELS__ISSUE",
        CSH_SENTINELS__ISSUE="https://github.com/acme/hub/issues/99",
    ),
    case("a wrong Asana token", "asana.token", "failed", "Not Authorized", CSH_ASANA__TOKEN="1/12345:abcdef"),
    case(
        "a wrong workspace", "asana.workspace", "failed", "the token's user is in", "Acme", CSH_ASANA__WORKSPACE="12345"
    ),
    case("a wrong home project", "asana.home", "failed", "Unknown object: 12345", CSH_ASANA__HOME_PROJECT="12345"),
    case(
        "a hidden home project",
        "asana.home",
        "failed",
        "You do not have access",
        "is a member of that project",
        make=lambda org: org.asana.deny(org.home),
    ),
    case(
        "an archived home", "asana.home", "warning", "is archived", make=lambda org: org.asana.archive_project(org.home)
    ),
    case("a commenter", "asana.access", "failed", "only commenter", "an editor", make=_access("home", "commenter")),
    case("no member", "asana.access", "warning", "no member", "through a team", make=_access("home", "none")),
    case(
        "a renamed field",
        "asana.fields",
        "failed",
        '"GitHub URL" in the home project is missing',
        'Is it "GitHub Url link" now?',
        make=lambda org: org.asana.rename_field(org.url_field, "GitHub Url link"),
    ),
    case(
        "a field of another type",
        "asana.fields",
        "failed",
        "is of type text, csh-sync needs a number with two decimals",
        make=lambda org: org.asana.retype_field(org.hours_field, "text"),
    ),
    case(
        "a number without decimals",
        "asana.fields",
        "failed",
        "0 decimals",
        make=lambda org: org.asana.set_precision(org.hours_field, 0),
    ),
    case(
        "no key for transferred issues",
        "asana.fields",
        "warning",
        "no field GitHub ID",
        make=lambda org: org.asana.remove_field_from_project(org.home, org.id_field),
    ),
    case(
        "a free plan",
        "asana.plan",
        "failed",
        "no custom fields",
        "paid plan",
        make=_set("has_custom_fields", False, "asana"),
    ),
    case("a wrong portfolio", "asana.portfolio", "failed", "CSH_ASANA__PORTFOLIO", CSH_ASANA__PORTFOLIO="12345"),
    case("an empty portfolio", "asana.portfolio", "warning", "shows nothing", make=_empty_portfolio),
    case(
        "an engagements project that is a portfolio",
        "asana.engagements",
        "failed",
        "CSH_ASANA__ENGAGEMENTS_PROJECT",
        CSH_ASANA__ENGAGEMENTS_PROJECT="98765",
    ),
    case(
        "CSH tasks by another name",
        "asana.csh_tasks",
        "failed",
        'Is it "Community Sucess Hours"?',
        "CSH_ASANA__CSH_TASK_NAME",
        make=_rename_csh_tasks,
    ),
    case("no CSH tasks yet", "asana.csh_tasks", "warning", "csh-sync allocations --apply", make=_drop_csh_tasks),
    case(
        "a sentinel task that is gone", "asana.sentinel", "failed", "not where a run looks", CSH_SENTINELS__TASK="12345"
    ),
    case("a wrong Airtable token", "airtable.token", "failed", "AUTHENTICATION_REQUIRED", CSH_AIRTABLE__TOKEN="patX.y"),
    case(
        "an old API key",
        "settings",
        "failed",
        "ended those in February 2024",
        CSH_AIRTABLE__TOKEN="key12345678901234",
    ),
    case(
        "a wrong base",
        "airtable.base",
        "failed",
        "the token does not see the base",
        "appSandbox0000001 (Community Success Hours)",
        CSH_AIRTABLE__BASE="appSandbox0000009",
    ),
    case("a reader", "airtable.role", "failed", "Read-only", "Editor", make=_set("permission_level", "read")),
    case(
        "a token that may not write",
        "airtable.records",
        "failed",
        "not changed",
        "data.records:write",
        make=lambda org: _set("scopes", org.airtable.options.scopes - {"data.records:write"})(org),
    ),
    case(
        "a token that may not read records",
        "airtable.records",
        "failed",
        "records could not be read",
        "data.records:read",
        make=lambda org: _set("scopes", org.airtable.options.scopes - {"data.records:read"})(org),
    ),
    case("an Airtable scope too few", "airtable.scopes", "failed", "lacks", make=_drop_scope("data.records:write")),
    case("an Airtable scope too many", "airtable.scopes", "warning", "schema.bases:write", make=_drop_scope("none")),
    case(
        "a month's calls used up",
        "airtable.records",
        "failed",
        "BILLING_LIMIT_EXCEEDED",
        "next billing cycle",
        make=_set("billing_limit_reached", True),
    ),
    case(
        "a renamed column",
        "airtable.columns",
        "failed",
        '"Hours used" in Allocations is missing',
        'Is it "Used hours" now?',
        '"Allocations.Hours used" in [airtable.names]',
        make=lambda org: org.airtable.rename_field("Allocations", "Hours used", "Used hours"),
    ),
    case(
        "a column of another type",
        "airtable.columns",
        "failed",
        '"Hours used" in Allocations is of type singleLineText, csh-sync needs number with 2 decimals',
        make=lambda org: org.airtable.retype_field("Allocations", "Hours used", "text"),
    ),
    case(
        "a renamed table",
        "airtable.columns",
        "failed",
        '"Activity" in the base is missing',
        make=lambda org: org.airtable.rename_table("Activity", "Log"),
    ),
    case("no table Runs", "airtable.tables", "warning", "nothing keeps two runs apart", make=_drop_tables("Runs")),
    case("no table Alerts", "airtable.tables", "warning", "nobody is told", make=_drop_tables("Alerts")),
    case(
        "a sentinel row that is gone",
        "airtable.sentinel",
        "failed",
        "CSH_SENTINELS__ROW",
        CSH_SENTINELS__ROW="recGone0000000000",
    ),
    case(
        "a wrong key of the help desk",
        "freshdesk",
        "failed",
        "cannot be looked up",
        "CSH_FRESHDESK__API_KEY",
        CSH_FRESHDESK__API_KEY="nobodys-key",
    ),
    case("runs that stopped", "runs.last", "failed", "1 d ago", "scheduler", make=_old_success),
    case(
        "an alias that is an everyday word",
        "aliases",
        "warning",
        '"Storage"',
        "Replace it",
        make=lambda org: org.airtable.edit_cell("Communities", org.reef.record, "Aliases", "RW\nStorage"),
    ),
    case(
        "an alias of two communities",
        "aliases",
        "failed",
        "Glacier Commons and Reef Watch",
        make=lambda org: org.airtable.edit_cell("Communities", org.glacier.record, "Aliases", "RW"),
    ),
]


def _bundles() -> list[tuple[Case, ...]]:
    """Return the mistakes, one of each service at a time: none may hide another."""
    alone = [one for one in MISTAKES if one.check == "settings"]
    of_github = [one for one in MISTAKES if one.check.startswith("github")]
    of_asana = [one for one in MISTAKES if one.check.startswith("asana")]
    rest = [one for one in MISTAKES if one not in (*alone, *of_github, *of_asana)]
    together = itertools.zip_longest(of_github, of_asana, rest)
    return [(one,) for one in alone] + [tuple(filter(None, those)) for those in together]


@pytest.mark.parametrize("made", _bundles(), ids=lambda made: ", ".join(one.name for one in made))
def test_mistakes_are_told_with_their_remedies_and_hide_no_others(
    go: Go, org: Organisation, made: tuple[Case, ...]
) -> None:
    for one in made:
        one.make(org)
    code, found = checks(go, **{name: value for one in made for name, value in one.settings.items()})
    for one in made:
        hits = [told for told in found if (told["check"], told["level"]) == (one.check, one.level)]
        assert hits, [told for told in found if told["level"] != "ok"]
        told = " ".join(f"{hit['message']} {hit['remedy']}" for hit in hits)
        for words in one.words:
            assert words in told
    assert code == (1 if any(one.level == "failed" for one in made) else 0)


def test_people_without_a_counterpart_are_named(go: Go, org: Organisation, tmp_path: Any) -> None:
    lines = (
        '[[people]]\ngithub = "ana"\nemail = "ana@example.org"\n[[people]]\ngithub = "ben"\nemail = "ben@x.example"\n'
    )
    (tmp_path / "csh-sync.toml").write_text(lines, encoding="utf-8")
    _, found = checks(go)
    (told,) = (one for one in found if one["check"] == "people")
    assert told["level"] == "warning"
    assert told["message"].startswith("ben is in [[people]]")


@pytest.mark.parametrize(
    ("service", "others"), [("github", "asana.home"), ("asana", "airtable.base"), ("airtable", "github.board")]
)
def test_a_service_that_is_down_is_told_once_and_hides_nothing_of_the_others(
    org: Organisation, service: str, others: str
) -> None:
    org.sandbox.faults.add(Status(503), service=service)
    loaded = look_at_settings(org.settings(), None)
    found = judge(examine(loaded, timedelta(minutes=15), sleep=lambda _seconds: None))
    assert [one.check for one in found if one.level is Level.FAILED] == [f"{service}.token"]
    assert any(one.level is Level.SKIPPED and one.check.startswith(service) for one in found)
    assert any(one.check == others and one.level is Level.OK for one in found)


def test_each_webhook_is_tried_and_nothing_is_posted(go: Go, org: Organisation) -> None:
    slack = org.sandbox.slack
    slack.add_channel("managers").refusal = Refusal.CHANNEL_IS_ARCHIVED
    addresses = {"CSH_SLACK__WEBHOOK_URL": slack.webhook_url()}
    addresses["CSH_SLACK__WEBHOOKS__MANAGER"] = slack.webhook_url("managers")
    code, found = checks(go, **addresses)
    fine, wrong = (one for one in found if one["check"] == "slack")
    assert (fine["level"], fine["message"]) == ("ok", "CSH_SLACK__WEBHOOK_URL takes messages")
    assert wrong["level"] == "failed"
    assert "CSH_SLACK__WEBHOOKS__MANAGER takes no messages: " in wrong["message"]
    assert "answered 410 (channel_is_archived)" in wrong["message"]
    assert wrong["remedy"] == "Make a new webhook for the channel, then set CSH_SLACK__WEBHOOKS__MANAGER."
    assert code == 1
    assert slack.posts == ()


def test_a_token_is_never_sent_to_a_host_that_is_not_allowed_nor_shown(go: Go, org: Organisation) -> None:
    result = go("doctor", CSH_AIRTABLE__API_URL="http://airtable.evil.example")
    assert result.exit_code == 1
    assert "airtable.evil.example" in result.output
    assert {one.service for one in org.sandbox.log.select()} == {"github", "asana", "freshdesk", "slack"}
    for service in ("github", "asana", "airtable"):
        assert getattr(org.sandbox, service).token not in result.output


def test_services_that_lack_what_only_tells_of_the_token_are_fine(go: Go, org: Organisation) -> None:
    for service, path in (("github", "/rate_limit$"), ("airtable", "/whoami$"), ("asana", "/memberships$")):
        org.sandbox.faults.add(Status(404), service=service, path=path)
    code, found = checks(go)
    assert code == 0, [one for one in found if one["level"] == "failed"]


def test_the_schedule_is_held_against_the_plans(go: Go, org: Organisation) -> None:
    _, found = checks(go, "--every", "1m")
    calls = next(one for one in found if one["check"] == "schedule.airtable")
    assert calls["level"] == "warning"
    assert "446,400" in calls["message"]
    _, found = checks(go)
    told = {one["check"]: one["message"] for one in found}
    assert "29,760" in told["schedule.airtable"]
    assert "2,976 minutes" in told["schedule.minutes"]


def test_a_schedule_that_remembers_is_told_what_that_costs(go: Go, org: Organisation, tmp_path: Path) -> None:
    for number in range(250):
        org.airtable.add_row("Activity", {"Key": f"I_{number}@unplaced"})
    _, found = checks(go, CSH_RUN__STATE_FILE=str(tmp_path / "state"))
    told = next(one["message"] for one in found if one["check"] == "schedule.airtable")
    # 2,976 runs of two calls, five tables sixteen times a day, and everything with Activity's three pages once a day.
    assert "up to 8,804 Airtable calls" in told
    _, found = checks(go)
    told = next(one["message"] for one in found if one["check"] == "schedule.airtable")
    assert "up to 35,712 Airtable calls" in told


def test_runs_that_remember_cost_what_the_check_says(go: Go, org: Organisation, tmp_path: Path) -> None:
    assert ROUND == LASTS
    issue = org.issue("Reef Watch: fix", hours=2.5)
    costs = []
    for minute in range(0, 300, 15):
        if minute == 285:  # the dearest change: hours above the cap of one community become some above another's
            org.github.set_board(issue, org.board, {"Community": "Glacier Commons", "GitHub Hours": 30})
        org.sandbox.clock.advance(minutes=15)
        mark = org.sandbox.log.mark()
        assert go("run", CSH_RUN__STATE_FILE=str(tmp_path / "state")).exit_code == 0
        costs.append(sum(one.service == "airtable" for one in org.sandbox.log.select(since=mark)))
    assert sum(costs[-7:-1]) == 6 * LOOK_CALLS + IN_TURNS
    assert WRITING_CALLS - 3 <= costs[-1] - LOOK_CALLS - 1 <= WRITING_CALLS


def test_a_quiet_run_costs_what_the_check_says(go: Go, org: Organisation) -> None:
    for number in range(98):
        org.github.add_repository(f"part-{number}", labels=["CSH"])
        org.issue("Reef Watch: fix", hours=0.1, repository=f"part-{number}")
    assert go("run").exit_code == 0
    assert go("run").exit_code == 0
    mark = org.sandbox.log.mark()
    quiet = go("run")
    assert quiet.exit_code == 0
    assert sum(one.service == "airtable" for one in org.sandbox.log.select(since=mark)) == AIRTABLE_CALLS
    points = re.search(r"GitHub [0-9]+ requests \(([0-9]+) points\)", quiet.stderr)
    assert points, quiet.stderr
    assert GITHUB_POINTS - 5 <= int(points[1]) <= GITHUB_POINTS


def test_clocks_are_compared_unless_the_moment_is_set(go: Go, org: Organisation) -> None:
    assert "clock" not in {one["check"] for one in checks(go)[1]}
    _, found = checks(go, CSH_NOW="")
    told = [one for one in found if one["check"] == "clock"]
    assert [one["level"] for one in told] == ["warning", "warning"]
    assert "NTP" in told[0]["remedy"]
    org.sandbox.clock.set(datetime.now(UTC))
    _, found = checks(go, CSH_NOW="")
    assert [one["level"] for one in found if one["check"] == "clock"] == ["ok"]
