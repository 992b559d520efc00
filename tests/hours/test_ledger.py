"""The ledger, sentence by sentence of decision D8."""
# ruff: noqa: N802 (the id of a fault is part of the name of its test)

from dataclasses import replace
from datetime import date

import pytest

from sync.hours.ledger import settle
from sync.hours.values import Posting, Whereabouts
from sync.model.issue import EmptyHours, LoggedHours, UnknownHours
from tests.hours.building import (
    AUG,
    FEB,
    JAN,
    MAR,
    MAY,
    NOV,
    REEF,
    YEAR,
    contracts,
    item,
    kinds,
    minutes_of,
    quarter,
    row,
    row_of,
    sealed,
    settled_again,
)

UNREAD = UnknownHours("no answer")
APRIL = date(2025, 4, 10)
ABSURD = UnknownHours("-3 hours", absurd=True)
OVER = contracts(sealed(quarter("q1"), 60), "q2", "q3", "q4")
NAMED = Whereabouts(frozenset({"reef"}), frozenset({"q3"}))
PLACED = replace(NAMED, by_person=True)


# The first row.


@pytest.mark.parametrize(("hours", "minutes"), [(90, 90), (0, 0), (EmptyHours(), None), (UNREAD, None), (ABSURD, None)])
def test_every_item_has_a_row_from_its_first_run(hours, minutes):
    found = settle(item(hours, FEB), YEAR, NOV)
    assert found.postings == (Posting("q1", minutes, FEB, "hours"),)


def test_an_item_without_evidence_has_its_first_row_in_unplaced():
    found = settle(item(90, FEB, where=Whereabouts(decided=False)), YEAR, NOV)
    assert found.postings == (Posting("unplaced", 90, FEB, "hours"),)


def test_work_that_was_not_delivered_has_a_row_without_hours():
    assert minutes_of(settle(item(90, FEB, delivered=False), YEAR, NOV)) == {"q1": None}


def test_a_first_row_tells_that_it_is_late_and_that_a_person_placed_it():
    assert row_of(settle(item(90, FEB), OVER, MAY), "q2") == Posting("q2", 30, FEB, "hours", late=True)
    assert row_of(settle(item(EmptyHours(), FEB, where=PLACED), YEAR, MAY), "q3").by_person


# Growing and shrinking.


def test_growth_goes_to_the_target_and_other_rows_stay():
    found = settle(item(150, MAY, row("q1", 60, FEB)), YEAR, MAY)
    assert found.postings == (row("q1", 60, FEB), row("q2", 90, MAY))


def test_growth_dates_the_row_it_goes_to_anew():
    found = settle(item(90, MAR, row("q1", 60, FEB), evidence="close"), YEAR, MAR)
    assert found.postings == (row("q1", 90, MAR, "close"),)


def test_without_growth_nothing_is_dated_anew():
    work = item(60, MAR, row("q1", 60, FEB), evidence="close")
    assert settle(work, YEAR, MAR).postings == work.postings


def test_growth_leaves_a_late_row_late():
    found = settle(item(90, MAY, row("q2", 60, FEB, late=True)), YEAR, MAY)
    assert found.postings == (row("q2", 90, MAY, late=True),)


def test_an_empty_row_grows_from_nothing():
    assert settle(item(60, MAY, row("q1", None, FEB)), YEAR, MAY).postings == (row("q1", None, FEB), row("q2", 60, MAY))


def test_fault_G02_hours_lowered_come_off_the_newest_row_first():
    rows = (row("q1", 60, FEB), row("q2", 60, MAY), row("q3", 60, AUG))
    assert minutes_of(settle(item(100, NOV, *rows), YEAR, NOV)) == {"q1": 60, "q2": 40, "q3": 0}
    assert settle(item(100, NOV, *rows), YEAR, NOV).postings[1] == row("q2", 40, MAY)


def test_the_newest_row_is_newest_by_end_then_by_key():
    same_day = (row("q1", 60, FEB), row("q2", 60, FEB))
    assert minutes_of(settle(item(100, NOV, *same_day, where=Whereabouts(decided=False)), YEAR, NOV)) == {
        "q1": 60,
        "q2": 40,
    }
    undated = (row("q1", 60, FEB), row("q2", 60, None))
    assert minutes_of(settle(item(100, NOV, *undated), YEAR, NOV)) == {"q1": 40, "q2": 60}


