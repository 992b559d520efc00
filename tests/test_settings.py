# ruff: noqa: N802 (the id of a fault is part of the name of its test)
"""Settings: where they come from, and every problem told at once, by name, without the value (design, section 6)."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sync.app import policy, redactor
from sync.errors import ExitCode, SettingsError
from sync.hours.bands import Bands, Thresholds
from sync.hours.capacity import Capacity
from sync.model.finding import OwnWords, Role, Severity
from sync.model.initiative import Step
from sync.settings import Settings, load_settings

TOKEN = "ghp_0123456789"
NEEDED = {
    "CSH_GITHUB__TOKEN": TOKEN,
    "CSH_GITHUB__ORG": "acme",
    "CSH_ASANA__TOKEN": "1/123:abcdef",
    "CSH_ASANA__WORKSPACE": "1",
    "CSH_ASANA__HOME_PROJECT": "2",
    "CSH_ASANA__PORTFOLIO": "3",
    "CSH_AIRTABLE__TOKEN": "patabc.def",
    "CSH_AIRTABLE__BASE": "app1",
}
Load = Callable[..., Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Load settings from the needed variables with changes (None takes one away), ``.env`` and the settings file."""

    def loading(dotenv: str = "", toml: str = "", **changes: str | None) -> Settings:
        (tmp_path / ".env").write_text(dotenv, encoding="utf-8")
        (tmp_path / "csh-sync.toml").write_text(toml, encoding="utf-8")
        merged = {**NEEDED, **{f"CSH_{name}": value for name, value in changes.items()}}
        return load_settings({name: value for name, value in merged.items() if value is not None}, tmp_path)

    return loading


def problems(load: Load, *arguments: str, **changes: str | None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(*arguments, **changes)
    assert caught.value.exit_code is ExitCode.USAGE
    return caught.value.problems


def test_the_needed_variables_are_enough(load: Load) -> None:
    settings = load()
    assert settings.github.org == "acme"
    assert [(one.label, one.task_name) for one in settings.label_profiles] == [("CSH", "Community Success Hours")]
    assert settings.github.hours_field_aliases == ("Hours spent",)
    assert (settings.guards.share, settings.guards.minimum, settings.run.grace_days) == (0.3, 10, 14)


def test_everything_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, None)
    text = str(caught.value)
    for name in NEEDED:
        assert name in text
    assert "Nothing was read or written" in text


def test_fault_H15_missing_and_wrong_and_unknown_are_told_together_and_each_once(load: Load) -> None:
    told = problems(
        load,
        "CSH_GITHUB__SINSE=2026-01-01\nCSH_RUN__GRACE_DAYS=-1\n",
        '[guards]\nshare = 7\n[gards]\nminimum = 1\n[[profiles]]\nlabel = "CSH"\n',
        GITHUB__MAX_HOURS="many",
        GITHUB__ORG=None,
        ASANA__TOKEN=None,
        ASANA__HOME_PROJECT="the home project",
        AIRTABLE__NAMES="{not json",
        TIMEZONE="Nowhere",
        NOW="2026-01-01T00:00:00",
        ASANA__API_URL="https://[oops",
    )
    for name in (
        "CSH_GITHUB__SINSE: no such setting. Did you mean CSH_GITHUB__SINCE?",
        "CSH_RUN__GRACE_DAYS",
        "CSH_GUARDS__SHARE",
        "CSH_GARDS",
        "CSH_PROFILES__0__TASK_NAME",
        "CSH_GITHUB__MAX_HOURS",
        "CSH_GITHUB__ORG is not set",
        "CSH_ASANA__TOKEN is not set",
        "CSH_ASANA__HOME_PROJECT must be a gid",
        "CSH_AIRTABLE__NAMES",
        "CSH_TIMEZONE",
        "CSH_NOW needs an offset",
        "CSH_ASANA__API_URL must be an address",
    ):
        assert sum(one.startswith(name) for one in told) == 1, name
    assert len(told) == 13


