"""The second program itself: sentences of decision D8 played by hand, and its laws over the histories."""

from copy import deepcopy
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings

from tests.hours.oracle.histories import allocation, histories, new_issue, play
from tests.hours.oracle.replay import day_of_work, rows_after, to_seal

Q1 = (date(2025, 1, 1), date(2025, 3, 31))
Q2 = (date(2025, 4, 1), date(2025, 6, 30))


def world(today, minutes, **facts):
    issue = new_issue("A", ("logged", minutes), None) | facts
    return {
        "today": today,
        "zone": "UTC",
        "grace": 14,
        "hidden": None,
        "projects": {"p": "A", "other": "B"},
        "allocations": {
            "q1": allocation("p", *Q1),
            "q2": allocation("p", *Q2),
            "o1": allocation("other", *Q1),
        },
        "issues": {"I": issue},
        "rows": {},
    }


def run(one, seal=True):
    one["rows"]["I"] = rows_after(one, "I")[0]
    if seal:
        for name, rows in to_seal(one, set(one["allocations"])).items():
            one["allocations"][name]["sealed"] = {"on": one["today"], "rows": rows}
    return {name: row["minutes"] for name, row in one["rows"]["I"].items()}


def test_growth_after_sealing_is_late_in_the_period_that_holds_today():
    one = world(date(2025, 2, 10), 60, **{"board end": date(2025, 2, 10)})
    assert run(one) == {"q1": 60}
    one["today"] = date(2025, 4, 14)
    assert run(one) == {"q1": 60}
    assert one["allocations"]["q1"]["sealed"] is None, "the fourteenth day still belongs to the grace time"
    one["today"] = date(2025, 4, 15)
    run(one)
    assert one["allocations"]["q1"]["sealed"]["rows"] == {"I@q1": 60}
    one["issues"]["I"]["hours"] = ("logged", 90, None)
    assert run(one) == {"q1": 60, "q2": 30}
    assert one["rows"]["I"]["q2"] == {
        "minutes": 30,
        "end": date(2025, 2, 10),
        "dated by": "board 2025-02-10",
        "late": True,
        "by person": False,
    }


def test_a_sealed_row_that_was_deleted_or_edited_comes_back():
    one = world(date(2025, 4, 20), 60, **{"board end": date(2025, 2, 10)})
    run(one)
    one["rows"]["I"]["q1"]["minutes"] = 5
    assert run(one) == {"q1": 60}
    del one["rows"]["I"]["q1"]
    assert run(one) == {"q1": 60}


def test_lowered_below_the_sealed_hours_leaves_the_seal_and_empties_the_rest():
    one = world(date(2025, 4, 20), 60, **{"board end": date(2025, 2, 10)})
    run(one)
    one["issues"]["I"]["hours"] = ("logged", 100, None)
    run(one)
    one["issues"]["I"]["hours"] = ("logged", 20, None)
    assert run(one) == {"q1": 60, "q2": 0}


def test_reopening_moves_no_minutes_by_itself_even_where_the_period_is_named():
    one = world(date(2025, 4, 20), 60, allocation="q1")
    run(one)
    one["issues"]["I"]["hours"] = ("logged", 100, None)
    assert run(one) == {"q1": 60, "q2": 40}
    one["allocations"]["q1"]["reopen"] = True
    assert run(one) == {"q1": 60, "q2": 40}


def test_reopening_moves_no_minutes_although_the_board_date_went_on_with_later_hours():
    one = world(date(2025, 4, 20), 60, **{"board end": date(2025, 2, 10)})
    run(one)
    one["issues"]["I"] |= {"hours": ("logged", 100, None), "board end": date(2025, 4, 18)}
    assert run(one) == {"q1": 60, "q2": 40}
    one["allocations"]["q1"]["reopen"] = True
    assert run(one) == {"q1": 60, "q2": 40}
    one["issues"]["I"]["board end"] = date(2025, 4, 19)
    assert run(one) == {"q1": 0, "q2": 100}