def test_unplaced_minutes_shrink_like_others():
    gap = contracts("q1", "q3")
    rows = (row("q1", 60, FEB), row("unplaced", 60, MAY))
    assert minutes_of(settle(item(100, NOV, *rows), gap, NOV)) == {"q1": 60, "unplaced": 40}


def test_fault_G05_hours_that_were_cleared_count_nothing():
    found = settle(item(EmptyHours(), MAY, row("q1", 60, FEB), row("q2", None, MAY)), YEAR, NOV)
    assert minutes_of(found) == {"q1": 0, "q2": None}


# Unknown is not zero.


@pytest.mark.parametrize("hours", [UNREAD, ABSURD])
def test_fault_G05_hours_that_are_unknown_leave_all_rows_untouched_moves_included(hours):
    rows = (row("q1", 60, FEB), row("q2", -5, MAY), row("unplaced", 30, FEB))
    found = settle(item(hours, AUG, *rows, evidence="board", where=PLACED), YEAR, NOV)
    assert found.postings == rows


def test_fault_G01_absurd_hours_are_named_and_hours_unread_are_not():
    assert kinds(settle(item(ABSURD, FEB, row("q1", 60, FEB)), YEAR, NOV)) == ["absurd_hours"]
    assert settle(item(ABSURD, FEB), YEAR, NOV).remarks[0].text == "-3 hours"
    assert kinds(settle(item(UNREAD, FEB, row("q1", 60, FEB)), YEAR, NOV)) == []


def test_sealed_rows_come_back_although_the_hours_are_unknown():
    found = settle(item(UNREAD, MAY, row("q1", 15, FEB), row("q2", 30, MAY)), OVER, MAY)
    assert found.postings == (row("q1", 60, FEB), row("q2", 30, MAY))


def test_hours_unknown_lower_no_total_not_even_of_a_row_outside_its_seal():
    terms = contracts(sealed(quarter("q1"), other=60), "q2")
    assert minutes_of(settle(item(UNREAD, MAY, row("q1", 15, FEB)), terms, MAY)) == {"q1": 15}


def test_contracts_that_could_not_all_be_read_change_nothing():
    part = replace(OVER, complete=False)
    rows = (row("q1", 15, FEB), row("q2", 30, MAY), row("q9", 45, NOV))
    for work in (item(600, AUG, *rows, evidence="board"), item(600, AUG, *rows, delivered=False)):
        assert settle(work, part, NOV).postings == (row("q1", 60, FEB), *rows[1:])
        assert settle(work, part, NOV).remarks[1:] == ()
    assert settle(item(90, FEB), replace(YEAR, complete=False), NOV).postings == (row("unplaced", None, FEB),)


# Sealed.


def test_fault_G03_hours_lowered_below_what_is_sealed_empty_the_open_rows_and_say_so():
    rows = (row("q1", 60, FEB), row("q2", 60, MAY), row("unplaced", 5, MAY), row("q3", None, AUG))
    found = settle(item(30, MAY, *rows), OVER, MAY)
    assert minutes_of(found) == {"q1": 60, "q2": 0, "q3": None, "unplaced": 0}
    assert [(one.kind, one.text) for one in found.remarks] == [
        ("lowered_after_sealing", "0.5 h count now, but 1 h are sealed")
    ]


def test_fault_G03_hours_lowered_within_the_open_rows_leave_the_seal_alone():
    found = settle(item(80, MAY, row("q1", 60, FEB), row("q2", 60, MAY)), OVER, MAY)
    assert minutes_of(found) == {"q1": 60, "q2": 20}
    assert found.remarks == ()


def test_fault_G04_hours_raised_after_sealing_are_late_in_the_current_period():
    found = settle(item(90, FEB, row("q1", 60, FEB)), OVER, MAY)
    assert found.postings == (row("q1", 60, FEB), row("q2", 30, FEB, late=True))
    assert found.target.late


@pytest.mark.parametrize(
    ("stored", "restored"),
    [
        (
            row("q1", 15, JAN, "close", late=True, by_person=True),
            row("q1", 60, JAN, "close", late=True, by_person=True),
        ),
        (row("q1", None, JAN), row("q1", 60, JAN)),
        (None, row("q1", 60, None, "")),
    ],
    ids=["edited", "emptied", "deleted"],
)
def test_a_sealed_row_is_written_again_as_its_seal_says(stored, restored):
    found = settle(item(90, MAY, *([stored] if stored else []), row("q2", 30, MAY)), OVER, MAY)
    assert found.postings == (restored, row("q2", 30, MAY))
    assert kinds(found) == ["sealed_row_restored"]


