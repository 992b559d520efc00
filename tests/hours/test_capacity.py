"""Capacity and promises: what is committed day by day, and whether more fits (requirements 39, 74, 75)."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.hours.capacity import Capacity, clashes, team_of, teams
from sync.hours.commitments import Commitment, Uncounted, Workload, commitments, days, month_end, months
from sync.hours.engagements import EngagementRules
from sync.hours.promise import Answer, PromiseAnswer, Wish, can_promise
from sync.hours.workdays import is_working_day, spread, working_days
from sync.model.clause import Period
from sync.model.contract import Allocation, Contracts, Engagement, Project

RULES = EngagementRules()
TODAY = date(2026, 1, 15)
YEAR = (date(2026, 1, 1), date(2026, 12, 31))
Q1 = (date(2026, 1, 1), date(2026, 3, 31))
Q2 = (date(2026, 4, 1), date(2026, 6, 30))

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
PERIODS = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))
DAYS_OFF = st.frozensets(DAYS, max_size=30)
COMMITMENTS = st.lists(
    st.builds(
        lambda period, minutes, provider: Commitment("x", *period, minutes, provider=provider),
        PERIODS,
        st.integers(0, 5000),
        st.sampled_from(["", "Ana", "Ben"]),
    ),
    max_size=6,
)


def capacity(minutes: int = 600, **values: Any) -> Capacity:
    return Capacity(**{"team": "P&S team", "minutes_per_week": minutes, "lead": "Lea", "start": YEAR[0], **values})


# Spreading.


@settings(deadline=None)
@given(st.integers(0, 10**6), PERIODS, DAYS_OFF)
def test_a_sum_over_the_days_is_the_sum_that_was_promised(
    minutes: int, period: tuple[date, date], days_off: frozenset[date]
) -> None:
    found = spread(minutes, *period, days_off)
    assert sum(found.values()) == minutes
    assert all(period[0] <= day <= period[1] for day in found)
    if working_days(*period, days_off):
        assert set(found) == {day for day in days(*period) if is_working_day(day, days_off)}
        assert len(set(found.values())) == 1


def test_only_working_days_bear_anything_and_a_period_without_any_bears_all_on_its_first() -> None:
    assert spread(300, date(2026, 1, 1), date(2026, 1, 7), {date(2026, 1, 1)}) == dict.fromkeys(
        (date(2026, 1, 2), date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)), 75
    )
    assert spread(90, date(2026, 1, 3), date(2026, 1, 4)) == {date(2026, 1, 3): 90}
    assert spread(90, date(2026, 1, 4), date(2026, 1, 3)) == {}


@settings(deadline=None)
@given(COMMITMENTS, DAYS_OFF, st.randoms())
def test_the_load_is_the_sum_in_any_order(found: list[Commitment], days_off: frozenset[date], chance: Any) -> None:
    load = Workload(found, days_off)
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert load.days == Workload(shuffled, days_off).days
    assert load.between(*YEAR) == sum(one.minutes for one in found)


@settings(deadline=None)
@given(PERIODS)
def test_months_cover_every_day_once(period: tuple[date, date]) -> None:
    found = list(months(*period))
    assert [day for first, last in found for day in days(first, last)] == list(days(*period))
    assert all(last in {month_end(first), period[1]} for first, last in found)


def test_months_end_with_the_calendar() -> None:
    assert list(months(date(9999, 12, 30), date.max)) == [(date(9999, 12, 30), date.max)]


# Promising.


def ask(
    wish: Wish, found: list[Commitment], *set_by: Capacity, days_off: frozenset[date] = frozenset(), **more: Any
) -> PromiseAnswer:
    return can_promise(wish, found, more.pop("uncounted", ()), teams(set_by), days_off, **more)


@settings(deadline=None)
@given(COMMITMENTS, PERIODS, st.integers(1, 5000), st.integers(0, 5000), DAYS_OFF)
def test_a_promise_raises_its_own_days_and_no_other(
    found: list[Commitment], period: tuple[date, date], minutes: int, week: int, days_off: frozenset[date]
) -> None:
    wish = Wish(minutes, Period.TERM, *period)
    told = ask(wish, found, capacity(week), days_off=days_off)
    more = [*found, Commitment("promised", *period, minutes)]
    before, after = Workload(found, days_off), Workload(more, days_off)
    raised = {day: after.on(day) - before.on(day) for day in days(*YEAR)}
    assert {day for day, extra in raised.items() if extra} == set(spread(minutes, *period, days_off))
    assert told.whole.committed_minutes == before.between(*period)
    assert told.whole.promised_minutes == minutes
    assert abs(sum(one.promised_minutes for one in told.months) - minutes) <= len(told.months)
    assert [(one.start, one.end) for one in told.months] == list(months(*period))


@settings(deadline=None)
@given(COMMITMENTS, PERIODS, st.integers(1, 3000), st.integers(1, 3000), st.integers(0, 5000))
def test_a_larger_promise_never_fits_where_a_smaller_one_does_not(
    found: list[Commitment], period: tuple[date, date], one: int, other: int, week: int
) -> None:
    small, large = (ask(Wish(size, Period.TERM, *period), found, capacity(week)) for size in sorted((one, other)))
    assert small.answer is Answer.YES or large.answer is Answer.NO
    assert ask(Wish(one, Period.TERM, *period), found).answer is Answer.UNKNOWN


def test_the_answer_is_given_month_by_month_with_the_peak_and_the_lead() -> None:
    # 20 and 22 working days; 600 minutes a week are 120 a day.
    found = [
        Commitment("A", date(2026, 2, 1), date(2026, 2, 28), 2000, 600),
        Commitment("B", date(2026, 3, 30), date(2026, 3, 31), 300),
    ]
    told = ask(Wish(420, Period.TERM, date(2026, 2, 1), date(2026, 3, 31)), found, capacity())
    february, march = told.months
    assert (february.committed_minutes, february.promised_minutes, february.capacity_minutes) == (2000, 200, 2400)
    assert (february.answer, february.peak_minutes, february.extra_minutes) == (Answer.YES, 110, 600)
    assert (march.committed_minutes, march.promised_minutes, march.peak_day) == (300, 220, date(2026, 3, 30))
    assert march.peak_minutes == 160
    assert told.answer is Answer.YES
    told = ask(Wish(1050, Period.TERM, date(2026, 2, 1), date(2026, 3, 31)), found, capacity())
    assert [one.answer for one in told.months] == [Answer.NO, Answer.YES]
    assert (told.answer, told.months[0].over_minutes, told.months[0].leads) == (Answer.NO, 100, ("Lea",))
    assert (told.whole.answer, told.whole.share) == (Answer.YES, round(3350 / 5040, 4))


def test_what_just_fits_fits() -> None:
    # A quarter of 64 working days at 2 h a day: no minute is lost or won by sharing out.
    wish = Wish(60 * 2 * 64 - 77, Period.QUARTER, *Q1)
    found = [Commitment("A", *Q1, 77)]
    assert ask(wish, found, capacity()).answer is Answer.YES
    assert ask(replace(wish, minutes=wish.minutes + 64), found, capacity()).answer is Answer.NO


def test_where_nothing_is_set_nothing_can_be_told() -> None:
    known = capacity(start=date(2026, 1, 1), end=date(2026, 2, 10))
    told = ask(Wish(60, Period.QUARTER, *Q1), [], known)
    assert [one.answer for one in told.months] == [Answer.YES, Answer.UNKNOWN, Answer.UNKNOWN]
    assert (told.months[1].unset_from, told.months[1].unset_until) == (date(2026, 2, 11), date(2026, 2, 27))
    assert (told.answer, told.whole.share) == (Answer.UNKNOWN, None)
    over = ask(Wish(60 * 1000, Period.QUARTER, *Q1), [], known)
    assert over.answer is Answer.NO


def test_a_week_end_between_two_capacities_is_no_gap() -> None:
    january = capacity(end=date(2026, 1, 30))
    february = capacity(start=date(2026, 2, 2), lead="Leo")
    told = ask(Wish(60, Period.TERM, date(2026, 1, 26), date(2026, 2, 6)), [], january, february)
    assert (told.answer, told.whole.leads) == (Answer.YES, ("Lea", "Leo"))
    assert ask(Wish(60, Period.TERM, date(2026, 1, 31), date(2026, 2, 1)), []).answer is Answer.UNKNOWN


def test_days_off_take_capacity_away_with_the_week() -> None:
    wish = Wish(60, Period.TERM, date(2026, 1, 5), date(2026, 1, 9))
    assert ask(wish, [], capacity()).whole.capacity_minutes == 600
    assert ask(wish, [], capacity(), days_off=frozenset({date(2026, 1, 6)})).whole.capacity_minutes == 480


def test_a_period_cut_short_keeps_its_full_hours_as_in_a_clause() -> None:
    wish = Wish(480, Period.QUARTER, date(2026, 2, 15), date(2026, 6, 30))
    assert [(one.start, one.minutes, one.cut) for one in wish.periods] == [
        (date(2026, 2, 15), 480, True),
        (date(2026, 4, 1), 480, False),
    ]
    assert ask(wish, [], capacity()).whole.promised_minutes == 960


def test_incomplete_reading_is_never_a_yes_but_can_be_a_no() -> None:
    wish = Wish(60, Period.QUARTER, *Q1)
    assert ask(wish, [], capacity(), complete=False).answer is Answer.UNKNOWN
    assert ask(replace(wish, minutes=10**6), [], capacity(), complete=False).answer is Answer.NO


def test_load_of_each_provider_is_told_for_the_days_asked_about() -> None:
    found = [
        Commitment("A", *Q1, 640, provider="Ana"),
        Commitment("B", date(2026, 3, 1), date(2026, 4, 30), 440, provider="Ana", role="designers"),
        Commitment("C", *Q1, 64),
        Commitment("D", *Q2, 64, provider="Ben"),
    ]
    told = ask(Wish(60, Period.QUARTER, *Q1), found, capacity())
    assert [(one.provider, one.minutes, one.working_days) for one in told.carried] == [("Ana", 860, 64), ("", 64, 64)]


# Teams.


@pytest.mark.parametrize("role", ["P&S team", "the p&amp;s  TEAM", "Partnerships and Services", "our P&S team"])
def test_a_team_answers_to_its_names(role: str) -> None:
    (one,) = teams([capacity(aliases=("partnerships and services",))])
    assert team_of(role, (one,)) is one


def test_a_clause_without_a_role_is_the_only_teams_and_another_role_is_nobodys() -> None:
    one, other = teams([capacity(), capacity(team="Designers")])
    assert team_of("", (one,)) is one
    assert team_of("", (one, other)) is None
    assert team_of("cloud engineers", (one,)) is None
    (rest,) = teams([capacity(team="Everybody", aliases=("*",))])
    assert team_of("cloud engineers", (one, rest)) is rest
    assert team_of("", (one, rest)) is rest
    assert team_of("P&S team", (rest, one)) is one


def test_commitments_count_for_the_team_their_clause_names() -> None:
    found = [
        Commitment("A", *Q1, 640, role="P&S team"),
        Commitment("B", *Q1, 64, role="designers"),
        Commitment("C", *Q1, 32),
        Commitment("D", *Q2, 32),
    ]
    wish = Wish(60, Period.QUARTER, *Q1)
    told = ask(wish, found, capacity())
    assert (told.whole.committed_minutes, [one.name for one in told.other_roles]) == (672, ["B"])
    told = ask(replace(wish, role="designers"), found, capacity())
    assert (told.team, told.known_team, told.whole.committed_minutes) == ("designers", False, 64)
    told = ask(wish, found)
    assert (told.known_team, told.whole.committed_minutes, told.answer) == (False, 736, Answer.UNKNOWN)


def test_capacities_that_contradict_each_other_are_told() -> None:
    assert list(clashes((capacity(), capacity(team="Designers"), capacity(team="the P&S Team", lead="Leo")))) == [
        (2, "the P&S Team has another capacity on 2026-01-01")
    ]
    assert list(clashes((capacity(end=date(2026, 3, 31)), capacity(start=date(2026, 4, 1))))) == []
    assert list(clashes((capacity(start=date(2026, 4, 1)), capacity(end=date(2026, 4, 1))))) == [
        (1, "P&S team has another capacity on 2026-04-01")
    ]
    assert list(clashes((capacity(aliases=("us",)), capacity(team="D", aliases=("US",))))) == [
        (1, "D and P&S team are both called us")
    ]


# What is committed.


def contracts(*rows: Allocation, clause: str = "", **values: Any) -> Contracts:
    engagement = replace(Engagement("eng", "Reef 2026", start=YEAR[0], end=YEAR[1], status="Active"), **values)
    project = Project("pro", "Reef support", "eng", *YEAR, clause=clause)
    return Contracts(engagements={"eng": engagement}, projects={"pro": project}, allocations={r.id: r for r in rows})


def row(name: str = "Q1", period: tuple[date, date] = Q1, minutes: int | None = 480, **values: Any) -> Allocation:
    return Allocation(name, name, "pro", *period, minutes, **values)


def test_an_allocation_is_committed_with_the_role_of_its_clause_its_provider_and_its_extra_hours() -> None:
    found, left_out = commitments(
        contracts(row(provider=" Ana ", extra_minutes=60), clause="Up to 8 hours / quarter by P&S team"), RULES, TODAY
    )
    assert found[0] == Commitment("Q1", *Q1, 480, 60, "P&S team", "Ana", "Q1")
    assert left_out == ()


@pytest.mark.parametrize(
    ("status", "start", "counts"),
    [
        ("Active", YEAR[0], True),
        ("Closed-Won", YEAR[0], True),
        ("Lost", YEAR[0], False),
        ("", YEAR[0], True),
        ("", date(2026, 2, 1), False),
    ],
)
def test_engagements_that_run_or_were_won_bind(status: str, start: date, counts: bool) -> None:
    found, _ = commitments(contracts(row(), status=status, start=start), RULES, TODAY)
    assert bool(found) is counts


def test_periods_that_the_clause_implies_and_nobody_entered_are_committed_too() -> None:
    clause = "Up to 8 hours / calendar quarter by P&S team. Additional time up to 2 hours."
    found, _ = commitments(contracts(row(period=(date(2026, 1, 1), date(2026, 4, 10))), clause=clause), RULES, TODAY)
    assert [(one.name, one.start, one.minutes, one.allocation_id) for one in found] == [
        ("Q1", Q1[0], 480, "Q1"),
        ("Reef support", date(2026, 7, 1), 480, ""),
        ("Reef support", date(2026, 10, 1), 480, ""),
    ]


def test_a_clause_without_an_anchor_counts_as_far_as_dates_or_rows_settle_it() -> None:
    vague = contracts(row(), clause="Up to 8 hours / quarter")
    assert len(commitments(vague, RULES, TODAY)[0]) == 4  # both ways give the same days
    from_february = replace(vague.projects["pro"], start=date(2026, 2, 1), end=date(2027, 1, 31))

    def counted(*rows: Allocation) -> list[date]:
        at = replace(vague, projects={"pro": from_february}, allocations={one.id: one for one in rows})
        return [one.start for one in commitments(at, RULES, TODAY)[0]]

    assert counted() == []
    assert counted(row("Q2", Q2))[1:] == [date(2026, 2, 1), date(2026, 7, 1), date(2026, 10, 1), date(2027, 1, 1)]
    contractual = row("second", (date(2026, 5, 1), date(2026, 7, 31)))
    assert counted(contractual) == [date(2026, 2, 1), date(2026, 8, 1), date(2026, 11, 1), date(2026, 5, 1)]


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (row(minutes=None), "hours available are missing"),
        (row(minutes=-60), "hours available are below zero"),
        (row(period=(None, Q1[1])), "a date is missing"),  # type: ignore[arg-type]
        (row(period=(Q1[1], Q1[0])), "its end is before its start"),
        (row(period=(Q1[0], date(9999, 12, 31))), "its dates are more than ten years apart"),
    ],
)
def test_what_cannot_be_counted_is_named(bad: Allocation, why: str) -> None:
    found, (only,) = commitments(contracts(bad), RULES, TODAY)
    assert (found, only.why) == ((), why)


def test_what_cannot_be_counted_is_told_where_it_may_matter() -> None:
    left_out = [Uncounted("a", "", start=Q2[0], end=Q2[1]), Uncounted("b", "", end=Q1[0]), Uncounted("c", "")]
    told = ask(Wish(60, Period.QUARTER, *Q1), [], capacity(), uncounted=left_out)
    assert [one.name for one in told.uncounted] == ["b", "c"]


def test_shares_of_a_minute_are_not_lost() -> None:
    assert Workload([Commitment("A", *Q1, 100), Commitment("B", *Q1, 28)]).on(date(2026, 1, 1)) == Fraction(2)
    assert Workload([Commitment("A", *Q1, 1)]).on(date(2026, 1, 1)) == Fraction(1, 64)