def test_later_minutes_stay_when_the_period_a_person_chose_is_reopened_but_follow_the_person_to_a_new_place():
    one = world(date(2025, 3, 20), 60, place=("q1",))
    run(one)
    one["today"] = date(2025, 4, 20)
    run(one)
    one["issues"]["I"] |= {"hours": ("logged", 100, date(2025, 4, 20))}
    assert run(one) == {"q1": 60, "q2": 40}
    one["allocations"]["q1"]["reopen"] = True
    assert run(one) == {"q1": 60, "q2": 40}

    one = world(date(2025, 4, 10), 60, place=("q2",))
    assert run(one) == {"q2": 60}
    one["issues"]["I"]["place"] = ("q1",)
    assert run(one) == {"q2": 0, "q1": 60}
    one["issues"]["I"]["place"] = ("q2",)
    assert run(one) == {"q2": 60, "q1": 0}
    one["issues"]["I"]["place"] = ("q1",)
    assert run(one) == {"q2": 0, "q1": 60}, "also back to where a row without minutes stands"


def test_a_board_date_that_is_set_moves_all_unsealed_minutes_also_those_that_wait():
    one = world(date(2025, 2, 10), 60)
    one["issues"]["I"]["hours"] = ("logged", 60, date(2024, 12, 1))
    assert run(one) == {"unplaced": 60}
    one["issues"]["I"]["board end"] = date(2025, 2, 1)
    assert run(one) == {"unplaced": 0, "q1": 60}
    one["today"] = date(2025, 4, 2)
    one["issues"]["I"]["board end"] = date(2025, 4, 1)
    assert run(one) == {"unplaced": 0, "q1": 0, "q2": 60}
    one["issues"]["I"]["board end"] = None
    assert run(one) == {"unplaced": 0, "q1": 0, "q2": 60}


def test_another_community_takes_the_minutes_and_lost_evidence_leaves_them():
    one = world(date(2025, 2, 10), 60, **{"board end": date(2025, 2, 10)})
    run(one)
    one["issues"]["I"]["community"] = None
    one["issues"]["I"]["hours"] = ("logged", 90, None)
    assert run(one) == {"q1": 90}
    one["issues"]["I"]["community"] = "B"
    assert run(one) == {"q1": 0, "o1": 90}


def test_a_persons_place_decides_the_period_only_until_it_is_sealed():
    one = world(date(2025, 4, 20), 60, place=("q1",), **{"board end": date(2025, 4, 18)})
    assert run(one) == {"q1": 60}
    one["issues"]["I"]["hours"] = ("logged", 100, None)
    assert run(one) == {"q1": 60, "q2": 40}
    assert not one["rows"]["I"]["q2"]["late"], "the work date lies in the second quarter itself"


@pytest.mark.parametrize("closing", ["not planned", "duplicate"])
def test_not_planned_counts_nothing_but_what_is_sealed(closing):
    one = world(date(2025, 2, 10), 60, **{"board end": date(2025, 2, 10)})
    run(one)
    one["issues"]["I"]["closing"] = closing
    one["issues"]["I"]["hours"] = ("unknown",)
    assert run(one) == {"q1": 0}


def test_the_work_date_follows_the_strongest_evidence_and_never_lies_ahead():
    today = date(2025, 6, 1)
    issue = new_issue("A", ("logged", 60), date(2025, 5, 1))
    assert day_of_work(issue, today, "UTC") == (date(2025, 5, 1), "hours")
    issue["closed_at"] = datetime(2025, 5, 20, 23, 30, tzinfo=UTC)
    assert day_of_work(issue, today, "Pacific/Kiritimati") == (date(2025, 5, 21), "close")
    issue["iteration"] = date(2025, 5, 10)
    assert day_of_work(issue, today, "UTC") == (date(2025, 5, 10), "iteration")
    issue["board end"] = today + timedelta(days=9)
    assert day_of_work(issue, today, "UTC") == (today, "board 2025-06-10")


@settings(max_examples=150, derandomize=True, deadline=None, database=None)
@given(histories())
def test_the_recomputed_rows_keep_the_laws(history):
    for read, outcome in play(history):
        for owner, (rows, _) in outcome["rows"].items():
            issue = read["issues"][owner]
            if issue["hours"][0] in ("unknown", "absurd") or read["hidden"] is not None:
                continue
            sealed = sum(
                one["sealed"]["rows"].get(f"{owner}@{name}", 0)
                for name, one in read["allocations"].items()
                if one["sealed"] is not None and not one["reopen"]
            )
            minutes = issue["hours"][1] if issue["hours"][0] == "logged" else 0
            if issue["closing"] in ("not planned", "duplicate"):
                minutes = 0
            assert sum(row["minutes"] or 0 for row in rows.values()) == max(minutes, sealed)
            again = deepcopy(read)
            again["rows"][owner] = rows
            assert rows_after(again, owner)[0] == rows