def test_what_is_sealed_is_summed_from_the_seal_never_from_the_row():
    assert minutes_of(settle(item(90, MAY, row("q1", 600, FEB)), OVER, MAY)) == {"q1": 60, "q2": 30}


def test_a_row_that_was_sealed_at_zero_stays_at_zero():
    terms = contracts(sealed(quarter("q1"), 0), "q2")
    assert minutes_of(settle(item(90, FEB, row("q1", 90, FEB)), terms, MAY)) == {"q1": 0, "q2": 90}


def test_minutes_in_a_sealed_allocation_that_its_seal_does_not_know_count_nothing():
    terms = contracts(sealed(quarter("q1"), other=60), "q2")
    found = settle(item(90, MAY, row("q1", 15, FEB)), terms, MAY)
    assert found.postings == (row("q1", 0, FEB), row("q2", 90, MAY))
    assert kinds(found) == ["not_in_seal"]
    assert kinds(settled_again(item(90, MAY), found, terms, MAY)) == []


def test_an_empty_row_that_its_seal_does_not_know_stays_empty():
    terms = contracts(sealed(quarter("q1")), "q2")
    assert minutes_of(settle(item(90, MAY, row("q1", None, FEB)), terms, MAY)) == {"q1": None, "q2": 90}


def test_a_ticked_reopen_lets_a_period_grow_and_shrink_again():
    terms = contracts(replace(sealed(quarter("q1"), 60), reopen=True), "q2")
    assert minutes_of(settle(item(90, FEB, row("q1", 60, FEB)), terms, MAY)) == {"q1": 90}
    assert minutes_of(settle(item(30, FEB, row("q1", 60, FEB)), terms, MAY)) == {"q1": 30}


def test_sealed_minutes_move_for_no_reason():
    work = item(60, AUG, row("q1", 60, FEB), evidence="board", where=PLACED)
    assert settle(work, OVER, AUG).postings == work.postings


# Not planned, duplicate.


@pytest.mark.parametrize("hours", [90, EmptyHours(), UNREAD, ABSURD])
def test_work_that_is_not_delivered_counts_nothing_also_with_unknown_hours(hours):
    rows = (row("q1", 60, FEB), row("q2", None, MAY), row("unplaced", 30, AUG))
    found = settle(item(hours, AUG, *rows, delivered=False), YEAR, NOV)
    assert minutes_of(found) == {"q1": 0, "q2": None, "unplaced": 0}
    assert found.postings[0] == row("q1", 0, FEB)
    assert found.remarks == ()


def test_sealed_work_that_is_not_delivered_after_all_stays_and_is_named():
    found = settle(item(90, FEB, row("q1", 60, FEB), row("q2", 30, MAY), delivered=False), OVER, MAY)
    assert minutes_of(found) == {"q1": 60, "q2": 0}
    assert kinds(found) == ["lowered_after_sealing"]


def test_minutes_outside_their_seal_count_nothing_either_when_the_work_is_not_delivered():
    terms = contracts(sealed(quarter("q1"), other=60), "q2")
    assert minutes_of(settle(item(90, FEB, row("q1", 15, FEB), delivered=False), terms, MAY)) == {"q1": 0}


def test_reopened_work_counts_again_at_its_target():
    found = settle(item(90, MAY, row("q1", 0, FEB)), YEAR, MAY)
    assert found.postings == (row("q1", 0, FEB), row("q2", 90, MAY))


def test_fewer_hours_than_a_reopened_period_held_go_where_the_boards_date_says_at_once():
    terms = contracts(replace(sealed(quarter("q1"), 30), reopen=True), "q2")
    work = item(15, MAY, row("q1", 30, JAN), row("q2", 240, MAY, f"board {MAY}"), evidence="board")
    found = settle(work, terms, MAY)
    assert minutes_of(found) == {"q1": 0, "q2": 15}
    assert settled_again(work, found, terms, MAY).postings == found.postings


def test_a_row_typed_by_hand_into_a_reopened_period_follows_the_boards_date():
    terms = contracts(replace(sealed(quarter("q1"), 0), reopen=True), "q2")
    work = item(15, MAY, row("q1", 45, MAY, ""), row("q2", 30, MAY, f"board {MAY}"), evidence="board")
    found = settle(work, terms, MAY)
    assert row_of(found, "q2") == row("q2", 15, MAY, f"board {MAY}")
    assert settled_again(work, found, terms, MAY).postings == found.postings


