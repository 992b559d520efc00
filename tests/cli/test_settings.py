"""csh-sync settings: every setting, its value, and the place that decided; secrets and services stay out of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from sync.cli import main
from sync.settings import Settings, variable
from sync.settings.tree import variables

TOKEN = "ghp_0123456789abcdef"
NEEDED = {
    "CSH_GITHUB__ORG": "acme",
    "CSH_ASANA__TOKEN": "1/123:abcdef",
    "CSH_ASANA__WORKSPACE": "1",
    "CSH_ASANA__HOME_PROJECT": "2",
    "CSH_ASANA__PORTFOLIO": "3",
    "CSH_AIRTABLE__TOKEN": "patabc.def",
    "CSH_AIRTABLE__BASE": "app1",
}
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in an empty folder with the needed variables, ``.env``, the settings file, and a token's file."""
    monkeypatch.chdir(tmp_path)
    for name in NEEDED:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")

    def running(*arguments: str, dotenv: str = "", toml: str = "", **changes: str | None) -> Result:
        (tmp_path / ".env").write_text(dotenv, encoding="utf-8")
        (tmp_path / "csh-sync.toml").write_text(toml, encoding="utf-8")
        given: dict[str, str | None] = {**NEEDED, "CSH_GITHUB__TOKEN_FILE": str(tmp_path / "token"), **changes}
        return CliRunner().invoke(main, ["settings", *arguments], env=given)

    return running


def table(result: Result) -> dict[str, tuple[str, str]]:
    document = json.loads(result.stdout)
    return {one["name"]: (one["value"], one["from"]) for one in document["settings"]}


def test_every_setting_that_is_no_block_is_shown_once_in_the_order_of_the_tree(run: Run) -> None:
    every = [variable(*path) for path in variables()]
    leaves = [name for name in every if not any(one.startswith(f"{name}__") for one in every)]
    result = run("--json")
    assert list(table(result)) == leaves
    assert (result.exit_code, json.loads(result.stdout)["problems"]) == (0, [])


def test_the_place_that_decides_is_named(run: Run) -> None:
    shown = table(
        run(
            "--json",
            dotenv="CSH_GITHUB__LABELS=CSH,DDM\nCSH_TIMEZONE=Europe/Berlin\nCSH_GITHUB__HOURS_FIELD=\n",
            toml='timezone = "UTC"\n[github]\nmax_hours = 50\nlabels = ["Other"]\n[board]\nstatus = "State"\n',
            CSH_TIMEZONE="Africa/Nairobi",
            CSH_GUARDS='{"share": 0.5}',
        )
    )
    assert shown["CSH_TIMEZONE"] == ("Africa/Nairobi", "the environment")
    assert shown["CSH_GITHUB__LABELS"] == ("CSH, DDM", ".env")
    assert shown["CSH_GITHUB__MAX_HOURS"] == ("50", "csh-sync.toml")
    assert shown["CSH_BOARD__STATUS"] == ("State", "csh-sync.toml")
    assert shown["CSH_BOARD__END"] == ("End date", "default")
    assert shown["CSH_GITHUB__HOURS_FIELD"] == ("GitHub Hours", "default"), "an empty variable gives nothing"
    assert shown["CSH_GUARDS__SHARE"] == ("0.5", "the environment"), "a block given as JSON gives what is in it"
    assert shown["CSH_GUARDS__MINIMUM"] == ("10", "default")
    assert shown["CSH_GITHUB__SINCE"] == ("", "default")


def test_a_name_that_is_switched_off_is_given_and_empty(run: Run) -> None:
    assert table(run("--json", CSH_BOARD__STATUS=""))["CSH_BOARD__STATUS"] == ("", "the environment")


def test_secrets_are_told_by_length_alone_whatever_place_they_come_from(run: Run) -> None:
    hook = "https://hooks.slack.com/services/T0/B0/abcdefgh"
    for arguments in ((), ("--json",)):
        result = run(*arguments, dotenv=f"CSH_SLACK__WEBHOOK_URL={hook}\nCSH_SLACK__WEBHOOKS__LEAD={hook}x\n")
        assert result.exit_code == 0
        for secret in (TOKEN, NEEDED["CSH_ASANA__TOKEN"], NEEDED["CSH_AIRTABLE__TOKEN"], "abcdefgh"):
            assert secret not in result.output
    shown = table(result)
    assert shown["CSH_GITHUB__TOKEN"] == ("set (20 characters)", "the file in CSH_GITHUB__TOKEN_FILE")
    assert shown["CSH_ASANA__TOKEN"] == ("set (12 characters)", "the environment")
    assert shown["CSH_SLACK__WEBHOOK_URL"] == (f"set ({len(hook)} characters)", ".env")


def test_names_and_blocks_choose_and_given_leaves_out_defaults(run: Run) -> None:
    assert list(table(run("github.org", "CSH_GUARDS", "--json"))) == [
        "CSH_GITHUB__ORG",
        "CSH_GUARDS__SHARE",
        "CSH_GUARDS__MINIMUM",
    ]
    assert list(table(run("github", "--given", "--json"))) == [
        "CSH_GITHUB__TOKEN",
        "CSH_GITHUB__TOKEN_FILE",
        "CSH_GITHUB__ORG",
    ]


def test_a_name_that_does_not_exist_gets_the_nearest(run: Run) -> None:
    result = run("github.orgg")
    assert result.exit_code == 2
    assert "github.orgg: no such setting. Did you mean CSH_GITHUB__ORG?" in result.stderr


def test_what_is_wrong_is_told_below_what_could_be_read(run: Run) -> None:
    result = run("--json", toml="[guards]\nshare = 7\n", CSH_ASANA__WORKSPACE=None, CSH_GITHUB__MAX_HOURS="many")
    assert result.exit_code == 2
    shown, problems = table(result), json.loads(result.stdout)["problems"]
    assert shown["CSH_GITHUB__ORG"] == ("acme", "the environment")
    assert [one.partition(" ")[0].rstrip(":") for one in problems] == [
        "CSH_GITHUB__MAX_HOURS",
        "CSH_GUARDS__SHARE",
        "CSH_ASANA__WORKSPACE",
    ]
    assert all(one in result.stderr for one in problems)
    assert shown["CSH_GUARDS__SHARE"] == ("0.3", "default, as csh-sync.toml is not usable")


def test_lists_of_tables_are_shown_as_json(run: Run) -> None:
    toml = '[[people]]\ngithub = "ada"\nemail = "ada@example.org"\n'
    value, place = table(run("people", "--json", toml=toml))["CSH_PEOPLE"]
    assert (json.loads(value), place) == ([{"github": "ada", "email": "ada@example.org", "asana": ""}], "csh-sync.toml")
    assert isinstance(Settings.model_fields["people"].default, tuple)