def test_no_problem_shows_the_value(load: Load) -> None:
    told = problems(load, GITHUB__TOKEN='"ghp secret"', GITHUB__SINCE="ghp_secret", AIRTABLE__BASE="pat_secret")
    assert len(told) == 3
    assert "secret" not in " ".join(told)


# Where they come from.


def test_the_environment_goes_before_dotenv_before_the_file_before_defaults(load: Load) -> None:
    toml = 'timezone = "Asia/Tokyo"\n[github]\nproject_number = 5\nmax_hours = 5\n[board]\nend = "Until"\n'
    dotenv = "CSH_TIMEZONE=Europe/Berlin\nCSH_GITHUB__PROJECT_NUMBER=6\n"
    settings = load(dotenv, toml, TIMEZONE="America/Lima")
    assert settings.timezone == "America/Lima"
    assert settings.github.project_number == 6
    assert settings.github.max_hours == 5
    assert (settings.board.end, settings.board.community) == ("Until", "Community")


def test_other_programs_variables_in_dotenv_are_left_alone(load: Load) -> None:
    assert load("DATABASE_URL=x\nFOO=bar\nCSH_TIMEZONE=Europe/Berlin\n").timezone == "Europe/Berlin"


def test_tokens_come_from_environment_dotenv_or_a_file_only(load: Load, tmp_path: Path) -> None:
    def token(settings: Settings) -> str:
        assert settings.github.token is not None
        return settings.github.token.get_secret_value()

    assert token(load()) == TOKEN
    assert token(load(f"CSH_GITHUB__TOKEN={TOKEN}2\n", GITHUB__TOKEN=None)) == f"{TOKEN}2"
    (tmp_path / "token").write_text(f"{TOKEN}3\n", encoding="utf-8")
    assert token(load(GITHUB__TOKEN=None, GITHUB__TOKEN_FILE=str(tmp_path / "token"))) == f"{TOKEN}3"
    (told,) = problems(load, "", f'[github]\ntoken = "{TOKEN}"\n', GITHUB__TOKEN=None)
    assert told.startswith("CSH_GITHUB__TOKEN stands in csh-sync.toml")
    assert TOKEN not in told


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b""])
def test_a_token_file_that_is_missing_no_text_or_empty_is_told(
    load: Load, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    (told,) = problems(load, GITHUB__TOKEN=None, GITHUB__TOKEN_FILE=str(tmp_path / "token"))
    assert told.startswith(("CSH_GITHUB__TOKEN_FILE", "CSH_GITHUB__TOKEN is empty"))


@pytest.mark.parametrize("token", ["", "abc", f"{TOKEN}\n", f'"{TOKEN}"', "https://hooks.example.org/x", "töken123"])
def test_fault_J03_what_cannot_be_a_token_is_told_by_name(load: Load, token: str) -> None:
    (told,) = problems(load, GITHUB__TOKEN=token)
    assert told.startswith("CSH_GITHUB__TOKEN ")
    assert not token.strip() or token not in told


def test_a_variable_that_nobody_filled_in_counts_as_not_set(load: Load) -> None:
    empty = {"GITHUB__SINCE": "", "NOW": " ", "TIMEZONE": "", "GITHUB__PROJECT_NUMBER": "", "FRESHDESK__API_URL": ""}
    settings = load(**empty)
    assert (settings.github.since, settings.now, settings.timezone) == (None, None, "UTC")
    assert settings.github.project_number == 57


def test_a_name_can_be_switched_off_by_an_empty_variable(load: Load) -> None:
    settings = load(BOARD__COMMUNITY="", ASANA__FIELDS__STATUS="")
    assert (settings.board.community, settings.asana.fields.status) == ("", "")


def test_blanks_around_a_value_do_not_matter(load: Load) -> None:
    settings = load(GITHUB__ORG=" acme ", ASANA__WORKSPACE=" 12 ", TIMEZONE=" Europe/Berlin")
    assert (settings.github.org, settings.asana.workspace, settings.timezone) == ("acme", "12", "Europe/Berlin")


@pytest.mark.parametrize("written", ['["CSH", "DDM"]', "CSH, DDM", " CSH,DDM, "])
def test_lists_are_written_as_json_or_with_commas(load: Load, written: str) -> None:
    assert load(GITHUB__LABELS=written).github.labels == ("CSH", "DDM")


def test_values_have_their_types(load: Load) -> None:
    settings = load("", "[github]\nsince = 2026-01-01\n", NOW="2026-09-21T08:10:00+02:00")
    assert settings.github.since == date(2026, 1, 1)
    assert settings.now == datetime(2026, 9, 21, 6, 10, tzinfo=UTC)


def test_a_broken_settings_file_is_told_beside_the_rest(load: Load) -> None:
    told = problems(load, "", "[github\n", GITHUB__ORG=None)
    assert [one.partition(":")[0].partition(" ")[0] for one in told] == ["csh-sync.toml", "CSH_GITHUB__ORG"]


# Profiles.


def labels(settings: Settings) -> list[tuple[str, str]]:
    return [(one.label, one.task_name) for one in settings.label_profiles]


PROFILES = '[[profiles]]\nlabel = "DDM"\ntask_name = "DDM hours"\n[[profiles]]\nlabel = "ops"\ntask_name = "Ops"\n'


def test_profiles_stand_in_place_of_labels_that_nobody_set(load: Load) -> None:
    assert labels(load("", PROFILES)) == [("DDM", "DDM hours"), ("ops", "Ops")]


def test_labels_that_are_set_and_profiles_go_together_each_once_in_any_case(load: Load) -> None:
    settings = load("", PROFILES, GITHUB__LABELS="CSH,ddm,csh", ASANA__CSH_TASK_NAME="Hours")
    assert labels(settings) == [("DDM", "DDM hours"), ("ops", "Ops"), ("CSH", "Hours")]


def test_labels_whose_csh_tasks_have_one_name_are_one_profile(load: Load) -> None:
    settings = load("", PROFILES, GITHUB__LABELS="CSH,CS-Hours", ASANA__CSH_TASK_NAME="Hours")
    assert settings.profile_of == {"DDM": "DDM", "ops": "ops", "CSH": "CSH", "CS-Hours": "CSH"}
    assert settings.task_names == {"DDM": "DDM hours", "ops": "Ops", "CSH": "Hours"}


# Hosts.


@pytest.mark.parametrize(
    "address",
    [
        "https://api.github.com",
        "http://127.0.0.1:8800/github",
        "http://localhost:1",
        "http://[::1]:99",
        "http://127.9.9.9:1",
        "https://stand-in.example.org/api",
        "http://STAND-IN.example.org:8080/api",
        "https://by-port:8443/x",
    ],
)
def test_tokens_go_to_the_services_to_loopback_and_to_hosts_that_are_allowed(load: Load, address: str) -> None:
    allowed = "stand-in.Example.org, by-port:8443"
    assert load(GITHUB__API_URL=address, ALLOW_HOSTS=allowed).github.api_url == address


@pytest.mark.parametrize(
    "address",
    [
        "http://api.github.com",
        "https://api.github.com.evil.tld",
        "https://evil.tld/api.github.com",
        "https://user@api.github.com",
        "https://api.github.com@evil.tld",
        "https://127.0.0.1.evil.tld",
        "https://2130706433.evil.tld",
        "ftp://api.github.com",
        "api.github.com",
        "https://",
        "https://api.github.com:notaport",
        "https://[bad",
        "file:///etc/passwd",
        "http://0.0.0.0",
        "https://by-port:8444",
    ],
)
def test_fault_H15_a_token_is_never_sent_to_another_host(load: Load, address: str) -> None:
    (told,) = problems(load, GITHUB__API_URL=address, ALLOW_HOSTS="by-port:8443")
    assert told.startswith("CSH_GITHUB__API_URL")


# Single values.

WRONG: list[tuple[str, Any]] = [
    ("GITHUB__PROJECT_NUMBER", "0"),
    ("GITHUB__MAX_HOURS", "0"),
    ("GUARDS__SHARE", "nan"),
    ("GUARDS__SHARE", "1.5"),
    ("GUARDS__MINIMUM", "-1"),
    ("RUN__SETTLE_SECONDS", "inf"),
    ("ASANA__REQUESTS_PER_MINUTE", "0"),
    ("ASANA__WORKSPACE", "12a"),
    ("ASANA__WORKSPACE", "１２"),
    ("AIRTABLE__BASE", "tbl1"),
    ("SENTINELS__TASK", "abc"),
    ("SENTINELS__ISSUE", "acme/hub#1"),
    ("SENTINELS__ROW", "I_1@recA"),
    ("SENTINELS__ROW", "recA"),
    ("SENTINELS__ROW", "recAAAAAAAAAAAAAAA"),
    ("SENTINELS__ROW", "recAAAAAAAAAAAAA-"),
    ("SENTINELS__ROW", "recAAAAAAAAAAAAAé"),
    ("GITHUB__LABELS", ","),
    ("TIMEZONE", "../etc/passwd"),
    ("NOW", "soon"),
    ("PEOPLE", '[{"login": "x"}]'),
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_what_nobody_can_mean_is_told_by_name(load: Load, name: str, value: str) -> None:
    told = problems(load, **{name: value})
    assert all(one.startswith(f"CSH_{name}") for one in told), told


def test_a_help_desk_needs_its_key(load: Load) -> None:
    (told,) = problems(load, FRESHDESK__API_URL="https://acme.freshdesk.com")
    assert told.startswith("CSH_FRESHDESK__API_KEY is not set")
    settings = load(FRESHDESK__API_URL="https://acme.freshdesk.com", FRESHDESK__API_KEY="abcdef")
    assert settings.freshdesk.ticket_host == "acme.freshdesk.com"


# Thresholds and days off.

OVERRIDES = """
[thresholds]
near = [0.5, 0.8]
evidence_hours = 2.5
[[thresholds.overrides]]
profile = "csh"
near = 0.7
[[thresholds.overrides]]
engagement = "Reef Watch 2026"
near = []
pace_band = 0
"""


def test_thresholds_are_as_they_were_where_nobody_sets_them(load: Load) -> None:
    assert load().thresholds.thresholds == Thresholds()


def test_thresholds_are_settings_for_all_and_for_some(load: Load) -> None:
    found = load("", OVERRIDES).thresholds.thresholds
    assert found.usual == Bands(near=(0.5, 0.8), evidence_minutes=150)
    assert found.of("CSH", "Other") == Bands(near=(0.7,), evidence_minutes=150)
    assert found.of("CSH", "Reef  watch 2026", "rec1") == Bands(near=(), pace_band=0, evidence_minutes=150)


def test_levels_can_be_given_by_a_variable(load: Load) -> None:
    assert load(THRESHOLDS__NEAR="0.6, 0.9").thresholds.near == (0.6, 0.9)
    assert load(THRESHOLDS__NEAR="0.6").thresholds.near == (0.6,)
    (only,) = load(THRESHOLDS__OVERRIDES='[{"engagement": "rec1", "used_up": 0.9}]').thresholds.overrides
    assert only.values == {"used_up": 0.9}


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("near = 80", "CSH_THRESHOLDS__NEAR__0: must be a share above 0 and up to 1; 0.8 is 80 %."),
        ("near = [0.8, 0.5]", "CSH_THRESHOLDS__NEAR: must rise, each share once."),
        ("near = [0.5, 0.5]", "CSH_THRESHOLDS__NEAR: must rise, each share once."),
        ("near = [0.5, 1.0]", "CSH_THRESHOLDS__NEAR must stay below CSH_THRESHOLDS__USED_UP."),
        ("used_up = 1.2", "CSH_THRESHOLDS__USED_UP: must be a share above 0 and up to 1; 0.8 is 80 %."),
        ("pace_band = 25", "CSH_THRESHOLDS__PACE_BAND: must be a share from 0 to 1; 0.25 is 25 %."),
        ("pace_after = nan", "CSH_THRESHOLDS__PACE_AFTER: must be a share from 0 to 1; 0.25 is 25 %."),
        ("evidence_days = -1", "CSH_THRESHOLDS__EVIDENCE_DAYS: must be greater than or equal to 0."),
        ("nearly = 1", "CSH_THRESHOLDS__NEARLY: no such setting. Did you mean CSH_THRESHOLDS__NEAR?"),
        (
            "[[thresholds.overrides]]\nnear = [0.9]",
            "CSH_THRESHOLDS__OVERRIDES__0: names neither a profile nor an engagement.",
        ),
        ('[[thresholds.overrides]]\nprofile = "CSH"', "CSH_THRESHOLDS__OVERRIDES__0: sets no threshold."),
        (
            '[[thresholds.overrides]]\nprofile = "CHS"\nnear = [0.9]',
            "CSH_THRESHOLDS__OVERRIDES__0: 'CHS' is the label of no profile.",
        ),
        (
            '[[thresholds.overrides]]\nprofile = "CSH"\nused_up = 0.7',
            "CSH_THRESHOLDS__OVERRIDES__0: near must stay below used_up.",
        ),
        (
            """
[[thresholds.overrides]]
engagement = "A"
near = []
[[thresholds.overrides]]
engagement = "a"
near = []
""",
            "CSH_THRESHOLDS__OVERRIDES__1 is about the same as one above it.",
        ),
    ],
)
def test_thresholds_nobody_can_mean_are_told(load: Load, toml: str, told: str) -> None:
    (problem,) = problems(load, "", f"[thresholds]\n{toml}\n")
    name = told.partition(" ")[0].strip(":").removeprefix("CSH_")
    where = ".".join(part for part in name.lower().split("__") if not part.isdecimal())
    assert problem == f"{told} It is {where} in csh-sync.toml."