# All minutes move.


def test_minutes_follow_a_person_back_to_a_period_that_is_over_but_was_never_sealed():
    placed = Whereabouts(frozenset({"reef"}), frozenset({"q1"}), by_person=True)
    rows = (row("q1", 0, MAR), row("q2", 60, APRIL, by_person=True))
    assert minutes_of(settle(item(60, APRIL, *rows, where=placed), YEAR, APRIL)) == {"q1": 60, "q2": 0}
    reopened = contracts(replace(quarter("q1"), reopen=True), "q2")
    assert minutes_of(settle(item(60, APRIL, *rows, where=placed), reopened, APRIL)) == {"q1": 0, "q2": 60}
    assert minutes_of(settle(item(60, MAY, *rows, where=placed), YEAR, MAY)) == {"q1": 0, "q2": 60}
    assert minutes_of(settle(item(60, MAY, *rows, where=placed), YEAR, MAY, grace_days=60)) == {"q1": 60, "q2": 0}


def test_minutes_follow_the_community():
    terms = contracts("q1", quarter("q2", "lagoon", start=JAN))
    work = item(60, FEB, row("q1", 60, JAN, "close"), where=Whereabouts(frozenset({"lagoon"})))
    assert settle(work, terms, MAY).postings == (row("q1", 0, JAN, "close"), row("q2", 60, FEB))


def test_minutes_stay_where_the_link_to_the_project_was_cleared():
    terms = contracts(quarter("q1", ""), "q2")
    work = item(60, FEB, row("q1", 60, JAN, "close"))
    assert settle(work, terms, MAY).postings == work.postings


def test_minutes_of_a_community_without_a_period_for_them_wait():
    terms = contracts("q1", quarter("q3", "lagoon"))
    work = item(60, FEB, row("q1", 60, JAN, "close"), where=Whereabouts(frozenset({"lagoon"})))
    assert settle(work, terms, MAY).postings == (row("q1", 0, JAN, "close"), row("unplaced", 60, FEB))


def test_minutes_follow_the_allocation_that_the_board_names():
    work = item(90, FEB, row("q1", 60, FEB), row("unplaced", 30, MAY), where=NAMED)
    assert minutes_of(settle(work, YEAR, AUG)) == {"q1": 0, "q3": 90, "unplaced": 0}


def test_minutes_follow_a_person_and_are_marked():
    found = settle(item(60, FEB, row("q1", 60, FEB), where=PLACED), YEAR, AUG)
    assert found.postings == (row("q1", 0, FEB), row("q3", 60, FEB, by_person=True))


def test_growth_and_waiting_minutes_are_marked_where_a_person_placed_the_work():
    both = Whereabouts(frozenset({"reef"}), frozenset({"q1", "q3"}), by_person=True)
    found = settle(item(90, AUG, row("unplaced", 60, FEB), where=both), YEAR, AUG)
    assert row_of(found, "q1") == row("q1", 60, FEB, by_person=True)
    assert row_of(found, "q3") == row("q3", 30, AUG, by_person=True)


def test_a_place_that_stands_for_several_periods_moves_only_what_is_outside_its_project():
    both = Whereabouts(frozenset({"reef"}), frozenset({"q1", "q3"}), by_person=True)
    work = item(60, AUG, row("q1", 60, FEB), where=both)
    assert settle(work, YEAR, AUG).postings == work.postings


def test_minutes_that_are_where_the_named_allocation_is_stay_as_they_are():
    work = item(60, MAY, row("q3", 60, FEB, by_person=True), where=PLACED)
    assert settle(work, YEAR, AUG).postings == work.postings


def test_a_named_allocation_that_is_sealed_moves_nothing():
    terms = contracts("q1", "q2", sealed(quarter("q3")), "q4")
    work = item(60, FEB, row("q1", 60, FEB), where=NAMED)
    assert settle(work, terms, NOV).postings == work.postings


def test_minutes_go_back_to_the_evidence_when_a_person_takes_the_place_away():
    found = settle(item(60, FEB, row("q3", 60, FEB, by_person=True)), YEAR, AUG)
    assert found.postings == (row("q1", 60, FEB), row("q3", 0, FEB, by_person=True))


def test_a_place_taken_away_is_forgotten_although_the_minutes_stay():
    found = settle(item(60, FEB, row("q1", 60, FEB, by_person=True)), YEAR, AUG)
    assert found.postings == (row("q1", 60, FEB),)


