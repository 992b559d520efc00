"""Mistakes in setting up, made on purpose: one message that names the thing and the remedy, and nothing written.

Those that only ``doctor`` can see are in `tests.cli.test_doctor`.
"""

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from sandbox.core import Person, Status
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import Organisation

__all__ = ["go", "org"]

Make = Callable[[Organisation], Any]
TOML = "csh-sync.toml"
ODD = ("Traceback", "unexpected", "Error(", "Rejected", "Denied", "valid tuple", "codec")
"""What no person should have to read."""
SECRETS = ("ghp_0123456789abcdef", "patAAAAAAAAAAAAAA.0123456789")
TRIES = {("airtable", "PATCH"), ("slack", "POST")}
"""What doctor sends to see whether it may write: a record that does not exist, a message without a text."""


@dataclass
class Case:
    """A mistake, the command that meets it, how that leaves, and words of what it says."""

    name: str
    command: str
    code: int
    words: tuple[str, ...]
    make: Make = lambda _org: None
    files: dict[str, str | bytes] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)


def case(
    name: str,
    command: str,
    code: int,
    *words: str,
    make: Make = lambda _org: None,
    files: dict[str, str | bytes] | None = None,
    **settings: str,
) -> Case:
    return Case(name, command, code, words, make, files or {}, settings)


def toml(name: str, text: str | bytes, *words: str, **settings: str) -> Case:
    """Return a mistake in the settings file, met by a run."""
    return case(name, "run", 2, *words, files={TOML: text}, **settings)


def _without_value(_made: Any) -> None:
    """Return nothing: a mistake that is made in the world needs no settings."""


