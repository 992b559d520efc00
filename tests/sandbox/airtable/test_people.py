"""What people do by hand, and how the API shows it afterwards."""

from __future__ import annotations

import pytest

from sandbox.airtable import AirtableService, Refusal
from sandbox.core import Person, SandboxClock


@pytest.fixture
def row(airtable):
    return airtable.add_row("Activity", {"Key": "k", "Hours": 1})


def test_a_person_types_ticks_and_empties(airtable, activity, row):
    airtable.edit_cells("Activity", row, {"Hours": 2, "Notes": "mine"})
    airtable.edit_cell("Activity", row, "Key", None)
    airtable.tick("Activity", row, "Internal")
    assert activity.get(row)["fields"] == {"Hours": 2, "Notes": "mine", "Internal": True}
    airtable.tick("Activity", row, "Internal", on=False)
    assert "Internal" not in activity.get(row)["fields"]


def test_a_person_makes_a_select_option_by_typing(airtable):
    contact = airtable.add_row("Contacts", {"Role": "Chef"})
    assert airtable.row("Contacts", contact) == {"Role": "Chef"}


def test_a_person_can_edit_what_is_locked_for_the_token(airtable, row):
    airtable.options.locked_fields.add(airtable.field_id("Activity", "Hours"))
    airtable.edit_cell("Activity", row, "Hours", 5)
    assert airtable.row("Activity", row)["Hours"] == 5


def test_a_duplicate_has_the_same_cells_and_its_own_life(airtable, row):
    copied = airtable.duplicate_row("Activity", row)
    assert copied != row
    assert airtable.row("Activity", copied) == airtable.row("Activity", row)
    airtable.edit_cell("Activity", copied, "Hours", 9)
    assert airtable.row("Activity", row)["Hours"] == 1
    assert set(airtable.find("Activity", {"Key": "k"})) == {row, copied}
    assert airtable.find("Activity", {"Key": "k", "Notes": None, "Hours": 9}) == (copied,)


def test_a_deleted_row_can_be_restored(airtable, activity, row):
    airtable.delete_row("Activity", row)
    assert activity.all() == []
    assert airtable.trashed("Activity") == (row,)
    assert airtable.restore_row("Activity", row) == row
    assert activity.get(row)["fields"] == {"Key": "k", "Hours": 1}
    assert airtable.trashed("Activity") == ()


def test_a_renamed_field_is_unknown_by_its_old_name_and_known_by_its_id(airtable, http, row):
    field = airtable.field_id("Activity", "Hours")
    airtable.rename_field("Activity", "Hours", "Stunden")
    old = http.patch(f"/Activity/{row}", json={"fields": {"Hours": 3}})
    assert (old.status_code, old.json()["error"]["type"]) == (422, "UNKNOWN_FIELD_NAME")
    assert http.patch(f"/Activity/{row}", json={"fields": {field: 3}}).json()["fields"]["Stunden"] == 3


def test_a_renamed_table_is_no_longer_found_by_its_old_name(airtable, base, http, row):
    table = airtable.table_id("Activity")
    airtable.rename_table("Activity", "Aktivität")
    assert http.get("/Activity").status_code == 403
    assert base.table(table).get(row)["fields"]["Key"] == "k"


def test_a_retyped_field_keeps_its_id_and_loses_what_does_not_fit(airtable, base, row):
    other = airtable.add_row("Activity", {"Key": "12.5"})
    field = airtable.field_id("Activity", "Key")
    airtable.retype_field("Activity", "Key", "number")
    shown = base.schema(force=True).table("Activity").field("Key")
    assert (shown.id, shown.type.value) == (field, "number")
    assert airtable.row("Activity", other) == {"Key": 12.5}
    assert airtable.row("Activity", row) == {"Hours": 1}


def test_a_number_retyped_to_text_or_options_is_a_text(airtable, row):
    airtable.retype_field("Activity", "Hours", "text")
    assert airtable.row("Activity", row)["Hours"] == "1"
    airtable.retype_field("Activity", "Hours", "pick")
    assert airtable.base.table("Activity").field("Hours").choice_names() == ("1",)


def test_a_deleted_field_is_gone_with_its_cells(airtable, http, row):
    airtable.delete_field("Activity", "Hours")
    assert airtable.row("Activity", row) == {"Key": "k"}
    answer = http.get("/Activity", params={"fields[]": "Hours"})
    assert answer.json()["error"]["type"] == "UNKNOWN_FIELD_NAME"


def test_a_removed_option_empties_the_cells_that_hold_it(airtable, http):
    contact = airtable.add_row("Contacts", {"Role": "Billing"})
    airtable.remove_choice("Contacts", "Role", "Billing")
    assert airtable.row("Contacts", contact) == {}
    answer = http.patch(f"/Contacts/{contact}", json={"fields": {"Role": "Billing"}})
    assert answer.json()["error"]["type"] == "INVALID_MULTIPLE_CHOICE_OPTIONS"


def test_a_person_deletes_a_row_between_two_requests(sandbox, airtable, http):
    allocation = airtable.add_row("Allocations", {"Name": "Q3"})
    sandbox.faults.add(Person(lambda: airtable.delete_row("Allocations", allocation)), method="POST", times=1)
    answer = http.post("/Activity", json={"fields": {"Allocation": [allocation]}})
    assert answer.json()["error"]["type"] == "ROW_DOES_NOT_EXIST"


def test_unknown_names_and_wrong_values_are_errors_of_the_caller(airtable, row):
    for wrong in (
        lambda: airtable.row("Nope", row),
        lambda: airtable.row("Activity", "rec0"),
        lambda: airtable.rename_field("Activity", "Nope", "x"),
    ):
        with pytest.raises(KeyError, match="no "):
            wrong()
    with pytest.raises(Refusal, match="INVALID_VALUE"):
        airtable.edit_cell("Activity", row, "Hours", "many")


def test_what_is_read_is_a_copy(airtable, row):
    allocation = airtable.add_row("Allocations", {"Name": "Q3"})
    airtable.edit_cell("Activity", row, "Allocation", [allocation])
    airtable.rows("Activity")[row]["Allocation"].clear()
    airtable.snapshot()["Activity"][row]["Allocation"].clear()
    assert airtable.row("Activity", row)["Allocation"] == [allocation]


def test_a_world_built_in_the_same_order_has_the_same_ids():
    def world() -> dict[str, dict[str, dict[str, object]]]:
        service = AirtableService(SandboxClock(), lambda: "")
        service.create_design_base()
        service.add_row("Communities", {"Name": "Pythia", "Aliases": "Project Pythia"})
        return service.snapshot()

    assert world() == world()


def test_tables_and_fields_of_a_persons_own_can_be_added(airtable, base):
    airtable.add_table("Ideas", {"Name": "text", "Weight": "number"})
    airtable.add_field("Ideas", "Community", "link Communities", inverse_link=True)
    community = base.table("Communities").create({"Name": "Pythia"})["id"]
    idea = base.table("Ideas").create({"Name": "x", "Weight": 1, "Community": [community]})["id"]
    assert airtable.row("Communities", community)["Ideas"] == [idea]
    with pytest.raises(KeyError, match="no table Nope"):
        airtable.add_field("Ideas", "Other", "link Nope")