def test_days_off_are_days_and_ranges(load: Load) -> None:
    in_file = load("", 'days_off = ["2026-12-28..2026-12-30", 2026-12-25, 2026-12-25, "2026-05-01"]\n').days_off
    assert [str(day) for day in in_file] == ["2026-05-01", "2026-12-25", "2026-12-28", "2026-12-29", "2026-12-30"]
    assert load(DAYS_OFF="2026-05-01, 2026-12-28 .. 2026-12-29").days_off == (in_file[0], *in_file[2:4])
    assert load().days_off == ()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("Christmas", "needs days such as 2026-12-25 and ranges such as 2026-12-24..2027-01-01."),
        ("2026-12-25..", "needs days such as 2026-12-25 and ranges such as 2026-12-24..2027-01-01."),
        ("2026-12-25T00:00:00", "needs days such as 2026-12-25 and ranges such as 2026-12-24..2027-01-01."),
        ("2026-12-25..2026-12-24", "has a range that ends before it begins."),
        ("2026-01-01..2062-01-01", "has a range of more than a year."),
    ],
)
def test_days_off_nobody_can_mean_are_told(load: Load, given: str, told: str) -> None:
    assert problems(load, DAYS_OFF=given) == (f"CSH_DAYS_OFF: {told}",)


def test_the_engine_gets_thresholds_and_days_off(load: Load) -> None:
    found = policy(load("", f"days_off = [2026-12-25]\n{OVERRIDES}"))
    assert found.thresholds.of("", "reef watch 2026").near == ()
    assert found.days_off == {date(2026, 12, 25)}