UNSET = dict.fromkeys(("CSH_GITHUB__ORG", "CSH_ASANA__HOME_PROJECT", "CSH_AIRTABLE__BASE"), "")
SETTINGS = [
    case(
        "a run before anything is set up",
        "run",
        2,
        "CSH_GITHUB__ORG is not set.",
        "There is neither .env nor csh-sync.toml in this folder. csh-sync init finds ids that are not set.",
        **UNSET,
    ),
    case(
        "a token of another service is not sent there",
        "run",
        2,
        "CSH_GITHUB__TOKEN looks like a personal access token of Airtable; set it to a token of GitHub.",
        CSH_GITHUB__TOKEN=SECRETS[1],
    ),
    case(
        "two tokens that were swapped are told together",
        "run",
        2,
        "CSH_GITHUB__TOKEN looks like a personal access token of Airtable",
        "CSH_AIRTABLE__TOKEN looks like a classic token of GitHub",
        CSH_GITHUB__TOKEN=SECRETS[1],
        CSH_AIRTABLE__TOKEN=SECRETS[0],
    ),
    case("an old API key", "run", 2, "Make a personal access token", CSH_AIRTABLE__TOKEN="key12345678901234"),
    case(
        "a token with its name before it",
        "run",
        2,
        "CSH_GITHUB__TOKEN holds the name of a setting",
        "set the bare token",
        CSH_GITHUB__TOKEN=f"CSH_GITHUB__TOKEN={SECRETS[0]}",
    ),
    case("the token of an example", "run", 2, "what an example leaves open", CSH_GITHUB__TOKEN="github_pat_..."),
    case(
        "a token with a line break",
        "run",
        2,
        "CSH_GITHUB__TOKEN holds blanks, line breaks",
        CSH_GITHUB__TOKEN=f"{SECRETS[0]}\n",
    ),
    case(
        "an empty token file",
        "run",
        2,
        "CSH_GITHUB__TOKEN_FILE: empty: token",
        files={"token": "\n"},
        CSH_GITHUB__TOKEN="",
        CSH_GITHUB__TOKEN_FILE="token",
    ),
    case(
        "one underscore for two",
        "run",
        2,
        "CSH_GITHUB_TOKEN: no such setting. Did you mean CSH_GITHUB__TOKEN?",
        CSH_GITHUB__TOKEN="",
        CSH_GITHUB_TOKEN=SECRETS[0],
    ),
    case(
        "a board by its address",
        "run",
        2,
        "CSH_GITHUB__PROJECT_NUMBER: must be a whole number.",
        CSH_GITHUB__PROJECT_NUMBER="https://github.com/orgs/acme/projects/57",
    ),
    case("a day in words", "run", 2, "CSH_GITHUB__SINCE: must be a day such as", CSH_GITHUB__SINCE="last year"),
    case("yes and please", "run", 2, "must be true or false", CSH_BACKLINKS__ENABLED="yes please"),
    case(
        "a base with its table",
        "run",
        2,
        "CSH_AIRTABLE__BASE must be a base id: app and the letters and digits",
        CSH_AIRTABLE__BASE="appSandbox0000001/tblActivity000001",
    ),
    case(
        "a table of ours that there is not",
        "run",
        2,
        "we have no table 'Activty'. Did you mean 'Activity'?",
        CSH_AIRTABLE__NAMES='{"Activty": "Log"}',
    ),
    case(
        "a column of ours that there is not",
        "run",
        2,
        "we have no column 'Allocations.Hours usd'. Did you mean 'Allocations.Hours used'?",
        CSH_AIRTABLE__NAMES='{"Allocations.Hours usd": "Hrs"}',
    ),
    case(
        "names that are no JSON",
        "run",
        2,
        "CSH_AIRTABLE__NAMES: not the JSON that is expected here; it is easier in csh-sync.toml.",
        CSH_AIRTABLE__NAMES="Activity=Log",
    ),
    case(
        "two profiles with one label",
        "run",
        2,
        "CSH_PROFILES__1: a profile above it has the same label",
        CSH_PROFILES='[{"label": "CSH", "task_name": "Hours"}, {"label": "csh", "task_name": "Other hours"}]',
    ),
    case("profiles that are no list", "run", 2, "CSH_PROFILES: must be a list.", CSH_PROFILES='{"label": "CSH"}'),
    case(
        "a file of totals in no folder",
        "run",
        2,
        "CSH_TOTALS__CSV: there is no folder nowhere.",
        CSH_TOTALS__CSV="nowhere/totals.csv",
    ),
    toml(
        "a bracket that is not closed",
        '[github\norg = "acme"\n',
        "csh-sync.toml: not TOML:",
        "line 1",
        "blocks in [brackets]",
    ),
    toml("curly quotes", "[board]\nend = \u201cEnd date\u201d\n", "line 2", "straight quotes"),
    toml(
        "a block that is there twice",
        "[github]\nmax_hours = 9\n[github]\nlabels = []\n",
        "Cannot declare [github] twice",
        "line 3",
    ),
    toml("a file in UTF-16", "[github]\nmax_hours = 9\n".encode("utf-16"), "csh-sync.toml: not text in UTF-8"),
    case("a folder in its place", "run", 2, "csh-sync.toml: ", "directory", files={f"{TOML}/.keep": ""}),
    toml(
        "a name that no setting has",
        '[github]\norganisation = "acme"\n',
        "CSH_GITHUB__ORGANISATION: no such setting. Did you mean CSH_GITHUB__ORG?",
        "It is github.organisation in csh-sync.toml.",
    ),
    toml("a name outside its block", 'org = "acme"\n', "CSH_ORG: no such setting. Did you mean CSH_GITHUB__ORG?"),
    toml(
        "the name of a variable",
        'CSH_GITHUB__ORG = "acme"\n',
        "CSH_GITHUB__ORG stands in csh-sync.toml: there it is called github.org.",
    ),
    toml(
        "a value where a block belongs",
        'github = "acme"\n',
        "CSH_GITHUB: github in csh-sync.toml must be a block: [github] on a line of its own.",
    ),
    toml(
        "a number in words",
        '[run]\ngrace_days = "two weeks"\n',
        "CSH_RUN__GRACE_DAYS: must be a whole number. It is run.grace_days in csh-sync.toml.",
    ),
    toml(
        "a person without a counterpart",
        '[[people]]\ngithub = "ana"\n',
        "CSH_PEOPLE__0 needs email or asana, besides github. It is people in csh-sync.toml.",
    ),
    case(
        "a line of .env without an equals sign",
        "run",
        2,
        ".env: line 2 is not NAME=value.",
        files={".env": "OTHER=1\nCSH_GITHUB__MAX_HOURS: 9\n"},
    ),
    case(
        "a wrong value in .env",
        "run",
        2,
        "CSH_GITHUB__MAX_HOURS: must be a whole number. It stands in .env.",
        files={".env": "CSH_GITHUB__MAX_HOURS=nine\n"},
    ),
]


