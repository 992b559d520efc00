# ruff: noqa: N802 (the id of a fault is part of the name of its test)
from dataclasses import replace
from datetime import date

import pytest

from sync.hours.targets import target_for, undecided
from sync.hours.values import Target, Whereabouts
from sync.model.change import WaitsFor
from tests.hours.building import AUG, FEB, JAN, MAR, MAY, NOV, REEF, YEAR, contracts, quarter, row, sealed


def where_to(day, terms=YEAR, where=REEF, today=NOV):
    found = target_for(day, where, terms, today)
    return found.allocation_id, found.late


def candidates(day, terms, where=REEF, today=NOV):
    return target_for(day, where, terms, today).candidates


def test_the_one_allocation_that_holds_the_day_takes_the_minutes():
    assert [where_to(day) for day in (JAN, MAY, AUG, NOV)] == [(name, False) for name in ("q1", "q2", "q3", "q4")]


@pytest.mark.parametrize(
    ("day", "name"), [(date(2025, 4, 1), "q2"), (date(2025, 6, 30), "q2"), (date(2025, 7, 1), "q3")]
)
def test_first_and_last_day_belong_to_the_period(day, name):
    assert where_to(day) == (name, False)


def test_only_projects_that_are_meant_count():
    terms = contracts(quarter("q1", "reef"), quarter("q2", "lagoon", start=date(2025, 1, 1)))
    assert where_to(FEB, terms) == ("q1", False)
    assert where_to(FEB, terms, Whereabouts(frozenset({"lagoon"}))) == ("q2", False)
    assert where_to(FEB, terms, Whereabouts(frozenset({"reef", "lagoon"}))) == ("unplaced", False)


def test_fault_G11_overlapping_allocations_wait_with_both_candidates():
    terms = contracts(quarter("q1"), quarter("q2", start=MAR))
    assert where_to(date(2025, 3, 20), terms) == ("unplaced", False)
    assert candidates(date(2025, 3, 20), terms) == ("q1", "q2")


def test_fault_G11_a_gap_waits_and_names_the_periods_around_it():
    assert where_to(MAY, contracts("q1", "q3", "q4")) == ("unplaced", False)
    assert candidates(MAY, contracts("q1", "q3", "q4")) == ("q1", "q3")
    assert candidates(MAY, contracts("q3", "q4")) == ("q3",)


def test_fault_G07_work_from_before_the_contract_waits():
    assert where_to(date(2024, 12, 31)) == ("unplaced", False)
    assert where_to(date(202, 8, 1)) == ("unplaced", False)


def test_fault_G12_an_allocation_whose_dates_are_swapped_holds_no_day():
    swapped = quarter("q2", start=date(2025, 6, 30), end=date(2025, 4, 1))
    assert where_to(MAY, contracts("q1", swapped)) == ("unplaced", False)
    assert candidates(MAY, contracts("q1", swapped)) == ("q1",)


def test_fault_G20_periods_need_not_be_quarters_of_the_calendar():
    autumn = quarter("q1", start=date(2025, 8, 15), end=date(2025, 11, 14))
    assert where_to(AUG, contracts(autumn)) == ("q1", False)
    assert where_to(NOV, contracts(autumn)) == ("unplaced", False)


def test_an_allocation_without_both_dates_holds_no_day():
    assert where_to(FEB, contracts(quarter("q1", end=None), quarter("q2", start=None))) == ("unplaced", False)


def test_an_allocation_without_a_project_is_nobodys():
    terms = contracts(quarter("q1", ""), sealed(quarter("q2", "")), quarter("q4", ""))
    assert where_to(FEB, terms, Whereabouts(frozenset({""}))) == ("unplaced", False)
    assert where_to(FEB, terms, Whereabouts(frozenset({""}), frozenset({"q1"}))) == ("q1", False)
    assert where_to(FEB, terms, Whereabouts(frozenset({""}), frozenset({"q2"}))) == ("unplaced", False)


def test_without_a_project_nothing_can_be_meant():
    assert where_to(FEB, where=Whereabouts()) == ("unplaced", False)


# Sealed: late, in the same project, today.


def test_work_of_a_sealed_period_is_late_in_the_period_of_today():
    assert where_to(FEB, contracts(sealed(quarter("q1")), "q2", "q3", "q4")) == ("q4", True)
    assert where_to(FEB, contracts(sealed(quarter("q1")), "q2", "q3", "q4"), today=MAY) == ("q2", True)


def test_a_sealed_period_counts_when_exactly_one_must_hold_the_day():
    terms = contracts(sealed(quarter("q1")), quarter("q2", start=FEB))
    assert where_to(date(2025, 3, 1), terms, today=MAY) == ("unplaced", False)


def test_late_work_never_goes_to_another_project():
    terms = contracts(sealed(quarter("q1")), quarter("q2", "lagoon"))
    assert where_to(FEB, terms, Whereabouts(frozenset({"reef", "lagoon"})), today=MAY) == ("unplaced", False)


@pytest.mark.parametrize(
    "others", [(), (sealed(quarter("q2")),), ("q2", quarter("q3", start=MAY))], ids=["none", "sealed too", "two"]
)
def test_late_work_waits_when_not_exactly_one_open_period_holds_today(others):
    assert where_to(FEB, contracts(sealed(quarter("q1")), *others), today=MAY) == ("unplaced", False)


