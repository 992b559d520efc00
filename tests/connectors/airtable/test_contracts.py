"""Contracts read through the real pyairtable over HTTP: values, odd cells, and a base that is not as it should be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.core import Person, Rewrite
from sync.errors import Denied
from sync.model.contract import Allocation, Community, Contact, Engagement, Project, ProposedStatus, Sealing, Totals

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.connectors.airtable.conftest import Office


def test_contracts_are_read_from_community_to_allocation(office: Office) -> None:
    ids = office.contract()
    office.service.edit_cells("Communities", ids["Communities"], {"FreshDesk company": " 43000000001 "})
    contact = {"Name": "Ana", "Email": "ana@example.org", "GitHub": "ana", "Role": "Technical"}
    contact |= {"Phone": "+1 555", "Organisation": "Reef Lab", "Position": "PI"}
    contact_id = office.service.add_row("Contacts", {**contact, "Community": [ids["Communities"]]})
    dates = {"Start": "2026-01-01", "End": "2026-12-31"}
    office.service.edit_cells(
        "Projects", ids["Projects"], {"Clause": "Up to 8 hours", "Description": "Support", **dates}
    )
    link = {"Asana project": "https://app.asana.com/1/12/project/1205/list/77", "Status": "Green"}
    said = {"Description": "Membership", "Buyer": "University", "Won on": "2025-12-01"}
    urls = {"Agreement URL": "https://files.example.org/1", "HubSpot deal URL": "https://crm.example.org/2"}
    proposed = {"Proposed status": "Yellow", "Proposed status reason": "near the end"}
    office.service.edit_cells("Engagements", ids["Engagements"], {**dates, **link, **said, **urls, **proposed})
    task = {"Asana task": "https://app.asana.com/0/1204/1206/f", "Provider": "2i2c", "Reopen": True}
    more = {"Extra hours": 10, "Status": "Active", "Initiative URL": "https://github.com/demo/hub/issues/9"}
    words = {"Pace": "on pace", "Forecast": "7 to 9 h", "Usage status": "on pace"}
    totals = {"Hours used": 2.33, "Hours left": 6.17, "Used %": 0.2741, "Hours left sentence": "6.17 of 8.5 h left"}
    seal = {"Sealed on": "2026-04-20", "Hours at sealing": 2.33, "Sealed rows": "I_1@rec1 100\nI_2@rec1 40"}
    office.service.edit_cells("Allocations", ids["Allocations"], task | totals | seal | more | words)
    contracts = office.connector().read_contracts()
    year = (date(2026, 1, 1), date(2026, 12, 31))
    assert contracts.communities == {
        ids["Communities"]: Community(ids["Communities"], "Project Pythia", ("Pythia", "PP"), "43000000001")
    }
    assert contracts.contacts == {
        contact_id: Contact(
            contact_id, "Ana", "ana@example.org", "ana", "Technical", ids["Communities"], "+1 555", "Reef Lab", "PI"
        )
    }
    assert contracts.engagements == {
        ids["Engagements"]: Engagement(
            ids["Engagements"],
            "Pythia 2026",
            ids["Communities"],
            *year,
            "Green",
            "1205",
            description="Membership",
            buyer="University",
            won_on=date(2025, 12, 1),
            agreement_url="https://files.example.org/1",
            deal_url="https://crm.example.org/2",
            proposed=ProposedStatus("Yellow", "near the end"),
        )
    }
    assert contracts.projects == {
        ids["Projects"]: Project(ids["Projects"], "Support", ids["Engagements"], *year, "Up to 8 hours", "Support")
    }
    assert contracts.allocations == {
        ids["Allocations"]: Allocation(
            ids["Allocations"],
            "Q1",
            ids["Projects"],
            date(2026, 1, 1),
            date(2026, 3, 31),
            510,
            "2i2c",
            "1206",
            reopen=True,
            sealing=Sealing(date(2026, 4, 20), {"I_1@rec1": 100, "I_2@rec1": 40}),
            totals=Totals(
                140, 370, 0.2741, "6.17 of 8.5 h left", pace="on pace", forecast="7 to 9 h", status="on pace"
            ),
            extra_minutes=600,
            status="Active",
            asana_url="https://app.asana.com/0/1204/1206/f",
            initiative_url="https://github.com/demo/hub/issues/9",
            sealed_minutes=140,
            page=contracts.allocations[ids["Allocations"]].page,
        )
    }
    assert contracts.allocations[ids["Allocations"]].page.endswith(f"/{ids['Allocations']}")
    assert contracts.complete
    assert contracts.drift == contracts.problems == ()


def test_cells_that_airtable_leaves_out_are_empty(office: Office) -> None:
    ids = {
        table: office.service.add_row(table, {}) for table in ("Communities", "Engagements", "Projects", "Allocations")
    }
    contracts = office.connector().read_contracts()
    assert contracts.communities[ids["Communities"]] == Community(ids["Communities"], "")
    assert contracts.engagements[ids["Engagements"]] == Engagement(ids["Engagements"], "")
    assert contracts.projects[ids["Projects"]] == Project(ids["Projects"], "")
    assert contracts.allocations[ids["Allocations"]] == Allocation(
        ids["Allocations"], "", page=contracts.allocations[ids["Allocations"]].page
    )
    assert contracts.complete


@pytest.mark.parametrize("paging", ["by_record", "by_position"])
def test_more_than_a_hundred_rows_are_read_in_pages_and_each_once(office: Office, paging: Any) -> None:
    office.service.options.paging = paging
    for number in range(230):
        office.add("Communities", Name=f"Community {number}")
    contracts = office.connector().read_contracts()
    assert len(contracts.communities) == 230
    assert office.sent("GET", office.table("Communities")) == 3


def test_only_the_columns_that_are_needed_are_asked_for_by_id(office: Office) -> None:
    office.contract()
    office.service.add_field("Allocations", "Secret notes", "long")
    office.connector().read_contracts()
    (asked,) = office.sandbox.log.select("airtable", path=office.table("Allocations"))
    assert asked.query["returnFieldsByFieldId"] == "true"
    assert "fld" in asked.query["fields[]"]
    shown = {one.id: one.name for one in office.service.base.table("Allocations").fields}  # type: ignore[union-attr]
    names = {shown[part.partition("=")[2]] for part in asked.query_string.split("&") if part.startswith("fields")}
    assert "Secret notes" not in names
    assert {"Project", "Start", "Sealed rows"} <= names


# Odd cells.


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("Allocations", "Hours available", {"error": "#ERROR!"}, "Hours available"),
        ("Allocations", "Hours available", {"specialValue": "NaN"}, "Hours available"),
        ("Allocations", "Hours available", "eight", "Hours available"),
        ("Allocations", "Start", "soon", "Start"),
        ("Allocations", "Start", 20260101, "Start"),
        ("Allocations", "End", ["2026-01-01", "2026-02-01"], "End"),
        ("Allocations", "Project", "recX", "Project"),
        ("Allocations", "Project", [{"id": "recX"}], "Project"),
        ("Allocations", "Sealed rows", "no key here", "Sealed rows ('no key here' is not a key and minutes)"),
        ("Communities", "Aliases", ["a"], "Aliases"),
        ("Engagements", "Community", ["rec1", "rec2"], "Community (it names 2 records where one is meant)"),
        ("Projects", "Engagement", ["rec1", "rec2"], "Engagement (it names 2 records where one is meant)"),
    ],
)
def test_an_odd_cell_quarantines_its_row_by_column_and_the_others_go_on(
    office: Office, table: str, column: str, value: Any, told: str
) -> None:

    ids = office.contract()
    other = office.add(table, Name="Fine")
    found = office.service.base.table(table)
    assert found is not None
    field = found.field(column)
    assert field is not None

    def spoil(body: Any) -> Any:
        for record in body["records"]:
            if record["id"] == ids[table]:
                record["fields"][field.id] = value
        return body

    office.fault(Rewrite(spoil), path=found.id)
    contracts = office.connector().read_contracts()
    assert set(getattr(contracts, table.lower())) == {other}
    assert not contracts.complete
    (problem,) = contracts.problems
    assert problem.message == f"odd cell {told}"
    assert problem.subject.startswith(f"{table}: ")
    assert problem.remedy == "Correct the cell."


def test_a_record_without_cells_at_all_is_quarantined(office: Office) -> None:

    office.contract()
    office.fault(Rewrite(lambda body: {"records": [{"id": "recOdd"}, *body["records"]]}), path=office.table("Projects"))
    contracts = office.connector().read_contracts()
    assert len(contracts.projects) == 1
    assert [(one.subject, one.message) for one in contracts.problems] == [("Projects: recOdd", "odd cell fields")]


def test_days_of_formulas_and_look_ups_and_numbers_of_roll_ups_are_read(office: Office) -> None:
    ids = office.contract()
    for column, kind, value in (
        ("Start", "multipleLookupValues", ["2026-02-01"]),
        ("End", "formula", "2026-02-28T00:00:00.000Z"),
        ("Hours available", "rollup", 12),
    ):
        office.service.delete_field("Allocations", column)
        office.service.add_computed_field("Allocations", column, kind, lambda _row, value=value: value)
    allocation = office.connector().read_contracts().allocations[ids["Allocations"]]
    assert (allocation.start, allocation.end, allocation.minutes) == (date(2026, 2, 1), date(2026, 2, 28), 720)


def test_a_company_that_stands_in_a_number_column_is_read_whole(office: Office) -> None:
    office.service.retype_field("Communities", "FreshDesk company", "number")
    made = office.add("Communities", Name="LEAP", FreshDesk_company=43_000_012_345)
    assert office.connector().read_contracts().communities[made].freshdesk_company == "43000012345"


# A base that is not as it should be.


def _delete(office: Office) -> None:
    office.service.delete_field("Activity", "Hours")


def _rename(office: Office) -> None:
    office.service.rename_field("Activity", "Hours", "Effort")


def _retype(office: Office) -> None:
    office.service.retype_field("Activity", "Hours", "text")


def _coarsen(office: Office) -> None:
    table = office.service.base.table("Activity")
    assert table is not None
    table.field("Hours").options["precision"] = 1  # type: ignore[union-attr,index]


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (_delete, "missing"),
        (_rename, "missing"),
        (_retype, "of type singleLineText"),
        (_coarsen, "a number with 1 decimal"),
    ],
)
def test_a_column_of_ours_that_cannot_be_used_is_drift(
    office: Office, spoil: Callable[[Office], None], found: str
) -> None:
    spoil(office)
    (drift,) = office.connector().read_contracts().drift
    assert str(drift) == f'Airtable: "Hours" in Activity is {found}, csh-sync needs number with 2 decimals'
    assert drift.ours


def test_a_column_of_people_that_is_needed_is_drift_and_an_optional_one_may_be_missing(office: Office) -> None:
    office.service.delete_field("Allocations", "Provider")
    office.service.delete_field("Allocations", "Start")
    office.service.retype_field("Projects", "Clause", "number")
    drift = {(one.place, one.name, one.found, one.ours) for one in office.connector().read_contracts().drift}
    assert drift == {("Allocations", "Start", "missing", False), ("Projects", "Clause", "of type number", False)}


def test_hours_in_a_duration_count_seconds_and_are_refused(office: Office) -> None:
    office.service.delete_field("Allocations", "Hours available")
    office.service.add_computed_field("Allocations", "Hours available", "formula", lambda _row: 28_800)
    table = office.service.base.table("Allocations")
    assert table is not None
    table.field("Hours available").options = {"isValid": True, "result": {"type": "duration"}}  # type: ignore[union-attr]
    (drift,) = office.connector().read_contracts().drift
    assert drift.found == "of type formula of a duration"


def test_missing_tables_are_drift_but_for_contacts(office: Office) -> None:
    office.service.rename_table("Contacts", "People")
    office.service.rename_table("Activity", "Log")
    contracts = office.connector().read_contracts()
    assert [(one.name, one.found, one.ours) for one in contracts.drift] == [("Activity", "missing", True)]
    assert contracts.contacts == {}


def test_tables_and_columns_are_found_under_other_names_or_ids(office: Office) -> None:
    ids = office.contract()
    office.service.rename_table("Allocations", "Budgets")
    office.service.rename_field("Budgets", "Hours available", "Agreed")
    table = office.service.base.table("Activity")
    assert table is not None
    key = table.field("Key")
    assert key is not None
    office.service.rename_field("Activity", "Key", "Schlüssel")
    names = {
        "Allocations": "Budgets",
        "Allocations.Hours available": "Agreed",
        "Activity.Key": key.id,
        "Activity": table.id,
    }
    contracts = office.connector(names=names).read_contracts()
    assert contracts.drift == ()
    assert contracts.allocations[ids["Allocations"]].minutes == 510


def test_a_column_that_is_renamed_while_the_base_is_read_keeps_its_id(office: Office) -> None:

    ids = office.contract()
    office.fault(
        Person(lambda: office.service.rename_field("Allocations", "Name", "Titel"), "after"), path="/meta/", times=1
    )
    assert office.connector().read_contracts().allocations[ids["Allocations"]].name == "Q1"


def test_new_types_of_columns_do_no_harm(office: Office) -> None:
    office.service.add_computed_field("Activity", "Hologram", "holographicField", lambda _row: {"x": 1})
    assert office.connector().read_contracts().drift == ()


# What is refused.


@pytest.mark.parametrize("change", [{"base": "appWrong000000001"}, {}])
def test_a_wrong_base_and_no_access_are_answered_alike_and_told_so(office: Office, change: dict[str, str]) -> None:
    office.service.options.no_access = not change
    with pytest.raises(Denied) as caught:
        office.connector(**change).read_contracts()
    assert caught.value.status == 403
    assert "CSH_AIRTABLE__BASE" in caught.value.remedy
    assert "schema.bases:read" in caught.value.remedy


def test_a_wrong_token_is_denied_and_not_repeated(office: Office) -> None:
    with pytest.raises(Denied, match="CSH_AIRTABLE__TOKEN") as caught:
        office.connector(token="patWrong.token-value").read_contracts()
    assert "patWrong" not in str(caught.value)
    assert (office.sent(), office.waits) == (1, [])
