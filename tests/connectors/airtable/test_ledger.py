"""The ledger read and written through the real pyairtable over HTTP: rows, twins, seals and totals."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from connectors.memory import Memory
from sandbox.core import Cut, Garble, Hang, Rewrite, Status
from sync.errors import Denied, LimitReached, Rejected, Transient
from sync.model.change import RowWrite
from sync.model.contract import Sealing, Totals
from sync.model.reading import Moved
from sync.model.work import Row

if TYPE_CHECKING:
    from tests.connectors.airtable.conftest import Office

STAMP = "2026-01-05T09:30:15.000Z"


def full_row(allocation: str) -> Row:
    return Row(
        key=f"I_1@{allocation}",
        source="GitHub",
        title='Fix "it" & <that>',
        url="https://github.com/acme/hub/issues/1",
        github_id="I_1",
        task="1201",
        placed_under="1202",
        placed_by="sync",
        dated_by="board 2026-01-03",
        ticket="https://acme.freshdesk.com/a/tickets/218",
        contact="Ana",
        people="Ana, Ben",
        start=date(2026, 1, 2),
        end=date(2026, 1, 3),
        minutes=140,
        state="Completed",
        late=True,
        seal="sealed 2026-04-20",
        restored=2,
        link=allocation,
    )


# Reading.


def test_a_row_is_read_with_all_our_columns(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    row = full_row(allocation)
    connector = office.ready()
    connector.write_rows(office.write(row))
    ledger = office.ready().read_ledger()
    (stored,) = ledger.rows.values()
    assert stored.row == row
    assert stored.created_at == datetime(2026, 1, 5, 9, 30, 15, 250_000, tzinfo=UTC)
    assert (ledger.complete, ledger.twins, ledger.problems) == (True, {}, ())


def test_a_ledger_can_be_read_first(office: Office) -> None:
    office.add("Activity", Key="I_1@unplaced")
    assert set(office.connector().read_ledger().rows) == {"I_1@unplaced"}


def test_rows_of_people_are_none_of_our_business(office: Office) -> None:
    first = office.add("Activity", Title="by hand", Hours=1.5)
    second = office.add("Activity", Title="by hand", Key="my own key")
    office.add("Activity", Title="ours", Key=" I_1@unplaced\n")
    ledger = office.ready().read_ledger()
    assert set(ledger.rows) == {"I_1@unplaced"}
    assert {one: row.minutes for one, row in ledger.typed.items()} == {first: 90, second: None}
    assert ledger.complete


def test_more_than_a_hundred_rows_are_read_whole(office: Office) -> None:
    for number in range(250):
        office.add("Activity", Key=f"I_{number}@unplaced", Hours=1)
    assert len(office.ready().read_ledger().rows) == 250


def test_a_row_that_shifts_to_the_next_page_meanwhile_is_read_once(office: Office) -> None:
    office.service.options.paging, office.service.options.order = "by_position", "created"
    for number in range(150):
        office.add("Activity", Key=f"I_{number}@unplaced")
    path = office.table("Activity")
    office.fault(Rewrite(lambda body: {**body, "records": [body["records"][0], *body["records"]]}), path=path)
    ledger = office.ready().read_ledger()
    assert len(ledger.rows) == 150
    assert ledger.twins == {}


def test_the_older_of_two_rows_with_one_key_stays_and_the_key_is_held(office: Office, clock: Any) -> None:
    first = office.add("Activity", Key="I_1@unplaced", Hours=1)
    clock.advance(seconds=60)
    second = office.service.duplicate_row("Activity", first)
    third = office.add("Activity", Key="I_1@unplaced ", Hours=3)
    other = office.add("Activity", Key="I_2@unplaced")
    ledger = office.ready().read_ledger()
    assert ledger.rows["I_1@unplaced"].record_id == first
    assert {key: set(ids) for key, ids in ledger.twins.items()} == {"I_1@unplaced": {first, second, third}}
    assert ledger.rows["I_2@unplaced"].record_id == other


def test_a_row_with_an_odd_cell_holds_its_key_and_makes_the_ledger_incomplete(office: Office) -> None:
    odd = office.add("Activity", Key="I_1@unplaced", Title="odd one", Hours=1)
    fine = office.add("Activity", Key="I_2@unplaced", Hours=1)
    table = office.service.base.table("Activity")
    assert table is not None

    def spoil(body: Any) -> Any:
        for record in body["records"]:
            if record["id"] == odd:
                record["fields"][table.field("Hours").id] = "much"  # type: ignore[union-attr]
        return body

    office.fault(Rewrite(spoil), path=table.id)
    ledger = office.ready().read_ledger()
    assert set(ledger.rows) == {"I_2@unplaced"}
    assert ledger.rows["I_2@unplaced"].record_id == fine
    assert ledger.twins == {"I_1@unplaced": (odd,)}
    assert not ledger.complete
    assert [(one.subject, one.message) for one in ledger.problems] == [("Activity: odd one", "odd cell Hours")]


def test_a_second_allocation_that_a_person_links_is_seen(office: Office) -> None:
    first = office.contract()["Allocations"]
    second = office.add("Allocations", Name="Q2")
    made = office.add("Activity", Key=f"I_1@{first}", Allocation=[first])
    assert office.ready().read_ledger().rows[f"I_1@{first}"].row.link == first
    office.service.edit_cell("Activity", made, "Allocation", [first, second])
    ledger = office.ready().read_ledger()
    assert ledger.rows[f"I_1@{first}"].row.link == f"{first},{second}"
    assert ledger.complete


# Rows.


def test_new_rows_are_made_and_known_ones_changed_in_one_request(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    known = office.row(1, allocation, minutes=60)
    office.ready().write_rows(office.write(known))
    connector = office.ready()
    new = office.row(2, minutes=140)
    mark = office.sandbox.log.mark()
    connector.write_rows([RowWrite(known, replace(known, minutes=90)), RowWrite(None, new)])
    (request,) = office.sandbox.log.writes("airtable", since=mark)
    ids = ["id" in record for record in request.body["records"]]
    assert (request.method, ids) == ("PATCH", [True, False])
    hours = {row["Key"]: row.get("Hours") for row in office.rows()}
    assert hours == {f"I_1@{allocation}": 1.5, "I_2@unplaced": 2.33}


def test_of_a_known_row_only_what_differs_is_sent_with_key_and_stamp(office: Office) -> None:
    row = office.row(1, minutes=60, people="Ana", late=True, start=date(2026, 1, 1))
    office.ready().write_rows(office.write(row))
    (made,) = office.service.rows("Activity")
    office.service.edit_cells("Activity", made, {"Report text": "Done.", "People": "Ana "})
    connector = office.ready()
    connector.write_rows([RowWrite(row, replace(row, minutes=None, late=False, start=None, people=""))])
    table = office.service.base.table("Activity")
    assert table is not None
    (sent,) = office.bodies()[-1]["records"]
    names = {one.id: one.name for one in table.fields}
    cells = {names[field]: value for field, value in sent["fields"].items()}
    empty = dict.fromkeys(("Hours", "Late", "Start", "People"))
    assert cells == {"Key": "I_1@unplaced", "Synced at": STAMP, **empty}
    (shown,) = office.rows()
    assert shown["Report text"] == "Done."
    assert {"Hours", "Late", "Start", "People"}.isdisjoint(shown)


def test_nothing_is_cast_and_no_choice_is_made_in_silence(office: Office) -> None:
    office.ready().write_rows(office.write(office.row()))
    assert office.bodies()[-1]["typecast"] is False
    office.service.retype_field("Activity", "State", "pick Open/Done")
    connector = office.connector()
    assert [one.found for one in connector.read_contracts().drift] == ["of type singleSelect"]


def test_columns_that_are_not_ours_are_never_sent(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready()
    connector.write_rows(office.write(full_row(allocation)))
    connector.write_seals({allocation: Sealing(date(2026, 4, 20), {"I_1@x": 60})})
    connector.write_totals({allocation: Totals(60, 450, 0.1176, "7.5 of 8.5 h left")})
    names = {one.id: one.name for table in office.service.base.tables for one in table.fields}
    sent = {names[field] for body in office.bodies() for record in body["records"] for field in record["fields"]}
    people = {
        "Report text",
        "Internal",
        "Notes",
        "Name",
        "Project",
        "Hours available",
        "Provider",
        "Reopen",
        "Asana task",
    }
    assert sent.isdisjoint(people)
    assert {"Key", "Hours", "Sealed rows", "Hours left sentence"} <= sent


def test_a_row_whose_record_is_not_known_is_sent_whole(office: Office) -> None:
    row = full_row(office.contract()["Allocations"])
    connector = office.ready()
    connector.write_rows([RowWrite(replace(row, minutes=60), row)])
    assert office.ready().read_ledger().rows[row.key].row == row


def test_a_row_that_was_just_made_is_changed_by_its_record(office: Office) -> None:
    connector = office.ready()
    row = office.row(minutes=60)
    connector.write_rows(office.write(row))
    connector.write_rows([RowWrite(row, replace(row, minutes=90))])
    assert "id" in office.bodies()[-1]["records"][0]
    assert [one["Hours"] for one in office.rows()] == [1.5]


def test_a_key_that_comes_twice_is_written_once_as_it_comes_last(office: Office) -> None:
    connector = office.ready()
    connector.write_rows(office.write(office.row(minutes=60, people="Ana"), office.row(minutes=90)))
    (shown,) = office.rows()
    assert (shown["Hours"], shown.get("People")) == (1.5, None)


def test_a_row_without_a_key_is_refused_before_it_is_sent(office: Office) -> None:
    connector = office.ready()
    for key in ("", "no mark"):
        with pytest.raises(Rejected, match="without a key"):
            connector.write_rows([RowWrite(None, Row(key=key))])
    assert office.bodies() == []


def test_more_rows_than_fit_into_a_request_are_a_mistake_of_ours(office: Office) -> None:
    connector = office.ready()
    connector.write_rows(office.write(*(office.row(number) for number in range(10))))
    with pytest.raises(Transient, match="ValueError"):
        connector.write_rows(office.write(*(office.row(number) for number in range(11))))
    assert len(office.bodies()) == 1


@pytest.mark.parametrize(
    ("fault", "times"),
    [
        (Cut("after"), 2),
        (Cut("after", after_bytes=30), 1),
        (Cut("before"), 1),
        (Status(500, when="after"), 1),
        (Status(503, {"error": "RETRIABLE_ERROR"}, when="after"), 2),
        (Garble("html"), 1),
        (Garble("empty"), 1),
        (Garble("truncated"), 1),
        (Rewrite(lambda _body: {"records": []}), 1),
        (Rewrite(lambda body: body | {"records": body["records"][::-1]}), 1),
        (Rewrite(lambda body: {"records": body["records"]}), 1),
    ],
)
def test_an_upsert_with_a_lost_answer_is_repeated_and_ends_in_one_row_each(
    office: Office, fault: Any, times: int
) -> None:
    connector = office.ready()
    office.fault(fault, method="PATCH", times=times)
    connector.write_rows(office.write(office.row(1, minutes=60), office.row(2, minutes=30)))
    assert sorted((row["Key"], row["Hours"]) for row in office.rows()) == [("I_1@unplaced", 1), ("I_2@unplaced", 0.5)]
    assert office.sent("PATCH") == times + 1


def test_an_upsert_whose_answer_comes_too_late_is_repeated(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.airtable_api.READ_TIMEOUT", 0.5)
    connector = office.ready()
    office.fault(Hang(1.5, "after"), method="PATCH", times=1)
    connector.write_rows(office.write(office.row(minutes=60)))
    assert len(office.rows()) == 1


def test_one_bad_record_refuses_the_whole_request_and_says_why(office: Office) -> None:
    connector = office.ready()
    with pytest.raises(Rejected, match=r"ROW_DOES_NOT_EXIST: Record ID recGone00000000001 does not exist"):
        connector.write_rows(office.write(office.row(1), office.row(2, "recGone00000000001")))
    assert office.rows() == []
    assert office.waits == []


def test_a_key_that_a_person_duplicated_meanwhile_is_refused_alone(office: Office) -> None:
    connector = office.ready()
    for _ in range(2):
        office.add("Activity", Key="I_1@unplaced")
    with pytest.raises(Rejected):
        connector.write_rows(office.write(office.row(1)))
    connector.write_rows(office.write(office.row(2)))


def test_a_row_that_a_person_deleted_meanwhile_is_refused_and_written_by_the_next_run(office: Office) -> None:
    made = office.add("Activity", Key="I_1@unplaced", Hours=1)
    connector = office.ready()
    office.service.delete_row("Activity", made)
    before = office.row(1, minutes=60, source="", title="")
    with pytest.raises(Rejected, match="ROW_DOES_NOT_EXIST"):
        connector.write_rows([RowWrite(before, replace(before, minutes=90))])
    connector.read_ledger()
    connector.write_rows([RowWrite(None, replace(before, minutes=90))])
    assert [one["Hours"] for one in office.rows()] == [1.5]


def test_a_full_base_refuses_new_rows_and_takes_changes(office: Office) -> None:
    known = office.row(1, minutes=60)
    office.ready().write_rows(office.write(known))
    connector = office.ready()
    office.service.options.record_limit = len(office.rows())
    with pytest.raises(Rejected):
        connector.write_rows(office.write(office.row(2)))
    connector.write_rows([RowWrite(known, replace(known, minutes=90))])


def test_a_column_that_may_not_be_edited_is_denied_by_name(office: Office) -> None:
    connector = office.ready()
    table = office.service.base.table("Activity")
    assert table is not None
    office.service.options.locked_fields.add(table.field("Hours").id)  # type: ignore[union-attr]
    with pytest.raises(Denied, match="cannot edit field Hours") as caught:
        connector.write_rows(office.write(office.row(minutes=60)))
    assert "permissions" in caught.value.remedy


# Seals and totals.


def test_a_seal_is_written_and_cleared_in_one_request(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready()
    sealing = Sealing(date(2026, 4, 20), {f"I_2@{allocation}": 40, f"I_1@{allocation}": 100})
    connector.write_seals({allocation: sealing})
    shown = office.service.row("Allocations", allocation)
    assert (shown["Sealed on"], shown["Hours at sealing"], shown["As of"]) == ("2026-04-20", 2.33, STAMP)
    assert shown["Sealed rows"] == f"I_1@{allocation} 100\nI_2@{allocation} 40"
    assert len(office.bodies()) == 1
    assert connector.read_contracts().allocations[allocation].sealing == sealing
    connector.write_seals({allocation: None})
    assert {"Sealed on", "Hours at sealing", "Sealed rows"}.isdisjoint(office.service.row("Allocations", allocation))
    assert connector.read_contracts().allocations[allocation].sealing is None


def test_seals_of_several_allocations_go_in_one_request(office: Office) -> None:
    first, second = office.contract()["Allocations"], office.add("Allocations", Name="Q2")
    connector = office.ready()
    seals = {first: Sealing(date(2026, 4, 20), {f"I_1@{first}": 100}), second: Sealing(date(2026, 4, 21))}
    connector.write_seals(seals)
    assert len(office.bodies()) == 1
    found = connector.read_contracts().allocations
    assert {one: found[one].sealing for one in seals} == seals


def test_a_seal_without_rows_is_a_seal(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready()
    connector.write_seals({allocation: Sealing(date(2026, 4, 20))})
    assert connector.read_contracts().allocations[allocation].sealing == Sealing(date(2026, 4, 20))
    assert office.service.row("Allocations", allocation)["Hours at sealing"] == 0


def test_totals_of_several_allocations_go_in_one_request_and_read_back(office: Office) -> None:
    first = office.contract()["Allocations"]
    second = office.add("Allocations", Name="Q2")
    connector = office.ready()
    totals = {
        first: Totals(140, 370, 0.2745, "Pythia: 6.17 of 8.5 h left until 31 Mar"),
        second: Totals(0, None, None, "no hours agreed"),
    }
    connector.write_totals(totals)
    assert len(office.bodies()) == 1
    found = connector.read_contracts().allocations
    assert {one: found[one].totals for one in totals} == totals
    assert office.service.row("Allocations", first)["Used %"] == 0.2745
    connector.write_totals({first: Totals()})
    assert connector.read_contracts().allocations[first].totals == Totals()


def test_what_was_written_has_not_moved_but_what_others_wrote_has(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready(shelf=Memory().shelf("Airtable"))
    connector.write_rows(office.write(office.row(1, minutes=60)))
    connector.write_totals({allocation: Totals(60, 450, 0.1176, "7.5 of 8.5 h left")})
    assert connector.look(hasty=True) is Moved.NO
    assert connector.read_contracts().allocations[allocation].totals.used_minutes == 60
    assert [one.row.minutes for one in connector.read_ledger().rows.values()] == [60]
    office.service.edit_cell("Allocations", allocation, "Hours available", 20)
    assert connector.look(hasty=True) is Moved.YES


@pytest.mark.parametrize("fault", [Cut("after"), Status(502), Garble("empty"), Rewrite(lambda _body: {"records": []})])
def test_totals_with_a_lost_answer_are_repeated(office: Office, fault: Any) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready()
    office.fault(fault, method="PATCH", times=1)
    connector.write_totals({allocation: Totals(60, 450, 0.1176, "7.5 of 8.5 h left")})
    assert office.service.row("Allocations", allocation)["Hours used"] == 1
    assert office.sent("PATCH") == 2


def test_an_allocation_that_a_person_deleted_meanwhile_is_refused(office: Office) -> None:
    allocation = office.contract()["Allocations"]
    connector = office.ready()
    office.service.delete_row("Allocations", allocation)
    with pytest.raises(Rejected, match="ROW_DOES_NOT_EXIST"):
        connector.write_seals({allocation: None})


@pytest.mark.parametrize("options", [{"round_numbers": True}, {"trim_text": True}, {"order": "created"}])
def test_what_is_written_reads_back_however_airtable_stores_it(office: Office, options: dict[str, Any]) -> None:
    for name, value in options.items():
        setattr(office.service.options, name, value)
    row = full_row(office.contract()["Allocations"])
    connector = office.ready()
    connector.write_rows(office.write(row))
    assert connector.read_ledger().rows[row.key].row == row


def test_a_limit_that_would_last_hours_ends_the_run(office: Office) -> None:
    connector = office.ready()
    office.fault(Status(429, {}, {"Retry-After": "3600"}), method="PATCH")
    with pytest.raises(LimitReached, match="3600 s"):
        connector.write_rows(office.write(office.row()))
