"""csh-sync init: from an empty base to the second quiet run, half-made bases, other names, refusals."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sandbox.airtable import AirtableService
from sandbox.core import Cut, SandboxClock
from tests.cli.test_commands import Go, go, org
from tests.e2e.organisation import START, Organisation

__all__ = ["go", "org"]

IDS = (
    "CSH_GITHUB__ORG",
    "CSH_GITHUB__PROJECT_NUMBER",
    "CSH_ASANA__WORKSPACE",
    "CSH_ASANA__HOME_PROJECT",
    "CSH_ASANA__PORTFOLIO",
    "CSH_ASANA__ENGAGEMENTS_PROJECT",
    "CSH_AIRTABLE__BASE",
)
UNSET = dict.fromkeys(IDS, "")


def written() -> dict[str, Any]:
    """Return the settings file."""
    return tomllib.loads(Path("csh-sync.toml").read_text(encoding="utf-8"))


def types(airtable: AirtableService) -> dict[str, dict[str, Any]]:
    """Return type and decimals of every column, those that only people read and other sides of links left out."""
    return {
        table.name: {
            one.name: (one.type, (one.options or {}).get("precision"))
            for one in table.fields
            if one.name not in {other.name for other in airtable.base.tables}
        }
        for table in airtable.base.tables
    }


@pytest.fixture
def fresh(org: Organisation) -> Organisation:
    """An organisation with a board and engagements, and nothing of ours yet: no base, no fields, no label."""
    org.airtable.base.tables.clear()
    org.airtable.add_table("Table 1", {"Name": "text", "Notes": "long"})
    for one in (org.url_field, org.id_field, org.hours_field):
        org.asana.delete_field(one)
    org.asana.delete_project(org.home)
    for repository in ("hub", "docs"):
        org.github.delete_label(repository, "CSH")
    return org


def test_an_empty_base_becomes_the_one_of_the_design(go: Go, fresh: Organisation) -> None:
    designed = AirtableService(SandboxClock(START), lambda: "")
    designed.create_design_base()
    answers = f"new\n{fresh.portfolio.gid}\n{fresh.engagements_project.gid}\n"
    result = go("init", "--yes", "--label", "all", answer=answers, **UNSET)
    assert result.exit_code == 0, result.output
    made = types(fresh.airtable)
    assert made.pop("Table 1")
    assert made == types(designed)
    (home,) = (one for one in fresh.asana.projects.values() if one.name == "Mirrored GitHub issues" and not one.deleted)
    fields = {one.field.name: (one.field.kind, one.field.precision) for one in home.settings}
    assert fields == {"GitHub URL": ("text", 0), "GitHub ID": ("text", 0), "GitHub Hours": ("number", 2)}
    assert all(fresh.github.find_label(one, "CSH") for one in fresh.github.repositories)
    file = written()
    assert file["github"]["org"] == "acme"
    assert file["github"]["project_number"] == 57
    assert file["asana"]["home_project"] == home.gid
    assert file["airtable"]["base"] == fresh.airtable.base_id
    assert "token" not in Path("csh-sync.toml").read_text(encoding="utf-8").replace("# Tokens", "").casefold()
    assert "Only a person can do this:" in result.stdout


def test_after_it_doctor_is_content_and_the_second_run_is_quiet(go: Go, fresh: Organisation) -> None:
    answers = f"new\n{fresh.portfolio.gid}\n{fresh.engagements_project.gid}\n"
    assert go("init", "--yes", "--label", "all", answer=answers, **UNSET).exit_code == 0
    add = fresh.airtable.add_row
    reef = add("Communities", {"Name": "Reef Watch"})
    engagement = add("Engagements", {"Name": "Reef Watch 2026 Membership", "Community": [reef]})
    project = add("Projects", {"Name": "Reef Watch support", "Engagement": [engagement]})
    days = {"Start": "2026-07-01", "End": "2026-09-30", "Hours available": 8}
    add("Allocations", {"Name": "Reef Watch Q3 2026", "Project": [project], **days})
    issue = fresh.issue("Reef Watch: fix", hours=2.5)
    assert go("doctor", **UNSET).exit_code == 0
    first = go("run", **UNSET)
    assert first.exit_code == 0, first.output
    home = written()["asana"]["home_project"]
    (task,) = fresh.asana.tasks_in(home)
    assert task.name == "Reef Watch: fix"
    assert task.parent is fresh.reef.csh["Q3"]
    mark = fresh.sandbox.log.mark()
    assert go("run", **UNSET).exit_code == 0
    assert len(fresh.sandbox.log.writes(since=mark)) == 1  # the heartbeat
    result = go("init", "--no-input", "--yes", **UNSET)  # now there is something to choose as sentinels
    assert result.exit_code == 0, result.output
    sentinels = written()["sentinels"]
    assert sentinels["issue"] == fresh.url(issue)
    assert sentinels["row"] in fresh.airtable.rows("Activity")
    assert go("doctor", **UNSET).exit_code == 0
    later = go("run", **UNSET)  # and the sentinels are looked for where they are
    assert later.exit_code == 0, later.output
    before, mark = Path("csh-sync.toml").read_bytes(), fresh.sandbox.log.mark()
    again = go("init", "--no-input", "--yes", **UNSET)
    assert "Nothing to make." in again.stdout
    assert Path("csh-sync.toml").read_bytes() == before
    assert list(fresh.sandbox.log.writes(since=mark)) == []


def test_what_was_not_offered_and_is_no_id_is_asked_again(go: Go, fresh: Organisation) -> None:
    unseen = "1200000000099999"  # a portfolio the token may not list
    result = go("init", answer=f"Home\nnew\nActive\n{unseen}\nnone\nn\n", **UNSET)
    assert "'Home' is not among these." in result.stderr
    assert "'Active' is not among these." in result.stderr
    assert f"'{unseen}' is not" not in result.stderr
    assert list(fresh.sandbox.log.writes()) == []


def test_the_hours_column_is_written_as_the_board_calls_it(go: Go, org: Organisation) -> None:
    org.github.rename_field(org.board, "GitHub Hours", "hours spent")
    assert go("init", "--no-input", "--yes").exit_code == 0
    assert written()["github"]["hours_field"] == "hours spent"


def test_on_a_finished_set_up_it_changes_nothing(go: Go, org: Organisation) -> None:
    mark = org.sandbox.log.mark()
    first = go("init", "--no-input", "--yes")
    assert first.exit_code == 0, first.output
    assert "Nothing to make." in first.stdout
    before = Path("csh-sync.toml").read_bytes()
    second = go("init", "--no-input", "--yes")
    assert second.stdout.splitlines() == ["Nothing to make.", "Next: csh-sync doctor"]
    assert Path("csh-sync.toml").read_bytes() == before
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_a_half_made_base_is_completed_and_what_is_there_stays(go: Go, org: Organisation) -> None:
    base = org.airtable.base
    base.tables = [one for one in base.tables if one.name not in {"Alerts", "Runs"}]
    for name in ("Hours left", "Sealed rows", "Extra hours"):
        org.airtable.delete_field("Allocations", name)
    before = org.airtable.snapshot()
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 0, result.output
    for words in ("table Runs", "table Alerts", "column Hours left (number) in Allocations"):
        assert f"made    Airtable: {words}" in result.stdout
    after = org.airtable.snapshot()
    assert {name: after[name] for name in before} == before
    assert go("doctor").exit_code == 0


def test_other_names_are_mapped_by_id_where_they_are_read(go: Go, org: Organisation) -> None:
    org.airtable.rename_table("Communities", "Our communities")
    org.airtable.rename_field("Allocations", "Hours available", "Available hours")
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 0, result.output
    names = written()["airtable"]["names"]
    assert names == {
        "Communities": org.airtable.table_id("Our communities"),
        "Allocations.Hours available": org.airtable.field_id("Allocations", "Available hours"),
    }
    assert "Our communities" in Path("csh-sync.toml").read_text(encoding="utf-8")
    assert "Nothing to make." in result.stdout
    assert go("plan").exit_code == 0


def test_a_column_that_runs_would_write_into_is_guessed_only_with_a_persons_word(go: Go, org: Organisation) -> None:
    org.airtable.rename_field("Allocations", "Hours used", "Used hours")
    asked = go("init", answer="y\nn\n")
    assert 'Allocations.Hours used is missing, but there is "Used hours"' in asked.output
    assert go("init", "--no-input", "--yes").exit_code == 0
    assert "Allocations.Hours used" not in written().get("airtable", {}).get("names", {})
    assert org.airtable.field_id("Allocations", "Hours used") != org.airtable.field_id("Allocations", "Used hours")


def test_what_the_api_cannot_do_is_told_with_the_reason(go: Go, org: Organisation) -> None:
    org.airtable.retype_field("Allocations", "Hours used", "text")
    org.asana.retype_field(org.hours_field, "text")
    result = go("init", "--no-input", "--yes")
    assert 'In Allocations make "Hours used" of type number with 2 decimals. (Airtable\'s API changes' in result.stdout
    assert 'The field "GitHub Hours" is of type text: rename it' in result.stdout


def test_without_consent_nothing_is_made_or_written(go: Go, org: Organisation) -> None:
    org.airtable.delete_field("Allocations", "Extra hours")
    mark = org.sandbox.log.mark()
    shown = go("init", "--no-input")
    assert shown.exit_code == 0
    assert "+ Airtable: column Extra hours (number) in Allocations" in shown.stdout
    refused = go("init", answer="n\n")
    assert refused.exit_code == 3
    assert "Nothing was made or written." in refused.stdout
    assert list(org.sandbox.log.writes(since=mark)) == []
    assert not Path("csh-sync.toml").exists()


def test_what_nobody_can_be_asked_has_to_be_set(go: Go, org: Organisation) -> None:
    result = go("init", "--no-input", "--yes", CSH_ASANA__PORTFOLIO="", CSH_ASANA__ENGAGEMENTS_PROJECT="")
    assert result.exit_code == 0, result.output  # both are found by their names
    assert written()["asana"]["portfolio"] == org.portfolio.gid
    org.github.add_project("Other", number=58)
    result = go("init", "--no-input", "--yes", CSH_GITHUB__PROJECT_NUMBER="99")
    assert result.exit_code == 2
    assert "CSH_GITHUB__PROJECT_NUMBER has to be set; it may be" in result.output
    assert "57 (P&S)" in result.output


def test_without_tokens_it_says_which(go: Go, org: Organisation) -> None:
    result = go("init", CSH_GITHUB__TOKEN="", CSH_AIRTABLE__TOKEN="")
    assert result.exit_code == 2
    assert "CSH_GITHUB__TOKEN is not set" in result.output
    assert "CSH_AIRTABLE__TOKEN is not set" in result.output


def test_one_thing_that_cannot_be_made_stops_no_other_and_the_next_time_goes_on(go: Go, org: Organisation) -> None:
    org.airtable.delete_field("Allocations", "Extra hours")
    org.asana.remove_field_from_project(org.home, org.id_field)
    org.airtable.options.permission_level = "edit"
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 1
    assert "needs the scope schema.bases:write and the role Creator" in result.stdout
    assert "made    Asana: add the workspace's field GitHub ID" in result.stdout
    org.airtable.options.permission_level = "create"
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 0
    assert "GitHub ID" not in result.stdout


@pytest.mark.parametrize(
    ("service", "path"), [("airtable", "/tables$"), ("airtable", "/fields$"), ("asana", "/custom_fields$")]
)
def test_a_lost_answer_makes_nothing_twice(go: Go, org: Organisation, service: str, path: str) -> None:
    org.airtable.base.tables = [one for one in org.airtable.base.tables if one.name != "Runs"]
    org.airtable.delete_field("Allocations", "Extra hours")
    org.asana.delete_field(org.id_field)
    org.sandbox.faults.add(Cut("after"), service=service, method="POST", path=path, times=1)
    result = go("init", "--no-input", "--yes")
    assert result.exit_code == 0, result.output
    assert [one.name for one in org.airtable.base.tables].count("Runs") == 1
    assert sum(1 for one in org.asana.fields.values() if one.name == "GitHub ID" and not one.deleted) == 1
    assert go("doctor").exit_code == 0


def test_todays_state_is_printed_as_settings_and_changes_nothing(go: Go, org: Organisation) -> None:
    mark = org.sandbox.log.mark()
    result = go("init", "--from-here", "--no-input")
    assert result.exit_code == 0, result.output
    state = tomllib.loads(result.stdout)
    assert state["asana"]["fields"]["github_url"] == org.url_field.gid
    assert state["airtable"]["names"]["Allocations.Hours used"] == org.airtable.field_id("Allocations", "Hours used")
    assert state["people"] == [{"github": "ana", "asana": org.ana.gid}]
    assert list(org.sandbox.log.writes(since=mark)) == []
    assert not Path("csh-sync.toml").exists()
    Path("csh-sync.toml").write_text(result.stdout, encoding="utf-8")
    org.airtable.rename_field("Allocations", "Hours used", "Consumed")
    org.asana.rename_field(org.url_field, "Issue")
    assert go("doctor").exit_code == 0
