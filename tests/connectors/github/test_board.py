"""What stands on the board: hours and the other columns."""

# ruff: noqa: N802  a fault's id is part of its test's name

from __future__ import annotations

from datetime import date, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from sandbox.core import Rewrite
from sandbox.github import Lag
from sync.model.issue import BoardFields, BoardUnknown, EmptyHours, LoggedHours, NotOnBoard, UnknownHours

if TYPE_CHECKING:
    from tests.connectors.github.conftest import Office


def test_all_mapped_columns_are_read(office: Office):
    made = office.issue()
    office.put(
        made,
        {
            "GitHub Hours": 2.5,
            "Start date": date(2026, 1, 5),
            "End date": date(2026, 1, 9),
            "Estimate": 3,
            "Status": "In Progress",
            "Community": "Pythia",
            "Allocation": " Pythia 2026 Q1 ",
            "Iteration": "Iteration 2",
        },
    )
    snapshot = office.read()
    issue = office.only(snapshot).issue
    assert issue.hours == LoggedHours(150, date(2026, 1, 5))
    assert issue.board == BoardFields(
        item_id=made.items[0].node_id,
        status="In Progress",
        start=date(2026, 1, 5),
        end=date(2026, 1, 9),
        iteration_title="Iteration 2",
        iteration_end=date(2026, 1, 4),
        estimate=Decimal(3),
        community="Pythia",
        allocation="Pythia 2026 Q1",
    )
    assert snapshot.board_columns == {"start", "end", "iteration", "status", "estimate", "community", "allocation"}


def test_an_empty_column_is_empty_and_not_unknown(office: Office):
    office.put(office.issue(), {})
    issue = office.only(office.read()).issue
    assert issue.hours == EmptyHours()
    assert issue.board_fields is not None
    assert issue.board_fields.end is None


def test_an_issue_that_is_not_on_the_board_has_unknown_hours(office: Office):
    office.issue()
    issue = office.only(office.read()).issue
    assert issue.board == NotOnBoard()
    assert issue.hours == UnknownHours("not on the board")


def test_the_day_of_a_value_is_the_day_in_the_zone(office: Office):
    office.state.clock.advance(hours=14)
    office.put(office.issue(), {"GitHub Hours": 1})
    assert office.only(office.read()).issue.hours == LoggedHours(60, date(2026, 1, 5))
    east = timezone(timedelta(hours=2))
    assert office.only(office.read(zone=east)).issue.hours == LoggedHours(60, date(2026, 1, 6))


@pytest.mark.parametrize("hours", [-1, 1000.5, 1e300])
def test_hours_nobody_can_mean_are_unknown_and_absurd(office: Office, hours):
    office.put(office.issue(), {"GitHub Hours": hours})
    found = office.only(office.read()).issue.hours
    assert isinstance(found, UnknownHours)
    assert found.absurd
    assert str(float(hours)) in found.reason


def test_fault_C13_an_archived_row_is_read_as_usual(office: Office):
    made = office.issue()
    office.put(made, {"GitHub Hours": 2})
    office.state.archive_item(made.items[0])
    issue = office.only(office.read()).issue
    assert issue.hours == LoggedHours(120, date(2026, 1, 5))
    assert issue.board_fields is not None
    assert issue.board_fields.archived


def test_fault_C14_only_the_configured_board_counts(office: Office):
    other = office.state.add_project("Other")
    office.state.add_field(other, "GitHub Hours", "NUMBER")
    made = office.issue()
    office.state.set_board(made, other, {"GitHub Hours": 9})
    assert office.only(office.read()).issue.board == NotOnBoard()
    office.put(made, {"GitHub Hours": 2})
    assert office.only(office.read()).issue.hours == LoggedHours(120, date(2026, 1, 5))


def test_fault_C09_a_new_row_is_read_though_the_board_does_not_list_it_yet(office: Office):
    office.service.options.board_lag = Lag(requests=1000)
    office.put(office.issue(), {"GitHub Hours": 2})
    assert office.only(office.read()).issue.hours == LoggedHours(120, date(2026, 1, 5))