REFUSED = [
    case(
        "a column for two of ours",
        "run",
        3,
        '"Hours left" in Allocations is set for "Hours used" too, csh-sync needs a column of its own',
        CSH_AIRTABLE__NAMES='{"Allocations.Hours used": "Hours left"}',
    ),
    case(
        "a column for two of ours, by its id",
        "run",
        3,
        'is set for "Hours used" too',
        make=lambda org: {
            "CSH_AIRTABLE__NAMES": json.dumps(
                {"Allocations.Hours used": org.airtable.field_id("Allocations", "Hours left")}
            )
        },
    ),
    case(
        "a column for two of ours has a remedy",
        "doctor",
        1,
        'Set "Allocations.Hours used" in [airtable.names] to one of its own, or take that line away.',
        CSH_AIRTABLE__NAMES='{"Allocations.Hours used": "Hours left"}',
    ),
    case(
        "a table for two of ours",
        "run",
        3,
        '"Contacts" in the base is set for "Communities" too',
        CSH_AIRTABLE__NAMES='{"Communities": "Contacts"}',
    ),
    case(
        "the id of a table of another base",
        "run",
        3,
        '"tblElsewhere000001" in the base is missing',
        CSH_AIRTABLE__NAMES='{"Activity": "tblElsewhere000001"}',
    ),
    case(
        "the id of a table of another base has a remedy",
        "doctor",
        1,
        'Create it (csh-sync init does), or set "Activity" in [airtable.names] to its name of today.',
        CSH_AIRTABLE__NAMES='{"Activity": "tblElsewhere000001"}',
    ),
    case(
        "a field of Asana for two of ours",
        "run",
        3,
        '"GitHub URL" in the home project is set for "GitHub URL" too',
        CSH_ASANA__FIELDS__GITHUB_ID="GitHub URL",
    ),
    case(
        "a field of Asana that is there twice",
        "doctor",
        1,
        '"GitHub URL" in the home project is there 2 times',
        "Leave one of them there, or set github_url in [asana.fields] to the id of the one that is meant.",
        make=lambda org: _without_value(org.asana.add_field_to_project(org.home, org.asana.add_field("GitHub URL"))),
    ),
    case(
        "a field of Asana of another type, which cannot be changed there",
        "doctor",
        1,
        'Give it another name, and create a number with two decimals called "GitHub Hours"',
        make=lambda org: _without_value(org.asana.retype_field(org.hours_field, "text")),
    ),
]


def _with_something_to_make(change: Make = lambda _org: None) -> Make:
    """Make a mistake in a set-up that lacks a column, so that init has something to make."""

    def make(org: Organisation) -> dict[str, str]:
        org.airtable.delete_field("Allocations", "Extra hours")
        return change(org) or {}

    return make