# Webhooks: addresses that are secrets.

WEBHOOK = "https://hooks.slack.com/services/T1/B1/aVerySecretEnd"


def test_a_webhook_comes_from_a_variable_or_a_file_and_roles_may_have_their_own(load: Load, tmp_path: Path) -> None:
    (tmp_path / "webhook").write_text(f"{WEBHOOK}\n")
    settings = load(SLACK__WEBHOOK_URL_FILE=str(tmp_path / "webhook"), SLACK__WEBHOOKS__MANAGER=f"{WEBHOOK}2")
    assert settings.slack.webhook_url is not None
    assert settings.slack.webhook_url.get_secret_value() == WEBHOOK
    assert {name: one.get_secret_value() for name, one in settings.slack.by_role.items()} == {"manager": f"{WEBHOOK}2"}
    masked = redactor(settings)(f"{WEBHOOK} /services/T1/B1/aVerySecretEnd2 aVerySecretEnd")
    assert "aVerySecretEnd" not in masked


def test_a_webhook_does_not_belong_in_the_settings_file(load: Load) -> None:
    toml = f'[slack]\nwebhook_url = "{WEBHOOK}"\n[slack.webhooks]\nmanager = "{WEBHOOK}"\n'
    told = problems(load, "", toml)
    assert [one.split()[0] for one in told] == ["CSH_SLACK__WEBHOOK_URL", "CSH_SLACK__WEBHOOKS"]
    assert "Secret" not in str(told)