def test_fault_G06_minutes_follow_a_board_date_across_the_quarter_line():
    work = item(90, MAY, row("q1", 60, FEB, "board 2025-02-15"), row("q2", 30, MAY, "close"), evidence="board")
    found = settle(work, YEAR, AUG)
    assert minutes_of(found) == {"q1": 0, "q2": 90}
    assert row_of(found, "q2").dated_by == "board 2025-05-15"
    assert settled_again(work, found, YEAR, NOV).postings == found.postings


def test_a_board_date_into_a_sealed_period_makes_the_minutes_late():
    found = settle(item(120, FEB, row("q1", 60, FEB), row("q2", 60, MAY), evidence="board"), OVER, MAY)
    assert row_of(found, "q2") == row("q2", 60, FEB, "board 2025-02-15", late=True)


def test_a_board_date_back_into_the_open_period_ends_being_late():
    found = settle(item(120, MAY, row("q1", 60, FEB), row("q2", 60, FEB, late=True), evidence="board"), OVER, MAY)
    assert row_of(found, "q2") == row("q2", 60, MAY, "board 2025-05-15")


def test_a_board_date_that_was_cleared_moves_nothing():
    work = item(60, AUG, row("q1", 60, FEB, "board 2025-02-15"), evidence="close")
    assert settle(work, YEAR, AUG).postings == work.postings


def test_a_board_date_moves_minutes_that_wait():
    gap = contracts("q1", "q3")
    found = settle(item(60, AUG, row("unplaced", 60, MAY, "today"), evidence="board"), gap, NOV)
    assert found.postings == (row("q3", 60, AUG, "board 2025-08-15"), row("unplaced", 0, MAY, "today"))


def test_a_board_date_that_no_period_holds_makes_the_minutes_wait():
    gap = contracts("q1", "q3")
    found = settle(item(60, MAY, row("q1", 60, FEB), evidence="board"), gap, NOV)
    assert minutes_of(found) == {"q1": 0, "unplaced": 60}
    assert row_of(found, "unplaced").dated_by == "board 2025-05-15"


def test_a_board_date_dates_minutes_anew_where_a_person_placed_them():
    found = settle(item(60, FEB, row("q3", 60, MAY, by_person=True), where=PLACED, evidence="board"), YEAR, AUG)
    assert found.postings == (row("q3", 60, FEB, "board 2025-02-15", by_person=True),)


@pytest.mark.parametrize("minutes", [0, None])
def test_rows_without_minutes_call_for_no_move(minutes):
    terms = contracts("q1", "q2", "q3", "q4", quarter("l1", "lagoon", start=JAN, end=NOV))
    without = (
        row("l1", minutes, FEB),
        row("q1", minutes, FEB, by_person=True),
        row("q2", minutes, MAY, "board 2025-05-15"),
    )
    assert settle(item(60, NOV, *without, row("q3", 60, AUG)), terms, NOV).postings == (*without, row("q3", 60, AUG))
    dated = row("q3", 60, AUG, "board 2025-08-15")
    assert settle(item(60, AUG, *without, dated, evidence="board"), terms, NOV).postings == (*without, dated)


def test_minutes_move_before_they_grow_or_shrink():
    rows = (row("q1", 60, FEB), row("q2", 60, MAY))
    assert minutes_of(settle(item(200, AUG, *rows, where=NAMED), YEAR, AUG)) == {"q1": 0, "q2": 0, "q3": 200}
    assert minutes_of(settle(item(50, AUG, *rows, where=NAMED), YEAR, AUG)) == {"q1": 0, "q2": 0, "q3": 50}


# Single rows move.


def test_waiting_minutes_are_placed_by_their_own_end():
    found = settle(item(60, NOV, row("unplaced", 60, FEB, "close")), YEAR, NOV)
    assert found.postings == (row("q1", 60, FEB, "close"), row("unplaced", 0, FEB, "close"))


def test_waiting_minutes_without_an_end_are_placed_by_the_work_date():
    assert minutes_of(settle(item(60, NOV, row("unplaced", 60, None, "")), YEAR, NOV)) == {"q4": 60, "unplaced": 0}


def test_waiting_minutes_whose_period_was_sealed_meanwhile_are_late():
    found = settle(item(120, FEB, row("q1", 60, FEB), row("unplaced", 60, MAR)), OVER, MAY)
    assert row_of(found, "q2") == row("q2", 60, MAR, late=True)


