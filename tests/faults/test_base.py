"""F. Airtable: what people and Airtable itself do to the base."""

from pathlib import Path
from typing import Any

import pytest

from sandbox.core import Person, Rewrite
from sync.errors import Denied, ExitCode
from sync.run import Report
from tests.e2e.organisation import Organisation, kinds, mirrored

ROWS = {"service": "airtable", "method": "PATCH"}


def refused(org: Organisation) -> Report:
    """Run, expect that a guard refuses before the first write, and return the report."""
    mark = org.sandbox.log.mark()
    report = org.sync()
    assert report.exit_code is ExitCode.REFUSED
    assert list(org.sandbox.log.writes(since=mark)) == []
    return report


def is_settled(org: Organisation) -> bool:
    """Tell whether, after two runs, a third has nothing to write."""
    org.sync()
    org.sync()
    return org.writes_of() == []


def hours_of(org: Organisation, issue: Any) -> dict[str, float]:
    return {name: cells.get("Hours") for name, cells in org.rows(issue).items()}


def keys(org: Organisation) -> list[str]:
    return [str(cells["Key"]) for cells in org.airtable.rows("Activity").values()]


@pytest.mark.parametrize(("table", "column"), [("Activity", "Title"), ("Allocations", "Hours used")])
def test_fault_f01_column_of_ours_renamed_is_refused_by_name(org: Organisation, table: str, column: str) -> None:
    mirrored(org)
    org.issue("Reef Watch: another", hours=1)
    org.airtable.rename_field(table, column, f"{column}s")
    report = refused(org)
    assert f'"{column}" in {table} is missing' in report.refused
    (told,) = [one for one in report.plan.findings if one.kind == "field_changed"]
    assert f'Is it "{column}s" now?' in told.evidence


def test_fault_f01_column_renamed_after_the_schema_was_read_is_written_by_its_id(org: Organisation) -> None:
    issue = mirrored(org)
    org.github.edit(issue, title="Reef Watch: fixed")
    rename = Person(lambda: org.airtable.rename_field("Activity", "Title", "Titel"))
    org.sandbox.faults.add(rename, **ROWS, times=1)
    assert org.sync().exit_code is ExitCode.FINE
    (row,) = org.airtable.rows("Activity").values()
    assert row["Titel"] == "Reef Watch: fixed"


@pytest.mark.parametrize(
    ("table", "column", "kind", "wanted", "found"),
    [
        ("Activity", "Hours", "text", "number", "singleLineText"),
        ("Activity", "State", "pick Open/Done", "singleLineText", "singleSelect"),
        ("Allocations", "Hours used", "text", "number", "singleLineText"),
    ],
)
def test_fault_f02_column_of_ours_retyped_is_refused_with_what_is_wanted_and_found(
    org: Organisation, table: str, column: str, kind: str, wanted: str, found: str
) -> None:
    mirrored(org)
    org.issue("Reef Watch: another", hours=1)
    org.airtable.retype_field(table, column, kind)
    words = refused(org).refused
    assert all(one in words for one in (f'"{column}"', wanted, found))


def test_fault_f10_link_to_an_allocation_deleted_meanwhile_holds_that_item_until_it_is_read_again(
    org: Organisation,
) -> None:
    org.issue("Reef Watch: fix", hours=2)
    other = org.issue("Glacier Commons: fix", hours=1)
    gone = org.reef.allocations["Q3"]
    org.sandbox.faults.add(Person(lambda: org.airtable.delete_row("Allocations", gone)), **ROWS, times=1)
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert hours_of(org, other) == {"Glacier Commons Q3": 1}
    org.airtable.restore_row("Allocations", gone)
    assert is_settled(org)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


@pytest.mark.parametrize("how", ["wrong base", "no access"])
def test_fault_f11_wrong_base_and_no_access_are_told_as_both(org: Organisation, how: str) -> None:
    mirrored(org)
    org.sandbox.airtable.options.no_access = how == "no access"
    base = {"CSH_AIRTABLE__BASE": "appWrong0000000000"} if how == "wrong base" else {}
    mark = org.sandbox.log.mark()
    with pytest.raises(Denied) as caught:
        org.sync(**base)
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert all(words in str(caught.value) for words in ("CSH_AIRTABLE__BASE", "the token lacks", "scopes"))
    assert list(org.sandbox.log.writes(since=mark)) == []


def test_fault_f12_full_base_takes_no_new_row_and_goes_on_with_changes(org: Organisation) -> None:
    known = mirrored(org)
    new = org.issue("Reef Watch: new", hours=1)
    org.log_hours(known, 3)
    tables = org.airtable.snapshot()
    org.sandbox.airtable.options.record_limit = sum(len(rows) for rows in tables.values())
    report = org.sync()
    assert report.exit_code is ExitCode.ITEMS_FAILED
    assert hours_of(org, known) == {"Reef Watch Q3": 3}
    assert org.rows(new) == {}
    with pytest.raises(Denied, match=r"limit of records.*Make room") as caught:
        org.guarded_sync()
    assert caught.value.exit_code is ExitCode.UNREADABLE
    assert org.guarded_sync(lease=False).exit_code is ExitCode.ITEMS_FAILED
    org.sandbox.airtable.options.record_limit = None
    assert is_settled(org)
    assert hours_of(org, new) == {"Reef Watch Q3": 1}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 4