def test_fault_C10_a_renamed_hours_column_is_found_by_its_alias(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2})
    office.state.rename_field(office.board, "GitHub Hours", "hours SPENT")
    assert office.only(office.read()).issue.hours == LoggedHours(120, date(2026, 1, 5))


def test_fault_C10_a_renamed_hours_column_is_unknown_and_the_names_seen_are_told(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2, "End date": date(2026, 1, 9)})
    office.state.rename_field(office.board, "GitHub Hours", "Effort")
    snapshot = office.read()
    issue = office.only(snapshot).issue
    assert isinstance(issue.hours, UnknownHours)
    assert not issue.hours.absurd
    assert issue.board_fields is not None
    assert issue.board_fields.end == date(2026, 1, 9), "only the hours are unknown"
    (problem,) = snapshot.problems
    assert '"Effort"' in problem.message
    assert "CSH_GITHUB__HOURS_FIELD" in problem.remedy


def test_fault_C11_a_column_of_text_is_not_guessed_at(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2})
    office.state.retype_field(office.board, "GitHub Hours", "TEXT")
    snapshot = office.read()
    assert isinstance(office.only(snapshot).issue.hours, UnknownHours)
    assert "TEXT" in snapshot.problems[0].message


def test_fault_C12_of_two_columns_of_one_name_none_is_read_and_an_id_chooses(office: Office):
    first = office.state.field(office.board, "GitHub Hours")
    second = office.state.add_field(office.board, "github hours", "NUMBER")
    made = office.issue()
    office.put(made, {"GitHub Hours": 2, "github hours": 7})
    snapshot = office.read()
    assert isinstance(office.only(snapshot).issue.hours, UnknownHours)
    assert first.node_id in snapshot.problems[0].message
    assert second.node_id in snapshot.problems[0].message
    chosen = office.read(hours_field=second.node_id)
    assert office.only(chosen).issue.hours == LoggedHours(420, date(2026, 1, 5))
    assert chosen.problems == ()


def test_other_columns_that_are_doubled_or_of_another_type_are_left_out_and_told(office: Office):
    office.state.add_field(office.board, "End date", "DATE")
    office.state.retype_field(office.board, "Start date", "TEXT")
    office.state.delete_field(office.board, "Estimate")
    office.put(office.issue(), {"End date": date(2026, 1, 9)})
    snapshot = office.read()
    assert snapshot.board_columns == {"iteration", "status", "community", "allocation"}
    assert {one.subject for one in snapshot.problems} == {
        'the board\'s column "End date"',
        'the board\'s column "Start date"',
    }


def test_a_column_whose_name_is_empty_is_off(office: Office):
    office.put(office.issue(), {"Status": "Todo"})
    snapshot = office.read(board_names={"status": ""})
    assert snapshot.board_columns == frozenset()
    assert office.only(snapshot).issue.board_fields is not None
    assert office.only(snapshot).issue.board_fields.status == ""


def _with_issue_field(office: Office) -> None:
    office.state.delete_field(office.board, "GitHub Hours")
    field = office.state.add_issue_field("GitHub Hours", "NUMBER")
    office.state.show_issue_field(office.board, field)


def test_hours_in_an_organisation_issue_field_are_read_from_the_board(office: Office):
    _with_issue_field(office)
    made = office.issue()
    office.put(made, {"GitHub Hours": 2.25})
    empty = office.issue("empty")
    office.put(empty, {})
    scoped = office.read().issues
    assert scoped[made.node_id].issue.hours == LoggedHours(135)
    assert scoped[empty.node_id].issue.hours == EmptyHours()


def test_hours_in_an_issue_field_are_known_only_for_issues_on_the_board(office: Office):
    _with_issue_field(office)
    made = office.issue()
    office.state.set_issue_field(made, "GitHub Hours", 2)
    assert office.only(office.read()).issue.hours == UnknownHours("not on the board")