def test_waiting_minutes_wait_on_without_a_target():
    gap = contracts("q1", "q3")
    work = item(60, NOV, row("unplaced", 60, MAY))
    assert settle(work, gap, NOV).postings == work.postings


def test_waiting_minutes_make_an_open_row_grow():
    found = settle(item(90, AUG, row("q1", 30, FEB), row("unplaced", 60, MAR, "close")), YEAR, NOV)
    assert found.postings == (row("q1", 90, MAR, "close"), row("unplaced", 0, MAR, "close"))


SHORTER = contracts(quarter("q1", end=date(2025, 2, 28)), quarter("q2", start=date(2025, 3, 1)), "q3")


def test_minutes_follow_the_dates_of_allocations_that_were_changed():
    found = settle(item(60, NOV, row("q1", 60, MAR, "close")), SHORTER, NOV)
    assert found.postings == (row("q1", 0, MAR, "close"), row("q2", 60, MAR, "close"))


def test_where_several_rows_arrive_the_newest_date_stays():
    terms = contracts(quarter("q1", end=JAN), quarter("q2", start=FEB, end=MAY), quarter("q3", start=AUG))
    rows = (row("q1", 60, date(2025, 3, 3), "close"), row("q3", 30, MAR, "hours"))
    found = settle(item(90, NOV, *rows), terms, NOV)
    assert row_of(found, "q2") == row("q2", 90, MAR, "hours")


def test_rows_change_places_in_one_run():
    terms = contracts(quarter("q1", start=MAR, end=MAY), quarter("q2", start=JAN, end=FEB))
    found = settle(item(90, NOV, row("q1", 60, FEB, "close"), row("q2", 30, MAY, "hours")), terms, NOV)
    assert found.postings == (row("q1", 30, MAY, "hours"), row("q2", 60, FEB, "close"))


@pytest.mark.parametrize(
    "stays",
    [
        row("q1", 60, MAR, late=True),
        row("q1", 60, None),
    ],
    ids=["late", "without end"],
)
def test_rows_that_lie_where_they_do_for_another_reason_than_their_end_stay(stays):
    assert settle(item(60, NOV, stays), SHORTER, NOV).postings == (stays,)
    assert settle(item(60, NOV, stays), SHORTER, NOV).remarks == ()


def test_rows_in_a_named_allocation_stay_whatever_their_end():
    for where in (
        Whereabouts(frozenset({"reef"}), frozenset({"q1"})),
        Whereabouts(frozenset({"reef"}), frozenset({"q1", "q3"}), by_person=True),
    ):
        stays = row("q1", 60, MAR)
        assert settle(item(60, NOV, stays, where=where), SHORTER, NOV).postings == (stays,)


def test_a_row_that_a_person_placed_stays_whatever_its_end():
    several = Whereabouts(frozenset({"reef"}), by_person=True)
    stays = row("q1", 60, MAR, by_person=True)
    assert settle(item(60, NOV, stays, where=several), SHORTER, NOV).postings == (stays,)


@pytest.mark.parametrize(
    "others",
    [
        (),
        (quarter("q2", start=MAR), quarter("q3", start=MAR)),
        (sealed(quarter("q2", start=MAR)),),
        (sealed(quarter("q2", start=MAR)), quarter("q3", start=MAR)),
        (quarter("q2", "lagoon", start=MAR),),
    ],
    ids=["none", "two", "sealed", "one of two is sealed", "another project"],
)
def test_a_row_that_no_other_open_allocation_alone_holds_stays_with_a_remark(others):
    terms = contracts(quarter("q1", end=FEB), *others)
    where = Whereabouts(frozenset({"reef", "lagoon"}))
    found = settle(item(60, NOV, row("q1", 60, MAR), where=where), terms, NOV)
    assert found.postings == (row("q1", 60, MAR),)
    assert kinds(found) == ["outside_its_period"]


# No evidence.

TWO = contracts("q1", quarter("q2", "lagoon"), quarter("q3", "lagoon"), "q4")
NOWHERE = Whereabouts(decided=False)


def test_without_evidence_growth_stays_in_the_project_of_the_newest_row():
    found = settle(item(150, AUG, row("q1", 60, FEB), row("q2", 60, MAY), where=NOWHERE), TWO, AUG)
    assert minutes_of(found) == {"q1": 60, "q2": 60, "q3": 30}