@pytest.mark.parametrize("table", ["Activity", "Allocations"])
def test_fault_f14_row_missed_while_paging_is_neither_doubled_nor_lost(org: Organisation, table: str) -> None:
    issue = mirrored(org)
    record = org.reef.allocations["Q3"] if table == "Allocations" else next(iter(org.airtable.rows("Activity")))

    def miss(body: Any) -> Any:
        return {**body, "records": [one for one in body["records"] if one["id"] != record]}

    org.sandbox.faults.add(
        Rewrite(miss), service="airtable", method="GET", path=f"^/v0/[^/]+/{org.airtable.table_id(table)}$"
    )
    org.sync()
    assert len(set(keys(org))) == len(keys(org))
    assert hours_of(org, issue) == {"Reef Watch Q3": 2}
    org.sandbox.faults.clear()
    assert is_settled(org)
    assert hours_of(org, issue) == {"Reef Watch Q3": 2}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2


def test_fault_f16_values_that_change_their_form_are_written_once(org: Organisation) -> None:
    options = org.sandbox.airtable.options
    options.round_numbers = options.trim_text = True
    org.issue("Reef Watch: fix\t \n", hours=0.1 + 0.2, End_date="2026-08-05")
    org.issue("Reef Watch: third", hours=2.3333333333)
    org.issue("Reef Watch: nothing")
    org.issue("Somebody: waits  ", hours=0)
    assert is_settled(org)
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2.63


@pytest.mark.parametrize("restored", ["same", "new"])
def test_fault_f17_row_restored_from_the_trash_ends_as_one_row(org: Organisation, restored: Any) -> None:
    issue = mirrored(org)
    record = next(iter(org.airtable.rows("Activity")))
    org.airtable.delete_row("Activity", record)
    org.sync()
    org.sandbox.airtable.options.restored_id = restored
    org.airtable.restore_row("Activity", record)
    report = org.sync()
    assert "twin_rows" in kinds(report)
    assert len(org.airtable.rows("Activity")) == 2
    assert org.allocation(org.reef, "Q3")["Hours used"] == 2
    assert is_settled(org)
    assert hours_of(org, issue) == {"Reef Watch Q3": 2}
    assert len(org.airtable.rows("Activity")) == 1


@pytest.mark.parametrize("wrote", ["before", "meanwhile"])
def test_fault_f05_duplicate_that_a_person_wrote_into_stays_and_is_told(org: Organisation, wrote: str) -> None:
    mirrored(org)
    record = next(iter(org.airtable.rows("Activity")))
    org.airtable.edit_cell("Activity", record, "Report text", "Fixed.")
    copy = org.airtable.duplicate_row("Activity", record)
    if wrote == "before":
        org.airtable.edit_cell("Activity", copy, "Notes", "mine")
    org.sync()
    if wrote == "meanwhile":
        write = Person(lambda: org.airtable.edit_cell("Activity", copy, "Notes", "mine"))
        org.sandbox.faults.add(write, service="airtable", path="RECORD_ID", nth=2, times=1)
    report = org.sync()
    assert "twin_rows" in kinds(report)
    assert report.exit_code is ExitCode.FINE
    assert org.airtable.row("Activity", copy)["Notes"] == "mine"
    assert org.airtable.row("Activity", record)["Report text"] == "Fixed."


def test_fault_f05_duplicate_is_told_first_and_goes_one_run_later(org: Organisation, tmp_path: Path) -> None:
    issue, state = mirrored(org), tmp_path / "state.sqlite"
    org.remembering_sync(state)
    record = next(iter(org.airtable.rows("Activity")))
    org.airtable.edit_cell("Activity", record, "Report text", "Fixed.")
    org.airtable.duplicate_row("Activity", record)
    org.log_hours(issue, 3)
    org.remembering_sync(state)
    assert len(org.airtable.rows("Activity")) == 2
    for _ in range(3):
        org.remembering_sync(state)
    assert org.airtable.rows("Activity").keys() == {record}
    assert org.airtable.row("Activity", record)["Report text"] == "Fixed."
    assert hours_of(org, issue) == {"Reef Watch Q3": 3}
    assert org.allocation(org.reef, "Q3")["Hours used"] == 3
    assert is_settled(org)


def test_fault_f15_automation_that_answers_every_write_is_written_over_once_a_run(org: Organisation) -> None:
    issue = mirrored(org)
    (record,) = org.airtable.rows("Activity")
    activity = {**ROWS, "path": org.airtable.table_id("Activity")}

    def written() -> int:
        mark = org.sandbox.log.mark()
        org.sync()
        sent = org.sandbox.log.writes(since=mark, service="airtable")
        return sum(1 for one in sent if org.airtable.table_id("Activity") in one.path)

    org.sandbox.faults.add(
        Person(lambda: org.airtable.edit_cell("Activity", record, "Notes", "seen"), "after"), **activity
    )
    org.log_hours(issue, 3)
    assert [written(), written()] == [1, 0], "a cell of theirs is no reason to write"
    org.sandbox.faults.add(
        Person(lambda: org.airtable.edit_cell("Activity", record, "Title", "mine"), "after"), **activity
    )
    org.log_hours(issue, 4)
    assert [written() for _ in range(4)] == [1, 1, 1, 1]
    org.sandbox.faults.clear()
    assert is_settled(org)
    assert org.airtable.row("Activity", record)["Title"] == "Reef Watch: fix"
    assert hours_of(org, issue) == {"Reef Watch Q3": 4}
