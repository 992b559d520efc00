"""The calendar of a clause beside allocations: laws, and the names of periods."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.hours.calendar import ProjectCalendar, Verdict, calendar_of, name_of_period
from sync.model.contract import Allocation, Engagement, Project

CLAUSES = (
    "Up to 8 hours / quarter. Hours reset at the start of each quarter (Jan 1, Apr 1, Jul 1, Oct 1).",
    "Up to 8 hours / quarter from the contract's start",
    "Up to 4 hours per calendar month",
    "Up to 40 hours over the term of the contract",
    "Up to 12 hours per calendar half-year",
    "Up to 2.5 hours per calendar week; additional time at $250 / hour up to a maximum of 10 hours",
)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


def calendar(clause: str, start: date, end: date, *rows: Allocation) -> ProjectCalendar:
    """Return the calendar of one project with some rows."""
    project = Project("pro", "Support", "eng", start, end, clause)
    return calendar_of(project, Engagement("eng", "Reef Watch 2026 Membership", "com"), rows)


def rows_for(found: ProjectCalendar) -> tuple[Allocation, ...]:
    """Return the rows that would complete a calendar, as the service makes them."""
    implied = [line.implied for line in found.missing() if line.implied]
    return tuple(
        Allocation(f"rec{one.start}", "", "pro", one.start, one.end, one.minutes, extra_minutes=one.extra_minutes)
        for one in implied
    )


def rows_of(drawn: list[tuple[date, int]]) -> list[Allocation]:
    """Return rows of one hour each that begin on a day and last so many more."""
    return [
        Allocation(f"rec{place}", "", "pro", start, start + timedelta(days=length), 60)
        for place, (start, length) in enumerate(drawn)
    ]


@given(st.sampled_from(CLAUSES), DAYS, st.integers(0, 800))
def test_rows_made_from_a_clause_complete_its_calendar(clause: str, start: date, days: int) -> None:
    end = start + timedelta(days=days)
    rows = rows_for(calendar(clause, start, end))
    again = calendar(clause, start, end, *rows)
    assert rows
    assert {line.verdict for line in again.lines} == {Verdict.RIGHT}
    assert (again.overlaps, again.gaps) == ((), ())


@given(st.sampled_from(CLAUSES), DAYS, st.integers(0, 800), st.data())
def test_exactly_the_rows_that_are_gone_are_missing(clause: str, start: date, days: int, data: st.DataObject) -> None:
    end = start + timedelta(days=days)
    rows = rows_for(calendar(clause, start, end))
    kept = data.draw(st.lists(st.sampled_from(rows), unique_by=lambda one: one.id))
    again = calendar(clause, start, end, *kept)
    assert {one.start for one in again.missing()} == {one.start for one in rows} - {one.start for one in kept}
    assert {row.id for line in again.lines for row in line.allocations} == {row.id for row in kept}


@given(st.sampled_from(CLAUSES), DAYS, st.integers(0, 400), st.lists(st.tuples(DAYS, st.integers(-3, 120)), max_size=5))
def test_every_row_stands_on_exactly_one_line(
    clause: str, start: date, days: int, drawn: list[tuple[date, int]]
) -> None:
    rows = [
        Allocation(f"rec{n}", "", "pro", one, one + timedelta(days=length), 60) for n, (one, length) in enumerate(drawn)
    ]
    found = calendar(clause, start, start + timedelta(days=days), *rows)
    shown = [row.id for line in found.lines for row in line.allocations]
    assert sorted(shown) == sorted(row.id for row in rows)


@given(DAYS, st.integers(30, 400), st.lists(st.tuples(DAYS, st.integers(0, 120)), min_size=1, max_size=5))
def test_days_of_a_term_are_held_or_in_a_gap_and_never_both(
    start: date, days: int, drawn: list[tuple[date, int]]
) -> None:
    end = start + timedelta(days=days)
    rows = [
        Allocation(f"rec{n}", "", "pro", one, one + timedelta(days=length), 60) for n, (one, length) in enumerate(drawn)
    ]
    found = calendar("", start, end, *rows)
    for place in range(0, days + 1, 7):
        day = start + timedelta(days=place)
        in_gap = any(first <= day <= last for first, last in found.gaps)
        assert in_gap is not any(row.holds(day) for row in rows)


def test_overlaps_are_pairs_that_share_a_day() -> None:
    rows = [
        Allocation("rec1", "", "pro", date(2026, 1, 1), date(2026, 3, 31), 60),
        Allocation("rec2", "", "pro", date(2026, 3, 31), date(2026, 6, 30), 60),
        Allocation("rec3", "", "pro", date(2026, 7, 1), date(2026, 9, 30), 60),
        Allocation("rec4", "", "pro", date(2026, 2, 1), date(2026, 12, 31), 60),
    ]
    found = calendar("", date(2026, 1, 1), date(2026, 12, 31), *rows)
    assert {(one.id, other.id) for one, other in found.overlaps} == {
        ("rec1", "rec4"),
        ("rec1", "rec2"),
        ("rec4", "rec2"),
        ("rec4", "rec3"),
    }


def test_a_period_cut_short_may_have_fewer_hours_but_not_more() -> None:
    term = (date(2026, 2, 1), date(2026, 6, 30))
    [first, second] = rows_for(calendar(CLAUSES[0], *term))
    assert (first.start, first.end, first.minutes) == (date(2026, 2, 1), date(2026, 3, 31), 480)
    fewer = calendar(CLAUSES[0], *term, replace(first, minutes=320), second)
    more = calendar(CLAUSES[0], *term, replace(first, minutes=500), second)
    assert [line.verdict for line in fewer.lines] == [Verdict.RIGHT, Verdict.RIGHT]
    assert [line.verdict for line in more.lines] == [Verdict.DIFFERS, Verdict.RIGHT]


def test_an_anchor_nobody_named_is_taken_from_the_rows_or_asked_for() -> None:
    term = (date(2026, 2, 1), date(2027, 1, 31))
    bare = "Up to 8 hours / quarter"
    asked = calendar(bare, *term)
    assert "calendar quarters" in asked.questions[0]
    assert asked.lines == ()
    own = Allocation("rec1", "", "pro", date(2026, 2, 1), date(2026, 4, 30), 480)
    by_contract = calendar(bare, *term, own)
    assert (by_contract.questions, len(by_contract.lines)) == ((), 4)
    quarter = replace(own, start=date(2026, 4, 1), end=date(2026, 6, 30))
    by_calendar = calendar(bare, *term, quarter)
    assert (by_calendar.questions, len(by_calendar.lines)) == ((), 5)
    whole_years = calendar(bare, date(2026, 1, 1), date(2026, 12, 31))
    assert (whole_years.questions, len(whole_years.lines)) == ((), 4)


def test_without_a_term_there_is_a_question_and_no_calendar() -> None:
    project = Project("pro", "Support", "eng", None, None, CLAUSES[0])
    found = calendar_of(project, Engagement("eng", "E", "com", start=date(2026, 1, 1)), [])
    assert "From when to when" in found.questions[0]


def test_a_project_without_dates_runs_as_its_engagement() -> None:
    project = Project("pro", "Support", "eng", None, date(2026, 6, 30), CLAUSES[0])
    engagement = Engagement("eng", "E", "com", start=date(2026, 1, 1), end=date(2026, 12, 31))
    assert len(calendar_of(project, engagement, []).lines) == 2


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (date(2026, 7, 1), date(2026, 9, 30), "Q3 2026"),
        (date(2026, 1, 1), date(2026, 3, 31), "Q1 2026"),
        (date(2026, 2, 1), date(2026, 4, 30), "2026-02-01 to 2026-04-30"),
        (date(2026, 2, 1), date(2026, 2, 28), "Feb 2026"),
        (date(2026, 7, 1), date(2026, 12, 31), "H2 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2026, 2, 1), date(2027, 1, 31), "2026-02-01 to 2027-01-31"),
        (date(2026, 2, 1), date.max, "2026-02-01 to 9999-12-31"),
    ],
)
def test_periods_are_named_as_people_name_them(start: date, end: date, name: str) -> None:
    assert name_of_period(start, end) == name