def test_hours_in_an_issue_field_are_read_where_only_the_issue_shows_them(office: Office):
    _with_issue_field(office)
    office.put(office.issue(), {"GitHub Hours": 2})

    def without_cells(answer):
        for node in answer["data"]["nodes"]:
            for item in node["projectItems"]["nodes"]:
                item["fieldValues"]["nodes"] = []
                item["hours"] = None
        return answer

    office.faults(Rewrite(without_cells), "IssuesById")
    assert office.only(office.read()).issue.hours == LoggedHours(120)


def test_issue_fields_need_their_header(office: Office):
    office.service.options.issue_fields_need_header = True
    _with_issue_field(office)
    office.put(office.issue(), {"GitHub Hours": 2})
    assert office.only(office.read()).issue.hours == LoggedHours(120)


def test_a_server_without_issue_fields_is_asked_without_them_from_then_on(office: Office):
    office.service.options.issue_fields = False
    office.put(office.issue(), {"GitHub Hours": 2})
    office.issue("another", "docs", labels=["csh"])
    connector = office.connector()
    snapshot = connector.read(())
    assert {one.issue.hours for one in snapshot.issues.values()} == {
        LoggedHours(120, date(2026, 1, 5)),
        UnknownHours("not on the board"),
    }
    assert snapshot.problems == ()
    refused = [one for one in office.operations() if one in {"Board", "IssuesById"}]
    assert refused == ["Board", "Board", "IssuesById"]


def test_hours_in_an_issue_field_that_the_token_may_not_read_are_found_in_the_row(office: Office):
    office.service.options.missing_scopes = frozenset({"read:org"})
    _with_issue_field(office)
    office.put(office.issue(), {"GitHub Hours": 2})
    assert office.only(office.read()).issue.hours == LoggedHours(120)


def test_a_board_that_cannot_be_read_makes_board_and_hours_unknown(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2})
    office.state.hide_project(office.board)
    snapshot = office.read()
    issue = office.only(snapshot).issue
    assert isinstance(issue.board, BoardUnknown)
    assert isinstance(issue.hours, UnknownHours)
    assert snapshot.board_columns == frozenset()
    assert "NOT_FOUND" in snapshot.problems[0].message
    assert "CSH_GITHUB__PROJECT_NUMBER" in snapshot.problems[0].remedy
    assert snapshot.complete, "the issues themselves were all read"


def test_a_token_without_access_to_boards_still_reads_the_issues(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2})
    office.service.options.missing_scopes = frozenset({"read:project"})
    snapshot = office.read()
    assert isinstance(office.only(snapshot).issue.board, BoardUnknown)
    assert "read:project" in snapshot.problems[0].message


@pytest.mark.parametrize("spoil", ["null rows", "null row", "redacted", "null project", "no values", "null value"])
def test_a_row_that_is_missing_or_partial_is_unknown_and_never_off_the_board(office: Office, spoil):
    office.put(office.issue(), {"GitHub Hours": 2})

    def spoiled(answer):
        for node in answer["data"]["nodes"]:
            items = node["projectItems"]["nodes"]
            match spoil:
                case "null rows":
                    node["projectItems"] = None
                case "null row":
                    items[0] = None
                case "redacted":
                    items[0]["type"] = "REDACTED"
                case "null project":
                    items[0]["project"] = None
                case "no values":
                    items[0]["fieldValues"] = None
                case "null value":
                    items[0]["fieldValues"]["nodes"].append(None)
        return answer

    office.faults(Rewrite(spoiled), "IssuesById")
    issue = office.only(office.read()).issue
    assert isinstance(issue.board, BoardUnknown)
    assert isinstance(issue.hours, UnknownHours)
    assert not issue.hours.absurd


def test_a_list_of_values_that_was_cut_short_does_not_empty_the_hours(office: Office):
    office.put(office.issue(), {"GitHub Hours": 2})

    def cut_short(answer):
        for node in answer["data"]["nodes"]:
            for item in node["projectItems"]["nodes"]:
                item["fieldValues"]["nodes"] = []
        return answer

    office.faults(Rewrite(cut_short), "IssuesById")
    assert office.only(office.read()).issue.hours == LoggedHours(120, date(2026, 1, 5))
