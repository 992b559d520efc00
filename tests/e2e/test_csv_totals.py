"""Totals in a CSV file, in place of columns in Airtable (requirement 85)."""

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.cli import main
from sync.errors import ExitCode, ServiceError, SettingsError
from tests.e2e.organisation import Organisation


@pytest.fixture
def totals(tmp_path: Path) -> Path:
    return tmp_path / "totals.csv"


def lines(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {cells["Allocation"]: cells for cells in csv.DictReader(file)}


def test_totals_stand_in_the_file_and_no_column_of_airtable_is_needed(org: Organisation, totals: Path) -> None:
    for name in ("Hours used", "Hours left", "Used %", "Hours left sentence", "Pace", "As of"):
        org.airtable.rename_field("Allocations", name, f"not {name}")
    org.issue("Reef Watch: fix", hours=2.5)
    where = {"CSH_TOTALS__CSV": str(totals)}
    assert org.sync(**where).exit_code is ExitCode.FINE
    line = lines(totals)["Reef Watch Q3 2026"]
    assert (line["Hours used"], line["Hours left"], line["Used share"]) == ("2.50", "5.50", "0.3125")
    assert line["Hours left sentence"].startswith("Reef Watch: 5.5 of 8 h left")
    assert line["As of"].startswith("2026-08-10T09:0")
    assert len(lines(totals)) == 6
    assert org.writes_of(**where) == []


def test_only_what_moved_is_stamped_anew_and_a_lost_file_is_written_again(org: Organisation, totals: Path) -> None:
    issue = org.issue("Reef Watch: fix", hours=2.5)
    where = {"CSH_TOTALS__CSV": str(totals)}
    org.sync(**where)
    before = lines(totals)
    org.days_pass(1)
    org.log_hours(issue, 3)
    org.sync(**where)
    after = lines(totals)
    assert {name for name in after if after[name]["As of"] != before[name]["As of"]} == {"Reef Watch Q3 2026"}
    totals.unlink()
    org.sync(**where)
    assert {name: one["Hours used"] for name, one in lines(totals).items()} == {
        name: one["Hours used"] for name, one in after.items()
    }


def test_a_file_of_somebody_else_is_left_alone(org: Organisation, totals: Path) -> None:
    totals.write_text("name,value\nprecious,1\n", encoding="utf-8")
    org.issue("Reef Watch: fix", hours=2.5)
    with pytest.raises(ServiceError, match="not written by csh-sync"):
        org.sync(CSH_TOTALS__CSV=str(totals))
    assert totals.read_text(encoding="utf-8") == "name,value\nprecious,1\n"
    assert org.tasks() == {}


def test_what_people_typed_is_no_formula(org: Organisation, totals: Path) -> None:
    record = org.reef.allocations["Q3"]
    org.airtable.edit_cell("Allocations", record, "Name", '=HYPERLINK("https://evil.example")')
    org.issue("Reef Watch: fix", hours=9)
    where = {"CSH_TOTALS__CSV": str(totals)}
    org.sync(**where)
    (line,) = [one for one in lines(totals).values() if one["Record"] == record]
    assert line["Allocation"].startswith("'=")
    assert line["Hours left"] == "-1.00"
    assert org.plan(**where).changes == ()


def test_a_folder_that_goes_away_while_a_run_works_is_told(org: Organisation, tmp_path: Path) -> None:
    folder = tmp_path / "totals"
    folder.mkdir()
    org.issue("Reef Watch: fix", hours=1)

    def somebody(_outcome: object) -> None:
        if folder.exists():
            folder.rmdir()

    report = org.guarded_sync(on_outcome=somebody, CSH_TOTALS__CSV=str(folder / "totals.csv"))
    assert report.exit_code is ExitCode.UNREADABLE
    assert any("CSH_TOTALS__CSV" in one.detail for one in report.outcomes)


def test_a_file_that_cannot_be_read_or_written_is_told(org: Organisation, tmp_path: Path) -> None:
    org.issue("Reef Watch: fix", hours=1)
    with pytest.raises(ServiceError, match="CSH_TOTALS__CSV"):
        org.sync(CSH_TOTALS__CSV=str(tmp_path))
    with pytest.raises(SettingsError, match="CSH_TOTALS__CSV: there is no folder"):
        org.sync(CSH_TOTALS__CSV=str(tmp_path / "no" / "folder" / "totals.csv"))


def test_doctor_misses_no_column_that_nobody_needs(org: Organisation, totals: Path) -> None:
    for name in ("Hours used", "Hours left", "Used %", "Hours left sentence", "As of"):
        org.airtable.rename_field("Allocations", name, f"not {name}")
    org.sync(CSH_TOTALS__CSV=str(totals))
    told = CliRunner().invoke(main, ["doctor"], env=org.settings(CSH_TOTALS__CSV=str(totals))).output
    assert "Hours left sentence" not in told
    assert "Hours left sentence" in CliRunner().invoke(main, ["doctor"], env=org.settings()).output