def test_without_evidence_nothing_moves():
    rows = (row("q1", 60, AUG, "close", by_person=True), row("unplaced", 30, FEB))
    assert settle(item(90, MAY, *rows, where=NOWHERE, evidence="board"), TWO, AUG).postings == rows


def test_without_evidence_hours_shrink_all_the_same():
    found = settle(item(30, AUG, row("q1", 60, FEB), where=NOWHERE), TWO, AUG)
    assert minutes_of(found) == {"q1": 30}


def test_without_evidence_waiting_minutes_grow_where_they_wait():
    found = settle(item(90, AUG, row("unplaced", 60, FEB), where=NOWHERE), TWO, AUG)
    assert found.postings == (row("unplaced", 90, AUG),)


def test_minutes_outside_their_seal_tell_no_project():
    terms = contracts("q1", sealed(quarter("q2", "lagoon")), "q3", quarter("q4", "lagoon"))
    found = settle(item(90, AUG, row("q1", 60, FEB), row("q2", 15, MAY), where=NOWHERE), terms, AUG)
    assert minutes_of(found) == {"q1": 60, "q2": 0, "q3": 30}


# What hands do to rows.


@pytest.mark.parametrize("edited", [(), (row("q1", 15, FEB),), (row("q1", 500, FEB),), (row("q1", -15, FEB),)])
def test_an_edited_or_deleted_open_row_comes_back_in_sum(edited):
    assert sum(minutes_of(settle(item(90, MAY, *edited, row("q2", 30, MAY)), YEAR, MAY)).values()) == 90


def test_a_row_below_zero_counts_nothing():
    assert minutes_of(settle(item(60, MAY, row("q1", -15, FEB), row("q2", 60, MAY)), YEAR, MAY)) == {"q1": 0, "q2": 60}


def test_minutes_whose_allocation_is_gone_stay_with_a_remark():
    work = item(60, AUG, row("gone", 60, FEB, by_person=True), evidence="board")
    found = settle(work, YEAR, AUG)
    assert found.postings == work.postings
    assert kinds(found) == ["allocation_gone"]


def test_a_row_without_minutes_whose_allocation_is_gone_needs_no_remark():
    assert settle(item(60, AUG, row("gone", 0, FEB), row("q3", 60, AUG)), YEAR, AUG).remarks == ()


def test_minutes_whose_allocation_is_gone_count_in_the_sum():
    rows = (row("gone", 60, FEB), row("q1", 60, JAN))
    assert minutes_of(settle(item(150, MAY, *rows), YEAR, MAY)) == {"gone": 60, "q1": 60, "q2": 30}
    assert minutes_of(settle(item(90, MAY, *rows), YEAR, MAY)) == {"gone": 30, "q1": 60}


# Reopening moves no minutes by itself.


@pytest.mark.parametrize(
    "where", [REEF, replace(NAMED, named=frozenset({"q1"})), replace(PLACED, named=frozenset({"q1"}))]
)
@pytest.mark.parametrize("untick", [False, True])
def test_late_minutes_stay_when_their_period_is_reopened(where, untick):
    rows = (row("q1", 60, FEB), row("q2", 30, FEB, late=True, by_person=where.by_person))
    open_again = quarter("q1") if untick else replace(sealed(quarter("q1"), 60), reopen=True)
    work = item(90, FEB, *rows, where=where)
    assert settle(work, contracts(open_again, "q2"), MAY).postings == rows


def test_minutes_that_wait_find_a_reopened_period_and_take_no_late_ones_along():
    rows = (row("q1", 60, FEB), row("q3", 15, AUG, late=True), row("unplaced", 15, NOV))
    work = item(90, NOV, *rows, where=replace(NAMED, named=frozenset({"q1"})))
    reopened = contracts(replace(sealed(quarter("q1"), 60), reopen=True), "q2", "q3")
    assert minutes_of(settle(work, reopened, NOV)) == {"q1": 75, "q3": 15, "unplaced": 0}


@pytest.mark.parametrize("untick", [False, True])
@pytest.mark.parametrize("growth", [quarter("q2"), sealed(quarter("q2"), 40)], ids=["open", "sealed"])
def test_minutes_stay_in_a_reopened_period_where_the_board_date_went_on_with_later_hours(growth, untick):
    rows = (row("q1", 60, FEB, f"board {FEB}"), row("q2", 40, MAY, f"board {MAY}"))
    open_again = quarter("q1") if untick else replace(sealed(quarter("q1"), 60), reopen=True)
    work = item(100, MAY, *rows, evidence="board")
    assert settle(work, contracts(open_again, growth, "q3"), AUG).postings == rows