def test_a_reopened_period_takes_its_own_work_again():
    assert where_to(FEB, contracts(replace(sealed(quarter("q1")), reopen=True), "q4")) == ("q1", False)


# Named: by the board or by a person's place.


def test_the_one_named_allocation_takes_the_minutes_whatever_its_dates():
    assert where_to(FEB, where=Whereabouts(frozenset({"reef"}), frozenset({"q3"}))) == ("q3", False)
    assert where_to(FEB, where=Whereabouts(frozenset({"reef"}), frozenset({"q3"}), by_person=True)) == ("q3", False)


def test_a_named_allocation_that_is_sealed_makes_the_work_late():
    terms = contracts(sealed(quarter("q3")), "q1", "q4")
    assert where_to(FEB, terms, Whereabouts(frozenset({"reef"}), frozenset({"q3"}))) == ("q4", True)


def test_a_persons_place_decides_the_project_only_once_its_period_is_sealed():
    terms = contracts("q1", "q2", sealed(quarter("q3")), "q4", quarter("q5", "lagoon", start=JAN, end=NOV))
    placed = Whereabouts(frozenset({"reef"}), frozenset({"q3"}), by_person=True)
    assert where_to(FEB, terms, placed) == ("q1", False)
    assert where_to(NOV, terms, placed) == ("q4", False)
    assert where_to(AUG, terms, placed) == ("q4", True)


def test_of_several_named_allocations_the_day_decides_and_no_other_may_take_it():
    named = Whereabouts(frozenset({"reef"}), frozenset({"q1", "q2"}))
    assert where_to(FEB, where=named) == ("q1", False)
    assert where_to(AUG, where=named) == ("unplaced", False)


def test_a_named_allocation_without_a_record_names_nothing():
    assert where_to(FEB, where=Whereabouts(frozenset({"reef"}), frozenset({"gone"}))) == ("q1", False)


@pytest.mark.parametrize(
    ("day", "terms", "reason"),
    [
        (FEB, contracts("q1"), "it holds 2025-02-15"),
        (MAY, contracts("q1"), "no allocation holds 2025-05-15"),
        (FEB, contracts("q1", quarter("q2", start=FEB)), "several allocations hold 2025-02-15"),
        (FEB, contracts(sealed(quarter("q1")), "q4"), "Q1 is sealed; late in Q4"),
        (FEB, contracts(sealed(quarter("q1"))), "Q1 is sealed and no allocation holds today"),
        (FEB, contracts(), "no project with an allocation is known for it"),
    ],
)
def test_every_target_says_why(day, terms, reason):
    assert target_for(day, REEF, terms, NOV).reason == reason


@pytest.mark.parametrize(
    ("terms", "missing"),
    [
        (contracts(), WaitsFor.ALLOCATION),
        (contracts("q2"), WaitsFor.ALLOCATION),
        (contracts("q1", quarter("q2", start=FEB)), WaitsFor.CHOICE),
        (contracts(sealed(quarter("q1"))), WaitsFor.ALLOCATION),
        (contracts(sealed(quarter("q1")), "q4", quarter("q5", start=NOV, end=date(2025, 12, 31))), WaitsFor.CHOICE),
    ],
)
def test_minutes_without_a_place_wait_for_an_allocation_or_for_a_choice(terms, missing):
    found = target_for(FEB, REEF, terms, NOV)
    assert (found.allocation_id, found.waits_for) == ("unplaced", missing)


def test_a_target_names_allocations_by_name():
    assert target_for(FEB, REEF, YEAR, NOV) == Target("q1", False, "it holds 2025-02-15")


# Undecided: growth stays in the project of the newest row.

TWO = contracts(quarter("q1"), quarter("q2", "lagoon"), quarter("q3"), quarter("q4", "lagoon"))
NO_EVIDENCE = Whereabouts(decided=False)


@pytest.mark.parametrize(
    ("rows", "project"),
    [
        ((row("q1", 60, FEB), row("q2", 60, MAY)), "lagoon"),
        ((row("q1", 60, FEB), row("q2", 0, MAY)), "reef"),
        ((row("q1", 0, FEB), row("q2", None, MAY)), "lagoon"),
        ((row("q1", 60, MAY), row("q2", 60, MAY)), "lagoon"),
        ((row("q1", 60, FEB), row("unplaced", 60, MAY)), "reef"),
        ((row("q1", 60, None), row("gone", 60, MAY)), "reef"),
    ],
    ids=["newest", "with minutes", "newest without", "by key", "not unplaced", "not a gone one"],
)
def test_without_evidence_the_newest_row_tells_the_project(rows, project):
    assert undecided(NO_EVIDENCE, rows, TWO).project_ids == {project}


def test_without_evidence_nothing_is_named_and_a_place_is_kept_in_mind():
    unsure = Whereabouts(frozenset({"lagoon"}), frozenset({"q4"}), by_person=True, decided=False)
    assert undecided(unsure, (row("q1", 60, FEB),), TWO) == Whereabouts(
        frozenset({"reef"}), by_person=True, decided=False
    )


@pytest.mark.parametrize("rows", [(), (row("unplaced", 60, FEB),), (row("gone", 60, FEB),)])
def test_without_evidence_and_without_a_placed_row_nothing_is_meant(rows):
    assert where_to(FEB, TWO, undecided(NO_EVIDENCE, rows, TWO)) == ("unplaced", False)