def test_roles_need_a_usual_webhook_beside_their_own(load: Load) -> None:
    (told,) = problems(load, SLACK__WEBHOOKS__LEAD=WEBHOOK)
    assert told.startswith("CSH_SLACK__WEBHOOK_URL is not set: roles")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("https://hooks.slack.com", "must be the whole address of an incoming webhook"),
        ("xoxb-1-aVerySecretEnd", "must be an address that begins with https://"),
        (f"{WEBHOOK} x", "holds blanks, quotes"),
        (f"'{WEBHOOK}'", "holds blanks, quotes"),
        ("http://hooks.slack.com/services/T1/B1/aVerySecretEnd", "only over https"),
        ("https://slack.example/services/T1/B1/aVerySecretEnd", "tokens are not sent to slack.example"),
        ("https://api.github.com/services/T1/B1/aVerySecretEnd", "tokens are not sent to api.github.com"),
        ("https://x.freshdesk.com/services/T1/B1/aVerySecretEnd", "tokens are not sent to x.freshdesk.com"),
        ("https://u:p@hooks.slack.com/services/T1/B1/aVerySecretEnd", "must be an address"),
        ("https://[hooks/services/T1/B1/aVerySecretEnd", "must be the whole address"),
    ],
)
@pytest.mark.parametrize("name", ["WEBHOOK_URL", "WEBHOOKS__OPERATOR"])
def test_a_webhook_that_cannot_be_one_is_told_without_showing_it(
    load: Load, name: str, address: str, says: str
) -> None:
    (told,) = problems(load, **{"SLACK__WEBHOOK_URL": WEBHOOK, f"SLACK__{name}": address})
    assert told.startswith(f"CSH_SLACK__{name}")
    assert says in told
    assert "Secret" not in told