def test_a_row_without_minutes_took_no_board_date_up():
    rows = (row("q1", 60, FEB, f"board {FEB}"), row("q2", 0, MAY, f"board {MAY}"))
    assert minutes_of(settle(item(60, MAY, *rows, evidence="board"), YEAR, AUG)) == {"q1": 0, "q2": 60}


def test_minutes_in_a_reopened_period_follow_a_board_date_that_no_row_knows():
    rows = (row("q1", 60, FEB, f"board {FEB}"), row("q2", 40, MAY, f"board {MAY}"))
    work = item(100, AUG, *rows, evidence="board")
    assert minutes_of(settle(work, contracts("q1", "q2", "q3"), AUG)) == {"q1": 0, "q2": 0, "q3": 100}


@pytest.mark.parametrize("untick", [False, True])
def test_minutes_in_time_stay_when_the_period_a_person_placed_the_work_in_is_reopened(untick):
    rows = (row("q1", 60, FEB, by_person=True), row("q2", 30, MAY, by_person=True))
    open_again = quarter("q1") if untick else replace(sealed(quarter("q1"), 60), reopen=True)
    work = item(90, MAY, *rows, where=replace(PLACED, named=frozenset({"q1"})))
    assert settle(work, contracts(open_again, "q2"), MAY).postings == rows


@pytest.mark.parametrize("end", [FEB, None])
def test_minutes_out_of_time_follow_a_person_into_a_period_that_is_over(end):
    work = item(60, FEB, row("q2", 60, end, by_person=True), where=replace(PLACED, named=frozenset({"q1"})))
    assert minutes_of(settle(work, YEAR, MAY)) == {"q1": 60, "q2": 0}


def test_late_minutes_follow_a_person_into_a_period_that_is_not_over():
    rows = (row("q1", 60, FEB), row("q2", 30, FEB, late=True, by_person=True))
    assert minutes_of(settle(item(90, FEB, *rows, where=PLACED), OVER, MAY)) == {"q1": 60, "q2": 0, "q3": 30}


def test_late_minutes_follow_a_person_into_a_period_on_its_last_day():
    rows = (row("q1", 60, FEB), row("q2", 30, FEB, late=True, by_person=True))
    last_day = date(2025, 9, 30)
    assert minutes_of(settle(item(90, FEB, *rows, where=PLACED), OVER, last_day)) == {"q1": 60, "q2": 0, "q3": 30}


def test_minutes_in_time_follow_a_person_into_a_period_that_is_over():
    found = settle(item(60, AUG, row("q3", 60, AUG), where=replace(PLACED, named=frozenset({"q1"}))), YEAR, NOV)
    assert minutes_of(found) == {"q1": 60, "q3": 0}


# What it says.


def test_steps_tell_every_movement_in_words():
    found = settle(item(150, AUG, row("q1", 60, FEB), row("q2", 30, MAY), where=NAMED), YEAR, AUG)
    assert found.steps == (
        "1 h taken off Q1: the allocation is named for it now",
        "0.5 h taken off Q2: the allocation is named for it now",
        "all 1.5 h in Q3: it is named for this work; the allocation is named for it now",
        "1 h added to Q3: it is named for this work",
    )


def test_minutes_that_are_dated_anew_where_they_are_are_not_said_to_move():
    found = settle(item(60, MAR, row("q1", 60, FEB), evidence="board"), YEAR, MAR)
    assert found.steps == ("all 1 h in Q1: it holds 2025-03-15; the board's End date is 2025-03-15 now",)


def test_rows_come_sorted_by_key_under_their_owner():
    found = settle(item(90, FEB, row("unplaced", 0, FEB), row("q3", 0, AUG), row("q1", 90, FEB)), YEAR, AUG)
    assert [one.allocation_id for one in found.postings] == ["q1", "q3", "unplaced"]
    assert found.owner == "I_1"


def test_time_logged_in_asana_is_settled_like_an_issue_under_its_own_key():
    terms = contracts(replace(quarter("q1"), sealing=sealed(quarter("q1"), **{"asana:7": 60}).sealing), "q2")
    work = item(LoggedHours(90), FEB, row("q1", 60, FEB), owner="asana:7", evidence="completed")
    found = settle(work, terms, MAY)
    assert found.owner == "asana:7"
    assert row_of(found, "q2") == row("q2", 30, FEB, "completed", late=True)
