"""Links: only to rows that are there, and the same on both sides."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.airtable import AirtableService
from sandbox.core import SandboxClock


@pytest.fixture
def allocation(airtable):
    return airtable.add_row("Allocations", {"Name": "Q3"})


def refused(http, links):
    answer = http.post("/Activity", json={"fields": {"Allocation": links}})
    return answer.status_code, answer.json()["error"]["type"]


def test_a_link_comes_back_as_ids(activity, allocation):
    assert activity.create({"Allocation": [allocation]})["fields"] == {"Allocation": [allocation]}


def test_a_link_to_a_row_that_was_just_deleted_is_refused(airtable, http, allocation):
    airtable.delete_row("Allocations", allocation)
    assert refused(http, [allocation]) == (422, "ROW_DOES_NOT_EXIST")


def test_a_link_to_a_row_that_is_gone_may_be_played_as_dropped(airtable, activity, allocation):
    airtable.options.missing_link = "dropped"
    airtable.delete_row("Allocations", allocation)
    assert activity.create({"Key": "k", "Allocation": [allocation]})["fields"] == {"Key": "k"}


def test_a_link_to_a_row_of_another_table_is_refused(airtable, http):
    elsewhere = airtable.add_row("Projects", {"Name": "P"})
    assert refused(http, [elsewhere]) == (422, "ROW_TABLE_DOES_NOT_MATCH_LINKED_TABLE")


def test_writing_a_link_replaces_the_whole_list(airtable, activity):
    one, two = (airtable.add_row("Allocations", {"Name": name}) for name in "ab")
    row = activity.create({"Allocation": [one, two, one]})
    assert row["fields"]["Allocation"] == [one, two]
    assert activity.update(row["id"], {"Allocation": [two]})["fields"]["Allocation"] == [two]


def test_deleting_a_linked_row_takes_it_out_of_cells_and_restoring_puts_it_back(airtable, activity, allocation):
    row = activity.create({"Key": "k", "Allocation": [allocation]})["id"]
    airtable.delete_row("Allocations", allocation)
    assert activity.get(row)["fields"] == {"Key": "k"}
    assert airtable.restore_row("Allocations", allocation) == allocation
    assert activity.get(row)["fields"] == {"Key": "k", "Allocation": [allocation]}


def test_typecast_finds_a_linked_row_by_its_name(activity, allocation):
    assert activity.create({"Allocation": ["Q3"]}, typecast=True)["fields"] == {"Allocation": [allocation]}


@pytest.fixture
def both_sides():
    service = AirtableService(SandboxClock(), lambda: "")
    service.create_design_base(inverse_links=True)
    return service


def test_both_columns_of_a_link_say_the_same(both_sides):
    project = both_sides.add_row("Projects", {"Name": "P"})
    one, two = (both_sides.add_row("Allocations", {"Name": name, "Project": [project]}) for name in "ab")
    assert both_sides.row("Projects", project)["Allocations"] == [one, two]
    both_sides.edit_cell("Projects", project, "Allocations", [two])
    assert "Project" not in both_sides.row("Allocations", one)
    assert both_sides.row("Allocations", two)["Project"] == [project]
    copied = both_sides.duplicate_row("Allocations", two)
    assert both_sides.row("Projects", project)["Allocations"] == [two, copied]
    both_sides.delete_row("Projects", project)
    assert "Project" not in both_sides.row("Allocations", two)
    both_sides.restore_row("Projects", project)
    assert both_sides.row("Allocations", two)["Project"] == [project]
    both_sides.delete_field("Allocations", "Project")
    assert "Allocations" not in both_sides.row("Projects", project)


def test_a_duplicate_does_not_share_its_links_with_the_original(both_sides):
    project = both_sides.add_row("Projects", {"Name": "P"})
    first = both_sides.add_row("Allocations", {"Name": "a", "Project": [project]})
    copied = both_sides.duplicate_row("Projects", project)
    both_sides.add_row("Allocations", {"Name": "b", "Project": [project]})
    assert both_sides.row("Projects", copied)["Allocations"] == [first]


def test_a_restored_row_has_no_links_to_rows_that_went_meanwhile(both_sides):
    project = both_sides.add_row("Projects", {"Name": "P"})
    allocation = both_sides.add_row("Allocations", {"Name": "a", "Project": [project]})
    both_sides.delete_row("Allocations", allocation)
    both_sides.delete_row("Projects", project)
    both_sides.restore_row("Allocations", allocation)
    assert both_sides.row("Allocations", allocation) == {"Name": "a"}


def test_a_row_restored_under_a_new_id_has_its_links_again(both_sides):
    both_sides.options.restored_id = "new"
    project = both_sides.add_row("Projects", {"Name": "P"})
    allocation = both_sides.add_row("Allocations", {"Project": [project]})
    both_sides.delete_row("Allocations", allocation)
    restored = both_sides.restore_row("Allocations", allocation)
    assert restored != allocation
    assert both_sides.row("Projects", project)["Allocations"] == [restored]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_people_do_both_sides_of_a_link_agree(data):
    service = AirtableService(SandboxClock(), lambda: "")
    service.create_design_base(inverse_links=True)
    live = {
        table: [service.add_row(table, {"Name": str(one)}) for one in range(3)] for table in ("Projects", "Allocations")
    }
    trashed: dict[str, list[str]] = {"Projects": [], "Allocations": []}
    field = {"Projects": "Allocations", "Allocations": "Project"}
    for _ in range(data.draw(st.integers(1, 12))):
        table = data.draw(st.sampled_from(["Projects", "Allocations"]))
        other = "Allocations" if table == "Projects" else "Projects"
        verb = data.draw(st.sampled_from(["link", "delete", "restore"]))
        if verb == "link" and live[table]:
            row = data.draw(st.sampled_from(live[table]))
            ids = data.draw(st.lists(st.sampled_from(live[other]), unique=True)) if live[other] else []
            service.edit_cell(table, row, field[table], ids)
        if verb == "delete" and live[table]:
            row = data.draw(st.sampled_from(live[table]))
            service.delete_row(table, row)
            live[table].remove(row)
            trashed[table].append(row)
        if verb == "restore" and trashed[table]:
            row = data.draw(st.sampled_from(trashed[table]))
            service.restore_row(table, row)
            trashed[table].remove(row)
            live[table].append(row)
        pairs = {
            (row, other_row)
            for row, cells in service.rows("Projects").items()
            for other_row in cells.get("Allocations", ())
        }
        mirrored = {
            (other_row, row)
            for row, cells in service.rows("Allocations").items()
            for other_row in cells.get("Project", ())
        }
        assert pairs == mirrored
        assert {one for pair in pairs for one in pair} <= {one for rows in live.values() for one in rows}