def test_a_webhook_may_be_on_this_machine_or_on_a_host_that_is_allowed(load: Load) -> None:
    load(SLACK__WEBHOOK_URL="http://127.0.0.1:8800/slack/services/T1/B1/secret")
    load(SLACK__WEBHOOK_URL="https://mattermost.example/hooks/secret", ALLOW_HOSTS="mattermost.example")


def test_other_tokens_are_not_sent_to_slack(load: Load) -> None:
    (told,) = problems(load, GITHUB__API_URL="https://hooks.slack.com/api")
    assert "tokens are not sent to hooks.slack.com" in told


# Capacity.

CAPACITY = """
hours_per_day = 7.5
[[capacity]]
team = "P&S team"
aliases = ["Partnerships & Services team"]
hours_per_week = 10
start = 2026-01-01
end = 2026-06-30
lead = "Lea"
[[capacity]]
team = "P&S team"
fte = 0.5
start = 2026-07-01
lead = "Leo"
"""


def test_capacity_is_hours_a_week_or_full_time_people_with_dates_and_lead(load: Load) -> None:
    found = policy(load("", CAPACITY))
    assert found.capacities == (
        Capacity(
            "P&S team", 600, "Lea", date(2026, 1, 1), date(2026, 6, 30), aliases=("Partnerships & Services team",)
        ),
        Capacity("P&S team", 1125, "Leo", date(2026, 7, 1)),
    )
    assert found.full_time_minutes == 450
    assert (policy(load()).capacities, policy(load()).full_time_minutes) == ((), 480)


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ('start = 2026-01-01\nlead = "Lea"', "CSH_CAPACITY__0: needs either hours_per_week or fte."),
        (
            'hours_per_week = 1\nfte = 1\nstart = 2026-01-01\nlead = "Lea"',
            "CSH_CAPACITY__0: needs either hours_per_week or fte.",
        ),
        ('fte = 1\nstart = 2026-01-01\nend = 2025-12-31\nlead = "Lea"', "CSH_CAPACITY__0: ends before it starts."),
        (
            'fte = -1\nstart = 2026-01-01\nlead = "Lea"',
            "CSH_CAPACITY__0__FTE: must be greater than or equal to 0.",
        ),
        ("fte = 1\nstart = 2026-01-01", "CSH_CAPACITY__0__LEAD: is missing."),
        ('fte = 1\nlead = "Lea"', "CSH_CAPACITY__0__START: is missing."),
    ],
)
def test_capacities_nobody_can_mean_are_told(load: Load, toml: str, told: str) -> None:
    (problem,) = problems(load, "", f'[[capacity]]\nteam = "P&S team"\n{toml}\n')
    assert problem == f"{told} It is capacity in csh-sync.toml."