INIT = "init --no-input --yes"
SETTING_UP = [
    case(
        "an organisation that there is not",
        INIT,
        4,
        "there is no acmee, or the token does not see it",
        "Check CSH_GITHUB__ORG, it is NAME in github.com/NAME.",
        make=_with_something_to_make(),
        CSH_GITHUB__ORG="acmee",
    ),
    case(
        "an organisation that there is not, in a run",
        "run",
        4,
        "GitHub: read the organisation: NOT_FOUND",
        "Check CSH_GITHUB__ORG",
        CSH_GITHUB__ORG="acmee",
    ),
    case(
        "a workspace of somebody else",
        INIT,
        4,
        "Unknown object: 12345",
        "Check CSH_ASANA__WORKSPACE and that the token's user is a member of that workspace.",
        make=_with_something_to_make(),
        CSH_ASANA__WORKSPACE="12345",
    ),
    case(
        "a home project that is not shared",
        INIT,
        4,
        "You do not have access",
        "Check CSH_ASANA__HOME_PROJECT and that the token's user is a member",
        make=_with_something_to_make(lambda org: _without_value(org.asana.deny(org.home))),
    ),
    case(
        "a project for the portfolio",
        INIT,
        4,
        "Check CSH_ASANA__PORTFOLIO",
        make=_with_something_to_make(lambda org: {"CSH_ASANA__PORTFOLIO": org.engagements_project.gid}),
    ),
    case(
        "a portfolio for the engagements project",
        INIT,
        4,
        "Check CSH_ASANA__ENGAGEMENTS_PROJECT",
        make=_with_something_to_make(lambda org: {"CSH_ASANA__ENGAGEMENTS_PROJECT": org.portfolio.gid}),
    ),
    case(
        "a GitHub token without a scope",
        INIT,
        4,
        "required scopes",
        "read:project",
        make=_with_something_to_make(
            lambda org: setattr(org.sandbox.github.options, "missing_scopes", frozenset({"read:project"}))
        ),
    ),
    case(
        "a label in a repository that there is not",
        f"{INIT} --label hubb",
        2,
        "--label hubb: no such repository. In use and visible to the token: acme/hub, acme/docs.",
        make=_with_something_to_make(),
    ),
    case(
        "init that may ask nobody, and was not told to go on",
        "init --no-input",
        0,
        "Nothing was made or written. That needs --yes.",
        make=_with_something_to_make(),
    ),
]


@pytest.mark.parametrize("one", [*SETTINGS, *REFUSED, *SETTING_UP], ids=lambda one: one.name)
def test_what_is_wrong_is_named_with_its_remedy_and_nothing_is_written(
    go: Go, org: Organisation, tmp_path: Path, one: Case
) -> None:
    org.issue("Reef Watch: fix", hours=2.5)
    settings = {**one.settings, **(one.make(org) or {})}
    for name, content in one.files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    result = go(*one.command.split(), **settings)
    said = result.stdout + result.stderr
    assert result.exit_code == one.code, said
    for words in one.words:
        assert words in said
    for words in (*ODD, *SECRETS):
        assert words not in said
    writes = {(request.service, request.method) for request in org.sandbox.log.writes()}
    assert writes <= (TRIES if one.command.startswith("doctor") else set())
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()} == before
    if one in SETTINGS:
        assert org.sandbox.log.count() == 0, "settings that are wrong are asked about at no service"


def shown(result: Result) -> dict[str, str]:
    """Return each setting's value and place, as ``settings --json`` tells them."""
    return {one["name"]: f"{one['value']} {one['from']}" for one in json.loads(result.stdout)["settings"]}


def test_files_as_windows_editors_write_them_are_read(go: Go, tmp_path: Path) -> None:
    (tmp_path / TOML).write_bytes(b"\xef\xbb\xbf[github]\r\nmax_hours = 9\r\n")
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfCSH_GITHUB__SINCE=2026-01-01\r\nCSH_TIMEZONE=Europe/Berlin\r\n")
    found = shown(go("settings", "--json"))
    assert found["CSH_GITHUB__MAX_HOURS"] == "9 csh-sync.toml"
    assert found["CSH_GITHUB__SINCE"] == "2026-01-01 .env"
    assert found["CSH_TIMEZONE"] == "Europe/Berlin .env"