def test_two_capacities_of_a_team_on_one_day_are_told(load: Load) -> None:
    told = problems(load, "", CAPACITY.replace("2026-07-01", "2026-06-30"))
    assert told == ("CSH_CAPACITY__1: P&S team has another capacity on 2026-06-30. It is capacity in csh-sync.toml.",)


# People in a file of their own.


def test_people_come_from_a_roster_too_and_the_settings_win(load: Load, tmp_path: Path) -> None:
    roster = tmp_path / "people.toml"
    roster.write_text(
        '[[people]]\ngithub = "ana"\nemail = "ana@roster.example"\n[[people]]\ngithub = "ben"\nasana = "8"\n',
        encoding="utf-8",
    )
    settings = load(toml='[[people]]\ngithub = "Ana"\nemail = "ana@example.org"\n', PEOPLE_FILE=str(roster))
    known = {login: (one.email, one.asana_gid) for login, one in policy(settings).people.items()}
    assert known == {"Ana": ("ana@example.org", ""), "ben": ("", "8")}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("people = 3", "each [[people]] has github"),
        ("[[people]]\nlogin = 'ana'", "each [[people]] has github"),
        ("[[people", "people.toml"),
        (None, "No such file"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(load: Load, tmp_path: Path, text: str | None, told: str) -> None:
    roster = tmp_path / "people.toml"
    if text is not None:
        roster.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(PEOPLE_FILE=str(roster))
    (problem,) = caught.value.problems
    assert problem.startswith("CSH_PEOPLE_FILE: ")
    assert told in problem


# An organisation's own words.


def test_kinds_and_steps_are_said_in_own_words(load: Load) -> None:
    toml = """
[kinds.near_cap]
severity = "high"
role = "business"
remedy = "Call them."
[initiatives.steps.work]
title = "The work"
"""
    decided = policy(load(toml=toml))
    assert decided.own_words == {"near_cap": OwnWords(Severity.HIGH, Role.BUSINESS, "Call them.")}
    assert decided.initiative_words == {Step.WORK: ("The work", "")}


@pytest.mark.parametrize(
    ("toml", "told"),
    [
        ("[kinds.near_cup]", "Did you mean near_cap?"),
        ("[kinds.near_cap]\nseverity = 'dire'", "CSH_KINDS"),
        ("[kinds.near_cap]\nrole = 'boss'", "CSH_KINDS"),
        ("[initiatives.steps.party]\ntitle = 'x'", "CSH_INITIATIVES__STEPS"),
    ],
)
def test_words_for_what_there_is_not_are_told(load: Load, toml: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(toml=toml)
    (problem,) = caught.value.problems
    assert told in problem