def test_lines_of_other_programs_in_dotenv_are_no_problem(go: Go, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("this is no line\nexport CSH_TIMEZONE = Europe/Berlin\n", encoding="utf-8")
    result = go("settings", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert shown(result)["CSH_TIMEZONE"] == "Europe/Berlin .env"


ONE_CAUSE = [
    case("ids that are not set", "settings", 1, "csh-sync init finds it.", **UNSET),
    case("no token", "settings", 1, "Put it into .env in this folder, as NAME=value", CSH_GITHUB__TOKEN=""),
    case(
        "an organisation by its address",
        "settings",
        1,
        "CSH_GITHUB__ORG must be the organisation's name alone: NAME in github.com/NAME.",
        "csh-sync settings shows each value and where it came from",
        CSH_GITHUB__ORG="https://github.com/acme",
    ),
    case(
        "a home project by its address",
        "settings",
        1,
        "CSH_ASANA__HOME_PROJECT must be a gid",
        CSH_ASANA__HOME_PROJECT="https://app.asana.com/0/123/list",
    ),
    case("a workspace by its name", "settings", 1, "CSH_ASANA__WORKSPACE must be a gid", CSH_ASANA__WORKSPACE="Acme"),
    case("a row by its key", "settings", 1, "CSH_SENTINELS__ROW must be", CSH_SENTINELS__ROW="I_1@unplaced"),
    case(
        "a host that is not allowed",
        "settings",
        1,
        "not sent to evil.example unless CSH_ALLOW_HOSTS names it",
        CSH_GITHUB__API_URL="https://evil.example",
        CSH_NOW="",
    ),
    case(
        "a refused token",
        "asana.token",
        1,
        "Check CSH_ASANA__TOKEN: it is refused.",
        CSH_ASANA__TOKEN="2/1200000000000001/1:0123456789abcdef",
    ),
    case(
        "a home project that is an engagement's",
        "asana.home",
        1,
        "Reef Watch 2026 Membership is in the portfolio: it is an engagement's project",
        "Make a project of its own",
        make=lambda org: {
            "CSH_ASANA__HOME_PROJECT": org.reef.asana_project.gid,
            **_fields_on(org, org.reef.asana_project),
        },
    ),
    case(
        "a project for the portfolio",
        "asana.portfolio",
        1,
        "Check CSH_ASANA__PORTFOLIO",
        make=lambda org: {"CSH_ASANA__PORTFOLIO": org.engagements_project.gid},
    ),
    case(
        "a plan without custom fields",
        "asana.plan",
        1,
        "it needs a paid plan",
        make=lambda org: setattr(org.sandbox.asana.options, "has_custom_fields", False),
    ),
    case(
        "a wrong base",
        "airtable.base",
        1,
        "appSandbox0000001 (Community Success Hours)",
        CSH_AIRTABLE__BASE="appSandbox0000009",
    ),
    case(
        "a token that may not read the schema",
        "airtable.base",
        1,
        "schema.bases:read",
        make=lambda org: setattr(org.airtable.options, "scopes", org.airtable.options.scopes - {"schema.bases:read"}),
    ),
    case(
        "a token that may not read records",
        "airtable.records",
        1,
        "data.records:read",
        make=lambda org: setattr(org.airtable.options, "scopes", org.airtable.options.scopes - {"data.records:read"}),
    ),
    case(
        "a reader",
        "airtable.role",
        1,
        "Make the user at least Editor of the base.",
        make=lambda org: setattr(org.airtable.options, "permission_level", "read"),
    ),
    case(
        "a label that is nowhere",
        "github.labels",
        1,
        "csh-sync init --label REPOSITORY does; all: to each.",
        CSH_GITHUB__LABELS="HSC",
    ),
]


def _fields_on(org: Organisation, project: Any) -> dict[str, str]:
    """Put our fields on a project, as init would."""
    for one in (org.url_field, org.id_field, org.hours_field):
        org.asana.add_field_to_project(project, one)
    return {}


@pytest.mark.parametrize("one", ONE_CAUSE, ids=lambda one: one.name)
def test_doctor_tells_one_cause_as_one_failure(go: Go, org: Organisation, one: Case) -> None:
    settings = {**one.settings, **(one.make(org) or {})}
    result = go("doctor", "--json", **settings)
    verdicts = json.loads(result.stdout)["checks"]
    failed = [verdict for verdict in verdicts if verdict["level"] == "failed"]
    assert {verdict["check"] for verdict in failed} == {one.command}, failed
    assert all(verdict["message"].startswith("CSH_") for verdict in failed if verdict["check"] == "settings")
    said = " ".join(f"{verdict['message']} {verdict['remedy']}" for verdict in failed)
    for words in one.words:
        assert words in said
    assert result.exit_code == one.code
    assert "as CSH_ALLOW_HOSTS allows" not in result.stdout
    for words in (*ODD, *SECRETS):
        assert words not in result.output


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("folder", "it is a folder"),
        ("text", "the file is something else"),
        ("text/state", "Not a directory"),
    ],
)
def test_a_file_in_which_nothing_can_be_remembered_is_told(
    go: Go, org: Organisation, tmp_path: Path, name: str, why: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("Notes of a meeting", encoding="utf-8")
    result = go("doctor", "--json", CSH_RUN__STATE_FILE=name)
    (told,) = (one for one in json.loads(result.stdout)["checks"] if one["check"] == "state")
    assert told["level"] == "warning"
    assert why in told["message"]
    assert "Name a new file" in told["remedy"]
    assert (tmp_path / "text").read_text(encoding="utf-8") == "Notes of a meeting"
    (told,) = (
        one
        for one in json.loads(go("doctor", "--json", CSH_RUN__STATE_FILE="new/state.sqlite").stdout)["checks"]
        if one["check"] == "state"
    )
    assert told["level"] == "ok"
    assert not (tmp_path / "new").exists()


def test_what_overrules_the_settings_file_is_named_with_what_it_should_be(go: Go, org: Organisation) -> None:
    result = go("init", "--no-input", "--yes", CSH_GITHUB__PROJECT_NUMBER="75")
    assert result.exit_code == 0
    assert "The token sees no open board 75." in result.stderr
    assert "github.project_number is 75 in the environment, which decides: set it to 57 there." in result.stdout


def test_a_settings_file_that_takes_no_more_lines_stays_as_it_is(go: Go, org: Organisation, tmp_path: Path) -> None:
    text = "\ufeffgithub = { max_hours = 9 }\n"
    (tmp_path / TOML).write_text(text, encoding="utf-8")
    result = go("init", "--no-input", "--yes", CSH_GITHUB__ORG="")
    assert result.exit_code == 0, result.output
    assert "is left as it is" in result.stdout
    assert '[github] org = "acme"' in result.stdout
    assert (tmp_path / TOML).read_text(encoding="utf-8") == text


def test_what_the_board_and_the_repositories_lack_is_told(go: Go, org: Organisation) -> None:
    org.github.delete_field(org.board, "GitHub Hours")
    for repository in ("hub", "docs"):
        org.github.delete_label(repository, "CSH")
    result = go("init", "--no-input", "--yes")
    assert 'Add a column of numbers to board 57, called "GitHub Hours".' in result.stdout
    assert "Give the repositories that hold such work the label CSH, or: csh-sync init --label all." in result.stdout


def test_who_leaves_after_something_was_made_is_told_so_and_goes_on_later(go: Go, org: Organisation) -> None:
    org.airtable.delete_field("Allocations", "Extra hours")
    left = go("init", answer="y\n")  # and nobody at the second question
    assert left.exit_code == 130
    assert "made    Airtable: column Extra hours (number) in Allocations" in left.stdout
    assert "What was made stays; csh-sync.toml is not written. Start csh-sync init again" in left.stdout
    assert "nothing was written" not in left.output
    again = go("init", answer="y\n")
    assert again.exit_code == 0, again.output
    assert "Nothing to make." in again.stdout
    assert Path(TOML).is_file()


def test_an_interruption_ends_after_the_write_in_flight_and_the_next_time_goes_on(go: Go, org: Organisation) -> None:
    org.airtable.delete_field("Allocations", "Extra hours")
    org.airtable.base.tables = [one for one in org.airtable.base.tables if one.name != "Runs"]
    ctrl_c = Person(lambda: os.kill(os.getpid(), signal.SIGINT))
    org.sandbox.faults.add(ctrl_c, service="airtable", method="POST", times=1)
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 130
    assert result.stdout.count("  made    Airtable: ") == 1
    assert "Stopped: what was made stays. Start csh-sync init again" in result.stdout
    assert not Path(TOML).exists()
    again = go("init", "--no-input", "--yes")
    assert again.exit_code == 0, again.output
    assert again.stdout.count("  made    Airtable: ") == 1
    assert go("doctor").exit_code == 0


def test_sentinels_that_cannot_be_looked_for_keep_back_nothing_else(go: Go, org: Organisation) -> None:
    org.airtable.delete_field("Allocations", "Extra hours")
    org.sandbox.faults.add(Status(403), service="asana", path="/tasks$")
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 0, result.output
    assert "No sentinels are chosen yet: Asana: " in result.stderr
    assert 'home_project = "' in Path(TOML).read_text(encoding="utf-8")
    assert "[sentinels]" not in Path(TOML).read_text(encoding="utf-8")
